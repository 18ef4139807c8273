//! The store's stories, each on a real database of both engines.

mod company;
mod engine;
mod reach;
mod records;
mod start;
