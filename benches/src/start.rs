//! Starting the release binary on a large database: time to the first answer, memory at rest, size, and how long it
//! takes to build.

use crate::options::{Options, root};
use crate::pane::{BIG, world};
use crate::place::Engine;
use crate::results::{self, Table, median};
use anyhow::{Context, Result, ensure};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const ROUNDS: usize = 5;
const AT_REST: Duration = Duration::from_secs(10);
const BUILDING: &str = "Clean release build";

pub fn run(options: &Options) -> Result<()> {
    let binary = binary()?;
    let data = world::folder(Engine::Sqlite, BIG);
    ensure!(data.join("made").exists(), "Run the benchmark `pane` first: it makes the database");
    let mut warm = Vec::new();
    let mut cold = Vec::new();
    for _ in 0..ROUNDS {
        forget_cached(&data.join("regarding.sqlite"))?;
        forget_cached(&binary)?;
        cold.push(Running::start(&binary, &data)?.1);
        warm.push(Running::start(&binary, &data)?.1);
    }
    let (running, _) = Running::start(&binary, &data)?;
    thread::sleep(AT_REST);
    let memory = running.memory()?;
    drop(running);

    let megabytes = |bytes: u64| format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10);
    let mut table = Table::new(&["", "measured", "target"]);
    table.row(["start, files in memory".into(), results::milliseconds(median(&mut warm)), "< 300 ms".into()]);
    table.row(["start, files on disk".into(), results::milliseconds(median(&mut cold)), "< 300 ms".into()]);
    table.row(["memory after 10 s at rest".into(), megabytes(memory), "≤ 64 MB".into()]);
    table.row(["size of the binary".into(), megabytes(binary.metadata()?.len()), String::new()]);
    let size = std::fs::metadata(data.join("regarding.sqlite"))?.len();
    let mut sentences = vec![format!(
        "From starting `regarding serve` on a SQLite database of {} MB to the first answer of /healthz, the median of \
         {ROUNDS}; on disk: after the system was asked to forget database and binary. Memory is the resident set.",
        size / 1_000_000
    )];
    let building = if options.full { Some(build()?) } else { results::last_sentence("start", BUILDING) };
    sentences.extend(building);
    results::record(options, "start", &table, &sentences)
}

fn binary() -> Result<PathBuf> {
    let named = std::env::var_os("REGARDING_RELEASE_BINARY").map(PathBuf::from);
    let binary = named.unwrap_or_else(|| root().join("target/release/regarding"));
    ensure!(binary.exists(), "There is no {}: run `cargo xtask bench`", binary.display());
    Ok(binary)
}

/// Takes a file out of the system's memory (`dd` knows how).
fn forget_cached(file: &Path) -> Result<()> {
    let status = Command::new("dd")
        .arg(format!("if={}", file.display()))
        .args(["iflag=nocache", "count=0", "status=none"])
        .status()
        .context("Running dd")?;
    ensure!(status.success(), "dd could not take {} out of memory", file.display());
    Ok(())
}

struct Running(Child);

impl Running {
    /// Until /healthz answers.
    fn start(binary: &Path, data: &Path) -> Result<(Running, Duration)> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let started = Instant::now();
        let child = Command::new(binary)
            .arg("serve")
            .args(["--listen", &address.to_string(), "--data"])
            .arg(data)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("Starting regarding")?;
        let mut running = Running(child);
        while !answers(&address.to_string()) {
            ensure!(running.0.try_wait()?.is_none(), "regarding ended at once");
            ensure!(started.elapsed() < Duration::from_mins(1), "regarding does not answer");
            thread::sleep(Duration::from_millis(1));
        }
        Ok((running, started.elapsed()))
    }

    /// In bytes.
    fn memory(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id()))?;
        let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:")).context("No VmRSS")?;
        let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kilobytes * 1024)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn answers(address: &str) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(address)?;
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|it| it.starts_with("HTTP/1.1 200"))
}

/// Builds the server into an empty directory.
fn build() -> Result<String> {
    let target = tempfile::TempDir::new()?;
    let started = Instant::now();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--release", "-p", "server", "--bin", "regarding", "--target-dir"])
        .arg(target.path())
        .current_dir(root())
        .status()?;
    ensure!(status.success(), "The build failed");
    Ok(format!("{BUILDING} of the server: {:.0} s (target: below 480 s).", started.elapsed().as_secs_f64()))
}
