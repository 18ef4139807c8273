//! Records of one type, a page at a time, as somebody arranged them.

pub mod state;
mod tools;

use super::address;
use super::field::{self, Draft};
use super::icon::{Who, avatar, icon, small_icon, type_icon};
use super::shell::{self, Page, Place};
use crate::session::Visitor;
use app::lists::Listed;
use app::views::Saved;
use domain::ask::Ask;
use domain::entity::{ColumnDef, EntityDef};
use domain::filter::Direction;
use domain::id::RecordRef;
use domain::record::Record;
use maud::{Markup, html};
use state::State;

/// Everything a list shows.
pub struct Shown<'a> {
    pub found: &'a Listed,
    pub state: &'a State,
    /// The picker, and the place of the open one in it.
    pub views: &'a [Saved],
    pub open: Option<usize>,
    /// Each condition in words.
    pub said: &'a [String],
    /// Beside the name, in this order.
    pub columns: &'a [String],
    pub sortable: &'a [String],
    pub order: &'a (String, Direction),
    /// Where the next page begins, as an address says it.
    pub next: Option<String>,
    pub adding: Option<Adding>,
    /// Whether views may be kept for everybody,
    pub may_share: bool,
    /// or for oneself.
    pub may_keep: bool,
    /// The view asks for more than the conditions that are shown.
    pub asks_more: bool,
}

/// A condition that is being made.
pub struct Adding {
    pub column: ColumnDef,
    pub operator: String,
    /// The field for its value.
    pub asked: Option<ColumnDef>,
    pub draft: Draft,
}

impl Shown<'_> {
    fn def(&self) -> &EntityDef {
        &self.found.def
    }

    fn here(&self) -> String {
        format!("/records/{}", self.def().name)
    }

    /// The same list, arranged otherwise.
    fn link(&self, change: impl FnOnce(&mut State)) -> String {
        let mut state = State { after: None, adding: None, ..self.state.clone() };
        change(&mut state);
        state.address(&self.def().name)
    }

    fn saved(&self) -> Option<&Saved> {
        self.views.get(self.open?)
    }

    /// Messages go by being untracked, and twins with their activity.
    fn takes_bulk(&self, visitor: &Visitor) -> bool {
        use domain::privilege::Action;
        let (def, actor) = (self.def(), &visitor.who.actor);
        let may = actor.may(Action::Write, &def.name) || actor.may(Action::Delete, &def.name);
        may && !def.readonly && def.name != "email"
    }
}

pub fn page(visitor: &Visitor, shown: &Shown<'_>) -> Markup {
    let (words, def) = (&visitor.words, shown.def());
    let title = words.plural(def);
    let kind = words.entity(def).to_lowercase();
    let main = html! {
        main #main.page {
            div.page-head {
                div { h1 { (title) } }
                div.toolbar {
                    @if shown.found.may_create && def.name != "email" {
                        a.button.primary href={ (shown.here()) "/new" } { (icon("plus")) (words.with("form-new", &[("type", kind.into())])) }
                    }
                    (tools::columns(visitor, shown))
                    (super::transfer::link(visitor, def, shown.state))
                }
            }
            (tools::bar(visitor, shown))
            @if let Some(adding) = &shown.adding { (tools::condition(visitor, shown, adding)) }
            section.card aria-label=(title) {
                @if shown.found.rows.is_empty() { (nothing(visitor, shown)) } @else { (table(visitor, shown)) }
            }
        }
    };
    shell::page(Page { visitor, title, place: Place::Records(&def.name), search: "", main })
}

fn nothing(visitor: &Visitor, shown: &Shown<'_>) -> Markup {
    let (words, def) = (&visitor.words, shown.def());
    let asks = !shown.state.words.is_empty() || !shown.said.is_empty() || shown.asks_more;
    html! {
        div.empty {
            (type_icon(&def.icon))
            @if !shown.state.words.is_empty() {
                h2 { (words.with("list-no-hits", &[("words", shown.state.words.as_str().into())])) }
                p { (words.t("list-no-hits-hint")) }
            } @else if asks {
                h2 { (words.t("list-nothing-fits")) }
                p { (words.t("list-nothing-fits-hint")) }
                a.button href=(shown.link(|it| it.conditions = Some(vec![]))) { (words.t("list-show-all")) }
            } @else {
                h2 { (words.with("list-empty", &[("types", words.plural(def).to_lowercase().into())])) }
                p { (words.t("list-empty-hint")) }
            }
        }
    }
}

fn table(visitor: &Visitor, shown: &Shown<'_>) -> Markup {
    let (words, def) = (&visitor.words, shown.def());
    let columns: Vec<&ColumnDef> = shown.columns.iter().filter_map(|it| def.column(it)).collect();
    let ticks = shown.takes_bulk(visitor);
    let rows = html! {
        div.table-frame tabindex="0" role="region" aria-label=(words.plural(def)) {
            table.table.folds.plain[!ticks] {
                thead { tr {
                    @if ticks {
                        td.tick { input type="checkbox" data-tick-all hidden aria-label=(words.t("list-tick-page")); }
                    }
                    @if let Some(primary) = def.column(&def.primary) { (heading(visitor, shown, primary)) }
                    @for column in &columns { (heading(visitor, shown, column)) }
                } }
                tbody { @for record in &shown.found.rows { (row(visitor, shown, record, &columns, ticks)) } }
            }
        }
    };
    html! {
        @if ticks {
            form.bulk method="post" action={ (shown.here()) "/bulk" } {
                (shell::csrf(visitor))
                input type="hidden" name="state" value=(shown.state.query());
                (tools::selection(visitor, shown))
                (rows)
            }
        } @else {
            (rows)
        }
        (foot(visitor, shown))
    }
}

fn foot(visitor: &Visitor, shown: &Shown<'_>) -> Markup {
    let words = &visitor.words;
    let here = i64::try_from(shown.found.rows.len()).unwrap_or_default();
    html! {
        footer.pages {
            span.number { (words.with("list-shown", &[("count", here.into())])) " · " (total(visitor, shown.found.count)) }
            @if shown.state.after.is_some() { a.button.quiet href=(shown.link(|_| {})) { (words.t("list-first")) } }
            @if let Some(next) = &shown.next {
                @let state = State { adding: None, ..shown.state.clone() };
                a.button.quiet href=(state.page(&shown.def().name, next)) rel="next" { (words.t("list-next")) (small_icon("chevron-right")) }
            }
        }
    }
}

/// “128 in all”, as far as anybody counts.
pub fn total(visitor: &Visitor, count: u64) -> String {
    let key = if count >= u64::from(Ask::COUNTED) { "list-more-than" } else { "list-in-all" };
    visitor.words.with(key, &[("count", i64::try_from(count).unwrap_or_default().into())])
}

fn heading(visitor: &Visitor, shown: &Shown<'_>, column: &ColumnDef) -> Markup {
    let label = visitor.words.label(&column.label);
    let number = field::is_number(column).then_some("number");
    if !shown.sortable.contains(&column.name) {
        return html! { th scope="col" class=[number] { (label) } };
    }
    let sorted = (shown.order.0 == column.name).then_some(shown.order.1);
    let (order, symbol, next) = match sorted {
        Some(Direction::Ascending) => (Some("ascending"), Some("chevron-up"), Direction::Descending),
        Some(Direction::Descending) => (Some("descending"), Some("chevron-down"), Direction::Ascending),
        None => (None, None, Direction::Ascending),
    };
    let link = shown.link(|it| it.order = Some((column.name.clone(), next)));
    html! {
        th scope="col" class=[number] aria-sort=[order] {
            a href=(link) { (label) @if let Some(symbol) = symbol { (small_icon(symbol)) } }
        }
    }
}

fn row(visitor: &Visitor, shown: &Shown<'_>, record: &Record, columns: &[&ColumnDef], ticks: bool) -> Markup {
    let (words, def) = (&visitor.words, shown.def());
    let name = name(record, def, &words.t("record-nameless"));
    let reference = shown_as(record);
    let symbol = visitor.who.actor.catalog().get(&reference.entity).map_or(&def.icon, |it| &it.icon);
    html! {
        tr {
            @if ticks {
                td.tick {
                    input type="checkbox" name="id" value=(record.id)
                        aria-label=(words.with("list-tick", &[("name", name.as_str().into())]));
                }
            }
            th scope="row" {
                span.line {
                    @if def.name == "contact" { (avatar(&name, Who::Contact)) } @else { (type_icon(symbol)) }
                    a href=(address(&reference)) { (name) }
                }
            }
            @for (at, column) in columns.iter().enumerate() {
                @let class = match (field::is_number(column), at) { (true, _) => "number", (_, 0) => "full", (_, 1) => "", _ => "not-phone" };
                td class=(class) { (field::shown_short(column, record.get(&column.name), &shown.found.names, words)) }
            }
        }
    }
}

/// An activity out of the list of all kinds has its page under its own kind.
fn shown_as(record: &Record) -> RecordRef {
    match record.text("activitytypecode") {
        "" => record.reference(),
        kind => RecordRef::new(kind, record.id),
    }
}

/// What a record is called; `nameless` when it has no name.
pub fn name(record: &Record, def: &EntityDef, nameless: &str) -> String {
    let name = record.text(&def.primary).trim();
    if name.is_empty() { nameless.to_owned() } else { name.to_owned() }
}
