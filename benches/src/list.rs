//! Lists and quick find in a big world: one question after the other, as an administrator who reads everything and as a
//! salesperson with rows of her own, a unit, and shares.

mod company;
mod plans;
mod questions;

use crate::options::Options;
use crate::place::Engine;
use crate::results::{self, Table, milliseconds, percentile};
use anyhow::{Result, ensure};
use company::Company;
use questions::Case;
use std::time::{Duration, Instant};

const ACTIVITIES: usize = 1_000_000;
const MORE_ACTIVITIES: usize = 10_000_000;
const TURNS: usize = 5;
/// In one turn each case is asked so often, or for so long.
const TIMES: usize = 200;
const LASTING: Duration = Duration::from_secs(2);
const SLOWEST: Duration = Duration::from_millis(20);

pub async fn run(options: &Options) -> Result<()> {
    let size = options.size.unwrap_or(if options.full { MORE_ACTIVITIES } else { ACTIVITIES });
    ensure!(size >= 10_000, "A list wants at least 10,000 activities");
    let mut columns: Vec<Vec<Case>> = Vec::new();
    let (mut sentences, mut appendix) = (vec![], String::new());
    for engine in Engine::ALL {
        let company = Company::open(engine, size).await?;
        let mut cases = questions::all(&company).await?;
        measure(&company, &mut cases, options.size.is_some()).await?;
        sentences.push(judged(engine, &cases));
        let plans = plans::of(&company, &cases).await?;
        sentences.push(plans.sentence(engine));
        appendix.push_str(&plans.text(engine));
        if columns.is_empty() {
            sentences.insert(0, company.sentence());
        }
        columns.push(cases);
    }
    let [sqlite, postgres] = columns.as_slice() else { return Ok(()) };
    let mut table =
        Table::new(&["", "SQLite p50", "SQLite p99", "PostgreSQL p50", "PostgreSQL p99", "asked"]);
    for (one, other) in sqlite.iter().zip(postgres) {
        let cell = |case: &Case, of| milliseconds(percentile(&case.times, of));
        let asked = format!("{} / {}", one.times.len(), other.times.len());
        table.row([one.name.clone(), cell(one, 50), cell(one, 99), cell(other, 50), cell(other, 99), asked]);
    }
    results::record_with(options, "list", &table, &sentences, &appendix)
}

async fn measure(company: &Company, cases: &mut [Case], trial: bool) -> Result<()> {
    let (turns, lasting) = if trial { (2, LASTING / 20) } else { (TURNS, LASTING) };
    // The first turn warms up.
    for turn in 0..=turns {
        for case in cases.iter_mut() {
            let started = Instant::now();
            for number in 0..TIMES {
                if started.elapsed() > lasting {
                    break;
                }
                let asked = Instant::now();
                let rows = case.ask(company, turn * TIMES + number).await?;
                let time = asked.elapsed();
                ensure!(case.expects.contains(&rows), "{}: {rows} rows were found", case.name);
                if turn > 0 {
                    case.times.push(time);
                }
            }
        }
    }
    for case in cases {
        case.times.sort_unstable();
    }
    Ok(())
}

fn judged(engine: Engine, cases: &[Case]) -> String {
    let slow = cases.iter().filter(|it| it.is_held_to_it() && percentile(&it.times, 99) >= SLOWEST);
    let slow: Vec<String> =
        slow.map(|it| format!("{} {}", it.name, milliseconds(percentile(&it.times, 99)))).collect();
    let word =
        if slow.is_empty() { "reached".to_owned() } else { format!("**missed**: {}", slow.join("; ")) };
    format!("{}: p99 below {} ms {word}.", engine.name(), SLOWEST.as_millis())
}
