//! A row of a file as values of a record: cells are read, and names and addresses looked up.

use super::cell::{self, Manner};
use super::mapping::Place;
use crate::{App, Error, Problem, Result, duplicates};
use domain::ask::{Ask, Pick};
use domain::entity::{ColumnDef, EntityDef, FieldKind};
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor};
use domain::record::{Value, Values};
use domain::text::alike;
use formats::sheet::Line;
use std::collections::HashMap;

/// What was looked up before is remembered for so many texts.
const REMEMBERED: usize = 20_000;

/// Why a row is left out.
#[derive(Debug)]
pub enum Fault {
    Of(Problem),
    /// A name that several records have.
    Several {
        column: String,
    },
    /// Several records are like it, and it can be only one of them.
    SeveralTwins,
    /// The key is none.
    NoKey,
    Failed(Error),
}

impl Fault {
    /// The column it is about, when it is about one.
    pub fn column(&self) -> Option<&str> {
        match self {
            Fault::Of(problem) => Some(problem.column()),
            Fault::Several { column } => Some(column),
            Fault::SeveralTwins | Fault::NoKey | Fault::Failed(_) => None,
        }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Fault::Of(problem) => write!(f, "{problem}"),
            Fault::Several { column } => write!(f, "{column} fits several records."),
            Fault::SeveralTwins => write!(f, "Several records are like this one."),
            Fault::NoKey => write!(f, "The key is none."),
            Fault::Failed(error) => write!(f, "{error}"),
        }
    }
}

/// A row that was read.
pub(super) struct Row {
    pub key: Option<Guid>,
    pub values: Values,
    pub faults: Vec<Fault>,
}

#[derive(Debug, Clone)]
enum Looked {
    Nothing,
    One(RecordRef),
    Several,
}

pub(super) struct Rows<'a> {
    pub app: &'a App,
    pub actor: &'a Actor,
    pub def: &'a EntityDef,
    pub places: &'a [Option<Place>],
    pub manner: &'a Manner,
    found: HashMap<(String, String), Looked>,
}

impl<'a> Rows<'a> {
    pub fn new(
        app: &'a App,
        actor: &'a Actor,
        def: &'a EntityDef,
        places: &'a [Option<Place>],
        manner: &'a Manner,
    ) -> Rows<'a> {
        Rows { app, actor, def, places, manner, found: HashMap::new() }
    }

    /// An empty cell says nothing about its column.
    pub async fn read(&mut self, line: &Line) -> Result<Row> {
        let mut row = Row { key: None, values: Values::new(), faults: vec![] };
        for (place, text) in self.places.iter().zip(&line.cells) {
            let Some(place) = place.as_ref().filter(|_| !text.is_empty()) else { continue };
            let (column, read) = match place {
                Place::Key => {
                    row.key = text.rsplit('/').next().and_then(|it| it.parse().ok());
                    if row.key.is_none() {
                        row.faults.push(Fault::NoKey);
                    }
                    continue;
                }
                Place::Id(column) => (column, self.by_key(column, text)),
                Place::Column(column) => (column, self.cell(column, text).await?),
            };
            match read {
                Ok(value) => _ = row.values.insert(column.clone(), value),
                Err(fault) => row.faults.push(fault),
            }
        }
        Ok(row)
    }

    fn by_key(&self, column: &str, text: &str) -> std::result::Result<Value, Fault> {
        let missing = || Fault::Of(Problem::NoRecord { column: column.to_owned() });
        let lookup = self.def.column(column).ok_or_else(missing)?;
        let record = match (text.parse::<RecordRef>(), lookup.targets.as_slice()) {
            (Ok(record), _) => Some(record),
            (Err(_), [only]) => text.parse().ok().map(|id| RecordRef::new(only, id)),
            _ => None,
        };
        record.map(Value::Ref).ok_or_else(missing)
    }

    async fn cell(&mut self, column: &str, text: &str) -> Result<std::result::Result<Value, Fault>> {
        let Some(column) = self.def.column(column) else {
            return Ok(Err(Fault::Of(Problem::Unknown { column: column.to_owned() })));
        };
        if column.kind != FieldKind::Lookup {
            return Ok(cell::read(column, text, self.manner).map_err(Fault::Of));
        }
        Ok(match self.look_up(column, text).await? {
            Looked::One(record) => Ok(Value::Ref(record)),
            Looked::Several => Err(Fault::Several { column: column.name.clone() }),
            Looked::Nothing => Err(Fault::Of(Problem::NoRecord { column: column.name.clone() })),
        })
    }

    /// The record that the text names, by its own name or an e-mail address of it.
    async fn look_up(&mut self, column: &ColumnDef, text: &str) -> Result<Looked> {
        let key = (column.name.clone(), alike(text));
        if let Some(known) = self.found.get(&key) {
            return Ok(known.clone());
        }
        let mut found = Looked::Nothing;
        for target in &column.targets {
            found = match (found, self.named(target, text).await?.as_slice()) {
                (found, []) => found,
                (Looked::Nothing, [one]) => Looked::One(one.clone()),
                _ => Looked::Several,
            };
        }
        if self.found.len() >= REMEMBERED {
            self.found.clear();
        }
        self.found.insert(key, found.clone());
        Ok(found)
    }

    async fn named(&self, entity: &str, text: &str) -> Result<Vec<RecordRef>> {
        let Some(def) = self.app.catalog.get(entity).filter(|_| self.actor.may(Action::Read, entity)) else {
            return Ok(vec![]);
        };
        let mut ways = vec![duplicates::holding(def, &[&def.primary], text)];
        let addresses = duplicates::addresses(def);
        if text.contains('@') && !addresses.is_empty() {
            ways.push(duplicates::holding(def, &addresses, text));
        }
        let mut found: Vec<RecordRef> = vec![];
        for filter in ways {
            let mut ask = Ask::of(entity);
            ask.source.filter = filter;
            ask.source.columns = Pick::These(vec![def.primary.clone()]);
            ask.limit = 2;
            let answer = crate::ask::ask(self.app, self.actor, &ask).await?;
            let records = answer.rows.iter().map(|it| it.record.reference());
            found.extend(records.filter(|it| !found.contains(it)).collect::<Vec<_>>());
        }
        Ok(found)
    }
}
