//! A driver is a script that uses one client; it says in a line of JSON how each step went.

use crate::server::{Door, Engine, Server};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(Debug, Clone, Copy)]
pub enum Driver {
    JavaScript(&'static str),
    Python(&'static str),
}

#[derive(Deserialize)]
struct Step {
    #[serde(rename = "step")]
    name: String,
    ok: bool,
    why: String,
}

/// Whoever takes longer hangs.
const SECONDS: &str = "300";

/// Starts a new server, runs the driver on it, and says of each step that went wrong why.
#[track_caller]
pub fn check(driver: Driver, engine: Engine, door: Door) {
    let server = Server::start(engine, door);
    let mut command = command(driver);
    command
        .env("CLIENT_URL", &server.url)
        .env("CLIENT_TOKEN", &server.token)
        .env("CLIENT_COLLEAGUE", &server.colleague)
        .env("CLIENT_CA", server.authority())
        .env("NODE_EXTRA_CA_CERTS", server.authority())
        .env("REQUESTS_CA_BUNDLE", server.authority());
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let (steps, others): (Vec<_>, Vec<_>) = said
        .lines()
        .map(|line| serde_json::from_str::<Step>(line).map_err(|_| line))
        .partition(Result::is_ok);
    let steps: Vec<Step> = steps.into_iter().flatten().collect();
    let failed: Vec<String> =
        steps.iter().filter(|it| !it.ok).map(|it| format!("    {}: {}", it.name, it.why)).collect();
    assert!(
        output.status.success() && failed.is_empty() && !steps.is_empty(),
        "{driver:?} on {engine:?}: {} of {} steps went wrong, {}\n{}\n{}\n{}\n{}",
        failed.len(),
        steps.len(),
        output.status,
        failed.join("\n"),
        others.into_iter().filter_map(Result::err).collect::<Vec<_>>().join("\n"),
        String::from_utf8_lossy(&output.stderr),
        server.last_words(),
    );
}

fn command(driver: Driver) -> Command {
    let drivers = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/drivers");
    let mut command = Command::new("timeout");
    command.arg(SECONDS);
    match driver {
        Driver::JavaScript(name) => command.arg("node").arg(drivers.join(name)),
        Driver::Python(name) => command.arg(packages("venv/bin/python")).arg(drivers.join(name)),
    };
    command.env("CLIENT_PACKAGES", packages("node")).env("PYTHONDONTWRITEBYTECODE", "1");
    // A proxy of this machine knows nothing of a server on it.
    for name in ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env_remove(name);
    }
    command
}

/// Where the clients are installed.
fn packages(name: &str) -> PathBuf {
    let Some(place) = std::env::var_os("REGARDING_TEST_CLIENTS") else {
        panic!("REGARDING_TEST_CLIENTS is not set: run `cargo xtask test`, which installs real clients");
    };
    PathBuf::from(place).join(name)
}
