//! `regarding user`: who may sign in.

use super::failure::{Failure, Outcome};
use super::{make_or_open, open, password, person};
use crate::config::Config;
use app::users::NewUser;
use app::{App, Error, Problem, records, users};
use clap::{Args, Subcommand};
use domain::id::Guid;
use std::process::ExitCode;

/// Let people in
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  regarding user add eva@example.com --name \"Eva Ek\" --password-stdin")]
pub struct User {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Add(Add),
    Password(Password),
    Remove(Remove),
}

const EXAMPLES: &str = "\
Examples:
  regarding user add eva@example.com --name \"Eva Ek\" --role administrator --password-stdin
  pwgen 20 1 | tee /dev/tty | \\
      regarding user add bo@example.com --name \"Bo By\" --unit \"Sales Malmö\" --password-stdin

Prints the key of the new user. Roles: administrator, manager, salesperson, readonly.";

/// Add a colleague, who can sign in at once
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
struct Add {
    /// The address to sign in with
    email: String,
    /// First and last name
    #[arg(long)]
    name: String,
    /// What this colleague may do
    #[arg(long, default_value = "salesperson")]
    role: String,
    /// Business unit, by its name; without it, the one at the top
    #[arg(long, value_name = "NAME")]
    unit: Option<String>,
    /// Read the password from the first line of standard input
    #[arg(long)]
    password_stdin: bool,
}

const PASSWORD_EXAMPLES: &str = "\
Examples:
  regarding user password eva@example.com --password-stdin
  pwgen 20 1 | tee /dev/tty | regarding user password eva@example.com --password-stdin

Browsers that are signed in have to sign in anew. Tokens of scripts stay as they are.";

/// Give a colleague another password to sign in with
#[derive(Debug, Args)]
#[command(after_help = PASSWORD_EXAMPLES)]
struct Password {
    /// The address to sign in with
    email: String,
    /// Read the new password from the first line of standard input
    #[arg(long)]
    password_stdin: bool,
}

const REMOVE_EXAMPLES: &str = "\
Example:
  regarding user remove eva@example.com

From now on this colleague signs in nowhere: browsers are signed out, tokens open nothing any more, \
and the mailboxes are left alone. Nothing is deleted: what the colleague owns, wrote and tracked \
stays, and shows the name as before.";

/// Let a colleague in no more; nothing is deleted
#[derive(Debug, Args)]
#[command(after_help = REMOVE_EXAMPLES)]
struct Remove {
    /// The address the colleague signed in with
    email: String,
}

impl User {
    pub async fn run(self, config: &Config) -> Outcome {
        match self.command {
            Command::Add(add) => add.run(config).await,
            Command::Password(password) => password.run(config).await,
            Command::Remove(remove) => remove.run(config).await,
        }
    }
}

impl Password {
    async fn run(self, config: &Config) -> Outcome {
        let password = password::read(self.password_stdin, "the new password")?;
        let app = open(config).await?;
        let user = person::actor(&app, &self.email).await?.user();
        users::set_password(&app, user, &password).await?;
        println!("{} signs in with the new password from now on.", self.email);
        Ok(ExitCode::SUCCESS)
    }
}

impl Remove {
    async fn run(self, config: &Config) -> Outcome {
        let app = open(config).await?;
        let user = person::by_email(&app, &self.email).await?;
        users::disable(&app, user).await?;
        println!("{} can sign in no more. Nothing was deleted.", self.email);
        Ok(ExitCode::SUCCESS)
    }
}

impl Add {
    async fn run(self, config: &Config) -> Outcome {
        let password = password::read(self.password_stdin, "the new user's password")?;
        let app = make_or_open(config).await?;
        check_role(&app, &self.role)?;
        let unit = match &self.unit {
            Some(name) => Some(unit(&app, name).await?),
            None => None,
        };
        let user = NewUser { email: self.email, name: self.name, role: self.role, password, unit };
        let id = users::add(&app, &user).await.map_err(|error| explain(error, &user.email))?;
        println!("{id}");
        Ok(ExitCode::SUCCESS)
    }
}

fn check_role(app: &App, role: &str) -> Result<(), Failure> {
    let names: Vec<&str> = app.roles.iter().map(|it| it.name.as_str()).collect();
    if names.contains(&role) {
        return Ok(());
    }
    Err(Failure::usage(format!("There is no role “{role}”; there are {}.", names.join(", "))))
}

async fn unit(app: &App, name: &str) -> Result<Guid, Failure> {
    let found = records::choices(app, &person::operator(app), "businessunit", name).await?;
    let unit = found.into_iter().find(|it| it.name == name);
    unit.map(|it| it.record.id)
        .ok_or_else(|| Failure::not_found(format!("There is no business unit “{name}”.")))
}

fn explain(error: Error, email: &str) -> Failure {
    match &error {
        Error::Invalid(problems) if problems.iter().any(|it| matches!(it, Problem::Taken { .. })) => {
            Failure::failed(format!("There is a user {email} already."))
        }
        Error::Invalid(problems) if problems.iter().any(|it| matches!(it, Problem::NoAddress { .. })) => {
            Failure::usage(format!("“{email}” is no e-mail address."))
        }
        _ => error.into(),
    }
}
