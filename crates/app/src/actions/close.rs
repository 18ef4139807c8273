//! An opportunity is won or lost, a case is solved.

use super::Refusal;
use crate::changes::Changes;
use crate::{App, Error, Result};
use domain::entity::EntityDef;
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor};
use domain::record::{Value, Values};
use domain::time::Timestamp;

/// What is said when something ends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Closing {
    /// `None`: the first status of the new state.
    pub status: Option<i64>,
    /// With the description it becomes a note on the record.
    pub subject: Option<String>,
    pub description: Option<String>,
    /// What an opportunity brought in, in ten-thousandths; `None`: what was estimated, if it was won.
    pub value: Option<i64>,
    /// `None`: now.
    pub at: Option<Timestamp>,
}

const WON: i64 = 1;
const LOST: i64 = 2;
const RESOLVED: i64 = 1;

pub async fn win(app: &App, actor: &Actor, opportunity: Guid, closing: &Closing) -> Result<()> {
    end(app, actor, &RecordRef::new("opportunity", opportunity), WON, closing).await
}

pub async fn lose(app: &App, actor: &Actor, opportunity: Guid, closing: &Closing) -> Result<()> {
    end(app, actor, &RecordRef::new("opportunity", opportunity), LOST, closing).await
}

pub async fn resolve(app: &App, actor: &Actor, incident: Guid, closing: &Closing) -> Result<()> {
    end(app, actor, &RecordRef::new("incident", incident), RESOLVED, closing).await
}

async fn end(app: &App, actor: &Actor, record: &RecordRef, state: i64, closing: &Closing) -> Result<()> {
    // Know
    let mut changes = Changes::new(app, actor);
    let before = changes.held(Action::Write, record).await?;
    let def = app.catalog.get(&record.entity).ok_or(Error::NotFound)?;

    // Decide
    if before.get("statecode").int() != Some(0) {
        return Err(Refusal::Closed { entity: def.name.clone() }.into());
    }
    let mut values = Values::from([
        ("statecode".to_owned(), Value::Int(state)),
        ("statuscode".to_owned(), status(def, state, closing)?),
    ]);
    if def.name == "opportunity" {
        let day = closing.at.unwrap_or_else(|| app.now());
        values.insert("actualclosedate".to_owned(), day.into());
        let estimated = if state == WON { before.get("estimatedvalue").clone() } else { Value::Null };
        let value = closing.value.map_or(estimated, Value::Int);
        values.insert("actualvalue".to_owned(), value);
    }

    // Do
    changes.update(record, Some(before.version), values).await?;
    if let Some(note) = note(record, closing) {
        changes.create("annotation", None, note).await?;
    }
    changes.commit().await
}

fn status(def: &EntityDef, state: i64, closing: &Closing) -> Result<Value> {
    let options = def.column("statuscode").map(|it| it.options.as_slice()).unwrap_or_default();
    let mut fitting = options.iter().filter(|it| it.state == Some(state)).map(|it| it.value);
    match closing.status {
        None => Ok(fitting.next().into()),
        Some(status) if fitting.any(|it| it == status) => Ok(status.into()),
        Some(status) => Err(Refusal::NoSuchEnd { entity: def.name.clone(), status }.into()),
    }
}

/// What was said stays on the record's timeline.
fn note(record: &RecordRef, closing: &Closing) -> Option<Values> {
    let text =
        |it: &Option<String>| it.as_deref().map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned);
    let (subject, description) = (text(&closing.subject), text(&closing.description));
    if subject.is_none() && description.is_none() {
        return None;
    }
    Some(Values::from([
        ("objectid".to_owned(), record.clone().into()),
        ("subject".to_owned(), subject.into()),
        ("notetext".to_owned(), description.into()),
    ]))
}
