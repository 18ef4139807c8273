//! How many requests of the Web API each user has made lately: who asks too fast is told when to come back.

use domain::id::Guid;
use domain::time::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Requests are counted in windows of this many seconds, as Dataverse does.
pub const WINDOW_SECONDS: i64 = 300;

/// Users remembered at once: a few counts are lost before memory is.
const MOST: usize = 10_000;

/// Cheap to clone: all clones count together.
#[derive(Clone)]
pub struct Rate {
    /// Requests per window; 0: any number.
    most: u32,
    counts: Arc<Mutex<HashMap<Guid, Count>>>,
}

#[derive(Clone, Copy)]
struct Count {
    since: Timestamp,
    requests: u32,
}

impl Rate {
    pub fn of(most: u32) -> Rate {
        Rate { most, counts: Arc::default() }
    }

    /// Counts one more. Fails with the seconds until the user's next window.
    pub fn count(&self, user: Guid, now: Timestamp) -> Result<(), u64> {
        if self.most == 0 {
            return Ok(());
        }
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST && !counts.contains_key(&user) {
            counts.clear();
        }
        let count = counts.entry(user).or_insert(Count { since: now, requests: 0 });
        let end = count.since.plus_seconds(WINDOW_SECONDS);
        if end <= now {
            *count = Count { since: now, requests: 0 };
        } else if count.requests >= self.most {
            return Err(u64::try_from((end.0 - now.0) / 1_000_000 + 1).unwrap_or(1));
        }
        count.requests += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_too_fast_waits_for_the_next_window_and_nobody_else_does() {
        let (eva, lars) = (Guid::v7(1, [1; 10]), Guid::v7(1, [2; 10]));
        let rate = Rate::of(2);
        let at = |seconds: i64| Timestamp(0).plus_seconds(seconds);
        assert_eq!(rate.count(eva, at(0)), Ok(()));
        assert_eq!(rate.count(eva, at(1)), Ok(()));
        assert_eq!(rate.count(eva, at(100)), Err(201));
        assert_eq!(rate.count(lars, at(100)), Ok(()));
        assert_eq!(rate.count(eva, at(300)), Ok(()));
        assert_eq!(Rate::of(0).count(eva, at(0)), Ok(()));
    }
}
