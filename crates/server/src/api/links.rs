//! `$ref`: tying records together and apart again.

use super::call::{Call, Caller};
use super::keys;
use super::trouble::{Result, Trouble};
use super::wish;
use app::changes::Changes;
use axum::http::Method;
use domain::ask::Way;
use domain::entity::{EntityDef, NamedWay, named_way};
use domain::id::{Guid, RecordRef};
use domain::record::{Value, Values};
use formats::odata::path::{Keys, Segment};

/// `accounts(…)/contact_customer_accounts/$ref`, and with the key of the other record to take it away.
pub async fn prepare(
    caller: &Caller,
    call: &Call,
    def: &EntityDef,
    id: Guid,
    segment: &Segment,
    changes: &mut Changes<'_>,
) -> Result<()> {
    let way = named_way(&caller.app().catalog, def, &segment.name);
    let way = way.ok_or_else(|| super::door::no_segment(segment))?;
    let record = RecordRef::new(&def.name, id);
    match (&call.method, way.is_single()) {
        (&Method::PUT | &Method::POST, true) => {
            let other = sent(caller, call, &way).await?;
            set(&record, &way, Value::Ref(other), changes).await
        }
        (&Method::DELETE, true) => set(&record, &way, Value::Null, changes).await,
        (&Method::POST | &Method::PUT, false) => {
            let other = sent(caller, call, &way).await?;
            Ok(changes.tie(&record, &way.way, &other).await?)
        }
        (&Method::DELETE, false) => {
            let other = taken(caller, call, &way, segment).await?;
            Ok(changes.untie(&record, &way.way, &other).await?)
        }
        _ => Err(Trouble::no_method()),
    }
}

/// `{"@odata.id": "…"}`
async fn sent(caller: &Caller, call: &Call, way: &NamedWay) -> Result<RecordRef> {
    let body = call.object()?;
    let address = body.get("@odata.id").and_then(serde_json::Value::as_str);
    let address =
        address.ok_or_else(|| Trouble::bad_value("The other record's address is sent as “@odata.id”."))?;
    wish::linked(caller, way, address).await
}

/// The other record stands in the path, or in `$id`.
async fn taken(caller: &Caller, call: &Call, way: &NamedWay, segment: &Segment) -> Result<RecordRef> {
    if let Some(address) = &call.options.id {
        return wish::linked(caller, way, address).await;
    }
    if segment.keys == Keys::None {
        return Err(Trouble::unreadable("Which record? Write its key in brackets, or its address as $id."));
    }
    let other = caller.app().catalog.get(way.way.target()).ok_or_else(Trouble::no_record)?;
    let id = keys::key(caller, other, &segment.keys).await?;
    Ok(RecordRef::new(&other.name, id))
}

async fn set(record: &RecordRef, way: &NamedWay, value: Value, changes: &mut Changes<'_>) -> Result<()> {
    let Way::One { column, .. } = &way.way else { return Err(Trouble::no_method()) };
    Ok(changes.update(record, None, Values::from([(column.clone(), value)])).await?)
}
