//! Colleagues: who there is, with which role, and tokens for scripts.

use crate::{App, Result};
use domain::id::Guid;
use domain::privilege::Actor;

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

/// Adds a user, and the root business unit with the first one.
pub async fn add(_app: &App, _user: &NewUser) -> Result<Guid> {
    todo!()
}

/// By primary address, without regard to case.
pub async fn by_email(_app: &App, _email: &str) -> Result<Option<Guid>> {
    todo!()
}

/// The user with roles, teams and units. `None` when there is no such user or it is disabled.
pub async fn actor(_app: &App, _user: Guid) -> Result<Option<Actor>> {
    todo!()
}

/// A bearer token for scripts and add-ins. It is shown once; only its hash is kept.
pub async fn new_token(_app: &App, _user: Guid, _name: &str) -> Result<String> {
    todo!()
}
