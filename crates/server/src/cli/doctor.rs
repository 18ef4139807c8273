//! `regarding doctor`: is everything as it should be? A line for each thing, and what to do about it.

use super::failure::Outcome;
use super::{mailbox, make_or_open, person};
use crate::config::Config;
use app::{App, mailboxes, records};
use clap::Args;
use domain::filter::Query;
use std::os::unix::fs::PermissionsExt;
use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const EXAMPLES: &str = "\
Example:
  regarding doctor --data /srv/regarding

Looks at the configuration, the data directory, the clock, the database and its tables, the users \
and their mailboxes. The exit code is 1 when something is wrong. Tables of an older version are \
brought up to date, as by every command; nothing else is changed.";

/// 2026-01-01: before that day there was no such program.
const FIRST_DAY: Duration = Duration::from_hours(490_896);

/// Look whether all is as it should be
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Doctor {}

/// What was found: a sentence either way.
type Finding = Result<String, String>;

impl Doctor {
    pub async fn run(self, config: &Config) -> Outcome {
        let mut findings = vec![Ok(configuration(config)), data(config), clock(config)];
        if config.data.is_dir() {
            findings.extend(world(config).await);
        }
        for finding in &findings {
            match finding {
                Ok(sentence) => println!("good  {sentence}"),
                Err(sentence) => println!("BAD   {sentence}"),
            }
        }
        Ok(if findings.iter().all(Result::is_ok) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn configuration(config: &Config) -> String {
    match &config.file {
        Some(file) => format!("The configuration is {}.", file.display()),
        None => "There is no configuration file; options and environment decide.".to_owned(),
    }
}

fn data(config: &Config) -> Finding {
    let shown = config.data.display();
    let Ok(about) = config.data.metadata() else {
        return Err(format!(
            "There is no data directory {shown}: `regarding user add` or `regarding serve` makes it."
        ));
    };
    if about.permissions().mode() & 0o007 != 0 {
        return Err(format!("Everybody on this machine may look into {shown}: chmod o-rwx {shown}"));
    }
    let probe = config.data.join(".doctor");
    match std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe)) {
        Ok(()) => Ok(format!("The data directory {shown} can be written.")),
        Err(error) => Err(format!("The data directory {shown} cannot be written: {}.", error.kind())),
    }
}

/// Times order everything: a clock that went back makes new things old.
fn clock(config: &Config) -> Finding {
    let now = SystemTime::now();
    let newest = std::fs::read_dir(&config.data).into_iter().flatten().flatten();
    let newest = newest.filter_map(|it| it.metadata().ok()?.modified().ok()).max();
    if now.duration_since(UNIX_EPOCH).unwrap_or_default() < FIRST_DAY {
        return Err("The clock of this machine stands before the year 2026: set it.".to_owned());
    }
    if newest.is_some_and(|it| it > now + Duration::from_mins(1)) {
        return Err("The clock of this machine stands before the last change of the data: set it.".to_owned());
    }
    Ok("The clock is plausible.".to_owned())
}

async fn world(config: &Config) -> Vec<Finding> {
    let engine = if config.database.is_some() { "PostgreSQL" } else { "SQLite" };
    let app = match make_or_open(config).await {
        Ok(app) => app,
        Err(failure) => return vec![Err(format!("{engine}: {}", failure.sentences().join(" ")))],
    };
    let mut findings = vec![Ok(format!("The database ({engine}) answers, and its tables are up to date."))];
    findings.push(users(&app).await);
    match mailboxes::all(&app).await {
        Ok(rows) if rows.is_empty() => findings.push(Ok("No mailbox is connected yet.".to_owned())),
        Ok(rows) => {
            for row in rows {
                findings.push(mailbox::sentence(&row, mailboxes::test(&app, &row).await));
            }
        }
        Err(error) => findings.push(Err(error.to_string())),
    }
    findings
}

async fn users(app: &App) -> Finding {
    let query = Query::of("systemuser").limit(1);
    match records::list(app, &person::operator(app), &query).await {
        Ok(list) if list.records.is_empty() => {
            Err("Nobody can sign in yet: add somebody with `regarding user add`.".to_owned())
        }
        Ok(_) => Ok("There are users.".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}
