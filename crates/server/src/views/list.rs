//! Records of one type, a page at a time.

use super::field;
use super::icon::{Who, avatar, icon, small_icon, type_icon};
use super::shell::{self, Page, Place};
use super::{address, escaped};
use crate::session::Visitor;
use app::records::List;
use domain::entity::{ColumnDef, EntityDef};
use domain::filter::Direction;
use domain::record::Record;
use maud::{Markup, html};

/// What was asked for, to say it again in links.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Filter words.
    pub words: String,
    pub direction: Direction,
    /// Where the next page begins, as an address says it.
    pub next: Option<String>,
    /// This is not the first page.
    pub later: bool,
}

pub fn page(visitor: &Visitor, list: &List, asked: &Asked) -> Markup {
    let (words, def) = (&visitor.words, &list.def);
    let title = words.plural(def);
    let kind = words.entity(def).to_lowercase();
    let here = format!("/records/{}", def.name);
    let main = html! {
        main #main.page {
            div.page-head {
                div { h1 { (title) } }
                @if list.may_create {
                    div.toolbar {
                        a.button.primary href={ (here) "/new" } { (icon("plus")) (words.with("form-new", &[("type", kind.into())])) }
                    }
                }
            }
            form.line.wrap role="search" action=(here) aria-label=(words.t("list-filter")) {
                div.searchbox.filter {
                    (icon("search"))
                    input.input type="search" name="q" value=(asked.words) aria-label=(words.t("list-filter"))
                        placeholder=(words.t("list-filter"));
                }
                @if asked.direction == Direction::Descending { input type="hidden" name="sort" value="down"; }
                button.button { (words.t("list-filter-do")) }
                @if !asked.words.is_empty() { a.button.quiet href=(here) { (icon("close")) (words.t("list-show-all")) } }
            }
            section.card aria-label=(title) {
                @if list.records.is_empty() { (nothing(visitor, list, asked)) } @else { (table(visitor, list, asked)) }
            }
        }
    };
    shell::page(Page { visitor, title, place: Place::Records(&def.name), search: "", main })
}

fn nothing(visitor: &Visitor, list: &List, asked: &Asked) -> Markup {
    let (words, def) = (&visitor.words, &list.def);
    html! {
        div.empty {
            (type_icon(&def.icon))
            @if asked.words.is_empty() {
                h2 { (words.with("list-empty", &[("types", words.plural(def).to_lowercase().into())])) }
                p { (words.t("list-empty-hint")) }
            } @else {
                h2 { (words.with("list-no-hits", &[("words", asked.words.as_str().into())])) }
                p { (words.t("list-no-hits-hint")) }
            }
        }
    }
}

fn table(visitor: &Visitor, list: &List, asked: &Asked) -> Markup {
    let (words, def) = (&visitor.words, &list.def);
    let columns: Vec<&ColumnDef> =
        def.columns.iter().filter(|it| it.list && it.name != def.primary).collect();
    html! {
        div.table-frame tabindex="0" role="region" aria-label=(words.plural(def)) {
            table.table.folds.plain {
                thead { tr {
                    (heading(visitor, def, asked))
                    @for column in &columns {
                        th scope="col" class=[field::is_number(column).then_some("number")] { (words.label(&column.label)) }
                    }
                } }
                tbody { @for record in &list.records { (row(visitor, list, record, &columns)) } }
            }
        }
        footer.pages {
            span.number { (words.with("list-shown", &[("count", i64::try_from(list.records.len()).unwrap_or_default().into())])) }
            @if asked.later { a.button.quiet href=(link(def, asked, None)) { (words.t("list-first")) } }
            @if let Some(next) = &asked.next {
                a.button.quiet href=(link(def, asked, Some(next))) rel="next" { (words.t("list-next")) (small_icon("chevron-right")) }
            }
        }
    }
}

fn heading(visitor: &Visitor, def: &EntityDef, asked: &Asked) -> Markup {
    let (order, symbol, other) = match asked.direction {
        Direction::Ascending => ("ascending", "chevron-up", Direction::Descending),
        Direction::Descending => ("descending", "chevron-down", Direction::Ascending),
    };
    let turned = Asked { direction: other, ..asked.clone() };
    let label = def.column(&def.primary).map_or("", |it| visitor.words.label(&it.label));
    html! { th scope="col" aria-sort=(order) { a href=(link(def, &turned, None)) { (label) (small_icon(symbol)) } } }
}

fn row(visitor: &Visitor, list: &List, record: &Record, columns: &[&ColumnDef]) -> Markup {
    let (words, def) = (&visitor.words, &list.def);
    let name = name(record, def, &words.t("record-nameless"));
    html! {
        tr {
            th scope="row" {
                span.line {
                    @if def.name == "contact" { (avatar(&name, Who::Contact)) } @else { (type_icon(&def.icon)) }
                    a href=(address(&record.reference())) { (name) }
                }
            }
            @for (at, column) in columns.iter().enumerate() {
                @let class = match (field::is_number(column), at) { (true, _) => "number", (_, 0) => "full", (_, 1) => "", _ => "not-phone" };
                td class=(class) { (field::shown(column, record.get(&column.name), &list.names, words)) }
            }
        }
    }
}

/// What a record is called; `nameless` when it has no name.
pub fn name(record: &Record, def: &EntityDef, nameless: &str) -> String {
    let name = record.text(&def.primary).trim();
    if name.is_empty() { nameless.to_owned() } else { name.to_owned() }
}

fn link(def: &EntityDef, asked: &Asked, after: Option<&str>) -> String {
    let mut parts = vec![];
    if !asked.words.is_empty() {
        parts.push(format!("q={}", escaped(&asked.words)));
    }
    if asked.direction == Direction::Descending {
        parts.push("sort=down".to_owned());
    }
    if let Some(after) = after {
        parts.push(format!("after={}", escaped(after)));
    }
    let question = if parts.is_empty() { "" } else { "?" };
    format!("/records/{}{question}{}", def.name, parts.join("&"))
}
