//! Transfer encodings (RFC 2045 6) and charsets, as forgiving as can be without inventing anything.

use super::message::Note;
use mail_parser::decoders::charsets::map::charset_decoder;

/// What base64 says, and whether it was sound. Letters outside of the alphabet are skipped (RFC 2045 6.8).
pub(super) fn base64(raw: &[u8]) -> (Vec<u8>, bool) {
    let mut bytes = Vec::with_capacity(raw.len() / 4 * 3 + 3);
    let mut sound = true;
    let (mut bits, mut held) = (0u32, 0);
    for letter in raw {
        let value = SIXTY_FOUR[usize::from(*letter)];
        match value {
            0..64 => {
                bits = bits << 6 | u32::from(value);
                held += 1;
                if held == 4 {
                    bytes.extend_from_slice(&bits.to_be_bytes()[1..]);
                    (bits, held) = (0, 0);
                }
            }
            // What follows the padding is another text: some clients encode line by line.
            PADDING => {
                sound &= held != 1;
                flush(&mut bytes, bits, held);
                (bits, held) = (0, 0);
            }
            SPACE => {}
            _ => sound = false,
        }
    }
    sound &= held != 1;
    flush(&mut bytes, bits, held);
    (bytes, sound)
}

fn flush(bytes: &mut Vec<u8>, bits: u32, held: u32) {
    match held {
        2 => bytes.extend_from_slice(&(bits << 12).to_be_bytes()[1..2]),
        3 => bytes.extend_from_slice(&(bits << 6).to_be_bytes()[1..3]),
        _ => {}
    }
}

const PADDING: u8 = 64;
const SPACE: u8 = 65;
const FOREIGN: u8 = 66;

/// The value of each letter; the URL alphabet (RFC 4648 5) is understood, too.
static SIXTY_FOUR: [u8; 256] = {
    let mut table = [FOREIGN; 256];
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut at = 0u8;
    while at < 64 {
        table[alphabet[at as usize] as usize] = at;
        at += 1;
    }
    table[b'-' as usize] = 62;
    table[b'_' as usize] = 63;
    table[b'=' as usize] = PADDING;
    table[b' ' as usize] = SPACE;
    table[b'\t' as usize] = SPACE;
    table[b'\r' as usize] = SPACE;
    table[b'\n' as usize] = SPACE;
    table
};

/// What quoted-printable says, and whether it was sound: a `=` that means nothing stays as it is (RFC 2045 6.7).
pub(super) fn quoted_printable(raw: &[u8]) -> (Vec<u8>, bool) {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut sound = true;
    let mut at = 0;
    while at < raw.len() {
        if raw[at] != b'=' {
            bytes.push(raw[at]);
            at += 1;
            continue;
        }
        let rest = &raw[at + 1..];
        if let Some(byte) = hex_pair(rest) {
            bytes.push(byte);
            at += 3;
        } else if let Some(length) = soft_break(rest) {
            at += 1 + length;
        } else {
            sound = false;
            bytes.push(b'=');
            at += 1;
        }
    }
    (bytes, sound)
}

/// `C3` at the start of the text, in either case.
pub(super) fn hex_pair(text: &[u8]) -> Option<u8> {
    let digit = |at: usize| text.get(at).and_then(|it| char::from(*it).to_digit(16));
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}

/// The length of a line end, with the spaces that a relay may have put before it. The end of the text counts as one.
fn soft_break(rest: &[u8]) -> Option<usize> {
    // A few spaces only, so that a long run of `=` and spaces is not read again and again.
    let spaces = rest.iter().take(80).take_while(|it| matches!(it, b' ' | b'\t')).count();
    match &rest[spaces..] {
        [b'\r', b'\n', ..] => Some(spaces + 2),
        [b'\n', ..] => Some(spaces + 1),
        [] => Some(spaces),
        _ => None,
    }
}

/// Text in the charset that its sender named, with a note if that cannot be true.
pub(super) fn charset(bytes: &[u8], name: Option<&str>) -> (String, Option<Note>) {
    let name = name.unwrap_or_default().trim().to_ascii_lowercase();
    match name.as_str() {
        "" | "us-ascii" | "ascii" | "unknown-8bit" | "default" => (guessed(bytes), None),
        "utf-8" | "utf8" | "unicode-1-1-utf-8" => match std::str::from_utf8(bytes) {
            Ok(text) => (text.to_owned(), None),
            Err(_) => (guessed(bytes), Some(Note::WrongCharset("utf-8".to_owned()))),
        },
        _ => match charset_decoder(name.as_bytes()) {
            Some(decode) => (decode(bytes), None),
            None => (guessed(bytes), Some(Note::UnknownCharset(domain::text::clipped(&name, 40)))),
        },
    }
}

/// UTF-8 with holes if some of it can be nothing else (a part may be damaged), else windows-1252.
fn guessed(bytes: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let lossy = String::from_utf8_lossy(bytes);
    let (mut holes, mut letters) = (0, 0);
    for letter in lossy.chars().filter(|it| !it.is_ascii()) {
        if letter == char::REPLACEMENT_CHARACTER { holes += 1 } else { letters += 1 }
    }
    if letters * 10 > holes { lossy.into_owned() } else { windows_1252(bytes) }
}

/// Every byte is a letter there, so this always succeeds.
pub(super) fn windows_1252(bytes: &[u8]) -> String {
    match charset_decoder(b"windows-1252") {
        Some(decode) => decode(bytes),
        None => bytes.iter().copied().map(char::from).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_survives_what_relays_do_to_it() {
        assert_eq!(base64(b"SGVs\r\nbG8="), (b"Hello".to_vec(), true));
        assert_eq!(base64(b"SGVsbG8"), (b"Hello".to_vec(), true));
        assert_eq!(base64(b"SGk=SGk="), (b"HiHi".to_vec(), true));
        assert_eq!(base64(b"SG!Vs*bG8="), (b"Hello".to_vec(), false));
        assert_eq!(base64(b"S"), (vec![], false));
        assert_eq!(base64(b""), (vec![], true));
    }

    #[test]
    fn quoted_printable_keeps_what_means_nothing() {
        assert_eq!(quoted_printable(b"l=C3=b6n=\r\n=20x"), ("lön x".as_bytes().to_vec(), true));
        assert_eq!(quoted_printable(b"soft=  \nbreak="), (b"softbreak".to_vec(), true));
        assert_eq!(quoted_printable(b"1+1=2"), (b"1+1=2".to_vec(), false));
    }

    #[test]
    fn a_charset_that_cannot_be_true_is_noted_and_the_text_is_readable() {
        assert_eq!(charset(b"\xE5\xE4\xF6", None).0, "åäö");
        assert_eq!(charset("åäö".as_bytes(), Some("us-ascii")).0, "åäö");
        assert_eq!(charset(b"\xE5", Some("utf-8")), ("å".into(), Some(Note::WrongCharset("utf-8".into()))));
        assert_eq!(charset("åäö\u{0}".as_bytes(), Some("UTF-8")).0, "åäö\0");
        assert_eq!(charset(b"\xE5", Some("x-martian")).1, Some(Note::UnknownCharset("x-martian".into())));
        assert_eq!(charset(b"\x8F\x86", Some("cp850")).0, "Åå");
        assert_eq!(charset(b"+AOU-sa", Some("utf-7")).0, "åsa");
    }
}
