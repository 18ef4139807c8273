//! What is asked before something is done with a record: deleting it, giving it another status or another owner.

use crate::session::Visitor;
use crate::views::address;
use crate::views::field::{self, Draft};
use crate::views::icon::{icon, type_icon_big};
use crate::views::shell::{self, Page, Place};
use app::records::View;
use domain::entity::ColumnDef;
use maud::{Markup, html};

pub struct About<'a> {
    pub view: &'a View,
    pub name: &'a str,
}

/// How a record is to end, as it was filled in.
#[derive(Debug, Clone, Default)]
pub struct Ending {
    pub status: Option<i64>,
    /// It becomes a note.
    pub text: String,
    pub value: Draft,
}

fn frame(
    visitor: &Visitor,
    about: &About<'_>,
    title: &str,
    path: &str,
    form: &Markup,
    button: &Markup,
) -> Markup {
    let (words, def) = (&visitor.words, &about.view.def);
    let here = address(&about.view.record.reference());
    let main = html! {
        main #main.page.narrow {
            div.page-head { div.line { (type_icon_big(&def.icon)) div { h1 { (title) } p { a href=(here) { (about.name) } } } } }
            form.card method="post" action={ (here) (path) } {
                (shell::csrf(visitor))
                input type="hidden" name="version" value=(about.view.record.version);
                (form)
                footer.line { (button) a.button.quiet href=(here) { (words.t("form-cancel")) } }
            }
        }
    };
    shell::page(Page { visitor, title, place: Place::Records(&def.name), search: "", main })
}

/// `along`: what goes along, in words, and how many that is.
pub fn delete(visitor: &Visitor, about: &About<'_>, along: (&str, u64)) -> Markup {
    let words = &visitor.words;
    let title = words.with("delete-title", &[("name", about.name.into())]);
    let form = html! {
        (shell::method("DELETE"))
        input type="hidden" name="dependants" value=(along.1);
        div.inside.stack {
            p { (words.t("delete-text")) }
            @if along.1 > 0 {
                div.banner.warn { (icon("warning")) p { (words.with("delete-along", &[("what", along.0.into())])) } }
            } @else {
                p { (words.t("delete-alone")) }
            }
        }
    };
    let button = html! { button.button.danger { (icon("trash")) (words.t("delete-do")) } };
    frame(visitor, about, &title, "", &form, &button)
}

pub fn state(visitor: &Visitor, about: &About<'_>, ending: &Ending) -> Markup {
    let (words, def) = (&visitor.words, &about.view.def);
    let now = ending.status.or_else(|| about.view.record.get("statuscode").int());
    let open = about.view.record.get("statecode").int() == Some(0);
    let closes = open && matches!(def.name.as_str(), "opportunity" | "incident");
    let states = def.column("statecode").map(|it| it.options.as_slice()).unwrap_or_default();
    let statuses = def.column("statuscode").map(|it| it.options.as_slice()).unwrap_or_default();
    let form = html! {
        (shell::method("PUT"))
        div.inside.form {
            div.field.full {
                label for="status" { (words.t("state-new")) }
                span.select {
                    select #status name="status" {
                        @for state in states {
                            optgroup label=(words.label(&state.label)) {
                                @for it in statuses.iter().filter(|it| it.state == Some(state.value)) {
                                    option value=(it.value) selected[Some(it.value) == now] { (words.label(&it.label)) }
                                }
                            }
                        }
                    }
                    (icon("chevron-down"))
                }
            }
            @if closes {
                @if let Some(column) = def.column("actualvalue") { (field::input(column, &ending.value, words)) }
                div.field.full {
                    label for="text" { (words.t("state-why")) }
                    textarea.input #text name="text" rows="4" { (ending.text) }
                    span.hint { (words.t("state-why-hint")) }
                }
            }
        }
    };
    let button = html! { button.button.primary { (words.t("state-do")) } };
    frame(visitor, about, &words.t("state-title"), "/state", &form, &button)
}

pub fn owner(visitor: &Visitor, about: &About<'_>, column: &ColumnDef, draft: &Draft) -> Markup {
    let words = &visitor.words;
    let form = html! {
        (shell::method("PUT"))
        div.inside.stack { p { (words.t("owner-text")) } (field::input(column, draft, words)) }
    };
    let button = html! { button.button.primary { (words.t("owner-do")) } };
    frame(visitor, about, &words.t("owner-title"), "/owner", &form, &button)
}
