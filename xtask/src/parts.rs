//! The throw-away servers that the tests talk to: PostgreSQL, Dovecot and chromedriver on free ports of 127.0.0.1.

mod chromedriver;
mod dovecot;
mod postgres;

use crate::args::Args;
use crate::caretaker::{Caretaker, Farewell, Kept};
use crate::provision;
use anyhow::{Context, Result, bail};
pub use postgres::Fsync;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

pub const HELP: &str = "\
Start the servers that the tests need, and keep them until Enter, Ctrl-C or the end of a command

Usage: cargo xtask parts [-- COMMAND [ARGUMENTS]]

PostgreSQL, Dovecot and chromedriver start on free ports of 127.0.0.1, in a new directory below /tmp. Printed are the
lines to paste into another terminal; with a COMMAND that command runs with them instead:

    cargo xtask parts -- cargo test -p store

All is stopped and removed at the end, whichever way the end comes.
Without a terminal (`cargo xtask parts < /dev/null &`) they stay until the process is killed.";

pub fn run(args: Args) -> Result<ExitCode> {
    let command = args.finish()?;
    provision::ensure()?;
    crate::clients::install()?;
    let mut parts = Parts::start(Fsync::Off)?;
    if let [program, arguments @ ..] = command.as_slice() {
        let status = parts.run(Command::new(program).args(arguments))?;
        return Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    for (name, value) in parts.environment() {
        println!("export {name}={value}");
    }
    eprintln!("Running. Enter or Ctrl-C ends and removes them.");
    let mut line = String::new();
    if std::io::stdin().read_line(&mut line)? == 0 {
        // There is nobody to press Enter.
        loop {
            std::thread::park();
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub struct Parts {
    caretaker: Caretaker,
    environment: Vec<(&'static str, String)>,
}

impl Parts {
    /// Starts all of them side by side and returns when each one answers; 1 to 3 seconds.
    pub fn start(fsync: Fsync) -> Result<Parts> {
        let mut caretaker = Caretaker::new()?;
        let dovecot = dovecot::start(&mut caretaker)?;
        let chromedriver = chromedriver::start(&mut caretaker)?;
        let postgres = postgres::start(&mut caretaker, fsync)?;
        postgres.until_ready(&mut caretaker)?;
        dovecot.until_ready(&mut caretaker)?;
        chromedriver.until_ready(&mut caretaker)?;
        let mut environment = vec![
            ("REGARDING_TEST_POSTGRES", format!("postgres://postgres@127.0.0.1:{}/postgres", postgres.port)),
            ("REGARDING_TEST_IMAP", dovecot.address()),
            ("REGARDING_TEST_WEBDRIVER", format!("http://127.0.0.1:{}", chromedriver.port)),
        ];
        environment.push(("REGARDING_TEST_CLIENTS", crate::clients::place().display().to_string()));
        environment.push(("REGARDING_TEST_BINARY", crate::cargo::binary("debug").display().to_string()));
        match crate::root().join("../shared").canonicalize() {
            Ok(shared) => environment.push(("REGARDING_TEST_SHARED", shared.display().to_string())),
            Err(_) => eprintln!("No ../shared beside the repository: the larger mail corpus is not tested."),
        }
        Ok(Parts { caretaker, environment })
    }

    pub fn environment(&self) -> &[(&'static str, String)] {
        &self.environment
    }

    /// Starts a command that knows the parts; what it leaves in TMPDIR goes with them.
    pub fn spawn(&mut self, command: &mut Command) -> Result<Kept> {
        let scratch = self.caretaker.directory().join("tmp");
        std::fs::create_dir_all(&scratch)?;
        command.env("TMPDIR", scratch).envs(self.environment.iter().map(|(name, value)| (name, value)));
        self.caretaker.spawn(command, Farewell::Terminate)
    }

    pub fn wait(&mut self, kept: Kept) -> Result<std::process::ExitStatus> {
        self.caretaker.wait(kept)
    }

    pub fn run(&mut self, command: &mut Command) -> Result<std::process::ExitStatus> {
        let kept = self.spawn(command)?;
        self.wait(kept)
    }
}

/// Ports that were free a moment ago, all different.
fn free_ports<const N: usize>() -> Result<[u16; N]> {
    let mut listeners = Vec::new();
    let mut ports = [0; N];
    for port in &mut ports {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("Looking for a free port")?;
        *port = listener.local_addr()?.port();
        listeners.push(listener);
    }
    Ok(ports)
}

/// Waits for an answer for half a minute; the end of the log explains why there was none.
fn until(
    name: &str,
    caretaker: &mut Caretaker,
    kept: Kept,
    log: &Path,
    mut answers: impl FnMut() -> bool,
) -> Result<()> {
    let started = Instant::now();
    while !answers() {
        let ended = caretaker.ended(kept)?;
        if ended.is_some() || started.elapsed() > Duration::from_secs(30) {
            let said = std::fs::read_to_string(log).unwrap_or_default();
            let lines: Vec<&str> = said.lines().collect();
            let last = lines[lines.len().saturating_sub(15)..].join("\n");
            bail!(
                "{name} did not start ({}); it said:\n{last}",
                ended.map_or("no answer".into(), |it| it.to_string())
            );
        }
        std::thread::sleep(Duration::from_millis(30));
    }
    Ok(())
}

/// What `id` says, such as the number of a user (`-u`) or the name of a group (`-gn`); of oneself without a name.
fn id(option: &str, user: Option<&str>) -> Result<String> {
    let output = Command::new("id").arg(option).args(user).output().context("Running id")?;
    if !output.status.success() {
        bail!("There is no user {}", user.unwrap_or("of this process"));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_ports_differ() {
        let [first, second, third] = free_ports().unwrap();
        assert!(first != second && second != third && first != third);
    }
}
