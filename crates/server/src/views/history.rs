//! Who changed what of a record, newest first.

use super::address;
use super::field;
use super::icon::{Who, avatar, icon};
use crate::session::Visitor;
use app::history::{Changed, Event, History};
use domain::entity::EntityDef;
use domain::id::RecordRef;
use domain::record::Value;
use maud::{Markup, html};

/// A record's history with what it takes to read it.
pub struct Told<'a> {
    pub def: &'a EntityDef,
    pub record: &'a RecordRef,
    pub history: &'a History,
}

pub fn card(visitor: &Visitor, told: &Told<'_>) -> Markup {
    let words = &visitor.words;
    html! {
        section.card #history aria-labelledby="history-title" {
            header { h2 #history-title { (words.t("history")) } small.only-desk { (words.t("history-text")) } }
            @if told.history.events.is_empty() {
                div.empty { (icon("pending")) h2 { (words.t("history-empty")) } }
            } @else {
                ol.changes { @for event in &told.history.events { (one(visitor, told, event)) } }
            }
            @if let Some(before) = told.history.before {
                footer.line { a.button.quiet.push href={ (address(told.record)) "?part=history&before=" (before.0) } { (words.t("history-older")) } }
            }
        }
    }
}

/// What was done, as a sentence's end.
pub fn deed(operation: &str) -> &'static str {
    match operation {
        "create" => "history-create",
        "delete" => "history-delete",
        "restore" => "history-restore",
        "erase" => "history-erase",
        _ => "history-update",
    }
}

fn one(visitor: &Visitor, told: &Told<'_>, event: &Event) -> Markup {
    let words = &visitor.words;
    let by = told.history.names.get(&RecordRef::new("systemuser", event.by));
    let by = by.cloned().unwrap_or_else(|| words.t("history-somebody"));
    html! {
        li {
            p.line {
                (avatar(&by, Who::Colleague))
                span { strong { (by) } " " (words.t(deed(&event.operation))) }
                time.push.faint datetime=(event.at) { (words.when(event.at, visitor.now)) }
            }
            @if !event.columns.is_empty() && event.operation == "update" {
                div.table-frame tabindex="0" role="region" aria-label=(words.t("history")) {
                    table.table.before-after {
                        thead { tr {
                            th scope="col" { (words.t("history-column")) }
                            th scope="col" { (words.t("history-was")) }
                            th scope="col" { (words.t("history-became")) }
                        } }
                        tbody { @for it in &event.columns { (change(visitor, told, it)) } }
                    }
                }
            }
        }
    }
}

fn change(visitor: &Visitor, told: &Told<'_>, it: &Changed) -> Markup {
    let words = &visitor.words;
    let column = told.def.column(&it.column);
    let value = |value: &Option<Value>| match (value, column) {
        (None, _) => html! { span.faint { (words.t("history-not-kept")) } },
        (Some(Value::Null), _) | (_, None) => html! { span.faint { (words.t("history-nothing")) } },
        (Some(value), Some(column)) => field::shown_short(column, value, &told.history.names, words),
    };
    html! {
        tr {
            th scope="row" { (column.map_or(it.column.as_str(), |it| words.label(&it.label))) }
            td { (value(&it.was)) }
            td { (value(&it.became)) }
        }
    }
}
