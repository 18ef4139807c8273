//! The columns and children of a stored e-mail that operations write, beside the generic path of all records.

use crate::change::{self, Operation};
use crate::commit::{Commit, Stamp};
use crate::db::{Cell, Db, Row};
use anyhow::{Context, Result};
use domain::correlate::Content;
use domain::envelope::Part;
use domain::id::{Guid, RecordRef};

/// A row of `activityparty`: the literal address always, the record when there is one (EM-08).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    pub part: Part,
    pub name: String,
    pub address: String,
    pub record: Option<RecordRef>,
}

/// A row of `activitymimeattachment`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    pub filename: String,
    pub mimetype: String,
    pub size: u64,
    pub content_id: Option<String>,
    pub inline: bool,
}

/// The e-mail is as it was read, or the commit fails with `Changed`: what was decided on it holds still.
pub fn expect(commit: &mut Commit, email: Guid, version: i64) {
    commit.push_one(
        "UPDATE email SET versionnumber = versionnumber + 1 WHERE activityid = $1 AND versionnumber = $2",
        vec![email.into(), version.into()],
    );
}

/// Adds the parties of a new e-mail, in this order. `ids` gives a new key for each.
pub fn add_parties(
    commit: &mut Commit,
    email: Guid,
    parties: &[Party],
    mut ids: impl FnMut() -> Guid,
    stamp: Stamp,
) {
    for (position, party) in (0i64..).zip(parties) {
        commit.push(
            "INSERT INTO activityparty (activitypartyid, versionnumber, activityid, activityidtype, participationtypemask,
                 partyid, partyidtype, addressused, partyname, position, createdon, createdby, modifiedon, modifiedby)
             VALUES ($1, 1, $2, 'email', $3, $4, $5, $6, $7, $8, $9, $10, $9, $10)",
            vec![
                ids().into(),
                email.into(),
                party.part.code().into(),
                party.record.as_ref().map(|it| it.id).into(),
                party.record.as_ref().map(|it| it.entity.as_str()).into(),
                domain::text::clipped(&party.address, 200).into(),
                domain::text::clipped(&party.name, 200).into(),
                position.into(),
                stamp.at.into(),
                stamp.by.into(),
            ],
        );
    }
}

/// Who it is from and to, as lists show it: of a message that was written here, and has no headers yet.
pub fn set_people(commit: &mut Commit, email: Guid, sender: &str, to: &str) {
    commit.push(
        "UPDATE email SET sender = $2, torecipients = $3 WHERE activityid = $1",
        vec![email.into(), domain::text::clipped(sender, 250).into(), domain::text::clipped(to, 500).into()],
    );
}

/// In the order of the message.
pub async fn parties(db: &Db, email: Guid) -> Result<Vec<Party>> {
    let sql = "SELECT participationtypemask, partyname, addressused, partyidtype, partyid FROM activityparty
               WHERE activityid = $1 ORDER BY position";
    db.rows(sql, &[email.into()]).await?.iter().map(|row| party(row, 0)).collect()
}

/// The parties of several e-mails, each with its e-mail.
pub async fn parties_of_all(db: &Db, emails: &[Guid]) -> Result<Vec<(Guid, Party)>> {
    if emails.is_empty() {
        return Ok(vec![]);
    }
    let sql = format!(
        "SELECT activityid, participationtypemask, partyname, addressused, partyidtype, partyid
         FROM activityparty WHERE activityid IN ({}) ORDER BY position",
        crate::db::placeholders(1, emails.len())
    );
    let emails: Vec<Cell> = emails.iter().map(|it| (*it).into()).collect();
    db.rows(&sql, &emails).await?.iter().map(|row| Ok((row.guid(0)?, party(row, 1)?))).collect()
}

fn party(row: &Row, at: usize) -> Result<Party> {
    let record = match (row.maybe(at + 3, Row::text)?, row.maybe(at + 4, Row::guid)?) {
        (Some(entity), Some(id)) => Some(RecordRef::new(entity, id)),
        _ => None,
    };
    Ok(Party {
        part: Part::from_code(row.int(at)?).context("A party takes part in a way we do not know")?,
        name: row.maybe(at + 1, Row::text)?.unwrap_or_default().to_owned(),
        address: row.maybe(at + 2, Row::text)?.unwrap_or_default().to_owned(),
        record,
    })
}

/// Adds the attachments, numbered from 0 in this order. Their bytes are put by [`crate::content::put`].
pub fn add_attachments(
    commit: &mut Commit,
    email: Guid,
    attachments: &[Attachment],
    mut ids: impl FnMut() -> Guid,
    stamp: Stamp,
) {
    for (number, it) in (0i64..).zip(attachments) {
        commit.push(
            "INSERT INTO activitymimeattachment (activitymimeattachmentid, versionnumber, objectid, objectidtype, filename,
                 mimetype, filesize, attachmentnumber, attachmentcontentid, isinline, createdon, createdby, modifiedon,
                 modifiedby)
             VALUES ($1, 1, $2, 'email', $3, $4, $5, $6, $7, $8, $9, $10, $9, $10)",
            vec![
                ids().into(),
                email.into(),
                domain::text::clipped(&it.filename, 255).into(),
                domain::text::clipped(&it.mimetype, 256).into(),
                i64::try_from(it.size).unwrap_or(i64::MAX).into(),
                number.into(),
                it.content_id.as_deref().map(|it| domain::text::clipped(it, 998)).into(),
                it.inline.into(),
                stamp.at.into(),
                stamp.by.into(),
            ],
        );
    }
}

pub async fn attachments(db: &Db, email: Guid) -> Result<Vec<Attachment>> {
    let sql = "SELECT filename, mimetype, filesize, attachmentcontentid, isinline FROM activitymimeattachment
               WHERE objectid = $1 ORDER BY attachmentnumber";
    let rows = db.rows(sql, &[email.into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(Attachment {
                filename: row.text(0)?.to_owned(),
                mimetype: row.text(1)?.to_owned(),
                size: u64::try_from(row.int(2)?).unwrap_or_default(),
                content_id: row.maybe(3, Row::text)?.map(str::to_owned),
                inline: row.bool(4)?,
            })
        })
        .collect()
}

/// The copy is complete. Fails with `Changed` when it was completed, or erased, by somebody else meanwhile.
pub fn complete(commit: &mut Commit, email: Guid, attachments: usize, stamp: Stamp) {
    commit.push_one(
        "UPDATE email SET contentstate = $2, attachmentcount = $3, modifiedon = $4, versionnumber = versionnumber + 1
         WHERE activityid = $1 AND contentstate <> $2",
        vec![
            email.into(),
            Content::Stored.code().into(),
            i64::try_from(attachments).unwrap_or(i64::MAX).into(),
            stamp.at.into(),
        ],
    );
}

/// What the e-mail is regarding from now on, in its own row and in its twin's.
pub fn set_regarding(commit: &mut Commit, email: Guid, regarding: Option<&RecordRef>, stamp: Stamp) {
    for table in ["email", "activitypointer"] {
        commit.push(
            format!(
                "UPDATE {table} SET regardingobjectid = $2, regardingobjectidtype = $3,
                     versionnumber = versionnumber + 1 WHERE activityid = $1"
            ),
            vec![
                email.into(),
                regarding.map(|it| it.id).into(),
                regarding.map(|it| it.entity.as_str()).into(),
            ],
        );
    }
    note(commit, email, Operation::Update, "{\"regardingobjectid\": {}}", stamp);
}

/// A line of the change log about an e-mail. The version is not known here; the time tells changes apart.
fn note(commit: &mut Commit, email: Guid, operation: Operation, columns: &str, stamp: Stamp) {
    change::add(commit, &RecordRef::new("email", email), operation, 0, columns, stamp);
}

/// Its Message-ID, without angle brackets, if it has one.
pub async fn message_id(db: &Db, email: Guid) -> Result<Option<String>> {
    let row = db.row("SELECT messageid FROM email WHERE activityid = $1", &[email.into()]).await?;
    row.map_or(Ok(None), |row| Ok(row.maybe(0, Row::text)?.map(str::to_owned)))
}

/// Fetching failed for now, or is under way again.
pub fn set_content(commit: &mut Commit, email: Guid, content: Content) {
    commit.push(
        "UPDATE email SET contentstate = $2 WHERE activityid = $1 AND contentstate <> $3",
        vec![email.into(), content.code().into(), Content::Stored.code().into()],
    );
}

/// The copy gets another owner, in that owner's business unit (decision 13). Its twin in the list of activities too.
pub fn pass_on(commit: &mut Commit, email: Guid, to: Guid, stamp: Stamp) {
    for table in ["email", "activitypointer"] {
        commit.push(
            format!(
                "UPDATE {table} SET ownerid = $2, owneridtype = 'systemuser', versionnumber = versionnumber + 1,
                     owningbusinessunit = (SELECT businessunitid FROM systemuser WHERE systemuserid = $2)
                 WHERE activityid = $1"
            ),
            vec![email.into(), to.into()],
        );
    }
    note(commit, email, Operation::Update, "{\"ownerid\": {}}", stamp);
}

/// Hides the copy at once; it can be shown again until it is erased (decision 3).
pub fn hide(commit: &mut Commit, email: Guid, stamp: Stamp) {
    set_recycled(commit, email, &stamp.at.into());
    note(commit, email, Operation::Delete, "{}", stamp);
}

/// Takes hiding back.
pub fn show(commit: &mut Commit, email: Guid, stamp: Stamp) {
    set_recycled(commit, email, &Cell::Null);
    note(commit, email, Operation::Restore, "{}", stamp);
}

fn set_recycled(commit: &mut Commit, email: Guid, since: &Cell) {
    for table in ["email", "activitypointer"] {
        commit.push(
            format!(
                "UPDATE {table} SET recycledon = $2, versionnumber = versionnumber + 1 WHERE activityid = $1"
            ),
            vec![email.into(), since.clone()],
        );
    }
}

/// Destroys the copy and everything that hangs on it: no byte of the content stays (PRODUCT.md, point 4).
/// Of the change log only who and when remain. Fails with `Changed` when it is not hidden any more.
pub fn erase(commit: &mut Commit, db: &Db, email: Guid, stamp: Stamp) {
    commit.push_one("DELETE FROM email WHERE activityid = $1 AND recycledon IS NOT NULL", vec![email.into()]);
    crate::content::erase(commit, db, email);
    commit.push("UPDATE email SET parentactivityid = NULL WHERE parentactivityid = $1", vec![email.into()]);
    for sql in [
        "DELETE FROM activitypointer WHERE activityid = $1",
        "DELETE FROM activityparty WHERE activityid = $1",
        "DELETE FROM activitymimeattachment WHERE objectid = $1",
        "DELETE FROM tracking WHERE emailid = $1",
        "DELETE FROM share WHERE recordid = $1",
        "DELETE FROM word WHERE recordid = $1",
        // The keyword still has to go from a mailbox that is away.
        "DELETE FROM job WHERE subject = $1 AND kind = 'fetch_message'",
        "UPDATE change SET columns = '{}' WHERE recordid = $1",
    ] {
        commit.push(sql, vec![email.into()]);
    }
    note(commit, email, Operation::Erase, "{}", stamp);
}
