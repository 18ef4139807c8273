//! Databases of both engines for benchmarks: fresh ones that go again, and kept ones.

use crate::options::postgres;
use anyhow::{Context, Result};
use tempfile::TempDir;
use tokio_postgres::{Client, NoTls};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub const ALL: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];

    pub fn name(self) -> &'static str {
        match self {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        }
    }
}

/// A database without tables, with a folder beside it.
pub struct Fresh {
    pub url: String,
    pub folder: TempDir,
    /// On the server: to be dropped at the end.
    name: Option<String>,
}

impl Fresh {
    pub async fn new(engine: Engine) -> Result<Fresh> {
        let folder = TempDir::new().context("Making a folder")?;
        match engine {
            Engine::Sqlite => {
                let url = folder.path().join("regarding.sqlite").display().to_string();
                Ok(Fresh { url, folder, name: None })
            }
            Engine::Postgres => {
                let beginning = folder.path().file_name().map(|it| it.to_string_lossy().to_lowercase());
                let letters = |it: &char| it.is_ascii_alphanumeric();
                let name: String = beginning.unwrap_or_default().chars().filter(letters).collect();
                let name = format!("bench_{}_{name}", std::process::id());
                create(&name).await?;
                Ok(Fresh { url: url_of(&name)?, folder, name: Some(name) })
            }
        }
    }

    pub async fn remove(self) -> Result<()> {
        match &self.name {
            Some(name) => drop_database(name).await,
            None => Ok(()),
        }
    }
}

pub async fn create(name: &str) -> Result<()> {
    Ok(connect(&postgres()?).await?.batch_execute(&format!("CREATE DATABASE {name}")).await?)
}

pub async fn drop_database(name: &str) -> Result<()> {
    let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    Ok(connect(&postgres()?).await?.batch_execute(&sql).await?)
}

/// The server's URL with another database.
pub fn url_of(name: &str) -> Result<String> {
    let admin = postgres()?;
    let (server, _) = admin.rsplit_once('/').context("REGARDING_TEST_POSTGRES names no database")?;
    Ok(format!("{server}/{name}"))
}

/// A connection of its own, not the store's.
pub async fn connect(url: &str) -> Result<Client> {
    let (client, connection) =
        tokio_postgres::connect(url, NoTls).await.context("Connecting to PostgreSQL")?;
    tokio::spawn(connection);
    Ok(client)
}
