//! Values of columns as JSON, and JSON as values of columns. The only `match` over [`FieldKind`] in the Web API.

use super::trouble::{Result, Trouble};
use chrono::{DateTime, NaiveDate};
use domain::entity::{ColumnDef, EntityDef, FieldKind, FileCell};
use domain::id::Guid;
use domain::record::Value;
use domain::time::Timestamp;
use serde_json::{Value as Json, json};

/// Money is kept in ten-thousandths, decimals in millionths.
const MONEY: i64 = 10_000;
const DECIMAL: i64 = 1_000_000;

/// The property that shows the column: a lookup stands behind its key, `_primarycontactid_value`.
pub fn property(column: &ColumnDef) -> String {
    match column.kind {
        FieldKind::Lookup => format!("_{}_value", column.name),
        _ => column.name.clone(),
    }
}

/// Whether clients are shown the column at all.
pub fn is_shown(column: &ColumnDef) -> bool {
    column.kind != FieldKind::Key
}

pub fn written(column: &ColumnDef, value: &Value) -> Json {
    match (&column.kind, value) {
        (FieldKind::Money, Value::Int(it)) => fraction(*it, MONEY),
        (FieldKind::Decimal, Value::Int(it)) => fraction(*it, DECIMAL),
        (FieldKind::Date, Value::Time(it)) => date(*it),
        (FieldKind::File, Value::Text(it)) => {
            serde_json::from_str::<FileCell>(it).map_or(Json::Null, |it| json!(it.id))
        }
        (_, value) => plain(value),
    }
}

/// A value without a column: what groups and totals are.
pub fn plain(value: &Value) -> Json {
    match value {
        Value::Null | Value::Bytes(_) => Json::Null,
        Value::Bool(it) => json!(it),
        Value::Int(it) => json!(it),
        Value::Float(it) => json!(it),
        Value::Text(it) => json!(it),
        // Dataverse writes several choices as one text.
        Value::Choices(all) => {
            json!(all.iter().map(ToString::to_string).collect::<Vec<_>>().join(","))
        }
        Value::Time(it) => moment(*it),
        Value::Ref(it) => json!(it.id),
    }
}

/// Whole seconds, as Dataverse has them: clients look for exactly this shape.
pub fn moment(at: Timestamp) -> Json {
    at.utc().map_or(Json::Null, |it| json!(it.format("%Y-%m-%dT%H:%M:%SZ").to_string()))
}

fn date(at: Timestamp) -> Json {
    at.utc().map_or(Json::Null, |it| json!(it.format("%Y-%m-%d").to_string()))
}

/// JSON knows no exact fractions: beyond some 15 digits the last ones are rounded.
#[expect(clippy::cast_precision_loss, reason = "A number of JSON is a float.")]
fn fraction(number: i64, of: i64) -> Json {
    if number % of == 0 { json!(number / of) } else { json!(number as f64 / of as f64) }
}

/// An average, which is a fraction of the units that are kept.
#[expect(clippy::cast_precision_loss, reason = "A number of JSON is a float.")]
pub fn averaged(column: &ColumnDef, value: &Value) -> Json {
    let parts = match column.kind {
        FieldKind::Money => MONEY,
        FieldKind::Decimal => DECIMAL,
        _ => 1,
    };
    match value {
        Value::Float(it) => json!(it / parts as f64),
        Value::Int(it) => json!(*it as f64 / parts as f64),
        _ => Json::Null,
    }
}

/// Reads what a client sent for a column that is no lookup. The sentence of an error names the column.
pub fn read(def: &EntityDef, column: &ColumnDef, json: &Json) -> Result<Value> {
    use FieldKind::{
        Boolean, Choice, Choices, Date, DateTime, Decimal, Email, File, Float, Integer, Key, Lookup, Memo,
        Money, Phone, Text, Url,
    };
    if json.is_null() {
        return Ok(Value::Null);
    }
    let value = match column.kind {
        Text | Memo | Email | Phone | Url => json.as_str().map(|it| Value::Text(it.to_owned())),
        Integer | Choice => whole(json).map(Value::Int),
        Money => exact(json, MONEY).map(Value::Int),
        Decimal => exact(json, DECIMAL).map(Value::Int),
        Float => json.as_f64().or_else(|| json.as_str()?.parse().ok()).map(Value::Float),
        Choices => several(json).map(Value::Choices),
        Boolean => truth(json).map(Value::Bool),
        Date => json.as_str().and_then(day).map(Value::Time),
        DateTime => json.as_str().and_then(moment_of).map(Value::Time),
        Lookup | Key | File => None,
    };
    value.ok_or_else(|| {
        Trouble::bad_value(format!(
            "The property “{}” of {} takes {}, and was given {}.",
            column.name,
            def.name,
            wanted(&column.kind),
            kind_of(json)
        ))
    })
}

fn wanted(kind: &FieldKind) -> &'static str {
    use FieldKind::{
        Boolean, Choice, Choices, Date, DateTime, Decimal, Email, File, Float, Integer, Key, Lookup, Memo,
        Money, Phone, Text, Url,
    };
    match kind {
        Text | Memo | Email | Phone | Url => "a text",
        Integer => "a whole number",
        Choice => "the number of a choice",
        Choices => "numbers of choices with commas between, as a text",
        Money | Decimal | Float => "a number",
        Boolean => "true or false",
        Date => "a date such as \"2026-11-23\"",
        DateTime => "a moment such as \"2026-11-23T18:00:00Z\"",
        Lookup => "a link: write “…@odata.bind”",
        File => "a file: PATCH it to its own address",
        Key => "nothing from outside",
    }
}

fn kind_of(json: &Json) -> &'static str {
    match json {
        Json::Null => "nothing",
        Json::Bool(_) => "true or false",
        Json::Number(_) => "a number",
        Json::String(_) => "a text",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}

fn whole(json: &Json) -> Option<i64> {
    json.as_i64().or_else(|| json.as_str()?.parse().ok()).or_else(|| {
        let float = json.as_f64().filter(|it| it.fract() == 0.0)?;
        float.to_string().parse().ok()
    })
}

fn truth(json: &Json) -> Option<bool> {
    match json {
        Json::Bool(it) => Some(*it),
        // Dataverse takes the numbers of the two choices as well.
        Json::Number(it) => it.as_i64().filter(|it| matches!(it, 0 | 1)).map(|it| it == 1),
        _ => None,
    }
}

/// `12.5` with 10,000 parts to the whole is 125,000. What has more places than are kept is rounded.
fn exact(json: &Json, parts: i64) -> Option<i64> {
    let text = match json {
        Json::Number(it) => it.to_string(),
        Json::String(it) => it.trim().to_owned(),
        _ => return None,
    };
    if let Some(number) = digits(&text, parts) {
        return Some(number);
    }
    // With an exponent, or with more places than are kept.
    let float: f64 = text.parse().ok()?;
    rounded(float, parts)
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "Checked to be within range."
)]
fn rounded(float: f64, parts: i64) -> Option<i64> {
    let number = (float * parts as f64).round();
    (number.is_finite() && number.abs() < 9.0e18).then_some(number as i64)
}

fn digits(text: &str, parts: i64) -> Option<i64> {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |it| (-1, it));
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let places = parts.ilog10() as usize;
    let plain = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    if !plain(whole) || whole.is_empty() || !plain(rest) || rest.len() > places {
        return None;
    }
    let units: i64 = whole.parse().ok()?;
    let rest: i64 = format!("{rest:0<places$}").parse().ok()?;
    units.checked_mul(parts)?.checked_add(rest)?.checked_mul(sign)
}

fn several(json: &Json) -> Option<Vec<i64>> {
    let mut all: Vec<i64> = match json {
        Json::String(it) => it
            .split(',')
            .filter(|it| !it.trim().is_empty())
            .map(|it| it.trim().parse().ok())
            .collect::<Option<_>>()?,
        Json::Array(it) => it.iter().map(Json::as_i64).collect::<Option<_>>()?,
        Json::Number(it) => vec![it.as_i64()?],
        _ => return None,
    };
    all.sort_unstable();
    all.dedup();
    Some(all)
}

/// The day itself, or that of a moment.
fn day(text: &str) -> Option<Timestamp> {
    let day = NaiveDate::parse_from_str(text.get(..10)?, "%Y-%m-%d").ok()?;
    let rest = &text[10..];
    (rest.is_empty() || rest.starts_with('T')).then_some(())?;
    Some(Timestamp(day.and_hms_opt(0, 0, 0)?.and_utc().timestamp_micros()))
}

/// RFC 3339. A moment without a zone is meant in UTC, and a day begins at midnight there.
pub fn moment_of(text: &str) -> Option<Timestamp> {
    let at =
        DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_rfc3339(&format!("{text}Z")));
    match at {
        Ok(at) => Some(Timestamp(at.timestamp_micros())),
        Err(_) => day(text).filter(|_| text.len() == 10),
    }
}

/// A key as it stands in an address or in quotes: with or without braces.
pub fn guid(text: &str) -> Option<Guid> {
    text.trim_matches(|it| it == '{' || it == '}').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::entity::Catalog;

    #[track_caller]
    fn there_and_back(entity: &str, column: &str, sent: &Json, value: &Value) {
        let catalog = Catalog::standard().unwrap();
        let def = catalog.get(entity).unwrap();
        let column = def.column(column).unwrap();
        assert_eq!(read(def, column, sent).unwrap(), *value);
        assert_eq!(written(column, value), *sent);
    }

    #[test]
    fn values_come_back_as_they_were_sent() {
        there_and_back("contact", "lastname", &json!("Öberg"), &"Öberg".into());
        there_and_back("opportunity", "estimatedvalue", &json!(1234.5), &12_345_000.into());
        there_and_back("opportunity", "estimatedvalue", &json!(7), &70_000.into());
        there_and_back(
            "opportunity",
            "estimatedclosedate",
            &json!("2026-11-23"),
            &Timestamp(1_795_392_000_000_000).into(),
        );
        there_and_back(
            "activitypointer",
            "sortdate",
            &json!("2026-11-23T12:00:00Z"),
            &Timestamp(1_795_435_200_000_000).into(),
        );
        there_and_back("incident", "prioritycode", &json!(2), &2.into());
        there_and_back("systemuser", "isdisabled", &json!(true), &true.into());
    }

    #[test]
    fn sums_are_exact() {
        for (text, expected) in
            [("0.1", 1_000), ("-12.3456", -123_456), ("922337203685477.5807", i64::MAX), ("1e3", 10_000_000)]
        {
            assert_eq!(exact(&json!(text), MONEY), Some(expected), "{text}");
        }
        assert_eq!(exact(&json!("1e300"), MONEY), None);
        assert_eq!(exact(&json!("twelve"), MONEY), None);
    }

    #[test]
    fn a_wrong_value_is_named_without_being_quoted() {
        let catalog = Catalog::standard().unwrap();
        let def = catalog.get("contact").unwrap();
        let trouble = read(def, def.column("lastname").unwrap(), &json!([1])).unwrap_err();
        assert_eq!(trouble.message, "The property “lastname” of contact takes a text, and was given a list.");
    }
}
