//! The embedded engine by rusqlite alone: one thread writes, four read.

use super::Statement;
use crate::api::mould::Rows;
use crate::rows::{Bound, Kind, names};
use anyhow::{Context, Result, anyhow, ensure};
use domain::id::Guid;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;
use store::Cell;
use tokio::sync::oneshot;

const READERS: usize = 4;
/// At most so many requests share a transaction, as with the product.
const TOGETHER: usize = 64;
/// The product's.
const PRAGMAS: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -8192;
    PRAGMA mmap_size = 268435456;
    PRAGMA journal_size_limit = 67108864;
";
const WRITER_PRAGMAS: &str = "
    PRAGMA cache_size = -32768;
    PRAGMA wal_autocheckpoint = 16000;
";

type Answer = Vec<Vec<Cell>>;

type Work = dyn FnOnce(&Connection) -> Result<Answer> + Send;

struct Task {
    work: Box<Work>,
    answer: oneshot::Sender<Result<Answer>>,
}

pub struct Sqlite {
    reads: Sender<Task>,
    writes: Sender<Task>,
    inserts: Arc<Vec<String>>,
}

impl Sqlite {
    pub fn open(path: &str, kinds: &[Kind]) -> Result<Sqlite> {
        let (writes, tasks) = channel();
        let (reads, questions) = channel();
        let connection = connect(path)?;
        connection.execute_batch(WRITER_PRAGMAS)?;
        thread::spawn(move || write(&connection, &tasks));
        let questions = Arc::new(Mutex::new(questions));
        for _ in 0..READERS {
            let (connection, questions) = (connect(path)?, Arc::clone(&questions));
            thread::spawn(move || read(&connection, &questions));
        }
        Ok(Sqlite { reads, writes, inserts: Arc::new(kinds.iter().map(insert).collect()) })
    }

    pub async fn rows(&self, sql: &'static str, key: Guid) -> Result<Answer> {
        done(&self.reads, move |it| rows(it, sql, key)).await
    }

    pub async fn write(&self, statements: Vec<Statement>) -> Result<()> {
        let work = move |connection: &Connection| {
            for (sql, values) in &statements {
                let values = rusqlite::params_from_iter(values.iter().map(Bound));
                ensure!(connection.prepare_cached(sql)?.execute(values)? == 1, "Somebody was faster");
            }
            Ok(vec![])
        };
        done(&self.writes, work).await.map(drop)
    }

    pub async fn insert(&self, all: Rows) -> Result<()> {
        let inserts = Arc::clone(&self.inserts);
        let work = move |connection: &Connection| {
            for (sql, rows) in inserts.iter().zip(&all) {
                let mut insert = connection.prepare_cached(sql)?;
                for row in rows {
                    insert.execute(rusqlite::params_from_iter(row.iter().map(Bound)))?;
                }
            }
            Ok(vec![])
        };
        done(&self.writes, work).await.map(drop)
    }
}

async fn done(
    tasks: &Sender<Task>,
    work: impl FnOnce(&Connection) -> Result<Answer> + Send + 'static,
) -> Result<Answer> {
    let (answer, answered) = oneshot::channel();
    tasks.send(Task { work: Box::new(work), answer }).map_err(|_| anyhow!("The thread has stopped"))?;
    answered.await.context("The thread has stopped")?
}

fn connect(path: &str) -> Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.execute_batch(PRAGMAS)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

fn insert(kind: &Kind) -> String {
    let marks: Vec<String> = (1..=kind.columns.len()).map(|it| format!("?{it}")).collect();
    format!("INSERT INTO {} ({}) VALUES ({})", kind.table, names(&kind.columns), marks.join(", "))
}

fn read(connection: &Connection, tasks: &Mutex<Receiver<Task>>) {
    loop {
        let task = tasks.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Task { work, answer }) = task else { return };
        let _ = answer.send(work(connection));
    }
}

fn write(connection: &Connection, tasks: &Receiver<Task>) {
    while let Ok(first) = tasks.recv() {
        let mut group = vec![first];
        while group.len() < TOGETHER
            && let Ok(next) = tasks.try_recv()
        {
            group.push(next);
        }
        let mut settled = Vec::with_capacity(group.len());
        let begun = connection.execute_batch("BEGIN IMMEDIATE");
        for Task { work, answer } in group {
            settled.push((work(connection), answer));
        }
        let ended = begun.and_then(|()| connection.execute_batch("COMMIT"));
        for (result, answer) in settled {
            let result = match &ended {
                Ok(()) => result,
                Err(error) => Err(anyhow!("Writing: {error}")),
            };
            let _ = answer.send(result);
        }
    }
}

fn rows(connection: &Connection, sql: &str, key: Guid) -> Result<Answer> {
    let mut statement = connection.prepare_cached(sql)?;
    let width = statement.column_count();
    let mut found = statement.query([key.as_bytes().as_slice()])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        rows.push((0..width).map(|at| Ok(cell(row.get_ref(at)?))).collect::<Result<Vec<Cell>>>()?);
    }
    Ok(rows)
}

fn cell(value: ValueRef<'_>) -> Cell {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(number) => Cell::Int(number),
        ValueRef::Real(number) => Cell::Float(number),
        ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Cell::Bytes(bytes.to_vec()),
    }
}
