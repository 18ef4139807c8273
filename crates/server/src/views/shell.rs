//! The frame around every page: the bar above, the rail at the side, and the door's single card.

use super::icon::{Who, avatar, icon};
use crate::assets;
use crate::session::{Guest, Visitor};
use crate::words::Words;
use maud::{DOCTYPE, Markup, html};

/// Light, dark, or as the device has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    Device,
    Light,
    Dark,
}

impl Theme {
    pub fn of(name: &str) -> Theme {
        match name {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::Device,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Theme::Device => "device",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }
}

/// Which part of the app a page belongs to: lit in the rail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'a> {
    Home,
    Mail,
    /// The records of this type.
    Records(&'a str),
    More,
    Elsewhere,
}

pub struct Page<'a> {
    pub visitor: &'a Visitor,
    pub title: &'a str,
    pub place: Place<'a>,
    /// What the search box holds.
    pub search: &'a str,
    /// The whole `<main id="main">` element.
    pub main: Markup,
}

/// Where the rail leads: what to light, address, symbol, word, and whether a phone has no room for it.
const RAIL: [(Place<'static>, &str, &str, &str, bool); 7] = [
    (Place::Home, "/", "home", "rail-home", false),
    (Place::Mail, "/mail", "mail", "rail-mail", false),
    (Place::Records("account"), "/records/account", "account", "rail-accounts", false),
    (Place::Records("contact"), "/records/contact", "contact", "rail-contacts", true),
    (Place::Records("opportunity"), "/records/opportunity", "pipeline", "rail-opportunities", false),
    (Place::Records("incident"), "/records/incident", "case", "rail-cases", true),
    (Place::Records("lead"), "/records/lead", "lead", "rail-leads", true),
];

pub fn page(page: Page<'_>) -> Markup {
    let Page { visitor, title, place, search, main } = page;
    document(
        &visitor.words,
        visitor.theme,
        title,
        "app",
        &html! {
            a.skip href="#main" { (visitor.words.t("skip")) }
            (topbar(visitor, search))
            (rail(&visitor.words, place))
            (main)
        },
    )
}

/// A page that stands alone in the middle: sign-in, an error before it.
pub fn door(guest: &Guest, title: &str, main: &Markup) -> Markup {
    let words = &guest.words;
    let other = words.t("other-language");
    document(
        words,
        guest.theme,
        title,
        "door",
        &html! {
            (main)
            footer {
                form method="post" action="/language" {
                    input type="hidden" name="language" value=(words.t("other-language-code"));
                    input type="hidden" name="next" value=(guest.place);
                    button.link lang=(words.t("other-language-code")) { (other) }
                }
                a href="/privacy" { (words.t("privacy-link")) }
            }
        },
    )
}

/// The hidden field that makes a form the visitor's own.
pub fn csrf(visitor: &Visitor) -> Markup {
    html! { input type="hidden" name="csrf" value=(visitor.who.csrf); }
}

/// The hidden field that makes a POST a PUT or DELETE.
pub fn method(verb: &str) -> Markup {
    html! { input type="hidden" name="_method" value=(verb); }
}

fn document(words: &Words, theme: Theme, title: &str, class: &str, body: &Markup) -> Markup {
    let theme = match theme {
        Theme::Device => None,
        Theme::Light | Theme::Dark => Some(theme.name()),
    };
    html! {
        (DOCTYPE)
        html lang=(words.language.code()) data-theme=[theme] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " – Regarding" }
                link rel="stylesheet" href=(assets::address("app.css"));
                link rel="icon" type="image/svg+xml" href=(assets::address("favicon.svg"));
                script src=(assets::address("app.js")) defer {}
            }
            body class=(class) { (body) }
        }
    }
}

fn topbar(visitor: &Visitor, search: &str) -> Markup {
    let words = &visitor.words;
    html! {
        header.topbar {
            a.brand href="/" aria-label="Regarding" { (icon("logo")) span { "Regarding" } }
            form.searchbox role="search" aria-label=(words.t("all-records")) action="/search" {
                (icon("search"))
                input.input type="search" name="q" value=(search) aria-label=(words.t("search-all"))
                    placeholder=(words.t("search-hint"));
            }
            div.end {
                a.icon-button.only-phone href="/search" aria-label=(words.t("search")) { (icon("search")) }
                (theme_switch(visitor))
                a.icon-button href="/settings" aria-label=(words.t("settings")) { (icon("settings")) }
                a.icon-button href="/settings#me" aria-label=(words.with("your-account", &[("name", visitor.who.name.as_str().into())])) {
                    (avatar(&visitor.who.name, Who::Colleague))
                }
            }
        }
    }
}

/// Two buttons: the stylesheet shows the one that changes something.
fn theme_switch(visitor: &Visitor) -> Markup {
    let words = &visitor.words;
    html! {
        form.theme method="post" action="/theme" {
            input type="hidden" name="next" value=(visitor.place);
            button.icon-button.to-dark name="theme" value="dark" aria-label=(words.t("theme-to-dark")) { (icon("moon")) }
            button.icon-button.to-light name="theme" value="light" aria-label=(words.t("theme-to-light")) { (icon("sun")) }
        }
    }
}

fn rail(words: &Words, here: Place<'_>) -> Markup {
    html! {
        nav.rail aria-label=(words.t("rail")) {
            ul {
                @for (place, address, symbol, word, less) in RAIL {
                    li.less[less] {
                        a href=(address) aria-current=[(place == here).then_some("page")] { (icon(symbol)) (words.t(word)) }
                    }
                }
                li.more {
                    a href="/more" aria-current=[(here == Place::More).then_some("page")] { (icon("menu")) (words.t("rail-more")) }
                }
            }
        }
    }
}
