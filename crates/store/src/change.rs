//! The change log: who changed what, when, in the order of the commits. It holds names of columns and small old
//! values, never content of mail (decisions 2 and 4).

use crate::commit::{Commit, Failure, Stamp};
use crate::db::Db;
use anyhow::Result;
use domain::entity::{EntityDef, FieldKind};
use domain::id::{Guid, RecordRef};
use domain::record::{Record, Value, Values};
use serde_json::{Map, json};
use std::hash::{DefaultHasher, Hash, Hasher};

/// What happened to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    Create,
    Update,
    Delete,
    Restore,
    Erase,
}

impl Operation {
    /// As it stands in `change.operation`.
    pub fn name(self) -> &'static str {
        match self {
            Operation::Create => "create",
            Operation::Update => "update",
            Operation::Delete => "delete",
            Operation::Restore => "restore",
            Operation::Erase => "erase",
        }
    }
}

/// An old value longer than this stays out: history is not a second copy of the record.
const LONGEST_OLD_VALUE: usize = 200;
/// Numbered at a time, so that no statement takes long.
const NUMBERED_AT_ONCE: u32 = 10_000;

/// One line of the log. `version`: the one that the change makes.
pub(crate) fn add(
    commit: &mut Commit,
    record: &RecordRef,
    operation: Operation,
    version: i64,
    columns: &str,
    stamp: Stamp,
) {
    // The key says all that is unique about a change: the same key is the same change.
    commit.push(
        "INSERT INTO change (changeid, number, entity, recordid, operation, userid, changedon, columns)
         VALUES ($1, NULL, $2, $3, $4, $5, $6, $7) ON CONFLICT (changeid) DO NOTHING",
        vec![
            key(record, operation, version, stamp).into(),
            record.entity.as_str().into(),
            record.id.into(),
            operation.name().into(),
            stamp.by.into(),
            stamp.at.into(),
            columns.into(),
        ],
    );
}

/// Made from what is unique about the change, because the store draws no random numbers. Ordered by time.
fn key(record: &RecordRef, operation: Operation, version: i64, stamp: Stamp) -> Guid {
    let mut hasher = DefaultHasher::new();
    (record, operation, version, stamp.at, stamp.by).hash(&mut hasher);
    let mut tail = [0; 10];
    tail[..8].copy_from_slice(&hasher.finish().to_be_bytes());
    tail[8..].copy_from_slice(&version.to_be_bytes()[6..]);
    Guid::v7(u64::try_from(stamp.at.0 / 1000).unwrap_or_default(), tail)
}

/// JSON: `{"name": {"was": "Contoso"}, "description": {}}`. `was` is missing for what is long, and for the texts of
/// activities, which are content of mail.
pub(crate) fn old_values(def: &EntityDef, before: &Record, changed: &Values) -> String {
    let columns: Map<String, serde_json::Value> = changed
        .keys()
        .filter_map(|name| def.column(name))
        .map(|column| {
            let was = match column.kind {
                FieldKind::Memo | FieldKind::Key => None,
                FieldKind::Text if def.activity => None,
                _ => before.values.get(&column.name).and_then(small),
            };
            (column.name.clone(), was.map_or(json!({}), |it| json!({ "was": it })))
        })
        .collect();
    serde_json::Value::Object(columns).to_string()
}

fn small(value: &Value) -> Option<serde_json::Value> {
    match value {
        Value::Null => Some(serde_json::Value::Null),
        Value::Bool(bool) => Some(json!(bool)),
        Value::Int(int) => Some(json!(int)),
        Value::Float(float) => Some(json!(float)),
        Value::Choices(choices) => Some(json!(choices)),
        Value::Time(time) => Some(json!(time.0)),
        Value::Ref(record) => Some(json!(record.to_string())),
        Value::Text(text) => (text.len() <= LONGEST_OLD_VALUE).then(|| json!(text)),
        Value::Bytes(_) => None,
    }
}

/// What the record was called and held is forgotten; that it was there is not.
pub(crate) fn forget_values(commit: &mut Commit, record: &RecordRef) {
    commit.push(
        "UPDATE change SET columns = '{}' WHERE recordid = $1 AND entity = $2",
        vec![record.id.into(), record.entity.as_str().into()],
    );
}

/// Numbers the committed changes that have no number yet, and gives the highest number there is (0: none).
/// Readers of the log look at numbered rows only, and so never miss one below a number they have seen.
///
/// The rule, on both engines: a change is written without a number; this statement sees committed rows only and
/// continues behind the highest number. Two at once want the same numbers: the unique index lets one win, and the
/// other, which then numbered nothing, has nothing left to do. So no lease is needed.
pub async fn number(db: &Db) -> Result<i64> {
    loop {
        let sql = "SELECT (SELECT COALESCE(MAX(number), 0) FROM change),
                          (SELECT COUNT(*) FROM (SELECT 1 FROM change WHERE number IS NULL LIMIT 1) AS waiting)";
        let Some(row) = db.row(sql, &[]).await? else { return Ok(0) };
        if row.int(1)? == 0 {
            return row.int(0);
        }
        let mut commit = Commit::new();
        commit.push(
            format!(
                "UPDATE change SET number = waiting.place + (SELECT COALESCE(MAX(number), 0) FROM change)
                 FROM (SELECT changeid AS id, ROW_NUMBER() OVER (ORDER BY changedon, changeid) AS place
                       FROM (SELECT changeid, changedon FROM change WHERE number IS NULL
                             ORDER BY changedon, changeid LIMIT {NUMBERED_AT_ONCE}) AS oldest) AS waiting
                 WHERE change.changeid = waiting.id AND change.number IS NULL"
            ),
            vec![],
        );
        match db.commit(commit).await {
            Ok(()) | Err(Failure::Changed) => {}
            Err(Failure::Broken(error)) => return Err(error),
        }
    }
}

/// One line of the log, as it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub record: RecordRef,
    /// [`Operation::name`].
    pub operation: String,
    pub by: Guid,
    pub at: domain::time::Timestamp,
    /// JSON by column, with `was` where the old value was kept.
    pub columns: String,
}

/// The history of one record, newest first. `before` continues behind a line seen earlier.
pub async fn of_record(
    db: &Db,
    record: &RecordRef,
    before: Option<domain::time::Timestamp>,
    limit: u32,
) -> Result<Vec<Line>> {
    let sql = format!(
        "SELECT entity, recordid, operation, userid, changedon, columns FROM change
         WHERE recordid = $1 AND entity = $2 AND changedon < $3 ORDER BY changedon DESC, changeid DESC LIMIT {limit}"
    );
    let before = before.map_or(i64::MAX, |it| it.0);
    let rows = db.rows(&sql, &[record.id.into(), record.entity.as_str().into(), before.into()]).await?;
    rows.iter().map(line).collect()
}

fn line(row: &crate::db::Row) -> Result<Line> {
    Ok(Line {
        record: RecordRef::new(row.text(0)?, row.guid(1)?),
        operation: row.text(2)?.to_owned(),
        by: row.guid(3)?,
        at: row.time(4)?,
        columns: row.text(5)?.to_owned(),
    })
}

/// The numbered lines behind this number, about records of one type or of all, in order: at most `limit`.
pub async fn since(db: &Db, entity: Option<&str>, number: i64, limit: u32) -> Result<Vec<(i64, Line)>> {
    let of = if entity.is_some() { " AND entity = $2" } else { "" };
    let sql = format!(
        "SELECT entity, recordid, operation, userid, changedon, columns, number FROM change
         WHERE number > $1{of} ORDER BY number LIMIT {limit}"
    );
    let mut values = vec![number.into()];
    values.extend(entity.map(Into::into));
    let rows = db.rows(&sql, &values).await?;
    rows.iter().map(|row| Ok((row.int(6)?, line(row)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::entity::Catalog;

    #[track_caller]
    fn check(entity: &str, column: &str, old: &str, expected: &str) {
        let catalog = Catalog::standard().unwrap();
        let before = Record::new(entity, Guid::NIL).with(column, old);
        let changed = Values::from([(column.to_owned(), "new".into())]);
        assert_eq!(old_values(catalog.get(entity).unwrap(), &before, &changed), expected);
    }

    #[test]
    fn the_log_keeps_small_old_values_and_no_content() {
        check("account", "name", "Contoso", r#"{"name":{"was":"Contoso"}}"#);
        check("account", "name", &"x".repeat(201), r#"{"name":{}}"#);
        check("account", "description", "long talk", r#"{"description":{}}"#);
        check("email", "subject", "private", r#"{"subject":{}}"#);
    }
}
