//! Somebody clicked Track or Set Regarding (walk a).

use crate::mail::Item;
use crate::{App, Result};
use domain::id::{Guid, RecordRef};
use domain::privilege::Actor;

/// Tracks the message, links it when there is a target, and fetches the copy as soon as the mailbox lets it.
/// Harmless to repeat. Returns the key of the e-mail.
pub async fn track(_app: &App, _actor: &Actor, _item: &Item, _target: Option<&RecordRef>) -> Result<Guid> {
    todo!()
}

/// Finds a message of the user's mailboxes by its Message-ID.
pub async fn item_by_message_id(_app: &App, _actor: &Actor, _message_id: &str) -> Result<Item> {
    todo!()
}

/// Changes what a stored e-mail is regarding, or removes the link (EM-20, EM-21).
pub async fn set_regarding(
    _app: &App,
    _actor: &Actor,
    _email: Guid,
    _target: Option<&RecordRef>,
) -> Result<()> {
    todo!()
}
