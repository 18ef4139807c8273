//! What the CRM knows and decides. No I/O, no async, no clock, no randomness.

pub mod ask;
pub mod check;
pub mod correlate;
pub mod definition;
pub mod derive;
pub mod entity;
pub mod envelope;
pub mod filter;
pub mod id;
pub mod matching;
pub mod party;
pub mod privilege;
pub mod record;
pub mod state;
pub mod template;
pub mod text;
pub mod time;
pub mod token;
pub mod tracking;
pub mod view;
