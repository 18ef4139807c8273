//! Unstructured header text: raw 8-bit letters, and encoded words (RFC 2047) with the mistakes that real clients make.

use super::decode;
use domain::text::clipped;
use std::borrow::Cow;

/// No sender means more than this to be read in one line.
const MOST_BYTES: usize = 64 * 1024;

/// One line of readable text of at most `limit` bytes, without any control character.
pub(super) fn text(raw: &[u8], limit: usize) -> String {
    let raw = &raw[..raw.len().min(MOST_BYTES)];
    clipped(&one_line(&decoded(&readable(raw))), limit)
}

/// Header bytes as text: UTF-8 (RFC 6532), else what Windows wrote in Sweden for twenty years.
pub(super) fn readable(raw: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(raw) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(decode::windows_1252(raw)),
    }
}

/// With every encoded word decoded, wherever it stands. Neighbours in the same charset are decoded together, because
/// some clients split a letter between two words (against RFC 2047 5.3).
pub(super) fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut waiting: Option<(&str, Vec<u8>)> = None;
    let mut copied = 0;
    let mut at = 0;
    while let Some(start) = text[at..].find("=?").map(|it| at + it) {
        let Some(word) = encoded_word(text, start) else {
            at = start + 2;
            continue;
        };
        let between = &text[copied..start];
        let is_neighbour = waiting.is_some() && between.bytes().all(|it| it.is_ascii_whitespace());
        match &mut waiting {
            Some((charset, bytes)) if is_neighbour && charset.eq_ignore_ascii_case(word.charset) => {
                bytes.extend(word.bytes);
            }
            _ => {
                flush(&mut out, waiting.take());
                if !is_neighbour {
                    out.push_str(between);
                }
                waiting = Some((word.charset, word.bytes));
            }
        }
        at = word.end;
        copied = at;
    }
    flush(&mut out, waiting);
    out.push_str(&text[copied..]);
    out
}

fn flush(out: &mut String, waiting: Option<(&str, Vec<u8>)>) {
    if let Some((charset, bytes)) = waiting {
        out.push_str(&decode::charset(&bytes, Some(charset)).0);
    }
}

/// An encoded word: its charset without language, its bytes, and where it ends in the text.
pub(super) struct Word<'x> {
    charset: &'x str,
    bytes: Vec<u8>,
    pub(super) end: usize,
}

/// The encoded word that starts at `start` (`=?utf-8?Q?…?=`). Its length and the spaces in it are not held against it.
pub(super) fn encoded_word(text: &str, start: usize) -> Option<Word<'_>> {
    let rest = text[start..].strip_prefix("=?")?;
    let charset_length = rest.bytes().take(60).position(|it| it == b'?')?;
    let charset = rest[..charset_length].split('*').next().unwrap_or_default();
    let is_charset = charset.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_.:()+".contains(&it));
    let payload = rest.get(charset_length + 3..)?;
    if charset.is_empty() || !is_charset || rest.as_bytes()[charset_length + 2] != b'?' {
        return None;
    }
    let encoding = rest.as_bytes()[charset_length + 1].to_ascii_lowercase();
    if !matches!(encoding, b'q' | b'b') {
        return None;
    }
    let length = payload.find("?=")?;
    let end = start + 2 + charset_length + 3 + length + 2;
    let encoded = &payload[..length];
    let bytes =
        if encoding == b'q' { q_bytes(encoded, charset) } else { decode::base64(encoded.as_bytes()).0 };
    Some(Word { charset, bytes, end })
}

/// RFC 2047 4.2. Letters that should have been encoded have been read as Unicode by now: they go back to their byte.
fn q_bytes(text: &str, charset: &str) -> Vec<u8> {
    let is_utf8 = charset.to_ascii_lowercase().starts_with("utf");
    let mut bytes = Vec::with_capacity(text.len());
    for letter in text.chars() {
        match u8::try_from(u32::from(letter)) {
            Ok(b'_') => bytes.push(b' '),
            Ok(byte) if byte.is_ascii() || !is_utf8 => bytes.push(byte),
            _ => bytes.extend(letter.encode_utf8(&mut [0; 4]).bytes()),
        }
    }
    decode::quoted_printable(&bytes).0
}

/// Without line ends, control characters and the marks that turn the direction of the text around them.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for letter in text.chars() {
        let is_space = letter == ' ' || letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}');
        if is_space {
            if !line.ends_with(' ') {
                line.push(' ');
            }
        } else if !turns_direction(letter) {
            line.push(letter);
        }
    }
    line.trim().to_owned()
}

/// Embeddings, overrides and isolates: used to write `gpj.exe` so that it reads `exe.jpg`.
pub(super) fn turns_direction(letter: char) -> bool {
    matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &[u8], expected: &str) {
        assert_eq!(text(raw, 998), expected);
    }

    #[test]
    fn encoded_words_are_read_as_they_are_really_written() {
        check(b"=?utf-8?Q?=C3=85sa?= Ek", "Åsa Ek");
        check(b"=?iso-8859-1*sv?q?Sm=F6rg=E5s?=", "Smörgås");
        check(b"=?UTF-8?B?UsOka3Ntw7ZyZ8Olcw==?=", "Räksmörgås");
        check(b"=?UTF-8?B?UsOka3Ntw7ZyZ8Olcw?=", "Räksmörgås");
        check(b"=?utf-8?Q?with spaces in it?=", "with spaces in it");
        check(b"Re:=?utf-8?q?_m=C3=B6te?=nu", "Re: mötenu");
        check(b"=?utf-8?Q??= empty", "empty");
        check(b"=?no-such-charset?Q?=E5sa?=", "åsa");
        check(b"=?utf-8?Q?unfinished =C3", "=?utf-8?Q?unfinished =C3");
        check(b"=?utf-8?X?nonsense?=", "=?utf-8?X?nonsense?=");
        check(b"=?utf-8?Q?bad=ZZhex?=", "bad=ZZhex");
        check(b"=?iso-8859-1?Q?r\xE5a_ord?=", "råa ord");
        check("=?utf-8?Q?råa_ord?=".as_bytes(), "råa ord");
        check(b"=?", "=?");
    }

    #[test]
    fn a_letter_split_between_two_words_is_one_letter() {
        check(b"=?utf-8?Q?M=C3?=\r\n =?UTF-8?Q?=B6te?=", "Möte");
        check(b"=?utf-8?B?TcM=?= =?utf-8?Q?=B6te?=", "Möte");
        check(b"=?utf-8?Q?a?= =?iso-8859-1?Q?=E5?= b", "aå b");
    }

    #[test]
    fn raw_letters_are_read_in_both_common_charsets() {
        check("Åsa skrev".as_bytes(), "Åsa skrev");
        check(b"\xC5sa skrev", "Åsa skrev");
    }

    #[test]
    fn nothing_breaks_out_of_the_line() {
        check(b"a\r\n\tb\0c", "a b c");
        check(b"=?utf-8?Q?Hi=0D=0ABcc:_eva=40x?=", "Hi Bcc: eva@x");
        check("photo\u{202E}gpj.exe".as_bytes(), "photogpj.exe");
    }
}
