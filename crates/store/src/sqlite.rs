//! The embedded engine: one writer thread, several readers, all off the async threads.

mod bind;
mod functions;
mod writer;

use crate::commit::{Commit, Failure};
use crate::db::{Cell, Question, Row};
use anyhow::{Context, Result, anyhow};
use rusqlite::{Connection, OpenFlags};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use tokio::sync::oneshot;

/// More readers than cores, so that a long list does not hold up a short look-up.
const READERS: usize = 4;

/// Prepared statements kept by each connection.
const PREPARED: usize = 256;

/// `synchronous = NORMAL`: a killed program loses nothing; a power cut may lose the last commits, never harm the file.
/// `secure_delete`: what is erased is overwritten, so that it can be proven to be gone.
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

/// The writer keeps more pages (32 MB), and moves the log into the database only when it has 64 MB: that move waits for
/// the disk, and most of what an import touches it touches again.
const WRITER_PRAGMAS: &str = "
    PRAGMA cache_size = -32768;
    PRAGMA wal_autocheckpoint = 16000;
";

/// Cheap to clone; the last clone stops the threads and closes the file.
#[derive(Clone)]
pub struct Sqlite(Arc<Threads>);

struct Threads {
    /// Both are `None` only while the threads are being stopped.
    writes: Option<Sender<writer::Task>>,
    reads: Option<Sender<Asked>>,
    running: Vec<JoinHandle<()>>,
    round_trips: AtomicU64,
}

/// Somebody who asked.
struct Asked {
    questions: Vec<Question>,
    answers: oneshot::Sender<Result<Vec<Vec<Row>>>>,
}

impl Sqlite {
    /// Opens the file, or makes a new one that only its owner may read.
    pub async fn open(path: &Path) -> Result<Sqlite> {
        let path = path.to_owned();
        tokio::task::spawn_blocking(move || Sqlite::start(&path)).await.context("Opening the database")?
    }

    fn start(path: &Path) -> Result<Sqlite> {
        let context = || format!("Opening the database {}", path.display());
        private(path).with_context(context)?;
        let writer = connect(path).with_context(context)?;
        writer.execute_batch(WRITER_PRAGMAS).with_context(context)?;
        let (tasks, work) = channel();
        let (reads, questions) = channel();
        let questions = Arc::new(Mutex::new(questions));
        let mut running = vec![named("sqlite-writer", move || writer::run(&writer, &work))?];
        for _ in 0..READERS {
            let connection = connect(path).with_context(context)?;
            connection.pragma_update(None, "query_only", true).with_context(context)?;
            let questions = Arc::clone(&questions);
            running.push(named("sqlite-reader", move || read(&connection, &questions))?);
        }
        let threads =
            Threads { writes: Some(tasks), reads: Some(reads), running, round_trips: AtomicU64::new(0) };
        Ok(Sqlite(Arc::new(threads)))
    }

    pub async fn rows(&self, sql: &str, values: &[Cell]) -> Result<Vec<Row>> {
        let question = Question { sql: sql.to_owned(), values: values.to_vec() };
        Ok(self.answers(vec![question]).await?.pop().unwrap_or_default())
    }

    pub(crate) async fn answers(&self, questions: Vec<Question>) -> Result<Vec<Vec<Row>>> {
        self.0.round_trips.fetch_add(1, Ordering::Relaxed);
        let (answers, answered) = oneshot::channel();
        let asked = Asked { questions, answers };
        let sent = self.0.reads.as_ref().is_some_and(|it| it.send(asked).is_ok());
        if !sent {
            return Err(stopped());
        }
        answered.await.map_err(|_| stopped())?
    }

    pub async fn commit(&self, commit: Commit) -> Result<(), Failure> {
        self.0.round_trips.fetch_add(1, Ordering::Relaxed);
        let (answer, answered) = oneshot::channel();
        self.write(writer::Task::Commit(writer::Waiting { commit, answer }))?;
        answered.await.map_err(|_| stopped())?
    }

    /// Moves all that is committed into the database file and empties the log beside it. Afterwards nothing that was
    /// deleted before is left in either. Fails when a reader stays in the way for ten seconds.
    pub async fn checkpoint(&self) -> Result<()> {
        let (answer, answered) = oneshot::channel();
        self.write(writer::Task::Checkpoint(answer))?;
        answered.await.map_err(|_| stopped())?
    }

    fn write(&self, task: writer::Task) -> Result<()> {
        let sent = self.0.writes.as_ref().is_some_and(|it| it.send(task).is_ok());
        if sent { Ok(()) } else { Err(stopped()) }
    }

    pub fn round_trips(&self) -> u64 {
        self.0.round_trips.load(Ordering::Relaxed)
    }
}

impl Drop for Threads {
    /// Without senders the threads run out of work; what was handed over is still written.
    fn drop(&mut self) {
        self.writes = None;
        self.reads = None;
        for thread in self.running.drain(..) {
            // A thread that panicked has said so already.
            let _ = thread.join();
        }
    }
}

fn stopped() -> anyhow::Error {
    anyhow!("The database has stopped")
}

fn named(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    thread::Builder::new().name(name.to_owned()).spawn(run).context("Starting a database thread")
}

/// SQLite gives the files beside the database (log, index) the rights of the database itself.
fn private(path: &Path) -> std::io::Result<()> {
    std::fs::OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path).map(drop)
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.execute_batch(PRAGMAS)?;
    functions::add(&connection)?;
    connection.set_prepared_statement_cache_capacity(PREPARED);
    Ok(connection)
}

fn read(connection: &Connection, asked: &Mutex<Receiver<Asked>>) {
    loop {
        // The lock is held while waiting: the next one who asks wakes one reader, the others queue behind it.
        let asked = asked.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Asked { questions, answers }) = asked else { return };
        if answers.is_closed() {
            continue; // Whoever asked has gone.
        }
        let answer = |it: &Question| {
            bind::rows(connection, &it.sql, &it.values).with_context(|| format!("Running {}", it.sql))
        };
        let _ = answers.send(questions.iter().map(answer).collect());
    }
}
