//! Reads what a customer adds out of a TOML file: one type as the standard ones are written (`crates/domain/entities`), or
//! several below `[[entity]]`, beside `[[option_set]]` and `[[many_to_many]]`. What is usual need not be said.

use super::{Extension, Grant, ManyToMany, Refusal};
use crate::entity::{ColumnDef, EntityDef, KeyDef, OptionSet};
use serde::de::DeserializeOwned;
use toml::{Table, Value};

/// One file, as it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    pub entities: Vec<EntityDef>,
    /// Columns and keys for types that are there already (`extend = true`).
    pub extensions: Vec<(String, Extension)>,
    pub option_sets: Vec<OptionSet>,
    pub relationships: Vec<ManyToMany>,
    /// By the type they are about.
    pub grants: Vec<(String, Vec<Grant>)>,
}

/// Reads a file. Fails with a sentence that names the line, or the type and column.
pub fn read(text: &str) -> Result<Document, Refusal> {
    let mut table: Table = toml::from_str(text).map_err(|it| at_line(text, &it))?;
    let option_sets = many(&mut table, "option_set", "the list of choices")?;
    let relationships = many(&mut table, "many_to_many", "the relationship")?;
    let mut document = Document { option_sets, relationships, ..Document::default() };
    for entity in tables(&mut table, "entity")? {
        add(&mut document, entity)?;
    }
    if !table.is_empty() {
        add(&mut document, table)?;
    }
    if document == Document::default() {
        return unusable("it names no type, no list of choices and no relationship");
    }
    Ok(document)
}

fn at_line(text: &str, error: &toml::de::Error) -> Refusal {
    let before = error.span().map_or("", |it| text.get(..it.start).unwrap_or_default());
    let line = before.matches('\n').count() + 1;
    Refusal::Unusable { why: format!("line {line}: {}", error.message().trim()) }
}

fn unusable<T>(why: &str) -> Result<T, Refusal> {
    Err(Refusal::Unusable { why: why.to_owned() })
}

fn add(document: &mut Document, mut table: Table) -> Result<(), Refusal> {
    let Some(name) = table.get("name").and_then(Value::as_str).map(str::to_owned) else {
        return unusable("a type needs a name");
    };
    let extends = match table.remove("extend") {
        None => false,
        Some(Value::Boolean(it)) => it,
        Some(_) => return unusable(&format!("{name}: extend is true or false")),
    };
    let columns: Vec<ColumnDef> = many(&mut table, "column", &format!("{name}: the column"))?;
    let keys: Vec<KeyDef> = many(&mut table, "key_of", &format!("{name}: the key"))?;
    let grants: Vec<Grant> = many(&mut table, "grant", &format!("{name}: the grant"))?;
    if extends {
        table.remove("name");
        if let Some(other) = table.keys().next() {
            let only = "with extend = true a type takes [[column]] and [[key_of]] only";
            return unusable(&format!("{name}: {only}, and “{other}” stays as it is"));
        }
        document.extensions.push((name.clone(), Extension { columns, keys }));
    } else {
        usual(&mut table, &name, &columns);
        let def: EntityDef = value(table, &name)?;
        document.entities.push(EntityDef { keys, columns, ..def });
    }
    if !grants.is_empty() {
        document.grants.push((name, grants));
    }
    Ok(())
}

/// What goes without saying.
fn usual(table: &mut Table, name: &str, columns: &[ColumnDef]) {
    let mut unless_said = |key: &str, value: Value| {
        table.entry(key).or_insert(value);
    };
    unless_said("set", format!("{name}s").into());
    unless_said("ownership", "user".into());
    unless_said("icon", "project".into());
    unless_said("browsable", true.into());
    let first = columns.iter().find(|it| it.name == "name").or(columns.first());
    if let Some(first) = first {
        unless_said("primary", first.name.clone().into());
    }
    if let Some(label) = table.get("label").cloned() {
        table.entry("plural").or_insert(label);
    }
    both_languages(table);
}

/// A label that is one text is the same in both languages.
fn both_languages(table: &mut Table) {
    for key in ["label", "plural", "description"] {
        if let Some(Value::String(text)) = table.get(key) {
            let both = ["en", "sv"].map(|language| (language.to_owned(), Value::from(text.as_str())));
            let both: Table = both.into_iter().collect();
            table.insert(key.to_owned(), both.into());
        }
    }
}

fn tables(table: &mut Table, key: &str) -> Result<Vec<Table>, Refusal> {
    let wrong = || Refusal::Unusable { why: format!("“{key}” is written as [[{key}]]") };
    let all = match table.remove(key) {
        None => return Ok(vec![]),
        Some(Value::Array(all)) => all,
        Some(_) => return Err(wrong()),
    };
    all.into_iter().map(|it| if let Value::Table(it) = it { Ok(it) } else { Err(wrong()) }).collect()
}

fn many<T: DeserializeOwned>(table: &mut Table, key: &str, place: &str) -> Result<Vec<T>, Refusal> {
    let mut read = Vec::new();
    for (at, mut one) in tables(table, key)?.into_iter().enumerate() {
        let name = one.get("name").or(one.get("role")).and_then(Value::as_str);
        let place = name.map_or_else(|| format!("{place} number {}", at + 1), |it| format!("{place} {it}"));
        both_languages(&mut one);
        if let Some(Value::Array(options)) = one.get_mut("options") {
            options.iter_mut().filter_map(Value::as_table_mut).for_each(both_languages);
        }
        read.push(value(one, &place)?);
    }
    Ok(read)
}

fn value<T: DeserializeOwned>(table: Table, place: &str) -> Result<T, Refusal> {
    T::deserialize(Value::Table(table)).map_err(|it| Refusal::Unusable {
        why: format!("{place}: {}", it.message().trim().trim_end_matches('.')),
    })
}
