//! Below the state: why, when and by whom it was tracked, the people, and what hangs together with them.

use super::Reader;
use crate::views::icon::{Who as Outline, avatar};
use crate::views::{address, icon};
use app::pane::{Copy, Named, Pane, PanePerson, Who, Why};
use domain::tracking::Reason;
use maud::{Markup, html};

/// More people than this are counted, not shown: a message may have ten thousand.
const MOST_PEOPLE: usize = 30;

pub fn why(reader: Reader<'_>, copy: &Copy) -> Markup {
    let words = reader.words();
    let when = words.when(copy.when, reader.visitor.now);
    let mine = copy.owner.record.id == reader.visitor.who.actor.user();
    html! {
        section {
            dl.facts {
                dt { (words.t("pane-why")) }
                dd { (reason(reader, copy, &copy.why)) }
                dt { (words.t("pane-when")) }
                dd {
                    @if copy.why.reason == Reason::Asked { (when) }
                    @else { (words.with("pane-when-automatic", &[("when", when.into())])) }
                }
                dt { (words.t("pane-owner")) }
                dd { @if mine { (words.t("pane-owner-you")) } @else { (copy.owner.name) } }
            }
        }
    }
}

/// Every automatic decision as a sentence (UI.md 7).
fn reason(reader: Reader<'_>, copy: &Copy, why: &Why) -> Markup {
    let words = reader.words();
    let pointing = |key: &str, hidden: &str| {
        html! {
            @if let Some(about) = &why.about { (words.t(key)) " " (link(about)) } @else { (words.t(hidden)) }
        }
    };
    match &why.reason {
        Reason::Asked if copy.mine => html! { (words.t("pane-why-you")) },
        Reason::Asked => html! { (words.with("pane-why-other", &[("name", copy.by.name.as_str().into())])) },
        Reason::ReplyTo(_) => pointing("pane-why-reply", "pane-why-reply-hidden"),
        Reason::KnownSender(_) => pointing("pane-why-sender", "pane-why-sender-hidden"),
        Reason::Everything => html! { (words.t("pane-why-everything")) },
    }
}

fn link(named: &Named) -> Markup {
    html! { a href=(address(&named.record)) { (named.name) } }
}

pub fn people(reader: Reader<'_>, people: &[PanePerson]) -> Markup {
    let words = reader.words();
    if people.is_empty() {
        return html! {};
    }
    html! {
        section {
            h3 { (words.t("pane-people")) " " span.faint { (words.number(i64::try_from(people.len()).unwrap_or(i64::MAX))) } }
            ul.rows { @for it in people.iter().take(MOST_PEOPLE) { (person(reader, it)) } }
        }
    }
}

/// The outline of a message's sender.
pub fn outline(sender: Option<&PanePerson>) -> Outline {
    match sender.map(|it| &it.who) {
        Some(Who::You) => Outline::Colleague,
        Some(Who::Known { record, .. }) if record.record.entity == "systemuser" => Outline::Colleague,
        Some(Who::Known { .. }) => Outline::Contact,
        Some(Who::Ambiguous(_) | Who::List | Who::Unknown) | None => Outline::Unknown,
    }
}

fn person(reader: Reader<'_>, person: &PanePerson) -> Markup {
    let words = reader.words();
    match &person.who {
        Who::You => row(
            &avatar(&person.name, Outline::Colleague),
            &html! { span.name { (person.name) } },
            &html! { (words.t("pane-you")) },
        ),
        Who::Known { record, parent } => {
            let picture = match record.record.entity.as_str() {
                "contact" => avatar(&record.name, Outline::Contact),
                "systemuser" => avatar(&record.name, Outline::Colleague),
                _ => reader.type_icon(&record.record),
            };
            let entity = match record.record.entity.as_str() {
                "systemuser" => words.t("pane-colleague"),
                entity => reader.entity(entity).to_owned(),
            };
            let meta = html! { (entity) @if let Some(parent) = parent { " · " (parent.name) } };
            // Colleagues have no page of their own yet.
            let has_page = record.record.entity != "systemuser";
            let name = html! {
                @if has_page { a.name href=(address(&record.record)) { (record.name) } }
                @else { span.name { (record.name) } }
            };
            row(&picture, &name, &meta)
        }
        Who::Ambiguous(equals) => row(
            &avatar(&person.name, Outline::Unknown),
            &html! { span.name { (breakable(&person.name)) } },
            &html! { (words.t("pane-several")) @for (at, it) in equals.iter().enumerate() { @if at > 0 { "," } " " (link(it)) } },
        ),
        Who::List => row(
            &html! { span.type.user { (icon("team")) } },
            &html! { span.name { (breakable(&person.name)) } },
            &html! { (words.t("pane-list")) },
        ),
        Who::Unknown => row(
            &avatar(&person.name, Outline::Unknown),
            &html! { span.name { (breakable(&person.name)) } },
            &html! { @if person.name != person.address { (breakable(&person.address)) " · " } (words.t("pane-unknown")) },
        ),
    }
}

pub fn related(reader: Reader<'_>, pane: &Pane) -> Markup {
    let words = reader.words();
    if pane.related.is_empty() {
        return html! {};
    }
    html! {
        section {
            h3 {
                @match &pane.related_to {
                    Some(to) => (words.with("pane-related-to", &[("name", to.name.as_str().into())])),
                    None => (words.t("pane-related")),
                }
            }
            ul.rows {
                @for it in &pane.related {
                    (row(
                        &reader.type_icon(&it.record),
                        &html! { a.name href=(address(&it.record)) { (it.name) } },
                        &html! { (reader.entity(&it.record.entity)) @if let Some(note) = it.detail.note.as_ref().filter(|note| **note != it.name) { " · " (note) } },
                    ))
                }
            }
        }
    }
}

fn row(picture: &Markup, name: &Markup, meta: &Markup) -> Markup {
    html! { li.row { (picture) span { (name) span.meta { (meta) } } span {} } }
}

/// An address may break before its @.
pub fn breakable(text: &str) -> Markup {
    html! {
        @if let Some((left, right)) = text.rsplit_once('@') { (left) wbr; "@" (right) } @else { (text) }
    }
}
