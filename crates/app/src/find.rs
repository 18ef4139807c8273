//! Quick find over all types that people browse, and what the home page shows.

use crate::pane::Candidate;
use crate::timeline::Entry;
use crate::{App, Error, Result};
use domain::filter::{Filter, Query};
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor};
use domain::record::Record;
use domain::text::words;

/// Hits of one type, best first.
#[derive(Debug, Clone)]
pub struct Found {
    pub entity: String,
    pub hits: Vec<Candidate>,
    /// There are more than shown.
    pub more: bool,
}

/// Hits of one type that are shown.
const SHOWN: u32 = 8;
/// Recently tracked messages on the home page.
const RECENT: u32 = 12;

/// Each word must begin a word of the record. Only what the reader may see.
pub async fn quick_find(app: &App, actor: &Actor, text: &str) -> Result<Vec<Found>> {
    let words = words(text);
    if words.is_empty() {
        return Ok(vec![]);
    }
    let types = app.catalog.all().filter(|it| it.browsable || it.activity);
    let one = |entity: String| {
        let words = words.clone();
        async move {
            let query = Query::of(&entity).filter(Filter::Words(words)).limit(SHOWN);
            let scope = actor.scope(Action::Read, &entity);
            let page = store::records::find(&app.db, &app.catalog, &query, &scope).await?;
            let records: Vec<RecordRef> = page.records.iter().map(Record::reference).collect();
            let hits = crate::pane::in_order(app, actor, &records).await?;
            Ok::<Found, Error>(Found { entity, hits, more: page.next.is_some() })
        }
    };
    let all = futures::future::try_join_all(types.map(|it| one(it.name.clone()))).await?;
    Ok(all.into_iter().filter(|it| !it.hits.is_empty()).collect())
}

/// What this user tracked last, newest first; `at` is when it was tracked.
pub async fn recently_tracked(app: &App, actor: &Actor) -> Result<Vec<Entry>> {
    let recent = store::tracking::recent(&app.db, actor.user(), RECENT).await?;
    let emails: Vec<Guid> = recent.iter().map(|(email, _)| *email).collect();
    let mut entries = crate::timeline::emails_as_entries(app, actor, &emails, None).await?;
    for entry in &mut entries {
        if let Some((_, at)) = recent.iter().find(|(email, _)| *email == entry.record.id) {
            entry.at = *at;
        }
    }
    Ok(entries)
}
