//! The web mailbox: folders, messages, one message. Nothing of it is stored (M20, M23).

use crate::mailboxes::{self, MailboxRow};
use crate::{App, Error, Result};
use anyhow::Context;
use connect::Which;
use domain::correlate::{Direction, Stored};
use domain::envelope::Envelope;
use domain::id::{Guid, MessageKey, RecordRef};
use domain::privilege::Actor;
use domain::text::folded;
use domain::time::Timestamp;
use formats::mime::{Attachment, Images, Message};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

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
    pub shown: Option<Shown>,
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
        Ok((status.exists, heads))
    };
    let read = read.await;
    let (total, heads) = open.keep(read)?;

    let mails: Vec<Envelope> = heads.iter().map(|it| formats::mime::envelope(&it.headers, it.size)).collect();
    let mut marks = marks(app, actor, &mails, &row.address).await?;
    let full = heads.len() == PAGE as usize;
    let before = heads.iter().map(|it| it.uid).min().filter(|uid| full && *uid > 1);
    let messages = heads.iter().zip(mails).map(|(head, envelope)| MessageRow {
        uid: head.uid,
        received: head.internal_date.map(Timestamp::from_seconds),
        seen: head.seen,
        mark: envelope.key().and_then(|key| marks.remove(&key)).unwrap_or(Mark::None),
        envelope,
    });
    let mut messages: Vec<MessageRow> = messages.collect();
    messages.sort_by_key(|it| std::cmp::Reverse(it.uid));
    Ok(FolderPage { mailbox: row.id, folder: folder.to_owned(), messages, before, total })
}

/// The marks of a page of messages, as far as this reader may know. Two round trips.
async fn marks(
    app: &App,
    actor: &Actor,
    mails: &[Envelope],
    own_address: &str,
) -> Result<HashMap<MessageKey, Mark>> {
    let own = [folded(own_address)];
    let ways: HashMap<MessageKey, Direction> =
        mails.iter().filter_map(|it| Some((it.key()?, Direction::of(it, &own)))).collect();
    let keys: Vec<MessageKey> = ways.keys().copied().collect();
    let stored = store::tracking::stored(&app.db, &keys).await?;
    let stored: Vec<Stored> =
        stored.into_iter().filter(|it| !it.hidden && ways.get(&it.key) == Some(&it.direction)).collect();
    let records: Vec<RecordRef> = stored
        .iter()
        .flat_map(|it| [Some(RecordRef::new("email", it.email)), it.regarding.clone()])
        .flatten()
        .collect();
    let names = crate::records::names(app, actor, &records).await?;
    let seen = stored.iter().filter(|it| names.contains_key(&RecordRef::new("email", it.email)));
    Ok(seen.map(|it| (it.key, crate::pane::mark(it, |record| names.get(record).cloned()))).collect())
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
    Ok(tokio::task::spawn_blocking(read).await.context("Reading a message")?)
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
    let html = message.html.as_deref().unwrap_or_default();
    let ids: Vec<Option<String>> = message.attachments.iter().map(|it| it.content_id.clone()).collect();
    Ok(framed(html, images, &ids, cid_url))
}

/// HTML with `cid:` images led to the attachments that have these content ids (RFC 2392).
pub(crate) fn framed(
    html: &str,
    images: Images,
    content_ids: &[Option<String>],
    cid_url: &(dyn Fn(usize) -> String + Sync),
) -> String {
    let url = |cid: &str| {
        let number = content_ids.iter().position(|it| it.as_deref() == Some(cid));
        number.map(cid_url)
    };
    formats::mime::safe_html(html, images, &url).html
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
