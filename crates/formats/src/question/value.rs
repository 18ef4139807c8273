//! What stands beside an operator, as the value its column can be compared with: exact, or refused with what would fit.

use super::days::{Day, moment};
use super::{BadQuery, Field, bad, quoted};
use domain::ask::Asker;
use domain::entity::FieldKind;
use domain::id::{Guid, RecordRef};
use domain::record::Value;
use domain::time::Timestamp;

/// A value as a language wrote it.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    Null,
    /// Characters that may mean anything: FetchXML marks no kinds.
    Loose(String),
    /// A text in quotes. What stands in it may still be a number, a date or a GUID, as the clients write them.
    Text(String),
    /// Digits as written, perhaps with a sign and a point.
    Number(String),
    Float(f64),
    Bool(bool),
    Guid(Guid),
    /// A day, as its midnight in UTC.
    Day(Timestamp),
    Time(Timestamp),
}

impl Given {
    /// What the language may have meant by it, as characters; empty for nothing.
    pub(crate) fn text(&self) -> String {
        match self {
            Given::Null => String::new(),
            Given::Loose(text) | Given::Text(text) | Given::Number(text) => text.clone(),
            Given::Float(number) => number.to_string(),
            Given::Bool(truth) => truth.to_string(),
            Given::Guid(guid) => guid.to_string(),
            Given::Day(day) => day.to_string().chars().take(10).collect(),
            Given::Time(time) => time.to_string(),
        }
    }

    /// A text written as such.
    fn written(&self) -> Option<&str> {
        match self {
            Given::Loose(text) | Given::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// The value for a comparison with this column. A GUID for a lookup to several types means any of them: the type of the
/// reference is empty then. Days begin at the asker's midnight.
pub fn values(field: &Field<'_>, given: &Given, asker: &Asker) -> Result<Value, BadQuery> {
    if *given == Given::Null {
        return Ok(Value::Null);
    }
    let value = match field.kind {
        _ if field.is_text() => given.written().map(|it| Value::Text(it.to_owned())),
        FieldKind::Integer | FieldKind::Choice => scaled(given, 0),
        FieldKind::Money => scaled(given, 4),
        FieldKind::Decimal => scaled(given, 6),
        FieldKind::Float => float(given).map(Value::Float),
        FieldKind::Boolean => truth(given).map(Value::Bool),
        FieldKind::Date => time(given, asker).map(|it| Value::Time(it.midnight())),
        // A date that is marked as one is its midnight in UTC as Dataverse reads it.
        FieldKind::DateTime => match given {
            Given::Day(day) => Some(Value::Time(*day)),
            _ => time(given, asker).map(|it| Value::Time(it.instant(asker))),
        },
        FieldKind::Choices => choices(given).map(Value::Choices),
        FieldKind::Lookup => guid(given).map(|it| reference(field, it)),
        _ => None,
    };
    value.ok_or_else(|| mismatch(field, given))
}

fn reference(field: &Field<'_>, id: Guid) -> Value {
    let entity = match field.targets.as_slice() {
        [only] => only.as_str(),
        _ => "",
    };
    RecordRef::new(entity, id).into()
}

fn mismatch(field: &Field<'_>, given: &Given) -> BadQuery {
    let example = match field.kind {
        _ if field.is_text() => "write it in quotes: 'text'",
        FieldKind::Integer | FieldKind::Choice => "write a whole number such as 1",
        FieldKind::Money => "write a number with at most 4 places behind the point, such as 12.50",
        FieldKind::Decimal => "write a number with at most 6 places behind the point, such as 0.25",
        FieldKind::Float => "write a number such as 1.5",
        FieldKind::Boolean => "write true or false",
        FieldKind::Date => "write a date such as 2026-11-23",
        FieldKind::DateTime => "write a time such as 2026-11-23T10:41:00Z",
        FieldKind::Choices => "write whole numbers such as 1,2",
        FieldKind::Lookup => "write a GUID such as 01930d2c-5f8a-7c3e-9a55-0123456789ab",
        _ => "it can only be asked whether there is one",
    };
    BadQuery(format!(
        "{} holds {}, and {} is none: {example}.",
        field.name,
        field.holds(),
        quoted(&given.text())
    ))
}

/// A decimal number in units of so many places behind the point; nothing is rounded.
fn scaled(given: &Given, places: usize) -> Option<Value> {
    let text = match given {
        Given::Number(text) | Given::Loose(text) | Given::Text(text) => text.trim(),
        Given::Float(number) => return exact(&number.to_string(), places),
        _ => return None,
    };
    exact(text, places)
}

fn exact(text: &str, places: usize) -> Option<Value> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let fraction = fraction.trim_end_matches('0');
    let is_digits = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    if whole.is_empty() && fraction.is_empty()
        || !is_digits(whole)
        || !is_digits(fraction)
        || fraction.len() > places
    {
        return None;
    }
    let sign = if text.starts_with('-') { "-" } else { "" };
    let zeros = "0".repeat(places - fraction.len());
    format!("{sign}{whole}{fraction}{zeros}").parse().ok().map(Value::Int)
}

fn float(given: &Given) -> Option<f64> {
    let number = match given {
        Given::Float(number) => *number,
        Given::Number(text) | Given::Loose(text) | Given::Text(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

fn truth(given: &Given) -> Option<bool> {
    match given {
        Given::Bool(truth) => Some(*truth),
        Given::Number(text) | Given::Loose(text) | Given::Text(text) => match text.trim() {
            "1" => Some(true),
            "0" => Some(false),
            it if it.eq_ignore_ascii_case("true") => Some(true),
            it if it.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        },
        _ => None,
    }
}

fn guid(given: &Given) -> Option<Guid> {
    match given {
        Given::Guid(guid) => Some(*guid),
        Given::Loose(text) | Given::Text(text) => {
            let text = text.trim();
            let bare = text.strip_prefix('{').and_then(|it| it.strip_suffix('}')).unwrap_or(text);
            // Other spellings that the parser takes, such as `urn:uuid:`, are nobody's.
            if bare.len() == 36 { bare.parse().ok() } else { None }
        }
        _ => None,
    }
}

/// `1,2`, or one number.
fn choices(given: &Given) -> Option<Vec<i64>> {
    let all = match given {
        Given::Number(text) | Given::Loose(text) | Given::Text(text) => text.split(','),
        _ => return None,
    };
    let mut all: Vec<i64> = all.map(|it| it.trim().parse().ok()).collect::<Option<_>>()?;
    all.sort_unstable();
    all.dedup();
    Some(all)
}

/// The day or time that was given.
pub(super) fn time(given: &Given, asker: &Asker) -> Option<Day> {
    match given {
        Given::Day(day) => Day::of_utc(*day),
        Given::Time(time) => Some(Day::Time(*time)),
        Given::Loose(text) | Given::Text(text) => moment(text.trim(), asker),
        _ => None,
    }
}

/// One choice of a column that holds several.
pub(super) fn choice(field: &Field<'_>, given: &Given) -> Result<i64, BadQuery> {
    match choices(given).as_deref() {
        Some([only]) => Ok(*only),
        _ => bad(format!(
            "{} holds choices, and {} is none: write a whole number.",
            field.name,
            quoted(&given.text())
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::field;
    use crate::question::samples::{asker, catalog};

    #[track_caller]
    fn check(name: &str, given: &Given, expected: &str) {
        let catalog = catalog();
        let field = field(catalog.get("sample").unwrap(), name).unwrap();
        let found = values(&field, given, &asker());
        assert_eq!(found.map_or_else(|it| it.to_string(), |it| format!("{it:?}")), expected);
    }

    fn loose(text: &str) -> Given {
        Given::Loose(text.to_owned())
    }

    fn number(text: &str) -> Given {
        Given::Number(text.to_owned())
    }

    #[test]
    fn numbers_are_exact() {
        check("money", &number("12.5"), "Int(125000)");
        check("money", &number("-0.0001"), "Int(-1)");
        check("money", &number("1.50000000"), "Int(15000)");
        check("decimal", &loose(" 0.25 "), "Int(250000)");
        check("number", &number("7"), "Int(7)");
        check("number", &Given::Text("7.0".into()), "Int(7)");
        check("float", &number("1e3"), "Float(1000.0)");
        check("state", &loose("1"), "Int(1)");
        check("states", &loose("2, 1,2"), "Choices([1, 2])");
        check(
            "money",
            &number("1.23456"),
            "money holds money, and “1.23456” is none: write a number with at most 4 places behind the point, such as 12.50.",
        );
        check(
            "number",
            &loose(""),
            "number holds a whole number, and “” is none: write a whole number such as 1.",
        );
        check(
            "number",
            &number("99999999999999999999"),
            "number holds a whole number, and “99999999999999999999” is none: write a whole number such as 1.",
        );
    }

    #[test]
    fn other_kinds_are_read_too() {
        check("name", &Given::Text("5".into()), "Text(\"5\")");
        check("name", &number("5"), "name holds a text, and “5” is none: write it in quotes: 'text'.");
        check("truth", &number("1"), "Bool(true)");
        check("truth", &loose("False"), "Bool(false)");
        check("name", &Given::Null, "Null");
        check(
            "sampleid",
            &loose("{01930D2C-5F8A-7C3E-9A55-0123456789AB}"),
            "Ref(RecordRef { entity: \"sample\", id: 01930d2c-5f8a-7c3e-9a55-0123456789ab })",
        );
        check(
            "customer",
            &loose("01930d2c-5f8a-7c3e-9a55-0123456789ab"),
            "Ref(RecordRef { entity: \"\", id: 01930d2c-5f8a-7c3e-9a55-0123456789ab })",
        );
    }

    #[test]
    fn days_begin_where_the_asker_is() {
        check("day", &loose("2026-11-23"), "Time(2026-11-23T00:00:00Z)");
        check("day", &loose("2026-11-23T10:00:00Z"), "Time(2026-11-23T00:00:00Z)");
        check("time", &loose("2026-11-23"), "Time(2026-11-22T23:00:00Z)");
        check("time", &loose("2026-11-23T10:41:00.5Z"), "Time(2026-11-23T10:41:00Z)");
        check("time", &loose("2026-11-23 10:41"), "Time(2026-11-23T09:41:00Z)");
        check("time", &Given::Day(Timestamp::from_seconds(1_795_392_000)), "Time(2026-11-23T00:00:00Z)");
    }
}
