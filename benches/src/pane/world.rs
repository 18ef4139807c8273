//! Worlds of any size on either engine, made once and kept, with the mailbox that the pane stands beside.

use super::cast::{Cast, MESSAGES};
use crate::kept::{self, Kept};
use crate::place::Engine;
use anyhow::{Context, Result};
use app::users::NewUser;
use app::{App, Settings};
use connect::Account;
use domain::id::Guid;
use std::path::PathBuf;
use std::time::Instant;

/// Grows with every change of what a world is made of.
const MAKE: u32 = 2;
const EVA: &str = "eva@adventure.example";
const PASSWORD: &str = "long enough";

pub struct World {
    pub app: App,
    /// The value of the session's cookie.
    pub token: String,
    pub mailbox: Guid,
    /// Of the messages in the inbox.
    pub uids: Vec<u32>,
}

/// Where the SQLite world of this size is, with everything `regarding serve` needs.
pub fn folder(engine: Engine, size: usize) -> PathBuf {
    kept::folder(engine, &name(size))
}

fn name(size: usize) -> String {
    format!("pane-{size}-{MAKE}")
}

/// Opens the world; makes it when it is not there.
pub async fn open(engine: Engine, size: usize) -> Result<World> {
    let kept = Kept::of(engine, &name(size))?;
    if !kept.is_made().await? {
        let started = Instant::now();
        println!("Making a world of {size} contacts and {size} activities on {}", engine.name());
        kept.clear().await?;
        let cast = furnish(&kept.settings, size).await?;
        kept.fill(cast.sheets()).await?;
        println!("It took {:.0} s", started.elapsed().as_secs_f64());
    }
    enter(&kept.settings).await
}

async fn enter(settings: &Settings) -> Result<World> {
    let app = App::open(settings).await?;
    let eva = app::users::by_email(&app, EVA).await?.context("Nobody lives in this world")?;
    let row = app::mailboxes::of(&app, eva).await?.into_iter().next().context("Eva has no mailbox")?;
    let session = app::sign_in::sign_in(&app, EVA, PASSWORD, app::sign_in::Remember::No, "bench").await?;
    let token = session.context("Eva cannot sign in")?.token;
    let mut mailbox = connect::Mailbox::open(&row.account).await?;
    let limit = u32::try_from(MESSAGES)?;
    let heads = mailbox.heads("INBOX", connect::Which::After { uid: 0, limit }).await?;
    Ok(World { app, token, mailbox: row.id, uids: heads.iter().map(|it| it.uid).collect() })
}

/// Tables, eva, and her mailbox.
async fn furnish(settings: &Settings, size: usize) -> Result<Cast> {
    let app = App::open(settings).await?;
    let eva = NewUser {
        email: EVA.into(),
        name: "Eva Ek".into(),
        role: "salesperson".into(),
        password: PASSWORD.into(),
        unit: None,
    };
    let eva = app::users::add(&app, &eva).await?;
    let actor = app::users::actor(&app, eva).await?.context("Nobody was added")?;
    let cast = Cast { size, eva, unit: actor.unit() };
    let path = settings.data.join("mail");
    connect::create_maildir(&path)?;
    for message in 0..MESSAGES {
        let file = path.join(format!("cur/17600{message:05}.M1.bench:2,S"));
        std::fs::write(file, mail(&cast, message))?;
    }
    app::mailboxes::add(&app, eva, Account::Maildir { path: path.canonicalize()? }).await?;
    Ok(cast)
}

fn mail(cast: &Cast, message: usize) -> String {
    let [sender, other, third] = cast.people(message);
    format!(
        "Message-ID: <{id}>\r\nDate: Mon, 23 Nov 2026 10:41:00 +0100\r\nFrom: Somebody <{sender}>\r\n\
         To: Eva Ek <{EVA}>\r\nCc: {other}, {third}\r\nSubject: Leverans {message}\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\nHej!\r\n",
        id = cast.message_id(message)
    )
}
