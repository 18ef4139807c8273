//! Who is signed in where: browsers' sessions, scripts' tokens, passwords. Only hashes of what they hold.

use crate::commit::Commit;
use crate::db::{Db, Row};
use anyhow::Result;
use domain::id::Guid;
use domain::time::Timestamp;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: Guid,
    pub user: Guid,
    pub csrf: String,
    pub device: String,
    pub remembered: bool,
    pub created: Timestamp,
    pub seen: Timestamp,
    pub expires: Timestamp,
}

/// `token_hash`: SHA-256 of what the browser holds.
pub fn put(commit: &mut Commit, session: &Session, token_hash: &[u8; 32]) {
    commit.push(
        "INSERT INTO session (sessionid, tokenhash, userid, csrf, device, remembered, createdon, seenon, expireson)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        vec![
            session.id.into(),
            token_hash.to_vec().into(),
            session.user.into(),
            session.csrf.as_str().into(),
            session.device.as_str().into(),
            session.remembered.into(),
            session.created.into(),
            session.seen.into(),
            session.expires.into(),
        ],
    );
}

const COLUMNS: &str = "sessionid, userid, csrf, device, remembered, createdon, seenon, expireson";

/// All that have not expired, newest first.
pub async fn of(db: &Db, user: Guid, now: Timestamp) -> Result<Vec<Session>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM session WHERE userid = $1 AND expireson > $2 ORDER BY createdon DESC, sessionid"
    );
    db.rows(&sql, &[user.into(), now.into()]).await?.iter().map(session).collect()
}

fn session(row: &Row) -> Result<Session> {
    Ok(Session {
        id: row.guid(0)?,
        user: row.guid(1)?,
        csrf: row.text(2)?.to_owned(),
        device: row.text(3)?.to_owned(),
        remembered: row.bool(4)?,
        created: row.time(5)?,
        seen: row.time(6)?,
        expires: row.time(7)?,
    })
}

pub fn touch(commit: &mut Commit, id: Guid, now: Timestamp) {
    commit.push("UPDATE session SET seenon = $2 WHERE sessionid = $1", vec![id.into(), now.into()]);
}

/// Only the user's own; another's is left alone.
pub fn remove(commit: &mut Commit, user: Guid, id: Guid) {
    commit.push("DELETE FROM session WHERE sessionid = $1 AND userid = $2", vec![id.into(), user.into()]);
}

/// All of the user's: everybody has to sign in anew.
pub fn remove_all(commit: &mut Commit, user: Guid) {
    commit.push("DELETE FROM session WHERE userid = $1", vec![user.into()]);
}

/// No script opens anything with one of the user's tokens any more.
pub fn remove_tokens(commit: &mut Commit, user: Guid) {
    commit.push("DELETE FROM token WHERE userid = $1", vec![user.into()]);
}

/// What expired before now.
pub fn sweep(commit: &mut Commit, now: Timestamp) {
    commit.push("DELETE FROM session WHERE expireson <= $1", vec![now.into()]);
}

/// A script's token.
pub fn put_token(
    commit: &mut Commit,
    id: Guid,
    user: Guid,
    name: &str,
    token_hash: &[u8; 32],
    now: Timestamp,
) {
    commit.push(
        "INSERT INTO token (tokenid, tokenhash, userid, name, createdon) VALUES ($1, $2, $3, $4, $5)",
        vec![id.into(), token_hash.to_vec().into(), user.into(), name.into(), now.into()],
    );
}

/// `password`: a PHC string of argon2id.
pub fn put_password(commit: &mut Commit, user: Guid, password: &str) {
    commit.push(
        "INSERT INTO credential (userid, password) VALUES ($1, $2)
         ON CONFLICT (userid) DO UPDATE SET password = excluded.password",
        vec![user.into(), password.into()],
    );
}

/// The user with this address and the hash to check, unless disabled.
pub async fn password(db: &Db, address: &str) -> Result<Option<(Guid, String)>> {
    let sql = "SELECT c.userid, c.password FROM emailsearch s
               JOIN systemuser u ON u.systemuserid = s.recordid
               JOIN credential c ON c.userid = u.systemuserid
               WHERE s.address = $1 AND s.entity = 'systemuser' AND s.col = 'internalemailaddress'
                   AND COALESCE(u.isdisabled, FALSE) = FALSE AND u.recycledon IS NULL";
    let row = db.row(sql, &[domain::text::folded(address).into()]).await?;
    row.map(|row| Ok((row.guid(0)?, row.text(1)?.to_owned()))).transpose()
}
