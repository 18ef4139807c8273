//! What lies in the recycle bin, and the ways out of it.

use super::address;
use super::icon::{icon, type_icon};
use super::shell::{self, Page, Place};
use crate::session::Visitor;
use app::bin::{Bin, Recycled};
use domain::id::RecordRef;
use maud::{Markup, html};
pub struct Shown<'a> {
    pub bin: &'a Bin,
    /// Only this type is shown.
    pub entity: Option<&'a str>,
    /// This is not the first page.
    pub later: bool,
    /// What was just restored.
    pub restored: Option<(RecordRef, String)>,
    pub may_erase: bool,
}

pub fn page(visitor: &Visitor, shown: &Shown<'_>) -> Markup {
    let words = &visitor.words;
    let title = words.t("bin");
    let next = |it: &(domain::time::Timestamp, domain::id::Guid)| {
        format!("/recycle-bin?entity={}&before={}.{}", shown.entity.unwrap_or_default(), it.0.0, it.1)
    };
    let main = html! {
        main #main.page.narrow {
            div.page-head { div { h1 { (title) } p { (words.t("bin-hint")) } } }
            @if let Some((record, name)) = &shown.restored {
                div.banner.accent role="status" {
                    (icon("check"))
                    p { a href=(address(record)) { (words.with("bin-restored", &[("name", name.as_str().into())])) } }
                }
            }
            (chooser(visitor, shown))
            section.card aria-label=(title) {
                @if shown.bin.entries.is_empty() {
                    div.empty { (icon("trash")) h2 { (words.t("bin-empty")) } p { (words.t("bin-empty-hint")) } }
                } @else {
                    ul.rows { @for it in &shown.bin.entries { (row(visitor, shown, it)) } }
                }
                @if shown.later || shown.bin.next.is_some() {
                    footer.pages {
                        span {}
                        @if shown.later { a.button.quiet href="/recycle-bin" { (words.t("list-first")) } }
                        @if let Some(it) = &shown.bin.next { a.button.quiet href=(next(it)) rel="next" { (words.t("list-next")) } }
                    }
                }
            }
        }
    };
    shell::page(Page { visitor, title: &title, place: Place::More, search: "", main })
}

fn chooser(visitor: &Visitor, shown: &Shown<'_>) -> Markup {
    let words = &visitor.words;
    html! {
        form.line.wrap action="/recycle-bin" {
            span.select {
                select name="entity" aria-label=(words.t("bin-type")) {
                    option value="" { (words.t("bin-all-types")) }
                    @for def in &shown.bin.types {
                        option value=(def.name) selected[shown.entity == Some(def.name.as_str())] { (words.plural(def)) }
                    }
                }
                (icon("chevron-down"))
            }
            button.button { (words.t("bin-show")) }
        }
    }
}

fn row(visitor: &Visitor, shown: &Shown<'_>, it: &Recycled) -> Markup {
    let words = &visitor.words;
    let def = shown.bin.types.iter().find(|def| def.name == it.record.entity);
    let name = if it.name.trim().is_empty() { words.t("record-nameless") } else { it.name.clone() };
    let when = words.when(it.at, visitor.now);
    let by = it.by.and_then(|id| shown.bin.names.get(&RecordRef::new("systemuser", id)));
    let meta = match by {
        Some(by) => words.with("bin-deleted-by", &[("when", when.into()), ("name", by.as_str().into())]),
        None => words.with("bin-deleted", &[("when", when.into())]),
    };
    html! {
        li.row {
            @match def { Some(def) => (type_icon(&def.icon)), None => (icon("trash")) }
            span {
                span.name { (name) }
                span.meta { @if let Some(def) = def { (words.entity(def)) " · " } (meta) }
            }
            span.end {
                form method="post" action="/recycle-bin" {
                    (shell::csrf(visitor)) (shell::method("PUT"))
                    input type="hidden" name="record" value=(it.record);
                    button.button { (icon("undo")) (words.t("bin-restore")) }
                }
                @if shown.may_erase { (erase(visitor, it)) }
            }
        }
    }
}

/// Nothing brings it back: the button stands behind a sentence that says so.
fn erase(visitor: &Visitor, it: &Recycled) -> Markup {
    let words = &visitor.words;
    html! {
        details.popup {
            summary.button.quiet.danger { (words.t("bin-erase")) }
            form.menu.stack method="post" action="/recycle-bin" {
                (shell::csrf(visitor)) (shell::method("DELETE"))
                input type="hidden" name="record" value=(it.record);
                p { (words.t("bin-erase-text")) }
                button.button.danger { (words.t("bin-erase-do")) }
            }
        }
    }
}
