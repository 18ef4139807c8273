//! The demo world: Adventure Works, its neighbours, and a mailbox one can try things on.

use crate::{App, Result};

/// A person to sign in as, with one click.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// `seller`, `colleague`, `outsider` or `administrator`.
    pub part: String,
    pub name: String,
    /// The code for [`crate::sign_in::by_link`].
    pub code: String,
}

/// A hint on the way through the first five minutes.
#[derive(Debug, Clone)]
pub struct Hint {
    pub key: String,
    pub title_en: String,
    pub title_sv: String,
    pub text_en: String,
    pub text_sv: String,
}

/// Whether this world is the demo's.
pub async fn is_demo(_app: &App) -> Result<bool> {
    todo!()
}

/// Makes the world in an empty database; in one that has it already, only looks who there is.
pub async fn furnish(_app: &App) -> Result<Vec<Visitor>> {
    todo!()
}

/// The hint that leads on from here: `None` outside of a demo, or when all were dismissed or done.
pub async fn hint(_app: &App, _actor: &domain::privilege::Actor) -> Result<Option<Hint>> {
    todo!()
}

pub async fn dismiss_hint(_app: &App, _actor: &domain::privilege::Actor, _key: &str) -> Result<()> {
    todo!()
}
