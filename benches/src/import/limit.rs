//! The bare limit: what fetching, parsing and inserting cost when nothing else is done.

use super::mailbox::Filled;
use super::rows::{Kind, Rows};
use crate::place::{self, Engine, Fresh};
use anyhow::{Context, Result, ensure};
use bytes::BytesMut;
use connect::Mailbox;
use domain::entity::Catalog;
use futures::future::try_join_all;
use rusqlite::Connection;
use rusqlite::types::{ToSqlOutput, ValueRef};
use std::error::Error;
use std::time::{Duration, Instant};
use store::{Cell, Db};
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, Statement};

/// Messages in one fetch and one transaction.
const BATCH: usize = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Indexes {
    All,
    /// None but those of keys and of full text.
    KeysAlone,
}

#[derive(Debug, Default)]
pub struct Parts {
    pub fetch: Duration,
    pub parse: Duration,
    pub insert: Duration,
}

impl Parts {
    pub fn total(&self) -> Duration {
        self.fetch + self.parse + self.insert
    }
}

pub async fn measure(engine: Engine, indexes: Indexes, filled: &Filled, rows: &Rows) -> Result<Parts> {
    let fresh = Fresh::new(engine).await?;
    let db = Db::open(&fresh.url).await?;
    store::migrate::migrate(&db, &Catalog::standard()?).await?;
    drop(db);
    let mut into = Into::open(engine, &fresh.url, rows).await?;
    if indexes == Indexes::KeysAlone {
        into.drop_indexes().await?;
    }
    let mut mailbox = Mailbox::open(&filled.account).await?;
    let mut parts = Parts::default();
    let count = filled.uids.len().div_ceil(BATCH);
    for (number, uids) in filled.uids.chunks(BATCH).enumerate() {
        let started = Instant::now();
        let mails = mailbox.messages("INBOX", uids).await?;
        let fetched = Instant::now();
        ensure!(mails.len() == uids.len(), "The mailbox lost messages");
        for (_, raw) in &mails {
            std::hint::black_box(formats::mime::message(raw));
        }
        let parsed = Instant::now();
        into.insert(rows, number, count).await?;
        parts.fetch += fetched - started;
        parts.parse += parsed - fetched;
        parts.insert += parsed.elapsed();
    }
    drop(into);
    fresh.remove().await?;
    Ok(parts)
}

enum Into {
    Sqlite(Connection),
    /// With one insert for each table.
    Postgres(Client, Vec<Statement>),
}

impl Into {
    async fn open(engine: Engine, url: &str, rows: &Rows) -> Result<Into> {
        match engine {
            Engine::Sqlite => {
                let connection = Connection::open(url)?;
                connection.execute_batch(
                    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32768;
                     PRAGMA wal_autocheckpoint = 16000; PRAGMA temp_store = MEMORY;",
                )?;
                connection.set_prepared_statement_cache_capacity(64);
                Ok(Into::Sqlite(connection))
            }
            Engine::Postgres => {
                let client = place::connect(url).await?;
                let inserts = try_join_all(rows.tables.iter().map(|it| prepared(&client, it))).await?;
                Ok(Into::Postgres(client, inserts))
            }
        }
    }

    async fn drop_indexes(&self) -> Result<()> {
        match self {
            Into::Sqlite(connection) => {
                let sql = "SELECT 'DROP INDEX \"' || name || '\"' FROM sqlite_master
                           WHERE type = 'index' AND sql LIKE 'CREATE INDEX%'";
                let mut statement = connection.prepare(sql)?;
                let drops: Vec<String> =
                    statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
                Ok(connection.execute_batch(&drops.join(";"))?)
            }
            Into::Postgres(client, _) => {
                let sql = "SELECT 'DROP INDEX \"' || indexname || '\"' FROM pg_indexes
                           WHERE schemaname = current_schema() AND indexdef LIKE 'CREATE INDEX%'
                               AND indexdef NOT LIKE '%gin%'";
                let drops = client.query(sql, &[]).await?;
                let drops: Vec<String> = drops.iter().map(|row| row.get(0)).collect();
                Ok(client.batch_execute(&drops.join(";")).await?)
            }
        }
    }

    /// One transaction.
    async fn insert(&mut self, rows: &Rows, number: usize, count: usize) -> Result<()> {
        match self {
            Into::Sqlite(connection) => {
                let transaction = connection.transaction()?;
                for kind in &rows.tables {
                    into_sqlite(&transaction, kind, kind.batch(number, count))?;
                }
                Ok(transaction.commit()?)
            }
            Into::Postgres(client, inserts) => {
                client.batch_execute("BEGIN").await?;
                let inserts = rows.tables.iter().zip(inserts.iter());
                try_join_all(
                    inserts.map(|(kind, it)| into_postgres(client, it, kind, kind.batch(number, count))),
                )
                .await?;
                Ok(client.batch_execute("COMMIT").await?)
            }
        }
    }
}

fn names(columns: &[String]) -> String {
    columns.iter().map(|it| format!("\"{it}\"")).collect::<Vec<_>>().join(", ")
}

fn into_sqlite(connection: &Connection, kind: &Kind, rows: &[Vec<Cell>]) -> Result<()> {
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
async fn prepared(client: &Client, kind: &Kind) -> Result<Statement> {
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
    let sql = format!(
        "INSERT INTO {table} ({}) SELECT {} FROM UNNEST({}) AS u({})",
        names(columns),
        values.join(", "),
        arrays.join(", "),
        aliases.join(", ")
    );
    client.prepare(&sql).await.with_context(|| format!("Preparing {table}"))
}

async fn into_postgres(client: &Client, insert: &Statement, kind: &Kind, rows: &[Vec<Cell>]) -> Result<()> {
    let column = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(Bound).collect();
    let columns: Vec<Vec<Bound<'_>>> = (skipped(kind)..kind.columns.len()).map(column).collect();
    let values = columns.iter().map(|it| it as &(dyn ToSql + Sync));
    let inserted = client.execute_raw(insert, values).await;
    inserted.with_context(|| format!("Inserting into {}", kind.table))?;
    Ok(())
}

/// A value of the store as the drivers take it.
#[derive(Debug)]
struct Bound<'a>(&'a Cell);

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
