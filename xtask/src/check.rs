//! The quick look before each commit: format, clippy, the pure tests, the house rules.

use crate::args::Args;
use crate::cargo::cargo;
use crate::steps::Steps;
use crate::tidy;
use anyhow::Result;
use std::process::ExitCode;

pub const HELP: &str = "\
Check format, clippy, pure tests and house rules; under a minute when warm

Usage: cargo xtask check

Runs `cargo fmt --all --check`, clippy on everything with warnings denied, the tests of `domain` and `formats`, and
`cargo xtask tidy`. Needs no server. Each step says how long it took; all of them run even when one fails.";

pub fn run(args: Args) -> Result<ExitCode> {
    args.finish()?;
    let mut steps = Steps::default();
    style(&mut steps);
    steps.run("Pure tests", &mut cargo(&["test", "--quiet", "-p", "domain", "-p", "formats", "--lib"]));
    steps.take("House rules", || Ok(tidy::report()?.then_some(())));

    println!();
    for step in steps.all() {
        println!("{:7.1} s  {}{}", step.seconds, step.name, if step.passed { "" } else { "  FAILED" });
    }
    Ok(if steps.failed().next().is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Format and clippy, as the tests want them too.
pub fn style(steps: &mut Steps) {
    steps.run("Format", &mut cargo(&["fmt", "--all", "--check"]));
    let clippy = ["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"];
    steps.run("Clippy", &mut cargo(&clippy));
}
