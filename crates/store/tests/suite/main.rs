//! The store's stories, each on a real database of both engines.

#![expect(clippy::unwrap_used, reason = "A story that cannot go on shall fail there")]

mod company;
mod engine;
mod reach;
mod records;
mod start;
