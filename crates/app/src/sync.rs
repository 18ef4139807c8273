//! Reads the mailboxes: headers first, the body only after the verdict (rule 9, M20).

mod mailbox;

use crate::mailboxes::MailboxRow;
use crate::{App, Error, Result, mailboxes};
use domain::id::Guid;
use futures::{StreamExt as _, TryStreamExt as _};
use std::time::Duration;

pub use mailbox::{Limits, folder};

/// Between two passes over all mailboxes.
pub const EVERY: Duration = Duration::from_mins(1);

/// How many mailboxes are read at the same moment: most of it is waiting for servers.
const AT_ONCE: usize = 8;

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
    /// The mailbox is in trouble since now, or well again.
    pub is_news: bool,
}

/// One pass over the mailboxes of one user, or of all, also over those that are left alone otherwise. Another mailbox's
/// trouble stops none.
pub async fn once(
    app: &App,
    user: Option<Guid>,
    progress: impl Fn(Progress) + Send + Sync,
) -> Result<Outcome> {
    let rows = match user {
        Some(user) => mailboxes::of(app, user).await?,
        None => mailboxes::all(app).await?,
    };
    let mailboxes = read(app, &rows, &progress).await?;
    crate::work::run_due(app).await?;
    Ok(Outcome { mailboxes })
}

/// One pass that nobody asked for: mailboxes that are away or refused us are left alone for a while (decision 19).
pub(crate) async fn pass(app: &App) -> Result<Vec<Pass>> {
    let mut rows = mailboxes::all(app).await?;
    rows.retain(|row| app.mailboxes.rests.is_due(row, app.now()));
    read(app, &rows, &|_| {}).await
}

/// Several at once, and the results in the order of the rows.
async fn read(
    app: &App,
    rows: &[MailboxRow],
    progress: &(impl Fn(Progress) + Send + Sync),
) -> Result<Vec<Pass>> {
    let mut reads = Vec::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate() {
        reads.push(async move { read_one(app, row, progress).await.map(|pass| (at, pass)) });
    }
    let reads = futures::stream::iter(reads).buffer_unordered(AT_ONCE);
    let mut passes: Vec<(usize, Pass)> = reads.try_collect().await?;
    passes.sort_by_key(|(at, _)| *at);
    Ok(passes.into_iter().map(|(_, pass)| pass).collect())
}

async fn read_one(app: &App, row: &MailboxRow, progress: &(impl Fn(Progress) + Sync)) -> Result<Pass> {
    let counts = mailbox::pass(app, row, progress).await;
    let is_news = match &counts {
        Ok(_) => app.mailboxes.rests.read(row, None, app.now()),
        Err(Error::Mailbox(trouble)) => app.mailboxes.rests.read(row, Some(trouble), app.now()),
        // Not the mailbox's fault.
        Err(_) => true,
    };
    note(app, row, &counts).await?;
    Ok(Pass { id: row.id, address: row.address.clone(), counts, is_news })
}

/// What is wrong with a mailbox stands in its row until it is well again; then nothing waits any longer for it.
async fn note(app: &App, row: &MailboxRow, counts: &Result<Counts>) -> Result<()> {
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
