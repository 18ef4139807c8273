//! Types, columns, keys and lists of choices of a customer's own: added, changed and dropped by administrators, and there at
//! once: in forms, lists, quick find, Set Regarding and the Web API, on every server of this database.

use crate::world::Known;
use crate::{App, Error, Result};
use domain::definition::{self, Change, Definitions, Refusal, Step, Wish};
use domain::entity::{Catalog, EntityDef};
use domain::privilege::Actor;
use store::definition::{Drops, Stored};
use store::{Commit, Failure};

/// Does what an administrator wishes, and says what was done for it; nothing when all is so already.
///
/// `rows`: the number of records that may lose something, as [`usage`] counted it. What records use goes only with their
/// number stated: otherwise [`Error::InUse`] says it, and nothing happens.
pub async fn change(app: &App, actor: &Actor, wish: Wish, rows: Option<u64>) -> Result<Vec<Step>> {
    // Know
    administrators(actor)?;
    let before = store::definition::load(&app.db).await?;

    // Decide
    let change = definition::change(&before.definitions, wish)?;
    if change.steps.is_empty() {
        return Ok(vec![]);
    }
    let catalogs = (&catalog(&before)?, &change.catalog);
    let drops = counted(app, catalogs.0, &change.steps).await?;
    let used: u64 = drops.iter().map(|it| it.1).sum();
    if used > 0 && rows != Some(used) {
        return Err(Error::InUse { rows: used });
    }
    fits_the_records(app, catalogs, &change.steps).await?;

    // Do
    let mut commit = Commit::new();
    store::definition::save(&mut commit, &before, &change.definitions, app.stamp(actor.user()))?;
    store::definition::reshape(&app.db, &mut commit, catalogs, &change.steps, &drops).await?;
    app.db.commit(commit).await?;
    let Change { definitions, steps, .. } = change;
    app.define(Known::of(&Stored { version: before.version + 1, definitions })?);
    // The next clone knows the types of now.
    crate::views::make_ready(&app.clone()).await?;
    Ok(steps)
}

/// Reads a file (`crates/domain/src/definition/document.rs`) and does what it says. A file never drops anything.
pub async fn apply(app: &App, actor: &Actor, toml: &str) -> Result<Vec<Step>> {
    change(app, actor, Wish::Apply(definition::read(toml)?), None).await
}

/// What [`apply`] would do, without doing it.
pub async fn rehearse(app: &App, actor: &Actor, toml: &str) -> Result<Vec<Step>> {
    administrators(actor)?;
    let before = store::definition::load(&app.db).await?;
    let change = definition::change(&before.definitions, Wish::Apply(definition::read(toml)?))?;
    fits_the_records(app, (&catalog(&before)?, &change.catalog), &change.steps).await?;
    Ok(change.steps)
}

/// How many records would lose something by this wish, in the recycle bin too: those of a type, with its ties, or those
/// that hold something in a column. 0 for whatever drops nothing.
pub async fn usage(app: &App, actor: &Actor, wish: Wish) -> Result<u64> {
    administrators(actor)?;
    let before = store::definition::load(&app.db).await?;
    let change = definition::change(&before.definitions, wish)?;
    let drops = counted(app, &catalog(&before)?, &change.steps).await?;
    Ok(drops.iter().map(|it| it.1).sum())
}

/// What was added, as a file that [`apply`] reads: all of it, or what is said about one name.
/// `NotFound` when nothing is said about that name.
pub async fn export(app: &App, actor: &Actor, only: Option<&str>) -> Result<String> {
    administrators(actor)?;
    let stored = store::definition::load(&app.db).await?;
    let text = definition::written(&stored.definitions, only);
    if only.is_some() && text.is_empty() { Err(Error::NotFound) } else { Ok(text) }
}

/// What was added, as it was said: lookups lead to `@activities` there, and not to the types that stands for.
pub async fn own(app: &App, actor: &Actor) -> Result<Definitions> {
    administrators(actor)?;
    Ok(store::definition::load(&app.db).await?.definitions)
}

/// Learns what another server changed. Whether there was news; from now on every clone of `app` sees it.
pub async fn refresh(app: &App) -> Result<bool> {
    if store::definition::version(&app.db).await? <= app.version() {
        return Ok(false);
    }
    app.define(Known::of(&store::definition::load(&app.db).await?)?);
    Ok(true)
}

/// Makes the words for quick find again of the types where other columns are searched than before, until none is left.
/// Several servers may do it at once; each piece is done by one of them.
pub async fn reword(app: &App) -> Result<()> {
    while let Some(piece) = store::definition::waiting(&app.db).await?.into_iter().next() {
        // The definitions that asked for it, or newer ones.
        refresh(app).await?;
        let commit = store::definition::reword(&app.db, &app.clone().catalog, &piece).await?;
        match app.db.commit(commit).await {
            // Somebody changed one of the records, or has done this piece.
            Ok(()) | Err(Failure::Changed) => {}
            Err(Failure::Broken(error)) => return Err(error.into()),
        }
    }
    Ok(())
}

fn administrators(actor: &Actor) -> Result<()> {
    if actor.administers() { Ok(()) } else { Err(Error::NotAllowed) }
}

fn catalog(stored: &Stored) -> Result<Catalog> {
    Ok(stored.definitions.catalog().map_err(Refusal::from)?)
}

/// The steps by which records lose something, with how many of them do.
async fn counted(app: &App, before: &Catalog, steps: &[Step]) -> Result<Drops> {
    let mut drops = Drops::new();
    for step in steps {
        let rows = match step {
            Step::DropEntity { entity } => store::definition::rows(&app.db, known(before, entity)?).await?,
            Step::DropColumn { entity, column } => {
                store::definition::filled(&app.db, known(before, entity)?, column).await?
            }
            _ => continue,
        };
        drops.push((step.clone(), rows));
    }
    Ok(drops)
}

fn known<'a>(catalog: &'a Catalog, entity: &str) -> Result<&'a EntityDef> {
    catalog.get(entity).ok_or(Error::NotFound)
}

/// What only the database knows: whether a name is free there, and whether a new key tells all records apart.
async fn fits_the_records(app: &App, (before, after): (&Catalog, &Catalog), steps: &[Step]) -> Result<()> {
    for step in steps {
        match step {
            Step::AddEntity { entity } if store::definition::is_there(&app.db, entity).await? => {
                return Err(Refusal::Reserved { name: entity.clone() }.into());
            }
            Step::AddKey { entity, key } => {
                let (Some(was), def) = (before.get(entity), known(after, entity)?) else { continue };
                let Some(key) = def.keys.iter().find(|it| it.name == *key) else { continue };
                // A column that is new holds nothing yet, and so does every key with it.
                let there = key.columns.iter().all(|it| was.column(it).is_some());
                if there && store::definition::doubled(&app.db, was, key).await? > 0 {
                    return Err(Refusal::NotUnique { key: key.name.clone() }.into());
                }
            }
            _ => {}
        }
    }
    Ok(())
}
