//! Eva's mailbox on a real mail server.

mod corpus;
mod elsewhere;
mod line;
mod outage;

use crate::world::World;
use app::mail::{Item, Mark};
use app::sync::Counts;
use connect::testing::{OtherProgram, Server, fresh_user, server};
use connect::{Account, Secret, Security};
use domain::id::Guid;
use std::fmt::Write as _;

fn account(login: &str, security: Security, port: u16) -> Account {
    let Server { host, certificate, .. } = server();
    Account::Imap {
        host,
        port,
        security,
        login: login.to_owned(),
        password: Secret::new("secret"),
        extra_root: Some(certificate),
    }
}

fn letter(id: &str, size: usize) -> Vec<u8> {
    let mut text = format!(
        "From: goran@contoso.example\r\nTo: eva@adventure.example\r\nSubject: Hej\r\nMessage-ID: <{id}>\r\n\r\n"
    );
    while text.len() < size {
        let _ = write!(text, "The canary sings in {id}.\r\n");
    }
    text.into_bytes()
}

/// Eva's mailbox on the server, with these messages in its inbox.
struct Post {
    mailbox: Guid,
    login: String,
    items: Vec<Item>,
}

async fn post(it: &World, security: Security, port: u16, mails: &[Vec<u8>]) -> Post {
    let login = fresh_user();
    OtherProgram::open(&login).append("INBOX", mails);
    connected_to(it, login, security, port, mails.len()).await
}

async fn connected_to(it: &World, login: String, security: Security, port: u16, mails: usize) -> Post {
    let mailbox = app::mailboxes::add(&it.app, it.eva.user(), account(&login, security, port)).await.unwrap();
    let uids = 1..=u32::try_from(mails).unwrap();
    let items = uids.map(|uid| Item::new(mailbox, "INBOX", uid)).collect();
    Post { mailbox, login, items }
}

async fn mark(it: &World, email: Guid) -> Mark {
    app::email::read(&it.app, &it.eva, email).await.unwrap().mark
}

/// A pass over this mailbox of eva's.
async fn pass(it: &World, mailbox: Guid) -> app::Result<Counts> {
    let outcome = app::sync::once(&it.app, Some(it.eva.user()), |_| {}).await.unwrap();
    outcome.mailboxes.into_iter().find(|it| it.id == mailbox).unwrap().counts
}

async fn trouble(it: &World, mailbox: Guid) -> Option<String> {
    let rows = app::mailboxes::all(&it.app).await.unwrap();
    rows.into_iter().find(|it| it.id == mailbox).unwrap().trouble
}
