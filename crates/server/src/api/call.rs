//! A request of the Web API, whether it came by itself or within a batch.

use super::trouble::{Result, Trouble};
use crate::web::Web;
use app::App;
use axum::http::{HeaderMap, Method};
use bytes::Bytes;
use domain::ask::Asker;
use domain::entity::EntityDef;
use domain::id::Guid;
use domain::privilege::Actor;
use formats::odata::options::{self, Options};
use formats::odata::path::{self, Path};
use formats::odata::prefer::{self, Prefer};

/// Who asks, and of which service: the same for all requests of a batch.
#[derive(Clone)]
pub struct Caller {
    pub web: Web,
    pub actor: Actor,
    /// `https://crm.example/api/data/v9.2/`, as the client wrote it: its links must begin like that.
    pub base: String,
}

impl Caller {
    /// The same caller under the definitions as they are now: an earlier request of a batch may have changed them.
    pub fn again(&self) -> Caller {
        let web = self.web.clone();
        Caller { actor: self.actor.under(web.app.catalog.clone()), web, base: self.base.clone() }
    }

    pub fn app(&self) -> &App {
        &self.web.app
    }

    /// The address of a record, absolute: clients cut the base off again.
    pub fn address(&self, def: &EntityDef, id: Guid) -> String {
        format!("{}{}({id})", self.base, def.set)
    }

    pub fn asker(&self) -> Asker {
        let now = self.app().now();
        let ahead = crate::words::ahead_of_utc(self.web.settings.time_zone, now);
        Asker {
            user: self.actor.user(),
            unit: self.actor.unit(),
            teams: self.actor.principals().into_iter().skip(1).collect(),
            now,
            ahead_of_utc: ahead,
        }
    }

    /// The type whose records stand under this name.
    pub fn set(&self, name: &str) -> Result<&EntityDef> {
        let found = self.app().catalog.by_set(name).filter(|it| !it.intersect);
        found.ok_or_else(|| Trouble::no_such(format!("Resource not found for the segment “{name}”.")))
    }
}

/// One request.
#[derive(Debug, Clone)]
pub struct Call {
    pub method: Method,
    pub path: Path,
    /// As it came.
    pub raw_path: String,
    pub options: Options,
    /// The query as it came: the page behind this one keeps all of it.
    pub query: String,
    pub headers: HeaderMap,
    pub prefer: Prefer,
    pub body: Bytes,
}

/// What must hold of a record for the request to do anything (RFC 9110 13.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    None,
    /// `If-Match: *`
    There,
    /// `If-None-Match: *`
    NotThere,
    /// `If-Match: W/"7"`
    Version(i64),
    /// `If-None-Match: W/"7"`
    OtherThan(i64),
}

impl Call {
    /// `path` and `query` are as they stand in the address behind the service's root.
    pub fn new(method: Method, path: &str, query: &str, headers: HeaderMap, body: Bytes) -> Result<Call> {
        let options = options::parse(query)?.resolve()?;
        let prefer = prefer::parse(text(&headers, "prefer"));
        let path_as_sent = path.to_owned();
        Ok(Call {
            method,
            path: path::parse(path)?,
            raw_path: path_as_sent,
            options,
            query: query.to_owned(),
            headers,
            prefer,
            body,
        })
    }

    pub fn header(&self, name: &str) -> &str {
        text(&self.headers, name)
    }

    /// Some clients send `null` as text where they have nothing to say.
    pub fn condition(&self) -> Result<Condition> {
        match (self.header("if-match"), self.header("if-none-match")) {
            ("" | "null", "" | "null") => Ok(Condition::None),
            ("*", _) => Ok(Condition::There),
            ("" | "null", "*") => Ok(Condition::NotThere),
            ("" | "null", tag) => Ok(Condition::OtherThan(version(tag)?)),
            (tag, _) => Ok(Condition::Version(version(tag)?)),
        }
    }

    /// The body as a JSON object; nothing at all counts as an empty one.
    pub fn object(&self) -> Result<serde_json::Map<String, serde_json::Value>> {
        if self.body.iter().all(u8::is_ascii_whitespace) {
            return Ok(serde_json::Map::new());
        }
        match serde_json::from_slice(&self.body) {
            Ok(serde_json::Value::Object(object)) => Ok(object),
            Ok(_) => Err(Trouble::bad_value("The body must be a JSON object.")),
            // The parser's own sentence says where, and quotes nothing.
            Err(error) => Err(Trouble::bad_value(format!("The body is not JSON: {error}."))),
        }
    }
}

/// `W/"7"`
pub fn etag(version: i64) -> String {
    format!("W/\"{version}\"")
}

fn version(tag: &str) -> Result<i64> {
    let plain = tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"');
    plain.parse().map_err(|_| Trouble::unreadable("An ETag looks like W/\"7\"."))
}

/// A header's value; empty when it is missing or is no text.
pub fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default()
}
