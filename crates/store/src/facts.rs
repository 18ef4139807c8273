//! What tells a record from others of the same name, and what hangs together with it: everything a pane or a list of
//! candidates shows of records, in one round trip.

use crate::db::{Cell, Db, Engine, Row};
use crate::ddl::{literal, quoted};
use crate::query::Sql;
use crate::scope::{self, Rows, definition};
use anyhow::Result;
use domain::entity::{Catalog, ColumnDef, EntityDef};
use domain::id::RecordRef;
use domain::privilege::{Reach, Scope};

/// One record, as far as the scopes reach: a parent that is out of reach is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// It was found around another record, and not asked for by its key.
    pub related: bool,
    pub record: RecordRef,
    pub name: String,
    /// The account or contact it belongs to.
    pub parent: Option<(RecordRef, String)>,
    /// Its stage, job title, company or town.
    pub note: Option<String>,
    /// Ten-thousandths of a unit of money.
    pub value: Option<i64>,
}

/// A record that others may hang together with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    pub record: RecordRef,
    /// What leads to it, if that is a secret too: a reader who may not read the e-mail is not told what it is regarding.
    pub told_by: Option<RecordRef>,
}

/// Of each type, so many related records are given.
const RELATED: u32 = 5;
/// The columns that lead to what a record belongs to, by preference.
const PARENTS: [&str; 3] = ["parentcustomerid", "customerid", "parentaccountid"];
/// The columns that tell a record from its namesakes, by preference.
const NOTES: [&str; 5] = ["stepname", "jobtitle", "companyname", "address1_city", "title"];

/// The facts of `records`, and of the accounts, open opportunities and cases around the first of `anchors` that the
/// reader sees, as far as one of `scopes` (one per type) reaches them. One round trip.
pub async fn facts(
    db: &Db,
    catalog: &Catalog,
    records: &[RecordRef],
    anchors: &[Anchor],
    scopes: &[Scope],
) -> Result<Vec<Fact>> {
    let mut statement = Statement { engine: db.engine(), catalog, scopes, sql: Sql::new(), parts: 0 };
    let anchored = statement.anchor(anchors)?;
    for scope in scopes.iter().filter(|it| *it.reach() != Reach::Nothing) {
        let def = definition(catalog, scope.entity())?;
        let keys: Vec<Cell> =
            records.iter().filter(|it| it.entity == def.name).map(|it| it.id.into()).collect();
        if !keys.is_empty() {
            statement.select(def, false)?;
            statement.sql.push(" WHERE t.").push(&quoted(&def.key_column())).push(" IN ").list(keys);
            statement.reached(def, scope, "t")?;
        }
        if anchored && matches!(&*def.name, "account" | "opportunity" | "incident") {
            statement.related(def, scope)?;
        }
    }
    let Statement { sql, parts, .. } = statement;
    if parts == 0 {
        return Ok(vec![]);
    }
    db.rows(&sql.text, &sql.values).await?.iter().map(fact).collect()
}

struct Statement<'a> {
    engine: Engine,
    catalog: &'a Catalog,
    scopes: &'a [Scope],
    sql: Sql,
    /// How many queries it puts together.
    parts: usize,
}

impl<'a> Statement<'a> {
    /// `WITH anchor AS …`: the account (or contact) in the middle of the first anchor that the reader sees. Who may see
    /// an anchor is asked here, because what hangs together with it tells that it is there (decision 11). False when
    /// there is none to ask for.
    fn anchor(&mut self, anchors: &[Anchor]) -> Result<bool> {
        let mut begun = false;
        for (place, anchor) in anchors.iter().enumerate() {
            let told_by = anchor.told_by.as_ref();
            let Some((def, scope)) = self.readable(&anchor.record) else { continue };
            if told_by.is_some_and(|it| self.readable(it).is_none()) {
                continue;
            }
            self.sql.push(if begun { " UNION ALL " } else { "WITH anchor AS (SELECT customer FROM (" });
            self.sql.push(&format!("SELECT {place} AS place, c.{} AS customer", quoted(&customer(def))));
            self.found(def, scope, "c", &anchor.record)?;
            if let Some((record, (def, scope))) = told_by.and_then(|it| Some((it, self.readable(it)?))) {
                self.sql.push(" AND EXISTS (SELECT 1");
                self.found(def, scope, "m", record)?;
                self.sql.push(")");
            }
            begun = true;
        }
        self.sql.push(if begun { ") AS anchors ORDER BY place LIMIT 1) " } else { "" });
        Ok(begun)
    }

    /// The type of the record, and how far the reader reads it; `None`: not at all.
    fn readable(&self, record: &RecordRef) -> Option<(&'a EntityDef, &'a Scope)> {
        let scope = self.scopes.iter().find(|it| it.entity() == record.entity)?;
        Some((self.catalog.get(&record.entity)?, scope)).filter(|_| *scope.reach() != Reach::Nothing)
    }

    /// `FROM type AS alias WHERE …`: this record, if it is within reach.
    fn found(&mut self, def: &EntityDef, scope: &Scope, alias: &str, record: &RecordRef) -> Result<()> {
        self.sql.push(" FROM ").push(&quoted(&def.name)).push(" AS ").push(alias).push(" WHERE ");
        self.sql.push(alias).push(".").push(&quoted(&def.key_column())).push(" = ").value(record.id);
        self.and_reached(def, scope, alias)
    }

    /// `SELECT … FROM type AS t` with the parents joined that the reader may see.
    fn select(&mut self, def: &'a EntityDef, related: bool) -> Result<()> {
        let parents = self.parents(def);
        let first = |column: &str, otherwise: &str| {
            let columns: Vec<String> = parents
                .iter()
                .map(|(alias, parent, _)| format!("{alias}.{}", quoted(&shown(parent, column))))
                .collect();
            match columns.len() {
                0 => otherwise.to_owned(),
                1 => columns.concat(),
                _ => format!("COALESCE({})", columns.join(", ")),
            }
        };
        let bytes = match self.engine {
            Engine::Sqlite => "CAST(NULL AS BLOB)",
            Engine::Postgres => "CAST(NULL AS BYTEA)",
        };
        let kinds: Vec<String> = parents
            .iter()
            .map(|(alias, parent, _)| {
                let key = quoted(&parent.key_column());
                format!(" WHEN {alias}.{key} IS NOT NULL THEN {}", literal(&parent.name))
            })
            .collect();
        let kind = if kinds.is_empty() {
            "CAST(NULL AS TEXT)".to_owned()
        } else {
            format!("CASE{} END", kinds.concat())
        };
        let note = NOTES.iter().find_map(|it| def.column(it));
        let value = def.column("estimatedvalue");
        let text = [
            if related { "1" } else { "0" }.to_owned(),
            literal(&def.name),
            format!("t.{}", quoted(&def.key_column())),
            format!("t.{}", quoted(&def.primary)),
            kind,
            first("key", bytes),
            first("name", "CAST(NULL AS TEXT)"),
            own(note, "TEXT"),
            own(value, "BIGINT"),
        ];
        let separator = if self.parts == 0 { "" } else { " UNION ALL " };
        self.parts += 1;
        // Each part in a query of its own, because a part may have a LIMIT.
        self.sql.push(separator).push("SELECT * FROM (SELECT ");
        for (at, (text, name)) in
            text.iter().zip(["r", "e", "k", "n", "pe", "pk", "pn", "note", "value"]).enumerate()
        {
            self.sql.push(if at == 0 { "" } else { ", " }).push(text).push(" AS ").push(name);
        }
        self.sql.push(" FROM ").push(&quoted(&def.name)).push(" AS t");
        for (alias, parent, lookup) in parents {
            self.join(alias, parent, lookup)?;
        }
        Ok(())
    }

    /// The types a record of this type may belong to, each with the name it has in the statement.
    fn parents(&self, def: &'a EntityDef) -> Vec<(&'static str, &'a EntityDef, &'a ColumnDef)> {
        let lookup = PARENTS.iter().find_map(|it| def.column(it));
        let targets = lookup.into_iter().flat_map(|it| it.targets.iter().map(move |target| (it, target)));
        targets
            .filter(|(_, target)| {
                self.scopes.iter().any(|it| it.entity() == *target && *it.reach() != Reach::Nothing)
            })
            .zip(["a", "b"])
            .filter_map(|((lookup, target), alias)| Some((alias, self.catalog.get(target)?, lookup)))
            .collect()
    }

    fn join(&mut self, alias: &'static str, parent: &EntityDef, lookup: &ColumnDef) -> Result<()> {
        let Some(scope) = self.scopes.iter().find(|it| it.entity() == parent.name) else { return Ok(()) };
        self.sql.push(" LEFT JOIN ").push(&quoted(&parent.name)).push(" AS ").push(alias).push(" ON ");
        self.sql.push(alias).push(".").push(&quoted(&parent.key_column()));
        self.sql.push(" = t.").push(&quoted(&lookup.name));
        self.and_reached(parent, scope, alias)
    }

    fn and_reached(&mut self, def: &EntityDef, scope: &Scope, alias: &str) -> Result<()> {
        self.sql.push(" AND ").push(alias).push(".recycledon IS NULL AND ");
        scope::reached(&mut self.sql, Rows { catalog: self.catalog, def, alias }, scope, None)
    }

    /// Ends one part.
    fn reached(&mut self, def: &EntityDef, scope: &Scope, alias: &str) -> Result<()> {
        self.and_reached(def, scope, alias)?;
        self.sql.push(") AS part");
        Ok(())
    }

    /// The account itself, or its open opportunities or cases, newest first.
    fn related(&mut self, def: &'a EntityDef, scope: &Scope) -> Result<()> {
        self.select(def, true)?;
        self.sql.push(if def.name == "account" {
            " WHERE t.accountid IN (SELECT customer FROM anchor)"
        } else {
            " WHERE t.statecode = 0 AND t.customerid IN (SELECT customer FROM anchor)"
        });
        self.and_reached(def, scope, "t")?;
        self.sql.push(&format!(" ORDER BY t.createdon DESC LIMIT {RELATED}) AS part"));
        Ok(())
    }
}

/// Where a record says whose it is; an account is its own.
fn customer(def: &EntityDef) -> String {
    match def.name.as_str() {
        "contact" => "parentcustomerid".to_owned(),
        "opportunity" | "incident" => "customerid".to_owned(),
        _ => def.key_column(),
    }
}

fn shown(def: &EntityDef, column: &str) -> String {
    if column == "key" { def.key_column() } else { def.primary.clone() }
}

fn own(column: Option<&ColumnDef>, kind: &str) -> String {
    column.map_or_else(|| format!("CAST(NULL AS {kind})"), |it| format!("t.{}", quoted(&it.name)))
}

fn fact(row: &Row) -> Result<Fact> {
    let parent = match (row.maybe(4, Row::text)?, row.maybe(5, Row::guid)?) {
        (Some(entity), Some(id)) => {
            Some((RecordRef::new(entity, id), row.maybe(6, Row::text)?.unwrap_or_default().to_owned()))
        }
        _ => None,
    };
    Ok(Fact {
        related: row.int(0)? == 1,
        record: RecordRef::new(row.text(1)?, row.guid(2)?),
        name: row.maybe(3, Row::text)?.unwrap_or_default().to_owned(),
        parent,
        note: row.maybe(7, Row::text)?.map(str::to_owned).filter(|it| !it.is_empty()),
        value: row.maybe(8, Row::int)?,
    })
}
