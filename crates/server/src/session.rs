//! Who is asking, in which language, and whether a form is really theirs.

use crate::error::Failure;
use crate::views::shell::Theme;
use crate::web::Web;
use crate::words::{Language, Words};
use app::sign_in::{NewSession, SignedIn};

use axum::extract::{FromRequest, FromRequestParts, RawForm, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use domain::time::Timestamp;
use serde::de::DeserializeOwned;

pub const SESSION: &str = "regarding";
const LANGUAGE: &str = "language";
const THEME: &str = "theme";
const YEAR_IN_SECONDS: i64 = 365 * 86_400;

/// Somebody who looks at a page and may not have signed in.
#[derive(Debug, Clone)]
pub struct Guest {
    pub words: Words,
    pub theme: Theme,
    /// Path and query of the page: where to come back to.
    pub place: String,
}

/// Somebody who is signed in. Asking for one in a room closes the room to all others.
#[derive(Debug, Clone)]
pub struct Visitor {
    pub who: SignedIn,
    pub words: Words,
    pub theme: Theme,
    pub now: Timestamp,
    /// Path and query of the page.
    pub place: String,
    /// The script asked for this fragment and not for a whole page (the header `X-Fragment`).
    pub fragment: Option<String>,
    /// This is the demo's world.
    pub demo: bool,
}

impl Visitor {
    pub fn wants(&self, fragment: &str) -> bool {
        self.fragment.as_deref() == Some(fragment)
    }
}

impl FromRequestParts<Web> for Guest {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Guest, Failure> {
        Ok(guest(parts, web))
    }
}

fn guest(parts: &Parts, web: &Web) -> Guest {
    let cookies = CookieJar::from_headers(&parts.headers);
    let chosen = cookies.get(LANGUAGE).and_then(|it| Language::of(it.value()));
    let language =
        chosen.unwrap_or_else(|| Language::wished(text(&parts.headers, header::ACCEPT_LANGUAGE.as_str())));
    Guest {
        words: Words::new(language, web.settings.time_zone),
        theme: cookies.get(THEME).map_or(Theme::Device, |it| Theme::of(it.value())),
        place: parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
    }
}

impl FromRequestParts<Web> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Visitor, Failure> {
        let guest = guest(parts, web);
        let fragment = text(&parts.headers, "x-fragment");
        let fragment = (!fragment.is_empty()).then(|| fragment.to_owned());
        let Some(who) = signed_in(&parts.headers, &web.app).await? else {
            // A script with a wrong token has no use for a door.
            let fragment = fragment.is_some() || bearer(&parts.headers).is_some();
            return Err(Failure::SignInFirst { place: guest.place, fragment });
        };
        let language = who.language.as_deref().and_then(Language::of).unwrap_or(guest.words.language);
        Ok(Visitor {
            who,
            words: Words { language, ..guest.words },
            theme: guest.theme,
            now: web.app.now(),
            place: guest.place,
            fragment,
            demo: web.settings.demo,
        })
    }
}

/// By bearer token (RFC 6750 2.1) when there is one, or else by cookie. Never both: a script's token must not be
/// mixed up with the browser it happens to run in.
async fn signed_in(headers: &HeaderMap, app: &app::App) -> app::Result<Option<SignedIn>> {
    if let Some(token) = bearer(headers) {
        return app::sign_in::bearer(app, token).await;
    }
    match CookieJar::from_headers(headers).get(SESSION) {
        Some(cookie) => app::sign_in::session(app, cookie.value()).await,
        None => Ok(None),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = text(headers, header::AUTHORIZATION.as_str()).split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// A header's value; empty when it is missing or is no text.
pub fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default()
}

/// What a form asks for: browsers can only POST, so `_method` says the rest (decision 23).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    Post,
    Put,
    Delete,
}

/// A form that carries the sender's own `csrf`. Asking for one in a room refuses all forged ones.
#[derive(Debug)]
pub struct Checked<T> {
    pub visitor: Visitor,
    pub verb: Verb,
    pub form: T,
}

/// All fields of a form as they were sent, for forms whose fields a definition decides.
pub type Fields = Vec<(String, String)>;

impl<T: DeserializeOwned> FromRequest<Web> for Checked<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, web: &Web) -> Result<Checked<T>, Failure> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, web).await?;
        let request = Request::from_parts(parts, body);
        let RawForm(bytes) = RawForm::from_request(request, web).await.map_err(|_| Failure::Unreadable)?;
        let fields: Fields = serde_urlencoded::from_bytes(&bytes).map_err(|_| Failure::Unreadable)?;
        let field = |name: &str| fields.iter().find(|(it, _)| it == name).map_or("", |(_, value)| value);
        if !same(field("csrf"), &visitor.who.csrf) {
            return Err(Failure::Forged);
        }
        let verb = match field("_method") {
            "PUT" => Verb::Put,
            "DELETE" => Verb::Delete,
            "" | "POST" => Verb::Post,
            _ => return Err(Failure::Unreadable),
        };
        let form = serde_urlencoded::from_bytes(&bytes).map_err(|_| Failure::Unreadable)?;
        Ok(Checked { visitor, verb, form })
    }
}

/// Whether a form that carries this `csrf` is the visitor's own.
pub fn is_own(visitor: &Visitor, csrf: &str) -> bool {
    same(csrf, &visitor.who.csrf)
}

/// Compares in the same time wherever the difference is. A script's token needs no csrf: there it is empty.
fn same(given: &str, expected: &str) -> bool {
    expected.is_empty()
        || given.len() == expected.len()
            && given.bytes().zip(expected.bytes()).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}

/// Whether a form that nobody signed in for comes from our own page: browsers say so themselves (Fetch Metadata), and
/// what is no browser cannot be tricked.
pub fn from_our_own_page(headers: &HeaderMap) -> bool {
    match text(headers, "sec-fetch-site") {
        "" => {
            let origin = text(headers, "origin");
            origin.is_empty() || origin.split_once("://").is_some_and(|(_, it)| it == text(headers, "host"))
        }
        site => matches!(site, "same-origin" | "none"),
    }
}

/// The browser's own name, as far as a list of sessions needs it.
pub fn device(headers: &HeaderMap) -> String {
    text(headers, header::USER_AGENT.as_str()).chars().take(200).collect()
}

pub fn keep(jar: CookieJar, web: &Web, session: &NewSession) -> CookieJar {
    jar.add(cookie(web, SESSION, session.token.clone(), session.lives_for_seconds))
}

pub fn forget(jar: CookieJar, web: &Web) -> CookieJar {
    jar.add(cookie(web, SESSION, String::new(), Some(0)))
}

pub fn keep_language(jar: CookieJar, web: &Web, language: Language) -> CookieJar {
    jar.add(cookie(web, LANGUAGE, language.code().to_owned(), Some(YEAR_IN_SECONDS)))
}

pub fn keep_theme(jar: CookieJar, web: &Web, theme: Theme) -> CookieJar {
    jar.add(cookie(web, THEME, theme.name().to_owned(), Some(YEAR_IN_SECONDS)))
}

/// `seconds`: how long the browser keeps it; `None`: until it is closed.
fn cookie(web: &Web, name: &'static str, value: String, seconds: Option<i64>) -> Cookie<'static> {
    let mut cookie = Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(web.settings.secure_cookies)
        .build();
    if let Some(age) = seconds.and_then(|it| it.try_into().ok()).map(std::time::Duration::from_secs) {
        cookie.set_max_age(age.try_into().ok());
    }
    cookie
}

/// A place inside of this app to go to after signing in: never an address that leads elsewhere.
pub fn inside(next: &str) -> &str {
    let leads_out =
        !next.starts_with('/') || next[1..].starts_with(['/', '\\']) || next.contains(['\r', '\n', '\t']);
    if leads_out { "/" } else { next }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn signing_in_never_leads_out() {
        assert_eq!(inside("/records/account?q=a"), "/records/account?q=a");
        for next in
            ["//evil.example", "/\\evil.example", "https://evil.example", "", "/a\r\nb", "/\t/evil.example"]
        {
            assert_eq!(inside(next), "/", "{next:?}");
        }
    }

    #[test]
    fn a_wrong_csrf_is_not_the_same() {
        assert!(same("abc", "abc") && same("", ""));
        assert!(!same("", "abc") && !same("abd", "abc") && !same("abcd", "abc"));
    }

    #[track_caller]
    fn ours(headers: &[(&'static str, &'static str)]) -> bool {
        from_our_own_page(
            &headers
                .iter()
                .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)))
                .collect(),
        )
    }

    #[test]
    fn another_sites_form_cannot_sign_in() {
        assert!(ours(&[]) && ours(&[("sec-fetch-site", "same-origin")]));
        assert!(ours(&[("host", "crm.example"), ("origin", "https://crm.example")]));
        assert!(!ours(&[("sec-fetch-site", "cross-site")]));
        assert!(!ours(&[("host", "crm.example"), ("origin", "https://evil.example")]));
    }
}
