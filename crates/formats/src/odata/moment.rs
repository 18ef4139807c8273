//! Dates and times as OData writes them (ISO 8601).

use super::BadOData;
use super::cursor::{Cursor, is_name};
use super::literal::Literal;
use chrono::{NaiveDate, NaiveTime};
use domain::time::Timestamp;

/// A date or time of the years 1 to 9999.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// As it was written.
    pub text: String,
    /// The instant; of a day its midnight in UTC.
    pub at: Timestamp,
}

/// `2026-…`: four digits, a dash and a digit.
pub(super) fn looks_like_a_date(rest: &str) -> bool {
    let mut bytes = rest.bytes();
    bytes.by_ref().take(4).all(|it| it.is_ascii_digit())
        && bytes.next() == Some(b'-')
        && bytes.next().is_some_and(|it| it.is_ascii_digit())
}

/// ISO 8601 as OData writes it: a day, or a day and a time with its zone; seconds and their fraction are optional.
pub(super) fn moment(cursor: &mut Cursor) -> Result<Literal, BadOData> {
    let rest = cursor.rest();
    let Some(day) = day(rest.as_bytes()) else {
        return Err(cursor.expected("a date such as 2026-11-23, of the years 0001 to 9999"));
    };
    if !rest[10..].starts_with(['T', 't']) {
        cursor.skip(10);
        if cursor.rest().starts_with(is_name) {
            return Err(cursor.expected("the end of the date"));
        }
        let at = Timestamp(day.and_time(NaiveTime::MIN).and_utc().timestamp_micros());
        return Ok(Literal::Date(Moment { text: rest[..10].to_owned(), at }));
    }
    cursor.skip(11);
    let (micros, length) = time_of_day(cursor)?;
    cursor.skip(length);
    let (offset, zone) = zone(cursor)?;
    let midnight = day.and_time(NaiveTime::MIN).and_utc().timestamp_micros();
    // Spaces come from a plus that nobody encoded; printed again it has to be one.
    let text = rest[..11 + length + zone].replace(' ', "+");
    cursor.skip(zone);
    if cursor.rest().starts_with(is_name) {
        return Err(cursor.expected("the end of the time"));
    }
    Ok(Literal::DateTimeOffset(Moment { text, at: Timestamp(midnight + micros - offset) }))
}

/// The day of the first ten bytes.
fn day(text: &[u8]) -> Option<NaiveDate> {
    let number = |from: usize, to: usize| -> Option<u32> {
        // Digits alone: other readers of numbers would take a sign.
        let digits = text.get(from..to).filter(|it| it.iter().all(u8::is_ascii_digit))?;
        Some(digits.iter().fold(0, |sum, it| sum * 10 + u32::from(it - b'0')))
    };
    let has_dashes = text.get(4) == Some(&b'-') && text.get(7) == Some(&b'-');
    let year = number(0, 4).filter(|it| *it > 0 && has_dashes)?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, number(5, 7)?, number(8, 10)?)
}

/// Microseconds since midnight, and how many bytes say so.
fn time_of_day(cursor: &Cursor) -> Result<(i64, usize), BadOData> {
    let rest = cursor.rest().as_bytes();
    let two = |at: usize| -> Option<i64> {
        let digits = rest.get(at..at + 2).filter(|it| it.iter().all(u8::is_ascii_digit))?;
        Some(i64::from(digits[0] - b'0') * 10 + i64::from(digits[1] - b'0'))
    };
    let colon = |at: usize| rest.get(at) == Some(&b':');
    let wrong = || cursor.expected("a time such as 10:41:00Z");
    let (Some(hour @ 0..24), true, Some(minute @ 0..60)) = (two(0), colon(2), two(3)) else {
        return Err(wrong());
    };
    let minutes = (hour * 60 + minute) * 60 * Timestamp::SECOND;
    if !colon(5) {
        return Ok((minutes, 5));
    }
    // 60 is a leap second.
    let Some(second @ 0..=60) = two(6) else { return Err(wrong()) };
    let whole = minutes + second * Timestamp::SECOND;
    if rest.get(8) != Some(&b'.') {
        return Ok((whole, 8));
    }
    let fraction = rest[9..].iter().take_while(|it| it.is_ascii_digit()).count();
    if !(1..=12).contains(&fraction) {
        return Err(wrong());
    }
    let micros =
        (0..6).fold(0, |sum, at| sum * 10 + if at < fraction { i64::from(rest[9 + at] - b'0') } else { 0 });
    Ok((whole + micros, 9 + fraction))
}

/// The microseconds by which the zone is ahead of UTC, and how many bytes say so.
fn zone(cursor: &Cursor) -> Result<(i64, usize), BadOData> {
    let rest = cursor.rest();
    if rest.starts_with(['Z', 'z']) {
        return Ok((0, 1));
    }
    let digits = rest.get(1..6).map(str::as_bytes).unwrap_or_default();
    let number = |at: usize| {
        let digits = digits.get(at..at + 2).filter(|it| it.iter().all(u8::is_ascii_digit))?;
        Some(i64::from(digits[0] - b'0') * 10 + i64::from(digits[1] - b'0'))
    };
    match (rest.chars().next(), number(0), digits.get(2), number(3)) {
        (Some(sign @ ('+' | '-' | ' ')), Some(hours @ 0..24), Some(b':'), Some(minutes @ 0..60)) => {
            let offset = (hours * 60 + minutes) * 60 * Timestamp::SECOND;
            Ok((if sign == '-' { -offset } else { offset }, 6))
        }
        _ => Err(cursor.expected("the time's zone: Z, or its distance from UTC such as %2B01:00")),
    }
}
