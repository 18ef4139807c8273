//! Set Regarding: a field, and the records to choose from. With script it searches as one types; without, Enter does.

use super::{Reader, bar, item_fields, query};
use crate::views::shell::{csrf, method};
use crate::views::{escaped, icon};
use app::mail::Item;
use app::pane::Candidate;
use domain::id::Guid;
use domain::text::folded;
use maud::{Markup, html};

/// What gets a regarding: a message of the mailbox, or an e-mail that is stored already.
#[derive(Debug, Clone)]
pub enum About {
    Message(Item),
    Email(Guid),
}

/// One look at the records to choose from.
pub struct Choice<'a> {
    pub about: &'a About,
    /// What was typed; empty at first.
    pub text: &'a str,
    pub candidates: &'a [Candidate],
    /// How it stood before ([`super::was`]).
    pub was: &'a str,
}

/// The pane while one chooses.
pub fn choose(reader: Reader<'_>, choice: &Choice<'_>) -> Markup {
    let words = reader.words();
    let back = back(choice.about);
    html! {
        aside.pane id="pane" aria-label=(words.t("pane-title")) {
            @match choice.about {
                About::Message(_) => div.bar {
                    h2 { (words.t("pane-choose")) }
                    a.icon-button href=(back) data-swap="pane" data-close aria-label=(words.t("pane-close")) { (icon("close")) }
                },
                About::Email(_) => {
                    (bar())
                    div.bar {
                        h2 { (words.t("pane-choose")) }
                        a.icon-button href=(back) data-close aria-label=(words.t("pane-close")) { (icon("close")) }
                    }
                }
            }
            section {
                (search(reader, choice))
                (results(reader, choice))
                small.hint.only-desk {
                    kbd { "↑" } " " kbd { "↓" } " " (words.t("pane-choose-keys")) " "
                    kbd { "Esc" } " " (words.t("pane-choose-esc"))
                }
            }
        }
    }
}

fn search(reader: Reader<'_>, choice: &Choice<'_>) -> Markup {
    let words = reader.words();
    html! {
        form.field method="get" action="/pane/candidates" role="search" data-swap="found" {
            @match choice.about {
                About::Message(item) => (item_fields(item)),
                About::Email(email) => input type="hidden" name="about" value=(email);,
            }
            input type="hidden" name="was" value=(choice.was);
            label for="find" { (words.t("pane-choose-question")) }
            div.searchbox {
                (icon("search"))
                input.input id="find" name="q" value=(choice.text) autocomplete="off" spellcheck="false" autofocus
                    maxlength="200" placeholder=(words.t("pane-choose-example")) data-results="found";
            }
            noscript { button.button { (words.t("pane-choose-search")) } }
        }
    }
}

fn results(reader: Reader<'_>, choice: &Choice<'_>) -> Markup {
    html! {
        @match choice.about {
            About::Message(item) => form method="post" action="/pane/tracking" data-swap="pane" {
                (csrf(reader.visitor)) (method("PUT")) (item_fields(item))
                input type="hidden" name="was" value=(choice.was);
                (found(reader, choice))
            },
            About::Email(email) => form method="post" action={ "/records/email/" (email) "/regarding" } {
                (csrf(reader.visitor))
                (found(reader, choice))
            },
        }
    }
}

/// The list alone: what is fetched while one types. Each record is a button; the script makes it an option, as long as
/// the field still holds the text that the list is for.
pub fn found(reader: Reader<'_>, choice: &Choice<'_>) -> Markup {
    let words = reader.words();
    let groups = grouped(choice);
    html! {
        div.menu id="found" data-options data-for=(choice.text) aria-label=(words.t("pane-choose-records")) {
            @if groups.is_empty() {
                div.group { (words.t(if choice.text.is_empty() { "pane-choose-type" } else { "pane-choose-nothing" })) }
            }
            @for (at, (entity, candidates)) in groups.iter().enumerate() {
                div role="group" aria-labelledby={ "group-" (at) } {
                    div.group id={ "group-" (at) } { (heading(reader, entity)) }
                    @for it in candidates { (item(reader, choice.text, it)) }
                }
            }
        }
    }
}

/// Before anything is typed: one group, likeliest first. Then by type, in the order of each type's best hit.
fn grouped<'a>(choice: &Choice<'a>) -> Vec<(&'a str, Vec<&'a Candidate>)> {
    let mut groups: Vec<(&str, Vec<&Candidate>)> = Vec::new();
    for candidate in choice.candidates {
        let entity = if choice.text.is_empty() { "" } else { candidate.record.entity.as_str() };
        match groups.iter_mut().find(|(it, _)| *it == entity) {
            Some((_, group)) => group.push(candidate),
            None => groups.push((entity, vec![candidate])),
        }
    }
    groups
}

fn heading(reader: Reader<'_>, entity: &str) -> String {
    let words = reader.words();
    reader.catalog.get(entity).map_or_else(|| words.t("pane-suggested"), |it| words.plural(it).to_owned())
}

fn item(reader: Reader<'_>, text: &str, candidate: &Candidate) -> Markup {
    html! {
        button.item name="regarding" value=(candidate.record) {
            (reader.type_icon(&candidate.record))
            span { (marked(&candidate.name, text)) span.meta { (marked(&reader.detail(candidate), text)) } }
        }
    }
}

/// The words with the beginnings that were typed marked.
fn marked(name: &str, text: &str) -> Markup {
    let typed: Vec<String> = text.split_whitespace().map(folded).collect();
    html! {
        @for (at, word) in name.split(' ').enumerate() {
            @if at > 0 { " " }
            @let hit = typed.iter().find(|it| folded(word).starts_with(it.as_str()));
            // Folded letters may be more or fewer than those written: count them, and never cut inside of one.
            @let end = hit.map_or(0, |it| word.char_indices().nth(it.chars().count()).map_or(word.len(), |(end, _)| end));
            @if end > 0 { mark { (&word[..end]) } }
            (&word[end..])
        }
    }
}

/// Where Close leads.
fn back(about: &About) -> String {
    match about {
        About::Message(item) => format!("/pane?{}", query(item)),
        About::Email(email) => format!("/records/email/{}", escaped(&email.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, text: &str, expected: &str) {
        assert_eq!(marked(name, text).into_string(), expected);
    }

    #[test]
    fn what_was_typed_is_marked_where_it_begins_a_word() {
        check("240 city bikes, Malmö office", "malmö", "240 city bikes, <mark>Malmö</mark> office");
        check("Malmö stad", "sta MAL", "<mark>Mal</mark>mö <mark>sta</mark>d");
        check("Contoso <AB>", "x", "Contoso &lt;AB&gt;");
        check("Märta", "MÄR", "<mark>Mär</mark>ta");
        check("Åsa", "åsabcdef", "Åsa");
    }
}
