//! Who is in a team.

use crate::changes::Changes;
use crate::{App, Error, Result};
use domain::ask::Way;
use domain::entity::ways;
use domain::id::{Guid, RecordRef};
use domain::privilege::Actor;

/// Who may change the team may put users into it. Harmless to repeat; all or none.
pub async fn add(app: &App, actor: &Actor, team: Guid, users: &[Guid]) -> Result<()> {
    let (mut changes, team, way) = begin(app, actor, team)?;
    for user in users {
        changes.tie(&team, &way, &RecordRef::new("systemuser", *user)).await?;
    }
    changes.commit().await
}

/// Taking out who is not in it is harmless.
pub async fn remove(app: &App, actor: &Actor, team: Guid, users: &[Guid]) -> Result<()> {
    let (mut changes, team, way) = begin(app, actor, team)?;
    for user in users {
        changes.untie(&team, &way, &RecordRef::new("systemuser", *user)).await?;
    }
    changes.commit().await
}

fn begin<'a>(app: &'a App, actor: &'a Actor, team: Guid) -> Result<(Changes<'a>, RecordRef, Way)> {
    let def = app.catalog.get("team").ok_or(Error::NotFound)?;
    let way = ways(&app.catalog, def)
        .into_iter()
        .map(|it| it.way)
        .find(|it| matches!(it, Way::Across { intersect, .. } if intersect == "teammembership"));
    Ok((Changes::new(app, actor), RecordRef::new("team", team), way.ok_or(Error::NotFound)?))
}
