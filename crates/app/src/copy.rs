//! The copy of a message as rows: what an envelope gives before the body is there, and what the body adds.

use crate::{App, Result};
use domain::correlate::{Content, Direction, Known};
use domain::envelope::{Envelope, Part};
use domain::id::{Guid, MessageKey, RecordRef};
use domain::matching;
use domain::privilege::{Action, Actor};
use domain::record::{Record, Value};
use domain::time::Timestamp;
use domain::tracking::Reason;
use formats::mime::Message;
use store::content;
use store::email::{Attachment, Party};
use store::{Commit, Stamp};

/// What lists show of the text, in characters.
const BEGINNING: usize = 240;

/// One message on its way to becoming a row.
pub(crate) struct Tracked<'a> {
    /// The key of the new row.
    pub email: Guid,
    pub mail: &'a Envelope,
    pub key: MessageKey,
    pub direction: Direction,
    pub known: &'a Known,
    pub regarding: Option<RecordRef>,
    pub because: Reason,
    /// When the server got it, for mail without a date.
    pub received: Option<Timestamp>,
    /// The whole message, when it is at hand: then the copy is complete from the start.
    pub content: Option<(&'a [u8], &'a Message)>,
}

/// Adds the row of a newly tracked e-mail, its parties, and its content when that is at hand; otherwise the content
/// comes by [`complete`].
pub(crate) fn create(
    app: &App,
    commit: &mut Commit,
    actor: &Actor,
    it: &Tracked<'_>,
    stamp: Stamp,
) -> Result<()> {
    let record = row(actor, it, stamp.at);
    let scope = actor.scope(Action::Create, "email");
    store::records::create(commit, &app.catalog, &record, &scope, stamp)?;
    let parties = parties(it.mail, it.known, actor.user());
    store::email::add_parties(commit, it.email, &parties, || app.new_id(), stamp);
    if let Some((raw, message)) = it.content {
        add_content(app, commit, it.email, raw, message, stamp);
    }
    Ok(())
}

fn row(actor: &Actor, it: &Tracked<'_>, now: Timestamp) -> Record {
    let sender = it.mail.from.as_ref().map(display).unwrap_or_default();
    let to: Vec<String> = it.mail.to.iter().take(50).map(display).collect();
    let parent = match it.because {
        Reason::ReplyTo(parent) => Some(RecordRef::new("email", parent)),
        Reason::Asked | Reason::KnownSender(_) | Reason::Everything => None,
    };
    let outgoing = it.direction.is_outgoing();
    let (content, attachments) = match it.content {
        Some((_, message)) => (Content::Stored, message.attachments.len()),
        None => (Content::Pending, 0),
    };
    let attachments = i64::try_from(attachments).unwrap_or(i64::MAX);
    Record::new("email", it.email)
        .with("subject", it.mail.subject.as_str())
        .with("regardingobjectid", it.regarding.clone())
        .with("directioncode", outgoing)
        .with("senton", it.mail.date.or(it.received).unwrap_or(now))
        .with("sender", sender)
        .with("torecipients", to.join("; "))
        .with("messageid", it.mail.message_id.clone())
        .with("messagekey", Value::Bytes(it.key.0.to_vec()))
        .with("inreplyto", it.mail.in_reply_to.first().cloned())
        .with("conversationindex", it.mail.thread_index.clone())
        .with("correlationmethod", it.because.correlation_method())
        .with("parentactivityid", parent)
        .with("attachmentcount", attachments)
        .with("notifications", 0)
        .with("contentstate", content.code())
        .with("statecode", 1)
        // EM-03: 3 Sent, 4 Received.
        .with("statuscode", if outgoing { 3 } else { 4 })
        .with("ownerid", RecordRef::new("systemuser", actor.user()))
        .with("owningbusinessunit", RecordRef::new("businessunit", actor.unit()))
}

fn display(person: &domain::envelope::Person) -> String {
    if person.name.is_empty() { person.address.to_string() } else { person.name.clone() }
}

/// From resolves to one record, To and Cc to all (AU-60, AU-63); who is nobody keeps the literal address (AU-68).
fn parties(mail: &Envelope, known: &Known, user: Guid) -> Vec<Party> {
    let mut parties = Vec::new();
    for (part, person) in mail.people() {
        let address = person.address.folded();
        let records: Vec<RecordRef> = match part {
            Part::Sender => {
                matching::one(&address, &known.people, user).record().cloned().into_iter().collect()
            }
            Part::To | Part::Cc | Part::Bcc => matching::all(&address, &known.people, user),
        };
        let party = |record| Party {
            part,
            name: person.name.clone(),
            address: person.address.as_written().to_owned(),
            record,
        };
        if records.is_empty() {
            parties.push(party(None));
        }
        parties.extend(records.into_iter().map(|it| party(Some(it))));
    }
    parties
}

/// Adds the content of an e-mail whose row is there already.
pub(crate) fn complete(
    app: &App,
    commit: &mut Commit,
    email: Guid,
    raw: &[u8],
    message: &Message,
    stamp: Stamp,
) {
    add_content(app, commit, email, raw, message, stamp);
    store::email::complete(commit, email, message.attachments.len(), stamp);
}

/// The raw message, bodies, attachments and words.
fn add_content(app: &App, commit: &mut Commit, email: Guid, raw: &[u8], message: &Message, stamp: Stamp) {
    content::put(commit, email, content::Part::Raw, raw);
    if let Some(html) = &message.html {
        content::put(commit, email, content::Part::Html, html.as_bytes());
    }
    if let Some(text) = &message.text {
        content::put(commit, email, content::Part::Text, text.as_bytes());
    }
    let attachments: Vec<Attachment> = message.attachments.iter().map(attachment).collect();
    store::email::add_attachments(commit, email, &attachments, || app.new_id(), stamp);
    for (number, it) in (0u32..).zip(&message.attachments) {
        content::put(commit, email, content::Part::Attachment(number), &it.bytes);
    }
    content::put_beginning(commit, email, &message.preview(BEGINNING));
    content::index(commit, &app.db, email, &words(message));
}

fn attachment(it: &formats::mime::Attachment) -> Attachment {
    Attachment {
        filename: it.filename.clone(),
        mimetype: it.mimetype.clone(),
        size: it.bytes.len() as u64,
        content_id: it.content_id.clone(),
        inline: it.inline,
    }
}

fn words(message: &Message) -> String {
    let people = message.envelope.people().map(|(_, it)| format!("{} {}", it.name, it.address));
    let people: Vec<String> = people.take(100).collect();
    format!("{}\n{}\n{}", message.envelope.subject, people.join(" "), message.searchable())
}
