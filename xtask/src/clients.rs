//! The clients that the tests run against the server: installed once by exact version, below `target`, never kept here.

use crate::provision::program;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where the tests find them.
pub fn place() -> PathBuf {
    crate::cargo::target().join("clients")
}

/// Installs what is not there yet, or has another version than the lists say: half a minute from npm and `PyPI`.
pub fn install() -> Result<()> {
    let lists = crate::root().join("crates/server/tests/clients/packages");
    let lock = read(&lists.join("package-lock.json"))?;
    renewed(&place().join("node"), &lock, |place| {
        for name in ["package.json", "package-lock.json"] {
            std::fs::copy(lists.join(name), place.join(name)).with_context(|| format!("Copying {name}"))?;
        }
        let words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
        run(Command::new("npm").args(words).current_dir(place))
    })?;
    let requirements = lists.join("requirements.txt");
    // An environment belongs to the Python that made it.
    let python = Command::new("python3").arg("--version").output().context("Running python3")?.stdout;
    let stamp = format!("{}{}", String::from_utf8_lossy(&python), read(&requirements)?);
    renewed(&place().join("venv"), &stamp, |place| {
        run(Command::new("python3").args(["-m", "venv"]).arg(place))?;
        let words =
            ["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"];
        run(Command::new(place.join("bin/pip")).args(words).arg("--requirement").arg(&requirements))
    })
}

/// Whether Python can make an environment of its own, which Debian ships apart from it.
pub fn has_python() -> bool {
    let mut look = Command::new("python3");
    look.args(["-c", "import ensurepip, venv"]).stdout(Stdio::null()).stderr(Stdio::null());
    program("python3").is_some() && look.status().is_ok_and(|it| it.success())
}

/// Makes the directory anew unless it was finished with the same stamp.
fn renewed(place: &Path, stamp: &str, make: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let finished = place.join(".installed");
    if std::fs::read_to_string(&finished).is_ok_and(|it| it == stamp) {
        return Ok(());
    }
    println!("Installing into {}", place.display());
    if place.exists() {
        std::fs::remove_dir_all(place).with_context(|| format!("Removing {}", place.display()))?;
    }
    std::fs::create_dir_all(place).with_context(|| format!("Making {}", place.display()))?;
    make(place)
        .context("The clients are fetched from the registries of npm and PyPI: is there a network?")?;
    std::fs::write(&finished, stamp).with_context(|| format!("Writing {}", finished.display()))
}

fn read(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("Reading {}", file.display()))
}

fn run(command: &mut Command) -> Result<()> {
    let program = command.get_program().display().to_string();
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("Starting {program}"))?;
    if !status.success() {
        bail!("{program} failed: {status}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_finished_is_made_again_only_for_another_list() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("node");
        let mut times = 0;
        let mut make = |stamp: &str, fine: bool| {
            renewed(&place, stamp, |place| {
                times += 1;
                assert!(!place.join("left over").exists());
                std::fs::write(place.join("left over"), "")?;
                if fine { Ok(()) } else { bail!("no network") }
            })
            .is_ok()
        };
        assert!(make("1", true) && make("1", true));
        assert!(!make("2", false), "it was not finished");
        assert!(make("2", true) && make("2", true));
        assert_eq!(times, 3);
    }
}
