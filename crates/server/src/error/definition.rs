//! Why a type of record is not changed, in the reader's language.

use crate::words::Words;
use axum::http::StatusCode;
use domain::definition::{Refusal, What};

pub fn status(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::NoSuchEntity { .. }
        | Refusal::NoSuchColumn { .. }
        | Refusal::NoSuchKey { .. }
        | Refusal::NoSuchOptionSet { .. }
        | Refusal::NoSuchRelationship { .. } => StatusCode::NOT_FOUND,
        Refusal::Taken { .. }
        | Refusal::SetTaken { .. }
        | Refusal::WayTaken { .. }
        | Refusal::Needed { .. }
        | Refusal::NotUnique { .. } => StatusCode::CONFLICT,
        Refusal::Unusable { .. }
        | Refusal::NoName { .. }
        | Refusal::Reserved { .. }
        | Refusal::Standard { .. }
        | Refusal::NoPrefix { .. }
        | Refusal::NoSuchRole { .. }
        | Refusal::Stays { .. }
        | Refusal::Shorter { .. }
        | Refusal::OptionGone { .. }
        | Refusal::TargetGone { .. }
        | Refusal::NoLabel { .. }
        | Refusal::TooLong { .. }
        | Refusal::TwoOptions { .. }
        | Refusal::NotForCustomers { .. }
        | Refusal::NoKeyColumn { .. }
        | Refusal::TooMany { .. } => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

pub fn sentence(refusal: &Refusal, words: &Words) -> String {
    let say = |key: &str, name: &str| words.with(key, &[("name", name.into())]);
    let both = |key: &str, name: &str, other: &str| {
        words.with(key, &[("name", name.into()), ("other", other.into())])
    };
    let number = |key: &str, name: &str, number: usize| {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        words.with(key, &[("name", name.into()), ("number", number.into())])
    };
    match refusal {
        Refusal::Unusable { why } => say("definition-unusable", why),
        Refusal::NoName { name } => say("definition-no-name", name),
        Refusal::Reserved { name } => say("definition-reserved", name),
        Refusal::Standard { name } => say("definition-standard", name),
        Refusal::Taken { name } => say("definition-taken", name),
        Refusal::NoPrefix { column } => say("definition-no-prefix", column),
        Refusal::SetTaken { set } => say("definition-set-taken", set),
        Refusal::WayTaken { entity, way } => both("definition-way-taken", entity, way),
        Refusal::NoSuchEntity { name }
        | Refusal::NoSuchOptionSet { name }
        | Refusal::NoSuchRelationship { name }
        | Refusal::NoSuchRole { name } => say("definition-not-there", name),
        Refusal::NoSuchColumn { column, .. } => say("definition-not-there", column),
        Refusal::NoSuchKey { key, .. } => say("definition-not-there", key),
        Refusal::Stays { name, what } => both("definition-stays", name, &words.t(what_stays(*what))),
        Refusal::Shorter { column, max } => number("definition-shorter", column, *max),
        Refusal::OptionGone { column, value } => both("definition-option-gone", column, &value.to_string()),
        Refusal::TargetGone { column, target } => both("definition-target-gone", column, target),
        Refusal::Needed { name, by } => both("definition-needed", name, by),
        Refusal::NoLabel { name } => say("definition-no-label", name),
        Refusal::TooLong { column, most, .. } => number("definition-too-long", column, *most),
        Refusal::TwoOptions { column, value } => both("definition-two-options", column, &value.to_string()),
        Refusal::NotForCustomers { name } => say("definition-not-for-customers", name),
        Refusal::NoKeyColumn { key, column } => both("definition-no-key-column", column, key),
        Refusal::TooMany { name, most } => number("definition-too-many", name, *most),
        Refusal::NotUnique { key } => say("definition-not-unique", key),
    }
}

fn what_stays(what: What) -> &'static str {
    match what {
        What::Kind => "definition-what-kind",
        What::Ownership => "definition-what-ownership",
        What::Primary => "definition-what-primary",
        What::Set => "definition-what-set",
        What::Surname => "definition-what-surname",
        What::Activities => "definition-what-activities",
        What::Connections => "definition-what-connections",
        What::Intersect => "definition-what-ends",
    }
}
