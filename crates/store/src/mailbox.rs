//! The users' mailboxes: how to reach them and how far they were read. What the organization sees of a mailbox is a record
//! of the type `mailbox` with the same key.

use crate::commit::Commit;
use crate::db::{Db, Row};
use anyhow::Result;
use domain::id::Guid;
use domain::time::Timestamp;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    pub id: Guid,
    pub user: Guid,
    /// The user's primary address when the mailbox was added.
    pub address: String,
    /// `maildir` or `imap`.
    pub kind: String,
    /// JSON without secrets.
    pub settings: String,
    /// The encrypted password.
    pub secret: Option<Vec<u8>>,
    /// The name of what is wrong.
    pub trouble: Option<String>,
}

pub fn put(commit: &mut Commit, mailbox: &Mailbox, now: Timestamp) {
    commit.push(
        "INSERT INTO mailaccount (mailboxid, userid, address, kind, settings, secret, createdon)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        vec![
            mailbox.id.into(),
            mailbox.user.into(),
            mailbox.address.as_str().into(),
            mailbox.kind.as_str().into(),
            mailbox.settings.as_str().into(),
            mailbox.secret.clone().into(),
            now.into(),
        ],
    );
}

const COLUMNS: &str = "mailboxid, userid, address, kind, settings, secret, trouble";

/// Oldest first.
pub async fn all(db: &Db) -> Result<Vec<Mailbox>> {
    let sql = format!("SELECT {COLUMNS} FROM mailaccount ORDER BY createdon, mailboxid");
    db.rows(&sql, &[]).await?.iter().map(mailbox).collect()
}

/// The user's own, oldest first.
pub async fn of(db: &Db, user: Guid) -> Result<Vec<Mailbox>> {
    let sql = format!("SELECT {COLUMNS} FROM mailaccount WHERE userid = $1 ORDER BY createdon, mailboxid");
    db.rows(&sql, &[user.into()]).await?.iter().map(mailbox).collect()
}

fn mailbox(row: &Row) -> Result<Mailbox> {
    Ok(Mailbox {
        id: row.guid(0)?,
        user: row.guid(1)?,
        address: row.text(2)?.to_owned(),
        kind: row.text(3)?.to_owned(),
        settings: row.text(4)?.to_owned(),
        secret: row.maybe(5, Row::bytes)?.map(<[u8]>::to_vec),
        trouble: row.maybe(6, Row::text)?.map(str::to_owned),
    })
}

/// Another password, encrypted.
pub fn set_secret(commit: &mut Commit, mailbox: Guid, secret: &[u8]) {
    commit.push_one(
        "UPDATE mailaccount SET secret = $2 WHERE mailboxid = $1",
        vec![mailbox.into(), secret.to_vec().into()],
    );
}

/// `None`: all is well again.
pub fn set_trouble(commit: &mut Commit, mailbox: Guid, trouble: Option<&str>) {
    commit.push(
        "UPDATE mailaccount SET trouble = $2 WHERE mailboxid = $1",
        vec![mailbox.into(), trouble.into()],
    );
}

/// How far a folder was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    pub uid_validity: u32,
    pub last_uid: u32,
}

pub async fn cursor(db: &Db, mailbox: Guid, folder: &str) -> Result<Option<Cursor>> {
    let sql = "SELECT uidvalidity, lastuid FROM mailcursor WHERE mailboxid = $1 AND folder = $2";
    let row = db.row(sql, &[mailbox.into(), folder.into()]).await?;
    row.map(|row| {
        Ok(Cursor { uid_validity: u32::try_from(row.int(0)?)?, last_uid: u32::try_from(row.int(1)?)? })
    })
    .transpose()
}

/// Belongs into a commit after everything up to it is stored, or into the last of these. When the server dies in
/// between, the next pass reads those headers again and finds what is there already (AU-20).
pub fn set_cursor(commit: &mut Commit, mailbox: Guid, folder: &str, cursor: Cursor) {
    commit.push(
        "INSERT INTO mailcursor (mailboxid, folder, uidvalidity, lastuid) VALUES ($1, $2, $3, $4)
         ON CONFLICT (mailboxid, folder) DO UPDATE SET uidvalidity = excluded.uidvalidity, lastuid = excluded.lastuid",
        vec![mailbox.into(), folder.into(), cursor.uid_validity.into(), cursor.last_uid.into()],
    );
}
