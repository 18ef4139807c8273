//! What is known about a message: asked once, before anything is decided.

use crate::mail::Item;
use crate::{App, Result};
use domain::correlate::{Known, Question, Stored};
use domain::id::{Guid, MessageKey, RecordRef};
use domain::privilege::{Action, Actor};
use domain::tracking::Target;
use store::tracking::Place;

/// Everything the organization knows about this message. Two round trips.
pub(crate) async fn about(app: &App, question: &Question) -> Result<Known> {
    let keys: Vec<MessageKey> = question.key.iter().chain(&question.ancestors).copied().collect();
    let (stored, people) = tokio::try_join!(
        store::tracking::stored(&app.db, &keys),
        store::matching::matches(&app.db, &app.catalog, &question.addresses),
    )?;
    Ok(sorted(question, stored, people))
}

/// What this user tracks at this place: a message without Message-ID is known again by where it lies.
pub(crate) async fn at(app: &App, user: Guid, item: &Item) -> Result<Option<Stored>> {
    let Some(shown) = &item.shown else { return Ok(None) };
    let place = Place {
        mailbox: item.mailbox,
        folder: item.folder.clone(),
        uid: item.uid,
        uid_validity: shown.uid_validity,
    };
    let found = store::tracking::stored_at(&app.db, user, &place, &[item.uid]).await?;
    Ok(found.into_iter().map(|(_, stored)| stored).next())
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
