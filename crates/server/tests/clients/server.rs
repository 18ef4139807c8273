//! A new server with nobody in it but an administrator and a colleague, and the certificates to trust it by.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use tempfile::TempDir;
use tokio::runtime::Runtime;

#[derive(Debug, Clone, Copy)]
pub enum Engine {
    Sqlite,
    Postgres,
}

#[derive(Debug, Clone, Copy)]
pub enum Door {
    Http,
    Https,
}

/// It is killed when it is dropped.
pub struct Server {
    /// `https://127.0.0.1:PORT`.
    pub url: String,
    /// The administrator's.
    pub token: String,
    /// The key of a salesperson.
    pub colleague: String,
    child: Child,
    _lines: BufReader<ChildStdout>,
    world: World,
}

struct World {
    place: TempDir,
    /// Its connections live as long as the runtime, and the database as long as they do.
    postgres: Option<(store::testing::World, Runtime)>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    pub fn start(engine: Engine, door: Door) -> Server {
        let world = World::new(engine);
        world.run("hemligt och långt\n", &add_user("ada@example.test", "Ada Admin", "administrator"));
        let colleague =
            world.run("hemligt och långt\n", &add_user("bo@example.test", "Bo By", "salesperson"));
        let token = world.run("", &["token", "create", "--user", "ada@example.test", "--name", "Drivers"]);
        certify(world.place.path());
        let mut command = world.command(&["serve", "--listen", "127.0.0.1:0"]);
        if let Door::Https = door {
            let file = |name: &str| world.place.path().join(name);
            command.arg("--tls-cert").arg(file("server.pem")).arg("--tls-key").arg(file("server.key"));
        }
        let log = File::create(world.place.path().join("log")).unwrap();
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let url = loop {
            let mut line = String::new();
            assert!(
                lines.read_line(&mut line).unwrap() > 0,
                "it ended before it served: {}",
                world.last_words()
            );
            if let Some((_, url)) = line.trim_end().split_once("serves ") {
                break url.to_owned();
            }
        };
        Server { url, token, colleague, child, _lines: lines, world }
    }

    /// The certificate of those who vouch for the server.
    pub fn authority(&self) -> PathBuf {
        self.world.place.path().join("authority.pem")
    }

    /// The end of its log.
    pub fn last_words(&self) -> String {
        self.world.last_words()
    }
}

fn add_user<'a>(email: &'a str, name: &'a str, role: &'a str) -> [&'a str; 8] {
    ["user", "add", email, "--name", name, "--role", role, "--password-stdin"]
}

impl World {
    fn new(engine: Engine) -> World {
        let postgres = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => {
                let runtime = Runtime::new().unwrap();
                Some((runtime.block_on(store::testing::postgres()), runtime))
            }
        };
        World { place: TempDir::new().unwrap(), postgres }
    }

    /// The program on this world and no other.
    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_regarding"));
        let ours = |name: &str| ["REGARDING_", "RUST_", "XDG_"].iter().any(|it| name.starts_with(it));
        for (name, _) in std::env::vars_os().filter(|(name, _)| ours(&name.to_string_lossy())) {
            command.env_remove(name);
        }
        if let Some((world, _)) = &self.postgres {
            command.env("REGARDING_DATABASE", &world.url);
        }
        let home = self.place.path();
        command.env("HOME", home).current_dir(home).args(words).arg("--data").arg(home.join("data"));
        command
    }

    /// Runs it to its end, which has to be a good one; what it printed.
    fn run(&self, input: &str, words: &[&str]) -> String {
        let mut command = self.command(words);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A program that has no use for its input may be gone by now.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{words:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn last_words(&self) -> String {
        let log = fs::read_to_string(self.place.path().join("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

/// Writes `authority.pem`, and `server.pem` and `server.key` that it vouches for.
fn certify(place: &Path) {
    let mut authority = CertificateParams::default();
    authority.distinguished_name.push(DnType::CommonName, "An authority of a test");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let mut server = CertificateParams::new(["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
    server.distinguished_name.push(DnType::CommonName, "localhost");
    server.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    server.use_authority_key_identifier_extension = true;
    let key = KeyPair::generate().unwrap();
    let certificate = server.signed_by(&key, &authority).unwrap();
    fs::write(place.join("authority.pem"), authority.pem()).unwrap();
    fs::write(place.join("server.pem"), certificate.pem()).unwrap();
    fs::write(place.join("server.key"), key.serialize_pem()).unwrap();
}
