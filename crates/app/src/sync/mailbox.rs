//! One folder of one mailbox: new header blocks, a verdict for each, and only then the bodies of what is tracked.

use super::{Counts, Progress};
use crate::copy::{self, Tracked};
use crate::mail::aside;
use crate::mailboxes::{self, MailboxRow};
use crate::{App, Error, Result, know, track, users};
use connect::{Head, Which};
use domain::correlate::{Content, Direction, Known, Question, Stored, question};
use domain::envelope::Envelope;
use domain::id::{Guid, MessageKey, RecordRef};
use domain::privilege::{Action, Actor};
use domain::time::Timestamp;
use domain::tracking::{self, Filter, Reason, Verdict, Wish};
use formats::mime::Message;
use std::collections::HashMap;
use store::mailbox::Cursor;
use store::tracking::Place;
use store::{Commit, Failure, Stamp};
use tokio::sync::Semaphore;

/// How much is held at once.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Header blocks in one request.
    pub heads: u32,
    /// Messages in one commit.
    pub messages: usize,
    /// Bytes of messages in one commit; one larger message goes alone.
    pub bytes: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { heads: 500, messages: 100, bytes: 16 * 1024 * 1024 }
    }
}

/// So many mailboxes hold whole messages at the same moment; the others wait. It bounds the memory.
static WHOLE: Semaphore = Semaphore::const_new(2);

/// A pass over the inbox: only there mail is tracked by itself (AU-01).
pub(super) async fn pass(
    app: &App,
    row: &MailboxRow,
    progress: &(impl Fn(Progress) + Sync),
) -> Result<Counts> {
    folder(app, row, "INBOX", Filter::default(), Limits::default(), progress).await
}

/// Reads what is new in a folder since the last pass, with the owner's standing wish instead of a click (walk b).
pub async fn folder(
    app: &App,
    row: &MailboxRow,
    folder: &str,
    filter: Filter,
    limits: Limits,
    progress: &(impl Fn(Progress) + Sync),
) -> Result<Counts> {
    let actor = users::actor(app, row.user).await?.ok_or(Error::NotAllowed)?;
    let mut reader = Reader { app, row, folder, filter, limits, actor, uid_validity: 0 };
    let (mut cursor, total) = reader.start().await?;
    let mut counts = Counts::default();
    loop {
        let mut heads = reader.heads(cursor.last_uid).await?;
        heads.sort_by_key(|it| it.uid);
        let Some(last) = heads.last().map(|it| it.uid) else { return Ok(counts) };
        cursor.last_uid = last;
        counts.read += heads.len() as u64;
        let tracked = reader.batch(heads, cursor).await?;
        counts.tracked += tracked;
        counts.left = counts.read - counts.tracked;
        progress(Progress {
            mailbox: row.address.clone(),
            folder: folder.to_owned(),
            seen: counts.read,
            of: total.max(counts.read),
            tracked: counts.tracked,
        });
    }
}

struct Reader<'a> {
    app: &'a App,
    row: &'a MailboxRow,
    folder: &'a str,
    filter: Filter,
    limits: Limits,
    actor: Actor,
    uid_validity: u32,
}

/// A message that shall be tracked, and all that decided it.
struct Chosen {
    /// The key its row will have: a later message of the batch may answer it.
    email: Guid,
    head: usize,
    mail: Envelope,
    key: Option<MessageKey>,
    direction: Direction,
    regarding: Option<RecordRef>,
    because: Reason,
}

impl Chosen {
    fn key(&self, whole: &Whole) -> MessageKey {
        self.key.unwrap_or_else(|| MessageKey::of_raw(&whole.raw))
    }
}

/// Messages as they shall be written, with what they were made of.
struct Ready<'c> {
    part: &'c [Chosen],
    read: HashMap<u32, Whole>,
    people: HashMap<String, Vec<domain::matching::Match>>,
    commit: Commit,
}

/// A message with its body.
struct Whole {
    raw: Vec<u8>,
    message: Message,
}

impl Reader<'_> {
    /// Where to go on, and how many messages there are ahead. All UIDs are new when UIDVALIDITY is (RFC 9051 2.3.1.1).
    async fn start(&mut self) -> Result<(Cursor, u64)> {
        let mut open = mailboxes::open(self.app, self.row).await?;
        let status = open.status(self.folder).await;
        let status = open.keep(status)?;
        self.uid_validity = status.uid_validity;
        let fresh = Cursor { uid_validity: status.uid_validity, last_uid: 0 };
        let known = store::mailbox::cursor(&self.app.db, self.row.id, self.folder).await?;
        let cursor = known.filter(|it| it.uid_validity == status.uid_validity).unwrap_or(fresh);
        let ahead = if cursor.last_uid == 0 { u64::from(status.exists) } else { 0 };
        Ok((cursor, ahead))
    }

    async fn heads(&self, after: u32) -> Result<Vec<Head>> {
        let mut open = mailboxes::open(self.app, self.row).await?;
        let heads = open.heads(self.folder, Which::After { uid: after, limit: self.limits.heads }).await;
        open.keep(heads)
    }

    /// Decides on all of them and stores what is tracked. The cursor moves when all of it is there: who is killed before
    /// that reads these headers again, and finds what is stored already (AU-20).
    async fn batch(&self, heads: Vec<Head>, cursor: Cursor) -> Result<u64> {
        let read = aside(move || {
            let mails = heads.iter().map(|it| formats::mime::envelope(&it.headers, it.size)).collect();
            (heads, mails)
        });
        let (heads, mails): (Vec<Head>, Vec<Envelope>) = read.await?;
        let chosen = self.choose(mails).await?;
        let count = chosen.len() as u64;
        let turn = if chosen.is_empty() { None } else { WHOLE.acquire().await.ok() };
        // While one part is being written, the next one is fetched and read.
        let mut ready = None;
        for part in self.parts(&chosen, &heads) {
            let (fetched, ()) = tokio::try_join!(self.fetch(part, &heads), self.store(ready.take(), &heads))?;
            ready = Some(fetched);
        }
        self.store(ready, &heads).await?;
        drop(turn);
        let mut commit = Commit::new();
        store::mailbox::set_cursor(&mut commit, self.row.id, self.folder, cursor);
        self.app.db.commit(commit).await?;
        Ok(count)
    }

    async fn choose(&self, mails: Vec<Envelope>) -> Result<Vec<Chosen>> {
        // Know
        let questions: Vec<Question> =
            mails.iter().map(|it| question(it, Direction::of(it, &self.row.own_addresses))).collect();
        let mut stored = self.stored(&questions).await?;
        let people = self.people(&questions).await?;
        let may_create = self.actor.may(Action::Create, "email");

        // Decide
        let mut chosen = Vec::new();
        for (at, (mail, question)) in mails.into_iter().zip(&questions).enumerate() {
            let keys = question.key.iter().chain(&question.ancestors);
            let relevant = keys.flat_map(|key| stored.get(key).into_iter().flatten().cloned()).collect();
            let senders = mail.from.iter().filter_map(|it| people.get(&it.address.folded()));
            let known = know::sorted(question, relevant, senders.flatten().cloned().collect());
            let verdict = tracking::decide(&mail, question, &known, &Wish::Standing(self.filter));
            // Nobody could fetch what is larger.
            let may = may_create && mail.size <= connect::MESSAGE_LIMIT;
            if let (Verdict::Track { regarding, because }, true) = (verdict, may) {
                let email = self.app.new_id();
                if let Some(key) = question.key {
                    let promise = self.promise(email, key, question.direction, regarding.as_ref());
                    stored.entry(key).or_default().push(promise);
                }
                let (key, direction) = (question.key, question.direction);
                chosen.push(Chosen { email, head: at, mail, key, direction, regarding, because });
            }
        }
        Ok(chosen)
    }

    /// Stands in for a message that this batch will store.
    fn promise(
        &self,
        email: Guid,
        key: MessageKey,
        direction: Direction,
        regarding: Option<&RecordRef>,
    ) -> Stored {
        Stored {
            email,
            version: 0,
            key,
            direction,
            regarding: regarding.cloned(),
            owner: self.row.user,
            hidden: false,
            content: Content::Pending,
            next_try: None,
            trackers: vec![],
        }
    }

    async fn stored(&self, questions: &[Question]) -> Result<HashMap<MessageKey, Vec<Stored>>> {
        let mut keys: Vec<MessageKey> =
            questions.iter().flat_map(|it| it.key.iter().chain(&it.ancestors)).copied().collect();
        keys.sort_unstable();
        keys.dedup();
        let mut found: HashMap<MessageKey, Vec<Stored>> = HashMap::new();
        for keys in keys.chunks(1000) {
            for stored in store::tracking::stored(&self.app.db, keys).await? {
                found.entry(stored.key).or_default().push(stored);
            }
        }
        Ok(found)
    }

    /// Records by address, asked for only when the filter looks at people.
    async fn people(&self, questions: &[Question]) -> Result<HashMap<String, Vec<domain::matching::Match>>> {
        if matches!(self.filter, Filter::Nothing | Filter::RepliesToTracked) {
            return Ok(HashMap::new());
        }
        self.matches(questions.iter().flat_map(|it| it.addresses.iter().cloned()).collect()).await
    }

    async fn matches(
        &self,
        mut addresses: Vec<String>,
    ) -> Result<HashMap<String, Vec<domain::matching::Match>>> {
        addresses.sort_unstable();
        addresses.dedup();
        let mut found: HashMap<String, Vec<domain::matching::Match>> = HashMap::new();
        for addresses in addresses.chunks(500) {
            for it in store::matching::matches(&self.app.db, &self.app.catalog, addresses).await? {
                found.entry(it.address.clone()).or_default().push(it);
            }
        }
        Ok(found)
    }

    /// Cuts what was chosen into commits of bounded size.
    fn parts<'c>(&self, chosen: &'c [Chosen], heads: &[Head]) -> Vec<&'c [Chosen]> {
        let mut parts = Vec::new();
        let (mut start, mut bytes) = (0, 0);
        for (at, it) in chosen.iter().enumerate() {
            let size = heads.get(it.head).map_or(0, |it| it.size);
            if at > start && (at - start >= self.limits.messages || bytes + size > self.limits.bytes) {
                parts.push(&chosen[start..at]);
                (start, bytes) = (at, 0);
            }
            bytes += size;
        }
        if start < chosen.len() {
            parts.push(&chosen[start..]);
        }
        parts
    }

    /// Fetches the bodies in one request, and makes one commit of them.
    async fn fetch<'c>(&self, part: &'c [Chosen], heads: &[Head]) -> Result<Ready<'c>> {
        let uids: Vec<u32> = part.iter().filter_map(|it| heads.get(it.head)).map(|it| it.uid).collect();
        let mut open = mailboxes::open(self.app, self.row).await?;
        let raws = open.messages(self.folder, &uids).await;
        let raws = open.keep(raws)?;
        let read = aside(move || {
            let whole =
                |(uid, raw): (u32, Vec<u8>)| (uid, Whole { message: formats::mime::message(&raw), raw });
            raws.into_iter().map(whole).collect()
        });
        let read: HashMap<u32, Whole> = read.await?;
        let people = part.iter().flat_map(|it| it.mail.people().map(|(_, it)| it.address.folded()));
        let people = self.matches(people.collect()).await?;
        let commit = self.commit(part, heads, &read, &people)?;
        Ok(Ready { part, read, people, commit })
    }

    /// Writes it. When somebody else stored one of the messages at the same moment, each is tried alone, and what is
    /// there already is left (AU-20).
    async fn store(&self, ready: Option<Ready<'_>>, heads: &[Head]) -> Result<()> {
        let Some(Ready { part, read, people, commit }) = ready else { return Ok(()) };
        match self.app.db.commit(commit).await {
            Ok(()) => return Ok(()),
            Err(Failure::Changed) => {}
            Err(broken) => return Err(broken.into()),
        }
        for one in part.chunks(1) {
            let commit = self.commit(one, heads, &read, &people)?;
            match self.app.db.commit(commit).await {
                Ok(()) => {}
                Err(Failure::Changed) if self.are_there(one, heads, &read).await? => {}
                // The cursor stays before it, and the next pass tries again.
                Err(other) => return Err(other.into()),
            }
        }
        Ok(())
    }

    /// Whether all of them are stored by now, whoever did it.
    async fn are_there(&self, part: &[Chosen], heads: &[Head], read: &HashMap<u32, Whole>) -> Result<bool> {
        for it in part {
            let Some(whole) = heads.get(it.head).and_then(|head| read.get(&head.uid)) else { continue };
            let stored = store::tracking::stored(&self.app.db, &[it.key(whole)]).await?;
            if !stored.iter().any(|stored| stored.direction == it.direction) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn commit(
        &self,
        part: &[Chosen],
        heads: &[Head],
        read: &HashMap<u32, Whole>,
        people: &HashMap<String, Vec<domain::matching::Match>>,
    ) -> Result<Commit> {
        let stamp = self.app.stamp(self.row.user);
        let mut commit = Commit::new();
        for it in part {
            let Some(head) = heads.get(it.head) else { continue };
            // Vanished between headers and body: there is nothing left to keep.
            let Some(whole) = read.get(&head.uid) else { continue };
            self.add(&mut commit, it, head, whole, people, stamp)?;
        }
        Ok(commit)
    }

    fn add(
        &self,
        commit: &mut Commit,
        it: &Chosen,
        head: &Head,
        whole: &Whole,
        people: &HashMap<String, Vec<domain::matching::Match>>,
        stamp: Stamp,
    ) -> Result<()> {
        let Whole { raw, message } = whole;
        let found = message.envelope.people().filter_map(|(_, it)| people.get(&it.address.folded()));
        let known = Known { people: found.flatten().cloned().collect(), ..Known::default() };
        let tracked = Tracked {
            email: it.email,
            mail: &message.envelope,
            key: it.key(whole),
            direction: it.direction,
            known: &known,
            regarding: it.regarding.clone(),
            because: it.because.clone(),
            received: head.internal_date.map(Timestamp::from_seconds),
            content: Some((raw, message)),
        };
        copy::create(self.app, commit, &self.actor, &tracked, stamp)?;
        let place = Place {
            mailbox: self.row.id,
            folder: self.folder.to_owned(),
            uid: head.uid,
            uid_validity: self.uid_validity,
        };
        track::begin(self.app, commit, it.email, &it.because, &place, stamp)
    }
}
