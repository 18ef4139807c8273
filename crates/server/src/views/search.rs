//! Quick find: hits of all types, grouped.

use super::escaped;
use super::icon::{icon, type_icon};
use super::record::candidate;
use super::shell::{self, Page, Place};
use crate::session::Visitor;
use app::find::Found;
use domain::entity::Catalog;
use domain::text;
use maud::{Markup, html};

pub fn page(visitor: &Visitor, searched: &str, found: &[Found], catalog: &Catalog) -> Markup {
    let words = &visitor.words;
    let found: Vec<&Found> = found.iter().filter(|it| !it.hits.is_empty()).collect();
    let count: usize = found.iter().map(|it| it.hits.len()).sum();
    let (searched_for, count) =
        (("words", searched.into()), ("count", i64::try_from(count).unwrap_or_default().into()));
    let title = match (searched.is_empty(), found.iter().any(|it| it.more)) {
        (true, _) => words.t("search"),
        (false, true) => words.with("search-more-than", &[searched_for, count]),
        (false, false) => words.with("search-hits", &[searched_for, count]),
    };
    let main = html! {
        main #main.page.narrow {
            form.searchbox.only-phone role="search" action="/search" aria-label=(words.t("search")) {
                (icon("search"))
                input.input type="search" name="q" value=(searched) aria-label=(words.t("search-all"));
            }
            div.page-head { div { h1 { (title) } p { (words.t("search-hint-readable")) } } }
            @if found.is_empty() && !searched.is_empty() {
                div.card { div.empty { (icon("search")) h2 { (words.t("search-nothing")) } p { (words.t("search-nothing-hint")) } } }
            }
            @for group in found { (card(visitor, searched, group, catalog)) }
        }
    };
    shell::page(Page { visitor, title: &title, place: Place::Elsewhere, search: searched, main })
}

fn card(visitor: &Visitor, searched: &str, group: &Found, catalog: &Catalog) -> Markup {
    let words = &visitor.words;
    let def = catalog.get(&group.entity);
    let id = format!("found-{}", group.entity);
    html! {
        section.card aria-labelledby=(id) {
            header {
                @if let Some(def) = def { (type_icon(&def.icon)) h2 id=(id) { (words.plural(def)) } }
                @if group.more && def.is_some_and(|it| it.browsable) {
                    a.button.quiet href={ "/records/" (group.entity) "?q=" (escaped(searched)) } { (words.t("search-show-all")) }
                }
            }
            ul.rows { @for hit in &group.hits { li.row { (candidate(hit, searched, catalog, words)) } } }
        }
    }
}

/// The text with the beginnings of words that were searched for lit.
pub fn lit(shown: &str, searched: &str) -> Markup {
    let sought = text::words(searched);
    html! {
        @for piece in pieces(shown) {
            @match sought.iter().filter_map(|it| beginning(piece, it)).max() {
                Some(end) => { mark { (piece[..end]) } (piece[end..]) },
                None => (piece),
            }
        }
    }
}

/// Words and what is between them, in order.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = vec![];
    let mut start = 0;
    let mut inside = None;
    for (at, char) in text.char_indices() {
        if inside.is_some_and(|it| it != char.is_alphanumeric()) {
            pieces.push(&text[start..at]);
            start = at;
        }
        inside = Some(char.is_alphanumeric());
    }
    pieces.push(&text[start..]);
    pieces
}

/// How many bytes of `piece` are what was sought, if it begins with that.
fn beginning(piece: &str, sought: &str) -> Option<usize> {
    let mut rest = sought;
    for (at, char) in piece.char_indices() {
        if rest.is_empty() {
            return Some(at);
        }
        let folded: String = char.to_lowercase().collect();
        rest = rest.strip_prefix(folded.as_str())?;
    }
    rest.is_empty().then_some(piece.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(shown: &str, searched: &str, html: &str) {
        assert_eq!(lit(shown, searched).into_string(), html);
    }

    #[test]
    fn what_was_searched_for_is_lit_where_words_begin() {
        check("Göran Sjöberg", "sjö", "Göran <mark>Sjö</mark>berg");
        check("240 city bikes", "bik 24", "<mark>24</mark>0 city <mark>bik</mark>es");
        check("Hyllie & <Co>", "co", "Hyllie &amp; &lt;<mark>Co</mark>&gt;");
        check("Malmö", "almö", "Malmö");
        check("İstanbul", "x", "İstanbul");
        check("", "a", "");
    }
}
