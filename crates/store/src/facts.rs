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

/// Of each type, so many related records are given.
const RELATED: u32 = 5;
/// The columns that lead to what a record belongs to, by preference.
const PARENTS: [&str; 3] = ["parentcustomerid", "customerid", "parentaccountid"];
/// The columns that tell a record from its namesakes, by preference.
const NOTES: [&str; 5] = ["stepname", "jobtitle", "companyname", "address1_city", "title"];

/// The facts of `records`, and of the accounts, open opportunities and cases around `anchor`, as far as one of
/// `scopes` (one per type) reaches them. One round trip.
pub async fn facts(
    db: &Db,
    catalog: &Catalog,
    records: &[RecordRef],
    anchor: Option<&RecordRef>,
    scopes: &[Scope],
) -> Result<Vec<Fact>> {
    let mut statement = Statement { engine: db.engine(), catalog, scopes, sql: Sql::new() };
    for scope in scopes.iter().filter(|it| *it.reach() != Reach::Nothing) {
        let def = definition(catalog, scope.entity())?;
        let keys: Vec<Cell> =
            records.iter().filter(|it| it.entity == def.name).map(|it| it.id.into()).collect();
        if !keys.is_empty() {
            statement.select(def, false)?;
            statement.sql.push(" WHERE t.").push(&quoted(&def.key_column())).push(" IN ").list(keys);
            statement.reached(def, scope, "t")?;
        }
        if let Some(anchor) = anchor.filter(|_| matches!(&*def.name, "account" | "opportunity" | "incident"))
        {
            statement.related(def, scope, anchor)?;
        }
    }
    let Statement { sql, .. } = statement;
    if sql.text.is_empty() {
        return Ok(vec![]);
    }
    db.rows(&sql.text, &sql.values).await?.iter().map(fact).collect()
}

struct Statement<'a> {
    engine: Engine,
    catalog: &'a Catalog,
    scopes: &'a [Scope],
    sql: Sql,
}

impl<'a> Statement<'a> {
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
        let separator = if self.sql.text.is_empty() { "" } else { " UNION ALL " };
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
    fn related(&mut self, def: &'a EntityDef, scope: &Scope, anchor: &RecordRef) -> Result<()> {
        self.select(def, true)?;
        if def.name == "account" {
            self.sql.push(" WHERE t.accountid IN ");
        } else {
            self.sql.push(" WHERE t.statecode = 0 AND t.customerid IN ");
        }
        self.sql.push(match anchor.entity.as_str() {
            "contact" => "(SELECT parentcustomerid FROM contact WHERE contactid = ",
            "opportunity" => "(SELECT customerid FROM opportunity WHERE opportunityid = ",
            "incident" => "(SELECT customerid FROM incident WHERE incidentid = ",
            _ => "(",
        });
        self.sql.value(anchor.id).push(")");
        self.and_reached(def, scope, "t")?;
        self.sql.push(&format!(" ORDER BY t.createdon DESC LIMIT {RELATED}) AS part"));
        Ok(())
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
