//! Values as they stand in a URL: `42`, `'O''Neil'`, a GUID, a date, a list.

use super::BadOData;
use super::cursor::{Cursor, is_name};
use super::moment::{looks_like_a_date, moment};
use domain::id::Guid;

pub use super::moment::Moment;

#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    Null,
    Bool(bool),
    Int(i64),
    /// A number with a decimal point, or too large for `Int`: its digits as written, without a leading plus.
    Decimal(String),
    /// A number with an exponent, `INF`, `-INF` or `NaN`.
    Double(f64),
    /// Without its quotes.
    Text(String),
    Guid(Guid),
    /// A day: `2026-11-23`.
    Date(Moment),
    /// A time with its zone: `2026-11-23T10:41:00+01:00`.
    DateTimeOffset(Moment),
    /// An XML duration as written: `duration'P1DT2H'`.
    Duration(String),
    /// `Microsoft.Dynamics.CRM.EntityFilters'Attributes'`.
    Enum {
        type_name: String,
        member: String,
    },
    /// `('a','b')` right of `in`, or a JSON array.
    List(Vec<Literal>),
    /// A JSON object, such as `{'@odata.id':'accounts(…)'}`; names may repeat, their order is kept.
    Object(Vec<(String, Literal)>),
}

/// A literal alone.
pub fn parse(text: &str) -> Result<Literal, BadOData> {
    super::refuse_long(text)?;
    let mut cursor = Cursor::new(text);
    let literal = literal(&mut cursor)?;
    if cursor.is_at_end() { Ok(literal) } else { Err(cursor.expected("the end of the value")) }
}

const EXPECTED: &str = "a value (a number, 'text', a GUID, a date, true, false or null)";

pub(super) fn literal(cursor: &mut Cursor) -> Result<Literal, BadOData> {
    match try_literal(cursor)? {
        Some(literal) => Ok(literal),
        None if cursor.peek() == Some('"') => Err(cursor.wrong("Texts stand in single quotes here: 'text'")),
        None => Err(cursor.expected(EXPECTED)),
    }
}

/// `None` when no literal begins here, such as at the name of a column; nothing is stepped over then.
pub(super) fn try_literal(cursor: &mut Cursor) -> Result<Option<Literal>, BadOData> {
    if let Some(guid) = guid(cursor) {
        return Ok(Some(Literal::Guid(guid)));
    }
    match cursor.peek() {
        Some('\'') => Ok(Some(Literal::Text(quoted(cursor)?))),
        Some('"') => Err(cursor.wrong("Texts stand in single quotes here: 'text'")),
        Some('[' | '{') => json(cursor).map(Some),
        Some('0'..='9') if looks_like_a_date(cursor.rest()) => moment(cursor).map(Some),
        Some('0'..='9' | '+' | '-') => number(cursor),
        Some(_) => Ok(word(cursor)?),
        None => Ok(None),
    }
}

/// Eight, four, four, four and twelve hexadecimal digits.
fn guid(cursor: &mut Cursor) -> Option<Guid> {
    let text = cursor.rest().get(..36)?;
    let is_guid = text.bytes().enumerate().all(|(at, it)| match at {
        8 | 13 | 18 | 23 => it == b'-',
        _ => it.is_ascii_hexdigit(),
    });
    if !is_guid || cursor.rest()[36..].starts_with(is_name) {
        return None;
    }
    let guid = text.parse().ok()?;
    cursor.skip(36);
    Some(guid)
}

/// A text in single quotes; a quote inside is doubled.
fn quoted(cursor: &mut Cursor) -> Result<String, BadOData> {
    let opening = cursor.mark();
    cursor.skip(1);
    let mut text = String::new();
    loop {
        let rest = cursor.rest();
        let Some(end) = rest.find('\'') else {
            cursor.back_to(opening);
            return Err(cursor.expected("a quote at the end of the text (a quote inside it is doubled: '')"));
        };
        text.push_str(&rest[..end]);
        cursor.skip(end + 1);
        if !cursor.eat('\'') {
            return Ok(text);
        }
        text.push('\'');
    }
}

/// A sign and digits, or `-INF`; anything else behind a minus sign is negated.
pub(super) fn is_negative_number(rest: &str) -> bool {
    rest.strip_prefix('-').is_some_and(|it| {
        it.starts_with(|it: char| it.is_ascii_digit())
            || it.strip_prefix("INF").is_some_and(|it| !it.starts_with(is_name))
    })
}

fn number(cursor: &mut Cursor) -> Result<Option<Literal>, BadOData> {
    let rest = cursor.rest();
    let unsigned = rest.strip_prefix(['+', '-']).unwrap_or(rest);
    if !unsigned.starts_with(|it: char| it.is_ascii_digit()) {
        let is_infinity = is_negative_number(rest);
        cursor.skip(if is_infinity { 4 } else { 0 });
        return Ok(is_infinity.then_some(Literal::Double(f64::NEG_INFINITY)));
    }
    let digits = |from: usize| from + rest[from..].bytes().take_while(u8::is_ascii_digit).count();
    let mut end = digits(rest.len() - unsigned.len());
    let mut has_point = false;
    let mut has_exponent = false;
    if rest[end..].starts_with('.') {
        has_point = true;
        let fraction = digits(end + 1);
        if fraction == end + 1 {
            cursor.skip(fraction);
            return Err(cursor.expected("digits after the decimal point"));
        }
        end = fraction;
    }
    if rest[end..].starts_with(['e', 'E']) {
        let sign = usize::from(rest[end + 1..].starts_with(['+', '-']));
        let exponent = digits(end + 1 + sign);
        has_exponent = exponent > end + 1 + sign;
        end = if has_exponent { exponent } else { end };
    }
    let text = rest[..end].trim_start_matches('+');
    cursor.skip(end);
    if cursor.rest().starts_with(|it: char| is_name(it) || it == '.') {
        return Err(cursor.expected("the end of the number"));
    }
    if has_exponent {
        let double = text.parse::<f64>().ok().filter(|it| it.is_finite());
        return double
            .map(|it| Some(Literal::Double(it)))
            .ok_or_else(|| cursor.wrong("The number is too large"));
    }
    Ok(Some(match text.parse() {
        Ok(int) if !has_point => Literal::Int(int),
        _ => Literal::Decimal(text.to_owned()),
    }))
}

/// `true`, `null`, `duration'…'`, an enumeration's member.
fn word(cursor: &mut Cursor) -> Result<Option<Literal>, BadOData> {
    let word = cursor.peek_qualified();
    let behind = cursor.rest()[word.len()..].chars().next();
    if !word.is_empty() && behind == Some('\'') {
        return tagged(cursor, word).map(Some);
    }
    // `true/x` and `true(…)` are names.
    let literal = match word {
        _ if matches!(behind, Some('/' | '(')) => return Ok(None),
        "null" => Literal::Null,
        "INF" => Literal::Double(f64::INFINITY),
        "NaN" => Literal::Double(f64::NAN),
        _ if word.eq_ignore_ascii_case("true") => Literal::Bool(true),
        _ if word.eq_ignore_ascii_case("false") => Literal::Bool(false),
        _ => return Ok(None),
    };
    cursor.skip(word.len());
    Ok(Some(literal))
}

fn tagged(cursor: &mut Cursor, tag: &str) -> Result<Literal, BadOData> {
    let refused = match tag {
        "binary" | "geography" | "geometry" | "X" => {
            Some(format!("Values of the kind {tag} are not compared in a URL"))
        }
        "guid" | "datetime" | "datetimeoffset" => {
            Some(format!("A value is written without “{tag}” and without quotes since OData 4.0"))
        }
        _ => None,
    };
    if let Some(refused) = refused {
        return Err(cursor.wrong(refused));
    }
    let begin = cursor.mark();
    cursor.skip(tag.len());
    let text = quoted(cursor)?;
    if tag != "duration" {
        return Ok(Literal::Enum { type_name: tag.to_owned(), member: text });
    }
    if is_duration(&text) {
        return Ok(Literal::Duration(text));
    }
    cursor.back_to(begin);
    Err(cursor.expected("a duration of days, hours, minutes and seconds such as duration'P1DT2H30M'"))
}

/// XML Schema's dayTimeDuration: `-P6DT23H59M59.9S`. Years and months have no fixed length and are not taken.
fn is_duration(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let Some(parts) = unsigned.strip_prefix('P') else { return false };
    let (days, time) = parts.split_once('T').map_or((parts, None), |(days, time)| (days, Some(time)));
    consists_of(days, "D")
        && time.is_none_or(|it| !it.is_empty() && consists_of(it, "HMS"))
        && !parts.is_empty()
}

/// Numbers, each followed by one of the units, in their order; seconds may have a fraction.
fn consists_of(text: &str, units: &str) -> bool {
    let mut rest = text;
    for unit in units.chars() {
        let Some((number, behind)) = rest.split_once(unit) else { continue };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
        let is_number = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
        if !is_number(whole) || !is_number(fraction) || (unit != 'S' && number.contains('.')) {
            return false;
        }
        rest = behind;
    }
    rest.is_empty()
}

/// JSON, in which texts and names may also stand in single quotes, and values may be any literal.
fn json(cursor: &mut Cursor) -> Result<Literal, BadOData> {
    cursor.deeper()?;
    let literal = if cursor.eat('[') {
        Literal::List(elements(cursor, ']', "',' or ']' in the list", json_value)?)
    } else {
        cursor.skip(1);
        Literal::Object(elements(cursor, '}', "',' or '}' in the object", |cursor| {
            let name = match cursor.peek() {
                Some('"') => double_quoted(cursor)?,
                Some('\'') => quoted(cursor)?,
                _ => return Err(cursor.expected("a name in quotes")),
            };
            cursor.spaces();
            cursor.expect(':', "':' after the name")?;
            cursor.spaces();
            Ok((name, json_value(cursor)?))
        })?)
    };
    cursor.shallower();
    Ok(literal)
}

/// Elements between commas up to the closing character, whose opening one is already behind.
pub(super) fn elements<T>(
    cursor: &mut Cursor,
    closing: char,
    expected: &str,
    element: fn(&mut Cursor) -> Result<T, BadOData>,
) -> Result<Vec<T>, BadOData> {
    let mut found = Vec::new();
    cursor.spaces();
    if cursor.eat(closing) {
        return Ok(found);
    }
    loop {
        found.push(element(cursor)?);
        if cursor.eat_spaced(',') {
            continue;
        }
        cursor.spaces();
        cursor.expect(closing, expected)?;
        return Ok(found);
    }
}

fn json_value(cursor: &mut Cursor) -> Result<Literal, BadOData> {
    if cursor.peek() == Some('"') { double_quoted(cursor).map(Literal::Text) } else { literal(cursor) }
}

fn double_quoted(cursor: &mut Cursor) -> Result<String, BadOData> {
    let rest = cursor.rest();
    let mut escaped = false;
    let end = rest[1..].bytes().position(|it| {
        let closes = it == b'"' && !escaped;
        escaped = it == b'\\' && !escaped;
        closes
    });
    let text = end.and_then(|it| serde_json::from_str(&rest[..it + 2]).ok().map(|text| (text, it + 2)));
    let Some((text, length)) = text else {
        return Err(cursor.expected("a JSON text that ends with \""));
    };
    cursor.skip(length);
    Ok(text)
}

#[cfg(test)]
#[path = "literal_tests.rs"]
mod tests;
