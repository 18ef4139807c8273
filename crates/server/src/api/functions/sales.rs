//! Opportunities won and lost, cases solved, leads qualified, records merged.

use super::super::call::Caller;
use super::super::reply::Reply;
use super::super::trouble::{Result, Trouble};
use super::super::wish;
use super::given::{Given, missing};
use app::actions::close::{self, Closing};
use app::actions::merge::{self, Parents};
use app::actions::qualify::{self, Qualifying};
use domain::id::{Guid, RecordRef};
use domain::record::{Value, Values};
use serde_json::{Map, Value as Json, json};

pub async fn win(caller: &Caller, given: &Given<'_>) -> Result {
    let (opportunity, closing) = closing(caller, given, "OpportunityClose", "opportunity").await?;
    close::win(caller.app(), &caller.actor, opportunity, &closing).await?;
    Ok(Reply::no_content())
}

pub async fn lose(caller: &Caller, given: &Given<'_>) -> Result {
    let (opportunity, closing) = closing(caller, given, "OpportunityClose", "opportunity").await?;
    close::lose(caller.app(), &caller.actor, opportunity, &closing).await?;
    Ok(Reply::no_content())
}

pub async fn close_incident(caller: &Caller, given: &Given<'_>) -> Result {
    let (incident, closing) = closing(caller, given, "IncidentResolution", "incident").await?;
    close::resolve(caller.app(), &caller.actor, incident, &closing).await?;
    Ok(Reply::no_content())
}

/// `{"OpportunityClose": {"subject": …, "opportunityid@odata.bind": …}, "Status": 3}`
async fn closing(caller: &Caller, given: &Given<'_>, name: &str, entity: &str) -> Result<(Guid, Closing)> {
    let said = given.object(name)?.ok_or_else(|| missing(name))?;
    let lookup = format!("{entity}id");
    let record = said.record(&lookup, Some(entity)).await?;
    if record.entity != entity {
        return Err(Trouble::bad_value(format!("“{lookup}” leads to a record of the type {entity}.")));
    }
    let def = caller.app().catalog.get(entity).ok_or_else(Trouble::no_record)?;
    let closing = Closing {
        status: given.status()?,
        subject: said.text("subject")?.map(str::to_owned),
        description: said.text("description")?.map(str::to_owned),
        value: said.value(def, "actualvalue", "actualrevenue")?.and_then(|it| Value::int(&it)),
        at: said.time("actualend")?,
    };
    Ok((record.id, closing))
}

pub async fn qualify(caller: &Caller, given: &Given<'_>, bound: Option<&RecordRef>) -> Result {
    let lead = match bound {
        Some(lead) => lead.clone(),
        None => given.record("LeadId", Some("lead")).await?,
    };
    if lead.entity != "lead" {
        return Err(Trouble::bad_value("Leads are qualified, and nothing else."));
    }
    let wanted = Qualifying {
        account: given.flag("CreateAccount")?,
        contact: given.flag("CreateContact")?,
        opportunity: given.flag("CreateOpportunity")?,
        customer: given.maybe_record("OpportunityCustomerId", None).await?,
        status: given.status()?,
    };
    let made = qualify::qualify(caller.app(), &caller.actor, lead.id, &wanted).await?;
    let context = format!("{}$metadata#Collection(mscrm.crmbaseentity)", caller.base);
    let value: Vec<Json> = made.iter().map(|it| reference(caller, it)).collect();
    Ok(Reply::ok(&json!({ "@odata.context": context, "value": value })))
}

/// A record by type, key and address.
fn reference(caller: &Caller, record: &RecordRef) -> Json {
    let mut all = Map::new();
    all.insert("@odata.type".to_owned(), json!(format!("#Microsoft.Dynamics.CRM.{}", record.entity)));
    if let Some(def) = caller.app().catalog.get(&record.entity) {
        all.insert("@odata.id".to_owned(), json!(caller.address(def, record.id)));
        all.insert(def.key_column(), json!(record.id));
    }
    Json::Object(all)
}

pub async fn merge(caller: &Caller, given: &Given<'_>) -> Result {
    let target = given.record("Target", None).await?;
    let subordinate = given.record("Subordinate", Some(&target.entity)).await?;
    let parents = if given.flag("PerformParentingChecks")? { Parents::Same } else { Parents::Any };
    let update = update(caller, given, &target.entity).await?;
    merge::merge(caller.app(), &caller.actor, &target, &subordinate, update, parents).await?;
    Ok(Reply::no_content())
}

/// What the record that stays shall take over.
async fn update(caller: &Caller, given: &Given<'_>, entity: &str) -> Result<Values> {
    let Some(content) = given.object("UpdateContent")? else { return Ok(Values::new()) };
    let def = caller.app().catalog.get(entity).ok_or_else(Trouble::no_record)?;
    let wish = wish::read(caller, def, content.properties()).await?;
    if !wish.before.is_empty() || !wish.below.is_empty() || !wish.ties.is_empty() {
        return Err(Trouble::bad_value("“UpdateContent” holds values of the record itself."));
    }
    Ok(wish.values)
}
