//! The pane beside a message: what the CRM knows about it, and what can be done with it.

mod candidates;
mod tracking;

use crate::error::{self, Answer, Failure};
use crate::session::Visitor;
use crate::views;
use crate::views::Who;
use crate::views::pane::Reader;
use crate::views::pane::facts::outline;
use crate::views::shell::{Page, Place};
use crate::web::Web;
use app::Error;
use app::demo::Hint;
use app::mail::{Item, Mark};
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use connect::Trouble;
use domain::envelope::Part;
use domain::id::Guid;
use maud::{Markup, html};
use serde::Deserialize;

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/pane", get(show))
        .route("/pane/tracking", post(tracking::change))
        .route("/pane/candidates", get(candidates::show))
        .route("/records/email/{email}/regarding", post(tracking::set_regarding))
}

/// Which message, as addresses and forms name it.
#[derive(Debug, Clone, Deserialize)]
pub struct Which {
    pub mailbox: Guid,
    pub folder: String,
    pub uid: u32,
}

impl Which {
    pub fn item(self) -> Item {
        Item::new(self.mailbox, self.folder, self.uid)
    }
}

/// A pane that is ready to be shown, and what the page around it has to know.
pub struct Shown {
    pub markup: Markup,
    pub mark: Mark,
    /// Whether the sender is in the CRM.
    pub sender: Who,
    /// The name of what it is regarding.
    pub regarding: Option<String>,
    pub status: StatusCode,
}

/// The pane of a message, or a sentence when its mailbox does not answer.
pub async fn show_pane(web: &Web, reader: Reader<'_>, item: &Item, hint: Option<&Hint>) -> Answer<Shown> {
    match app::pane::pane(&web.app, &reader.visitor.who.actor, item).await {
        Ok(pane) => Ok(Shown {
            markup: views::pane::pane(reader, &pane, hint),
            sender: outline(pane.people.iter().find(|it| it.part == Part::Sender)),
            regarding: pane.copy.and_then(|it| it.regarding).map(|it| it.name),
            mark: pane.mark,
            status: StatusCode::OK,
        }),
        Err(Error::Mailbox(trouble)) => {
            let error = Error::Mailbox(trouble);
            Ok(Shown {
                markup: troubled(web, reader, item, &error),
                regarding: None,
                sender: Who::Unknown,
                mark: Mark::None,
                status: Failure::App(error).status(),
            })
        }
        Err(error) => Err(error.into()),
    }
}

/// A pane that says what is wrong with the mailbox, or that the message has gone from it.
fn troubled(web: &Web, reader: Reader<'_>, item: &Item, error: &Error) -> Markup {
    let sentence = error::sentence(error, web, reader.words());
    match error {
        Error::Mailbox(Trouble::Gone) => views::pane::gone(reader, &sentence),
        _ => views::pane::trouble(reader, item, &sentence),
    }
}

/// The pane with the marks that change with it, or a page of its own for whoever did not ask for a fragment.
async fn show(State(web): State<Web>, visitor: Visitor, Query(which): Query<Which>) -> Answer<Response> {
    let item = which.item();
    let hint = if visitor.demo { app::demo::hint(&web.app, &visitor.who.actor).await? } else { None };
    let reader = Reader { visitor: &visitor, catalog: &web.app.catalog };
    let shown = show_pane(&web, reader, &item, hint.as_ref()).await?;
    let answer = if visitor.wants("pane") {
        html! { (shown.markup) (views::mail::marks(reader, item.uid, &shown.mark)) }
    } else {
        alone(&visitor, &shown.markup)
    };
    Ok((shown.status, answer).into_response())
}

/// The pane as a whole page.
fn alone(visitor: &Visitor, pane: &Markup) -> Markup {
    let title = visitor.words.t("pane-title");
    let main = html! { main.page id="main" { div.gallery { (pane) } } };
    views::shell::page(Page { visitor, title: &title, place: Place::Mail, search: "", main })
}
