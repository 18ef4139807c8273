//! The first page: what was tracked last, and in the demo what to try next.

use crate::error::Answer;
use crate::session::Visitor;
use crate::views;
use crate::web::Web;
use axum::extract::State;
use maud::html;

pub async fn home(State(web): State<Web>, visitor: Visitor) -> Answer {
    let recent = app::find::recently_tracked(&web.app, &visitor.who.actor).await?;
    let hint = app::demo::hint(&web.app, &visitor.who.actor).await?;
    let hint = html! { @if let Some(hint) = hint { (views::hint::hint(&visitor, &hint, "/")) } };
    Ok(views::home::page(&visitor, &recent, &hint))
}
