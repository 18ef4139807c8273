//! The recycle bin.

use crate::error::{Answer, Failure};
use crate::session::{Checked, Verb, Visitor};
use crate::views;
use crate::views::bin::Shown;
use crate::web::Web;
use app::bin;
use axum::extract::{Query, State};
use axum::response::Redirect;
use domain::id::{Guid, RecordRef};
use domain::time::Timestamp;
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Looked {
    /// A type; empty: all.
    #[serde(default)]
    entity: String,
    /// Where the page begins: microseconds and a key.
    before: Option<String>,
    /// The record that was just restored.
    restored: Option<String>,
}

pub async fn bin(State(web): State<Web>, visitor: Visitor, Query(looked): Query<Looked>) -> Answer {
    let entity = Some(looked.entity.as_str()).filter(|it| !it.is_empty());
    let before = looked.before.as_deref().and_then(place);
    let actor = &visitor.who.actor;
    let found = bin::list(&web.app, actor, entity, before).await?;
    let restored: Option<RecordRef> = looked.restored.and_then(|it| it.parse().ok());
    let restored = match restored {
        Some(record) if web.app.catalog.get(&record.entity).is_some() => {
            let names = app::records::names(&web.app, actor, std::slice::from_ref(&record)).await?;
            names.into_iter().next()
        }
        _ => None,
    };
    Ok(views::bin::page(
        &visitor,
        &Shown { bin: &found, entity, later: before.is_some(), restored, may_erase: actor.administers() },
    ))
}

fn place(text: &str) -> Option<(Timestamp, Guid)> {
    let (at, id) = text.split_once('.')?;
    Some((Timestamp(at.parse().ok()?), id.parse().ok()?))
}

#[derive(Debug, Deserialize)]
pub struct Meant {
    record: String,
}

/// PUT takes a record out, DELETE erases it for good.
pub async fn change(
    State(web): State<Web>,
    Checked { visitor, verb, form }: Checked<Meant>,
) -> Answer<Redirect> {
    let record: RecordRef = form.record.parse().map_err(|_| Failure::NOT_FOUND)?;
    let actor = &visitor.who.actor;
    match verb {
        Verb::Put => {
            bin::restore(&web.app, actor, &record).await?;
            let record = views::escaped(&record.to_string());
            Ok(Redirect::to(&format!("/recycle-bin?restored={record}")))
        }
        Verb::Delete => {
            bin::erase(&web.app, actor, &record).await?;
            Ok(Redirect::to("/recycle-bin"))
        }
        Verb::Post => Err(Failure::Unreadable),
    }
}
