//! What shall be written, as a value: one list of statements that runs whole or not at all (decision 1).

use crate::db::Cell;
use domain::id::Guid;
use domain::time::Timestamp;
use std::borrow::Cow;

/// Who writes, and when. It stands in every record and every change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    pub by: Guid,
    pub at: Timestamp,
}

/// How many rows a statement must touch for the commit to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    Any,
    /// Fewer or more means that somebody else was faster: [`Failure::Changed`].
    Exactly(u64),
}

impl Expect {
    /// `None`: any number will do.
    pub(crate) fn rows(self) -> Option<u64> {
        match self {
            Expect::Any => None,
            Expect::Exactly(rows) => Some(rows),
        }
    }
}

#[derive(Debug, Clone)]
pub struct Statement {
    pub sql: Cow<'static, str>,
    pub values: Vec<Cell>,
    pub expect: Expect,
}

/// The list. Operations fill it through the functions of this crate's nouns and hand it to [`crate::Db::commit`].
#[derive(Debug, Clone, Default)]
pub struct Commit {
    pub(crate) statements: Vec<Statement>,
}

impl Commit {
    pub fn new() -> Commit {
        Commit::default()
    }

    pub fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }

    /// Adds another list behind this one: imports put many messages into one commit.
    pub fn append(&mut self, mut other: Commit) {
        self.statements.append(&mut other.statements);
    }

    pub(crate) fn push(&mut self, sql: impl Into<Cow<'static, str>>, values: Vec<Cell>) {
        self.statements.push(Statement { sql: sql.into(), values, expect: Expect::Any });
    }

    /// The statement must touch exactly one row.
    pub(crate) fn push_one(&mut self, sql: impl Into<Cow<'static, str>>, values: Vec<Cell>) {
        self.statements.push(Statement { sql: sql.into(), values, expect: Expect::Exactly(1) });
    }
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A record is not as it was read, or a row that must be new is there already: know and decide again.
    #[error("Somebody else changed this at the same moment")]
    Changed,
    #[error(transparent)]
    Broken(#[from] anyhow::Error),
}
