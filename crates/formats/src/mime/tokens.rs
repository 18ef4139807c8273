//! HTML of strangers read as a flat row of text and tags, in linear time: what never ends swallows the rest, as in a
//! browser, so nothing is looked at twice.

use super::decode;
use mail_parser::decoders::html::add_html_token;

const MOST_ATTRIBUTES: usize = 100;

/// What has no business in a text, with all that is in it.
const SILENT: [&str; 15] = [
    "script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "svg", "math",
    "template", "select", "object", "applet", "audio",
];

/// One piece of HTML.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'x> {
    /// With its entities.
    Text(&'x str),
    /// Name in lower case, attributes as written.
    Open(String, &'x str),
    Close(String),
}

/// The pieces in their order, without comments, declarations and what is [`SILENT`].
pub(super) struct Tokens<'x> {
    rest: &'x str,
}

pub(super) fn tokens(html: &str) -> Tokens<'_> {
    Tokens { rest: html }
}

impl<'x> Iterator for Tokens<'x> {
    type Item = Token<'x>;

    fn next(&mut self) -> Option<Token<'x>> {
        loop {
            let rest = self.rest;
            let first = *rest.as_bytes().first()?;
            let second = rest.as_bytes().get(1).copied().unwrap_or_default();
            if first != b'<' {
                return Some(self.text(0));
            }
            match second {
                b'!' | b'?' => {
                    let is_comment = rest.starts_with("<!--");
                    let (from, end) = if is_comment { (2, "-->") } else { (1, ">") };
                    self.rest = rest[from..].find(end).map_or("", |at| &rest[from + at + end.len()..]);
                }
                b'/' if rest[2..].starts_with(|it: char| it.is_ascii_alphabetic()) => {
                    let (name, after) = tag_name(&rest[2..]);
                    self.rest = after.find('>').map_or("", |at| &after[at + 1..]);
                    return Some(Token::Close(name));
                }
                b'/' => self.rest = rest.find('>').map_or("", |at| &rest[at + 1..]),
                _ if second.is_ascii_alphabetic() => {
                    let (name, after) = tag_name(&rest[1..]);
                    let length = attributes_length(after)?;
                    self.rest = &after[length + 1..];
                    if SILENT.contains(&name.as_str()) {
                        self.skip(&name);
                        continue;
                    }
                    return Some(Token::Open(name, &after[..length]));
                }
                _ => return Some(self.text(1)),
            }
        }
    }
}

impl<'x> Tokens<'x> {
    /// Up to the next `<`, of which the first `from` bytes are skipped.
    fn text(&mut self, from: usize) -> Token<'x> {
        let end = self.rest[from..].find('<').map_or(self.rest.len(), |at| from + at);
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        Token::Text(text)
    }

    fn skip(&mut self, name: &str) {
        let bytes = self.rest.as_bytes();
        let mut at = 0;
        while let Some(found) = self.rest[at..].find("</").map(|it| at + it) {
            let end = found + 2 + name.len();
            if bytes.get(found + 2..end).is_some_and(|it| it.eq_ignore_ascii_case(name.as_bytes())) {
                self.rest = self.rest[end..].find('>').map_or("", |it| &self.rest[end + it + 1..]);
                return;
            }
            at = found + 2;
        }
        self.rest = "";
    }
}

fn tag_name(text: &str) -> (String, &str) {
    let end = text.find(|it: char| it.is_ascii_whitespace() || matches!(it, '/' | '>')).unwrap_or(text.len());
    let name = if end <= 20 { text[..end].to_ascii_lowercase() } else { String::new() };
    (name, &text[end..])
}

/// How far the attributes reach: to the `>` that is not inside of a quoted value.
fn attributes_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut after_equals = false;
    while at < bytes.len() {
        match bytes[at] {
            b'>' => return Some(at),
            quote @ (b'"' | b'\'') if after_equals => {
                at += 1 + bytes[at + 1..].iter().position(|it| *it == quote)?;
                after_equals = false;
            }
            b'=' => after_equals = true,
            it if it.is_ascii_whitespace() => {}
            _ => after_equals = false,
        }
        at += 1;
    }
    None
}

/// Names in lower case and values with their entities, without quotation marks. Endless lists are cut.
pub(super) fn attributes(text: &str) -> Vec<(String, &str)> {
    let mut list = Vec::new();
    let mut rest = text;
    while list.len() < MOST_ATTRIBUTES {
        rest = rest.trim_start_matches(|it: char| it.is_ascii_whitespace() || it == '/');
        if rest.is_empty() {
            break;
        }
        // A name may start with `=`, but not contain it.
        let ends_name = |it: &(usize, char)| it.1.is_ascii_whitespace() || matches!(it.1, '=' | '/');
        let name_end = rest.char_indices().skip(1).find(ends_name).map_or(rest.len(), |it| it.0);
        let name = &rest[..name_end];
        rest = rest[name_end..].trim_ascii_start();
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_ascii_start();
            let quote = after.chars().next().filter(|it| matches!(it, '"' | '\''));
            let (from, end) = match quote {
                Some(quote) => (1, after[1..].find(quote).map_or(after.len(), |at| at + 1)),
                None => (0, after.find(|it: char| it.is_ascii_whitespace()).unwrap_or(after.len())),
            };
            value = &after[from..end];
            rest = after.get(end + from..).unwrap_or_default();
        }
        if name.len() <= 20 {
            list.push((name.to_ascii_lowercase(), value));
        }
    }
    list
}

/// Where an entity stands: addresses are full of `&copy=1`, which is none.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Text,
    Attribute,
}

/// What careless writers leave without a semicolon.
const CARELESS: [&str; 12] =
    ["nbsp", "amp", "lt", "gt", "quot", "aring", "auml", "ouml", "Aring", "Auml", "Ouml", "eacute"];

/// The letters that the entity at the start of the text means, and its length.
pub(super) fn entity(text: &str, place: Place) -> Option<(String, usize)> {
    let is_part = |it: &u8| it.is_ascii_alphanumeric() || *it == b'#';
    let length = 1 + text.bytes().skip(1).take(40).take_while(is_part).count();
    let name = &text[..length];
    let is_ended = text[length..].starts_with(';');
    if !is_ended && (place == Place::Attribute || !CARELESS.contains(&&name[1..])) {
        return None;
    }
    let mut letters = String::new();
    add_html_token(&mut letters, format!("{name};").as_bytes(), false);
    // Still there when it means nothing.
    let is_known = !letters.starts_with(name) || letters == "&";
    let letters: String = letters.chars().map(windows_letter).filter(|it| !it.is_control()).collect();
    is_known.then_some((letters, length + usize::from(is_ended)))
}

/// `&#150;` means a dash of Windows (WHATWG HTML 13.2.5.80).
fn windows_letter(letter: char) -> char {
    match u8::try_from(u32::from(letter)) {
        Ok(byte @ 128..160) => decode::windows_1252(&[byte]).chars().next().unwrap_or(letter),
        _ => letter,
    }
}
