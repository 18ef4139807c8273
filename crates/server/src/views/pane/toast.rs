//! What was just done, and Undo for ten seconds.

use super::{Reader, tracking_form};
use crate::views::icon;
use app::mail::Item;
use maud::{Markup, html};
use serde::Deserialize;

/// What a click did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Did {
    Tracked,
    Unlinked,
    /// Untracked, and the copy goes.
    Deleted,
    /// Untracked, and the copy stays with somebody else.
    Untracked,
}

impl Did {
    /// As an address says it.
    pub fn name(self) -> &'static str {
        match self {
            Did::Tracked => "tracked",
            Did::Unlinked => "unlinked",
            Did::Deleted => "deleted",
            Did::Untracked => "untracked",
        }
    }
}

/// Something done to a message, with what leads back ([`super::was`]).
pub struct Done<'a> {
    pub did: Did,
    pub was: &'a str,
    pub item: &'a Item,
    /// The name of what it is regarding now.
    pub regarding: Option<&'a str>,
}

/// The place for toasts, which is always on the page so that screen readers listen to it.
pub fn toasts(reader: Reader<'_>, done: Option<&Done<'_>>) -> Markup {
    html! { div.toasts id="toasts" role="status" { @if let Some(done) = done { (toast(reader, done)) } } }
}

/// A toast without Undo.
pub fn told(text: &str, link: &Markup) -> Markup {
    html! {
        div.toasts id="toasts" role="status" {
            div.toast data-seconds="10" { (icon("check")) p { (text) } (link) }
        }
    }
}

fn toast(reader: Reader<'_>, done: &Done<'_>) -> Markup {
    let words = reader.words();
    let text = match (done.did, done.regarding) {
        (Did::Tracked, Some(name)) => words.with("pane-done-regarding", &[("name", name.into())]),
        (Did::Tracked, None) => words.t("pane-done-tracked"),
        (Did::Unlinked, _) => words.t("pane-done-unlinked"),
        (Did::Deleted, _) => words.t("pane-done-deleted"),
        (Did::Untracked, _) => words.t("pane-done-untracked"),
    };
    html! {
        div.toast data-seconds="10" {
            (icon("check"))
            p { (text) }
            span.left aria-hidden="true" {}
            (undo(reader, done))
        }
    }
}

fn undo(reader: Reader<'_>, done: &Done<'_>) -> Markup {
    let words = reader.words();
    let verb = if done.was.is_empty() { "DELETE" } else { "PUT" };
    tracking_form(
        reader,
        done.item,
        verb,
        &html! {
            input type="hidden" name="undo" value="yes";
            @if !done.was.is_empty() { input type="hidden" name="regarding" value=(done.was); }
            button.button { (icon("undo")) (words.t("pane-undo")) }
        },
    )
}
