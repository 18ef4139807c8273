//! The command line: which commands there are, and what all of them have in common.

mod demo;
mod doctor;
mod failure;
mod mailbox;
mod password;
mod person;
mod serve;
mod token;
mod track;
mod untrack;
mod user;

use crate::config::{self, Config, Options, Surroundings};
use app::{App, Settings};
use clap::builder::styling::{AnsiColor, Style, Styles};
use clap::{Parser, Subcommand};
use failure::{Failure, Outcome};
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// Kept by hand, because people look for a command by what they want and not by the alphabet. A test compares it
/// with the commands there are.
const OVERVIEW: &str = "\
{about}

Usage: regarding [OPTIONS] COMMAND

Try it:
  demo           A world to play in, with people to sign in as

Run it:
  serve          The web app, and everything that happens by itself
  doctor         Look whether all is as it should be

Let people in:
  user add       Add a colleague
  token create   Give a script or an add-in a key of its own

Connect their mail:
  mailbox add    Connect a mailbox: IMAP, or a Maildir on this machine
  mailbox test   Try whether the mailboxes can be reached
  mailbox list   Say which mailboxes there are

For scripts:
  track          Track a message, as a click in the pane would
  untrack        Take that back
  sync           Read the mailboxes once, and say how it went

{options}
{after-help}";

const EXAMPLES: &str = "\
Examples:
  regarding demo
  regarding user add eva@example.com --name \"Eva Ek\" --role administrator --password-stdin < password
  regarding serve --listen 127.0.0.1:8080
  regarding COMMAND --help

Settings are taken from the options, else from the environment (REGARDING_…), else from one TOML file: the one that
--config names, regarding.toml in a data directory that was named, or /etc/regarding/regarding.toml.

Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 no such user, message or record.";

const STYLES: Styles = Styles::plain()
    .error(Style::new().bold().fg_color(Some(clap::builder::styling::Color::Ansi(AnsiColor::Red))));

/// Regarding: a CRM that lives inside the mail client. One click tracks a message; what nobody tracked stays private.
#[derive(Debug, Parser)]
#[command(
    name = "regarding",
    version,
    help_template = OVERVIEW,
    after_help = EXAMPLES,
    styles = STYLES,
    max_term_width = 110,
    disable_help_subcommand = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub struct Cli {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Demo),
    Serve(serve::Serve),
    Doctor(doctor::Doctor),
    User(user::User),
    Token(token::Token),
    Mailbox(mailbox::Mailbox),
    Track(track::Track),
    Untrack(untrack::Untrack),
}

/// Reads the command line, does what it says, and tells in the exit code how it went.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("The program cannot start its threads: {}.", error.kind());
            return ExitCode::FAILURE;
        }
    };
    let outcome = runtime.block_on(run(cli));
    // Whatever still waits on a blocking thread shall not hold up the end.
    runtime.shutdown_background();
    match outcome {
        Ok(code) => code,
        Err(failure) => {
            for sentence in failure.sentences() {
                eprintln!("{sentence}");
            }
            failure.code()
        }
    }
}

async fn run(cli: Cli) -> Outcome {
    // The demo is not to touch a world in earnest: it knows its own options only.
    if let Command::Demo(demo) = cli.command {
        return demo.run(&cli.options).await;
    }
    let config = config::settle(&cli.options, &Surroundings::real()).map_err(Failure::Usage)?;
    let usual_log = if matches!(cli.command, Command::Serve(_)) { "info" } else { "error" };
    start_log(config.log.as_deref().unwrap_or(usual_log));
    match cli.command {
        Command::Demo(_) => Ok(ExitCode::SUCCESS),
        Command::Serve(serve) => serve.run(&config).await,
        Command::Doctor(doctor) => doctor.run(&config).await,
        Command::User(user) => user.run(&config).await,
        Command::Token(token) => token.run(&config).await,
        Command::Mailbox(mailbox) => mailbox.run(&config).await,
        Command::Track(track) => track.run(&config).await,
        Command::Untrack(untrack) => untrack.run(&config).await,
    }
}

/// To standard error, so that what a command prints can be piped.
fn start_log(filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_default();
    // Only a second call could fail, and there is none.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .try_init();
}

/// Opens the world, and makes it when there is none yet.
async fn make_or_open(config: &Config) -> Result<App, Failure> {
    let settings = Settings { data: config.data.clone(), database: config.database.clone() };
    Ok(App::open(&settings).await?)
}

/// Opens a world that is there: a slip in `--data` must not make an empty one.
async fn open(config: &Config) -> Result<App, Failure> {
    if config.data.is_dir() {
        return make_or_open(config).await;
    }
    Err(Failure::usage(format!(
        "There is no data directory {}: name another one with --data, or make this one with `regarding user add`.",
        config.data.display()
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_fits_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_overview_names_every_command() {
        for command in Cli::command().get_subcommands() {
            let names: Vec<String> = match command.get_subcommands().count() {
                0 => vec![command.get_name().to_owned()],
                _ => command
                    .get_subcommands()
                    .map(|it| format!("{} {}", command.get_name(), it.get_name()))
                    .collect(),
            };
            for name in names {
                assert!(OVERVIEW.contains(&format!("\n  {name} ")), "{name}");
            }
        }
    }
}
