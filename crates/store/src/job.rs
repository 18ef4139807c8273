//! Work to be done after a commit: a row written with its cause, repeatable, retried with back-off, leased (rule 7).

use crate::commit::Commit;
use crate::db::{Cell, Db, Row};
use crate::tracking::Place;
use anyhow::{Context, Result};
use domain::id::Guid;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Identities only, never content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Job {
    /// Get the body of a tracked message out of a mailbox of somebody who tracks it.
    FetchMessage { email: Guid },
    /// Make the keyword `Tracked` on this user's copy of the message tell the truth: set when the user tracks it at
    /// that moment, else removed. The place is kept here because untracking removes the tracking row.
    MarkMessage { email: Guid, user: Guid, place: Place },
    /// Destroy an untracked copy when the time to undo is over.
    EraseEmail { email: Guid },
    /// See to it that what was destroyed does not live on in the database's own files ([`Db::checkpoint`]).
    EmptyLog { email: Guid },
}

impl Job {
    fn kind(&self) -> &'static str {
        match self {
            Job::FetchMessage { .. } => "fetch_message",
            Job::MarkMessage { .. } => "mark_message",
            Job::EraseEmail { .. } => "erase_email",
            Job::EmptyLog { .. } => "empty_log",
        }
    }

    pub fn subject(&self) -> Guid {
        match self {
            Job::FetchMessage { email }
            | Job::MarkMessage { email, .. }
            | Job::EraseEmail { email }
            | Job::EmptyLog { email } => *email,
        }
    }
}

/// A job that is ours until `fence` grows.
#[derive(Debug, Clone, PartialEq)]
pub struct Leased {
    pub id: Guid,
    pub job: Job,
    /// How often it was tried before.
    pub attempts: i64,
    pub fence: i64,
}

pub fn put(commit: &mut Commit, id: Guid, job: &Job, run_on: Timestamp) -> Result<()> {
    commit.push(
        "INSERT INTO job (jobid, kind, subject, work, runon, attempts, leasedto, fence)
         VALUES ($1, $2, $3, $4, $5, 0, 0, 0)",
        vec![
            id.into(),
            job.kind().into(),
            job.subject().into(),
            serde_json::to_string(job)?.into(),
            run_on.into(),
        ],
    );
    Ok(())
}

/// Jobs of this kind about this record are not wanted any more: an undo.
pub fn cancel(commit: &mut Commit, job: &Job) {
    commit.push(
        "DELETE FROM job WHERE subject = $1 AND kind = $2",
        vec![job.subject().into(), job.kind().into()],
    );
}

/// Jobs that are due and that nobody works on, oldest first.
pub async fn due(db: &Db, now: Timestamp, limit: u32) -> Result<Vec<Leased>> {
    let sql = "SELECT jobid, work, attempts, fence FROM job WHERE runon <= $1 AND leasedto <= $1
               ORDER BY runon, jobid LIMIT $2";
    leased(&db.rows(sql, &[now.into(), limit.into()]).await?)
}

/// As [`due`], only those that need no mailbox: nothing can hold them up.
pub async fn due_here(db: &Db, now: Timestamp, limit: u32) -> Result<Vec<Leased>> {
    let sql = "SELECT jobid, work, attempts, fence FROM job WHERE runon <= $1 AND leasedto <= $1
                   AND kind IN ('erase_email', 'empty_log') ORDER BY runon, jobid LIMIT $2";
    leased(&db.rows(sql, &[now.into(), limit.into()]).await?)
}

/// Jobs about one record that nobody works on, whether due or not.
pub async fn about(db: &Db, subject: Guid, now: Timestamp) -> Result<Vec<Leased>> {
    let sql = "SELECT jobid, work, attempts, fence FROM job WHERE subject = $1 AND leasedto <= $2 ORDER BY runon, jobid";
    leased(&db.rows(sql, &[subject.into(), now.into()]).await?)
}

fn leased(rows: &[Row]) -> Result<Vec<Leased>> {
    rows.iter()
        .map(|row| {
            Ok(Leased {
                id: row.guid(0)?,
                job: serde_json::from_str(row.text(1)?).context("Reading a job")?,
                attempts: row.int(2)?,
                fence: row.int(3)?,
            })
        })
        .collect()
}

/// Takes the job for ourselves until then; the commit fails with `Changed` when another worker was faster.
pub fn lease(commit: &mut Commit, leased: &mut Leased, until: Timestamp) {
    commit.push_one(
        "UPDATE job SET leasedto = $3, fence = fence + 1, attempts = attempts + 1 WHERE jobid = $1 AND fence = $2",
        vec![leased.id.into(), leased.fence.into(), until.into()],
    );
    leased.fence += 1;
}

/// Keeps a lease for longer; the commit fails with `Changed` when it was lost.
pub fn hold(commit: &mut Commit, leased: &Leased, until: Timestamp) {
    commit.push_one(
        "UPDATE job SET leasedto = $3 WHERE jobid = $1 AND fence = $2",
        vec![leased.id.into(), leased.fence.into(), until.into()],
    );
}

/// The job is done; belongs into the same commit as its result.
pub fn done(commit: &mut Commit, leased: &Leased) {
    commit.push_one(
        "DELETE FROM job WHERE jobid = $1 AND fence = $2",
        vec![leased.id.into(), leased.fence.into()],
    );
}

/// Tried in vain; once more then. `trouble` is the name of what went wrong, without content.
pub fn again(commit: &mut Commit, leased: &Leased, run_on: Timestamp, trouble: &str) {
    commit.push_one(
        "UPDATE job SET runon = $3, leasedto = 0, trouble = $4 WHERE jobid = $1 AND fence = $2",
        vec![leased.id.into(), leased.fence.into(), run_on.into(), trouble.into()],
    );
}

/// What was put off because this mailbox did not do its part is due at once.
pub fn wake(commit: &mut Commit, mailbox: Guid, now: Timestamp) {
    commit.push(
        "UPDATE job SET runon = $2 WHERE trouble IS NOT NULL AND runon > $2
             AND subject IN (SELECT emailid FROM tracking WHERE mailboxid = $1)",
        vec![mailbox.into(), now.into()],
    );
}

/// Whether a worker is fetching this e-mail's message at this moment.
pub async fn is_fetching(db: &Db, email: Guid, now: Timestamp) -> Result<bool> {
    let sql = "SELECT jobid FROM job WHERE subject = $1 AND kind = 'fetch_message' AND leasedto > $2";
    Ok(db.row(sql, &[email.into(), now.into()]).await?.is_some())
}

/// When an e-mail's message is fetched next. `None`: nothing is planned.
pub async fn next_try(db: &Db, emails: &[Guid]) -> Result<Vec<(Guid, Timestamp)>> {
    if emails.is_empty() {
        return Ok(vec![]);
    }
    let sql = format!(
        "SELECT subject, runon FROM job WHERE kind = 'fetch_message' AND subject IN ({})",
        crate::db::placeholders(1, emails.len())
    );
    let emails: Vec<Cell> = emails.iter().map(|it| (*it).into()).collect();
    db.rows(&sql, &emails).await?.iter().map(|row| Ok((row.guid(0)?, row.time(1)?))).collect()
}
