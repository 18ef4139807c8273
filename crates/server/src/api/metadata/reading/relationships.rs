//! `OneToManyRelationshipMetadata` and `ManyToManyRelationshipMetadata` as lookups and ties.

use super::json::{Body, names, text, unreadable, word};
use super::{columns, json};
use crate::api::metadata::Refused;
use crate::api::metadata::definitions::{Definition, Reader, relationship_id};
use domain::definition::{ManyToMany, Wish};
use domain::entity::{ColumnDef, EntityDef, FieldKind, OnDelete};
use serde_json::Value;

/// A new relationship, and the address it gets.
pub fn relationship(reader: Reader, body: &Body) -> Result<(Wish, String), Refused> {
    let (schema, name) = names(body, "a relationship")?;
    let spelt = schema.as_deref().unwrap_or(&name);
    let made = format!("RelationshipDefinitions({})", relationship_id(spelt));
    let said = text(body, "@odata.type").unwrap_or_default();
    let is_tie = said.contains("ManyToMany") || (said.is_empty() && body.contains_key("Entity1LogicalName"));
    if is_tie {
        let one = known(reader, body, "Entity1LogicalName")?;
        let two = known(reader, body, "Entity2LogicalName")?;
        let intersect = text(body, "IntersectEntityName").unwrap_or(spelt).to_ascii_lowercase();
        let way = |it: &str| text(body, it).filter(|it| *it != spelt).map(str::to_owned);
        let tie = ManyToMany {
            schema: Some(spelt.to_owned()).filter(|it| *it != intersect),
            name: intersect,
            entity1: one.name.clone(),
            entity2: two.name.clone(),
            way1: way("Entity1NavigationPropertyName"),
            way2: way("Entity2NavigationPropertyName"),
        };
        return Ok((Wish::AddRelationship(tie), made));
    }
    let target = known(reader, body, "ReferencedEntity")?;
    let def = known(reader, body, "ReferencingEntity")?;
    Ok((lookup(reader, body, def, target, spelt)?, made))
}

fn known<'a>(reader: Reader<'a>, body: &Body, property: &str) -> Result<&'a EntityDef, Refused> {
    let Some(name) = text(body, property) else {
        return unreadable(format!("{property} is missing: the logical name of a table."));
    };
    let found = reader.catalog.get(&name.to_ascii_lowercase());
    found.ok_or_else(|| Refused::Unreadable(format!("There is no table “{name}”, which {property} names.")))
}

/// The lookup of a relationship: a new one, or one that is there and leads to one more type.
fn lookup(
    reader: Reader,
    body: &Body,
    def: &EntityDef,
    target: &EntityDef,
    name: &str,
) -> Result<Wish, Refused> {
    let Some(lookup) = body.get("Lookup").and_then(Value::as_object) else {
        return unreadable("A relationship needs a Lookup: the column that leads to the other table.");
    };
    let (schema, column_name) = names(lookup, "the Lookup")?;
    let entity = def.name.clone();
    let there = def.column(&column_name).filter(|it| it.kind == FieldKind::Lookup);
    let is_there = there.is_some();
    let mut column = if let Some(there) = there {
        there.clone()
    } else {
        let mut part = lookup.clone();
        part.insert("@odata.type".to_owned(), Value::from("LookupAttributeMetadata"));
        part.insert("Targets".to_owned(), Value::from(vec![target.name.clone()]));
        if json::label(lookup, "DisplayName", None).is_none() {
            part.insert("DisplayName".to_owned(), Value::from(target.label.en.clone()));
        }
        ColumnDef { schema, ..columns::column(reader, &part)? }
    };
    if !column.targets.contains(&target.name) {
        column.targets.push(target.name.clone());
    }
    column.relationships.insert(target.name.clone(), name.to_owned());
    column.on_delete = on_delete(body).unwrap_or(column.on_delete);
    Ok(if is_there { Wish::ChangeColumn { entity, column } } else { Wish::AddColumn { entity, column } })
}

/// What changes about a relationship: of a lookup what happens on deleting, of a tie nothing.
pub fn changed(reader: Reader, before: &Definition, body: &Body) -> Option<Wish> {
    let shown = |name: &str| before.shown.get(name).and_then(Value::as_str);
    let def = reader.catalog.get(shown("ReferencingEntity")?)?;
    let column = def.column(shown("ReferencingAttribute")?)?;
    let on_delete = on_delete(body).filter(|it| *it != column.on_delete)?;
    Some(Wish::ChangeColumn { entity: def.name.clone(), column: ColumnDef { on_delete, ..column.clone() } })
}

/// By the name that [`Wish::DropRelationship`] knows: of a tie its logical one.
pub fn dropped(before: &Definition) -> Option<Wish> {
    let shown = |name: &str| before.shown.get(name).and_then(Value::as_str);
    let name = shown("IntersectEntityName").or(shown("SchemaName"))?;
    Some(Wish::DropRelationship(name.to_owned()))
}

fn on_delete(body: &Body) -> Option<OnDelete> {
    let cascades = body.get("CascadeConfiguration").and_then(Value::as_object)?;
    match word(cascades, "Delete")? {
        "Cascade" | "Active" | "UserOwned" => Some(OnDelete::Cascade),
        "Restrict" => Some(OnDelete::Restrict),
        "RemoveLink" | "NoCascade" => Some(OnDelete::Unlink),
        _ => None,
    }
}
