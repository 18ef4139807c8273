//! The stored e-mail, its body, its attachments and its original.

use crate::error::{Answer, Failure};
use crate::mail::frame;
use crate::mail::message::download;
use crate::session::{Checked, Verb, Visitor};
use crate::views;
use crate::views::email::Shown;
use crate::web::Web;
use axum::extract::{Path, Query, State};
use axum::response::{Redirect, Response};
use formats::mime::Images;
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Asked {
    /// Words to find another record by; there at all: somebody chooses.
    q: Option<String>,
    #[serde(default)]
    images: String,
}

pub async fn email(
    State(web): State<Web>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let email = app::email::read(&web.app, &visitor.who.actor, super::key(&id)?).await?;
    let found = match &asked.q {
        Some(words) => app::pane::candidates(&web.app, &visitor.who.actor, words).await?,
        None => vec![],
    };
    let shown = Shown {
        email: &email,
        catalog: &web.app.catalog,
        choosing: asked.q.as_deref().map(|words| (words, found.as_slice())),
        images: asked.images == "1",
    };
    Ok(views::email::page(&visitor, &shown))
}

/// Untracks: what goes was said beside the button.
pub async fn untrack(
    State(web): State<Web>,
    Path(id): Path<String>,
    Checked { visitor, verb, .. }: Checked<super::sign_in::Nothing>,
) -> Answer<Redirect> {
    if verb != Verb::Delete {
        return Err(Failure::Unreadable);
    }
    app::untrack::untrack(&web.app, &visitor.who.actor, super::key(&id)?).await?;
    Ok(Redirect::to("/"))
}

/// The body on a page of its own, for its sandboxed frame (decision 24).
pub async fn html(
    State(web): State<Web>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let email = super::key(&id)?;
    let images = if asked.images == "1" { Images::Allowed } else { Images::Blocked };
    let cid_url = |number: usize| format!("/records/email/{email}/attachments/{number}");
    let html = app::email::html(&web.app, &visitor.who.actor, email, images, &cid_url).await?;
    Ok(frame::letter(&visitor.words, &html, images))
}

pub async fn attachment(
    State(web): State<Web>,
    visitor: Visitor,
    Path((id, number)): Path<(String, String)>,
) -> Answer<Response> {
    let number = number.parse().map_err(|_| Failure::NOT_FOUND)?;
    let file = app::email::attachment(&web.app, &visitor.who.actor, super::key(&id)?, number).await?;
    Ok(download(&file.filename, &file.mimetype, file.bytes))
}

/// As it came, byte for byte. The name says nothing about the content: it may lie in a shared folder.
pub async fn raw(State(web): State<Web>, visitor: Visitor, Path(id): Path<String>) -> Answer<Response> {
    let email = super::key(&id)?;
    let raw = app::email::raw(&web.app, &visitor.who.actor, email).await?;
    Ok(download(&format!("{email}.eml"), "message/rfc822", raw))
}
