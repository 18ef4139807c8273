//! Destroys an untracked copy when the time to undo is over (decision 3), and then its traces in the database's files.

use super::Outcome;
use crate::{App, Result};
use domain::id::Guid;
use store::job::{self, Job};
use store::{Commit, Stamp};
use tracing::warn;

/// The commit that destroys the copy puts down the job that empties the log: a crash between them loses neither.
pub(super) async fn erase(app: &App, email: Guid) -> Result<Outcome> {
    let hidden = store::tracking::stored_by_id(&app.db, email).await?.is_some_and(|it| it.hidden);
    let mut commit = Commit::new();
    if hidden {
        store::email::erase(&mut commit, &app.db, email, Stamp { by: Guid::NIL, at: app.now() });
        job::put(&mut commit, app.new_id(), &Job::EmptyLog { email }, app.now())?;
    }
    Ok(Outcome::Done(commit))
}

/// Whatever was destroyed before is gone from the log, too; or it is tried again until it is.
pub(super) async fn empty_log(app: &App) -> Outcome {
    match app.db.checkpoint().await {
        Ok(()) => Outcome::Done(Commit::new()),
        Err(trouble) => {
            warn!("The database's log could not be emptied after erasing: {trouble:#}");
            Outcome::Later("log_in_use", Commit::new())
        }
    }
}
