//! Brings an empty or older database to the tables this program needs.

use crate::Db;
use anyhow::Result;
use domain::entity::Catalog;

/// Harmless to repeat, and safe when several servers start at once.
pub async fn migrate(_db: &Db, _catalog: &Catalog) -> Result<()> {
    todo!()
}
