//! Rights on one record, given to a user or a team, and the question who has which (SE-06).

use super::Refusal;
use crate::{App, Error, Result, users};
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor};
use store::Commit;

/// All there are.
pub const RIGHTS: [Action; 8] = [
    Action::Read,
    Action::Write,
    Action::Append,
    Action::AppendTo,
    Action::Create,
    Action::Delete,
    Action::Share,
    Action::Assign,
];

/// Adds rights. Nobody gives what he does not have himself.
pub async fn grant(
    app: &App,
    actor: &Actor,
    record: &RecordRef,
    principal: &RecordRef,
    rights: &[Action],
) -> Result<()> {
    write(app, actor, record, principal, &[], rights).await
}

/// These rights and no others.
pub async fn modify(
    app: &App,
    actor: &Actor,
    record: &RecordRef,
    principal: &RecordRef,
    rights: &[Action],
) -> Result<()> {
    let others: Vec<Action> = RIGHTS.into_iter().filter(|it| !rights.contains(it)).collect();
    write(app, actor, record, principal, &others, rights).await
}

/// Takes all rights away that were given; taking what was not given is harmless.
pub async fn revoke(app: &App, actor: &Actor, record: &RecordRef, principal: &RecordRef) -> Result<()> {
    write(app, actor, record, principal, &RIGHTS, &[]).await
}

async fn write(
    app: &App,
    actor: &Actor,
    record: &RecordRef,
    principal: &RecordRef,
    fewer: &[Action],
    more: &[Action],
) -> Result<()> {
    // Know
    let share = actor.scope(Action::Share, &record.entity);
    app.catalog.get(&record.entity).ok_or(Error::NotFound)?;
    let may_share = store::records::reaches(&app.db, &app.catalog, record, &share).await?;
    if !may_share {
        return Err(if may(app, actor, Action::Read, record).await? {
            Error::NotAllowed
        } else {
            Error::NotFound
        });
    }
    for right in more {
        if !may(app, actor, *right, record).await? {
            return Err(Error::NotAllowed);
        }
    }
    is_principal(app, actor, principal).await?;

    // Do
    let mut commit = Commit::new();
    if !fewer.is_empty() {
        store::share::revoke(&mut commit, &app.catalog, principal.id, record, fewer, &share)?;
    }
    if !more.is_empty() {
        store::share::grant(&mut commit, &app.catalog, principal.id, record, more, &share)?;
    }
    Ok(app.db.commit(commit).await?)
}

async fn may(app: &App, actor: &Actor, action: Action, record: &RecordRef) -> Result<bool> {
    let scope = actor.scope(action, &record.entity);
    Ok(store::records::reaches(&app.db, &app.catalog, record, &scope).await?)
}

async fn is_principal(app: &App, actor: &Actor, principal: &RecordRef) -> Result<()> {
    if !matches!(principal.entity.as_str(), "systemuser" | "team") {
        return Err(Refusal::NoPrincipal.into());
    }
    if may(app, actor, Action::Read, principal).await? { Ok(()) } else { Err(Error::NotFound) }
}

/// What the user or team may do to a record that the actor may read: of a user by roles, units, teams and shares; of a
/// team by shares alone, since teams have no roles.
pub async fn access(
    app: &App,
    actor: &Actor,
    record: &RecordRef,
    principal: &RecordRef,
) -> Result<Vec<Action>> {
    app.catalog.get(&record.entity).ok_or(Error::NotFound)?;
    if !may(app, actor, Action::Read, record).await? {
        return Err(Error::NotFound);
    }
    is_principal(app, actor, principal).await?;
    if principal.entity == "team" {
        let shares = store::share::of(&app.db, record).await?;
        let rights = shares.iter().find(|it| it.0 == principal.id).map_or(0, |it| it.1);
        return Ok(named(rights));
    }
    // A disabled user may do nothing.
    let Some(other) = users::actor(app, principal.id).await? else { return Ok(vec![]) };
    let mut rights = Vec::new();
    for right in RIGHTS {
        if may(app, &other, right, record).await? {
            rights.push(right);
        }
    }
    Ok(rights)
}

/// With whom a record that the actor may read is shared, and which rights each was given.
pub async fn shares(app: &App, actor: &Actor, record: &RecordRef) -> Result<Vec<(RecordRef, Vec<Action>)>> {
    app.catalog.get(&record.entity).ok_or(Error::NotFound)?;
    if !may(app, actor, Action::Read, record).await? {
        return Err(Error::NotFound);
    }
    let found = store::share::of(&app.db, record).await?;
    let ids: Vec<Guid> = found.iter().map(|it| it.0).collect();
    let scope = users::system(app).scope(Action::Read, "team");
    let teams = store::records::get_many(&app.db, &app.catalog, "team", &ids, &scope).await?;
    let principal = |id: Guid| {
        let is_team = teams.iter().any(|it| it.id == id);
        RecordRef::new(if is_team { "team" } else { "systemuser" }, id)
    };
    Ok(found.into_iter().map(|(id, rights)| (principal(id), named(rights))).collect())
}

fn named(rights: i64) -> Vec<Action> {
    RIGHTS.into_iter().filter(|it| rights & it.bit() != 0).collect()
}
