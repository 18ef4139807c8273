//! What happened around a record: its activities and notes, newest first.

use crate::Db;
use crate::db::{Cell, Row};
use crate::ddl::{literal, quoted};
use crate::query::Sql;
use crate::records::cells;
use crate::scope::{self, Rows, definition};
use anyhow::{Context, Result, ensure};
use domain::entity::{Catalog, EntityDef};
use domain::filter::After;
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Reach, Scope};
use domain::record::Value;
use domain::time::Timestamp;

/// Past this many records of a family a page is sorted rather than walked.
const BRANCHES: usize = 50;

/// Whose timeline it is, and what of it the reader may read.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    pub record: &'a RecordRef,
    /// For reading a kind of activity, such as `email`.
    pub activities: &'a Scope,
    /// For reading `annotation`.
    pub notes: &'a Scope,
    /// An account's timeline tells of those of its contacts, opportunities and cases that one of these (one per type)
    /// reaches.
    pub family: &'a [Scope],
}

/// An activity or a note, and when it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    pub record: RecordRef,
    pub at: Timestamp,
}

/// One page, and where the next one starts.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    pub entries: Vec<Happened>,
    pub next: Option<After>,
}

/// The types that belong to an account, each with the column that says so.
const FAMILY: [(&str, &str); 3] =
    [("contact", "parentcustomerid"), ("incident", "customerid"), ("opportunity", "customerid")];

/// The activities that are regarding the record or one of its family, and the record's own notes: in one order, by
/// the date of what happened and then by key, so that each is on exactly one page. Whether a record lets its reader
/// see what is regarding it (decision 10) is asked once per record, not once per activity, unless the family is
/// larger than 50. One round trip; two for an account.
pub async fn timeline(
    db: &Db,
    catalog: &Catalog,
    around: &Around<'_>,
    after: Option<&After>,
    limit: u32,
) -> Result<Page> {
    scope::for_one_of(around.activities, &[Action::Read])?;
    scope::for_one_of(around.notes, &[Action::Read])?;
    if limit == 0 {
        return Ok(Page { entries: vec![], next: None });
    }
    let family = family(db, catalog, around).await?;
    let mut walk = Walk { catalog, around, after, limit, sql: Sql::new() };
    walk.sql.push("SELECT e, k, o FROM (");
    walk.notes()?;
    if *around.activities.reach() != Reach::Nothing {
        walk.activities(&Regarding::One(around.record))?;
        if family.len() > BRANCHES {
            walk.activities(&Regarding::Family)?;
        } else {
            for one in &family {
                walk.activities(&Regarding::One(one))?;
            }
        }
    }
    walk.sql.push(") AS branches");
    walk.ends("o", "k");
    let rows = db.rows(&walk.sql.text, &walk.sql.values).await?;
    page(&rows, limit)
}

fn page(rows: &[Row], limit: u32) -> Result<Page> {
    let shown = rows.iter().take(limit as usize);
    let happened =
        |row: &Row| Ok(Happened { record: RecordRef::new(row.text(0)?, row.guid(1)?), at: row.time(2)? });
    let entries = shown.map(happened).collect::<Result<Vec<_>>>()?;
    let last = entries.last().filter(|_| rows.len() > entries.len());
    let next = last.map(|it| After { value: it.at.into(), id: it.record.id });
    Ok(Page { entries, next })
}

/// What belongs to an account, as far as the reader sees it: all of it, or one more than are walked one by one.
async fn family(db: &Db, catalog: &Catalog, around: &Around<'_>) -> Result<Vec<RecordRef>> {
    let mut sql = Sql::new();
    sql.push("SELECT e, k FROM (");
    if around.record.entity != "account" || !push_family(&mut sql, catalog, around)? {
        return Ok(vec![]);
    }
    sql.push(&format!(") AS family LIMIT {}", BRANCHES + 1));
    let rows = db.rows(&sql.text, &sql.values).await?;
    rows.iter().map(|row| Ok(RecordRef::new(row.text(0)?, row.guid(1)?))).collect()
}

/// A query for the type `e` and the key `k` of each in the family. False when there is nobody to ask for.
fn push_family(sql: &mut Sql, catalog: &Catalog, around: &Around<'_>) -> Result<bool> {
    let mut begun = false;
    for (entity, column) in FAMILY {
        let scope = around.family.iter().find(|it| it.entity() == entity && *it.reach() != Reach::Nothing);
        let (Some(scope), Some(def)) = (scope, catalog.get(entity)) else { continue };
        let rows = Rows { catalog, def, alias: "f" };
        sql.push(if begun { " UNION ALL SELECT " } else { "SELECT " });
        sql.push(&literal(entity))
            .push(" AS e, ")
            .push(&rows.key())
            .push(" AS k FROM ")
            .push(&quoted(entity));
        sql.push(" AS f WHERE ").push(&rows.column(column)).push(" = ").value(around.record.id);
        sql.push(" AND f.recycledon IS NULL AND ");
        scope::reached(sql, rows, scope, None)?;
        begun = true;
    }
    Ok(begun)
}

enum Regarding<'a> {
    One(&'a RecordRef),
    /// Whoever belongs to the account.
    Family,
}

struct Walk<'a> {
    catalog: &'a Catalog,
    around: &'a Around<'a>,
    after: Option<&'a After>,
    limit: u32,
    sql: Sql,
}

impl<'a> Walk<'a> {
    /// The record's own notes, by when they were written.
    fn notes(&mut self) -> Result<()> {
        let def = definition(self.catalog, "annotation")?;
        let record = self.around.record;
        self.begins(def, &literal(&def.name), "createdon");
        self.sql.push("t.objectid = ").value(record.id);
        self.sql.push(" AND t.objectidtype = ").push(&literal(&record.entity));
        self.reached_and_behind(def, self.around.notes, None, "createdon")?;
        self.ends("t.createdon", "t.annotationid");
        self.sql.push(") AS branch");
        Ok(())
    }

    /// Along the index of what is regarding a record; one more branch.
    fn activities(&mut self, regarding: &Regarding<'a>) -> Result<()> {
        let def = definition(self.catalog, "activitypointer")?;
        self.sql.push(" UNION ALL ");
        self.begins(def, "t.activitytypecode", "sortdate");
        let pinned = match regarding {
            Regarding::One(one) => {
                self.sql.push("t.regardingobjectid = ").value(one.id);
                self.sql.push(" AND t.regardingobjectidtype = ").push(&literal(&one.entity));
                Some(*one)
            }
            Regarding::Family => {
                self.sql.push("t.regardingobjectid IN (SELECT k FROM (");
                push_family(&mut self.sql, self.catalog, self.around)?;
                self.sql.push(") AS family)");
                None
            }
        };
        self.reached_and_behind(def, self.around.activities, pinned, "sortdate")?;
        self.ends("t.sortdate", "t.activityid");
        self.sql.push(") AS branch");
        Ok(())
    }

    /// Each row gives `e`, its type, `k`, its key, and `o`, when it was.
    fn begins(&mut self, def: &EntityDef, entity: &str, date: &str) {
        let (key, date) = (quoted(&def.key_column()), quoted(date));
        self.sql
            .push(&format!("SELECT e, k, o FROM (SELECT {entity} AS e, t.{key} AS k, t.{date} AS o FROM "));
        self.sql.push(&quoted(&def.name)).push(" AS t WHERE ");
    }

    fn reached_and_behind(
        &mut self,
        def: &EntityDef,
        scope: &Scope,
        pinned: Option<&RecordRef>,
        date: &str,
    ) -> Result<()> {
        self.sql.push(" AND t.recycledon IS NULL AND ");
        scope::reached(&mut self.sql, Rows { catalog: self.catalog, def, alias: "t" }, scope, pinned)?;
        let Some(After { value, id }) = self.after else { return Ok(()) };
        ensure!(matches!(value, Value::Time(_)), "A page of a timeline starts behind a time");
        let column = def.column(date).with_context(|| format!("{} has no {date}", def.name))?;
        let cell: Cell = cells::encoded(def, column, value)?;
        let (key, id): (String, Guid) = (quoted(&def.key_column()), *id);
        self.sql.push(&format!(" AND (t.{}, t.{key}) < (", quoted(date)));
        self.sql.value(cell).push(", ").value(id).push(")");
        Ok(())
    }

    /// One more than asked for shows whether there is a next page.
    fn ends(&mut self, date: &str, key: &str) {
        let limit = u64::from(self.limit) + 1;
        self.sql.push(&format!(" ORDER BY {date} DESC, {key} DESC LIMIT {limit}"));
    }
}
