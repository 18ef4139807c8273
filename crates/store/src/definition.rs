//! What a customer added to the types of records: kept as it was said, with a number that grows with each change, so that
//! every server learns of it.

mod reshape;
mod reword;

pub use reshape::{Drops, reshape};
pub use reword::{Reworded, put_off, reword, waiting};

use crate::commit::{Commit, Stamp};
use crate::db::{Db, Engine};
use crate::ddl::quoted;
use anyhow::{Context, Result};
use domain::definition::Definitions;
use domain::entity::{Catalog, EntityDef, KeyDef};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// All that was added, as of one version.
#[derive(Debug, Clone, Default)]
pub struct Stored {
    /// 0: nobody ever added anything.
    pub version: i64,
    pub definitions: Definitions,
}

const VERSION: &str = "SELECT value FROM setting WHERE name = 'definitions'";

/// How often the definitions changed. One short question, for asking it often.
pub async fn version(db: &Db) -> Result<i64> {
    match db.row(VERSION, &[]).await? {
        Some(row) => row.text(0)?.parse().context("Reading the version of the definitions"),
        None => Ok(0),
    }
}

/// The version is read first: what changes in between is noticed by the next look at it.
pub async fn load(db: &Db) -> Result<Stored> {
    let mut stored = Stored { version: version(db).await?, definitions: Definitions::default() };
    let all = &mut stored.definitions;
    for row in db.rows("SELECT kind, name, body FROM definition ORDER BY kind, name", &[]).await? {
        let (kind, name, body) = (row.text(0)?, row.text(1)?.to_owned(), row.text(2)?);
        match kind {
            "entity" => read(&mut all.entities, name, body)?,
            "extension" => read(&mut all.extensions, name, body)?,
            "options" => read(&mut all.option_sets, name, body)?,
            "grants" => read(&mut all.grants, name, body)?,
            // A later version of this program knows more.
            _ => {}
        }
    }
    Ok(stored)
}

fn read<T: DeserializeOwned>(into: &mut BTreeMap<String, T>, name: String, body: &str) -> Result<()> {
    let value = serde_json::from_str(body).with_context(|| format!("Reading the definition of {name}"))?;
    into.insert(name, value);
    Ok(())
}

/// Keeps `after` instead of `before`. The commit fails with `Changed` when somebody else was faster.
pub fn save(commit: &mut Commit, before: &Stored, after: &Definitions, stamp: Stamp) -> Result<()> {
    let next = (before.version + 1).to_string();
    if before.version == 0 {
        commit.push_one("INSERT INTO setting (name, value) VALUES ('definitions', $1)", vec![next.into()]);
    } else {
        commit.push_one(
            "UPDATE setting SET value = $1 WHERE name = 'definitions' AND value = $2",
            vec![next.into(), before.version.to_string().into()],
        );
    }
    let was = &before.definitions;
    differences(commit, "entity", (&was.entities, &after.entities), stamp)?;
    differences(commit, "extension", (&was.extensions, &after.extensions), stamp)?;
    differences(commit, "options", (&was.option_sets, &after.option_sets), stamp)?;
    differences(commit, "grants", (&was.grants, &after.grants), stamp)
}

fn differences<T: Serialize + PartialEq>(
    commit: &mut Commit,
    kind: &str,
    (before, after): (&BTreeMap<String, T>, &BTreeMap<String, T>),
    stamp: Stamp,
) -> Result<()> {
    for name in before.keys().filter(|it| !after.contains_key(*it)) {
        commit.push(
            "DELETE FROM definition WHERE kind = $1 AND name = $2",
            vec![kind.into(), name.as_str().into()],
        );
    }
    for (name, value) in after.iter().filter(|(name, value)| before.get(*name) != Some(*value)) {
        let body = serde_json::to_string(value).context("Writing a definition")?;
        commit.push(
            "INSERT INTO definition (kind, name, body, changedon, changedby) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (kind, name) DO UPDATE SET
                 body = excluded.body, changedon = excluded.changedon, changedby = excluded.changedby",
            vec![kind.into(), name.as_str().into(), body.into(), stamp.at.into(), stamp.by.into()],
        );
    }
    Ok(())
}

/// How many records of this type there are, in the recycle bin too.
pub async fn rows(db: &Db, def: &EntityDef) -> Result<u64> {
    counted(db, &format!("SELECT COUNT(*) FROM {}", quoted(&def.name))).await
}

/// How many records hold something in this column, in the recycle bin too.
pub async fn filled(db: &Db, def: &EntityDef, column: &str) -> Result<u64> {
    let (table, column) = (quoted(&def.name), quoted(column));
    counted(db, &format!("SELECT COUNT(*) FROM {table} WHERE {column} IS NOT NULL")).await
}

/// How many combinations of values a new key would find twice among the living records.
pub async fn doubled(db: &Db, def: &EntityDef, key: &KeyDef) -> Result<u64> {
    let columns: Vec<String> = key.columns.iter().map(|it| quoted(it)).collect();
    let whole: Vec<String> = columns.iter().map(|it| format!("{it} IS NOT NULL")).collect();
    let (table, whole, columns) = (quoted(&def.name), whole.join(" AND "), columns.join(", "));
    let sql = format!(
        "SELECT COUNT(*) FROM (SELECT 1 FROM {table} WHERE recycledon IS NULL AND {whole} \
         GROUP BY {columns} HAVING COUNT(*) > 1) AS doubled"
    );
    counted(db, &sql).await
}

async fn counted(db: &Db, sql: &str) -> Result<u64> {
    let row = db.row(sql, &[]).await?.context("Counting records")?;
    Ok(u64::try_from(row.int(0)?).unwrap_or_default())
}

/// Whether the database has a table, view or index of this name, be it ours or another program's.
pub async fn is_there(db: &Db, name: &str) -> Result<bool> {
    let sql = match db.engine() {
        Engine::Sqlite => "SELECT COUNT(*) FROM sqlite_master WHERE name = $1",
        Engine::Postgres => {
            "SELECT COUNT(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = current_schema() AND c.relname = $1::TEXT"
        }
    };
    let row = db.row(sql, &[name.into()]).await?.context("Looking for a table")?;
    Ok(row.int(0)? > 0)
}

/// The definition out of the catalog that surely has it.
pub(crate) fn known<'a>(catalog: &'a Catalog, entity: &str) -> Result<&'a EntityDef> {
    catalog.get(entity).with_context(|| format!("There is no type “{entity}”"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_customer_takes_the_name_of_a_table_of_ours() {
        let mut tables = 0;
        for (_, _, text) in crate::migrate::FILES {
            for statement in text.split(';') {
                let words: Vec<&str> = statement.split_whitespace().collect();
                for pair in words.windows(2).filter(|it| it[0] == "TABLE" || it[0] == "TO") {
                    tables += 1;
                    let name = pair[1];
                    assert!(domain::definition::is_reserved(name), "{name} is not reserved");
                }
            }
        }
        assert!(tables > 20);
    }
}
