//! What went wrong, and the way back.

use super::icon::icon;
use super::shell::{self, Page, Place};
use crate::error::Explanation;
use crate::session::{Guest, Visitor};
use maud::{Markup, html};

pub fn page(visitor: &Visitor, it: &Explanation) -> Markup {
    let words = &visitor.words;
    let main = html! {
        main #main.page {
            div.empty {
                (icon("warning"))
                h1 { (it.title) }
                p { (it.text) }
                @if let Some(number) = &it.number { p { small { (words.t("error-number")) " " code { (number) } } } }
                a.button href="/" { (icon("home")) (words.t("error-home")) }
            }
        }
    };
    shell::page(Page { visitor, title: &it.title, place: Place::Elsewhere, search: "", main })
}

/// Before anybody signed in.
pub fn door(guest: &Guest, it: &Explanation) -> Markup {
    let words = &guest.words;
    shell::door(
        guest,
        &it.title,
        &html! {
            main #main {
                div.brand { (icon("logo")) span { "Regarding" } }
                div.card {
                    h1 { (it.title) }
                    p { (it.text) }
                    @if let Some(number) = &it.number { p { small { (words.t("error-number")) " " code { (number) } } } }
                    a.button href="/" { (words.t("error-home")) }
                }
            }
        },
    )
}

/// For the script: a toast, which says why nothing was done.
pub fn fragment(it: &Explanation) -> Markup {
    html! {
        div.toasts id="toasts" role="alert" {
            div.toast data-seconds="20" {
                (icon("warning"))
                p {
                    strong { (it.title) } br; (it.text)
                    @if let Some(number) = &it.number { " " code { (number) } }
                }
            }
        }
    }
}
