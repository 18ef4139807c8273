//! The mailbox against a real Dovecot.

#![expect(clippy::unwrap_used, reason = "what a test cannot do without fails it")]

mod reading;
mod signing_in;
mod world;
mod writing;
