//! What leads to one record leads to another from now on: two records became one.

use super::{cells, twin};
use crate::change::{self, Operation};
use crate::commit::{Commit, Stamp};
use crate::ddl::quoted;
use crate::records::write::set_columns;
use crate::scope::definition;
use anyhow::Result;
use domain::entity::{Catalog, FieldKind, Ownership};
use domain::id::RecordRef;
use domain::record::{Record, Value, Values};

/// These lookups of a record, which all lead to `from`, lead to these values from now on. It asks for no scope: whoever
/// merges two records may write both, whoever the others belong to.
pub fn relink(
    commit: &mut Commit,
    catalog: &Catalog,
    record: &RecordRef,
    from: &RecordRef,
    lookups: &Values,
    stamp: Stamp,
) -> Result<()> {
    let def = definition(catalog, &record.entity)?;
    let mut changed = lookups.clone();
    for (name, value) in
        [("modifiedon", Value::from(stamp.at)), ("modifiedby", RecordRef::new("systemuser", stamp.by).into())]
    {
        changed.extend(def.column(name).map(|it| (it.name.clone(), value)));
    }
    let mut sql = set_columns(def, cells::columns(def, &changed)?);
    sql.push(&format!(" WHERE t.{} = ", quoted(&def.key_column()))).value(record.id);
    for column in lookups.keys() {
        sql.push(&format!(" AND t.{} = ", quoted(column))).value(from.id);
    }
    commit.push_one(sql.text, sql.values);
    if def.activity {
        let mut after = Record::new(&def.name, record.id);
        after.values = changed.clone();
        twin::update(commit, catalog, &after, &changed)?;
    }
    let was = lookups.keys().map(|it| (it.clone(), serde_json::json!({ "was": from.to_string() })));
    let was = serde_json::Value::Object(was.collect());
    change::add(commit, record, Operation::Update, 0, &was.to_string(), stamp);
    Ok(())
}

/// Wherever the one took part in something, or is named by a part, the other is named. In one statement for each kind of
/// part, however many there are.
pub fn relink_parts(commit: &mut Commit, catalog: &Catalog, from: &RecordRef, to: &RecordRef) -> Result<()> {
    for def in catalog.all().filter(|it| it.ownership == Ownership::Child) {
        let whole = def.part_of().map(|it| it.name.as_str());
        let leads = def.columns.iter().filter(|it| {
            it.kind == FieldKind::Lookup
                && it.targets.contains(&from.entity)
                && Some(it.name.as_str()) != whole
        });
        for column in leads {
            let changed = Values::from([(column.name.clone(), Value::Ref(to.clone()))]);
            let mut sql = set_columns(def, cells::columns(def, &changed)?);
            sql.push(&format!(" WHERE t.{} = ", quoted(&column.name))).value(from.id);
            if column.has_type_column() {
                sql.push(&format!(" AND t.{} = ", quoted(&column.type_column()))).value(from.entity.as_str());
            }
            commit.push(sql.text, sql.values);
        }
    }
    Ok(())
}
