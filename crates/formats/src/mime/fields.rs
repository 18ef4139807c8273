//! The header block split into its fields, however broken it is.

/// More header than this is not read: 10,000 recipients need about 1 MB.
const MOST_BYTES: usize = 4 * 1024 * 1024;
const MOST_FIELDS: usize = 2_000;

/// Names and raw values in the order of the message. A value still has its folds, encoded words and odd bytes.
#[derive(Default)]
pub(super) struct Fields<'x> {
    list: Vec<(&'x [u8], &'x [u8])>,
    /// There was more than [`MOST_BYTES`] or [`MOST_FIELDS`].
    pub(super) cut: bool,
}

impl<'x> Fields<'x> {
    /// The first field of that name, in any case.
    pub(super) fn first(&self, name: &str) -> Option<&'x [u8]> {
        self.all(name).next()
    }

    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &'x [u8]> {
        let matches = move |it: &&(&[u8], &[u8])| it.0.eq_ignore_ascii_case(name.as_bytes());
        self.list.iter().filter(matches).map(|it| it.1)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

/// The fields of a whole message and where its body starts. Empty lines and an mbox line before the header do not count.
pub(super) fn of_message(raw: &[u8]) -> (Fields<'_>, usize) {
    let mut start = raw.iter().position(|it| !matches!(it, b'\r' | b'\n')).unwrap_or(raw.len());
    if raw[start..].starts_with(b"From ") || raw[start..].starts_with(b">From ") {
        start += line_length(&raw[start..]);
    }
    let (fields, body) = of_part(&raw[start..], &|_| false);
    // Without a single field there is no header: all of it is text.
    if fields.is_empty() { (fields, 0) } else { (fields, start + body) }
}

/// The fields at the start of `raw` and where the body starts: after the empty line, or at a line that `is_end` knows.
pub(super) fn of_part<'x>(raw: &'x [u8], is_end: &dyn Fn(&[u8]) -> bool) -> (Fields<'x>, usize) {
    let mut fields = Fields::default();
    let mut at = 0;
    let mut junk_at = None;
    // Name, start and end of the value: folded lines move the end.
    let mut open: Option<(&[u8], usize, usize)> = None;
    let mut body = None;
    while at < raw.len() {
        let length = line_length(&raw[at..]);
        let line = without_end(&raw[at..at + length]);
        if line.is_empty() {
            body = Some(at + length);
            break;
        }
        if is_end(line) {
            body = Some(at);
            break;
        }
        if matches!(line[0], b' ' | b'\t') {
            if let Some(field) = &mut open {
                field.2 = at + line.len();
            }
        } else if let Some((name, value)) = named(line) {
            keep(&mut fields, raw, open.take());
            open = Some((name, at + value, at + line.len()));
        } else {
            keep(&mut fields, raw, open.take());
            junk_at = junk_at.or(Some(at));
        }
        at += length;
    }
    keep(&mut fields, raw, open);
    // A line that is no field is skipped; if the empty line never came, it was the body.
    (fields, body.or(junk_at).unwrap_or(raw.len()))
}

fn keep<'x>(fields: &mut Fields<'x>, raw: &'x [u8], field: Option<(&'x [u8], usize, usize)>) {
    let Some((name, start, end)) = field else { return };
    if fields.list.len() >= MOST_FIELDS || start >= MOST_BYTES {
        fields.cut = true;
        return;
    }
    fields.cut |= end > MOST_BYTES;
    fields.list.push((name, &raw[start..end.min(MOST_BYTES).max(start)]));
}

/// The name and where the value starts; `None` for a line that is no field (RFC 5322 2.2).
fn named(line: &[u8]) -> Option<(&[u8], usize)> {
    // The longest registered name has 40 letters.
    let colon = line.iter().take(200).position(|it| *it == b':')?;
    let name = line[..colon].trim_ascii_end();
    let is_name = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    is_name.then_some((name, colon + 1))
}

/// With its line feed.
pub(super) fn line_length(raw: &[u8]) -> usize {
    raw.iter().position(|it| *it == b'\n').map_or(raw.len(), |it| it + 1)
}

/// Without CR and LF at its end.
pub(super) fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, field: &str, expected: Option<&str>, body: &str) {
        let (fields, start) = of_message(raw.as_bytes());
        assert_eq!(fields.first(field), expected.map(str::as_bytes));
        assert_eq!(&raw[start..], body);
    }

    #[test]
    fn fields_are_found_in_what_mailboxes_hold() {
        check("Subject: a\r\n b\r\nTo: c\r\n\r\nHello", "subject", Some(" a\r\n b"), "Hello");
        check("SUBJECT : a\n\nHello", "Subject", Some(" a"), "Hello");
        check("From eva@x Mon Nov 23\nSubject: a\n\nHello", "Subject", Some(" a"), "Hello");
        check("\r\n\nSubject: a", "Subject", Some(" a"), "");
        check("To: c\nno field here\nSubject: a\n\nHello", "Subject", Some(" a"), "Hello");
    }

    #[test]
    fn a_message_without_a_header_is_all_body() {
        check("Hello you\n\nBye", "Subject", None, "Hello you\n\nBye");
        check("Subject: a\nHello you", "Subject", Some(" a"), "Hello you");
        check("", "Subject", None, "");
    }
}
