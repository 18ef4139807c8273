//! Message-IDs as threads need them: bare, bounded, in order (RFC 5322 3.6.4).

use super::words::{decoded, readable};
use domain::text::clipped;

/// RFC 5322 2.1.1 lets no line be longer.
const LONGEST: usize = 998;
const MOST_IDS: usize = 200;
const MOST_BYTES: usize = 1024 * 1024;

/// Every id of a References or In-Reply-To field, without brackets and comments. Of too many, the first (it began the
/// thread) and the last 199 are kept.
pub(super) fn all<'x>(values: impl Iterator<Item = &'x [u8]>) -> Vec<String> {
    let mut ids = Vec::new();
    for raw in values {
        let text = readable(&raw[..raw.len().min(MOST_BYTES)]);
        // Some clients encode the whole field although RFC 2047 5 forbids it.
        let text = if text.contains('<') { text } else { decoded(&text).into() };
        bracketed(&text, &mut ids);
        if ids.is_empty() {
            // In-Reply-To was once a phrase ("Your message of …"): without brackets every word must look like an id.
            let words: Vec<&str> =
                text.split([' ', '\t', '\r', '\n', ',']).filter(|it| !it.is_empty()).collect();
            if words.iter().all(|it| it.contains('@')) {
                ids.extend(words.iter().filter_map(|it| bare(it)));
            }
        }
    }
    if ids.len() > MOST_IDS {
        ids.drain(1..ids.len() - (MOST_IDS - 1));
    }
    ids
}

/// The Message-ID, or what stands in its place.
pub(super) fn one(raw: &[u8]) -> Option<String> {
    let text = readable(&raw[..raw.len().min(MOST_BYTES)]);
    let text = if text.contains('<') { text } else { decoded(&text).into() };
    let mut ids = Vec::new();
    bracketed(&text, &mut ids);
    ids.into_iter().next().or_else(|| bare(&text))
}

/// What stands between `<` and `>`, outside of comments. A missing `>` is added before the next `<`.
fn bracketed(text: &str, ids: &mut Vec<String>) {
    let mut comment = 0;
    let last_close = text.rfind(')').unwrap_or(0);
    let mut start = None;
    for (at, letter) in text.char_indices() {
        match (letter, start) {
            // A comment that never ends would hide every id behind it.
            ('(', None) if at < last_close => comment += 1,
            (')', None) if comment > 0 => comment -= 1,
            ('<', None) if comment == 0 => start = Some(at + 1),
            ('>' | '<', Some(from)) => {
                ids.extend(bare(&text[from..at]));
                start = (letter == '<').then_some(at + 1);
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        ids.extend(bare(&text[from..]));
    }
}

/// Without brackets, spaces (a fold may cut an id in two) and control characters; `None` if nothing is left.
pub(super) fn bare(text: &str) -> Option<String> {
    let id: String = text
        .chars()
        .filter(|it| !it.is_whitespace() && !it.is_control() && !matches!(it, '<' | '>'))
        .collect();
    (!id.is_empty()).then(|| clipped(&id, LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, expected: &[&str]) {
        assert_eq!(all([raw.as_bytes()].into_iter()), expected);
    }

    #[test]
    fn ids_are_found_among_the_rubble() {
        check(" <a@b>\r\n\t<c@d>", &["a@b", "c@d"]);
        check("<a@b><c@d>,<e@f", &["a@b", "c@d", "e@f"]);
        check("<a@b> (added by <x@y>) <c@d>", &["a@b", "c@d"]);
        check("<a@b> (never ended <c@d>", &["a@b", "c@d"]);
        check("<long\r\n er@b>", &["longer@b"]);
        check("a@b c@d", &["a@b", "c@d"]);
        check("Your message of Monday from eva@x", &[]);
        check("=?us-ascii?Q?=3Ca=40b=3E?=", &["a@b"]);
        check("<> <\0>", &[]);
    }

    #[test]
    fn a_message_id_is_taken_as_it_comes() {
        assert_eq!(one(b" <a@b> "), Some("a@b".into()));
        assert_eq!(one(b"no brackets"), Some("nobrackets".into()));
        assert_eq!(one(b"  "), None);
        assert_eq!(one("x".repeat(5000).as_bytes()).map(|it| it.len()), Some(998));
    }

    #[test]
    fn a_long_thread_keeps_its_beginning_and_its_end() {
        let raw: String = (0..1000).map(|it| format!("<{it}@x>")).collect::<Vec<_>>().join(" ");
        let ids = all([raw.as_bytes()].into_iter());
        assert_eq!(
            (ids.len(), ids[0].as_str(), ids[1].as_str(), ids[199].as_str()),
            (200, "0@x", "801@x", "999@x")
        );
    }
}
