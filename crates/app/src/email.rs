//! The stored e-mail: the copy that colleagues read.

use crate::mail::{AttachmentRow, Mark};
use crate::pane::{Copy, Named};
use crate::{App, Result};
use domain::envelope::Part;
use domain::id::{Guid, RecordRef};
use domain::privilege::Actor;
use domain::record::Record;
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
pub struct EmailView {
    pub record: Record,
    pub names: BTreeMap<RecordRef, String>,
    pub mark: Mark,
    pub parties: Vec<Party>,
    pub attachments: Vec<AttachmentRow>,
    pub html: bool,
    /// The text body as safe HTML, when there is no HTML.
    pub text: Option<String>,
    pub tracking: Option<Copy>,
}

#[derive(Debug, Clone)]
pub struct Party {
    pub part: Part,
    pub name: String,
    pub address: String,
    /// `None`: unresolved, or not this reader's to see.
    pub record: Option<Named>,
}

pub async fn read(_app: &App, _actor: &Actor, _email: Guid) -> Result<EmailView> {
    todo!()
}

/// As [`crate::mail::html`], of the copy.
pub async fn html(
    _app: &App,
    _actor: &Actor,
    _email: Guid,
    _images: formats::mime::Images,
    _cid_url: &(dyn Fn(usize) -> String + Sync),
) -> Result<String> {
    todo!()
}

pub async fn attachment(
    _app: &App,
    _actor: &Actor,
    _email: Guid,
    _number: usize,
) -> Result<formats::mime::Attachment> {
    todo!()
}

/// The message as it came, byte for byte.
pub async fn raw(_app: &App, _actor: &Actor, _email: Guid) -> Result<Vec<u8>> {
    todo!()
}
