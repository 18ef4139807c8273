//! Language, theme, and where one is signed in.

use crate::error::{Answer, Failure};
use crate::session::{self, Checked, Verb, Visitor, from_our_own_page, inside};
use crate::views;
use crate::views::shell::Theme;
use crate::web::Web;
use crate::words::Language;
use axum::Form;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Redirect;
use axum_extra::extract::CookieJar;
use maud::Markup;
use serde::Deserialize;

pub async fn settings(State(web): State<Web>, visitor: Visitor) -> Answer {
    let sessions = app::sign_in::sessions(&web.app, &visitor.who).await?;
    Ok(views::settings::page(&visitor, &sessions))
}

pub async fn more(State(web): State<Web>, visitor: Visitor) -> Markup {
    views::settings::more(&visitor, &web.app.catalog)
}

#[derive(Debug, Deserialize)]
pub struct Looks {
    language: String,
    theme: String,
}

pub async fn choose(
    State(web): State<Web>,
    jar: CookieJar,
    Checked { visitor, form, .. }: Checked<Looks>,
) -> Answer<(CookieJar, Redirect)> {
    let language = Language::of(&form.language).ok_or(Failure::Unreadable)?;
    app::sign_in::choose_language(&web.app, &visitor.who, language.code()).await?;
    let jar = session::keep_language(jar, &web, language);
    Ok((session::keep_theme(jar, &web, Theme::of(&form.theme)), Redirect::to("/settings")))
}

#[derive(Debug, Deserialize)]
pub struct Wish {
    #[serde(default)]
    language: String,
    #[serde(default)]
    theme: String,
    #[serde(default)]
    next: String,
}

/// Before signing in: a wish that the browser keeps.
pub async fn language(
    State(web): State<Web>,
    headers: HeaderMap,
    jar: CookieJar,
    Form(wish): Form<Wish>,
) -> Answer<(CookieJar, Redirect)> {
    let language =
        Language::of(&wish.language).filter(|_| from_our_own_page(&headers)).ok_or(Failure::Unreadable)?;
    Ok((session::keep_language(jar, &web, language), Redirect::to(inside(&wish.next))))
}

/// The button in the bar.
pub async fn theme(
    State(web): State<Web>,
    headers: HeaderMap,
    jar: CookieJar,
    Form(wish): Form<Wish>,
) -> Answer<(CookieJar, Redirect)> {
    if !from_our_own_page(&headers) {
        return Err(Failure::Forged);
    }
    Ok((session::keep_theme(jar, &web, Theme::of(&wish.theme)), Redirect::to(inside(&wish.next))))
}

#[derive(Debug, Deserialize)]
pub struct End {
    /// Which session to end; missing: all of them, this one last.
    session: Option<String>,
}

pub async fn end_session(
    State(web): State<Web>,
    jar: CookieJar,
    Checked { visitor, verb, form }: Checked<End>,
) -> Answer<(CookieJar, Redirect)> {
    if verb != Verb::Delete {
        return Err(Failure::Unreadable);
    }
    if let Some(session) = form.session {
        app::sign_in::revoke(&web.app, &visitor.who, super::key(&session)?).await?;
        return Ok((jar, Redirect::to("/settings")));
    }
    for session in app::sign_in::sessions(&web.app, &visitor.who).await? {
        app::sign_in::revoke(&web.app, &visitor.who, session.id).await?;
    }
    Ok((session::forget(jar, &web), Redirect::to("/sign-in")))
}
