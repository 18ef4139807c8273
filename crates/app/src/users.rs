//! Colleagues: who there is, with which role, and tokens for scripts.

use crate::sign_in::{LONGEST_PASSWORD, hash_of, hashed_password, hex};
use crate::{App, Error, Problem, Result};
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor, Role, Standing};
use domain::record::Record;
use std::collections::BTreeSet;
use store::user::{Person, Who};
use store::{Commit, Stamp};

#[derive(Debug, Clone)]
pub struct NewUser {
    pub email: String,
    pub name: String,
    /// The name of a role: `salesperson`.
    pub role: String,
    pub password: String,
    /// `None`: the root unit.
    pub unit: Option<Guid>,
}

/// Shorter passwords are refused.
pub const SHORTEST_PASSWORD: usize = 8;

/// Adds a user, and the root business unit with the first one.
pub async fn add(app: &App, user: &NewUser) -> Result<Guid> {
    let taken = by_email(app, &user.email).await?.is_some();
    check(app, user, taken)?;
    let password = hashed_password(user.password.clone()).await?;

    let system = system(app);
    let stamp = Stamp { by: Guid::NIL, at: app.now() };
    let mut commit = Commit::new();
    let unit = match user.unit {
        Some(unit) => Some(unit),
        None => store::user::root_unit(&app.db).await?,
    };
    let unit = if let Some(unit) = unit {
        unit
    } else {
        let unit = Record::new("businessunit", app.new_id()).with("name", "Organization");
        let scope = system.scope(Action::Create, "businessunit");
        store::records::create(&mut commit, &app.catalog, &unit, &scope, stamp)?;
        unit.id
    };
    let (first, last) = user.name.rsplit_once(' ').unwrap_or(("", &user.name));
    let record = Record::new("systemuser", app.new_id())
        .with("fullname", user.name.as_str())
        .with("firstname", first)
        .with("lastname", last)
        .with("internalemailaddress", user.email.trim())
        .with("businessunitid", RecordRef::new("businessunit", unit))
        .with("isdisabled", false);
    let scope = system.scope(Action::Create, "systemuser");
    store::records::create(&mut commit, &app.catalog, &record, &scope, stamp)?;
    store::user::grant_role(&mut commit, &app.catalog, record.id, &user.role, stamp)?;
    store::session::put_password(&mut commit, record.id, &password);
    app.db.commit(commit).await?;
    Ok(record.id)
}

fn check(app: &App, user: &NewUser, taken: bool) -> Result<()> {
    let column = |name: &str| name.to_owned();
    let mut problems = Vec::new();
    if !domain::check::looks_like_an_address(&user.email) {
        problems.push(Problem::NoAddress { column: column("The address") });
    }
    if taken {
        problems.push(Problem::Taken { column: column("The address") });
    }
    if user.name.trim().is_empty() {
        problems.push(Problem::Missing { column: column("The name") });
    }
    if !app.roles.iter().any(|it| it.name == user.role) {
        problems.push(Problem::NoChoice { column: column("The role") });
    }
    if user.password.chars().count() < SHORTEST_PASSWORD {
        problems.push(Problem::TooShort { column: column("The password"), min: SHORTEST_PASSWORD });
    }
    if user.password.len() > LONGEST_PASSWORD {
        problems.push(Problem::TooLong { column: column("The password"), max: LONGEST_PASSWORD });
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

/// By primary address, without regard to case.
pub async fn by_email(app: &App, email: &str) -> Result<Option<Guid>> {
    Ok(store::user::by_address(&app.db, email).await?)
}

/// The user with roles, teams and units. `None` when there is no such user or it is disabled.
pub async fn actor(app: &App, user: Guid) -> Result<Option<Actor>> {
    Ok(person(app, user).await?.map(|it| as_actor(app, &it)))
}

pub(crate) async fn person(app: &App, user: Guid) -> Result<Option<Person>> {
    Ok(store::user::person(&app.db, Who::User(user)).await?)
}

pub(crate) fn as_actor(app: &App, person: &Person) -> Actor {
    let roles: Vec<Role> =
        app.roles.iter().filter(|role| person.roles.contains(&role.id())).cloned().collect();
    Actor::new(person.standing.clone(), roles, app.catalog.clone())
}

/// The installation itself: it adds the first user and furnishes the demo, when nobody is there who could.
pub(crate) fn system(app: &App) -> Actor {
    let standing =
        Standing { user: Guid::NIL, unit: Guid::NIL, units_below: BTreeSet::new(), teams: BTreeSet::new() };
    let roles = app.roles.iter().filter(|it| it.administers).cloned().collect();
    Actor::new(standing, roles, app.catalog.clone())
}

/// A bearer token for scripts and add-ins. It is shown once; only its hash is kept.
pub async fn new_token(app: &App, user: Guid, name: &str) -> Result<String> {
    let token = hex(&crate::world::random::<32>());
    let mut commit = Commit::new();
    store::session::put_token(&mut commit, app.new_id(), user, name, &hash_of(&token), app.now());
    app.db.commit(commit).await?;
    Ok(token)
}
