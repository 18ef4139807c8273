//! A PostgreSQL cluster of its own: no password, no durability unless asked for, gone afterwards.

use super::{free_ports, id, until};
use crate::caretaker::{Caretaker, Farewell, Kept};
use crate::provision;
use anyhow::{Context, Result, bail};
use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Whether commits wait for the disk. Tests need not; a measurement that did not would flatter.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fsync {
    On,
    Off,
}

pub struct Postgres {
    pub port: u16,
    kept: Kept,
    log: PathBuf,
    programs: PathBuf,
}

pub fn start(caretaker: &mut Caretaker, fsync: Fsync) -> Result<Postgres> {
    let programs = provision::postgres_programs().context("PostgreSQL's initdb is not installed")?;
    let place = caretaker.directory().join("pg");
    std::fs::create_dir_all(&place)?;
    let log = caretaker.directory().join("postgres.log");
    let owner = owner()?;
    if let Some((user, group)) = owner {
        std::os::unix::fs::chown(&place, Some(user), Some(group))?;
    }
    let as_owner = |program: &str| {
        let mut command = Command::new(programs.join(program));
        command.current_dir(&place);
        if let Some((user, group)) = owner {
            command.uid(user).gid(group);
        }
        command
    };

    let data = place.join("data");
    let made = as_owner("initdb")
        .arg("-D")
        .arg(&data)
        .args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"])
        .stdin(Stdio::null())
        .output()
        .context("Running initdb")?;
    if !made.status.success() {
        bail!("initdb failed; it said:\n{}", String::from_utf8_lossy(&made.stderr));
    }

    let [port] = free_ports()?;
    let output = File::create(&log)?;
    let mut command = as_owner("postgres");
    command.arg("-D").arg(&data).args(["-h", "127.0.0.1", "-p", &port.to_string(), "-k"]).arg(&place);
    command.args(["-c", "max_connections=200"]);
    if fsync == Fsync::Off {
        command.args(["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]);
    }
    command.stdout(output.try_clone()?).stderr(output);
    let kept = caretaker.spawn(&mut command, Farewell::Quit)?;
    Ok(Postgres { port, kept, log, programs })
}

impl Postgres {
    pub fn until_ready(&self, caretaker: &mut Caretaker) -> Result<()> {
        until("PostgreSQL", caretaker, self.kept, &self.log, || {
            Command::new(self.programs.join("pg_isready"))
                .args(["-q", "-U", "postgres", "-h", "127.0.0.1", "-p", &self.port.to_string()])
                .status()
                .is_ok_and(|it| it.success())
        })
    }
}

/// Who runs it: oneself (`None`), but for root, whom PostgreSQL refuses, its own user and group.
fn owner() -> Result<Option<(u32, u32)>> {
    if !provision::is_root() {
        return Ok(None);
    }
    Ok(Some((id("-u", Some("postgres"))?.parse()?, id("-g", Some("postgres"))?.parse()?)))
}
