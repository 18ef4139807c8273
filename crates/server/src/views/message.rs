//! One message as its owner reads it: who, when, the text, the files, and what could not be understood.

use super::icon::{Who, avatar_big};
use super::mail::{folder_address, jump, message_address};
use super::pane::Reader;
use super::pane::facts::breakable;
use super::{escaped, icon};
use crate::words::Words;
use app::mail::{AttachmentRow, Item, Mark, ReadMessage};
use domain::envelope::Person;
use maud::{Markup, PreEscaped, html};

/// So many are named in the line under the sender, and so many in the full list.
const NAMED: usize = 4;
const LISTED: usize = 200;

/// How the text is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Images {
    /// Pictures from elsewhere stay away: they tell the sender that and when the message was opened.
    Blocked,
    Shown,
}

/// A message with what its page knows besides.
pub struct Shown<'a> {
    pub message: &'a ReadMessage,
    pub mark: &'a Mark,
    /// Whether the sender is in the CRM.
    pub sender: Who,
    pub images: Images,
    pub toasts: &'a Markup,
}

pub fn message(reader: Reader<'_>, shown: &Shown<'_>) -> Markup {
    let Shown { message, mark, sender, images, toasts } = *shown;
    let words = reader.words();
    let subject = message.envelope.subject.trim();
    html! {
        section.message aria-label=(words.t("mail-message")) {
            (toolbar(words, &message.item.folder))
            article {
                h1 data-focus { @if subject.is_empty() { (words.t("mail-no-subject")) } @else { (subject) } }
                (head(reader, message, sender))
                (jump(reader, mark))
                (remote_images(words, message, images))
                (body(words, message, images))
                (files(words, message))
                (notes(words, &message.notes))
            }
            (toasts)
        }
    }
}

/// When the message cannot be shown: the list and the other folders stay.
pub fn unreadable(reader: Reader<'_>, item: &Item, headline: &str, sentence: &str) -> Markup {
    let words = reader.words();
    html! {
        section.message aria-label=(words.t("mail-message")) {
            (toolbar(words, &item.folder))
            div.empty role="alert" {
                (icon("offline"))
                h2 { (headline) }
                p { (sentence) }
                a.button href=(message_address(item)) { (icon("retry")) (words.t("mail-try-now")) }
            }
        }
        div.pane {}
    }
}

/// Only a phone needs it as long as there is nothing else to press.
fn toolbar(words: &Words, folder: &str) -> Markup {
    html! {
        nav.toolbar.only-narrow {
            a.icon-button.back href=(folder_address(folder)) aria-label=(words.t("mail-back")) { (icon("chevron-left")) }
        }
    }
}

fn head(reader: Reader<'_>, message: &ReadMessage, sender: Who) -> Markup {
    let words = reader.words();
    let envelope = &message.envelope;
    let from = envelope.from.as_ref().map_or_else(|| words.t("mail-no-sender"), shown);
    let when = envelope.date.map_or_else(|| words.t("mail-no-date"), |it| words.when(it, reader.visitor.now));
    let to = line(reader, "mail-line-to", &envelope.to).unwrap_or_else(|| words.t("mail-line-to-nobody"));
    html! {
        div.line.top {
            (avatar_big(&from, sender))
            div.grow {
                div.line {
                    strong.one-line { (from) }
                    small.push.nowrap title=[envelope.date.map(|it| words.moment(it))] { (when) }
                }
                p.soft { (to) @if let Some(cc) = line(reader, "mail-line-cc", &envelope.cc) { ", " (cc) } }
                details {
                    summary.soft { small { (words.t("mail-show-people")) } }
                    ul.names { @for (_, person) in envelope.people().take(LISTED) { li { (written(person)) } } }
                }
            }
        }
    }
}

/// "to you, Märta Ekström and two more"
fn line(reader: Reader<'_>, key: &str, people: &[Person]) -> Option<String> {
    let words = reader.words();
    let me = domain::envelope::Address::new(reader.visitor.who.email.as_str());
    let few = if people.len() > NAMED { NAMED - 1 } else { people.len() };
    let mut names: Vec<String> = people[..few]
        .iter()
        .map(|it| if it.address == me { words.t("mail-you") } else { shown(it) })
        .collect();
    let joined = match people.len() - few {
        0 => {
            let last = names.pop()?;
            if names.is_empty() {
                last
            } else {
                words.with("mail-and", &[("names", names.join(", ").into()), ("last", last.into())])
            }
        }
        more => {
            let more = i64::try_from(more).unwrap_or(i64::MAX);
            words.with("mail-and-others", &[("names", names.join(", ").into()), ("count", more.into())])
        }
    };
    Some(words.with(key, &[("names", joined.into())]))
}

/// The display name, or else the address.
pub fn shown(person: &Person) -> String {
    match person.name.trim() {
        "" => person.address.as_written().to_owned(),
        name => name.to_owned(),
    }
}

fn written(person: &Person) -> Markup {
    html! {
        @if !person.name.trim().is_empty() { (person.name) " " }
        (breakable(person.address.as_written()))
    }
}

fn remote_images(words: &Words, message: &ReadMessage, images: Images) -> Markup {
    let count = i64::try_from(message.blocked_images).unwrap_or(i64::MAX);
    html! {
        @if count > 0 && images == Images::Blocked {
            div.banner {
                (icon("eye"))
                p { (words.with("mail-images-blocked", &[("count", count.into())])) }
                div.actions { a.button href={ (message_address(&message.item)) "&images=yes" } { (words.t("mail-show-images")) } }
            }
        }
    }
}

/// HTML stands in a frame of its own that runs no scripts and sends no forms. It keeps our origin, because only then
/// do its own pictures come with the reader's cookie and can the page measure how high it is.
fn body(words: &Words, message: &ReadMessage, images: Images) -> Markup {
    let item = &message.item;
    let wish = match images {
        Images::Blocked => "",
        Images::Shown => "&images=yes",
    };
    html! {
        @if message.html {
            iframe.letter-frame height="480" title=(words.t("mail-frame")) data-fit
                sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
                src={ "/mail/html?folder=" (escaped(&item.folder)) "&uid=" (item.uid) (wish) } {}
        } @else {
            @match message.text.as_deref().filter(|it| !it.trim().is_empty()) {
                // It was made safe by `formats::mime`: the only markup in it is ours.
                Some(text) => div.text { (PreEscaped(text)) },
                None => p.faint { (words.t("mail-empty-text")) },
            }
        }
    }
}

fn files(words: &Words, message: &ReadMessage) -> Markup {
    // A picture that stands in the text needs no row of its own.
    let below = |it: &&AttachmentRow| !(message.html && it.inline && it.mimetype.starts_with("image/"));
    let files: Vec<_> = message.attachments.iter().filter(below).collect();
    html! {
        @if !files.is_empty() {
            div.files role="group" aria-label=(words.t("mail-files")) {
                @for it in files {
                    a.file href=(attachment_address(&message.item, it.number)) download {
                        (icon("attachment")) span { (it.filename) " " span.meta { (words.size(it.size)) } }
                    }
                }
            }
        }
    }
}

fn notes(words: &Words, notes: &[String]) -> Markup {
    html! {
        @if !notes.is_empty() {
            details {
                summary.soft { (words.t("mail-notes")) }
                ul.names { @for it in notes { li { (it) } } }
            }
        }
    }
}

pub fn attachment_address(item: &Item, number: usize) -> String {
    format!("/mail/attachment?folder={}&uid={}&n={number}", escaped(&item.folder), item.uid)
}
