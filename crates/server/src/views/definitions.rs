//! Types and columns, for administrators: what there is, the forms that add and change it, and the question before
//! something is dropped.

mod column;
mod drop;
mod kinds;
mod types;

pub use column::{ColumnDraft, column_form, kinds};
pub use drop::{Question, question};
pub use kinds::{Extra, Kind, kind};
pub use types::{TypeDraft, list, of_type, of_type_in_trouble, type_form};

use super::icon::icon;
use crate::session::Visitor;
use domain::entity::{Catalog, EntityDef};
use maud::{Markup, html};

/// Where types are listed.
pub const HERE: &str = "/settings/types";

/// Where a type's page is.
pub fn address(entity: &str) -> String {
    format!("{HERE}/{entity}")
}

/// The types that people add columns to: neither parts of others nor what only ties two together.
pub fn shown(catalog: &Catalog) -> impl Iterator<Item = &EntityDef> {
    catalog
        .all()
        .filter(|it| !it.intersect && !it.readonly && it.ownership != domain::entity::Ownership::Child)
}

fn trouble(text: Option<&str>) -> Markup {
    html! { @if let Some(text) = text { div.banner.bad role="alert" { (icon("warning")) p { (text) } } } }
}

/// One line to fill in, with a hint below it.
struct Line<'a> {
    name: &'a str,
    label: &'a str,
    value: &'a str,
    hint: Option<&'a str>,
    max: Option<usize>,
}

fn line(it: &Line<'_>) -> Markup {
    let id = format!("f-{}", it.name);
    let hint_id = it.hint.map(|_| format!("{id}-hint"));
    html! {
        div.field {
            label for=(id) { (it.label) }
            input.input id=(id) name=(it.name) value=(it.value) autocomplete="off" maxlength=[it.max] required
                aria-describedby=[&hint_id];
            @if let Some(hint) = it.hint { span.hint id=[&hint_id] { (hint) } }
        }
    }
}

fn tick(name: &str, label: &str, on: bool, hint: Option<&str>) -> Markup {
    html! {
        label.choice {
            input type="checkbox" name=(name) value="true" checked[on];
            span { (label) @if let Some(hint) = hint { " " span.faint { (hint) } } }
        }
    }
}

/// The name, which never changes: asked for once, said afterwards.
fn name_field(visitor: &Visitor, value: &str, hint: &str, known: bool) -> Markup {
    let words = &visitor.words;
    html! {
        @if known {
            div.field { span.legend { (words.t("definition-name")) } code { (value) } }
        } @else {
            (line(&Line { name: "name", label: &words.t("definition-name"), value, hint: Some(&words.t(hint)), max: Some(48) }))
        }
    }
}
