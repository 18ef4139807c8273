//! Everything the CRM remembers. The only crate that contains SQL.

mod commit;
mod db;
pub mod migrate;
mod postgres;
pub mod records;
mod sqlite;

pub use commit::{Commit, Expect, Failure, Stamp, Statement};
pub use db::{Cell, Db, Row};
