//! Messages begun from a template.

use super::super::call::{Call, Caller};
use super::super::reply::Reply;
use super::super::trouble::{Result, Trouble};
use super::super::{wish, write};
use super::given::{Given, missing};
use super::response;
use crate::views::field;
use crate::words::{Language, Words};
use app::actions::fill_in::{Letter, fill_in};
use app::actions::send::{self, Issue};
use app::changes::Changes;
use domain::id::{Guid, RecordRef};
use serde_json::json;

/// The message as it would begin, for the caller to go on with; nothing is written.
pub async fn instantiate(caller: &Caller, call: &Call, given: &Given<'_>) -> Result {
    let entity = given.text("ObjectType")?.ok_or_else(|| missing("ObjectType"))?;
    let about = RecordRef::new(entity, given.id("ObjectId")?);
    let letter = filled(caller, call, given.id("TemplateId")?, &about).await?;
    let context = format!("{}$metadata#Collection(mscrm.crmbaseentity)", caller.base);
    let email = json!({
        "@odata.type": "#Microsoft.Dynamics.CRM.email",
        "subject": letter.subject,
        "description": letter.body,
        "templateid@odata.bind": format!("/templates({})", letter.template),
    });
    Ok(Reply::ok(&json!({ "@odata.context": context, "value": [email] })))
}

/// The target becomes a draft with the template's subject and text, and is handed over for sending.
pub async fn send(caller: &Caller, call: &Call, given: &Given<'_>) -> Result {
    let kind = given.text("RegardingType")?;
    let about = match given.get("Regarding") {
        Some(_) => given.record("Regarding", kind).await?,
        None => given.record("RegardingId", kind).await?,
    };
    let letter = filled(caller, call, given.id("TemplateId")?, &about).await?;
    let target = given.object("Target")?.ok_or_else(|| missing("Target"))?;
    let def = caller.app().catalog.get("email").ok_or_else(Trouble::no_record)?;
    let mut wish = wish::read(caller, def, target.properties()).await?;
    let takes_mail = caller.app().catalog.get(&about.entity).is_some_and(|it| it.activities);
    wish.values.insert("subject".to_owned(), domain::text::clipped(&letter.subject, 200).into());
    wish.values.insert("description".to_owned(), letter.body.into());
    wish.values.insert("templateid".to_owned(), RecordRef::new("template", letter.template).into());
    if takes_mail {
        wish.values.entry("regardingobjectid".to_owned()).or_insert_with(|| about.into());
    }
    let mut changes = Changes::new(caller.app(), &caller.actor);
    let email = write::make(caller, wish, &mut changes).await?;
    changes.commit().await?;
    send::send(caller.app(), &caller.actor, email, Issue::Send, None).await?;
    Ok(response(caller, "SendEmailFromTemplateResponse", json!({ "Id": email })))
}

async fn filled(caller: &Caller, call: &Call, template: Guid, about: &RecordRef) -> Result<Letter> {
    let language = Language::wished(call.header("accept-language"));
    let words = Words::new(language, caller.web.settings.time_zone);
    let written = |column: &_, value: &_, names: &_| field::plain(column, value, names, &words);
    Ok(fill_in(caller.app(), &caller.actor, template, about, &written).await?)
}
