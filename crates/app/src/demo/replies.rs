//! *Let the customer reply*: an answer arrives in the mailbox, as from outside, and the next pass finds it.

use super::letters::crlf;
use super::{is_demo, text};
use crate::{App, Error, Result, mailboxes};
use anyhow::Context;
use chrono_tz::Europe::Stockholm;
use connect::Flags;
use domain::envelope::Part;
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor};
use domain::record::Record;
use serde::Deserialize;
use store::Commit;

#[derive(Deserialize)]
struct Answers {
    reply: Vec<Reply>,
    generic: Vec<Generic>,
}

#[derive(Deserialize)]
struct Reply {
    /// The Message-ID it answers.
    to: String,
    from_name: String,
    from_address: String,
    subject: String,
    body: String,
}

#[derive(Deserialize)]
struct Generic {
    language: String,
    subject: String,
    body: String,
}

/// How many of the last tracked messages are looked at for one that has an answer.
const LOOKED_AT: u32 = 20;

/// The customer answers what was tracked last. Returns the customer's name; `None` when nothing is tracked yet.
pub async fn let_the_customer_reply(app: &App, actor: &Actor) -> Result<Option<String>> {
    if !is_demo(app).await? {
        return Err(Error::NotFound);
    }
    let Some(row) = mailboxes::of(app, actor.user()).await?.into_iter().next() else { return Ok(None) };
    let tracked = tracked(app, actor).await?;
    let Some(reply) = choose(app, actor, &tracked).await? else { return Ok(None) };

    let raw = message(app, &reply);
    let mut open = mailboxes::open(app, &row).await?;
    let appended = open.append("INBOX", &crlf(raw.as_bytes()), &Flags::default()).await;
    open.keep(appended)?;
    let mut commit = Commit::new();
    store::setting::put(&mut commit, &format!("replied:{}:{}", actor.user(), reply.to), "1");
    app.db.commit(commit).await?;
    crate::sync::once(app, Some(actor.user()), |_| {}).await?;
    Ok(Some(reply.from_name))
}

async fn tracked(app: &App, actor: &Actor) -> Result<Vec<Record>> {
    let scope = actor.scope(Action::Read, "email");
    let mut found = Vec::new();
    for (email, _) in store::tracking::recent(&app.db, actor.user(), LOOKED_AT).await? {
        let record = RecordRef::new("email", email);
        found.extend(store::records::get(&app.db, &app.catalog, &record, &scope).await?);
    }
    Ok(found)
}

/// A written answer to one of the tracked messages, or else a general one to the last of them.
async fn choose(app: &App, actor: &Actor, tracked: &[Record]) -> Result<Option<Reply>> {
    let answers: Answers = toml::from_str(&text("replies.toml")?).context("Reading the demo's replies")?;
    let done = store::setting::starting_with(&app.db, &format!("replied:{}:", actor.user())).await?;
    let fresh = |reply: &Reply| !done.iter().any(|(name, _)| name.ends_with(&format!(":{}", reply.to)));
    let is_about = |reply: &Reply, email: &Record| reply.to == email.text("messageid");
    for email in tracked {
        if let Some(at) = answers.reply.iter().position(|it| is_about(it, email) && fresh(it)) {
            return Ok(answers.reply.into_iter().nth(at));
        }
    }
    for email in tracked {
        if let Some(reply) = general(app, email, &answers.generic).await? {
            return Ok(Some(reply));
        }
    }
    Ok(None)
}

async fn general(app: &App, email: &Record, generic: &[Generic]) -> Result<Option<Reply>> {
    let outgoing = email.get("directioncode").bool().unwrap_or_default();
    let wanted = if outgoing { Part::To } else { Part::Sender };
    let parties = store::email::parties(&app.db, email.id).await?;
    let Some(party) = parties.into_iter().find(|it| it.part == wanted) else { return Ok(None) };
    let subject = email.text("subject");
    let swedish = subject.contains(['å', 'ä', 'ö', 'Å', 'Ä', 'Ö']) || subject.starts_with("Sv:");
    let language = if swedish { "sv" } else { "en" };
    let Some(generic) = generic.iter().find(|it| it.language == language) else { return Ok(None) };
    let core = subject.trim_start_matches("Sv: ").trim_start_matches("Re: ");
    let fill = |text: &str| text.replace("{{name}}", &party.name).replace("{{subject}}", core);
    Ok(Some(Reply {
        to: email.text("messageid").to_owned(),
        subject: fill(&generic.subject),
        body: fill(&generic.body),
        from_name: party.name,
        from_address: party.address,
    }))
}

fn message(app: &App, reply: &Reply) -> String {
    let id: Guid = app.new_id();
    let now = app.now().utc().unwrap_or_default().with_timezone(&Stockholm).to_rfc2822();
    let name = reply.from_name.replace(['"', '\r', '\n'], "");
    let subject = reply.subject.replace(['\r', '\n'], " ");
    format!(
        "Message-ID: <{id}@customers.example>\nDate: {now}\nFrom: \"{name}\" <{}>\nTo: asa@adventure-works.example\n\
         Subject: {subject}\nIn-Reply-To: <{to}>\nReferences: <{to}>\nMIME-Version: 1.0\n\
         Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{}\n",
        reply.from_address,
        reply.body.trim(),
        to = reply.to,
    )
}
