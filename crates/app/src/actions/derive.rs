//! A new record begun from another one, before anybody has saved it.

use crate::{App, Error, Result};
use domain::id::RecordRef;
use domain::privilege::{Action, Actor};
use domain::record::Values;

/// What a new record of the type begins with when it is made from this one. Nothing is written.
pub async fn initial(app: &App, actor: &Actor, from: &RecordRef, entity: &str) -> Result<Values> {
    let source = app.catalog.get(&from.entity).ok_or(Error::NotFound)?;
    let target = app.catalog.get(entity).filter(|it| !it.intersect).ok_or(Error::NotFound)?;
    let scope = actor.scope(Action::Read, &from.entity);
    let record = store::records::get(&app.db, &app.catalog, from, &scope).await?.ok_or(Error::NotFound)?;
    Ok(domain::derive::initial(&record, source, target))
}
