//! `regarding track`: the pane's click, for scripts.

use super::failure::{Failure, Outcome};
use super::{open, person};
use crate::config::Config;
use app::email::{self, EmailView};
use app::mail::Mark;
use app::pane::Copy;
use app::{App, track};
use clap::Args;
use domain::id::{Guid, RecordRef};
use domain::privilege::Actor;
use domain::tracking::Reason;
use serde_json::{Value, json};
use std::process::ExitCode;
use std::time::{Duration, Instant};

const EXAMPLES: &str = "\
Examples:
  regarding track --user eva@example.com --message-id '<20261123.4711@contoso.example>'
  regarding track --user eva@example.com --message-id 20261123.4711@contoso.example \\
      --regarding opportunity/019ab2c4-7d11-7000-8000-5d2f3c9a1b77 --json

The message is looked for in the user's mailboxes. Tracking it twice is harmless, and --regarding \
changes what a tracked message is regarding.

--json prints one object:
  email       the key of the stored e-mail
  messageid   its Message-ID, without angle brackets
  state       \"tracked\", \"pending\" (the copy is being fetched) or \"failed\" (tried again later)
  regarding   {type, id, name}, or null
  owner       {id, name} of the user who owns the copy
  tracked_by  {id, name}
  tracked_on  RFC 3339, in UTC
  reason      \"asked\", \"reply_to\", \"known_sender\" or \"everything\"";

/// Track a message, as a click in the pane would
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Track {
    /// Who tracks: mailboxes and rights are this user's
    #[arg(long, value_name = "EMAIL")]
    user: String,
    /// The message, with or without angle brackets
    #[arg(long, value_name = "ID")]
    message_id: String,
    /// Set Regarding: link it to this record
    #[arg(long, value_name = "TYPE/GUID")]
    regarding: Option<String>,
    /// Print the tracking as JSON
    #[arg(long)]
    json: bool,
}

impl Track {
    pub async fn run(self, config: &Config) -> Outcome {
        let target = self.regarding.as_deref().map(str::parse::<RecordRef>).transpose();
        let target = target.map_err(|it| Failure::usage(format!("--regarding: {it}.")))?;
        let app = open(config).await?;
        let actor = person::actor(&app, &self.user).await?;
        let item = track::item_by_message_id(&app, &actor, &self.message_id).await?;
        let email = track::track(&app, &actor, &item, target.as_ref()).await?;
        tell(&app, &actor, email, self.json).await
    }
}

/// How long a script waits for the copy before it is told *pending*.
const PATIENCE: Duration = Duration::from_secs(30);

/// The e-mail with its copy, when that comes in time.
async fn fetched(app: &App, actor: &Actor, email: Guid) -> Result<EmailView, Failure> {
    let started = Instant::now();
    loop {
        let view = email::read(app, actor, email).await?;
        if view.mark != Mark::Pending || started.elapsed() > PATIENCE {
            return Ok(view);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn tell(app: &App, actor: &Actor, email: Guid, as_json: bool) -> Outcome {
    let view = fetched(app, actor, email).await?;
    if as_json {
        println!("{}", row(&view));
    } else {
        let about = regarding(&view).map(|(record, name)| match name {
            Some(name) => format!(" regarding {name} ({record})"),
            None => format!(" regarding {record}"),
        });
        let state = match view.mark {
            Mark::Pending => "; the copy is being fetched",
            Mark::Failed { .. } => "; the copy could not be fetched yet and is tried again",
            Mark::None | Mark::Tracked | Mark::Regarding(..) => "",
        };
        println!("Tracked as email/{email}{}{state}.", about.unwrap_or_default());
    }
    Ok(ExitCode::SUCCESS)
}

/// As the help describes it: scripts rely on each of these names.
fn row(view: &EmailView) -> Value {
    let named = |id: Guid, name: &str| json!({ "id": id.to_string(), "name": name });
    let copy = view.tracking.as_ref();
    json!({
        "email": view.record.id.to_string(),
        "messageid": view.record.text("messageid").trim_start_matches('<').trim_end_matches('>'),
        "state": match view.mark {
            Mark::Pending => "pending",
            Mark::Failed { .. } => "failed",
            Mark::None | Mark::Tracked | Mark::Regarding(..) => "tracked",
        },
        "regarding": regarding(view).map(|(record, name)| {
            json!({ "type": record.entity, "id": record.id.to_string(), "name": name })
        }),
        "owner": copy.map(|it| named(it.owner.record.id, &it.owner.name)),
        "tracked_by": copy.map(|it| named(it.by.record.id, &it.by.name)),
        "tracked_on": copy.map(|it| it.when.to_string()),
        "reason": copy.map(reason),
    })
}

fn reason(copy: &Copy) -> &'static str {
    match copy.why.reason {
        Reason::Asked => "asked",
        Reason::ReplyTo(_) => "reply_to",
        Reason::KnownSender(_) => "known_sender",
        Reason::Everything => "everything",
    }
}

fn regarding(view: &EmailView) -> Option<(&RecordRef, Option<&String>)> {
    let record = view.record.get("regardingobjectid").record()?;
    Some((record, view.names.get(record)))
}
