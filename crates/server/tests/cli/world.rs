//! A data directory of one test, the program run on it, and mailboxes to connect.

use connect::testing::{OtherProgram, fresh_user};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use store::Db;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// A place without a world in it yet.
pub struct World {
    pub place: TempDir,
    database: Option<Postgres>,
}

/// Its connections live as long as the runtime, and the database as long as they do.
struct Postgres {
    world: store::testing::World,
    _runtime: Runtime,
}

/// What the program said, and how it ended.
#[derive(Debug)]
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl World {
    pub fn on_sqlite() -> World {
        World { place: TempDir::new().unwrap(), database: None }
    }

    pub fn on_postgres() -> World {
        let runtime = Runtime::new().unwrap();
        let world = runtime.block_on(store::testing::postgres());
        World { place: TempDir::new().unwrap(), database: Some(Postgres { world, _runtime: runtime }) }
    }

    pub fn on_both() -> [World; 2] {
        [World::on_sqlite(), World::on_postgres()]
    }

    /// With a user Eva in it.
    pub fn with_eva(self) -> World {
        let add = ["user", "add", EVA, "--name", "Eva Ek", "--password-stdin"];
        self.run_with("hemligt och långt\n", &add).expect(0);
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    /// The program on this world, without anything of the tests' own environment that could matter to it.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = bare(self.place.path(), words);
        command.arg("--data").arg(self.path("data"));
        if let Some(database) = &self.database {
            command.env("REGARDING_DATABASE", &database.world.url);
        }
        command
    }

    /// Looks into the database, also while the program runs.
    pub fn look<T>(&self, look: impl AsyncFnOnce(&Db) -> T) -> T {
        let file = self.path("data").join("regarding.sqlite").display().to_string();
        let url = self.database.as_ref().map_or(file, |it| it.world.url.clone());
        Runtime::new().unwrap().block_on(async {
            let db = Db::open(&url).await.unwrap();
            look(&db).await
        })
    }

    /// How many rows a table has.
    pub fn count(&self, table: &str) -> i64 {
        self.look(async |db| count(db, table).await)
    }

    pub fn run(&self, words: &[&str]) -> Said {
        self.run_with("", words)
    }

    pub fn run_with(&self, input: &str, words: &[&str]) -> Said {
        finish(self.command(words), input)
    }
}

pub const EVA: &str = "eva@example.test";

pub async fn count(db: &Db, table: &str) -> i64 {
    let rows = db.rows(&format!("SELECT COUNT(*) FROM {table}"), &[]).await.unwrap();
    rows[0].int(0).unwrap()
}

/// The program with `home` as home directory, and no settings but those in `words`.
pub fn bare(home: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_regarding"));
    let ours =
        |name: &str| name.starts_with("REGARDING_") || name.starts_with("RUST_") || name.starts_with("XDG_");
    for (name, _) in std::env::vars_os().filter(|(name, _)| ours(&name.to_string_lossy())) {
        command.env_remove(name);
    }
    command.env("HOME", home).current_dir(home).args(words);
    command
}

pub fn finish(mut command: Command, input: &str) -> Said {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A program that has no use for its input may be gone by now.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

impl Said {
    #[track_caller]
    pub fn expect(self, code: i32) -> Said {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }

    /// On standard error, each of these, and exactly one line.
    #[track_caller]
    pub fn in_one_sentence(self, words: &[&str]) -> Said {
        assert_eq!(self.err.lines().count(), 1, "{self:#?}");
        for word in words {
            assert!(self.err.contains(word), "{word}: {self:#?}");
        }
        self
    }

    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }
}

/// A Maildir with these messages in its inbox, unread.
pub fn maildir(path: &Path, messages: &[String]) {
    connect::create_maildir(path).unwrap();
    for (number, message) in messages.iter().enumerate() {
        std::fs::write(path.join(format!("new/{number}.test")), message).unwrap();
    }
}

/// A message to Eva with this local part in its Message-ID.
pub fn letter(id: &str) -> String {
    format!(
        "From: Bo By <bo@contoso.example>\r\nTo: Eva <{EVA}>\r\nSubject: Brev om åkdon\r\n\
         Date: Mon, 23 Nov 2026 10:00:00 +0100\r\nMessage-ID: <{id}@contoso.example>\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\nHej Eva!\r\n"
    )
}

/// A user of the mail server whom nobody had before, with one letter in the inbox.
pub fn user_with(letter: &str) -> String {
    let user = fresh_user();
    OtherProgram::open(&user).append("INBOX", &[letter.as_bytes().to_vec()]);
    user
}
