//! What clients wish of definitions: `POST`, `PUT` and `DELETE` as wishes, which `domain::definition` grants or refuses.

mod choices;
mod columns;
mod entities;
mod json;
mod relationships;

use super::Refused;
use super::definitions::{Definition, Of, Reader, attribute_id, entity_id, key_id, option_set_id};
use super::place::{cast, follow, pick, set};
use crate::api::metadata::definitions::Linked;
use domain::definition::Wish;
use domain::entity::{ColumnDef, EntityDef};
use formats::odata::expr::Aliases;
use formats::odata::path::{Keys, Path, Segment};
use json::{Body, list};
use serde_json::Value;

/// What shall be changed, in this order, and the address of what is made by it, without the service's root.
#[derive(Debug, Clone, PartialEq)]
pub struct Wished {
    pub wishes: Vec<Wish>,
    pub made: Option<String>,
}

/// Reads a wish. What a body does not speak of stays, so that a label in one language leaves the other alone. Whether
/// the wish can be granted is not known here.
pub fn wish(
    reader: Reader,
    method: &str,
    path: &Path,
    aliases: &Aliases,
    body: &Body,
) -> Result<Wished, Refused> {
    let (first, rest) = path.segments.split_first().ok_or(Refused::NoMethod)?;
    let rest: Vec<&Segment> = rest.iter().filter(|it| cast(it).is_none()).collect();
    if first.name == "CreateEntities" {
        return if method == "POST" && rest.is_empty() {
            create_entities(reader, body)
        } else {
            Err(Refused::NoMethod)
        };
    }
    if matches!(first.keys, Keys::None | Keys::Empty) {
        return if method == "POST" && rest.is_empty() {
            create(reader, &first.name, body)
        } else {
            Err(Refused::NoMethod)
        };
    }
    let unknown =
        |it: &Segment| Refused::NotThere(format!("Resource not found for the segment “{}”.", it.name));
    let all = set(reader, &first.name).ok_or_else(|| unknown(first))?;
    let it = pick(all, &first.keys, aliases)?;
    let Of::Entity(def) = it.of else {
        return if rest.is_empty() { of_itself(reader, method, &it, body) } else { Err(Refused::NoMethod) };
    };
    match (method, rest.as_slice()) {
        ("PUT" | "PATCH", []) => Ok(only(Wish::ChangeEntity(entities::changed(def, body)))),
        ("DELETE", []) => Ok(only(Wish::DropEntity(def.name.clone()))),
        ("POST", [below]) => create_below(reader, def, &below.name, body).ok_or_else(|| unknown(below))?,
        (_, [below]) => match follow(reader, &it, below, aliases)? {
            Some(Linked::One(Some(found))) => change_below(reader, method, def, &found, body),
            _ => Err(Refused::NoMethod),
        },
        _ => Err(Refused::NoMethod),
    }
}

fn only(wish: Wish) -> Wished {
    Wished { wishes: vec![wish], made: None }
}

fn created(wish: Wish, made: String) -> Wished {
    Wished { wishes: vec![wish], made: Some(made) }
}

fn create_entities(reader: Reader, body: &Body) -> Result<Wished, Refused> {
    let all = list(body, "Entities")?;
    if all.is_empty() {
        return json::unreadable("CreateEntities takes Entities: a list of tables.");
    }
    let wishes = all.into_iter().map(|it| entities::entity(reader, it).map(Wish::AddEntity));
    Ok(Wished { wishes: wishes.collect::<Result<_, _>>()?, made: None })
}

fn create(reader: Reader, name: &str, body: &Body) -> Result<Wished, Refused> {
    match name {
        "EntityDefinitions" => {
            let def = entities::entity(reader, body)?;
            let made = format!("EntityDefinitions({})", entity_id(&def.name));
            Ok(created(Wish::AddEntity(def), made))
        }
        "RelationshipDefinitions" => {
            let (wish, made) = relationships::relationship(reader, body)?;
            Ok(created(wish, made))
        }
        "GlobalOptionSetDefinitions" => {
            let set = choices::option_set(body)?;
            let made = format!("GlobalOptionSetDefinitions({})", option_set_id(&set.name));
            Ok(created(Wish::AddOptionSet(set), made))
        }
        _ => Err(Refused::NoMethod),
    }
}

/// `None` when nothing of this name is made below a type.
fn create_below(reader: Reader, def: &EntityDef, name: &str, body: &Body) -> Option<Result<Wished, Refused>> {
    let entity = def.name.clone();
    Some(match name {
        "Attributes" => columns::column(reader, body).map(|column| {
            let made = format!(
                "EntityDefinitions({})/Attributes({})",
                entity_id(&entity),
                attribute_id(&entity, &column.name)
            );
            created(Wish::AddColumn { entity, column }, made)
        }),
        "Keys" => entities::key(body).map(|key| {
            // By logical name: clients take the first key in the address for the one of what was made.
            let made =
                format!("EntityDefinitions(LogicalName='{entity}')/Keys({})", key_id(&entity, &key.name));
            created(Wish::AddKey { entity, key }, made)
        }),
        _ => return None,
    })
}

fn change_below(
    reader: Reader,
    method: &str,
    def: &EntityDef,
    found: &Definition,
    body: &Body,
) -> Result<Wished, Refused> {
    let entity = def.name.clone();
    match (method, found.of) {
        ("PUT" | "PATCH", Of::Attribute(_, Some(before))) => {
            Ok(only(Wish::ChangeColumn { entity, column: columns::changed(reader, before, body)? }))
        }
        ("DELETE", Of::Attribute(_, Some(ColumnDef { name, .. }))) => {
            Ok(only(Wish::DropColumn { entity, column: name.clone() }))
        }
        ("DELETE", Of::Attribute(_, None)) => {
            json::unreadable("The key of a table goes with the table alone.")
        }
        ("DELETE", Of::End) if found.shown.contains_key("KeyAttributes") => {
            Ok(only(Wish::DropKey { entity, key: text_of(found, "LogicalName") }))
        }
        _ => Err(Refused::NoMethod),
    }
}

/// A relationship, or a list of choices.
fn of_itself(reader: Reader, method: &str, it: &Definition, body: &Body) -> Result<Wished, Refused> {
    let name = text_of(it, "Name");
    match (method, reader.catalog.option_set(&name)) {
        ("PUT" | "PATCH", Some(before)) => Ok(only(Wish::ChangeOptionSet(choices::changed(before, body)?))),
        ("DELETE", Some(_)) => Ok(only(Wish::DropOptionSet(name))),
        ("PUT" | "PATCH", None) => {
            let wishes = relationships::changed(reader, it, body).into_iter().collect();
            Ok(Wished { wishes, made: None })
        }
        ("DELETE", None) => relationships::dropped(it).map(only).ok_or(Refused::NoMethod),
        _ => Err(Refused::NoMethod),
    }
}

fn text_of(it: &Definition, property: &str) -> String {
    it.shown.get(property).and_then(Value::as_str).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests;
