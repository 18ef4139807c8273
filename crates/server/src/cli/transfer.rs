//! `regarding export` and `regarding import`: records out into files, and files into records.

use super::failure::{Failure, Outcome};
use super::{open, person};
use crate::config::Config;
use app::lists::Wanted;
use app::transfer::export::{self, Format, Headings};
use app::transfer::import::{Earnest, Import as Rows};
use app::transfer::{Fault, Manner, Place, Plan, Tally, Twins, Wrong, mapping};
use clap::{Args, ValueEnum};
use domain::entity::EntityDef;
use domain::filter::Filter;
use formats::sheet::{self, Separator, Sheet};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{ErrorKind, IsTerminal, Read as _, Write as _};
use std::process::ExitCode;

const EXPORT_EXAMPLES: &str = "\
Examples:
  regarding export account > accounts.csv
  regarding export contact --format json --columns fullname,emailaddress1
  regarding export task --user eva@example.com

CSV is RFC 4180 in UTF-8, with logical names as headings; a lookup gives two columns, its name and \
its key. A cell that a spreadsheet would take for a formula gets an apostrophe in front, which import \
takes away again. Times are on this machine's clock. JSON is one array of objects, with times in UTC.";

/// Print the records of a type
#[derive(Debug, Args)]
#[command(after_help = EXPORT_EXAMPLES)]
pub struct Export {
    /// The name of the type
    #[arg(value_name = "TYPE")]
    entity: String,
    #[arg(long, value_enum, default_value = "csv")]
    format: Kind,
    /// Only these, with commas between
    #[arg(long, value_delimiter = ',', value_name = "NAMES")]
    columns: Vec<String>,
    /// Only what this user may read
    #[arg(long, value_name = "EMAIL")]
    user: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Csv,
    Json,
}

const IMPORT_EXAMPLES: &str = "\
Examples:
  regarding import contact people.csv --user eva@example.com --dry-run
  regarding import contact people.csv --user eva@example.com
  regarding import account - --user eva@example.com --twins update < accounts.csv
  regarding import lead fair.csv --user eva@example.com --map 'Stand=subject' --map 'Notes='

The first line names the columns: by logical name, or by label in English or Swedish. The encoding \
(UTF-8, UTF-16, Windows-1252) and the separator (comma, semicolon, tab) are found out. Lookups are \
names, e-mail addresses, or keys in a column called \"... (id)\". Records belong to the user unless the \
file has owners. The exit code is 1 when a row failed; the other rows are imported.";

/// Make records of the rows of a CSV file
#[derive(Debug, Args)]
#[command(after_help = IMPORT_EXAMPLES)]
pub struct Import {
    /// The name of the type
    #[arg(value_name = "TYPE")]
    entity: String,
    /// A CSV file; - for standard input
    file: String,
    /// Who imports: rights and records are this user's
    #[arg(long, value_name = "EMAIL")]
    user: String,
    /// Look at everything, write nothing
    #[arg(long)]
    dry_run: bool,
    /// What to do with a row whose e-mail address or name is there already
    #[arg(long, value_enum, default_value = "skip")]
    twins: Way,
    /// Where a column goes; nothing behind the sign leaves it out
    #[arg(long, value_name = "HEADING=COLUMN")]
    map: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Way {
    /// Leave it out
    Skip,
    /// Fill its cells into the record
    Update,
    /// Make one more
    Make,
}

fn no_type(entity: &str) -> Failure {
    Failure::not_found(format!("There is no type “{entity}”."))
}

fn manner(config: &Config) -> Manner {
    Manner { zone: config.time_zone.unwrap_or_else(crate::words::local_zone), ..Manner::plain() }
}

impl Export {
    pub async fn run(self, config: &Config) -> Outcome {
        let app = open(config).await?;
        let actor = match &self.user {
            Some(email) => person::actor(&app, email).await?,
            None => person::operator(&app),
        };
        let def = app.catalog.get(&self.entity).ok_or_else(|| no_type(&self.entity))?;
        let wanted = Wanted {
            entity: self.entity.clone(),
            columns: self.columns(def)?,
            source: None,
            filter: Filter::everything(),
            order: None,
            after: None,
        };
        let format = match self.format {
            Kind::Csv => Format::Csv(Separator::Comma),
            Kind::Json => Format::Json,
        };
        let mut export = export::Export::new(&app, wanted, format, Headings::Names, manner(config))?;
        let bar = bar(None);
        while let Some(piece) = export.next(&app, &actor).await? {
            match std::io::stdout().write_all(piece.as_bytes()) {
                // Whoever reads has read enough.
                Err(error) if error.kind() == ErrorKind::BrokenPipe => break,
                written => written.map_err(|it| {
                    Failure::failed(format!("The records cannot be written: {}.", crate::config::why(&it)))
                })?,
            }
            bar.set_position(export.rows);
        }
        bar.finish_and_clear();
        Ok(ExitCode::SUCCESS)
    }

    fn columns(&self, def: &EntityDef) -> Result<Vec<String>, Failure> {
        match self.columns.iter().find(|it| def.column(it).is_none()) {
            Some(unknown) => Err(Failure::usage(format!("{} has no column {unknown}.", def.name))),
            None if self.columns.is_empty() => Ok(export::all_columns(def)),
            None => Ok(self.columns.clone()),
        }
    }
}

/// Only where somebody looks on.
fn bar(rows: Option<u64>) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = rows.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
    let template = if rows.is_some() { "{bar:30} {pos:>7} of {len}  {msg}" } else { "{pos:>7} records" };
    bar.with_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()))
}

impl Import {
    pub async fn run(self, config: &Config) -> Outcome {
        let sheet = Sheet::read(&self.bytes()?).map_err(|it| Failure::failed(it.to_string()))?;
        let app = open(config).await?;
        let actor = person::actor(&app, &self.user).await?;
        let def = app.catalog.get(&self.entity).ok_or_else(|| no_type(&self.entity))?;
        let plan = Plan {
            entity: self.entity.clone(),
            places: self.places(def, &sheet)?,
            twins: match self.twins {
                Way::Skip => Twins::Skip,
                Way::Update => Twins::Update,
                Way::Make => Twins::Make,
            },
        };
        for (heading, place) in sheet.headings.iter().zip(&plan.places) {
            let place = place.as_ref().map_or_else(|| "left out".to_owned(), |it| describe(def, it));
            println!("{heading}: {place}");
        }
        let earnest = if self.dry_run { Earnest::Rehearsal } else { Earnest::Yes };
        let manner = manner(config);
        let rows =
            Rows { app: &app, actor: &actor, plan: &plan, manner: &manner, earnest, say: &Fault::to_string };
        let bar = bar(Some(sheet.rows().count() as u64));
        let told = |tally: &Tally, wrong: &[Wrong]| {
            bar.set_position(tally.rows);
            bar.set_message(format!("{} failed", tally.failed));
            bar.suspend(|| wrong.iter().for_each(tell));
        };
        let tally = rows.run(&sheet, Tally::default(), None, told).await?;
        bar.finish_and_clear();
        let said = if self.dry_run { "Would import" } else { "Imported" };
        println!(
            "{said} {}, update {}, skip {}; failed {}",
            tally.made, tally.updated, tally.skipped, tally.failed
        );
        Ok(if tally.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    /// One byte more than a file may have is enough to know that it is too large.
    fn bytes(&self) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        let most = sheet::LARGEST as u64 + 1;
        let read = if self.file == "-" {
            std::io::stdin().take(most).read_to_end(&mut bytes)
        } else {
            std::fs::File::open(&self.file).and_then(|it| it.take(most).read_to_end(&mut bytes))
        };
        let why = |error: std::io::Error| crate::config::why(&error);
        read.map_err(|it| Failure::usage(format!("The file {} cannot be read: {}.", self.file, why(it))))?;
        Ok(bytes)
    }

    fn places(&self, def: &EntityDef, sheet: &Sheet) -> Result<Vec<Option<Place>>, Failure> {
        let mut places = mapping::guess(def, &sheet.headings);
        for said in &self.map {
            let (heading, column) = said
                .rsplit_once('=')
                .ok_or_else(|| Failure::usage(format!("--map {said}: there is no =.")))?;
            let at = sheet.headings.iter().position(|it| it == heading);
            let at = at.ok_or_else(|| Failure::usage(format!("The file has no column “{heading}”.")))?;
            let place: Option<Place> = column.parse().ok();
            if place.as_ref().is_some_and(|it| !mapping::fits(def, it)) {
                return Err(Failure::usage(format!("{} has no column {column} to fill.", def.name)));
            }
            // What was only guessed gives way.
            for other in places.iter_mut().filter(|it| place.is_some() && **it == place) {
                *other = None;
            }
            places[at] = place;
        }
        if places.iter().flatten().all(|it| *it == Place::Key) {
            return Err(Failure::usage(format!(
                "No column of the file fits {}: name them with --map.",
                def.name
            )));
        }
        Ok(places)
    }
}

fn describe(def: &EntityDef, place: &Place) -> String {
    match place {
        Place::Column(column) => column.clone(),
        Place::Id(column) => format!("{column}, by key"),
        Place::Key => def.key_column(),
    }
}

fn tell(wrong: &Wrong) {
    match wrong.column.as_str() {
        "" => eprintln!("line {}: {}", wrong.line, wrong.sentence),
        column => eprintln!("line {}, {column}: {}", wrong.line, wrong.sentence),
    }
}
