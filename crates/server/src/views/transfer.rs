//! Lists out into files, and files into records: what is offered.

pub mod import;

use super::icon::{icon, type_icon_big};
use super::list::state::State;
use super::shell::{self, Page, Place};
use crate::session::Visitor;
use crate::words::Language;
use domain::entity::EntityDef;
use maud::{Markup, html};

pub struct Offer<'a> {
    pub def: &'a EntityDef,
    /// The list that is exported.
    pub state: &'a State,
    /// Whether the visitor makes records of this type.
    pub takes: bool,
    /// What is wrong with the file that was sent.
    pub trouble: Option<String>,
}

/// Beside the buttons of a list.
pub fn link(visitor: &Visitor, def: &EntityDef, state: &State) -> Markup {
    html! {
        a.button.quiet href={ "/transfer/" (def.name) "?" (state.query()) } {
            (icon("download")) (visitor.words.t("transfer"))
        }
    }
}

fn frame(visitor: &Visitor, def: &EntityDef, title: &str, inside: &Markup) -> Markup {
    let main = html! {
        main #main.page.narrow {
            div.page-head { div.line { (type_icon_big(&def.icon)) h1 { (title) } } }
            (inside)
        }
    };
    shell::page(Page { visitor, title, place: Place::Records(&def.name), search: "", main })
}

pub fn page(visitor: &Visitor, offer: &Offer<'_>) -> Markup {
    let words = &visitor.words;
    let types = words.plural(offer.def).to_lowercase();
    let title = words.with("transfer-of", &[("types", types.into())]);
    let inside = html! {
        @if let Some(trouble) = &offer.trouble {
            div.banner.bad role="alert" { (icon("warning")) p { (trouble) } }
        }
        (out(visitor, offer))
        @if offer.takes { (into(visitor, offer)) }
        p { a.button.quiet href=(offer.state.address(&offer.def.name)) { (words.t("bulk-back")) } }
    };
    frame(visitor, offer.def, &title, &inside)
}

fn out(visitor: &Visitor, offer: &Offer<'_>) -> Markup {
    let words = &visitor.words;
    let usual = match words.language {
        Language::English => "csv-comma",
        Language::Swedish => "csv-semicolon",
    };
    let formats = [
        ("csv-comma", "export-csv-comma"),
        ("csv-semicolon", "export-csv-semicolon"),
        ("csv-tab", "export-csv-tab"),
        ("json", "export-json"),
    ];
    html! {
        form.card action={ "/transfer/" (offer.def.name) "/export" } aria-labelledby="export" {
            header { h2 #export { (words.t("export")) } }
            input type="hidden" name="state" value=(offer.state.query());
            div.inside.stack {
                p { (words.t("export-hint")) }
                div.field {
                    label for="columns" { (words.t("list-columns")) }
                    span.select {
                        select #columns name="columns" {
                            option value="list" { (words.t("export-columns-list")) }
                            option value="all" { (words.t("export-columns-all")) }
                        }
                        (icon("chevron-down"))
                    }
                }
                div.field {
                    label for="format" { (words.t("export-format")) }
                    span.select {
                        select #format name="format" {
                            @for (value, key) in formats { option value=(value) selected[value == usual] { (words.t(key)) } }
                        }
                        (icon("chevron-down"))
                    }
                }
            }
            footer.line { button.button.primary { (icon("download")) (words.t("export-do")) } }
        }
    }
}

fn into(visitor: &Visitor, offer: &Offer<'_>) -> Markup {
    let words = &visitor.words;
    html! {
        form.card method="post" enctype="multipart/form-data" action={ "/transfer/" (offer.def.name) "/import" } aria-labelledby="import" {
            header { h2 #import { (words.t("import")) } }
            (shell::csrf(visitor))
            input type="hidden" name="state" value=(offer.state.query());
            div.inside.stack {
                p { (words.t("import-hint")) }
                div.field {
                    label for="file" { (words.t("import-file")) }
                    input.input #file type="file" name="file" accept=".csv,.tsv,.txt,text/csv" required;
                }
            }
            footer.line { button.button { (words.t("bulk-next")) } }
        }
    }
}
