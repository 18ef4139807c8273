//! Small facts about the whole organization, by name.

use crate::commit::Commit;
use crate::db::Db;
use anyhow::Result;

pub async fn get(db: &Db, name: &str) -> Result<Option<String>> {
    let row = db.row("SELECT value FROM setting WHERE name = $1", &[name.into()]).await?;
    row.map(|row| Ok(row.text(0)?.to_owned())).transpose()
}

/// `prefix` with everything behind it, in order.
pub async fn starting_with(db: &Db, prefix: &str) -> Result<Vec<(String, String)>> {
    let sql = "SELECT name, value FROM setting WHERE name >= $1 AND name < $2 ORDER BY name";
    let rows = db.rows(sql, &[prefix.into(), format!("{prefix}\u{10FFFF}").into()]).await?;
    rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()))).collect()
}

pub fn put(commit: &mut Commit, name: &str, value: &str) {
    commit.push(
        "INSERT INTO setting (name, value) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        vec![name.into(), value.into()],
    );
}

/// Puts another value in the place of this one; the commit fails with `Changed` when it is not there any more.
pub fn replace(commit: &mut Commit, name: &str, old: &str, new: &str) {
    commit.push_one(
        "UPDATE setting SET value = $3 WHERE name = $1 AND value = $2",
        vec![name.into(), old.into(), new.into()],
    );
}

pub fn remove(commit: &mut Commit, name: &str) {
    commit.push("DELETE FROM setting WHERE name = $1", vec![name.into()]);
}
