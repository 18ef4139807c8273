//! Rows as they were written once, to be written again by the drivers alone.

use anyhow::{Context, Result};
use bytes::BytesMut;
use rusqlite::Connection;
use rusqlite::types::{ToSqlOutput, ValueRef};
use std::error::Error;
use store::Cell;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, Statement};

/// The rows of one table.
pub struct Kind {
    pub table: &'static str,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
}

impl Kind {
    /// What belongs to one of `count` batches, counted from 0.
    pub fn batch(&self, number: usize, count: usize) -> &[Vec<Cell>] {
        let at = |number: usize| self.rows.len() * number / count;
        self.rows.get(at(number)..at(number + 1)).unwrap_or_default()
    }
}

/// As SQL takes them.
pub fn names(columns: &[String]) -> String {
    columns.iter().map(|it| format!("\"{it}\"")).collect::<Vec<_>>().join(", ")
}

/// Row by row.
pub fn into_sqlite(connection: &Connection, kind: &Kind, rows: &[Vec<Cell>]) -> Result<()> {
    // The last column of a document are its words, which lie in a table of their own.
    let (columns, words) = match (kind.table, kind.columns.split_last()) {
        ("document", Some((_, columns))) => (columns, true),
        _ => (kind.columns.as_slice(), false),
    };
    let marks: Vec<String> = (1..=columns.len()).map(|it| format!("?{it}")).collect();
    let sql = format!("INSERT INTO {} ({}) VALUES ({})", kind.table, names(columns), marks.join(", "));
    let mut insert = connection.prepare_cached(&sql)?;
    let mut index = connection.prepare_cached("INSERT INTO fulltext (rowid, words) VALUES (?1, ?2)")?;
    for row in rows {
        insert.execute(rusqlite::params_from_iter(row.iter().take(columns.len()).map(Bound)))?;
        if let (true, Some(docid), Some(text)) = (words, row.first(), row.last()) {
            index.execute([Bound(docid), Bound(text)])?;
        }
    }
    Ok(())
}

/// `docid` is SQLite's own.
fn skipped(kind: &Kind) -> usize {
    usize::from(kind.table == "document")
}

/// One statement for any number of rows.
pub async fn prepared(client: &Client, kind: &Kind) -> Result<Statement> {
    let sql = over_arrays(client, kind).await?;
    client.prepare(&sql).await.with_context(|| format!("Preparing {}", kind.table))
}

/// An insert whose values are arrays, one for each column.
pub async fn over_arrays(client: &Client, kind: &Kind) -> Result<String> {
    let columns = kind.columns.get(skipped(kind)..).unwrap_or_default();
    let table = kind.table;
    let types = client.prepare(&format!("SELECT {} FROM {table}", names(columns))).await?;
    let types: Vec<Type> = types.columns().iter().map(|it| it.type_().clone()).collect();
    let mut arrays = Vec::new();
    let mut values = Vec::new();
    for (at, kind) in types.iter().enumerate() {
        let is_words = *kind == Type::TS_VECTOR;
        arrays.push(format!("${}::{}[]", at + 1, if is_words { "text" } else { kind.name() }));
        let alias = format!("u.c{at}");
        values.push(if is_words { format!("to_tsvector('simple', {alias})") } else { alias });
    }
    let aliases: Vec<String> = (0..columns.len()).map(|it| format!("c{it}")).collect();
    Ok(format!(
        "INSERT INTO {table} ({}) SELECT {} FROM UNNEST({}) AS u({})",
        names(columns),
        values.join(", "),
        arrays.join(", "),
        aliases.join(", ")
    ))
}

/// With a statement over arrays.
pub async fn into_postgres(
    client: &Client,
    insert: &Statement,
    kind: &Kind,
    rows: &[Vec<Cell>],
) -> Result<()> {
    let column = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(Bound).collect();
    let columns: Vec<Vec<Bound<'_>>> = (skipped(kind)..kind.columns.len()).map(column).collect();
    let values = columns.iter().map(|it| it as &(dyn ToSql + Sync));
    let inserted = client.execute_raw(insert, values).await;
    inserted.with_context(|| format!("Inserting into {}", kind.table))?;
    Ok(())
}

/// A value of the store as the drivers take it.
#[derive(Debug)]
pub struct Bound<'a>(pub &'a Cell);

impl rusqlite::ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Cell::Null => ValueRef::Null,
            Cell::Bool(truth) => ValueRef::Integer((*truth).into()),
            Cell::Int(number) => ValueRef::Integer(*number),
            Cell::Float(number) => ValueRef::Real(*number),
            Cell::Text(text) => ValueRef::Text(text.as_bytes()),
            Cell::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl ToSql for Bound<'_> {
    fn to_sql(&self, column: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self.0 {
            Cell::Null => Ok(IsNull::Yes),
            Cell::Int(number) if *column == Type::BOOL => (*number != 0).to_sql(column, out),
            Cell::Int(number) => number.to_sql(column, out),
            Cell::Float(number) => number.to_sql(column, out),
            Cell::Bool(truth) => truth.to_sql(column, out),
            Cell::Text(text) => text.to_sql(column, out),
            Cell::Bytes(bytes) => bytes.to_sql(column, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}
