//! Chromedriver, which starts a Chromium for each browser test that asks it to.

use super::{free_ports, until};
use crate::caretaker::{Caretaker, Farewell, Kept};
use crate::provision;
use anyhow::{Context, Result};
use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

pub struct Chromedriver {
    pub port: u16,
    kept: Kept,
    log: PathBuf,
}

pub fn start(caretaker: &mut Caretaker) -> Result<Chromedriver> {
    let program = provision::program("chromedriver").context("Chromedriver is not installed")?;
    let [port] = free_ports()?;
    // Profiles of its browsers land here, and go with it.
    let scratch = caretaker.directory().join("web");
    std::fs::create_dir_all(&scratch)?;
    let log = caretaker.directory().join("chromedriver.log");
    let output = File::create(&log)?;
    let mut command = Command::new(program);
    command.arg(format!("--port={port}")).env("TMPDIR", scratch).stdout(output.try_clone()?).stderr(output);
    let kept = caretaker.spawn(&mut command, Farewell::Terminate)?;
    Ok(Chromedriver { port, kept, log })
}

impl Chromedriver {
    pub fn until_ready(&self, caretaker: &mut Caretaker) -> Result<()> {
        until("Chromedriver", caretaker, self.kept, &self.log, || self.is_ready().unwrap_or(false))
    }

    /// W3C WebDriver 8.3: `GET /status` tells whether new sessions are welcome.
    fn is_ready(&self) -> std::io::Result<bool> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        write!(stream, "GET /status HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", self.port)?;
        // It keeps the connection open, so its end cannot be waited for.
        let mut answer = Vec::new();
        let mut chunk = [0; 1024];
        while !answer.ends_with(b"}}") {
            match stream.read(&mut chunk)? {
                0 => break,
                read => answer.extend_from_slice(&chunk[..read]),
            }
        }
        Ok(String::from_utf8_lossy(&answer).contains("\"ready\":true"))
    }
}
