//! A hint of the demo: one step on the way through the first five minutes, dismissible.

use super::icon;
use super::shell::csrf;
use crate::session::Visitor;
use crate::words::Language;
use app::demo::Hint;
use maud::{Markup, html};

/// `next`: the page to stay on when it is dismissed.
pub fn hint(visitor: &Visitor, hint: &Hint, next: &str) -> Markup {
    banner(visitor, hint, next, &html! {})
}

/// On the first page, with the way to the mailbox: there stands what the hints speak of.
pub fn on_home(visitor: &Visitor, hint: &Hint) -> Markup {
    let mail = html! { a.button href="/mail" { (icon("mail")) (visitor.words.t("home-to-mail")) } };
    banner(visitor, hint, "/", &mail)
}

fn banner(visitor: &Visitor, hint: &Hint, next: &str, way: &Markup) -> Markup {
    let words = &visitor.words;
    let (title, text) = match words.language {
        Language::English => (&hint.title_en, &hint.text_en),
        Language::Swedish => (&hint.title_sv, &hint.text_sv),
    };
    html! {
        div.banner.accent role="note" aria-label=(words.t("demo-hint")) {
            (icon("info"))
            p { strong { (title) } br; (text) }
            div.actions {
                @if hint.key == "reply" { (reply(visitor, "")) } @else { (way) }
                form method="post" action="/demo/hint" data-swap="main" {
                    (csrf(visitor))
                    input type="hidden" name="key" value=(hint.key);
                    input type="hidden" name="next" value=(next);
                    button.button.quiet { (words.t("demo-dismiss")) }
                }
            }
        }
    }
}

/// Makes a customer of the demo answer.
pub fn reply(visitor: &Visitor, class: &str) -> Markup {
    html! {
        form method="post" action="/demo/reply" {
            (csrf(visitor))
            button class={ "button " (class) } { (icon("reply")) (visitor.words.t("demo-reply")) }
        }
    }
}
