//! Quick find, and the offers below a lookup.

use crate::error::Answer;
use crate::session::Visitor;
use crate::views;
use crate::web::Web;
use axum::extract::{Path, Query, State};
use maud::Markup;
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Searched {
    #[serde(default)]
    q: String,
}

pub async fn search(State(web): State<Web>, visitor: Visitor, Query(searched): Query<Searched>) -> Answer {
    let text = searched.q.trim();
    let found = if text.is_empty() {
        vec![]
    } else {
        app::find::quick_find(&web.app, &visitor.who.actor, text).await?
    };
    Ok(views::search::page(&visitor, text, &found, &web.app.catalog))
}

#[derive(Deserialize)]
pub struct Typing {
    #[serde(default)]
    q: String,
    /// The element that is replaced.
    #[serde(default)]
    list: String,
}

/// `entities`: logical names, with commas between.
pub async fn choices(
    State(web): State<Web>,
    visitor: Visitor,
    Path(entities): Path<String>,
    Query(typing): Query<Typing>,
) -> Answer<Markup> {
    let targets: Vec<String> = entities.split(',').map(str::to_owned).collect();
    let found = super::drafts::choices(&web, &visitor, &targets, &typing.q).await?;
    Ok(views::field::choices(&typing.list, &found))
}
