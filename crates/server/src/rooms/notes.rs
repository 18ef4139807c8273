//! Notes on a record.

use crate::error::{Answer, Failure};
use crate::session::Checked;
use crate::views;
use crate::web::Web;
use axum::extract::{Path, State};
use axum::response::Redirect;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub struct Note {
    #[serde(default)]
    title: String,
    text: String,
}

pub async fn add(
    State(web): State<Web>,
    Path((entity, id)): Path<(String, String)>,
    Checked { visitor, form, .. }: Checked<Note>,
) -> Answer<Redirect> {
    let record = super::record(&entity, &id)?;
    if form.text.trim().is_empty() {
        return Err(Failure::Unreadable);
    }
    app::timeline::add_note(&web.app, &visitor.who.actor, &record, &form.title, &form.text).await?;
    Ok(Redirect::to(&views::address(&record)))
}
