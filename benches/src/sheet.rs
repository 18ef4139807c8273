//! Rows by the million, made up one after the other and written set-wise: without the indexes, which are made
//! afterwards.

use crate::place::connect;
use anyhow::{Context, Result};
use bytes::{BufMut as _, Bytes, BytesMut};
use domain::id::Guid;
use futures::SinkExt as _;
use rusqlite::types::Value;
use std::fmt::Write as _;
use std::path::Path;
use std::pin::pin;
use store::Cell;

/// Rows of one table.
pub struct Sheet<'a> {
    pub table: &'static str,
    pub columns: &'static str,
    pub rows: Box<dyn Iterator<Item = Vec<Cell>> + 'a>,
}

impl<'a> Sheet<'a> {
    /// `count` rows, each made from its number.
    pub fn counted(
        table: &'static str,
        columns: &'static str,
        count: usize,
        row: impl Fn(usize) -> Vec<Cell> + 'a,
    ) -> Sheet<'a> {
        Sheet { table, columns, rows: Box::new((0..count).map(row)) }
    }
}

/// In microseconds; the same moment as in [`key`].
const FIRST: i64 = 1_760_000_000_000_000;

/// The key of a record of one kind, in the order of the numbers.
pub fn key(kind: u8, number: usize) -> Guid {
    let number = number as u64;
    let mut tail = [0; 10];
    tail[0] = kind;
    tail[2..].copy_from_slice(&number.to_be_bytes());
    Guid::v7(1_760_000_000_000 + number * 7, tail)
}

/// When it was made: seven milliseconds after the one before.
pub fn time(number: usize) -> i64 {
    FIRST + i64::try_from(number).unwrap_or_default() * 7000
}

/// Into a database whose tables are there. Nobody else may have it open.
pub fn into_sqlite(file: &Path, sheets: Vec<Sheet<'_>>) -> Result<()> {
    let connection = rusqlite::Connection::open(file)?;
    connection.execute_batch(
        "PRAGMA journal_mode = DELETE; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
         PRAGMA cache_size = -1000000; PRAGMA temp_store = FILE;",
    )?;
    let sql = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE INDEX%'";
    let pair = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let indexes: Vec<(String, String)> =
        connection.prepare(sql)?.query_map([], pair)?.collect::<rusqlite::Result<_>>()?;
    for (name, _) in &indexes {
        connection.execute_batch(&format!("DROP INDEX \"{name}\""))?;
    }
    connection.execute_batch("BEGIN")?;
    for sheet in sheets {
        let marks: Vec<&str> = sheet.columns.split(',').map(|_| "?").collect();
        let sql = format!("INSERT INTO {} ({}) VALUES ({})", sheet.table, sheet.columns, marks.join(", "));
        let mut insert = connection.prepare(&sql)?;
        for row in sheet.rows {
            insert
                .execute(rusqlite::params_from_iter(row.into_iter().map(value)))
                .with_context(|| format!("Into {}", sheet.table))?;
        }
    }
    for (_, sql) in &indexes {
        connection.execute_batch(sql)?;
    }
    Ok(connection.execute_batch("COMMIT")?)
}

fn value(cell: Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Bool(truth) => Value::Integer(truth.into()),
        Cell::Int(number) => Value::Integer(number),
        Cell::Float(number) => Value::Real(number),
        Cell::Text(text) => Value::Text(text),
        Cell::Bytes(bytes) => Value::Blob(bytes),
    }
}

/// Into a database whose tables are there.
pub async fn into_postgres(url: &str, sheets: Vec<Sheet<'_>>) -> Result<()> {
    let client = connect(url).await?;
    client.batch_execute("SET maintenance_work_mem = '512MB'").await?;
    let sql = "SELECT indexname, indexdef FROM pg_indexes
               WHERE schemaname = current_schema() AND indexdef LIKE 'CREATE INDEX%'";
    let indexes: Vec<(String, String)> =
        client.query(sql, &[]).await?.iter().map(|row| (row.get(0), row.get(1))).collect();
    for (name, _) in &indexes {
        client.batch_execute(&format!("DROP INDEX \"{name}\"")).await?;
    }
    for sheet in sheets {
        let table = sheet.table;
        copy(&client, sheet).await.with_context(|| format!("Into {table}"))?;
    }
    for (_, definition) in &indexes {
        client.batch_execute(definition).await?;
    }
    // As a server does by itself in the first minutes.
    Ok(client.batch_execute("VACUUM ANALYZE").await?)
}

async fn copy(client: &tokio_postgres::Client, sheet: Sheet<'_>) -> Result<()> {
    let sql = format!("COPY {} ({}) FROM STDIN", sheet.table, sheet.columns);
    let mut sink = pin!(client.copy_in::<_, Bytes>(&sql).await?);
    let mut lines = BytesMut::new();
    for row in sheet.rows {
        for (at, cell) in row.iter().enumerate() {
            lines.put_slice(if at == 0 { b"" } else { b"\t" });
            put(&mut lines, cell);
        }
        lines.put_u8(b'\n');
        if lines.len() > 1 << 20 {
            sink.send(lines.split().freeze()).await?;
        }
    }
    sink.send(lines.freeze()).await?;
    sink.finish().await?;
    Ok(())
}

/// As COPY reads it; our texts hold nothing that needs escaping.
fn put(line: &mut BytesMut, cell: &Cell) {
    let text = match cell {
        Cell::Null => "\\N".to_owned(),
        Cell::Bool(truth) => truth.to_string(),
        Cell::Int(number) => number.to_string(),
        Cell::Float(number) => number.to_string(),
        Cell::Text(text) => text.clone(),
        Cell::Bytes(bytes) => bytes.iter().fold("\\\\x".to_owned(), |mut hex, byte| {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        }),
    };
    line.put_slice(text.as_bytes());
}
