//! The store's stories, each on a real database of both engines.

#![expect(clippy::unwrap_used, reason = "A story that cannot go on shall fail there")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "What a commit gave goes straight into the question about it"
)]

mod ask;
mod company;
mod engine;
mod reach;
mod records;
mod start;
