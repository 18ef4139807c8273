//! Everything the CRM remembers. The only crate that contains SQL.

mod commit;
mod db;
pub mod ddl;
pub mod content;
pub mod email;
pub mod job;
pub mod mailbox;
pub mod session;
pub mod setting;
pub mod tracking;
pub mod user;
pub mod migrate;
mod postgres;
pub mod records;
mod sqlite;
#[cfg(feature = "testing")]
pub mod testing;

pub use commit::{Commit, Expect, Failure, Stamp, Statement};
pub use db::{Cell, Db, Engine, Row};
