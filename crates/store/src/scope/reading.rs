//! Reading across types: each by its own scope, a part by those of what it is part of.

use super::{Rows, definition, for_one_of, is_twin, reached, reached_by};
use crate::ddl::{literal, quoted};
use crate::query::Sql;
use anyhow::{Context, Result};
use domain::entity::{Catalog, ColumnDef, EntityDef, FieldKind, Ownership};
use domain::privilege::{Action, Reach, Scope, Scopes};

/// The types whose scopes decide who reads records of this one: itself, for a part the records it can be part of, and for
/// a type that ties two others together those.
pub(crate) fn readers<'a>(catalog: &'a Catalog, def: &'a EntityDef) -> Result<Vec<&'a EntityDef>> {
    if !def.intersect && def.ownership != Ownership::Child {
        return Ok(vec![def]);
    }
    let mut all = Vec::new();
    for lookup in ties(def) {
        all.extend(ends(catalog, lookup)?);
    }
    Ok(all)
}

/// The lookups through which the records of a type are read that has no privileges of its own.
fn ties(def: &EntityDef) -> impl Iterator<Item = &ColumnDef> {
    let lookups = def.columns.iter().filter(|it| it.kind == FieldKind::Lookup);
    lookups.take(if def.intersect { 2 } else { 1 })
}

/// Where a lookup leads. All activities have one answer: their twins (SE-33).
fn ends<'a>(catalog: &'a Catalog, lookup: &ColumnDef) -> Result<Vec<&'a EntityDef>> {
    let all: Vec<&EntityDef> =
        lookup.targets.iter().map(|it| definition(catalog, it)).collect::<Result<_>>()?;
    match catalog.get("activitypointer") {
        Some(twin) if all.len() > 1 && all.iter().all(|it| it.activity || is_twin(it)) => Ok(vec![twin]),
        _ => Ok(all),
    }
}

/// The condition that the scopes reach the row for reading. Fails when one of [`readers`] has no scope here: a forgotten
/// type is our mistake, and nothing of it may be read.
pub(crate) fn readable(sql: &mut Sql, rows: Rows<'_>, scopes: &Scopes) -> Result<()> {
    if !rows.def.intersect && rows.def.ownership != Ownership::Child {
        return reached(sql, rows, scope_of(scopes, rows.def)?, None);
    }
    for (at, lookup) in ties(rows.def).enumerate() {
        sql.push(if at == 0 { "" } else { " AND " });
        end_readable(sql, rows, lookup, scopes)?;
    }
    Ok(())
}

pub(crate) fn scope_of<'a>(scopes: &'a Scopes, def: &EntityDef) -> Result<&'a Scope> {
    let scope = scopes.get(&def.name).with_context(|| format!("No scope was given for {}", def.name))?;
    for_one_of(scope, &[Action::Read])?;
    Ok(scope)
}

fn end_readable(sql: &mut Sql, rows: Rows<'_>, lookup: &ColumnDef, scopes: &Scopes) -> Result<()> {
    sql.push("(FALSE");
    for def in ends(rows.catalog, lookup)? {
        if def.ownership == Ownership::Child || def.intersect {
            continue;
        }
        let alias = sql.alias();
        let end = Rows { catalog: rows.catalog, def, alias: &alias };
        sql.push(" OR ");
        if lookup.has_type_column() && !is_twin(def) {
            sql.push(&rows.column(&lookup.type_column())).push(" = ").push(&literal(&def.name)).push(" AND ");
        }
        sql.push("EXISTS (SELECT 1 FROM ").push(&quoted(&def.name)).push(" AS ").push(&alias).push(" WHERE ");
        sql.push(&end.key()).push(" = ").push(&rows.column(&lookup.name)).push(" AND ");
        sql.push(&end.column("recycledon")).push(" IS NULL AND ");
        reached_by(sql, end, scope_of(scopes, def)?, None)?;
        sql.push(")");
    }
    sql.push(")");
    Ok(())
}

/// The condition that the scope reaches the row, as [`reached`], but asked of all rows at once: for questions that look at
/// many. What is reached by way of what it is regarding alone is left out, as in all lists of activities.
pub(crate) fn listed(sql: &mut Sql, rows: Rows<'_>, scope: &Scope) -> Result<()> {
    let Reach::Some(branches) = scope.reach() else { return reached_by(sql, rows, scope, None) };
    let (table, key) = (quoted(&rows.def.name), quoted(&rows.def.key_column()));
    let principals = || branches.principals.iter().copied();
    sql.push(&rows.key()).push(&format!(" IN (SELECT {key} FROM {table} WHERE ownerid IN "));
    sql.list(principals());
    if !branches.units.is_empty() {
        sql.push(&format!(" UNION ALL SELECT {key} FROM {table} WHERE owningbusinessunit IN "));
        sql.list(branches.units.iter().copied());
    }
    sql.push(" UNION ALL SELECT s.recordid FROM share s WHERE s.principalid IN ").list(principals());
    let kinds =
        rows.catalog.all().filter(|it| it.name == rows.def.name || (is_twin(rows.def) && it.activity));
    let kinds: Vec<String> = kinds.map(|it| literal(&it.name)).collect();
    sql.push(&format!(" AND s.entity IN ({}) AND (s.rights & ", kinds.join(", ")));
    sql.value(scope.action().bit()).push(") <> 0)");
    Ok(())
}
