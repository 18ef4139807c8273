//! What only the demo has: hints, and customers who answer when they are told to.

use crate::error::{Answer, Failure};
use crate::session::{Checked, Verb, Visitor, inside};
use crate::views::escaped;
use crate::web::Web;
use axum::extract::State;
use axum::response::Redirect;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub struct Nothing {}

pub async fn reply(State(web): State<Web>, sent: Checked<Nothing>) -> Answer<Redirect> {
    if !sent.visitor.demo {
        return Err(Failure::NOT_FOUND);
    }
    app::demo::dismiss_hint(&web.app, &sent.visitor.who.actor, "reply").await?;
    let name = app::demo::let_the_customer_reply(&web.app, &sent.visitor.who.actor).await?;
    Ok(Redirect::to(&format!("/mail?replied={}", escaped(&name.unwrap_or_default()))))
}

/// A hint whose step was taken has said what it had to say.
pub async fn done(web: &Web, visitor: &Visitor, verb: Verb, with_target: bool) -> Answer<()> {
    let steps: &[&str] = match verb {
        Verb::Put if with_target => &["track", "set-regarding"],
        Verb::Put => &["track"],
        Verb::Delete => &["untrack"],
        Verb::Post => &[],
    };
    for step in steps {
        app::demo::dismiss_hint(&web.app, &visitor.who.actor, step).await?;
    }
    Ok(())
}

#[derive(Debug, Deserialize)]
pub struct Dismissed {
    key: String,
    next: String,
}

pub async fn dismiss(State(web): State<Web>, sent: Checked<Dismissed>) -> Answer<Redirect> {
    if !sent.visitor.demo {
        return Err(Failure::NOT_FOUND);
    }
    app::demo::dismiss_hint(&web.app, &sent.visitor.who.actor, &sent.form.key).await?;
    Ok(Redirect::to(inside(&sent.form.next)))
}
