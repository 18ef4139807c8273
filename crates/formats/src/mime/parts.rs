//! The tree of MIME parts (RFC 2046 5.1), found in one pass over the lines, with bounded depth and number.

use super::fields::{self, Fields, line_length, without_end};
use super::message::Note;
use super::params::{Typed, typed};
use std::borrow::Cow;

/// People nest a dozen levels by forwarding; whoever nests deeper wants to exhaust us.
pub(super) const DEEPEST: usize = 50;
pub(super) const MOST_PARTS: usize = 1_000;
const LONGEST_BOUNDARY: usize = 1_000;

/// A part as it lies in the message: nothing has been decoded or copied.
pub(super) struct Part<'x> {
    pub(super) fields: Fields<'x>,
    /// `text/plain` where the sender was silent or unreadable.
    pub(super) kind: Typed,
    /// Of a part without parts of its own.
    pub(super) body: &'x [u8],
    pub(super) parts: Vec<Part<'x>>,
}

/// Text with bare carriage returns as line ends (an old Macintosh's) gets line feeds; any other is left alone.
pub(super) fn with_line_feeds(raw: &[u8]) -> Cow<'_, [u8]> {
    if raw.contains(&b'\n') || !raw.contains(&b'\r') {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(raw.iter().map(|it| if *it == b'\r' { b'\n' } else { *it }).collect())
}

/// The message as a tree, and what was odd about it.
pub(super) fn tree(raw: &[u8]) -> (Part<'_>, Vec<Note>) {
    let mut reader = Reader { raw, at: 0, boundaries: Vec::new(), count: 0, notes: Vec::new() };
    let (fields, body) = fields::of_message(raw);
    reader.at = body;
    let (part, _) = reader.part(fields, "text/plain");
    (part, reader.notes)
}

/// A delimiter line: whose it is, and whether it was the last of its kind (`--boundary--`).
struct Delimiter {
    level: usize,
    closes: bool,
}

struct Reader<'x> {
    raw: &'x [u8],
    /// Always the start of a line.
    at: usize,
    /// Of the multiparts we are inside of, outermost first.
    boundaries: Vec<Vec<u8>>,
    count: usize,
    notes: Vec<Note>,
}

impl<'x> Reader<'x> {
    /// Reads the part whose fields have just been read; returns it with the delimiter that ended it.
    fn part(&mut self, fields: Fields<'x>, default: &str) -> (Part<'x>, Option<Delimiter>) {
        self.count += 1;
        if fields.cut {
            self.note(Note::HeaderTooLong);
        }
        let mut kind = fields.first("Content-Type").map_or_else(|| Typed::new(default), typed);
        if !is_type(&kind.value) {
            "text/plain".clone_into(&mut kind.value);
        }
        if !kind.value.starts_with("multipart/") {
            let (body, end) = self.until_delimiter();
            return (Part { fields, kind, body, parts: Vec::new() }, end);
        }
        if self.boundaries.len() >= DEEPEST {
            self.note(Note::NestedTooDeep);
            let (body, end) = self.until_delimiter();
            return (
                Part { fields, kind: Typed::new("application/octet-stream"), body, parts: Vec::new() },
                end,
            );
        }
        match self.boundary(&fields, &kind) {
            Some(boundary) => self.multipart(fields, kind, boundary),
            None => self.shapeless(fields),
        }
    }

    fn multipart(
        &mut self,
        fields: Fields<'x>,
        kind: Typed,
        boundary: Vec<u8>,
    ) -> (Part<'x>, Option<Delimiter>) {
        let level = self.boundaries.len();
        let default = if kind.value == "multipart/digest" { "message/rfc822" } else { "text/plain" };
        self.boundaries.push(boundary);
        let mut parts = Vec::new();
        let (preamble, mut end) = self.until_delimiter();
        while let Some(Delimiter { level: at_level, closes: false }) = end
            && at_level == level
        {
            if self.count >= MOST_PARTS {
                self.note(Note::TooManyParts);
                end = self.until_delimiter().1;
                continue;
            }
            let fields = self.part_fields();
            let (part, next) = self.part(fields, default);
            parts.push(part);
            end = next;
        }
        self.boundaries.pop();
        let is_closed = end.as_ref().is_some_and(|it| it.level == level);
        if is_closed {
            // What follows is for nobody, up to the next part of the multipart around this one.
            end = self.until_delimiter().1;
        } else if parts.is_empty() {
            // The boundary never came.
            self.note(Note::MissingBoundary);
            return (Part { fields, kind: Typed::new("text/plain"), body: preamble, parts }, end);
        } else {
            self.note(Note::EndsTooEarly);
        }
        (Part { fields, kind, body: &[], parts }, end)
    }

    /// A multipart without a boundary is shown as the text it is.
    fn shapeless(&mut self, fields: Fields<'x>) -> (Part<'x>, Option<Delimiter>) {
        self.note(Note::MissingBoundary);
        let (body, end) = self.until_delimiter();
        (Part { fields, kind: Typed::new("text/plain"), body, parts: Vec::new() }, end)
    }

    fn part_fields(&mut self) -> Fields<'x> {
        let boundaries = &self.boundaries;
        let (fields, length) =
            fields::of_part(&self.raw[self.at..], &|line| delimiter(boundaries, line).is_some());
        self.at += length;
        fields
    }

    /// The boundary that was announced, or else the first line of the body if it looks like one.
    fn boundary(&mut self, fields: &Fields<'_>, kind: &Typed) -> Option<Vec<u8>> {
        if let Some(boundary) = kind.get("boundary").filter(|it| it.len() <= LONGEST_BOUNDARY) {
            let is_utf8 = fields.first("Content-Type").is_some_and(|it| std::str::from_utf8(it).is_ok());
            let latin = |it: char| u8::try_from(u32::from(it)).unwrap_or(b'?');
            return Some(if is_utf8 {
                boundary.bytes().collect()
            } else {
                boundary.chars().map(latin).collect()
            });
        }
        let rest = self.raw[self.at..].trim_ascii_start();
        let line = without_end(&rest[..line_length(rest)]).trim_ascii_end();
        let guess = line.strip_prefix(b"--").filter(|it| !it.is_empty() && it.len() <= LONGEST_BOUNDARY)?;
        self.note(Note::MissingBoundary);
        Some(guess.to_vec())
    }

    /// What lies before the next delimiter of any multipart around us; the line break before it belongs to it.
    fn until_delimiter(&mut self) -> (&'x [u8], Option<Delimiter>) {
        let start = self.at;
        if self.boundaries.is_empty() {
            self.at = self.raw.len();
            return (&self.raw[start..], None);
        }
        while self.at < self.raw.len() {
            let line_start = self.at;
            self.at += line_length(&self.raw[line_start..]);
            let line = without_end(&self.raw[line_start..self.at]);
            if let Some(found) = delimiter(&self.boundaries, line) {
                return (without_end(&self.raw[start..line_start]), Some(found));
            }
        }
        (&self.raw[start..], None)
    }

    fn note(&mut self, note: Note) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

/// The innermost multipart whose delimiter this line is.
fn delimiter(boundaries: &[Vec<u8>], line: &[u8]) -> Option<Delimiter> {
    let line = line.strip_prefix(b"--")?;
    for (level, boundary) in boundaries.iter().enumerate().rev() {
        let Some(rest) = line.strip_prefix(boundary.as_slice()) else { continue };
        match rest.trim_ascii_end() {
            b"" => return Some(Delimiter { level, closes: false }),
            rest if rest.starts_with(b"--") => return Some(Delimiter { level, closes: true }),
            // RFC 2046 5.1.1: what follows does not count.
            rest if rest.starts_with(b" ") => return Some(Delimiter { level, closes: false }),
            _ => {}
        }
    }
    None
}

fn is_type(value: &str) -> bool {
    value.len() <= 200 && value.split_once('/').is_some_and(|(kind, sub)| !kind.is_empty() && !sub.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(part: &Part<'_>) -> String {
        let inner: Vec<String> = part.parts.iter().map(shape).collect();
        if inner.is_empty() {
            format!("{}={}", part.kind.value, String::from_utf8_lossy(part.body))
        } else {
            format!("{}[{}]", part.kind.value, inner.join(" "))
        }
    }

    #[track_caller]
    fn check(raw: &str, expected: &str, notes: &[Note]) {
        let (part, found) = tree(raw.as_bytes());
        assert_eq!((shape(&part).as_str(), found.as_slice()), (expected, notes));
    }

    #[test]
    fn parts_nest() {
        let raw = "Content-Type: multipart/mixed; boundary=a\n\npreamble\n--a\nContent-Type: multipart/x; boundary=aa\n\n\
                   --aa\n\none\n--aa--\n--a\n\ntwo\n\n--a--\nepilogue\n";
        check(raw, "multipart/mixed[multipart/x[text/plain=one] text/plain=two\n]", &[]);
    }

    #[test]
    fn an_outer_delimiter_ends_what_forgot_its_own() {
        let raw = "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/x; boundary=b\n\n\
                   --b\n\none\n--a\n\ntwo\n--a--\n";
        check(raw, "multipart/mixed[multipart/x[text/plain=one] text/plain=two]", &[Note::EndsTooEarly]);
    }

    #[test]
    fn a_forgotten_boundary_is_guessed_or_the_text_is_shown() {
        check(
            "Content-Type: multipart/mixed\n\n--q\n\none\n--q--\n",
            "multipart/mixed[text/plain=one]",
            &[Note::MissingBoundary],
        );
        check("Content-Type: multipart/mixed\n\nHello", "text/plain=Hello", &[Note::MissingBoundary]);
        check(
            "Content-Type: multipart/mixed; boundary=a\n\nHello",
            "text/plain=Hello",
            &[Note::MissingBoundary],
        );
    }

    #[test]
    fn headers_end_where_the_next_part_starts() {
        let raw =
            "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: text/html\n--a\n\ntwo\n--a--";
        check(raw, "multipart/mixed[text/html= text/plain=two]", &[]);
    }
}
