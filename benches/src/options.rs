//! What the command line and the surroundings ask for.

use anyhow::{Context, Result, bail};
use connect::{Account, Secret, Security};
use std::path::PathBuf;

const BENCHES: [&str; 5] = ["import", "pane", "api", "list", "start"];

const USAGE: &str = "\
cargo xtask bench [import|pane|api|list|start] [-- OPTIONS]

  --folder DIR   import: the messages in this folder instead of the corpus
  --times N      import: each message so often, with ids of its own (7)
  --full         start: build anew, to know how long that takes; pane, api: longer; list: 10,000,000 activities
  --size N       a trial, quick and not recorded: pane and list with N activities (10,000 or more), api with N contacts";

pub struct Options {
    /// `None`: all of them.
    only: Option<String>,
    pub folder: Option<PathBuf>,
    pub times: usize,
    pub full: bool,
    /// `None`: the usual one. Anything else is a trial.
    pub size: Option<usize>,
}

impl Options {
    pub fn from_words(words: impl Iterator<Item = String>) -> Result<Options> {
        let mut options = Options { only: None, folder: None, times: 7, full: false, size: None };
        let mut words = words.filter(|it| it != "--");
        while let Some(word) = words.next() {
            match word.as_str() {
                "--folder" => options.folder = Some(words.next().context(USAGE)?.into()),
                "--times" => options.times = words.next().and_then(|it| it.parse().ok()).context(USAGE)?,
                "--size" => {
                    options.size = Some(words.next().and_then(|it| it.parse().ok()).context(USAGE)?);
                }
                "--full" => options.full = true,
                name if BENCHES.contains(&name) => options.only = Some(word),
                other => bail!("There is no “{other}”\n\n{USAGE}"),
            }
        }
        Ok(options)
    }

    pub fn wants(&self, name: &str) -> bool {
        self.only.as_deref().is_none_or(|it| it == name)
    }
}

/// The server that `cargo xtask bench` started, as a URL whose database is replaced by each benchmark's own.
pub fn postgres() -> Result<String> {
    std::env::var("REGARDING_TEST_POSTGRES").context("No PostgreSQL: run `cargo xtask bench`")
}

/// A mailbox on the Dovecot that `cargo xtask bench` started: any name signs in there.
pub fn imap(address: &str) -> Result<Account> {
    let server = std::env::var("REGARDING_TEST_IMAP").context("No Dovecot: run `cargo xtask bench`")?;
    let (host, ports) = server.split_once(':').context("REGARDING_TEST_IMAP is HOST:IMAP,IMAPS,LMTP,CERT")?;
    let port = ports.split(',').next().and_then(|it| it.parse().ok());
    Ok(Account::Imap {
        host: host.to_owned(),
        port: port.context("REGARDING_TEST_IMAP names no port")?,
        // Encryption would cost both sides the same, and hide the difference.
        security: Security::Plaintext,
        login: address.to_owned(),
        password: Secret::new("secret"),
        extra_root: None,
    })
}

/// The repository's directory.
pub fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
