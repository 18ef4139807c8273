//! What happened last, and the way to the mailbox.

use super::icon::{icon, mark, mark_word};
use super::shell::{self, Page, Place};
use super::{address, timeline};
use crate::session::Visitor;
use app::timeline::Entry;
use maud::{Markup, html};

/// `hint`: the demo's box, when there is something to hint at.
pub fn page(visitor: &Visitor, recent: &[Entry], hint: &Markup) -> Markup {
    let words = &visitor.words;
    let first_name = visitor.who.name.split_whitespace().next().unwrap_or_default();
    let greeting = match words.hour(visitor.now) {
        5..10 => "home-morning",
        18..24 => "home-evening",
        _ => "home-day",
    };
    let title = words.t("rail-home");
    let main = html! {
        main #main.page {
            div.page-head {
                div {
                    h1 { (words.with(greeting, &[("name", first_name.into())])) }
                    p { (words.weekday_and_date(visitor.now)) }
                }
            }
            (hint)
            div.split {
                (recently(visitor, recent))
                section.card aria-labelledby="home-mail" {
                    header { h2 #home-mail { (words.t("home-mailbox")) } }
                    div.inside.stack {
                        p { (words.t("home-mailbox-text")) }
                        div.actions { a.button href="/mail" { (icon("mail")) (words.t("home-to-mail")) } }
                        a href="/privacy" { (words.t("privacy-link")) }
                    }
                }
            }
        }
    };
    shell::page(Page { visitor, title: &title, place: Place::Home, search: "", main })
}

fn recently(visitor: &Visitor, recent: &[Entry]) -> Markup {
    let words = &visitor.words;
    html! {
        section.card aria-labelledby="home-recent" {
            header { h2 #home-recent { (words.t("home-recent")) } }
            @if recent.is_empty() {
                div.empty {
                    (icon("track"))
                    h2 { (words.t("home-nothing")) }
                    p { (words.t("home-nothing-hint")) }
                    a.button.primary href="/mail" { (words.t("home-to-mail")) }
                }
            } @else {
                ul.rows { @for entry in recent { li.row { (row(visitor, entry)) } } }
            }
        }
    }
}

fn row(visitor: &Visitor, entry: &Entry) -> Markup {
    let words = &visitor.words;
    let state = timeline::entry_mark(entry);
    let other = if entry.outgoing { &entry.to } else { &entry.from };
    html! {
        (timeline::entry_icon(entry))
        span {
            a.name href=(address(&entry.record)) {
                @if entry.title.trim().is_empty() { (words.t("email-no-subject")) } @else { (entry.title) }
            }
            span.meta {
                (other)
                @if let Some(about) = &entry.about { " · " (words.t("timeline-regarding")) " " (about.name) }
                @if entry.pending { " · " (words.t("timeline-pending")) }
            }
        }
        span.end {
            (mark(&state))
            span.visually-hidden { (mark_word(&state, words)) }
            span.faint { (words.when(entry.at, visitor.now)) }
        }
    }
}
