//! The pane beside a message: how long one request takes in a small and in a large world, as a salesperson with few
//! own records and many shares.

mod cast;
pub mod world;

use crate::load::{self, Connection, Load};
use crate::options::Options;
use crate::place::Engine;
use crate::results::{self, Table, milliseconds, per_second, percent, percentile};
use crate::serve::{router, serve};
use anyhow::{Context, Result, ensure};
use axum::Router;
use axum::routing::get;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use store::Db;
use world::World;

const SMALL: usize = 10_000;
pub const BIG: usize = 1_000_000;
const PER_SECOND: u32 = 500;
const CONNECTIONS: usize = 32;
/// So often each world has its turn.
const TURNS: usize = 2;
/// At full speed before anything is measured, until every connection to the database knows its statements.
const WARMING: Duration = Duration::from_secs(4);
const MOST_ROUND_TRIPS: u64 = 4;
const SLOWEST: Duration = Duration::from_millis(10);
const MOST_GROWTH: f64 = 1.5;

pub async fn run(options: &Options) -> Result<()> {
    let lasting = Duration::from_secs(if options.full { 30 } else { 10 });
    let mut table = Table::new(&[
        "world",
        "p50",
        "p99",
        "slowest",
        "round trips, usual / most",
        "requests/s",
        "of a bare handler",
    ]);
    let mut sentences = vec![format!(
        "GET /pane for {} messages of a Maildir, through the whole router over TCP; open loop of {PER_SECOND} \
         requests/s over {CONNECTIONS} connections, {} s for each world in turns, timed from when a request was due; \
         then closed loop.",
        cast::MESSAGES,
        lasting.as_secs() * TURNS as u64,
    )];
    let mut most = 0;
    for engine in Engine::ALL {
        let mut sides =
            [Side::new(engine, SMALL).await?, Side::new(engine, options.size.unwrap_or(BIG)).await?];
        measure(&mut sides, lasting).await?;
        for side in &sides {
            table.row(side.cells());
            most = most.max(side.usual_trips);
        }
        sentences.extend(judged(engine, &sides));
    }
    results::record(options, "pane", &table, &sentences)?;
    ensure!(most <= MOST_ROUND_TRIPS, "A pane usually asks the database {most} times");
    Ok(())
}

async fn measure(sides: &mut [Side; 2], lasting: Duration) -> Result<()> {
    for side in sides.iter() {
        side.answered_in(side.served, WARMING).await?;
    }
    for _ in 0..TURNS {
        for side in sides.iter_mut() {
            side.paced(lasting).await?;
        }
    }
    for _ in 0..TURNS {
        for side in sides.iter_mut() {
            side.at_full_speed(lasting / 4).await?;
        }
    }
    for side in sides {
        side.times.sort_unstable();
    }
    Ok(())
}

/// One world behind the real router, and a handler that does nothing beside it.
struct Side {
    name: String,
    served: SocketAddr,
    bare: SocketAddr,
    requests: Arc<Vec<Vec<u8>>>,
    usual_trips: u64,
    /// Of one request in hundreds: the list of mailboxes is asked for anew every five seconds.
    most_trips: u64,
    times: Vec<Duration>,
    /// Requests answered at full speed, by the router and by the bare handler, in the same time.
    answered: (usize, usize),
    time: Duration,
}

impl Side {
    async fn new(engine: Engine, size: usize) -> Result<Side> {
        let world = world::open(engine, size).await?;
        let requests = Arc::new(requests(&world));
        let db = world.app.db.clone();
        let served = serve(router(world.app)).await?;
        let (trips, body) = looked_at(served, Arc::clone(&requests), db).await?;
        let bare = serve(Router::new().route("/pane", get(move || async move { body }))).await?;
        Ok(Side {
            name: format!("{}, {} + {}", engine.name(), count(size), count(size)),
            served,
            bare,
            requests,
            usual_trips: trips.get(trips.len() / 2).copied().unwrap_or_default(),
            most_trips: trips.last().copied().unwrap_or_default(),
            times: vec![],
            answered: (0, 0),
            time: Duration::ZERO,
        })
    }

    async fn paced(&mut self, lasting: Duration) -> Result<()> {
        let (address, requests) = (self.served, Arc::clone(&self.requests));
        let times = tokio::task::spawn_blocking(move || {
            Load { address, requests: &requests, connections: CONNECTIONS, first: 0 }
                .open_loop(PER_SECOND, lasting)
        });
        self.times.extend(times.await??);
        Ok(())
    }

    async fn at_full_speed(&mut self, lasting: Duration) -> Result<()> {
        self.answered.0 += self.answered_in(self.served, lasting).await?;
        self.answered.1 += self.answered_in(self.bare, lasting).await?;
        self.time += lasting;
        Ok(())
    }

    async fn answered_in(&self, address: SocketAddr, lasting: Duration) -> Result<usize> {
        let requests = Arc::clone(&self.requests);
        let answered = tokio::task::spawn_blocking(move || {
            Load { address, requests: &requests, connections: CONNECTIONS, first: 0 }.closed_loop(lasting)
        });
        Ok(answered.await??.times.len())
    }

    fn percentile(&self, of_hundred: usize) -> Duration {
        percentile(&self.times, of_hundred)
    }

    fn cells(&self) -> [String; 7] {
        let rate = |answered: usize| per_second(answered, self.time);
        [
            self.name.clone(),
            milliseconds(self.percentile(50)),
            milliseconds(self.percentile(99)),
            milliseconds(self.percentile(100)),
            format!("{} / {}", self.usual_trips, self.most_trips),
            format!("{:.0}", rate(self.answered.0)),
            format!(
                "{} of {:.0}/s",
                percent(rate(self.answered.0) / rate(self.answered.1)),
                rate(self.answered.1)
            ),
        ]
    }
}

fn judged(engine: Engine, [small, big]: &[Side; 2]) -> Vec<String> {
    let growth = |of: usize| big.percentile(of).as_secs_f64() / small.percentile(of).as_secs_f64();
    let word = |reached: bool| if reached { "reached" } else { "**missed**" };
    vec![format!(
        "{}: p99 below {} ms {}; large world against small one: p50 × {:.2}, p99 × {:.2}, at most × {MOST_GROWTH} {}; \
         at most {MOST_ROUND_TRIPS} round trips {}, usually {}.",
        engine.name(),
        SLOWEST.as_millis(),
        word(big.percentile(99) < SLOWEST),
        growth(50),
        growth(99),
        word(growth(99) <= MOST_GROWTH),
        word(big.most_trips <= MOST_ROUND_TRIPS),
        big.usual_trips,
    )]
}

fn requests(world: &World) -> Vec<Vec<u8>> {
    let headers = format!("Cookie: {}={}\r\nX-Fragment: pane\r\n", server::session::SESSION, world.token);
    let path = |uid: &u32| format!("/pane?mailbox={}&folder=INBOX&uid={uid}", world.mailbox);
    world.uids.iter().map(|uid| load::get(&path(uid), &headers)).collect()
}

/// Asks everything twice, to warm up and to see that there is something to see: the round trips of each request, fewest
/// first, and the longest answer.
async fn looked_at(address: SocketAddr, requests: Arc<Vec<Vec<u8>>>, db: Db) -> Result<(Vec<u64>, String)> {
    let looked = tokio::task::spawn_blocking(move || {
        let mut connection = Connection::open(address)?;
        let (mut trips, mut longest, mut known) = (Vec::new(), String::new(), 0);
        for request in requests.iter().chain(requests.iter()) {
            let before = db.round_trips();
            let body = std::str::from_utf8(connection.ask(request)?).context("An answer is no text")?;
            trips.push(db.round_trips() - before);
            known += usize::from(body.contains("Bolaget"));
            if body.len() > longest.len() {
                body.clone_into(&mut longest);
            }
        }
        ensure!(known >= requests.len(), "Only {known} panes of {} show an account", requests.len() * 2);
        trips.sort_unstable();
        Ok((trips, longest))
    });
    looked.await?
}

fn count(number: usize) -> String {
    results::rate(number, Duration::from_secs(1))
}
