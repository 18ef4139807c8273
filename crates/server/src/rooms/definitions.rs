//! Types and columns, for administrators.

mod columns;
mod drop;
mod types;

pub use columns::{change_column, column, make_column, new_column};
pub use drop::{ask_about_column, ask_about_type};
pub use types::{change, edit, export, list, make, new, of_type};

use crate::error::{Answer, Failure, sentence};
use crate::session::{Fields, Visitor};
use crate::web::Web;
use app::Error;
use domain::entity::{EntityDef, Label};

/// Whoever does not administer is told so, and not that there is nothing.
fn administrators(visitor: &Visitor) -> Answer<()> {
    if visitor.who.actor.administers() { Ok(()) } else { Err(Error::NotAllowed.into()) }
}

fn known<'a>(web: &'a Web, entity: &str) -> Answer<&'a EntityDef> {
    web.app.catalog.get(entity).filter(|it| !it.intersect).ok_or(Failure::NOT_FOUND)
}

/// What a field holds; a box that is not ticked sends nothing.
fn field<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.iter().rev().find(|it| it.0 == name).map_or("", |it| it.1.trim())
}

fn ticked(fields: &Fields, name: &str) -> bool {
    field(fields, name) == "true"
}

fn label(en: &str, sv: &str) -> Label {
    Label { en: en.to_owned(), sv: sv.to_owned() }
}

/// What a form can be repaired of, as a sentence; all else is a failure.
fn repairable(error: Error, web: &Web, visitor: &Visitor) -> Answer<String> {
    match error {
        Error::Definition(_) | Error::Changed => Ok(sentence(&error, web, &visitor.words)),
        other => Err(other.into()),
    }
}
