//! The stored e-mail: a message to read, and beside it why it is here.

use super::field::Names;
use super::icon::{Who, avatar, icon, mail_icon, mark_big, mark_word, small_icon, type_icon};
use super::record::detail;
use super::shell::{self, Page, Place};
use super::{address, field};
use crate::session::Visitor;
use crate::words::Words;
use app::email::{EmailView, Party};
use app::mail::{AttachmentRow, Mark};
use app::pane::{Candidate, Copy};
use domain::entity::Catalog;
use domain::envelope::Part;
use domain::id::Guid;
use domain::tracking::{Reason, Untrack};
use maud::{Markup, PreEscaped, html};

pub struct Shown<'a> {
    pub email: &'a EmailView,
    pub catalog: &'a Catalog,
    /// Somebody looks for another record that it could be regarding: the words, and what was found.
    pub choosing: Option<(&'a str, &'a [Candidate])>,
    /// Remote images were asked for.
    pub images: bool,
}

pub fn page(visitor: &Visitor, shown: &Shown<'_>) -> Markup {
    let (words, record) = (&visitor.words, &shown.email.record);
    let subject = subject(shown.email, words);
    let main = html! {
        main #main.page {
            div.split {
                (message(visitor, shown, &subject))
                div.stack.wide { (regarding(visitor, shown)) (tracking(visitor, shown)) (original(visitor, record.id)) }
            }
        }
    };
    shell::page(Page { visitor, title: &subject, place: Place::Elsewhere, search: "", main })
}

fn subject(email: &EmailView, words: &Words) -> String {
    let subject = email.record.text("subject").trim();
    if subject.is_empty() { words.t("email-no-subject") } else { subject.to_owned() }
}

fn here(email: Guid) -> String {
    format!("/records/email/{email}")
}

fn message(visitor: &Visitor, shown: &Shown<'_>, subject: &str) -> Markup {
    let (words, email) = (&visitor.words, shown.email);
    let from = email.parties.iter().find(|it| it.part == Part::Sender);
    let sender = from.map_or("", |it| if it.name.is_empty() { &it.address } else { &it.name });
    let sent = email.record.get("senton").time();
    html! {
        article.card.stored {
            div.line.top {
                (mail_icon(email.record.get("directioncode").bool() == Some(true)))
                h1 { (subject) }
            }
            div.line.top {
                (avatar(sender, if from.is_some_and(|it| it.record.is_some()) { Who::Contact } else { Who::Unknown }))
                div.grow {
                    div.line {
                        strong.one-line { (sender) }
                        @if let Some(sent) = sent { small.push.nowrap { time datetime=(sent) { (words.moment(sent)) } } }
                    }
                    dl.facts {
                        @for (part, key) in [(Part::Sender, "email-from"), (Part::To, "email-to"), (Part::Cc, "email-cc"), (Part::Bcc, "email-bcc")] {
                            @let parties: Vec<&Party> = email.parties.iter().filter(|it| it.part == part).collect();
                            @if !parties.is_empty() { dt { (words.t(key)) } dd { (people(&parties, words)) } }
                        }
                    }
                }
            }
            (files(&email.attachments, email.record.id, words))
            (body(visitor, shown))
        }
    }
}

/// Each person with the record it was resolved to; an address alone is just an address.
fn people(parties: &[&Party], words: &Words) -> Markup {
    html! {
        ul.people {
            @for party in parties {
                li {
                    @match &party.record {
                        Some(record) => a href=(address(&record.record)) { (record.name) },
                        None if party.name.is_empty() => (party.address),
                        None => (party.name),
                    }
                    @if !party.address.is_empty() && (party.record.is_some() || !party.name.is_empty()) {
                        " " span.faint { "<" (breakable(&party.address)) ">" }
                    }
                    @if party.record.is_none() { " " span.visually-hidden { (words.t("email-not-in-crm")) } }
                }
            }
        }
    }
}

/// An address breaks before its @ rather than anywhere.
fn breakable(address: &str) -> Markup {
    let (name, host) = address.split_at(address.find('@').unwrap_or(address.len()));
    html! { (name) wbr; (host) }
}

fn files(attachments: &[AttachmentRow], email: Guid, words: &Words) -> Markup {
    let files: Vec<&AttachmentRow> = attachments.iter().filter(|it| !it.inline).collect();
    html! {
        @if !files.is_empty() {
            div.files {
                @for file in files {
                    a.file href={ (here(email)) "/attachments/" (file.number) } download {
                        (icon("attachment"))
                        span { (file.filename) " " span.meta { (words.size(file.size)) } }
                    }
                }
            }
        }
    }
}

fn body(visitor: &Visitor, shown: &Shown<'_>) -> Markup {
    let (words, email) = (&visitor.words, shown.email);
    let frame = format!("{}/html{}", here(email.record.id), if shown.images { "?images=1" } else { "" });
    html! {
        @if email.html {
            @if !shown.images {
                p { a.button.quiet href={ (here(email.record.id)) "?images=1" } { (icon("eye")) (words.t("email-show-images")) } }
            }
            iframe.letter-frame height="480" src=(frame) title=(words.t("email-body")) data-fit
                sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox" {}
        } @else if let Some(text) = &email.text {
            // `app` hands over safe HTML: paragraphs and links, made from the text.
            div.text { (PreEscaped(text)) }
        } @else if email.mark == Mark::Pending || matches!(email.mark, Mark::Failed { .. }) {
            div.banner.accent { (mark_big(&email.mark)) p { (words.t("email-body-pending")) } }
        } @else {
            p.soft { (words.t("email-body-empty")) }
        }
    }
}

/// What it is regarding, and a way to change that.
fn regarding(visitor: &Visitor, shown: &Shown<'_>) -> Markup {
    let (words, email) = (&visitor.words, shown.email);
    let target = email.record.get("regardingobjectid").record();
    html! {
        section.card.pane #regarding aria-labelledby="regarding-title" {
            section.state-box.in[target.is_some()] {
                div.state {
                    (mark_big(&email.mark))
                    h2.word #regarding-title { (mark_word(&email.mark, words)) }
                    @if target.is_none() { p { (words.t("regarding-none")) } }
                }
                @if let Some(target) = target {
                    (target_link(target, email.tracking.as_ref(), &email.names, shown.catalog, words))
                }
                @match shown.choosing {
                    None => div.actions { a.button href={ (here(email.record.id)) "?q=#regarding" } {
                        @if target.is_some() { (words.t("regarding-change")) } @else { (icon("regarding")) (words.t("regarding-set")) }
                    } },
                    Some((searched, found)) => (choose(visitor, shown, searched, found)),
                }
            }
        }
    }
}

fn target_link(
    target: &domain::id::RecordRef,
    copy: Option<&Copy>,
    names: &Names,
    catalog: &Catalog,
    words: &Words,
) -> Markup {
    let known = copy.and_then(|it| it.regarding.as_ref()).filter(|it| &it.record == target);
    let symbol = catalog.get(&target.entity).map_or("info", |it| &it.icon);
    let name = known.map(|it| &it.name).or_else(|| names.get(target));
    html! {
        @match name {
            Some(name) => a.target href=(address(target)) {
                (type_icon(symbol))
                span {
                    strong { (name) }
                    @if let Some(known) = known {
                        span.meta {
                            (detail(known))
                            @if let Some(value) = known.detail.value { " · " (words.money(value)) }
                        }
                    }
                }
                (small_icon("chevron-right"))
            },
            None => p.soft { (field::named(target, names, words)) },
        }
    }
}

/// Searching is a plain form; choosing is one button per record.
fn choose(visitor: &Visitor, shown: &Shown<'_>, searched: &str, found: &[Candidate]) -> Markup {
    let (words, email) = (&visitor.words, shown.email);
    let here = here(email.record.id);
    html! {
        form.line role="search" action={ (here) "#regarding" } {
            div.searchbox.grow {
                (icon("search"))
                input.input type="search" name="q" value=(searched) aria-label=(words.t("regarding-search"))
                    placeholder=(words.t("regarding-search")) autofocus autocomplete="off";
            }
            button.button { (words.t("search")) }
        }
        form.menu method="post" action={ (here) "/regarding" } {
            (shell::csrf(visitor))
            (shell::method("PUT"))
            @if found.is_empty() { p.group { (words.t("search-nothing")) } }
            @for it in found {
                button.item name="regarding" value=(it.record) {
                    @if let Some(def) = shown.catalog.get(&it.record.entity) { (type_icon(&def.icon)) }
                    span { (super::search::lit(&it.name, searched)) span.meta { (detail(it)) } }
                }
            }
            @if !email.record.get("regardingobjectid").is_null() {
                hr;
                button.item name="regarding" value="" { (icon("untrack")) span { (words.t("regarding-remove")) } }
            }
        }
        div.actions { a.button.quiet href=(here) { (words.t("form-cancel")) } }
    }
}

/// Who, when and why; and the way back.
fn tracking(visitor: &Visitor, shown: &Shown<'_>) -> Markup {
    let (words, email) = (&visitor.words, shown.email);
    html! {
        @if let Some(copy) = &email.tracking {
            section.card aria-labelledby="tracking-title" {
                header { h2 #tracking-title { (words.t("tracking-title")) } }
                div.inside.stack.wide {
                    dl.facts {
                        dt { (words.t("tracking-why")) } dd { (why(copy, visitor)) }
                        dt { (words.t("tracking-when")) } dd { (words.moment(copy.when)) }
                        dt { (words.t("tracking-by")) } dd { (who(&copy.by, visitor)) }
                        dt { (words.t("record-owner")) } dd { (who(&copy.owner, visitor)) }
                    }
                    @if let Some(key) = untrack_text(&copy.untrack) {
                        div.before {
                            (icon("info"))
                            p { (words.with(key, &[("name", copy.heir.clone().unwrap_or_default().into())])) }
                        }
                        form method="post" action=(here(email.record.id)) {
                            (shell::csrf(visitor))
                            (shell::method("DELETE"))
                            button.button.danger { (icon("untrack")) (words.t("tracking-untrack")) }
                        }
                    }
                }
            }
        }
    }
}

fn who(named: &app::pane::Named, visitor: &Visitor) -> Markup {
    html! {
        @if named.record.id == visitor.who.actor.user() { (visitor.words.t("you")) } @else { a href=(address(&named.record)) { (named.name) } }
    }
}

/// Every automatic decision shows its reason as a sentence (UI.md 7).
fn why(copy: &Copy, visitor: &Visitor) -> Markup {
    let words = &visitor.words;
    let text = match &copy.why.reason {
        Reason::Asked if copy.by.record.id == visitor.who.actor.user() => words.t("why-you-asked"),
        Reason::Asked => words.with("why-asked", &[("name", copy.by.name.as_str().into())]),
        Reason::ReplyTo(_) => words.t("why-reply"),
        Reason::KnownSender(_) => words.t("why-known-sender"),
        Reason::Everything => words.t("why-everything"),
    };
    html! { (text) @if let Some(about) = &copy.why.about { " " a href=(address(&about.record)) { (about.name) } } }
}

/// What Untrack would do; `None` when this user tracks nothing here.
fn untrack_text(untrack: &Untrack) -> Option<&'static str> {
    match untrack {
        Untrack::NotTracked => None,
        Untrack::DeleteCopy => Some("untrack-deletes"),
        Untrack::PassOn { .. } => Some("untrack-passes-on"),
        Untrack::Unlink => Some("untrack-unlinks"),
    }
}

fn original(visitor: &Visitor, email: Guid) -> Markup {
    let words = &visitor.words;
    html! {
        section.card aria-labelledby="original-title" {
            header { h2 #original-title { (words.t("original-title")) } }
            div.inside.stack {
                p.soft { (words.t("original-text")) }
                div.actions { a.button href={ (here(email)) "/raw" } download { (icon("download")) (words.t("original-download")) } }
            }
        }
    }
}
