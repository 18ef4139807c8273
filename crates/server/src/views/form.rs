//! Making and changing a record: one field per column of its definition.

use super::field::{self, Draft};
use super::icon::{icon, type_icon_big};
use super::shell::{self, Page, Place};
use super::twins;
use crate::session::Visitor;
use app::duplicates::Duplicate;
use domain::entity::EntityDef;
use domain::id::RecordRef;
use maud::{Markup, html};
use std::collections::BTreeMap;

/// A form as it stands: fresh, of a record, or as it was sent with what was wrong.
#[derive(Debug, Clone)]
pub struct Form {
    pub def: EntityDef,
    /// The record that is changed; `None`: a new one.
    pub record: Option<Target>,
    /// By column.
    pub drafts: BTreeMap<String, Draft>,
    /// What is wrong with the whole.
    pub trouble: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Target {
    pub record: RecordRef,
    /// As it was read: a change in between is noticed.
    pub version: i64,
    pub name: String,
}

pub fn page(visitor: &Visitor, form: &Form) -> Markup {
    asking(visitor, form, &[])
}

/// The form with records beside it that may be the same: saving it once more makes one all the same.
pub fn asking(visitor: &Visitor, form: &Form, others: &[Duplicate]) -> Markup {
    let words = &visitor.words;
    let kind = words.entity(&form.def).to_lowercase();
    let list = format!("/records/{}", form.def.name);
    let (title, action, back) = match &form.record {
        Some(target) => (target.name.clone(), super::address(&target.record), super::address(&target.record)),
        None => (words.with("form-new", &[("type", kind.into())]), list.clone(), list),
    };
    let problems = form.drafts.values().any(|it| it.problem.is_some());
    let main = html! {
        main #main.page.narrow {
            div.page-head {
                div.line { (type_icon_big(&form.def.icon)) h1 { (title) } }
            }
            @if !others.is_empty() { (twins::banner(visitor, others)) }
            @if let Some(trouble) = &form.trouble {
                div.banner.bad role="alert" { (icon("warning")) p { (trouble) } }
            } @else if problems {
                div.banner.bad role="alert" { (icon("warning")) p { (words.t("form-problems")) } }
            }
            form.card method="post" action=(action) {
                (shell::csrf(visitor))
                (twins::seen(others))
                @if let Some(target) = &form.record {
                    (shell::method("PUT"))
                    input type="hidden" name="version" value=(target.version);
                }
                div.inside.form {
                    @for column in form.def.form().filter(|it| !field::is_file(it)) {
                        @let empty = Draft::default();
                        (field::input(column, form.drafts.get(&column.name).unwrap_or(&empty), words))
                    }
                }
                footer.line {
                    button.button.primary { (words.t(if others.is_empty() { "form-save" } else { "twins-save" })) }
                    a.button.quiet href=(back) { (words.t("form-cancel")) }
                }
            }
        }
    };
    shell::page(Page { visitor, title: &title, place: Place::Records(&form.def.name), search: "", main })
}
