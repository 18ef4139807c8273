//! Lists out into files and files into records.

pub mod cell;
pub mod export;
pub mod import;
pub mod kept;
pub mod mapping;
mod rows;

pub use cell::Manner;
pub use import::{Plan, Tally, Twins, Wrong};
pub use mapping::Place;
pub use rows::Fault;
