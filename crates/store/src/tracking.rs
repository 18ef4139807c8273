//! Tracked mail: which message is stored, who tracks it, why, and where it lies in whose mailbox.

use crate::commit::{Commit, Stamp};
use crate::db::{Cell, Db, Question, Row};
use crate::matching;
use anyhow::{Context, Result};
use domain::correlate::{Content, Direction, Stored, Tracker};
use domain::entity::Catalog;
use domain::id::{Guid, MessageKey, RecordRef};
use domain::matching::Match;
use domain::privilege::Action;
use domain::time::Timestamp;
use domain::tracking::Reason;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Where a tracked message lies: enough to find it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub mailbox: Guid,
    pub folder: String,
    pub uid: u32,
    pub uid_validity: u32,
}

const COLUMNS: &str = "e.activityid, e.messagekey, e.directioncode, e.regardingobjectidtype,
           e.regardingobjectid, e.ownerid, e.recycledon, e.contentstate, t.userid, t.trackedon, t.because,
           (SELECT MIN(j.runon) FROM job j WHERE j.subject = e.activityid AND j.kind = 'fetch_message'), e.versionnumber";

const TRACKERS: &str = "LEFT JOIN tracking t ON t.emailid = e.activityid";

/// The stored e-mails with these keys, in both directions, untracked ones too while they can be had back.
/// One round trip.
pub async fn stored(db: &Db, keys: &[MessageKey]) -> Result<Vec<Stored>> {
    match stored_question(keys) {
        Some(question) => gathered(&db.rows(&question.sql, &question.values).await?),
        None => Ok(vec![]),
    }
}

/// What may be known of one message.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Its own key and those of the messages it answers.
    pub keys: &'a [MessageKey],
    pub addresses: &'a [String],
    /// Where it lies in a user's mailbox, when it has no key.
    pub at: Option<(Guid, &'a Place)>,
}

/// What is known of one message.
#[derive(Debug, Default)]
pub struct Answered {
    pub stored: Vec<Stored>,
    pub matches: Vec<Match>,
    /// What the user tracks at that place.
    pub there: Option<Stored>,
}

/// [`stored`], [`stored_at`] and [`crate::matching::matches`] in one round trip.
pub async fn known(db: &Db, catalog: &Catalog, asked: Asked<'_>) -> Result<Answered> {
    let there = asked.at.and_then(|(user, place)| stored_at_question(user, place, &[place.uid]));
    let (stored, matches) = (stored_question(asked.keys), matching::question(catalog, asked.addresses));
    let asks = [stored.is_some(), matches.is_some(), there.is_some()];
    let questions: Vec<Question> = [stored, matches, there].into_iter().flatten().collect();
    if questions.is_empty() {
        return Ok(Answered::default());
    }
    let mut answers = db.answers(questions).await?.into_iter();
    let [stored, matches, there] =
        asks.map(|asked| if asked { answers.next().unwrap_or_default() } else { vec![] });
    Ok(Answered {
        stored: gathered(&stored)?,
        matches: matching::found(&matches)?,
        there: gathered(&there)?.into_iter().next(),
    })
}

/// `None`: nothing is asked for.
fn stored_question(keys: &[MessageKey]) -> Option<Question> {
    let sql = format!(
        "SELECT {COLUMNS} FROM email e {TRACKERS} WHERE e.messagekey IN ({}) ORDER BY e.activityid, t.trackedon",
        crate::db::placeholders(1, keys.len())
    );
    let values: Vec<Cell> = keys.iter().map(|it| (*it).into()).collect();
    (!keys.is_empty()).then_some(Question { sql, values })
}

/// One stored e-mail by its own key.
pub async fn stored_by_id(db: &Db, email: Guid) -> Result<Option<Stored>> {
    let sql =
        format!("SELECT {COLUMNS} FROM email e {TRACKERS} WHERE e.activityid = $1 ORDER BY t.trackedon");
    Ok(gathered(&db.rows(&sql, &[email.into()]).await?)?.into_iter().next())
}

/// The stored e-mails that this user tracks at these places of a folder, each with its UID: how a message without
/// Message-ID is known again. One round trip.
pub async fn stored_at(db: &Db, user: Guid, folder: &Place, uids: &[u32]) -> Result<Vec<(u32, Stored)>> {
    let Some(question) = stored_at_question(user, folder, uids) else { return Ok(vec![]) };
    let rows = db.rows(&question.sql, &question.values).await?;
    let mut places: BTreeMap<Guid, u32> = BTreeMap::new();
    for row in &rows {
        places.insert(row.guid(0)?, u32::try_from(row.int(13)?)?);
    }
    let uid = |it: Stored| Some((*places.get(&it.email)?, it));
    Ok(gathered(&rows)?.into_iter().filter_map(uid).collect())
}

/// [`COLUMNS`], and the UID.
fn stored_at_question(user: Guid, folder: &Place, uids: &[u32]) -> Option<Question> {
    let sql = format!(
        "SELECT {COLUMNS}, p.uid FROM tracking p JOIN email e ON e.activityid = p.emailid {TRACKERS}
         WHERE p.userid = $1 AND p.mailboxid = $2 AND p.folder = $3 AND p.uidvalidity = $4 AND p.uid IN ({})
         ORDER BY e.activityid, t.trackedon",
        crate::db::placeholders(5, uids.len())
    );
    let mut values: Vec<Cell> =
        vec![user.into(), folder.mailbox.into(), folder.folder.as_str().into(), folder.uid_validity.into()];
    values.extend(uids.iter().map(|it| Cell::from(*it)));
    (!uids.is_empty()).then_some(Question { sql, values })
}

/// One row per tracker becomes one value per e-mail.
fn gathered(rows: &[Row]) -> Result<Vec<Stored>> {
    let mut all: Vec<Stored> = Vec::new();
    for row in rows {
        let email = row.guid(0)?;
        if all.last().is_none_or(|it| it.email != email) {
            all.push(stored_of(row, email)?);
        }
        if let (Some(stored), Some(user)) = (all.last_mut(), row.maybe(8, Row::guid)?) {
            stored.trackers.push(Tracker {
                user,
                since: row.time(9)?,
                because: serde_json::from_str(row.text(10)?).context("Reading why a message is tracked")?,
            });
        }
    }
    Ok(all)
}

fn stored_of(row: &Row, email: Guid) -> Result<Stored> {
    let regarding = match (row.maybe(3, Row::text)?, row.maybe(4, Row::guid)?) {
        (Some(entity), Some(id)) => Some(RecordRef::new(entity, id)),
        _ => None,
    };
    Ok(Stored {
        email,
        version: row.int(12)?,
        key: row.key(1)?,
        direction: if row.bool(2)? { Direction::Outgoing } else { Direction::Incoming },
        regarding,
        owner: row.guid(5)?,
        hidden: !row.is_null(6),
        content: Content::from_code(row.int(7)?),
        next_try: row.maybe(11, Row::time)?,
        trackers: vec![],
    })
}

/// This user is the first to track this new e-mail. Many of these make one statement (see `postgres/merge.rs`).
pub fn begin(commit: &mut Commit, email: Guid, because: &Reason, place: &Place, stamp: Stamp) -> Result<()> {
    let values = values(email, because, Some(place), stamp)?;
    commit.push(
        "INSERT INTO tracking (emailid, userid, trackedon, because, mailboxid, folder, uid, uidvalidity)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values,
    );
    Ok(())
}

/// This user tracks this e-mail from now on. Harmless to repeat: the first reason stays, the newer place holds.
pub fn put(
    commit: &mut Commit,
    email: Guid,
    because: &Reason,
    place: Option<&Place>,
    stamp: Stamp,
) -> Result<()> {
    let values = values(email, because, place, stamp)?;
    commit.push(
        "INSERT INTO tracking (emailid, userid, trackedon, because, mailboxid, folder, uid, uidvalidity)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (emailid, userid) DO UPDATE SET
             mailboxid = COALESCE(excluded.mailboxid, tracking.mailboxid),
             folder = COALESCE(excluded.folder, tracking.folder),
             uid = COALESCE(excluded.uid, tracking.uid),
             uidvalidity = COALESCE(excluded.uidvalidity, tracking.uidvalidity)",
        values,
    );
    Ok(())
}

fn values(email: Guid, because: &Reason, place: Option<&Place>, stamp: Stamp) -> Result<Vec<Cell>> {
    Ok(vec![
        email.into(),
        stamp.by.into(),
        stamp.at.into(),
        serde_json::to_string(because)?.into(),
        place.map(|it| it.mailbox).into(),
        place.map(|it| it.folder.as_str()).into(),
        place.map(|it| it.uid).into(),
        place.map(|it| it.uid_validity).into(),
    ])
}

/// The user's link goes; the commit fails when it was gone already.
pub fn remove(commit: &mut Commit, email: Guid, user: Guid) {
    commit
        .push_one("DELETE FROM tracking WHERE emailid = $1 AND userid = $2", vec![email.into(), user.into()]);
}

/// Nobody tracks it any more: somebody else takes up what its owner let go.
pub fn remove_all(commit: &mut Commit, email: Guid) {
    commit.push("DELETE FROM tracking WHERE emailid = $1", vec![email.into()]);
}

/// Whoever tracks a colleague's copy may read it and say what it is regarding, for as long as it is tracked.
pub fn let_in(commit: &mut Commit, email: Guid, user: Guid) {
    let rights = Action::Read.bit() + Action::Append.bit();
    crate::share::put(commit, ("email", "activityid"), email, user, rights);
}

/// Takes back what [`let_in`] gave.
pub fn let_out(commit: &mut Commit, email: Guid, user: Guid) {
    commit.push(
        "DELETE FROM share WHERE principalid = $1 AND recordid = $2 AND entity = 'email'",
        vec![user.into(), email.into()],
    );
}

/// Which of these e-mails the user tracks.
pub async fn tracked_by(db: &Db, user: Guid, emails: &[Guid]) -> Result<BTreeSet<Guid>> {
    let mut tracked = BTreeSet::new();
    for emails in emails.chunks(1000) {
        let sql = format!(
            "SELECT t.emailid FROM tracking t JOIN email e ON e.activityid = t.emailid AND e.recycledon IS NULL
             WHERE t.userid = $1 AND t.emailid IN ({})",
            crate::db::placeholders(2, emails.len())
        );
        let values: Vec<Cell> = std::iter::once(user).chain(emails.iter().copied()).map(Cell::from).collect();
        for row in db.rows(&sql, &values).await? {
            tracked.insert(row.guid(0)?);
        }
    }
    Ok(tracked)
}

/// Which of these messages in the folder of `place` the user tracks, as whatever e-mail.
pub async fn tracked_in(db: &Db, user: Guid, place: &Place, uids: &[u32]) -> Result<BTreeSet<u32>> {
    let mut tracked = BTreeSet::new();
    for uids in uids.chunks(1000) {
        let sql = format!(
            "SELECT t.uid FROM tracking t JOIN email e ON e.activityid = t.emailid AND e.recycledon IS NULL
             WHERE t.userid = $1 AND t.mailboxid = $2 AND t.folder = $3 AND t.uidvalidity = $4 AND t.uid IN ({})",
            crate::db::placeholders(5, uids.len())
        );
        let Place { mailbox, folder, uid_validity, .. } = place;
        let mut values: Vec<Cell> =
            vec![user.into(), (*mailbox).into(), folder.as_str().into(), (*uid_validity).into()];
        values.extend(uids.iter().map(|it| Cell::from(*it)));
        for row in db.rows(&sql, &values).await? {
            tracked.insert(u32::try_from(row.int(0)?)?);
        }
    }
    Ok(tracked)
}

/// Where this user, or else anybody who tracks it, has the message.
pub async fn places(db: &Db, email: Guid) -> Result<Vec<(Guid, Place)>> {
    let sql = "SELECT userid, mailboxid, folder, uid, uidvalidity FROM tracking
               WHERE emailid = $1 AND mailboxid IS NOT NULL ORDER BY trackedon";
    let rows = db.rows(sql, &[email.into()]).await?;
    rows.iter()
        .map(|row| {
            let place = Place {
                mailbox: row.guid(1)?,
                folder: row.text(2)?.to_owned(),
                uid: u32::try_from(row.int(3)?)?,
                uid_validity: u32::try_from(row.int(4)?)?,
            };
            Ok((row.guid(0)?, place))
        })
        .collect()
}

/// The user's own tracked e-mails with the time when each was tracked, last tracked first.
pub async fn recent(db: &Db, user: Guid, limit: u32) -> Result<Vec<(Guid, Timestamp)>> {
    let sql = "SELECT t.emailid, t.trackedon FROM tracking t JOIN email e ON e.activityid = t.emailid
               WHERE t.userid = $1 AND e.recycledon IS NULL ORDER BY t.trackedon DESC LIMIT $2";
    let rows = db.rows(sql, &[user.into(), limit.into()]).await?;
    rows.iter().map(|row| Ok((row.guid(0)?, row.time(1)?))).collect()
}

/// The user set this record as a regarding: it is offered earlier next time.
pub fn note_use(commit: &mut Commit, record: &RecordRef, stamp: Stamp) {
    commit.push(
        "INSERT INTO regardinguse (userid, recordid, entity, uses, lastused) VALUES ($1, $2, $3, 1, $4)
         ON CONFLICT (userid, recordid) DO UPDATE SET uses = regardinguse.uses + 1, lastused = excluded.lastused",
        vec![stamp.by.into(), record.id.into(), record.entity.as_str().into(), stamp.at.into()],
    );
}

/// The records the user set as regarding, newest and most used first: each use counts like a day.
pub async fn used(db: &Db, user: Guid, limit: u32) -> Result<Vec<RecordRef>> {
    let sql = "SELECT entity, recordid FROM regardinguse WHERE userid = $1
               ORDER BY lastused + uses * 86400000000 DESC, recordid LIMIT $2";
    let rows = db.rows(sql, &[user.into(), limit.into()]).await?;
    rows.iter().map(|row| Ok(RecordRef::new(row.text(0)?, row.guid(1)?))).collect()
}
