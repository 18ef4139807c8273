//! Fresh databases for tests: one of each engine, gone again when the test ends.

#![expect(clippy::missing_panics_doc, reason = "A test whose world cannot be made shall fail there")]

use crate::commit::{Commit, Expect, Statement};
use crate::db::{Cell, Db};
use domain::entity::Catalog;
use std::hash::{BuildHasher as _, RandomState};
use std::process;
use std::time::Duration;
use tempfile::TempDir;
use tokio_postgres::SimpleQueryMessage;

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
    let world = sqlite().await;
    crate::migrate::migrate(&world.db, &catalog).await.expect("Making the tables");
    let template = template(&catalog).await;
    vec![
        world,
        on_server("postgres", "", &template).await,
        on_server(STRICTEST, STRICTEST_URL, &template).await,
    ]
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
    on_server("postgres", "", "template1").await
}

/// An empty PostgreSQL database at isolation level SERIALIZABLE.
pub async fn serializable() -> World {
    on_server(STRICTEST, STRICTEST_URL, "template1").await
}

const STRICTEST: &str = "postgres serializable";
const STRICTEST_URL: &str = "options=-c%20default_transaction_isolation%3Dserializable";

async fn on_server(world: &'static str, parameters: &str, template: &str) -> World {
    let admin = admin();
    let name = new_name();
    run(&admin, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await.expect("Making a database");
    let url = url_of(&admin, &name, parameters);
    let gone = Gone::Database { admin, name };
    let db = Db::open(&url).await.expect("Opening PostgreSQL");
    World { name: world, db, url, _gone_afterwards: gone }
}

fn admin() -> String {
    std::env::var("REGARDING_TEST_POSTGRES").unwrap_or_else(|_| {
        panic!(
            "REGARDING_TEST_POSTGRES is not set: run `cargo xtask test`, which starts a real PostgreSQL (or set it \
             to the URL of a server on which databases may be made)"
        )
    })
}

fn new_name() -> String {
    format!("t_{}_{:016x}", process::id(), RandomState::new().hash_one(0))
}

/// A database with all tables, from which the tests' databases are copied: that is several times as fast as making the
/// tables. It stays on the server, and its name says which tables it has.
async fn template(catalog: &Catalog) -> String {
    let admin = admin();
    let name = format!("regarding_{}", crate::migrate::fingerprint(catalog));
    let there = format!("SELECT 1 FROM pg_database WHERE datname = '{name}'");
    while run(&admin, &there).await.expect("Looking for the tables") == 0 {
        let ours = new_name();
        run(&admin, &format!("CREATE DATABASE {ours}")).await.expect("Making a database");
        let db = Db::open(&url_of(&admin, &ours, "")).await.expect("Opening PostgreSQL");
        crate::migrate::migrate(&db, catalog).await.expect("Making the tables");
        drop(db);
        // Whoever renames first wins; a database can be renamed when its last connection has gone.
        while run(&admin, &there).await.expect("Looking for the tables") == 0
            && run(&admin, &format!("ALTER DATABASE {ours} RENAME TO {name}")).await.is_err()
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        run(&admin, &format!("DROP DATABASE IF EXISTS {ours} WITH (FORCE)")).await.expect("Tidying up");
    }
    name
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

/// Runs one statement and says how many rows it answered.
async fn run(url: &str, sql: &str) -> Result<usize, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
    let connection = tokio::spawn(connection);
    let result = client.simple_query(sql).await;
    drop(client);
    let _ = connection.await;
    Ok(result?.iter().filter(|it| matches!(it, SimpleQueryMessage::Row(_))).count())
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
