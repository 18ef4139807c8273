//! The definitions themselves through the Web API: `$metadata`, `EntityDefinitions` and their kin. Everything here is
//! made from a [`Catalog`](domain::entity::Catalog) alone; what is read becomes a wish, which others grant.

mod changes;
pub mod csdl;
pub mod definitions;
mod filter;
mod place;
mod read;
mod reading;
mod select;
#[cfg(test)]
mod world;

pub use definitions::Reader;
pub use place::SETS;
pub use read::{Asked, knows, read};
pub use reading::{Wished, wish};

use std::fmt;

/// Why a definition is neither shown nor changed. `Display` is a sentence for the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// Nothing is there under this name.
    NotThere(String),
    /// The question or the wish makes no sense.
    Unreadable(String),
    /// The address is right, and takes another method.
    NoMethod,
}

impl fmt::Display for Refused {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::NotThere(what) | Refused::Unreadable(what) => out.write_str(what),
            Refused::NoMethod => out.write_str("This address does not take this method."),
        }
    }
}

impl std::error::Error for Refused {}
