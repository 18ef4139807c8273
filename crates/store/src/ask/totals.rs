//! Numbers about groups of records.

use super::order::{counted as place_number, sortable};
use super::page::{counted, number, rows};
use super::parts::{Part, Parts, is_nothing};
use crate::Db;
use crate::db::Row;
use crate::query::{Sql, column_of, is_text, senseless};
use crate::records::cells;
use crate::records::order::word;
use anyhow::Result;
use domain::ask::{Answer, Ask, DatePart, Found, Function, Group, Measure, Place, Totals};
use domain::entity::{ColumnDef, FieldKind, Label};
use domain::filter::Direction;
use domain::id::Guid;
use domain::record::{Record, Value};
use std::collections::BTreeMap;

/// One number, or what a group has in common.
struct Figure {
    name: String,
    /// Expressions: of a lookup to several types, its type is the second.
    values: Vec<String>,
    /// How to read it.
    column: ColumnDef,
    /// What the statement calls it.
    called: String,
}

pub(super) async fn answer(db: &Db, parts: &Parts<'_>, wanted: &Totals) -> Result<Answer> {
    let figures = figures(parts, wanted)?;
    if figures.is_empty() {
        return senseless("Totals of nothing were asked for.".to_owned());
    }
    let before = match &parts.ask.after {
        Some(place) => place_number(place)?,
        None => parts.ask.skip,
    };
    let nobody = parts.root_scope()?.is_some_and(is_nothing) && !wanted.groups.is_empty();
    let found_rows = async {
        if parts.ask.limit == 0 || nobody {
            return Ok(vec![]);
        }
        let sql = statement(parts, wanted, &figures, before)?;
        rows(db, &sql).await
    };
    let (rows, count) = tokio::try_join!(found_rows, count(db, parts, wanted, &figures))?;
    let shown = &rows[..rows.len().min(parts.ask.limit as usize)];
    let next = (rows.len() > shown.len()).then(|| number(before + parts.ask.limit));
    let rows = shown.iter().map(|it| found(parts, &figures, it)).collect::<Result<_>>()?;
    Ok(Answer { rows, next: next.filter(|it: &Place| place_number(it).is_ok()), count })
}

fn figures(parts: &Parts<'_>, wanted: &Totals) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for (at, it) in wanted.groups.iter().enumerate() {
        figures.push(group(parts, parts.named(&it.alias)?, it, format!("g{at}"))?);
    }
    for (at, it) in wanted.measures.iter().enumerate() {
        figures.push(measure(parts, parts.named(&it.alias)?, it, format!("m{at}"))?);
    }
    Ok(figures)
}

/// A column with nothing said about it: how to read a figure.
fn reads_as(name: &str, kind: FieldKind) -> ColumnDef {
    ColumnDef::new(name, kind, Label { en: name.to_owned(), sv: name.to_owned() })
}

/// The column, or the key as the lookup to its own type that it is.
fn column(part: &Part<'_>, name: &str) -> Result<ColumnDef> {
    if name == part.def.key_column() {
        let mut column = reads_as(name, FieldKind::Lookup);
        column.targets = vec![part.def.name.clone()];
        return Ok(column);
    }
    column_of(part.def, name).cloned()
}

fn group(parts: &Parts<'_>, part: &Part<'_>, group: &Group, called: String) -> Result<Figure> {
    let column = column(part, &group.column)?;
    let place = parts.rows(part).column(&column.name);
    let name = group.name.clone();
    let Some(date_part) = group.part else {
        let mut values = vec![place];
        if column.has_type_column() {
            values.push(parts.rows(part).column(&column.type_column()));
        }
        return Ok(Figure { name, values, column, called });
    };
    if !matches!(column.kind, FieldKind::Date | FieldKind::DateTime) {
        return senseless(format!("{} is no date.", group.column));
    }
    let part = match date_part {
        DatePart::Year => "year",
        DatePart::Quarter => "quarter",
        DatePart::Month => "month",
        DatePart::Week => "week",
        DatePart::Day => "day",
    };
    let column = reads_as(&group.name, FieldKind::Integer);
    Ok(Figure { name, values: vec![format!("datepart({place}, '{part}')")], column, called })
}

fn measure(parts: &Parts<'_>, part: &Part<'_>, measure: &Measure, called: String) -> Result<Figure> {
    let name = measure.name.clone();
    let of = |kind| reads_as(&measure.name, kind);
    if measure.function == Function::Count {
        return Ok(Figure {
            name,
            values: vec!["COUNT(*)".to_owned()],
            column: of(FieldKind::Integer),
            called,
        });
    }
    let column = column(part, &measure.column)?;
    let place = parts.rows(part).column(&column.name);
    let numbers = matches!(column.kind, FieldKind::Integer | FieldKind::Money | FieldKind::Decimal);
    let fraction = column.kind == FieldKind::Float;
    let ordered = numbers
        || fraction
        || is_text(&column.kind)
        || matches!(column.kind, FieldKind::Date | FieldKind::DateTime | FieldKind::Choice);
    let (value, column) = match measure.function {
        Function::CountColumn => (format!("COUNT({place})"), of(FieldKind::Integer)),
        Function::CountDistinct => (format!("COUNT(DISTINCT {place})"), of(FieldKind::Integer)),
        Function::Sum if fraction => (format!("SUM({place})"), column),
        Function::Sum if numbers => (format!("CAST(SUM({place}) AS BIGINT)"), column),
        Function::Average if numbers || fraction => {
            (format!("CAST(SUM({place}) AS DOUBLE PRECISION) / COUNT({place})"), of(FieldKind::Float))
        }
        Function::Min if ordered => (format!("MIN({place})"), column),
        Function::Max if ordered => (format!("MAX({place})"), column),
        _ => return senseless(format!("{} cannot be totalled like that.", measure.column)),
    };
    Ok(Figure { name, values: vec![value], column, called })
}

fn grouped(sql: &mut Sql, parts: &Parts<'_>, wanted: &Totals, figures: &[Figure]) -> Result<()> {
    let mut groups = 0;
    for (nth, figure) in figures.iter().enumerate() {
        for (at, value) in figure.values.iter().enumerate() {
            let kind = if at == 0 { "" } else { "type" };
            sql.push(if nth == 0 && at == 0 { "SELECT " } else { ", " });
            sql.push(value).push(" AS ").push(&figure.called).push(kind);
            groups += usize::from(nth < wanted.groups.len());
        }
    }
    parts.from(sql)?;
    for at in 1..=groups {
        sql.push(&format!("{}{at}", if at == 1 { " GROUP BY " } else { ", " }));
    }
    Ok(())
}

fn statement(parts: &Parts<'_>, wanted: &Totals, figures: &[Figure], before: u32) -> Result<Sql> {
    let mut sql = Sql::new();
    sql.push("SELECT * FROM (");
    grouped(&mut sql, parts, wanted, figures)?;
    sql.push(") AS totals");
    let mut between = " ORDER BY ";
    for sort in &parts.ask.order {
        let figure = sorted_by(wanted, figures, &sort.alias, &sort.column)?;
        let place = sortable(&figure.column.kind, &figure.called);
        sql.push(&format!("{between}{place} {} NULLS LAST", word(sort.direction)));
        between = ", ";
    }
    for figure in &figures[..wanted.groups.len()] {
        // Texts that are sorted alike still make two groups.
        for place in [sortable(&figure.column.kind, &figure.called), figure.called.clone()] {
            sql.push(&format!("{between}{place} {} NULLS LAST", word(Direction::Ascending)));
            between = ", ";
        }
    }
    sql.push(&format!(" LIMIT {} OFFSET {before}", u64::from(parts.ask.limit) + 1));
    Ok(sql)
}

/// By the name of a total, or by the column that rows are grouped by.
fn sorted_by<'f>(wanted: &Totals, figures: &'f [Figure], alias: &str, column: &str) -> Result<&'f Figure> {
    let by_name = figures.iter().find(|it| column.is_empty() && it.name == alias);
    let grouped = wanted.groups.iter().position(|it| it.alias == alias && it.column == column);
    match by_name.or_else(|| figures.get(grouped?)) {
        Some(figure) => Ok(figure),
        None => {
            senseless(format!("No total is called “{}”.", if column.is_empty() { alias } else { column }))
        }
    }
}

async fn count(db: &Db, parts: &Parts<'_>, wanted: &Totals, figures: &[Figure]) -> Result<Option<u64>> {
    if !parts.ask.count {
        return Ok(None);
    }
    let mut sql = Sql::new();
    sql.push("SELECT COUNT(*) FROM (");
    grouped(&mut sql, parts, wanted, figures)?;
    sql.push(&format!(" LIMIT {}) AS counted", Ask::COUNTED));
    counted(db, &sql).await.map(Some)
}

fn found(parts: &Parts<'_>, figures: &[Figure], row: &Row) -> Result<Found> {
    let mut record = Record::new(&parts.root().def.name, Guid::NIL);
    let mut at = 0;
    for figure in figures {
        let value: Value = cells::decoded(&figure.column, row, at)?;
        record.values.insert(figure.name.clone(), value);
        at += figure.values.len();
    }
    Ok(Found { record, joined: BTreeMap::new() })
}
