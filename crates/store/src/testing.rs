//! Fresh databases for tests: one of each engine, gone again when the test ends.

#![expect(clippy::missing_panics_doc, reason = "A test whose world cannot be made shall fail there")]

use crate::commit::{Commit, Expect, Statement};
use crate::db::{Cell, Db};
use domain::entity::Catalog;
use std::hash::{BuildHasher as _, RandomState};
use std::process;
use tempfile::TempDir;

/// A database of one test. Dropping it removes the database.
pub struct World {
    /// Which one, for the text of a failure: `sqlite`, `postgres`, `postgres serializable`.
    pub name: &'static str,
    pub db: Db,
    /// What [`Db::open`] opened: a second server on the same data opens it again.
    pub url: String,
    /// Behind `db`, so that the file is closed before its folder goes.
    _gone_afterwards: Gone,
}

enum Gone {
    Folder { _folder: TempDir },
    Database { admin: String, name: String },
}

/// One empty database each on SQLite, on PostgreSQL as it comes, and on PostgreSQL at the strictest isolation level,
/// which is the only one that some of its relatives have.
///
/// Panics when `REGARDING_TEST_POSTGRES` does not lead to a server on which databases may be made.
pub async fn worlds() -> Vec<World> {
    vec![sqlite().await, postgres().await, serializable().await]
}

/// [`worlds`] with all tables of the standard types.
pub async fn migrated_worlds() -> Vec<World> {
    let catalog = Catalog::standard().expect("The standard types fit together");
    let worlds = worlds().await;
    for world in &worlds {
        crate::migrate::migrate(&world.db, &catalog).await.expect("Making the tables");
    }
    worlds
}

/// An empty SQLite database.
pub async fn sqlite() -> World {
    let folder = TempDir::new().expect("Making a folder");
    let url = folder.path().join("test.sqlite").display().to_string();
    let db = Db::open(&url).await.expect("Opening SQLite");
    World { name: "sqlite", db, url, _gone_afterwards: Gone::Folder { _folder: folder } }
}

/// An empty PostgreSQL database at the server's own isolation level.
pub async fn postgres() -> World {
    on_server("postgres", "").await
}

/// An empty PostgreSQL database at isolation level SERIALIZABLE.
pub async fn serializable() -> World {
    on_server("postgres serializable", "options=-c%20default_transaction_isolation%3Dserializable").await
}

async fn on_server(world: &'static str, parameters: &str) -> World {
    let admin = std::env::var("REGARDING_TEST_POSTGRES").unwrap_or_else(|_| {
        panic!(
            "REGARDING_TEST_POSTGRES is not set: run `cargo xtask test`, which starts a real PostgreSQL (or set it \
             to the URL of a server on which databases may be made)"
        )
    });
    let name = format!("t_{}_{:016x}", process::id(), RandomState::new().hash_one(world));
    run(&admin, &format!("CREATE DATABASE {name}")).await.expect("Making a database");
    let url = url_of(&admin, &name, parameters);
    let gone = Gone::Database { admin, name };
    let db = Db::open(&url).await.expect("Opening PostgreSQL");
    World { name: world, db, url, _gone_afterwards: gone }
}

/// The admin's URL with another database and a small pool, since many tests run at once.
fn url_of(admin: &str, name: &str, parameters: &str) -> String {
    let (address, query) = admin.split_once('?').unwrap_or((admin, ""));
    let server = match address.match_indices('/').nth(2) {
        Some((at, _)) => &address[..at],
        None => address,
    };
    let all: Vec<&str> =
        [query, parameters, "pool_max_size=4"].into_iter().filter(|it| !it.is_empty()).collect();
    format!("{server}/{name}?{}", all.join("&"))
}

async fn run(url: &str, sql: &str) -> Result<(), tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
    let connection = tokio::spawn(connection);
    let result = client.batch_execute(sql).await;
    drop(client);
    let _ = connection.await;
    result
}

impl Drop for Gone {
    fn drop(&mut self) {
        let Gone::Database { admin, name } = self else { return };
        let (admin, sql) = (std::mem::take(admin), format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        // A runtime of its own: the test's is busy dropping us.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.map(|it| it.block_on(run(&admin, &sql)))
        });
        let _ = dropping.join();
    }
}

/// A commit out of statements as they stand: the engines' own tests need SQL that is no noun's.
pub fn raw<const N: usize>(statements: [(&'static str, Vec<Cell>, Expect); N]) -> Commit {
    let statements = statements
        .into_iter()
        .map(|(sql, values, expect)| Statement { sql: sql.into(), values, expect })
        .collect();
    Commit { statements }
}
