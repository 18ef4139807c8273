//! Colleagues: who there is, with which role, and tokens for scripts.

use crate::sign_in::{LONGEST_PASSWORD, hash_of, hashed_password, hex};
use crate::{App, Error, Problem, Result, mailboxes};
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor, Role, Standing};
use domain::record::{Record, Value, Values};
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
    problems.extend(problems_of(&user.password));
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

/// Why a password is not taken.
fn problems_of(password: &str) -> Vec<Problem> {
    let column = "The password".to_owned();
    if password.chars().count() < SHORTEST_PASSWORD {
        vec![Problem::TooShort { column, min: SHORTEST_PASSWORD }]
    } else if password.len() > LONGEST_PASSWORD {
        vec![Problem::TooLong { column, max: LONGEST_PASSWORD }]
    } else {
        vec![]
    }
}

/// Gives the user another password. Browsers that are signed in have to sign in anew; tokens of scripts stay.
pub async fn set_password(app: &App, user: Guid, password: &str) -> Result<()> {
    let problems = problems_of(password);
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let password = hashed_password(password.to_owned()).await?;
    let mut commit = Commit::new();
    store::session::put_password(&mut commit, user, &password);
    store::session::remove_all(&mut commit, user);
    Ok(app.db.commit(commit).await?)
}

/// The user signs in nowhere any more, neither do scripts with the user's tokens, and the user's mailboxes are left
/// alone. No record is deleted: what the user owns, wrote and tracked stays. Harmless to repeat.
pub async fn disable(app: &App, user: Guid) -> Result<()> {
    let scope = system(app).scope(Action::Write, "systemuser");
    let record = RecordRef::new("systemuser", user);
    let before = store::records::get(&app.db, &app.catalog, &record, &scope).await?.ok_or(Error::NotFound)?;
    let mut commit = Commit::new();
    let disabled = Values::from([("isdisabled".to_owned(), Value::Bool(true))]);
    store::records::update(&mut commit, &app.catalog, &before, &disabled, &scope, app.stamp(Guid::NIL))?;
    store::session::remove_all(&mut commit, user);
    store::session::remove_tokens(&mut commit, user);
    app.db.commit(commit).await?;
    app.bearers.forget();
    mailboxes::forget(app, user);
    Ok(())
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
