//! `$batch`: many requests in one, change sets of them wholly or not at all.

use super::call::{Call, Caller, text};
use super::door;
use super::reply::Reply;
use super::trouble::{Result, Trouble};
use super::write;
use app::changes::Changes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use bytes::Bytes;
use formats::odata::batch::{self, Answer, AnswerPart, Batch, Part, Request, follow_in_body, follow_in_url};
use formats::odata::prefer;
use std::collections::{BTreeMap, BTreeSet};

/// What requests of a batch have made so far, by their Content-ID: `accounts(…)`.
type Made = BTreeMap<String, String>;

pub async fn run(caller: &Caller, method: &Method, headers: &HeaderMap, body: &[u8]) -> Result {
    if *method != Method::POST {
        return Err(Trouble::no_method());
    }
    let batch = batch::parse(text(headers, "content-type"), body)?;
    let goes_on = prefer::parse(text(headers, "prefer")).continue_on_error;
    let (answers, failed) = answers(caller, &batch, goes_on).await;
    let boundary = format!("batchresponse_{}", caller.app().new_id());
    let (kind, body) = batch::write(batch.form, &answers, &boundary);
    // Clients that did not ask to go on look here first.
    let status = if failed && !goes_on { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    Ok(Reply::of(status, &kind, body))
}

async fn answers(caller: &Caller, batch: &Batch, goes_on: bool) -> (Vec<AnswerPart>, bool) {
    let (mut answers, mut made, mut failed) = (Vec::new(), Made::new(), BTreeSet::new());
    for part in &batch.parts {
        let requests = match part {
            Part::One(request) => std::slice::from_ref(request),
            Part::ChangeSet(requests) => requests.as_slice(),
        };
        let Some(first) = requests.first() else {
            answers.push(AnswerPart::ChangeSet(vec![]));
            continue;
        };
        let answer = if let Some(other) = depends_on_failed(requests, &failed) {
            Err(Trouble::failed_before(other))
        } else {
            match part {
                Part::One(request) => one(caller, request, &mut made).await.map(AnswerPart::One),
                Part::ChangeSet(requests) => {
                    Box::pin(change_set(caller, requests, &mut made)).await.map(AnswerPart::ChangeSet)
                }
            }
        };
        answers.push(match answer {
            Ok(answer) => answer,
            Err(trouble) => {
                failed.extend(requests.iter().filter_map(|it| it.content_id.clone()));
                failed.extend(first.group.clone());
                failed.insert(String::new());
                AnswerPart::One(said(first, trouble.reply()))
            }
        });
        if !failed.is_empty() && !goes_on {
            break;
        }
    }
    let any = !failed.is_empty();
    (answers, any)
}

fn depends_on_failed<'a>(requests: &'a [Request], failed: &BTreeSet<String>) -> Option<&'a str> {
    requests.iter().flat_map(|it| &it.depends_on).find(|it| failed.contains(*it)).map(String::as_str)
}

async fn one(caller: &Caller, request: &Request, made: &mut Made) -> Result<Answer> {
    let caller = caller.again();
    let call = read(&caller, request, made)?;
    let reply = Box::pin(door::route(&caller, &call)).await?;
    remember(&caller, request, &reply, made);
    Ok(said(request, reply))
}

/// Times a change set is prepared anew when somebody else was faster.
const ATTEMPTS: usize = 4;

async fn change_set(caller: &Caller, requests: &[Request], made: &mut Made) -> Result<Vec<Answer>> {
    for _ in 1..ATTEMPTS {
        match attempt(caller, requests, made).await {
            Err(Attempt::Late) => {}
            Err(Attempt::Failed(trouble)) => return Err(trouble),
            Ok(answers) => return Ok(answers),
        }
    }
    attempt(caller, requests, made).await.map_err(|it| match it {
        Attempt::Late => app::Error::Changed.into(),
        Attempt::Failed(trouble) => trouble,
    })
}

/// Why an attempt came to nothing.
enum Attempt {
    /// Somebody else changed one of the records meanwhile.
    Late,
    Failed(Trouble),
}

impl From<Trouble> for Attempt {
    fn from(trouble: Trouble) -> Attempt {
        Attempt::Failed(trouble)
    }
}

/// Prepares all requests, each knowing what those before it will have made; then does them at once.
async fn attempt(
    caller: &Caller,
    requests: &[Request],
    made: &mut Made,
) -> std::result::Result<Vec<Answer>, Attempt> {
    let mut changes = Changes::new(caller.app(), &caller.actor);
    let mut prepared = Vec::with_capacity(requests.len());
    for request in requests {
        let call = read(caller, request, made)?;
        let done = Box::pin(write::prepare(caller, &call, &mut changes)).await?;
        if let (Some(id), Some(def)) = (&request.content_id, caller.app().catalog.get(&done.record.entity)) {
            made.insert(id.clone(), format!("{}({})", def.set, done.record.id));
        }
        prepared.push((call, done));
    }
    match changes.commit().await {
        Ok(()) => {}
        Err(app::Error::Changed) => return Err(Attempt::Late),
        Err(error) => return Err(Attempt::Failed(error.into())),
    }
    let mut answers = Vec::with_capacity(requests.len());
    for (request, (call, done)) in requests.iter().zip(&prepared) {
        answers.push(said(request, Box::pin(write::finish(caller, call, done)).await?));
    }
    Ok(answers)
}

/// The request as if it had come by itself, with `$1` replaced by what was made.
fn read(caller: &Caller, request: &Request, made: &Made) -> Result<Call> {
    let known = |id: &str| made.get(id).cloned();
    let url = follow_in_url(&request.url, &known);
    let rest = url.strip_prefix(&caller.base).unwrap_or(&url);
    let rest = without_root(rest);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let body = follow_in_body(&request.body, &known);
    let method = Method::from_bytes(request.method.as_bytes());
    let method = method.map_err(|_| Trouble::unreadable("The request's method makes no sense."))?;
    let mut headers = HeaderMap::new();
    for (name, value) in &request.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.insert(name, value);
        }
    }
    Call::new(method, path, query, headers, Bytes::from(body.into_owned()))
}

/// `/api/data/v9.2/accounts` and addresses at another name of this server are taken too.
fn without_root(url: &str) -> &str {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest.find('/').map_or("", |at| &rest[at..]));
    let behind = path.strip_prefix("/api/data/").and_then(|it| it.split_once('/'));
    behind.map_or(path, |(_, rest)| rest)
}

fn remember(caller: &Caller, request: &Request, reply: &Reply, made: &mut Made) {
    let address = reply.headers.iter().find(|it| it.0 == "OData-EntityId");
    if let (Some(id), Some((_, address))) = (&request.content_id, address) {
        let relative = address.strip_prefix(&caller.base).unwrap_or(address);
        made.insert(id.clone(), relative.to_owned());
    }
}

fn said(request: &Request, reply: Reply) -> Answer {
    let mut headers: Vec<(String, String)> = vec![("OData-Version".into(), "4.0".into())];
    headers.extend(reply.headers.into_iter().map(|(name, value)| (name.to_owned(), value)));
    Answer {
        content_id: request.content_id.clone(),
        group: request.group.clone(),
        status: reply.status.as_u16(),
        headers,
        body: reply.body,
    }
}
