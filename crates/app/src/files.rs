//! Files in columns of records: taken whole or in pieces, given whole or in part. Their bytes lie in `blob` (decision 2).

use crate::{App, Error, Problem, Result};
use domain::entity::{EntityDef, FieldKind, FileCell};
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor};
use domain::record::Record;
use serde::{Deserialize, Serialize};
use store::{Commit, content};

/// Bytes of one file.
pub const LARGEST: u64 = 128 * 1024 * 1024;

/// Pieces are this large, but for the last one: a multiple of what is stored in one chunk.
pub const PIECE: u64 = 8 * content::CHUNK as u64;

/// A file that comes in pieces. Sealed it goes to the client and back with each piece, so that any server can go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    pub file: Guid,
    pub record: RecordRef,
    pub column: String,
    pub name: String,
    by: Guid,
}

/// Begins to take a file. Fails when there is no such column, or the record is not the actor's to change.
pub async fn begin(app: &App, actor: &Actor, record: &RecordRef, column: &str, name: &str) -> Result<Upload> {
    let def = app.catalog.get(&record.entity).ok_or(Error::NotFound)?;
    is_file(def, column)?;
    let scope = actor.scope(Action::Write, &record.entity);
    if !store::records::reaches(&app.db, &app.catalog, record, &scope).await? {
        let seen = actor.scope(Action::Read, &record.entity);
        let seen = store::records::reaches(&app.db, &app.catalog, record, &seen).await?;
        return Err(if seen { Error::NotAllowed } else { Error::NotFound });
    }
    Ok(Upload {
        file: app.new_id(),
        record: record.clone(),
        column: column.to_owned(),
        name: clean(name),
        by: actor.user(),
    })
}

fn is_file(def: &EntityDef, column: &str) -> Result<()> {
    let known = def.column(column).is_some_and(|it| it.kind == FieldKind::File);
    if known { Ok(()) } else { Err(Error::NotFound) }
}

fn clean(name: &str) -> String {
    formats::mime::clean_filename(name)
}

impl Upload {
    /// What the client sends back with each piece.
    pub fn sealed(&self, app: &App) -> Result<String> {
        let plain = serde_json::to_vec(self).map_err(anyhow::Error::from)?;
        Ok(crate::sign_in::hex(&app.secrets.seal(&plain, Guid::NIL)?))
    }

    /// `None` for what was not sealed here, or for somebody else.
    pub fn opened(app: &App, actor: &Actor, sealed: &str) -> Option<Upload> {
        let upload: Upload =
            serde_json::from_slice(&app.secrets.open(&crate::sign_in::unhex(sealed)?, Guid::NIL).ok()?)
                .ok()?;
        (upload.by == actor.user()).then_some(upload)
    }

    /// Takes a piece that begins at byte `at`.
    pub async fn take(&self, app: &App, at: u64, bytes: &[u8]) -> Result<()> {
        let misplaced = !at.is_multiple_of(content::CHUNK as u64);
        if misplaced || at + bytes.len() as u64 > LARGEST {
            return Err(Error::Invalid(vec![Problem::TooLong {
                column: self.column.clone(),
                max: usize::try_from(LARGEST).unwrap_or(usize::MAX),
            }]));
        }
        let mut commit = Commit::new();
        content::put_piece(&mut commit, self.file, at, bytes);
        Ok(app.db.commit(commit).await?)
    }

    /// All pieces are there: the column says so.
    pub async fn end(&self, app: &App, actor: &Actor, mimetype: &str, size: u64) -> Result<()> {
        let cell = FileCell { id: self.file, name: self.name.clone(), mimetype: mimetype.to_owned(), size };
        let text = serde_json::to_string(&cell).map_err(anyhow::Error::from)?;
        set(app, actor, &self.record, &self.column, Some(text)).await
    }
}

/// The whole file at once.
pub async fn put(
    app: &App,
    actor: &Actor,
    record: &RecordRef,
    column: &str,
    (name, mimetype): (&str, &str),
    bytes: &[u8],
) -> Result<()> {
    let upload = begin(app, actor, record, column, name).await?;
    upload.take(app, 0, bytes).await?;
    upload.end(app, actor, mimetype, bytes.len() as u64).await
}

/// What the column says of its file; `None` when it is empty. Fails for a record that is not the actor's to see.
pub async fn describe(
    app: &App,
    actor: &Actor,
    record: &RecordRef,
    column: &str,
) -> Result<Option<FileCell>> {
    let def = app.catalog.get(&record.entity).ok_or(Error::NotFound)?;
    is_file(def, column)?;
    let scope = actor.scope(Action::Read, &record.entity);
    let found = store::records::get(&app.db, &app.catalog, record, &scope).await?.ok_or(Error::NotFound)?;
    Ok(serde_json::from_str(found.text(column)).ok())
}

/// The files that the record's columns speak of.
pub(crate) fn of(def: &EntityDef, record: &Record) -> Vec<FileCell> {
    let columns = def.columns.iter().filter(|it| it.kind == FieldKind::File);
    columns.filter_map(|it| serde_json::from_str(record.text(&it.name)).ok()).collect()
}

/// The bytes from `from` to before `to`.
pub async fn piece(app: &App, file: &FileCell, from: u64, to: u64) -> Result<Vec<u8>> {
    Ok(content::piece(&app.db, file.id, from, to.min(file.size)).await?)
}

/// Empties the column and destroys the file.
pub async fn remove(app: &App, actor: &Actor, record: &RecordRef, column: &str) -> Result<()> {
    is_file(app.catalog.get(&record.entity).ok_or(Error::NotFound)?, column)?;
    set(app, actor, record, column, None).await
}

async fn set(app: &App, actor: &Actor, record: &RecordRef, column: &str, cell: Option<String>) -> Result<()> {
    let scope = actor.scope(Action::Write, &record.entity);
    let before = store::records::get(&app.db, &app.catalog, record, &scope).await?.ok_or(Error::NotFound)?;
    let old: Option<FileCell> = serde_json::from_str(before.text(column)).ok();
    let changed = domain::record::Values::from([(column.to_owned(), cell.into())]);
    let mut commit = Commit::new();
    let stamp = app.stamp(actor.user());
    store::records::update(&mut commit, &app.catalog, &before, &changed, &scope, stamp)?;
    if let Some(old) = old {
        content::remove_file(&mut commit, old.id);
    }
    Ok(app.db.commit(commit).await?)
}
