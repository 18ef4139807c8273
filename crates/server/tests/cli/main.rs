//! The real program, as people and scripts call it: what it prints, and what its exit code says.

#![expect(clippy::unwrap_used, reason = "A test that cannot go on shall stop there")]

mod busy;
mod configuration;
mod dovecot;
mod entity;
mod help;
mod history;
mod mail;
mod people;
mod running;
mod serving;
mod transfer;
mod world;
