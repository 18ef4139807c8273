//! A brake on guessing passwords: after a few wrong ones for an address, each further one has to wait longer.

use crate::{Error, Result};
use domain::text::folded;
use domain::time::Timestamp;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// So many wrong passwords are free: people mistype.
const FREE: u32 = 5;
/// Seconds to wait after the first one too many; doubled with each further one.
const FIRST_WAIT: i64 = 10;
/// No longer: whoever guesses at an address must not lock its owner out. One guess in a minute leads nowhere.
const LONGEST_WAIT: i64 = 60;
/// Seconds after which wrong passwords are forgotten.
const FORGOTTEN: i64 = 3600;
/// More addresses than this are not remembered, and the oldest goes first. Whoever pushes one out that way had to wait
/// for ten thousand slow hashes.
const MOST: usize = 10_000;

/// By the hash of the folded address, which bounds what a key takes, and whether anybody has the address or not: an
/// answer must not tell.
#[derive(Default)]
pub(crate) struct Guesses(Mutex<HashMap<[u8; 32], Wrong>>);

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

fn key(address: &str) -> [u8; 32] {
    Sha256::digest(folded(address)).into()
}

impl Guesses {
    /// Counts the guess as a wrong one before it is looked at, so that many at the same moment do not all pass; a right
    /// one is forgiven by [`Guesses::forgive`]. Fails with the seconds to wait, and then counts nothing.
    pub(crate) fn begin(&self, address: &str, now: Timestamp) -> Result<()> {
        let mut all = self.lock();
        let key = key(address);
        let known = all.get(&key).filter(|it| it.last.plus_seconds(FORGOTTEN) > now);
        let times = match known.copied() {
            Some(wrong) if wrong.free_at() > now => {
                let seconds = (wrong.free_at().0 - now.0) / Timestamp::SECOND + 1;
                return Err(Error::TooMany { seconds });
            }
            Some(wrong) => wrong.times.saturating_add(1),
            None => 1,
        };
        if all.len() >= MOST
            && !all.contains_key(&key)
            && let Some(oldest) = all.iter().min_by_key(|(_, it)| it.last).map(|(key, _)| *key)
        {
            all.remove(&oldest);
        }
        all.insert(key, Wrong { times, last: now });
        Ok(())
    }

    pub(crate) fn forgive(&self, address: &str) {
        self.lock().remove(&key(address));
    }

    /// A panic elsewhere leaves the map as good as it was.
    fn lock(&self) -> MutexGuard<'_, HashMap<[u8; 32], Wrong>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVA: &str = "eva@adventure.example";

    /// Guesses at these seconds; `None`: it was let through, else the seconds to wait.
    #[track_caller]
    fn check(guesses: &Guesses, at: &[i64], wanted: &[Option<i64>]) {
        let waits = at.iter().map(|at| match guesses.begin(EVA, Timestamp::from_seconds(*at)) {
            Ok(()) => None,
            Err(Error::TooMany { seconds }) => Some(seconds),
            Err(other) => panic!("{other}"),
        });
        assert_eq!(waits.collect::<Vec<_>>(), wanted);
    }

    #[test]
    fn guessing_gets_slower_but_never_slower_than_a_minute() {
        let guesses = Guesses::default();
        check(&guesses, &[0; 7], &[None, None, None, None, None, None, Some(11)]);
        check(&guesses, &[9, 10, 29, 30, 69, 70], &[Some(2), None, Some(2), None, Some(2), None]);
        check(&guesses, &[70, 130, 189, 190], &[Some(61), None, Some(2), None]);
    }

    #[test]
    fn guesses_at_the_same_moment_do_not_all_pass() {
        let guesses = Guesses::default();
        let passed = (0..100).filter(|_| guesses.begin(EVA, Timestamp::from_seconds(1)).is_ok()).count();
        assert_eq!(passed, 6);
    }

    #[test]
    fn a_right_password_and_an_hour_forgive() {
        let guesses = Guesses::default();
        check(&guesses, &[0; 7], &[None, None, None, None, None, None, Some(11)]);
        guesses.forgive("EVA@adventure.example");
        check(&guesses, &[0; 7], &[None, None, None, None, None, None, Some(11)]);
        check(&guesses, &[3600, 3600], &[None, None]);
    }

    #[test]
    fn the_oldest_makes_room_and_the_brake_stays_on() {
        let guesses = Guesses::default();
        for number in 0..MOST + 10 {
            let at = Timestamp(i64::try_from(number).unwrap());
            guesses.begin(&format!("{number}@adventure.example"), at).unwrap();
        }
        assert_eq!(guesses.lock().len(), MOST);
        check(&guesses, &[1; 7], &[None, None, None, None, None, None, Some(11)]);
    }
}
