//! Who changed what, when: the change log as people and other programs read it.

use crate::{App, Error, Result};
use domain::entity::{ColumnDef, EntityDef, FieldKind};
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor};
use domain::record::{Record, Value};
use domain::time::Timestamp;
use std::collections::BTreeMap;
use store::change;

/// One change of a record, with the names of everybody and everything in it that the reader may see.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub at: Timestamp,
    pub by: Guid,
    /// `create`, `update`, `delete`, `restore` or `erase`.
    pub operation: String,
    pub columns: Vec<Changed>,
}

/// A column in a change.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    pub column: String,
    /// `None`: it was too long to be kept, or is content of mail.
    pub was: Option<Value>,
    /// What the change made of it, as far as later changes or the record itself tell.
    pub became: Option<Value>,
}

/// A record's history and the names of those in it.
#[derive(Debug, Clone)]
pub struct History {
    pub events: Vec<Event>,
    pub names: BTreeMap<RecordRef, String>,
    /// Where older changes go on.
    pub before: Option<Timestamp>,
}

/// Changes on one page.
const SHOWN: u32 = 50;

/// Newest first. Whoever may read the record may read its history.
pub async fn of_record(
    app: &App,
    actor: &Actor,
    record: &RecordRef,
    before: Option<Timestamp>,
) -> Result<History> {
    let def = app.catalog.get(&record.entity).ok_or(Error::NotFound)?;
    let scope = actor.scope(Action::Read, &def.name);
    let now = store::records::get(&app.db, &app.catalog, record, &scope).await?.ok_or(Error::NotFound)?;
    let lines = change::of_record(&app.db, record, None, 1_000).await?;
    let all = events(def, &now, &lines);
    let mut shown: Vec<Event> = all.into_iter().filter(|it| before.is_none_or(|end| it.at < end)).collect();
    let more = shown.len() > SHOWN as usize;
    shown.truncate(SHOWN as usize);
    let named = shown.iter().flat_map(mentioned).collect::<Vec<_>>();
    Ok(History {
        names: crate::records::names(app, actor, &named).await?,
        before: shown.last().map(|it| it.at).filter(|_| more),
        events: shown,
    })
}

fn mentioned(event: &Event) -> Vec<RecordRef> {
    let values = event.columns.iter().flat_map(|it| [&it.was, &it.became]).flatten();
    let records = values.filter_map(Value::record).cloned();
    records.chain([RecordRef::new("systemuser", event.by)]).collect()
}

/// Lines say what was; what became of it is what the next newer one says was, or what the record holds now.
fn events(def: &EntityDef, now: &Record, lines: &[change::Line]) -> Vec<Event> {
    let mut later: BTreeMap<String, Option<Value>> = BTreeMap::new();
    let mut events = Vec::new();
    for line in lines {
        let columns: BTreeMap<String, serde_json::Value> =
            serde_json::from_str(&line.columns).unwrap_or_default();
        let mut changed = Vec::new();
        for (name, kept) in columns {
            let Some(column) = def.column(&name).filter(|it| is_told(it)) else { continue };
            let was = kept.get("was").and_then(|it| read(column, it));
            let became = later.get(&name).cloned().unwrap_or_else(|| told(def, column, now.get(&name)));
            later.insert(name.clone(), was.clone());
            changed.push(Changed { column: name, was, became });
        }
        if line.operation != "update" || !changed.is_empty() {
            let (at, by, operation) = (line.at, line.by, line.operation.clone());
            events.push(Event { at, by, operation, columns: changed });
        }
    }
    events
}

/// Who changed it and when stands beside the change already.
fn is_told(column: &ColumnDef) -> bool {
    !matches!(column.name.as_str(), "modifiedon" | "modifiedby") && column.kind != FieldKind::Key
}

/// What the log would not keep, history does not tell either.
fn told(def: &EntityDef, column: &ColumnDef, value: &Value) -> Option<Value> {
    let content = column.kind == FieldKind::Memo || (def.activity && column.kind == FieldKind::Text);
    (!content).then(|| value.clone())
}

/// The opposite of what `store::change` writes.
fn read(column: &ColumnDef, kept: &serde_json::Value) -> Option<Value> {
    use serde_json::Value as Json;
    Some(match (kept, &column.kind) {
        (Json::Null, _) => Value::Null,
        (Json::Bool(it), _) => Value::Bool(*it),
        (Json::Number(it), FieldKind::Date | FieldKind::DateTime) => Value::Time(Timestamp(it.as_i64()?)),
        (Json::Number(it), FieldKind::Float) => Value::Float(it.as_f64()?),
        (Json::Number(it), _) => Value::Int(it.as_i64()?),
        (Json::String(it), FieldKind::Lookup) => Value::Ref(it.parse().ok()?),
        (Json::String(it), _) => Value::Text(it.clone()),
        (Json::Array(all), _) => Value::Choices(all.iter().map(Json::as_i64).collect::<Option<_>>()?),
        (Json::Object(_), _) => return None,
    })
}

/// The number of the newest change there is.
pub async fn latest(app: &App) -> Result<i64> {
    Ok(change::number(&app.db).await?)
}

/// The keys of the records of one type that changed behind this number, and the number up to which that is said.
/// Whether the reader may see them is for whoever shows them to ask.
pub async fn changed(app: &App, entity: &str, since: i64, limit: u32) -> Result<(Vec<Guid>, i64)> {
    let latest = latest(app).await?;
    let lines = change::since(&app.db, Some(entity), since, limit).await?;
    let whole = lines.len() < limit as usize;
    let until = if whole { latest } else { lines.last().map_or(latest, |it| it.0) };
    Ok((lines.into_iter().map(|it| it.1.record.id).collect(), until))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::entity::Catalog;

    #[test]
    fn a_change_tells_what_was_and_what_became_of_it() {
        let catalog = Catalog::standard().unwrap();
        let def = catalog.get("account").unwrap();
        let now = Record::new("account", Guid::NIL).with("name", "Contoso AB");
        let line = |at, columns: &str| change::Line {
            record: now.reference(),
            operation: "update".into(),
            by: Guid::NIL,
            at: Timestamp(at),
            columns: columns.into(),
        };
        let lines = [
            line(2, r#"{"name":{"was":"Contoso"},"description":{}}"#),
            line(1, r#"{"name":{"was":"Kontoso"}}"#),
        ];
        let events = events(def, &now, &lines);
        let name = |at: usize| events[at].columns.iter().find(|it| it.column == "name").unwrap().clone();
        assert_eq!((name(0).was, name(0).became), (Some("Contoso".into()), Some("Contoso AB".into())));
        assert_eq!((name(1).was, name(1).became), (Some("Kontoso".into()), Some("Contoso".into())));
        let description = &events[0].columns[0];
        assert_eq!((description.was.clone(), description.became.clone()), (None, None));
    }
}
