//! Who is this? Passwords, sessions of browsers, tokens of scripts (M17).

use crate::error::broke_off;
use crate::world::random;
use crate::{App, Error, Problem, Result};
use anyhow::{Context, anyhow};
use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier};
use domain::id::Guid;
use domain::privilege::Actor;
use domain::text::clipped;
use domain::time::Timestamp;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use store::Commit;
use store::user::{Person, Who};
use tokio::sync::Semaphore;
use tracing::warn;

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

/// The longest password, in bytes: nobody types more, and hashing more costs more.
pub const LONGEST_PASSWORD: usize = 1000;
/// Nor is any address longer than this, in bytes (RFC 5321 4.5.3.1 allows 320).
const LONGEST_ADDRESS: usize = 1000;

/// `None` for a wrong address or password, without telling which, after the same time.
pub async fn sign_in(
    app: &App,
    email: &str,
    password: &str,
    remember: Remember,
    device: &str,
) -> Result<Option<NewSession>> {
    if email.len() > LONGEST_ADDRESS || password.len() > LONGEST_PASSWORD {
        return Ok(None);
    }
    app.guesses.begin(email, app.now())?;
    let found = store::session::password(&app.db, email).await?;
    let (user, hash) = found.map_or((None, None), |(user, hash)| (Some(user), Some(hash)));
    let right = password_is_right(password.to_owned(), hash).await?;
    if let (true, Some(user)) = (right, user) {
        app.guesses.forgive(email);
        return Ok(Some(begin(app, user, remember, device).await?));
    }
    Ok(None)
}

/// Signs in with a link that the demo prints; `None` outside of a demo or for a wrong code.
pub async fn by_link(app: &App, code: &str, device: &str) -> Result<Option<NewSession>> {
    let user = store::setting::get(&app.db, &format!("link:{}", hex(&hash_of(code)))).await?;
    match user.and_then(|it| it.parse().ok()) {
        Some(user) => Ok(Some(begin(app, user, Remember::No, device).await?)),
        None => Ok(None),
    }
}

async fn begin(app: &App, user: Guid, remember: Remember, device: &str) -> Result<NewSession> {
    let token = hex(&random::<32>());
    let now = app.now();
    let lives = match remember {
        Remember::No => 12 * 3600,
        Remember::Yes => 90 * 86_400,
    };
    let session = store::session::Session {
        id: app.new_id(),
        user,
        csrf: hex(&random::<16>()),
        device: clipped(device, 200),
        remembered: remember == Remember::Yes,
        created: now,
        seen: now,
        expires: now.plus_seconds(lives),
    };
    let mut commit = Commit::new();
    store::session::sweep(&mut commit, now);
    store::session::put(&mut commit, &session, &hash_of(&token));
    app.db.commit(commit).await?;
    Ok(NewSession { token, lives_for_seconds: (remember == Remember::Yes).then_some(lives) })
}

/// Who holds this cookie? `None` when it is unknown, expired, revoked, or its user is disabled.
pub async fn session(app: &App, token: &str) -> Result<Option<SignedIn>> {
    let now = app.now();
    let person = store::user::person(&app.db, Who::Session(&hash_of(token), now)).await?;
    if let Some(found) = person.as_ref().and_then(|it| it.session.as_ref())
        && found.seen.plus_seconds(SEEN_EVERY) < now
    {
        let mut commit = Commit::new();
        store::session::touch(&mut commit, found.id, now);
        // Nobody waits for it: it only says when a device was last seen.
        let db = app.db.clone();
        tokio::spawn(async move {
            if let Err(trouble) = db.commit(commit).await {
                warn!("Noting that a session was used: {trouble}");
            }
        });
    }
    Ok(person.map(|it| signed_in(app, it)))
}

/// Who holds this bearer token, or access token made from one? What was found is believed for [`BELIEVED`]: a token
/// that is revoked, or a role that is taken, counts for that long in servers that do not hear of it.
pub async fn bearer(app: &App, token: &str) -> Result<Option<SignedIn>> {
    let Some(hash) = token_hash(app, token) else { return Ok(None) };
    if let Some(person) = app.bearers.get(&hash, app.now()) {
        return Ok(Some(signed_in(app, person)));
    }
    let person = store::user::person(&app.db, Who::Token(&hash)).await?;
    if let Some(person) = &person {
        app.bearers.put(hash, person.clone(), app.now());
    }
    Ok(person.map(|it| signed_in(app, it)))
}

/// Scripts make many requests in a row: not each of them asks the database who is calling.
#[derive(Default)]
pub(crate) struct Bearers(Mutex<HashMap<[u8; 32], (Person, Timestamp)>>);

/// Seconds for which a token's holder is remembered, roles and teams and all.
const BELIEVED: i64 = 5;
/// Tokens remembered at once.
const REMEMBERED: usize = 1_000;

impl Bearers {
    fn get(&self, hash: &[u8; 32], now: Timestamp) -> Option<Person> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(hash).filter(|(_, until)| *until > now).map(|(person, _)| person.clone())
    }

    fn put(&self, hash: [u8; 32], person: Person, now: Timestamp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(hash, (person, now.plus_seconds(BELIEVED)));
    }

    /// Somebody's rights have changed here.
    pub(crate) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// What an access token begins with; the tokens of users are plain hexadecimal.
const ACCESS: &str = "at.";
/// Seconds an access token lives.
pub const ACCESS_LIVES: i64 = 3_600;

/// A short-lived token from a lasting one (RFC 6749 4.4): sealed with the installation's key, and worth nothing when the
/// lasting one is revoked. `None` when that one is unknown.
pub async fn access_token(app: &App, token: &str) -> Result<Option<String>> {
    if token.starts_with(ACCESS) || bearer(app, token).await?.is_none() {
        return Ok(None);
    }
    let until = app.now().plus_seconds(ACCESS_LIVES).0.to_be_bytes();
    let sealed = app.secrets.seal(&[hash_of(token).as_slice(), &until].concat(), Guid::NIL)?;
    Ok(Some(format!("{ACCESS}{}", hex(&sealed))))
}

/// Of the lasting token: `None` for an access token that is not ours or has ended.
fn token_hash(app: &App, token: &str) -> Option<[u8; 32]> {
    let Some(sealed) = token.strip_prefix(ACCESS) else { return Some(hash_of(token)) };
    let plain = app.secrets.open(&unhex(sealed)?, Guid::NIL).ok()?;
    let (hash, until) = plain.split_first_chunk::<32>()?;
    let until = i64::from_be_bytes(until.try_into().ok()?);
    (until > app.now().0).then_some(*hash)
}

pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|it| u8::from_str_radix(std::str::from_utf8(it).ok()?, 16).ok()).collect()
}

fn signed_in(app: &App, person: Person) -> SignedIn {
    SignedIn {
        actor: crate::users::as_actor(app, &person),
        session: person.session.as_ref().map(|it| it.id),
        csrf: person.session.map(|it| it.csrf).unwrap_or_default(),
        name: person.name,
        email: person.email,
        language: person.language,
    }
}

pub async fn sign_out(app: &App, who: &SignedIn) -> Result<()> {
    match who.session {
        Some(session) => revoke(app, who, session).await,
        None => Ok(()),
    }
}

/// The user's own sessions, newest first.
pub async fn sessions(app: &App, who: &SignedIn) -> Result<Vec<SessionRow>> {
    let sessions = store::session::of(&app.db, who.actor.user(), app.now()).await?;
    let row = |it: store::session::Session| SessionRow {
        this_one: who.session == Some(it.id),
        id: it.id,
        device: it.device,
        remembered: it.remembered,
        created: it.created,
        seen: it.seen,
    };
    Ok(sessions.into_iter().map(row).collect())
}

/// Ends one of the user's own sessions.
pub async fn revoke(app: &App, who: &SignedIn, session: Guid) -> Result<()> {
    let mut commit = Commit::new();
    store::session::remove(&mut commit, who.actor.user(), session);
    Ok(app.db.commit(commit).await?)
}

/// `en` or `sv`.
pub async fn choose_language(app: &App, who: &SignedIn, language: &str) -> Result<()> {
    if !matches!(language, "en" | "sv") {
        return Err(Error::Invalid(vec![Problem::NoChoice { column: "uilanguage".into() }]));
    }
    let mut commit = Commit::new();
    store::user::choose_language(&mut commit, who.actor.user(), language);
    Ok(app.db.commit(commit).await?)
}

/// Seconds between two notes of when a session was last seen: not every request writes.
const SEEN_EVERY: i64 = 300;

/// What the database keeps of a token: 32 random bytes need no slow hash.
pub(crate) fn hash_of(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// How many passwords are hashed at the same moment: each takes 19 MiB and a core.
static HASHING: Semaphore = Semaphore::const_new(2);

/// Off the async threads, and in its turn. The turn ends with the hashing, also when nobody waits for it any more.
async fn hashing<T: Send + 'static>(hash: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let turn = HASHING.acquire().await.context("Waiting to hash a password")?;
    let hashed = tokio::task::spawn_blocking(move || {
        let hashed = hash();
        drop(turn);
        hashed
    });
    Ok(hashed.await.map_err(|ended| broke_off(&ended)).context("Hashing a password")?)
}

/// A PHC string of argon2id with the parameters that OWASP asks for (19 MiB, two passes).
pub(crate) async fn hashed_password(password: String) -> Result<String> {
    let hash = hashing(move || Argon2::default().hash_password(password.as_bytes()).map(|it| it.to_string()));
    Ok(hash.await?.map_err(|it| anyhow!("Hashing a password: {it}"))?)
}

/// Takes as long for a user who is not there as for one who is.
async fn password_is_right(password: String, hash: Option<String>) -> Result<bool> {
    let Some(hash) = hash else {
        hashed_password(password).await?;
        return Ok(false);
    };
    let right = hashing(move || {
        let hash = PasswordHash::new(&hash).ok()?;
        Argon2::default().verify_password(password.as_bytes(), &hash).ok()
    });
    Ok(right.await?.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;
    use std::sync::atomic::Ordering::SeqCst;

    #[tokio::test]
    async fn a_password_is_known_again_and_no_other() {
        let hash = hashed_password("röd cykel".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(password_is_right("röd cykel".into(), Some(hash.clone())).await.unwrap());
        assert!(!password_is_right("rod cykel".into(), Some(hash)).await.unwrap());
        assert!(!password_is_right("röd cykel".into(), None).await.unwrap());
    }

    #[tokio::test]
    async fn only_two_passwords_are_hashed_at_once() {
        static NOW: AtomicUsize = AtomicUsize::new(0);
        static MOST: AtomicUsize = AtomicUsize::new(0);
        let hash = || {
            MOST.fetch_max(NOW.fetch_add(1, SeqCst) + 1, SeqCst);
            std::thread::sleep(std::time::Duration::from_millis(20));
            NOW.fetch_sub(1, SeqCst);
        };
        futures::future::try_join_all((0..8).map(|_| hashing(hash))).await.unwrap();
        assert!(MOST.load(SeqCst) <= 2);
    }
}
