//! Sets or removes the keyword `Tracked` on a user's own message, so that every mail program shows one truth.

use super::Outcome;
use super::fetch::called;
use crate::{App, Error, Result, mailboxes};
use connect::{Mailbox, Mark, Trouble};
use domain::id::Guid;
use store::Commit;
use store::tracking::Place;

/// What every client shows.
pub const KEYWORD: &str = "Tracked";

/// A mailbox that keeps no keyword after so many tries does without: tracking does not depend on it.
const TRIES: i64 = 20;

pub(super) async fn mark(
    app: &App,
    email: Guid,
    user: Guid,
    place: &Place,
    tracked: bool,
    attempts: i64,
) -> Result<Outcome> {
    let row = match mailboxes::own(app, user, place.mailbox).await {
        Ok(row) => row,
        Err(Error::NotFound) => return Ok(Outcome::Done(Commit::new())),
        Err(other) => return Err(other),
    };
    let message_id = store::email::message_id(&app.db, email).await?;
    let mark = if tracked { Mark::Set } else { Mark::Remove };
    let marked = match mailboxes::open(app, &row).await {
        Ok(mut open) => {
            let marked = set(&mut open, place, message_id.as_deref(), mark).await;
            open.keep(marked)
        }
        Err(trouble) => Err(trouble),
    };
    match marked {
        Ok(()) => Ok(Outcome::Done(Commit::new())),
        // There is nothing to mark, or nothing that keeps a mark.
        Err(Error::Mailbox(
            Trouble::Gone
            | Trouble::NoFolder { .. }
            | Trouble::NoKeywords { .. }
            | Trouble::NotAllowed { .. },
        )) => Ok(Outcome::Done(Commit::new())),
        Err(Error::Mailbox(_)) if attempts >= TRIES => Ok(Outcome::Done(Commit::new())),
        Err(Error::Mailbox(trouble)) => Ok(Outcome::Later(called(&trouble), Commit::new())),
        Err(other) => Err(other),
    }
}

async fn set(
    mailbox: &mut Mailbox,
    place: &Place,
    message_id: Option<&str>,
    mark: Mark,
) -> std::result::Result<(), Trouble> {
    let (folder, uid) = match mailbox.status(&place.folder).await {
        Ok(status) if status.uid_validity == place.uid_validity => (place.folder.clone(), place.uid),
        Ok(_) | Err(Trouble::NoFolder { .. }) => match message_id {
            Some(id) => mailbox.find(id, &[]).await?.ok_or(Trouble::Gone)?,
            None => return Err(Trouble::Gone),
        },
        Err(other) => return Err(other),
    };
    mailbox.set_keyword(&folder, &[uid], KEYWORD, mark).await
}
