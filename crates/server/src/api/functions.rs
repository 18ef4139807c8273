//! Functions and actions by their names: what they are given, and who answers.

mod about;
mod access;
pub mod background;
mod given;
mod mail;
mod sales;
mod template;

use super::call::{Call, Caller};
use super::door::{NAMESPACE, no_segment};
use super::multiple;
use super::reply::Reply;
use super::trouble::{Result, Trouble};
use axum::http::Method;
use domain::entity::EntityDef;
use domain::id::RecordRef;
use formats::odata::path::{Keys, Segment};
use given::Given;
pub use given::{Arguments, arguments};
use serde_json::{Map, Value as Json, json};

/// `WhoAmI`, `WinOpportunity` and the like, which stand by themselves.
pub async fn unbound(caller: &Caller, call: &Call) -> Result {
    let [segment] = call.path.segments.as_slice() else { return Err(no_segment(&call.path.segments[0])) };
    let given = arguments(call, segment)?;
    let name = segment.name.strip_prefix(NAMESPACE).unwrap_or(&segment.name);
    if call.method == Method::GET {
        return function(caller, &Given::new(caller, &given), name, None, segment).await;
    }
    if call.method != Method::POST {
        return Err(Trouble::no_method());
    }
    let action = async {
        if name == "BulkDelete" {
            return multiple::bulk_delete(caller, &given).await;
        }
        action(caller, call, &Given::new(caller, &given), name, None, segment).await
    };
    Box::pin(background::at_leisure(caller, call, action)).await
}

/// `contacts/Microsoft.Dynamics.CRM.CreateMultiple`, `emails(…)/Microsoft.Dynamics.CRM.SendEmail`.
pub async fn bound(caller: &Caller, call: &Call, def: &EntityDef, keys: &Keys, segment: &Segment) -> Result {
    let given = arguments(call, segment)?;
    let name = segment.name.strip_prefix(NAMESPACE).unwrap_or(&segment.name);
    if matches!(keys, Keys::None | Keys::Empty) {
        return match (&call.method, name) {
            (&Method::POST, "CreateMultiple") => multiple::create(caller, def, &given).await,
            (&Method::POST, "UpdateMultiple") => multiple::update(caller, def, &given).await,
            (&Method::POST, "UpsertMultiple") => multiple::upsert(caller, def, &given).await,
            _ => Err(no_segment(segment)),
        };
    }
    let record = RecordRef::new(&def.name, super::keys::key(caller, def, keys).await?);
    let given = Given::new(caller, &given);
    match call.method {
        Method::GET => function(caller, &given, name, Some(&record), segment).await,
        Method::POST => {
            let action = action(caller, call, &given, name, Some(&record), segment);
            Box::pin(background::at_leisure(caller, call, action)).await
        }
        _ => Err(Trouble::no_method()),
    }
}

/// What changes nothing. `bound`: the record it is asked of.
async fn function(
    caller: &Caller,
    given: &Given<'_>,
    name: &str,
    bound: Option<&RecordRef>,
    segment: &Segment,
) -> Result {
    match name {
        "WhoAmI" => about::who_am_i(caller).await,
        "RetrieveVersion" => Ok(about::version(caller)),
        "RetrieveCurrentOrganization" => about::organization(caller).await,
        "RetrieveTotalRecordCount" => about::counts(caller, given).await,
        "FormatAddress" => about::address(caller, given),
        "InitializeFrom" => about::initial(caller, given).await,
        "IsValidStateTransition" => about::transition(caller, given).await,
        "RetrievePrincipalAccess" => access::of_principal(caller, given, bound).await,
        "RetrieveSharedPrincipalsAndAccess" => access::shared(caller, given, bound).await,
        "CheckPromoteEmail" => mail::check_promote(caller, given).await,
        "CheckIncomingEmail" => mail::check_incoming(caller, given).await,
        "GetTrackingTokenEmail" => mail::token(caller, given),
        _ if is_action(name) => Err(Trouble::no_method()),
        _ => Err(no_segment(segment)),
    }
}

const ACTIONS: [&str; 20] = [
    "WinOpportunity",
    "LoseOpportunity",
    "CloseIncident",
    "QualifyLead",
    "Merge",
    "GrantAccess",
    "ModifyAccess",
    "RevokeAccess",
    "AddMembersTeam",
    "RemoveMembersTeam",
    "SendEmail",
    "SendEmailFromTemplate",
    "InstantiateTemplate",
    "CheckPromoteEmail",
    "CheckIncomingEmail",
    "DeliverPromoteEmail",
    "DeliverIncomingEmail",
    "GetTrackingTokenEmail",
    "AddPrivilegesRole",
    "BulkDelete",
];

fn is_action(name: &str) -> bool {
    ACTIONS.contains(&name)
}

async fn action(
    caller: &Caller,
    call: &Call,
    given: &Given<'_>,
    name: &str,
    bound: Option<&RecordRef>,
    segment: &Segment,
) -> Result {
    match name {
        "WinOpportunity" => sales::win(caller, given).await,
        "LoseOpportunity" => sales::lose(caller, given).await,
        "CloseIncident" => sales::close_incident(caller, given).await,
        "QualifyLead" => sales::qualify(caller, given, bound).await,
        "Merge" => sales::merge(caller, given).await,
        "GrantAccess" => access::grant(caller, given, bound).await,
        "ModifyAccess" => access::modify(caller, given, bound).await,
        "RevokeAccess" => access::revoke(caller, given, bound).await,
        "AddMembersTeam" => access::add_members(caller, given, bound).await,
        "RemoveMembersTeam" => access::remove_members(caller, given, bound).await,
        "AddPrivilegesRole" | "ReplacePrivilegesRole" | "RemovePrivilegeRole" => Err(Trouble::not_built(
            "Roles come with the product and are read-only: give the user another role instead.",
        )),
        "SendEmail" => mail::send(caller, given, bound).await,
        "SendEmailFromTemplate" => template::send(caller, call, given).await,
        "InstantiateTemplate" => template::instantiate(caller, call, given).await,
        // Dataverse lists these as functions; scripts post them as well, because a message is long.
        "CheckPromoteEmail" => mail::check_promote(caller, given).await,
        "CheckIncomingEmail" => mail::check_incoming(caller, given).await,
        "GetTrackingTokenEmail" => mail::token(caller, given),
        "DeliverPromoteEmail" => mail::deliver_promote(caller, given, bound).await,
        "DeliverIncomingEmail" => mail::deliver_incoming(caller, given).await,
        _ => Err(no_segment(segment)),
    }
}

/// What a function or an action answers: `mscrm.WhoAmIResponse`.
fn response(caller: &Caller, kind: &str, properties: Json) -> Reply {
    let context = format!("{}$metadata#{NAMESPACE}{kind}", caller.base);
    let mut all = Map::from_iter([("@odata.context".to_owned(), json!(context))]);
    if let Json::Object(properties) = properties {
        all.extend(properties);
    }
    Reply::ok(&all)
}
