//! What must hold in the database whenever the program is not running, whatever became of it.

use crate::world::EVA;
use domain::id::{Guid, MessageKey};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use store::{Db, Row};

/// The letters of the mailbox, by the key that each is stored under.
pub struct Letters {
    pub raw: Vec<Vec<u8>>,
    by_key: BTreeMap<MessageKey, Vec<u8>>,
}

/// How many copies there are.
#[derive(Debug, PartialEq, Eq)]
pub struct Stored {
    pub complete: usize,
    pub pending: usize,
}

impl Stored {
    pub fn emails(&self) -> usize {
        self.complete + self.pending
    }
}

impl Letters {
    /// Each about something else; some without Message-ID, some long, some with a file.
    pub fn unrelated(count: usize) -> Letters {
        Letters::of(count, |_| String::new())
    }

    /// All but the first answer the first, so that they are tracked by themselves once it is.
    pub fn answers(count: usize) -> Letters {
        let answer = format!("In-Reply-To: <{}>\r\n", Letters::first_id());
        Letters::of(count, |at| if at == 0 { String::new() } else { answer.clone() })
    }

    pub fn first_id() -> String {
        "0@contoso.example".to_owned()
    }

    fn of(count: usize, extra: impl Fn(usize) -> String) -> Letters {
        let raw: Vec<Vec<u8>> = (0..count).map(|at| letter(at, &extra(at))).collect();
        let key =
            |raw: &Vec<u8>| formats::mime::envelope(raw, 0).key().unwrap_or_else(|| MessageKey::of_raw(raw));
        let by_key: BTreeMap<MessageKey, Vec<u8>> = raw.iter().map(|it| (key(it), it.clone())).collect();
        assert_eq!(by_key.len(), count);
        Letters { raw, by_key }
    }
}

fn letter(at: usize, extra: &str) -> Vec<u8> {
    let id = if at % 10 == 7 { String::new() } else { format!("Message-ID: <{at}@contoso.example>\r\n") };
    let mut text = format!(
        "{id}From: Bo By <bo@contoso.example>\r\nTo: Eva <{EVA}>, Ulf <ulf@contoso.example>\r\nSubject: Brev {at}\r\n\
         Date: Mon, 23 Nov 2026 10:00:00 +0100\r\n{extra}MIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHej Eva, det här är {at}.\r\n"
    );
    let lines = if at.is_multiple_of(10) { 20_000 } else { 200 };
    if at % 10 < 5 {
        text.push_str("--b\r\nContent-Disposition: attachment; filename=fil.txt\r\n\r\n");
        for line in 0..lines {
            let _ = write!(text, "rad {line} av {at} och lite till\r\n");
        }
    }
    text.push_str("--b--\r\n");
    text.into_bytes()
}

async fn ids(db: &Db, sql: &str) -> BTreeSet<Guid> {
    db.rows(sql, &[]).await.unwrap().iter().map(|row| row.guid(0).unwrap()).collect()
}

/// Checks every copy, and that nothing is there without one.
pub async fn check(db: &Db, letters: &Letters) -> Stored {
    let sql = "SELECT activityid, messagekey, contentstate, attachmentcount FROM email";
    let rows = db.rows(sql, &[]).await.unwrap();
    let emails: BTreeSet<Guid> = rows.iter().map(|row| row.guid(0).unwrap()).collect();
    let keys: BTreeSet<MessageKey> = rows.iter().map(|row| row.key(1).unwrap()).collect();
    assert_eq!(keys.len(), rows.len(), "a message is there twice");
    nothing_is_left_over(db, &emails).await;
    let mut stored = Stored { complete: 0, pending: 0 };
    for row in &rows {
        let complete = row.int(2).unwrap() == 1;
        stored.complete += usize::from(complete);
        stored.pending += usize::from(!complete);
        copy(db, letters, row, complete).await;
    }
    stored
}

async fn nothing_is_left_over(db: &Db, emails: &BTreeSet<Guid>) {
    for sql in [
        "SELECT DISTINCT ownerid FROM blob",
        "SELECT DISTINCT activityid FROM activityparty",
        "SELECT DISTINCT objectid FROM activitymimeattachment",
        "SELECT DISTINCT emailid FROM tracking",
        "SELECT DISTINCT recordid FROM beginning",
        "SELECT DISTINCT recordid FROM document",
        "SELECT DISTINCT subject FROM job",
    ] {
        let left: Vec<Guid> = ids(db, sql).await.difference(emails).copied().collect();
        assert!(left.is_empty(), "{sql}: without an e-mail {left:?}");
    }
    assert_eq!(ids(db, "SELECT activityid FROM activitypointer").await, *emails, "each has its twin");
    assert_eq!(ids(db, "SELECT emailid FROM tracking").await, *emails, "each is tracked");
}

/// A complete copy is byte for byte the message; of another one nothing is there yet, but the promise to fetch it is.
async fn copy(db: &Db, letters: &Letters, row: &Row, complete: bool) {
    let email = row.guid(0).unwrap();
    let raw = &letters.by_key[&row.key(1).unwrap()];
    let count = async |sql: &str| db.row(sql, &[email.into()]).await.unwrap().unwrap().int(0).unwrap();
    assert_eq!(count("SELECT COUNT(*) FROM activityparty WHERE activityid = $1").await, 3);
    let blobs = count("SELECT COUNT(*) FROM blob WHERE ownerid = $1").await;
    let files = count("SELECT COUNT(*) FROM activitymimeattachment WHERE objectid = $1").await;
    let begun = count("SELECT COUNT(*) FROM beginning WHERE recordid = $1").await;
    if !complete {
        assert_eq!((blobs, files, begun), (0, 0, 0), "half of a copy is there");
        let promised = "SELECT COUNT(*) FROM job WHERE subject = $1 AND kind = 'fetch_message'";
        assert_eq!(count(promised).await, 1, "nobody will fetch it");
        return;
    }
    let kept = store::content::get(db, email, store::content::Part::Raw).await.unwrap();
    assert!(kept.as_deref() == Some(raw.as_slice()), "the raw copy is not the message");
    let message = formats::mime::message(raw);
    assert_eq!((files, begun), (i64::try_from(message.attachments.len()).unwrap(), 1));
    assert_eq!(row.int(3).unwrap(), files);
    for (number, file) in (0..).zip(&message.attachments) {
        let kept = store::content::get(db, email, store::content::Part::Attachment(number)).await.unwrap();
        assert!(kept.as_deref() == Some(file.bytes.as_slice()), "an attachment is not whole");
    }
}
