//! The one path by which records of every type are made, read, changed and deleted.

pub(crate) mod cells;
mod find;
pub(crate) mod order;
mod read;
mod twin;
pub(crate) mod walk;
mod write;

pub use find::{Page, find};
pub use read::{get, get_many, names, names_with, reaches, recycled};
pub use write::{create, delete, erase, restore, update};
