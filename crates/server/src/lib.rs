//! The doors: the web app, the pane beside a message, and the command line. Nothing is decided here.

#![expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "Views borrow the words they speak with like all they show; how small those are is not theirs to know."
)]

pub mod api;
mod assets;
pub mod cli;
pub mod config;
pub mod error;
pub mod mail;
pub mod pane;
pub mod rooms;
pub mod session;
pub mod tls;
pub mod views;
pub mod web;
pub mod words;

pub use web::{Web, WebSettings, router, serve};
