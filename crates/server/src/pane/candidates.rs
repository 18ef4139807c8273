//! `/pane/candidates`: the records that a message can be regarding, as one types.

use super::{Which, alone};
use crate::error::{Answer, Failure};
use crate::session::Visitor;
use crate::views::pane::Reader;
use crate::views::pane::choose::{About, Choice, choose, found};
use crate::views::pane::{likeliest_first, was};
use crate::web::Web;
use app::pane::Candidate;
use axum::extract::{Query, State};
use domain::id::Guid;
use serde::Deserialize;

/// More than this is looked through more slowly than typed.
const MOST_SUGGESTIONS: usize = 8;

/// About a message of the mailbox (`mailbox`, `folder`, `uid`), or about a stored e-mail (`about`).
#[derive(Debug, Deserialize)]
pub struct Question {
    about: Option<Guid>,
    mailbox: Option<Guid>,
    folder: Option<String>,
    uid: Option<u32>,
    q: Option<String>,
    was: Option<String>,
}

/// The list alone for the script that types, the pane for the script that opens it, or a page.
pub async fn show(State(web): State<Web>, visitor: Visitor, Query(question): Query<Question>) -> Answer {
    let actor = &visitor.who.actor;
    let text = question.q.as_deref().unwrap_or_default().trim();
    let about = about(&question)?;
    let hits = app::pane::candidates(&web.app, actor, text).await?;
    let (candidates, was) = match &about {
        // Before anything is typed, the message itself suggests; then what was chosen last.
        About::Message(item) if text.is_empty() => {
            let pane = app::pane::pane(&web.app, actor, item).await?;
            (suggestions(&pane.related, hits), was(pane.copy.as_ref()))
        }
        About::Message(_) | About::Email(_) => (hits, question.was.unwrap_or_default()),
    };
    let choice = Choice { about: &about, text, candidates: &candidates, was: &was };
    let reader = Reader { visitor: &visitor, catalog: &web.app.catalog };
    Ok(match visitor.fragment.as_deref() {
        Some("found") => found(reader, &choice),
        Some(_) => choose(reader, &choice),
        None => alone(&visitor, &choose(reader, &choice)),
    })
}

fn suggestions(related: &[Candidate], recent: Vec<Candidate>) -> Vec<Candidate> {
    let mut all: Vec<Candidate> = likeliest_first(related).into_iter().cloned().collect();
    all.extend(recent.into_iter().filter(|it| related.iter().all(|other| other.record != it.record)));
    all.truncate(MOST_SUGGESTIONS);
    all
}

fn about(question: &Question) -> Answer<About> {
    match question {
        Question { about: Some(email), .. } => Ok(About::Email(*email)),
        Question { mailbox: Some(mailbox), folder: Some(folder), uid: Some(uid), .. } => {
            let which = Which { mailbox: *mailbox, folder: folder.clone(), uid: *uid };
            Ok(About::Message(which.item()))
        }
        Question { .. } => Err(Failure::Unreadable),
    }
}
