//! Reading: one record, a list, what hangs on a record, and counts.

use super::call::{Call, Caller, Condition, etag};
use super::door::no_segment;
use super::reply::Reply;
use super::show::Writer;
use super::trouble::{Result, Trouble};
use super::{fetch, keys, pages};
use app::ask::Row;
use axum::http::StatusCode;
use domain::ask::{Answer, Ask, Pick, Way};
use domain::entity::{EntityDef, NamedWay};
use domain::filter::Filter;
use domain::id::{Guid, RecordRef};
use domain::record::Record;
use formats::odata::bind::{self, Bound};
use formats::odata::path::Keys;
use serde_json::{Map, Value as Json, json};

/// `GET accounts(…)`
pub async fn one(caller: &Caller, call: &Call, def: &EntityDef, keys: &Keys) -> Result {
    let id = keys::key(caller, def, keys).await?;
    if let Condition::OtherThan(version) = call.condition()?
        && some(caller, def, id, &def.primary).await?.version == version
    {
        return Ok(Reply::empty(StatusCode::NOT_MODIFIED).header("ETag", etag(version)));
    }
    shown(caller, call, def, id).await
}

/// The record as the request's `$select` and `$expand` want it.
pub async fn shown(caller: &Caller, call: &Call, def: &EntityDef, id: Guid) -> Result {
    let mut bound = bound(caller, call, def)?;
    bound.ask.source.filter = Filter::eq(&def.key_column(), RecordRef::new(&def.name, id));
    bound.ask.limit = 1;
    let context = format!("{}$metadata#{}/$entity", caller.base, selected(def, call));
    single(caller, call, &bound, context).await?.ok_or_else(Trouble::no_record)
}

/// The only record the question finds, if it finds one.
async fn single(caller: &Caller, call: &Call, bound: &Bound, context: String) -> Result<Option<Reply>> {
    let rows = rows(caller, bound, &bound.ask).await?.0;
    let Some(row) = rows.first() else { return Ok(None) };
    let writer = writer(caller, call, &rows).await?;
    let mut out = Map::new();
    out.insert("@odata.context".to_owned(), json!(context));
    out.extend(writer.row(row, &bound.ask.source.columns, &bound.expand));
    let version = etag(row.found.record.version);
    Ok(Some(Reply::ok(&out).header("ETag", version)))
}

fn bound(caller: &Caller, call: &Call, def: &EntityDef) -> Result<Bound> {
    Ok(bind::query(&caller.app().catalog, &caller.asker(), def, &call.options)?)
}

/// `contacts(fullname,jobtitle)`: what the context of an answer names.
fn selected(def: &EntityDef, call: &Call) -> String {
    let names: Vec<String> = call.options.select.iter().map(|it| it.join("/")).collect();
    if names.is_empty() { def.set.clone() } else { format!("{}({})", def.set, names.join(",")) }
}

/// The page of rows with what is expanded below them.
async fn rows(caller: &Caller, bound: &Bound, ask: &Ask) -> Result<(Vec<Row>, Answer)> {
    let (app, actor) = (caller.app(), &caller.actor);
    let answer = app::ask::ask(app, actor, ask).await?;
    let rows = app::ask::expanded(app, actor, &answer.rows, &bound.expand).await?;
    Ok((rows, answer))
}

async fn writer<'a>(caller: &'a Caller, call: &Call, rows: &[Row]) -> Result<Writer<'a>> {
    let mut writer = Writer::new(caller, call);
    let mut records = Vec::new();
    for row in rows {
        gather(row, &mut records);
    }
    writer.learn_names(records.into_iter()).await?;
    Ok(writer)
}

fn gather<'r>(row: &'r Row, records: &mut Vec<&'r Record>) {
    records.push(&row.found.record);
    for below in row.below.values().flatten() {
        gather(below, records);
    }
}

/// One column of a record.
pub async fn some(caller: &Caller, def: &EntityDef, id: Guid, column: &str) -> Result<Record> {
    let mut ask = Ask::of(&def.name);
    ask.source.filter = Filter::eq(&def.key_column(), RecordRef::new(&def.name, id));
    ask.source.columns = Pick::These(vec![column.to_owned()]);
    ask.limit = 1;
    let answer = app::ask::ask(caller.app(), &caller.actor, &ask).await?;
    answer.rows.into_iter().next().map(|it| it.record).ok_or_else(Trouble::no_record)
}

/// `GET accounts`, whichever language says which.
pub async fn list(caller: &Caller, call: &Call, def: &EntityDef) -> Result {
    if let Some(reply) = fetch::list(caller, call, def).await? {
        return Ok(reply);
    }
    if let Some(token) = &call.options.delta_token {
        return pages::changes(caller, call, def, token).await;
    }
    let bound = bound(caller, call, def)?;
    page(caller, call, def, &bound, &selected(def, call)).await
}

/// A page of records, and where the next one is.
pub async fn page(caller: &Caller, call: &Call, def: &EntityDef, bound: &Bound, context: &str) -> Result {
    let mut ask = bound.ask.clone();
    let paging = pages::begin(caller, call, &mut ask).await?;
    let (value, answer) = values(caller, call, bound, &ask).await?;
    let mut out = Map::new();
    out.insert("@odata.context".to_owned(), json!(format!("{}$metadata#{context}", caller.base)));
    if let Some(count) = answer.count {
        out.insert("@odata.count".to_owned(), json!(count));
    }
    out.insert("value".to_owned(), Json::Array(value));
    paging.end(caller, call, def, &answer, &mut out);
    Ok(Reply::ok(&out))
}

/// The rows as JSON, and what the answer says of its page.
pub async fn values(caller: &Caller, call: &Call, bound: &Bound, ask: &Ask) -> Result<(Vec<Json>, Answer)> {
    if !bound.outputs.is_empty() {
        let answer = app::ask::ask(caller.app(), &caller.actor, ask).await?;
        let value = fetch::totals(caller, call, &answer, &ask.source.alias, &bound.outputs).await?;
        return Ok((value, answer));
    }
    let (rows, answer) = rows(caller, bound, ask).await?;
    let writer = writer(caller, call, &rows).await?;
    let picked = &bound.ask.source.columns;
    let value = rows.iter().map(|it| Json::Object(writer.row(it, picked, &bound.expand))).collect();
    Ok((value, answer))
}

/// `GET accounts/$count`: a number as plain text.
pub async fn count(caller: &Caller, call: &Call, def: &EntityDef) -> Result {
    counted(caller, bound(caller, call, def)?.ask).await
}

async fn counted(caller: &Caller, mut ask: Ask) -> Result {
    ask.source.columns = Pick::These(vec![]);
    ask.count = true;
    ask.limit = 1;
    let answer = app::ask::ask(caller.app(), &caller.actor, &ask).await?;
    let count = answer.count.unwrap_or_default().to_string();
    Ok(Reply::of(StatusCode::OK, "text/plain", count.into_bytes()))
}

/// The question for what a way leads to from one record.
fn below(caller: &Caller, call: &Call, def: &EntityDef, id: Guid, way: &NamedWay) -> Result<Bound> {
    let target = target(caller, way)?;
    let mut bound = bound(caller, call, target)?;
    let here = RecordRef::new(&def.name, id);
    let hangs = match &way.way {
        Way::One { .. } => Filter::everything(),
        Way::Many { column, .. } => Filter::eq(column, here),
        Way::Across { intersect, here: column, there, .. } => Filter::Exists {
            entity: intersect.clone(),
            from: there.clone(),
            to: target.key_column(),
            filter: Box::new(Filter::eq(column, here)),
        },
    };
    let wanted = std::mem::replace(&mut bound.ask.source.filter, Filter::everything());
    bound.ask.source.filter = Filter::All(vec![hangs, wanted]);
    Ok(bound)
}

fn target<'a>(caller: &'a Caller, way: &NamedWay) -> Result<&'a EntityDef> {
    caller.app().catalog.get(way.way.target()).ok_or_else(Trouble::no_record)
}

/// Where a lookup of the record leads; `None` when it is empty.
async fn led_to(caller: &Caller, def: &EntityDef, id: Guid, column: &str) -> Result<Option<RecordRef>> {
    Ok(some(caller, def, id, column).await?.get(column).record().cloned())
}

/// `GET accounts(…)/primarycontactid` and `GET accounts(…)/contact_customer_accounts`, or one of the latter by key.
pub async fn along(
    caller: &Caller,
    call: &Call,
    def: &EntityDef,
    id: Guid,
    way: &NamedWay,
    keys: &Keys,
) -> Result {
    if let Way::One { column, .. } = &way.way {
        let Some(other) = led_to(caller, def, id, column).await? else { return Ok(Reply::no_content()) };
        let target = caller.app().catalog.get(&other.entity).ok_or_else(Trouble::no_record)?;
        return match shown(caller, call, target, other.id).await {
            // What one may not see is not there.
            Err(trouble) if trouble.status == StatusCode::NOT_FOUND => Ok(Reply::no_content()),
            answer => answer,
        };
    }
    if !keys::is_there(caller, def, id).await? {
        return Err(Trouble::no_record());
    }
    let target = target(caller, way)?;
    let mut bound = below(caller, call, def, id, way)?;
    if matches!(keys, Keys::None | Keys::Empty) {
        return page(caller, call, target, &bound, &selected(target, call)).await;
    }
    let other = RecordRef::new(&target.name, keys::key(caller, target, keys).await?);
    let hangs = std::mem::replace(&mut bound.ask.source.filter, Filter::everything());
    bound.ask.source.filter = Filter::All(vec![hangs, Filter::eq(&target.key_column(), other)]);
    let context = format!("{}$metadata#{}/$entity", caller.base, selected(target, call));
    single(caller, call, &bound, context).await?.ok_or_else(Trouble::no_record)
}

/// `GET accounts(…)/primarycontactid/$ref`: the addresses alone.
pub async fn references(caller: &Caller, call: &Call, def: &EntityDef, id: Guid, way: &NamedWay) -> Result {
    let target = target(caller, way)?;
    let writer = Writer::new(caller, call);
    if let Way::One { column, .. } = &way.way {
        let Some(other) = led_to(caller, def, id, column).await? else { return Ok(Reply::no_content()) };
        let mut out = Map::new();
        out.insert("@odata.context".to_owned(), json!(format!("{}$metadata#$ref", caller.base)));
        let record = Record::new(other.entity, other.id);
        out.insert("@odata.id".to_owned(), writer.reference(&record)["@odata.id"].clone());
        return Ok(Reply::ok(&out));
    }
    let mut bound = below(caller, call, def, id, way)?;
    bound.ask.source.columns = Pick::These(vec![]);
    bound.expand = vec![];
    let paging = pages::begin(caller, call, &mut bound.ask).await?;
    let answer = app::ask::ask(caller.app(), &caller.actor, &bound.ask).await?;
    let value: Vec<Json> = answer.rows.iter().map(|it| writer.reference(&it.record)).collect();
    let mut out = Map::new();
    out.insert("@odata.context".to_owned(), json!(format!("{}$metadata#Collection($ref)", caller.base)));
    out.insert("value".to_owned(), Json::Array(value));
    paging.end(caller, call, target, &answer, &mut out);
    Ok(Reply::ok(&out))
}

pub async fn count_along(caller: &Caller, call: &Call, def: &EntityDef, id: Guid, way: &NamedWay) -> Result {
    if way.is_single() {
        return Err(no_segment(&call.path.segments[2]));
    }
    counted(caller, below(caller, call, def, id, way)?.ask).await
}
