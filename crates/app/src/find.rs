//! Quick find over all types that people browse, and what the home page shows.

use crate::pane::Candidate;
use crate::timeline::Entry;
use crate::{App, Result};
use domain::privilege::Actor;

/// Hits of one type, best first.
#[derive(Debug, Clone)]
pub struct Found {
    pub entity: String,
    pub hits: Vec<Candidate>,
    /// There are more than shown.
    pub more: bool,
}

/// Each word must begin a word of the record. Only what the reader may see.
pub async fn quick_find(_app: &App, _actor: &Actor, _text: &str) -> Result<Vec<Found>> {
    todo!()
}

/// What this user tracked last, newest first.
pub async fn recently_tracked(_app: &App, _actor: &Actor) -> Result<Vec<Entry>> {
    todo!()
}
