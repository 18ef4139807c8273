//! The bare limit: what fetching, parsing and inserting cost when nothing else is done.

use super::mailbox::Filled;
use super::rows::Rows;
use crate::place::{self, Engine, Fresh};
use crate::rows::{into_postgres, into_sqlite, prepared};
use anyhow::{Result, ensure};
use connect::Mailbox;
use domain::entity::Catalog;
use futures::future::try_join_all;
use rusqlite::Connection;
use std::time::{Duration, Instant};
use store::Db;
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
