//! What happened around a record: newest first, the days as headings.

use super::icon::{icon, mail_icon, mark, mark_word, small_icon, type_icon};
use super::{address, escaped, shell};
use crate::session::Visitor;
use app::mail::Mark;
use app::timeline::{Entry, Timeline};
use domain::id::RecordRef;
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
            header { h2 #timeline-title { (words.t("timeline-title")) } }
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
            (entry_icon(entry))
            div {
                header {
                    @if is_mail(entry) { a href=(address(&entry.record)) { (title) } } @else { strong { (title) } }
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

pub fn entry_icon(entry: &Entry) -> Markup {
    if is_mail(entry) { mail_icon(entry.outgoing) } else { type_icon("note") }
}

pub fn is_mail(entry: &Entry) -> bool {
    entry.kind == "email"
}

fn untitled(entry: &Entry) -> &'static str {
    if is_mail(entry) { "email-no-subject" } else { "note" }
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
    if !is_mail(entry) {
        return html! { (small_icon("edit")) span { (words.with("timeline-note-by", &[("name", entry.owner.as_str().into())])) } };
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
