//! Tables, columns and indexes as changed definitions want them. What has no parameters runs as it stands here: names come
//! from checked definitions, and the engines cannot prepare a statement about a table that is not there yet.

use super::known;
use crate::commit::Commit;
use crate::db::{Db, Engine};
use crate::ddl::{self, literal, quoted};
use crate::migrate;
use anyhow::Result;
use domain::definition::Step;
use domain::entity::{Catalog, ColumnDef, EntityDef, FieldKind, FileCell, OnDelete};
use std::collections::BTreeSet;

/// What is lost, with the number of records that were said to lose it. The commit holds only if it is still so.
pub type Drops = Vec<(Step, u64)>;

/// Does the steps: `before` and `after` are the catalogs they lead from and to. All of it in one commit with what
/// [`super::save`] writes, behind that.
pub async fn reshape(
    db: &Db,
    commit: &mut Commit,
    (before, after): (&Catalog, &Catalog),
    steps: &[Step],
    drops: &Drops,
) -> Result<()> {
    for (step, rows) in drops {
        still(db, commit, before, step, *rows)?;
    }
    for step in steps.iter().filter(|it| it.is_drop()) {
        forget(db, commit, (before, after), step).await?;
    }
    let (old, new): (BTreeSet<String>, BTreeSet<String>) =
        (ddl::indexes(before).into_iter().collect(), ddl::indexes(after).into_iter().collect());
    for index in old.difference(&new).filter_map(|it| it.split('"').nth(1)) {
        commit.push(format!("DROP INDEX IF EXISTS {}", quoted(index)), vec![]);
    }
    for step in steps {
        match step {
            Step::DropEntity { entity } => commit.push(format!("DROP TABLE {}", quoted(entity)), vec![]),
            Step::DropColumn { entity, column } => drop_column(commit, known(before, entity)?, column),
            _ => {}
        }
    }
    let plain = |statement: &String| migrate::spelled(statement, db.engine());
    let existing = migrate::existing(db).await?;
    for def in after.all() {
        match existing.get(&def.name).filter(|_| before.get(&def.name).is_some()) {
            None => commit.push(plain(&ddl::table(def)), vec![]),
            Some(columns) => {
                for statement in ddl::missing_columns(def, columns) {
                    commit.push(plain(&statement), vec![]);
                }
            }
        }
    }
    for statement in new.difference(&old) {
        commit.push(plain(statement), vec![]);
    }
    for step in steps {
        consequence(commit, step);
    }
    // Otherwise the next server to start would look through all tables.
    commit
        .push("UPDATE setting SET value = $1 WHERE name = 'tables'", vec![migrate::tables_sum(after).into()]);
    Ok(())
}

/// Nobody filled what is lost since it was counted.
fn still(db: &Db, commit: &mut Commit, before: &Catalog, step: &Step, rows: u64) -> Result<()> {
    let (entity, filled) = match step {
        Step::DropEntity { entity } => (entity, String::new()),
        Step::DropColumn { entity, column } => (entity, format!(" WHERE {} IS NOT NULL", quoted(column))),
        _ => return Ok(()),
    };
    let table = quoted(&known(before, entity)?.name);
    if db.engine() == Engine::Postgres {
        // It is so already; saying it again keeps everybody else out of the table until the commit.
        commit.push(format!("ALTER TABLE {table} ALTER COLUMN versionnumber SET NOT NULL"), vec![]);
    }
    let rows = i64::try_from(rows).unwrap_or(i64::MAX);
    commit.push_one(
        format!(
            "UPDATE setting SET value = value
             WHERE name = 'definitions' AND (SELECT COUNT(*) FROM {table}{filled}) = $1"
        ),
        vec![rows.into()],
    );
    Ok(())
}

/// What lies elsewhere about records or values that go.
async fn forget(
    db: &Db,
    commit: &mut Commit,
    (before, after): (&Catalog, &Catalog),
    step: &Step,
) -> Result<()> {
    match step {
        Step::DropEntity { entity } => {
            let def = known(before, entity)?;
            for column in def.columns.iter().filter(|it| it.kind == FieldKind::File) {
                forget_files(db, commit, def, &column.name).await?;
            }
            for other in after.all() {
                let was = before.get(&other.name);
                for column in was.into_iter().flat_map(|it| &it.columns) {
                    if column.has_type_column() && column.targets.contains(entity) {
                        let_go(commit, other, column, entity);
                    }
                }
            }
            for table in ["word", "share", "emailsearch", "regardinguse", "change"] {
                commit.push(format!("DELETE FROM {table} WHERE entity = $1"), vec![entity.as_str().into()]);
            }
        }
        Step::DropColumn { entity, column } => {
            let def = known(before, entity)?;
            if def.column(column).is_some_and(|it| it.kind == FieldKind::File) {
                forget_files(db, commit, def, column).await?;
            }
            commit.push(
                "DELETE FROM emailsearch WHERE entity = $1 AND col = $2",
                vec![entity.as_str().into(), column.as_str().into()],
            );
            forget_old_values(db, commit, entity, column);
        }
        _ => {}
    }
    Ok(())
}

/// Mail and other activities outlive what they are regarding. What only belonged to it goes too.
fn let_go(commit: &mut Commit, def: &EntityDef, column: &ColumnDef, entity: &str) {
    let (table, kind) = (quoted(&def.name), quoted(&column.type_column()));
    let those = format!("FROM {table} WHERE {kind} = {}", literal(entity));
    let activity = def.activity || def.column("activitytypecode").is_some();
    if column.on_delete == OnDelete::Cascade && !activity {
        for (found, by) in [("word", "recordid"), ("share", "recordid"), ("emailsearch", "recordid")] {
            let keys = format!("SELECT {} {those}", quoted(&def.key_column()));
            commit.push(format!("DELETE FROM {found} WHERE {by} IN ({keys})"), vec![]);
        }
        commit.push(format!("DELETE {those}"), vec![]);
    } else {
        let name = quoted(&column.name);
        commit.push(
            format!("UPDATE {table} SET {name} = NULL, {kind} = NULL WHERE {kind} = {}", literal(entity)),
            vec![],
        );
    }
}

async fn forget_files(db: &Db, commit: &mut Commit, def: &EntityDef, column: &str) -> Result<()> {
    let (table, column) = (quoted(&def.name), quoted(column));
    let rows = db.rows(&format!("SELECT {column} FROM {table} WHERE {column} IS NOT NULL"), &[]).await?;
    for row in rows {
        if let Ok(cell) = serde_json::from_str::<FileCell>(row.text(0)?) {
            commit.push("DELETE FROM blob WHERE ownerid = $1", vec![cell.id.into()]);
        }
    }
    Ok(())
}

/// The change log forgets what the column held.
fn forget_old_values(db: &Db, commit: &mut Commit, entity: &str, column: &str) {
    let (sql, name) = match db.engine() {
        Engine::Sqlite => (
            "UPDATE change SET columns = json_remove(columns, $2) WHERE entity = $1 AND columns LIKE $3",
            format!("$.\"{column}\""),
        ),
        Engine::Postgres => (
            "UPDATE change SET columns = CAST(CAST(columns AS JSONB) - CAST($2 AS TEXT) AS TEXT)
             WHERE entity = $1 AND columns LIKE $3",
            column.to_owned(),
        ),
    };
    commit.push(sql, vec![entity.into(), name.into(), format!("%\"{column}\"%").into()]);
}

fn drop_column(commit: &mut Commit, def: &EntityDef, column: &str) {
    let typed = def.column(column).filter(|it| it.kind == FieldKind::Lookup && it.has_type_column());
    let names = [Some(column.to_owned()), typed.map(ColumnDef::type_column)];
    for name in names.into_iter().flatten() {
        commit.push(format!("ALTER TABLE {} DROP COLUMN {}", quoted(&def.name), quoted(&name)), vec![]);
    }
}

fn consequence(commit: &mut Commit, step: &Step) {
    match step {
        Step::SayType { entity, column, target } => {
            let (table, name, kind) = (quoted(entity), quoted(column), quoted(&format!("{column}type")));
            let target = literal(target);
            commit.push(
                format!("UPDATE {table} SET {kind} = {target} WHERE {name} IS NOT NULL AND {kind} IS NULL"),
                vec![],
            );
        }
        Step::Index { entity } => super::put_off(commit, entity),
        _ => {}
    }
}
