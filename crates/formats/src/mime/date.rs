//! The Date field in the forms that are met, good and bad.

use super::words::readable;
use chrono::NaiveDateTime;
use domain::time::Timestamp;
use mail_parser::DateTime;

/// `None` for what is no date, and for a year in which nobody sent mail.
pub(super) fn date(raw: &[u8]) -> Option<Timestamp> {
    let text = readable(&raw[..raw.len().min(200)]).replace(['\r', '\n', '\0'], " ");
    let text = text.trim();
    // The strict forms first: the lenient reader finds a date in anything.
    let found = Timestamp::parse(text)
        .or_else(|| naive(text))
        .or_else(|| rfc_5322(text))
        .or_else(|| rfc_5322(&format!("{text} +0000")))
        .or_else(|| rfc_5322(&without_dashes(text)))
        .or_else(|| rfc_5322(&format!("{} +0000", without_dashes(text))));
    found.filter(|it| (EARLIEST..LATEST).contains(it))
}

/// 1971 and 2200 in seconds: outside is a broken clock or a joke.
const EARLIEST: Timestamp = Timestamp(31_536_000 * Timestamp::SECOND);
const LATEST: Timestamp = Timestamp(7_258_118_400 * Timestamp::SECOND);

fn rfc_5322(text: &str) -> Option<Timestamp> {
    let mut date = DateTime::parse_rfc822(text)?;
    // A leap second.
    date.second = date.second.min(59);
    date.is_valid().then(|| Timestamp::from_seconds(date.to_timestamp()))
}

/// `23-Nov-2026` as `23 Nov 2026`.
fn without_dashes(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let is_letter =
        |at: Option<usize>| at.and_then(|it| letters.get(it)).is_some_and(|it| it.is_alphabetic());
    let dash_to_space = |(at, letter): (usize, &char)| {
        let between = is_letter(at.checked_sub(1)) || is_letter(Some(at + 1));
        if *letter == '-' && between { ' ' } else { *letter }
    };
    letters.iter().enumerate().map(dash_to_space).collect()
}

/// Forms without a zone are taken as UTC.
fn naive(text: &str) -> Option<Timestamp> {
    let forms = ["%a %b %e %H:%M:%S %Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"];
    let found = forms.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())?;
    Some(Timestamp(found.and_utc().timestamp_micros()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, expected: Option<&str>) {
        assert_eq!(date(raw.as_bytes()).map(|it| it.to_string()).as_deref(), expected, "{raw}");
    }

    #[test]
    fn dates_are_read_in_many_forms() {
        let ten = Some("2026-11-23T10:41:00Z");
        check("Mon, 23 Nov 2026 11:41:00 +0100", ten);
        check("23 Nov 26 11:41 +0100 (CET)", ten);
        check("Mon,\r\n 23 Nov 2026 10:41:00 GMT", ten);
        check("Mon, 23 Nov 2026 10:41:00", ten);
        check("23-Nov-2026 11:41:00 +0100", ten);
        check("2026-11-23T11:41:00+01:00", ten);
        check("2026-11-23 10:41:00", ten);
        check("Mon Nov 23 10:41:00 2026", ten);
        check("Sat, 31 Dec 2016 23:59:60 +0000", Some("2016-12-31T23:59:59Z"));
        check("1 Jan 99 00:00:00 -0500", Some("1999-01-01T05:00:00Z"));
    }

    #[test]
    fn absurd_dates_are_no_dates() {
        for raw in [
            "",
            "yesterday",
            "Mon, 99 Nov 2026 11:41:00 +0100",
            "1 Jan 1901 00:00 +0000",
            "1 Jan 9999 00:00 +0000",
        ] {
            check(raw, None);
        }
    }
}
