//! What can be asked of each kind of column in a list, and how a condition is said.

use super::{Names, plain, read};
use crate::words::Words;
use domain::entity::{Choice, ColumnDef, FieldKind, Label};
use domain::id::{Guid, RecordRef};
use domain::view::Condition;

/// The operators that are offered, likeliest first; behind some, after a space, the value that goes with them.
pub fn operators(column: &ColumnDef) -> &'static [&'static str] {
    use FieldKind::{
        Boolean, Choice, Choices, Date, DateTime, Decimal, Email, File, Float, Integer, Key, Lookup, Memo,
        Money, Phone, Text, Url,
    };
    match column.kind {
        Text | Memo | Email | Phone | Url => {
            &["contains", "not-contain", "begins-with", "ends-with", "eq", "ne", "null", "not-null"]
        }
        Integer | Money | Decimal | Float => &["eq", "ne", "ge", "le", "gt", "lt", "null", "not-null"],
        Boolean => &["eq", "null", "not-null"],
        Choice => &["in", "not-in", "null", "not-null"],
        Choices => &["contain-values", "not-contain-values", "null", "not-null"],
        Date | DateTime => &[
            "on",
            "on-or-after",
            "on-or-before",
            "today",
            "this-week",
            "this-month",
            "this-year",
            "last-x-days 7",
            "last-x-days 30",
            "last-x-days 90",
            "next-x-days 7",
            "next-x-days 30",
            "null",
            "not-null",
        ],
        Lookup if column.targets.iter().any(|it| it == "systemuser") => {
            &["eq-userid", "eq-useroruserteams", "ne-userid", "eq", "ne", "null", "not-null"]
        }
        Lookup => &["eq", "ne", "null", "not-null"],
        File => &["null", "not-null"],
        Key => &[],
    }
}

/// By the name FetchXML has for it: its words, and whether somebody types a value for it.
const SAID: [(&str, &str, bool); 26] = [
    ("contains", "op-contains", true),
    ("not-contain", "op-not-contain", true),
    ("begins-with", "op-begins-with", true),
    ("ends-with", "op-ends-with", true),
    ("eq", "op-eq", true),
    ("ne", "op-ne", true),
    ("ge", "op-ge", true),
    ("le", "op-le", true),
    ("gt", "op-gt", true),
    ("lt", "op-lt", true),
    ("in", "op-in", true),
    ("not-in", "op-not-in", true),
    ("contain-values", "op-contain-values", true),
    ("not-contain-values", "op-not-contain-values", true),
    ("on", "op-on", true),
    ("on-or-after", "op-on-or-after", true),
    ("on-or-before", "op-on-or-before", true),
    ("null", "op-null", false),
    ("not-null", "op-not-null", false),
    ("today", "op-today", false),
    ("this-week", "op-this-week", false),
    ("this-month", "op-this-month", false),
    ("this-year", "op-this-year", false),
    ("eq-userid", "op-eq-userid", false),
    ("ne-userid", "op-ne-userid", false),
    ("eq-useroruserteams", "op-eq-useroruserteams", false),
];

/// Whether the operator is asked with a value that somebody types.
pub fn takes_value(operator: &str) -> bool {
    SAID.iter().any(|it| it.0 == operator && it.2)
}

/// The field in which the value of a condition is typed or chosen; nothing for a column that is only there or not.
pub fn asked(column: &ColumnDef, words: &Words) -> Option<ColumnDef> {
    let same = |kind: FieldKind| ColumnDef { kind, ..column.clone() };
    let mut asked = match column.kind {
        FieldKind::Memo | FieldKind::Email | FieldKind::Phone | FieldKind::Url => same(FieldKind::Text),
        FieldKind::DateTime => same(FieldKind::Date),
        FieldKind::Choice => same(FieldKind::Choices),
        FieldKind::Boolean => {
            let option = |value, word: &str| {
                let text = words.t(word);
                Choice { value, label: Label { en: text.clone(), sv: text }, state: None }
            };
            ColumnDef { options: vec![option(1, "yes"), option(0, "no")], ..same(FieldKind::Choice) }
        }
        FieldKind::File | FieldKind::Key => return None,
        _ => column.clone(),
    };
    "value".clone_into(&mut asked.name);
    asked.label = Label { en: words.t("list-value"), sv: words.t("list-value") };
    asked.required = false;
    Some(asked)
}

/// The operator in words: “is at least”, “is in the last 7 days”.
pub fn operator(it: &str, values: &[String], words: &Words) -> String {
    let count = || values.first().and_then(|it| it.parse::<i64>().ok()).unwrap_or_default();
    match (it, SAID.iter().find(|said| said.0 == it)) {
        (_, Some((_, key, _))) => words.t(key),
        ("last-x-days", None) => words.with("op-last-x-days", &[("count", count().into())]),
        ("next-x-days", None) => words.with("op-next-x-days", &[("count", count().into())]),
        // What other programs ask in their views.
        (other, None) => [&[other.replace('-', " ")], values].concat().join(" "),
    }
}

/// The condition in words: “Town contains Malmö”.
pub fn said(column: &ColumnDef, it: &Condition, names: &Names, words: &Words) -> String {
    let label = words.label(&column.label);
    let operator = operator(&it.operator, &it.values, words);
    if !takes_value(&it.operator) {
        return format!("{label} {operator}");
    }
    let values: Vec<String> = it.values.iter().flat_map(|it| values(column, it, names, words)).collect();
    format!("{label} {operator} {}", values.join(&format!(" {} ", words.t("list-or"))))
}

fn values(column: &ColumnDef, text: &str, names: &Names, words: &Words) -> Vec<String> {
    let Some(asked) = asked(column, words) else { return vec![] };
    match asked.kind {
        FieldKind::Lookup => {
            let id: Option<Guid> = text.parse().ok();
            let name = |target: &String| names.get(&RecordRef::new(target.as_str(), id?)).cloned();
            vec![asked.targets.iter().find_map(name).unwrap_or_else(|| words.t("record-hidden"))]
        }
        FieldKind::Choice | FieldKind::Choices => {
            let label =
                |it: &str| Some(words.label(&asked.option(it.trim().parse().ok()?)?.label).to_owned());
            text.split(',').map(|it| label(it).unwrap_or_else(|| it.to_owned())).collect()
        }
        _ => {
            let value = read(&asked, text, words).ok();
            vec![value.and_then(|it| plain(&asked, &it, names, words)).unwrap_or_else(|| text.to_owned())]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;
    use domain::entity::Catalog;

    #[track_caller]
    fn check(column: &str, operator: &str, values: &[&str], expected: &str) {
        let catalog = Catalog::standard().unwrap();
        let column = catalog.get("account").unwrap().column(column).unwrap();
        let words = Words::new(Language::English, chrono_tz::Europe::Stockholm);
        let values = values.iter().map(|it| (*it).to_owned()).collect();
        let condition = Condition { column: column.name.clone(), operator: operator.into(), values };
        assert_eq!(said(column, &condition, &Names::new(), &words), expected);
    }

    #[test]
    fn conditions_are_said_in_words() {
        check("address1_city", "contains", &["Malmö"], "Town contains Malmö");
        check("industrycode", "in", &["1", "7"], "Industry is Accounting or Consulting");
        check("revenue", "ge", &["12500.5"], "Annual revenue is at least 12,500.50\u{a0}kr");
        check("createdon", "last-x-days", &["7"], "Created in the last 7 days");
        check("createdon", "on-or-after", &["2026-11-23"], "Created on or after 23 November 2026");
        check("creditonhold", "eq", &["1"], "Credit on hold is Yes");
        check("ownerid", "eq-userid", &[], "Owner is me");
        check("description", "null", &[], "Description is empty");
        check("createdon", "older-than-x", &["3"], "Created older than x 3");
    }

    #[test]
    fn every_operator_that_is_offered_is_said() {
        let catalog = Catalog::standard().unwrap();
        let words = Words::new(Language::Swedish, chrono_tz::Europe::Stockholm);
        for column in catalog.all().flat_map(|it| &it.columns) {
            for offered in operators(column) {
                let (name, value) = offered.split_once(' ').unwrap_or((offered, ""));
                assert!(!operator(name, &[value.to_owned()], &words).is_empty(), "{offered}");
                assert!(formats::question::Operator::of_fetch(name).is_ok(), "{offered}");
            }
        }
    }
}
