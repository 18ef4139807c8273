//! How times are written: short where many stand in a column, whole where one is looked at.

use super::{Language, Words};
use chrono::{DateTime, Datelike, NaiveDate, Offset, Timelike, Utc};
use chrono_tz::Tz;
use domain::time::Timestamp;

const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const MONTHS_SV: [&str; 12] = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
];
/// Swedish shortens neither March, May, June nor July; English keeps three letters.
const SHORT_SV: [&str; 12] =
    ["jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec"];
const DAYS_EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const DAYS_SV: [&str; 7] = ["måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"];

impl Words {
    /// `10:41`.
    pub fn time(&self, at: Timestamp) -> String {
        self.local(at).map_or_else(String::new, |it| format!("{:02}:{:02}", it.hour(), it.minute()))
    }

    /// The day in the reader's zone: `12 November 2026`.
    pub fn date(&self, at: Timestamp) -> String {
        self.local(at).map_or_else(String::new, |it| self.long(it.date_naive()))
    }

    /// A day without time and zone, as a date column holds it: `12 November 2026`.
    pub fn calendar_date(&self, at: Timestamp) -> String {
        at.utc().map_or_else(String::new, |it| self.long(it.date_naive()))
    }

    /// `12 November 2026 10:41`.
    pub fn moment(&self, at: Timestamp) -> String {
        format!("{} {}", self.date(at), self.time(at))
    }

    /// Short, for columns: `Today 10:41`, `Fri`, `12 Nov`, `12 Nov 2025`.
    pub fn when(&self, at: Timestamp, now: Timestamp) -> String {
        let (Some(then), Some(today)) = (self.local(at), self.local(now)) else { return String::new() };
        let (day, today) = (then.date_naive(), today.date_naive());
        match (today - day).num_days() {
            0 => format!("{} {}", self.today(), self.time(at)),
            1..=6 => self.weekday(day).chars().take(3).collect(),
            _ if day.year() == today.year() => self.short(day),
            _ => format!("{} {}", self.short(day), day.year()),
        }
    }

    /// A heading over one day's entries: `Today`, `Yesterday`, `Thursday 12 November`.
    pub fn day(&self, at: Timestamp, now: Timestamp) -> String {
        let (Some(then), Some(today)) = (self.local(at), self.local(now)) else { return String::new() };
        let (day, today) = (then.date_naive(), today.date_naive());
        match (today - day).num_days() {
            0 => self.today().to_owned(),
            1 => match self.language {
                Language::English => "Yesterday".to_owned(),
                Language::Swedish => "I går".to_owned(),
            },
            _ => {
                let mut text = format!("{} {} {}", self.weekday(day), day.day(), self.month(day));
                if day.year() != today.year() {
                    text = format!("{text} {}", day.year());
                }
                capital(&text)
            }
        }
    }

    /// Today with its weekday, for a greeting: `Monday 23 November`.
    pub fn weekday_and_date(&self, now: Timestamp) -> String {
        self.local(now).map_or_else(String::new, |it| {
            let day = it.date_naive();
            capital(&format!("{} {} {}", self.weekday(day), day.day(), self.month(day)))
        })
    }

    /// 0 to 23, on the reader's wall.
    pub fn hour(&self, now: Timestamp) -> u32 {
        self.local(now).map_or(12, |it| it.hour())
    }

    /// What a form holds in an input of the type `datetime-local`: `2026-11-23T10:41`.
    pub fn local_input(&self, at: Timestamp) -> String {
        self.local(at).map_or_else(String::new, |it| it.format("%Y-%m-%dT%H:%M").to_string())
    }

    fn today(&self) -> &'static str {
        match self.language {
            Language::English => "Today",
            Language::Swedish => "I dag",
        }
    }

    fn weekday(&self, day: NaiveDate) -> &'static str {
        let at = day.weekday().num_days_from_monday() as usize;
        match self.language {
            Language::English => DAYS_EN[at],
            Language::Swedish => DAYS_SV[at],
        }
    }

    fn month(&self, day: NaiveDate) -> &'static str {
        match self.language {
            Language::English => MONTHS_EN[day.month0() as usize],
            Language::Swedish => MONTHS_SV[day.month0() as usize],
        }
    }

    fn short(&self, day: NaiveDate) -> String {
        match self.language {
            Language::English => format!("{} {}", day.day(), &self.month(day)[..3]),
            Language::Swedish => format!("{} {}", day.day(), SHORT_SV[day.month0() as usize]),
        }
    }

    fn long(&self, day: NaiveDate) -> String {
        format!("{} {} {}", day.day(), self.month(day), day.year())
    }

    fn local(&self, at: Timestamp) -> Option<DateTime<Tz>> {
        at.utc().map(|it: DateTime<Utc>| it.with_timezone(&self.zone))
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// How many minutes the clock on the wall is ahead of UTC at that moment.
pub fn ahead_of_utc(zone: Tz, at: Timestamp) -> i32 {
    at.utc().map_or(0, |it| it.with_timezone(&zone).offset().fix().local_minus_utc() / 60)
}

/// The machine's own zone: `TZ`, or where `/etc/localtime` leads, or UTC.
pub fn local_zone() -> Tz {
    let named = std::env::var("TZ").ok().and_then(|it| it.trim_start_matches(':').parse().ok());
    named.or_else(linked_zone).unwrap_or(Tz::UTC)
}

fn linked_zone() -> Option<Tz> {
    let path = std::fs::canonicalize("/etc/localtime").ok()?;
    path.to_str()?.split_once("zoneinfo/")?.1.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-23T09:41:00Z";

    #[track_caller]
    fn check(at: &str, english: &str, swedish: &str) {
        let (at, now) = (Timestamp::parse(at).unwrap(), Timestamp::parse(NOW).unwrap());
        let say = |language| Words::new(language, Tz::Europe__Stockholm).when(at, now);
        assert_eq!((say(Language::English).as_str(), say(Language::Swedish).as_str()), (english, swedish));
    }

    #[test]
    fn the_nearer_a_time_the_finer_it_is_told() {
        check(NOW, "Today 10:41", "I dag 10:41");
        check("2026-11-20T12:00:00Z", "Fri", "fre");
        check("2026-11-12T12:00:00Z", "12 Nov", "12 nov");
        check("2025-03-12T12:00:00Z", "12 Mar 2025", "12 mars 2025");
    }

    #[test]
    fn a_day_begins_at_midnight_on_the_readers_wall() {
        check("2026-11-22T23:30:00Z", "Today 00:30", "I dag 00:30");
    }

    #[test]
    fn what_lies_ahead_has_a_date() {
        check("2026-11-26T12:00:00Z", "26 Nov", "26 nov");
    }

    #[test]
    fn times_beyond_the_calendar_are_silent() {
        let words = Words::new(Language::English, Tz::UTC);
        assert_eq!(words.when(Timestamp(i64::MAX), Timestamp(0)), "");
        assert_eq!(words.date(Timestamp(i64::MIN)), "");
    }

    #[test]
    fn headings_name_the_weekday() {
        let now = Timestamp::parse(NOW).unwrap();
        let at = Timestamp::parse("2026-11-12T12:00:00Z").unwrap();
        assert_eq!(Words::new(Language::Swedish, Tz::UTC).day(at, now), "Torsdag 12 november");
        assert_eq!(Words::new(Language::English, Tz::UTC).day(at, now), "Thursday 12 November");
    }
}
