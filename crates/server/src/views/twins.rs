//! Records that may be the one that is about to be made.

use super::address;
use super::icon::icon;
use crate::session::Visitor;
use app::duplicates::Duplicate;
use maud::{Markup, html};

/// The hidden fields that say which ones were shown.
pub const FIELD: &str = "twin";

/// Above the form.
pub fn banner(visitor: &Visitor, twins: &[Duplicate]) -> Markup {
    let words = &visitor.words;
    let nameless = words.t("record-nameless");
    html! {
        div.banner.warn role="alert" {
            (icon("warning"))
            div {
                p { (words.t("twins")) }
                ul {
                    @for it in twins {
                        li { a href=(address(&it.record)) { @if it.name.trim().is_empty() { (nameless) } @else { (it.name) } } }
                    }
                }
            }
        }
    }
}

/// In the form.
pub fn seen(twins: &[Duplicate]) -> Markup {
    html! { @for it in twins { input type="hidden" name=(FIELD) value=(it.record.id); } }
}
