//! `regarding untrack`: takes a tracking back, for scripts.

use super::failure::{Failure, Outcome};
use super::{open, person};
use crate::config::Config;
use app::{App, Error, records, untrack};
use clap::Args;
use domain::filter::{Filter, Query};
use domain::id::{Guid, MessageKey};
use domain::privilege::Actor;
use domain::record::Value;
use domain::tracking::Untrack as Done;
use serde_json::json;
use std::process::ExitCode;

const EXAMPLES: &str = "\
Examples:
  regarding untrack --user eva@example.com --message-id '<20261123.4711@contoso.example>'
  regarding untrack --user eva@example.com --message-id 20261123.4711@contoso.example --json

The message itself stays in the mailbox, and need not be there any more. A copy that goes is hidden \
at once; ten seconds later the server destroys it.

--json prints one object:
  email  the key of the stored e-mail
  done   \"copy_deleted\": the user owned it, and nobody else tracks it;
         \"passed_on\": it belongs to the next tracker from now on;
         \"unlinked\": somebody else's copy stays
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
        let (email, done) = take_back(&app, &actor, &self.message_id)
            .await?
            .ok_or_else(|| Failure::not_found(format!("{} does not track this message.", self.user)))?;
        let (word, sentence, heir) = match done {
            Done::NotTracked => ("not_tracked", "There is nothing to untrack.", None),
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

/// Untracks what this user tracks with this Message-ID. A message one sent to oneself is there twice, once in each
/// direction.
async fn take_back(app: &App, actor: &Actor, message_id: &str) -> Result<Option<(Guid, Done)>, Failure> {
    let key = Value::Bytes(MessageKey::of_id(message_id).0.to_vec());
    let query = Query::of("email").filter(Filter::eq("messagekey", key));
    for record in records::list(app, actor, &query).await?.records {
        match untrack::untrack(app, actor, record.id).await {
            Ok(Done::NotTracked) | Err(Error::NotFound) => {}
            Ok(done) => return Ok(Some((record.id, done))),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(None)
}
