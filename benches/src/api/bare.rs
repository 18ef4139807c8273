//! The bare handler: the same statements on the same database, and nothing else.

mod postgres;
mod sqlite;

use super::mould::{Mould, Rows, new_id, now};
use crate::place::Engine;
use anyhow::{Context, Result};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use domain::id::Guid;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use store::Cell;

const SHOWN: [&str; 10] = [
    "contactid",
    "versionnumber",
    "fullname",
    "firstname",
    "lastname",
    "jobtitle",
    "emailaddress1",
    "telephone1",
    "address1_city",
    "createdon",
];
const READ: &str =
    "SELECT contactid, versionnumber, fullname, firstname, lastname, jobtitle, emailaddress1, telephone1,
    address1_city, createdon FROM contact WHERE contactid = $1 AND recycledon IS NULL";
/// One more than the 50 that are shown, by which the product knows that there are more.
const LIST: &str =
    "SELECT contactid, versionnumber, fullname, firstname, lastname, jobtitle, emailaddress1, telephone1,
    address1_city, createdon FROM contact WHERE recycledon IS NULL AND parentcustomerid = $1 AND statecode = 0
    ORDER BY sortkey ASC, contactid ASC LIMIT 51";
const WHOLE: &str = "SELECT versionnumber, t.* FROM contact AS t WHERE contactid = $1 AND recycledon IS NULL";
const UPDATE: &str =
    "UPDATE contact SET versionnumber = versionnumber + 1, jobtitle = $1, modifiedon = $2, modifiedby = $3
    WHERE contactid = $4 AND versionnumber = $5 AND recycledon IS NULL";
const LOG: &str =
    "INSERT INTO change (changeid, number, entity, recordid, operation, userid, changedon, columns)
    VALUES ($1, NULL, 'contact', $2, 'update', $3, $4, $5)";

/// A statement that touches one row, with its values.
type Statement = (&'static str, Vec<Cell>);

pub struct Bare {
    store: Store,
    mould: Mould,
    user: Guid,
}

enum Store {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

impl Bare {
    pub async fn open(engine: Engine, url: &str, user: Guid, mould: Mould) -> Result<Bare> {
        let store = match engine {
            Engine::Sqlite => Store::Sqlite(sqlite::Sqlite::open(url, &mould.kinds)?),
            Engine::Postgres => Store::Postgres(postgres::Postgres::open(url, &mould.kinds).await?),
        };
        Ok(Bare { store, mould, user })
    }

    async fn rows(&self, sql: &'static str, key: Guid) -> Result<Vec<Vec<Cell>>> {
        match &self.store {
            Store::Sqlite(store) => store.rows(sql, key).await,
            Store::Postgres(store) => store.rows(sql, key).await,
        }
    }

    async fn write(&self, statements: Vec<Statement>) -> Result<()> {
        match &self.store {
            Store::Sqlite(store) => store.write(statements).await,
            Store::Postgres(store) => store.write(&statements).await,
        }
    }

    async fn insert(&self, rows: Rows) -> Result<()> {
        match &self.store {
            Store::Sqlite(store) => store.insert(rows).await,
            Store::Postgres(store) => store.insert(&rows).await,
        }
    }

    async fn update(&self, key: Guid, title: &str) -> Result<()> {
        let before = self.rows(WHOLE, key).await?.into_iter().next().context("No such contact")?;
        let at = self.mould.kinds.first().and_then(|it| it.columns.iter().position(|it| it == "jobtitle"));
        let was = before.get(at.context("No title")? + 1).map(value).unwrap_or_default();
        let version = before.into_iter().next().context("No version")?;
        let (now, user) = (now(), self.user);
        let log = json!({ "jobtitle": { "was": was } }).to_string();
        self.write(vec![
            (UPDATE, vec![title.into(), now.into(), user.into(), key.into(), version]),
            (LOG, vec![new_id(now).into(), key.into(), user.into(), now.into(), log.into()]),
        ])
        .await
    }

    async fn create(&self, contacts: &[Value]) -> Result<Vec<Guid>> {
        let names = contacts.iter().map(|it| it["lastname"].as_str().unwrap_or_default());
        let (rows, keys) = self.mould.fresh(names)?;
        self.insert(rows).await?;
        Ok(keys)
    }
}

pub fn router(bare: Bare) -> Router {
    Router::new()
        .route("/contacts", post(create))
        .route("/contacts/{key}", get(read).patch(update))
        .route("/accounts/{key}/contacts", get(list))
        .route("/batch", post(batch))
        .with_state(Arc::new(bare))
}

type Answer = std::result::Result<Response, Trouble>;

/// Anything that went wrong: the load then says so and stops.
struct Trouble(anyhow::Error);

impl<E: Into<anyhow::Error>> From<E> for Trouble {
    fn from(error: E) -> Trouble {
        Trouble(error.into())
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        eprintln!("The bare handler failed: {:#}", self.0);
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    }
}

async fn read(State(bare): State<Arc<Bare>>, Path(key): Path<String>) -> Answer {
    let rows = bare.rows(READ, parsed(&key)?).await?;
    Ok(as_json(&shown(rows.first().context("No such contact")?)))
}

async fn list(State(bare): State<Arc<Bare>>, Path(key): Path<String>) -> Answer {
    let rows = bare.rows(LIST, parsed(&key)?).await?;
    let value: Vec<Value> = rows.iter().take(50).map(|it| shown(it)).collect();
    Ok(as_json(&json!({ "value": value })))
}

async fn update(State(bare): State<Arc<Bare>>, Path(key): Path<String>, body: Bytes) -> Answer {
    let body: Value = serde_json::from_slice(&body)?;
    bare.update(parsed(&key)?, body["jobtitle"].as_str().unwrap_or_default()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn create(State(bare): State<Arc<Bare>>, body: Bytes) -> Answer {
    bare.create(&[serde_json::from_slice(&body)?]).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn batch(State(bare): State<Arc<Bare>>, body: Bytes) -> Answer {
    let contacts: Vec<Value> = serde_json::from_slice(&body)?;
    let keys: Vec<String> = bare.create(&contacts).await?.iter().map(ToString::to_string).collect();
    Ok(as_json(&json!(keys)))
}

fn as_json(value: &Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

fn parsed(key: &str) -> Result<Guid> {
    key.parse().ok().context("No key")
}

fn shown(row: &[Cell]) -> Value {
    let values = SHOWN.iter().zip(row).map(|(name, cell)| ((*name).to_owned(), value(cell)));
    Value::Object(values.collect::<Map<String, Value>>())
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Bool(truth) => json!(truth),
        Cell::Int(number) => json!(number),
        Cell::Float(number) => json!(number),
        Cell::Text(text) => json!(text),
        Cell::Bytes(bytes) => json!(Guid::from_bytes(bytes)),
    }
}
