//! One property of a record, and what it leads to.

use super::call::{Call, Caller};
use super::door::no_segment;
use super::reply::Reply;
use super::trouble::{Result, Trouble};
use super::{files, keys, read, values};
use app::changes::Changes;
use axum::http::{Method, StatusCode};
use domain::entity::{ColumnDef, EntityDef, FieldKind, named_way};
use domain::id::{Guid, RecordRef};
use domain::record::{Value, Values};
use formats::odata::path::{Keys, Segment};
use serde_json::json;

/// `GET accounts(…)/name`, `…/name/$value`, `…/primarycontactid`, `…/contact_customer_accounts/$count` and so on.
pub async fn answer(caller: &Caller, call: &Call, def: &EntityDef, keys: &Keys, rest: &[Segment]) -> Result {
    let id = keys::key(caller, def, keys).await?;
    let (first, ending) = (&rest[0], rest.get(1).map(|it| it.name.as_str()));
    if rest.len() > 2 {
        return Err(no_segment(&rest[2]));
    }
    if let Some(column) = column(def, first) {
        return match (column.kind == FieldKind::File, ending) {
            (true, None | Some("$value")) => {
                files::get(caller, call, def, id, column, ending.is_some()).await
            }
            (false, None) => value(caller, def, id, column).await,
            (false, Some("$value")) => raw(caller, def, id, column).await,
            _ => Err(no_segment(&rest[1])),
        };
    }
    if first.name == def.key_column() && ending.is_none() {
        return Ok(Reply::ok(
            &json!({ "@odata.context": context(caller, def, id, &first.name), "value": id }),
        ));
    }
    let way = named_way(&caller.app().catalog, def, &first.name).ok_or_else(|| no_segment(first))?;
    match ending {
        None => read::along(caller, call, def, id, &way, &first.keys).await,
        Some("$ref") => read::references(caller, call, def, id, &way).await,
        Some("$count") => read::count_along(caller, call, def, id, &way).await,
        Some(_) => Err(no_segment(&rest[1])),
    }
}

/// By its name, or for a lookup by that of its value.
fn column<'a>(def: &'a EntityDef, segment: &Segment) -> Option<&'a ColumnDef> {
    let found = def.columns.iter().find(|it| values::property(it) == segment.name);
    found.filter(|it| values::is_shown(it) && segment.keys == Keys::None)
}

fn context(caller: &Caller, def: &EntityDef, id: Guid, property: &str) -> String {
    format!("{}$metadata#{}({id})/{property}", caller.base, def.set)
}

/// 204 when it is empty (OData 4.0 Protocol 11.2.3).
async fn value(caller: &Caller, def: &EntityDef, id: Guid, column: &ColumnDef) -> Result {
    let record = read::some(caller, def, id, &column.name).await?;
    let value = record.get(&column.name);
    if value.is_null() {
        return Ok(Reply::no_content());
    }
    let property = values::property(column);
    let context = context(caller, def, id, &property);
    Ok(Reply::ok(&json!({ "@odata.context": context, "value": values::written(column, value) })))
}

async fn raw(caller: &Caller, def: &EntityDef, id: Guid, column: &ColumnDef) -> Result {
    let record = read::some(caller, def, id, &column.name).await?;
    let text = match values::written(column, record.get(&column.name)) {
        serde_json::Value::Null => return Ok(Reply::no_content()),
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    };
    Ok(Reply::of(StatusCode::OK, "text/plain; charset=utf-8", text.into_bytes()))
}

/// `PUT accounts(…)/name` with `{"value": …}`, and `DELETE`, which empties it.
pub async fn prepare(
    call: &Call,
    def: &EntityDef,
    record: &RecordRef,
    segment: &Segment,
    changes: &mut Changes<'_>,
) -> Result<()> {
    let column = column(def, segment).ok_or_else(|| no_segment(segment))?;
    let value = match call.method {
        Method::DELETE => Value::Null,
        Method::PUT | Method::PATCH if column.kind != FieldKind::Lookup => {
            let body = call.object()?;
            let sent = body.get("value").or_else(|| body.get(&column.name));
            let sent = sent.ok_or_else(|| Trouble::bad_value("The new value is sent as {\"value\": …}."))?;
            values::read(def, column, sent)?
        }
        _ => return Err(Trouble::no_method()),
    };
    Ok(changes.update(record, None, Values::from([(column.name.clone(), value)])).await?)
}
