//! The first page: what was tracked last, and in the demo what to try next.

use crate::error::Answer;
use crate::session::Visitor;
use crate::views;
use crate::views::home::Shown;
use crate::web::Web;
use axum::extract::State;

pub async fn home(State(web): State<Web>, visitor: Visitor) -> Answer {
    let recent = app::find::recently_tracked(&web.app, &visitor.who.actor).await?;
    let mailboxes = app::mailboxes::of(&web.app, visitor.who.actor.user()).await?;
    let hint = app::demo::hint(&web.app, &visitor.who.actor).await?;
    let shown = Shown { recent: &recent, mailbox: !mailboxes.is_empty(), hint: hint.as_ref() };
    Ok(views::home::page(&visitor, &shown))
}
