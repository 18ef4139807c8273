//! Ends what was started and removes its directory, however the starter itself ends: a shell process in a group of
//! its own listens on a pipe and goes to work when the pipe closes, also after Ctrl-C, `kill -9` or a panic.

use anyhow::{Context, Result};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const SCRIPT: &str = include_str!("caretaker.sh");

/// How a process group is asked to end, before it is made to.
#[derive(Clone, Copy)]
pub enum Farewell {
    Terminate,
    /// PostgreSQL's immediate shutdown: drops its connections, skips the checkpoint.
    Quit,
}

/// A child of the caretaker, by the order of starting.
#[derive(Clone, Copy)]
pub struct Kept(usize);

pub struct Caretaker {
    directory: PathBuf,
    shell: Child,
    /// Taken when it is time to clean up.
    orders: Option<ChildStdin>,
    children: Vec<Child>,
}

impl Caretaker {
    /// With a new empty directory, which goes when the caretaker does.
    pub fn new() -> Result<Caretaker> {
        // Not TMPDIR: PostgreSQL's socket paths end at 107 bytes, and its user must be able to enter.
        let nanoseconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.subsec_nanos());
        let directory = PathBuf::from(format!("/tmp/regarding-{}-{nanoseconds:x}", std::process::id()));
        std::fs::create_dir(&directory).with_context(|| format!("Making {}", directory.display()))?;
        std::fs::set_permissions(&directory, PermissionsExt::from_mode(0o755))?;
        let mut shell = Command::new("/bin/sh")
            .args(["-c", SCRIPT, "caretaker"])
            .arg(&directory)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .context("Starting the caretaker by /bin/sh")?;
        let orders = shell.stdin.take();
        Ok(Caretaker { directory, shell, orders, children: Vec::new() })
    }

    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Starts a command in a process group of its own, without input.
    pub fn spawn(&mut self, command: &mut Command, farewell: Farewell) -> Result<Kept> {
        let child = command
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .with_context(|| format!("Starting {}", command.get_program().display()))?;
        let signal = match farewell {
            Farewell::Terminate => "TERM",
            Farewell::Quit => "QUIT",
        };
        let group = child.id();
        self.children.push(child);
        self.order(&format!("add {signal} {group}"))?;
        Ok(Kept(self.children.len() - 1))
    }

    /// `None` while it runs.
    pub fn ended(&mut self, kept: Kept) -> Result<Option<ExitStatus>> {
        Ok(self.children[kept.0].try_wait()?)
    }

    /// Waits for the end and forgets the child: its number may soon be somebody else's.
    pub fn wait(&mut self, kept: Kept) -> Result<ExitStatus> {
        let group = self.children[kept.0].id();
        let status = self.children[kept.0].wait()?;
        self.order(&format!("forget {group}"))?;
        Ok(status)
    }

    fn order(&mut self, line: &str) -> Result<()> {
        if let Some(orders) = &mut self.orders {
            writeln!(orders, "{line}").context("Speaking to the caretaker")?;
        }
        Ok(())
    }
}

impl Drop for Caretaker {
    fn drop(&mut self) {
        drop(self.orders.take());
        // Ended children are collected meanwhile, or the shell would take them for alive.
        while matches!(self.shell.try_wait(), Ok(None)) {
            for child in &mut self.children {
                let _ = child.try_wait();
            }
            sleep(Duration::from_millis(20));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a process answers to its number, other than as one that waits to be collected.
    fn alive(number: &str) -> bool {
        std::fs::read_to_string(format!("/proc/{number}/stat")).is_ok_and(|it| !it.contains(") Z "))
    }

    #[test]
    fn what_was_started_and_its_directory_go_with_the_caretaker() {
        let mut caretaker = Caretaker::new().unwrap();
        let directory = caretaker.directory().to_path_buf();
        let note = directory.join("note");
        let script = format!("sleep 60 & echo $! > {0}.new; mv {0}.new {0}; wait", note.display());
        caretaker.spawn(Command::new("/bin/sh").args(["-c", &script]), Farewell::Terminate).unwrap();
        while !note.exists() {
            sleep(Duration::from_millis(10));
        }
        let grandchild = std::fs::read_to_string(&note).unwrap().trim().to_owned();
        assert!(alive(&grandchild));
        drop(caretaker);
        assert!(!directory.exists());
        assert!(!alive(&grandchild));
    }

    #[test]
    fn a_command_is_waited_for_and_forgotten() {
        let mut caretaker = Caretaker::new().unwrap();
        let kept = caretaker.spawn(Command::new("/bin/sh").args(["-c", "exit 3"]), Farewell::Quit).unwrap();
        assert_eq!(caretaker.wait(kept).unwrap().code(), Some(3));
    }
}
