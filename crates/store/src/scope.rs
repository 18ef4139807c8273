//! A scope becomes a condition: no row is loaded and then dropped (rule 4).

mod reading;

use crate::ddl::{literal, quoted};
use crate::query::{Sql, column};
use anyhow::{Context, Result, bail, ensure};
use domain::entity::{Catalog, ColumnDef, EntityDef};
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Branches, Reach, Scope};
pub(crate) use reading::{listed, readable, readers, scope_of};

/// The rows of one type, under the name by which the statement knows them.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'a> {
    pub catalog: &'a Catalog,
    pub def: &'a EntityDef,
    pub alias: &'a str,
}

impl Rows<'_> {
    pub fn column(&self, name: &str) -> String {
        column(self.alias, name)
    }

    pub fn key(&self) -> String {
        self.column(&self.def.key_column())
    }
}

/// The definition of a type. Fails when there is none: names from requests are checked long before.
pub(crate) fn definition<'a>(catalog: &'a Catalog, entity: &str) -> Result<&'a EntityDef> {
    catalog.get(entity).with_context(|| format!("There is no type “{entity}”"))
}

/// How a scope applies to the rows of a type.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Via<'a> {
    Itself,
    /// A part is reached through the record it belongs to: a party through the twin of its activity, whatever kind that is.
    Parent(&'a ColumnDef, &'a EntityDef),
}

/// Fails for a scope of another type, which would be a mistake of ours.
pub(crate) fn via<'a>(catalog: &'a Catalog, def: &'a EntityDef, scope: &Scope) -> Result<Via<'a>> {
    let other = definition(catalog, scope.entity())?;
    // All activities share their privileges, and the twin stands for each (SE-33).
    if other.name == def.name || (is_twin(def) && other.activity) {
        return Ok(Via::Itself);
    }
    match (def.part_of(), catalog.whole_of(def)) {
        (Some(lookup), Some(whole)) if whole.name == other.name || (is_twin(whole) && other.activity) => {
            Ok(Via::Parent(lookup, whole))
        }
        _ => bail!("A scope of {} was given for {}", other.name, def.name),
    }
}

/// The list of all activities (decision 7).
pub(crate) fn is_twin(def: &EntityDef) -> bool {
    def.name == "activitypointer"
}

/// The condition that the scope reaches the row. `pinned`: the one record that all rows in question are regarding,
/// if that is known; then the question whether it is reached is asked once, not per row.
pub(crate) fn reached(
    sql: &mut Sql,
    rows: Rows<'_>,
    scope: &Scope,
    pinned: Option<&RecordRef>,
) -> Result<()> {
    match via(rows.catalog, rows.def, scope)? {
        Via::Itself => reached_by(sql, rows, scope, pinned),
        Via::Parent(lookup, def) => {
            let alias = format!("{}p", rows.alias);
            let parent = Rows { catalog: rows.catalog, def, alias: &alias };
            sql.push("EXISTS (SELECT 1 FROM ").push(&quoted(&def.name)).push(" AS ").push(&alias);
            sql.push(" WHERE ").push(&parent.key()).push(" = ").push(&rows.column(&lookup.name));
            sql.push(" AND ").push(&parent.column("recycledon")).push(" IS NULL AND ");
            reached_by(sql, parent, scope, None)?;
            sql.push(")");
            Ok(())
        }
    }
}

fn reached_by(sql: &mut Sql, rows: Rows<'_>, scope: &Scope, pinned: Option<&RecordRef>) -> Result<()> {
    match scope.reach() {
        Reach::Nothing => sql.push("FALSE"),
        Reach::Everything => sql.push("TRUE"),
        Reach::Some(branches) => {
            sql.push("(")
                .push(&rows.column("ownerid"))
                .push(" IN ")
                .list(branches.principals.iter().copied());
            if !branches.units.is_empty() {
                sql.push(" OR ").push(&rows.column("owningbusinessunit")).push(" IN ");
                sql.list(branches.units.iter().copied());
            }
            sql.push(" OR EXISTS (SELECT 1 FROM share s WHERE s.principalid IN ");
            sql.list(branches.principals.iter().copied()).push(" AND s.recordid = ").push(&rows.key());
            sql.push(" AND ");
            allows(sql, rows, scope.action());
            sql.push(")");
            via_regarding(sql, rows, branches, pinned)?;
            sql.push(")")
        }
    };
    Ok(())
}

/// The share `s` is one of this type of record and gives the right. The twin takes the shares of its activity.
pub(crate) fn allows(sql: &mut Sql, rows: Rows<'_>, action: Action) {
    let entity = if is_twin(rows.def) { rows.column("activitytypecode") } else { literal(&rows.def.name) };
    sql.push("s.entity = ").push(&entity).push(" AND (s.rights & ").value(action.bit()).push(") <> 0");
}

/// Decision 10: an activity is read by whoever reads what it is regarding.
fn via_regarding(
    sql: &mut Sql,
    rows: Rows<'_>,
    branches: &Branches,
    pinned: Option<&RecordRef>,
) -> Result<()> {
    let alias = format!("{}r", rows.alias);
    for scope in branches.regarding.iter().filter(|it| pinned.is_none_or(|pin| pin.entity == it.entity())) {
        let def = definition(rows.catalog, scope.entity())?;
        let regarding = Rows { catalog: rows.catalog, def, alias: &alias };
        sql.push(" OR (").push(&rows.column("regardingobjectidtype")).push(" = ").push(&literal(&def.name));
        sql.push(" AND EXISTS (SELECT 1 FROM ").push(&quoted(&def.name)).push(" AS ").push(&alias);
        sql.push(" WHERE ").push(&regarding.key()).push(" = ");
        match pinned {
            Some(record) => sql.value(record.id),
            None => sql.push(&rows.column("regardingobjectid")),
        };
        sql.push(" AND ").push(&regarding.column("recycledon")).push(" IS NULL AND ");
        reached_by(sql, regarding, scope, None)?;
        sql.push("))");
    }
    Ok(())
}

/// Whether a record that is not there yet may be made: with `owner` and `unit` for types that have them.
/// Asking is the operation's part and its refusal a sentence; this is the lock behind it.
pub(crate) fn may_create(
    catalog: &Catalog,
    def: &EntityDef,
    scope: &Scope,
    owner: Option<Guid>,
    unit: Option<Guid>,
) -> Result<()> {
    let via = via(catalog, def, scope)?;
    let action = match via {
        Via::Itself => scope.action() == Action::Create,
        Via::Parent(..) => matches!(scope.action(), Action::Create | Action::Write | Action::Append),
    };
    ensure!(action, "A scope for {:?} was given for creating a record of {}", scope.action(), def.name);
    let within = match via {
        Via::Itself => scope.covers(owner, unit),
        Via::Parent(..) => *scope.reach() != Reach::Nothing,
    };
    ensure!(within, "The scope does not reach as far as this new record of {}", def.name);
    Ok(())
}

/// Fails unless the scope is one for an action out of `actions`.
pub(crate) fn for_one_of(scope: &Scope, actions: &[Action]) -> Result<()> {
    ensure!(
        actions.contains(&scope.action()),
        "A scope for {:?} was given for one of {actions:?}",
        scope.action()
    );
    Ok(())
}
