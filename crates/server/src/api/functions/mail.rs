//! Drafts handed over for sending, and messages handed over to be tracked.

use super::super::call::Caller;
use super::super::trouble::{Result, Trouble};
use super::given::{Given, missing, wrong};
use super::response;
use app::actions::promote;
use app::actions::receive::{self, Why};
use app::actions::send::{self, Issue};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::id::RecordRef;
use domain::token;
use formats::mime::{File, Importance, Parts};
use serde_json::{Map, Value as Json, json};

/// `emails(…)/Microsoft.Dynamics.CRM.SendEmail`
pub async fn send(caller: &Caller, given: &Given<'_>, bound: Option<&RecordRef>) -> Result {
    let email = match bound {
        Some(email) => email.clone(),
        None => given.record("EmailId", Some("email")).await?,
    };
    if email.entity != "email" {
        return Err(Trouble::bad_value("E-mail is sent, and nothing else."));
    }
    let issue = match given.get("IssueSend") {
        Some(_) if !given.flag("IssueSend")? => Issue::SentAlready,
        _ => Issue::Send,
    };
    let token = given.text("TrackingToken")?;
    let subject = send::send(caller.app(), &caller.actor, email.id, issue, token).await?;
    Ok(response(caller, "SendEmailResponse", json!({ "Subject": subject })))
}

/// The code a subject ends in already, or a new one.
pub fn token(caller: &Caller, given: &Given<'_>) -> Result {
    let subject = given.text("Subject")?.unwrap_or_default();
    let token = token::of_subject(subject).map_or_else(|| token::of(caller.app().new_id()), str::to_owned);
    Ok(response(caller, "GetTrackingTokenEmailResponse", json!({ "TrackingToken": token })))
}

pub async fn check_promote(caller: &Caller, given: &Given<'_>) -> Result {
    let id = given.text("MessageId")?.ok_or_else(|| missing("MessageId"))?;
    let is_tracked = promote::is_tracked(caller.app(), &caller.actor, id).await?;
    let why = if is_tracked { Why::Duplicate } else { Why::Wanted };
    let properties = json!({ "ShouldPromote": why == Why::Wanted, "ReasonCode": why.code() });
    Ok(response(caller, "CheckPromoteEmailResponse", properties))
}

pub async fn check_incoming(caller: &Caller, given: &Given<'_>) -> Result {
    let why = receive::check(caller.app(), &caller.actor, &parts(given)?).await?;
    let properties = json!({ "ShouldDeliver": why == Why::Wanted, "ReasonCode": why.code() });
    Ok(response(caller, "CheckIncomingEmailResponse", properties))
}

/// Track: for the caller, regarding what `ExtraProperties` binds.
pub async fn deliver_promote(caller: &Caller, given: &Given<'_>, bound: Option<&RecordRef>) -> Result {
    if bound.is_some() {
        return Err(Trouble::not_built(
            "A message becomes a new record: call DeliverPromoteEmail by itself.",
        ));
    }
    let target = match given.object("ExtraProperties")? {
        Some(extra) => regarding(&extra).await?,
        None => None,
    };
    let email = promote::promote(caller.app(), &caller.actor, &parts(given)?, target.as_ref()).await?;
    Ok(response(caller, "DeliverPromoteEmailResponse", json!({ "EmailId": email })))
}

pub async fn deliver_incoming(caller: &Caller, given: &Given<'_>) -> Result {
    let email = receive::receive(caller.app(), &caller.actor, &parts(given)?).await?;
    Ok(response(caller, "DeliverIncomingEmailResponse", json!({ "EmailId": email })))
}

/// `regardingobjectid_account_email@odata.bind`, or the lookup by its own name.
async fn regarding(extra: &Given<'_>) -> Result<Option<RecordRef>> {
    for (name, json) in extra.properties() {
        let name = name.strip_suffix("@odata.bind").unwrap_or(name);
        if name.starts_with("regardingobjectid") && !json.is_null() && !name.contains('@') {
            return extra.named(name, json, None).await.map(Some);
        }
    }
    Ok(None)
}

fn parts(given: &Given<'_>) -> Result<Parts> {
    let text = |name| given.text_or_none(name);
    let nothing = Map::new();
    let extra = given.object("ExtraProperties")?;
    let extra = |name: &str| {
        let all = extra.map_or(&nothing, |it| it.properties());
        all.get(name).and_then(Json::as_str).unwrap_or_default().to_owned()
    };
    Ok(Parts {
        message_id: text("MessageId")?,
        in_reply_to: extra("inreplyto"),
        thread_index: extra("conversationindex"),
        from: text("From")?,
        to: text("To")?,
        cc: text("Cc")?,
        bcc: text("Bcc")?,
        subject: text("Subject")?,
        date: given.time("ReceivedOn")?,
        importance: importance(given)?,
        body: text("Body")?,
        attachments: given.list("Attachments")?.iter().map(file).collect::<Result<_>>()?,
    })
}

/// By name, or as Dataverse and MAPI number it: 0 low, 1 normal, 2 high.
fn importance(given: &Given<'_>) -> Result<Importance> {
    let text = match given.get("Importance") {
        Some(Json::Number(number)) => number.to_string(),
        _ => given.text_or_none("Importance")?,
    };
    Ok(match text.to_ascii_lowercase().as_str() {
        "low" | "0" => Importance::Low,
        "high" | "2" => Importance::High,
        _ => Importance::Normal,
    })
}

/// A row of `activitymimeattachment` with its bytes in `body`.
fn file(json: &Json) -> Result<File> {
    let text = |name: &str| json.get(name).and_then(Json::as_str).unwrap_or_default();
    let bytes = STANDARD
        .decode(text("body"))
        .map_err(|_| wrong("Attachments", "files with base64 as their “body”"))?;
    Ok(File { name: text("filename").to_owned(), mimetype: text("mimetype").to_owned(), bytes })
}
