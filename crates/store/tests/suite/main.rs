//! The store's stories, each on a real database of both engines.

mod engine;
mod start;
