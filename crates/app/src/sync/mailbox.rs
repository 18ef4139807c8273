//! One folder of one mailbox: new header blocks, a verdict for each, and only then the bodies of what is tracked.

mod part;

use super::{Counts, Progress};
use crate::mail::aside;
use crate::mailboxes::{self, MailboxRow};
use crate::{App, Error, Result, know, users};
use connect::{Head, Which};
use domain::correlate::{Content, Direction, Question, Stored, question};
use domain::envelope::Envelope;
use domain::id::{Guid, MessageKey, RecordRef};
use domain::matching::Match;
use domain::privilege::Action;
use domain::tracking::{self, Filter, Verdict, Wish};
use part::{Chosen, Inbox, Part};
use std::collections::HashMap;
use std::sync::Arc;
use store::mailbox::Cursor;
use store::{Commit, Failure};
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
    let (mut cursor, total) = start(app, row, folder).await?;
    let (row, folder) = (row.clone(), folder.to_owned());
    let inbox = Inbox { app: app.clone(), row, folder, actor, uid_validity: cursor.uid_validity };
    let reader = Reader { inbox: Arc::new(inbox), filter, limits };
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
            mailbox: reader.inbox.row.address.clone(),
            folder: reader.inbox.folder.clone(),
            seen: counts.read,
            of: total.max(counts.read),
            tracked: counts.tracked,
        });
    }
}

/// Where to go on, and how many messages there are ahead. All UIDs are new when UIDVALIDITY is (RFC 9051 2.3.1.1).
async fn start(app: &App, row: &MailboxRow, folder: &str) -> Result<(Cursor, u64)> {
    let mut open = mailboxes::open(app, row).await?;
    let status = open.status(folder).await;
    let status = open.keep(status)?;
    let fresh = Cursor { uid_validity: status.uid_validity, last_uid: 0 };
    let known = store::mailbox::cursor(&app.db, row.id, folder).await?;
    let cursor = known.filter(|it| it.uid_validity == status.uid_validity).unwrap_or(fresh);
    let ahead = if cursor.last_uid == 0 { u64::from(status.exists) } else { 0 };
    Ok((cursor, ahead))
}

struct Reader {
    inbox: Arc<Inbox>,
    filter: Filter,
    limits: Limits,
}

impl Reader {
    async fn heads(&self, after: u32) -> Result<Vec<Head>> {
        let Inbox { app, row, folder, .. } = &*self.inbox;
        let mut open = mailboxes::open(app, row).await?;
        let heads = open.heads(folder, Which::After { uid: after, limit: self.limits.heads }).await;
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
        let heads = Arc::new(heads);
        // While one part is being written, the next one is fetched and read.
        let mut ready = None;
        for chosen in self.parts(chosen, &heads) {
            let (fetched, ()) = tokio::try_join!(self.fetch(chosen, &heads), self.store(ready.take()))?;
            ready = Some(fetched);
        }
        self.store(ready).await?;
        drop(turn);
        let mut commit = Commit::new();
        store::mailbox::set_cursor(&mut commit, self.inbox.row.id, &self.inbox.folder, cursor);
        self.inbox.app.db.commit(commit).await?;
        Ok(count)
    }

    async fn choose(&self, mails: Vec<Envelope>) -> Result<Vec<Chosen>> {
        // Know
        let questions: Vec<Question> =
            mails.iter().map(|it| question(it, Direction::of(it, &self.inbox.row.own_addresses))).collect();
        let mut stored = self.stored(&questions).await?;
        let people = self.people(&questions).await?;
        let may_create = self.inbox.actor.may(Action::Create, "email");

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
                let email = self.inbox.app.new_id();
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
            owner: self.inbox.row.user,
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
            for stored in store::tracking::stored(&self.inbox.app.db, keys).await? {
                found.entry(stored.key).or_default().push(stored);
            }
        }
        Ok(found)
    }

    /// Records by address, asked for only when the filter looks at people.
    async fn people(&self, questions: &[Question]) -> Result<HashMap<String, Vec<Match>>> {
        if matches!(self.filter, Filter::Nothing | Filter::RepliesToTracked) {
            return Ok(HashMap::new());
        }
        self.matches(questions.iter().flat_map(|it| it.addresses.iter().cloned()).collect()).await
    }

    async fn matches(&self, mut addresses: Vec<String>) -> Result<HashMap<String, Vec<Match>>> {
        let app = &self.inbox.app;
        addresses.sort_unstable();
        addresses.dedup();
        let mut found: HashMap<String, Vec<Match>> = HashMap::new();
        for addresses in addresses.chunks(500) {
            for it in store::matching::matches(&app.db, &app.catalog, addresses).await? {
                found.entry(it.address.clone()).or_default().push(it);
            }
        }
        Ok(found)
    }

    /// Cuts what was chosen into commits of bounded size.
    fn parts(&self, chosen: Vec<Chosen>, heads: &[Head]) -> Vec<Vec<Chosen>> {
        let mut parts: Vec<Vec<Chosen>> = Vec::new();
        let mut bytes = 0;
        for it in chosen {
            let size = heads.get(it.head).map_or(0, |it| it.size);
            match parts.last_mut() {
                Some(part) if part.len() < self.limits.messages && bytes + size <= self.limits.bytes => {
                    part.push(it);
                    bytes += size;
                }
                _ => {
                    parts.push(vec![it]);
                    bytes = size;
                }
            }
        }
        parts
    }

    /// Fetches the bodies in one request, and makes one commit of them.
    async fn fetch(&self, chosen: Vec<Chosen>, heads: &Arc<Vec<Head>>) -> Result<(Arc<Part>, Commit)> {
        let Inbox { app, row, folder, .. } = &*self.inbox;
        let uids: Vec<u32> = chosen.iter().filter_map(|it| heads.get(it.head)).map(|it| it.uid).collect();
        let mut open = mailboxes::open(app, row).await?;
        let raws = open.messages(folder, &uids).await;
        let raws = open.keep(raws)?;
        let people = chosen.iter().flat_map(|it| it.mail.people().map(|(_, it)| it.address.folded()));
        let people = self.matches(people.collect()).await?;
        let (inbox, heads) = (Arc::clone(&self.inbox), Arc::clone(heads));
        let made = aside(move || {
            let part = Part::read(inbox, chosen, heads, raws, people);
            let commit = part.commit(0..part.len())?;
            Ok((Arc::new(part), commit))
        });
        made.await?
    }

    /// Writes it. When somebody else stored one of the messages at the same moment, each is tried alone, and what is
    /// there already is left (AU-20).
    async fn store(&self, ready: Option<(Arc<Part>, Commit)>) -> Result<()> {
        let Some((part, commit)) = ready else { return Ok(()) };
        let db = &self.inbox.app.db;
        match db.commit(commit).await {
            Ok(()) => return Ok(()),
            Err(Failure::Changed) => {}
            Err(broken) => return Err(broken.into()),
        }
        for one in 0..part.len() {
            let alone = Arc::clone(&part);
            let commit = aside(move || alone.commit(one..one + 1)).await??;
            match db.commit(commit).await {
                Ok(()) => {}
                Err(Failure::Changed) if self.is_there(&part, one).await? => {}
                // The cursor stays before it, and the next pass tries again.
                Err(other) => return Err(other.into()),
            }
        }
        Ok(())
    }

    /// Whether it is stored by now, whoever did it. What has vanished need not be.
    async fn is_there(&self, part: &Part, one: usize) -> Result<bool> {
        let Some((key, direction)) = part.identity(one) else { return Ok(true) };
        let stored = store::tracking::stored(&self.inbox.app.db, &[key]).await?;
        Ok(stored.iter().any(|it| it.direction == direction))
    }
}
