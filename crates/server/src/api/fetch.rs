//! Lists asked for in another language than OData's: FetchXML, SQL, and views that somebody saved.

use super::call::{Call, Caller};
use super::pages;
use super::reply::Reply;
use super::show::Writer;
use super::trouble::{Result, Trouble};
use domain::ask::{Answer, Found};
use domain::entity::EntityDef;
use domain::id::Guid;
use formats::odata::bind;
use formats::question::{self, Fetched, Output};
use formats::{fetchxml, tsql};
use serde_json::{Map, Value as Json, json};

const COOKIE: &str = "@Microsoft.Dynamics.CRM.fetchxmlpagingcookie";
const MORE: &str = "@Microsoft.Dynamics.CRM.morerecords";

/// `None` when the request speaks OData.
pub async fn list(caller: &Caller, call: &Call, def: &EntityDef) -> Result<Option<Reply>> {
    let options = &call.options;
    let (catalog, asker) = (&caller.app().catalog, caller.asker());
    let fetched = if let Some(xml) = &options.fetch_xml {
        fetchxml::read(xml, catalog, &asker)?
    } else if let Some(view) = options.saved_query {
        fetchxml::read(&view_xml(caller, "savedquery", view).await?, catalog, &asker)?
    } else if let Some(view) = options.user_query {
        fetchxml::read(&view_xml(caller, "userquery", view).await?, catalog, &asker)?
    } else if let Some(sql) = &options.sql {
        tsql::read(sql, catalog, &asker)?
    } else {
        return Ok(None);
    };
    if fetched.ask.source.entity != def.name {
        return Err(Trouble::unreadable(format!(
            "The query asks for {}, and was sent to {}.",
            fetched.ask.source.entity, def.set
        )));
    }
    answer(caller, call, def, &fetched).await.map(Some)
}

async fn view_xml(caller: &Caller, entity: &str, view: Guid) -> Result<String> {
    let def = caller.app().catalog.get(entity).ok_or_else(Trouble::no_record)?;
    let record = super::read::some(caller, def, view, "fetchxml").await?;
    Ok(record.text("fetchxml").to_owned())
}

async fn answer(caller: &Caller, call: &Call, def: &EntityDef, fetched: &Fetched) -> Result {
    let mut ask = fetched.ask.clone();
    if let Some(size) = call.prefer.max_page_size {
        ask.limit = ask.limit.min(size);
    }
    ask.count |= call.options.count == Some(true);
    if let Some(token) = call.options.skip_token.as_deref().filter(|_| call.options.sql.is_some()) {
        ask.after = Some(bind::read_skip_token(token)?);
    }
    let answer = app::ask::ask(caller.app(), &caller.actor, &ask).await?;
    let value = totals(caller, call, &answer, &ask.source.alias, &fetched.outputs).await?;
    let mut out = Map::new();
    out.insert("@odata.context".to_owned(), json!(format!("{}$metadata#{}", caller.base, def.set)));
    if let Some(count) = answer.count {
        out.insert("@odata.count".to_owned(), json!(count));
        out.insert("@Microsoft.Dynamics.CRM.totalrecordcount".to_owned(), json!(count));
    }
    let next = answer.next.as_ref().filter(|_| fetched.top.is_none());
    let is_xml = call.options.sql.is_none();
    if is_xml {
        out.insert(MORE.to_owned(), json!(next.is_some()));
    }
    if let (Some(next), false) = (next, is_xml) {
        out.insert("@odata.nextLink".to_owned(), json!(pages::next(caller, call, next)));
    }
    if let (Some(next), true) = (next, is_xml) {
        // Absent on the last page: a client that follows cookies goes on for ever otherwise.
        out.insert(COOKIE.to_owned(), json!(question::cookie(fetched.page, next)));
    }
    out.insert("value".to_owned(), Json::Array(value));
    Ok(Reply::ok(&out))
}

/// The rows by the names the question gave.
pub async fn totals(
    caller: &Caller,
    call: &Call,
    answer: &Answer,
    root: &str,
    outputs: &[Output],
) -> Result<Vec<Json>> {
    let mut writer = Writer::new(caller, call);
    writer.learn_names(answer.rows.iter().flat_map(records)).await?;
    Ok(answer.rows.iter().map(|it| Json::Object(writer.fetched(it, root, outputs))).collect())
}

fn records(found: &Found) -> impl Iterator<Item = &domain::record::Record> {
    std::iter::once(&found.record).chain(found.joined.values())
}
