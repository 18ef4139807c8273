//! One database, two engines. This is the only fork: every query above it is written once, in the dialect both
//! engines share (`$1`, `RETURNING`, `ON CONFLICT`, `TRUE`).

use crate::commit::{Commit, Failure};
use anyhow::{Context, Result, bail};
use domain::id::{Guid, MessageKey};
use domain::time::Timestamp;

/// What a column of a row holds, as both engines understand it.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    Bytes(Vec<u8>),
}

/// One row of an answer. Columns are counted from 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Row(pub Vec<Cell>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A statement that reads, with its values.
pub(crate) struct Question {
    pub sql: String,
    pub values: Vec<Cell>,
}

/// Cheap to clone: all clones share one pool.
#[derive(Clone)]
pub enum Db {
    Sqlite(crate::sqlite::Sqlite),
    Postgres(crate::postgres::Postgres),
}

impl Db {
    /// `postgres://…` is a server; anything else is the path of a SQLite file, made when it is missing.
    /// The tables are not: see [`crate::migrate::migrate`].
    pub async fn open(url: &str) -> Result<Db> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Ok(Db::Postgres(crate::postgres::Postgres::open(url).await?))
        } else {
            Ok(Db::Sqlite(crate::sqlite::Sqlite::open(url.as_ref()).await?))
        }
    }

    /// Reads. One round trip. A statement that writes is refused by SQLite's readers: that is what commits are for.
    /// NUL is scrubbed from texts (decision 5).
    pub async fn rows(&self, sql: &str, values: &[Cell]) -> Result<Vec<Row>> {
        match self {
            Db::Sqlite(db) => db.rows(sql, values).await,
            Db::Postgres(db) => db.rows(sql, values).await,
        }
    }

    /// Reads several answers in one round trip: PostgreSQL hears the later questions before it has answered the first,
    /// and SQLite answers them one after the other. They need not see the same moment.
    pub(crate) async fn answers(&self, questions: Vec<Question>) -> Result<Vec<Vec<Row>>> {
        match self {
            Db::Sqlite(db) => db.answers(questions).await,
            Db::Postgres(db) => db.answers(&questions).await,
        }
    }

    /// Reads at most one row.
    pub async fn row(&self, sql: &str, values: &[Cell]) -> Result<Option<Row>> {
        Ok(self.rows(sql, values).await?.into_iter().next())
    }

    /// Writes: the whole list or nothing, each statement with the number of rows it expects to touch.
    pub async fn commit(&self, commit: Commit) -> Result<(), Failure> {
        if commit.is_empty() {
            return Ok(());
        }
        match self {
            Db::Sqlite(db) => db.commit(commit).await,
            Db::Postgres(db) => db.commit(commit).await,
        }
    }
}

impl Db {
    /// Which engine it is, for the few questions that are written twice (full text).
    pub fn engine(&self) -> Engine {
        match self {
            Db::Sqlite(_) => Engine::Sqlite,
            Db::Postgres(_) => Engine::Postgres,
        }
    }

    /// How often this database was asked or written to since it was opened. A commit counts once.
    pub fn round_trips(&self) -> u64 {
        match self {
            Db::Sqlite(db) => db.round_trips(),
            Db::Postgres(db) => db.round_trips(),
        }
    }

    /// Makes erasing final: SQLite empties the log beside the database, where erased content may still stand, and
    /// PostgreSQL gives up the deleted rows in its tables. Backups, replicas and PostgreSQL's own write-ahead log are out
    /// of reach.
    pub async fn checkpoint(&self) -> Result<()> {
        match self {
            Db::Sqlite(db) => db.checkpoint().await,
            Db::Postgres(db) => db.vacuum(&crate::content::TABLES).await,
        }
    }
}

/// `$3, $4, $5` for `placeholders(3, 3)`.
pub(crate) fn placeholders(first: usize, count: usize) -> String {
    (first..first + count).map(|at| format!("${at}")).collect::<Vec<_>>().join(", ")
}

impl Row {
    fn cell(&self, at: usize) -> Result<&Cell> {
        self.0.get(at).with_context(|| format!("The row has no column {at}"))
    }

    pub fn int(&self, at: usize) -> Result<i64> {
        match self.cell(at)? {
            Cell::Int(int) => Ok(*int),
            other => bail!("Column {at} holds {}, not a number", other.kind()),
        }
    }

    pub fn bool(&self, at: usize) -> Result<bool> {
        match self.cell(at)? {
            Cell::Bool(bool) => Ok(*bool),
            Cell::Int(int) => Ok(*int != 0),
            other => bail!("Column {at} holds {}, not a truth", other.kind()),
        }
    }

    pub fn float(&self, at: usize) -> Result<f64> {
        match self.cell(at)? {
            Cell::Float(float) => Ok(*float),
            other => bail!("Column {at} holds {}, not a fraction", other.kind()),
        }
    }

    pub fn text(&self, at: usize) -> Result<&str> {
        match self.cell(at)? {
            Cell::Text(text) => Ok(text),
            other => bail!("Column {at} holds {}, not a text", other.kind()),
        }
    }

    pub fn bytes(&self, at: usize) -> Result<&[u8]> {
        match self.cell(at)? {
            Cell::Bytes(bytes) => Ok(bytes),
            other => bail!("Column {at} holds {}, not bytes", other.kind()),
        }
    }

    pub fn guid(&self, at: usize) -> Result<Guid> {
        Guid::from_bytes(self.bytes(at)?).with_context(|| format!("Column {at} holds no key of 16 bytes"))
    }

    pub fn key(&self, at: usize) -> Result<MessageKey> {
        let bytes = self.bytes(at)?.try_into().ok();
        bytes.map(MessageKey).with_context(|| format!("Column {at} holds no key of 32 bytes"))
    }

    pub fn time(&self, at: usize) -> Result<Timestamp> {
        self.int(at).map(Timestamp)
    }

    pub fn is_null(&self, at: usize) -> bool {
        matches!(self.0.get(at), None | Some(Cell::Null))
    }

    /// `None` where the column is NULL: `row.maybe(3, Row::guid)`.
    pub fn maybe<'a, T>(
        &'a self,
        at: usize,
        read: impl Fn(&'a Row, usize) -> Result<T>,
    ) -> Result<Option<T>> {
        if self.is_null(at) { Ok(None) } else { read(self, at).map(Some) }
    }
}

impl Cell {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Cell::Null => "nothing",
            Cell::Bool(_) => "a truth",
            Cell::Int(_) => "a number",
            Cell::Float(_) => "a fraction",
            Cell::Text(_) => "a text",
            Cell::Bytes(_) => "bytes",
        }
    }
}

impl From<&str> for Cell {
    fn from(it: &str) -> Cell {
        Cell::Text(it.to_owned())
    }
}

impl From<String> for Cell {
    fn from(it: String) -> Cell {
        Cell::Text(it)
    }
}

impl From<i64> for Cell {
    fn from(it: i64) -> Cell {
        Cell::Int(it)
    }
}

impl From<f64> for Cell {
    fn from(it: f64) -> Cell {
        Cell::Float(it)
    }
}

impl From<u32> for Cell {
    fn from(it: u32) -> Cell {
        Cell::Int(it.into())
    }
}

impl From<bool> for Cell {
    fn from(it: bool) -> Cell {
        Cell::Bool(it)
    }
}

impl From<Vec<u8>> for Cell {
    fn from(it: Vec<u8>) -> Cell {
        Cell::Bytes(it)
    }
}

impl From<Guid> for Cell {
    fn from(it: Guid) -> Cell {
        Cell::Bytes(it.as_bytes().to_vec())
    }
}

impl From<MessageKey> for Cell {
    fn from(it: MessageKey) -> Cell {
        Cell::Bytes(it.0.to_vec())
    }
}

impl From<Timestamp> for Cell {
    fn from(it: Timestamp) -> Cell {
        Cell::Int(it.0)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(it: Option<T>) -> Cell {
        it.map_or(Cell::Null, Into::into)
    }
}
