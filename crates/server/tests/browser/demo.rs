//! A freshly made demo world, served by the real binary until it is dropped.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

pub struct Demo {
    server: Child,
    /// Where it serves: `http://127.0.0.1:41234`.
    pub address: String,
    /// The link that signs the seller in.
    pub link: String,
    _data: TempDir,
}

impl Demo {
    /// Takes a port that is free.
    pub fn start() -> Demo {
        let Ok(binary) = std::env::var("REGARDING_TEST_BINARY") else {
            panic!("REGARDING_TEST_BINARY is not set: run `cargo xtask test`, which builds it");
        };
        let data = tempfile::tempdir().unwrap();
        let mut server = Command::new(binary)
            .args(["demo", "--listen", "127.0.0.1:0", "--data"])
            .arg(data.path().join("world"))
            .env("TZ", "Europe/Stockholm")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // It says where it serves, then a link for each person; the seller's is the first.
        let said = BufReader::new(server.stdout.take().unwrap());
        let link = said
            .lines()
            .map_while(Result::ok)
            .find_map(|line| line.split_whitespace().find(|it| it.contains("/link/")).map(ToOwned::to_owned))
            .expect("The demo printed no link: is it broken?");
        let (address, _) = link.split_once("/link/").unwrap();
        Demo { server, address: address.to_owned(), link: link.clone(), _data: data }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
