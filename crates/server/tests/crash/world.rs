//! A data directory with a Maildir, the program run on it, clicks over HTTP, and chance that can be repeated.

use crate::whole::{self, Letters, Stored};
use std::hash::{BuildHasher as _, RandomState};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::ops::Range;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;
use store::Db;
use tempfile::TempDir;
use tokio::runtime::Runtime;

pub const EVA: &str = "eva@example.test";

#[derive(Debug, Clone, Copy)]
pub enum Engine {
    Sqlite,
    Postgres,
}

pub struct World {
    place: TempDir,
    /// Behind it the runtime that its connections live on.
    postgres: Option<store::testing::World>,
    runtime: Runtime,
    mailbox: String,
    token: String,
}

/// A server that answers. It is killed when it is dropped.
pub struct Serving {
    pub child: Child,
    pub address: String,
    _lines: BufReader<ChildStdout>,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl World {
    /// Eva, and a mailbox for her.
    pub fn new(engine: Engine) -> World {
        let runtime = Runtime::new().unwrap();
        let postgres = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(runtime.block_on(store::testing::postgres())),
        };
        let place = TempDir::new().unwrap();
        let mut world = World { place, postgres, runtime, mailbox: String::new(), token: String::new() };
        let maildir = world.maildir();
        connect::create_maildir(&maildir).unwrap();
        world.told("hemligt och långt\n", &["user", "add", EVA, "--name", "Eva Ek", "--password-stdin"]);
        let maildir = maildir.to_str().unwrap().to_owned();
        world.mailbox = world.run(&["mailbox", "add", "--user", EVA, "--maildir", &maildir]);
        world.token = world.run(&["token", "create", "--user", EVA]);
        world
    }

    /// Puts some of the letters into the mailbox. When they are the first, they get the UIDs 1, 2, 3 …
    pub fn deliver(&self, letters: &Letters, which: Range<usize>) {
        for number in which {
            let name = format!("new/{}.{number:06}.test", 1_700_000_000 + number);
            std::fs::write(self.maildir().join(name), &letters.raw[number]).unwrap();
        }
    }

    fn maildir(&self) -> PathBuf {
        self.place.path().join("Maildir")
    }

    fn data(&self) -> PathBuf {
        self.place.path().join("data")
    }

    /// The program on this world and no other.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_regarding"));
        let ours = |name: &str| ["REGARDING_", "RUST_", "XDG_"].iter().any(|it| name.starts_with(it));
        for (name, _) in std::env::vars_os().filter(|(name, _)| ours(&name.to_string_lossy())) {
            command.env_remove(name);
        }
        if let Some(postgres) = &self.postgres {
            command.env("REGARDING_DATABASE", &postgres.url);
        }
        let home = self.place.path();
        command.env("HOME", home).current_dir(home).args(words).arg("--data").arg(self.data());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Runs it to its end, which has to be a good one.
    pub fn run(&self, words: &[&str]) -> String {
        self.told("", words)
    }

    fn told(&self, input: &str, words: &[&str]) -> String {
        let mut command = self.command(words);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{words:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Starts the server and waits until it answers.
    pub fn serve(&self) -> Serving {
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let address = loop {
            let mut line = String::new();
            assert!(lines.read_line(&mut line).unwrap() > 0, "the server ended before it served");
            if let Some((_, address)) = line.trim_end().split_once("serves http://") {
                break address.to_owned();
            }
        };
        Serving { child, address, _lines: lines }
    }

    /// One click on Track. An error when there was no answer, or no good one.
    pub fn track(&self, address: &str, uid: u32) -> std::io::Result<()> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        let form = format!("_method=PUT&mailbox={}&folder=INBOX&uid={uid}", self.mailbox);
        write!(
            stream,
            "POST /pane/tracking HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            self.token,
            form.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        if answer.is_empty() {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
        Ok(())
    }

    /// Looks into the database while no program has it open. SQLite mends what a kill left there when it is opened.
    pub fn look<T>(&self, look: impl AsyncFnOnce(&Db) -> T) -> T {
        let file = self.data().join("regarding.sqlite").display().to_string();
        let url = self.postgres.as_ref().map_or(file, |it| it.url.clone());
        self.runtime.block_on(async {
            let db = Db::open(&url).await.unwrap();
            look(&db).await
        })
    }

    /// Checks everything that must hold whenever nothing runs.
    pub fn whole(&self, letters: &Letters) -> Stored {
        self.look(async |db| whole::check(db, letters).await)
    }

    /// When the leases of the killed have ended, all that was put down is done by whoever comes next.
    pub fn finished(&self, letters: &Letters, count: usize) {
        self.look(async |db| {
            let time_passes = "UPDATE job SET leasedto = 0, runon = 0";
            let passed = store::testing::raw([(time_passes, vec![], store::Expect::Any)]);
            db.commit(passed).await.unwrap();
        });
        self.run(&["sync", "--once"]);
        assert_eq!(self.whole(letters), Stored { complete: count, pending: 0 });
        let jobs = self.look(async |db| {
            let rows = db.rows("SELECT COUNT(*) FROM job", &[]).await.unwrap();
            rows[0].int(0).unwrap()
        });
        assert_eq!(jobs, 0, "work is left");
        let marked = std::fs::read_dir(self.maildir().join("cur")).unwrap().flatten();
        let marked = marked.filter(|it| it.file_name().to_string_lossy().ends_with(":2,a"));
        assert_eq!(marked.count(), count, "each has the keyword, and none is marked as read");
    }
}

/// The same numbers again for the same `REGARDING_TEST_SEED`.
pub struct Chance(u64);

impl Chance {
    pub fn new() -> Chance {
        let given = std::env::var("REGARDING_TEST_SEED").ok().and_then(|it| it.parse().ok());
        let seed: u64 = given.unwrap_or_else(|| RandomState::new().hash_one(0));
        eprintln!("REGARDING_TEST_SEED={seed} makes the same kills again, as far as the machine does");
        Chance(seed | 1)
    }

    /// Xorshift (Marsaglia 2003).
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}
