//! HTML and mail text as plain words: for the index, and for the line below a subject.

use super::markup::quoted;
use super::tokens::{Place, Token, entity, tokens};

/// Tags without any text between them are not followed for ever.
const LOOKED_AT: usize = 8 * 1024 * 1024;

/// The text of HTML, at most `limit` bytes. Quotations are marked with `>` as in plain mail.
pub(super) fn of_html(html: &str, limit: usize) -> String {
    let mut writer = Writer { out: String::new(), depth: 0, gap: Gap::None };
    for token in tokens(&html[..html.floor_char_boundary(LOOKED_AT)]) {
        if writer.out.len() >= limit {
            break;
        }
        match token {
            Token::Text(text) => writer.text(text, limit),
            Token::Open(name, _) => writer.tag(&name, 1),
            Token::Close(name) => writer.tag(&name, -1),
        }
    }
    domain::text::clipped(&writer.out, limit)
}

/// What has to come between the last word and the next one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    None,
    Space,
    Line,
}

struct Writer {
    out: String,
    depth: i32,
    gap: Gap,
}

impl Writer {
    fn tag(&mut self, name: &str, step: i32) {
        let gap = match name {
            "br" | "p" | "div" | "li" | "tr" | "table" | "ul" | "ol" | "dl" | "dt" | "dd" | "hr" | "pre"
            | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote" | "section" | "article" | "header"
            | "footer" | "center" | "body" => Gap::Line,
            "td" | "th" | "img" => Gap::Space,
            _ => Gap::None,
        };
        self.gap = self.gap.max(gap);
        if name == "blockquote" {
            self.depth = (self.depth + step).clamp(0, 20);
        }
    }

    fn text(&mut self, text: &str, limit: usize) {
        let mut rest = text;
        while !rest.is_empty() && self.out.len() < limit {
            let end = rest.find(|it: char| it.is_ascii_whitespace() || it == '&').unwrap_or(rest.len());
            self.word(&rest[..end]);
            rest = &rest[end..];
            let Some(first) = rest.chars().next() else { break };
            if first != '&' {
                self.gap = self.gap.max(Gap::Space);
                rest = &rest[1..];
                continue;
            }
            let (letters, length) = entity(rest, Place::Text).unwrap_or_else(|| ("&".to_owned(), 1));
            if letters.chars().all(char::is_whitespace) {
                self.gap = self.gap.max(Gap::Space);
            } else {
                self.word(&letters);
            }
            rest = &rest[length..];
        }
    }

    fn word(&mut self, word: &str) {
        if word.is_empty() {
            return;
        }
        if self.out.is_empty() || self.gap == Gap::Line {
            if !self.out.is_empty() {
                self.out.push('\n');
            }
            (0..self.depth).for_each(|_| self.out.push('>'));
            if self.depth > 0 {
                self.out.push(' ');
            }
        } else if self.gap == Gap::Space {
            self.out.push(' ');
        }
        self.gap = Gap::None;
        self.out.push_str(word);
    }
}

/// What the sender wrote, in one line of at most `chars` letters. Quotations, the line that introduces them, signatures
/// and the padding of newsletters are left out; a message of quotations only shows them.
pub(super) fn preview(text: &str, chars: usize) -> String {
    let own = one_line(own_lines(text).into_iter(), chars);
    if own.is_empty() { one_line(text.lines().map(|it| quoted(it).1), chars) } else { own }
}

fn own_lines(text: &str) -> Vec<&str> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut own = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if *line == "--" || starts_old_message(line, lines.get(at + 1).copied().unwrap_or_default()) {
            break;
        }
        let next = lines[at + 1..].iter().find(|it| !it.is_empty());
        let introduces = line.ends_with(':') && next.is_some_and(|it| it.starts_with('>'));
        if !line.starts_with('>') && !introduces && !line.starts_with("-----BEGIN PGP SIGNED") {
            own.push(*line);
        }
    }
    own
}

/// The lines that Outlook puts above what is answered, in the languages we speak.
fn starts_old_message(line: &str, next: &str) -> bool {
    let is_ruled = line.len() > 10 && (line.starts_with("-----") || line.starts_with("_____"));
    let says = |it: &str| line.to_lowercase().contains(it);
    let names_sender = |it: &str| it.starts_with("From:") || it.starts_with("Från:");
    let is_header =
        names_sender(line) && ["Sent:", "Skickat:", "Date:", "Datum:"].iter().any(|it| next.starts_with(it));
    is_header
        || is_ruled
            && (says("original message")
                || says("ursprungligt meddelande")
                || says("forwarded")
                || names_sender(next))
}

fn one_line<'x>(lines: impl Iterator<Item = &'x str>, chars: usize) -> String {
    let mut out = String::new();
    let mut length = 0;
    for word in lines.flat_map(str::split_whitespace) {
        let word: String = word.chars().filter(|it| !is_padding(*it)).collect();
        if word.is_empty() {
            continue;
        }
        let word_length = word.chars().count();
        let gap = usize::from(!out.is_empty());
        if length + gap + word_length > chars {
            return cut(out, &word, chars);
        }
        if gap == 1 {
            out.push(' ');
        }
        out.push_str(&word);
        length += gap + word_length;
    }
    out
}

/// With `…` in the place of what did not fit; only a word that fills the line alone is cut.
fn cut(mut out: String, word: &str, chars: usize) -> String {
    let room = chars.saturating_sub(1);
    while out.chars().count() > room {
        let end = out.rfind(' ').unwrap_or_default();
        out.truncate(end);
    }
    if out.is_empty() {
        out.extend(word.chars().take(room));
    }
    if chars > 0 {
        out.push('…');
    }
    out
}

/// Control characters and the invisible letters with which newsletters fill their preview.
fn is_padding(letter: char) -> bool {
    let is_invisible = matches!(
        letter,
        '\u{AD}' | '\u{34F}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{2007}' | '\u{FEFF}'
    );
    is_invisible || letter.is_control() || super::words::turns_direction(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_lines_of_words() {
        let html = "<html><head><title>t</title><style>p{}</style></head><body><h1>Hej &Aring;sa</h1><p>a&nbsp;b &amp; c&#228;\n d\
                    <table><tr><td>1</td><td>2</td></tr></table><blockquote>gammalt<br>brev</blockquote>&bogus; &#0;x";
        assert_eq!(of_html(html, 1_000), "Hej Åsa\na b & cä d\n1 2\n> gammalt\n> brev\n&bogus; x");
        assert!(of_html(&"å ".repeat(1_000), 99).len() <= 99);
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(preview(text, 30), expected);
    }

    #[test]
    fn a_preview_shows_what_is_new() {
        check("Ja tack!\n\nDen 23 nov skrev Eva:\n> Kommer du?\n", "Ja tack!");
        check("Ja\n\n-----Ursprungligt meddelande-----\nFrån: x", "Ja");
        check("Ja\nFrån: Eva\nSkickat: igår\nx", "Ja");
        check("> bara citat\n>> mer", "bara citat mer");
        check("Hej\n-- \nEva Ek\nVD", "Hej");
        check("En rad som är mycket längre än vad som får plats", "En rad som är mycket längre…");
        check("Ettmycketlångtordsomintefårplatsallsidennarad", "Ettmycketlångtordsomintefårpl…");
        check("\u{200C}\u{AD} \u{34F} Hej", "Hej");
        check("", "");
    }

    #[test]
    fn a_preview_is_never_too_long() {
        for chars in 0..20 {
            assert!(preview("Hej du glade ta en spade", chars).chars().count() <= chars);
        }
    }
}
