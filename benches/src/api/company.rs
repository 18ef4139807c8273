//! A small company on a fresh database, behind the real router and behind the bare one, and what is asked of both.

use super::bare::{self, Bare};
use super::mould::Mould;
use super::{BATCH, Verb};
use crate::load::{self, Connection, NUMBER};
use crate::people::{self, People};
use crate::place::{Engine, Fresh};
use crate::serve::{router, serve};
use crate::sheet;
use anyhow::{Context, Result, ensure};
use app::users::NewUser;
use app::{App, Settings};
use domain::id::Guid;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;

/// Contacts with one employer: more than the 50 of a list.
const PER_ACCOUNT: usize = 60;
/// Different contacts that are created, again and again.
const CREATED: usize = 512;
const BATCHES: usize = 32;
const SELECT: &str = "fullname,firstname,lastname,jobtitle,emailaddress1,telephone1,address1_city,createdon";

pub struct Company {
    pub served: SocketAddr,
    pub bare: SocketAddr,
    asked: Vec<(Verb, Requests, u64)>,
    rows_of_a_create: usize,
    engine: Engine,
    fresh: Fresh,
}

/// The same wishes, as each side wants them told.
pub struct Requests {
    pub own: Arc<Vec<Vec<u8>>>,
    pub bare: Arc<Vec<Vec<u8>>>,
}

impl Company {
    pub async fn new(engine: Engine, contacts: usize) -> Result<Company> {
        let fresh = Fresh::new(engine).await?;
        let settings = Settings { data: fresh.folder.path().to_owned(), database: Some(fresh.url.clone()) };
        let people = furnish(engine, &settings, contacts).await?;
        let app = App::open(&settings).await?;
        let user = app::users::by_email(&app, BO).await?.context("Nobody lives here")?;
        let token = app::users::new_token(&app, user, "bench").await?;
        let headers = format!("Authorization: Bearer {token}\r\n");
        let served = serve(router(app.clone())).await?;

        let before = Mould::rows(&app.db).await?;
        let created = create(&headers);
        ask(served, created.clone(), &app).await?;
        let mould = Mould::read(&app.db).await?;
        let made = Mould::rows(&app.db).await? - before;
        ensure!(mould.count() == made, "Regarding wrote {made} rows, of which {} are known", mould.count());
        let rows_of_a_create = made / CREATED;

        let bare = serve(bare::router(Bare::open(engine, &fresh.url, user, mould).await?)).await?;
        let mut asked = Vec::new();
        for verb in Verb::ALL {
            let requests = requests(verb, &headers, &people);
            ask(bare, requests.bare[..1].to_vec(), &app).await?;
            let trips = ask(served, requests.own.iter().take(20).cloned().collect(), &app).await?;
            asked.push((verb, requests, trips));
        }
        Ok(Company { served, bare, asked, rows_of_a_create, engine, fresh })
    }

    pub fn requests(&self, verb: Verb) -> &Requests {
        let found = self.asked.iter().find(|it| it.0 == verb);
        &found.unwrap_or(&self.asked[0]).1
    }

    pub fn trips(&self, verb: Verb) -> u64 {
        self.asked.iter().find(|it| it.0 == verb).map_or(0, |it| it.2)
    }

    pub fn sentence(&self) -> String {
        format!("{}: one create writes {} rows.", self.engine.name(), self.rows_of_a_create)
    }

    pub async fn remove(self) -> Result<()> {
        self.fresh.remove().await
    }
}

const BO: &str = "bo@adventure.example";

async fn furnish(engine: Engine, settings: &Settings, contacts: usize) -> Result<People> {
    let app = App::open(settings).await?;
    let bo = NewUser {
        email: BO.into(),
        name: "Bo Berg".into(),
        role: "administrator".into(),
        password: "long enough".into(),
        unit: None,
    };
    let bo = app::users::add(&app, &bo).await?;
    let actor = app::users::actor(&app, bo).await?.context("Nobody was added")?;
    drop(app);
    let people = People { count: contacts, per_account: PER_ACCOUNT, owners: vec![(bo, actor.unit())] };
    let url = settings.database.as_deref().unwrap_or_default();
    match engine {
        Engine::Sqlite => sheet::into_sqlite(url.as_ref(), people.sheets())?,
        Engine::Postgres => sheet::into_postgres(url, people.sheets()).await?,
    }
    Ok(people)
}

/// Asks each request once: how often the database was asked for each, usually.
async fn ask(address: SocketAddr, requests: Vec<Vec<u8>>, app: &App) -> Result<u64> {
    let db = app.db.clone();
    let asked = tokio::task::spawn_blocking(move || {
        let mut connection = Connection::open(address)?;
        let mut trips = Vec::new();
        for request in &requests {
            let before = db.round_trips();
            let body = String::from_utf8_lossy(connection.ask(request)?);
            // A batch may fail within.
            ensure!(!body.contains("\"error\""), "An answer was {body}");
            trips.push(db.round_trips() - before);
        }
        trips.sort_unstable();
        Ok(trips.get(trips.len() / 2).copied().unwrap_or_default())
    });
    asked.await?
}

fn requests(verb: Verb, headers: &str, people: &People) -> Requests {
    let (own, bare) = match verb {
        Verb::Read => (each_contact(people, |id| read(id, headers)), each_contact(people, bare_read)),
        Verb::List => {
            let accounts = 0..(people.count / people.per_account).max(1);
            let accounts: Vec<Guid> = accounts.map(people::account).collect();
            let own = accounts.iter().map(|it| list(*it, headers)).collect();
            (own, accounts.iter().map(|it| load::get(&format!("/accounts/{it}/contacts"), "")).collect())
        }
        Verb::Update => (each_contact(people, |id| update(id, headers)), each_contact(people, bare_update)),
        Verb::Create => (create(headers), (0..CREATED).map(bare_create).collect()),
        Verb::Batch => {
            ((0..BATCHES).map(|it| batch(it, headers)).collect(), (0..BATCHES).map(bare_batch).collect())
        }
    };
    Requests { own: Arc::new(own), bare: Arc::new(bare) }
}

fn each_contact(people: &People, request: impl Fn(Guid) -> Vec<u8>) -> Vec<Vec<u8>> {
    (0..people.count).map(|it| request(people::contact(it))).collect()
}

const SET: &str = "/api/data/v9.2/contacts";
const JSON: &str = "Content-Type: application/json\r\n";

fn read(id: Guid, headers: &str) -> Vec<u8> {
    load::get(&format!("{SET}({id})?$select={SELECT}"), headers)
}

fn bare_read(id: Guid) -> Vec<u8> {
    load::get(&format!("/contacts/{id}"), "")
}

fn list(account: Guid, headers: &str) -> Vec<u8> {
    let filter = format!("_parentcustomerid_value%20eq%20{account}%20and%20statecode%20eq%200");
    load::get(&format!("{SET}?$select={SELECT}&$filter={filter}&$orderby=fullname&$top=50"), headers)
}

/// Another title each time, or there would be nothing to write.
fn title() -> String {
    format!("{{\"jobtitle\":\"Inköpare {NUMBER}\"}}")
}

fn update(id: Guid, headers: &str) -> Vec<u8> {
    load::send("PATCH", &format!("{SET}({id})"), &format!("{headers}{JSON}If-Match: *\r\n"), &title())
}

fn bare_update(id: Guid) -> Vec<u8> {
    load::send("PATCH", &format!("/contacts/{id}"), JSON, &title())
}

fn new_contact(number: usize) -> String {
    let first = people::first_name(number);
    format!(
        "{{\"firstname\":\"{first}\",\"lastname\":\"Ny{number}\",\"jobtitle\":\"Inköpare\",\
         \"emailaddress1\":\"ny{number}@bolaget.example\",\"telephone1\":\"+46 31 123456\",\
         \"address1_city\":\"Göteborg\"}}"
    )
}

fn create(headers: &str) -> Vec<Vec<u8>> {
    let headers = format!("{headers}{JSON}");
    (0..CREATED).map(|it| load::send("POST", SET, &headers, &new_contact(it))).collect()
}

fn bare_create(number: usize) -> Vec<u8> {
    load::send("POST", "/contacts", JSON, &new_contact(number))
}

fn of_batch(number: usize) -> impl Iterator<Item = String> {
    (0..BATCH).map(move |it| new_contact((number * BATCH + it) % CREATED))
}

fn batch(number: usize, headers: &str) -> Vec<u8> {
    let mut body = "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n".to_owned();
    for (at, contact) in of_batch(number).enumerate() {
        // Writing to a String cannot fail.
        let _ = write!(
            body,
            "--c\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: {}\r\n\r\n\
             POST {SET} HTTP/1.1\r\n{JSON}\r\n{contact}\r\n",
            at + 1
        );
    }
    body.push_str("--c--\r\n--b--\r\n");
    let headers = format!("{headers}Content-Type: multipart/mixed; boundary=b\r\n");
    load::send("POST", "/api/data/v9.2/$batch", &headers, &body)
}

fn bare_batch(number: usize) -> Vec<u8> {
    let contacts: Vec<String> = of_batch(number).collect();
    load::send("POST", "/batch", JSON, &format!("[{}]", contacts.join(",")))
}
