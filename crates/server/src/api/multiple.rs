//! Many records of one type in one action.

use super::call::{Caller, Condition};
use super::functions::Arguments;
use super::reply::Reply;
use super::trouble::{Result, Trouble};
use super::values;
use super::wish::{self, Wish};
use super::write;
use app::changes::Changes;
use domain::ask::{Ask, Pick};
use domain::entity::EntityDef;
use domain::filter::{Filter, Op};
use domain::id::RecordRef;
use formats::odata::path::{self, Keys, Value};
use serde_json::{Value as Json, json};

/// Records in one request.
const MOST: usize = 1_000;

fn targets(given: &Arguments) -> Result<&Vec<Json>> {
    let targets = given.get("Targets").and_then(Json::as_array);
    let targets =
        targets.ok_or_else(|| Trouble::bad_value("The records are sent as a list named “Targets”."))?;
    if targets.len() > MOST {
        return Err(Trouble::bad_value(format!("At most {MOST} records are taken at once.")));
    }
    Ok(targets)
}

async fn wish(caller: &Caller, def: &EntityDef, target: &Json) -> Result<Wish> {
    let body = target.as_object().ok_or_else(|| Trouble::bad_value("“Targets” holds objects of JSON."))?;
    wish::read(caller, def, body).await
}

/// All or none; the keys come back in the order of the targets.
pub async fn create(caller: &Caller, def: &EntityDef, given: &Arguments) -> Result {
    let mut changes = Changes::new(caller.app(), &caller.actor);
    let mut ids = Vec::new();
    for target in targets(given)? {
        let wish = wish(caller, def, target).await?;
        ids.push(write::make(caller, wish, &mut changes).await?);
    }
    changes.commit().await?;
    let context = format!("{}$metadata#Microsoft.Dynamics.CRM.CreateMultipleResponse", caller.base);
    Ok(Reply::ok(&json!({ "@odata.context": context, "Ids": ids })))
}

pub async fn update(caller: &Caller, def: &EntityDef, given: &Arguments) -> Result {
    let mut changes = Changes::new(caller.app(), &caller.actor);
    for target in targets(given)? {
        let wish = wish(caller, def, target).await?;
        let keys = keys(def, &wish)?;
        write::put(caller, def, &keys, Condition::There, wish, &mut changes).await?;
    }
    changes.commit().await?;
    Ok(Reply::no_content())
}

pub async fn upsert(caller: &Caller, def: &EntityDef, given: &Arguments) -> Result {
    let mut changes = Changes::new(caller.app(), &caller.actor);
    let mut results = Vec::new();
    for target in targets(given)? {
        let wish = wish(caller, def, target).await?;
        let keys = keys(def, &wish)?;
        let (id, created) = write::put(caller, def, &keys, Condition::None, wish, &mut changes).await?;
        results.push(json!({
            "RecordCreated": created,
            "Target": { "@odata.id": caller.address(def, id), (def.key_column()): id },
        }));
    }
    changes.commit().await?;
    let context = format!("{}$metadata#Microsoft.Dynamics.CRM.UpsertMultipleResponse", caller.base);
    Ok(Reply::ok(&json!({ "@odata.context": context, "Results": results })))
}

/// Which record a target means: by its key among the values, or by the address it carries.
fn keys(def: &EntityDef, wish: &Wish) -> Result<Keys> {
    if let Some(address) = &wish.address {
        let path = path::parse(address.rsplit_once("/api/data/").map_or(address.as_str(), |it| it.1))?;
        let last = path.segments.into_iter().next_back();
        return last.map(|it| it.keys).ok_or_else(Trouble::no_record);
    }
    let id = wish.id.ok_or_else(|| {
        Trouble::bad_value(format!("Each target names its record: by {} or “@odata.id”.", def.key_column()))
    })?;
    Ok(Keys::Single(Value::Literal(formats::odata::Literal::Guid(id))))
}

/// Deletes what a query finds: at once, though the answer speaks of a job.
pub async fn bulk_delete(caller: &Caller, given: &Arguments) -> Result {
    let queries = given.get("QuerySet").and_then(Json::as_array);
    let queries =
        queries.ok_or_else(|| Trouble::bad_value("What to delete is sent as a list named “QuerySet”."))?;
    for query in queries {
        let found = found(caller, query).await?;
        let mut changes = Changes::new(caller.app(), &caller.actor);
        for record in &found {
            changes.delete(&RecordRef::new(&record.entity, record.id), None).await?;
        }
        changes.commit().await?;
    }
    Ok(Reply::ok(&json!({ "JobId": caller.app().new_id() })))
}

/// The records that a `QueryExpression` finds.
async fn found(caller: &Caller, query: &Json) -> Result<Vec<domain::record::Record>> {
    let name = query.get("EntityName").and_then(Json::as_str).unwrap_or_default();
    let def = caller
        .app()
        .catalog
        .get(name)
        .ok_or_else(|| Trouble::bad_value(format!("There is no type “{name}” to delete records of.")))?;
    let mut ask = Ask::of(name);
    ask.source.filter = criteria(def, query.get("Criteria").unwrap_or(&Json::Null), DEEPEST)?;
    ask.source.columns = Pick::These(vec![]);
    let answer = app::ask::ask(caller.app(), &caller.actor, &ask).await?;
    if answer.next.is_some() {
        return Err(Trouble::bad_value(format!("More than {} records would be deleted at once.", ask.limit)));
    }
    Ok(answer.rows.into_iter().map(|it| it.record).collect())
}

/// Filters within filters.
const DEEPEST: usize = 20;

/// `{"FilterOperator": "And", "Conditions": […], "Filters": […]}`
fn criteria(def: &EntityDef, criteria: &Json, depth: usize) -> Result<Filter> {
    if depth == 0 {
        return Err(Trouble::bad_value("The criteria are nested too deeply."));
    }
    let list = |name: &str| criteria.get(name).and_then(Json::as_array).cloned().unwrap_or_default();
    let mut all: Vec<Filter> =
        list("Conditions").iter().map(|it| condition(def, it)).collect::<Result<_>>()?;
    for inner in list("Filters") {
        all.push(self::criteria(def, &inner, depth - 1)?);
    }
    let any = criteria.get("FilterOperator").and_then(Json::as_str) == Some("Or");
    Ok(if any { Filter::Any(all) } else { Filter::All(all) })
}

fn condition(def: &EntityDef, condition: &Json) -> Result<Filter> {
    let text = |name: &str| condition.get(name).and_then(Json::as_str).unwrap_or_default();
    let name = text("AttributeName");
    let column = name.to_owned();
    let given = condition.get("Values").and_then(Json::as_array).cloned().unwrap_or_default();
    let values = given.iter().map(|it| value(def, name, it.get("Value").unwrap_or(it)));
    let values: Vec<domain::record::Value> = values.collect::<Result<_>>()?;
    let one = || {
        let first = values.first().cloned();
        first.ok_or_else(|| Trouble::bad_value(format!("The condition on “{name}” names no value.")))
    };
    let compare = |op| Ok(Filter::Compare { column: column.clone(), op, value: one()? });
    match text("Operator") {
        "In" => Ok(Filter::In { column, values }),
        "NotIn" => Ok(Filter::Not(Box::new(Filter::In { column, values }))),
        "Null" => Ok(Filter::Null { column }),
        "NotNull" => Ok(Filter::Not(Box::new(Filter::Null { column }))),
        "Equal" => compare(Op::Eq),
        "NotEqual" => compare(Op::Ne),
        "GreaterThan" => compare(Op::Gt),
        "GreaterEqual" => compare(Op::Ge),
        "LessThan" => compare(Op::Lt),
        "LessEqual" => compare(Op::Le),
        other => Err(Trouble::bad_value(format!("The operator “{other}” is not understood here."))),
    }
}

fn value(def: &EntityDef, name: &str, json: &Json) -> Result<domain::record::Value> {
    let no_key = || Trouble::bad_value(format!("“{name}” is compared with what is no GUID."));
    if name == def.key_column() {
        let id = json.as_str().and_then(values::guid).ok_or_else(no_key)?;
        return Ok(RecordRef::new(&def.name, id).into());
    }
    let column = def
        .column(name)
        .ok_or_else(|| Trouble::bad_value(format!("“{name}” is no column of {}.", def.name)))?;
    match column.targets.as_slice() {
        [target] => {
            let id = json.as_str().and_then(values::guid).ok_or_else(no_key)?;
            Ok(RecordRef::new(target, id).into())
        }
        _ => values::read(def, column, json),
    }
}
