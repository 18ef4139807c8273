//! Rows that show records.

use super::Each;
use super::order::Terms;
use super::parts::{Parts, is_nothing};
use crate::Db;
use crate::db::{Engine, Row};
use crate::query::{Sql, senseless};
use crate::records::cells;
use crate::records::order::Order;
use crate::records::walk::Walk;
use anyhow::{Context, Result};
use domain::ask::{Answer, Ask, Found, Place};
use domain::entity::FieldKind;
use domain::filter::After;
use domain::id::Guid;

/// SQLite takes 32,766 values in one statement.
const MOST_VALUES: usize = 30_000;

pub(super) async fn answer(db: &Db, parts: &Parts<'_>) -> Result<Answer> {
    if parts.root_scope()?.is_some_and(is_nothing) {
        return Ok(Answer { rows: vec![], next: None, count: parts.ask.count.then_some(0) });
    }
    let after = walk_after(parts)?;
    let ((rows, next), count) = match walk(parts, after.as_ref())? {
        Some(walk) => tokio::try_join!(walked(db, parts, &walk), count_walked(db, parts))?,
        None => tokio::try_join!(joined(db, parts), count_joined(db, parts))?,
    };
    Ok(Answer { rows, next, count })
}

/// The walk along indexes, where it can answer the question: records of one type in one order.
fn walk<'a>(parts: &'a Parts<'a>, after: Option<&'a After>) -> Result<Option<Walk<'a>>> {
    let (ask, root) = (parts.ask, parts.root());
    let Some(scope) = parts.root_scope()? else { return Ok(None) };
    if !ask.source.joins.is_empty() || !root.keyed {
        return Ok(None);
    }
    let order = match ask.order.as_slice() {
        [] => Order::usual(root.def)?,
        [sort] => {
            parts.named(&sort.alias)?;
            let lookup = root.def.column(&sort.column).is_some_and(|it| it.kind == FieldKind::Lookup);
            if lookup || sort.column == root.def.key_column() {
                return Ok(None);
            }
            Order::of(root.def, &sort.column, sort.direction)?
        }
        _ => return Ok(None),
    };
    let mut walk = Walk::new(parts.rows(root), scope, &ask.source.filter, order);
    walk.scopes = Some(parts.scopes);
    (walk.after, walk.limit, walk.skip) = (after, ask.limit, ask.skip);
    Ok(Some(walk))
}

fn walk_after(parts: &Parts<'_>) -> Result<Option<After>> {
    let Some(place) = &parts.ask.after else { return Ok(None) };
    match place.values.as_slice() {
        [value] => Ok(Some(After { value: value.clone(), id: place.id })),
        _ if walk(parts, None)?.is_some() => senseless("No page begins there.".to_owned()),
        _ => Ok(None),
    }
}

type Page = (Vec<Found>, Option<Place>);

async fn walked(db: &Db, parts: &Parts<'_>, walk: &Walk<'_>) -> Result<Page> {
    let selected = parts.selected();
    let sql = walk.statement(db, &selected.join(", ")).await?;
    page(db, parts, &sql, |row, _| {
        let value = cells::decoded(&walk.order.column, row, selected.len())?;
        Ok(Place { values: vec![value], id: row.guid(0)? })
    })
    .await
}

async fn joined(db: &Db, parts: &Parts<'_>) -> Result<Page> {
    let (terms, shown) = (Terms::of(parts)?, parts.selected().len());
    let (sql, before) = statement(parts, &terms)?;
    page(db, parts, &sql, |row, nth| terms.place(row, shown, before + nth)).await
}

/// The statement for one page, and how many rows it leaves out at the start.
fn statement(parts: &Parts<'_>, terms: &Terms<'_>) -> Result<(Sql, u32)> {
    let mut sql = Sql::new();
    sql.push(if parts.ask.distinct { "SELECT DISTINCT " } else { "SELECT " });
    sql.push(&parts.selected().join(", "));
    for term in terms.selected() {
        sql.push(", ").push(term);
    }
    parts.from(&mut sql)?;
    let before = terms.behind(&mut sql, parts.ask.after.as_ref())? + parts.ask.skip;
    terms.by(&mut sql);
    sql.push(&format!(" LIMIT {} OFFSET {before}", u64::from(parts.ask.limit) + 1));
    Ok((sql, before))
}

pub(super) async fn plan(db: &Db, parts: &Parts<'_>) -> Result<Vec<String>> {
    let after = walk_after(parts)?;
    let sql = match walk(parts, after.as_ref())? {
        Some(walk) => walk.statement(db, &parts.selected().join(", ")).await?,
        None => statement(parts, &Terms::of(parts)?)?.0,
    };
    let explain = match db.engine() {
        Engine::Sqlite => "EXPLAIN QUERY PLAN ",
        Engine::Postgres => "EXPLAIN ",
    };
    let steps = db.rows(&format!("{explain}{}", sql.text), &sql.values).await?;
    steps.iter().map(|it| Ok(it.text(it.0.len().saturating_sub(1))?.to_owned())).collect()
}

/// `place` says where a row stands, by the row and its number on this page, from 1.
async fn page(
    db: &Db,
    parts: &Parts<'_>,
    sql: &Sql,
    place: impl Fn(&Row, u32) -> Result<Place>,
) -> Result<Page> {
    let limit = parts.ask.limit;
    if limit == 0 {
        return Ok((vec![], None));
    }
    let rows = rows(db, sql).await?;
    let shown = &rows[..rows.len().min(limit as usize)];
    let next = match shown.last() {
        Some(last) if rows.len() > shown.len() => Some(place(last, limit)?),
        _ => None,
    };
    Ok((shown.iter().map(|it| parts.found(it)).collect::<Result<_>>()?, next))
}

async fn count_walked(db: &Db, parts: &Parts<'_>) -> Result<Option<u64>> {
    if !parts.ask.count {
        return Ok(None);
    }
    let mut walk = walk(parts, None)?.context("A walk that is none")?;
    walk.order = Order::usual(parts.root().def)?;
    (walk.limit, walk.skip) = (Ask::COUNTED, 0);
    counted(db, &walk.count(db).await?).await.map(Some)
}

async fn count_joined(db: &Db, parts: &Parts<'_>) -> Result<Option<u64>> {
    if !parts.ask.count {
        return Ok(None);
    }
    let mut sql = Sql::new();
    sql.push("SELECT COUNT(*) FROM (SELECT ");
    sql.push(&if parts.ask.distinct {
        format!("DISTINCT {}", named(&parts.selected()))
    } else {
        "1 AS one".to_owned()
    });
    parts.from(&mut sql)?;
    sql.push(&format!(" LIMIT {}) AS counted", Ask::COUNTED));
    counted(db, &sql).await.map(Some)
}

/// Each under a name of its own, as an inner question needs it.
fn named(selected: &[String]) -> String {
    let each = selected.iter().enumerate().map(|(at, it)| format!("{it} AS c{at}"));
    each.collect::<Vec<_>>().join(", ")
}

/// The one number of an answer.
pub(super) async fn counted(db: &Db, sql: &Sql) -> Result<u64> {
    let rows = rows(db, sql).await?;
    Ok(u64::try_from(rows.first().context("No count")?.int(0)?).unwrap_or_default())
}

pub(super) async fn rows(db: &Db, sql: &Sql) -> Result<Vec<Row>> {
    if sql.values.len() > MOST_VALUES {
        return senseless("The question holds too many values.".to_owned());
    }
    db.rows(&sql.text, &sql.values).await
}

pub(super) async fn answer_each(db: &Db, parts: &Parts<'_>, each: &Each) -> Result<Vec<Found>> {
    let terms = Terms::of(parts)?;
    let part = parts.named(&each.alias)?;
    let column = parts.rows(part).column(&crate::query::column_of(part.def, &each.column)?.name);
    let mut sql = Sql::new();
    sql.push("SELECT * FROM (SELECT ").push(&named(&parts.selected()));
    sql.push(", ROW_NUMBER() OVER (PARTITION BY ").push(&column);
    terms.by(&mut sql);
    sql.push(") AS nth");
    parts.from(&mut sql)?;
    let last = u64::from(parts.ask.limit) + 1;
    sql.push(&format!(") AS numbered WHERE nth <= {last} ORDER BY nth LIMIT {}", Ask::FARTHEST));
    rows(db, &sql).await?.iter().map(|it| parts.found(it)).collect()
}

/// A place among rows that are counted off.
pub(super) fn number(number: u32) -> Place {
    Place { values: vec![domain::record::Value::Int(number.into())], id: Guid::NIL }
}
