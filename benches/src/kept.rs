//! Databases that are made once and kept: SQLite's below `target/bench-worlds`, PostgreSQL's for as long as the server
//! lives.

use crate::options::{postgres, root};
use crate::place::{self, Engine, connect};
use crate::sheet::{self, Sheet};
use anyhow::Result;
use app::Settings;
use std::path::PathBuf;

pub struct Kept {
    pub settings: Settings,
    engine: Engine,
    database: String,
}

/// Where everything of a world is but PostgreSQL's tables; `name` says what it is made of, and which make.
pub fn folder(engine: Engine, name: &str) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    root().join(target).join(format!("bench-worlds/{}-{name}", engine.name().to_lowercase()))
}

impl Kept {
    pub fn of(engine: Engine, name: &str) -> Result<Kept> {
        let database = format!("bench_{}", name.replace('-', "_"));
        let url = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(place::url_of(&database)?),
        };
        Ok(Kept { settings: Settings { data: folder(engine, name), database: url }, engine, database })
    }

    /// Whether it was made wholly, and is still there.
    pub async fn is_made(&self) -> Result<bool> {
        let made = self.settings.data.join("made").exists();
        match self.engine {
            Engine::Postgres if made => {
                let sql = "SELECT 1 FROM pg_database WHERE datname = $1";
                let client = connect(&postgres()?).await?;
                Ok(client.query_opt(sql, &[&self.database]).await?.is_some())
            }
            _ => Ok(made),
        }
    }

    /// Nothing of what was there stays.
    pub async fn clear(&self) -> Result<()> {
        if self.settings.data.exists() {
            std::fs::remove_dir_all(&self.settings.data)?;
        }
        if self.engine == Engine::Postgres {
            place::drop_database(&self.database).await?;
            place::create(&self.database).await?;
        }
        Ok(())
    }

    /// The last step of making it: the tables are there, and nobody has the database open.
    pub async fn fill(&self, sheets: Vec<Sheet<'_>>) -> Result<()> {
        match &self.settings.database {
            None => sheet::into_sqlite(&self.settings.data.join("regarding.sqlite"), sheets)?,
            Some(url) => sheet::into_postgres(url, sheets).await?,
        }
        Ok(std::fs::write(self.settings.data.join("made"), "")?)
    }
}
