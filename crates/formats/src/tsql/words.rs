//! The words and signs that a statement consists of.

use crate::question::{BadQuery, bad, quoted};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    /// A keyword or a name.
    Bare(String),
    /// A name in brackets or double quotes, which is never a keyword.
    Name(String),
    /// Digits, perhaps with a point, a sign or an exponent.
    Number(String),
    /// What stood in single quotes.
    Text(String),
    /// `(`, `<=` and the like.
    Sign(&'static str),
}

const SIGNS: [&str; 14] = ["<>", "!=", "<=", ">=", "=", "<", ">", "(", ")", ",", ".", "*", ";", "-"];

pub(super) fn words(sql: &str) -> Result<Vec<Word>, BadQuery> {
    let mut words = Vec::new();
    let mut rest = sql.trim_start();
    while let Some(first) = rest.chars().next() {
        let (word, behind) = word(rest, first)?;
        words.push(word);
        rest = behind.trim_start();
    }
    Ok(words)
}

fn word(rest: &str, first: char) -> Result<(Word, &str), BadQuery> {
    let is_wide = rest.starts_with("N'") || rest.starts_with("n'");
    match first {
        '\'' => closed(rest, '\'', '\'').map(|(text, rest)| (Word::Text(text), rest)),
        _ if is_wide => closed(&rest[1..], '\'', '\'').map(|(text, rest)| (Word::Text(text), rest)),
        '[' => closed(rest, '[', ']').map(|(name, rest)| (Word::Name(name), rest)),
        '"' => closed(rest, '"', '"').map(|(name, rest)| (Word::Name(name), rest)),
        '0'..='9' => Ok(number(rest, 0)),
        '-' if rest[1..].starts_with('-') => bad("Comments (--) are not read in a query."),
        '-' | '+' if rest[1..].starts_with(|it: char| it.is_ascii_digit()) => Ok(number(rest, 1)),
        _ if first.is_alphabetic() || first == '_' => {
            let end = rest.find(|it: char| !it.is_alphanumeric() && it != '_').unwrap_or(rest.len());
            Ok((Word::Bare(rest[..end].to_owned()), &rest[end..]))
        }
        _ => match SIGNS.iter().find(|it| rest.starts_with(**it)) {
            Some(sign) => Ok((Word::Sign(sign), &rest[sign.len()..])),
            None => bad(format!("The query cannot be read from {} on.", quoted(rest))),
        },
    }
}

/// A text between two marks; the closing one stands in it twice for itself.
fn closed(rest: &str, open: char, close: char) -> Result<(String, &str), BadQuery> {
    let mut text = String::new();
    let mut left = &rest[open.len_utf8()..];
    loop {
        let Some((before, behind)) = left.split_once(close) else {
            return bad(format!("Nothing closes {}: a {close} is missing.", quoted(rest)));
        };
        text.push_str(before);
        let Some(again) = behind.strip_prefix(close) else { return Ok((text, behind)) };
        text.push(close);
        left = again;
    }
}

fn number(rest: &str, sign: usize) -> (Word, &str) {
    let is_part = |it: char| it.is_ascii_alphanumeric() || it == '.';
    let end = rest[sign..].find(|it: char| !is_part(it)).map_or(rest.len(), |it| it + sign);
    (Word::Number(rest[..end].trim_start_matches('+').to_owned()), &rest[end..])
}
