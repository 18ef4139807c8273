//! The content of stored e-mails: raw message, bodies and attachments as chunks with one owner each (decision 2),
//! and the words of the body in the full-text index. Erasing is deleting here, and nowhere else.

use crate::commit::Commit;
use crate::db::{Cell, Db};
use anyhow::Result;
use domain::id::Guid;
use std::collections::HashMap;

/// Which part of the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The message as it came, byte for byte.
    Raw,
    /// HTML, or else plain text, as UTF-8.
    Html,
    Text,
    /// All of a file in a column; its owner is the file itself.
    File,
    /// By `attachmentnumber`, from 0.
    Attachment(u32),
}

impl Part {
    fn number(self) -> i64 {
        match self {
            Part::Raw => 0,
            Part::Html => 1,
            Part::Text => 2,
            Part::File => 3,
            Part::Attachment(number) => 16 + i64::from(number),
        }
    }
}

/// The tables that hold what a message says: its text, its people, its subject.
pub(crate) const TABLES: [&str; 8] = [
    "blob",
    "beginning",
    "document",
    "email",
    "activityparty",
    "activitymimeattachment",
    "activitypointer",
    "word",
];

/// Bytes in one chunk: small enough that no statement is large, large enough that there are few.
pub const CHUNK: usize = 512 * 1024;

pub fn put(commit: &mut Commit, email: Guid, part: Part, bytes: &[u8]) {
    for (chunk, bytes) in (0i64..).zip(bytes.chunks(CHUNK)) {
        commit.push(
            "INSERT INTO blob (ownerid, part, chunk, bytes) VALUES ($1, $2, $3, $4)",
            vec![email.into(), part.number().into(), chunk.into(), bytes.to_vec().into()],
        );
    }
}

/// `None` when there is no such part. An empty part is the same as none.
pub async fn get(db: &Db, email: Guid, part: Part) -> Result<Option<Vec<u8>>> {
    let sql = "SELECT bytes FROM blob WHERE ownerid = $1 AND part = $2 ORDER BY chunk";
    let rows = db.rows(sql, &[email.into(), part.number().into()]).await?;
    if rows.is_empty() {
        return Ok(None);
    }
    let mut all = Vec::new();
    for row in &rows {
        all.extend_from_slice(row.bytes(0)?);
    }
    Ok(Some(all))
}

/// A piece of a file that comes in pieces, at this byte of it, which is a multiple of [`CHUNK`]. Harmless to repeat.
pub fn put_piece(commit: &mut Commit, file: Guid, at: u64, bytes: &[u8]) {
    let first = i64::try_from(at / CHUNK as u64).unwrap_or(i64::MAX);
    for (chunk, bytes) in (first..).zip(bytes.chunks(CHUNK)) {
        commit.push(
            "INSERT INTO blob (ownerid, part, chunk, bytes) VALUES ($1, $2, $3, $4)
             ON CONFLICT (ownerid, part, chunk) DO UPDATE SET bytes = excluded.bytes",
            vec![file.into(), Part::File.number().into(), chunk.into(), bytes.to_vec().into()],
        );
    }
}

/// The bytes of a file from `from` to before `to`, or to its end. Only the chunks in question are read.
pub async fn piece(db: &Db, file: Guid, from: u64, to: u64) -> Result<Vec<u8>> {
    let chunk = |at: u64| i64::try_from(at / CHUNK as u64).unwrap_or(i64::MAX);
    let first = chunk(from);
    let sql = "SELECT bytes FROM blob WHERE ownerid = $1 AND part = $2 AND chunk >= $3 AND chunk <= $4 ORDER BY chunk";
    let values = [file.into(), Part::File.number().into(), first.into(), chunk(to.saturating_sub(1)).into()];
    let mut all = Vec::new();
    for row in &db.rows(sql, &values).await? {
        all.extend_from_slice(row.bytes(0)?);
    }
    let begins = usize::try_from(from).unwrap_or(usize::MAX) - usize::try_from(first).unwrap_or(0) * CHUNK;
    let length = usize::try_from(to.saturating_sub(from)).unwrap_or(usize::MAX);
    Ok(all.into_iter().skip(begins).take(length).collect())
}

/// Destroys a file.
pub fn remove_file(commit: &mut Commit, file: Guid) {
    commit.push("DELETE FROM blob WHERE ownerid = $1", vec![file.into()]);
}

/// The first words of these e-mails' plain text, at most so many characters each. One round trip.
pub async fn beginnings(db: &Db, emails: &[Guid], characters: usize) -> Result<HashMap<Guid, String>> {
    if emails.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "SELECT recordid, words FROM beginning WHERE recordid IN ({})",
        crate::db::placeholders(1, emails.len())
    );
    let emails: Vec<Cell> = emails.iter().map(|it| (*it).into()).collect();
    let rows = db.rows(&sql, &emails).await?;
    rows.iter().map(|row| Ok((row.guid(0)?, row.text(1)?.chars().take(characters).collect()))).collect()
}

/// All parts of the e-mail, and its words.
pub fn erase(commit: &mut Commit, db: &Db, email: Guid) {
    commit.push("DELETE FROM blob WHERE ownerid = $1", vec![email.into()]);
    if let Db::Sqlite(_) = db {
        commit.push(
            "DELETE FROM fulltext WHERE rowid = (SELECT docid FROM document WHERE recordid = $1)",
            vec![email.into()],
        );
    }
    commit.push("DELETE FROM document WHERE recordid = $1", vec![email.into()]);
    commit.push("DELETE FROM beginning WHERE recordid = $1", vec![email.into()]);
}

/// What lists show of the text.
pub fn put_beginning(commit: &mut Commit, email: Guid, words: &str) {
    commit.push(
        "INSERT INTO beginning (recordid, words) VALUES ($1, $2) ON CONFLICT (recordid) DO NOTHING",
        vec![email.into(), words.into()],
    );
}

/// Makes the words of an e-mail findable. Both engines cut text into words by themselves; å, ä, ö stay.
pub fn index(commit: &mut Commit, db: &Db, email: Guid, words: &str) {
    match db {
        Db::Sqlite(_) => {
            commit.push(
                "INSERT INTO document (recordid) VALUES ($1) ON CONFLICT (recordid) DO NOTHING",
                vec![email.into()],
            );
            // Not INSERT … SELECT: before such a statement SQLite sends what it gathered so far to the index on disk,
            // and an import would pay that for each message.
            commit.push(
                "INSERT INTO fulltext (rowid, words) VALUES ((SELECT docid FROM document WHERE recordid = $1), $2)",
                vec![email.into(), words.into()],
            );
        }
        Db::Postgres(_) => commit.push(
            "INSERT INTO document (recordid, words) VALUES ($1, to_tsvector('simple', $2))
             ON CONFLICT (recordid) DO NOTHING",
            vec![email.into(), words.into()],
        ),
    }
}
