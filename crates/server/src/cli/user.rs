//! `regarding user`: who may sign in.

use super::failure::{Failure, Outcome};
use super::{make_or_open, password, person};
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

impl User {
    pub async fn run(self, config: &Config) -> Outcome {
        match self.command {
            Command::Add(add) => add.run(config).await,
        }
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
