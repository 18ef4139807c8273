//! The doors: the web app, the pane beside a message, and the command line. Nothing is decided here.

mod assets;
pub mod cli;
pub mod config;
pub mod error;
pub mod mail;
pub mod pane;
pub mod rooms;
pub mod session;
pub mod views;
pub mod web;
pub mod words;

pub use web::{Web, WebSettings, router, serve};
