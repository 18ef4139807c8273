//! The demo world: Adventure Works, its neighbours, and a mailbox one can try things on.

mod letters;
mod records;
mod replies;

use crate::sign_in::{hash_of, hex};
use crate::{App, Result, mailboxes};
use anyhow::Context;
use domain::id::{Guid, RecordRef};
use domain::privilege::Actor;
use rust_embed::RustEmbed;
use serde::Deserialize;
use std::collections::BTreeMap;
use store::Commit;

pub use replies::let_the_customer_reply;

/// The content of the world, as files.
#[derive(RustEmbed)]
#[folder = "demo/"]
struct Files;

fn text(file: &str) -> Result<String> {
    let found = Files::get(file).with_context(|| format!("The demo world has no {file}"))?;
    Ok(String::from_utf8(found.data.into_owned()).with_context(|| format!("{file} is not UTF-8"))?)
}

/// Everybody's password in the demo, for those who want to see the form.
pub const PASSWORD: &str = "adventure";

/// A person to sign in as, with one click.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// `seller`, `colleague`, `outsider` or `administrator`.
    pub part: String,
    pub name: String,
    pub email: String,
    /// The code for [`crate::sign_in::by_link`]; a new one at each start.
    pub code: String,
}

/// A hint on the way through the first five minutes.
#[derive(Debug, Clone, Deserialize)]
pub struct Hint {
    pub key: String,
    pub title_en: String,
    pub title_sv: String,
    pub text_en: String,
    pub text_sv: String,
}

/// The setting that says who there is: JSON of part, name, address and key of each visitor.
const WORLD: &str = "demo";
/// Settings of links begin so.
const LINK: &str = "link:";

type People = Vec<(String, String, String, Guid)>;

/// Whether this world is the demo's.
pub async fn is_demo(app: &App) -> Result<bool> {
    Ok(store::setting::get(&app.db, WORLD).await?.is_some())
}

/// Makes the world in an empty database; in one that has it already, only looks who there is.
pub async fn furnish(app: &App) -> Result<Vec<Visitor>> {
    let people: People = match store::setting::get(&app.db, WORLD).await? {
        Some(people) => serde_json::from_str(&people).context("Reading who is in the demo world")?,
        None => build(app).await?,
    };
    new_links(app, &people).await
}

async fn build(app: &App) -> Result<People> {
    let built = records::build(app).await?;
    let (.., seller) =
        built.people.iter().find(|(part, ..)| part == "seller").context("The demo has no seller")?;
    letters::deliver(app, *seller).await?;
    let actor = crate::users::actor(app, *seller).await?.context("The seller was not added")?;
    track_some(app, &actor, &built.records).await?;
    let mut commit = Commit::new();
    let people = serde_json::to_string(&built.people).context("Writing down who is in the demo world")?;
    store::setting::put(&mut commit, WORLD, &people);
    app.db.commit(commit).await?;
    Ok(built.people)
}

/// What the seller tracked in the weeks before, so that no timeline is quite empty.
const TRACKED: [(&str, &str); 4] = [
    ("framework@adventure-works.example", "fabrikam-industri"),
    ("framework-signed@fabrikam.example", "fabrikam-industri"),
    ("bike-room@adventure-works.example", "litware"),
    ("invoice-address@contoso.example", "contoso"),
];

async fn track_some(app: &App, actor: &Actor, records: &BTreeMap<String, RecordRef>) -> Result<()> {
    for (message_id, key) in TRACKED {
        let item = crate::track::item_by_message_id(app, actor, message_id).await?;
        crate::track::track(app, actor, &item, records.get(key)).await?;
    }
    Ok(())
}

async fn new_links(app: &App, people: &People) -> Result<Vec<Visitor>> {
    let mut commit = Commit::new();
    for (name, _) in store::setting::starting_with(&app.db, LINK).await? {
        store::setting::remove(&mut commit, &name);
    }
    let mut visitors = Vec::new();
    for (part, name, email, user) in people {
        let code = hex(&crate::world::random::<8>());
        store::setting::put(&mut commit, &format!("{LINK}{}", hex(&hash_of(&code))), &user.to_string());
        visitors.push(Visitor { part: part.clone(), name: name.clone(), email: email.clone(), code });
    }
    app.db.commit(commit).await?;
    Ok(visitors)
}

#[derive(Deserialize)]
struct Hints {
    hint: Vec<Hint>,
}

/// The hint that leads on from here: `None` outside of a demo, for people without a mailbox, or when all were dismissed.
pub async fn hint(app: &App, actor: &Actor) -> Result<Option<Hint>> {
    if !is_demo(app).await? || mailboxes::of(app, actor.user()).await?.is_empty() {
        return Ok(None);
    }
    let hints: Hints = toml::from_str(&text("hints.toml")?).context("Reading the hints")?;
    let dismissed = store::setting::starting_with(&app.db, &format!("hint:{}:", actor.user())).await?;
    let is_there = |it: &Hint| !dismissed.iter().any(|(name, _)| name.ends_with(&format!(":{}", it.key)));
    Ok(hints.hint.into_iter().find(is_there))
}

pub async fn dismiss_hint(app: &App, actor: &Actor, key: &str) -> Result<()> {
    if !is_demo(app).await? || key.len() > 40 {
        return Ok(());
    }
    let mut commit = Commit::new();
    store::setting::put(&mut commit, &format!("hint:{}:{key}", actor.user()), "dismissed");
    Ok(app.db.commit(commit).await?)
}
