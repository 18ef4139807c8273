//! A list as rows of a file: page by page, so that it takes no more memory than one page.

use super::cell::{self, Manner};
use crate::lists::{self, Wanted};
use crate::{App, Error, Result};
use chrono::SecondsFormat;
use domain::ask::{Pick, Place};
use domain::entity::{ColumnDef, EntityDef, FieldKind};
use domain::id::RecordRef;
use domain::privilege::Actor;
use domain::record::{Record, Value};
use formats::sheet::{self, Separator};
use serde_json::{Map, json};
use std::collections::BTreeMap;

/// Rows that are asked for at once.
const PAGE: u32 = 500;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv(Separator),
    Json,
}

/// What headings say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Headings {
    /// Labels in the reader's language.
    Labels,
    /// Logical names.
    Names,
}

/// An export under way.
pub struct Export {
    pub def: EntityDef,
    /// As many as were given out.
    pub rows: u64,
    wanted: Wanted,
    columns: Vec<ColumnDef>,
    format: Format,
    headings: Headings,
    manner: Manner,
    state: State,
}

#[derive(Debug, Clone, PartialEq)]
enum State {
    Fresh,
    Next(Place),
    Ended,
}

/// All columns that people see: in forms, and who made and changed a record when.
pub fn all_columns(def: &EntityDef) -> Vec<String> {
    let front = def.form().filter(|it| lists::is_offered(it));
    let back = def.columns.iter().filter(|it| it.internal && lists::is_offered(it));
    front.chain(back).map(|it| it.name.clone()).collect()
}

impl Export {
    /// Of what is wanted, from its beginning. Fails for a type that is not there.
    pub fn new(
        app: &App,
        wanted: Wanted,
        format: Format,
        headings: Headings,
        manner: Manner,
    ) -> Result<Export> {
        let def = app.catalog.get(&wanted.entity).ok_or(Error::NotFound)?.clone();
        let mut columns: Vec<ColumnDef> = def.column(&def.primary).into_iter().cloned().collect();
        let others = wanted.columns.iter().filter(|it| **it != def.primary);
        columns
            .extend(others.filter_map(|it| def.column(it)).filter(|it| it.kind != FieldKind::Key).cloned());
        let wanted = Wanted { after: None, ..wanted };
        Ok(Export { def, rows: 0, wanted, columns, format, headings, manner, state: State::Fresh })
    }

    /// The next piece of the file; `None` behind its end. The first one tells whether the actor may read any of it.
    pub async fn next(&mut self, app: &App, actor: &Actor) -> Result<Option<String>> {
        let (first, after) = match std::mem::replace(&mut self.state, State::Ended) {
            State::Ended => return Ok(None),
            State::Fresh => (true, None),
            State::Next(place) => (false, Some(place)),
        };
        let mut ask = lists::question_of(app, actor, &self.def, &Wanted { after, ..self.wanted.clone() });
        (ask.limit, ask.count) = (PAGE, false);
        ask.source.columns = Pick::These(self.columns.iter().map(|it| it.name.clone()).collect());
        let answer = crate::ask::ask(app, actor, &ask).await?;
        let records: Vec<Record> = answer.rows.into_iter().map(|it| it.record).collect();
        let pointed: Vec<RecordRef> =
            records.iter().flat_map(|it| it.values.values()).filter_map(Value::record).cloned().collect();
        let names = crate::records::names(app, actor, &pointed).await?;
        if let Some(next) = answer.next {
            self.state = State::Next(next);
        }
        Ok(Some(self.piece(&records, &names, first)))
    }

    fn piece(&mut self, records: &[Record], names: &BTreeMap<RecordRef, String>, first: bool) -> String {
        let before = self.rows;
        self.rows += records.len() as u64;
        let ended = self.state == State::Ended;
        match self.format {
            Format::Csv(separator) => {
                let mut text = if first { self.heading(separator) } else { String::new() };
                text.extend(records.iter().map(|it| sheet::line(self.cells(it, names), separator)));
                text
            }
            Format::Json => {
                let mut text = String::from(if first { "[" } else { "" });
                for (at, record) in (before..).zip(records) {
                    text.push_str(if at == 0 { "\n" } else { ",\n" });
                    text.push_str(&self.object(record, names).to_string());
                }
                text.push_str(if ended { "\n]\n" } else { "" });
                text
            }
        }
    }

    fn heading(&self, separator: Separator) -> String {
        let mut cells = vec![self.def.key_column()];
        for column in &self.columns {
            let label = (self.manner.label)(&column.label);
            let alike = self.columns.iter().filter(|it| (self.manner.label)(&it.label) == label).count();
            let said = match self.headings {
                Headings::Labels if alike == 1 => sheet::guarded(label).into_owned(),
                Headings::Labels | Headings::Names => column.name.clone(),
            };
            if column.kind == FieldKind::Lookup {
                cells.extend([said.clone(), format!("{said} (id)")]);
            } else {
                cells.push(said);
            }
        }
        format!("{}{}", sheet::MARK, sheet::line(cells, separator))
    }

    fn cells(&self, record: &Record, names: &BTreeMap<RecordRef, String>) -> Vec<String> {
        let mut cells = vec![record.id.to_string()];
        for column in &self.columns {
            let value = record.get(&column.name);
            cells.push(cell::written(column, value, names, &self.manner));
            if column.kind == FieldKind::Lookup {
                cells.push(value.record().map_or_else(String::new, |it| key(column, it)));
            }
        }
        cells
    }

    fn object(&self, record: &Record, names: &BTreeMap<RecordRef, String>) -> serde_json::Value {
        let mut object = Map::new();
        object.insert(self.def.key_column(), json!(record.id.to_string()));
        for column in &self.columns {
            let value = of_json(column, record.get(&column.name), names, &self.manner);
            object.insert(column.name.clone(), value);
        }
        object.into()
    }
}

/// A lookup to several types says which one it is.
fn key(column: &ColumnDef, record: &RecordRef) -> String {
    if column.targets.len() == 1 { record.id.to_string() } else { record.to_string() }
}

fn of_json(
    column: &ColumnDef,
    value: &Value,
    names: &BTreeMap<RecordRef, String>,
    manner: &Manner,
) -> serde_json::Value {
    let label =
        |it: i64| json!({"value": it, "label": column.option(it).map(|it| (manner.label)(&it.label))});
    #[expect(clippy::cast_precision_loss, reason = "Numbers of JSON have no more digits.")]
    match (&column.kind, value) {
        (FieldKind::Choice, Value::Int(it)) => label(*it),
        (FieldKind::Choices, Value::Choices(all)) => all.iter().map(|it| label(*it)).collect(),
        (FieldKind::Money, Value::Int(it)) => json!(*it as f64 / 10_000.0),
        (FieldKind::Decimal, Value::Int(it)) => json!(*it as f64 / 1_000_000.0),
        (FieldKind::Date | FieldKind::File, _) => {
            let text = cell::written(column, value, names, manner);
            if text.is_empty() { json!(null) } else { json!(text) }
        }
        (_, Value::Time(it)) => json!(it.utc().map(|it| it.to_rfc3339_opts(SecondsFormat::AutoSi, true))),
        (_, Value::Ref(it)) => json!({"type": it.entity, "id": it.id.to_string(), "name": names.get(it)}),
        (_, Value::Text(it)) => json!(it),
        (_, Value::Int(it)) => json!(it),
        (_, Value::Float(it)) => json!(it),
        (_, Value::Bool(it)) => json!(it),
        (_, Value::Null | Value::Bytes(_) | Value::Choices(_)) => json!(null),
    }
}
