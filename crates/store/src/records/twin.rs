//! Each activity stands a second time in `activitypointer`, so that all kinds make one list (decision 7).

use super::write::{Bin, insert_row, set_columns};
use crate::commit::{Commit, Stamp};
use crate::records::cells;
use crate::scope::definition;
use anyhow::Result;
use domain::entity::{Catalog, EntityDef};
use domain::record::{Record, Value, Values};

fn pointer(catalog: &Catalog) -> Result<&EntityDef> {
    definition(catalog, "activitypointer")
}

/// Which columns of the activity decide the date under which it stands in lists, best first.
const DATES: [&str; 4] = ["senton", "actualend", "scheduledend", "createdon"];

/// The values of the twin that follow from `values` of the activity; `whole` is all of the activity, after them.
fn values(pointer: &EntityDef, values: &Values, whole: &Record) -> Values {
    let mut twin: Values = Values::new();
    for column in &pointer.columns {
        if let Some(value) = values.get(&column.name) {
            twin.insert(column.name.clone(), value.clone());
        }
    }
    if DATES.iter().any(|it| values.contains_key(*it)) {
        let date = DATES.iter().map(|it| whole.get(it)).find(|it| !it.is_null());
        twin.insert("sortdate".to_owned(), date.cloned().unwrap_or(Value::Null));
    }
    // Each kind of activity has statuses of its own; the twin knows one per state.
    twin.remove("statuscode");
    if let Some(state) = twin.get("statecode").and_then(Value::int) {
        let status =
            pointer.column("statuscode").and_then(|it| it.options.iter().find(|it| it.state == Some(state)));
        twin.insert("statuscode".to_owned(), status.map(|it| it.value).into());
    }
    twin
}

pub(super) fn create(commit: &mut Commit, catalog: &Catalog, activity: &Record) -> Result<()> {
    let pointer = pointer(catalog)?;
    let mut twin = Record::new(&pointer.name, activity.id);
    twin.values = values(pointer, &activity.values, activity);
    twin.values.insert("activitytypecode".to_owned(), activity.entity.as_str().into());
    insert_row(commit, pointer, &twin)
}

/// `changed` are the changed columns of the activity, `after` all of it as it will be.
pub(super) fn update(commit: &mut Commit, catalog: &Catalog, after: &Record, changed: &Values) -> Result<()> {
    let pointer = pointer(catalog)?;
    let cells = cells::columns(pointer, &values(pointer, changed, after))?;
    let mut sql = set_columns(pointer, cells);
    sql.push(" WHERE t.activityid = ").value(after.id);
    commit.push_one(sql.text, sql.values);
    Ok(())
}

/// Goes where its activity goes.
pub(super) fn recycle(commit: &mut Commit, activity: &Record, stamp: Stamp, bin: Bin) {
    commit.push_one(
        "UPDATE activitypointer SET recycledon = $1, versionnumber = versionnumber + 1, modifiedon = $2, modifiedby = $3
         WHERE activityid = $4",
        vec![bin.recycledon(stamp), stamp.at.into(), stamp.by.into(), activity.id.into()],
    );
}
