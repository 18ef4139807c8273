//! Which record is meant by an e-mail address? Looked up in the whole organization, decided here (AU-60 … AU-69).

use crate::id::{Guid, RecordRef};
use crate::time::Timestamp;
use std::cmp::Reverse;

/// A record that has an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Folded.
    pub address: String,
    pub record: RecordRef,
    pub owner: Option<Guid>,
    pub created: Timestamp,
    pub active: bool,
}

/// What an address turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    Unknown,
    /// The winner, then the runners-up in order.
    One(RecordRef, Vec<RecordRef>),
    /// Equals: it is asked once and remembered, never guessed (decision 11).
    Ambiguous(Vec<RecordRef>),
}

impl Resolved {
    pub fn record(&self) -> Option<&RecordRef> {
        match self {
            Resolved::One(record, _) => Some(record),
            Resolved::Unknown | Resolved::Ambiguous(_) => None,
        }
    }
}

/// AU-60 (b): users, then contacts, accounts, leads, then all others.
fn rank(entity: &str) -> u8 {
    match entity {
        "systemuser" => 0,
        "contact" => 1,
        "account" => 2,
        "lead" => 3,
        "team" => 5,
        "businessunit" => 6,
        _ => 7,
    }
}

fn likeliest_first<'a>(address: &str, known: &'a [Match], user: Guid) -> Vec<&'a Match> {
    let mut found: Vec<&Match> = known.iter().filter(|it| it.active && it.address == address).collect();
    found.sort_by_key(|it| {
        (Reverse(it.owner == Some(user)), rank(&it.record.entity), it.created, it.record.clone())
    });
    found.dedup_by(|a, b| a.record == b.record);
    found
}

/// The one record of a sender (AU-60): own records first, then by type. Two equals stay unresolved.
pub fn one(address: &str, known: &[Match], user: Guid) -> Resolved {
    let found = likeliest_first(address, known, user);
    let class = |it: &Match| (it.owner == Some(user), rank(&it.record.entity));
    match found.as_slice() {
        [] => Resolved::Unknown,
        [first, second, ..] if class(first) == class(second) => {
            let class_of_first = class(first);
            let equals = found.iter().filter(|it| class(it) == class_of_first);
            Resolved::Ambiguous(equals.map(|it| it.record.clone()).collect())
        }
        [first, rest @ ..] => {
            Resolved::One(first.record.clone(), rest.iter().map(|it| it.record.clone()).collect())
        }
    }
}

/// All records of a recipient, likeliest first (AU-63).
pub fn all(address: &str, known: &[Match], user: Guid) -> Vec<RecordRef> {
    likeliest_first(address, known, user).into_iter().map(|it| it.record.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guid(n: u8) -> Guid {
        Guid::v7(u64::from(n), [n; 10])
    }

    /// `contact1/eva@5`: contact 1, owned by eva, created at 5. An owner `-` is nobody, a trailing `!` inactive.
    fn known(text: &str) -> Vec<Match> {
        text.split_whitespace()
            .map(|it| {
                let (record, rest) = it.split_once('/').unwrap();
                let (owner, created) = rest.trim_end_matches('!').split_once('@').unwrap();
                let at = record.find(|it: char| it.is_ascii_digit()).unwrap();
                Match {
                    address: "a@b".into(),
                    record: RecordRef::new(&record[..at], guid(record[at..].parse().unwrap())),
                    owner: match owner {
                        "eva" => Some(guid(100)),
                        "bo" => Some(guid(101)),
                        _ => None,
                    },
                    created: Timestamp(created.parse().unwrap()),
                    active: !rest.ends_with('!'),
                }
            })
            .collect()
    }

    #[track_caller]
    fn check(candidates: &str, expected: &str) {
        let short = |it: &RecordRef| {
            let n = (0..=255).find(|n| guid(*n) == it.id).unwrap();
            format!("{}{n}", it.entity)
        };
        let found = match one("a@b", &known(candidates), guid(100)) {
            Resolved::Unknown => "unknown".to_owned(),
            Resolved::One(record, _) => short(&record),
            Resolved::Ambiguous(equals) => {
                format!("ask {}", equals.iter().map(short).collect::<Vec<_>>().join(" "))
            }
        };
        assert_eq!(found, expected, "{candidates}");
    }

    #[test]
    fn au_60_own_records_then_type() {
        check("", "unknown");
        check("contact1/bo@1", "contact1");
        check("contact1/bo@1 contact2/eva@2", "contact2");
        check("contact1/bo@1 account2/eva@2", "account2");
        check("account1/eva@1 contact2/eva@2", "contact2");
        check("contact1/bo@1 systemuser2/-@2", "systemuser2");
    }

    #[test]
    fn equals_are_asked_about_and_never_guessed() {
        check("account2/bo@2 account1/bo@1", "ask account1 account2");
        check("account2/eva@2 account1/eva@1 contact3/bo@0", "ask account1 account2");
    }

    #[test]
    fn au_65_the_inactive_never_match() {
        check("contact1/bo@1! contact2/bo@2", "contact2");
    }

    #[test]
    fn au_63_a_recipient_is_everybody_with_the_address() {
        assert_eq!(all("a@b", &known("account2/bo@2 contact1/bo@1"), guid(100)).len(), 2);
        assert_eq!(all("x@y", &known("account2/bo@2"), guid(100)).len(), 0);
    }
}
