//! `regarding history`: who changed what of a record, when.

use super::failure::{Failure, Outcome};
use super::{open, person};
use crate::config::Config;
use crate::views::field;
use crate::words::{Language, Words};
use app::history::{self, Changed, Event, History};
use clap::Args;
use domain::entity::{ColumnDef, EntityDef};
use domain::id::RecordRef;
use domain::record::Value;
use serde_json::{Value as Json, json};
use std::process::ExitCode;

const EXAMPLES: &str = "\
Examples:
  regarding history account/01930d2c-5f8a-7c3e-9a55-0123456789ab
  regarding history contact/01930d2c-5f8a-7c3e-9a55-0123456789ab --json
  regarding history account/01930d2c-5f8a-7c3e-9a55-0123456789ab --user eva@example.com

Newest first. Long texts and what mail says are never kept in the history; there it says \"not kept\".

--json prints an array of objects:
  at         when, RFC 3339 in UTC
  by         {id, name} of the user; the name is null when there is none
  operation  create, update, delete, restore or erase
  changes    [{column, was, became}]; was and became are missing where they were not kept

The exit code is 3 when there is no such record, or when it lies in the recycle bin.";

/// Say who changed what of a record, when
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Command {
    /// The record: its type, a slash, its key
    #[arg(value_name = "TYPE/GUID")]
    record: RecordRef,
    /// Only if this user may read it
    #[arg(long, value_name = "EMAIL")]
    user: Option<String>,
    /// Print the changes as JSON
    #[arg(long)]
    json: bool,
}

impl Command {
    pub async fn run(self, config: &Config) -> Outcome {
        let app = open(config).await?;
        let actor = match &self.user {
            Some(email) => person::actor(&app, email).await?,
            None => person::operator(&app),
        };
        let unknown = || Failure::not_found(format!("There is no record {}.", self.record));
        let def = app.catalog.get(&self.record.entity).ok_or_else(unknown)?;
        let (mut all, mut before) = (vec![], None);
        loop {
            let page = match history::of_record(&app, &actor, &self.record, before).await {
                Err(app::Error::NotFound) => return Err(unknown()),
                page => page?,
            };
            before = page.before;
            all.push(page);
            if before.is_none() {
                break;
            }
        }
        if self.json {
            let changes: Vec<Json> = all.iter().flat_map(as_json).collect();
            println!("{}", serde_json::to_string_pretty(&changes).map_err(anyhow::Error::from)?);
        } else {
            let words =
                Words::new(Language::English, config.time_zone.unwrap_or_else(crate::words::local_zone));
            for page in &all {
                print(page, def, &words);
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn name(page: &History, event: &Event) -> Option<String> {
    page.names.get(&RecordRef::new("systemuser", event.by)).cloned()
}

fn as_json(page: &History) -> Vec<Json> {
    let changed = |it: &Changed| {
        let mut change = json!({ "column": it.column });
        for (key, value) in [("was", &it.was), ("became", &it.became)] {
            if let Some(value) = value {
                change[key] = plain(value);
            }
        }
        change
    };
    let one = |event: &Event| {
        json!({
            "at": event.at.to_string(),
            "by": { "id": event.by.to_string(), "name": name(page, event) },
            "operation": event.operation,
            "changes": event.columns.iter().map(changed).collect::<Vec<_>>(),
        })
    };
    page.events.iter().map(one).collect()
}

fn plain(value: &Value) -> Json {
    match value {
        Value::Null | Value::Bytes(_) => Json::Null,
        Value::Bool(it) => json!(it),
        Value::Int(it) => json!(it),
        Value::Float(it) => json!(it),
        Value::Text(it) => json!(it),
        Value::Choices(all) => json!(all),
        Value::Time(it) => json!(it.to_string()),
        Value::Ref(it) => json!(it.to_string()),
    }
}

fn print(page: &History, def: &EntityDef, words: &Words) {
    for event in &page.events {
        let by = name(page, event).unwrap_or_else(|| words.t("history-somebody"));
        println!(
            "{}  {by} {}",
            words.moment(event.at),
            words.t(crate::views::history::deed(&event.operation))
        );
        for it in event.columns.iter().filter(|_| event.operation == "update") {
            let Some(column) = def.column(&it.column) else { continue };
            let said = |value: &Option<Value>| said(column, value.as_ref(), page, words);
            println!("    {}: {} → {}", words.label(&column.label), said(&it.was), said(&it.became));
        }
    }
}

fn said(column: &ColumnDef, value: Option<&Value>, page: &History, words: &Words) -> String {
    match value {
        None => words.t("history-not-kept"),
        Some(Value::Null) => words.t("history-nothing"),
        Some(value) => field::plain(column, value, &page.names, words)
            .or_else(|| value.text().map(str::to_owned))
            .unwrap_or_else(|| words.t("record-hidden")),
    }
}
