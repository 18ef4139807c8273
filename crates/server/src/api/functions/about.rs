//! Who asks whom: the user, the organization, the version; and small questions about records.

use super::super::call::Caller;
use super::super::reply::Reply;
use super::super::trouble::{Result, Trouble};
use super::super::values;
use super::given::{Given, missing, wrong};
use super::response;
use domain::ask::{Ask, Function, Measure, Pick, Totals};
use domain::entity::FieldKind;
use domain::id::Guid;
use domain::record::{Record, Value, Values};
use domain::state;
use serde_json::{Map, Value as Json, json};

pub async fn who_am_i(caller: &Caller) -> Result {
    let organization = own_organization(caller).await?.map_or_else(unnamed, |it| it.id);
    let properties = json!({
        "BusinessUnitId": caller.actor.unit(),
        "UserId": caller.actor.user(),
        "OrganizationId": organization,
    });
    Ok(response(caller, "WhoAmIResponse", properties))
}

/// The organization's record, if somebody has made one and the caller may read it.
async fn own_organization(caller: &Caller) -> Result<Option<Record>> {
    let mut ask = Ask::of("organization");
    ask.source.columns = Pick::These(vec!["name".to_owned()]);
    ask.limit = 1;
    match app::ask::ask(caller.app(), &caller.actor, &ask).await {
        Ok(answer) => Ok(answer.rows.into_iter().next().map(|it| it.record)),
        Err(app::Error::NotAllowed) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// There is one organization in each installation.
fn unnamed() -> Guid {
    Guid::named("organization", "regarding")
}

/// The first two numbers are those of the service, which clients look at; the others are the product's.
fn number() -> String {
    format!("9.2.{}.{}", env!("CARGO_PKG_VERSION_MAJOR"), env!("CARGO_PKG_VERSION_MINOR"))
}

pub fn version(caller: &Caller) -> Reply {
    response(caller, "RetrieveVersionResponse", json!({ "Version": number() }))
}

pub async fn organization(caller: &Caller) -> Result {
    let found = own_organization(caller).await?;
    let name = found.as_ref().map(|it| it.text("name")).filter(|it| !it.is_empty()).unwrap_or("Regarding");
    let id = found.as_ref().map_or_else(unnamed, |it| it.id);
    let root = root(caller);
    let detail = json!({
        "OrganizationId": id,
        "FriendlyName": name,
        "UniqueName": name,
        "UrlName": name,
        "OrganizationVersion": number(),
        "EnvironmentId": id,
        "State": "Enabled",
        "Endpoints": {
            "Count": 1,
            "IsReadOnly": false,
            "Keys": ["WebApplication"],
            "Values": [format!("{root}/")],
        },
    });
    Ok(response(caller, "RetrieveCurrentOrganizationResponse", json!({ "Detail": detail })))
}

/// `https://crm.example`
pub fn root(caller: &Caller) -> &str {
    caller.base.split_once("/api/data/").map_or("", |it| it.0)
}

/// Of each type, as many as the caller may read. (Dataverse counts all, a day late.)
pub async fn counts(caller: &Caller, given: &Given<'_>) -> Result {
    let names = given.list("EntityNames")?.iter().map(Json::as_str).collect::<Option<Vec<_>>>();
    let names = names.ok_or_else(|| wrong("EntityNames", "a list of logical names"))?;
    if names.len() > 100 {
        return Err(Trouble::bad_value("At most 100 types are counted at once."));
    }
    let mut counts = Vec::new();
    for name in &names {
        caller.app().catalog.get(name).ok_or_else(|| {
            Trouble::bad_value(format!("There is no type “{}”.", domain::text::clipped(name, 100)))
        })?;
        counts.push(count(caller, name).await?);
    }
    let all = json!({ "Count": names.len(), "IsReadOnly": false, "Keys": names, "Values": counts });
    let properties = json!({ "EntityRecordCountCollection": all });
    Ok(response(caller, "RetrieveTotalRecordCountResponse", properties))
}

async fn count(caller: &Caller, entity: &str) -> Result<i64> {
    let mut ask = Ask::of(entity);
    let measure = Measure {
        name: "count".to_owned(),
        alias: ask.source.alias.clone(),
        column: String::new(),
        function: Function::Count,
    };
    ask.totals = Some(Totals { groups: vec![], measures: vec![measure] });
    let answer = match app::ask::ask(caller.app(), &caller.actor, &ask).await {
        Err(app::Error::NotAllowed) => return Ok(0),
        answer => answer?,
    };
    Ok(answer.rows.first().and_then(|it| it.record.get("count").int()).unwrap_or_default())
}

/// An address as it stands on an envelope: with a region as in America, without one as in most of Europe.
pub fn address(caller: &Caller, given: &Given<'_>) -> Result {
    let part = |name: &str| given.text(name).map(|it| it.unwrap_or_default().trim().to_owned());
    let (town, region, code) = (part("City")?, part("StateOrProvince")?, part("PostalCode")?);
    let town = if region.is_empty() {
        format!("{code} {town}")
    } else {
        let comma = if town.is_empty() { "" } else { ", " };
        format!("{town}{comma}{region} {code}")
    };
    let lines = [part("Line1")?, part("Line2")?, part("Line3")?, town.trim().to_owned(), part("Country")?];
    let lines: Vec<String> = lines.into_iter().filter(|it| !it.is_empty()).collect();
    Ok(response(caller, "FormatAddressResponse", json!({ "Address": lines.join("\r\n") })))
}

/// What a new record begins with, ready to be filled in and posted.
pub async fn initial(caller: &Caller, given: &Given<'_>) -> Result {
    let from = given.record("EntityMoniker", None).await?;
    let entity = given.text("TargetEntityName")?.ok_or_else(|| missing("TargetEntityName"))?;
    let values = app::actions::derive::initial(caller.app(), &caller.actor, &from, entity).await?;
    let def = caller.app().catalog.get(entity).ok_or_else(Trouble::no_record)?;
    let mut all = Map::new();
    all.insert("@odata.context".to_owned(), json!(format!("{}$metadata#{}/$entity", caller.base, def.set)));
    all.insert("@odata.type".to_owned(), json!(format!("#Microsoft.Dynamics.CRM.{}", def.name)));
    for (name, value) in &values {
        let Some(column) = def.column(name) else { continue };
        match value {
            Value::Ref(record) if column.kind == FieldKind::Lookup => {
                let Some(target) = caller.app().catalog.get(&record.entity) else { continue };
                let bind = format!("{}@odata.bind", column.way(&def.name, &record.entity));
                all.insert(bind, json!(format!("/{}({})", target.set, record.id)));
            }
            value => {
                all.insert(name.clone(), values::written(column, value));
            }
        }
    }
    Ok(Reply::ok(&all))
}

/// Whether a record could get this state and status. `NewState` is the state's English name or its number.
pub async fn transition(caller: &Caller, given: &Given<'_>) -> Result {
    let record = given.record("Entity", None).await?;
    let def = caller.app().catalog.get(&record.entity).ok_or_else(Trouble::no_record)?;
    let view = app::records::read(caller.app(), &caller.actor, &record).await?;
    let states = def.column("statecode").map(|it| it.options.as_slice()).unwrap_or_default();
    let wanted = given.get("NewState").ok_or_else(|| missing("NewState"))?;
    let state = states.iter().find(|it| {
        wanted.as_i64() == Some(it.value)
            || wanted
                .as_str()
                .is_some_and(|text| it.label.en.eq_ignore_ascii_case(text) || text.parse() == Ok(it.value))
    });
    let reason = given.int("NewStatus")?.filter(|it| *it != -1);
    let number = |name: &str, it: i64| (name.to_owned(), Value::Int(it));
    let is_valid = state.is_some_and(|found| {
        let mut wanted = Values::from([number("statecode", found.value)]);
        wanted.extend(reason.map(|it| number("statuscode", it)));
        state::settled(def, Some(&view.record), &wanted).is_ok()
    });
    Ok(response(caller, "IsValidStateTransitionResponse", json!({ "IsValid": is_valid })))
}
