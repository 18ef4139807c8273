//! Makes what one installs without a compiler: a tarball and a Debian package with the release build.

mod deb;

use crate::args::Args;
use crate::cargo::{binary, cargo, workspace};
use anyhow::{Context, Result, bail};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

pub const HELP: &str = "\
Make a tarball and a .deb of the release build in target/package

Usage: cargo xtask package [--binary FILE]

    --binary FILE   pack this program instead of building one

Both hold the program, README, CHANGELOG, the licences, an example configuration and a systemd unit.
    sudo apt-get install ./target/package/regarding_VERSION_ARCHITECTURE.deb";

const UNIT: &str = include_str!("../package/regarding.service");
const CONFIGURATION: &str = include_str!("../package/regarding.toml");
const PAPERS: [&str; 4] = ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"];

pub fn run(mut args: Args) -> Result<ExitCode> {
    let given = args.values("--binary")?.pop();
    args.finish()?;
    let program = if let Some(file) = given {
        PathBuf::from(file)
    } else {
        let build = ["build", "--release", "-p", "server", "--bin", "regarding"];
        if !cargo(&build).status().context("Running cargo build")?.success() {
            bail!("The build failed; the lines above say why");
        }
        binary("release")
    };
    let version = workspace()?
        .get("workspace")
        .and_then(|it| it.get("package")?.get("version")?.as_str().map(str::to_owned))
        .context("Cargo.toml has no workspace.package.version")?;
    let target = crate::root().join("target/package");
    if target.exists() {
        std::fs::remove_dir_all(&target).with_context(|| format!("Emptying {}", target.display()))?;
    }
    std::fs::create_dir_all(&target)?;
    for file in [make_tarball(&target, &program, &version)?, deb::make(&target, &program, &version)?] {
        let bytes = std::fs::metadata(&file)?.len();
        println!("{} {}.{} MB", file.display(), bytes / 1_000_000, bytes / 100_000 % 10);
    }
    Ok(ExitCode::SUCCESS)
}

fn make_tarball(target: &Path, program: &Path, version: &str) -> Result<PathBuf> {
    let name = format!("regarding-{version}-{}-linux", std::env::consts::ARCH);
    let stage = target.join("tarball");
    let place = stage.join(&name);
    put(&place, "regarding", &read(program)?, 0o755)?;
    for paper in PAPERS {
        put(&place, paper, &read(&crate::root().join(paper))?, 0o644)?;
    }
    put(&place, "regarding.toml", CONFIGURATION.as_bytes(), 0o644)?;
    put(&place, "regarding.service", UNIT.as_bytes(), 0o644)?;
    let file = target.join(format!("{name}.tar.gz"));
    tar(&stage, &name, &file)?;
    std::fs::remove_dir_all(&stage)?;
    Ok(file)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("Reading {}", path.display()))
}

/// Writes one file of what is to be packed.
fn put(stage: &Path, name: &str, content: &[u8], mode: u32) -> Result<()> {
    let path = stage.join(name);
    let folder = path.parent().unwrap_or(stage);
    std::fs::create_dir_all(folder)?;
    std::fs::write(&path, content).with_context(|| format!("Writing {}", path.display()))?;
    std::fs::set_permissions(&path, PermissionsExt::from_mode(mode))?;
    Ok(())
}

/// Packs a folder of the stage the same way each time: sorted, owned by root, dated by the last commit.
fn tar(stage: &Path, folder: &str, file: &Path) -> Result<()> {
    let dated = Command::new("git").args(["log", "-1", "--format=%ct"]).current_dir(crate::root()).output();
    let seconds = dated.ok().and_then(|it| String::from_utf8_lossy(&it.stdout).trim().parse::<u64>().ok());
    let status = Command::new("tar")
        .args(["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mode=go-w", "--format=gnu"])
        .arg(format!("--mtime=@{}", seconds.unwrap_or(0)))
        .args(["-I", "gzip -9n", "-C"])
        .arg(stage)
        .arg("-cf")
        .arg(file)
        .arg(folder)
        .status()
        .context("Running tar")?;
    if !status.success() {
        bail!("tar could not pack {}", stage.display());
    }
    Ok(())
}
