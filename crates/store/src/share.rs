//! Rights on one record, given to a user or a team (SE-06).

use crate::commit::Commit;
use crate::ddl::quoted;
use crate::query::Sql;
use crate::scope::{self, Rows, definition};
use anyhow::Result;
use domain::entity::Catalog;
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Scope};

/// Adds rights to those the user or team `principal` has on the record.
/// `scope` is one for sharing; the commit fails with `Changed` when it does not reach the record.
pub fn grant(
    commit: &mut Commit,
    catalog: &Catalog,
    principal: Guid,
    record: &RecordRef,
    rights: &[Action],
    scope: &Scope,
) -> Result<()> {
    guard(commit, catalog, record, scope)?;
    commit.push_one(
        "INSERT INTO share (principalid, recordid, entity, rights) VALUES ($1, $2, $3, $4)
         ON CONFLICT (principalid, entity, recordid) DO UPDATE SET rights = share.rights | excluded.rights",
        vec![principal.into(), record.id.into(), record.entity.as_str().into(), sum(rights).into()],
    );
    Ok(())
}

/// Takes rights away again; the share goes with its last right. Taking what was not given is harmless.
pub fn revoke(
    commit: &mut Commit,
    catalog: &Catalog,
    principal: Guid,
    record: &RecordRef,
    rights: &[Action],
    scope: &Scope,
) -> Result<()> {
    guard(commit, catalog, record, scope)?;
    let values = vec![principal.into(), record.id.into(), record.entity.as_str().into()];
    let mut with_rights = values.clone();
    with_rights.push(sum(rights).into());
    commit.push(
        "UPDATE share SET rights = rights - (rights & $4) WHERE principalid = $1 AND recordid = $2 AND entity = $3",
        with_rights,
    );
    commit.push(
        "DELETE FROM share WHERE principalid = $1 AND recordid = $2 AND entity = $3 AND rights = 0",
        values,
    );
    Ok(())
}

fn sum(rights: &[Action]) -> i64 {
    rights.iter().fold(0, |sum, it| sum | it.bit())
}

/// Touches the record without changing it: exactly one row, or the commit does not hold.
fn guard(commit: &mut Commit, catalog: &Catalog, record: &RecordRef, scope: &Scope) -> Result<()> {
    scope::for_one_of(scope, &[Action::Share])?;
    let def = definition(catalog, &record.entity)?;
    let rows = Rows { catalog, def, alias: "t" };
    let mut sql = Sql::new();
    sql.push("UPDATE ").push(&quoted(&def.name)).push(" AS t SET versionnumber = versionnumber WHERE ");
    sql.push(&rows.key()).push(" = ").value(record.id).push(" AND t.recycledon IS NULL AND ");
    scope::reached(&mut sql, rows, scope, None)?;
    commit.push_one(sql.text, sql.values);
    Ok(())
}
