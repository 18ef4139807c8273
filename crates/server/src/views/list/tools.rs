//! What stands above a list: the views, the words and conditions it is narrowed by, the columns, what to do with rows.

use super::{Adding, Shown};
use crate::session::Visitor;
use crate::views::field::{self, conditions};
use crate::views::icon::{icon, small_icon};
use crate::views::list::state::State;
use crate::views::shell;
use crate::words::Words;
use app::lists::is_offered;
use app::views::{Question, Saved};
use domain::ask::Ask;
use domain::entity::{ColumnDef, EntityDef};
use maud::{Markup, html};

/// What the view is called in the reader's language.
pub fn called(view: &Saved, def: &EntityDef, words: &Words) -> String {
    view.ready.map_or_else(|| view.name.clone(), |it| words.label(&it.label(def)).to_owned())
}

pub(super) fn bar(visitor: &Visitor, shown: &Shown<'_>) -> Markup {
    let words = &visitor.words;
    let state = State { words: String::new(), after: None, adding: None, ..shown.state.clone() };
    html! {
        div.line.wrap.tools {
            (picker(visitor, shown))
            form.searchbox.filter role="search" action=(shown.here()) aria-label=(words.t("list-filter")) {
                (icon("search"))
                input.input type="search" name="q" value=(shown.state.words) aria-label=(words.t("list-filter"))
                    placeholder=(words.t("list-filter"));
                (hidden(&state))
                button.visually-hidden { (words.t("list-filter-do")) }
            }
            @if !shown.state.words.is_empty() { (chip(words, &format!("“{}”", shown.state.words), &shown.link(|it| it.words.clear()))) }
            @for (at, said) in shown.said.iter().enumerate() {
                (chip(words, said, &shown.link(|it| it.conditions = Some(without(shown, at)))))
            }
            @if shown.asks_more { span.chip.filter { (words.t("list-view-asks")) } }
            (offers(visitor, shown))
            (keep(visitor, shown))
        }
    }
}

/// The conditions of now but this one.
fn without(shown: &Shown<'_>, at: usize) -> Vec<domain::view::Condition> {
    let of_view = || match shown.saved().map(|it| &it.question) {
        Some(Question::List(view)) => view.conditions.clone(),
        _ => vec![],
    };
    let mut all = shown.state.conditions.clone().unwrap_or_else(of_view);
    if at < all.len() {
        all.remove(at);
    }
    all
}

fn hidden(state: &State) -> Markup {
    let query = state.query();
    let fields: Vec<(String, String)> = serde_urlencoded::from_str(&query).unwrap_or_default();
    html! { @for (name, value) in &fields { input type="hidden" name=(name) value=(value); } }
}

fn chip(words: &Words, said: &str, without: &str) -> Markup {
    html! {
        span.chip.filter {
            (said)
            a.icon-button href=(without) aria-label=(words.with("list-remove", &[("filter", said.into())])) { (icon("close")) }
        }
    }
}

fn picker(visitor: &Visitor, shown: &Shown<'_>) -> Markup {
    let (words, def) = (&visitor.words, shown.def());
    let open = shown.saved().map_or_else(|| words.plural(def).to_owned(), |it| called(it, def, words));
    let link = |it: &Saved| State { view: Some(it.record.clone()), ..State::default() }.address(&def.name);
    let group = |title: &str, own: bool| {
        let all: Vec<(usize, &Saved)> =
            shown.views.iter().enumerate().filter(|it| (it.1.record.entity == "userquery") == own).collect();
        html! {
            @if !all.is_empty() {
                p.group { (words.t(title)) }
                @for (at, view) in all {
                    a.item href=(link(view)) aria-current=[(shown.open == Some(at)).then_some("page")] {
                        @if shown.open == Some(at) { (icon("check")) } @else { span.icon {} }
                        span { (called(view, def, words)) }
                    }
                }
            }
        }
    };
    html! {
        details.popup.start name="tools" {
            summary.button { (icon("eye")) span.one-line { (open) } (small_icon("chevron-down")) }
            nav.menu aria-label=(words.t("list-views")) { (group("list-views-all", false)) (group("list-views-own", true)) }
        }
    }
}

fn offered(def: &EntityDef) -> impl Iterator<Item = &ColumnDef> {
    let front = def.form().filter(|it| is_offered(it));
    front.chain(def.columns.iter().filter(|it| it.internal && is_offered(it)))
}

/// The columns that conditions can be made of.
fn offers(visitor: &Visitor, shown: &Shown<'_>) -> Markup {
    let words = &visitor.words;
    html! {
        details.popup.start name="tools" {
            summary.button.quiet { (icon("filter")) (words.t("list-add-filter")) }
            nav.menu.tall aria-label=(words.t("list-add-filter")) {
                @for column in offered(shown.def()).filter(|it| !conditions::operators(it).is_empty()) {
                    a.item.bare href={ (shown.link(|it| it.adding = Some(column.name.clone()))) "#condition" } { (words.label(&column.label)) }
                }
            }
        }
    }
}

/// The form for one condition.
pub(super) fn condition(visitor: &Visitor, shown: &Shown<'_>, adding: &Adding) -> Markup {
    let words = &visitor.words;
    let column = &adding.column;
    let state = State { adding: None, after: None, ..shown.state.clone() };
    html! {
        form.card.condition #condition action={ (shown.here()) "/filter" } {
            input type="hidden" name="state" value=(state.query());
            input type="hidden" name="column" value=(column.name);
            div.inside.line.wrap.top {
                div.field {
                    label for="op" { (words.label(&column.label)) }
                    span.select {
                        select #op name="op" {
                            @for operator in conditions::operators(column) {
                                @let (name, value) = operator.split_once(' ').unwrap_or((operator, ""));
                                option value=(operator) selected[adding.operator == *operator] { (conditions::operator(name, &[value.to_owned()], words)) }
                            }
                        }
                        (icon("chevron-down"))
                    }
                }
                @if let Some(asked) = &adding.asked { (field::input(asked, &adding.draft, words)) }
            }
            footer.line {
                button.button.primary { (words.t("list-filter-do")) }
                a.button.quiet href=(state.address(&shown.def().name)) { (words.t("form-cancel")) }
            }
        }
    }
}

pub(super) fn columns(visitor: &Visitor, shown: &Shown<'_>) -> Markup {
    let (words, def) = (&visitor.words, shown.def());
    html! {
        details.popup name="tools" {
            summary.button { (icon("columns")) (words.t("list-columns")) }
            form.menu method="post" action={ (shown.here()) "/columns" } {
                (shell::csrf(visitor))
                input type="hidden" name="state" value=(shown.state.query());
                fieldset.stack.tall {
                    legend.visually-hidden { (words.t("list-columns")) }
                    @for column in offered(def).filter(|it| it.name != def.primary) {
                        label.choice {
                            input type="checkbox" name="column" value=(column.name) checked[shown.columns.contains(&column.name)];
                            span { (words.label(&column.label)) }
                        }
                    }
                }
                div.actions {
                    button.button.primary { (words.t("list-columns-do")) }
                    button.button.quiet name="usual" value="1" { (words.t("list-columns-usual")) }
                }
            }
        }
    }
}

/// Keeping the list as a view.
fn keep(visitor: &Visitor, shown: &Shown<'_>) -> Markup {
    let words = &visitor.words;
    let action = format!("{}/views", shown.here());
    let own = shown.saved().filter(|it| it.ready.is_none());
    let changed =
        shown.state.conditions.is_some() || shown.state.order.is_some() || shown.state.columns.is_some();
    let carried =
        html! { (shell::csrf(visitor)) input type="hidden" name="state" value=(shown.state.query()); };
    html! {
        @if (shown.may_keep || shown.may_share) && !shown.asks_more {
            details.popup.start name="tools" {
                summary.button.quiet { (icon("star")) (words.t("list-keep")) }
                div.menu {
                    @if let Some(own) = own.filter(|it| it.may_write && changed) {
                        form.stack method="post" action=(action) {
                            (carried) (shell::method("PUT"))
                            button.button { (words.with("list-keep-changes", &[("view", own.name.as_str().into())])) }
                        }
                        hr;
                    }
                    form.stack method="post" action=(action) {
                        (carried)
                        div.field {
                            label for="view-name" { (words.t("list-view-name")) }
                            input.input #view-name name="name" required maxlength="200" autocomplete="off";
                        }
                        @if shown.may_share {
                            label.choice { input type="radio" name="for" value="me" checked; span { (words.t("list-for-me")) } }
                            label.choice { input type="radio" name="for" value="everybody"; span { (words.t("list-for-everybody")) } }
                        }
                        div.actions { button.button.primary { (words.t("list-keep-do")) } }
                    }
                    @if let Some(own) = own.filter(|it| it.may_delete) {
                        hr;
                        form.stack method="post" action=(action) {
                            (carried) (shell::method("DELETE"))
                            button.button.quiet.danger { (icon("trash")) (words.with("list-view-delete", &[("view", own.name.as_str().into())])) }
                        }
                    }
                }
            }
        }
    }
}

/// What to do with rows: those that are ticked, or all that match.
pub(super) fn selection(visitor: &Visitor, shown: &Shown<'_>) -> Markup {
    let words = &visitor.words;
    let count = shown.found.count;
    let bounded = count < u64::from(Ask::COUNTED);
    html! {
        div.selection role="toolbar" aria-label=(words.t("list-bulk")) {
            span.select {
                select name="which" aria-label=(words.t("list-bulk-which")) {
                    option value="ticked" { (words.t("list-bulk-ticked")) }
                    @if bounded && count > 1 {
                        option value="all" { (words.with("list-bulk-all", &[("count", i64::try_from(count).unwrap_or_default().into())])) }
                    }
                }
                (icon("chevron-down"))
            }
            button.button.quiet name="what" value="edit" { (icon("edit")) (words.t("list-bulk-edit")) }
            button.button.quiet.danger name="what" value="delete" { (icon("trash")) (words.t("list-bulk-delete")) }
        }
    }
}
