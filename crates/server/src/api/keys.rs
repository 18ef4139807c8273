//! Which record is meant: by its key, by the values of an alternate key, or by an address.

use super::call::Caller;
use super::trouble::{Result, Trouble};
use super::values;
use domain::ask::{Ask, Pick};
use domain::entity::{ColumnDef, EntityDef, FieldKind};
use domain::filter::Filter;
use domain::id::{Guid, RecordRef};
use domain::record::Values;
use formats::odata::Literal;
use formats::odata::path::{self, Keys, Value};
use serde_json::{Value as Json, json};

/// What the brackets behind a set's name say.
pub struct Named {
    /// `None`: alternate keys that no record has.
    pub found: Option<Guid>,
    /// Those of alternate keys: what a new record of that name would hold.
    pub values: Values,
}

/// The record's key. Fails when alternate keys name none that the caller may see.
pub async fn key(caller: &Caller, def: &EntityDef, keys: &Keys) -> Result<Guid> {
    named(caller, def, keys).await?.found.ok_or_else(Trouble::no_record)
}

pub async fn named(caller: &Caller, def: &EntityDef, keys: &Keys) -> Result<Named> {
    match keys {
        Keys::Single(Value::Literal(Literal::Guid(id))) => {
            Ok(Named { found: Some(*id), values: Values::new() })
        }
        Keys::Single(Value::Literal(Literal::Text(text))) => {
            let found = values::guid(text).ok_or_else(no_guid)?;
            Ok(Named { found: Some(found), values: Values::new() })
        }
        Keys::Named(named) => match named.as_slice() {
            // `accounts(accountid=…)` is the key as well.
            [(name, Value::Literal(Literal::Guid(id)))] if *name == def.key_column() => {
                Ok(Named { found: Some(*id), values: Values::new() })
            }
            named => alternate(caller, def, named).await,
        },
        _ => Err(no_guid()),
    }
}

fn no_guid() -> Trouble {
    Trouble::unreadable(
        "A record's key is a GUID, or names columns with their values: accounts(accountnumber='7').",
    )
}

/// Any columns will do that together name one record: those of a defined key always do.
async fn alternate(caller: &Caller, def: &EntityDef, named: &[(String, Value)]) -> Result<Named> {
    let mut wanted = Values::new();
    for (name, value) in named {
        let column = def.columns.iter().find(|it| it.name == *name || values::property(it) == *name);
        let column = column.filter(|it| values::is_shown(it)).ok_or_else(|| {
            Trouble::unreadable(format!("“{name}” is no column of {}, and so no part of a key.", def.name))
        })?;
        let Value::Literal(literal) = value else { return Err(no_guid()) };
        wanted.insert(column.name.clone(), keyed(def, column, literal)?);
    }
    let conditions = wanted.iter().map(|(column, value)| Filter::eq(column, value.clone()));
    let mut ask = Ask::of(&def.name);
    ask.source.filter = Filter::All(conditions.collect());
    ask.source.columns = Pick::These(vec![]);
    ask.limit = 2;
    let answer = app::ask::ask(caller.app(), &caller.actor, &ask).await?;
    match answer.rows.as_slice() {
        [] => Ok(Named { found: None, values: wanted }),
        [one] => Ok(Named { found: Some(one.record.id), values: wanted }),
        _ => Err(Trouble::bad_value("Several records have these values: they name none.")),
    }
}

fn keyed(def: &EntityDef, column: &ColumnDef, literal: &Literal) -> Result<domain::record::Value> {
    let json = match literal {
        Literal::Null => Json::Null,
        Literal::Bool(it) => json!(it),
        Literal::Int(it) => json!(it),
        Literal::Double(it) => json!(it),
        Literal::Decimal(it) | Literal::Text(it) => json!(it),
        Literal::Date(it) | Literal::DateTimeOffset(it) => json!(it.text),
        Literal::Guid(it) if column.kind == FieldKind::Lookup && column.targets.len() == 1 => {
            return Ok(RecordRef::new(&column.targets[0], *it).into());
        }
        Literal::Guid(it) => json!(it),
        _ => return Err(no_guid()),
    };
    values::read(def, column, &json)
}

/// The record at `/accounts(…)`, `accounts(emailaddress1='x')` or an absolute address of this service.
pub async fn addressed(caller: &Caller, address: &str) -> Result<RecordRef> {
    let rest = address.strip_prefix(&caller.base).unwrap_or(address);
    let rest = rest.find("/api/data/").map_or(rest, |at| {
        let behind = &rest[at + "/api/data/".len()..];
        behind.split_once('/').map_or("", |it| it.1)
    });
    let path = path::parse(rest)?;
    let [segment] = path.segments.as_slice() else {
        return Err(Trouble::bad_value("A link leads to one record: \"/accounts(GUID)\"."));
    };
    let def = caller.set(&segment.name)?;
    Ok(RecordRef::new(&def.name, key(caller, def, &segment.keys).await?))
}

/// Whether the caller can see it.
pub async fn is_there(caller: &Caller, def: &EntityDef, id: Guid) -> Result<bool> {
    let mut ask = Ask::of(&def.name);
    ask.source.filter = Filter::eq(&def.key_column(), RecordRef::new(&def.name, id));
    ask.source.columns = Pick::These(vec![]);
    ask.limit = 1;
    Ok(!app::ask::ask(caller.app(), &caller.actor, &ask).await?.rows.is_empty())
}
