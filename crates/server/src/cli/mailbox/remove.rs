//! `regarding mailbox remove`: a mailbox is connected no more.

use super::{account, the_one};
use crate::cli::failure::{Failure, Outcome};
use crate::cli::{open, person};
use crate::config::Config;
use app::mailboxes::{self, MailboxRow};
use clap::Args;
use connect::Account;
use std::path::PathBuf;
use std::process::ExitCode;

const EXAMPLES: &str = "\
Examples:
  regarding mailbox remove --user eva@example.com
  regarding mailbox remove --user eva@example.com --login eva@mail.example.com
  regarding mailbox remove --user eva@example.com --maildir /home/eva/Maildir

Its password and how far it was read are forgotten. What was tracked from it stays in the CRM, and \
nothing in the mailbox itself is touched: also the keyword `Tracked` stays where it is.";

/// Disconnect a mailbox; what was tracked from it stays
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Remove {
    /// Whose mailbox it is
    #[arg(long, value_name = "EMAIL")]
    user: String,
    /// The name it signs in with, when the user has several
    #[arg(long, value_name = "NAME")]
    login: Option<String>,
    /// The directory of the Maildir, when the user has several
    #[arg(long, value_name = "DIR", conflicts_with = "login")]
    maildir: Option<PathBuf>,
}

impl Remove {
    pub async fn run(self, config: &Config) -> Outcome {
        let app = open(config).await?;
        let user = person::by_email(&app, &self.user).await?;
        let rows = mailboxes::of(&app, user).await?;
        let row = self.chosen(&rows)?;
        mailboxes::remove(&app, user, row.id).await?;
        println!("Removed {}; what was tracked from it stays.", account::place(&row.account));
        Ok(ExitCode::SUCCESS)
    }

    fn chosen<'a>(&self, rows: &'a [MailboxRow]) -> Result<&'a MailboxRow, Failure> {
        let Some(wanted) = &self.maildir else {
            return the_one(rows.iter(), &self.user, self.login.as_deref());
        };
        // The directory itself may be gone by now.
        let wanted = wanted.canonicalize().unwrap_or_else(|_| wanted.clone());
        let is_meant = |it: &&MailboxRow| matches!(&it.account, Account::Maildir { path } if *path == wanted);
        the_one(rows.iter().filter(is_meant), &self.user, None)
    }
}
