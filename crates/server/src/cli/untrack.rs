//! `regarding untrack`: takes a tracking back, for scripts.

use super::failure::{Failure, Outcome};
use super::{open, person};
use crate::config::Config;
use app::{App, pane, track, untrack};
use clap::Args;
use domain::id::Guid;
use domain::privilege::Actor;
use domain::tracking::Untrack as Done;
use serde_json::json;
use std::process::ExitCode;

const EXAMPLES: &str = "\
Examples:
  regarding untrack --user eva@example.com --message-id '<20261123.4711@contoso.example>'
  regarding untrack --user eva@example.com --message-id 20261123.4711@contoso.example --json

The message itself stays in the mailbox. --json prints one object:
  email  the key of the stored e-mail
  done   \"copy_deleted\" when the user owned it and nobody else tracks it, \"passed_on\" when the copy belongs to the
         next tracker from now on, \"unlinked\" when somebody else's copy stays
  heir   the key of the user it passed to, or null
The exit code is 3 when this user does not track the message.";

/// Take a tracking back
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Untrack {
    /// Whose tracking it is
    #[arg(long, value_name = "EMAIL")]
    user: String,
    /// The message, with or without angle brackets
    #[arg(long, value_name = "ID")]
    message_id: String,
    /// Print what was done as JSON
    #[arg(long)]
    json: bool,
}

impl Untrack {
    pub async fn run(self, config: &Config) -> Outcome {
        let app = open(config).await?;
        let actor = person::actor(&app, &self.user).await?;
        let not_tracked = || Failure::not_found(format!("{} does not track this message.", self.user));
        let email = stored(&app, &actor, &self.message_id).await?.ok_or_else(not_tracked)?;
        let (word, sentence, heir) = match untrack::untrack(&app, &actor, email).await? {
            Done::NotTracked => return Err(not_tracked()),
            Done::DeleteCopy => ("copy_deleted", "Untracked; the copy is deleted.", None),
            Done::PassOn { to } => {
                ("passed_on", "Untracked; the copy now belongs to the next who tracks it.", Some(to))
            }
            Done::Unlink => ("unlinked", "Untracked; the copy belongs to somebody else and stays.", None),
        };
        if self.json {
            let heir = heir.map(|it| it.to_string());
            println!("{}", json!({ "email": email.to_string(), "done": word, "heir": heir }));
        } else {
            println!("{sentence}");
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The stored e-mail behind the message, if this user may see one.
async fn stored(app: &App, actor: &Actor, message_id: &str) -> Result<Option<Guid>, Failure> {
    let item = track::item_by_message_id(app, actor, message_id).await?;
    Ok(pane::pane(app, actor, &item).await?.copy.map(|it| it.email))
}
