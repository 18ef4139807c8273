//! What will be done to many records, said with its count, and how it went.

use super::field::{self, Draft};
use super::icon::{icon, type_icon_big};
use super::list::state::State;
use super::shell::{self, Page, Place};
use crate::error::problem;
use crate::session::Visitor;
use app::bulk::{Outcome, Why};
use domain::entity::{ColumnDef, EntityDef};
use domain::id::Guid;
use maud::{Markup, html};

/// The records that are meant.
pub struct Rows {
    pub ids: Vec<Guid>,
    /// Whatever the list finds, and not what was ticked.
    pub all: bool,
    /// There are more than are ever done at once.
    pub more: bool,
    /// The list, to come back to.
    pub state: String,
}

pub struct Asking {
    pub what: What,
    /// What can be changed.
    pub columns: Vec<ColumnDef>,
}

pub enum What {
    /// A column is to be chosen.
    Choose,
    Edit {
        column: Box<ColumnDef>,
        draft: Box<Draft>,
    },
    Delete {
        /// What goes along, in words, and how many that is.
        along: String,
        count: u64,
    },
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    Changed,
    Deleted,
}

/// “12 accounts”.
fn counted(visitor: &Visitor, def: &EntityDef, count: u64) -> String {
    let words = &visitor.words;
    let name = if count == 1 { words.entity(def) } else { words.plural(def) };
    format!("{}\u{a0}{}", words.number(i64::try_from(count).unwrap_or(i64::MAX)), name.to_lowercase())
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

pub fn page(visitor: &Visitor, def: &EntityDef, rows: &Rows, asking: &Asking) -> Markup {
    let words = &visitor.words;
    let what = counted(visitor, def, rows.ids.len() as u64);
    let back = State::of_query(&rows.state).address(&def.name);
    let key = if matches!(asking.what, What::Delete { .. }) { "bulk-delete" } else { "bulk-change" };
    let title = words.with(key, &[("what", what.as_str().into())]);
    let inside = html! {
        @if rows.more {
            div.banner.warn role="alert" { (icon("warning")) p { (words.t("bulk-too-many")) } }
            p { a.button href=(back) { (words.t("bulk-back")) } }
        } @else {
            form.card method="post" action={ "/records/" (def.name) "/bulk" } {
                (shell::csrf(visitor))
                (carried(rows))
                (body(visitor, asking, &what))
                footer.line {
                    (button(visitor, asking, &what))
                    a.button.quiet href=(back) { (words.t("form-cancel")) }
                }
            }
        }
    };
    frame(visitor, def, &title, &inside)
}

fn carried(rows: &Rows) -> Markup {
    html! {
        input type="hidden" name="state" value=(rows.state);
        input type="hidden" name="count" value=(rows.ids.len());
        @if rows.all {
            input type="hidden" name="which" value="all";
        } @else {
            @for id in &rows.ids { input type="hidden" name="id" value=(id); }
        }
    }
}

fn body(visitor: &Visitor, asking: &Asking, what: &str) -> Markup {
    let words = &visitor.words;
    match &asking.what {
        What::Choose => html! {
            div.inside.stack {
                input type="hidden" name="what" value="edit";
                div.field {
                    label for="column" { (words.t("bulk-which-column")) }
                    span.select {
                        select #column name="column" {
                            @for column in &asking.columns { option value=(column.name) { (words.label(&column.label)) } }
                        }
                        (icon("chevron-down"))
                    }
                }
            }
        },
        What::Edit { column, draft } => html! {
            (shell::method("PUT"))
            input type="hidden" name="what" value="edit";
            input type="hidden" name="column" value=(column.name);
            div.inside.stack {
                p { (words.with("bulk-change-text", &[("what", what.into())])) }
                (field::input(column, draft, words))
                @if !column.required {
                    label.choice { input type="checkbox" name="empty" value="1"; span { (words.t("bulk-empty")) } }
                }
            }
        },
        What::Delete { along, count } => html! {
            (shell::method("DELETE"))
            input type="hidden" name="what" value="delete";
            input type="hidden" name="dependants" value=(count);
            div.inside.stack {
                p { (words.with("bulk-delete-text", &[("what", what.into())])) }
                @if *count > 0 {
                    div.banner.warn { (icon("warning")) p { (words.with("delete-along", &[("what", along.as_str().into())])) } }
                } @else {
                    p { (words.t("delete-alone")) }
                }
            }
        },
    }
}

fn button(visitor: &Visitor, asking: &Asking, what: &str) -> Markup {
    let words = &visitor.words;
    match &asking.what {
        What::Choose => html! { button.button.primary { (words.t("bulk-next")) } },
        What::Edit { .. } => {
            html! { button.button.primary { (words.with("bulk-change", &[("what", what.into())])) } }
        }
        What::Delete { .. } => {
            html! { button.button.danger { (icon("trash")) (words.with("bulk-delete", &[("what", what.into())])) } }
        }
    }
}

/// Nothing was ticked, or nothing matches any more.
pub fn nothing(visitor: &Visitor, def: &EntityDef, rows: &Rows) -> Markup {
    let words = &visitor.words;
    let back = State::of_query(&rows.state).address(&def.name);
    let text = if rows.all { "bulk-none-match" } else { "bulk-none-ticked" };
    let inside = html! {
        div.banner role="alert" { (icon("info")) p { (words.t(text)) } }
        p { a.button href=(back) { (words.t("bulk-back")) } }
    };
    frame(visitor, def, words.plural(def), &inside)
}

pub fn done(visitor: &Visitor, def: &EntityDef, outcome: &Outcome, done: Done, state: &str) -> Markup {
    let words = &visitor.words;
    let key = match done {
        Done::Changed => "bulk-changed",
        Done::Deleted => "bulk-deleted",
    };
    let title = words.with(key, &[("what", counted(visitor, def, outcome.done).into())]);
    let why = |why: &Why| match why {
        Why::NotAllowed => "bulk-left-not-allowed",
        Why::Changed => "bulk-left-changed",
        Why::Invalid => "bulk-left-invalid",
        Why::HeldBack => "bulk-left-held-back",
    };
    let back = State::of_query(state).address(&def.name);
    let inside = html! {
        @if !outcome.left.is_empty() {
            div.banner.warn role="alert" {
                (icon("warning"))
                div {
                    @for (reason, count) in &outcome.left {
                        p { (words.with(why(reason), &[("count", i64::try_from(*count).unwrap_or_default().into())])) }
                    }
                    @for it in &outcome.problems { p { (problem(it, words)) } }
                }
            }
        }
        p.line.wrap {
            a.button.primary href=(back) { (words.t("bulk-back")) }
            @if done == Done::Deleted { a.button href="/recycle-bin" { (icon("trash")) (words.t("bin")) } }
        }
    };
    frame(visitor, def, &title, &inside)
}
