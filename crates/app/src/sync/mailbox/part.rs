//! Messages with their bodies, on their way into one commit. Reading and hashing much mail takes a while: all of this
//! runs aside.

use crate::copy::{self, Tracked};
use crate::mailboxes::MailboxRow;
use crate::{App, Result, track};
use connect::Head;
use domain::correlate::{Direction, Known};
use domain::envelope::Envelope;
use domain::id::{Guid, MessageKey, RecordRef};
use domain::matching::Match;
use domain::privilege::Actor;
use domain::time::Timestamp;
use domain::tracking::Reason;
use formats::mime::Message;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use store::tracking::Place;
use store::{Commit, Stamp};

/// The folder that is read, and for whom.
pub(super) struct Inbox {
    pub app: App,
    pub row: MailboxRow,
    pub folder: String,
    pub actor: Actor,
    pub uid_validity: u32,
}

/// A message that shall be tracked, and all that decided it.
pub(super) struct Chosen {
    /// The key its row will have: a later message of the batch may answer it.
    pub email: Guid,
    /// Its place among the heads of the batch.
    pub head: usize,
    pub mail: Envelope,
    /// `None` until the body is read, for a message without Message-ID.
    pub key: Option<MessageKey>,
    pub direction: Direction,
    pub regarding: Option<RecordRef>,
    pub because: Reason,
}

/// What one commit is made of.
pub(super) struct Part {
    inbox: Arc<Inbox>,
    chosen: Vec<Chosen>,
    heads: Arc<Vec<Head>>,
    read: HashMap<u32, Whole>,
    people: HashMap<String, Vec<Match>>,
}

/// A message with its body.
struct Whole {
    raw: Vec<u8>,
    message: Message,
}

impl Part {
    /// Reads what was fetched: `raws` by UID, `people` by folded address.
    pub fn read(
        inbox: Arc<Inbox>,
        mut chosen: Vec<Chosen>,
        heads: Arc<Vec<Head>>,
        raws: Vec<(u32, Vec<u8>)>,
        people: HashMap<String, Vec<Match>>,
    ) -> Part {
        let whole = |(uid, raw): (u32, Vec<u8>)| (uid, Whole { message: formats::mime::message(&raw), raw });
        let read: HashMap<u32, Whole> = raws.into_iter().map(whole).collect();
        for it in &mut chosen {
            let whole = heads.get(it.head).and_then(|head| read.get(&head.uid));
            it.key = it.key.or_else(|| whole.map(|it| MessageKey::of_raw(&it.raw)));
        }
        Part { inbox, chosen, heads, read, people }
    }

    pub fn len(&self) -> usize {
        self.chosen.len()
    }

    /// By what one of them is known when it is stored. `None`: it vanished between headers and body.
    pub fn identity(&self, one: usize) -> Option<(MessageKey, Direction)> {
        let it = self.chosen.get(one)?;
        self.whole(it)?;
        Some((it.key?, it.direction))
    }

    /// Some of them as rows.
    pub fn commit(&self, which: Range<usize>) -> Result<Commit> {
        let stamp = self.inbox.app.stamp(self.inbox.row.user);
        let mut commit = Commit::new();
        for it in self.chosen.get(which).unwrap_or_default() {
            // Vanished between headers and body: there is nothing left to keep.
            let (Some((head, whole)), Some(key)) = (self.whole(it), it.key) else { continue };
            self.add(&mut commit, it, key, head, whole, stamp)?;
        }
        Ok(commit)
    }

    fn whole(&self, it: &Chosen) -> Option<(&Head, &Whole)> {
        let head = self.heads.get(it.head)?;
        Some((head, self.read.get(&head.uid)?))
    }

    fn add(
        &self,
        commit: &mut Commit,
        it: &Chosen,
        key: MessageKey,
        head: &Head,
        whole: &Whole,
        stamp: Stamp,
    ) -> Result<()> {
        let Inbox { app, row, folder, actor, uid_validity } = &*self.inbox;
        let Whole { raw, message } = whole;
        let found = message.envelope.people().filter_map(|(_, it)| self.people.get(&it.address.folded()));
        let known = Known { people: found.flatten().cloned().collect(), ..Known::default() };
        let tracked = Tracked {
            email: it.email,
            mail: &message.envelope,
            key,
            direction: it.direction,
            known: &known,
            regarding: it.regarding.clone(),
            because: it.because.clone(),
            received: head.internal_date.map(Timestamp::from_seconds),
            content: Some((raw, message)),
        };
        copy::create(app, commit, actor, &tracked, stamp)?;
        let place =
            Place { mailbox: row.id, folder: folder.clone(), uid: head.uid, uid_validity: *uid_validity };
        track::begin(app, commit, it.email, &it.because, &place, stamp)
    }
}
