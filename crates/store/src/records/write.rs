//! Making, changing, deleting and erasing one record, with everything that hangs on it: words, addresses, the change
//! log, an activity's twin.

use super::{cells, twin};
use crate::change::{self, Operation};
use crate::commit::{Commit, Stamp};
use crate::db::Cell;
use crate::ddl::{has_sortkey, quoted};
use crate::query::Sql;
use crate::scope::{self, Rows, definition};
use crate::{share, words};
use anyhow::{Result, ensure};
use domain::entity::{Catalog, EntityDef, Ownership};
use domain::id::RecordRef;
use domain::privilege::{Action, Scope};
use domain::record::{Record, Value, Values};

/// Written by the store itself, from the stamp.
const STAMPED: [&str; 4] = ["createdon", "createdby", "modifiedon", "modifiedby"];

/// Adds a new record with its words, addresses, change and, for an activity, its twin.
///
/// The owner is the actor unless given; the owning unit must be given. Texts are cut to their columns. Fails for a
/// column that the type does not have, and when the scope is not one for creating such a record. A part (a party, an
/// attachment) is created with a scope of the record it belongs to, and has no change of its own.
pub fn create(
    commit: &mut Commit,
    catalog: &Catalog,
    record: &Record,
    scope: &Scope,
    stamp: Stamp,
) -> Result<()> {
    let def = definition(catalog, &record.entity)?;
    let whole = completed(def, record, stamp)?;
    let id = |column: &str| whole.get(column).record().map(|it| it.id);
    scope::may_create(catalog, def, scope, id("ownerid"), id("owningbusinessunit"))?;
    insert_row(commit, def, &whole)?;
    words::add(commit, def, &whole);
    if def.activity {
        twin::create(commit, catalog, &whole)?;
    }
    log(commit, def, &whole.reference(), Operation::Create, 1, "{}", stamp);
    Ok(())
}

/// With everything that a new record has without being asked.
fn completed(def: &EntityDef, record: &Record, stamp: Stamp) -> Result<Record> {
    refuse_stamped(def, &record.values)?;
    let mut whole = record.clone();
    stamp_columns(def, &mut whole.values, stamp, &STAMPED);
    if def.ownership == Ownership::User {
        let actor = || Value::Ref(RecordRef::new("systemuser", stamp.by));
        whole.values.entry("ownerid".to_owned()).or_insert_with(actor);
        for column in ["ownerid", "owningbusinessunit"] {
            ensure!(!whole.get(column).is_null(), "A new {} was given no {column}", def.name);
        }
    }
    if def.column("statecode").is_some() {
        whole.values.entry("statecode".to_owned()).or_insert(Value::Int(0));
    }
    if let Some(status) = def.column("statuscode") {
        let state = whole.get("statecode").int();
        let first = status.options.iter().find(|it| it.state.is_none() || it.state == state);
        whole.values.entry("statuscode".to_owned()).or_insert_with(|| first.map(|it| it.value).into());
    }
    Ok(whole)
}

fn refuse_stamped(def: &EntityDef, values: &Values) -> Result<()> {
    let written = values.keys().find(|it| STAMPED.contains(&it.as_str()));
    ensure!(
        written.is_none(),
        "{} of {} is written by the store alone",
        written.map_or("", |it| it),
        def.name
    );
    Ok(())
}

fn stamp_columns(def: &EntityDef, values: &mut Values, stamp: Stamp, columns: &[&str]) {
    for name in columns.iter().filter(|it| def.column(it).is_some()) {
        let value = if name.ends_with("by") {
            Value::Ref(RecordRef::new("systemuser", stamp.by))
        } else {
            Value::Time(stamp.at)
        };
        values.insert((*name).to_owned(), value);
    }
}

/// One statement per type, whatever is empty, so that the engines remember few.
pub(super) fn insert_row(commit: &mut Commit, def: &EntityDef, record: &Record) -> Result<()> {
    let mut values = record.values.clone();
    for column in &def.columns {
        values.entry(column.name.clone()).or_insert(Value::Null);
    }
    let mut names = vec![quoted(&def.key_column()), "versionnumber".to_owned()];
    let mut sql = Sql::new();
    for (name, cell) in cells::columns(def, &values)? {
        names.push(quoted(&name));
        sql.push(", ").value(cell);
    }
    let (rest, mut all) = (sql.text, sql.values);
    all.push(record.id.into());
    let key = all.len();
    let (table, names) = (quoted(&def.name), names.join(", "));
    commit.push_one(format!("INSERT INTO {table} ({names}) VALUES (${key}, 1{rest})"), all);
    Ok(())
}

/// Changes the named columns of the record as it was read; the commit fails with `Changed` when it is not at that
/// version any more, or out of the scope's reach. What stays the same is not written; if that is all, nothing is.
///
/// `before` is whole, as [`super::get`] gives it. The scope is one for writing, assigning or appending: which of them
/// a change needs is decided by the operation.
pub fn update(
    commit: &mut Commit,
    catalog: &Catalog,
    before: &Record,
    changed: &Values,
    scope: &Scope,
    stamp: Stamp,
) -> Result<()> {
    let def = definition(catalog, &before.entity)?;
    scope::for_one_of(scope, &[Action::Write, Action::Assign, Action::Append])?;
    refuse_stamped(def, changed)?;
    cells::columns(def, changed)?;
    let mut changed: Values = changed.clone();
    changed.retain(|name, value| before.values.get(name) != Some(value));
    if changed.is_empty() {
        return Ok(());
    }
    let old = change::old_values(def, before, &changed);
    stamp_columns(def, &mut changed, stamp, &["modifiedon", "modifiedby"]);
    let mut after = before.clone();
    after.values.extend(changed.clone());

    let mut sql = set_columns(def, cells::columns(def, &changed)?);
    where_as_read(&mut sql, catalog, def, before, scope, " IS NULL")?;
    commit.push_one(sql.text, sql.values);
    if def.columns.iter().any(|it| words::counts(it) && changed.contains_key(&it.name)) {
        whole(def, &after)?;
        words::remove(commit, def, after.id);
        words::add(commit, def, &after);
    }
    if let Some(name) = changed.get(&def.primary).filter(|_| has_sortkey(def)) {
        share::rename(commit, &after.reference(), cells::sortkey(def, name.text().unwrap_or_default()));
    }
    if def.activity {
        twin::update(commit, catalog, &after, &changed)?;
    }
    log(commit, def, &before.reference(), Operation::Update, before.version + 1, &old, stamp);
    Ok(())
}

/// A record read in part would lose the words of what was not read.
fn whole(def: &EntityDef, record: &Record) -> Result<()> {
    let missing = def.columns.iter().find(|it| words::counts(it) && !record.values.contains_key(&it.name));
    ensure!(missing.is_none(), "A {} was not read whole", def.name);
    Ok(())
}

/// `UPDATE … SET …`, and one version more. The rows are known as `t`.
pub(super) fn set_columns(def: &EntityDef, cells: Vec<(String, Cell)>) -> Sql {
    let mut sql = Sql::new();
    sql.push("UPDATE ").push(&quoted(&def.name)).push(" AS t SET versionnumber = versionnumber + 1");
    for (name, cell) in cells {
        sql.push(", ").push(&quoted(&name)).push(" = ").value(cell);
    }
    sql
}

fn where_as_read(
    sql: &mut Sql,
    catalog: &Catalog,
    def: &EntityDef,
    before: &Record,
    scope: &Scope,
    recycled: &str,
) -> Result<()> {
    let rows = Rows { catalog, def, alias: "t" };
    sql.push(" WHERE ").push(&rows.key()).push(" = ").value(before.id);
    sql.push(" AND t.versionnumber = ").value(before.version);
    sql.push(" AND t.recycledon").push(recycled).push(" AND ");
    scope::reached(sql, rows, scope, None)
}

/// Puts the record into the recycle bin (decision 3), where nothing finds it.
pub fn delete(
    commit: &mut Commit,
    catalog: &Catalog,
    before: &Record,
    scope: &Scope,
    stamp: Stamp,
) -> Result<()> {
    let def = recycle(commit, catalog, before, scope, stamp, Bin::Into)?;
    words::remove(commit, def, before.id);
    log(commit, def, &before.reference(), Operation::Delete, before.version + 1, "{}", stamp);
    Ok(())
}

/// Takes it out again. `recycled` is what [`super::recycled`] gave; the scope is the one that deletes.
pub fn restore(
    commit: &mut Commit,
    catalog: &Catalog,
    recycled: &Record,
    scope: &Scope,
    stamp: Stamp,
) -> Result<()> {
    let def = recycle(commit, catalog, recycled, scope, stamp, Bin::OutOf)?;
    whole(def, recycled)?;
    words::add(commit, def, recycled);
    log(commit, def, &recycled.reference(), Operation::Restore, recycled.version + 1, "{}", stamp);
    Ok(())
}

/// Which way a record goes.
#[derive(Clone, Copy)]
pub(super) enum Bin {
    Into,
    OutOf,
}

impl Bin {
    pub(super) fn recycledon(self, stamp: Stamp) -> Cell {
        match self {
            Bin::Into => stamp.at.into(),
            Bin::OutOf => Cell::Null,
        }
    }
}

fn recycle<'a>(
    commit: &mut Commit,
    catalog: &'a Catalog,
    record: &Record,
    scope: &Scope,
    stamp: Stamp,
    bin: Bin,
) -> Result<&'a EntityDef> {
    let def = definition(catalog, &record.entity)?;
    // Whoever may change the whole may take parts away.
    let part = def.ownership == Ownership::Child;
    scope::for_one_of(scope, if part { &[Action::Write] } else { &[Action::Delete] })?;
    let mut values = Values::new();
    stamp_columns(def, &mut values, stamp, &["modifiedon", "modifiedby"]);
    let mut cells = cells::columns(def, &values)?;
    cells.push(("recycledon".to_owned(), bin.recycledon(stamp)));
    let mut sql = set_columns(def, cells);
    let lies = match bin {
        Bin::Into => " IS NULL",
        Bin::OutOf => " IS NOT NULL",
    };
    where_as_read(&mut sql, catalog, def, record, scope, lies)?;
    commit.push_one(sql.text, sql.values);
    if def.activity {
        twin::recycle(commit, record, stamp, bin);
    }
    Ok(def)
}

/// Destroys the record for good, with its parts, twin, words, addresses and shares, and the old values in its
/// changes; who did what when remains. Harmless to repeat. It asks for no scope: whoever deleted it had one.
/// Content in blobs goes by [`crate::content`].
pub fn erase(commit: &mut Commit, catalog: &Catalog, record: &RecordRef, stamp: Stamp) -> Result<()> {
    let def = definition(catalog, &record.entity)?;
    let id = || vec![record.id.into()];
    for part in catalog.all() {
        if let Some(lookup) = part.part_of().filter(|it| it.targets.contains(&def.name)) {
            commit.push(
                format!("DELETE FROM {} WHERE {} = $1", quoted(&part.name), quoted(&lookup.name)),
                id(),
            );
        }
    }
    commit.push(format!("DELETE FROM {} WHERE {} = $1", quoted(&def.name), quoted(&def.key_column())), id());
    if def.activity {
        commit.push("DELETE FROM activitypointer WHERE activityid = $1", id());
    }
    words::remove(commit, def, record.id);
    commit.push(
        "DELETE FROM share WHERE recordid = $1 AND entity = $2",
        vec![record.id.into(), record.entity.as_str().into()],
    );
    change::forget_values(commit, record);
    log(commit, def, record, Operation::Erase, 0, "{}", stamp);
    Ok(())
}

fn log(
    commit: &mut Commit,
    def: &EntityDef,
    record: &RecordRef,
    operation: Operation,
    version: i64,
    columns: &str,
    stamp: Stamp,
) {
    if def.ownership != Ownership::Child {
        change::add(commit, record, operation, version, columns, stamp);
    }
}
