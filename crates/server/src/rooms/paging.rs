//! Where the next page begins, as an address says it: the key, and the value that the order goes by.

use domain::filter::After;
use domain::record::Value;
use domain::time::Timestamp;

/// `0190….tcontoso`: the letter says what kind of value it is.
pub fn written(after: &After) -> String {
    let value = match &after.value {
        Value::Text(text) => format!("t{text}"),
        Value::Int(it) => format!("i{it}"),
        Value::Time(it) => format!("m{}", it.0),
        Value::Bool(it) => format!("b{it}"),
        Value::Float(it) => format!("f{it}"),
        Value::Null | Value::Ref(_) | Value::Bytes(_) | Value::Choices(_) => "n".to_owned(),
    };
    format!("{}.{value}", after.id)
}

/// `None` for what nobody was given: then it is the first page.
pub fn read(text: &str) -> Option<After> {
    let (id, value) = text.split_once('.')?;
    let mut chars = value.chars();
    let kind = chars.next()?;
    let rest = chars.as_str();
    let value = match kind {
        't' => Value::Text(rest.to_owned()),
        'i' => Value::Int(rest.parse().ok()?),
        'm' => Value::Time(Timestamp(rest.parse().ok()?)),
        'f' => Value::Float(rest.parse().ok()?),
        'b' => Value::Bool(rest.parse().ok()?),
        'n' => Value::Null,
        _ => return None,
    };
    Some(After { value, id: id.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::Guid;

    #[test]
    fn a_page_begins_where_the_last_one_ended() {
        let values =
            [Value::Null, Value::Int(-7), Value::from("a.b"), Value::Bool(true), Value::Time(Timestamp(5))];
        for value in values {
            let after = After { value, id: Guid::NIL };
            assert_eq!(read(&written(&after)), Some(after));
        }
    }

    #[test]
    fn what_nobody_was_given_is_the_first_page() {
        for text in [
            "",
            ".",
            "7.ta",
            "00000000-0000-0000-0000-000000000000.",
            "00000000-0000-0000-0000-000000000000.iä",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
