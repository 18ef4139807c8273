//! Who may do what to one record, and who is in a team.

use super::super::call::Caller;
use super::super::reply::Reply;
use super::super::trouble::{Result, Trouble};
use super::given::{Given, missing, wrong};
use super::response;
use app::actions::{share, team};
use domain::id::{Guid, RecordRef};
use domain::privilege::Action;
use serde_json::{Value as Json, json};

/// The names of Dataverse's `AccessRights`.
const NAMES: [(Action, &str); 8] = [
    (Action::Read, "ReadAccess"),
    (Action::Write, "WriteAccess"),
    (Action::Append, "AppendAccess"),
    (Action::AppendTo, "AppendToAccess"),
    (Action::Create, "CreateAccess"),
    (Action::Delete, "DeleteAccess"),
    (Action::Share, "ShareAccess"),
    (Action::Assign, "AssignAccess"),
];

fn written(rights: &[Action]) -> String {
    let names: Vec<&str> = NAMES.iter().filter(|it| rights.contains(&it.0)).map(|it| it.1).collect();
    if names.is_empty() { "None".to_owned() } else { names.join(", ") }
}

/// `ReadAccess, WriteAccess`, `Microsoft.Dynamics.CRM.AccessRights'ReadAccess'`, or the sum of their numbers.
fn read(json: &Json) -> Result<Vec<Action>> {
    const WANTED: &str = "rights such as \"ReadAccess,WriteAccess\"";
    if let Some(sum) = json.as_i64() {
        return Ok(NAMES.iter().map(|it| it.0).filter(|it| sum & it.bit() != 0).collect());
    }
    let text = json.as_str().ok_or_else(|| wrong("AccessMask", WANTED))?;
    let text = text.split_once('\'').map_or(text, |it| it.1).trim_end_matches('\'');
    let names = text.split(',').map(str::trim).filter(|it| !it.is_empty() && *it != "None");
    names
        .map(|name| NAMES.iter().find(|it| it.1 == name).map(|it| it.0))
        .collect::<Option<_>>()
        .ok_or_else(|| wrong("AccessMask", WANTED))
}

/// Bound to a user or a team, or with the principal among the arguments.
pub async fn of_principal(caller: &Caller, given: &Given<'_>, bound: Option<&RecordRef>) -> Result {
    let principal = match bound {
        Some(principal) => principal.clone(),
        None => given.record("Principal", None).await?,
    };
    let target = given.record("Target", None).await?;
    let rights = share::access(caller.app(), &caller.actor, &target, &principal).await?;
    let properties = json!({ "AccessRights": written(&rights) });
    Ok(response(caller, "RetrievePrincipalAccessResponse", properties))
}

pub async fn shared(caller: &Caller, given: &Given<'_>, bound: Option<&RecordRef>) -> Result {
    let target = target(given, bound).await?;
    let shares = share::shares(caller.app(), &caller.actor, &target).await?;
    let each = |(principal, rights): &(RecordRef, Vec<Action>)| {
        let key = format!("{}id", principal.entity);
        json!({
            "AccessMask": written(rights),
            "Principal": {
                "@odata.type": format!("#Microsoft.Dynamics.CRM.{}", principal.entity),
                (key): principal.id,
                "ownerid": principal.id,
            },
        })
    };
    let all: Vec<Json> = shares.iter().map(each).collect();
    Ok(response(caller, "RetrieveSharedPrincipalsAndAccessResponse", json!({ "PrincipalAccesses": all })))
}

async fn target(given: &Given<'_>, bound: Option<&RecordRef>) -> Result<RecordRef> {
    match bound {
        Some(record) => Ok(record.clone()),
        None => given.record("Target", None).await,
    }
}

pub async fn grant(caller: &Caller, given: &Given<'_>, bound: Option<&RecordRef>) -> Result {
    let (record, principal, rights) = sharing(given, bound).await?;
    share::grant(caller.app(), &caller.actor, &record, &principal, &rights).await?;
    Ok(Reply::no_content())
}

pub async fn modify(caller: &Caller, given: &Given<'_>, bound: Option<&RecordRef>) -> Result {
    let (record, principal, rights) = sharing(given, bound).await?;
    share::modify(caller.app(), &caller.actor, &record, &principal, &rights).await?;
    Ok(Reply::no_content())
}

async fn sharing(
    given: &Given<'_>,
    bound: Option<&RecordRef>,
) -> Result<(RecordRef, RecordRef, Vec<Action>)> {
    let record = target(given, bound).await?;
    let access = given.object("PrincipalAccess")?.ok_or_else(|| missing("PrincipalAccess"))?;
    let principal = access.record("Principal", None).await?;
    let mask = access.get("AccessMask").ok_or_else(|| missing("AccessMask"))?;
    Ok((record, principal, read(mask)?))
}

pub async fn revoke(caller: &Caller, given: &Given<'_>, bound: Option<&RecordRef>) -> Result {
    let record = target(given, bound).await?;
    let principal = given.record("Revokee", None).await?;
    share::revoke(caller.app(), &caller.actor, &record, &principal).await?;
    Ok(Reply::no_content())
}

pub async fn add_members(caller: &Caller, given: &Given<'_>, bound: Option<&RecordRef>) -> Result {
    let (team, users) = members(given, bound).await?;
    team::add(caller.app(), &caller.actor, team, &users).await?;
    Ok(Reply::no_content())
}

pub async fn remove_members(caller: &Caller, given: &Given<'_>, bound: Option<&RecordRef>) -> Result {
    let (team, users) = members(given, bound).await?;
    team::remove(caller.app(), &caller.actor, team, &users).await?;
    Ok(Reply::no_content())
}

/// Users in one request.
const MOST: usize = 1_000;

async fn members(given: &Given<'_>, bound: Option<&RecordRef>) -> Result<(Guid, Vec<Guid>)> {
    let team = match bound {
        Some(team) => team.clone(),
        None => given.record("TeamId", Some("team")).await?,
    };
    if team.entity != "team" {
        return Err(Trouble::bad_value("Members are those of a team."));
    }
    let all = match given.list("Members")? {
        [] => given.list("MemberIds")?,
        members => members,
    };
    if all.len() > MOST {
        return Err(Trouble::bad_value(format!("At most {MOST} users are taken at once.")));
    }
    let mut users = Vec::with_capacity(all.len());
    for each in all {
        let user = given.named("Members", each, Some("systemuser")).await?;
        if user.entity != "systemuser" {
            return Err(wrong("Members", "users"));
        }
        users.push(user.id);
    }
    Ok((team.id, users))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_are_read_as_they_are_written() {
        let some = [Action::Read, Action::AppendTo, Action::Assign];
        assert_eq!(written(&some), "ReadAccess, AppendToAccess, AssignAccess");
        for json in [
            json!("ReadAccess,AppendToAccess , AssignAccess"),
            json!("Microsoft.Dynamics.CRM.AccessRights'ReadAccess,AppendToAccess,AssignAccess'"),
            json!(1 + 16 + 524_288),
        ] {
            assert_eq!(read(&json).unwrap(), some, "{json}");
        }
        assert_eq!((written(&[]).as_str(), read(&json!("None")).unwrap()), ("None", vec![]));
        assert!(read(&json!("AllAccess")).is_err() && read(&json!([1])).is_err());
    }
}
