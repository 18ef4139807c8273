//! `regarding mailbox`: which mail is read, and whether it can be reached.

mod account;
mod remove;

use super::failure::{Failure, Outcome};
use super::{open, password, person};
use crate::config::Config;
use account::Server;
use app::mailboxes::{self, MailboxRow, Tested};
use app::{App, Error};
use clap::{ArgGroup, Args, Subcommand};
use connect::Account;
use std::path::PathBuf;
use std::process::ExitCode;

/// Connect mailboxes, and try them
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  regarding mailbox test --user eva@example.com")]
pub struct Mailbox {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Add(Add),
    Password(Password),
    Test(Test),
    List(List),
    Remove(remove::Remove),
}

const ADD_EXAMPLES: &str = "\
Examples:
  regarding mailbox add --user eva@example.com --maildir /home/eva/Maildir
  regarding mailbox add --user eva@example.com \\
      --imap imaps://mail.example.com --login eva --password-stdin
  regarding mailbox add --user eva@example.com \\
      --imap imap://mail.example.com:143 --login eva --password-stdin

imaps:// is encrypted from the first byte (port 993), imap:// by STARTTLS before the password is \
sent (port 143). The mailbox is opened once before it is added, and its key is printed.

Nothing in it is ever marked as read, moved or deleted. Regarding sets one keyword, `Tracked`, on \
messages that somebody tracked.";

/// Connect a mailbox: IMAP, or a Maildir on this machine
#[derive(Debug, Args)]
#[expect(clippy::doc_markdown, reason = "These words are the help, and people see no Markdown there")]
#[command(after_help = ADD_EXAMPLES, group(ArgGroup::new("place").required(true).args(["maildir", "imap"])))]
struct Add {
    /// Whose mailbox it is
    #[arg(long, value_name = "EMAIL")]
    user: String,
    /// A Maildir or Maildir++ on this machine
    #[arg(long, value_name = "DIR")]
    maildir: Option<PathBuf>,
    /// An IMAP server: imaps://HOST[:PORT] or imap://HOST[:PORT]
    #[arg(long, value_name = "URL")]
    imap: Option<String>,
    /// The name to sign in to the mail server with; without it, the user's address
    #[arg(long, value_name = "NAME", conflicts_with = "maildir")]
    login: Option<String>,
    /// Read the mailbox's password from the first line of standard input
    #[arg(long, conflicts_with = "maildir")]
    password_stdin: bool,
    /// Send mail and password without encryption (imap:// only): for a server on this very machine
    #[arg(long, conflicts_with = "maildir")]
    insecure_plaintext: bool,
    /// Trust the certificates in this PEM file, too
    #[arg(long, value_name = "FILE", conflicts_with = "maildir")]
    ca: Option<PathBuf>,
}

const PASSWORD_EXAMPLES: &str = "\
Examples:
  regarding mailbox password --user eva@example.com --password-stdin
  regarding mailbox password --user eva@example.com --login eva@mail.example.com --password-stdin

The mailbox is opened with the new password once before it is kept. What waited for the mailbox is \
done then.";

/// Give a mailbox its new password, when it was changed on the mail server
#[derive(Debug, Args)]
#[expect(clippy::struct_field_names, reason = "The field is the option, --password-stdin as everywhere")]
#[command(after_help = PASSWORD_EXAMPLES)]
struct Password {
    /// Whose mailbox it is
    #[arg(long, value_name = "EMAIL")]
    user: String,
    /// The name it signs in with, when the user has several on mail servers
    #[arg(long, value_name = "NAME")]
    login: Option<String>,
    /// Read the new password from the first line of standard input
    #[arg(long)]
    password_stdin: bool,
}

/// Try whether the mailboxes can be reached
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  regarding mailbox test
  regarding mailbox test --user eva@example.com

A line for each mailbox. The exit code is 1 when one of them cannot be reached, and 3 when there is none.")]
struct Test {
    /// Only this user's
    #[arg(long, value_name = "EMAIL")]
    user: Option<String>,
}

/// Say which mailboxes there are
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  regarding mailbox list --user eva@example.com")]
struct List {
    /// Only this user's
    #[arg(long, value_name = "EMAIL")]
    user: Option<String>,
}

impl Mailbox {
    pub async fn run(self, config: &Config) -> Outcome {
        match self.command {
            Command::Add(add) => add.run(config).await,
            Command::Password(password) => password.run(config).await,
            Command::Test(test) => test.run(config).await,
            Command::List(list) => list.run(config).await,
            Command::Remove(remove) => remove.run(config).await,
        }
    }
}

impl Add {
    async fn run(self, config: &Config) -> Outcome {
        let account = self.account()?;
        let app = open(config).await?;
        let user = person::by_email(&app, &self.user).await?;
        let id = mailboxes::add(&app, user, account).await?;
        println!("{id}");
        Ok(ExitCode::SUCCESS)
    }

    /// Everything that is wrong with it is said at once, before a password is asked for.
    fn account(&self) -> Result<Account, Failure> {
        let mut wrong = Vec::new();
        let mut keep = |it: Result<PathBuf, String>| it.map_err(|it| wrong.push(it)).ok();
        let maildir = self.maildir.as_deref().map(account::directory).and_then(&mut keep);
        let extra_root = self.ca.as_deref().map(account::certificates).and_then(&mut keep);
        let server = self.imap.as_deref().map(|it| account::server(it, self.insecure_plaintext));
        let server = server.and_then(|it| it.map_err(|it| wrong.push(it)).ok());
        match (maildir, server) {
            _ if !wrong.is_empty() => Err(Failure::Usage(wrong)),
            (Some(path), _) => Ok(Account::Maildir { path }),
            (None, Some(Server { host, port, security })) => Ok(Account::Imap {
                host,
                port,
                security,
                login: self.login.clone().unwrap_or_else(|| self.user.clone()),
                password: password::secret(self.password_stdin, "the mailbox's password")?,
                extra_root,
            }),
            (None, None) => Err(Failure::usage("Say where the mailbox is: --imap or --maildir.")),
        }
    }
}

impl Password {
    async fn run(self, config: &Config) -> Outcome {
        let password = password::secret(self.password_stdin, "the mailbox's new password")?;
        let app = open(config).await?;
        let user = person::by_email(&app, &self.user).await?;
        let rows = mailboxes::of(&app, user).await?;
        let on_servers = rows.iter().filter(|it| matches!(it.account, Account::Imap { .. }));
        let row = the_one(on_servers, &self.user, self.login.as_deref())?;
        mailboxes::set_password(&app, user, row.id, password).await?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The user's only mailbox, or the one with this login.
fn the_one<'a>(
    rows: impl Iterator<Item = &'a MailboxRow>,
    user: &str,
    wanted: Option<&str>,
) -> Result<&'a MailboxRow, Failure> {
    let is_meant = |row: &&MailboxRow| match &row.account {
        Account::Imap { login, .. } => wanted.is_none_or(|it| it == login),
        Account::Maildir { .. } => wanted.is_none(),
    };
    let meant: Vec<&MailboxRow> = rows.filter(is_meant).collect();
    match meant.as_slice() {
        [] => Err(Failure::not_found(format!(
            "{user} has no such mailbox; `regarding mailbox list` names those there are."
        ))),
        [row] => Ok(row),
        [_, _, ..] => Err(Failure::usage(format!(
            "{user} has several mailboxes: say which with --login; `regarding mailbox list` names them."
        ))),
    }
}

impl Test {
    async fn run(self, config: &Config) -> Outcome {
        let app = open(config).await?;
        let rows = chosen(&app, self.user.as_deref()).await?;
        let mut good = true;
        for row in &rows {
            let tested = mailboxes::test(&app, row).await;
            good &= tested.is_ok();
            match sentence(row, tested) {
                Ok(line) => println!("{line}"),
                Err(line) => eprintln!("{line}"),
            }
        }
        Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

impl List {
    async fn run(self, config: &Config) -> Outcome {
        let app = open(config).await?;
        for row in chosen(&app, self.user.as_deref()).await? {
            let state = row.trouble.as_deref().map(|it| format!("  in trouble: {it}")).unwrap_or_default();
            println!("{}  {}  {}{state}", row.id, row.address, account::place(&row.account));
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// One user's mailboxes, or everybody's; none is an answer that deserves a sentence.
pub async fn chosen(app: &App, user: Option<&str>) -> Result<Vec<MailboxRow>, Failure> {
    let rows = match user {
        Some(email) => mailboxes::of(app, person::by_email(app, email).await?).await?,
        None => mailboxes::all(app).await?,
    };
    if rows.is_empty() {
        let whose = user.map_or("There is no mailbox".to_owned(), |it| format!("{it} has no mailbox"));
        return Err(Failure::not_found(format!("{whose} yet: connect one with `regarding mailbox add`.")));
    }
    Ok(rows)
}

/// What one look at the mailbox showed, good or bad.
pub fn sentence(row: &MailboxRow, tested: Result<Tested, Error>) -> Result<String, String> {
    let mailbox = format!("{} ({})", row.address, account::place(&row.account));
    match tested {
        Ok(Tested { folders, messages, keeps_keywords }) => {
            let keywords = if keeps_keywords { "keeps" } else { "does not keep" };
            Ok(format!("{mailbox}: {folders} folders, {messages} messages; it {keywords} keywords."))
        }
        Err(error) => {
            let sentences = Failure::from(error);
            Err(format!("{mailbox}: {}", sentences.sentences().join(" ")))
        }
    }
}
