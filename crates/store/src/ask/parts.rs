//! The sources of a question as the tables of a statement, and its rows as records.

use crate::db::Row;
use crate::ddl::quoted;
use crate::query::{Asking, Sql, column_of, holds, narrow, same, senseless, side};
use crate::records::cells;
use crate::scope::{self, Rows, Via, definition};
use anyhow::{Context, Result};
use domain::ask::{Ask, Found, Join, JoinKind, Pick, Source};
use domain::entity::{Catalog, ColumnDef, EntityDef};
use domain::filter::Filter;
use domain::id::Guid;
use domain::privilege::{Reach, Scope, Scopes};
use domain::record::{Record, Value};
use std::collections::BTreeMap;

/// As many types stand side by side; the engines' planners tire of more.
const MOST_SOURCES: usize = 16;

/// One source.
pub(super) struct Part<'a> {
    pub source: &'a Source,
    pub def: &'a EntityDef,
    /// Its name in the statement: never the question's own.
    pub alias: String,
    /// Its rows may be missing.
    pub outer: bool,
    /// There may be several of its rows beside one of the row above.
    many: bool,
    pub columns: Vec<&'a ColumnDef>,
    /// Key and version are among what is selected.
    pub keyed: bool,
}

/// All of them, the outermost first, each before those that join it.
pub(super) struct Parts<'a> {
    pub catalog: &'a Catalog,
    pub ask: &'a Ask,
    pub scopes: &'a Scopes,
    pub all: Vec<Part<'a>>,
}

impl<'a> Parts<'a> {
    pub fn of(catalog: &'a Catalog, ask: &'a Ask, scopes: &'a Scopes) -> Result<Parts<'a>> {
        let mut parts = Parts { catalog, ask, scopes, all: vec![] };
        parts.add(&ask.source, None, false)?;
        if parts.all.len() > MOST_SOURCES {
            return senseless(format!("At most {MOST_SOURCES} types stand side by side."));
        }
        Ok(parts)
    }

    fn add(&mut self, source: &'a Source, join: Option<&Join>, outer: bool) -> Result<()> {
        let def = definition(self.catalog, &source.entity)?;
        if self.all.iter().any(|it| it.source.alias == source.alias) {
            return senseless(format!("Two sources are called “{}”.", source.alias));
        }
        let key = def.key_column();
        let (columns, keyed) = match &source.columns {
            Pick::All => (def.columns.iter().collect(), true),
            Pick::These(names) => {
                let others = names.iter().filter(|it| **it != key && *it != "versionnumber");
                let columns = others.map(|it| column_of(def, it)).collect::<Result<Vec<_>>>()?;
                (columns, !self.ask.distinct || names.contains(&key))
            }
        };
        let alias = if join.is_none() { "t".to_owned() } else { format!("j{}", self.all.len()) };
        let many = join.is_some_and(|it| it.to != key);
        self.all.push(Part { source, def, alias, outer, many, columns, keyed });
        if self.all.len() > MOST_SOURCES {
            return Ok(()); // Refused by whoever began.
        }
        for join in &source.joins {
            self.add(&join.source, Some(join), outer || join.kind == JoinKind::Outer)?;
        }
        Ok(())
    }

    pub fn root(&self) -> &Part<'a> {
        &self.all[0]
    }

    pub fn rows<'b>(&'b self, part: &'b Part<'a>) -> Rows<'b> {
        Rows { catalog: self.catalog, def: part.def, alias: &part.alias }
    }

    /// Fails with [`crate::Senseless`] when no source is called so.
    pub fn named(&self, alias: &str) -> Result<&Part<'a>> {
        match self.all.iter().find(|it| it.source.alias == alias) {
            Some(part) => Ok(part),
            None => senseless(format!("No source is called “{alias}”.")),
        }
    }

    /// A row of the outermost source may come several times.
    pub fn multiplies(&self) -> bool {
        self.all.iter().any(|it| it.many)
    }

    /// The scope that rows of the outermost type are reached by, if it is one of that type itself.
    pub fn root_scope(&self) -> Result<Option<&'a Scope>> {
        let def = self.root().def;
        match scope::readers(self.catalog, def)?.as_slice() {
            [only] if only.name == def.name => {
                let scope = scope::scope_of(self.scopes, def)?;
                Ok(matches!(scope::via(self.catalog, def, scope)?, Via::Itself).then_some(scope))
            }
            _ => Ok(None),
        }
    }

    /// ` FROM … WHERE …`, within reach and passing all filters. More conditions may follow behind ` AND `.
    pub fn from(&self, sql: &mut Sql) -> Result<()> {
        let root = self.rows(self.root());
        sql.push(" FROM ").push(&quoted(&root.def.name)).push(" AS ").push(root.alias);
        self.joins(sql, &self.ask.source, &mut 0)?;
        sql.push(" WHERE ").push(&root.column("recycledon")).push(" IS NULL AND ");
        self.root_reached(sql)?;
        sql.push(" AND ");
        let beside: Vec<(&str, Rows<'_>)> =
            self.all[1..].iter().map(|it| (it.source.alias.as_str(), self.rows(it))).collect();
        holds(sql, Asking::of(root).within(Some(self.scopes)).beside(&beside), &self.ask.source.filter)
    }

    fn root_reached(&self, sql: &mut Sql) -> Result<()> {
        let root = self.rows(self.root());
        let Some(scope) = self.root_scope()? else { return scope::readable(sql, root, self.scopes) };
        // Few records are asked one by one whether they are within reach; of many, all within reach are put together.
        let by_what_it_regards = |it: &Join| it.from == "regardingobjectid" && it.kind == JoinKind::Inner;
        if is_narrow(self.catalog, &self.ask.source) || self.ask.source.joins.iter().any(by_what_it_regards) {
            return scope::reached(sql, root, scope, None);
        }
        scope::listed(sql, root, scope)
    }

    /// `at`: the place of `source` among all, moved on to the last one that was written.
    fn joins(&self, sql: &mut Sql, source: &'a Source, at: &mut usize) -> Result<()> {
        let above = self.rows(&self.all[*at]);
        for join in &source.joins {
            *at += 1;
            let rows = self.rows(&self.all[*at]);
            sql.push(match join.kind {
                JoinKind::Inner => " JOIN ",
                JoinKind::Outer => " LEFT JOIN ",
            });
            let table = format!("{} AS {}", quoted(&rows.def.name), rows.alias);
            // What joins it must not leave out what stands above.
            let apart = join.kind == JoinKind::Outer && has_inner(&join.source);
            if apart {
                sql.push("(").push(&table);
                self.joins(sql, &join.source, at)?;
                sql.push(")");
            } else {
                sql.push(&table);
            }
            sql.push(" ON ");
            same(sql, &side(rows, &join.to)?, &side(above, &join.from)?);
            sql.push(" AND ").push(&rows.column("recycledon")).push(" IS NULL AND ");
            scope::readable(sql, rows, self.scopes)?;
            sql.push(" AND ");
            holds(sql, Asking::of(rows).within(Some(self.scopes)), &join.source.filter)?;
            if !apart {
                self.joins(sql, &join.source, at)?;
            }
        }
        Ok(())
    }

    /// What to select, so that [`Parts::found`] can read it.
    pub fn selected(&self) -> Vec<String> {
        let mut names = Vec::new();
        for part in &self.all {
            let rows = self.rows(part);
            if part.keyed {
                names.extend([rows.key(), rows.column("versionnumber")]);
            }
            for column in &part.columns {
                names.push(rows.column(&column.name));
                if column.has_type_column() {
                    names.push(rows.column(&column.type_column()));
                }
            }
        }
        if names.is_empty() {
            names.push("1".to_owned());
        }
        names
    }

    /// Reads what [`Parts::selected`] selects.
    pub fn found(&self, row: &Row) -> Result<Found> {
        let mut at = 0;
        let root = read(self.root(), row, &mut at)?.context("A row without its key")?;
        let mut joined = BTreeMap::new();
        for part in &self.all[1..] {
            if let Some(record) = read(part, row, &mut at)? {
                joined.insert(part.source.alias.clone(), record);
            }
        }
        Ok(Found { record: root, joined })
    }
}

/// `None` where an outer join found nothing.
fn read(part: &Part<'_>, row: &Row, at: &mut usize) -> Result<Option<Record>> {
    let mut record = Record::new(&part.def.name, Guid::NIL);
    let mut there = !part.outer;
    if part.keyed {
        there = !row.is_null(*at);
        record.id = row.maybe(*at, Row::guid)?.unwrap_or(Guid::NIL);
        record.version = row.maybe(*at + 1, Row::int)?.unwrap_or_default();
        *at += 2;
    }
    for column in &part.columns {
        let value = cells::decoded(column, row, *at)
            .with_context(|| format!("Reading {}.{}", part.def.name, column.name))?;
        there |= value != Value::Null;
        record.values.insert(column.name.clone(), value);
        *at += if column.has_type_column() { 2 } else { 1 };
    }
    Ok(there.then_some(record))
}

fn has_inner(source: &Source) -> bool {
    source.joins.iter().any(|it| it.kind == JoinKind::Inner || has_inner(&it.source))
}

/// Few rows are asked for: see [`narrow`]. What an inner join asks for makes the whole narrow.
fn is_narrow(catalog: &Catalog, source: &Source) -> bool {
    let here = catalog.get(&source.entity).is_some_and(|it| narrow(it, &source.filter));
    let beside = |alias: &str, filter: &Filter| {
        let other = source.all().into_iter().find(|it| it.alias == alias);
        other.and_then(|it| catalog.get(&it.entity)).is_some_and(|it| narrow(it, filter))
    };
    let of_others = match &source.filter {
        Filter::All(all) => all.iter().any(|it| match it {
            Filter::Beside { alias, filter } => beside(alias, filter),
            _ => false,
        }),
        Filter::Beside { alias, filter } => beside(alias, filter),
        _ => false,
    };
    let inner = source.joins.iter().filter(|it| it.kind == JoinKind::Inner);
    here || of_others || inner.into_iter().any(|it| is_narrow(catalog, &it.source))
}

/// Nothing of this type may be read.
pub(super) fn is_nothing(scope: &Scope) -> bool {
    *scope.reach() == Reach::Nothing
}
