//! Measures the release build beside its bare limits.

use crate::args::Args;
use crate::cargo::{binary, cargo};
use crate::parts::{Fsync, Parts};
use crate::provision;
use anyhow::{Context, Result, bail};
use std::process::ExitCode;

pub const HELP: &str = "\
Measure the release build against its bare limits, and write benches/RESULTS.md

Usage: cargo xtask bench [NAME] [-- OPTIONS OF THE BENCHMARKS]

Builds for release, starts the servers as `cargo xtask parts` does, and runs the package `benches`, all of it or the
benchmark NAME. PostgreSQL waits for the disk here, as it would in earnest. Let nothing else run meanwhile.";

pub fn run(mut args: Args) -> Result<ExitCode> {
    let name = args.word();
    let words = args.finish()?;
    provision::ensure()?;
    for build in [["-p", "server", "--bin", "regarding"].as_slice(), &["-p", "benches"]] {
        let status = cargo(&["build", "--release"]).args(build).status().context("Running cargo build")?;
        if !status.success() {
            bail!("The build failed; the lines above say why");
        }
    }
    let mut parts = Parts::start(Fsync::On)?;
    let mut command = cargo(&["run", "--quiet", "--release", "-p", "benches", "--"]);
    command.args(name).args(words).env("REGARDING_RELEASE_BINARY", binary("release"));
    let status = parts.run(&mut command)?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
