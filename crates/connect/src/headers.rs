//! Header blocks as raw lines: which of them may be read, and the Message-ID among them.

use domain::envelope::HEADERS;

/// The fields of a header block, each with its continuation lines; ends at the first empty line.
fn fields(block: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = block;
    std::iter::from_fn(move || {
        if matches!(rest, [] | [b'\n', ..] | [b'\r', b'\n', ..]) {
            return None;
        }
        let mut end = 0;
        loop {
            end += rest[end..].iter().position(|byte| *byte == b'\n').map_or(rest.len() - end, |at| at + 1);
            if !matches!(rest.get(end), Some(b' ' | b'\t')) {
                break;
            }
        }
        let (field, after) = rest.split_at(end);
        rest = after;
        Some(field)
    })
}

/// Name and value of a field; none for a line that is no field, such as mbox's `From `.
fn parted(field: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = field.iter().position(|byte| *byte == b':')?;
    Some((field[..colon].trim_ascii_end(), &field[colon + 1..]))
}

/// Only the lines of `domain::envelope::HEADERS`, unchanged, and an empty line: what IMAP's HEADER.FIELDS gives.
pub fn permitted(block: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(1024);
    for field in fields(block) {
        let is_permitted =
            |name: &[u8]| HEADERS.iter().any(|header| name.eq_ignore_ascii_case(header.as_bytes()));
        if parted(field).is_some_and(|(name, _)| is_permitted(name)) {
            kept.extend_from_slice(field);
            if !field.ends_with(b"\n") {
                kept.extend_from_slice(b"\r\n");
            }
        }
    }
    kept.extend_from_slice(b"\r\n");
    kept
}

/// Where the header block of a message ends: after its empty line, or with the message.
pub fn end_of_block(raw: &[u8]) -> Option<usize> {
    if raw.starts_with(b"\n") {
        return Some(1);
    }
    if raw.starts_with(b"\r\n") {
        return Some(2);
    }
    let mut at = 0;
    while let Some(newline) = raw[at..].iter().position(|byte| *byte == b'\n') {
        at += newline + 1;
        match &raw[at..] {
            [b'\n', ..] => return Some(at + 1),
            [b'\r', b'\n', ..] => return Some(at + 2),
            _ => {}
        }
    }
    None
}

/// Whether the block carries exactly this Message-ID; angle brackets and white space around it do not count.
pub fn has_message_id(block: &[u8], wanted: &str) -> bool {
    let wanted = bare(wanted.as_bytes());
    !wanted.is_empty()
        && fields(block)
            .filter_map(parted)
            .any(|(name, value)| name.eq_ignore_ascii_case(b"Message-ID") && bare(value) == wanted)
}

fn bare(value: &[u8]) -> &[u8] {
    let value = value.trim_ascii();
    value.strip_prefix(b"<").and_then(|rest| rest.strip_suffix(b">")).unwrap_or(value).trim_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_permitted_lines_are_kept_and_unchanged() {
        let block = b"From bo Mon Jan 1\nReceived: by mail\r\n\tsecret hop\r\nSUBJECT: Hej\r\n d\xe5\r\nX-Note: private\nTo : bo@x\n\nSubject: in the body\n";
        let kept = permitted(block);
        assert_eq!(kept, b"SUBJECT: Hej\r\n d\xe5\r\nTo : bo@x\n\r\n");
    }

    #[test]
    fn a_block_ends_at_the_first_empty_line() {
        assert_eq!(end_of_block(b"a: b\r\n\r\nbody"), Some(8));
        assert_eq!(end_of_block(b"a: b\n\nbody"), Some(6));
        assert_eq!(end_of_block(b"\nbody"), Some(1));
        assert_eq!(end_of_block(b"a: b\n"), None);
    }

    #[track_caller]
    fn check(block: &str, wanted: &str, found: bool) {
        assert_eq!(has_message_id(block.as_bytes(), wanted), found);
    }

    #[test]
    fn a_message_id_is_compared_exactly() {
        check("Message-ID: <1@x>\r\n\r\n", "<1@x>", true);
        check("message-id:\r\n <1@x>\r\n\r\n", "1@x", true);
        check("Message-ID: <11@x>\r\n\r\n", "<1@x>", false);
        check("Message-ID: <1@X>\r\n\r\n", "<1@x>", false);
        check("References: <1@x>\r\n\r\n", "<1@x>", false);
        check("Message-ID:\r\n\r\n", "", false);
    }
}
