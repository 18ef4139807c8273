//! The web app's doors: one request that is answered and one that is refused at each.
#![expect(clippy::unwrap_used, reason = "A test may fall over.")]

mod definitions;
mod actions;
mod doors;
mod email;
mod mail;
mod pane;
mod records;
mod settings;
mod tls;
mod world;
