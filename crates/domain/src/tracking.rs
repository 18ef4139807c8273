//! Should this message become a record, and regarding what? And when it is let go, what becomes of the copy?
//!
//! [`decide`] is the one place where the first question is answered, whether somebody clicked Track in the pane or
//! synchronization found the message by itself; [`untrack`] is the one place for the second.

use crate::correlate::{Known, Question, Stored, Tracker};
use crate::envelope::{Envelope, Sensitivity};
use crate::id::{Guid, RecordRef};
use serde::{Deserialize, Serialize};
use std::fmt;

/// `incomingemailfilteringmethod`, the user's standing wish (3.1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Filter {
    Everything,
    #[default]
    RepliesToTracked,
    FromPeople,
    FromRecords,
    Nothing,
}

impl Filter {
    /// By its number among the choices of the column.
    pub fn from_code(code: i64) -> Option<Filter> {
        [
            Filter::Everything,
            Filter::RepliesToTracked,
            Filter::FromPeople,
            Filter::FromRecords,
            Filter::Nothing,
        ]
        .get(usize::try_from(code).ok()?)
        .copied()
    }
}

/// What the user wants to happen to a message: said now, with a click, or once and for all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// Track, or Set Regarding when there is a target (S-06, S-07). Ignores the filter (AU-03).
    Asked {
        target: Option<Target>,
        may_create: bool,
        proof: Proof,
    },
    Standing(Filter),
}

/// Whether a user really has the message that a colleague's copy was made of. Its Message-ID proves nothing: it stands
/// in every answer, and anybody can write it into a message of his own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// There is no colleague's copy, or the user tracks it already.
    NotNeeded,
    /// The user's own message says the same as the copy.
    Same,
    /// It says something else.
    Different,
    /// The copy is still being fetched.
    CopyPending,
}

/// The record that Set Regarding named, and whether this user may put mail there (SE-05).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub record: RecordRef,
    pub readable: bool,
    pub may_append_to: bool,
    pub takes_activities: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Leave(Left),
    /// The organization has it, and this user tracks it too (EM-32). `regarding` is new only when it was asked for.
    Join {
        email: Guid,
        regarding: Option<RecordRef>,
        revive: bool,
    },
    Track {
        regarding: Option<RecordRef>,
        because: Reason,
    },
    Refuse(Refusal),
}

/// Kept with the tracking and shown in the pane, so that nobody has to guess.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    Asked,
    /// It answers this stored e-mail (AU-30).
    ReplyTo(Guid),
    KnownSender(RecordRef),
    Everything,
}

impl Reason {
    /// The value of `correlationmethod` (EM-06).
    pub fn correlation_method(&self) -> i64 {
        match self {
            Reason::Asked => 1,
            Reason::ReplyTo(_) => 3,
            Reason::KnownSender(_) | Reason::Everything => 0,
        }
    }
}

/// Why a message was left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    AlreadyStored,
    NoCorrelation,
    Private,
    Unwanted,
}

impl Left {
    /// The key of this reason in ledgers and words.
    pub fn name(self) -> &'static str {
        match self {
            Left::AlreadyStored => "already_stored",
            Left::NoCorrelation => "no_correlation",
            Left::Private => "private",
            Left::Unwanted => "filter_nothing",
        }
    }
}

/// What a user may not do. `Display` is the sentence for a terminal; the web app says it in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    MayNotTrack,
    MayNotAppendTo {
        entity: String,
    },
    NoSuchRecord,
    TakesNoActivities {
        entity: String,
    },
    /// Another message with the same Message-ID is tracked already ([`Proof::Different`]).
    AnotherMessage,
    /// See [`Proof::CopyPending`].
    CopyPending,
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::MayNotTrack => out.write_str("Your role does not allow you to track mail."),
            Refusal::MayNotAppendTo { entity } => write!(out, "You may not link anything to this {entity}."),
            Refusal::NoSuchRecord => out.write_str("There is no such record, or it is not yours to see."),
            Refusal::TakesNoActivities { entity } => {
                write!(out, "Mail cannot be regarding a record of the type {entity}.")
            }
            Refusal::AnotherMessage => {
                out.write_str("Another message with the same Message-ID is tracked already.")
            }
            Refusal::CopyPending => out.write_str(
                "A colleague tracked this message, and the copy is still being fetched. Try again in a minute.",
            ),
        }
    }
}

impl std::error::Error for Refusal {}

/// The whole decision. Filtering comes first, correlation second (AU-04).
pub fn decide(mail: &Envelope, question: &Question, known: &Known, wish: &Wish) -> Verdict {
    match wish {
        Wish::Asked { target, may_create, proof } => asked(known, target.as_ref(), *may_create, *proof),
        Wish::Standing(filter) => standing(mail, question, known, *filter),
    }
}

fn asked(known: &Known, target: Option<&Target>, may_create: bool, proof: Proof) -> Verdict {
    if let Some(refusal) = target.and_then(refusal) {
        return Verdict::Refuse(refusal);
    }
    let regarding = target.map(|it| it.record.clone());
    if !may_create {
        return Verdict::Refuse(Refusal::MayNotTrack);
    }
    match (&known.this, proof) {
        (None, _) => Verdict::Track { regarding, because: Reason::Asked },
        (Some(_), Proof::Different) => Verdict::Refuse(Refusal::AnotherMessage),
        (Some(_), Proof::CopyPending) => Verdict::Refuse(Refusal::CopyPending),
        (Some(stored), Proof::NotNeeded | Proof::Same) => {
            Verdict::Join { email: stored.email, regarding, revive: stored.hidden }
        }
    }
}

/// Why a message may not be linked to this record, if so (SE-05).
pub fn refusal(target: &Target) -> Option<Refusal> {
    let entity = || target.record.entity.clone();
    match target {
        Target { readable: false, .. } => Some(Refusal::NoSuchRecord),
        Target { takes_activities: false, .. } => Some(Refusal::TakesNoActivities { entity: entity() }),
        Target { may_append_to: false, .. } => Some(Refusal::MayNotAppendTo { entity: entity() }),
        Target { .. } => None,
    }
}

fn standing(mail: &Envelope, question: &Question, known: &Known, filter: Filter) -> Verdict {
    // AU-20: one row per received message, however many mailboxes hold it. What was just untracked is not taken back.
    if known.this.is_some() {
        return Verdict::Leave(Left::AlreadyStored);
    }
    // D-17: never by itself.
    if matches!(mail.sensitivity, Sensitivity::Private | Sensitivity::Confidential) {
        return Verdict::Leave(Left::Private);
    }

    let reply = known.nearest_ancestor(question).map(|it| (it.regarding.clone(), Reason::ReplyTo(it.email)));
    let person = || known_sender(mail, known, |it| matches!(it, "lead" | "contact" | "account"));
    let record = || known_sender(mail, known, |_| true);

    let found = match filter {
        Filter::Nothing => return Verdict::Leave(Left::Unwanted),
        Filter::RepliesToTracked => reply,
        Filter::FromPeople => reply.or_else(person),
        Filter::FromRecords => reply.or_else(record),
        Filter::Everything => reply.or_else(record).or(Some((None, Reason::Everything))),
    };
    match found {
        Some((regarding, because)) => Verdict::Track { regarding, because },
        None => Verdict::Leave(Left::NoCorrelation),
    }
}

fn known_sender(
    mail: &Envelope,
    known: &Known,
    counts: impl Fn(&str) -> bool,
) -> Option<(Option<RecordRef>, Reason)> {
    let sender = mail.from.as_ref()?.address.folded();
    let found =
        known.people.iter().find(|it| it.active && it.address == sender && counts(&it.record.entity))?;
    Some((None, Reason::KnownSender(found.record.clone())))
}

/// What untracking does to the copy. The pane says it before the click (M21).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Untrack {
    /// This user tracks nothing here.
    NotTracked,
    /// The user owns the copy and nobody else tracks it (S-55).
    DeleteCopy,
    /// The user owns the copy, but others track it: the first of them owns it from now on (decision 13).
    PassOn { to: Guid },
    /// Somebody else's copy stays; only the user's link goes.
    Unlink,
}

/// `may_delete`: the user's role allows deleting this copy (D-1).
pub fn untrack(copy: &Stored, user: Guid, may_delete: bool) -> Untrack {
    if !copy.trackers.iter().any(|it| it.user == user) {
        return Untrack::NotTracked;
    }
    let next: Option<&Tracker> =
        copy.trackers.iter().filter(|it| it.user != user).min_by_key(|it| (it.since, it.user));
    match (copy.owner == user, next, may_delete) {
        (true, Some(next), _) => Untrack::PassOn { to: next.user },
        (true, None, true) => Untrack::DeleteCopy,
        (true, None, false) | (false, ..) => Untrack::Unlink,
    }
}

#[cfg(test)]
#[path = "tracking_tests.rs"]
mod tests;
