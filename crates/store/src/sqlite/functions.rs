//! What PostgreSQL learns in `migrations/0002_text.sql`, SQLite is given on each connection.

use domain::text;
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

/// From the year 1 to the year 9999, in days since 1970.
const DAYS: (i64, i64) = (-719_162, 2_932_896);
const MICROS_A_DAY: i64 = 86_400_000_000;

pub fn add(connection: &Connection) -> rusqlite::Result<()> {
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("alike", 1, flags, |call| {
        Ok(call.get_raw(0).as_str_or_null()?.map(text::alike))
    })?;
    connection.create_scalar_function("sortable", 1, flags, |call| {
        Ok(call.get_raw(0).as_str_or_null()?.map(sortable))
    })?;
    connection.create_scalar_function("datepart", 2, flags, |call| {
        let micros = call.get_raw(0).as_i64_or_null()?;
        let part = call.get_raw(1).as_str()?;
        Ok(micros.map(|it| date_part(it, part)))
    })
}

fn sortable(it: &str) -> String {
    let swapped = |letter| match letter {
        'å' => 'ä',
        'ä' => 'å',
        other => other,
    };
    text::alike(it).chars().map(swapped).collect()
}

fn date_part(micros: i64, part: &str) -> i64 {
    let day = micros.div_euclid(MICROS_A_DAY).clamp(DAYS.0, DAYS.1);
    let (year, month, day_of_month) = civil(day);
    match part {
        "year" => year,
        "quarter" => (month + 2) / 3,
        "month" => month,
        "week" => week(day),
        _ => day_of_month,
    }
}

/// Year, month and day of a day counted from 1970, in the Gregorian calendar: years begin in March here, so that a leap
/// day comes last, and every 400 years have 146097 days.
fn civil(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day_of_month = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day_of_month)
}

/// Of a year that is no leap year: the days before each month.
const BEFORE: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/// ISO 8601: weeks begin on Monday, and belong to the year of their Thursday.
fn week(day: i64) -> i64 {
    // 1970 began on a Thursday.
    let (year, month, day_of_month) = civil(day - (day + 3).rem_euclid(7) + 3);
    let leap = month > 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let before = usize::try_from(month - 1).ok().and_then(|it| BEFORE.get(it)).copied().unwrap_or_default();
    (before + i64::from(leap) + day_of_month - 1) / 7 + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(day: i64, year: i64, month: i64, of_month: i64, of_year: i64) {
        assert_eq!(civil(day), (year, month, of_month));
        assert_eq!(week(day), of_year);
    }

    #[test]
    fn days_have_their_dates_and_weeks() {
        check(0, 1970, 1, 1, 1);
        check(-1, 1969, 12, 31, 1);
        check(20_780, 2026, 11, 23, 48);
        check(19_723, 2024, 1, 1, 1);
        check(19_782, 2024, 2, 29, 9);
        check(18_628, 2021, 1, 1, 53);
        check(DAYS.0, 1, 1, 1, 1);
        check(DAYS.1, 9999, 12, 31, 52);
    }

    #[test]
    fn both_engines_hold_the_same_letters_for_alike() {
        let sql = include_str!("../../migrations/0002_text.sql");
        let (large, small): (String, String) = text::letter_pairs().unzip();
        assert!(sql.contains(&format!("''{large}''")) && sql.contains(&format!("''{small}''")));
    }
}
