//! One cell of a table: a value as people write it, in either language, and back.

use crate::Problem;
use chrono::{NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;
use domain::entity::{ColumnDef, FieldKind, FileCell, Label};
use domain::id::RecordRef;
use domain::record::Value;
use domain::text::folded;
use domain::time::Timestamp;
use std::collections::BTreeMap;

/// How the people write for whom a table is made, or who made it.
#[derive(Debug, Clone)]
pub struct Manner {
    /// Their language's half of a label.
    pub label: fn(&Label) -> &str,
    pub yes: String,
    pub no: String,
    /// The clock on their wall.
    pub zone: Tz,
    /// Before the decimals: a comma or a point.
    pub point: char,
}

impl Manner {
    /// English words, points and UTC: for scripts.
    pub fn plain() -> Manner {
        let label: fn(&Label) -> &str = |it| &it.en;
        Manner { label, yes: "yes".to_owned(), no: "no".to_owned(), zone: Tz::UTC, point: '.' }
    }
}

/// A value as a cell shows it. Nothing for an empty one, for a key and for a record whose name the reader may not see.
pub fn written(
    column: &ColumnDef,
    value: &Value,
    names: &BTreeMap<RecordRef, String>,
    manner: &Manner,
) -> String {
    let guarded = |text: &str| formats::sheet::guarded(text).into_owned();
    let label = |value: i64| column.option(value).map(|it| (manner.label)(&it.label).to_owned());
    match (&column.kind, value) {
        (FieldKind::Money, Value::Int(it)) => parts(*it, 10_000, manner.point),
        (FieldKind::Decimal, Value::Int(it)) => parts(*it, 1_000_000, manner.point),
        (FieldKind::Choice, Value::Int(it)) => guarded(&label(*it).unwrap_or_else(|| it.to_string())),
        (FieldKind::Choices, Value::Choices(all)) => {
            let labels = all.iter().map(|it| label(*it).unwrap_or_else(|| it.to_string()));
            guarded(&labels.collect::<Vec<_>>().join("; "))
        }
        (FieldKind::File, Value::Text(text)) => {
            serde_json::from_str(text).map_or_else(|_| String::new(), |it: FileCell| guarded(&it.name))
        }
        (FieldKind::Date, Value::Time(it)) => {
            it.utc().map_or_else(String::new, |it| it.format("%Y-%m-%d").to_string())
        }
        (_, Value::Time(it)) => it.utc().map_or_else(String::new, |it| {
            it.with_timezone(&manner.zone).format("%Y-%m-%d %H:%M:%S").to_string()
        }),
        (_, Value::Text(text)) => guarded(text),
        (_, Value::Int(it)) => it.to_string(),
        (_, Value::Float(it)) => it.to_string().replace('.', &manner.point.to_string()),
        (_, Value::Bool(it)) => if *it { &manner.yes } else { &manner.no }.clone(),
        (_, Value::Ref(record)) => names.get(record).map_or_else(String::new, |it| guarded(it)),
        (_, Value::Null | Value::Bytes(_) | Value::Choices(_)) => String::new(),
    }
}

/// `1234.5`: all decimals there are, and none that are not.
fn parts(number: i64, unit: u64, point: char) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let (whole, rest) = (number.unsigned_abs() / unit, number.unsigned_abs() % unit);
    let places = usize::try_from(unit.ilog10()).unwrap_or_default();
    match format!("{rest:0places$}").trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        rest => format!("{sign}{whole}{point}{rest}"),
    }
}

/// What a cell holds, as a value of the column. A lookup is not read here: it takes a look at the records.
pub fn read(column: &ColumnDef, text: &str, manner: &Manner) -> Result<Value, Problem> {
    let (text, name) = (text.trim(), || column.name.clone());
    if text.is_empty() {
        return Ok(Value::Null);
    }
    let number = |it: Option<Value>| it.ok_or_else(|| Problem::NoNumber { column: name() });
    let date = |it: Option<Timestamp>| it.map(Value::Time).ok_or_else(|| Problem::NoDate { column: name() });
    let choice = |it: Option<Value>| it.ok_or_else(|| Problem::NoChoice { column: name() });
    match column.kind {
        FieldKind::Text | FieldKind::Memo | FieldKind::Email | FieldKind::Phone | FieldKind::Url => {
            Ok(Value::Text(text.replace("\r\n", "\n")))
        }
        FieldKind::Integer => number(scaled(text, 0).map(Value::Int)),
        FieldKind::Money => number(scaled(text, 4).map(Value::Int)),
        FieldKind::Decimal => number(scaled(text, 6).map(Value::Int)),
        FieldKind::Float => number(float(text).map(Value::Float)),
        FieldKind::Boolean => choice(boolean(text).map(Value::Bool)),
        FieldKind::Date => date(day(text)),
        FieldKind::DateTime => date(moment(text, manner.zone)),
        FieldKind::Choice => choice(option(column, text).map(Value::Int)),
        FieldKind::Choices => choice(options(column, text).map(Value::Choices)),
        FieldKind::Lookup => Err(Problem::NoRecord { column: name() }),
        FieldKind::Key | FieldKind::File => Err(Problem::Fixed { column: name() }),
    }
}

/// `2 160 000 kr`, `2,160,000.50`, `99,5`, in units of ten to the minus `places`. The last comma or point begins the
/// decimals, unless three digits follow and there is no doubt that it stands between thousands.
fn scaled(text: &str, places: usize) -> Option<i64> {
    let text: String = text.chars().filter(|it| !it.is_whitespace()).collect();
    let text = text.to_lowercase().replace('−', "-");
    let text = text.trim_end_matches("kr").trim_end_matches("sek").trim_end_matches('%');
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |it| (-1, it));
    let marks: Vec<char> = text.chars().filter(|it| matches!(it, ',' | '.')).collect();
    let alike = marks.len() > 1 && marks.windows(2).all(|it| it[0] == it[1]);
    let (whole, decimals) = match text.rsplit_once([',', '.']) {
        // `1,234` is money of a thousand; of exact decimals it is one and a bit.
        Some((_, behind)) if alike || (behind.len() == 3 && places < 6 && marks.len() == 1) => (text, ""),
        Some(split) => split,
        None => (text, ""),
    };
    let digits: String = whole.chars().filter(|it| !matches!(it, ',' | '.')).collect();
    let plain = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    let decimals = decimals.trim_end_matches('0');
    if !plain(&digits)
        || !plain(decimals)
        || decimals.len() > places
        || (digits.is_empty() && decimals.is_empty())
    {
        return None;
    }
    let padded = format!("{digits}{decimals:0<places$}");
    padded.parse::<i64>().ok()?.checked_mul(sign)
}

fn float(text: &str) -> Option<f64> {
    let text: String = text.chars().filter(|it| !it.is_whitespace()).collect();
    text.replace(',', ".").parse().ok().filter(|it: &f64| it.is_finite())
}

fn boolean(text: &str) -> Option<bool> {
    match folded(text).as_str() {
        "yes" | "true" | "1" | "x" | "ja" | "sant" => Some(true),
        "no" | "false" | "0" | "nej" | "falskt" => Some(false),
        _ => None,
    }
}

/// Year, month and day; what follows does not matter.
fn day(text: &str) -> Option<Timestamp> {
    let first = text.split([' ', 'T']).next()?;
    let forms = ["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%d.%m.%Y"];
    let day = forms.iter().find_map(|it| NaiveDate::parse_from_str(first, it).ok())?;
    Some(Timestamp(day.and_hms_opt(0, 0, 0)?.and_utc().timestamp_micros()))
}

/// With an offset that moment, without one on the writer's wall. Where the clock is put back, the first of the two hours.
fn moment(text: &str, zone: Tz) -> Option<Timestamp> {
    if text.len() > 16
        && let Some(at) = Timestamp::parse(text)
    {
        return Some(at);
    }
    let forms = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"];
    let local = forms.iter().find_map(|it| NaiveDateTime::parse_from_str(text, it).ok());
    let local = match local {
        Some(local) => local,
        None => day(text).filter(|_| !text.contains(':'))?.utc()?.naive_utc(),
    };
    let at = zone.from_local_datetime(&local).earliest()?;
    Some(Timestamp(at.with_timezone(&Utc).timestamp_micros()))
}

/// By its label in either language, or by its number.
fn option(column: &ColumnDef, text: &str) -> Option<i64> {
    let said = folded(text);
    let named = column.options.iter().find(|it| folded(&it.label.en) == said || folded(&it.label.sv) == said);
    named.map(|it| it.value).or_else(|| text.parse().ok().filter(|it| column.option(*it).is_some()))
}

fn options(column: &ColumnDef, text: &str) -> Option<Vec<i64>> {
    let split = if text.contains(';') { ';' } else { ',' };
    let mut all: Vec<i64> = if let Some(one) = option(column, text) {
        vec![one]
    } else {
        let some = text.split(split).map(str::trim).filter(|it| !it.is_empty());
        some.map(|it| option(column, it)).collect::<Option<_>>()?
    };
    all.sort_unstable();
    all.dedup();
    (!all.is_empty()).then_some(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::entity::Catalog;

    fn column(kind: FieldKind) -> ColumnDef {
        ColumnDef::new("it", kind, Label { en: "It".to_owned(), sv: "Det".to_owned() })
    }

    #[track_caller]
    fn check(kind: FieldKind, text: &str, expected: impl Into<Value>) {
        let zone = Tz::Europe__Stockholm;
        let read = read(&column(kind), text, &Manner { zone, ..Manner::plain() });
        assert_eq!(read.unwrap_or(Value::Null), expected.into(), "{text}");
    }

    #[test]
    fn sums_are_read_as_either_language_writes_them() {
        for text in ["2 160 000,50 kr", "2,160,000.50", "2160000.5", "2.160.000,5"] {
            check(FieldKind::Money, text, 21_600_005_000);
        }
        check(FieldKind::Money, "1,234", 12_340_000);
        check(FieldKind::Money, "−99,5", -995_000);
        check(FieldKind::Decimal, "0.125", 125_000);
        check(FieldKind::Integer, "12 500", 12_500);
        check(FieldKind::Integer, "12,500.00", 12_500);
        for text in ["much", "1.5x", "-", "9223372036854775808"] {
            check(FieldKind::Integer, text, Value::Null);
        }
    }

    #[test]
    fn dates_are_read_and_a_doubtful_one_is_not() {
        let time = |text: &str| Timestamp::parse(text).unwrap();
        for text in ["2026-05-01", "20260501", "2026/05/01", "1.5.2026", "2026-05-01 10:00"] {
            check(FieldKind::Date, text, time("2026-05-01T00:00:00Z"));
        }
        check(FieldKind::DateTime, "2026-05-01 10:42", time("2026-05-01T08:42:00Z"));
        check(FieldKind::DateTime, "2026-05-01T10:42:07Z", time("2026-05-01T10:42:07Z"));
        check(FieldKind::DateTime, "2026-05-01", time("2026-04-30T22:00:00Z"));
        for text in ["05/06/2026", "2026-13-01", "tomorrow"] {
            check(FieldKind::Date, text, Value::Null);
        }
    }

    #[test]
    fn choices_are_read_by_label_in_either_language_or_number() {
        let catalog = Catalog::standard().unwrap();
        let column = catalog.get("account").unwrap().column("industrycode").unwrap();
        let first = &column.options[0];
        for text in [first.label.en.clone(), first.label.sv.to_uppercase(), first.value.to_string()] {
            assert_eq!(read(column, &text, &Manner::plain()), Ok(Value::Int(first.value)), "{text}");
        }
        assert!(read(column, "xyzzy", &Manner::plain()).is_err());
        check(FieldKind::Boolean, "Ja", true);
        check(FieldKind::Boolean, "0", false);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let manner = Manner { point: ',', zone: Tz::Europe__Stockholm, ..Manner::plain() };
        let at = Timestamp::parse("2026-05-01T08:42:07Z").unwrap();
        for (kind, value) in [
            (FieldKind::Money, Value::Int(-995_001)),
            (FieldKind::Money, Value::Int(12_340_000)),
            (FieldKind::Decimal, Value::Int(1_000_001)),
            (FieldKind::Float, Value::Float(0.25)),
            (FieldKind::Integer, Value::Int(-7)),
            (FieldKind::Boolean, Value::Bool(true)),
            (FieldKind::DateTime, Value::Time(at)),
        ] {
            let text = written(&column(kind.clone()), &value, &BTreeMap::new(), &manner);
            assert_eq!(read(&column(kind), &text, &manner), Ok(value), "{text}");
        }
    }
}
