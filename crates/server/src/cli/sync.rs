//! `regarding sync --once`: one pass over the mailboxes, and an exit code that tells the truth.

mod bar;

use super::failure::{Failure, Outcome};
use super::{mailbox, open, person};
use crate::config::Config;
use app::sync::{self, Counts, Pass};
use bar::Bar;
use clap::Args;
use std::process::ExitCode;

const EXAMPLES: &str = "\
Examples:
  regarding sync --once
  regarding sync --once --user eva@example.com

A progress bar on a terminal, plain lines elsewhere, and in the end a line for each mailbox. The exit \
code is 0 only when every mailbox was read to its end. While the server runs there is no need for \
this: it reads them all the time.";

/// Read the mailboxes once, and say how it went
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Sync {
    /// Only this user's mailboxes
    #[arg(long, value_name = "EMAIL")]
    user: Option<String>,
    /// One pass, then end
    #[arg(long)]
    once: bool,
}

impl Sync {
    pub async fn run(self, config: &Config) -> Outcome {
        if !self.once {
            let sentence =
                "Say --once for one pass: reading mailboxes all the time is what `regarding serve` does.";
            return Err(Failure::usage(sentence));
        }
        let app = open(config).await?;
        mailbox::chosen(&app, self.user.as_deref()).await?;
        let user = match &self.user {
            Some(email) => Some(person::by_email(&app, email).await?),
            None => None,
        };
        let bar = Bar::new();
        let outcome = sync::once(&app, user, |progress| bar.show(&progress)).await?;
        bar.end();
        let mut good = true;
        for Pass { address: mailbox, counts, .. } in outcome.mailboxes {
            match counts {
                Ok(Counts { read, tracked, left }) => {
                    println!("{mailbox}: {read} read, {tracked} tracked, {left} left alone.");
                }
                Err(error) => {
                    good = false;
                    eprintln!("{mailbox}: {}", Failure::from(error).sentences().join(" "));
                }
            }
        }
        Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
