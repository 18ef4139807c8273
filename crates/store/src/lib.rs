//! Everything the CRM remembers. The only crate that contains SQL.

pub mod ask;
pub mod change;
mod commit;
pub mod content;
mod db;
pub mod ddl;
pub mod definition;
pub mod email;
pub mod facts;
pub mod job;
pub mod mailbox;
pub mod matching;
pub mod migrate;
mod postgres;
mod query;
pub mod records;
mod scope;
pub mod session;
pub mod setting;
pub mod share;
mod sqlite;
#[cfg(feature = "testing")]
pub mod testing;
pub mod timeline;
pub mod tracking;
pub mod user;
mod words;

pub use commit::{Commit, Expect, Failure, Stamp, Statement};
pub use db::{Cell, Db, Engine, Row};
pub use query::Senseless;
