//! The web mailbox: folders, messages, one message. Nothing of it is stored (M20, M23).

use crate::error::broke_off;
use crate::mailboxes::{self, MailboxRow};
use crate::{App, Error, Result};
use anyhow::Context;
use connect::{Head, Which};
use domain::correlate::{Direction, Stored};
use domain::envelope::Envelope;
use domain::id::{Guid, MessageKey, RecordRef};
use domain::privilege::Actor;
use domain::time::Timestamp;
use formats::mime::{Attachment, Images, Message};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use store::tracking::Place;

/// How a message stands to the CRM. One tracking row gives one mark, drawn the same everywhere (UI.md 4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// Nobody whom this user may read tracked it.
    None,
    /// The click is stored; the copy is still being fetched.
    Pending,
    Tracked,
    /// Tracked regarding this record; the name is `None` when the reader may not see it.
    Regarding(RecordRef, Option<String>),
    /// The copy could not be fetched yet; it is tried again then. `None`: not by itself any more.
    Failed {
        next_try: Option<Timestamp>,
    },
}

#[derive(Debug, Clone)]
pub struct FolderRow {
    /// As the server names it, with `/` between levels: the identity.
    pub name: String,
    pub role: connect::Role,
    pub unseen: u32,
}

#[derive(Debug, Clone)]
pub struct MessageRow {
    pub uid: u32,
    pub envelope: Envelope,
    pub received: Option<Timestamp>,
    pub seen: bool,
    pub mark: Mark,
}

#[derive(Debug, Clone)]
pub struct FolderPage {
    pub mailbox: Guid,
    pub folder: String,
    pub messages: Vec<MessageRow>,
    /// Ask for the next page with this; `None`: there is no older one.
    pub before: Option<u32>,
    pub total: u32,
}

/// A message as its owner reads it in the mailbox.
#[derive(Debug, Clone)]
pub struct ReadMessage {
    pub uid: u32,
    pub envelope: Envelope,
    pub attachments: Vec<AttachmentRow>,
    /// The message has HTML: it is shown in a frame of its own (decision 24).
    pub html: bool,
    /// The text body as safe HTML, when there is no HTML.
    pub text: Option<String>,
    pub blocked_images: usize,
    /// What the parser did not understand, in words.
    pub notes: Vec<String>,
    pub item: Item,
}

#[derive(Debug, Clone)]
pub struct AttachmentRow {
    pub number: usize,
    pub filename: String,
    pub mimetype: String,
    pub size: u64,
    pub inline: bool,
}

/// Which message a pane is about: its place in a mailbox.
#[derive(Debug, Clone)]
pub struct Item {
    pub mailbox: Guid,
    pub folder: String,
    pub uid: u32,
    /// What the page showed of it, so that a click counts while the mailbox does not answer.
    pub shown: Option<Box<Shown>>,
}

/// The headers of a message as a page got them; the page hands them back with a click. Nothing of it stays here
/// before the click.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Shown {
    pub envelope: Envelope,
    pub uid_validity: u32,
    pub received: Option<Timestamp>,
}

impl Item {
    pub fn new(mailbox: Guid, folder: impl Into<String>, uid: u32) -> Item {
        Item { mailbox, folder: folder.into(), uid, shown: None }
    }
}

/// The user's folders, in the order people expect: inbox, drafts, sent, archive, junk, trash, the others by name.
/// Empty when the user has no mailbox.
pub async fn folders(app: &App, actor: &Actor) -> Result<Vec<FolderRow>> {
    let Some(row) = first(app, actor).await? else { return Ok(vec![]) };
    let mut open = mailboxes::open(app, &row).await?;
    let read = async {
        let mut rows = Vec::new();
        for folder in open.folders().await?.into_iter().filter(|it| it.selectable) {
            // Only the inbox's count is worth a question per folder.
            let unseen = match folder.role {
                connect::Role::Inbox => open.status(&folder.name).await?.unseen,
                _ => 0,
            };
            rows.push(FolderRow { name: folder.name, role: folder.role, unseen });
        }
        Ok(rows)
    };
    let read = read.await;
    open.keep(read)
}

/// The mailbox that `/mail` shows: the user's oldest.
async fn first(app: &App, actor: &Actor) -> Result<Option<MailboxRow>> {
    Ok(mailboxes::of(app, actor.user()).await?.into_iter().next())
}

async fn only(app: &App, actor: &Actor) -> Result<MailboxRow> {
    first(app, actor).await?.ok_or(Error::NotFound)
}

/// Messages on one page of a folder.
const PAGE: u32 = 50;

/// Newest first, 50 at a time.
pub async fn messages(app: &App, actor: &Actor, folder: &str, before: Option<u32>) -> Result<FolderPage> {
    let row = only(app, actor).await?;
    let mut open = mailboxes::open(app, &row).await?;
    let read = async {
        let status = open.status(folder).await?;
        let heads = open.heads(folder, Which::Newest { before, limit: PAGE }).await?;
        Ok((status, heads))
    };
    let read = read.await;
    let (status, heads) = open.keep(read)?;

    let place =
        Place { mailbox: row.id, folder: folder.to_owned(), uid: 0, uid_validity: status.uid_validity };
    let (heads, mails): (Vec<Head>, Vec<(u32, Envelope)>) = aside(move || {
        let envelope = |it: &Head| (it.uid, formats::mime::envelope(&it.headers, it.size));
        let mails = heads.iter().map(envelope).collect();
        (heads, mails)
    })
    .await?;
    let marks = marks(app, actor, &place, &row, &mails).await?;
    let full = heads.len() == PAGE as usize;
    let before = heads.iter().map(|it| it.uid).min().filter(|uid| full && *uid > 1);
    let rows = heads.iter().zip(mails).zip(marks);
    let messages = rows.map(|((head, (uid, envelope)), mark)| MessageRow {
        uid,
        received: head.internal_date.map(Timestamp::from_seconds),
        seen: head.seen,
        mark,
        envelope,
    });
    let mut messages: Vec<MessageRow> = messages.collect();
    messages.sort_by_key(|it| std::cmp::Reverse(it.uid));
    Ok(FolderPage { mailbox: row.id, folder: folder.to_owned(), messages, before, total: status.exists })
}

/// The marks of a page of messages, in its order, as far as this reader may know. At most three round trips.
async fn marks(
    app: &App,
    actor: &Actor,
    folder: &Place,
    row: &MailboxRow,
    mails: &[(u32, Envelope)],
) -> Result<Vec<Mark>> {
    let keys: Vec<MessageKey> = mails.iter().filter_map(|(_, it)| it.key()).collect();
    let keyless: Vec<u32> = mails.iter().filter(|(_, it)| it.key().is_none()).map(|(uid, _)| *uid).collect();
    let (stored, placed) = tokio::try_join!(
        store::tracking::stored(&app.db, &keys),
        store::tracking::stored_at(&app.db, actor.user(), folder, &keyless),
    )?;
    let of = |uid: u32, mail: &Envelope| {
        let direction = Direction::of(mail, &row.own_addresses);
        let found = match mail.key() {
            Some(key) => stored.iter().find(|it| it.key == key && it.direction == direction),
            None => placed.iter().find(|(at, _)| *at == uid).map(|(_, it)| it),
        };
        found.filter(|it| !it.hidden)
    };
    let found: Vec<Option<&Stored>> = mails.iter().map(|(uid, mail)| of(*uid, mail)).collect();
    let records: Vec<RecordRef> = found
        .iter()
        .flatten()
        .flat_map(|it| [Some(RecordRef::new("email", it.email)), it.regarding.clone()])
        .flatten()
        .collect();
    let names = crate::records::names(app, actor, &records).await?;
    let seen = |it: &&Stored| names.contains_key(&RecordRef::new("email", it.email));
    let mark = |it: &Stored| crate::pane::mark(it, |record| names.get(record).cloned());
    Ok(found.into_iter().map(|it| it.filter(seen).map_or(Mark::None, mark)).collect())
}

/// One message of the user's own mailbox, parsed. It is held in memory for this request alone.
async fn whole(app: &App, actor: &Actor, folder: &str, uid: u32) -> Result<(MailboxRow, Message)> {
    let row = only(app, actor).await?;
    let mut open = mailboxes::open(app, &row).await?;
    let raw = open.message(folder, uid).await;
    let raw = open.keep(raw)?;
    let message = aside(move || formats::mime::message(&raw)).await?;
    Ok((row, message))
}

/// Reading strangers' mail may take a while: aside, it does not hold up other requests.
pub(crate) async fn aside<T: Send + 'static>(read: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let read = tokio::task::spawn_blocking(read).await;
    Ok(read.map_err(|ended| broke_off(&ended)).context("Reading a message")?)
}

pub async fn read(app: &App, actor: &Actor, folder: &str, uid: u32) -> Result<ReadMessage> {
    let (row, message) = whole(app, actor, folder, uid).await?;
    let item = Item::new(row.id, folder, uid);
    aside(move || shown(message, item)).await
}

fn shown(message: Message, item: Item) -> ReadMessage {
    let attachments = (0..).zip(&message.attachments).map(|(number, it)| AttachmentRow {
        number,
        filename: it.filename.clone(),
        mimetype: it.mimetype.clone(),
        size: it.bytes.len() as u64,
        inline: it.inline,
    });
    let blocked_images = message.html.as_deref().map_or(0, |html| {
        formats::mime::safe_html(html, Images::Blocked, &|_| Some(String::new())).blocked_images
    });
    let text = message.text.as_deref().filter(|_| message.html.is_none());
    ReadMessage {
        uid: item.uid,
        attachments: attachments.collect(),
        html: message.html.is_some(),
        text: text.map(formats::mime::text_to_html),
        blocked_images,
        notes: message.notes.iter().map(ToString::to_string).collect(),
        item,
        envelope: message.envelope,
    }
}

/// The HTML of the message for its sandboxed frame, with images of the message itself, and remote ones when asked for.
/// `cid_url` gives the address of an attachment by its number.
pub async fn html(
    app: &App,
    actor: &Actor,
    folder: &str,
    uid: u32,
    images: Images,
    cid_url: &(dyn Fn(usize) -> String + Sync),
) -> Result<String> {
    let (_, message) = whole(app, actor, folder, uid).await?;
    let ids = message.attachments.iter().map(|it| it.content_id.clone());
    let urls = cid_urls(ids, cid_url);
    aside(move || framed(message.html.as_deref().unwrap_or_default(), images, &urls)).await
}

/// The addresses of attachments by their content ids (RFC 2392); of two with the same id the first.
pub(crate) fn cid_urls(
    content_ids: impl Iterator<Item = Option<String>>,
    cid_url: &(dyn Fn(usize) -> String + Sync),
) -> HashMap<String, String> {
    let mut urls = HashMap::new();
    for (number, id) in content_ids.enumerate() {
        if let Some(id) = id {
            urls.entry(id).or_insert_with(|| cid_url(number));
        }
    }
    urls
}

/// HTML with `cid:` images led to the attachments they name.
pub(crate) fn framed(html: &str, images: Images, cid_urls: &HashMap<String, String>) -> String {
    formats::mime::safe_html(html, images, &|cid: &str| cid_urls.get(cid).cloned()).html
}

/// One attachment, by its number.
pub async fn attachment(
    app: &App,
    actor: &Actor,
    folder: &str,
    uid: u32,
    number: usize,
) -> Result<Attachment> {
    let (_, mut message) = whole(app, actor, folder, uid).await?;
    if number >= message.attachments.len() {
        return Err(Error::NotFound);
    }
    Ok(message.attachments.swap_remove(number))
}
