//! Making, changing and deleting records.

use super::call::{Call, Caller, Condition};
use super::reply::Reply;
use super::trouble::{Result, Trouble};
use super::wish::{self, Wish};
use super::{keys, links, read, single};
use app::changes::Changes;
use axum::http::{Method, StatusCode};
use domain::ask::Way;
use domain::entity::{EntityDef, named_way};
use domain::id::{Guid, RecordRef};
use domain::record::Value;
use formats::odata::path::{Keys, Segment};
use formats::odata::prefer::Return;

/// What was prepared, and how to speak of it when it is done.
pub struct Prepared {
    pub record: RecordRef,
    created: bool,
    /// It is there afterwards and may be shown.
    stays: bool,
}

/// Times a request is prepared anew when somebody else was faster; with an `ETag` the client decides that.
const ATTEMPTS: usize = 4;

/// A request that changes something, by itself.
pub async fn answer(caller: &Caller, call: &Call) -> Result {
    for attempt in 1.. {
        let mut changes = Changes::new(caller.app(), &caller.actor);
        let prepared = Box::pin(prepare(caller, call, &mut changes)).await?;
        match changes.commit().await {
            Ok(()) => return Box::pin(finish(caller, call, &prepared)).await,
            Err(app::Error::Changed) if attempt < ATTEMPTS && !says_version(call) => {}
            Err(error) => return Err(error.into()),
        }
    }
    unreachable!("The last attempt returns")
}

fn says_version(call: &Call) -> bool {
    matches!(call.condition(), Ok(Condition::Version(_)))
}

/// Adds what the request asks for to `changes`, alone or with others of its change set.
pub async fn prepare(caller: &Caller, call: &Call, changes: &mut Changes<'_>) -> Result<Prepared> {
    let Some(first) = call.path.segments.first() else { return Err(Trouble::no_method()) };
    let def = caller.set(&first.name)?;
    let rest = &call.path.segments[1..];
    let record = |id| RecordRef::new(&def.name, id);
    let prepared = |id, created, stays| Prepared { record: record(id), created, stays };
    if matches!(first.keys, Keys::None | Keys::Empty) {
        return match (&call.method, rest) {
            (&Method::POST, []) => Ok(prepared(create(caller, call, def, changes).await?, true, true)),
            (_, []) => Err(Trouble::no_method()),
            _ => Err(super::door::no_segment(&rest[0])),
        };
    }
    if let (&Method::PATCH, []) = (&call.method, rest) {
        let wish = wish::read(caller, def, &call.object()?).await?;
        let (id, created) = put(caller, def, &first.keys, call.condition()?, wish, changes).await?;
        return Ok(prepared(id, created, true));
    }
    let id = keys::key(caller, def, &first.keys).await?;
    match (&call.method, rest) {
        (&Method::DELETE, []) => {
            changes.delete(&record(id), version(call)?).await?;
            Ok(prepared(id, false, false))
        }
        (_, [way, last]) if last.name == "$ref" => {
            links::prepare(caller, call, def, id, way, changes).await?;
            Ok(prepared(id, false, false))
        }
        (&Method::POST, [way]) => {
            let record = below(caller, call, def, id, way, changes).await?;
            Ok(Prepared { record, created: true, stays: true })
        }
        (&Method::PUT | &Method::PATCH | &Method::DELETE, [column]) => {
            single::prepare(call, def, &record(id), column, changes).await?;
            Ok(prepared(id, false, true))
        }
        _ => Err(Trouble::no_method()),
    }
}

fn version(call: &Call) -> Result<Option<i64>> {
    Ok(match call.condition()? {
        Condition::Version(version) => Some(version),
        _ => None,
    })
}

/// `POST accounts`
async fn create(caller: &Caller, call: &Call, def: &EntityDef, changes: &mut Changes<'_>) -> Result<Guid> {
    let wish = wish::read(caller, def, &call.object()?).await?;
    refuse_duplicates(caller, call, &wish).await?;
    make(caller, wish, changes).await
}

/// `POST accounts(…)/contact_customer_accounts`: a new record that hangs below this one.
async fn below(
    caller: &Caller,
    call: &Call,
    def: &EntityDef,
    id: Guid,
    segment: &Segment,
    changes: &mut Changes<'_>,
) -> Result<RecordRef> {
    let way = named_way(&caller.app().catalog, def, &segment.name);
    let way = way.ok_or_else(|| super::door::no_segment(segment))?.way;
    let target = caller.app().catalog.get(way.target()).ok_or_else(Trouble::no_record)?;
    let mut wish = wish::read(caller, target, &call.object()?).await?;
    let record = RecordRef::new(&def.name, id);
    match &way {
        Way::One { .. } => Err(Trouble::no_method()),
        Way::Many { column, .. } => {
            wish.values.insert(column.clone(), Value::Ref(record));
            Ok(RecordRef::new(&target.name, make(caller, wish, changes).await?))
        }
        Way::Across { .. } => {
            let made = RecordRef::new(&target.name, make(caller, wish, changes).await?);
            changes.tie(&record, &way, &made).await?;
            Ok(made)
        }
    }
}

/// 204 and where it is; 201 or 200 and the record itself when the client prefers that.
pub async fn finish(caller: &Caller, call: &Call, prepared: &Prepared) -> Result {
    if !prepared.stays {
        return Ok(Reply::no_content());
    }
    let def = caller.app().catalog.get(&prepared.record.entity).ok_or_else(Trouble::no_record)?;
    let address = caller.address(def, prepared.record.id);
    let reply = if call.prefer.returns == Some(Return::Representation) {
        let status = if prepared.created { StatusCode::CREATED } else { StatusCode::OK };
        // What had to hold before the change need not hold after it.
        let shown = read::shown(caller, call, def, prepared.record.id).await?;
        Reply { status, ..shown }.header("Preference-Applied", "return=representation")
    } else {
        Reply::no_content()
    };
    Ok(reply.header("OData-EntityId", address.clone()).header("Location", address))
}

/// Only when it is asked for (9.8): a record with the same address is a duplicate.
async fn refuse_duplicates(caller: &Caller, call: &Call, wish: &Wish) -> Result<()> {
    if !call.header("mscrm.suppressduplicatedetection").eq_ignore_ascii_case("false") {
        return Ok(());
    }
    let found = app::duplicates::of(caller.app(), &caller.actor, &wish.entity, &wish.values, None).await?;
    if found.is_empty() {
        return Ok(());
    }
    Err(Trouble::duplicate())
}

/// The record with everything above and below it. What is above is made first, because it is led to.
pub async fn make(caller: &Caller, wish: Wish, changes: &mut Changes<'_>) -> Result<Guid> {
    let mut values = wish.values;
    for (column, before) in wish.before {
        let entity = before.entity.clone();
        let id = Box::pin(make(caller, before, changes)).await?;
        values.insert(column, Value::Ref(RecordRef::new(entity, id)));
    }
    let id = changes.create(&wish.entity, wish.id, values).await?;
    let record = RecordRef::new(&wish.entity, id);
    for (way, mut below) in wish.below {
        if let Way::Many { column, .. } = &way {
            below.values.insert(column.clone(), Value::Ref(record.clone()));
        }
        let entity = below.entity.clone();
        let made = Box::pin(make(caller, below, changes)).await?;
        if matches!(way, Way::Across { .. }) {
            changes.tie(&record, &way, &RecordRef::new(entity, made)).await?;
        }
    }
    for (way, other) in wish.ties {
        changes.tie(&record, &way, &other).await?;
    }
    Ok(id)
}

/// Changes the record that these keys name, or makes it, as far as the condition allows.
pub async fn put(
    caller: &Caller,
    def: &EntityDef,
    keys: &Keys,
    condition: Condition,
    mut wish: Wish,
    changes: &mut Changes<'_>,
) -> Result<(Guid, bool)> {
    let named = keys::named(caller, def, keys).await?;
    let there = match named.found {
        Some(id) if changes.knows(&RecordRef::new(&def.name, id)) => Some(id),
        Some(id) => keys::is_there(caller, def, id).await?.then_some(id),
        None => None,
    };
    match (there, condition) {
        (Some(_), Condition::NotThere) => {
            Err(Trouble::not_as_said("A record with these keys is there already."))
        }
        (None, Condition::There | Condition::Version(_)) => Err(Trouble::no_record()),
        (Some(id), condition) => {
            let version = match condition {
                Condition::Version(version) => Some(version),
                _ => None,
            };
            change(def, id, version, wish, changes).await?;
            Ok((id, false))
        }
        (None, _) => {
            wish.id = named.found.or(wish.id);
            for (column, value) in named.values {
                wish.values.entry(column).or_insert(value);
            }
            Ok((make(caller, wish, changes).await?, true))
        }
    }
}

async fn change(
    def: &EntityDef,
    id: Guid,
    version: Option<i64>,
    wish: Wish,
    changes: &mut Changes<'_>,
) -> Result<()> {
    if !wish.below.is_empty() || !wish.before.is_empty() {
        return Err(Trouble::bad_value(
            "Records within records can be made with their record, and not changed with it: change each by itself.",
        ));
    }
    let record = RecordRef::new(&def.name, id);
    changes.update(&record, version, wish.values).await?;
    for (way, other) in wish.ties {
        changes.tie(&record, &way, &other).await?;
    }
    Ok(())
}
