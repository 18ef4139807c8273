//! The engine for those who already run one, or run several servers.

mod bind;
mod merge;
mod transaction;

use crate::commit::{Commit, Failure};
use crate::db::{Cell, Question, Row};
use anyhow::{Context, Result, anyhow};
use bind::Bound;
use deadpool_postgres::{
    Client, Hook, HookError, Manager, ManagerConfig, Pool, PoolError, RecyclingMethod, Runtime,
};
use futures::future::try_join_all;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Connections, unless the URL says `pool_max_size=`.
const POOL: usize = 8;

/// Prepared statements kept by a connection. Filters make ever new ones, and the cache forgets none by itself.
const PREPARED: usize = 512;

/// How often a commit is tried that lost against another one at the same moment.
const ATTEMPTS: u32 = 8;

/// Cheap to clone: all clones share one pool.
#[derive(Clone)]
pub struct Postgres(Arc<Shared>);

struct Shared {
    pool: Pool,
    /// For error texts: never the password.
    host: String,
    round_trips: AtomicU64,
}

impl Postgres {
    /// Connects once, so that a wrong address shows at start. Transactions run at the isolation level that the server
    /// is set to; `?options=-c%20default_transaction_isolation%3Dserializable` in the URL asks for a stricter one.
    /// `?pool_max_size=N` allows N connections instead of 8. `?sslmode=require` encrypts the way there and checks the
    /// server's certificate against the system's (or `SSL_CERT_FILE`); without it nothing is encrypted.
    pub async fn open(url: &str) -> Result<Postgres> {
        let (url, size) = pool_size(url)?;
        // The parser's own message may quote the URL, and the URL holds a password.
        let mut config: Config =
            url.parse().map_err(|_| anyhow!("The database URL is not one that PostgreSQL understands"))?;
        if config.get_application_name().is_none() {
            config.application_name("regarding");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(10));
        }
        let host = place(&config);
        let pool = Pool::builder(manager(config)?)
            .max_size(size)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(Duration::from_secs(30)))
            .create_timeout(Some(Duration::from_secs(15)))
            .post_create(Hook::async_fn(|client, _| {
                Box::pin(async move { quiet(client).await.map_err(HookError::Backend) })
            }))
            .build()
            .context("Preparing the connections to PostgreSQL")?;
        let shared = Shared { pool, host, round_trips: AtomicU64::new(0) };
        let postgres = Postgres(Arc::new(shared));
        drop(postgres.client().await?);
        Ok(postgres)
    }

    pub async fn rows(&self, sql: &str, values: &[Cell]) -> Result<Vec<Row>> {
        let question = Question { sql: sql.to_owned(), values: values.to_vec() };
        Ok(self.answers(&[question]).await?.pop().unwrap_or_default())
    }

    /// All questions are sent before the first answer is waited for.
    pub(crate) async fn answers(&self, questions: &[Question]) -> Result<Vec<Vec<Row>>> {
        self.0.round_trips.fetch_add(1, Ordering::Relaxed);
        let mut attempt = 1;
        loop {
            let client = self.client().await?;
            let asked = questions.iter().map(|it| answer(&client, it));
            match try_join_all(asked).await {
                Ok(answers) => {
                    let rows = answers.iter().map(|rows| rows.iter().map(bind::row).collect());
                    return rows.collect();
                }
                // A question may be asked again, also when the server was restarted meanwhile.
                Err((_, error)) if attempt < ATTEMPTS && (is_conflict(&error) || is_gone(&error)) => {
                    drop(client);
                    pause(attempt).await;
                    attempt += 1;
                }
                Err((sql, error)) => return Err(plain(&error).context(format!("Running {sql}"))),
            }
        }
    }

    pub async fn commit(&self, commit: Commit) -> Result<(), Failure> {
        self.0.round_trips.fetch_add(1, Ordering::Relaxed);
        let steps = merge::steps(&commit.statements);
        for attempt in 1..=ATTEMPTS {
            match transaction::run(self.client().await?, &steps).await {
                Ok(()) => return Ok(()),
                Err(transaction::Trouble::Again) => pause(attempt).await,
                Err(transaction::Trouble::Failed(failure)) => return Err(failure),
            }
        }
        Err(Failure::Changed)
    }

    /// Gives up the deleted rows of these tables, which may stand in the files until the server sees fit otherwise.
    pub async fn vacuum(&self, tables: &[&str]) -> Result<()> {
        self.0.round_trips.fetch_add(1, Ordering::Relaxed);
        let tables: Vec<String> = tables.iter().map(|it| crate::ddl::quoted(it)).collect();
        let client = self.client().await?;
        let vacuumed = client.batch_execute(&format!("VACUUM {}", tables.join(", "))).await;
        vacuumed.map_err(|error| plain(&error).context("Giving up deleted rows"))
    }

    async fn client(&self) -> Result<Client> {
        let client = self.0.pool.get().await.map_err(|error| match error {
            PoolError::Backend(error) => plain(&error),
            PoolError::Timeout(_) => anyhow!("No connection became free in time"),
            other => anyhow!("{other}"),
        });
        let client = client.with_context(|| format!("Connecting to PostgreSQL at {}", self.0.host))?;
        if client.statement_cache.size() > PREPARED {
            client.statement_cache.clear();
        }
        Ok(client)
    }

    pub fn round_trips(&self) -> u64 {
        self.0.round_trips.load(Ordering::Relaxed)
    }
}

fn manager(config: Config) -> Result<Manager> {
    let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    if config.get_ssl_mode() != SslMode::Require {
        return Ok(Manager::from_config(config, NoTls, recycling));
    }
    let (tls, _unreadable) = MakeRustlsConnect::with_native_certs()
        .map_err(|_| anyhow!("This system has no certificates by which to check PostgreSQL's"))?;
    Ok(Manager::from_config(config, tls, recycling))
}

/// A table that is there already is no news.
async fn quiet(client: &tokio_postgres::Client) -> Result<(), tokio_postgres::Error> {
    client.batch_execute("SET client_min_messages = warning").await
}

/// The error tells which question failed.
async fn answer<'a>(
    client: &Client,
    Question { sql, values }: &'a Question,
) -> Result<Vec<tokio_postgres::Row>, (&'a str, tokio_postgres::Error)> {
    let of = |error| (sql.as_str(), error);
    let statement = client.prepare_cached(sql).await.map_err(of)?;
    let bound: Vec<Bound<'_>> = values.iter().map(Bound).collect();
    let parameters: Vec<&(dyn ToSql + Sync)> = bound.iter().map(|it| it as _).collect();
    client.query(&statement, &parameters).await.map_err(of)
}

/// Takes `pool_max_size` out of the URL: it is ours, and the driver knows only its own.
fn pool_size(url: &str) -> Result<(String, usize)> {
    let Some((address, query)) = url.split_once('?') else { return Ok((url.to_owned(), POOL)) };
    let (ours, theirs): (Vec<&str>, Vec<&str>) =
        query.split('&').filter(|it| !it.is_empty()).partition(|it| it.starts_with("pool_max_size="));
    let size = match ours.last().and_then(|it| it.split_once('=')) {
        None => POOL,
        Some((_, size)) => match size.parse() {
            Ok(size) if (1..=1000).contains(&size) => size,
            _ => return Err(anyhow!("pool_max_size in the database URL must be a number from 1 to 1000")),
        },
    };
    let mark = if theirs.is_empty() { "" } else { "?" };
    Ok((format!("{address}{mark}{}", theirs.join("&")), size))
}

fn place(config: &Config) -> String {
    let port = config.get_ports().first().copied().unwrap_or(5432);
    let hosts: Vec<String> = config
        .get_hosts()
        .iter()
        .map(|it| match it {
            Host::Tcp(host) => format!("{host}:{port}"),
            Host::Unix(path) => path.display().to_string(),
        })
        .collect();
    hosts.join(", ")
}

/// 40001 and 40P01: the other transaction won, and this one may simply be run again.
fn is_conflict(error: &tokio_postgres::Error) -> bool {
    matches!(error.code(), Some(it) if [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED].contains(it))
}

/// The server went away or sent us away.
fn is_gone(error: &tokio_postgres::Error) -> bool {
    error.is_closed()
        || matches!(error.code(), Some(it) if [SqlState::ADMIN_SHUTDOWN, SqlState::CRASH_SHUTDOWN].contains(it))
}

/// The server's detail line quotes values, and values are people's mail: only its message and code are kept.
fn plain(error: &tokio_postgres::Error) -> anyhow::Error {
    match error.as_db_error() {
        Some(told) => anyhow!("{}: {} ({})", told.severity(), told.message(), told.code().code()),
        None => match std::error::Error::source(error) {
            Some(source) => anyhow!("{error}: {source}"),
            None => anyhow!("{error}"),
        },
    }
}

/// Longer each time, and never as long as the other one's.
async fn pause(attempt: u32) {
    let most = 2_000_u64 << attempt.min(7);
    let random = RandomState::new().hash_one(attempt);
    tokio::time::sleep(Duration::from_micros(most / 2 + random % most)).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, rest: &str, size: usize) {
        assert_eq!(pool_size(url).unwrap(), (rest.to_owned(), size));
    }

    #[test]
    fn the_size_of_the_pool_is_ours_and_the_rest_is_the_drivers() {
        check("postgres://a@b/c", "postgres://a@b/c", 8);
        check("postgres://a@b/c?pool_max_size=20", "postgres://a@b/c", 20);
        check("postgres://b/c?sslmode=disable&pool_max_size=2&x=y", "postgres://b/c?sslmode=disable&x=y", 2);
        assert!(pool_size("postgres://b/c?pool_max_size=0").is_err());
    }
}
