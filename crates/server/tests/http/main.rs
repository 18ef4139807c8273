//! The web app's doors: one request that is answered and one that is refused at each.
#![expect(clippy::unwrap_used, reason = "A test may fall over.")]

mod actions;
mod api;
mod definitions;
mod doors;
mod email;
mod lists;
mod mail;
mod pane;
mod records;
mod script;
mod settings;
mod tls;
mod transfer;
mod world;
