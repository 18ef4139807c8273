//! The one path by which records of every type are made, read, changed and deleted.

use crate::Db;
use crate::commit::{Commit, Stamp};
use anyhow::Result;
use domain::entity::Catalog;
use domain::filter::{After, Query};
use domain::id::RecordRef;
use domain::privilege::Scope;
use domain::record::{Record, Values};
use std::collections::BTreeMap;

/// One page, and where the next one starts.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    pub records: Vec<Record>,
    pub next: Option<After>,
}

/// `None` when there is no such record, when it is deleted, or when the scope does not reach it.
pub async fn get(_db: &Db, _catalog: &Catalog, _record: &RecordRef, _scope: &Scope) -> Result<Option<Record>> {
    todo!()
}

pub async fn find(_db: &Db, _catalog: &Catalog, _query: &Query, _scope: &Scope) -> Result<Page> {
    todo!()
}

/// The names of those of `records` that one of `scopes` (one per type) reaches. One round trip for all types.
pub async fn names(
    _db: &Db,
    _catalog: &Catalog,
    _records: &[RecordRef],
    _scopes: &[Scope],
) -> Result<BTreeMap<RecordRef, String>> {
    todo!()
}

/// Whether the scope reaches the record.
pub async fn reaches(_db: &Db, _catalog: &Catalog, _record: &RecordRef, _scope: &Scope) -> Result<bool> {
    todo!()
}

/// Adds a new record with its words, addresses, change and, for an activity, its twin.
/// Fails when the scope is not one for creating this type.
pub fn create(
    _commit: &mut Commit,
    _catalog: &Catalog,
    _record: &Record,
    _scope: &Scope,
    _stamp: Stamp,
) -> Result<()> {
    todo!()
}

/// Changes the named columns of the record as it was read; the commit fails with `Changed` when it is not at that
/// version any more, or out of the scope's reach.
pub fn update(
    _commit: &mut Commit,
    _catalog: &Catalog,
    _before: &Record,
    _changed: &Values,
    _scope: &Scope,
    _stamp: Stamp,
) -> Result<()> {
    todo!()
}

/// Puts the record into the recycle bin (decision 3).
pub fn delete(
    _commit: &mut Commit,
    _catalog: &Catalog,
    _before: &Record,
    _scope: &Scope,
    _stamp: Stamp,
) -> Result<()> {
    todo!()
}
