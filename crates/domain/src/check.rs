//! Whether a value can stand in a column: its kind, its length, its range, its choices.

use crate::entity::{ColumnDef, FieldKind};
use crate::record::Value;

/// What is wrong with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Missing,
    /// A text where a number belongs, a record in a date.
    WrongKind,
    /// In characters.
    TooLong {
        max: usize,
    },
    TooSmall {
        least: i64,
    },
    TooLarge {
        most: i64,
    },
    NoAddress,
    NoChoice,
    /// A lookup to a type that it does not lead to.
    NoTarget,
}

/// Ten-thousandths, and millionths.
const MONEY: i64 = 10_000;
const DECIMAL: i64 = 1_000_000;
/// Whole numbers have 32 bits unless the column says otherwise.
const LARGEST: i64 = 2_147_483_647;
const LARGEST_DECIMAL: i64 = 100_000_000_000;

/// `None` when the value can stand there.
pub fn fault(column: &ColumnDef, value: &Value) -> Option<Fault> {
    use FieldKind::{
        Boolean, Choice, Choices, Date, DateTime, Decimal, Email, File, Float, Integer, Key, Lookup, Memo,
        Money, Phone, Text, Url,
    };
    match (&column.kind, value) {
        (_, Value::Null) => column.required.then_some(Fault::Missing),
        (Text | Memo | Email | Phone | Url, Value::Text(text)) => of_text(column, text),
        (Integer, Value::Int(int)) => of_number(column, *int, 1, LARGEST),
        (Money, Value::Int(int)) => of_number(column, *int, MONEY, i64::MAX / MONEY),
        (Decimal, Value::Int(int)) => of_number(column, *int, DECIMAL, LARGEST_DECIMAL),
        (Choice, Value::Int(int)) => column.option(*int).is_none().then_some(Fault::NoChoice),
        (Choices, Value::Choices(all)) => {
            all.iter().any(|it| column.option(*it).is_none()).then_some(Fault::NoChoice)
        }
        (Lookup, Value::Ref(record)) => (!column.targets.contains(&record.entity)).then_some(Fault::NoTarget),
        (Float, Value::Float(float)) => (!float.is_finite()).then_some(Fault::WrongKind),
        (Boolean, Value::Bool(_))
        | (Date | DateTime, Value::Time(_))
        | (Key, Value::Bytes(_))
        | (File, Value::Text(_)) => None,
        _ => Some(Fault::WrongKind),
    }
}

fn of_text(column: &ColumnDef, text: &str) -> Option<Fault> {
    let long = column.max.filter(|max| text.chars().count() > *max);
    if column.required && text.trim().is_empty() {
        Some(Fault::Missing)
    } else if let Some(max) = long {
        Some(Fault::TooLong { max })
    } else {
        let address = column.kind != FieldKind::Email || text.is_empty() || looks_like_an_address(text);
        (!address).then_some(Fault::NoAddress)
    }
}

/// `unit`: how much one whole is.
fn of_number(column: &ColumnDef, number: i64, unit: i64, largest: i64) -> Option<Fault> {
    let least = column.least.unwrap_or(-largest);
    let most = column.most.unwrap_or(largest);
    if number < least.saturating_mul(unit) {
        Some(Fault::TooSmall { least })
    } else {
        (number > most.saturating_mul(unit)).then_some(Fault::TooLarge { most })
    }
}

/// Something before and something behind the only @, without spaces: enough to catch a slip, no more.
pub fn looks_like_an_address(text: &str) -> bool {
    let text = text.trim();
    let parts: Vec<&str> = text.split('@').collect();
    matches!(parts.as_slice(), [name, host] if !name.is_empty() && host.contains('.') && !host.starts_with('.'))
        && !text.contains(char::is_whitespace)
        && text.len() <= 254
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Catalog;
    use crate::id::{Guid, RecordRef};

    #[track_caller]
    fn check(entity: &str, column: &str, value: impl Into<Value>, expected: Option<Fault>) {
        let catalog = Catalog::standard().unwrap();
        let column = catalog.get(entity).unwrap().column(column).unwrap();
        assert_eq!(fault(column, &value.into()), expected);
    }

    #[test]
    fn a_value_is_of_its_columns_kind_and_no_longer() {
        check("account", "name", "Contoso", None);
        check("account", "name", " ", Some(Fault::Missing));
        check("account", "name", Value::Null, Some(Fault::Missing));
        check("account", "accountnumber", "å".repeat(21), Some(Fault::TooLong { max: 20 }));
        check("account", "accountnumber", 7, Some(Fault::WrongKind));
        check("account", "emailaddress1", "nobody", Some(Fault::NoAddress));
        check("account", "industrycode", 34, Some(Fault::NoChoice));
        check("account", "primarycontactid", RecordRef::new("lead", Guid::NIL), Some(Fault::NoTarget));
        check("account", "createdon", "yesterday", Some(Fault::WrongKind));
    }

    #[test]
    fn numbers_stay_in_their_range() {
        check("task", "percentcomplete", 100, None);
        check("task", "percentcomplete", 101, Some(Fault::TooLarge { most: 100 }));
        check("account", "numberofemployees", -1, Some(Fault::TooSmall { least: 0 }));
        check("account", "numberofemployees", 1_i64 << 32, Some(Fault::TooLarge { most: LARGEST }));
        check("account", "revenue", -1, Some(Fault::TooSmall { least: 0 }));
        check("account", "revenue", i64::MAX / 10_000 * 10_000, None);
        check("opportunity", "discountpercentage", 100_000_001, Some(Fault::TooLarge { most: 100 }));
        check("businessunit", "creditlimit", Value::Float(f64::NAN), Some(Fault::WrongKind));
    }
}
