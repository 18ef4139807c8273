//! What the CRM knows and decides. No I/O, no async, no clock, no randomness.

pub mod envelope;
pub mod id;
pub mod text;
pub mod time;
