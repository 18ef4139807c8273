//! `regarding demo`: a world to play in, kept between runs.

mod place;

use super::alone::alone;
use super::failure::{Failure, Outcome};
use super::{make_or_open, serve, start_log};
use crate::WebSettings;
use crate::config::{self, Options, Surroundings};
use app::demo::{PASSWORD, Visitor, furnish};
use chrono_tz::Tz;
use clap::Args;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  regarding demo
  regarding demo --listen 127.0.0.1:9000
  regarding demo --reset

Makes Adventure Works with its customers, four people and a mailbox in the directory .demo, serves \
it, and prints a link for each person: opening it signs you in. The world is kept until --reset.

It pays no attention to the configuration file and the environment of a server in earnest.";

/// A world to play in, with people to sign in as
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Demo {
    /// Forget the last world and make a new one
    #[arg(long)]
    reset: bool,
}

impl Demo {
    pub async fn run(self, options: &Options) -> Outcome {
        let data = options.data.clone().unwrap_or_else(|| ".demo".to_owned());
        let options = Options { data: Some(data), ..options.clone() };
        let nothing = Surroundings { variables: BTreeMap::new(), installed: PathBuf::new() };
        let config = config::settle(&options, &nothing).map_err(Failure::Usage)?;
        start_log(config.log.as_deref().unwrap_or("warn"));

        // First of all: who holds the address holds the world.
        let tls = serve::read_tls(&config)?;
        let listener = serve::listen(&config.listen).await?;
        let at = listener.local_addr().map_err(anyhow::Error::from)?;
        // Before anything of a world is deleted that another server may show just now.
        let held = if place::is_a_demo(&config.data) { Some(alone(&config.data)?) } else { None };
        if self.reset {
            place::clear(&config.data)?;
        }
        let is_new = place::claim(&config.data)?;
        let _alone = if let Some(held) = held { held } else { alone(&config.data)? };
        if is_new {
            print!("Making a world: Adventure Works, its customers and a mailbox … ");
            // Only how soon it shows depends on this.
            let _ = std::io::stdout().flush();
        }
        let app = make_or_open(&config).await?;
        let visitors = furnish(&app).await?;
        if is_new {
            place::finish(&config.data)?;
            println!("done.");
        }
        let settings = WebSettings {
            secure_cookies: tls.is_some(),
            demo: true,
            // Adventure Works sits in Malmö, and its letters tell the time there.
            time_zone: config.time_zone.unwrap_or(Tz::Europe__Stockholm),
            api_rate: config.api_rate,
        };
        let address = serve::url(at, tls.as_ref());
        serve::run(app, settings, (listener, tls), || print!("{}", welcome(&address, &visitors))).await
    }
}

fn welcome(address: &str, visitors: &[Visitor]) -> String {
    let mut text = format!("\nRegarding serves {address}\n\nSign in with one click, as\n\n");
    let width = visitors.iter().map(|it| it.name.chars().count()).max().unwrap_or_default();
    for visitor in visitors {
        let Visitor { name, code, part, .. } = visitor;
        // Writing to a text cannot fail.
        let _ = write!(text, "  {name:width$}  {}\n  {:width$}  {address}/link/{code}\n\n", who(part), "");
    }
    // Writing to a text cannot fail.
    let _ = writeln!(
        text,
        "  By the form: {}, password {PASSWORD}\n",
        visitors.first().map_or("", |it| &it.email)
    );
    text += "Open the first one; five hints lead on. Use a private window to be two people at once.\n\
             Ctrl-C ends it; the world is kept, and --reset begins anew.\n";
    text
}

fn who(part: &str) -> &str {
    match part {
        "seller" => "sells in Malmö, and has the mailbox: start here",
        "colleague" => "manages the sellers in Malmö, and reads what they tracked",
        "outsider" => "sells in Göteborg, and sees nothing of Malmö",
        "administrator" => "runs the system",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_welcome_has_a_link_for_each_person() {
        let visitor = |part: &str, name: &str, code: &str| Visitor {
            part: part.into(),
            name: name.into(),
            email: "nobody@adventure-works.example".into(),
            code: code.into(),
        };
        let text = welcome(
            "http://127.0.0.1:8080",
            &[visitor("seller", "Åsa Lindström", "abc"), visitor("outsider", "Pär Älvsborg", "def")],
        );
        assert!(text.contains("  Åsa Lindström  sells in Malmö"), "{text}");
        assert!(text.contains("  Pär Älvsborg   sells in Göteborg"), "{text}");
        assert!(text.contains("http://127.0.0.1:8080/link/def\n"), "{text}");
    }
}
