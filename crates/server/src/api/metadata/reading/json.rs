//! What a client sent for a definition: names, words and flags out of JSON.

use crate::api::metadata::Refused;
use crate::api::metadata::definitions::{ENGLISH, SWEDISH};
use domain::entity::Label;
use serde_json::{Map, Value};

/// The body of a request, or a part of it.
pub type Body = Map<String, Value>;

pub fn unreadable<T>(what: impl Into<String>) -> Result<T, Refused> {
    Err(Refused::Unreadable(what.into()))
}

/// A text that is there and not empty.
pub fn text<'a>(body: &'a Body, name: &str) -> Option<&'a str> {
    body.get(name).and_then(Value::as_str).map(str::trim).filter(|it| !it.is_empty())
}

/// A list of parts. One that is missing is empty; elements that are no objects are refused.
pub fn list<'a>(body: &'a Body, name: &str) -> Result<Vec<&'a Body>, Refused> {
    let all = body.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let object = |it: &'a Value| {
        it.as_object().ok_or_else(|| Refused::Unreadable(format!("Each element of {name} is an object.")))
    };
    all.iter().map(object).collect()
}

/// A flag, bare or as a property that says whether it may be changed: `{"Value": true}`.
pub fn flag(body: &Body, name: &str) -> Option<bool> {
    let value = body.get(name)?;
    value.as_bool().or_else(|| value.get("Value")?.as_bool())
}

/// A word out of an enumeration, bare or as `{"Value": "Email"}`.
pub fn word<'a>(body: &'a Body, name: &str) -> Option<&'a str> {
    let value = body.get(name)?;
    value.as_str().or_else(|| value.get("Value")?.as_str())
}

/// The whole part of a number.
pub fn whole(body: &Body, name: &str) -> Option<i64> {
    let value = body.get(name)?;
    value.as_i64().or_else(|| {
        let float = value.as_f64()?.trunc();
        format!("{float:.0}").parse().ok()
    })
}

/// The names of a definition: `new_Project` as it is written, and its logical name `new_project`. The first only when
/// it differs.
pub fn names(body: &Body, what: &str) -> Result<(Option<String>, String), Refused> {
    let given = text(body, "SchemaName").or_else(|| text(body, "LogicalName"));
    let Some(given) = given else {
        return unreadable(format!("The SchemaName of {what} is missing: a name such as new_Project."));
    };
    let logical = given.to_ascii_lowercase();
    Ok((Some(given.to_owned()).filter(|it| *it != logical), logical))
}

/// Words in both languages. One that is not given stays as it was, or is the same as the other; words in a third
/// language count when there are no others.
pub fn label(body: &Body, name: &str, before: Option<&Label>) -> Option<Label> {
    let given = body.get(name)?;
    if let Some(text) = given.as_str().filter(|it| !it.is_empty()) {
        return Some(Label { en: text.to_owned(), sv: text.to_owned() });
    }
    let all = given.get("LocalizedLabels").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let user = given.get("UserLocalizedLabel").into_iter();
    let words: Vec<(i64, &str)> = all
        .iter()
        .chain(user)
        .filter_map(|it| Some((it.get("LanguageCode")?.as_i64()?, it.get("Label")?.as_str()?)))
        .filter(|it| !it.1.trim().is_empty())
        .collect();
    let of = |code: i64| words.iter().find(|it| it.0 == code).map(|it| it.1);
    let (en, sv) = (of(ENGLISH), of(SWEDISH));
    let any = en.or(sv).or(words.first().map(|it| it.1))?;
    let kept = |language: Option<&str>, before: Option<&str>| language.or(before).unwrap_or(any).to_owned();
    // Words in a third language alone say nothing of ours.
    let before = before.filter(|_| en.is_some() || sv.is_some());
    Some(Label {
        en: kept(en, before.map(|it| it.en.as_str())),
        sv: kept(sv, before.map(|it| it.sv.as_str())),
    })
}

/// The label, or else the name without its prefix: `new_Budget` is *Budget*.
pub fn label_or_name(body: &Body, name: &str, schema: &str) -> Label {
    label(body, name, None).unwrap_or_else(|| {
        let word = schema.split_once('_').map_or(schema, |it| it.1);
        Label { en: word.to_owned(), sv: word.to_owned() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(words: &[(i64, &str)], before: Option<(&str, &str)>, expected: (&str, &str)) {
        let all: Vec<Value> = words.iter().map(|it| json!({ "LanguageCode": it.0, "Label": it.1 })).collect();
        let body = json!({ "DisplayName": { "LocalizedLabels": all } });
        let label_of = |it: (&str, &str)| Label { en: it.0.into(), sv: it.1.into() };
        let before = before.map(label_of);
        let found = label(body.as_object().unwrap(), "DisplayName", before.as_ref());
        assert_eq!(found, Some(label_of(expected)));
    }

    #[test]
    fn one_language_serves_for_both() {
        check(&[(1033, "Size"), (1053, "Storlek")], None, ("Size", "Storlek"));
        check(&[(1053, "Storlek")], None, ("Storlek", "Storlek"));
        check(&[(1031, "Größe")], None, ("Größe", "Größe"));
    }

    #[test]
    fn a_language_that_is_not_given_keeps_its_word() {
        check(&[(1033, "Size")], Some(("Large", "Storlek")), ("Size", "Storlek"));
        check(&[(1031, "Größe")], Some(("Size", "Storlek")), ("Größe", "Größe"));
    }
}
