//! `regarding entity`: types and columns of records, as files.

use super::failure::{Failure, Outcome};
use super::{make_or_open, open, person};
use crate::config::Config;
use app::{App, Error, definitions};
use clap::{Args, Subcommand};
use domain::definition::{Step, Wish};
use domain::entity::{ColumnDef, EntityDef, FieldKind};
use std::io::Read as _;
use std::process::ExitCode;

const EXAMPLES: &str = "\
Examples:
  regarding entity apply project.toml
  regarding entity list

A type of your own is one like the others: it has a form, a list, a place in quick find and in the \
Web API, and mail can be regarding its records when the file says `activities = true`. A server \
that runs learns of it within seconds.";

/// Add types of records and columns of your own
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Entity {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Apply(Apply),
    List(List),
    Show(Show),
    Export(Export),
    Drop(Drop),
}

const APPLY_EXAMPLES: &str = "\
Examples:
  regarding entity apply project.toml --dry-run
  regarding entity apply project.toml
  regarding entity export --data /srv/test | regarding entity apply -

A small file:
  name = \"machine\"
  label = { en = \"Machine\", sv = \"Maskin\" }
  activities = true

  [[column]]
  name = \"name\"
  kind = \"text\"
  label = { en = \"Name\", sv = \"Namn\" }
  search = true

Kinds: text, memo, email, phone, url, integer, money, decimal, float, boolean, date, datetime,
choice, choices, lookup, file. A standard type takes columns of your own: name = \"account\" and
extend = true, and columns with a prefix, such as new_segment.

What is missing is added, what is there is changed as far as no record is hurt, nothing is dropped. \
Prints what was done; nothing when all is so already.";

/// Add and change what a file says
#[derive(Debug, Args)]
#[command(after_help = APPLY_EXAMPLES)]
struct Apply {
    /// A TOML file; - for standard input
    file: String,
    /// Only say what would be done
    #[arg(long)]
    dry_run: bool,
}

/// Say which types there are
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  regarding entity list
  regarding entity list --own")]
struct List {
    /// Only your own types, and those with columns of your own
    #[arg(long)]
    own: bool,
}

/// Say what a type holds
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  regarding entity show project")]
struct Show {
    /// The name of the type
    name: String,
}

/// Print what was added, as a file for apply
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  regarding entity export > types.toml
  regarding entity export project")]
struct Export {
    /// Only this type, list of choices or relationship
    name: Option<String>,
}

const DROP_EXAMPLES: &str = "\
Examples:
  regarding entity drop project
  regarding entity drop project --rows 12
  regarding entity drop project.budget --rows 7
  regarding entity drop project.number --key

What records use goes only when their number is stated: without --rows, or with another number, the \
command says it and does nothing. Records in the recycle bin count. It cannot be undone.";

/// Drop a type, column, key, list of choices or relationship of your own
#[derive(Debug, Args)]
#[command(after_help = DROP_EXAMPLES)]
struct Drop {
    /// The name of a type, list of choices or relationship; TYPE.COLUMN for a column
    name: String,
    /// How many records may lose what they hold
    #[arg(long, value_name = "N")]
    rows: Option<u64>,
    /// The name is that of an alternate key, TYPE.KEY
    #[arg(long)]
    key: bool,
}

impl Entity {
    pub async fn run(self, config: &Config) -> Outcome {
        match self.command {
            Command::Apply(apply) => apply.run(config).await,
            Command::List(list) => list.run(config).await,
            Command::Show(show) => show.run(config).await,
            Command::Export(export) => export.run(config).await,
            Command::Drop(drop) => drop.run(config).await,
        }
    }
}

impl Apply {
    async fn run(self, config: &Config) -> Outcome {
        let text = self.text()?;
        let app = make_or_open(config).await?;
        let operator = person::operator(&app);
        let steps = if self.dry_run {
            definitions::rehearse(&app, &operator, &text).await?
        } else {
            definitions::apply(&app, &operator, &text).await?
        };
        finish(&app, &steps).await
    }

    fn text(&self) -> Result<String, Failure> {
        let mut text = String::new();
        let read = if self.file == "-" {
            std::io::stdin().read_to_string(&mut text).map(drop)
        } else {
            std::fs::read_to_string(&self.file).map(|it| text = it)
        };
        let why = |error: std::io::Error| crate::config::why(&error);
        read.map_err(|it| Failure::usage(format!("The file {} cannot be read: {}.", self.file, why(it))))?;
        Ok(text)
    }
}

/// Says what was done, and does what follows from it.
async fn finish(app: &App, steps: &[Step]) -> Outcome {
    definitions::reword(app).await?;
    for step in steps {
        println!("{step}");
    }
    Ok(ExitCode::SUCCESS)
}

impl List {
    async fn run(self, config: &Config) -> Outcome {
        let app = open(config).await?;
        let types = app.catalog.all().filter(|it| !it.intersect && (!self.own || is_own(it)));
        let rows: Vec<[String; 4]> = types
            .map(|def| {
                let own = def.columns.iter().filter(|it| it.custom).count();
                let whose = match (def.custom, own) {
                    (true, _) => "own".to_owned(),
                    (false, 0) => "standard".to_owned(),
                    (false, own) => format!("standard, {own} own"),
                };
                [def.name.clone(), def.label.en.clone(), whose, traits(def)]
            })
            .collect();
        print_table(&rows);
        Ok(ExitCode::SUCCESS)
    }
}

fn is_own(def: &EntityDef) -> bool {
    def.custom || def.columns.iter().any(|it| it.custom)
}

fn traits(def: &EntityDef) -> String {
    let all = [(def.activities, "activities"), (def.connections, "connections"), (def.activity, "activity")];
    all.iter().filter(|it| it.0).map(|it| it.1).collect::<Vec<_>>().join(", ")
}

impl Show {
    async fn run(self, config: &Config) -> Outcome {
        let app = open(config).await?;
        let missing = || Failure::not_found(format!("There is no type “{}”.", self.name));
        let def = app.catalog.get(&self.name).ok_or_else(missing)?;
        println!("{} / {}, {} in the Web API", def.label.en, def.label.sv, def.set);
        if !traits(def).is_empty() {
            println!("Takes part in: {}", traits(def));
        }
        println!();
        let rows: Vec<[String; 4]> = def
            .columns
            .iter()
            .map(|it| {
                let own = if it.custom { "own" } else { "" };
                [it.name.clone(), kind(it), it.label.en.clone(), own.to_owned()]
            })
            .collect();
        print_table(&rows);
        for key in &def.keys {
            println!("\nKey {}: {}", key.name, key.columns.join(", "));
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn kind(column: &ColumnDef) -> String {
    let kind = format!("{:?}", column.kind).to_lowercase();
    match (&column.kind, column.targets.as_slice()) {
        (FieldKind::Lookup, [one]) => format!("{kind} to {one}"),
        (FieldKind::Lookup, many) => format!("{kind} to {} types", many.len()),
        _ => kind,
    }
}

/// Columns one below the other, without blanks at the end.
fn print_table(rows: &[[String; 4]]) {
    let width = |at: usize| rows.iter().map(|it| it[at].chars().count()).max().unwrap_or_default();
    let widths = [width(0), width(1), width(2)];
    for [a, b, c, d] in rows {
        let line = format!("{a:<0$}  {b:<1$}  {c:<2$}  {d}", widths[0], widths[1], widths[2]);
        println!("{}", line.trim_end());
    }
}

impl Export {
    async fn run(self, config: &Config) -> Outcome {
        let app = open(config).await?;
        let operator = person::operator(&app);
        match definitions::export(&app, &operator, self.name.as_deref()).await {
            Ok(text) => print!("{text}"),
            Err(Error::NotFound) => {
                let name = self.name.unwrap_or_default();
                return Err(Failure::not_found(format!("Nothing of your own is called “{name}”.")));
            }
            Err(error) => return Err(error.into()),
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Drop {
    async fn run(self, config: &Config) -> Outcome {
        let app = open(config).await?;
        let operator = person::operator(&app);
        let wish = self.wish(&app);
        match definitions::change(&app, &operator, wish, self.rows).await {
            Ok(steps) => finish(&app, &steps).await,
            Err(Error::InUse { rows }) => Err(Failure::failed(format!(
                "{rows} records use {}. To drop it with what they hold there: regarding entity drop {} --rows {rows}",
                self.name, self.name
            ))),
            Err(error) => Err(error.into()),
        }
    }

    fn wish(&self, app: &App) -> Wish {
        match self.name.split_once('.') {
            Some((entity, key)) if self.key => {
                Wish::DropKey { entity: entity.to_owned(), key: key.to_owned() }
            }
            Some((entity, column)) => {
                Wish::DropColumn { entity: entity.to_owned(), column: column.to_owned() }
            }
            None if app.catalog.option_set(&self.name).is_some() => Wish::DropOptionSet(self.name.clone()),
            None if app.catalog.get(&self.name).is_some_and(|it| it.intersect) => {
                Wish::DropRelationship(self.name.clone())
            }
            None => Wish::DropEntity(self.name.clone()),
        }
    }
}
