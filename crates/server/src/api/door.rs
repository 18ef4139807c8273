//! The way in: who is calling, how often, on whose behalf; then the request goes where its path leads.

use super::call::{Call, Caller, text};
use super::trouble::{Result, Trouble};
use super::{batch, files, functions, metadata_door, read, service, single, write};
use crate::web::Web;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, Uri, header};
use axum::response::Response;
use domain::id::Guid;
use domain::privilege::Actor;
use formats::odata::path::{Keys, Segment};

/// Where the service begins, whatever version a client writes there: 9.0, 9.1 and 9.2 are one.
const ROOT: &str = "/api/data/";

/// What the names of bound functions and actions begin with.
pub const NAMESPACE: &str = "Microsoft.Dynamics.CRM.";

/// Bytes of one request. A file that is larger comes in pieces.
const LARGEST: usize = 64 * 1024 * 1024;

pub async fn enter(State(web): State<Web>, request: Request) -> Response {
    let echoed = text(request.headers(), "x-ms-client-request-id").to_owned();
    let reply = match answer(web, request).await {
        Ok(reply) => reply,
        Err(trouble) => trouble.reply(),
    };
    let reply = if echoed.is_empty() { reply } else { reply.header("x-ms-client-request-id", echoed) };
    reply.into_response()
}

async fn answer(web: Web, request: Request) -> Result {
    let (parts, body) = request.into_parts();
    let actor = admitted(&web, &parts.headers).await?;
    let (base, rest) = base(&web, &parts.uri, &parts.headers)?;
    let body = to_bytes(body, LARGEST).await.map_err(|_| Trouble::too_large(LARGEST))?;
    let caller = Caller { web, actor, base };
    if rest.trim_matches('/') == "$batch" {
        return Box::pin(batch::run(&caller, &parts.method, &parts.headers, &body)).await;
    }
    let query = parts.uri.query().unwrap_or_default();
    Box::pin(route(&caller, &Call::new(parts.method, &rest, query, parts.headers, body)?)).await
}

/// By bearer token, within the rate, and as somebody else where that was asked for and is allowed.
pub async fn admitted(web: &Web, headers: &HeaderMap) -> Result<Actor> {
    let (scheme, token) = text(headers, header::AUTHORIZATION.as_str()).split_once(' ').unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Trouble::sign_in());
    }
    let who = app::sign_in::bearer(&web.app, token.trim()).await?.ok_or_else(Trouble::sign_in)?;
    web.rate.count(who.actor.user(), web.app.now()).map_err(Trouble::too_many)?;
    match on_behalf_of(headers)? {
        None => Ok(who.actor),
        Some(user) if user == who.actor.user() => Ok(who.actor),
        Some(_) if !who.actor.administers() => {
            Err(Trouble::not_allowed("Only an administrator may act on behalf of somebody else."))
        }
        Some(user) => {
            let nobody = || Trouble::not_allowed("There is nobody with this key to act on behalf of.");
            app::users::actor(&web.app, user).await?.ok_or_else(nobody)
        }
    }
}

/// `MSCRMCallerID` and `CallerObjectId` (9.8): here both name a user by key.
fn on_behalf_of(headers: &HeaderMap) -> Result<Option<Guid>> {
    let named = ["mscrmcallerid", "callerobjectid"].map(|it| text(headers, it));
    let Some(named) = named.into_iter().find(|it| !it.is_empty()) else { return Ok(None) };
    let user = super::values::guid(named);
    user.map(Some).ok_or_else(|| Trouble::unreadable("The caller to act for is named by a user's key."))
}

/// The service's address as the client wrote it, and what stands behind it.
fn base(web: &Web, uri: &Uri, headers: &HeaderMap) -> Result<(String, String)> {
    let rest = uri.path().strip_prefix(ROOT).unwrap_or_default();
    let (version, rest) = rest.split_once('/').unwrap_or((rest, ""));
    let known = version.strip_prefix("v9.").is_some_and(|it| it.parse::<u8>().is_ok());
    if !known {
        return Err(Trouble::no_such("The service stands at /api/data/v9.2/."));
    }
    Ok((format!("{}{ROOT}{version}/", origin(web, uri, headers)), rest.to_owned()))
}

/// `https://crm.example`: HTTP/2 says it in the address, HTTP/1.1 in `Host`.
pub fn origin(web: &Web, uri: &Uri, headers: &HeaderMap) -> String {
    let host = uri.authority().map_or_else(|| text(headers, "host"), |it| it.as_str());
    let scheme = if web.settings.secure_cookies { "https" } else { "http" };
    format!("{scheme}://{host}")
}

/// One request, alone or out of a batch.
pub async fn route(caller: &Caller, call: &Call) -> Result {
    let Some(first) = call.path.segments.first() else { return service::document(caller, call) };
    match first.name.as_str() {
        "$metadata" => service::metadata(caller, call),
        "$batch" => Err(Trouble::unreadable("A batch cannot stand within another one.")),
        name if metadata_door::knows(name) => metadata_door::answer(caller, call).await,
        _ => match caller.app().catalog.by_set(&first.name).filter(|it| !it.intersect) {
            Some(_) => records(caller, call).await,
            None => functions::unbound(caller, call).await,
        },
    }
}

/// A set of records, one of them, or something of it.
async fn records(caller: &Caller, call: &Call) -> Result {
    let first = &call.path.segments[0];
    let rest = &call.path.segments[1..];
    let def = caller.set(&first.name)?;
    let is_set = matches!(first.keys, Keys::None | Keys::Empty);
    if let [function] = rest
        && function.name.starts_with(NAMESPACE)
    {
        return functions::bound(caller, call, def, &first.keys, function).await;
    }
    match (&call.method, rest) {
        (&Method::GET, []) if is_set => read::list(caller, call, def).await,
        (&Method::GET, [count]) if is_set && count.name == "$count" => read::count(caller, call, def).await,
        (&Method::GET, []) => read::one(caller, call, def, &first.keys).await,
        (&Method::GET, _) if !is_set => single::answer(caller, call, def, &first.keys, rest).await,
        (&Method::PATCH | &Method::PUT, [column]) if !is_set && files::is_file(def, column) => {
            files::put(caller, call, def, &first.keys, column).await
        }
        (&Method::DELETE, [column]) if !is_set && files::is_file(def, column) => {
            files::delete(caller, def, &first.keys, column).await
        }
        (&Method::GET, _) => Err(no_segment(&rest[0])),
        _ => write::answer(caller, call).await,
    }
}

pub fn no_segment(segment: &Segment) -> Trouble {
    Trouble::no_such(format!("Resource not found for the segment “{}”.", segment.name))
}
