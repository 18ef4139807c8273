//! Somebody clicked Track or Set Regarding (walk a).

use crate::copy::{self, Tracked};
use crate::mail::{Item, Shown, aside};
use crate::mailboxes::MailboxRow;
use crate::{App, Error, Result, know, mailboxes, proof, work};
use connect::{Head, Status, Trouble, Which};
use domain::correlate::{Content, Direction, Known, Stored, question};
use domain::envelope::Envelope;
use domain::id::{Guid, MessageKey, RecordRef};
use domain::privilege::{Action, Actor};
use domain::record::{Value, Values};
use domain::time::Timestamp;
use domain::tracking::{self, Reason, Refusal, Verdict, Wish};
use std::sync::Arc;
use std::time::Duration;
use store::job::{self, Job};
use store::tracking::Place;
use store::{Commit, Stamp};

/// How often know, decide, do is run anew when somebody else was faster.
const ROUNDS: u32 = 8;

/// Knows, decides and does until nobody was faster, each time after a longer pause.
pub(crate) async fn until_settled<T, F: Future<Output = Result<T>>>(attempt: impl Fn() -> F) -> Result<T> {
    for round in 0..ROUNDS {
        match attempt().await {
            Err(Error::Changed) => tokio::time::sleep(Duration::from_millis(5 << round)).await,
            settled => return settled,
        }
    }
    Err(Error::Changed)
}

/// Tracks the message, links it when there is a target, and fetches the copy as soon as the mailbox lets it.
/// Harmless to repeat. Returns the key of the e-mail.
pub async fn track(app: &App, actor: &Actor, item: &Item, target: Option<&RecordRef>) -> Result<Guid> {
    let seen = Arc::new(look(app, actor, item).await?);
    let email = until_settled(|| attempt(app, actor, item, &seen, target)).await?;
    work::soon(app, email).await;
    Ok(email)
}

/// A message as it lies in the mailbox: all that may be read of it before it is tracked.
pub(crate) struct Seen {
    pub mail: Envelope,
    pub key: MessageKey,
    pub direction: Direction,
    pub place: Place,
    pub received: Option<Timestamp>,
}

/// What may be known of the message before it is tracked. Only a message without Message-ID is fetched whole, because
/// nothing else tells it apart.
async fn look(app: &App, actor: &Actor, item: &Item) -> Result<Seen> {
    let row = mailboxes::own(app, actor.user(), item.mailbox).await?;
    let Shown { envelope: mail, uid_validity, received } = shown(app, &row, item).await?;
    // Nobody could fetch it afterwards: said before anything is promised.
    if mail.size > connect::MESSAGE_LIMIT {
        return Err(Error::Mailbox(Trouble::TooLarge { bytes: mail.size }));
    }
    let key = if let Some(key) = mail.key() {
        key
    } else {
        let raw = whole(app, &row, item).await?;
        aside(move || MessageKey::of_raw(&raw)).await?
    };
    let direction = Direction::of(&mail, &row.own_addresses);
    let place = Place { mailbox: item.mailbox, folder: item.folder.clone(), uid: item.uid, uid_validity };
    Ok(Seen { mail, key, direction, place, received })
}

/// The headers as they lie in the mailbox; while it does not answer, as the page got them when it did.
pub(crate) async fn shown(app: &App, row: &MailboxRow, item: &Item) -> Result<Shown> {
    match read(app, row, item).await {
        Err(Error::Mailbox(trouble)) if is_away(&trouble) => {
            item.shown.as_deref().cloned().ok_or(Error::Mailbox(trouble))
        }
        read => read,
    }
}

async fn read(app: &App, row: &MailboxRow, item: &Item) -> Result<Shown> {
    let mut open = mailboxes::open(app, row).await?;
    let head = head(&mut open, item).await;
    let (status, head) = open.keep(head)?;
    let received = head.internal_date.map(Timestamp::from_seconds);
    let envelope = aside(move || formats::mime::envelope(&head.headers, head.size)).await?;
    Ok(Shown { envelope, uid_validity: status.uid_validity, received })
}

pub(crate) async fn whole(app: &App, row: &MailboxRow, item: &Item) -> Result<Vec<u8>> {
    let mut open = mailboxes::open(app, row).await?;
    let raw = open.message(&item.folder, item.uid).await;
    open.keep(raw)
}

/// Nothing was learned about the message itself.
fn is_away(trouble: &Trouble) -> bool {
    match trouble {
        Trouble::Unreachable { .. }
        | Trouble::Certificate { .. }
        | Trouble::NoTls { .. }
        | Trouble::LoginRefused
        | Trouble::Timeout
        | Trouble::Disk(_)
        | Trouble::Protocol(_) => true,
        Trouble::NoFolder { .. }
        | Trouble::NotAllowed { .. }
        | Trouble::NoKeywords { .. }
        | Trouble::Gone
        | Trouble::TooLarge { .. }
        | Trouble::BadSetting(_) => false,
    }
}

/// The header block of one message, with the folder's numbers at that moment.
async fn head(mailbox: &mut connect::Mailbox, item: &Item) -> std::result::Result<(Status, Head), Trouble> {
    let status = mailbox.status(&item.folder).await?;
    let heads = mailbox.heads(&item.folder, Which::Uids(vec![item.uid])).await?;
    heads.into_iter().next().map(|head| (status, head)).ok_or(Trouble::Gone)
}

async fn attempt(
    app: &App,
    actor: &Actor,
    item: &Item,
    seen: &Arc<Seen>,
    target: Option<&RecordRef>,
) -> Result<Guid> {
    // Know
    let mut question = question(&seen.mail, seen.direction);
    question.key = Some(seen.key);
    let known = know::about(app, &question).await?;
    let target = match target {
        Some(record) => Some(know::target(app, actor, record).await?),
        None => None,
    };
    let may_create = actor.may(Action::Create, "email");
    let proof = proof::of(app, actor, item, known.this.as_ref()).await?;

    // Decide
    let wish = Wish::Asked { target, may_create, proof };
    let verdict = tracking::decide(&seen.mail, &question, &known, &wish);

    // Do
    let stamp = app.stamp(actor.user());
    let mut commit = Commit::new();
    if let Verdict::Join { regarding: Some(record), .. } | Verdict::Track { regarding: Some(record), .. } =
        &verdict
    {
        let append_to = actor.scope(Action::AppendTo, &record.entity);
        store::share::expect(&mut commit, &app.catalog, record, &append_to)?;
        store::tracking::note_use(&mut commit, record, stamp);
    }
    let email = match verdict {
        Verdict::Refuse(refusal) => return Err(Error::Refused(refusal)),
        // A click is never left alone.
        Verdict::Leave(_) => return Err(Error::Refused(Refusal::MayNotTrack)),
        Verdict::Join { regarding, revive, .. } => {
            let stored = known.this.as_ref().ok_or(Error::Changed)?;
            let join = Join { stored, place: Some(&seen.place), regarding, revive };
            join.write(app, &mut commit, stamp).await?;
            stored.email
        }
        Verdict::Track { regarding, because } => {
            let first =
                First { app: app.clone(), actor: actor.clone(), seen: Arc::clone(seen), known, stamp };
            // A message may have thousands of recipients.
            let (email, written) = aside(move || first.write(commit, regarding, &because)).await??;
            commit = written;
            email
        }
    };
    app.db.commit(commit).await?;
    Ok(email)
}

/// The first user to track a message.
struct First {
    app: App,
    actor: Actor,
    seen: Arc<Seen>,
    known: Known,
    stamp: Stamp,
}

impl First {
    fn write(
        &self,
        mut commit: Commit,
        regarding: Option<RecordRef>,
        because: &Reason,
    ) -> Result<(Guid, Commit)> {
        let First { app, actor, seen, known, stamp } = self;
        let email = app.new_id();
        let tracked = Tracked {
            email,
            mail: &seen.mail,
            key: seen.key,
            direction: seen.direction,
            known,
            regarding,
            because: because.clone(),
            received: seen.received,
            content: None,
        };
        copy::create(app, &mut commit, actor, &tracked, *stamp)?;
        begin(app, &mut commit, email, because, &seen.place, *stamp)?;
        job::put(&mut commit, app.new_id(), &Job::FetchMessage { email }, stamp.at)?;
        Ok((email, commit))
    }
}

/// The first link of a new e-mail, and the keyword on the user's own message.
pub(crate) fn begin(
    app: &App,
    commit: &mut Commit,
    email: Guid,
    because: &Reason,
    place: &Place,
    stamp: Stamp,
) -> Result<()> {
    store::tracking::begin(commit, email, because, place, stamp)?;
    mark(app, commit, email, place, stamp)
}

/// The keyword on the user's own message.
fn mark(app: &App, commit: &mut Commit, email: Guid, place: &Place, stamp: Stamp) -> Result<()> {
    let mark = Job::MarkMessage { email, user: stamp.by, place: place.clone() };
    job::put(commit, app.new_id(), &mark, stamp.at)?;
    Ok(())
}

/// One more user tracks what is stored.
pub(crate) struct Join<'a> {
    pub stored: &'a Stored,
    /// Where this user has it; `None` when it was handed over without a place.
    pub place: Option<&'a Place>,
    pub regarding: Option<RecordRef>,
    pub revive: bool,
}

impl Join<'_> {
    pub async fn write(&self, app: &App, commit: &mut Commit, stamp: Stamp) -> Result<()> {
        let Join { stored, place, regarding, revive } = self;
        let email = stored.email;
        store::email::expect(commit, email, stored.version);
        if *revive && stored.owner != stamp.by {
            store::tracking::remove_all(commit, email);
        }
        store::tracking::put(commit, email, &Reason::Asked, *place, stamp)?;
        if let Some(place) = place {
            mark(app, commit, email, place, stamp)?;
        }
        let others = stored.owner != stamp.by;
        if *revive {
            store::email::show(commit, email, stamp);
            job::cancel(commit, &Job::EraseEmail { email });
        }
        match (others, revive) {
            // Its owner let it go: it would belong to somebody who does not track it.
            (true, true) => store::email::pass_on(commit, email, stamp.by, stamp),
            (true, false) => store::tracking::let_in(commit, email, stamp.by),
            (false, _) => {}
        }
        let waiting = job::next_try(&app.db, &[email]).await?;
        if stored.content != Content::Stored && waiting.is_empty() {
            job::put(commit, app.new_id(), &Job::FetchMessage { email }, stamp.at)?;
        }
        if let Some(record) = regarding {
            store::email::set_regarding(commit, email, Some(record), stamp);
        }
        Ok(())
    }
}

/// Finds a message of the user's mailboxes by its Message-ID.
pub async fn item_by_message_id(app: &App, actor: &Actor, message_id: &str) -> Result<Item> {
    for row in mailboxes::of(app, actor.user()).await? {
        let mut open = mailboxes::open(app, &row).await?;
        let found = open.find(message_id, &[]).await;
        if let Some((folder, uid)) = open.keep(found)? {
            return Ok(Item::new(row.id, folder, uid));
        }
    }
    Err(Error::NotFound)
}

/// Changes what a stored e-mail is regarding, or removes the link (EM-20, EM-21).
pub async fn set_regarding(app: &App, actor: &Actor, email: Guid, target: Option<&RecordRef>) -> Result<()> {
    // Know
    let scope = actor.scope(Action::Append, "email");
    let record = RecordRef::new("email", email);
    let before = store::records::get(&app.db, &app.catalog, &record, &scope).await?.ok_or(Error::NotFound)?;
    let target = match target {
        Some(record) => Some(know::target(app, actor, record).await?),
        None => None,
    };

    // Decide
    if let Some(refusal) = target.as_ref().and_then(tracking::refusal) {
        return Err(Error::Refused(refusal));
    }

    // Do
    let stamp = app.stamp(actor.user());
    let regarding = target.map_or(Value::Null, |it| Value::Ref(it.record));
    let mut commit = Commit::new();
    if let Some(record) = regarding.record() {
        let append_to = actor.scope(Action::AppendTo, &record.entity);
        store::share::expect(&mut commit, &app.catalog, record, &append_to)?;
        store::tracking::note_use(&mut commit, record, stamp);
    }
    let changed = Values::from([("regardingobjectid".to_owned(), regarding)]);
    store::records::update(&mut commit, &app.catalog, &before, &changed, &scope, stamp)?;
    Ok(app.db.commit(commit).await?)
}
