//! One record, or the names of many.

use crate::Db;
use crate::ddl::{literal, quoted};
use crate::query::{Asking, Sql, holds};
use crate::records::cells;
use crate::scope::{self, Rows, definition};
use anyhow::Result;
use domain::entity::{Catalog, EntityDef};
use domain::filter::Filter;
use domain::id::{Guid, RecordRef};
use domain::privilege::{Reach, Scope};
use domain::record::{Record, Value};
use std::collections::BTreeMap;

/// `None` when there is no such record, when it is deleted, or when the scope does not reach it.
pub async fn get(db: &Db, catalog: &Catalog, record: &RecordRef, scope: &Scope) -> Result<Option<Record>> {
    one(db, catalog, record, scope, " IS NULL").await
}

/// The record as it lies in the recycle bin, for [`super::restore`].
pub async fn recycled(
    db: &Db,
    catalog: &Catalog,
    record: &RecordRef,
    scope: &Scope,
) -> Result<Option<Record>> {
    one(db, catalog, record, scope, " IS NOT NULL").await
}

async fn one(
    db: &Db,
    catalog: &Catalog,
    record: &RecordRef,
    scope: &Scope,
    recycled: &str,
) -> Result<Option<Record>> {
    let def = definition(catalog, &record.entity)?;
    let mut sql = Sql::new();
    sql.push("SELECT ").push(&cells::selected(def, "t"));
    if !where_reached(&mut sql, catalog, def, record, scope, recycled)? {
        return Ok(None);
    }
    let row = db.row(&sql.text, &sql.values).await?;
    row.map(|row| Ok(cells::record(def, &row)?.0)).transpose()
}

/// Whether the scope reaches the record.
pub async fn reaches(db: &Db, catalog: &Catalog, record: &RecordRef, scope: &Scope) -> Result<bool> {
    let def = definition(catalog, &record.entity)?;
    let mut sql = Sql::new();
    sql.push("SELECT t.versionnumber");
    if !where_reached(&mut sql, catalog, def, record, scope, " IS NULL")? {
        return Ok(false);
    }
    Ok(db.row(&sql.text, &sql.values).await?.is_some())
}

/// False when it is not worth asking.
fn where_reached(
    sql: &mut Sql,
    catalog: &Catalog,
    def: &EntityDef,
    record: &RecordRef,
    scope: &Scope,
    recycled: &str,
) -> Result<bool> {
    let rows = Rows { catalog, def, alias: "t" };
    sql.push(" FROM ").push(&quoted(&def.name)).push(" AS t WHERE ").push(&rows.key()).push(" = ");
    sql.value(record.id).push(" AND t.recycledon").push(recycled).push(" AND ");
    scope::reached(sql, rows, scope, None)?;
    Ok(*scope.reach() != Reach::Nothing)
}

/// Those of the records of one type with these keys that are there and that the scope reaches, in no order.
/// One round trip.
pub async fn get_many(
    db: &Db,
    catalog: &Catalog,
    entity: &str,
    ids: &[Guid],
    scope: &Scope,
) -> Result<Vec<Record>> {
    let def = definition(catalog, entity)?;
    if ids.is_empty() || *scope.reach() == Reach::Nothing {
        return Ok(vec![]);
    }
    let rows = Rows { catalog, def, alias: "t" };
    let mut sql = Sql::new();
    sql.push("SELECT ").push(&cells::selected(def, "t")).push(" FROM ").push(&quoted(&def.name));
    sql.push(" AS t WHERE ").push(&rows.key()).push(" IN ").list(ids.iter().copied());
    sql.push(" AND t.recycledon IS NULL AND ");
    scope::reached(&mut sql, rows, scope, None)?;
    let found = db.rows(&sql.text, &sql.values).await?;
    found.iter().map(|row| Ok(cells::record(def, row)?.0)).collect()
}

/// The names of those of `records` that one of `scopes` (one per type) reaches. One round trip for all types.
pub async fn names(
    db: &Db,
    catalog: &Catalog,
    records: &[RecordRef],
    scopes: &[Scope],
) -> Result<BTreeMap<RecordRef, String>> {
    names_with(db, catalog, records, &[], scopes).await
}

/// [`names`] of those that have, for each of `words`, a word that begins with it.
pub async fn names_with(
    db: &Db,
    catalog: &Catalog,
    records: &[RecordRef],
    words: &[String],
    scopes: &[Scope],
) -> Result<BTreeMap<RecordRef, String>> {
    let mut sql = Sql::new();
    for scope in scopes.iter().filter(|it| *it.reach() != Reach::Nothing) {
        let wanted: Vec<Value> =
            records.iter().filter(|it| it.entity == scope.entity()).cloned().map(Value::Ref).collect();
        if wanted.is_empty() {
            continue;
        }
        let def = definition(catalog, scope.entity())?;
        let rows = Rows { catalog, def, alias: "t" };
        sql.push(if sql.text.is_empty() { "" } else { " UNION ALL " });
        sql.push("SELECT ").push(&literal(&def.name)).push(", ").push(&rows.key()).push(", ");
        sql.push(&rows.column(&def.primary)).push(" FROM ").push(&quoted(&def.name)).push(" AS t WHERE ");
        let these = Filter::In { column: def.key_column(), values: wanted };
        holds(&mut sql, Asking::of(rows), &Filter::All(vec![these, Filter::Words(words.to_vec())]))?;
        sql.push(" AND t.recycledon IS NULL AND ");
        scope::reached(&mut sql, rows, scope, None)?;
    }
    if sql.text.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = db.rows(&sql.text, &sql.values).await?;
    rows.iter()
        .map(|row| {
            let name = if row.is_null(2) { "" } else { row.text(2)? };
            Ok((RecordRef::new(row.text(0)?, row.guid(1)?), name.to_owned()))
        })
        .collect()
}
