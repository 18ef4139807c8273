//! What went wrong, as a status and a sentence. The only place that knows status codes, and the only one that logs.

mod definition;

use crate::session::{Guest, Visitor};
use crate::views;
use crate::web::Web;
use crate::words::Words;
use app::{Error, Problem};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use connect::Trouble;
use domain::tracking::Refusal;
use std::sync::Arc;
use tracing::error;

/// What a room answers: a page, a fragment, a redirect.
pub type Answer<T = maud::Markup> = Result<T, Failure>;

/// Why a room does not answer.
#[derive(Debug)]
pub enum Failure {
    App(Error),
    /// Nobody is signed in. A page leads to the door and back; a fragment says it.
    SignInFirst {
        place: String,
        fragment: bool,
    },
    /// A form without the sender's own `csrf`.
    Forged,
    /// A form or an address that makes no sense.
    Unreadable,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::App(error)
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Failure {
        Failure::App(Error::Broken(error))
    }
}

impl Failure {
    pub const NOT_FOUND: Failure = Failure::App(Error::NotFound);

    pub fn status(&self) -> StatusCode {
        match self {
            Failure::App(error) => status(error),
            Failure::SignInFirst { .. } => StatusCode::UNAUTHORIZED,
            Failure::Forged => StatusCode::FORBIDDEN,
            Failure::Unreadable => StatusCode::BAD_REQUEST,
        }
    }
}

fn status(error: &Error) -> StatusCode {
    match error {
        // What one may not see is not there: nobody learns that it exists.
        Error::NotFound | Error::Refused(Refusal::NoSuchRecord) => StatusCode::NOT_FOUND,
        Error::NotAllowed | Error::Refused(Refusal::MayNotTrack | Refusal::MayNotAppendTo { .. }) => {
            StatusCode::FORBIDDEN
        }
        Error::Refused(Refusal::TakesNoActivities { .. }) | Error::Action(_) | Error::Invalid(_) => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Error::Definition(refusal) => definition::status(refusal),
        Error::InUse { .. }
        | Error::Changed
        | Error::Depends { .. }
        | Error::HeldBack { .. }
        | Error::Refused(Refusal::AnotherMessage | Refusal::CopyPending) => StatusCode::CONFLICT,
        Error::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
        Error::Mailbox(trouble) => mailbox_status(trouble),
        Error::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn mailbox_status(trouble: &Trouble) -> StatusCode {
    match trouble {
        Trouble::Gone | Trouble::NoFolder { .. } => StatusCode::NOT_FOUND,
        Trouble::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        Trouble::Timeout => StatusCode::GATEWAY_TIMEOUT,
        Trouble::Unreachable { .. }
        | Trouble::Certificate { .. }
        | Trouble::NoTls { .. }
        | Trouble::LoginRefused
        | Trouble::NotAllowed { .. }
        | Trouble::NoKeywords { .. }
        | Trouble::Disk(_)
        | Trouble::Protocol(_)
        | Trouble::BadSetting(_) => StatusCode::BAD_GATEWAY,
    }
}

/// The response carries the failure along; [`explain`] says it in the reader's language.
impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        if let Failure::SignInFirst { place, fragment: false } = &self {
            return Redirect::to(&views::sign_in::address(place)).into_response();
        }
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// A form shown again, with what to repair.
pub fn again(page: maud::Markup) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
}

/// A form shown again, because somebody else was faster.
pub fn conflict(page: maud::Markup) -> Response {
    (StatusCode::CONFLICT, page).into_response()
}

/// What the page of an error says.
#[derive(Debug, Clone)]
pub struct Explanation {
    pub status: StatusCode,
    pub title: String,
    pub text: String,
    /// Under this number the log tells more.
    pub number: Option<String>,
}

/// Puts words to failures: a page, or for the script a fragment.
pub async fn explain(State(web): State<Web>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let wants_fragment = parts.headers.contains_key("x-fragment");
    let asked = parts.clone();
    // The clone is kept without the body; only a failed request is looked at again.
    let response = next.run(Request::from_parts(std::mem::replace(&mut parts, asked), body)).await;
    let failure = response.extensions().get::<Arc<Failure>>().cloned();
    let status = response.status();
    if failure.is_none() && !is_bare(&response) {
        return response;
    }
    let visitor = Visitor::from_request_parts(&mut parts, &web).await.ok();
    let Ok(guest) = Guest::from_request_parts(&mut parts, &web).await else { return response };
    let words = visitor.as_ref().map_or(guest.words, |it| it.words);
    let explanation = match &failure {
        Some(failure) => explanation(failure, &web, &words),
        None => of_status(status, &words),
    };
    let page = match (wants_fragment, &visitor) {
        (true, _) => views::error::fragment(&explanation),
        (false, Some(visitor)) => views::error::page(visitor, &explanation),
        (false, None) => views::error::door(&guest, &explanation),
    };
    let mut answer = (status, Html(page.into_string())).into_response();
    if status == StatusCode::UNAUTHORIZED {
        // RFC 9110 11.6.1: a 401 says how one may sign in.
        answer.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    answer
}

/// A refusal of the framework's own, with English words or none: an unknown address, a wrong method, a form too large.
fn is_bare(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
    let failed = response.status().is_client_error() || response.status().is_server_error();
    failed && kind.is_none_or(|it| it.starts_with("text/plain"))
}

fn of_status(status: StatusCode, words: &Words) -> Explanation {
    let key = match status {
        StatusCode::NOT_FOUND => "error-not-found",
        StatusCode::PAYLOAD_TOO_LARGE => "error-too-large",
        _ if status.is_server_error() => "error-broken",
        _ => "error-unreadable",
    };
    plain(status, key, words)
}

/// `key` names the title; `key-text` the sentence below.
fn plain(status: StatusCode, key: &str, words: &Words) -> Explanation {
    Explanation { status, title: words.t(key), text: words.t(&format!("{key}-text")), number: None }
}

fn explanation(failure: &Failure, web: &Web, words: &Words) -> Explanation {
    let status = failure.status();
    match failure {
        Failure::SignInFirst { .. } => plain(status, "error-sign-in", words),
        Failure::Forged => plain(status, "error-forged", words),
        Failure::Unreadable => plain(status, "error-unreadable", words),
        Failure::App(Error::Broken(error)) => {
            let number = web.app.new_id().to_string();
            error!(error.number = number, "A request failed: {error:#}");
            Explanation { number: Some(number), ..plain(status, "error-broken", words) }
        }
        Failure::App(error) => {
            let key = match error {
                Error::NotFound => return plain(status, "error-not-found", words),
                Error::Mailbox(Trouble::Gone) => "mail-gone",
                Error::Mailbox(_) => "error-mailbox",
                Error::Changed => "error-changed",
                _ => "error-refused",
            };
            Explanation { status, title: words.t(key), text: sentence(error, web, words), number: None }
        }
    }
}

/// What stands above the sentence where mail would be shown.
pub fn mail_headline(error: &Error, words: &Words) -> String {
    words.t(if matches!(error, Error::Mailbox(Trouble::Gone)) { "mail-gone" } else { "mail-trouble" })
}

/// What the user can do something about, in the user's language. For [`Error::Broken`] the sentence is general.
pub fn sentence(error: &Error, web: &Web, words: &Words) -> String {
    match error {
        Error::Refused(refusal) => refused(refusal, web, words),
        Error::Mailbox(trouble) => mailbox(trouble, words),
        // Only scripts ask for these so far, and get them in English.
        Error::Action(refusal) => refusal.to_string(),
        Error::NotFound => words.t("error-not-found-text"),
        Error::NotAllowed => words.t("error-not-allowed"),
        Error::Changed => words.t("error-changed-text"),
        Error::Depends { counts } => {
            words.with("error-depends", &[("what", listed(counts, web, words).into())])
        }
        Error::HeldBack { counts } => {
            words.with("error-held-back", &[("what", listed(counts, web, words).into())])
        }
        Error::TooMany { seconds } => words.with("error-too-many", &[("seconds", (*seconds).into())]),
        Error::Definition(refusal) => definition::sentence(refusal, words),
        Error::InUse { rows } => {
            let count = i64::try_from(*rows).unwrap_or(i64::MAX);
            words.with("definition-in-use", &[("count", count.into())])
        }
        Error::Invalid(problems) => {
            problems.iter().map(|it| problem(it, words)).collect::<Vec<_>>().join(" ")
        }
        Error::Broken(_) => words.t("error-broken-text"),
    }
}

/// “3 contacts, 1 e-mail”.
pub fn listed(counts: &[(String, u64)], web: &Web, words: &Words) -> String {
    let named = |(entity, count): &(String, u64)| {
        let def = web.app.catalog.get(entity);
        let name = def.map(|it| if *count == 1 { words.entity(it) } else { words.plural(it) });
        format!("{count} {}", name.map_or_else(|| entity.clone(), str::to_lowercase))
    };
    counts.iter().map(named).collect::<Vec<_>>().join(", ")
}

fn refused(refusal: &Refusal, web: &Web, words: &Words) -> String {
    let named = |entity: &str| {
        web.app.catalog.get(entity).map_or_else(String::new, |it| words.entity(it).to_lowercase())
    };
    match refusal {
        Refusal::MayNotTrack => words.t("error-may-not-track"),
        Refusal::AnotherMessage => words.t("error-another-message"),
        Refusal::CopyPending => words.t("error-copy-pending"),
        Refusal::NoSuchRecord => words.t("error-not-found-text"),
        Refusal::MayNotAppendTo { entity } => {
            words.with("error-may-not-append", &[("type", named(entity).into())])
        }
        Refusal::TakesNoActivities { entity } => {
            words.with("error-takes-no-activities", &[("type", named(entity).into())])
        }
    }
}

/// What is wrong with a mailbox, in the user's language.
pub fn mailbox(trouble: &Trouble, words: &Words) -> String {
    match trouble {
        Trouble::Unreachable { host, .. } => {
            words.with("trouble-unreachable", &[("host", host.as_str().into())])
        }
        Trouble::Certificate { host } => words.with("trouble-certificate", &[("host", host.as_str().into())]),
        Trouble::NoTls { host } => words.with("trouble-no-tls", &[("host", host.as_str().into())]),
        Trouble::LoginRefused => words.t("trouble-login-refused"),
        Trouble::NoFolder { folder } => {
            words.with("trouble-no-folder", &[("folder", folder.as_str().into())])
        }
        Trouble::NotAllowed { folder } => {
            words.with("trouble-not-allowed", &[("folder", folder.as_str().into())])
        }
        Trouble::NoKeywords { folder } => {
            words.with("trouble-no-keywords", &[("folder", folder.as_str().into())])
        }
        Trouble::Gone => words.t("trouble-gone"),
        Trouble::TooLarge { bytes } => {
            words.with("trouble-too-large", &[("size", words.size(*bytes).into())])
        }
        Trouble::Timeout => words.t("trouble-timeout"),
        Trouble::Disk(_) => words.t("trouble-disk"),
        Trouble::Protocol(_) => words.t("trouble-protocol"),
        Trouble::BadSetting(_) => words.t("trouble-bad-setting"),
    }
}

/// Why a value was not taken: the sentence that stands at its field.
pub fn problem(problem: &Problem, words: &Words) -> String {
    match problem {
        Problem::Missing { .. } => words.t("problem-missing"),
        Problem::TooLong { max, .. } => {
            words.with("problem-too-long", &[("max", i64::try_from(*max).unwrap_or(i64::MAX).into())])
        }
        Problem::TooShort { min, .. } => {
            words.with("problem-too-short", &[("min", i64::try_from(*min).unwrap_or(i64::MAX).into())])
        }
        Problem::NoAddress { .. } => words.t("problem-no-address"),
        Problem::NoNumber { .. } => words.t("problem-no-number"),
        Problem::NoDate { .. } => words.t("problem-no-date"),
        Problem::NoRecord { .. } => words.t("problem-no-record"),
        Problem::NoChoice { .. } => words.t("problem-no-choice"),
        Problem::Taken { .. } => words.t("problem-taken"),
        Problem::TooSmall { least, .. } => words.with("problem-least", &[("least", (*least).into())]),
        Problem::TooLarge { most, .. } => words.with("problem-most", &[("most", (*most).into())]),
        Problem::WrongKind { .. } => words.t("problem-wrong-kind"),
        Problem::Unknown { column } => words.with("problem-unknown", &[("column", column.clone().into())]),
        Problem::Fixed { .. } => words.t("problem-fixed"),
    }
}
