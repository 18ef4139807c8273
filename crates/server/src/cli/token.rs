//! `regarding token`: keys for scripts and add-ins.

use super::failure::Outcome;
use super::{open, person};
use crate::config::Config;
use app::users;
use clap::{Args, Subcommand};
use std::process::ExitCode;

/// Keys for scripts and add-ins
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  regarding token create --user eva@example.com")]
pub struct Token {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Create(Create),
}

const EXAMPLES: &str = "\
Examples:
  regarding token create --user eva@example.com --name \"Nightly report\"
  TOKEN=$(regarding token create --user eva@example.com)
  curl --header \"Authorization: Bearer $TOKEN\" http://127.0.0.1:8080/

The token is printed this once; only its hash is kept. Whoever has it may do what the user may.";

/// Give a script or an add-in a key of its own
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
struct Create {
    /// Whose rights it has
    #[arg(long, value_name = "EMAIL")]
    user: String,
    /// What it is for
    #[arg(long, default_value = "Script")]
    name: String,
}

impl Token {
    pub async fn run(self, config: &Config) -> Outcome {
        let Command::Create(create) = self.command;
        let app = open(config).await?;
        let user = person::by_email(&app, &create.user).await?;
        println!("{}", users::new_token(&app, user, &create.name).await?);
        Ok(ExitCode::SUCCESS)
    }
}
