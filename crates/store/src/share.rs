//! Rights on one record, given to a user or a team (SE-06).

use crate::commit::Commit;
use crate::db::Db;
use crate::ddl::{literal, quoted};
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
    let def = definition(catalog, &record.entity)?;
    guard(commit, catalog, record, scope)?;
    put(commit, (&def.name, &def.key_column()), record.id, principal, sum(rights));
    Ok(())
}

/// Adds the share of a record that is there and cannot be renamed meanwhile; `rights` is a sum of [`Action::bit`].
pub(crate) fn put(
    commit: &mut Commit,
    (entity, key): (&str, &str),
    record: Guid,
    principal: Guid,
    rights: i64,
) {
    let (name, table, key) = (literal(entity), quoted(entity), quoted(key));
    commit.push_one(
        format!(
            "INSERT INTO share (principalid, recordid, entity, rights, createdon, sortkey)
             SELECT $1, t.{key}, {name}, $3, t.createdon, t.sortkey FROM {table} AS t WHERE t.{key} = $2
             ON CONFLICT (principalid, entity, recordid) DO UPDATE SET rights = share.rights | excluded.rights"
        ),
        vec![principal.into(), record.into(), rights.into()],
    );
}

/// The record is called something else: its shares stay in the order of names.
pub(crate) fn rename(commit: &mut Commit, record: &RecordRef, sortkey: String) {
    commit.push(
        "UPDATE share SET sortkey = $1 WHERE recordid = $2 AND entity = $3",
        vec![sortkey.into(), record.id.into(), record.entity.as_str().into()],
    );
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

/// Each user or team the record is shared with, and a sum of [`Action::bit`]. That the reader may know it is the
/// operation's to ask.
pub async fn of(db: &Db, record: &RecordRef) -> Result<Vec<(Guid, i64)>> {
    let sql =
        "SELECT principalid, rights FROM share WHERE recordid = $1 AND entity = $2 ORDER BY principalid";
    let rows = db.rows(sql, &[record.id.into(), record.entity.as_str().into()]).await?;
    rows.iter().map(|row| Ok((row.guid(0)?, row.int(1)?))).collect()
}

fn sum(rights: &[Action]) -> i64 {
    rights.iter().fold(0, |sum, it| sum | it.bit())
}

/// Touches the record without changing it: exactly one row, or the commit does not hold. Until it does, nobody else
/// renames the record.
fn guard(commit: &mut Commit, catalog: &Catalog, record: &RecordRef, scope: &Scope) -> Result<()> {
    scope::for_one_of(scope, &[Action::Share])?;
    expect(commit, catalog, record, scope)
}

/// The record is there and within reach when the commit holds; otherwise it fails with `Changed`.
pub fn expect(commit: &mut Commit, catalog: &Catalog, record: &RecordRef, scope: &Scope) -> Result<()> {
    let def = definition(catalog, &record.entity)?;
    let rows = Rows { catalog, def, alias: "t" };
    let mut sql = Sql::new();
    sql.push("UPDATE ").push(&quoted(&def.name)).push(" AS t SET versionnumber = versionnumber WHERE ");
    sql.push(&rows.key()).push(" = ").value(record.id).push(" AND t.recycledon IS NULL AND ");
    scope::reached(&mut sql, rows, scope, None)?;
    commit.push_one(sql.text, sql.values);
    Ok(())
}
