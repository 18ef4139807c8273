//! Any question over any types, answered within what the asker may read: lists, the Web API and saved views ask here.

mod expand;

use crate::{App, Error, Result};
use domain::ask::{Answer, Ask};
use domain::privilege::{Action, Actor, Scopes};
pub use expand::{Row, expanded, needed};
pub use store::Senseless;

/// One page of the answer; see [`store::ask::answer`] for what a question means.
///
/// Fails with [`Error::NotFound`] for a type that is not there, with [`Error::NotAllowed`] when the asker may not read any
/// record of a type that the question speaks of, and for a question that makes no sense with an error in which
/// [`senseless`] finds the sentence to show.
pub async fn ask(app: &App, actor: &Actor, ask: &Ask) -> Result<Answer> {
    let scopes = scopes(app, actor, ask)?;
    Ok(store::ask::answer(&app.db, &app.catalog, ask, &scopes).await?)
}

/// What is wrong with the question, when that is why it failed: the asker's mistake, and a sentence for the asker.
pub fn senseless(error: &Error) -> Option<&str> {
    match error {
        Error::Broken(error) => error.downcast_ref::<Senseless>().map(|it| it.0.as_str()),
        _ => None,
    }
}

/// What the actor may read of the types the question speaks of.
fn scopes(app: &App, actor: &Actor, ask: &Ask) -> Result<Scopes> {
    for entity in ask.source.types() {
        if app.catalog.get(entity).is_none() {
            return Err(Error::NotFound);
        }
        let readers = store::ask::readers(&app.catalog, entity)?;
        if !readers.iter().any(|it| actor.may(Action::Read, it)) {
            return Err(Error::NotAllowed);
        }
    }
    let types = store::ask::types(&app.catalog, ask)?;
    Ok(actor.scopes(Action::Read, types.iter().map(String::as_str)))
}
