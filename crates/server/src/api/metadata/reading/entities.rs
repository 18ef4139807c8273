//! `EntityMetadata` and `EntityKeyMetadata` as types and their keys.

use super::columns::column;
use super::json::{Body, flag, label, label_or_name, list, names, text, unreadable, word};
use crate::api::metadata::Refused;
use crate::api::metadata::definitions::{Reader, plural};
use domain::entity::{ColumnDef, EntityDef, KeyDef, Label, Ownership};
use serde_json::Value;

/// Columns that every type has by itself.
const OF_ITSELF: [&str; 7] =
    ["createdon", "createdby", "modifiedon", "modifiedby", "ownerid", "owningbusinessunit", "versionnumber"];

/// A new type, with the columns the body names: those that every type has come by themselves.
pub fn entity(reader: Reader, body: &Body) -> Result<EntityDef, Refused> {
    let (schema, name) = names(body, "a table")?;
    let spelt = schema.as_deref().unwrap_or(&name);
    let words = label_or_name(body, "DisplayName", spelt);
    let plural_words = label(body, "DisplayCollectionName", None).unwrap_or_else(|| words.clone());
    if flag(body, "IsActivity") == Some(true) {
        return unreadable(
            "Kinds of activity of one's own cannot be made; a table can take activities: HasActivities.",
        );
    }
    let key = format!("{name}id");
    let mut columns: Vec<ColumnDef> = Vec::new();
    let mut primary = text(body, "PrimaryNameAttribute").map(str::to_ascii_lowercase);
    for attribute in list(body, "Attributes")? {
        let (_, attribute_name) = names(attribute, "a column")?;
        if attribute_name == key || OF_ITSELF.contains(&attribute_name.as_str()) {
            continue;
        }
        let mut column = column(reader, attribute)?;
        if flag(attribute, "IsPrimaryName") == Some(true) {
            // Whatever names a record is looked for, and shown in lists.
            column.search = flag(attribute, "IsSearchable").unwrap_or(true);
            column.list = flag(attribute, "IsValidForGrid").unwrap_or(true);
            primary = Some(column.name.clone());
        }
        columns.push(column);
    }
    let Some(primary) = primary.filter(|it| columns.iter().any(|column| column.name == *it)) else {
        return unreadable(format!(
            "The table “{name}” needs one attribute of text with IsPrimaryName true."
        ));
    };
    let set = text(body, "EntitySetName").map_or_else(|| plural(&name), str::to_owned);
    let mut def = EntityDef {
        set,
        schema,
        description: None,
        key: None,
        ownership: ownership(body)?,
        label: words,
        plural: plural_words,
        icon: "project".to_owned(),
        primary,
        surname: false,
        activities: false,
        connections: false,
        activity: false,
        browsable: true,
        custom: true,
        readonly: false,
        intersect: false,
        keys: list(body, "Keys")?.into_iter().map(self::key).collect::<Result<_, _>>()?,
        columns,
        name,
    };
    apply(&mut def, body);
    Ok(def)
}

/// The type as it shall be, its columns and keys aside. What the body does not speak of stays.
pub fn changed(before: &EntityDef, body: &Body) -> EntityDef {
    let mut def = before.clone();
    def.label = label(body, "DisplayName", Some(&before.label)).unwrap_or(def.label);
    def.plural = label(body, "DisplayCollectionName", Some(&before.plural)).unwrap_or(def.plural);
    apply(&mut def, body);
    def
}

fn apply(def: &mut EntityDef, body: &Body) {
    def.description = label(body, "Description", def.description.as_ref()).or(def.description.take());
    def.activities = flag(body, "HasActivities").unwrap_or(def.activities);
    def.connections = flag(body, "IsConnectionsEnabled").unwrap_or(def.connections);
    def.browsable = flag(body, "IsValidForAdvancedFind").unwrap_or(def.browsable);
    if let Some(icon) = text(body, "IconVectorName").filter(|it| !it.contains('/')) {
        icon.clone_into(&mut def.icon);
    }
}

fn ownership(body: &Body) -> Result<Ownership, Refused> {
    match word(body, "OwnershipType") {
        None | Some("UserOwned" | "TeamOwned") => Ok(Ownership::User),
        Some("OrganizationOwned" | "BusinessOwned") => Ok(Ownership::Organization),
        Some(other) => unreadable(format!(
            "A table cannot be owned as “{other}” says; known are UserOwned and OrganizationOwned."
        )),
    }
}

/// A new alternate key.
pub fn key(body: &Body) -> Result<KeyDef, Refused> {
    let (schema, name) = names(body, "a key")?;
    let spelt = schema.as_deref().unwrap_or(&name);
    let words: Label = label_or_name(body, "DisplayName", spelt);
    let columns = body.get("KeyAttributes").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let columns: Vec<String> =
        columns.iter().filter_map(Value::as_str).map(str::to_ascii_lowercase).collect();
    if columns.is_empty() {
        return unreadable(format!("The key “{name}” needs KeyAttributes: the names of its columns."));
    }
    Ok(KeyDef { name, schema, label: words, columns })
}
