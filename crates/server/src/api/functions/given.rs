//! What functions and actions are given, read in all the shapes in which clients write it: plain values, records by
//! address, by type and key, or by link.

use super::super::call::{Call, Caller};
use super::super::door::NAMESPACE;
use super::super::trouble::{Result, Trouble};
use super::super::{keys, values};
use axum::http::Method;
use domain::entity::EntityDef;
use domain::id::{Guid, RecordRef};
use domain::time::Timestamp;
use formats::odata::expr::Expr;
use formats::odata::literal::Literal;
use formats::odata::path::{Keys, Segment, Value};
use serde_json::{Map, Value as Json, json};

/// By name.
pub type Arguments = Map<String, Json>;

/// Of a function from the path, with `@p1` put in; of an action from the body.
pub fn arguments(call: &Call, segment: &Segment) -> Result<Arguments> {
    if call.method != Method::GET {
        return call.object();
    }
    let Keys::Named(named) = &segment.keys else { return Ok(Arguments::new()) };
    let mut given = Arguments::new();
    for (name, value) in named {
        let literal = match value {
            Value::Literal(literal) => literal,
            Value::Alias(alias) => match call.options.aliases.get(alias) {
                Some(Expr::Literal(literal)) => literal,
                Some(_) => return Err(Trouble::unreadable(format!("{alias} must be a plain value."))),
                None => return Err(Trouble::unreadable(format!("{alias} is used and not given."))),
            },
        };
        given.insert(name.clone(), plain(literal));
    }
    Ok(given)
}

fn plain(literal: &Literal) -> Json {
    match literal {
        Literal::Null => Json::Null,
        Literal::Bool(it) => json!(it),
        Literal::Int(it) => json!(it),
        Literal::Double(it) => json!(it),
        Literal::Decimal(it) | Literal::Text(it) | Literal::Duration(it) => json!(it),
        Literal::Guid(it) => json!(it),
        Literal::Date(it) | Literal::DateTimeOffset(it) => json!(it.text),
        Literal::Enum { .. } => json!(literal.to_string()),
        Literal::List(all) => all.iter().map(plain).collect(),
        Literal::Object(all) => {
            Json::Object(all.iter().map(|(name, it)| (name.clone(), plain(it))).collect())
        }
    }
}

/// The arguments of one call, or the properties of a record within them.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    caller: &'a Caller,
    all: &'a Arguments,
}

impl<'a> Given<'a> {
    pub fn new(caller: &'a Caller, all: &'a Arguments) -> Given<'a> {
        Given { caller, all }
    }

    /// `null` counts as nothing.
    pub fn get(&self, name: &str) -> Option<&'a Json> {
        self.all.get(name).filter(|it| !it.is_null())
    }

    pub fn text(&self, name: &str) -> Result<Option<&'a str>> {
        let text = |it: &'a Json| it.as_str().ok_or_else(|| wrong(name, "a text"));
        self.get(name).map(text).transpose()
    }

    /// Empty when it is missing.
    pub fn text_or_none(&self, name: &str) -> Result<String> {
        Ok(self.text(name)?.unwrap_or_default().to_owned())
    }

    pub fn flag(&self, name: &str) -> Result<bool> {
        let flag = |it: &Json| it.as_bool().ok_or_else(|| wrong(name, "true or false"));
        Ok(self.get(name).map(flag).transpose()?.unwrap_or_default())
    }

    pub fn int(&self, name: &str) -> Result<Option<i64>> {
        let int = |it: &Json| it.as_i64().or_else(|| it.as_str()?.parse().ok());
        self.get(name).map(|it| int(it).ok_or_else(|| wrong(name, "a whole number"))).transpose()
    }

    /// A status; Dataverse's -1 leaves it to the server.
    pub fn status(&self) -> Result<Option<i64>> {
        Ok(self.int("Status")?.filter(|it| *it != -1))
    }

    pub fn id(&self, name: &str) -> Result<Guid> {
        let json = self.get(name).ok_or_else(|| missing(name))?;
        json.as_str().and_then(values::guid).ok_or_else(|| wrong(name, "a GUID"))
    }

    /// A value of the kind that this column holds.
    pub fn value(&self, def: &EntityDef, column: &str, name: &str) -> Result<Option<domain::record::Value>> {
        let (Some(json), Some(column)) = (self.get(name), def.column(column)) else { return Ok(None) };
        values::read(def, column, json).map(Some)
    }

    pub fn time(&self, name: &str) -> Result<Option<Timestamp>> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        values::moment_of(text)
            .map(Some)
            .ok_or_else(|| wrong(name, "a moment such as \"2026-11-23T18:00:00Z\""))
    }

    /// An argument that is itself an object.
    pub fn object(&self, name: &str) -> Result<Option<Given<'a>>> {
        let object = |it: &'a Json| it.as_object().ok_or_else(|| wrong(name, "an object"));
        let found = self.get(name).map(object).transpose()?;
        Ok(found.map(|all| Given { caller: self.caller, all }))
    }

    pub fn properties(&self) -> &'a Arguments {
        self.all
    }

    pub fn list(&self, name: &str) -> Result<&'a [Json]> {
        let list = |it: &'a Json| it.as_array().map(Vec::as_slice).ok_or_else(|| wrong(name, "a list"));
        Ok(self.get(name).map(list).transpose()?.unwrap_or_default())
    }

    /// A record that must be named. `kind`: its type, where nothing else says it.
    pub async fn record(&self, name: &str, kind: Option<&str>) -> Result<RecordRef> {
        self.maybe_record(name, kind).await?.ok_or_else(|| missing(name))
    }

    /// A record named by `name`, or by `name@odata.bind`, or by `_name_value`.
    pub async fn maybe_record(&self, name: &str, kind: Option<&str>) -> Result<Option<RecordRef>> {
        let ways = [name.to_owned(), format!("{name}@odata.bind"), format!("_{name}_value")];
        let Some(json) = ways.iter().find_map(|it| self.get(it)) else { return Ok(None) };
        self.named(name, json, kind).await.map(Some)
    }

    pub async fn named(&self, name: &str, json: &Json, kind: Option<&str>) -> Result<RecordRef> {
        match json {
            Json::String(text) => match (values::guid(text), kind) {
                (Some(id), Some(kind)) => Ok(RecordRef::new(kind, id)),
                (Some(_), None) => Err(wrong(name, "a record with its type")),
                (None, _) => keys::addressed(self.caller, text).await,
            },
            Json::Object(all) => match all.get("@odata.id").and_then(Json::as_str) {
                Some(address) => keys::addressed(self.caller, address).await,
                None => self
                    .keyed(all, kind)
                    .ok_or_else(|| wrong(name, "a record: “@odata.id”, or “@odata.type” and its key")),
            },
            _ => Err(wrong(name, "a record")),
        }
    }

    /// `{"@odata.type": "Microsoft.Dynamics.CRM.account", "accountid": "…"}`. Without the type, the key's name tells it.
    fn keyed(&self, all: &Arguments, kind: Option<&str>) -> Option<RecordRef> {
        let catalog = &self.caller.app().catalog;
        let said = all.get("@odata.type").and_then(Json::as_str);
        let said =
            said.map(|it| it.trim_start_matches('#')).map(|it| it.strip_prefix(NAMESPACE).unwrap_or(it));
        let id = |column: &str| all.get(column).and_then(Json::as_str).and_then(values::guid);
        if let Some(def) = said.filter(|it| *it != "crmbaseentity").or(kind).and_then(|it| catalog.get(it)) {
            // Users and teams share the key of owners.
            let id = id(&def.key_column()).or_else(|| id("ownerid"))?;
            return Some(RecordRef::new(&def.name, id));
        }
        catalog.all().find_map(|def| Some(RecordRef::new(&def.name, id(&def.key_column())?)))
    }
}

pub fn missing(name: &str) -> Trouble {
    Trouble::bad_value(format!("“{name}” is needed."))
}

pub fn wrong(name: &str, wanted: &str) -> Trouble {
    Trouble::bad_value(format!("“{name}” takes {wanted}."))
}
