//! Choices as `OptionSetMetadata`: lists that columns share, and those of one column.

use super::ids::{metadata_id, option_set_id};
use super::labels::{label, managed, no_label};
use super::{Definition, Of, Reader, properties, typed};
use domain::entity::{Choice, ColumnDef, EntityDef, FieldKind, Label, OptionSet};
use serde_json::{Value, json};

/// All lists that columns share.
pub fn option_sets(reader: Reader<'_>) -> Vec<Definition<'_>> {
    reader.catalog.option_sets().map(|it| option_set(reader, it)).collect()
}

pub fn option_set<'a>(reader: Reader<'a>, set: &'a OptionSet) -> Definition<'a> {
    let id = option_set_id(&set.name).to_string();
    let mut it = base(&set.name, &id, set.custom, true);
    it.shown.insert("@odata.type".to_owned(), typed("OptionSetMetadata"));
    it.shown.insert("DisplayName".to_owned(), label(&set.label, &id, reader.language));
    it.shown.insert("OptionSetType".to_owned(), json!("Picklist"));
    it.shown.insert("ParentOptionSetName".to_owned(), Value::Null);
    it.shown.insert("Options".to_owned(), options(reader, &set.options, &id, List::Plain));
    it
}

pub fn is_choice(column: &ColumnDef) -> bool {
    matches!(column.kind, FieldKind::Choice | FieldKind::Choices)
}

/// The choices of one column; `None` when it is no choice.
pub(super) fn of_column<'a>(
    reader: Reader<'a>,
    def: &'a EntityDef,
    column: &'a ColumnDef,
) -> Option<Definition<'a>> {
    let shared = column.option_set.as_deref().and_then(|it| reader.catalog.option_set(it));
    if let Some(set) = shared {
        return Some(option_set(reader, set));
    }
    let name = format!("{}_{}", def.name, column.name);
    let id = metadata_id("columnoptionset", &name).to_string();
    let mut it = base(&name, &id, column.custom, false);
    it.shown.insert("DisplayName".to_owned(), label(&column.label, &id, reader.language));
    if column.kind == FieldKind::Boolean {
        let (no, yes) = yes_and_no(column);
        it.shown.insert("@odata.type".to_owned(), typed("BooleanOptionSetMetadata"));
        it.shown.insert("OptionSetType".to_owned(), json!("Boolean"));
        it.shown.insert("TrueOption".to_owned(), option(reader, &yes, &id, List::Plain));
        it.shown.insert("FalseOption".to_owned(), option(reader, &no, &id, List::Plain));
        return Some(it);
    }
    if !is_choice(column) {
        return None;
    }
    let (list, kind) = match column.name.as_str() {
        "statecode" => (List::States(def), "State"),
        "statuscode" => (List::Statuses, "Status"),
        _ => (List::Plain, "Picklist"),
    };
    it.shown.insert("@odata.type".to_owned(), typed("OptionSetMetadata"));
    it.shown.insert("OptionSetType".to_owned(), json!(kind));
    it.shown.insert("ParentOptionSetName".to_owned(), Value::Null);
    it.shown.insert("Options".to_owned(), options(reader, &column.options, &id, list));
    Some(it)
}

fn base<'a>(name: &str, id: &str, is_custom: bool, is_global: bool) -> Definition<'a> {
    let shown = properties([
        ("MetadataId", json!(id)),
        ("Name", json!(name)),
        ("Description", no_label()),
        ("IsGlobal", json!(is_global)),
        ("IsCustomOptionSet", json!(is_custom)),
        ("IsCustomizable", managed(is_custom, "iscustomizable")),
        ("IsManaged", json!(false)),
        ("ExternalTypeName", json!("")),
        ("IntroducedVersion", json!("1.0")),
        ("HasChanged", Value::Null),
    ]);
    Definition { shown, of: Of::End }
}

/// What a boolean says for 0 and for 1.
fn yes_and_no(column: &ColumnDef) -> (Choice, Choice) {
    let choice = |value, en: &str, sv: &str| {
        let usual = || Choice { value, label: Label { en: en.into(), sv: sv.into() }, state: None };
        column.option(value).cloned().unwrap_or_else(usual)
    };
    (choice(0, "No", "Nej"), choice(1, "Yes", "Ja"))
}

/// What a list of choices is for.
#[derive(Clone, Copy)]
enum List<'a> {
    Plain,
    /// Of this type: each state has a status that is taken first.
    States(&'a EntityDef),
    Statuses,
}

fn options(reader: Reader, all: &[Choice], of: &str, list: List) -> Value {
    all.iter().map(|it| option(reader, it, of, list)).collect()
}

fn option(reader: Reader, choice: &Choice, of: &str, list: List) -> Value {
    let mut it = properties([
        ("Value", json!(choice.value)),
        ("Label", label(&choice.label, &format!("{of}.{}", choice.value), reader.language)),
        ("Description", no_label()),
        ("Color", Value::Null),
        ("ExternalValue", json!("")),
        ("IsHidden", json!(false)),
        ("IsManaged", json!(false)),
        ("ParentValues", json!([])),
        ("Tag", Value::Null),
        ("HasChanged", Value::Null),
        ("MetadataId", Value::Null),
    ]);
    match list {
        List::Plain => {}
        List::States(def) => {
            let statuses = def.column("statuscode").map(|it| it.options.as_slice()).unwrap_or_default();
            let first = statuses.iter().find(|it| it.state == Some(choice.value));
            it.insert("@odata.type".to_owned(), typed("StateOptionMetadata"));
            it.insert("DefaultStatus".to_owned(), json!(first.map(|it| it.value)));
            it.insert("InvariantName".to_owned(), json!(choice.label.en));
        }
        List::Statuses => {
            it.insert("@odata.type".to_owned(), typed("StatusOptionMetadata"));
            it.insert("State".to_owned(), json!(choice.state));
            it.insert("TransitionData".to_owned(), Value::Null);
        }
    }
    Value::Object(it)
}
