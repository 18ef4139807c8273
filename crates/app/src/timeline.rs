//! What happened around a record: e-mails and notes, newest first.

use crate::pane::Named;
use crate::{App, Error, Problem, Result};
use domain::correlate::Content;
use domain::filter::{After, Filter, Op, Query};
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor};
use domain::record::{Record, Values};
use domain::time::Timestamp;
use std::cmp::Reverse;

#[derive(Debug, Clone)]
pub struct Timeline {
    pub entries: Vec<Entry>,
    pub next: Option<After>,
}

#[derive(Debug, Clone)]
pub struct Entry {
    pub record: RecordRef,
    /// `email`, `annotation`.
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

/// 25 entries of the record's own timeline; an account's includes those of its contacts, opportunities and cases.
pub async fn timeline(
    app: &App,
    actor: &Actor,
    record: &RecordRef,
    after: Option<After>,
) -> Result<Timeline> {
    let family = family(app, actor, record).await?;
    let scope = actor.scope(Action::Read, "email");
    let page =
        store::timeline::timeline(&app.db, &app.catalog, &family, &scope, after.as_ref(), PAGE).await?;
    let emails: Vec<Guid> = page.records.iter().map(|it| it.id).collect();
    let mut entries = emails_as_entries(app, actor, &emails, Some(record)).await?;
    let oldest = entries.last().map(|it| it.at);
    entries.extend(notes(app, actor, record, after.as_ref(), oldest.filter(|_| page.next.is_some())).await?);
    entries.sort_by_key(|it| (Reverse(it.at), Reverse(it.record.id)));
    Ok(Timeline { entries, next: page.next })
}

/// The record and, for an account, what belongs to it and the reader may see.
async fn family(app: &App, actor: &Actor, record: &RecordRef) -> Result<Vec<RecordRef>> {
    let mut family = vec![record.clone()];
    if record.entity != "account" {
        return Ok(family);
    }
    for (entity, column) in
        [("contact", "parentcustomerid"), ("opportunity", "customerid"), ("incident", "customerid")]
    {
        let query = Query::of(entity).filter(Filter::eq(column, record.clone())).limit(100);
        let scope = actor.scope(Action::Read, entity);
        let page = store::records::find(&app.db, &app.catalog, &query, &scope).await?;
        family.extend(page.records.iter().map(Record::reference));
    }
    Ok(family)
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

/// The record's own notes between two moments: newer than the page's oldest entry, older than where it starts.
async fn notes(
    app: &App,
    actor: &Actor,
    about: &RecordRef,
    after: Option<&After>,
    oldest: Option<Timestamp>,
) -> Result<Vec<Entry>> {
    let compare =
        |op, time: Timestamp| Filter::Compare { column: "createdon".to_owned(), op, value: time.into() };
    let mut all = vec![Filter::eq("objectid", about.clone())];
    all.extend(after.and_then(|it| it.value.time()).map(|time| compare(Op::Lt, time)));
    all.extend(oldest.map(|time| compare(Op::Ge, time)));
    let query = Query::of("annotation").filter(Filter::All(all)).limit(PAGE);
    let scope = actor.scope(Action::Read, "annotation");
    let page = store::records::find(&app.db, &app.catalog, &query, &scope).await?;
    let owners: Vec<RecordRef> = page.records.iter().filter_map(|it| it.owner().cloned()).collect();
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
    Ok(page.records.iter().map(entry).collect())
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
