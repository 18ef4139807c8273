//! Choosing the kind of a new column, and the form of a column.

use super::kinds::{Extra, Kind, OFFERED};
use super::{Line, address, line, name_field, tick, trouble};
use crate::session::Visitor;
use crate::views::icon::icon;
use crate::views::shell::{self, Page, Place};
use crate::words::Words;
use domain::entity::EntityDef;
use maud::{Markup, html};

/// What the new column shall hold: each kind asks for other things.
pub fn kinds(visitor: &Visitor, def: &EntityDef) -> Markup {
    let words = &visitor.words;
    let title = words.t("definition-add-column");
    let here = address(&def.name);
    let main = html! {
        main #main.page.narrow {
            div.page-head { div { h1 { (title) } p { (words.plural(def)) } } }
            section.card aria-labelledby="kind-title" {
                header { h2 #kind-title { (words.t("definition-kind")) } }
                ul.rows { @for kind in &OFFERED {
                    li.row {
                        (icon("columns"))
                        span { a.name href={ (here) "/columns/new?kind=" (kind.name) } { (words.t(kind.word)) } }
                        span.end { code.faint { (kind.name) } }
                    }
                } }
                footer { a.button.quiet href=(here) { (words.t("form-cancel")) } }
            }
        }
    };
    shell::page(Page { visitor, title: &title, place: Place::More, search: "", main })
}

/// A column's form, as it stands or as it was sent.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "Each is a box of the form, and independent of the others."
)]
pub struct ColumnDraft {
    pub kind: &'static Kind,
    pub name: String,
    pub en: String,
    pub sv: String,
    pub max: String,
    /// One choice to a line: `1, Small, Liten`.
    pub options: String,
    /// The list that the choices come from; then they are not changed here.
    pub option_set: Option<String>,
    pub targets: Vec<String>,
    /// Targets that stay.
    pub fixed: Vec<String>,
    pub required: bool,
    pub search: bool,
    pub list: bool,
    /// It is there: its name and kind stay.
    pub known: bool,
    pub trouble: Option<String>,
}

/// `targets`: the types it can lead to, with their names in the reader's language.
pub fn column_form(
    visitor: &Visitor,
    def: &EntityDef,
    draft: &ColumnDraft,
    targets: &[(String, String)],
) -> Markup {
    let words = &visitor.words;
    let title =
        if draft.known { draft_title(words, draft).to_owned() } else { words.t("definition-add-column") };
    let here = address(&def.name);
    let action =
        if draft.known { format!("{here}/columns/{}", draft.name) } else { format!("{here}/columns") };
    let hint = if def.custom { "definition-column-hint" } else { "definition-column-prefix-hint" };
    let text = |name, label: &str, value: &str| {
        line(&Line { name, label: &words.t(label), value, hint: None, max: Some(100) })
    };
    let main = html! {
        main #main.page.narrow {
            div.page-head {
                div { h1 { (title) } p { (words.plural(def)) " · " (words.t(draft.kind.word)) } }
                @if draft.known && draft.name != def.primary {
                    div.toolbar { a.button.danger href={ (action) "/drop" } { (icon("trash")) (words.t("definition-drop-column")) } }
                }
            }
            (trouble(draft.trouble.as_deref()))
            form.card method="post" action=(action) {
                (shell::csrf(visitor))
                @if draft.known { (shell::method("PUT")) }
                input type="hidden" name="kind" value=(draft.kind.name);
                div.inside.form {
                    (text("en", "definition-label-en", &draft.en))
                    (text("sv", "definition-label-sv", &draft.sv))
                    (name_field(visitor, &draft.name, hint, draft.known))
                    (extra(words, draft, targets))
                    div.field.full {
                        (tick("required", &words.t("definition-required"), draft.required, None))
                        @if draft.kind.extra == Extra::Length {
                            (tick("search", &words.t("definition-search"), draft.search, None))
                        }
                        (tick("list", &words.t("definition-list"), draft.list, None))
                    }
                }
                footer.line {
                    button.button.primary { (words.t("form-save")) }
                    a.button.quiet href=(here) { (words.t("form-cancel")) }
                }
            }
        }
    };
    shell::page(Page { visitor, title: &title, place: Place::More, search: "", main })
}

fn draft_title<'a>(words: &Words, draft: &'a ColumnDraft) -> &'a str {
    if words.language.code() == "sv" { &draft.sv } else { &draft.en }
}

fn extra(words: &Words, draft: &ColumnDraft, targets: &[(String, String)]) -> Markup {
    let stays = |key: &str| draft.known.then(|| words.t(key));
    match draft.kind.extra {
        Extra::Nothing => html! {},
        Extra::Length => html! {
            (line(&Line {
                name: "max", label: &words.t("definition-max"), value: &draft.max,
                hint: stays("definition-stays-hint").as_deref(), max: Some(7),
            }))
        },
        Extra::Choices => match &draft.option_set {
            Some(set) => {
                html! { p.full { (words.with("definition-option-set", &[("name", set.as_str().into())])) } }
            }
            None => options(words, draft, stays("definition-options-stay-hint")),
        },
        Extra::Targets => html! {
            fieldset.field.full {
                legend.legend { (words.t("definition-targets")) }
                div.line.wrap {
                    @for (name, label) in targets {
                        @let fixed = draft.fixed.contains(name);
                        label.choice {
                            input type="checkbox" name="targets" value=(name) checked[fixed || draft.targets.contains(name)] disabled[fixed];
                            span { (label) }
                        }
                    }
                }
                @if let Some(hint) = stays("definition-targets-stay-hint") { span.hint { (hint) } }
            }
        },
    }
}

fn options(words: &Words, draft: &ColumnDraft, stays: Option<String>) -> Markup {
    html! {
        div.field.full {
            label for="f-options" { (words.t("definition-options")) }
            textarea.input id="f-options" name="options" rows="6" aria-describedby="f-options-hint" required { (draft.options) }
            span.hint id="f-options-hint" { (words.t("definition-options-hint")) @if let Some(stays) = stays { " " (stays) } }
        }
    }
}
