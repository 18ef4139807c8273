//! Worlds of any size on either engine, made once and kept: SQLite's below `target/bench-worlds`, PostgreSQL's for as
//! long as the server lives.

use super::cast::{Cast, MESSAGES, Sheet};
use crate::options::root;
use crate::place::{self, Engine, connect};
use anyhow::{Context, Result};
use app::users::NewUser;
use app::{App, Settings};
use bytes::{BufMut as _, Bytes, BytesMut};
use connect::Account;
use domain::id::Guid;
use futures::SinkExt as _;
use rusqlite::types::Value;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::Instant;
use store::Cell;

/// Grows with every change of what a world is made of.
const MAKE: u32 = 1;
const EVA: &str = "eva@adventure.example";
const PASSWORD: &str = "long enough";

pub struct World {
    pub app: App,
    /// The value of the session's cookie.
    pub token: String,
    pub mailbox: Guid,
    /// Of the messages in the inbox.
    pub uids: Vec<u32>,
}

/// Where the SQLite world of this size is, with everything `regarding serve` needs.
pub fn folder(engine: Engine, size: usize) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    root().join(target).join(format!("bench-worlds/{}-{size}-{MAKE}", engine.name().to_lowercase()))
}

/// Opens the world; makes it when it is not there.
pub async fn open(engine: Engine, size: usize) -> Result<World> {
    let folder = folder(engine, size);
    let name = format!("bench_world_{size}_{MAKE}");
    let settings = Settings {
        data: folder.clone(),
        database: match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(place::url_of(&name)?),
        },
    };
    let made = match engine {
        Engine::Sqlite => folder.join("made").exists(),
        Engine::Postgres => folder.join("made").exists() && is_there(&name).await?,
    };
    if !made {
        let started = Instant::now();
        println!("Making a world of {size} contacts and {size} activities on {}", engine.name());
        make(engine, size, &settings, &name).await?;
        println!("It took {:.0} s", started.elapsed().as_secs_f64());
    }
    enter(&settings).await
}

async fn is_there(name: &str) -> Result<bool> {
    let sql = "SELECT 1 FROM pg_database WHERE datname = $1";
    let client = connect(&crate::options::postgres()?).await?;
    Ok(client.query_opt(sql, &[&name]).await?.is_some())
}

async fn enter(settings: &Settings) -> Result<World> {
    let app = App::open(settings).await?;
    let eva = app::users::by_email(&app, EVA).await?.context("Nobody lives in this world")?;
    let row = app::mailboxes::of(&app, eva).await?.into_iter().next().context("Eva has no mailbox")?;
    let session = app::sign_in::sign_in(&app, EVA, PASSWORD, app::sign_in::Remember::No, "bench").await?;
    let token = session.context("Eva cannot sign in")?.token;
    let mut mailbox = connect::Mailbox::open(&row.account).await?;
    let limit = u32::try_from(MESSAGES)?;
    let heads = mailbox.heads("INBOX", connect::Which::After { uid: 0, limit }).await?;
    Ok(World { app, token, mailbox: row.id, uids: heads.iter().map(|it| it.uid).collect() })
}

async fn make(engine: Engine, size: usize, settings: &Settings, name: &str) -> Result<()> {
    if settings.data.exists() {
        std::fs::remove_dir_all(&settings.data)?;
    }
    if engine == Engine::Postgres {
        place::drop_database(name).await?;
        place::create(name).await?;
    }
    let cast = furnish(settings, size).await?;
    match &settings.database {
        None => into_sqlite(&settings.data.join("regarding.sqlite"), &cast)?,
        Some(url) => into_postgres(url, &cast).await?,
    }
    Ok(std::fs::write(settings.data.join("made"), "")?)
}

/// Tables, eva, and her mailbox.
async fn furnish(settings: &Settings, size: usize) -> Result<Cast> {
    let app = App::open(settings).await?;
    let eva = NewUser {
        email: EVA.into(),
        name: "Eva Ek".into(),
        role: "salesperson".into(),
        password: PASSWORD.into(),
        unit: None,
    };
    let eva = app::users::add(&app, &eva).await?;
    let actor = app::users::actor(&app, eva).await?.context("Nobody was added")?;
    let cast = Cast { size, eva, unit: actor.unit() };
    let path = settings.data.join("mail");
    connect::create_maildir(&path)?;
    for message in 0..MESSAGES {
        let file = path.join(format!("cur/17600{message:05}.M1.bench:2,S"));
        std::fs::write(file, mail(&cast, message))?;
    }
    app::mailboxes::add(&app, eva, Account::Maildir { path: path.canonicalize()? }).await?;
    Ok(cast)
}

fn mail(cast: &Cast, message: usize) -> String {
    let [sender, other, third] = cast.people(message);
    format!(
        "Message-ID: <{id}>\r\nDate: Mon, 23 Nov 2026 10:41:00 +0100\r\nFrom: Somebody <{sender}>\r\n\
         To: Eva Ek <{EVA}>\r\nCc: {other}, {third}\r\nSubject: Leverans {message}\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\nHej!\r\n",
        id = cast.message_id(message)
    )
}

fn into_sqlite(file: &Path, cast: &Cast) -> Result<()> {
    let connection = rusqlite::Connection::open(file)?;
    connection.execute_batch(
        "PRAGMA journal_mode = DELETE; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
         PRAGMA cache_size = -1000000; PRAGMA temp_store = FILE;",
    )?;
    let sql = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE INDEX%'";
    let pair = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let indexes: Vec<(String, String)> =
        connection.prepare(sql)?.query_map([], pair)?.collect::<rusqlite::Result<_>>()?;
    for (name, _) in &indexes {
        connection.execute_batch(&format!("DROP INDEX \"{name}\""))?;
    }
    connection.execute_batch("BEGIN")?;
    for sheet in cast.sheets() {
        let marks: Vec<&str> = sheet.columns.split(',').map(|_| "?").collect();
        let sql = format!("INSERT INTO {} ({}) VALUES ({})", sheet.table, sheet.columns, marks.join(", "));
        let mut insert = connection.prepare(&sql)?;
        for number in 0..sheet.count {
            let row = (sheet.row)(cast, number).into_iter().map(value);
            insert
                .execute(rusqlite::params_from_iter(row))
                .with_context(|| format!("Into {}", sheet.table))?;
        }
    }
    for (_, sql) in &indexes {
        connection.execute_batch(sql)?;
    }
    Ok(connection.execute_batch("COMMIT")?)
}

fn value(cell: Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Bool(truth) => Value::Integer(truth.into()),
        Cell::Int(number) => Value::Integer(number),
        Cell::Float(number) => Value::Real(number),
        Cell::Text(text) => Value::Text(text),
        Cell::Bytes(bytes) => Value::Blob(bytes),
    }
}

async fn into_postgres(url: &str, cast: &Cast) -> Result<()> {
    let client = connect(url).await?;
    client.batch_execute("SET maintenance_work_mem = '512MB'").await?;
    let sql = "SELECT indexname, indexdef FROM pg_indexes
               WHERE schemaname = current_schema() AND indexdef LIKE 'CREATE INDEX%'";
    let indexes: Vec<(String, String)> =
        client.query(sql, &[]).await?.iter().map(|row| (row.get(0), row.get(1))).collect();
    for (name, _) in &indexes {
        client.batch_execute(&format!("DROP INDEX \"{name}\"")).await?;
    }
    for sheet in cast.sheets() {
        copy(&client, cast, &sheet).await.with_context(|| format!("Into {}", sheet.table))?;
    }
    for (_, definition) in &indexes {
        client.batch_execute(definition).await?;
    }
    // As a server does by itself in the first minutes.
    Ok(client.batch_execute("VACUUM ANALYZE").await?)
}

async fn copy(client: &tokio_postgres::Client, cast: &Cast, sheet: &Sheet) -> Result<()> {
    let sql = format!("COPY {} ({}) FROM STDIN", sheet.table, sheet.columns);
    let mut sink = pin!(client.copy_in::<_, Bytes>(&sql).await?);
    let mut lines = BytesMut::new();
    for number in 0..sheet.count {
        for (at, cell) in (sheet.row)(cast, number).iter().enumerate() {
            lines.put_slice(if at == 0 { b"" } else { b"\t" });
            put(&mut lines, cell);
        }
        lines.put_u8(b'\n');
        if lines.len() > 1 << 20 {
            sink.send(lines.split().freeze()).await?;
        }
    }
    sink.send(lines.freeze()).await?;
    sink.finish().await?;
    Ok(())
}

/// As COPY reads it; our texts hold nothing that needs escaping.
fn put(line: &mut BytesMut, cell: &Cell) {
    let text = match cell {
        Cell::Null => "\\N".to_owned(),
        Cell::Bool(truth) => truth.to_string(),
        Cell::Int(number) => number.to_string(),
        Cell::Float(number) => number.to_string(),
        Cell::Text(text) => text.clone(),
        Cell::Bytes(bytes) => bytes.iter().fold("\\\\x".to_owned(), |mut hex, byte| {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        }),
    };
    line.put_slice(text.as_bytes());
}
