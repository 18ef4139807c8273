//! The recycle bin: what was deleted, by whom and when; back out of it, or gone for good.

use crate::{App, Error, Result};
use domain::entity::{EntityDef, Ownership};
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor};
use domain::time::Timestamp;
use std::collections::BTreeMap;
use store::content;
use store::job::{self, Job};
use store::{Commit, Stamp};

pub use crate::changes::restore;
pub use store::records::Recycled;

/// A page of the bin, what was deleted last first.
#[derive(Debug, Clone)]
pub struct Bin {
    pub entries: Vec<Recycled>,
    /// Of those who deleted, as far as the reader may see them.
    pub names: BTreeMap<RecordRef, String>,
    /// Where the next page begins.
    pub next: Option<(Timestamp, Guid)>,
    /// The types that may be asked for.
    pub types: Vec<EntityDef>,
}

const PAGE: u32 = 50;

/// What the actor could delete and so can restore; of one type, or of all.
pub async fn list(
    app: &App,
    actor: &Actor,
    entity: Option<&str>,
    before: Option<(Timestamp, Guid)>,
) -> Result<Bin> {
    let types: Vec<EntityDef> =
        app.catalog.all().filter(|it| is_kept(it) && actor.may(Action::Delete, &it.name)).cloned().collect();
    let wanted = types.iter().filter(|it| entity.is_none_or(|entity| it.name == entity));
    let one = |name: String| async move {
        let scope = actor.scope(Action::Delete, &name);
        store::records::bin(&app.db, &app.catalog, &scope, before, PAGE + 1).await
    };
    let found = futures::future::try_join_all(wanted.map(|it| one(it.name.clone()))).await?;
    let mut entries: Vec<Recycled> = found.into_iter().flatten().collect();
    entries.sort_by_key(|it| std::cmp::Reverse((it.at, it.record.id)));
    let more = entries.len() > PAGE as usize;
    entries.truncate(PAGE as usize);
    let people: Vec<RecordRef> =
        entries.iter().filter_map(|it| Some(RecordRef::new("systemuser", it.by?))).collect();
    Ok(Bin {
        next: entries.last().filter(|_| more).map(|it| (it.at, it.record.id)),
        names: crate::records::names(app, actor, &people).await?,
        entries,
        types,
    })
}

/// Records that lie in the bin by themselves. A connection is found again from the records it connects.
fn is_kept(def: &EntityDef) -> bool {
    !def.readonly && !def.intersect && def.ownership != Ownership::Child && def.name != "connection"
}

/// Destroys what lies in the bin, with its files and content. Only administrators may, and nothing brings it back.
pub async fn erase(app: &App, actor: &Actor, record: &RecordRef) -> Result<()> {
    // Know
    if !actor.administers() {
        return Err(Error::NotAllowed);
    }
    let def = app.catalog.get(&record.entity).filter(|it| is_kept(it)).ok_or(Error::NotFound)?;
    let scope = actor.scope(Action::Delete, &def.name);
    let lying = store::records::recycled(&app.db, &app.catalog, record, &scope).await?;
    let lying = lying.ok_or(Error::NotFound)?;

    // Do
    let stamp = Stamp { by: actor.user(), at: app.now() };
    let mut commit = Commit::new();
    if def.name == "email" {
        store::email::erase(&mut commit, &app.db, record.id, stamp);
        job::put(&mut commit, app.new_id(), &Job::EmptyLog { email: record.id }, app.now())?;
    } else {
        store::records::erase(&mut commit, &app.catalog, record, stamp)?;
    }
    for file in crate::files::of(def, &lying) {
        content::remove_file(&mut commit, file.id);
    }
    Ok(app.db.commit(commit).await?)
}
