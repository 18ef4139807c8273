//! Everything that is tested, against real servers, ending in one line of numbers.

use crate::args::Args;
use crate::cargo::cargo;
use crate::parts::{Fsync, Parts};
use crate::steps::Steps;
use crate::tally::Tally;
use crate::{check, clients, provision};
use anyhow::Result;
use std::io::{BufRead, BufReader};
use std::process::ExitCode;
use std::time::Instant;

pub const HELP: &str = "\
Run all tests, with real servers, and end in the line `N passed, N failed`

Usage: cargo xtask test [--only CRATE]... [-- NAME | OPTIONS OF THE TEST PROGRAMS]

    cargo xtask test                            everything, as the CI does
    cargo xtask test --only store --only app    the tests of these crates
    cargo xtask test -- a_reply                 tests with these words in their name
    cargo xtask test --only server -- --nocapture

What is missing of Dovecot, PostgreSQL, Chromium, chromedriver, Node.js, Python, openssl, a font and a C compiler is
installed when run as root on Debian or with CI=true; otherwise the run ends by saying what to install. The clients that
the server is tried with come from npm and PyPI, once, into target/clients. Format and clippy are checked first, except
in a narrowed run. The servers start on free ports and are gone afterwards, also after Ctrl-C.

A step that fails (format, clippy, the build) counts as one failed test, and so does a test program that crashes.";

struct Wish {
    /// Crates; all when empty.
    only: Vec<String>,
    /// For the test programs.
    words: Vec<String>,
}

pub fn run(mut args: Args) -> Result<ExitCode> {
    let wish = Wish { only: args.values("--only")?, words: args.finish()? };
    let mut steps = Steps::default();
    let tally = test(&wish, &mut steps).unwrap_or_default();
    Ok(tell(&steps, &tally))
}

/// `None` when it did not come to the tests.
fn test(wish: &Wish, steps: &mut Steps) -> Option<Tally> {
    steps.take("Needs", || provision::ensure().map(Some))?;
    if wish.only.is_empty() && wish.words.is_empty() {
        check::style(steps);
    } else {
        println!("Format and clippy are left out of a narrowed run.");
    }
    let packages: Vec<&str> = if wish.only.is_empty() {
        vec!["--workspace"]
    } else {
        wish.only.iter().flat_map(|it| ["-p", it]).collect()
    };
    let built = steps.run("Build the tests", cargo(&["test", "--no-run"]).args(&packages));
    let wants_binary = wish.only.is_empty() || wish.only.iter().any(|it| it == "server");
    if wants_binary
        && !steps.run("Build regarding", &mut cargo(&["build", "-p", "server", "--bin", "regarding"]))
    {
        return None;
    }
    if wants_binary {
        steps.take("Install the clients", || clients::install().map(Some));
    }
    if !built {
        return None;
    }
    let mut parts = steps.take("Start the servers", || Parts::start(Fsync::Off).map(Some))?;
    let mut tally = Tally::default();
    steps.take("Run the tests", || {
        let passed = run_tests(&mut parts, &packages, &wish.words, &mut tally)?;
        // Failed tests are counted one by one; the step fails for a reason that is not among them.
        Ok((passed || tally.failed > 0).then_some(()))
    });
    steps.take("Stop the servers", || {
        drop(parts);
        Ok(Some(()))
    });
    Some(tally)
}

/// Runs the tests and lets their output through; whether cargo was content.
fn run_tests(parts: &mut Parts, packages: &[&str], words: &[String], tally: &mut Tally) -> Result<bool> {
    // One pipe for both, because cargo names the programs on one and they give their results on the other.
    let (reader, writer) = std::io::pipe()?;
    let mut command = cargo(&["test", "--no-fail-fast", "--color", "never"]);
    command.args(packages).arg("--").args(words).stdout(writer.try_clone()?).stderr(writer);
    let running = parts.spawn(&mut command)?;
    // The command holds the writing end, and reading ends only when nobody does.
    drop(command);
    let started = Instant::now();
    let mut lines = BufReader::new(reader);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(&line);
        print!("{text}");
        tally.line(text.trim_end(), started.elapsed().as_secs_f64());
        line.clear();
    }
    tally.end(started.elapsed().as_secs_f64());
    Ok(parts.wait(running)?.success())
}

/// The failures, the slowest parts, and the last line.
fn tell(steps: &Steps, tally: &Tally) -> ExitCode {
    let failures: Vec<String> =
        steps.failed().map(|it| it.name.clone()).chain(tally.failures.iter().cloned()).collect();
    if !failures.is_empty() {
        println!("\nFailed:");
        for failure in &failures {
            println!("    {failure}");
        }
    }
    println!("\nSlowest parts:");
    for (seconds, name) in slowest(steps, tally) {
        println!("{seconds:7.1} s  {name}");
    }
    let failed = tally.failed + u32::try_from(steps.failed().count()).unwrap_or(u32::MAX);
    println!("\n{}", summary(tally.passed, failed, tally.skipped));
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn slowest(steps: &Steps, tally: &Tally) -> Vec<(f64, String)> {
    let mut parts: Vec<(f64, String)> = steps.all().iter().map(|it| (it.seconds, it.name.clone())).collect();
    parts.extend(tally.programs.iter().map(|it| (it.seconds, format!("Tests: {}", it.name))));
    parts.sort_by(|left, right| right.0.total_cmp(&left.0));
    parts.truncate(15);
    parts
}

fn summary(passed: u32, failed: u32, skipped: u32) -> String {
    let skipped = if skipped > 0 { format!(", {skipped} skipped") } else { String::new() };
    format!("{passed} passed, {failed} failed{skipped}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_names_skipped_tests_only_when_there_are_any() {
        assert_eq!(summary(12, 0, 0), "12 passed, 0 failed");
        assert_eq!(summary(12, 3, 1), "12 passed, 3 failed, 1 skipped");
    }

    #[test]
    fn the_slowest_parts_come_first() {
        let mut steps = Steps::default();
        steps.take("quick", || Ok(Some(())));
        let mut tally = Tally::default();
        tally.line("Running tests/stories.rs (target/debug/deps/stories-0a)", 0.0);
        tally.end(60.0);
        let names: Vec<String> = slowest(&steps, &tally).into_iter().map(|it| it.1).collect();
        assert_eq!(names, ["Tests: stories tests/stories.rs", "quick"]);
    }
}
