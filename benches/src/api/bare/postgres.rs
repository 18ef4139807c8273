//! The engine on a server, by deadpool-postgres alone.

use super::Statement;
use crate::api::mould::Rows;
use crate::rows::{Bound, Kind, names, over_arrays};
use anyhow::{Context, Result, ensure};
use deadpool_postgres::{Client, Manager, ManagerConfig, Pool, RecyclingMethod};
use domain::id::Guid;
use futures::future::{BoxFuture, FutureExt as _, try_join_all};
use store::Cell;
use tokio_postgres::NoTls;
use tokio_postgres::types::{ToSql, Type};

/// As many as the product has.
const CONNECTIONS: usize = 8;

pub struct Postgres {
    pool: Pool,
    inserts: Vec<Insert>,
}

/// Of one table.
struct Insert {
    one: String,
    many: String,
    columns: usize,
}

impl Postgres {
    pub async fn open(url: &str, kinds: &[Kind]) -> Result<Postgres> {
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(url.parse()?, NoTls, recycling);
        let pool = Pool::builder(manager).max_size(CONNECTIONS).build()?;
        let client = pool.get().await?;
        let mut inserts = Vec::new();
        for kind in kinds {
            let marks: Vec<String> = (1..=kind.columns.len()).map(|it| format!("${it}")).collect();
            let (table, columns) = (kind.table, names(&kind.columns));
            inserts.push(Insert {
                one: format!("INSERT INTO {table} ({columns}) VALUES ({})", marks.join(", ")),
                many: over_arrays(&client, kind).await?,
                columns: kind.columns.len(),
            });
        }
        drop(client);
        Ok(Postgres { pool, inserts })
    }

    pub async fn rows(&self, sql: &str, key: Guid) -> Result<Vec<Vec<Cell>>> {
        let client = self.pool.get().await?;
        let statement = client.prepare_cached(sql).await?;
        let rows = client.query(&statement, &[&key.as_bytes().as_slice()]).await?;
        rows.iter().map(|row| (0..row.len()).map(|at| cell(row, at)).collect()).collect()
    }

    pub async fn write(&self, statements: &[Statement]) -> Result<()> {
        let client = self.pool.get().await?;
        let mut steps: Vec<Step<'_>> = vec![begin(&client)];
        for (sql, values) in statements {
            let statement = client.prepare_cached(sql).await?;
            let client = &client;
            let step = async move {
                let touched = client.execute_raw(&statement, values.iter().map(Bound)).await?;
                ensure!(touched == 1, "Somebody was faster");
                Ok(())
            };
            steps.push(step.boxed());
        }
        end(&client, steps).await
    }

    pub async fn insert(&self, all: &Rows) -> Result<()> {
        let client = self.pool.get().await?;
        let mut steps: Vec<Step<'_>> = vec![begin(&client)];
        for (insert, rows) in self.inserts.iter().zip(all) {
            steps.push(insert.step(&client, rows).await?);
        }
        end(&client, steps).await
    }
}

/// A statement that is sent when it is first polled.
type Step<'a> = BoxFuture<'a, Result<()>>;

fn begin(client: &Client) -> Step<'_> {
    client.batch_execute("BEGIN").map(|it| Ok(it?)).boxed()
}

/// All are on their way before the first is answered.
async fn end(client: &Client, steps: Vec<Step<'_>>) -> Result<()> {
    let done = try_join_all(steps).await.map(drop);
    client.batch_execute(if done.is_ok() { "COMMIT" } else { "ROLLBACK" }).await?;
    done
}

impl Insert {
    async fn step<'a>(&self, client: &'a Client, rows: &'a [Vec<Cell>]) -> Result<Step<'a>> {
        if let [row] = rows {
            let statement = client.prepare_cached(&self.one).await?;
            let step =
                async move { Ok(client.execute_raw(&statement, row.iter().map(Bound)).await.map(drop)?) };
            return Ok(step.boxed());
        }
        let statement = client.prepare_cached(&self.many).await?;
        let column = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(Bound).collect();
        let columns: Vec<Vec<Bound<'a>>> = (0..self.columns).map(column).collect();
        let step = async move {
            let values = columns.iter().map(|it| it as &(dyn ToSql + Sync));
            Ok(client.execute_raw(&statement, values).await.map(drop)?)
        };
        Ok(step.boxed())
    }
}

fn cell(row: &tokio_postgres::Row, at: usize) -> Result<Cell> {
    let kind = row.columns().get(at).context("No such column")?.type_();
    Ok(match *kind {
        Type::INT8 => row.try_get::<_, Option<i64>>(at)?.into(),
        Type::BOOL => row.try_get::<_, Option<bool>>(at)?.into(),
        Type::FLOAT8 => row.try_get::<_, Option<f64>>(at)?.into(),
        Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(at)?.into(),
        _ => row.try_get::<_, Option<String>>(at)?.into(),
    })
}
