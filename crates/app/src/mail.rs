//! The web mailbox: folders, messages, one message. Nothing of it is stored (M20, M23).

use crate::{App, Result};
use domain::envelope::Envelope;
use domain::id::{Guid, RecordRef};
use domain::privilege::Actor;
use domain::time::Timestamp;

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub mailbox: Guid,
    pub folder: String,
    pub uid: u32,
}

/// The user's folders, in the order people expect: inbox, drafts, sent, archive, junk, trash, the others by name.
/// Empty when the user has no mailbox.
pub async fn folders(_app: &App, _actor: &Actor) -> Result<Vec<FolderRow>> {
    todo!()
}

/// Newest first, 50 at a time.
pub async fn messages(_app: &App, _actor: &Actor, _folder: &str, _before: Option<u32>) -> Result<FolderPage> {
    todo!()
}

pub async fn read(_app: &App, _actor: &Actor, _folder: &str, _uid: u32) -> Result<ReadMessage> {
    todo!()
}

/// The HTML of the message for its sandboxed frame, with images of the message itself, and remote ones when asked for.
pub async fn html(
    _app: &App,
    _actor: &Actor,
    _folder: &str,
    _uid: u32,
    _images: formats::mime::Images,
    _cid_url: &(dyn Fn(usize) -> String + Sync),
) -> Result<String> {
    todo!()
}

/// One attachment, by its number.
pub async fn attachment(
    _app: &App,
    _actor: &Actor,
    _folder: &str,
    _uid: u32,
    _number: usize,
) -> Result<formats::mime::Attachment> {
    todo!()
}

/// In the demo: the customer answers a tracked message, or this one. Returns the sender's name.
pub async fn let_the_customer_reply(_app: &App, _actor: &Actor) -> Result<Option<String>> {
    todo!()
}
