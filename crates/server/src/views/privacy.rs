//! What is read of a mailbox, and what is kept: in words, and the list of headers as the program has it.

use super::icon::icon;
use super::shell::{self, Page, Place};
use crate::session::{Guest, Visitor};
use crate::words::Words;
use domain::envelope::HEADERS;
use maud::{Markup, html};

pub fn page(visitor: &Visitor) -> Markup {
    let title = visitor.words.t("privacy-link");
    let main = html! { main #main.page.narrow { h1 { (title) } (content(&visitor.words)) } };
    shell::page(Page { visitor, title: &title, place: Place::More, search: "", main })
}

/// One may know before one signs in.
pub fn door(guest: &Guest) -> Markup {
    let title = guest.words.t("privacy-link");
    shell::door(
        guest,
        &title,
        &html! {
            main #main.wide {
                a.brand href="/" aria-label="Regarding" { (icon("logo")) span { "Regarding" } }
                h1 { (title) }
                (content(&guest.words))
            }
        },
    )
}

fn content(words: &Words) -> Markup {
    let section = |title: &str, text: &str, more: Markup| {
        html! { section.card { header { h2 { (words.t(title)) } } div.inside.stack { p { (words.t(text)) } (more) } } }
    };
    let headers = html! { ul.line.wrap { @for header in HEADERS { li.badge { code { (header) } } } li.badge { (words.t("privacy-size")) } } };
    html! {
        (section("privacy-before", "privacy-before-says", headers))
        (section("privacy-after", "privacy-after-says", html! {}))
        (section("privacy-readers", "privacy-readers-says", html! {}))
        (section("privacy-untouched", "privacy-untouched-says", html! {}))
        (section("privacy-undo", "privacy-undo-says", html! {}))
    }
}
