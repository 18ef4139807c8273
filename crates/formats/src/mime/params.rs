//! Content-Type and Content-Disposition: a value and its parameters (RFC 2045 5.1), with the continuations and charsets
//! of RFC 2231 and the encoded words that clients put there although they may not.

use super::decode;
use super::words::{decoded, one_line, readable};

/// Longer values are cut: a name of 200 letters fits several times.
const MOST_BYTES: usize = 8 * 1024;
const MOST_PARAMETERS: usize = 200;

/// `text/plain` in lower case, and what stands behind the semicolons.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) value: String,
    parameters: Vec<(String, String)>,
}

impl Typed {
    pub(super) fn new(value: &str) -> Typed {
        Typed { value: value.to_owned(), parameters: Vec::new() }
    }

    /// A parameter in any case; never empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|it| it.0 == name).map(|it| it.1.as_str());
        found.filter(|it| !it.is_empty())
    }
}

/// One `name*1*=value` before its siblings have been found.
struct Piece {
    name: String,
    section: Option<u32>,
    percent: bool,
    value: String,
}

pub(super) fn typed(raw: &[u8]) -> Typed {
    let text = readable(&raw[..raw.len().min(MOST_BYTES)]).replace(['\r', '\n', '\0'], " ");
    let (value, mut rest) = text.split_once(';').unwrap_or((&text, ""));
    let value = value.split('(').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_value = value.bytes().all(|it| it.is_ascii_graphic());

    let mut pieces: Vec<Piece> = Vec::new();
    while !rest.is_empty() && pieces.len() < MOST_PARAMETERS {
        let name_end = rest.find(['=', ';']).unwrap_or(rest.len());
        let name = rest[..name_end].trim().to_ascii_lowercase();
        if !rest[name_end..].starts_with('=') {
            rest = rest.get(name_end + 1..).unwrap_or_default();
            continue;
        }
        let (value, after) = parameter_value(rest[name_end + 1..].trim_start());
        rest = after;
        pieces.extend(piece(&name, value));
    }
    Typed { value: if is_value { value } else { String::new() }, parameters: joined(pieces) }
}

/// The value at the start of the text, and what follows its semicolon.
fn parameter_value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(';').unwrap_or(text.len());
        // `charset=us-ascii (Plain text)`
        let value = text[..end].split(" (").next().unwrap_or_default();
        return (value.trim().to_owned(), text.get(end + 1..).unwrap_or_default());
    };
    let mut value = String::new();
    let mut letters = quoted.char_indices().peekable();
    let mut end = quoted.len();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => {
                end = at + 1;
                break;
            }
            // Only what must be escaped is taken as such: Windows paths are written with single backslashes.
            '\\' => match letters.next_if(|it| matches!(it.1, '"' | '\\')) {
                Some((_, escaped)) => value.push(escaped),
                None => value.push('\\'),
            },
            _ => value.push(letter),
        }
    }
    let after = &quoted[end..];
    let next = after.find(';').map_or(after.len(), |it| it + 1);
    (value, &after[next..])
}

/// RFC 2231 3 and 4: `name*`, `name*0`, `name*0*`.
fn piece(name: &str, value: String) -> Option<Piece> {
    let (name, percent) = name.strip_suffix('*').map_or((name, false), |it| (it, true));
    let (name, section) = match name.split_once('*') {
        Some((name, section)) => (name, Some(section.parse().ok()?)),
        None => (name, None),
    };
    (!name.is_empty()).then(|| Piece { name: name.to_owned(), section, percent, value })
}

fn joined(mut pieces: Vec<Piece>) -> Vec<(String, String)> {
    pieces.sort_by(|a, b| (&a.name, a.section).cmp(&(&b.name, b.section)));
    let siblings = pieces.chunk_by(|a, b| a.name == b.name);
    siblings.map(|it| (it[0].name.clone(), one_line(&value(it)))).collect()
}

/// The value that these pieces of one name give, in this order of trust: with a charset (RFC 6266 4.3), in sections, plain.
fn value(pieces: &[Piece]) -> String {
    if let Some(whole) = pieces.iter().find(|it| it.percent && it.section.is_none()) {
        return assembled(&[whole]);
    }
    let mut sections: Vec<&Piece> = pieces.iter().filter(|it| it.section.is_some()).collect();
    sections.dedup_by_key(|it| it.section);
    if sections.iter().any(|it| it.percent) {
        return assembled(&sections);
    }
    if sections.is_empty() {
        return pieces.first().map(|it| decoded(&it.value)).unwrap_or_default();
    }
    decoded(&sections.iter().map(|it| it.value.as_str()).collect::<String>())
}

/// Bytes first and letters afterwards: a letter may be split between two sections.
fn assembled(sections: &[&Piece]) -> String {
    let mut bytes = Vec::new();
    let mut charset = None;
    for section in sections {
        let mut value = section.value.as_str();
        if section.percent && charset.is_none() {
            let mut marks = value.splitn(3, '\'');
            if let (Some(name), Some(_), Some(rest)) = (marks.next(), marks.next(), marks.next()) {
                (charset, value) = (Some(name), rest);
            }
        }
        if section.percent {
            bytes.extend(percent_bytes(value));
        } else {
            bytes.extend_from_slice(value.as_bytes());
        }
    }
    decode::charset(&bytes, charset).0
}

/// `%C3%B6` as bytes; a `%` that means nothing stays.
pub(super) fn percent_bytes(text: &str) -> Vec<u8> {
    let raw = text.as_bytes();
    let mut bytes = Vec::with_capacity(raw.len());
    let mut at = 0;
    while at < raw.len() {
        let escaped = (raw[at] == b'%').then(|| decode::hex_pair(&raw[at + 1..])).flatten();
        bytes.push(escaped.unwrap_or(raw[at]));
        at += if escaped.is_some() { 3 } else { 1 };
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &[u8], value: &str, name: &str, parameter: Option<&str>) {
        let typed = typed(raw);
        assert_eq!(typed.value, value);
        assert_eq!(typed.get(name), parameter);
    }

    #[test]
    fn parameters_are_read_as_clients_write_them() {
        check(b" Text/PLAIN; Charset=\"utf-8\"; format=flowed", "text/plain", "format", Some("flowed"));
        check(b"text/plain; charset=us-ascii (Plain text)", "text/plain", "charset", Some("us-ascii"));
        check(b"attachment; filename=my file.pdf", "attachment", "filename", Some("my file.pdf"));
        check(b"a/b; x; ; name=\"C:\\temp\\a \\\"b\\\".txt\"", "a/b", "name", Some(r#"C:\temp\a "b".txt"#));
        check(b"a/b; name=\"unfinished", "a/b", "name", Some("unfinished"));
        check(b"attachment; filename=\"\xE5.pdf\"", "attachment", "filename", Some("å.pdf"));
        check(b"\xE5/b", "", "name", None);
    }

    #[test]
    fn names_in_other_letters_come_in_three_ways() {
        check(b"a; filename*=UTF-8''r%C3%A4k.pdf; filename=rak.pdf", "a", "filename", Some("räk.pdf"));
        check(b"a; filename*1*=%A4k.pdf; filename*0*=utf-8''r%C3", "a", "filename", Some("räk.pdf"));
        check(b"a; filename*0=lo; filename*1=ng", "a", "filename", Some("long"));
        check(b"a; filename*0*=utf-8''l%C3%B6; filename*1=ng", "a", "filename", Some("löng"));
        check(b"a; filename*0=lo; filename*1*=n%C3%B6", "a", "filename", Some("lonö"));
        check(b"a; filename=\"=?utf-8?Q?r=C3?= =?utf-8?Q?=A4k.pdf?=\"", "a", "filename", Some("räk.pdf"));
    }
}
