//! The user a command is about.

use super::failure::Failure;
use app::{App, users};
use domain::id::Guid;
use domain::privilege::{Actor, Role, Standing};
use std::collections::BTreeSet;

pub async fn by_email(app: &App, email: &str) -> Result<Guid, Failure> {
    let found = users::by_email(app, email).await?;
    found.ok_or_else(|| Failure::not_found(format!("There is no user {email}.")))
}

/// The same rights as when this user clicks.
pub async fn actor(app: &App, email: &str) -> Result<Actor, Failure> {
    let user = by_email(app, email).await?;
    let actor = users::actor(app, user).await?;
    actor.ok_or_else(|| Failure::failed(format!("The user {email} is disabled.")))
}

/// Whoever may run this program on this data may see all of it.
pub fn operator(app: &App) -> Actor {
    let nobody =
        Standing { user: Guid::NIL, unit: Guid::NIL, units_below: BTreeSet::new(), teams: BTreeSet::new() };
    let roles: Vec<Role> = app.roles.iter().filter(|it| it.administers).cloned().collect();
    Actor::new(nobody, roles, app.catalog.clone())
}
