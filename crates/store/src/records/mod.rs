//! The one path by which records of every type are made, read, changed and deleted.

mod below;
mod bin;
pub(crate) mod cells;
mod find;
pub(crate) mod order;
mod read;
mod relink;
mod twin;
pub(crate) mod walk;
mod write;

pub use below::{
    Dependant, Lying, dependants, is_taken, owned, recycled_since, remove_parts, tie, tie_again, unlink,
    untie,
};
pub use bin::{Recycled, bin};
pub use find::{Page, find};
pub use read::{get, get_many, names, names_with, reaches, recycled};
pub use relink::{relink, relink_parts};
pub use write::{create, delete, erase, restore, update};
