//! What happened around records: their activities, newest first.

use crate::Db;
use crate::db::Cell;
use crate::ddl::{literal, quoted};
use crate::query::Sql;
use crate::records::{Page, cells};
use crate::scope::{self, Rows, definition};
use anyhow::{Context, Result, ensure};
use domain::entity::Catalog;
use domain::filter::After;
use domain::id::RecordRef;
use domain::privilege::{Action, Reach, Scope};
use domain::record::Value;

/// Past this many records a page is sorted rather than walked.
const BRANCHES: usize = 50;

/// The twins of the activities that are regarding one of `regarding` and that the scope (for reading a kind of
/// activity, such as `email`) reaches: newest first, by the date of what happened. Whether a record of `regarding`
/// lets its reader see them (decision 10) is asked once per record, not once per activity. One round trip.
pub async fn timeline(
    db: &Db,
    catalog: &Catalog,
    regarding: &[RecordRef],
    scope: &Scope,
    after: Option<&After>,
    limit: u32,
) -> Result<Page> {
    scope::for_one_of(scope, &[Action::Read])?;
    if regarding.is_empty() || limit == 0 || *scope.reach() == Reach::Nothing {
        return Ok(Page { records: vec![], next: None });
    }
    let def = definition(catalog, "activitypointer")?;
    let rows = Rows { catalog, def, alias: "t" };
    let mut sql = Sql::new();
    sql.push("SELECT ").push(&cells::selected(def, "t")).push(" FROM (SELECT o, k FROM (");
    if regarding.len() > BRANCHES {
        branch(&mut sql, rows, regarding, scope, after, limit)?;
    } else {
        for (at, one) in regarding.iter().enumerate() {
            sql.push(if at == 0 { "" } else { " UNION ALL " });
            branch(&mut sql, rows, std::slice::from_ref(one), scope, after, limit)?;
        }
    }
    sql.push(&format!(") AS branches ORDER BY o DESC, k DESC LIMIT {}) AS page JOIN ", u64::from(limit) + 1));
    sql.push(&quoted(&def.name)).push(" AS t ON t.activityid = page.k ORDER BY page.o DESC, page.k DESC");

    let found = db.rows(&sql.text, &sql.values).await?;
    let shown = found.iter().take(limit as usize);
    let records = shown.map(|row| Ok(cells::record(def, row)?.0)).collect::<Result<Vec<_>>>()?;
    let last = records.last().filter(|_| found.len() > records.len());
    let next = last.map(|it| After { value: it.get("sortdate").clone(), id: it.id });
    Ok(Page { records, next })
}

fn branch(
    sql: &mut Sql,
    rows: Rows<'_>,
    regarding: &[RecordRef],
    scope: &Scope,
    after: Option<&After>,
    limit: u32,
) -> Result<()> {
    sql.push("SELECT o, k FROM (SELECT t.sortdate AS o, t.activityid AS k FROM ")
        .push(&quoted(&rows.def.name));
    sql.push(" AS t WHERE ");
    let pinned = match regarding {
        [one] => {
            sql.push("t.regardingobjectid = ").value(one.id).push(" AND t.regardingobjectidtype = ");
            sql.push(&literal(&one.entity));
            Some(one)
        }
        many => {
            sql.push("t.regardingobjectid IN ").list(many.iter().map(|it| it.id));
            None
        }
    };
    sql.push(" AND t.recycledon IS NULL AND ");
    scope::reached(sql, rows, scope, pinned)?;
    if let Some(after) = after {
        ensure!(matches!(after.value, Value::Time(_)), "A page of a timeline starts behind a time");
        let sortdate = rows.def.column("sortdate").context("The twin has no date")?;
        let cell: Cell = cells::encoded(rows.def, sortdate, &after.value)?;
        sql.push(" AND (t.sortdate, t.activityid) < (").value(cell).push(", ").value(after.id).push(")");
    }
    sql.push(&format!(
        " ORDER BY t.sortdate DESC, t.activityid DESC LIMIT {}) AS branch",
        u64::from(limit) + 1
    ));
    Ok(())
}
