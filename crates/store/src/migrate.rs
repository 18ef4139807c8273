//! Brings an empty or older database to the tables this program needs: first the numbered files, then the tables of the
//! definitions.

mod script;

use crate::commit::{Commit, Failure, Stamp};
use crate::db::{Db, Engine};
use crate::ddl;
use crate::definition::{self, Stored};
use crate::user;
use anyhow::{Context, Result, bail};
use domain::entity::Catalog;
use domain::id::Guid;
use domain::time::Timestamp;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

pub(crate) use script::spelled;

/// Files are only ever added here: what has run somewhere is never changed.
pub(crate) const FILES: [(i64, &str, &str); 4] = [
    (1, "base", include_str!("../migrations/0001_base.sql")),
    (2, "text", include_str!("../migrations/0002_text.sql")),
    (3, "records", include_str!("../migrations/0003_records.sql")),
    (4, "definitions", include_str!("../migrations/0004_definitions.sql")),
];

/// What older rows of records lack, once their tables have the columns for it. Harmless to repeat.
const FILLED: [&str; 2] = [
    "UPDATE activityparty SET activityidtype = 'email' WHERE activityidtype IS NULL",
    "UPDATE activitymimeattachment SET objectidtype = 'email' WHERE objectidtype IS NULL",
];

/// Two servers that start together wait for each other; so often, and then something else is wrong.
const PATIENCE: usize = 50;

/// Harmless to repeat, and safe when several servers start at once: each step writes a row that only one of them can
/// write, in the same transaction, and the others wait for it and go on.
pub async fn migrate(db: &Db, catalog: &Catalog) -> Result<()> {
    for _ in 0..PATIENCE {
        match steps(db, catalog).await {
            Ok(()) => return Ok(()),
            Err(failure) => wait(failure).await?,
        }
    }
    bail!("Another server has been changing the tables for too long")
}

/// As [`migrate`], with what the customer added: those definitions and the catalog they make.
pub async fn migrate_all(db: &Db) -> Result<(Stored, Catalog)> {
    for _ in 0..PATIENCE {
        match own_steps(db).await {
            Ok(done) => return Ok(done),
            Err(failure) => wait(failure).await?,
        }
    }
    bail!("Another server has been changing the tables for too long")
}

async fn wait(failure: Failure) -> Result<()> {
    match failure {
        Failure::Changed => tokio::time::sleep(Duration::from_millis(50)).await,
        Failure::Broken(error) => return Err(error.context("Bringing the database up to date")),
    }
    Ok(())
}

async fn steps(db: &Db, catalog: &Catalog) -> Result<(), Failure> {
    files(db).await?;
    records(db, catalog, None).await
}

async fn own_steps(db: &Db) -> Result<(Stored, Catalog), Failure> {
    files(db).await?;
    let stored = definition::load(db).await?;
    let catalog = stored.definitions.catalog().context("Reading the definitions")?;
    records(db, &catalog, Some(stored.version)).await?;
    Ok((stored, catalog))
}

async fn files(db: &Db) -> Result<(), Failure> {
    let ran = ran(db).await?;
    for (number, name, text) in FILES.into_iter().filter(|it| !ran.contains(&it.0)) {
        let mut commit = Commit::new();
        commit.push_one(
            "INSERT INTO migration (number, name, ranon) VALUES ($1, $2, $3)",
            vec![number.into(), name.into(), now().into()],
        );
        for statement in script::statements(text, db.engine()) {
            commit.push(statement, vec![]);
        }
        db.commit(commit).await?;
    }
    Ok(())
}

/// The numbers of the files that ran, having made the table that remembers them.
async fn ran(db: &Db) -> Result<BTreeSet<i64>, Failure> {
    if !has_migrations(db).await? {
        let sql = "CREATE TABLE IF NOT EXISTS migration (
            number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, ranon BIGINT NOT NULL)";
        let mut commit = Commit::new();
        commit.push(script::spelled(sql, db.engine()), vec![]);
        // PostgreSQL may fail in several ways when two do this at once (IF NOT EXISTS looks before it locks).
        if let Err(failure) = db.commit(commit).await
            && !has_migrations(db).await?
        {
            return Err(failure);
        }
    }
    let rows = db.rows("SELECT number FROM migration", &[]).await?;
    Ok(rows.iter().map(|row| row.int(0)).collect::<Result<_>>()?)
}

async fn has_migrations(db: &Db) -> Result<bool> {
    let sql = match db.engine() {
        Engine::Sqlite => "SELECT COUNT(*) FROM sqlite_master WHERE name = 'migration'",
        Engine::Postgres => {
            "SELECT COUNT(*) FROM information_schema.tables
             WHERE table_schema = current_schema() AND table_name = 'migration'"
        }
    };
    let count = db.row(sql, &[]).await?.context("Counting tables")?;
    Ok(count.int(0)? > 0)
}

/// The tables of the definitions. A sum of their text is kept, so that a start without news costs one question.
/// `version`: of the definitions that the catalog was made of; nobody may have changed them since.
async fn records(db: &Db, catalog: &Catalog, version: Option<i64>) -> Result<(), Failure> {
    let (tables, indexes) = statements(catalog);
    let sum = sum(tables.iter().chain(&indexes));
    let known = db.row("SELECT value FROM setting WHERE name = 'tables'", &[]).await?;
    if known.is_some_and(|row| row.text(0).is_ok_and(|it| it == sum)) {
        return Ok(());
    }
    let existing = existing(db).await?;
    let missing = catalog
        .all()
        .filter_map(|def| existing.get(&def.name).map(|columns| ddl::missing_columns(def, columns)))
        .flatten();
    let mut commit = Commit::new();
    // Whoever comes second waits here, and then finds nothing left to change.
    commit.push_one(
        "INSERT INTO setting (name, value) VALUES ('tables', $1)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE setting.value <> excluded.value",
        vec![sum.into()],
    );
    if let Some(version) = version.filter(|it| *it > 0) {
        commit.push_one(
            "UPDATE setting SET value = value WHERE name = 'definitions' AND value = $1",
            vec![version.to_string().into()],
        );
    }
    for statement in tables.iter().cloned().chain(missing).chain(indexes.iter().cloned()) {
        commit.push(script::spelled(&statement, db.engine()), vec![]);
    }
    for statement in FILLED {
        commit.push(statement, vec![]);
    }
    db.commit(commit).await?;
    move_ties(db, catalog).await
}

/// Who has which role and who is in which team were kept beside the records once.
async fn move_ties(db: &Db, catalog: &Catalog) -> Result<(), Failure> {
    let stamp = Stamp { by: Guid::NIL, at: Timestamp(now()) };
    let mut commit = Commit::new();
    for row in db.rows("SELECT userid, role FROM userrole", &[]).await? {
        user::grant_role(&mut commit, catalog, row.guid(0)?, row.text(1)?, stamp)?;
    }
    for row in db.rows("SELECT userid, teamid FROM teammember", &[]).await? {
        user::add_to_team(&mut commit, catalog, row.guid(0)?, row.guid(1)?, stamp)?;
    }
    commit.push("DELETE FROM userrole", vec![]);
    commit.push("DELETE FROM teammember", vec![]);
    db.commit(commit).await
}

fn statements(catalog: &Catalog) -> (Vec<String>, Vec<String>) {
    ddl::tables(catalog).into_iter().partition(|it| it.starts_with("CREATE TABLE"))
}

/// What the setting `tables` holds when the tables are those of this catalog.
pub(crate) fn tables_sum(catalog: &Catalog) -> String {
    let (tables, indexes) = statements(catalog);
    sum(tables.iter().chain(&indexes))
}

/// The columns of each table that is there.
pub(crate) async fn existing(db: &Db) -> Result<BTreeMap<String, BTreeSet<String>>> {
    let sql = match db.engine() {
        Engine::Sqlite => {
            "SELECT t.name, c.name FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'"
        }
        Engine::Postgres => {
            "SELECT table_name::TEXT, column_name::TEXT FROM information_schema.columns
             WHERE table_schema = current_schema()"
        }
    };
    let mut tables: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in db.rows(sql, &[]).await.context("Looking which tables are there")? {
        tables.entry(row.text(0)?.to_owned()).or_default().insert(row.text(1)?.to_owned());
    }
    Ok(tables)
}

/// What the tables of this program look like, as a short name: another program or catalog has another one.
#[cfg(feature = "testing")]
pub(crate) fn fingerprint(catalog: &Catalog) -> String {
    let files = FILES.iter().map(|it| it.2.to_owned());
    let all: Vec<String> = files.chain(ddl::tables(catalog)).collect();
    sum(all.iter())[..24].to_owned()
}

fn sum<'a>(statements: impl Iterator<Item = &'a String>) -> String {
    let mut hash = Sha256::new();
    for statement in statements {
        hash.update(statement);
        hash.update([0]);
    }
    hash.finalize().iter().fold(String::new(), |mut hex, byte| {
        // Writing into a text cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Microseconds since 1970, by the machine's clock: only people read it.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}
