//! In and out.

use crate::error::{self, Answer, Failure, again};
use crate::session::{self, Checked, Guest, device, from_our_own_page, inside};
use crate::views;
use crate::views::sign_in::Typed;
use crate::web::Web;
use app::Error;
use app::sign_in::Remember;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub struct SignIn {
    email: String,
    password: String,
    #[serde(default)]
    remember: bool,
    #[serde(default)]
    next: String,
}

pub async fn door(guest: Guest, Query(asked): Query<Next>) -> maud::Markup {
    views::sign_in::page(&guest, &Typed { next: asked.next, ..Typed::default() })
}

pub async fn sign_in(
    State(web): State<Web>,
    guest: Guest,
    headers: HeaderMap,
    jar: CookieJar,
    Form(form): Form<SignIn>,
) -> Answer<Response> {
    if !from_our_own_page(&headers) {
        return Err(Failure::Forged);
    }
    let remember = if form.remember { Remember::Yes } else { Remember::No };
    let device = device(&headers);
    let session = app::sign_in::sign_in(&web.app, &form.email, &form.password, remember, &device);
    let wrong = match session.await {
        Ok(Some(session)) => {
            return Ok((session::keep(jar, &web, &session), Redirect::to(inside(&form.next))).into_response());
        }
        Ok(None) => guest.words.t("sign-in-wrong"),
        Err(error @ Error::TooMany { .. }) => error::sentence(&error, &web, &guest.words),
        Err(error) => return Err(error.into()),
    };
    let typed = Typed { email: form.email, remember: form.remember, next: form.next, wrong: Some(wrong) };
    Ok(again(views::sign_in::page(&guest, &typed)))
}

/// The demo prints links that sign in.
pub async fn by_link(
    State(web): State<Web>,
    Path(code): Path<String>,
    headers: HeaderMap,
    jar: CookieJar,
) -> Answer<(CookieJar, Redirect)> {
    let session =
        app::sign_in::by_link(&web.app, &code, &device(&headers)).await?.ok_or(Failure::NOT_FOUND)?;
    Ok((session::keep(jar, &web, &session), Redirect::to("/")))
}

#[derive(Debug, Deserialize)]
pub struct Nothing {}

pub async fn sign_out(
    State(web): State<Web>,
    jar: CookieJar,
    Checked { visitor, .. }: Checked<Nothing>,
) -> Answer<(CookieJar, Redirect)> {
    app::sign_in::sign_out(&web.app, &visitor.who).await?;
    Ok((session::forget(jar, &web), Redirect::to("/sign-in")))
}
