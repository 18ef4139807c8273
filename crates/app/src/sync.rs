//! Reads the mailboxes: headers first, the body only after the verdict (rule 9, M20).

mod mailbox;

use crate::{App, Error, Result, mailboxes};
use domain::id::Guid;
use std::time::Duration;

pub use mailbox::{Limits, folder};

/// Between two passes over all mailboxes.
pub const EVERY: Duration = Duration::from_mins(1);

/// How far a pass has come in one folder.
#[derive(Debug, Clone)]
pub struct Progress {
    /// The address of the mailbox.
    pub mailbox: String,
    pub folder: String,
    pub seen: u64,
    pub of: u64,
    pub tracked: u64,
}

/// What one pass over a mailbox did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Messages whose headers were read.
    pub read: u64,
    pub tracked: u64,
    pub left: u64,
}

#[derive(Debug)]
pub struct Outcome {
    pub mailboxes: Vec<Pass>,
}

/// What became of one mailbox.
#[derive(Debug)]
pub struct Pass {
    pub id: Guid,
    pub address: String,
    /// What was done, or why nothing was.
    pub counts: Result<Counts>,
}

/// One pass over the mailboxes of one user, or of all. Another mailbox's trouble stops none.
pub async fn once(
    app: &App,
    user: Option<Guid>,
    progress: impl Fn(Progress) + Send + Sync,
) -> Result<Outcome> {
    let rows = match user {
        Some(user) => mailboxes::of(app, user).await?,
        None => mailboxes::all(app).await?,
    };
    let mut outcome = Outcome { mailboxes: vec![] };
    for row in rows {
        let counts = mailbox::pass(app, &row, &progress).await;
        note(app, &row, &counts).await?;
        outcome.mailboxes.push(Pass { id: row.id, address: row.address, counts });
    }
    crate::work::run_due(app).await?;
    Ok(outcome)
}

/// What is wrong with a mailbox stands in its row until it is well again; then nothing waits any longer for it.
async fn note(app: &App, row: &mailboxes::MailboxRow, counts: &Result<Counts>) -> Result<()> {
    let trouble = match counts {
        Err(Error::Mailbox(trouble)) => Some(trouble.to_string()),
        Ok(_) | Err(_) => None,
    };
    if trouble != row.trouble {
        let mut commit = store::Commit::new();
        store::mailbox::set_trouble(&mut commit, row.id, trouble.as_deref());
        if trouble.is_none() {
            store::job::wake(&mut commit, row.id, app.now());
        }
        app.db.commit(commit).await?;
        mailboxes::forget(app, row.user);
    }
    Ok(())
}
