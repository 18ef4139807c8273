//! Page after page, and what has changed since: the links at the end of a list.

use super::call::{Call, Caller};
use super::read;
use super::reply::Reply;
use super::trouble::{Result, Trouble};
use domain::ask::{Answer, Ask, Place};
use domain::entity::EntityDef;
use domain::filter::Filter;
use domain::id::{Guid, RecordRef};
use domain::record::Value;
use formats::odata::bind;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeSet;

/// Records on one page at most (9.8).
const LARGEST: u32 = 5_000;
/// Changes that one delta link answers for at most.
const CHANGES: u32 = 2_000;
/// Between the pages of a list whose changes will be asked for: the change it began at.
const SINCE: &str = "since";
/// Between the pages of a long `$top`: how many rows are left of it.
const LEFT: &str = "left";

/// What the first look at a list says about its end.
pub struct Paging {
    /// How many rows of `$top` are still wanted behind this page; `None`: all there are.
    left: Option<u32>,
    /// The list is followed by a delta link from this change on.
    since: Option<i64>,
}

/// Sets where the page begins and how long it is.
pub async fn begin(caller: &Caller, call: &Call, ask: &mut Ask) -> Result<Paging> {
    let size = call.prefer.max_page_size.unwrap_or(LARGEST).min(LARGEST);
    // Of a longer $top the pages go on, and end where it does: each link says how many are left.
    let top = match other(call, LEFT) {
        Some(left) => Some(left.parse().map_err(|_| no_token())?),
        None => call.options.top.map(|it| u32::try_from(it).unwrap_or(u32::MAX)),
    };
    ask.limit = ask.limit.min(top.map_or(size, |top| top.min(size)));
    let token = call.options.skip_token.as_deref().map(bind::read_skip_token).transpose()?;
    if let Some(token) = token {
        ask.after = Some(token);
    }
    let since = match other(call, SINCE) {
        Some(since) => Some(since.parse().map_err(|_| no_token())?),
        None if call.prefer.track_changes => Some(begin_tracking(caller, call, ask).await?),
        None => None,
    };
    let left = top.map(|it| it.saturating_sub(ask.limit));
    Ok(Paging { left, since })
}

fn other<'a>(call: &'a Call, name: &str) -> Option<&'a str> {
    call.options.others.iter().find(|it| it.0 == name).map(|it| it.1.as_str())
}

/// Changes after this moment are in the delta; those before it in the list.
async fn begin_tracking(caller: &Caller, call: &Call, ask: &Ask) -> Result<i64> {
    let narrowed = call.options.filter.is_some() || call.options.top.is_some() || !ask.order.is_empty();
    if narrowed {
        return Err(Trouble::unreadable(
            "Changes are tracked of all records: without $filter, $orderby and $top.",
        ));
    }
    Ok(store_number(caller).await?)
}

async fn store_number(caller: &Caller) -> app::Result<i64> {
    app::history::latest(caller.app()).await
}

fn no_token() -> Trouble {
    Trouble::unreadable("This link was not made here, or was changed on its way.")
}

impl Paging {
    /// Adds the link to the next page, or after the last one to what will have changed.
    pub fn end(
        &self,
        caller: &Caller,
        call: &Call,
        def: &EntityDef,
        answer: &Answer,
        out: &mut Map<String, Json>,
    ) {
        match (&answer.next, self.since) {
            (Some(next), since) if self.left != Some(0) => {
                let mut added = vec![("$skiptoken", bind::skip_token(next))];
                added.extend(self.left.map(|it| (LEFT, it.to_string())));
                added.extend(since.map(|it| (SINCE, it.to_string())));
                out.insert("@odata.nextLink".to_owned(), json!(link(caller, call, &added)));
            }
            (_, Some(since)) => {
                let link = format!(
                    "{}{}?{}",
                    caller.base,
                    def.set,
                    kept(call, &[("$deltatoken", since.to_string())])
                );
                out.insert("@odata.deltaLink".to_owned(), json!(link));
            }
            _ => {}
        }
    }
}

/// The address of the page behind this place.
pub fn next(caller: &Caller, call: &Call, place: &Place) -> String {
    link(caller, call, &[("$skiptoken", bind::skip_token(place))])
}

/// This very address with other tokens.
fn link(caller: &Caller, call: &Call, added: &[(&str, String)]) -> String {
    format!("{}{}?{}", caller.base, call.raw_path, kept(call, added))
}

/// The query as it was, with these tokens instead of its own.
fn kept(call: &Call, added: &[(&str, String)]) -> String {
    let tokens = ["$skiptoken", "%24skiptoken", "$deltatoken", "%24deltatoken", SINCE, LEFT];
    let own = call.query.split('&').filter(|it| {
        let name = it.split('=').next().unwrap_or_default();
        !it.is_empty() && !tokens.iter().any(|token| name.eq_ignore_ascii_case(token))
    });
    let added = added.iter().map(|(name, value)| format!("{name}={value}"));
    own.map(str::to_owned).chain(added).collect::<Vec<_>>().join("&")
}

/// `…?$deltatoken=…`: what is new, changed or gone since, and the next such link.
pub async fn changes(caller: &Caller, call: &Call, def: &EntityDef, token: &str) -> Result {
    let since: i64 = token.parse().map_err(|_| no_token())?;
    let (ids, latest) = app::history::changed(caller.app(), &def.name, since, CHANGES).await?;
    let ids: Vec<Guid> = ids.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    let mut bound = bind::query(&caller.app().catalog, &caller.asker(), def, &call.options)?;
    let these = ids.iter().map(|it| Value::Ref(RecordRef::new(&def.name, *it))).collect();
    bound.ask.source.filter = Filter::In { column: def.key_column(), values: these };
    bound.ask.limit = LARGEST;
    let mut out = read::values(caller, call, &bound, &bound.ask).await?.0;
    let seen: BTreeSet<String> =
        out.iter().filter_map(|it| it.get(def.key_column())?.as_str().map(str::to_owned)).collect();
    // Gone, or not the reader's to see: both are no longer there for the reader.
    let context = format!("{}$metadata#{}/$deletedEntity", caller.base, def.set);
    let gone = ids.iter().map(ToString::to_string).filter(|it| !seen.contains(it));
    out.extend(gone.map(|it| json!({ "@odata.context": context, "id": it, "reason": "deleted" })));
    let link = format!("{}{}?{}", caller.base, def.set, kept(call, &[("$deltatoken", latest.to_string())]));
    Ok(Reply::ok(&json!({
        "@odata.context": format!("{}$metadata#{}/$delta", caller.base, def.set),
        "@odata.deltaLink": link,
        "value": out,
    })))
}
