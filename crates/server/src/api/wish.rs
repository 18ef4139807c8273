//! What a client wants of a record: a body of JSON, read by the definition of its type.

use super::call::Caller;
use super::keys;
use super::trouble::{Result, Trouble};
use super::values;
use domain::ask::Way;
use domain::entity::{ColumnDef, EntityDef, FieldKind, NamedWay, named_way};
use domain::id::{Guid, RecordRef};
use domain::record::{Value, Values};
use serde_json::{Map, Value as Json};

/// A record as it shall be, with what shall hang on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    pub entity: String,
    pub id: Option<Guid>,
    pub values: Values,
    /// To be made first, and led to by this lookup.
    pub before: Vec<(String, Wish)>,
    /// To be made below it.
    pub below: Vec<(Way, Wish)>,
    /// Records that are there and shall hang below it.
    pub ties: Vec<(Way, RecordRef)>,
    /// `@odata.id`: which record is meant, where the address does not say.
    pub address: Option<String>,
}

/// Records within records are read to this depth.
const DEEPEST: usize = 5;

/// Fails for a property that the type does not have, and for a value that does not belong there.
pub async fn read(caller: &Caller, def: &EntityDef, body: &Map<String, Json>) -> Result<Wish> {
    nested(caller, def, body, DEEPEST).await
}

async fn nested(caller: &Caller, def: &EntityDef, body: &Map<String, Json>, depth: usize) -> Result<Wish> {
    let mut wish = Wish {
        entity: def.name.clone(),
        id: None,
        values: Values::new(),
        before: vec![],
        below: vec![],
        ties: vec![],
        address: None,
    };
    for (name, json) in body {
        if let Some(way) = name.strip_suffix("@odata.bind") {
            bind(caller, def, way, json, &mut wish).await?;
        } else if name == "@odata.id" {
            wish.address = json.as_str().map(str::to_owned);
        } else if name.contains('@') || (name.starts_with('_') && name.ends_with("_value")) {
            // Clients send back what they read: annotations, and lookups by their keys.
        } else if *name == def.key_column() {
            wish.id = Some(json.as_str().and_then(values::guid).ok_or_else(|| no_key(name))?);
        } else if let Some(column) = def.column(name).filter(|it| it.kind != FieldKind::Lookup) {
            wish.values.insert(name.clone(), values::read(def, column, json)?);
        } else if let Some(way) = way(caller, def, name) {
            Box::pin(within(caller, &way, json, depth, &mut wish)).await?;
        } else if let Some(column) = def.column(name) {
            lookup(def, column, json, &mut wish)?;
        } else if name != "versionnumber" {
            return Err(no_property(def, name));
        }
    }
    Ok(wish)
}

fn no_key(name: &str) -> Trouble {
    Trouble::bad_value(format!("The key {name} is no GUID."))
}

fn no_property(def: &EntityDef, name: &str) -> Trouble {
    Trouble::unreadable(format!(
        "Could not find a property named “{name}” on the type “Microsoft.Dynamics.CRM.{}”.",
        def.name
    ))
}

fn way(caller: &Caller, def: &EntityDef, name: &str) -> Option<NamedWay> {
    named_way(&caller.app().catalog, def, name)
}

/// A lookup by its own name: `null` empties it. Anything else is written as a link.
fn lookup(def: &EntityDef, column: &ColumnDef, json: &Json, wish: &mut Wish) -> Result<()> {
    if !json.is_null() {
        values::read(def, column, json)?;
    }
    wish.values.insert(column.name.clone(), Value::Null);
    Ok(())
}

/// `parentcustomerid_account@odata.bind`: a link to a record that is there, or several for the other direction.
async fn bind(caller: &Caller, def: &EntityDef, name: &str, json: &Json, wish: &mut Wish) -> Result<()> {
    let found = way(caller, def, name).ok_or_else(|| no_property(def, name))?;
    if let Way::One { column, .. } = &found.way {
        let value = match json {
            Json::Null => Value::Null,
            Json::String(address) => Value::Ref(linked(caller, &found, address).await?),
            _ => return Err(no_link(name)),
        };
        wish.values.insert(column.clone(), value);
        return Ok(());
    }
    let addresses = match json {
        Json::Array(all) => all.iter().map(Json::as_str).collect::<Option<Vec<_>>>(),
        Json::String(one) => Some(vec![one.as_str()]),
        _ => None,
    };
    for address in addresses.ok_or_else(|| no_link(name))? {
        wish.ties.push((found.way.clone(), linked(caller, &found, address).await?));
    }
    Ok(())
}

fn no_link(name: &str) -> Trouble {
    Trouble::bad_value(format!("“{name}@odata.bind” takes an address such as \"/accounts(GUID)\"."))
}

/// The record at an address, which must be one of those the way leads to.
pub async fn linked(caller: &Caller, way: &NamedWay, address: &str) -> Result<RecordRef> {
    let record = keys::addressed(caller, address).await?;
    if way.targets.contains(&record.entity) {
        return Ok(record);
    }
    let targets = way.targets.join(", ");
    Err(Trouble::bad_value(format!("“{}” leads to {targets}, not to {}.", way.name, record.entity)))
}

/// Records written within this one: deep insert.
async fn within(caller: &Caller, way: &NamedWay, json: &Json, depth: usize, wish: &mut Wish) -> Result<()> {
    if depth == 0 {
        return Err(Trouble::bad_value(format!("Records within records go {DEEPEST} deep, and no deeper.")));
    }
    let target = caller.app().catalog.get(way.way.target()).ok_or_else(Trouble::no_record)?;
    match (&way.way, json) {
        (Way::One { column, .. }, Json::Null) => {
            wish.values.insert(column.clone(), Value::Null);
        }
        (Way::One { column, .. }, Json::Object(body)) => {
            wish.before.push((column.clone(), nested(caller, target, body, depth - 1).await?));
        }
        (Way::Many { .. } | Way::Across { .. }, Json::Array(all)) => {
            for each in all {
                let body = each.as_object().ok_or_else(|| not_records(&way.name))?;
                wish.below.push((way.way.clone(), nested(caller, target, body, depth - 1).await?));
            }
        }
        _ => return Err(not_records(&way.name)),
    }
    Ok(())
}

fn not_records(name: &str) -> Trouble {
    Trouble::bad_value(format!(
        "“{name}” takes records: objects of JSON, in a list where there can be several."
    ))
}
