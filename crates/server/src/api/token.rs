//! `/oauth2/token`: client credentials for a short-lived access token (RFC 6749 4.4). The client's id is the user's
//! e-mail address, its secret a token of `regarding token create`.

use super::reply::Reply;
use crate::web::Web;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
struct Form {
    grant_type: String,
    client_id: Option<String>,
    client_secret: Option<String>,
}

pub async fn token(State(web): State<Web>, headers: HeaderMap, body: String) -> Response {
    answer(&web, &headers, &body).await.into_response()
}

async fn answer(web: &Web, headers: &HeaderMap, body: &str) -> Reply {
    let Ok(form) = serde_urlencoded::from_str::<Form>(body) else {
        return refused(StatusCode::BAD_REQUEST, "invalid_request");
    };
    if form.grant_type != "client_credentials" {
        return refused(StatusCode::BAD_REQUEST, "unsupported_grant_type");
    }
    let (id, secret) = match (form.client_id, form.client_secret) {
        (Some(id), Some(secret)) => (id, secret),
        _ => basic(headers).unwrap_or_default(),
    };
    match made(web, &id, &secret).await {
        Ok(Some(token)) => Reply::ok(&json!({
            "token_type": "Bearer",
            "expires_in": app::sign_in::ACCESS_LIVES,
            "access_token": token,
        }))
        .header("Cache-Control", "no-store"),
        Ok(None) => refused(StatusCode::UNAUTHORIZED, "invalid_client"),
        Err(error) => super::trouble::Trouble::from(error).reply(),
    }
}

/// The secret must be one of the very user whose address the id is.
async fn made(web: &Web, id: &str, secret: &str) -> app::Result<Option<String>> {
    let Some(who) = app::sign_in::bearer(&web.app, secret).await? else { return Ok(None) };
    if !who.email.eq_ignore_ascii_case(id) && who.actor.user().to_string() != id.to_ascii_lowercase() {
        return Ok(None);
    }
    app::sign_in::access_token(&web.app, secret).await
}

/// RFC 6749 2.3.1: the client may show its secret like a password.
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let (scheme, encoded) = super::call::text(headers, header::AUTHORIZATION.as_str()).split_once(' ')?;
    let plain = STANDARD.decode(encoded.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let (id, secret) = std::str::from_utf8(&plain).ok()?.split_once(':')?;
    let decoded = |it: &str| -> Option<String> {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(&format!("it={it}")).ok()?;
        pairs.into_iter().next().map(|it| it.1)
    };
    Some((decoded(id)?, decoded(secret)?))
}

/// RFC 6749 5.2.
fn refused(status: StatusCode, error: &str) -> Reply {
    Reply::json(status, &json!({ "error": error }))
}
