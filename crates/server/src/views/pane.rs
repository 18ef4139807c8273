//! The pane beside a message: its state first, then why, who, and what hangs together with it (UI.md).
//! The same fragment stands beside a message, on a page of its own, and in a mail program.

pub mod choose;
pub mod facts;
pub mod toast;

use super::icon::mark_big;
use super::mail::message_address;
use super::shell::{csrf, method};
use super::{address, hint, icon, small_icon, type_icon};
use crate::session::Visitor;
use crate::words::Words;
use app::demo::Hint;
use app::mail::{Item, Mark};
use app::pane::{Candidate, Copy, Detail, Pane};
use domain::entity::Catalog;
use domain::id::RecordRef;
use domain::time::Timestamp;
use domain::tracking::Untrack;
use maud::{Markup, html};

/// Who reads, and what the types of records are called.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    pub visitor: &'a Visitor,
    pub catalog: &'a Catalog,
}

impl<'a> Reader<'a> {
    pub fn words(&self) -> &'a Words {
        &self.visitor.words
    }

    /// "Account", "Konto".
    pub fn entity(&self, name: &str) -> &'a str {
        self.catalog.get(name).map_or("", |it| self.words().entity(it))
    }

    /// The square or circle of a record's type.
    pub fn type_icon(&self, record: &RecordRef) -> Markup {
        type_icon(self.catalog.get(&record.entity).map_or("account", |it| &it.icon))
    }

    /// A time in the middle of a sentence: `10:41` today, `12 Nov` before.
    pub fn said(&self, at: Timestamp) -> String {
        let (words, now) = (self.words(), self.visitor.now);
        if words.date(at) == words.date(now) { words.time(at) } else { words.when(at, now) }
    }

    /// What tells a record from others of its name, or else its type.
    pub fn detail(&self, candidate: &Candidate) -> String {
        let Detail { parent, note, value } = &candidate.detail;
        let value = value.map(|it| self.words().money(it));
        let parts: Vec<&str> = [parent, note, &value]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .filter(|it| !it.is_empty() && *it != candidate.name)
            .collect();
        if parts.is_empty() { self.entity(&candidate.record.entity).to_owned() } else { parts.join(" · ") }
    }
}

/// The whole pane, ready to replace the one on the page.
pub fn pane(reader: Reader<'_>, pane: &Pane, hint: Option<&Hint>) -> Markup {
    let words = reader.words();
    let refetch = matches!(pane.mark, Mark::Pending).then(|| format!("/pane?{}", query(&pane.item)));
    html! {
        aside.pane id="pane" aria-label=(words.t("pane-title")) data-refetch=[refetch] data-shown=[shown(&pane.item)] {
            (bar())
            @if let Some(hint) = hint { section { (hint::hint(reader.visitor, hint, &message_address(&pane.item))) } }
            (state(reader, pane))
            @if let Some(copy) = &pane.copy { (facts::why(reader, copy)) }
            (facts::people(reader, &pane.people))
            (facts::related(reader, pane))
        }
    }
}

/// When the mailbox cannot be asked: a sentence, and a way to look again.
pub fn trouble(reader: Reader<'_>, item: &Item, sentence: &str) -> Markup {
    let words = reader.words();
    html! {
        aside.pane id="pane" aria-label=(words.t("pane-title")) data-refetch=(format!("/pane?{}", query(item))) {
            (bar())
            section.state-box.warn {
                div.state {
                    (icon("offline"))
                    h2.word data-focus { (words.t("pane-trouble")) }
                    p { (sentence) " " (words.t("pane-trouble-kept")) }
                }
                div.actions { (look_again(words, item, "pane-try-now")) }
            }
        }
    }
}

/// When the message was moved or deleted while its pane stood open.
pub fn gone(reader: Reader<'_>, sentence: &str) -> Markup {
    let words = reader.words();
    html! {
        aside.pane id="pane" aria-label=(words.t("pane-title")) {
            (bar())
            section.state-box {
                div.state { (icon("mailbox")) h2.word data-focus { (words.t("mail-gone")) } p { (sentence) } }
            }
        }
    }
}

/// When the user may not do what was clicked: which right is missing, and what is possible instead.
pub fn refused(reader: Reader<'_>, item: &Item, sentence: &str, may_track: bool) -> Markup {
    let words = reader.words();
    html! {
        aside.pane id="pane" aria-label=(words.t("pane-title")) {
            (bar())
            section.state-box {
                div.state {
                    (locked())
                    h2.word data-focus { (words.t("pane-refused")) }
                    p role="alert" { (sentence) }
                }
                div.actions {
                    @if may_track {
                        (choose_link(words, item, "pane-choose-other", ""))
                        (track_form(reader, item, &html! { button.button { (words.t("pane-without-regarding")) } }))
                    } @else {
                        (look_again(words, item, "pane-look-again"))
                    }
                }
            }
        }
    }
}

pub fn bar() -> Markup {
    html! { div.bar { span.brand { (small_icon("logo")) "Regarding" } } }
}

fn state(reader: Reader<'_>, pane: &Pane) -> Markup {
    match (&pane.mark, &pane.copy) {
        (Mark::Failed { next_try }, copy) => {
            failed(reader, pane, copy.as_ref(), next_try.map(|it| reader.said(it)).as_deref())
        }
        (Mark::Pending, copy) => pending(reader, pane, copy.as_ref()),
        (Mark::Tracked | Mark::Regarding(..), Some(copy)) => stored(reader, pane, copy),
        (Mark::None | Mark::Tracked | Mark::Regarding(..), _) if pane.may_track => untracked(reader, pane),
        (Mark::None | Mark::Tracked | Mark::Regarding(..), _) => may_not_track(reader.words()),
    }
}

fn untracked(reader: Reader<'_>, pane: &Pane) -> Markup {
    let words = reader.words();
    html! {
        section.state-box {
            div.state {
                (mark_big(&Mark::None))
                h2.word data-focus { (words.t("pane-not-tracked")) }
                p { (words.t("pane-not-tracked-text")) }
            }
            div.actions {
                (choose_link(words, &pane.item, "pane-set-regarding", "primary"))
                (track_form(reader, &pane.item, &html! { button.button { (icon("track")) (words.t("pane-track")) } }))
            }
            @if let Some(best) = likeliest_first(&pane.related).first() {
                (track_form(reader, &pane.item, &html! {
                    button.target name="regarding" value=(best.record) {
                        (reader.type_icon(&best.record))
                        span {
                            span.visually-hidden { (words.t("pane-track-regarding")) } " "
                            strong { (best.name) }
                            span.meta { (words.t("pane-suggested")) " · " (reader.detail(best)) }
                        }
                        (small_icon("plus"))
                    }
                }))
            }
        }
    }
}

/// What a message is probably regarding, of all that hangs together with it: an open deal, an open case, the account.
pub fn likeliest_first(related: &[Candidate]) -> Vec<&Candidate> {
    let rank = |it: &&Candidate| match it.record.entity.as_str() {
        "opportunity" => 0,
        "incident" => 1,
        "account" => 2,
        _ => 3,
    };
    let mut candidates: Vec<_> = related.iter().collect();
    candidates.sort_by_key(rank);
    candidates
}

fn may_not_track(words: &Words) -> Markup {
    html! {
        section.state-box {
            div.state {
                (locked())
                h2.word data-focus { (words.t("pane-locked")) }
                p { (words.t("pane-locked-text")) }
            }
        }
    }
}

fn pending(reader: Reader<'_>, pane: &Pane, copy: Option<&Copy>) -> Markup {
    let words = reader.words();
    html! {
        section.state-box {
            div.state {
                (mark_big(&pane.mark))
                h2.word data-focus { (words.t("pane-pending")) }
                @if let Some(copy) = copy { p {
                    @let when = reader.said(copy.when);
                    @if copy.mine {
                        (words.with("pane-pending-mine", &[("when", when.into())]))
                    } @else {
                        (words.with("pane-pending-other", &[("name", copy.by.name.as_str().into()), ("when", when.into())]))
                    }
                } }
            }
            @if let Some(about) = copy.and_then(|it| it.regarding.as_ref()) { (target(reader, about)) }
            div.actions {
                button.button disabled { (icon("open")) (words.t("pane-view")) }
                @if let Some(copy) = copy.filter(|it| it.mine) {
                    (untrack_form(reader, &pane.item, copy, &html! { button.button { (icon("undo")) (words.t("pane-undo")) } }))
                }
            }
            small {
                (words.t("pane-pending-hint")) " "
                a href=(message_address(&pane.item)) data-swap="main" { (words.t("pane-look-again")) }
            }
        }
    }
}

fn failed(reader: Reader<'_>, pane: &Pane, copy: Option<&Copy>, next_try: Option<&str>) -> Markup {
    let words = reader.words();
    html! {
        section.state-box.bad {
            div.state {
                (mark_big(&pane.mark))
                h2.word data-focus { (words.t("pane-failed")) }
                p {
                    (words.t("pane-failed-text")) " "
                    @match next_try {
                        Some(when) => (words.with("pane-failed-next", &[("when", when.into())])),
                        None => (words.t("pane-failed-for-good")),
                    }
                }
            }
            @if let Some(about) = copy.and_then(|it| it.regarding.as_ref()) { (target(reader, about)) }
            div.actions {
                (track_form(reader, &pane.item, &html! { button.button { (icon("retry")) (words.t("pane-try-now")) } }))
            }
            @if let Some(copy) = copy.filter(|it| it.mine) { (more(reader, &pane.item, copy)) }
        }
    }
}

fn stored(reader: Reader<'_>, pane: &Pane, copy: &Copy) -> Markup {
    let words = reader.words();
    let linked = matches!(pane.mark, Mark::Regarding(..));
    let view = format!("/records/email/{}", copy.email);
    html! {
        section.state-box.in {
            div.state {
                (mark_big(&pane.mark))
                h2.word data-focus { (words.t(if linked { "pane-regarding" } else { "pane-tracked" })) }
                @if !linked { p { (words.t("pane-tracked-text")) } }
            }
            @match &copy.regarding {
                Some(about) => (target(reader, about)),
                None if copy.regarding_hidden => p.soft { (words.t("pane-regarding-hidden")) },
                None => {}
            }
            div.actions {
                @if linked {
                    a.button.primary href=(view) { (icon("open")) (words.t("pane-view")) }
                    @if copy.mine { (choose_link(words, &pane.item, "pane-change", "")) }
                } @else {
                    @if copy.mine { (choose_link(words, &pane.item, "pane-set-regarding", "primary")) }
                    a.button href=(view) { (icon("open")) (words.t("pane-view")) }
                }
            }
            @if copy.mine { (more(reader, &pane.item, copy)) } @else if pane.may_track { (track_too(reader, &pane.item, copy)) }
        }
    }
}

fn track_too(reader: Reader<'_>, item: &Item, copy: &Copy) -> Markup {
    let words = reader.words();
    html! {
        p.soft { (words.with("pane-track-too-text", &[("name", copy.by.name.as_str().into())])) }
        div.actions {
            (track_form(reader, item, &html! { button.button { (icon("track")) (words.t("pane-track-too")) } }))
        }
    }
}

/// What takes something away, with what it takes away said before the click (M21).
fn more(reader: Reader<'_>, item: &Item, copy: &Copy) -> Markup {
    let words = reader.words();
    html! {
        details {
            summary.soft { (words.t("pane-more")) }
            div.menu {
                @if copy.regarding.is_some() {
                    (tracking_form(reader, item, "PUT", &html! {
                        input type="hidden" name="was" value=(was(Some(copy)));
                        button.item name="regarding" value="none" {
                            (icon("connection"))
                            span { (words.t("pane-remove-link")) span.meta { (words.t("pane-remove-link-text")) } }
                        }
                    }))
                    hr;
                }
                (untrack_form(reader, item, copy, &html! {
                    button.item.danger {
                        (icon("untrack"))
                        span { (words.t("pane-untrack")) span.meta { (untrack_text(words, copy)) } }
                    }
                }))
            }
        }
    }
}

fn untrack_text(words: &Words, copy: &Copy) -> String {
    match (&copy.untrack, &copy.heir) {
        (Untrack::DeleteCopy, _) => words.t("pane-untrack-delete"),
        (Untrack::PassOn { .. }, Some(name)) => {
            words.with("pane-untrack-pass", &[("name", name.as_str().into())])
        }
        (Untrack::PassOn { .. }, None) => words.t("pane-untrack-pass-nobody"),
        (Untrack::Unlink | Untrack::NotTracked, _) => {
            words.with("pane-untrack-unlink", &[("name", copy.owner.name.as_str().into())])
        }
    }
}

fn target(reader: Reader<'_>, about: &Candidate) -> Markup {
    html! {
        a.target href=(address(&about.record)) {
            (reader.type_icon(&about.record))
            span { strong { (about.name) } span.meta { (reader.detail(about)) } }
            (small_icon("chevron-right"))
        }
    }
}

fn locked() -> Markup {
    html! { svg.mark.locked.big aria-hidden="true" { use href={ (crate::assets::address("icons.svg")) "#state-locked" } {} } }
}

fn choose_link(words: &Words, item: &Item, key: &str, class: &str) -> Markup {
    html! {
        a class={ "button " (class) } href={ "/pane/candidates?" (query(item)) } data-swap="pane" {
            @if class == "primary" { (icon("regarding")) }
            (words.t(key))
        }
    }
}

fn look_again(words: &Words, item: &Item, key: &str) -> Markup {
    html! { a.button href=(message_address(item)) data-swap="main" { (icon("retry")) (words.t(key)) } }
}

fn track_form(reader: Reader<'_>, item: &Item, button: &Markup) -> Markup {
    tracking_form(reader, item, "PUT", button)
}

fn untrack_form(reader: Reader<'_>, item: &Item, copy: &Copy, button: &Markup) -> Markup {
    tracking_form(
        reader,
        item,
        "DELETE",
        &html! {
            input type="hidden" name="email" value=(copy.email);
            input type="hidden" name="was" value=(was(Some(copy)));
            (button)
        },
    )
}

/// PUT or DELETE of the `tracking` row of this message; without script the browser comes back to the message.
pub fn tracking_form(reader: Reader<'_>, item: &Item, verb: &str, inside: &Markup) -> Markup {
    html! {
        form method="post" action="/pane/tracking" data-swap="pane" {
            (csrf(reader.visitor)) (method(verb)) (item_fields(item))
            (inside)
        }
    }
}

/// Longer headers stay out of the page: a message to thousands waits until its mailbox answers.
const LONGEST_SHOWN: usize = 6_000;

/// What the page got of the message, for the script to hand back with a click: then it counts while the mailbox is away.
fn shown(item: &Item) -> Option<String> {
    let shown = serde_json::to_string(item.shown.as_ref()?).ok()?;
    (shown.len() <= LONGEST_SHOWN).then_some(shown)
}

pub fn item_fields(item: &Item) -> Markup {
    html! {
        input type="hidden" name="mailbox" value=(item.mailbox);
        input type="hidden" name="folder" value=(item.folder);
        input type="hidden" name="uid" value=(item.uid);
    }
}

/// `mailbox=…&folder=…&uid=…`
pub fn query(item: &Item) -> String {
    format!("mailbox={}&folder={}&uid={}", item.mailbox, super::escaped(&item.folder), item.uid)
}

/// How it stood before a click, so that Undo can lead back there: empty when it was not tracked, `none` when it was
/// linked to nothing.
pub fn was(copy: Option<&Copy>) -> String {
    match copy {
        Some(Copy { mine: true, regarding: Some(about), .. }) => about.record.to_string(),
        Some(Copy { mine: true, regarding: None, .. }) => "none".to_owned(),
        Some(_) | None => String::new(),
    }
}

#[cfg(test)]
#[path = "pane/tests.rs"]
mod tests;
