//! One commit as one transaction: all statements are sent at once, then the answers are read in order.

use super::bind::Bound;
use super::merge::{self, Step};
use super::{is_conflict, is_gone, plain};
use crate::commit::Failure;
use deadpool_postgres::Client;
use futures::future::{BoxFuture, FutureExt as _, MaybeDone, maybe_done};
use std::pin::Pin;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, SimpleQueryMessage, Statement};

/// Why a transaction did not happen. In both cases nothing of it was written.
pub enum Trouble {
    /// It lost against another one, or the connection was lost before the end: it may be run again.
    Again,
    Failed(Failure),
}

pub async fn run(client: Client, steps: &[Step<'_>]) -> Result<(), Trouble> {
    let mut prepared = Vec::with_capacity(steps.len());
    for step in steps {
        prepared.push(prepare(&client, step).await.map_err(|it| trouble(&it, step))?);
    }
    if let ([step], [prepared]) = (steps, prepared.as_slice())
        && merge::settles_alone(step)
    {
        let touched = send(&client, step, prepared.as_ref()).await.map_err(|it| trouble(&it, step))?;
        return as_expected(step, touched);
    }
    let open = Open(Some(client));
    let result = inside(&open, steps, &prepared).await;
    match result {
        Ok(()) => {
            // When the connection breaks here, nobody knows whether it was written: that is not tried again.
            let ended = open.run("COMMIT").await;
            open.end();
            match ended {
                Err(error) if is_conflict(&error) => Err(Trouble::Again),
                Err(error) => {
                    Err(Trouble::Failed(Failure::Broken(plain(&error).context("Ending a transaction"))))
                }
                Ok(()) => Ok(()),
            }
        }
        Err(trouble) => {
            if open.run("ROLLBACK").await.is_ok() {
                open.end();
            }
            Err(trouble)
        }
    }
}

async fn inside(open: &Open, steps: &[Step<'_>], prepared: &[Option<Statement>]) -> Result<(), Trouble> {
    let Some(client) = &open.0 else { return Ok(()) };
    let mut flight = Vec::with_capacity(steps.len());
    let mut begin = Sending::start(client.batch_execute("BEGIN").map(|it| it.map(|()| 0)).boxed());
    for (step, prepared) in steps.iter().zip(prepared) {
        flight.push(Sending::start(send(client, step, prepared.as_ref()).boxed()));
    }
    let failed =
        |error: Error| Trouble::Failed(Failure::Broken(plain(&error).context("Starting a transaction")));
    begin.answer().await.map_err(|it| if is_gone(&it) { Trouble::Again } else { failed(it) })?;
    // The first failure is the true one: those behind it only say that the transaction is lost.
    for (step, sending) in steps.iter().zip(&mut flight) {
        let touched = sending.answer().await.map_err(|it| trouble(&it, step))?;
        as_expected(step, touched)?;
    }
    Ok(())
}

fn as_expected(step: &Step<'_>, touched: u64) -> Result<(), Trouble> {
    match merge::expected(step) {
        Some(expected) if expected != touched => Err(Trouble::Failed(Failure::Changed)),
        _ => Ok(()),
    }
}

fn trouble(error: &Error, step: &Step<'_>) -> Trouble {
    if is_conflict(error) || is_gone(error) {
        Trouble::Again
    } else if error.code() == Some(&SqlState::UNIQUE_VIOLATION) {
        Trouble::Failed(Failure::Changed)
    } else {
        let sql = step.first().map_or("", |it| &it.sql);
        Trouble::Failed(Failure::Broken(plain(error).context(format!("Running {sql}"))))
    }
}

/// `None` for a statement without parameters: it changes tables or is rare, and the table it speaks of may not be there
/// yet when the transaction begins.
async fn prepare(client: &Client, step: &Step<'_>) -> Result<Option<Statement>, Error> {
    let Some(first) = step.first().filter(|it| !it.values.is_empty()) else { return Ok(None) };
    let single = client.prepare_cached(&first.sql).await?;
    if step.len() == 1 {
        return Ok(Some(single));
    }
    let types: Vec<&str> = single.params().iter().map(tokio_postgres::types::Type::name).collect();
    match merge::over_arrays(&first.sql, &types) {
        Some(sql) => client.prepare_cached(&sql).await.map(Some),
        None => Ok(Some(single)),
    }
}

/// Runs a step and says how many rows it touched.
async fn send(client: &Client, step: &Step<'_>, prepared: Option<&Statement>) -> Result<u64, Error> {
    match (prepared, step.as_slice()) {
        (Some(statement), [one]) => {
            let bound: Vec<Bound<'_>> = one.values.iter().map(Bound).collect();
            client.execute_raw(statement, bound.iter().map(|it| it as &(dyn ToSql + Sync))).await
        }
        (Some(statement), many) => {
            let width = many.first().map_or(0, |it| it.values.len());
            let arrays: Vec<Vec<Bound<'_>>> = (0..width)
                .map(|column| many.iter().filter_map(|it| it.values.get(column)).map(Bound).collect())
                .collect();
            client.execute_raw(statement, arrays.iter().map(|it| it as &(dyn ToSql + Sync))).await
        }
        (None, plain) => {
            let mut touched = 0;
            for statement in plain {
                for message in client.simple_query(&statement.sql).await? {
                    if let SimpleQueryMessage::CommandComplete(rows) = message {
                        touched += rows;
                    }
                }
            }
            Ok(touched)
        }
    }
}

/// A statement that is on its way. The driver sends it when it is first polled, so that starting them one after the
/// other keeps their order.
struct Sending<'a>(MaybeDone<BoxFuture<'a, Result<u64, Error>>>);

impl<'a> Sending<'a> {
    fn start(future: BoxFuture<'a, Result<u64, Error>>) -> Sending<'a> {
        let mut sending = Sending(maybe_done(future));
        let _ = (&mut sending.0).now_or_never();
        sending
    }

    async fn answer(&mut self) -> Result<u64, Error> {
        (&mut self.0).await;
        Pin::new(&mut self.0).take_output().unwrap_or(Ok(0))
    }
}

/// A connection with an open transaction. Left half-way (a closed browser, a timeout), it is closed and not given back:
/// the next one would write into a stranger's transaction.
struct Open(Option<Client>);

impl Open {
    async fn run(&self, sql: &str) -> Result<(), Error> {
        match &self.0 {
            Some(client) => client.batch_execute(sql).await,
            None => Ok(()),
        }
    }

    /// The transaction has ended, and the pool gets its connection back.
    fn end(mut self) {
        self.0 = None;
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if let Some(client) = self.0.take() {
            drop(Client::take(client));
        }
    }
}
