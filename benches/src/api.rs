//! The Web API beside a bare handler: what reading and writing records costs over HTTP when nothing is asked but the
//! database, on the same database, in turns.

mod bare;
mod company;
mod mould;

use crate::load::{Answered, Load};
use crate::options::Options;
use crate::place::Engine;
use crate::results::{self, Table, milliseconds, per_second, percent, percentile};
use anyhow::Result;
use company::Company;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

const CONTACTS: usize = 12_000;
const CONNECTIONS: [usize; 2] = [8, 32];
/// So often each side has its turn.
const TURNS: u32 = 3;
/// The part of the bare handler's rate that is to be reached.
const TARGET: f64 = 0.5;
/// Creates in one batch.
const BATCH: usize = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Read,
    List,
    Update,
    Create,
    Batch,
}

impl Verb {
    /// Those that make the tables grow come last.
    const ALL: [Verb; 5] = [Verb::Read, Verb::List, Verb::Update, Verb::Create, Verb::Batch];

    fn name(self) -> &'static str {
        match self {
            Verb::Read => "read one",
            Verb::List => "filtered list of 50",
            Verb::Update => "update one",
            Verb::Create => "create one",
            Verb::Batch => "batch of 100 creates",
        }
    }
}

pub async fn run(options: &Options) -> Result<()> {
    let lasting = match (options.size, options.full) {
        (Some(_), _) => Duration::from_millis(200),
        (None, false) => Duration::from_secs(2),
        (None, true) => Duration::from_secs(6),
    };
    let mut table = Table::new(&[
        "",
        "at once",
        "bare, requests/s",
        "Regarding, requests/s",
        "ratio",
        "bare, p50 / p99",
        "Regarding, p50 / p99",
        "round trips",
    ]);
    let mut sentences = vec![];
    for engine in Engine::ALL {
        let company = Company::new(engine, options.size.unwrap_or(CONTACTS)).await?;
        let mut first = 0;
        let mut missed = vec![];
        for verb in Verb::ALL {
            for connections in CONNECTIONS {
                let measured = measure(&company, verb, connections, lasting, &mut first).await?;
                println!("{} {}, {connections}: {}", engine.name(), verb.name(), percent(measured.ratio()));
                if measured.ratio() < TARGET {
                    missed.push(format!("{} × {connections}: {}", verb.name(), percent(measured.ratio())));
                }
                table.row(measured.cells(engine, verb, connections, company.trips(verb)));
            }
        }
        sentences.push(judged(engine, &missed));
        sentences.push(company.sentence());
        company.remove().await?;
    }
    let mut all = vec![setting(options, lasting), WHAT_IS_BARE.to_owned()];
    all.extend(sentences);
    results::record(options, "api", &table, &all)
}

const WHAT_IS_BARE: &str = "The bare handler is axum with rusqlite (four threads read, one writes with the product's \
    PRAGMAs, requests that wait at the same time share a transaction) or deadpool-postgres (8 connections, statements \
    prepared once, sent without waiting for each other, many rows of a table as one insert over arrays). Read and list: \
    one SELECT of the same ten columns with the same condition and order, as JSON. Update: one SELECT of the whole row, \
    then one transaction with the UPDATE at the version read and the row of the change log. Create and batch: one \
    transaction with the very rows that the product wrote for the same contacts, under new keys; it reads the JSON \
    for nothing but the name, by which it knows these rows beforehand. A batch is a JSON array there, and multipart with \
    one change set at Regarding's. It knows no rights, no definitions and no words; requests and answers over HTTP \
    are otherwise alike.";

fn setting(options: &Options, lasting: Duration) -> String {
    format!(
        "{} contacts; through the whole router over TCP with a bearer token of an administrator, no limit of the rate; \
         closed loop of 8 and 32 connections, {:.1} s for each side in {TURNS} turns, until the last request of a turn is answered. Load, both servers and the database \
         share the machine. Round trips: how often Regarding asks the database for one request, the usual one.",
        options.size.unwrap_or(CONTACTS),
        (lasting * TURNS).as_secs_f64(),
    )
}

fn judged(engine: Engine, missed: &[String]) -> String {
    let word =
        if missed.is_empty() { "reached".to_owned() } else { format!("**missed**: {}", missed.join("; ")) };
    format!("{}: at least {} of the bare handler's rate {word}.", engine.name(), percent(TARGET))
}

/// Both sides of one row.
struct Measured {
    own: Answered,
    bare: Answered,
}

/// `first`: the number of the next request, since no two of a run may be the same.
async fn measure(
    company: &Company,
    verb: Verb,
    connections: usize,
    lasting: Duration,
    first: &mut usize,
) -> Result<Measured> {
    let nothing = || Answered { times: vec![], lasting: Duration::ZERO };
    let mut measured = Measured { own: nothing(), bare: nothing() };
    for turn in 0..=TURNS {
        for (address, requests, all) in [
            (company.served, &company.requests(verb).own, &mut measured.own),
            (company.bare, &company.requests(verb).bare, &mut measured.bare),
        ] {
            let time = if turn == 0 { lasting / 2 } else { lasting };
            let taken = closed_loop(address, Arc::clone(requests), connections, *first, time).await?;
            *first += taken.times.len() + connections;
            // The first turn warms up.
            if turn > 0 {
                all.times.extend(taken.times);
                all.lasting += taken.lasting;
            }
        }
    }
    measured.own.times.sort_unstable();
    measured.bare.times.sort_unstable();
    Ok(measured)
}

async fn closed_loop(
    address: SocketAddr,
    requests: Arc<Vec<Vec<u8>>>,
    connections: usize,
    first: usize,
    lasting: Duration,
) -> Result<Answered> {
    let load = move || Load { address, requests: &requests, connections, first }.closed_loop(lasting);
    tokio::task::spawn_blocking(load).await?
}

impl Measured {
    fn ratio(&self) -> f64 {
        per_second(self.own.times.len(), self.own.lasting)
            / per_second(self.bare.times.len(), self.bare.lasting)
    }

    fn cells(&self, engine: Engine, verb: Verb, connections: usize, trips: u64) -> [String; 8] {
        let rate = |it: &Answered| results::rate(it.times.len(), it.lasting);
        let both = |it: &Answered| {
            let at = |of| milliseconds(percentile(&it.times, of));
            format!("{} / {}", at(50), at(99))
        };
        [
            format!("{}, {}", engine.name(), verb.name()),
            connections.to_string(),
            rate(&self.bare),
            rate(&self.own),
            format!("**{}**", percent(self.ratio())),
            both(&self.bare),
            both(&self.own),
            trips.to_string(),
        ]
    }
}
