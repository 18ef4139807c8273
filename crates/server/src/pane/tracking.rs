//! `/pane/tracking`: PUT tracks a message or says what it is regarding, DELETE takes it back (walk a).

use super::{alone, show_pane, troubled};
use crate::error::{self, Answer, Failure};
use crate::mail::demo;
use crate::session::{Checked, Verb, Visitor};
use crate::views;
use crate::views::escaped;
use crate::views::pane::Reader;
use crate::views::pane::toast::{Did, Done, toasts};
use crate::web::Web;
use app::Error;
use app::mail::Item;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::{Guid, RecordRef};
use domain::privilege::Action;
use domain::tracking::Untrack;
use maud::html;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub struct Form {
    mailbox: Guid,
    folder: String,
    uid: u32,
    /// `TYPE/GUID`; `none` removes the link; absent or empty leaves it as it is.
    #[serde(default)]
    regarding: String,
    /// How it stood before ([`views::pane::was`]).
    #[serde(default)]
    was: String,
    /// The copy, when the pane knew it.
    email: Option<Guid>,
    /// This takes a click back: then there is nothing more to take back.
    undo: Option<String>,
    /// JSON of [`app::mail::Shown`]: what the page got of the message. Nonsense counts as none.
    shown: Option<String>,
}

pub async fn change(State(web): State<Web>, sent: Checked<Form>) -> Answer<Response> {
    let Checked { visitor, verb, form } = sent;
    let shown = form.shown.as_deref().and_then(|it| serde_json::from_str(it).ok());
    let item = Item { shown, ..Item::new(form.mailbox, form.folder.as_str(), form.uid) };
    let did = match verb {
        Verb::Put => track(&web, &visitor, &item, &form).await,
        Verb::Delete => untrack(&web, &visitor, &item, &form).await,
        Verb::Post => return Err(Failure::Unreadable),
    };
    if visitor.demo && form.undo.is_none() && did.is_ok() {
        demo::done(&web, &visitor, verb, !form.regarding.is_empty()).await?;
    }
    match did {
        Ok(did) => done(&web, &visitor, &item, did.filter(|_| form.undo.is_none()), &form.was).await,
        Err(Failure::App(error @ (Error::Refused(_) | Error::NotAllowed))) => {
            Ok(refused(&web, &visitor, &item, error))
        }
        Err(Failure::App(error @ Error::Mailbox(_))) => Ok(trouble(&web, &visitor, &item, error)),
        Err(failure) => Err(failure),
    }
}

async fn track(web: &Web, visitor: &Visitor, item: &Item, form: &Form) -> Answer<Option<Did>> {
    let actor = &visitor.who.actor;
    let target = target(&form.regarding)?;
    let email = app::track::track(&web.app, actor, item, target.as_ref()).await?;
    if form.regarding == "none" {
        app::track::set_regarding(&web.app, actor, email, None).await?;
        return Ok(Some(Did::Unlinked));
    }
    Ok(Some(Did::Tracked))
}

async fn untrack(web: &Web, visitor: &Visitor, item: &Item, form: &Form) -> Answer<Option<Did>> {
    let actor = &visitor.who.actor;
    let email = match form.email {
        Some(email) => Some(email),
        None => app::pane::pane(&web.app, actor, item).await?.copy.map(|it| it.email),
    };
    let Some(email) = email else { return Ok(None) };
    Ok(match app::untrack::untrack(&web.app, actor, email).await {
        Ok(Untrack::DeleteCopy) => Some(Did::Deleted),
        Ok(Untrack::PassOn { .. } | Untrack::Unlink) => Some(Did::Untracked),
        // Another tab was faster: it is as it was wished, and there is nothing to take back.
        Ok(Untrack::NotTracked) | Err(Error::NotFound) => None,
        Err(error) => return Err(error.into()),
    })
}

fn target(regarding: &str) -> Answer<Option<RecordRef>> {
    match regarding {
        "" | "none" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Failure::Unreadable),
    }
}

/// The same pane, now filled, with Undo; without script the way back to the message.
async fn done(web: &Web, visitor: &Visitor, item: &Item, did: Option<Did>, was: &str) -> Answer<Response> {
    if !visitor.wants("pane") {
        let did = match did {
            Some(did) => format!("&did={}&was={}", did.name(), escaped(was)),
            None => String::new(),
        };
        return Ok(Redirect::to(&format!("{}{did}#pane", views::mail::message_address(item))).into_response());
    }
    let hint = if visitor.demo { app::demo::hint(&web.app, &visitor.who.actor).await? } else { None };
    let reader = Reader { visitor, catalog: &web.app.catalog };
    let shown = show_pane(web, reader, item, hint.as_ref()).await?;
    let done = did.map(|did| Done { did, was, item, regarding: shown.regarding.as_deref() });
    let answer = html! {
        (shown.markup)
        (views::mail::marks(reader, item.uid, &shown.mark))
        (toasts(reader, done.as_ref()))
    };
    Ok((shown.status, answer).into_response())
}

fn refused(web: &Web, visitor: &Visitor, item: &Item, error: Error) -> Response {
    let reader = Reader { visitor, catalog: &web.app.catalog };
    let sentence = error::sentence(&error, web, &visitor.words);
    let may_track = visitor.who.actor.may(Action::Create, "email");
    let pane = views::pane::refused(reader, item, &sentence, may_track);
    answered(visitor, pane, error)
}

fn trouble(web: &Web, visitor: &Visitor, item: &Item, error: Error) -> Response {
    let reader = Reader { visitor, catalog: &web.app.catalog };
    let pane = troubled(web, reader, item, &error);
    answered(visitor, pane, error)
}

fn answered(visitor: &Visitor, pane: maud::Markup, error: Error) -> Response {
    let answer = if visitor.wants("pane") { pane } else { alone(visitor, &pane) };
    (Failure::App(error).status(), answer).into_response()
}

#[derive(Debug, Deserialize)]
pub struct Regarding {
    /// `TYPE/GUID`; empty or `none` removes the link.
    #[serde(default)]
    regarding: String,
}

/// Changes what a stored e-mail is regarding, from its own page.
pub async fn set_regarding(
    State(web): State<Web>,
    Path(email): Path<Guid>,
    sent: Checked<Regarding>,
) -> Answer<Redirect> {
    let target = target(&sent.form.regarding)?;
    app::track::set_regarding(&web.app, &sent.visitor.who.actor, email, target.as_ref()).await?;
    Ok(Redirect::to(&format!("/records/email/{email}")))
}
