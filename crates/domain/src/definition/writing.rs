//! Writes what a customer added as the file that [`super::read`] reads, in the style of the standard ones.

use super::{Definitions, Grant, state_columns};
use crate::entity::{ColumnDef, EntityDef, FieldKind, KeyDef, system_columns};
use serde::Serialize;
use std::fmt::Write as _;
use toml::{Table, Value};

/// Everything, or what is said about one name: a type, a list of choices, a relationship. Empty when there is nothing.
pub fn written(definitions: &Definitions, only: Option<&str>) -> String {
    let wanted = |name: &str| only.is_none_or(|it| it == name);
    let mut text = String::new();
    for set in definitions.option_sets.values().filter(|it| wanted(&it.name)) {
        section(&mut text, "option_set", table(set));
    }
    for def in definitions.entities.values().filter(|it| wanted(&it.name) && !it.intersect) {
        entity(&mut text, def);
        for it in definitions.grants.get(&def.name).map_or::<&[Grant], _>(&[], Vec::as_slice) {
            section(&mut text, "entity.grant", table(it));
        }
    }
    for (name, extension) in definitions.extensions.iter().filter(|it| wanted(it.0)) {
        let head = [("name", Value::from(name.as_str())), ("extend", true.into())];
        section(&mut text, "entity", head.map(|(key, it)| (key.to_owned(), it)).into_iter().collect());
        inside(&mut text, &extension.columns, &extension.keys);
    }
    for def in definitions.entities.values().filter(|it| wanted(&it.name) && it.intersect) {
        section(&mut text, "many_to_many", tie(def));
    }
    text
}

fn entity(text: &mut String, def: &EntityDef) {
    let mut head = table(def);
    // Said even when it is not so, because files mean that it is when they say nothing.
    head.insert("browsable".to_owned(), def.browsable.into());
    section(text, "entity", head);
    inside(text, &own_columns(def), &def.keys);
}

/// Without what every type has.
fn own_columns(def: &EntityDef) -> Vec<ColumnDef> {
    let mut usual = system_columns(def.ownership);
    usual.extend(state_columns().unwrap_or_default());
    let same =
        |it: &ColumnDef| usual.iter().any(|usual| ColumnDef { custom: it.custom, ..usual.clone() } == *it);
    def.columns.iter().filter(|it| !same(it)).cloned().collect()
}

fn inside(text: &mut String, columns: &[ColumnDef], keys: &[KeyDef]) {
    for column in columns {
        let mut table = table(column);
        if column.option_set.is_some() {
            table.remove("options");
        }
        section(text, "entity.column", table);
    }
    for key in keys {
        section(text, "entity.key_of", table(key));
    }
}

fn tie(def: &EntityDef) -> Table {
    let mut table = Table::new();
    let mut say = |key: String, it: &str| table.insert(key, it.into());
    say("name".to_owned(), &def.name);
    if let Some(schema) = &def.schema {
        say("schema".to_owned(), schema);
    }
    let ends = def.columns.iter().filter(|it| it.kind == FieldKind::Lookup).take(2);
    for (at, end) in ends.enumerate() {
        let to = end.targets.first().map_or("", String::as_str);
        say(format!("entity{}", at + 1), to);
        if let Some(way) = end.relationships.get(to) {
            say(format!("way{}", at + 1), way);
        }
    }
    table
}

/// What is worth saying: neither what a file means when it says nothing, nor what makes sections of its own.
fn table(it: impl Serialize) -> Table {
    let Ok(Value::Table(mut table)) = Value::try_from(it) else { return Table::new() };
    for inner in ["column", "key_of", "custom"] {
        table.remove(inner);
    }
    table.retain(|key, value| match value {
        Value::Boolean(it) => *it,
        Value::Array(all) => !all.is_empty(),
        Value::String(it) => key != "on_delete" || it != "unlink",
        Value::Integer(_) | Value::Float(_) | Value::Datetime(_) | Value::Table(_) => true,
    });
    table
}

/// What comes first in a section; all else follows by its name.
const FIRST: [&str; 11] =
    ["name", "extend", "role", "set", "schema", "kind", "ownership", "label", "plural", "icon", "primary"];

fn section(text: &mut String, name: &str, mut table: Table) {
    if !text.is_empty() {
        text.push('\n');
    }
    // Writing into a text cannot fail.
    let _ = writeln!(text, "[[{name}]]");
    let first: Vec<(String, Value)> =
        FIRST.iter().filter_map(|key| Some(((*key).to_owned(), table.remove(*key)?))).collect();
    for (key, value) in first.into_iter().chain(table) {
        let value = if key == "options" { lines(&value) } else { inline(&value) };
        let _ = writeln!(text, "{key} = {value}");
    }
}

/// One choice to a line.
fn lines(value: &Value) -> String {
    let all: Vec<String> =
        value.as_array().into_iter().flatten().map(|it| format!("  {},\n", inline(it))).collect();
    format!("[\n{}]", all.concat())
}

fn inline(value: &Value) -> String {
    match value {
        Value::Table(table) => {
            let first = ["value", "en", "label"].iter().filter_map(|key| Some((*key, table.get(*key)?)));
            let rest = table.iter().filter(|it| !["value", "en", "label"].contains(&it.0.as_str()));
            let all = first.chain(rest.map(|(key, it)| (key.as_str(), it)));
            let parts: Vec<String> = all.map(|(key, it)| format!("{key} = {}", inline(it))).collect();
            format!("{{ {} }}", parts.join(", "))
        }
        Value::Array(all) => format!("[{}]", all.iter().map(inline).collect::<Vec<_>>().join(", ")),
        Value::String(_) | Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => {
            value.to_string()
        }
    }
}
