//! The part of a message that may be read before anybody decided to keep it (M20).

use crate::id::MessageKey;
use crate::text::folded;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The headers that may be read before the verdict, besides the size: all there are (decision 14).
/// The privacy page shows this list.
pub const HEADERS: [&str; 15] = [
    "From",
    "Sender",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Thread-Index",
    "Sensitivity",
    "Auto-Submitted",
    "Precedence",
    "List-Id",
    "Content-Type",
];

/// An e-mail address as it was written; two are equal when they differ only in case.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Address(String);

impl Address {
    pub fn new(text: impl Into<String>) -> Address {
        Address(text.into().trim().to_owned())
    }

    /// As the sender wrote it.
    pub fn as_written(&self) -> &str {
        &self.0
    }

    /// What indexes and comparisons use.
    pub fn folded(&self) -> String {
        folded(&self.0)
    }

    /// `adventure.example` of `eva@adventure.example`.
    pub fn host(&self) -> Option<&str> {
        self.0.rsplit_once('@').map(|(_, host)| host)
    }
}

impl PartialEq for Address {
    fn eq(&self, other: &Address) -> bool {
        self.folded() == other.folded()
    }
}

impl Eq for Address {}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// Addresses never reach a log, not even by `{:?}`.
impl fmt::Debug for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Address(…)")
    }
}

/// Somebody in From, To, Cc or Bcc.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The display name; empty when there is none.
    pub name: String,
    pub address: Address,
    /// The RFC 5322 group this address was written in (3.4): such a group is a distribution list (decision 18).
    pub group: Option<String>,
}

/// How a person takes part, with the numbers of `participationtypemask` (9.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Part {
    Sender = 1,
    To = 2,
    Cc = 3,
    Bcc = 4,
}

impl Part {
    pub const ALL: [Part; 4] = [Part::Sender, Part::To, Part::Cc, Part::Bcc];

    /// The value of `participationtypemask`.
    pub fn code(self) -> i64 {
        self as i64
    }

    pub fn from_code(code: i64) -> Option<Part> {
        Part::ALL.into_iter().find(|part| part.code() == code)
    }
}

/// RFC 4021 2.1.55. Private and confidential mail is never tracked by itself (D-17).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sensitivity {
    #[default]
    Normal,
    Personal,
    Private,
    Confidential,
}

/// Who wrote to whom about what, and how it hangs together with other messages.
/// The body is deliberately absent: nothing that decides can see it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Envelope {
    /// Without angle brackets. Some messages of strangers have none.
    pub message_id: Option<String>,
    pub in_reply_to: Vec<String>,
    /// From the oldest message of the thread to the newest (RFC 5322 3.6.4).
    pub references: Vec<String>,
    pub from: Option<Person>,
    /// The Sender header, when somebody sent on behalf of From.
    pub sender: Option<Person>,
    pub to: Vec<Person>,
    pub cc: Vec<Person>,
    /// Only known for a message of one's own, once its body has been read.
    pub bcc: Vec<Person>,
    pub subject: String,
    pub date: Option<Timestamp>,
    /// The Thread-Index header as written: Outlook's base64 of the conversation.
    pub thread_index: Option<String>,
    pub sensitivity: Sensitivity,
    /// Auto-Submitted says something other than `no` (RFC 3834), or Precedence says bulk, list or junk.
    pub automatic: bool,
    /// The List-Id header's identifier (RFC 2919), such as `announce.adventure.example`.
    pub list_id: Option<String>,
    /// `multipart/encrypted` and the like, lower case, without parameters.
    pub content_type: String,
    /// Bytes on the server.
    pub size: u64,
}

impl Envelope {
    /// `None` for a message without Message-ID: it must be fetched to be known again ([`MessageKey::of_raw`]).
    pub fn key(&self) -> Option<MessageKey> {
        self.message_id.as_deref().map(MessageKey::of_id)
    }

    /// Everybody named, with their part, in the order of the headers.
    pub fn people(&self) -> impl Iterator<Item = (Part, &Person)> {
        let part = |part| move |person| (part, person);
        (self.from.iter().map(part(Part::Sender)))
            .chain(self.to.iter().map(part(Part::To)))
            .chain(self.cc.iter().map(part(Part::Cc)))
            .chain(self.bcc.iter().map(part(Part::Bcc)))
    }

    /// The messages this one answers, nearest first: In-Reply-To, then References from the end (AU-36, D-18).
    pub fn ancestors(&self) -> Vec<&str> {
        let mut nearest_first: Vec<&str> = Vec::new();
        for id in self.in_reply_to.iter().chain(self.references.iter().rev()) {
            if !nearest_first.contains(&id.as_str()) {
                nearest_first.push(id);
            }
        }
        nearest_first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_ancestor_comes_first_and_once() {
        let mail = Envelope {
            in_reply_to: vec!["c".into()],
            references: vec!["a".into(), "b".into(), "c".into()],
            ..Envelope::default()
        };
        assert_eq!(mail.ancestors(), ["c", "b", "a"]);
    }

    #[test]
    fn an_address_is_the_same_in_capitals_and_silent_in_logs() {
        assert_eq!(Address::new("Åsa@Adventure.example"), Address::new(" åsa@adventure.EXAMPLE "));
        assert!(!format!("{:?}", Address::new("asa@adventure.example")).contains("asa"));
    }
}
