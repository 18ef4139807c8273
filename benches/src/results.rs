//! Tables on the terminal and in `benches/RESULTS.md`. A benchmark replaces its own block there, between two comments;
//! what people wrote around the blocks stays.

use crate::options::{Options, root};
use anyhow::{Context, Result};
use std::fmt::Write as _;
use std::process::Command;
use std::time::Duration;

pub struct Table {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new(columns: &[&str]) -> Table {
        Table { columns: columns.iter().map(|it| (*it).to_owned()).collect(), rows: vec![] }
    }

    pub fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(Vec::from(cells));
    }

    fn markdown(&self) -> String {
        let lines: Vec<&Vec<String>> = std::iter::once(&self.columns).chain(&self.rows).collect();
        let width = |at: usize| lines.iter().map(|it| it[at].chars().count()).max().unwrap_or_default();
        let widths: Vec<usize> = (0..self.columns.len()).map(width).collect();
        let mut text = String::new();
        for (number, line) in lines.iter().enumerate() {
            let cells: Vec<String> =
                line.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
            // Writing to a String cannot fail.
            let _ = writeln!(text, "| {} |", cells.join(" | "));
            if number == 0 {
                let rules: Vec<String> = widths.iter().map(|it| "-".repeat(*it)).collect();
                let _ = writeln!(text, "| {} |", rules.join(" | "));
            }
        }
        text
    }
}

/// Prints the table with its sentences, and puts both in their place in the file: but for trials.
pub fn record(options: &Options, name: &str, table: &Table, sentences: &[String]) -> Result<()> {
    record_with(options, name, table, sentences, "")
}

/// As [`record`], with more text behind the sentences.
pub fn record_with(
    options: &Options,
    name: &str,
    table: &Table,
    sentences: &[String],
    appendix: &str,
) -> Result<()> {
    let mut block = format!("{}\n\n{}", surroundings(name), table.markdown());
    if !sentences.is_empty() {
        block.push('\n');
    }
    for sentence in sentences {
        let _ = writeln!(block, "- {sentence}");
    }
    block.push_str(appendix);
    println!("\n## {name}\n\n{block}");
    if cfg!(debug_assertions) || options.size.is_some() {
        println!("This was a trial: benches/RESULTS.md stays as it is.");
        return Ok(());
    }
    let path = root().join("benches/RESULTS.md");
    let before = std::fs::read_to_string(&path).context("Reading benches/RESULTS.md")?;
    std::fs::write(&path, replaced(&before, name, &block)).context("Writing benches/RESULTS.md")
}

/// The sentence of the last run that begins like this, for what is not measured each time.
pub fn last_sentence(name: &str, beginning: &str) -> Option<String> {
    let text = std::fs::read_to_string(root().join("benches/RESULTS.md")).ok()?;
    let (start, end) = marks(name);
    let block = text.split_once(&start)?.1.split_once(&end)?.0;
    let lines = block.lines().filter_map(|it| it.strip_prefix("- "));
    lines.into_iter().find(|it| it.starts_with(beginning)).map(str::to_owned)
}

fn marks(name: &str) -> (String, String) {
    (format!("<!-- measured: {name} -->\n"), format!("<!-- end: {name} -->\n"))
}

fn replaced(text: &str, name: &str, block: &str) -> String {
    let (start, end) = marks(name);
    let parts = text.split_once(&start).and_then(|(head, rest)| Some((head, rest.split_once(&end)?.1)));
    match parts {
        Some((head, tail)) => format!("{head}{start}{block}{end}{tail}"),
        None => format!("{text}\n## {name}\n\n{start}{block}{end}"),
    }
}

fn surroundings(name: &str) -> String {
    let date = said("date", &["-u", "+%Y-%m-%d %H:%M UTC"]);
    let commit = said("git", &["rev-parse", "--short", "HEAD"]);
    let changed =
        if said("git", &["status", "--porcelain", "crates"]).is_empty() { "" } else { " with changes" };
    let processors = std::thread::available_parallelism().map_or(0, usize::from);
    let information = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = information.lines().find_map(|it| it.strip_prefix("model name")).unwrap_or("\t: unknown");
    let model = model.trim_start_matches([' ', '\t', ':']);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default();
    format!(
        "Measured {date} at {commit}{changed}, {processors} × {model}, load {load} at the end, by `cargo xtask bench {name}`."
    )
}

fn said(program: &str, words: &[&str]) -> String {
    let output = Command::new(program).args(words).current_dir(root()).output();
    output.map_or_else(|_| String::new(), |it| String::from_utf8_lossy(&it.stdout).trim().to_owned())
}

/// `1,234` messages in this time, as a rate per second.
pub fn rate(count: usize, time: Duration) -> String {
    grouped(per_second(count, time))
}

#[expect(clippy::cast_precision_loss, reason = "Counts of a benchmark are far below 2^52.")]
pub fn per_second(count: usize, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}

pub fn percent(part: f64) -> String {
    format!("{:.0} %", part * 100.0)
}

pub fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}

/// Of times from the shortest to the longest; 100: the longest.
pub fn percentile(sorted: &[Duration], of_hundred: usize) -> Duration {
    let at = (sorted.len() * of_hundred / 100).min(sorted.len().saturating_sub(1));
    sorted.get(at).copied().unwrap_or_default()
}

fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The one in the middle; the better one of two.
pub fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len().saturating_sub(1) / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_replaced_and_what_people_wrote_stays() {
        let first = replaced("# Results\n", "pane", "fast\n");
        let with_note = format!("{first}\nBecause of the weather.\n");
        let second = replaced(&with_note, "pane", "faster\n");
        assert!(second.contains("faster") && !second.contains("fast\n"), "{second}");
        assert!(second.contains("weather") && second.starts_with("# Results"));
    }

    #[test]
    fn numbers_are_readable() {
        assert_eq!(rate(12_345_678, Duration::from_secs(1)), "12,345,678");
        assert_eq!(rate(100, Duration::from_secs(1)), "100");
    }
}
