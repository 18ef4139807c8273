//! Lookups are compared by key, and by type where one leads to several.

use super::{Asking, Sql, column_of, joined, senseless};
use crate::db::Cell;
use crate::ddl::literal;
use crate::scope::{Rows, is_twin};
use anyhow::Result;
use domain::entity::FieldKind;
use domain::id::{Guid, RecordRef};
use domain::record::Value;
use std::collections::BTreeMap;

/// A column that holds keys, and of which type they are.
pub(crate) struct Side {
    place: String,
    leads: Leads,
}

enum Leads {
    To(String),
    /// The type stands in this place.
    AsSaid(String),
    /// To any activity: the twin's key is its activity's.
    ToActivities,
}

/// Fails for a column that is neither a lookup nor the key.
pub(crate) fn side(rows: Rows<'_>, name: &str) -> Result<Side> {
    let leads_to = |entity: &str| match rows.catalog.get(entity) {
        Some(def) if is_twin(def) => Leads::ToActivities,
        _ => Leads::To(entity.to_owned()),
    };
    let place = rows.column(name);
    if name == rows.def.key_column() {
        return Ok(Side { place, leads: leads_to(&rows.def.name) });
    }
    let column = column_of(rows.def, name)?;
    match (&column.kind, column.targets.first()) {
        (FieldKind::Lookup, _) if column.has_type_column() => {
            Ok(Side { place, leads: Leads::AsSaid(rows.column(&column.type_column())) })
        }
        (FieldKind::Lookup, Some(only)) => Ok(Side { place, leads: leads_to(only) }),
        _ => senseless(format!("{}.{name} leads to no record.", rows.def.name)),
    }
}

/// Both hold the key of the same record: true, or otherwise not true.
pub(crate) fn same(sql: &mut Sql, left: &Side, right: &Side) {
    sql.push(&left.place).push(" = ").push(&right.place);
    if let Some(kinds) = same_type(left, right) {
        sql.push(" AND ").push(&kinds);
    }
}

/// As [`same`], and unknown where one of them is empty.
pub(super) fn same_or_unknown(sql: &mut Sql, left: &Side, right: &Side) {
    let keys = format!("{} = {}", left.place, right.place);
    let kinds = same_type(left, right).unwrap_or_else(|| "TRUE".to_owned());
    sql.push(&format!("CASE WHEN {keys} THEN {kinds} ELSE {keys} END"));
}

/// The condition that they lead to the same type; `None` where there is nothing to ask.
fn same_type(left: &Side, right: &Side) -> Option<String> {
    match (&left.leads, &right.leads) {
        (Leads::ToActivities, _) | (_, Leads::ToActivities) => None,
        (Leads::To(one), Leads::To(other)) => (one != other).then(|| "FALSE".to_owned()),
        (Leads::To(entity), Leads::AsSaid(place)) | (Leads::AsSaid(place), Leads::To(entity)) => {
            Some(format!("{place} = {}", literal(entity)))
        }
        (Leads::AsSaid(one), Leads::AsSaid(other)) => Some(format!("{one} = {other}")),
    }
}

/// The key or lookup leads to one of these. A reference without a type, or 16 bytes, means the key alone.
pub(super) fn one_of(sql: &mut Sql, asking: Asking<'_>, name: &str, values: &[Value]) -> Result<()> {
    let mut by_type: BTreeMap<&str, Vec<Cell>> = BTreeMap::new();
    for value in values {
        let (entity, id) = wanted(asking, name, value)?;
        by_type.entry(entity).or_default().push(id.into());
    }
    let ids: Vec<Cell> = by_type.values().flatten().cloned().collect();
    let through_twin = is_regarding(asking, name) && asking.positive;
    sql.push(if through_twin { "(" } else { "" });
    if by_type.keys().all(|it| it.is_empty()) {
        sql.push(&asking.place(name)).one_of(ids.clone());
    } else {
        let all: Vec<(&str, Vec<Cell>)> = by_type.into_iter().collect();
        match all.as_slice() {
            [only] => of_type(sql, asking, name, only)?,
            several => joined(sql, several, (" OR ", "FALSE"), &|sql, it| of_type(sql, asking, name, it))?,
        }
    }
    if through_twin {
        // What an activity is regarding is indexed at its twin alone.
        sql.push(" AND ").push(&asking.rows.key());
        sql.push(" IN (SELECT activityid FROM activitypointer WHERE regardingobjectid")
            .one_of(ids)
            .push("))");
    }
    Ok(())
}

fn is_regarding(asking: Asking<'_>, name: &str) -> bool {
    name == "regardingobjectid" && asking.def().activity && !is_twin(asking.def())
}

fn of_type(sql: &mut Sql, asking: Asking<'_>, name: &str, (entity, ids): &(&str, Vec<Cell>)) -> Result<()> {
    let place = asking.place(name);
    if entity.is_empty() {
        sql.push(&place).one_of(ids.clone());
        return Ok(());
    }
    let lookup = column_of(asking.def(), name)?;
    sql.push("(").push(&place).one_of(ids.clone()).push(" AND ");
    sql.push(&asking.place(&lookup.type_column())).push(" = ").value(*entity).push(")");
    Ok(())
}

/// The type that must stand beside the key, empty where none does, and the key.
fn wanted<'v>(asking: Asking<'_>, name: &str, value: &'v Value) -> Result<(&'v str, Guid)> {
    let record = match value {
        Value::Ref(record) => record,
        Value::Bytes(bytes) => {
            return match Guid::from_bytes(bytes) {
                Some(id) => Ok(("", id)),
                None => senseless(format!("{name} is compared with something that is no key.")),
            };
        }
        _ => return senseless(format!("{name} is compared with something that is no record.")),
    };
    let RecordRef { entity, id } = record;
    if entity.is_empty() {
        return Ok(("", *id));
    }
    let column = asking.def().column(name);
    let kinds: &[String] = match column {
        Some(column) => &column.targets,
        None => std::slice::from_ref(&asking.def().name),
    };
    let is_activity = |it: &str| asking.rows.catalog.get(it).is_some_and(|it| it.activity || is_twin(it));
    let twins =
        is_activity(entity) && kinds.iter().any(|it| it == "activitypointer" || entity == "activitypointer");
    if !kinds.contains(entity) && !twins {
        return senseless(format!("{}.{name} does not lead to {entity}.", asking.def().name));
    }
    let typed = column.is_some_and(domain::entity::ColumnDef::has_type_column) && entity != "activitypointer";
    Ok((if typed { entity } else { "" }, *id))
}
