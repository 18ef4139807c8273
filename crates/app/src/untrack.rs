//! Somebody takes a tracking back (M21).

use crate::track::until_settled;
use crate::{App, Error, Result, work};
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor};
use domain::tracking::{self, Untrack};
use store::Commit;
use store::job::{self, Job};

/// How long an untracked copy can be had back, in seconds (decision 3).
pub const UNDO_SECONDS: i64 = 10;

/// Hides the copy at once when it goes, and destroys it ten seconds later (decision 3). Says what was done.
pub async fn untrack(app: &App, actor: &Actor, email: Guid) -> Result<Untrack> {
    let untracked = until_settled(|| attempt(app, actor, email)).await?;
    work::soon(app, email).await;
    Ok(untracked)
}

async fn attempt(app: &App, actor: &Actor, email: Guid) -> Result<Untrack> {
    // Know
    let stored = store::tracking::stored_by_id(&app.db, email).await?.ok_or(Error::NotFound)?;
    let places = store::tracking::places(&app.db, email).await?;
    let record = RecordRef::new("email", email);
    let delete = actor.scope(Action::Delete, "email");
    let may_delete = store::records::reaches(&app.db, &app.catalog, &record, &delete).await?;

    // Decide
    let untrack = tracking::untrack(&stored, actor.user(), may_delete);
    if untrack == Untrack::NotTracked || stored.hidden {
        return Err(Error::NotFound);
    }

    // Do
    let stamp = app.stamp(actor.user());
    let mut commit = Commit::new();
    store::email::expect(&mut commit, email, stored.version);
    for (_, place) in places.into_iter().filter(|(user, _)| *user == actor.user()) {
        let mark = Job::MarkMessage { email, user: actor.user(), place };
        job::put(&mut commit, app.new_id(), &mark, stamp.at)?;
    }
    match &untrack {
        Untrack::NotTracked => {}
        Untrack::Unlink => unlink(&mut commit, email, actor),
        Untrack::PassOn { to } => {
            unlink(&mut commit, email, actor);
            store::email::pass_on(&mut commit, email, *to, stamp);
        }
        // The link stays with the hidden copy: taken back, it says again who tracked it, when and why.
        Untrack::DeleteCopy => {
            store::email::hide(&mut commit, email, stamp);
            job::cancel(&mut commit, &Job::FetchMessage { email });
            let erase = Job::EraseEmail { email };
            job::put(&mut commit, app.new_id(), &erase, stamp.at.plus_seconds(UNDO_SECONDS))?;
        }
    }
    app.db.commit(commit).await?;
    Ok(untrack)
}

fn unlink(commit: &mut Commit, email: Guid, actor: &Actor) {
    store::tracking::remove(commit, email, actor.user());
    store::tracking::let_out(commit, email, actor.user());
}
