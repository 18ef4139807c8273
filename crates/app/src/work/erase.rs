//! Destroys an untracked copy when the time to undo is over (decision 3).

use super::Outcome;
use crate::{App, Result};
use domain::id::Guid;
use store::job::Job;
use store::{Commit, Stamp};
use tracing::warn;

pub(super) async fn erase(app: &App, email: Guid) -> Result<Outcome> {
    let hidden = store::tracking::stored_by_id(&app.db, email).await?.is_some_and(|it| it.hidden);
    let mut commit = Commit::new();
    if hidden {
        store::email::erase(&mut commit, &app.db, email, Stamp { by: Guid::NIL, at: app.now() });
    }
    Ok(Outcome::Done(commit))
}

/// What was erased must not live on in the write-ahead log.
pub(super) async fn after(app: &App, job: &Job) {
    if let (Job::EraseEmail { .. }, store::Db::Sqlite(sqlite)) = (job, &app.db)
        && let Err(trouble) = sqlite.checkpoint().await
    {
        warn!("The write-ahead log could not be emptied after erasing: {trouble:#}");
    }
}
