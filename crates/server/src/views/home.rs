//! What happened last, and the way to the mailbox.

use super::icon::{icon, mark, mark_word};
use super::shell::{self, Page, Place};
use super::{address, hint, timeline};
use crate::session::Visitor;
use app::demo::Hint;
use app::timeline::Entry;
use maud::{Markup, html};

pub struct Shown<'a> {
    pub recent: &'a [Entry],
    /// The visitor has a mailbox.
    pub mailbox: bool,
    /// The demo's box, when there is something to hint at.
    pub hint: Option<&'a Hint>,
}

pub fn page(visitor: &Visitor, shown: &Shown<'_>) -> Markup {
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
            @if let Some(hint) = shown.hint { (hint::on_home(visitor, hint)) }
            div.split {
                (recently(visitor, shown))
                @if shown.mailbox {
                    (way(visitor, "home-mailbox", &html! { a.button href="/mail" { (icon("mail")) (words.t("home-to-mail")) } }))
                } @else {
                    (way(visitor, "home-no-mailbox", &html! {
                        a.button.primary href="/records/account" { (icon("account")) (words.t("home-to-accounts")) }
                    }))
                }
            }
        }
    };
    shell::page(Page { visitor, title: &title, place: Place::Home, search: "", main })
}

/// Where to go from here. `key` names the heading, `key-text` the sentence below.
fn way(visitor: &Visitor, key: &str, button: &Markup) -> Markup {
    let words = &visitor.words;
    html! {
        section.card aria-labelledby="home-way" {
            header { h2 #home-way { (words.t(key)) } }
            div.inside.stack {
                p { (words.t(&format!("{key}-text"))) }
                div.actions { (button) }
                a href="/privacy" { (words.t("privacy-link")) }
            }
        }
    }
}

fn recently(visitor: &Visitor, shown: &Shown<'_>) -> Markup {
    let (words, recent) = (&visitor.words, shown.recent);
    html! {
        section.card aria-labelledby="home-recent" {
            header { h2 #home-recent { (words.t("home-recent")) } }
            @if recent.is_empty() {
                div.empty {
                    (icon("track"))
                    h2 { (words.t("home-nothing")) }
                    p { (words.t(if shown.mailbox { "home-nothing-hint" } else { "home-nothing-without-mailbox" })) }
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
        (timeline::entry_icon(visitor, entry))
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
