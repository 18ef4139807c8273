//! The words of the calendar: “today”, “last month”, “the next 3 weeks”, as ranges of time that depend on where the asker is.

use super::{BadQuery, Field, bad};
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use domain::ask::Asker;
use domain::entity::FieldKind;
use domain::filter::{Filter, Op};
use domain::record::Value;
use domain::time::Timestamp;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Minute,
    Hour,
    Day,
    /// From Monday on (ISO 8601).
    Week,
    Month,
    Year,
}

/// A range of time, seen from now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// The whole unit that is so many after the present one; before it when negative.
    Whole(Unit, i64),
    /// From so many units ago until now; of days and more from the beginning of that day.
    Last(Unit, i64),
    /// From now until so many units later; of days and more to the end of that day.
    Next(Unit, i64),
    /// Before the beginning of [`Span::Last`].
    OlderThan(Unit, i64),
}

/// A day on the asker's wall, or a point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Day {
    Date(NaiveDate),
    Time(Timestamp),
}

impl Day {
    /// `None` outside of the calendar.
    pub fn of_utc(midnight: Timestamp) -> Option<Day> {
        midnight.utc().map(|it| Day::Date(it.date_naive()))
    }

    /// As a column without a time of day keeps it.
    pub fn midnight(self) -> Timestamp {
        match self {
            Day::Date(date) => utc(date.and_time(NaiveTime::MIN)),
            Day::Time(time) => Timestamp(time.0 - time.0.rem_euclid(Timestamp::DAY)),
        }
    }

    pub fn instant(self, asker: &Asker) -> Timestamp {
        match self {
            Day::Date(date) => instant(date.and_time(NaiveTime::MIN), asker),
            Day::Time(time) => time,
        }
    }

    /// The day that it is for the asker.
    fn date(self, asker: &Asker) -> Option<NaiveDate> {
        match self {
            Day::Date(date) => Some(date),
            Day::Time(time) => Some(wall(time, asker)?.date()),
        }
    }
}

/// A day, or a time with or without its zone; without one it is the asker's. Years 1 to 9999.
pub(super) fn moment(text: &str, asker: &Asker) -> Option<Day> {
    let day = text.get(..10)?;
    let is_day = day
        .bytes()
        .enumerate()
        .all(|(at, it)| if matches!(at, 4 | 7) { it == b'-' } else { it.is_ascii_digit() });
    let date = NaiveDate::parse_from_str(day, "%Y-%m-%d").ok().filter(|it| is_day && it.year() > 0)?;
    let rest = &text[10..];
    if rest.is_empty() {
        return Some(Day::Date(date));
    }
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(Day::Time(Timestamp(time.timestamp_micros())));
    }
    let clock = rest.strip_prefix(['T', 't', ' '])?;
    let time = ["%H:%M:%S%.f", "%H:%M"].iter().find_map(|it| NaiveTime::parse_from_str(clock, it).ok())?;
    Some(Day::Time(instant(date.and_time(time), asker)))
}

/// The condition that the column lies in this range. Refused when the range leaves the calendar.
pub(super) fn within(field: &Field<'_>, span: Span, asker: &Asker) -> Result<Filter, BadQuery> {
    let now = wall(asker.now, asker);
    let range = now.and_then(|now| match span {
        Span::Whole(unit, by) => {
            let from = shift(start(unit, now)?, unit, by)?;
            Some((Some(from), Some((Op::Lt, shift(from, unit, 1)?))))
        }
        Span::Last(unit, by) => Some((Some(back(unit, now, by)?), Some((Op::Le, now)))),
        Span::Next(unit, by) => {
            let to = shift(now, unit, by)?;
            let end = if is_clock(unit) { to } else { shift(start(Unit::Day, to)?, Unit::Day, 1)? };
            Some((Some(now), Some((if is_clock(unit) { Op::Le } else { Op::Lt }, end))))
        }
        Span::OlderThan(unit, by) => Some((None, Some((Op::Lt, back(unit, now, by)?)))),
    });
    let Some((from, to)) = range else {
        return bad(format!("{} is compared with a time outside of the calendar.", field.name));
    };
    Ok(between(field, from, to, asker))
}

/// The condition that it is that day, or not before or not after it.
pub(super) fn on(field: &Field<'_>, op: Op, day: Day, asker: &Asker) -> Result<Filter, BadQuery> {
    let date = day.date(asker);
    let days = date.and_then(|it| Some((it, it.checked_add_days(Days::new(1))?)));
    let Some((date, next)) = days.map(|it| (it.0.and_time(NaiveTime::MIN), it.1.and_time(NaiveTime::MIN)))
    else {
        return bad(format!("{} is compared with a day outside of the calendar.", field.name));
    };
    Ok(match op {
        Op::Ge => between(field, Some(date), None, asker),
        Op::Gt => between(field, Some(next), None, asker),
        Op::Le => between(field, None, Some((Op::Lt, next)), asker),
        Op::Lt => between(field, None, Some((Op::Lt, date)), asker),
        Op::Eq => between(field, Some(date), Some((Op::Lt, next)), asker),
        Op::Ne => Filter::Not(Box::new(between(field, Some(date), Some((Op::Lt, next)), asker))),
    })
}

fn between(
    field: &Field<'_>,
    from: Option<NaiveDateTime>,
    to: Option<(Op, NaiveDateTime)>,
    asker: &Asker,
) -> Filter {
    let compare = |op: Op, time: NaiveDateTime| Filter::Compare {
        column: field.name.clone(),
        op,
        // A day in a column without a time of day is the same day everywhere.
        value: Value::Time(if field.kind == FieldKind::Date { utc(time) } else { instant(time, asker) }),
    };
    let from = from.map(|it| compare(Op::Ge, it));
    let mut both: Vec<Filter> = from.into_iter().chain(to.map(|(op, it)| compare(op, it))).collect();
    match (both.pop(), both.is_empty()) {
        (Some(only), true) => only,
        (last, _) => Filter::All(both.into_iter().chain(last).collect()),
    }
}

fn is_clock(unit: Unit) -> bool {
    matches!(unit, Unit::Minute | Unit::Hour)
}

/// So many units ago; of days and more the beginning of that day.
fn back(unit: Unit, now: NaiveDateTime, by: i64) -> Option<NaiveDateTime> {
    let from = shift(now, unit, by.checked_neg()?)?;
    if is_clock(unit) { Some(from) } else { start(Unit::Day, from) }
}

/// The beginning of the unit.
fn start(unit: Unit, time: NaiveDateTime) -> Option<NaiveDateTime> {
    let date = time.date();
    let first = match unit {
        Unit::Minute | Unit::Hour => return Some(time),
        Unit::Day => date,
        Unit::Week => date.checked_sub_days(Days::new(u64::from(date.weekday().num_days_from_monday())))?,
        Unit::Month => date.with_day(1)?,
        Unit::Year => date.with_day(1)?.with_month(1)?,
    };
    Some(first.and_time(NaiveTime::MIN))
}

fn shift(time: NaiveDateTime, unit: Unit, by: i64) -> Option<NaiveDateTime> {
    let shifted = match unit {
        Unit::Minute => time.checked_add_signed(TimeDelta::try_minutes(by)?),
        Unit::Hour => time.checked_add_signed(TimeDelta::try_hours(by)?),
        Unit::Day => time.checked_add_signed(TimeDelta::try_days(by)?),
        Unit::Week => time.checked_add_signed(TimeDelta::try_weeks(by)?),
        Unit::Month => months(time, by),
        Unit::Year => months(time, by.checked_mul(12)?),
    };
    shifted.filter(|it| (1..=9999).contains(&it.year()))
}

fn months(time: NaiveDateTime, by: i64) -> Option<NaiveDateTime> {
    let months = Months::new(u32::try_from(by.unsigned_abs()).ok()?);
    if by < 0 { time.checked_sub_months(months) } else { time.checked_add_months(months) }
}

/// What the asker's clock shows then.
fn wall(time: Timestamp, asker: &Asker) -> Option<NaiveDateTime> {
    let ahead = i64::from(asker.ahead_of_utc) * 60;
    let utc = time.utc()?.naive_utc();
    utc.checked_add_signed(TimeDelta::try_seconds(ahead)?)
}

fn instant(wall: NaiveDateTime, asker: &Asker) -> Timestamp {
    utc(wall).plus_seconds(-i64::from(asker.ahead_of_utc) * 60)
}

fn utc(time: NaiveDateTime) -> Timestamp {
    Timestamp(time.and_utc().timestamp_micros())
}
