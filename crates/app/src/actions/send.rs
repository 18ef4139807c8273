//! A draft is handed over for sending.

use super::Refusal;
use crate::changes::Changes;
use crate::{App, Result};
use domain::envelope::Part;
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor};
use domain::record::{Value, Values};
use domain::token;

/// Whether the message shall go out, or was sent by other means and is only to be called sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Issue {
    Send,
    SentAlready,
}

const COMPLETED: i64 = 1;
const SENT: i64 = 3;
const PENDING: i64 = 6;

/// The draft cannot be changed any more and waits to be sent, with a tracking code; with one given, its subject ends in it.
/// Returns the subject.
///
/// Nothing leaves the house here: messages in the state *pending send* are taken from there by the sending that comes with
/// outgoing mailboxes, and wait until then.
pub async fn send(
    app: &App,
    actor: &Actor,
    email: Guid,
    issue: Issue,
    given: Option<&str>,
) -> Result<String> {
    // Know
    let record = RecordRef::new("email", email);
    let mut changes = Changes::new(app, actor);
    let draft = changes.held(Action::Write, &record).await?;
    let parties = store::email::parties(&app.db, email).await?;

    // Decide
    if draft.get("statecode").int() != Some(0) || !draft.get("messagekey").is_null() {
        return Err(Refusal::NoDraft.into());
    }
    if !parties.iter().any(|it| matches!(it.part, Part::To | Part::Cc | Part::Bcc)) {
        return Err(Refusal::Nobody.into());
    }
    let given = given.map(str::trim).filter(|it| !it.is_empty());
    let subject = match given {
        Some(token) => token::added(draft.text("subject"), token),
        None => draft.text("subject").to_owned(),
    };
    let token = given.or(token::of_subject(&subject)).map_or_else(|| token::of(email), str::to_owned);
    let status = match issue {
        Issue::Send => PENDING,
        Issue::SentAlready => SENT,
    };

    // Do
    let mut values = Values::from([
        ("statecode".to_owned(), Value::Int(COMPLETED)),
        ("statuscode".to_owned(), Value::Int(status)),
        ("directioncode".to_owned(), true.into()),
        ("trackingtoken".to_owned(), domain::text::clipped(&token, 50).into()),
        ("subject".to_owned(), subject.as_str().into()),
    ]);
    if issue == Issue::SentAlready {
        values.insert("senton".to_owned(), app.now().into());
    }
    changes.write_by_rule(&record, values).await?;
    changes.commit().await?;
    Ok(subject)
}
