//! What happened around a record: newest first, the days as headings.

use super::icon::{icon, mail_icon, mark, mark_word, small_icon, type_icon};
use super::{address, escaped, shell};
use crate::session::Visitor;
use app::mail::Mark;
use app::timeline::{Entry, Timeline};
use domain::id::RecordRef;
use domain::privilege::Action;
use maud::{Markup, html};

/// The card with everything said and done. `older`: where the next page begins, as an address says it.
pub fn card(
    visitor: &Visitor,
    record: &RecordRef,
    timeline: &Timeline,
    older: Option<&str>,
    may_note: bool,
) -> Markup {
    let words = &visitor.words;
    html! {
        section.card #timeline aria-labelledby="timeline-title" {
            header { h2 #timeline-title { (words.t("timeline-title")) } @if may_note { (make(visitor, record)) } }
            @if may_note { (note(visitor, record)) }
            @if timeline.entries.is_empty() {
                div.empty {
                    (icon("mail"))
                    h2 { (words.t("timeline-empty")) }
                    p { (words.t("timeline-empty-hint")) }
                }
            } @else {
                ol.timeline { (days(visitor, record, &timeline.entries)) }
            }
            @if let Some(older) = older {
                footer.line {
                    small { (words.t("timeline-newest-first")) }
                    a.button.quiet.push href={ (address(record)) "?after=" (escaped(older)) } { (words.t("timeline-older")) }
                }
            }
        }
    }
}

fn days(visitor: &Visitor, record: &RecordRef, entries: &[Entry]) -> Markup {
    let words = &visitor.words;
    let day = |entry: &Entry| {
        if entry.at > visitor.now { words.t("timeline-ahead") } else { words.day(entry.at, visitor.now) }
    };
    html! {
        @for (at, entry) in entries.iter().enumerate() {
            @if at == 0 || day(&entries[at - 1]) != day(entry) { li.day { (day(entry)) } }
            (event(visitor, record, entry))
        }
    }
}

fn event(visitor: &Visitor, record: &RecordRef, entry: &Entry) -> Markup {
    let words = &visitor.words;
    let title = if entry.title.trim().is_empty() { words.t(untitled(entry)) } else { entry.title.clone() };
    html! {
        li.event {
            (entry_icon(visitor, entry))
            div {
                header {
                    @if is_note(entry) { strong { (title) } } @else { a href=(address(&entry.record)) { (title) } }
                    time datetime=(entry.at) { (words.time(entry.at)) }
                }
                @if !entry.text.is_empty() {
                    @if is_mail(entry) { p.one-line { (entry.text) } } @else { p { (super::field::lines(&entry.text)) } }
                }
                footer { (foot(visitor, record, entry)) }
            }
        }
    }
}

/// The ways to make an activity that is regarding the record.
fn make(visitor: &Visitor, record: &RecordRef) -> Markup {
    let (words, actor) = (&visitor.words, &visitor.who.actor);
    let kinds = actor.catalog().all().filter(|it| it.activity && !it.readonly && it.name != "email");
    let kinds: Vec<_> = kinds.filter(|it| actor.may(Action::Create, &it.name)).collect();
    html! {
        @if !kinds.is_empty() {
            details.popup {
                summary.button.quiet { (icon("plus")) (words.t("activity-new")) }
                nav.menu.list aria-label=(words.t("activity-new")) {
                    @for def in kinds {
                        a.item href={ "/records/" (def.name) "/new?regardingobjectid=" (escaped(&record.to_string())) } {
                            (icon(&def.icon)) span { (words.entity(def)) }
                        }
                    }
                }
            }
        }
    }
}

pub fn entry_icon(visitor: &Visitor, entry: &Entry) -> Markup {
    if is_mail(entry) {
        return mail_icon(entry.outgoing);
    }
    let def = visitor.who.actor.catalog().get(&entry.kind).filter(|_| !is_note(entry));
    def.map_or_else(|| type_icon("note"), |it| type_icon(&it.icon))
}

fn is_note(entry: &Entry) -> bool {
    entry.kind == "annotation"
}

pub fn is_mail(entry: &Entry) -> bool {
    entry.kind == "email"
}

fn untitled(entry: &Entry) -> &'static str {
    if is_note(entry) { "note" } else { "email-no-subject" }
}

/// An entry has the mark of its tracking; a note has none.
pub fn entry_mark(entry: &Entry) -> Mark {
    match (&entry.about, entry.pending) {
        (_, true) => Mark::Pending,
        (Some(about), false) => Mark::Regarding(about.record.clone(), Some(about.name.clone())),
        (None, false) => Mark::Tracked,
    }
}

/// Who and why, in small.
fn foot(visitor: &Visitor, record: &RecordRef, entry: &Entry) -> Markup {
    let words = &visitor.words;
    if is_note(entry) {
        return html! { (small_icon("edit")) span { (words.with("timeline-note-by", &[("name", entry.owner.as_str().into())])) } };
    }
    if !is_mail(entry) {
        return activity(visitor, entry);
    }
    // What stands on a record's timeline is regarding it, or something of its own.
    let state = match entry_mark(entry) {
        Mark::Tracked => Mark::Regarding(record.clone(), None),
        state => state,
    };
    let other = if entry.outgoing {
        words.with("timeline-to", &[("name", entry.to.as_str().into())])
    } else {
        words.with("timeline-from", &[("name", entry.from.as_str().into())])
    };
    html! {
        (mark(&state))
        span {
            span.visually-hidden { (mark_word(&state, words)) ": " }
            (other)
            @if entry.attachments > 0 { " · " (words.with("timeline-attachments", &[("count", entry.attachments.into())])) }
            @if entry.pending { " · " (words.t("timeline-pending")) }
            @if let Some(about) = &entry.about {
                " · " (words.t("timeline-regarding")) " " a href=(address(&about.record)) { (about.name) }
            }
            @if !entry.owner.is_empty() { " · " (words.with("timeline-owner", &[("name", entry.owner.as_str().into())])) }
        }
    }
}

/// What kind of activity it is, whose, and about what else.
fn activity(visitor: &Visitor, entry: &Entry) -> Markup {
    let words = &visitor.words;
    let def = visitor.who.actor.catalog().get(&entry.kind);
    html! {
        (small_icon(def.map_or("note", |it| &it.icon)))
        span {
            (def.map_or("", |it| words.entity(it)))
            @if let Some(about) = &entry.about {
                " · " (words.t("timeline-regarding")) " " a href=(address(&about.record)) { (about.name) }
            }
            @if !entry.owner.is_empty() { " · " (words.t("record-owner")) ": " (entry.owner) }
        }
    }
}

fn note(visitor: &Visitor, record: &RecordRef) -> Markup {
    let words = &visitor.words;
    html! {
        details.note #note {
            summary { (words.t("note-add")) }
            form.stack method="post" action={ (address(record)) "/notes" } {
                (shell::csrf(visitor))
                div.field {
                    label for="note-title" { (words.t("note-title")) }
                    input.input #note-title name="title" maxlength="500" autocomplete="off";
                }
                div.field {
                    label for="note-text" { (words.t("note-text")) }
                    textarea.input #note-text name="text" rows="4" required {}
                }
                div.actions { button.button { (words.t("note-save")) } }
            }
        }
    }
}
