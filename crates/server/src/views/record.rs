//! One record: its name and facts, what happened, and what hangs together with it.

pub mod asking;

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
use domain::privilege::Action;
use domain::record::Value;
use maud::{Markup, html};

/// Which part of the record is shown.
#[derive(Debug, Clone)]
pub enum Part {
    Timeline,
    Details,
    /// The card with its changes.
    History(Markup),
}

pub struct Shown<'a> {
    pub view: &'a View,
    pub part: &'a Part,
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
            (tabs(visitor, shown, &here))
            div.split[related] {
                @match (shown.part, shown.timeline) {
                    (Part::History(card), _) => (card),
                    (Part::Timeline, Some(entries)) => (timeline::card(visitor, &record.reference(), entries, shown.older.as_deref(), true)),
                    (Part::Timeline | Part::Details, _) => (details(visitor, view)),
                }
                @if related { div.stack.wide { @for related in &view.related { (related_card(visitor, related, shown)) } } }
            }
        }
    };
    shell::page(Page { visitor, title: &title, place: Place::Records(&def.name), search: "", main })
}

fn tabs(visitor: &Visitor, shown: &Shown<'_>, here: &str) -> Markup {
    let (words, def) = (&visitor.words, &shown.view.def);
    let first = matches!(shown.part, Part::Timeline);
    let details = matches!(shown.part, Part::Details) || (first && !def.activities);
    html! {
        nav.tabs aria-label=(words.t("record-parts")) {
            @if def.activities {
                a href=(here) aria-current=[first.then_some("page")] { (words.t("record-timeline")) }
            }
            a href={ (here) "?part=details" } aria-current=[details.then_some("page")] { (words.t("record-details")) }
            a href={ (here) "?part=history" } aria-current=[matches!(shown.part, Part::History(_)).then_some("page")] { (words.t("history")) }
        }
    }
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
                @if view.may_write && def.column("statuscode").is_some() {
                    a.button href={ (here) "/state" } { (words.t("state-change")) }
                }
                @let may_assign = view.may_write && def.column("ownerid").is_some() && visitor.who.actor.may(Action::Assign, &def.name);
                @if view.may_delete || may_assign {
                    details.popup {
                        summary.icon-button aria-label=(words.t("record-more")) { (icon("more")) }
                        nav.menu.list aria-label=(words.t("record-more")) {
                            @if may_assign { a.item href={ (here) "/owner" } { (icon("contact")) span { (words.t("owner-change")) } } }
                            @if view.may_delete { a.item.danger href={ (here) "/delete" } { (icon("trash")) span { (words.t("record-delete")) } } }
                        }
                    }
                }
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
    def.form()
        .filter(said)
        .filter(|it| !field::is_file(it))
        .filter(|it| !matches!(view.record.get(&it.name), Value::Null))
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
            div.inside.stack {
                dl.facts.roomy {
                    @for column in facts(&view.def, view) { (fact(visitor, view, column)) }
                    @for column in internal.iter().filter_map(|it| view.def.column(it)) {
                        @if !view.record.get(&column.name).is_null() { (fact(visitor, view, column)) }
                    }
                    @for column in view.def.form().filter(|it| field::is_file(it)) { (file(visitor, view, column)) }
                }
            }
        }
    }
}

/// The file of a column, and the ways to take another one or none.
fn file(visitor: &Visitor, view: &View, column: &ColumnDef) -> Markup {
    let words = &visitor.words;
    let here = format!("{}/files/{}", address(&view.record.reference()), column.name);
    let name = field::file_name(view.record.text(&column.name));
    let id = format!("file-{}", column.name);
    html! {
        dt { label for=(id) { (words.label(&column.label)) } }
        dd {
            @if !name.is_empty() { a.line href=(here) { (small_icon("attachment")) (name) } }
            @if view.may_write {
                form.line.wrap method="post" action=(here) enctype="multipart/form-data" {
                    (shell::csrf(visitor))
                    input id=(id) type="file" name="file" required;
                    button.button { (words.t("file-take")) }
                }
                @if !name.is_empty() {
                    form method="post" action=(here) enctype="multipart/form-data" {
                        (shell::csrf(visitor))
                        button.button.quiet.danger name="remove" value="1" { (icon("trash")) (words.t("file-remove")) }
                    }
                }
            } @else if name.is_empty() {
                span.faint { (words.t("history-nothing")) }
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
