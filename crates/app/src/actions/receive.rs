//! A message arrives by way of a script instead of a mailbox: it is tracked as synchronization would have done it, by the
//! wishes of those it is for (3.2).

use super::message::Handed;
use super::promote::New;
use crate::track::until_settled;
use crate::{App, Error, Result, users};
use domain::correlate::Known;
use domain::filter;
use domain::filter::Query;
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor};
use domain::record::Record;
use domain::text::folded;
use domain::tracking::{self, Filter, Left, Verdict, Wish};
use formats::mime::Parts;
use std::fmt;
use store::Commit;

/// What becomes of a message. The numbers are ours: Dataverse names the reasons (4.8) and does not number them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    Wanted = 0,
    Duplicate = 1,
    NoRecipientMatch = 2,
    NoCorrelationMatch = 3,
    InvalidSender = 4,
    Private = 5,
}

impl Why {
    pub fn code(self) -> i64 {
        self as i64
    }
}

impl fmt::Display for Why {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Why::Wanted => "The message is wanted.",
            Why::Duplicate => "The message is stored already.",
            Why::NoRecipientMatch => "The message is for no user and no queue.",
            Why::NoCorrelationMatch => "None of those it is for wants it.",
            Why::InvalidSender => "The message says no sender.",
            Why::Private => "The message is private.",
        })
    }
}

/// Whom a message is for, with the standing wish.
struct Recipient {
    owner: Actor,
    filter: Filter,
}

/// Whether the message would be stored, and why not. An administrator asks for everybody, others for themselves.
pub async fn check(app: &App, actor: &Actor, parts: &Parts) -> Result<Why> {
    let handed = Handed::of(parts).await?;
    let known = handed.known(app, &[]).await?;
    let recipients = recipients(app, actor, &handed, &known.1).await?;
    Ok(match verdict(&handed, &known.0, &known.1, &recipients) {
        Ok(_) => Why::Wanted,
        Err(why) => why,
    })
}

/// Stores the message for the first of its recipients who wants it, and returns the key of the e-mail: of the one that is
/// stored already, if so (AU-20). A queue's message belongs to the queue's owner.
pub async fn receive(app: &App, actor: &Actor, parts: &Parts) -> Result<Guid> {
    let handed = Handed::of(parts).await?;
    until_settled(|| attempt(app, actor, &handed)).await
}

async fn attempt(app: &App, actor: &Actor, handed: &Handed) -> Result<Guid> {
    // Know
    let (question, known) = handed.known(app, &[]).await?;
    let recipients = recipients(app, actor, handed, &known).await?;

    // Decide
    let (recipient, verdict) = match (verdict(handed, &question, &known, &recipients), &known.this) {
        (Ok(accepted), _) => accepted,
        (Err(Why::Duplicate), Some(stored)) if !stored.hidden => return Ok(stored.email),
        (Err(why), _) => return Err(super::Refusal::NotWanted(why).into()),
    };
    let Verdict::Track { regarding, because } = verdict else { return Err(Error::Changed) };

    // Do
    let mut commit = Commit::new();
    let new = New { handed, direction: question.direction, known: &known, regarding, because };
    let email = new.write(app, &recipient.owner, &mut commit)?;
    app.db.commit(commit).await?;
    Ok(email)
}

fn verdict<'a>(
    handed: &Handed,
    question: &domain::correlate::Question,
    known: &Known,
    recipients: &'a [Recipient],
) -> std::result::Result<(&'a Recipient, Verdict), Why> {
    // Who has nothing to do with it is not told whether it is there.
    if recipients.is_empty() {
        return Err(Why::NoRecipientMatch);
    }
    if known.this.is_some() {
        return Err(Why::Duplicate);
    }
    if handed.mail().from.is_none() {
        return Err(Why::InvalidSender);
    }
    let mut why = Why::NoRecipientMatch;
    for recipient in recipients {
        match tracking::decide(handed.mail(), question, known, &Wish::Standing(recipient.filter)) {
            verdict @ Verdict::Track { .. } => return Ok((recipient, verdict)),
            Verdict::Leave(Left::Private) => why = Why::Private,
            _ => why = Why::NoCorrelationMatch,
        }
    }
    Err(why)
}

/// Users and queues in To and Cc, in the order of the message.
async fn recipients(app: &App, actor: &Actor, handed: &Handed, known: &Known) -> Result<Vec<Recipient>> {
    let mail = handed.mail();
    let addresses: Vec<String> = mail.to.iter().chain(&mail.cc).map(|it| it.address.folded()).collect();
    let queues = queues(app, &addresses).await?;
    let mut found: Vec<Recipient> = Vec::new();
    for address in &addresses {
        let users =
            known.people.iter().filter(|it| it.record.entity == "systemuser" && it.address == *address);
        for user in users.map(|it| it.record.id) {
            let filter = wish(app, user).await?;
            found.extend(recipient(app, actor, user, filter).await?);
        }
        for queue in queues.iter().filter(|it| folded(it.text("emailaddress")) == *address) {
            let owner =
                queue.owner().filter(|it| it.entity == "systemuser").or(queue.get("primaryuserid").record());
            let filter = filter_of(queue);
            if let Some(owner) = owner {
                found.extend(recipient(app, actor, owner.id, filter).await?);
            }
        }
    }
    Ok(found)
}

/// Nobody but an administrator puts mail among somebody else's.
async fn recipient(app: &App, actor: &Actor, user: Guid, filter: Filter) -> Result<Option<Recipient>> {
    if user != actor.user() && !actor.administers() {
        return Ok(None);
    }
    let owner = users::actor(app, user).await?.filter(|it| it.may(Action::Create, "email"));
    Ok(owner.map(|owner| Recipient { owner, filter }))
}

async fn wish(app: &App, user: Guid) -> Result<Filter> {
    let scope = users::system(app).scope(Action::Read, "usersettings");
    let settings = RecordRef::new("usersettings", user);
    let found = store::records::get(&app.db, &app.catalog, &settings, &scope).await?;
    Ok(found.as_ref().map(filter_of).unwrap_or_default())
}

fn filter_of(record: &Record) -> Filter {
    let code = record.get("incomingemailfilteringmethod").int();
    code.and_then(Filter::from_code).unwrap_or_default()
}

async fn queues(app: &App, addresses: &[String]) -> Result<Vec<Record>> {
    let any = addresses.iter().filter(|it| !it.is_empty());
    let any: Vec<filter::Filter> = any.map(|it| filter::Filter::eq("emailaddress", it.as_str())).collect();
    if any.is_empty() {
        return Ok(vec![]);
    }
    let active = filter::Filter::eq("statecode", 0);
    let query = Query::of("queue").filter(filter::Filter::All(vec![filter::Filter::Any(any), active]));
    let scope = users::system(app).scope(Action::Read, "queue");
    Ok(store::records::find(&app.db, &app.catalog, &query, &scope).await?.records)
}
