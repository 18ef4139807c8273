//! Somebody takes a tracking back (M21).

use crate::{App, Result};
use domain::id::Guid;
use domain::privilege::Actor;
use domain::tracking::Untrack;

/// Hides the copy at once when it goes, and destroys it ten seconds later (decision 3). Says what was done.
pub async fn untrack(_app: &App, _actor: &Actor, _email: Guid) -> Result<Untrack> {
    todo!()
}
