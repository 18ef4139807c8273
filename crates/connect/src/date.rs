//! The delivery date as IMAP writes it: `17-Jul-1996 02:44:25 -0700` (RFC 9051, date-time).

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Unix seconds; none when it is no such date.
pub fn unix_seconds(text: &str) -> Option<i64> {
    let mut words = text.split_ascii_whitespace();
    let (date, time, zone) = (words.next()?, words.next()?, words.next()?);
    let mut date = date.split('-');
    let day: i64 = date.next()?.parse().ok()?;
    let month = date.next()?.to_ascii_lowercase();
    let month = i64::try_from(MONTHS.iter().position(|name| *name == month)?).ok()? + 1;
    let year: i64 = date.next()?.parse().ok()?;
    let mut seconds = 0;
    for part in time.split(':') {
        seconds = seconds * 60 + i64::from(part.parse::<u8>().ok()?);
    }
    let offset: i64 = zone.get(1..)?.parse().ok()?;
    let offset = (offset / 100 * 60 + offset % 100) * 60;
    let east = if zone.starts_with('-') { -offset } else { offset };
    let in_range = (1..=31).contains(&day) && (1..=9999).contains(&year) && (0..86_401).contains(&seconds);
    in_range.then(|| days(year, month, day) * 86_400 + seconds - east)
}

/// Days from 1970-01-01 in the Gregorian calendar, counted in years that start in March.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, wanted: Option<i64>) {
        assert_eq!(unix_seconds(text), wanted);
    }

    #[test]
    fn dates_of_the_wire_become_unix_seconds() {
        check("01-Jan-1970 00:00:00 +0000", Some(0));
        check("17-Jul-1996 02:44:25 -0700", Some(837_596_665));
        check(" 1-Mar-2024 01:30:00 +0100", Some(1_709_253_000));
        check("29-Feb-2024 23:59:59 +0000", Some(1_709_251_199));
        check("31-Dec-1969 23:59:59 +0000", Some(-1));
    }

    #[test]
    fn nonsense_is_no_date() {
        for text in [
            "",
            "17-Jul-1996",
            "17-Jux-1996 02:44:25 -0700",
            "a-Jul-1996 02:44:25 -0700",
            "1-Jan-2024 99:99:99 é",
        ] {
            check(text, None);
        }
    }
}
