//! Builds the program and becomes the demo.

use crate::args::Args;
use crate::cargo::{binary, cargo};
use anyhow::{Context, Result, bail};
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

pub const HELP: &str = "\
Build Regarding and open a world to play in on http://127.0.0.1:8080

Usage: cargo xtask demo [--reset] [--release] [-- OPTIONS OF `regarding demo`]

    --reset     forget the last world and make a new one
    --release   build for speed; takes longer

The world lives in `.demo` in the repository and is kept between runs. Everything after `--` goes to the program:

    cargo xtask demo -- --listen 127.0.0.1:9000";

pub fn run(mut args: Args) -> Result<ExitCode> {
    let (reset, release) = (args.flag("--reset"), args.flag("--release"));
    let words = args.finish()?;
    let program = binary(if release { "release" } else { "debug" });
    if !program.exists() {
        println!(
            "Building Regarding. The first time this takes a few minutes; later it is a matter of seconds."
        );
    }
    let mut build = cargo(&["build", "-p", "server", "--bin", "regarding"]);
    build.args(release.then_some("--release"));
    if !build.status().context("Running cargo build")?.success() {
        bail!("The build failed; the lines above say why");
    }
    let mut demo = Command::new(&program);
    demo.arg("demo")
        .arg("--data")
        .arg(crate::root().join(".demo"))
        .args(reset.then_some("--reset"))
        .args(words);
    // Only returns when it could not start.
    Err(demo.exec()).with_context(|| format!("Starting {}", program.display()))
}
