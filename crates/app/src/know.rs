//! What is known about a message: asked once, before anything is decided.

use crate::mail::Item;
use crate::{App, Result};
use domain::correlate::{Known, Question, Stored};
use domain::id::{Guid, MessageKey, RecordRef};
use domain::privilege::{Action, Actor};
use domain::tracking::Target;
use store::tracking::{Answered, Asked, Place};

/// Everything the organization knows about this message. One round trip.
pub(crate) async fn about(app: &App, question: &Question) -> Result<Known> {
    asked(app, question, None).await
}

/// [`about`], of a message of the user's mailbox: one without Message-ID is known again by where it lies.
pub(crate) async fn about_item(app: &App, question: &Question, user: Guid, item: &Item) -> Result<Known> {
    let place = item.shown.as_ref().filter(|_| question.key.is_none()).map(|shown| Place {
        mailbox: item.mailbox,
        folder: item.folder.clone(),
        uid: item.uid,
        uid_validity: shown.uid_validity,
    });
    asked(app, question, place.as_ref().map(|it| (user, it))).await
}

async fn asked(app: &App, question: &Question, at: Option<(Guid, &Place)>) -> Result<Known> {
    let keys: Vec<MessageKey> = question.key.iter().chain(&question.ancestors).copied().collect();
    let asked = Asked { keys: &keys, addresses: &question.addresses, at };
    let Answered { stored, matches, there } = store::tracking::known(&app.db, &app.catalog, asked).await?;
    let known = sorted(question, stored, matches);
    Ok(Known { this: known.this.or(there), ..known })
}

/// Tells this message from its ancestors.
pub(crate) fn sorted(
    question: &Question,
    stored: Vec<Stored>,
    people: Vec<domain::matching::Match>,
) -> Known {
    let (this, ancestors): (Vec<Stored>, Vec<Stored>) =
        stored.into_iter().partition(|it| Some(it.key) == question.key && it.direction == question.direction);
    Known { this: this.into_iter().next(), ancestors, people }
}

/// What a user may do with the record that a message shall be regarding (SE-05).
pub(crate) async fn target(app: &App, actor: &Actor, record: &RecordRef) -> Result<Target> {
    let Some(def) = app.catalog.get(&record.entity) else {
        let record = record.clone();
        return Ok(Target { record, readable: false, may_append_to: false, takes_activities: false });
    };
    let read = actor.scope(Action::Read, &record.entity);
    let append_to = actor.scope(Action::AppendTo, &record.entity);
    let (readable, may_append_to) = tokio::try_join!(
        store::records::reaches(&app.db, &app.catalog, record, &read),
        store::records::reaches(&app.db, &app.catalog, record, &append_to),
    )?;
    Ok(Target { record: record.clone(), readable, may_append_to, takes_activities: def.activities })
}
