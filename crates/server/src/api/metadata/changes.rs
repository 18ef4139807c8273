//! `RetrieveMetadataChanges`: definitions asked for with conditions in JSON, attributes and all in one answer.

use super::Refused;
use super::definitions::{Definition, Linked, Of, Reader, entities};
use super::filter::order;
use serde_json::{Map, Value, json};
use std::cmp::Ordering;

/// Lists that hang on an entity, and the part of the question that is about each.
const LISTS: [(&str, &str); 5] = [
    ("Attributes", "AttributeQuery"),
    ("Keys", "KeyQuery"),
    ("OneToManyRelationships", "RelationshipQuery"),
    ("ManyToOneRelationships", "RelationshipQuery"),
    ("ManyToManyRelationships", "RelationshipQuery"),
];

/// The answer to an `EntityQueryExpression`, without `@odata.context`.
pub fn answer(reader: Reader, query: &Value) -> Result<Map<String, Value>, Refused> {
    let mut found = Vec::new();
    for it in entities(reader) {
        if passes(query, &it.shown)? {
            found.push(whole(reader, it, query)?);
        }
    }
    let mut answer = Map::new();
    answer.insert("EntityMetadata".to_owned(), Value::Array(found));
    answer.insert("ServerVersionStamp".to_owned(), json!(""));
    answer.insert("DeletedMetadata".to_owned(), Value::Null);
    Ok(answer)
}

fn whole(reader: Reader, it: Definition, query: &Value) -> Result<Value, Refused> {
    let of = it.of;
    let mut shown = chosen(it.shown, query);
    for (name, about) in LISTS {
        if !wants(query, name) {
            continue;
        }
        let Some(Linked::Many(all)) = reader.linked(of, name) else { continue };
        let mut list = Vec::new();
        let about = &query[about];
        for mut it in all {
            it.shown.extend(choices(reader, it.of));
            if passes(about, &it.shown)? {
                list.push(Value::Object(chosen(it.shown, about)));
            }
        }
        shown.insert(name.to_owned(), Value::Array(list));
    }
    Ok(Value::Object(shown))
}

/// Here the choices of an attribute belong to it like its other properties.
fn choices(reader: Reader, of: Of) -> Map<String, Value> {
    let mut found = Map::new();
    for name in ["OptionSet", "GlobalOptionSet"] {
        if let Some(Linked::One(set)) = reader.linked(of, name) {
            found.insert(name.to_owned(), set.map_or(Value::Null, |it| Value::Object(it.shown)));
        }
    }
    found
}

/// Nothing said about properties means all of them.
fn wants(query: &Value, name: &str) -> bool {
    let properties = &query["Properties"];
    let all = properties["AllProperties"].as_bool().unwrap_or(!properties["PropertyNames"].is_array());
    let names = properties["PropertyNames"].as_array();
    all || names.is_some_and(|it| it.iter().any(|it| it.as_str() == Some(name)))
}

fn chosen(mut shown: Map<String, Value>, query: &Value) -> Map<String, Value> {
    shown.retain(|name, _| name == "MetadataId" || name == "@odata.type" || wants(query, name));
    // Within an answer definitions are values, whose types Dataverse calls `ComplexStringAttributeMetadata`.
    if let Some(Value::String(kind)) = shown.get_mut("@odata.type") {
        *kind = kind.replace("#Microsoft.Dynamics.CRM.", "#Microsoft.Dynamics.CRM.Complex");
    }
    shown
}

fn passes(query: &Value, shown: &Map<String, Value>) -> Result<bool, Refused> {
    criteria(&query["Criteria"], shown, 0)
}

/// Filters within filters are read to this depth.
const DEEPEST: usize = 20;

fn criteria(criteria: &Value, shown: &Map<String, Value>, depth: usize) -> Result<bool, Refused> {
    if depth > DEEPEST {
        return Err(Refused::Unreadable(format!("More than {DEEPEST} filters stand within each other.")));
    }
    let list = |name: &str| criteria[name].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut answers = Vec::new();
    for it in list("Conditions") {
        answers.push(condition(it, shown)?);
    }
    for it in list("Filters") {
        answers.push(self::criteria(it, shown, depth + 1)?);
    }
    let any = matches!(&criteria["FilterOperator"], Value::String(it) if it.eq_ignore_ascii_case("or"));
    Ok(if any && !answers.is_empty() { answers.contains(&true) } else { !answers.contains(&false) })
}

fn condition(condition: &Value, shown: &Map<String, Value>) -> Result<bool, Refused> {
    let name = condition["PropertyName"].as_str().unwrap_or_default();
    let found = shown.get(name).unwrap_or(&Value::Null);
    let found = if found.is_object() { &found["Value"] } else { found };
    // A value may stand with its type: `{"Type":"System.String","Value":"contact"}`.
    let given = &condition["Value"];
    let given = if given.is_object() { &given["Value"] } else { given };
    let order = if found.is_null() || given.is_null() { None } else { order(found, given) };
    match condition["ConditionOperator"].as_str().unwrap_or("Equals") {
        "Equals" => Ok(same(found, given)),
        "NotEquals" => Ok(!same(found, given)),
        "In" => Ok(one_of(found, given)),
        "NotIn" => Ok(!one_of(found, given)),
        "GreaterThan" => Ok(order == Some(Ordering::Greater)),
        "LessThan" => Ok(order == Some(Ordering::Less)),
        other => Err(Refused::Unreadable(format!(
            "Definitions are not compared by “{other}”; known are Equals, NotEquals, In, NotIn, GreaterThan and LessThan."
        ))),
    }
}

/// With a type beside it a value comes as a text: `"true"`, `"42"`.
fn same(found: &Value, given: &Value) -> bool {
    match (found, given) {
        (Value::String(found), Value::String(given)) => found == given,
        (Value::Bool(_) | Value::Number(_), Value::String(given)) => {
            serde_json::from_str::<Value>(&given.to_ascii_lowercase()).is_ok_and(|it| it == *found)
        }
        _ => found == given,
    }
}

/// A list comes as one, or as a text of JSON.
fn one_of(found: &Value, given: &Value) -> bool {
    match given {
        Value::Array(all) => all.iter().any(|it| same(found, it)),
        Value::String(text) => match serde_json::from_str::<Vec<Value>>(text) {
            Ok(all) => all.iter().any(|it| same(found, it)),
            Err(_) => text.split(',').any(|it| found.as_str() == Some(it.trim())),
        },
        _ => false,
    }
}
