//! The list of types, a type's page, and the form of a type.

use super::kinds::kind_of;
use super::{HERE, Line, address, line, name_field, shown, tick, trouble};
use crate::session::Visitor;
use crate::views::icon::{icon, type_icon, type_icon_big};
use crate::views::shell::{self, Page, Place};
use crate::words::Words;
use domain::entity::{Catalog, ColumnDef, EntityDef};
use maud::{Markup, html};

/// Every type, the customer's own first.
pub fn list(visitor: &Visitor, catalog: &Catalog) -> Markup {
    let words = &visitor.words;
    let title = words.t("definitions");
    let (own, standard): (Vec<&EntityDef>, Vec<&EntityDef>) = shown(catalog).partition(|it| it.custom);
    let main = html! {
        main #main.page.narrow {
            div.page-head {
                div { h1 { (title) } p { (words.t("definitions-hint")) } }
                div.toolbar { a.button.primary href={ (HERE) "/new" } { (icon("plus")) (words.t("definitions-add")) } }
            }
            section.card aria-labelledby="own-title" {
                header { h2 #own-title { (words.t("definitions-own")) } }
                @if own.is_empty() {
                    div.empty { (icon("project")) h2 { (words.t("definitions-none")) } p { (words.t("definitions-none-hint")) } }
                } @else { (rows(words, &own)) }
                footer.line.wrap {
                    a.button href={ (HERE) "/export" } { (icon("download")) (words.t("definitions-export")) }
                    small { (words.t("definitions-file")) }
                }
            }
            section.card aria-labelledby="standard-title" {
                header { h2 #standard-title { (words.t("definitions-standard")) } }
                (rows(words, &standard))
            }
        }
    };
    shell::page(Page { visitor, title: &title, place: Place::More, search: "", main })
}

fn rows(words: &Words, types: &[&EntityDef]) -> Markup {
    html! {
        ul.rows { @for def in types {
            li.row {
                (type_icon(&def.icon))
                span {
                    a.name href=(address(&def.name)) { (words.plural(def)) }
                    span.meta { code { (def.name) } @for it in traits(words, def) { " · " (it) } }
                }
                span.end { (count(words, def.form().count())) }
            }
        } }
    }
}

fn count(words: &Words, columns: usize) -> String {
    words.with("definitions-columns", &[("count", i64::try_from(columns).unwrap_or_default().into())])
}

fn traits(words: &Words, def: &EntityDef) -> Vec<String> {
    let all = [
        (def.activities, "definition-takes-activities"),
        (def.connections, "definition-takes-connections"),
        (def.browsable, "definition-is-shown"),
    ];
    all.iter().filter(|it| it.0).map(|it| words.t(it.1)).collect()
}

/// One type with its columns.
pub fn of_type(visitor: &Visitor, def: &EntityDef, catalog: &Catalog) -> Markup {
    of_type_in_trouble(visitor, def, catalog, None)
}

/// The same, with the reason why something of it was not done.
pub fn of_type_in_trouble(
    visitor: &Visitor,
    def: &EntityDef,
    catalog: &Catalog,
    why: Option<&str>,
) -> Markup {
    let words = &visitor.words;
    let title = words.plural(def);
    let here = address(&def.name);
    let own: Vec<&ColumnDef> = def.columns.iter().filter(|it| it.custom).collect();
    let (standard, every): (Vec<&ColumnDef>, Vec<&ColumnDef>) =
        def.columns.iter().filter(|it| !it.custom).partition(|it| !it.internal);
    let main = html! {
        main #main.page.narrow {
            div.page-head {
                div.line.top {
                    (type_icon_big(&def.icon))
                    div {
                        h1 { (title) }
                        p { code { (def.name) } @for it in traits(words, def) { " · " (it) } }
                    }
                }
                div.toolbar {
                    a.button.primary href={ (here) "/columns/new" } { (icon("plus")) (words.t("definition-add-column")) }
                    @if def.custom {
                        a.button href={ (here) "/edit" } { (icon("edit")) (words.t("definition-change")) }
                        a.button.danger href={ (here) "/drop" } { (icon("trash")) (words.t("definition-drop-type")) }
                    }
                }
            }
            (trouble(why))
            section.card aria-labelledby="own-title" {
                header { h2 #own-title { (words.t("definition-own-columns")) } }
                @if own.is_empty() {
                    div.empty { (icon("columns")) h2 { (words.t("definition-no-columns")) } p { (words.t("definition-no-columns-hint")) } }
                } @else { (columns(words, def, &own, catalog)) }
                @if !def.keys.is_empty() {
                    footer { @for key in &def.keys {
                        small { (words.with("definition-key", &[("columns", key.columns.join(", ").into())])) " "  }
                    } }
                }
            }
            @if !standard.is_empty() { (more(words, def, &standard, catalog, "definition-standard-columns")) }
            (more(words, def, &every, catalog, "definition-every-columns"))
            p.line.wrap {
                a.button.quiet href=(HERE) { (icon("chevron-left")) (words.t("definitions")) }
                @if def.browsable { a.button.quiet href={ "/records/" (def.name) } { (icon("open")) (words.t("definition-records")) } }
                small { (words.with("definition-set", &[("name", def.set.as_str().into())])) }
            }
        }
    };
    shell::page(Page { visitor, title, place: Place::More, search: "", main })
}

fn more(words: &Words, def: &EntityDef, some: &[&ColumnDef], catalog: &Catalog, title: &str) -> Markup {
    html! {
        details.card {
            summary.inside { (words.t(title)) " " small.faint { (some.len()) } }
            (columns(words, def, some, catalog))
        }
    }
}

fn columns(words: &Words, def: &EntityDef, columns: &[&ColumnDef], catalog: &Catalog) -> Markup {
    html! {
        ul.rows { @for column in columns {
            li.row {
                (icon("columns"))
                span {
                    @if column.custom {
                        a.name href={ (address(&def.name)) "/columns/" (column.name) } { (words.label(&column.label)) }
                    } @else { span.name { (words.label(&column.label)) } }
                    span.meta { code { (column.name) } " · " (what(words, column, catalog)) }
                }
                span.end {
                    @if column.name == def.primary || column.required { span.badge { (words.t("form-needed")) } }
                }
            }
        } }
    }
}

/// `One of several choices: Small, Large`.
fn what(words: &Words, column: &ColumnDef, catalog: &Catalog) -> Markup {
    let label = |name: &String| catalog.get(name).map_or(name.as_str(), |it| words.entity(it)).to_owned();
    let more: Vec<String> = if column.targets.is_empty() {
        column.options.iter().take(FEW).map(|it| words.label(&it.label).to_owned()).collect()
    } else {
        column.targets.iter().take(FEW).map(label).collect()
    };
    let left = (column.options.len() + column.targets.len()).saturating_sub(FEW);
    html! {
        (words.t(kind_of(column).word))
        @if !more.is_empty() { ": " (more.join(", ")) @if left > 0 { " …" } }
        @if let Some(max) = column.max { " · " (words.number(i64::try_from(max).unwrap_or(i64::MAX))) }
    }
}

/// So many choices or types are named in a line.
const FEW: usize = 5;

/// A type's form, as it stands or as it was sent.
#[derive(Debug, Clone, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "Each is a box of the form, and independent of the others."
)]
pub struct TypeDraft {
    pub name: String,
    pub en: String,
    pub sv: String,
    pub plural_en: String,
    pub plural_sv: String,
    pub organization: bool,
    pub icon: String,
    pub activities: bool,
    pub connections: bool,
    pub browsable: bool,
    /// It is there: its name and ownership stay.
    pub known: bool,
    pub trouble: Option<String>,
}

/// Symbols that a type of one's own can have: those with a hue.
const SYMBOLS: [&str; 9] =
    ["project", "account", "contact", "lead", "opportunity", "case", "task", "letter", "appointment"];

pub fn type_form(visitor: &Visitor, draft: &TypeDraft) -> Markup {
    let words = &visitor.words;
    let title = words.t(if draft.known { "definition-change" } else { "definitions-add" });
    let action = if draft.known { address(&draft.name) } else { HERE.to_owned() };
    let text = |name, label: &str, value: &str| {
        line(&Line { name, label: &words.t(label), value, hint: None, max: Some(100) })
    };
    let main = html! {
        main #main.page.narrow {
            div.page-head { div { h1 { (title) } } }
            (trouble(draft.trouble.as_deref()))
            form.card method="post" action=(action) {
                (shell::csrf(visitor))
                @if draft.known { (shell::method("PUT")) }
                div.inside.stack.wide {
                    div.form {
                        (text("en", "definition-one-en", &draft.en))
                        (text("sv", "definition-one-sv", &draft.sv))
                    }
                    div.form {
                        (text("plural_en", "definition-plural-en", &draft.plural_en))
                        (text("plural_sv", "definition-plural-sv", &draft.plural_sv))
                    }
                    div.form {
                        (name_field(visitor, &draft.name, "definition-name-hint", draft.known))
                        (symbols(visitor, draft))
                        @if !draft.known { (ownership(words, draft)) }
                        (flags(words, draft))
                        @if !draft.known { p.full.faint { (words.t("definition-primary-hint")) } }
                    }
                }
                footer.line {
                    button.button.primary { (words.t("form-save")) }
                    a.button.quiet href=(action) { (words.t("form-cancel")) }
                }
            }
        }
    };
    shell::page(Page { visitor, title: &title, place: Place::More, search: "", main })
}

/// Each is called after the type that has it already.
fn symbols(visitor: &Visitor, draft: &TypeDraft) -> Markup {
    let words = &visitor.words;
    let called = |symbol: &str| {
        let known = visitor.who.actor.catalog().all().find(|it| it.icon == symbol);
        known.map_or_else(|| words.t("definition-icon"), |it| words.entity(it).to_owned())
    };
    html! {
        fieldset.field {
            legend.legend { (words.t("definition-icon")) }
            div.line.wrap {
                @for name in SYMBOLS {
                    label.choice {
                        input type="radio" name="icon" value=(name) checked[draft.icon == name] aria-label=(called(name));
                        (type_icon(name))
                    }
                }
            }
        }
    }
}

fn ownership(words: &Words, draft: &TypeDraft) -> Markup {
    html! {
        fieldset.field.full {
            legend.legend { (words.t("definition-ownership")) }
            @for (value, key) in [("user", "definition-ownership-user"), ("organization", "definition-ownership-organization")] {
                label.choice {
                    input type="radio" name="ownership" value=(value) checked[draft.organization == (value == "organization")];
                    span { (words.t(key)) }
                }
            }
        }
    }
}

fn flags(words: &Words, draft: &TypeDraft) -> Markup {
    let forever = words.t("definition-forever");
    html! {
        div.field.full {
            (tick("activities", &words.t("definition-activities"), draft.activities, Some(&forever)))
            (tick("connections", &words.t("definition-connections"), draft.connections, Some(&forever)))
            (tick("browsable", &words.t("definition-browsable"), draft.browsable, None))
        }
    }
}
