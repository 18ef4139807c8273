//! What has to be known about a message before anything is decided. The question and the answer are both values,
//! so the database is asked once, in between.

use crate::envelope::{Envelope, Part};
use crate::id::{Guid, MessageKey, RecordRef};
use crate::matching::Match;
use crate::time::Timestamp;
use crate::tracking::Reason;
use std::collections::HashSet;

/// Which way a message went, seen from the organization (EM-02).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    Incoming,
    Outgoing,
}

impl Direction {
    /// The value of `directioncode`.
    pub fn is_outgoing(self) -> bool {
        self == Direction::Outgoing
    }

    /// A message that a user's mailbox holds is outgoing when that user wrote it.
    pub fn of(mail: &Envelope, own_addresses: &[String]) -> Direction {
        let author = mail.sender.as_ref().or(mail.from.as_ref()).map(|it| it.address.folded());
        let from = mail.from.as_ref().map(|it| it.address.folded());
        let own = [author, from].into_iter().flatten().any(|it| own_addresses.contains(&it));
        if own { Direction::Outgoing } else { Direction::Incoming }
    }
}

/// What to ask the store about one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// `None` for a message without Message-ID that has not been fetched.
    pub key: Option<MessageKey>,
    pub direction: Direction,
    /// Nearest first.
    pub ancestors: Vec<MessageKey>,
    /// Folded, each once.
    pub addresses: Vec<String>,
}

/// No more ancestors than this are looked up: nobody's thread is longer, and strangers write the header.
pub const MOST_ANCESTORS: usize = 50;

pub fn question(mail: &Envelope, direction: Direction) -> Question {
    let mut addresses: Vec<String> = Vec::new();
    let mut seen = HashSet::new();
    for (_, person) in mail.people().filter(|(part, _)| *part != Part::Bcc || direction.is_outgoing()) {
        let address = person.address.folded();
        if !address.is_empty() && seen.insert(address.clone()) {
            addresses.push(address);
        }
    }
    Question {
        key: mail.key(),
        direction,
        ancestors: mail.ancestors().into_iter().take(MOST_ANCESTORS).map(MessageKey::of_id).collect(),
        addresses,
    }
}

/// An e-mail the organization has already stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub email: Guid,
    /// As it was read: who decides on it expects it to be the same still.
    pub version: i64,
    pub key: MessageKey,
    pub direction: Direction,
    pub regarding: Option<RecordRef>,
    pub owner: Guid,
    /// Untracked a moment ago and still to be had back (decision 3).
    pub hidden: bool,
    pub content: Content,
    /// When the content is fetched next; `None` when nothing is planned.
    pub next_try: Option<Timestamp>,
    pub trackers: Vec<Tracker>,
}

/// How far the copy's body, attachments and raw message have come. The numbers are those of `contentstate`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Content {
    #[default]
    Pending = 0,
    Stored = 1,
    /// It could not be fetched so far and is tried again.
    Failed = 2,
}

impl Content {
    pub fn code(self) -> i64 {
        self as i64
    }

    /// What is unknown counts as pending: it will be fetched again, which harms nothing.
    pub fn from_code(code: i64) -> Content {
        match code {
            1 => Content::Stored,
            2 => Content::Failed,
            _ => Content::Pending,
        }
    }
}

/// One user's tracking of an e-mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tracker {
    pub user: Guid,
    pub since: Timestamp,
    pub because: Reason,
}

/// What the store answered.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// This very message in this direction.
    pub this: Option<Stored>,
    /// Visible ancestors, in either direction.
    pub ancestors: Vec<Stored>,
    /// Every record of the organization that has one of the addresses (decision 11).
    pub people: Vec<Match>,
}

impl Known {
    /// The nearest message of the thread that is stored: In-Reply-To first, then References from the end.
    pub fn nearest_ancestor(&self, question: &Question) -> Option<&Stored> {
        question
            .ancestors
            .iter()
            .find_map(|key| self.ancestors.iter().find(|it| it.key == *key && !it.hidden))
    }
}
