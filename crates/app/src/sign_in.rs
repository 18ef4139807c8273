//! Who is this? Passwords, sessions of browsers, tokens of scripts (M17).

use crate::{App, Result};
use domain::id::Guid;
use domain::privilege::Actor;
use domain::time::Timestamp;

/// What the browser keeps after signing in.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// 32 random bytes in hexadecimal: the cookie's value.
    pub token: String,
    /// `None`: the cookie ends with the browser.
    pub lives_for_seconds: Option<i64>,
}

/// "Remember this device", by choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remember {
    /// 12 hours, and no longer than the browser runs.
    No,
    /// 90 days.
    Yes,
}

/// Somebody who is signed in, with everything a page needs to know.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// `None` for a token of a script.
    pub session: Option<Guid>,
    pub actor: Actor,
    pub name: String,
    pub email: String,
    /// `en` or `sv` when the user chose one.
    pub language: Option<String>,
    /// Every form carries it; empty for a script's token, which needs none.
    pub csrf: String,
}

/// One row of "where am I signed in".
#[derive(Debug, Clone)]
pub struct SessionRow {
    pub id: Guid,
    pub device: String,
    pub remembered: bool,
    pub created: Timestamp,
    pub seen: Timestamp,
    pub this_one: bool,
}

/// `None` for a wrong address or password, without telling which, after the same time.
pub async fn sign_in(
    _app: &App,
    _email: &str,
    _password: &str,
    _remember: Remember,
    _device: &str,
) -> Result<Option<NewSession>> {
    todo!()
}

/// Signs in with a link that the demo prints; `None` outside of a demo or for a wrong code.
pub async fn by_link(_app: &App, _code: &str, _device: &str) -> Result<Option<NewSession>> {
    todo!()
}

/// Who holds this cookie? `None` when it is unknown, expired, revoked, or its user is disabled.
pub async fn session(_app: &App, _token: &str) -> Result<Option<SignedIn>> {
    todo!()
}

/// Who holds this bearer token?
pub async fn bearer(_app: &App, _token: &str) -> Result<Option<SignedIn>> {
    todo!()
}

pub async fn sign_out(_app: &App, _who: &SignedIn) -> Result<()> {
    todo!()
}

/// The user's own sessions, newest first.
pub async fn sessions(_app: &App, _who: &SignedIn) -> Result<Vec<SessionRow>> {
    todo!()
}

/// Ends one of the user's own sessions.
pub async fn revoke(_app: &App, _who: &SignedIn, _session: Guid) -> Result<()> {
    todo!()
}

/// `en` or `sv`.
pub async fn choose_language(_app: &App, _who: &SignedIn, _language: &str) -> Result<()> {
    todo!()
}
