//! The users' mailboxes: how to reach them and how far they were read. What the organization sees of a mailbox is a record
//! of the type `mailbox` with the same key.

use crate::commit::Commit;
use crate::db::{Cell, Db, Question, Row};
use anyhow::Result;
use domain::id::Guid;
use domain::time::Timestamp;
use std::collections::HashMap;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    pub id: Guid,
    pub user: Guid,
    /// The user's primary address when the mailbox was added.
    pub address: String,
    /// All addresses that are the user's own, folded. They are read with the mailbox and not written with it.
    pub own_addresses: Vec<String>,
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

const COLUMNS: &str = "m.mailboxid, m.userid, m.address, m.kind, m.settings, m.secret, m.trouble";

/// Those of everybody who may sign in, oldest first. One round trip.
pub async fn all(db: &Db) -> Result<Vec<Mailbox>> {
    let mailboxes = format!(
        "SELECT {COLUMNS} FROM mailaccount m JOIN systemuser u ON u.systemuserid = m.userid
         WHERE COALESCE(u.isdisabled, FALSE) = FALSE AND u.recycledon IS NULL ORDER BY m.createdon, m.mailboxid"
    );
    let addresses = "SELECT e.recordid, e.address FROM emailsearch e
                     WHERE e.entity = 'systemuser' AND e.recordid IN (SELECT userid FROM mailaccount)
                     UNION SELECT userid, address FROM mailaccount";
    read(db, mailboxes, addresses, &[]).await
}

/// The user's own, oldest first. One round trip.
pub async fn of(db: &Db, user: Guid) -> Result<Vec<Mailbox>> {
    let mailboxes =
        format!("SELECT {COLUMNS} FROM mailaccount m WHERE m.userid = $1 ORDER BY m.createdon, m.mailboxid");
    let addresses = "SELECT e.recordid, e.address FROM emailsearch e
                     WHERE e.recordid = $1 AND e.entity = 'systemuser'
                     UNION SELECT userid, address FROM mailaccount WHERE userid = $1";
    read(db, mailboxes, addresses, &[user.into()]).await
}

async fn read(db: &Db, mailboxes: String, addresses: &str, values: &[Cell]) -> Result<Vec<Mailbox>> {
    let question = |sql: String| Question { sql, values: values.to_vec() };
    let answers = db.answers(vec![question(mailboxes), question(addresses.to_owned())]).await?;
    let [mailboxes, addresses] = answers.as_slice() else { return Ok(vec![]) };
    let mut of_user: HashMap<Guid, Vec<String>> = HashMap::new();
    for row in addresses {
        of_user.entry(row.guid(0)?).or_default().push(domain::text::folded(row.text(1)?));
    }
    mailboxes.iter().map(|row| mailbox(row, &of_user)).collect()
}

fn mailbox(row: &Row, addresses: &HashMap<Guid, Vec<String>>) -> Result<Mailbox> {
    let user = row.guid(1)?;
    Ok(Mailbox {
        id: row.guid(0)?,
        user,
        address: row.text(2)?.to_owned(),
        own_addresses: addresses.get(&user).cloned().unwrap_or_default(),
        kind: row.text(3)?.to_owned(),
        settings: row.text(4)?.to_owned(),
        secret: row.maybe(5, Row::bytes)?.map(<[u8]>::to_vec),
        trouble: row.maybe(6, Row::text)?.map(str::to_owned),
    })
}

/// The mailbox is ours no more, with its password and how far it was read. What was tracked from it stays.
pub fn remove(commit: &mut Commit, mailbox: Guid) {
    commit.push("DELETE FROM mailcursor WHERE mailboxid = $1", vec![mailbox.into()]);
    commit.push("DELETE FROM mailaccount WHERE mailboxid = $1", vec![mailbox.into()]);
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
