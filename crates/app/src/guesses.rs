//! A brake on guessing passwords: after a few wrong ones for an address, each further one has to wait longer.

use crate::{Error, Result};
use domain::text::folded;
use domain::time::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// So many wrong passwords are free: people mistype.
const FREE: u32 = 5;
/// Seconds to wait after the first one too many; doubled with each further one.
const FIRST_WAIT: i64 = 10;
const LONGEST_WAIT: i64 = 900;
/// More addresses than this are not remembered: whoever tries so many meets the slow hash.
const MOST: usize = 10_000;

/// By folded address, whether anybody has it or not: an answer must not tell.
#[derive(Default)]
pub(crate) struct Guesses(Mutex<HashMap<String, Wrong>>);

#[derive(Clone, Copy)]
struct Wrong {
    times: u32,
    last: Timestamp,
}

impl Wrong {
    fn free_at(self) -> Timestamp {
        let over = self.times.saturating_sub(FREE);
        let wait = match over {
            0 => 0,
            _ => FIRST_WAIT.saturating_mul(1 << (over - 1).min(10)).min(LONGEST_WAIT),
        };
        self.last.plus_seconds(wait)
    }
}

impl Guesses {
    /// Fails with the seconds to wait.
    pub(crate) fn allow(&self, address: &str, now: Timestamp) -> Result<()> {
        match self.lock().get(&folded(address)).map(|it| it.free_at()) {
            Some(free) if free > now => {
                Err(Error::TooMany { seconds: (free.0 - now.0) / Timestamp::SECOND + 1 })
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn note(&self, address: &str, now: Timestamp) {
        let mut all = self.lock();
        if all.len() >= MOST {
            all.retain(|_, it| it.last.plus_seconds(LONGEST_WAIT) > now);
        }
        if all.len() < MOST {
            let wrong = all.entry(folded(address)).or_insert(Wrong { times: 0, last: now });
            *wrong = Wrong { times: wrong.times.saturating_add(1), last: now };
        }
    }

    pub(crate) fn forget(&self, address: &str) {
        self.lock().remove(&folded(address));
    }

    /// A panic elsewhere leaves the map as good as it was.
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Wrong>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_gets_slower_and_forgetting_is_forgiven() {
        let guesses = Guesses::default();
        let now = Timestamp::from_seconds(1_000);
        for _ in 0..FREE {
            guesses.allow("Eva@adventure.example", now).unwrap();
            guesses.note("eva@adventure.example", now);
        }
        guesses.allow("eva@adventure.example", now).unwrap();
        guesses.note("eva@adventure.example", now);
        assert!(matches!(guesses.allow("EVA@adventure.example", now), Err(Error::TooMany { seconds: 11 })));
        guesses.allow("bo@adventure.example", now).unwrap();
        guesses.allow("eva@adventure.example", now.plus_seconds(10)).unwrap();
        guesses.note("eva@adventure.example", now.plus_seconds(10));
        assert!(guesses.allow("eva@adventure.example", now.plus_seconds(29)).is_err());
        guesses.forget("eva@adventure.example");
        guesses.allow("eva@adventure.example", now).unwrap();
    }
}
