//! What the CRM does. One verb per file, in three paragraphs: know, decide, do. The only crate where I/O meets decisions.

pub mod actions;
pub mod ask;
pub mod bin;
pub mod bulk;
pub mod changes;
mod copy;
pub mod definitions;
pub mod demo;
pub mod duplicates;
pub mod email;
mod error;
pub mod files;
pub mod find;
mod guesses;
pub mod history;
mod know;
pub mod lists;
pub mod mail;
pub mod mailboxes;
pub mod pane;
mod proof;
mod ready;
pub mod records;
mod secret;
pub mod sign_in;
pub mod sync;
pub mod timeline;
pub mod track;
pub mod transfer;
pub mod untrack;
pub mod users;
pub mod views;
pub mod work;
mod world;

pub use error::{Error, Problem, Result};
pub use world::{App, Settings};
