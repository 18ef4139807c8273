//! What happened around a record: e-mails and notes, newest first.

use crate::{App, Result};
use domain::filter::After;
use domain::id::RecordRef;
use domain::privilege::Actor;
use domain::time::Timestamp;

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
    pub about: Option<crate::pane::Named>,
}

/// 25 entries of the record's own timeline; an account's includes those of its contacts, opportunities and cases.
pub async fn timeline(
    _app: &App,
    _actor: &Actor,
    _record: &RecordRef,
    _after: Option<After>,
) -> Result<Timeline> {
    todo!()
}

/// Adds a note.
pub async fn add_note(
    _app: &App,
    _actor: &Actor,
    _about: &RecordRef,
    _title: &str,
    _text: &str,
) -> Result<RecordRef> {
    todo!()
}
