//! Calls of cargo, and where it puts what it builds.

use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::Command;

/// `cargo` with these words, in the repository's directory.
pub fn cargo(words: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(words).current_dir(crate::root());
    command
}

/// The program `regarding` as `cargo build` leaves it; `profile` is `debug` or `release`.
pub fn binary(profile: &str) -> PathBuf {
    target().join(profile).join("regarding")
}

/// The directory of everything that is built.
pub fn target() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    crate::root().join(target)
}

/// The root Cargo.toml.
pub fn workspace() -> Result<toml::Table> {
    let text = std::fs::read_to_string(crate::root().join("Cargo.toml")).context("Reading Cargo.toml")?;
    text.parse().context("Understanding Cargo.toml")
}
