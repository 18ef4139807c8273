//! Records as JSON: what an answer shows of each, and the annotations beside its values.

use super::call::{Call, Caller, etag};
use super::trouble::Result;
use super::values;
use crate::views::field;
use crate::words::{Language, Words};
use app::ask::Row;
use domain::ask::{Expand, Found, Function, Pick, Way};
use domain::entity::{ColumnDef, EntityDef, FieldKind};
use domain::id::{Guid, RecordRef};
use domain::record::{Record, Value};
use formats::odata::prefer::Annotations;
use formats::question::{Output, Shown};
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

const FORMATTED: &str = "OData.Community.Display.V1.FormattedValue";
const LOGICAL: &str = "Microsoft.Dynamics.CRM.lookuplogicalname";
const NAVIGATION: &str = "Microsoft.Dynamics.CRM.associatednavigationproperty";

/// How this answer writes its records.
pub struct Writer<'a> {
    caller: &'a Caller,
    words: Words,
    formatted: bool,
    logical: bool,
    navigation: bool,
    /// Of the records that lookups lead to; filled only when they are shown.
    names: BTreeMap<RecordRef, String>,
}

impl<'a> Writer<'a> {
    pub fn new(caller: &'a Caller, call: &Call) -> Writer<'a> {
        let wanted: &Annotations = &call.prefer.annotations;
        let language = Language::wished(call.header("accept-language"));
        Writer {
            caller,
            words: Words::new(language, caller.web.settings.time_zone),
            formatted: wanted.wants(FORMATTED),
            logical: wanted.wants(LOGICAL),
            navigation: wanted.wants(NAVIGATION),
            names: BTreeMap::new(),
        }
    }

    fn def(&self, entity: &str) -> Option<&EntityDef> {
        self.caller.app().catalog.get(entity)
    }

    /// Looks up what the records' lookups are called, if that will be shown.
    pub async fn learn_names<'r>(&mut self, records: impl Iterator<Item = &'r Record>) -> Result<()> {
        if !self.formatted {
            return Ok(());
        }
        let pointed: BTreeSet<RecordRef> =
            records.flat_map(|it| it.values.values()).filter_map(Value::record).cloned().collect();
        let pointed: Vec<RecordRef> = pointed.into_iter().collect();
        let (app, actor) = (self.caller.app(), &self.caller.actor);
        self.names = app::records::names(app, actor, &pointed).await?;
        Ok(())
    }

    /// A record with everything expanded below it.
    pub fn row(&self, row: &Row, pick: &Pick, expand: &[Expand]) -> Map<String, Json> {
        let mut out = self.record(&row.found.record, pick);
        for each in expand {
            let below = row.below.get(&each.name).map(Vec::as_slice).unwrap_or_default();
            out.insert(each.name.clone(), self.below(each, below));
        }
        out
    }

    fn below(&self, expand: &Expand, rows: &[Row]) -> Json {
        let one = |row: &Row| {
            if expand.only_ref {
                return self.reference(&row.found.record);
            }
            Json::Object(self.row(row, &expand.ask.source.columns, &expand.expand))
        };
        match expand.way {
            Way::One { .. } => rows.first().map_or(Json::Null, one),
            Way::Many { .. } | Way::Across { .. } => rows.iter().map(one).collect(),
        }
    }

    /// Where a record is, and nothing else of it.
    pub fn reference(&self, record: &Record) -> Json {
        let address = self.def(&record.entity).map(|it| self.caller.address(it, record.id));
        json!({ "@odata.id": address })
    }

    /// Its version, its key, and the columns picked.
    fn record(&self, record: &Record, pick: &Pick) -> Map<String, Json> {
        let mut out = Map::new();
        let Some(def) = self.def(&record.entity) else { return out };
        out.insert("@odata.etag".to_owned(), json!(etag(record.version)));
        out.insert(def.key_column(), json!(record.id));
        let shown = |it: &&ColumnDef| match pick {
            Pick::All => values::is_shown(it),
            Pick::These(names) => names.contains(&it.name),
        };
        for column in def.columns.iter().filter(shown) {
            self.value(&mut out, def, column, &values::property(column), record.get(&column.name));
        }
        if *pick == Pick::All {
            out.insert("versionnumber".to_owned(), json!(record.version));
        }
        out
    }

    /// A value under the name of its property, with what is wanted beside it.
    fn value(
        &self,
        out: &mut Map<String, Json>,
        def: &EntityDef,
        column: &ColumnDef,
        name: &str,
        value: &Value,
    ) {
        out.insert(name.to_owned(), values::written(column, value));
        if value.is_null() {
            return;
        }
        if let (FieldKind::File, Value::Text(cell)) = (&column.kind, value) {
            out.insert(format!("{name}_name"), json!(field::file_name(cell)));
        }
        if let Value::Ref(record) = value {
            if self.logical {
                out.insert(format!("{name}@{LOGICAL}"), json!(record.entity));
            }
            if self.navigation {
                out.insert(format!("{name}@{NAVIGATION}"), json!(column.way(&def.name, &record.entity)));
            }
        }
        if self.formatted
            && let Some(text) = field::plain(column, value, &self.names, &self.words)
        {
            out.insert(format!("{name}@{FORMATTED}"), json!(text));
        }
    }

    /// A row of FetchXML, SQL or totals: what it shows, by the names it gives.
    pub fn fetched(&self, found: &Found, root: &str, outputs: &[Output]) -> Map<String, Json> {
        let mut out = Map::new();
        let record = &found.record;
        let is_record = record.id != Guid::NIL
            && outputs.iter().all(|it| matches!(it.shown, Shown::Column | Shown::Named));
        if let (true, Some(def)) = (is_record, self.def(&record.entity)) {
            out.insert("@odata.etag".to_owned(), json!(etag(record.version)));
            out.insert(def.key_column(), json!(record.id));
        }
        for output in outputs {
            self.output(&mut out, found, root, output);
        }
        out
    }

    fn output(&self, out: &mut Map<String, Json>, found: &Found, root: &str, output: &Output) {
        let is_root = output.alias == root;
        let record = if is_root { Some(&found.record) } else { found.joined.get(&output.alias) };
        let def = self.def(&output.entity);
        let column = def.and_then(|it| it.column(&output.column));
        match (output.shown, def, column) {
            (Shown::Column | Shown::Named, Some(def), Some(column)) => {
                let null = Value::Null;
                let value = record.map_or(&null, |it| it.get(&column.name));
                let own = is_root && output.shown == Shown::Column;
                let name = if own { values::property(column) } else { output.name.clone() };
                self.value(out, def, column, &name, value);
            }
            (Shown::Column | Shown::Named, ..) => {
                out.insert(output.name.clone(), json!(record.map(|it| it.id)));
            }
            (Shown::Group(None), Some(def), Some(column)) => {
                self.value(out, def, column, &output.name, found.record.get(&output.name));
            }
            (Shown::Group(_), ..) => {
                out.insert(output.name.clone(), values::plain(found.record.get(&output.name)));
            }
            (Shown::Measure(function), _, column) => {
                let value = measured(function, column, found.record.get(&output.name));
                if self.formatted {
                    out.insert(format!("{}@{FORMATTED}", output.name), json!(value.to_string()));
                }
                out.insert(output.name.clone(), value);
            }
        }
    }
}

/// A total in the units of its column.
fn measured(function: Function, column: Option<&ColumnDef>, value: &Value) -> Json {
    match (function, column) {
        (Function::Sum | Function::Min | Function::Max, Some(column)) => values::written(column, value),
        (Function::Average, Some(column)) => values::averaged(column, value),
        _ => values::plain(value),
    }
}
