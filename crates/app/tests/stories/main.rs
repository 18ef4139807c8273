//! What people live through, on both engines, with real Maildir folders.

#![expect(clippy::unwrap_used, reason = "A story whose world breaks shall fail there")]

mod actions;
mod asking;
mod choosing;
mod definitions;
mod dovecot;
mod lists;
mod privacy;
mod records;
mod timeline;
mod torture;
mod tracking;
mod trouble;
mod world;
