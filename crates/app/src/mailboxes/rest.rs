//! Which mailboxes are left alone for a while by work that nobody waits for: one that is away, longer each time; one
//! that refused us, until its settings change (decision 19). Known to this process alone: after a start all are tried.

use super::{MailboxRow, lock};
use connect::{Account, Trouble};
use domain::id::Guid;
use domain::time::Timestamp;
use std::collections::HashMap;
use std::sync::Mutex;

/// Seconds until a mailbox that is away is read again; the last one holds for ever.
const WAITS: [i64; 5] = [60, 120, 300, 900, 1800];

#[derive(Default)]
pub(crate) struct Rests(Mutex<HashMap<Guid, Rest>>);

struct Rest {
    /// How it was reached when it failed: with other settings it is another mailbox.
    account: Account,
    trouble: Trouble,
    /// How often it failed one after the other.
    times: usize,
    /// When it is read again, unless it refused us.
    until: Timestamp,
}

impl Rests {
    /// Whether a pass that nobody asked for reads the mailbox. A refusal is over as well when another process has found
    /// the mailbox well and taken the trouble out of its row.
    pub(crate) fn is_due(&self, row: &MailboxRow, now: Timestamp) -> bool {
        match lock(&self.0).get(&row.id).filter(|it| it.account == row.account) {
            None => true,
            Some(rest) if rest.trouble.heals_by_itself() => rest.until <= now,
            Some(_) => row.trouble.is_none(),
        }
    }

    /// Why the mailbox would refuse us again.
    pub(super) fn refusal(&self, row: &MailboxRow) -> Option<Trouble> {
        let all = lock(&self.0);
        let rest = all.get(&row.id).filter(|it| it.account == row.account && is_at_the_door(&it.trouble))?;
        Some(rest.trouble.clone())
    }

    /// A pass has read the mailbox, or not. True when that is news.
    pub(crate) fn read(&self, row: &MailboxRow, trouble: Option<&Trouble>, now: Timestamp) -> bool {
        let mut all = lock(&self.0);
        let before = all.remove(&row.id);
        let Some(trouble) = trouble else { return before.is_some() };
        let times = before.as_ref().map_or(0, |it| it.times);
        let wait = WAITS.get(times).or(WAITS.last()).copied().unwrap_or_default();
        let rest = Rest {
            account: row.account.clone(),
            trouble: trouble.clone(),
            times: times + 1,
            until: now.plus_seconds(wait),
        };
        all.insert(row.id, rest);
        before.is_none_or(|it| it.trouble != *trouble)
    }

    /// Somebody signed in to the mailbox, or tried to. An outage says nothing about the next moment.
    pub(super) fn opened(&self, row: &MailboxRow, trouble: Option<&Trouble>, now: Timestamp) {
        match trouble {
            Some(trouble) if is_at_the_door(trouble) => {
                self.read(row, Some(trouble), now);
            }
            Some(_) => {}
            None => {
                let mut all = lock(&self.0);
                if all.get(&row.id).is_some_and(|it| is_at_the_door(&it.trouble)) {
                    all.remove(&row.id);
                }
            }
        }
    }

    /// The mailbox was set up anew.
    pub(super) fn end(&self, mailbox: Guid) {
        lock(&self.0).remove(&mailbox);
    }
}

/// Nobody gets in, whatever he wants there.
fn is_at_the_door(trouble: &Trouble) -> bool {
    matches!(trouble, Trouble::LoginRefused | Trouble::BadSetting(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(path: &str, trouble: Option<&str>) -> MailboxRow {
        MailboxRow {
            id: Guid::NIL,
            user: Guid::NIL,
            address: "eva@adventure.example".into(),
            own_addresses: vec![],
            account: Account::Maildir { path: path.into() },
            unreadable: None,
            trouble: trouble.map(str::to_owned),
        }
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    #[test]
    fn a_mailbox_that_is_away_is_tried_less_and_less_often_and_for_ever() {
        let (rests, row, mut now) = (Rests::default(), row("/mail", None), 0);
        for wait in [60, 120, 300, 900, 1800, 1800, 1800] {
            assert_eq!(rests.read(&row, Some(&Trouble::Timeout), at(now)), now == 0, "one alert");
            assert!(!rests.is_due(&row, at(now + wait - 1)));
            assert!(rests.is_due(&row, at(now + wait)));
            assert_eq!(rests.refusal(&row), None, "jobs have a back-off of their own");
            now += wait;
        }
        assert!(rests.read(&row, None, at(now)), "it is well again");
        assert!(rests.is_due(&row, at(now)));
        rests.read(&row, Some(&Trouble::Timeout), at(now));
        assert!(rests.is_due(&row, at(now + 60)), "it begins anew");
    }

    #[test]
    fn a_mailbox_that_refused_us_is_left_alone_until_something_changes() {
        let rests = Rests::default();
        let refused = row("/mail", Some("The mail server did not accept the user name and password."));
        rests.read(&refused, Some(&Trouble::LoginRefused), at(0));
        assert!(!rests.is_due(&refused, at(1_000_000_000)));
        assert_eq!(rests.refusal(&refused), Some(Trouble::LoginRefused));
        assert!(rests.is_due(&row("/mail", None), at(1)), "another process found it well");
        let other = row("/other", refused.trouble.as_deref());
        assert!(rests.is_due(&other, at(1)), "other settings");
        assert_eq!(rests.refusal(&other), None);
        rests.opened(&refused, None, at(1));
        assert!(rests.is_due(&refused, at(1)), "somebody got in");
    }
}
