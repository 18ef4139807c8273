//! Gets the body of a tracked message out of a mailbox of somebody who tracks it.

use super::Outcome;
use crate::mail::aside;
use crate::{App, Error, Result, copy, mailboxes};
use connect::{Mailbox, Trouble};
use domain::correlate::{Content, Stored};
use domain::id::{Guid, MessageKey};
use store::tracking::Place;
use store::{Commit, Stamp};

/// After this many tries a message that is in no mailbox any more is given up: the copy stays what it is.
const GONE_TRIES: i64 = 5;

pub(super) async fn fetch(app: &App, email: Guid, attempts: i64) -> Result<Outcome> {
    let Some(stored) = store::tracking::stored_by_id(&app.db, email).await? else {
        return Ok(Outcome::Done(Commit::new()));
    };
    if stored.content == Content::Stored || stored.hidden {
        return Ok(Outcome::Done(Commit::new()));
    }
    // Given up only when every mailbox said that it has the message no more.
    let mut why = None;
    for (user, place) in store::tracking::places(&app.db, email).await? {
        match raw(app, user, &place, &stored).await {
            Ok(raw) => return stored_whole(app, &stored, user, raw).await,
            // Somebody else may have the message, also when the mailbox was removed meanwhile.
            Err(Error::Mailbox(Trouble::Gone) | Error::NotFound) => {}
            Err(Error::Mailbox(trouble)) => why = Some(trouble),
            Err(other) => return Err(other),
        }
    }
    let mut commit = Commit::new();
    store::email::set_content(&mut commit, email, Content::Failed);
    match why {
        Some(trouble) => Ok(Outcome::Later(called(&trouble), commit)),
        None if attempts >= GONE_TRIES => Ok(Outcome::Done(commit)),
        None => Ok(Outcome::Later(called(&Trouble::Gone), commit)),
    }
}

async fn stored_whole(app: &App, stored: &Stored, user: Guid, raw: Vec<u8>) -> Result<Outcome> {
    let (app, email) = (app.clone(), stored.email);
    let commit = aside(move || {
        let message = formats::mime::message(&raw);
        let mut commit = Commit::new();
        let stamp = Stamp { by: user, at: app.now() };
        copy::complete(&app, &mut commit, email, &raw, &message, stamp);
        commit
    });
    Ok(Outcome::Done(commit.await?))
}

/// The message byte for byte: where it was seen, or wherever it was moved since.
async fn raw(app: &App, user: Guid, place: &Place, stored: &Stored) -> Result<Vec<u8>> {
    let row = mailboxes::own(app, user, place.mailbox).await?;
    let mut open = mailboxes::open_unless_refused(app, &row).await?;
    let message_id = message_id(app, stored.email).await?;
    let raw = find(&mut open, place, stored.key, message_id.as_deref()).await;
    open.keep(raw)
}

async fn message_id(app: &App, email: Guid) -> Result<Option<String>> {
    Ok(store::email::message_id(&app.db, email).await?)
}

async fn find(
    mailbox: &mut Mailbox,
    place: &Place,
    key: MessageKey,
    message_id: Option<&str>,
) -> std::result::Result<Vec<u8>, Trouble> {
    match mailbox.status(&place.folder).await {
        Ok(status) if status.uid_validity == place.uid_validity => {
            match mailbox.message(&place.folder, place.uid).await {
                Ok(raw) => {
                    if let Some(raw) = the_one(raw, key).await {
                        return Ok(raw);
                    }
                }
                Err(Trouble::Gone) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(_) | Err(Trouble::NoFolder { .. }) => {}
        Err(other) => return Err(other),
    }
    let Some(message_id) = message_id else { return Err(Trouble::Gone) };
    match mailbox.find(message_id, &[]).await? {
        Some((folder, uid)) => mailbox.message(&folder, uid).await,
        None => Err(Trouble::Gone),
    }
}

/// The message, when it is the one with this key: the same UID may name another one after a folder was made anew.
async fn the_one(raw: Vec<u8>, key: MessageKey) -> Option<Vec<u8>> {
    let is = move |raw: &[u8]| match formats::mime::envelope(raw, raw.len() as u64).key() {
        Some(found) => found == key,
        None => MessageKey::of_raw(raw) == key,
    };
    // What cannot be read is looked for elsewhere, like what is not there.
    aside(move || is(&raw).then_some(raw)).await.unwrap_or_default()
}

/// The name of a trouble in a job's row.
pub(super) fn called(trouble: &Trouble) -> &'static str {
    match trouble {
        Trouble::Unreachable { .. } => "unreachable",
        Trouble::Certificate { .. } => "certificate",
        Trouble::NoTls { .. } => "no_tls",
        Trouble::LoginRefused => "login_refused",
        Trouble::NoFolder { .. } => "no_folder",
        Trouble::NotAllowed { .. } => "not_allowed",
        Trouble::NoKeywords { .. } => "no_keywords",
        Trouble::Gone => "gone",
        Trouble::TooLarge { .. } => "too_large",
        Trouble::Timeout => "timeout",
        Trouble::Disk(_) => "disk",
        Trouble::Protocol(_) => "protocol",
        Trouble::BadSetting(_) => "bad_setting",
    }
}
