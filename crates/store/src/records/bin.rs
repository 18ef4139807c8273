//! The recycle bin: what lies in it, newest first.

use crate::Db;
use crate::ddl::quoted;
use crate::query::Sql;
use crate::scope::{self, Rows, definition};
use anyhow::Result;
use domain::entity::{Catalog, FieldKind};
use domain::id::{Guid, RecordRef};
use domain::privilege::{Reach, Scope};
use domain::time::Timestamp;

/// A record in the recycle bin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recycled {
    pub record: RecordRef,
    /// Empty when it has none.
    pub name: String,
    pub at: Timestamp,
    /// Who put it there.
    pub by: Option<Guid>,
}

/// Records of the scope's type that lie there within its reach, those that went there last first. `before`: behind the
/// last one of the page before. One round trip, along an index of what lies there.
pub async fn bin(
    db: &Db,
    catalog: &Catalog,
    scope: &Scope,
    before: Option<(Timestamp, Guid)>,
    limit: u32,
) -> Result<Vec<Recycled>> {
    if *scope.reach() == Reach::Nothing {
        return Ok(vec![]);
    }
    let def = definition(catalog, scope.entity())?;
    let rows = Rows { catalog, def, alias: "t" };
    let is_text = def.column(&def.primary).is_some_and(|it| {
        matches!(it.kind, FieldKind::Text | FieldKind::Memo | FieldKind::Email | FieldKind::Phone)
    });
    let name = if is_text { rows.column(&def.primary) } else { "''".to_owned() };
    let mut sql = Sql::new();
    sql.push(&format!("SELECT {}, {name}, t.recycledon, t.modifiedby FROM ", rows.key()));
    sql.push(&quoted(&def.name)).push(" AS t WHERE t.recycledon IS NOT NULL");
    if let Some((at, id)) = before {
        sql.push(&format!(" AND (t.recycledon, {}) < (", rows.key()))
            .value(at)
            .push(", ")
            .value(id)
            .push(")");
    }
    sql.push(" AND ");
    scope::reached(&mut sql, rows, scope, None)?;
    sql.push(&format!(" ORDER BY t.recycledon DESC, {} DESC LIMIT {limit}", rows.key()));
    let found = db.rows(&sql.text, &sql.values).await?;
    let recycled = found.iter().map(|row| {
        Ok(Recycled {
            record: RecordRef::new(&def.name, row.guid(0)?),
            name: if row.is_null(1) { String::new() } else { row.text(1)?.to_owned() },
            at: row.time(2)?,
            by: if row.is_null(3) { None } else { Some(row.guid(3)?) },
        })
    });
    recycled.collect()
}
