//! One thing done to many records, after its count was stated.

use crate::changes::{Changes, Consent, dependants_of_all};
use crate::{App, Error, Problem, Result};
use domain::id::{Guid, RecordRef};
use domain::privilege::Actor;
use domain::record::Values;
use std::collections::BTreeMap;

/// How it went.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    pub done: u64,
    /// Left alone, by why.
    pub left: BTreeMap<Why, u64>,
    /// What was wrong with the values, said once.
    pub problems: Vec<Problem>,
}

/// Why a record was left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// The actor may not do this to it, or does not see it.
    NotAllowed,
    /// Somebody else was faster.
    Changed,
    /// The value does not fit it.
    Invalid,
    /// Something hangs on it that has to stay.
    HeldBack,
}

/// Records of one commit: large enough to be quick, small enough that nobody waits for it.
const TOGETHER: usize = 100;

/// Gives these columns of all the records these values.
pub async fn update(
    app: &App,
    actor: &Actor,
    entity: &str,
    ids: &[Guid],
    values: &Values,
) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    for some in ids.chunks(TOGETHER) {
        if update_together(app, actor, entity, some, values).await.is_ok() {
            outcome.done += some.len() as u64;
            continue;
        }
        for id in some {
            outcome.count(update_together(app, actor, entity, &[*id], values).await)?;
        }
    }
    Ok(outcome)
}

async fn update_together(
    app: &App,
    actor: &Actor,
    entity: &str,
    ids: &[Guid],
    values: &Values,
) -> Result<()> {
    let mut changes = Changes::new(app, actor);
    for id in ids {
        changes.update(&RecordRef::new(entity, *id), None, values.clone()).await?;
    }
    changes.commit().await
}

/// Puts all the records into the recycle bin, and at most `along` others with them: if more would go, nothing happens and
/// [`Error::Depends`] says which.
pub async fn delete(app: &App, actor: &Actor, entity: &str, ids: &[Guid], along: u64) -> Result<Outcome> {
    // Know
    let counts = dependants_of_all(app, actor, entity, ids).await?;

    // Decide
    if counts.iter().map(|it| it.1).sum::<u64>() > along {
        return Err(Error::Depends { counts });
    }

    // Do
    let mut outcome = Outcome::default();
    for some in ids.chunks(TOGETHER) {
        if delete_together(app, actor, entity, some).await.is_ok() {
            outcome.done += some.len() as u64;
            continue;
        }
        for id in some {
            outcome.count(delete_together(app, actor, entity, &[*id]).await)?;
        }
    }
    Ok(outcome)
}

async fn delete_together(app: &App, actor: &Actor, entity: &str, ids: &[Guid]) -> Result<()> {
    let mut changes = Changes::new(app, actor);
    for id in ids {
        changes.delete_asking(&RecordRef::new(entity, *id), None, Consent::Whatever).await?;
    }
    changes.commit().await
}

impl Outcome {
    fn count(&mut self, done: Result<()>) -> Result<()> {
        let why = match done {
            Ok(()) => {
                self.done += 1;
                return Ok(());
            }
            Err(Error::NotAllowed | Error::NotFound | Error::Refused(_)) => Why::NotAllowed,
            Err(Error::Changed) => Why::Changed,
            Err(Error::HeldBack { .. } | Error::Depends { .. }) => Why::HeldBack,
            Err(Error::Invalid(problems)) => {
                self.problems = problems;
                Why::Invalid
            }
            Err(error) => return Err(error),
        };
        *self.left.entry(why).or_default() += 1;
        Ok(())
    }
}
