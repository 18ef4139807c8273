//! The command line: which commands there are, and what all of them have in common.

mod alone;
mod demo;
mod doctor;
mod entity;
mod failure;
mod history;
mod mailbox;
mod password;
mod person;
mod serve;
mod sync;
mod token;
mod track;
mod transfer;
mod untrack;
mod user;

use crate::config::{self, Config, Options, SERVING, Surroundings};
use app::{App, Settings};
use clap::builder::styling::{AnsiColor, Style, Styles};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use failure::{Failure, Outcome};
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::process::ExitCode;
use tracing::error;
use tracing_subscriber::EnvFilter;

/// Kept by hand, because people look for a command by what they want and not by the alphabet. A test compares it
/// with the commands there are.
const OVERVIEW: &str = "\
{about}

Usage: regarding [OPTIONS] COMMAND

Try it:
  demo              A world to play in, with people to sign in as

Run it:
  serve             The web app, and everything that happens by itself
  doctor            Look whether all is as it should be

Let people in:
  user add          Add a colleague
  user password     Give a colleague another password
  user remove       Let a colleague in no more; nothing is deleted
  token create      Give a script or an add-in a key of its own

Connect their mail:
  mailbox add       Connect a mailbox: IMAP, or a Maildir on this machine
  mailbox password  Give a mailbox its new password
  mailbox test      Try whether the mailboxes can be reached
  mailbox list      Say which mailboxes there are
  mailbox remove    Disconnect a mailbox; what was tracked from it stays

Add types and columns of your own:
  entity apply      Add and change what a file says
  entity list       Say which types there are
  entity show       Say what a type holds
  entity export     Print what was added, as a file
  entity drop       Drop a type or a column

For scripts:
  track             Track a message, as a click in the pane would
  untrack           Take that back
  export            Print the records of a type, as CSV or JSON
  import            Make records of the rows of a CSV file
  history           Say who changed what of a record, when
  sync              Read the mailboxes once, and say how it went

Options:
{options}{after-help}";

const EXAMPLES: &str = "\
Examples:
  regarding demo
  regarding user add eva@example.com --name \"Eva Ek\" --role administrator --password-stdin
  regarding serve --listen 127.0.0.1:8080
  regarding COMMAND --help

Settings are taken from the options, else from the environment, else from one TOML file: the one \
that --config names, regarding.toml in a data directory that was named, or \
/etc/regarding/regarding.toml.

Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 no such user, message or record.";

const STYLES: Styles = Styles::plain()
    .error(Style::new().bold().fg_color(Some(clap::builder::styling::Color::Ansi(AnsiColor::Red))));

const ABOUT: &str =
    "A CRM that lives inside the mail client. One click tracks a message; what nobody tracked stays private.";

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "regarding",
    version,
    about = ABOUT,
    long_about = None,
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
    Entity(entity::Entity),
    Track(track::Track),
    Untrack(untrack::Untrack),
    History(history::Command),
    Export(transfer::Export),
    Import(transfer::Import),
    Sync(sync::Sync),
}

/// Reads the command line, does what it says, and tells in the exit code how it went.
pub fn main() -> ExitCode {
    let words = tailored(Cli::command()).get_matches();
    let cli = Cli::from_arg_matches(&words).unwrap_or_else(|error| error.exit());
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

/// The program and the commands that serve show the options about serving; elsewhere they work and are not shown.
fn tailored(mut program: clap::Command) -> clap::Command {
    program.build();
    let others = |it: &&clap::Command| !["serve", "demo"].contains(&it.get_name());
    let names: Vec<String> =
        program.get_subcommands().filter(others).map(|it| it.get_name().to_owned()).collect();
    names.into_iter().fold(program, |program, name| program.mut_subcommand(name, without_serving))
}

fn without_serving(command: clap::Command) -> clap::Command {
    let names: Vec<String> = command.get_subcommands().map(|it| it.get_name().to_owned()).collect();
    let command = command.mut_args(|it| {
        let serves = SERVING.contains(&it.get_id().as_str());
        if serves { it.hide(true) } else { it }
    });
    names.into_iter().fold(command, |command, name| command.mut_subcommand(name, without_serving))
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
        Command::Entity(entity) => entity.run(&config).await,
        Command::Track(track) => track.run(&config).await,
        Command::Untrack(untrack) => untrack.run(&config).await,
        Command::History(history) => history.run(&config).await,
        Command::Export(export) => export.run(&config).await,
        Command::Import(import) => import.run(&config).await,
        Command::Sync(sync) => sync.run(&config).await,
    }
}

/// To standard error, so that what a command prints can be piped. What a panic says may quote somebody's mail: the log
/// learns where it happened, and no more.
fn start_log(filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_default();
    // Only a second call could fail, and there is none.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .try_init();
    std::panic::set_hook(Box::new(|panic| {
        if let Some(place) = panic.location() {
            error!("A thread panicked at {}:{}", place.file(), place.line());
        } else {
            error!("A thread panicked");
        }
    }));
}

/// Opens the world, and makes it when there is none yet: a directory that is its owner's alone, because it holds the
/// key of the mailboxes' passwords.
async fn make_or_open(config: &Config) -> Result<App, Failure> {
    make_data(config)?;
    let settings = Settings { data: config.data.clone(), database: config.database.clone() };
    Ok(App::open(&settings).await?)
}

fn make_data(config: &Config) -> Result<(), Failure> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(&config.data);
    made.map_err(|error| {
        let data = config.data.display();
        Failure::failed(format!("The data directory {data} cannot be made: {}.", config::why(&error)))
    })
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

    #[test]
    fn the_command_line_fits_together() {
        tailored(Cli::command()).debug_assert();
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
