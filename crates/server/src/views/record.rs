//! One record: its name and facts, what happened, and what hangs together with it.

use super::field;
use super::icon::{Who, avatar, icon, small_icon, type_icon, type_icon_big};
use super::list::name;
use super::shell::{self, Page, Place};
use super::{address, timeline};
use crate::session::Visitor;
use crate::words::Words;
use app::pane::{Candidate, Detail};
use app::records::{Related, View};
use app::timeline::Timeline;
use domain::entity::{Catalog, ColumnDef, EntityDef, FieldKind};
use domain::record::Value;
use maud::{Markup, html};

/// Which part of the record is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Timeline,
    Details,
}

pub struct Shown<'a> {
    pub view: &'a View,
    pub part: Part,
    /// `None` for a type that takes no activities.
    pub timeline: Option<&'a Timeline>,
    /// Where older entries begin, as an address says it.
    pub older: Option<String>,
    pub catalog: &'a Catalog,
}

pub fn page(visitor: &Visitor, shown: &Shown<'_>) -> Markup {
    let (words, view) = (&visitor.words, shown.view);
    let (record, def) = (&view.record, &view.def);
    let title = name(record, def, &words.t("record-nameless"));
    let here = address(&record.reference());
    let related = view.related.iter().any(|it| !it.records.is_empty());
    let main = html! {
        main #main.page {
            (head(visitor, view, &title))
            (key_facts(visitor, view))
            @if shown.timeline.is_some() {
                nav.tabs aria-label=(words.t("record-parts")) {
                    a href=(here) aria-current=[(shown.part == Part::Timeline).then_some("page")] { (words.t("record-timeline")) }
                    a href={ (here) "?part=details" } aria-current=[(shown.part == Part::Details).then_some("page")] { (words.t("record-details")) }
                }
            }
            div.split[related] {
                @match shown.timeline.filter(|_| shown.part == Part::Timeline) {
                    Some(entries) => (timeline::card(visitor, &record.reference(), entries, shown.older.as_deref(), true)),
                    None => (details(visitor, view)),
                }
                @if related { div.stack.wide { @for related in &view.related { (related_card(visitor, related, shown)) } } }
            }
        }
    };
    shell::page(Page { visitor, title: &title, place: Place::Records(&def.name), search: "", main })
}

fn head(visitor: &Visitor, view: &View, title: &str) -> Markup {
    let (words, record, def) = (&visitor.words, &view.record, &view.def);
    let here = address(&record.reference());
    html! {
        div.page-head {
            div.line.top {
                (type_icon_big(&def.icon))
                div {
                    h1 { (title) }
                    p.line.wrap {
                        span { (words.entity(def)) }
                        (state(visitor, view))
                        @if let Some(owner) = record.owner() {
                            span { (words.t("record-owner")) ": " (field::named(owner, &view.names, words)) }
                        }
                    }
                }
            }
            div.toolbar role="toolbar" aria-label=(words.t("record-actions")) {
                @if view.may_write { a.button.primary href={ (here) "/edit" } { (icon("edit")) (words.t("record-edit")) } }
                @if view.may_delete { (delete(visitor, view, &here)) }
            }
        }
    }
}

/// Deleting says what goes before it goes.
fn delete(visitor: &Visitor, view: &View, here: &str) -> Markup {
    let words = &visitor.words;
    html! {
        details.popup {
            summary.button.danger { (icon("trash")) (words.t("record-delete")) }
            form.menu.inside.stack method="post" action=(here) {
                (shell::csrf(visitor))
                (shell::method("DELETE"))
                input type="hidden" name="version" value=(view.record.version);
                p { (words.t("record-delete-text")) }
                button.button.danger { (words.t("record-delete-do")) }
            }
        }
    }
}

/// The state as a badge: the first one is how things should be.
fn state(visitor: &Visitor, view: &View) -> Markup {
    let option = view.def.column("statecode").zip(view.record.get("statecode").int());
    html! {
        @if let Some(option) = option.and_then(|(column, value)| column.option(value)) {
            span.badge.good[option.value == 0] {
                @if option.value == 0 { (icon("check")) }
                (visitor.words.label(&option.label))
            }
        }
    }
}

/// Six facts at most: what lists show and where the record belongs before all else. The others are under Details.
fn key_facts(visitor: &Visitor, view: &View) -> Markup {
    let short = |it: &&ColumnDef| !matches!(it.kind, FieldKind::Memo | FieldKind::Boolean);
    let (first, rest): (Vec<&ColumnDef>, Vec<&ColumnDef>) =
        facts(&view.def, view).filter(short).partition(|it| it.list || it.kind == FieldKind::Lookup);
    let facts: Vec<&ColumnDef> = first.into_iter().chain(rest).take(6).collect();
    html! { @if !facts.is_empty() { dl.key-facts { @for column in facts { div { (fact(visitor, view, column)) } } } } }
}

fn facts<'a>(def: &'a EntityDef, view: &'a View) -> impl Iterator<Item = &'a ColumnDef> {
    // First and last name are said by the name already.
    let said = |it: &&ColumnDef| {
        it.name != def.primary
            && !(def.primary == "fullname" && matches!(it.name.as_str(), "firstname" | "lastname"))
    };
    def.form().filter(said).filter(|it| !matches!(view.record.get(&it.name), Value::Null))
}

fn fact(visitor: &Visitor, view: &View, column: &ColumnDef) -> Markup {
    html! {
        dt { (visitor.words.label(&column.label)) }
        dd { (field::shown(column, view.record.get(&column.name), &view.names, &visitor.words)) }
    }
}

fn details(visitor: &Visitor, view: &View) -> Markup {
    let words = &visitor.words;
    let internal = ["createdon", "createdby", "modifiedon", "modifiedby", "owningbusinessunit"];
    html! {
        section.card aria-labelledby="details-title" {
            header { h2 #details-title { (words.t("record-details")) } }
            div.inside {
                dl.facts.roomy {
                    @for column in facts(&view.def, view) { (fact(visitor, view, column)) }
                    @for column in internal.iter().filter_map(|it| view.def.column(it)) {
                        @if !view.record.get(&column.name).is_null() { (fact(visitor, view, column)) }
                    }
                }
            }
        }
    }
}

fn related_card(visitor: &Visitor, related: &Related, shown: &Shown<'_>) -> Markup {
    let words = &visitor.words;
    let def = shown.catalog.get(&related.entity);
    let id = format!("related-{}", related.entity);
    let here = shown.view.record.text(&shown.view.def.primary);
    html! {
        @if !related.records.is_empty() {
            section.card aria-labelledby=(id) {
                header { h2 id=(id) { (def.map_or("", |it| words.plural(it))) } }
                ul.rows {
                    @for it in &related.records {
                        // What hangs together with this record need not say so on its page.
                        @let parent = it.detail.parent.as_deref().filter(|it| *it != here);
                        @let value = it.detail.value.map(|it| words.money(it));
                        @let note = it.detail.note.as_deref().filter(|note| *note != it.name);
                        @let meta: Vec<&str> = parent.into_iter().chain(note).chain(value.as_deref()).collect();
                        li.row {
                            (picture(it, shown.catalog))
                            span { a.name href=(address(&it.record)) { (it.name) } span.meta { (meta.join(" · ")) } }
                            span {}
                        }
                    }
                }
            }
        }
    }
}

/// A record in a list of several types: what it is, its name, what tells it from others. Fills an `li.row`.
pub fn candidate(it: &Candidate, searched: &str, catalog: &Catalog, words: &Words) -> Markup {
    html! {
        (picture(it, catalog))
        span {
            a.name href=(address(&it.record)) { (super::search::lit(&it.name, searched)) }
            span.meta { (super::search::lit(&detail(it), searched)) }
        }
        @match it.detail.value { Some(value) => span.end.number { (words.money(value)) }, None => span {} }
    }
}

fn picture(it: &Candidate, catalog: &Catalog) -> Markup {
    match it.record.entity.as_str() {
        "contact" => avatar(&it.name, Who::Contact),
        "systemuser" => avatar(&it.name, Who::Colleague),
        "email" => super::icon::type_icon("mail"),
        entity => catalog.get(entity).map_or_else(|| small_icon("info"), |it| type_icon(&it.icon)),
    }
}

/// `Contoso Sverige AB · Propose`, without the sum and without what the name says already.
pub fn detail(it: &Candidate) -> String {
    let Detail { parent, note, .. } = &it.detail;
    let told = parent.iter().chain(note).map(String::as_str).filter(|told| *told != it.name);
    told.collect::<Vec<_>>().join(" · ")
}
