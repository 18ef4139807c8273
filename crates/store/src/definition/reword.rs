//! Makes the words for quick find of a whole type again, a piece at a time, when other columns are searched than before.
//! What is still to be done stands in the settings `reword TYPE`, with the key up to which it is done.

use super::known;
use crate::commit::Commit;
use crate::db::{Cell, Db};
use crate::ddl::quoted;
use crate::{setting, words};
use anyhow::{Context, Result};
use domain::entity::{Catalog, FieldKind};
use domain::id::Guid;
use domain::record::Record;

const PREFIX: &str = "reword ";
/// Records in one commit.
const AT_ONCE: i64 = 500;

/// The words of this type are to be made again.
pub fn put_off(commit: &mut Commit, entity: &str) {
    setting::put(commit, &format!("{PREFIX}{entity}"), "");
}

/// A type whose words are being made again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reworded {
    pub entity: String,
    done: String,
}

pub async fn waiting(db: &Db) -> Result<Vec<Reworded>> {
    let all = setting::starting_with(db, PREFIX).await?;
    let entity = |name: &str| name.strip_prefix(PREFIX).unwrap_or_default().to_owned();
    Ok(all.into_iter().map(|(name, done)| Reworded { entity: entity(&name), done }).collect())
}

/// The next piece, to be committed. Fails with `Changed` there when somebody changed one of the records or did the same
/// piece: then ask again what is waiting.
pub async fn reword(db: &Db, catalog: &Catalog, piece: &Reworded) -> Result<Commit> {
    let mut commit = Commit::new();
    let name = format!("{PREFIX}{}", piece.entity);
    if catalog.get(&piece.entity).is_none() {
        setting::remove(&mut commit, &name);
        return Ok(commit);
    }
    let def = known(catalog, &piece.entity)?;
    let after =
        if piece.done.is_empty() { Guid::NIL } else { piece.done.parse().ok().context("Reading a key")? };
    let texts: Vec<&str> = def
        .columns
        .iter()
        .filter(|it| words::counts(it) && is_text(&it.kind))
        .map(|it| it.name.as_str())
        .collect();
    let (table, key) = (quoted(&def.name), quoted(&def.key_column()));
    let selected: Vec<String> = [key.clone(), "versionnumber".to_owned()]
        .into_iter()
        .chain(texts.iter().map(|it| quoted(it)))
        .collect();
    let selected = selected.join(", ");
    let sql = format!(
        "SELECT {selected} FROM {table} WHERE {key} > $1 AND recycledon IS NULL ORDER BY {key} LIMIT $2"
    );
    let rows = db.rows(&sql, &[after.into(), AT_ONCE.into()]).await?;
    for row in &rows {
        let mut record = Record::new(&def.name, row.guid(0)?);
        record.version = row.int(1)?;
        for (at, column) in texts.iter().enumerate() {
            if !row.is_null(at + 2) {
                record.values.insert((*column).to_owned(), row.text(at + 2)?.into());
            }
        }
        // Whoever changed it since made its words as they should be, or with the old definitions: look again.
        commit.push_one(
            format!(
                "UPDATE {table} SET versionnumber = versionnumber WHERE {key} = $1 AND versionnumber = $2"
            ),
            vec![record.id.into(), Cell::Int(record.version)],
        );
        commit.push("DELETE FROM word WHERE recordid = $1", vec![record.id.into()]);
        commit.push("DELETE FROM emailsearch WHERE recordid = $1", vec![record.id.into()]);
        words::add(&mut commit, def, &record);
    }
    match rows.last() {
        Some(last) => commit.push_one(
            "UPDATE setting SET value = $1 WHERE name = $2 AND value = $3",
            vec![last.guid(0)?.to_string().into(), name.into(), piece.done.as_str().into()],
        ),
        None => setting::remove(&mut commit, &name),
    }
    Ok(commit)
}

fn is_text(kind: &FieldKind) -> bool {
    matches!(kind, FieldKind::Text | FieldKind::Memo | FieldKind::Email | FieldKind::Phone | FieldKind::Url)
}
