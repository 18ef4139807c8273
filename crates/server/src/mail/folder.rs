//! `/mail`: the folders, one folder's messages, and when one is open, the message with its pane.

use super::message::{self, Open};
use crate::error::{self, Answer, Failure};
use crate::session::Visitor;
use crate::views;
use crate::views::mail::MailPage;
use crate::views::pane::Reader;
use crate::views::pane::toast::{self, Did};
use crate::views::shell::{Page, Place};
use crate::web::Web;
use app::Error;
use app::demo::Hint;
use app::mail::FolderRow;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// What is looked at.
#[derive(Debug, Deserialize)]
pub struct Look {
    pub folder: Option<String>,
    pub uid: Option<u32>,
    pub before: Option<u32>,
    /// Any value: pictures from elsewhere are wanted.
    pub images: Option<String>,
    /// What the click did that led here (without script).
    pub did: Option<Did>,
    pub was: Option<String>,
    /// Who answered in the demo; empty when nobody had anything to answer.
    pub replied: Option<String>,
}

pub async fn show(State(web): State<Web>, visitor: Visitor, Query(look): Query<Look>) -> Answer<Response> {
    let actor = &visitor.who.actor;
    let folders = match app::mail::folders(&web.app, actor).await {
        Ok(folders) => folders,
        Err(Error::Mailbox(trouble)) => return Ok(unreachable(&web, &visitor, Error::Mailbox(trouble))),
        Err(error) => return Err(error.into()),
    };
    let Some(name) = look.folder.clone().or_else(|| folders.first().map(|it| it.name.clone())) else {
        return Ok(page(&visitor, &visitor.words.t("mail-title"), no_mailbox(&visitor)).into_response());
    };
    let list = match app::mail::messages(&web.app, actor, &name, look.before).await {
        Ok(list) => list,
        Err(Error::Mailbox(trouble)) => return Ok(unreachable(&web, &visitor, Error::Mailbox(trouble))),
        Err(error) => return Err(error.into()),
    };
    let hint = if visitor.demo { app::demo::hint(&web.app, actor).await? } else { None };
    let reader = Reader { visitor: &visitor, catalog: &web.app.catalog };
    let open = match look.uid {
        Some(uid) => Some(message::open(&web, reader, list.mailbox, &name, uid, &look, hint.as_ref()).await?),
        None => None,
    };
    Ok(shown(reader, &folders, &list, &look, hint.as_ref(), open))
}

fn shown(
    reader: Reader<'_>,
    folders: &[FolderRow],
    list: &app::mail::FolderPage,
    look: &Look,
    hint: Option<&Hint>,
    open: Option<Open>,
) -> Response {
    let words = reader.words();
    let (title, message, status) = match open {
        Some(open) => (open.subject, Some(open.markup), open.status),
        None => (views::mail::title(words, folders, &list.folder), None, axum::http::StatusCode::OK),
    };
    let main = views::mail::page(
        reader,
        &MailPage {
            folders,
            list,
            before: look.before,
            open: look.uid,
            message,
            hint,
            toasts: replied(reader, look),
        },
    );
    (status, page(reader.visitor, &title, main)).into_response()
}

fn replied(reader: Reader<'_>, look: &Look) -> Markup {
    let words = reader.words();
    match look.replied.as_deref() {
        None => toast::toasts(reader, None),
        Some("") => toast::told(&words.t("demo-nobody-replies"), &html! {}),
        Some(name) => toast::told(&words.with("demo-replied", &[("name", name.into())]), &html! {}),
    }
}

fn page(visitor: &Visitor, title: &str, main: Markup) -> Markup {
    views::shell::page(Page { visitor, title, place: Place::Mail, search: "", main })
}

fn no_mailbox(visitor: &Visitor) -> Markup {
    let words = &visitor.words;
    let text = if visitor.demo {
        html! {
            p { (words.t("demo-no-mailbox")) }
            a.button.primary href="/records/account" { (views::icon("account")) (words.t("home-to-accounts")) }
        }
    } else {
        html! {
            p { (words.t("mail-no-mailbox-text")) }
            p { code { "regarding mailbox add --user " (visitor.who.email) " --imap imaps://HOST:993 --login NAME --password-stdin" } }
        }
    };
    views::mail::empty("mailbox", &words.t("mail-no-mailbox"), &text)
}

/// A sentence instead of the mailbox. The rest of the CRM works as ever.
fn unreachable(web: &Web, visitor: &Visitor, error: Error) -> Response {
    let words = &visitor.words;
    let text = html! {
        p role="alert" { (error::sentence(&error, web, words)) }
        a.button.primary href=(visitor.place) { (views::icon("retry")) (words.t("mail-try-now")) }
    };
    let main = views::mail::empty("offline", &words.t("mail-trouble"), &text);
    (Failure::App(error).status(), page(visitor, &words.t("mail-title"), main)).into_response()
}
