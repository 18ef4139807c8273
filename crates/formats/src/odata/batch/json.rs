//! The JSON form of a batch (OData 4.01 JSON Format 19). Bodies are passed on byte by byte: numbers keep their digits.

use super::{Answer, AnswerPart, MOST_REQUESTS, Part, Request, header, method, refuse_many};
use crate::odata::{BadOData, excerpt};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::{BTreeMap, HashSet};

#[derive(Deserialize)]
struct Requests<'a> {
    #[serde(borrow)]
    requests: Vec<Entry<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    id: Option<String>,
    method: String,
    url: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(borrow)]
    body: Option<&'a RawValue>,
    atomicity_group: Option<String>,
    #[serde(default)]
    depends_on: Vec<String>,
}

pub(super) fn parse(body: &[u8]) -> Result<Vec<Part>, BadOData> {
    let read: Requests = serde_json::from_slice(body).map_err(|it| {
        // Its text may quote the body; the place says enough.
        let what = format!(
            "Line {}, column {} of the batch: expected {{\"requests\":[{{\"id\",\"method\",\"url\",…}}]}}",
            it.line(),
            it.column()
        );
        BadOData::new(0, what)
    })?;
    refuse_many(read.requests.len())?;
    let mut parts: Vec<Part> = Vec::with_capacity(read.requests.len().min(MOST_REQUESTS));
    let mut groups = HashSet::new();
    let mut ids = HashSet::new();
    for (at, entry) in read.requests.into_iter().enumerate() {
        let request = request(entry).map_err(|it| it.within(&format!("Request {}", at + 1)))?;
        if let Some(id) = request.content_id.clone().filter(|it| !ids.insert(it.clone())) {
            return Err(BadOData::new(
                0,
                format!("Two requests of the batch have the id “{}”", excerpt(&id)),
            ));
        }
        let Some(group) = request.group.clone() else {
            parts.push(Part::One(request));
            continue;
        };
        match parts.last_mut() {
            Some(Part::ChangeSet(all)) if all.last().is_some_and(|it| it.group.as_ref() == Some(&group)) => {
                all.push(request);
            }
            _ if groups.insert(group.clone()) => parts.push(Part::ChangeSet(vec![request])),
            _ => {
                let what = format!("The requests of the group “{}” do not stand together", excerpt(&group));
                return Err(BadOData::new(0, what));
            }
        }
    }
    Ok(parts)
}

fn request(entry: Entry<'_>) -> Result<Request, BadOData> {
    let Some(method) = method(&entry.method) else {
        return Err(BadOData::new(0, "The method is one such as GET, POST, PATCH, PUT or DELETE"));
    };
    let headers: Vec<(String, String)> = entry.headers.into_iter().collect();
    let has_control = |it: &str| it.contains(char::is_control);
    if has_control(&entry.url) || headers.iter().any(|it| has_control(&it.0) || has_control(&it.1)) {
        return Err(BadOData::new(0, "The address and the headers hold no control characters"));
    }
    let body = match entry.body.map(RawValue::get) {
        None | Some("null") => Vec::new(),
        Some(raw) => body(raw, header(&headers, "content-type"))?,
    };
    Ok(Request {
        content_id: entry.id,
        method,
        url: entry.url,
        headers,
        body,
        group: entry.atomicity_group,
        depends_on: entry.depends_on,
    })
}

/// JSON as it is; text as its characters; anything else is base64url (OData 4.01 JSON Format 19.1).
fn body(raw: &str, content_type: Option<&str>) -> Result<Vec<u8>, BadOData> {
    match content_type {
        Some(it) if !is_json(it) => {}
        _ => return Ok(raw.as_bytes().to_vec()),
    }
    let wrong = |what: &str| BadOData::new(0, what);
    let text: String = serde_json::from_str(raw)
        .map_err(|_| wrong("The body is not JSON by its Content-Type, so it is a text in quotes"))?;
    if content_type.is_some_and(is_text) {
        return Ok(text.into_bytes());
    }
    let bytes = URL_SAFE_NO_PAD.decode(text.trim_end_matches('='));
    bytes.map_err(|_| {
        wrong("The body is neither JSON nor text by its Content-Type, so it is written in base64url")
    })
}

fn is_json(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || kind.ends_with("+json")
}

fn is_text(content_type: &str) -> bool {
    content_type.get(..5).is_some_and(|it| it.eq_ignore_ascii_case("text/"))
}

#[derive(Serialize)]
struct Responses<'a> {
    responses: Vec<Response<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Response<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    atomicity_group: Option<&'a str>,
    status: u16,
    headers: BTreeMap<String, &'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Body<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Body<'a> {
    Json(&'a RawValue),
    Text(String),
}

pub(super) fn write(answers: &[AnswerPart]) -> Vec<u8> {
    let all = answers.iter().flat_map(|it| match it {
        AnswerPart::One(one) => std::slice::from_ref(one),
        AnswerPart::ChangeSet(all) => all.as_slice(),
    });
    let responses = Responses { responses: all.map(response).collect() };
    // Numbers, texts and what was JSON before: there is nothing that could fail.
    serde_json::to_vec(&responses).unwrap_or_default()
}

fn response(answer: &Answer) -> Response<'_> {
    Response {
        id: answer.content_id.as_deref(),
        atomicity_group: answer.group.as_deref(),
        status: answer.status,
        // OData 4.01 JSON Format 19: names in lower case.
        headers: answer
            .headers
            .iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), value.as_str()))
            .collect(),
        body: (!answer.body.is_empty()).then(|| written(answer)),
    }
}

fn written(answer: &Answer) -> Body<'_> {
    let content_type = header(&answer.headers, "content-type").unwrap_or("application/json");
    if is_json(content_type)
        && let Ok(raw) = serde_json::from_slice(&answer.body)
    {
        return Body::Json(raw);
    }
    match std::str::from_utf8(&answer.body) {
        Ok(text) if is_text(content_type) || is_json(content_type) => Body::Text(text.to_owned()),
        _ => Body::Text(URL_SAFE_NO_PAD.encode(&answer.body)),
    }
}
