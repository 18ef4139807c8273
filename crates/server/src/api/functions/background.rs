//! `Prefer: respond-async`: the action runs at once all the same, and how it ended can be asked for a while
//! (`/api/backgroundoperation/{id}`). Kept in the memory of this server alone.

use super::super::call::{Call, Caller, text};
use super::super::door::admitted;
use super::super::reply::Reply;
use super::super::trouble::{Result, Trouble};
use super::super::values;
use super::about::root;
use crate::web::Web;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use domain::id::Guid;
use domain::time::Timestamp;
use serde_json::{Map, Value as Json, json};
use std::collections::VecDeque;
use std::future::Future;
use std::sync::{Mutex, PoisonError};

struct Ended {
    id: Guid,
    user: Guid,
    at: Timestamp,
    said: Map<String, Json>,
}

/// The newest last.
static ENDED: Mutex<VecDeque<Ended>> = Mutex::new(VecDeque::new());
const MOST: usize = 1_000;
/// A longer answer is not kept.
const LONGEST: usize = 16 * 1024;
const KEPT_SECONDS: i64 = 24 * 60 * 60;

const COMPLETED: i64 = 3;
const SUCCEEDED: i64 = 30;
const FAILED: i64 = 31;

/// The action's own answer; or, when the client would rather not wait, where to ask for it.
pub async fn at_leisure(caller: &Caller, call: &Call, action: impl Future<Output = Result>) -> Result {
    let wishes = text(&call.headers, "prefer").split([',', ';']).map(str::trim);
    if !wishes.into_iter().any(|it| it.eq_ignore_ascii_case("respond-async")) {
        return action.await;
    }
    let reply = match action.await {
        Ok(reply) => reply,
        Err(trouble) => trouble.reply(),
    };
    let id = caller.app().new_id();
    keep(Ended { id, user: caller.actor.user(), at: caller.app().now(), said: said(&reply) });
    Ok(Reply::empty(StatusCode::ACCEPTED)
        .header("Location", format!("{}/api/backgroundoperation/{id}", root(caller)))
        .header("x-ms-dyn-backgroundoperationid", id.to_string()))
}

fn said(reply: &Reply) -> Map<String, Json> {
    let whole = if reply.body.len() > LONGEST { &[][..] } else { &reply.body };
    let body: Json = serde_json::from_slice(whole).unwrap_or_default();
    let failed = !reply.status.is_success();
    let mut all = Map::from_iter([
        ("backgroundOperationStateCode".to_owned(), json!(COMPLETED)),
        ("backgroundOperationStatusCode".to_owned(), json!(if failed { FAILED } else { SUCCEEDED })),
    ]);
    if failed {
        for (name, part) in
            [("backgroundOperationErrorCode", "code"), ("backgroundOperationErrorMessage", "message")]
        {
            all.insert(name.to_owned(), body["error"][part].clone());
        }
    } else if let Json::Object(body) = body {
        all.extend(body);
    }
    all
}

fn keep(ended: Ended) {
    let mut all = ENDED.lock().unwrap_or_else(PoisonError::into_inner);
    let old = ended.at.plus_seconds(-KEPT_SECONDS);
    while all.len() >= MOST || all.front().is_some_and(|it| it.at < old) {
        all.pop_front();
    }
    all.push_back(ended);
}

fn kept(id: Guid, user: Guid) -> Option<Map<String, Json>> {
    let all = ENDED.lock().unwrap_or_else(PoisonError::into_inner);
    all.iter().find(|it| it.id == id && it.user == user).map(|it| it.said.clone())
}

/// `GET`: how it ended; `DELETE`, which would stop it: the same, since it has ended.
pub async fn enter(
    State(web): State<Web>,
    method: Method,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let reply = answer(&web, &method, &id, &headers).await.unwrap_or_else(Trouble::reply);
    reply.into_response()
}

async fn answer(web: &Web, method: &Method, id: &str, headers: &HeaderMap) -> Result {
    let actor = admitted(web, headers).await?;
    if !matches!(*method, Method::GET | Method::DELETE) {
        return Err(Trouble::no_method());
    }
    let id = values::guid(id).ok_or_else(Trouble::no_record)?;
    Ok(Reply::ok(&kept(id, actor.user()).ok_or_else(Trouble::no_record)?))
}
