//! The users' mailboxes: how to reach them, and the connections that are kept open between requests (M18).

mod rest;

use crate::{App, Error, Problem, Result, users};
use anyhow::Context;
use connect::{Account, Mailbox, Secret, Security, Trouble};
use domain::id::{Guid, RecordRef};
use domain::privilege::Action;
use domain::record::Record;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::ops::{Deref, DerefMut};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use store::Commit;
use tokio::sync::OwnedMutexGuard;

/// A connection that rested longer than this is asked whether it still lives.
const FRESH: Duration = Duration::from_secs(20);
/// How long the list of a user's mailboxes is believed.
const BELIEVED: Duration = Duration::from_secs(5);

/// One open connection for each mailbox, used by one at a time, and the list of each user's mailboxes.
#[derive(Default)]
pub(crate) struct Pool {
    slots: Mutex<HashMap<Guid, Arc<tokio::sync::Mutex<Slot>>>>,
    rows: Mutex<HashMap<Guid, (Instant, Vec<MailboxRow>)>>,
    pub(crate) rests: rest::Rests,
}

#[derive(Default)]
struct Slot(Option<(Mailbox, Instant)>);

/// A mailbox as the database knows it.
#[derive(Debug, Clone)]
pub struct MailboxRow {
    pub id: Guid,
    pub user: Guid,
    pub address: String,
    /// All addresses that are the user's own, folded: by them a message is known as the user's.
    pub own_addresses: Vec<String>,
    pub account: Account,
    /// Why nobody can connect to it as it is kept: what is kept of it cannot be read.
    pub unreadable: Option<Trouble>,
    /// The name of what is wrong, if anything.
    pub trouble: Option<String>,
}

impl MailboxRow {
    async fn connect(&self) -> std::result::Result<Mailbox, Trouble> {
        match &self.unreadable {
            Some(trouble) => Err(trouble.clone()),
            None => Mailbox::open(&self.account).await,
        }
    }
}

/// [`Account`] as it lies in the database, without the password.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kept {
    Maildir { path: PathBuf },
    Imap { host: String, port: u16, security: KeptSecurity, login: String, extra_root: Option<PathBuf> },
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum KeptSecurity {
    Tls,
    StartTls,
    Plaintext,
}

/// Adds a mailbox after it has been opened once.
pub async fn add(app: &App, user: Guid, account: Account) -> Result<Guid> {
    let person = users::person(app, user).await?.ok_or(Error::NotFound)?;
    if of(app, user).await?.iter().any(|it| is_same(&it.account, &account)) {
        return Err(Error::Invalid(vec![Problem::Taken { column: "The mailbox".to_owned() }]));
    }
    Mailbox::open(&account).await?;

    let id = app.new_id();
    let (kept, password) = kept(&account);
    let row = store::mailbox::Mailbox {
        id,
        user,
        address: person.email,
        own_addresses: vec![],
        kind: if password.is_some() { "imap" } else { "maildir" }.to_owned(),
        settings: serde_json::to_string(&kept).context("Writing down the settings of a mailbox")?,
        secret: password.map(|it| app.secrets.seal(it.reveal().as_bytes(), id)).transpose()?,
        trouble: None,
    };
    let mut commit = Commit::new();
    store::mailbox::put(&mut commit, &row, app.now());
    store::records::create(
        &mut commit,
        &app.catalog,
        &as_record(&row, person.standing.unit),
        &users::system(app).scope(Action::Create, "mailbox"),
        app.stamp(user),
    )?;
    app.db.commit(commit).await?;
    forget(app, user);
    Ok(id)
}

/// The mailbox as the organization sees it, under the same key.
fn as_record(row: &store::mailbox::Mailbox, unit: Guid) -> Record {
    let user = RecordRef::new("systemuser", row.user);
    Record::new("mailbox", row.id)
        .with("name", row.address.as_str())
        .with("emailaddress", row.address.as_str())
        .with("regardingobjectid", user.clone())
        .with("ownerid", user)
        .with("owningbusinessunit", RecordRef::new("businessunit", unit))
        .with("incomingemaildeliverymethod", 2)
        .with("outgoingemaildeliverymethod", 0)
        .with("actdeliverymethod", 2)
        .with("enabledforincomingemail", true)
}

/// Gives one of the user's own mailboxes another password, after it has opened the mailbox once. What waited for it is
/// done at once. A Maildir has no password: [`Error::NotFound`].
pub async fn set_password(app: &App, user: Guid, mailbox: Guid, password: Secret) -> Result<()> {
    let row = own(app, user, mailbox).await?;
    let Account::Imap { host, port, security, login, extra_root, .. } = row.account else {
        return Err(Error::NotFound);
    };
    let secret = app.secrets.seal(password.reveal().as_bytes(), mailbox)?;
    Mailbox::open(&Account::Imap { host, port, security, login, password, extra_root }).await?;

    let mut commit = Commit::new();
    store::mailbox::set_secret(&mut commit, mailbox, &secret);
    store::mailbox::set_trouble(&mut commit, mailbox, None);
    store::job::wake(&mut commit, mailbox, app.now());
    app.db.commit(commit).await?;
    app.mailboxes.rests.end(mailbox);
    forget(app, user);
    app.work.notify_one();
    Ok(())
}

/// Reached twice, its mail would be read twice.
fn is_same(one: &Account, other: &Account) -> bool {
    match (one, other) {
        (Account::Maildir { path }, Account::Maildir { path: other }) => path == other,
        (Account::Imap { host, login, .. }, Account::Imap { host: other, login: as_other, .. }) => {
            host.eq_ignore_ascii_case(other) && login == as_other
        }
        _ => false,
    }
}

fn kept(account: &Account) -> (Kept, Option<Secret>) {
    match account.clone() {
        Account::Maildir { path } => (Kept::Maildir { path }, None),
        Account::Imap { host, port, security, login, password, extra_root } => {
            let security = match security {
                Security::Tls => KeptSecurity::Tls,
                Security::StartTls => KeptSecurity::StartTls,
                Security::Plaintext => KeptSecurity::Plaintext,
            };
            (Kept::Imap { host, port, security, login, extra_root }, Some(password))
        }
    }
}

/// The user's own mailbox is ours no more: its password and how far it was read are forgotten. What was tracked from it
/// stays, and so do the keywords in it.
pub async fn remove(app: &App, user: Guid, mailbox: Guid) -> Result<()> {
    own(app, user, mailbox).await?;
    let mut commit = Commit::new();
    store::mailbox::remove(&mut commit, mailbox);
    let (record, scope) =
        (RecordRef::new("mailbox", mailbox), users::system(app).scope(Action::Delete, "mailbox"));
    if let Some(seen) = store::records::get(&app.db, &app.catalog, &record, &scope).await? {
        store::records::delete(&mut commit, &app.catalog, &seen, &scope, app.stamp(user))?;
    }
    app.db.commit(commit).await?;
    app.mailboxes.rests.end(mailbox);
    lock(&app.mailboxes.slots).remove(&mailbox);
    forget(app, user);
    Ok(())
}

/// What cannot be read of one mailbox is that mailbox's trouble and no other's.
fn row(app: &App, row: store::mailbox::Mailbox) -> MailboxRow {
    let (account, unreadable) = match serde_json::from_str(&row.settings) {
        Ok(Kept::Maildir { path }) => (Account::Maildir { path }, None),
        Ok(Kept::Imap { host, port, security, login, extra_root }) => {
            let password = password(app, &row);
            let lost =
                "its password cannot be read with the key in the data directory and has to be given anew";
            let unreadable = password.is_none().then(|| Trouble::BadSetting(lost.to_owned()));
            let security = match security {
                KeptSecurity::Tls => Security::Tls,
                KeptSecurity::StartTls => Security::StartTls,
                KeptSecurity::Plaintext => Security::Plaintext,
            };
            let password = password.unwrap_or_else(|| Secret::new(""));
            (Account::Imap { host, port, security, login, password, extra_root }, unreadable)
        }
        Err(_) => {
            let lost = "where it is cannot be read in the database; remove it and add it anew";
            (Account::Maildir { path: PathBuf::new() }, Some(Trouble::BadSetting(lost.to_owned())))
        }
    };
    MailboxRow {
        id: row.id,
        user: row.user,
        address: row.address,
        own_addresses: row.own_addresses,
        account,
        unreadable,
        trouble: row.trouble,
    }
}

/// `None`: it was sealed with another key, or for another mailbox.
fn password(app: &App, row: &store::mailbox::Mailbox) -> Option<Secret> {
    let password = app.secrets.open(row.secret.as_deref()?, row.id).ok()?;
    Some(Secret::new(String::from_utf8_lossy(&password)))
}

/// The user's own, oldest first. Asks the database at most every five seconds, in one round trip.
pub async fn of(app: &App, user: Guid) -> Result<Vec<MailboxRow>> {
    if let Some((asked, rows)) = lock(&app.mailboxes.rows).get(&user)
        && asked.elapsed() < BELIEVED
    {
        return Ok(rows.clone());
    }
    let rows = rows(app, store::mailbox::of(&app.db, user).await?);
    lock(&app.mailboxes.rows).insert(user, (Instant::now(), rows.clone()));
    Ok(rows)
}

/// The user's mailboxes have changed: they are asked for anew.
pub(crate) fn forget(app: &App, user: Guid) {
    lock(&app.mailboxes.rows).remove(&user);
}

/// Those of everybody who may sign in.
pub async fn all(app: &App) -> Result<Vec<MailboxRow>> {
    Ok(rows(app, store::mailbox::all(&app.db).await?))
}

fn rows(app: &App, kept: Vec<store::mailbox::Mailbox>) -> Vec<MailboxRow> {
    kept.into_iter().map(|it| row(app, it)).collect()
}

/// One of the user's own.
pub(crate) async fn own(app: &App, user: Guid, mailbox: Guid) -> Result<MailboxRow> {
    of(app, user).await?.into_iter().find(|it| it.id == mailbox).ok_or(Error::NotFound)
}

/// What one look at the mailbox shows.
#[derive(Debug, Clone)]
pub struct Tested {
    pub folders: usize,
    pub messages: u64,
    /// The server keeps the keyword `Tracked`.
    pub keeps_keywords: bool,
}

pub async fn test(_app: &App, mailbox: &MailboxRow) -> Result<Tested> {
    let mut open = mailbox.connect().await?;
    let folders = open.folders().await?;
    let mut tested = Tested { folders: folders.len(), messages: 0, keeps_keywords: true };
    for folder in folders.iter().filter(|it| it.selectable) {
        let status = open.status(&folder.name).await?;
        tested.messages += u64::from(status.exists);
        tested.keeps_keywords &= status.keywords_kept;
    }
    Ok(tested)
}

/// A mailbox that is open and ours. Hand it back by [`Open::keep`]; dropped, its connection is closed.
pub(crate) struct Open {
    slot: OwnedMutexGuard<Slot>,
    mailbox: Mailbox,
}

impl Deref for Open {
    type Target = Mailbox;

    fn deref(&self) -> &Mailbox {
        &self.mailbox
    }
}

impl DerefMut for Open {
    fn deref_mut(&mut self) -> &mut Mailbox {
        &mut self.mailbox
    }
}

impl Open {
    /// Keeps the connection for the next request when it is sound. After an answer that was not understood it is begun
    /// anew: the two sides may think differently of what was agreed.
    pub(crate) fn keep<T>(mut self, happened: std::result::Result<T, Trouble>) -> Result<T> {
        if self.mailbox.is_sound() && !matches!(happened, Err(Trouble::Protocol(_))) {
            self.slot.0 = Some((self.mailbox, Instant::now()));
        }
        Ok(happened?)
    }
}

/// Waits until the mailbox is free, and connects when no living connection is left from before.
pub(crate) async fn open(app: &App, mailbox: &MailboxRow) -> Result<Open> {
    connected(app, mailbox, free(app, mailbox).await).await
}

/// As [`open`], for work that nobody waits for: a mailbox that refused us is not asked again until its settings change.
pub(crate) async fn open_unless_refused(app: &App, mailbox: &MailboxRow) -> Result<Open> {
    let slot = free(app, mailbox).await;
    match app.mailboxes.rests.refusal(mailbox) {
        Some(trouble) => Err(trouble.into()),
        None => connected(app, mailbox, slot).await,
    }
}

async fn free(app: &App, mailbox: &MailboxRow) -> OwnedMutexGuard<Slot> {
    let slot = lock(&app.mailboxes.slots).entry(mailbox.id).or_default().clone();
    slot.lock_owned().await
}

async fn connected(app: &App, mailbox: &MailboxRow, mut slot: OwnedMutexGuard<Slot>) -> Result<Open> {
    if let Some((mut mailbox, used)) = slot.0.take()
        && if used.elapsed() < FRESH { mailbox.is_open().await } else { mailbox.check().await.is_ok() }
    {
        return Ok(Open { slot, mailbox });
    }
    let opened = mailbox.connect().await;
    app.mailboxes.rests.opened(mailbox, opened.as_ref().err(), app.now());
    Ok(Open { slot, mailbox: opened? })
}

/// A panic elsewhere leaves these maps as good as they were.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
