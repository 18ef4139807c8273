//! The one writer. Commits that wait at the same time share one transaction and so one write to the log; each has a
//! savepoint of its own, so that one that fails leaves the others alone.

use super::bind;
use crate::commit::{Commit, Expect, Failure};
use anyhow::{Context, Result, anyhow, ensure};
use rusqlite::{Connection, ErrorCode, ffi};
use std::sync::mpsc::Receiver;
use tokio::sync::oneshot;

/// At most so many commits share a transaction: the first must not wait for ever.
const TOGETHER: usize = 64;

pub enum Task {
    Commit(Waiting),
    Checkpoint(oneshot::Sender<Result<()>>),
}

pub struct Waiting {
    pub commit: Commit,
    pub answer: oneshot::Sender<Result<(), Failure>>,
}

/// Works until the last [`super::Sqlite`] is dropped and all that was handed over is written.
pub fn run(connection: &Connection, tasks: &Receiver<Task>) {
    while let Ok(first) = tasks.recv() {
        let mut group = Vec::new();
        let mut next = Some(first);
        while let Some(task) = next {
            match task {
                Task::Commit(waiting) => group.push(waiting),
                Task::Checkpoint(answer) => {
                    write(connection, std::mem::take(&mut group));
                    let _ = answer.send(checkpoint(connection));
                }
            }
            next = if group.len() < TOGETHER { tasks.try_recv().ok() } else { None };
        }
        write(connection, group);
    }
}

fn write(connection: &Connection, group: Vec<Waiting>) {
    if group.is_empty() {
        return;
    }
    let (settled, whole) = together(connection, &group);
    if whole.is_err() && !connection.is_autocommit() {
        let _ = connection.execute_batch("ROLLBACK");
    }
    let why = whole.as_ref().err().map(|it| format!("{it:#}"));
    let mut settled = settled.into_iter();
    for waiting in group {
        // Nobody is told before the transaction that holds his commit has ended.
        let result = match (settled.next(), &why) {
            (Some(Err(failure)), _) => Err(failure),
            (Some(Ok(())), None) => Ok(()),
            (_, Some(why)) => Err(Failure::Broken(anyhow!("Writing to the database: {why}"))),
            (None, None) => Err(Failure::Broken(anyhow!("The database has stopped"))),
        };
        let _ = waiting.answer.send(result);
    }
}

/// What became of each commit, and of the transaction they share.
fn together(connection: &Connection, group: &[Waiting]) -> (Vec<Result<(), Failure>>, Result<()>) {
    let mut settled = Vec::with_capacity(group.len());
    let whole = (|| {
        run_plain(connection, "BEGIN IMMEDIATE")?;
        for waiting in group {
            run_plain(connection, "SAVEPOINT one")?;
            let result = alone(connection, &waiting.commit);
            // A full disk or a failing one ends the whole transaction, not only the statement.
            ensure!(!connection.is_autocommit(), "The transaction was lost: {}", reason(&result));
            if result.is_err() {
                run_plain(connection, "ROLLBACK TO one")?;
            }
            run_plain(connection, "RELEASE one")?;
            settled.push(result);
        }
        run_plain(connection, "COMMIT")
    })();
    (settled, whole)
}

fn run_plain(connection: &Connection, sql: &str) -> Result<()> {
    bind::touched(connection, sql, &[]).map(drop).context("Ending a transaction")
}

fn reason(result: &Result<(), Failure>) -> String {
    result.as_ref().err().map_or_else(String::new, |it| format!("{it:#}"))
}

fn alone(connection: &Connection, commit: &Commit) -> Result<(), Failure> {
    for statement in &commit.statements {
        let touched = match bind::touched(connection, &statement.sql, &statement.values) {
            Ok(touched) => touched,
            Err(error) if is_taken(&error) => return Err(Failure::Changed),
            Err(error) => {
                let error = anyhow::Error::new(error).context(format!("Running {}", statement.sql));
                return Err(Failure::Broken(error));
            }
        };
        if matches!(statement.expect, Expect::Exactly(count) if count != touched) {
            return Err(Failure::Changed);
        }
    }
    Ok(())
}

/// A row with this key, or these unique columns, is there already.
fn is_taken(error: &rusqlite::Error) -> bool {
    use ffi::{SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_ROWID, SQLITE_CONSTRAINT_UNIQUE};
    let taken = [SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_ROWID, SQLITE_CONSTRAINT_UNIQUE];
    matches!(error, rusqlite::Error::SqliteFailure(ffi::Error { code: ErrorCode::ConstraintViolation, extended_code }, _)
        if taken.contains(extended_code))
}

fn checkpoint(connection: &Connection) -> Result<()> {
    let busy: i64 = connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
        .context("Emptying the log beside the database")?;
    ensure!(busy == 0, "A reader kept the log beside the database from being emptied");
    Ok(())
}
