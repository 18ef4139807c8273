//! The door: one card, one question.

use super::icon::{icon, small_icon};
use super::shell;
use crate::session::Guest;
use maud::{Markup, html};

/// Where to sign in before going on to `place`.
pub fn address(place: &str) -> String {
    match place {
        "/" => "/sign-in".to_owned(),
        place => format!("/sign-in?next={}", super::escaped(place)),
    }
}

/// What was typed, to say it again; the password never is.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    pub email: String,
    pub remember: bool,
    /// Where to go on to.
    pub next: String,
    /// Why it was not enough, in the reader's language.
    pub wrong: Option<String>,
}

pub fn page(guest: &Guest, typed: &Typed) -> Markup {
    let words = &guest.words;
    let described = typed.wrong.as_ref().map(|_| "sign-in-error");
    let invalid = typed.wrong.as_ref().map(|_| "true");
    shell::door(
        guest,
        &words.t("sign-in"),
        &html! {
            main #main {
                div.brand { (icon("logo")) span { "Regarding" } }
                form.card method="post" action="/sign-in" {
                    h1 { (words.t("sign-in")) }
                    input type="hidden" name="next" value=(typed.next);
                    div.field {
                        label for="email" { (words.t("sign-in-email")) }
                        input.input #email name="email" type="email" autocomplete="username" value=(typed.email) required
                            autofocus[typed.wrong.is_none()] aria-invalid=[invalid] aria-describedby=[described];
                    }
                    div.field {
                        label for="password" { (words.t("sign-in-password")) }
                        input.input #password name="password" type="password" autocomplete="current-password" required
                            autofocus[typed.wrong.is_some()] aria-invalid=[invalid] aria-describedby=[described];
                        @if let Some(wrong) = &typed.wrong {
                            span.error #sign-in-error role="alert" { (small_icon("warning")) span { (wrong) } }
                        }
                    }
                    label.choice {
                        input type="checkbox" name="remember" value="true" checked[typed.remember];
                        span { (words.t("sign-in-remember")) }
                        small { (words.t("sign-in-remember-hint")) }
                    }
                    button.button.primary.wide { (words.t("sign-in")) }
                }
            }
        },
    )
}
