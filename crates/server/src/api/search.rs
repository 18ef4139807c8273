//! `/api/search/v1.0` and `/api/search/v2.0`: find records of many types by words, as Dataverse's search does.

use super::call::{Call, Caller};
use super::door;
use super::reply::Reply;
use super::trouble::{Result, Trouble};
use super::values;
use crate::web::Web;
use axum::body::to_bytes;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use domain::ask::{Ask, Pick};
use domain::entity::{EntityDef, FieldKind};
use domain::filter::Filter;
use domain::record::{Record, Value};
use domain::text::{folded, words};
use serde_json::{Map, Value as Json, json};

/// Bytes of a question.
const LARGEST: usize = 256 * 1024;
/// Hits in one answer.
const MOST: u64 = 100;
/// Hits of one type that are looked at.
const OF_ONE_TYPE: u32 = 200;

/// The two versions ask and answer in different shapes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    One,
    Two,
}

pub async fn enter(
    State(web): State<Web>,
    Path((version, verb)): Path<(String, String)>,
    request: Request,
) -> Response {
    match answer(web, &version, &verb, request).await {
        Ok(reply) => reply,
        Err(trouble) => trouble.reply(),
    }
    .into_response()
}

async fn answer(web: Web, version: &str, verb: &str, request: Request) -> Result {
    let version = match version {
        "v1.0" => Version::One,
        "v2.0" => Version::Two,
        _ => return Err(Trouble::no_such("Search stands at /api/search/v2.0/.")),
    };
    let (parts, body) = request.into_parts();
    let actor = door::admitted(&web, &parts.headers).await?;
    let base = door::origin(&web, &parts.uri, &parts.headers);
    let body = to_bytes(body, LARGEST).await.map_err(|_| Trouble::too_large(LARGEST))?;
    let call = Call::new(parts.method, "", "", parts.headers, body)?;
    let caller = Caller { web, actor, base };
    let wish = Wish::read(&caller, version, &call.object()?)?;
    match verb {
        "query" => query(&caller, version, &wish).await,
        "suggest" => suggest(&caller, version, &wish).await,
        "autocomplete" => autocomplete(&caller, version, &wish).await,
        _ => Err(Trouble::no_such("Search knows query, suggest and autocomplete.")),
    }
}

/// What is looked for, whichever version said it.
struct Wish {
    text: String,
    types: Vec<EntityDef>,
    top: usize,
    skip: usize,
    count: bool,
    any: bool,
}

impl Wish {
    fn read(caller: &Caller, version: Version, body: &Map<String, Json>) -> Result<Wish> {
        let text = body.get("search").and_then(Json::as_str).unwrap_or_default().to_owned();
        if words(&text).is_empty() {
            return Err(Trouble::bad_value("“search” takes at least one word."));
        }
        let number = |name: &str, most: u64| {
            let given = body.get(name).and_then(Json::as_u64).unwrap_or_default().min(most);
            usize::try_from(given).unwrap_or_default()
        };
        let top = number("top", MOST);
        let mode = body.get("searchMode").or_else(|| body.get("searchmode")).and_then(Json::as_str);
        let options = body.get("options").and_then(Json::as_str).unwrap_or_default();
        let truth = |name: &str| body.get(name).and_then(Json::as_bool).unwrap_or_default();
        Ok(Wish {
            types: types(caller, version, body.get("entities"))?,
            top: if top == 0 { 50 } else { top },
            skip: number("skip", 10_000),
            count: truth("count") || truth("returnTotalRecordCount"),
            any: mode == Some("any") || options.replace([' ', '\\'], "").contains("\"searchmode\":\"any\""),
            text,
        })
    }

    /// Words without the signs of the richer languages, of which only the words are understood.
    fn words(&self) -> Vec<String> {
        words(&self.text)
    }

    fn filter(&self) -> Filter {
        let words = self.words();
        if self.any {
            return Filter::Any(words.into_iter().map(|it| Filter::Words(vec![it])).collect());
        }
        Filter::Words(words)
    }
}

/// Version 1 names them in a list, version 2 in a list of objects written as text. None named: all that people browse.
fn types(caller: &Caller, version: Version, named: Option<&Json>) -> Result<Vec<EntityDef>> {
    let catalog = &caller.app().catalog;
    let list: Option<Json> = match (version, named) {
        (_, None | Some(Json::Null)) => None,
        (Version::Two, Some(Json::String(text))) => {
            let list = serde_json::from_str(text);
            Some(list.map_err(|_| Trouble::bad_value("“entities” is a list of JSON, written as a text."))?)
        }
        (_, Some(list)) => Some(list.clone()),
    };
    let Some(list) = list.as_ref().and_then(Json::as_array).filter(|it| !it.is_empty()) else {
        return Ok(catalog.all().filter(|it| it.browsable || it.name == "email").cloned().collect());
    };
    list.iter()
        .map(|it| {
            let name = it.as_str().or_else(|| it.get("name").and_then(Json::as_str)).unwrap_or_default();
            let found = catalog.get(name).cloned();
            found.ok_or_else(|| Trouble::bad_value(format!("There is no type “{name}” to search in.")))
        })
        .collect()
}

/// The records that fit, the newest of each type first, types in turn by name.
async fn found(caller: &Caller, wish: &Wish) -> Result<Vec<(EntityDef, Record)>> {
    let mut all = Vec::new();
    for def in &wish.types {
        if !caller.actor.may(domain::privilege::Action::Read, &def.name) {
            continue;
        }
        let mut ask = Ask::of(&def.name);
        ask.source.filter = wish.filter();
        ask.source.columns = Pick::All;
        ask.limit = OF_ONE_TYPE;
        let answer = app::ask::ask(caller.app(), &caller.actor, &ask).await?;
        all.extend(answer.rows.into_iter().map(|it| (def.clone(), it.record)));
    }
    Ok(all)
}

async fn query(caller: &Caller, version: Version, wish: &Wish) -> Result {
    let all = found(caller, wish).await?;
    let total = all.len();
    let words = wish.words();
    let shown: Vec<Json> = all
        .iter()
        .skip(wish.skip)
        .take(wish.top)
        .map(|(def, record)| {
            let columns = columns(def, record);
            let highlights = highlights(def, record, &words);
            match version {
                Version::One => {
                    let mut hit = columns;
                    hit.insert("@search.score".into(), json!(1.0));
                    hit.insert("@search.highlights".into(), highlights);
                    hit.insert("@search.entityname".into(), json!(def.name));
                    hit.insert("@search.objectid".into(), json!(record.id));
                    Json::Object(hit)
                }
                Version::Two => json!({
                    "Id": record.id, "EntityName": def.name, "ObjectTypeCode": 0, "Attributes": columns,
                    "Highlights": highlights, "Score": 1.0,
                }),
            }
        })
        .collect();
    let count = if wish.count { i64::try_from(total).unwrap_or(i64::MAX) } else { -1 };
    Ok(match version {
        Version::One => Reply::ok(
            &json!({ "value": shown, "facets": {}, "totalrecordcount": count, "querycontext": null }),
        ),
        Version::Two => told(
            caller,
            &json!({ "Error": null, "Value": shown, "Facets": {}, "QueryContext": null, "Count": count }),
        ),
    })
}

/// Version 2 answers with JSON as a text within JSON.
fn told(caller: &Caller, answer: &Json) -> Reply {
    let context = format!("{}/api/search/v2.0/$metadata", caller.base);
    Reply::ok(&json!({ "@odata.context": context, "response": answer.to_string() }))
}

/// What a list would show of the record.
fn columns(def: &EntityDef, record: &Record) -> Map<String, Json> {
    let shown = def.columns.iter().filter(|it| it.list || it.search || it.name == def.primary);
    let mut out: Map<String, Json> =
        shown.map(|it| (values::property(it), values::written(it, record.get(&it.name)))).collect();
    out.insert(def.key_column(), json!(record.id));
    out
}

fn highlights(def: &EntityDef, record: &Record, words: &[String]) -> Json {
    let mut out = Map::new();
    for column in def.columns.iter().filter(|it| it.search && it.kind != FieldKind::Memo) {
        let Value::Text(text) = record.get(&column.name) else { continue };
        let marked = marked(text, words);
        if marked != *text {
            out.insert(column.name.clone(), json!([marked]));
        }
    }
    Json::Object(out)
}

/// `{crmhit}` before each word that begins with one of those asked for, `{/crmhit}` behind it.
fn marked(text: &str, words: &[String]) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(|it: char| !it.is_alphanumeric()) {
        let word = piece.trim_end_matches(|it: char| !it.is_alphanumeric());
        let hit = !word.is_empty() && words.iter().any(|it| folded(word).starts_with(it.as_str()));
        if hit {
            out.push_str("{crmhit}");
            out.push_str(word);
            out.push_str("{/crmhit}");
            out.push_str(&piece[word.len()..]);
        } else {
            out.push_str(piece);
        }
    }
    out
}

async fn suggest(caller: &Caller, version: Version, wish: &Wish) -> Result {
    let words = wish.words();
    let all = found(caller, wish).await?;
    let shown = all.iter().take(wish.top.min(10)).map(|(def, record)| {
        let text = marked(record.text(&def.primary), &words);
        let mut document = columns(def, record);
        document.insert("@search.entityname".into(), json!(def.name));
        document.insert("@search.objectid".into(), json!(record.id));
        match version {
            Version::One => json!({ "text": text, "document": document }),
            Version::Two => json!({ "Text": text, "Document": document }),
        }
    });
    let shown: Vec<Json> = shown.collect();
    Ok(match version {
        Version::One => Reply::ok(&json!({ "value": shown, "querycontext": null })),
        Version::Two => told(caller, &json!({ "Error": null, "Value": shown, "QueryContext": null })),
    })
}

/// The last word, completed from the first record that fits.
async fn autocomplete(caller: &Caller, version: Version, wish: &Wish) -> Result {
    let asked = wish.words();
    let last = asked.last().cloned().unwrap_or_default();
    let all = found(caller, wish).await?;
    let completed = all.iter().find_map(|(def, record)| {
        let columns = def.columns.iter().filter(|it| it.search);
        columns
            .filter_map(|it| record.get(&it.name).text())
            .flat_map(words)
            .find(|word| word.starts_with(&last) && !word.contains('@'))
    });
    let value = completed.map_or_else(String::new, |word| {
        let before = &asked[..asked.len() - 1];
        before.iter().cloned().chain([word]).collect::<Vec<_>>().join(" ")
    });
    Ok(match version {
        Version::One => Reply::ok(&json!({ "value": value, "querycontext": null })),
        Version::Two => told(caller, &json!({ "Error": null, "Value": value, "QueryContext": null })),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hits_are_marked_where_they_stand() {
        assert_eq!(marked("Eva Öberg, Malmö", &["öb".into()]), "Eva {crmhit}Öberg{/crmhit}, Malmö");
        assert_eq!(marked("nothing", &["öb".into()]), "nothing");
    }
}
