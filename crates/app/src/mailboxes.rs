//! The users' mailboxes: how to reach them, their passwords at rest, the connections kept open (M18).

use crate::{App, Result};
use connect::{Account, Mailbox};
use domain::id::Guid;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::{Mutex, OwnedMutexGuard};

/// Encrypts mailbox passwords (XChaCha20-Poly1305); lies in the data directory, readable by its owner only.
pub(crate) struct SecretKey(#[expect(dead_code)] [u8; 32]);

impl SecretKey {
    pub(crate) fn of(_data: &Path) -> anyhow::Result<SecretKey> {
        Ok(SecretKey(crate::world::random()))
    }
}

/// One open connection for each mailbox, used by one at a time.
#[derive(Default)]
pub(crate) struct Pool(#[expect(dead_code)] Mutex<HashMap<Guid, Arc<Mutex<Option<Mailbox>>>>>);

/// A mailbox as the database knows it.
#[derive(Debug, Clone)]
pub struct MailboxRow {
    pub id: Guid,
    pub user: Guid,
    pub address: String,
    pub account: Account,
    /// The name of what is wrong, if anything.
    pub trouble: Option<String>,
}

/// A mailbox that is open and ours until dropped.
pub struct Open(#[expect(dead_code)] OwnedMutexGuard<Option<Mailbox>>);

/// Adds a mailbox after it has been opened once.
pub async fn add(_app: &App, _user: Guid, _account: Account) -> Result<Guid> {
    todo!()
}

/// The user's own, oldest first.
pub async fn of(_app: &App, _user: Guid) -> Result<Vec<MailboxRow>> {
    todo!()
}

/// Everybody's.
pub async fn all(_app: &App) -> Result<Vec<MailboxRow>> {
    todo!()
}

/// What one look at the mailbox shows.
#[derive(Debug, Clone)]
pub struct Tested {
    pub folders: usize,
    pub messages: u64,
    /// The server keeps the keyword `Tracked`.
    pub keeps_keywords: bool,
}

pub async fn test(_app: &App, _mailbox: &MailboxRow) -> Result<Tested> {
    todo!()
}
