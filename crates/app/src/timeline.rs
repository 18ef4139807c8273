//! What happened around a record: activities of all kinds and notes, newest first.

use crate::pane::Named;
use crate::{App, Error, Problem, Result};
use domain::correlate::Content;
use domain::filter::After;
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor, Scope};
use domain::record::{Record, Values};
use domain::time::Timestamp;
use std::collections::BTreeMap;
use store::timeline::{Around, Happened};

#[derive(Debug, Clone)]
pub struct Timeline {
    pub entries: Vec<Entry>,
    pub next: Option<After>,
}

#[derive(Debug, Clone)]
pub struct Entry {
    pub record: RecordRef,
    /// `email`, `task`, `annotation`.
    pub kind: String,
    pub title: String,
    pub at: Timestamp,
    /// Outgoing e-mail.
    pub outgoing: bool,
    /// From and to, as names; empty for a note.
    pub from: String,
    pub to: String,
    /// The note's text, or the first words of the message.
    pub text: String,
    pub attachments: i64,
    pub pending: bool,
    /// Name of the owner.
    pub owner: String,
    /// The record of the account's that it is regarding, when it is not the record itself.
    pub about: Option<Named>,
}

/// Entries on one page.
const PAGE: u32 = 25;
/// Words of the beginning of a message that a timeline shows, in characters.
const BEGINNING: usize = 240;

/// 25 entries of the record's own timeline; an account's includes the e-mails of its contacts, opportunities and cases
/// that the reader may see.
pub async fn timeline(
    app: &App,
    actor: &Actor,
    record: &RecordRef,
    after: Option<After>,
) -> Result<Timeline> {
    let read = |entity: &str| actor.scope(Action::Read, entity);
    let family: Vec<Scope> = ["contact", "opportunity", "incident"].map(read).into();
    let around = Around { record, activities: &read("email"), notes: &read("annotation"), family: &family };
    let page = store::timeline::timeline(&app.db, &app.catalog, &around, after.as_ref(), PAGE).await?;
    let of = |entity: &str| -> Vec<Guid> {
        page.entries.iter().filter(|it| it.record.entity == entity).map(|it| it.record.id).collect()
    };
    let (emails, notes) = (of("email"), of("annotation"));
    let others = page.entries.iter().map(|it| &it.record);
    let others: Vec<Guid> =
        others.filter(|it| !matches!(&*it.entity, "email" | "annotation")).map(|it| it.id).collect();
    let (emails, notes, others) = tokio::try_join!(
        emails_as_entries(app, actor, &emails, Some(record)),
        notes_as_entries(app, actor, &notes),
        others_as_entries(app, actor, &others, record),
    )?;
    let mut all: BTreeMap<RecordRef, Entry> =
        emails.into_iter().chain(notes).chain(others).map(|it| (it.record.clone(), it)).collect();
    let in_order = |it: &Happened| Some(Entry { at: it.at, ..all.remove(&it.record)? });
    Ok(Timeline { entries: page.entries.iter().filter_map(in_order).collect(), next: page.next })
}

/// E-mails as entries, in this order, as far as the reader may see them. `seen_from`: the record whose timeline this is.
pub(crate) async fn emails_as_entries(
    app: &App,
    actor: &Actor,
    emails: &[Guid],
    seen_from: Option<&RecordRef>,
) -> Result<Vec<Entry>> {
    if emails.is_empty() {
        return Ok(vec![]);
    }
    let scope = actor.scope(Action::Read, "email");
    let (records, beginnings) = tokio::try_join!(
        store::records::get_many(&app.db, &app.catalog, "email", emails, &scope),
        store::content::beginnings(&app.db, emails, BEGINNING),
    )?;
    let pointed: Vec<RecordRef> = records
        .iter()
        .flat_map(|it| [it.get("ownerid").record().cloned(), it.get("regardingobjectid").record().cloned()])
        .flatten()
        .collect();
    let names = crate::records::names(app, actor, &pointed).await?;
    let entry = |record: &Record| {
        let name = |column: &str| {
            let record = record.get(column).record()?;
            Some(Named { record: record.clone(), name: names.get(record)?.clone() })
        };
        Entry {
            record: record.reference(),
            kind: "email".to_owned(),
            title: record.text("subject").to_owned(),
            at: record.get("senton").time().unwrap_or_default(),
            outgoing: record.get("directioncode").bool().unwrap_or_default(),
            from: record.text("sender").to_owned(),
            to: record.text("torecipients").to_owned(),
            text: beginnings.get(&record.id).cloned().unwrap_or_default(),
            attachments: record.get("attachmentcount").int().unwrap_or_default(),
            pending: record.get("contentstate").int() != Some(Content::Stored.code()),
            owner: name("ownerid").map(|it| it.name).unwrap_or_default(),
            about: name("regardingobjectid").filter(|it| Some(&it.record) != seen_from),
        }
    };
    Ok(emails.iter().filter_map(|id| records.iter().find(|it| it.id == *id)).map(entry).collect())
}

/// Activities of any other kind as entries, in no order, as far as the reader may see them: what all kinds have in common
/// stands in their twins.
async fn others_as_entries(
    app: &App,
    actor: &Actor,
    activities: &[Guid],
    seen_from: &RecordRef,
) -> Result<Vec<Entry>> {
    let scope = actor.scope(Action::Read, "activitypointer");
    let twins =
        store::records::get_many(&app.db, &app.catalog, "activitypointer", activities, &scope).await?;
    let pointed = twins.iter().flat_map(|it| [it.owner(), it.get("regardingobjectid").record()]).flatten();
    let names = crate::records::names(app, actor, &pointed.cloned().collect::<Vec<_>>()).await?;
    let entry = |twin: &Record| {
        let kind = twin.text("activitytypecode").to_owned();
        let regarding = twin.get("regardingobjectid").record().filter(|it| *it != seen_from);
        Entry {
            record: RecordRef::new(&kind, twin.id),
            kind,
            title: twin.text("subject").to_owned(),
            at: twin.get("sortdate").time().unwrap_or_default(),
            outgoing: false,
            from: String::new(),
            to: String::new(),
            text: String::new(),
            attachments: 0,
            pending: false,
            owner: twin.owner().and_then(|it| names.get(it)).cloned().unwrap_or_default(),
            about: regarding.and_then(|it| Some(Named { record: it.clone(), name: names.get(it)?.clone() })),
        }
    };
    Ok(twins.iter().map(entry).collect())
}

/// Notes as entries, in no order, as far as the reader may see them.
async fn notes_as_entries(app: &App, actor: &Actor, notes: &[Guid]) -> Result<Vec<Entry>> {
    let scope = actor.scope(Action::Read, "annotation");
    let notes = store::records::get_many(&app.db, &app.catalog, "annotation", notes, &scope).await?;
    let owners: Vec<RecordRef> = notes.iter().filter_map(|it| it.owner().cloned()).collect();
    let names = crate::records::names(app, actor, &owners).await?;
    let entry = |record: &Record| Entry {
        record: record.reference(),
        kind: "annotation".to_owned(),
        title: record.text("subject").to_owned(),
        at: record.get("createdon").time().unwrap_or_default(),
        outgoing: false,
        from: String::new(),
        to: String::new(),
        text: record.text("notetext").to_owned(),
        attachments: 0,
        pending: false,
        owner: record.owner().and_then(|it| names.get(it)).cloned().unwrap_or_default(),
        about: None,
    };
    Ok(notes.iter().map(entry).collect())
}

/// Adds a note.
pub async fn add_note(
    app: &App,
    actor: &Actor,
    about: &RecordRef,
    title: &str,
    text: &str,
) -> Result<RecordRef> {
    let append = actor.scope(Action::AppendTo, &about.entity);
    if !store::records::reaches(&app.db, &app.catalog, about, &append).await? {
        return Err(Error::NotAllowed);
    }
    let values = Values::from([
        ("subject".to_owned(), title.trim().into()),
        ("notetext".to_owned(), text.trim().into()),
        ("objectid".to_owned(), about.clone().into()),
    ]);
    if title.trim().is_empty() && text.trim().is_empty() {
        return Err(Error::Invalid(vec![Problem::Missing { column: "notetext".to_owned() }]));
    }
    let id = crate::records::create(app, actor, "annotation", values).await?;
    Ok(RecordRef::new("annotation", id))
}
