//! Lists and forms over any type of record.

use crate::pane::Named;
use crate::{App, Result};
use domain::entity::EntityDef;
use domain::filter::{After, Query};
use domain::id::{Guid, RecordRef};
use domain::privilege::Actor;
use domain::record::{Record, Values};
use std::collections::BTreeMap;

/// A page of records with the names of everything they point at (that the reader may see).
#[derive(Debug, Clone)]
pub struct List {
    pub def: EntityDef,
    pub records: Vec<Record>,
    pub names: BTreeMap<RecordRef, String>,
    pub next: Option<After>,
    pub may_create: bool,
}

#[derive(Debug, Clone)]
pub struct View {
    pub def: EntityDef,
    pub record: Record,
    pub names: BTreeMap<RecordRef, String>,
    pub may_write: bool,
    pub may_delete: bool,
    /// What hangs together with it, by type: contacts, opportunities, cases of an account; connections.
    pub related: Vec<Related>,
}

#[derive(Debug, Clone)]
pub struct Related {
    /// The logical name of the type, or `connection`.
    pub entity: String,
    pub records: Vec<crate::pane::Candidate>,
}

pub async fn list(_app: &App, _actor: &Actor, _query: &Query) -> Result<List> {
    todo!()
}

pub async fn read(_app: &App, _actor: &Actor, _record: &RecordRef) -> Result<View> {
    todo!()
}

/// A new record with these values; owner is the actor unless said otherwise.
pub async fn create(_app: &App, _actor: &Actor, _entity: &str, _values: Values) -> Result<Guid> {
    todo!()
}

/// Changes columns of the record as it was read at `version`.
pub async fn update(
    _app: &App,
    _actor: &Actor,
    _record: &RecordRef,
    _version: i64,
    _values: Values,
) -> Result<()> {
    todo!()
}

/// Into the recycle bin.
pub async fn delete(_app: &App, _actor: &Actor, _record: &RecordRef, _version: i64) -> Result<()> {
    todo!()
}

/// Records of one type to choose in a lookup, by words of their names.
pub async fn choices(_app: &App, _actor: &Actor, _entity: &str, _text: &str) -> Result<Vec<Named>> {
    todo!()
}

/// Something before and something behind the only @, without spaces: enough to catch a slip, no more.
pub(crate) fn looks_like_an_address(text: &str) -> bool {
    let text = text.trim();
    let parts: Vec<&str> = text.split('@').collect();
    matches!(parts.as_slice(), [name, host] if !name.is_empty() && host.contains('.') && !host.starts_with('.'))
        && !text.contains(char::is_whitespace)
        && text.len() <= 254
}
