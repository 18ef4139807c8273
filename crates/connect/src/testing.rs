//! What tests of a mailbox need: the real server they are given, another mail program on it, and real mail.

#![expect(clippy::missing_panics_doc, reason = "A test whose server is not there shall fail there")]
#![expect(clippy::expect_used, reason = "A test whose server is not there shall fail there")]

mod corpus;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

pub use corpus::{corpus, crlf, rewritten};

/// The Dovecot that the tests are given; anybody signs in there with the password `secret`.
#[derive(Debug, Clone)]
pub struct Server {
    pub host: String,
    pub imap: u16,
    pub imaps: u16,
    pub lmtp: u16,
    /// PEM.
    pub certificate: PathBuf,
}

/// Where it is, from `REGARDING_TEST_IMAP`: `HOST:IMAP,IMAPS,LMTP,CERTPEM`.
pub fn server() -> Server {
    let Ok(text) = std::env::var("REGARDING_TEST_IMAP") else {
        panic!("REGARDING_TEST_IMAP is not set: run `cargo xtask test`, which starts a real Dovecot");
    };
    read(&text).expect("REGARDING_TEST_IMAP is HOST:IMAP,IMAPS,LMTP,CERTPEM")
}

fn read(text: &str) -> Option<Server> {
    let parts: Vec<&str> = text.splitn(4, ',').collect();
    let [address, imaps, lmtp, certificate] = parts[..] else { return None };
    let (host, imap) = address.split_once(':')?;
    Some(Server {
        host: host.to_owned(),
        imap: imap.parse().ok()?,
        imaps: imaps.parse().ok()?,
        lmtp: lmtp.parse().ok()?,
        certificate: certificate.into(),
    })
}

/// A user of the mail server that nobody had before.
pub fn fresh_user() -> String {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("It is after 1970").as_micros();
    format!("u{now}-{}-{}@example.test", process::id(), COUNTER.fetch_add(1, Ordering::Relaxed))
}

/// Another mail program of the same user, which may do what ours never does.
#[derive(Debug)]
pub struct OtherProgram {
    stream: TcpStream,
    reader: BufReader<TcpStream>,
}

impl OtherProgram {
    pub fn open(login: &str) -> OtherProgram {
        let server = server();
        let stream = TcpStream::connect((server.host.as_str(), server.imap)).expect("Dovecot answers");
        stream.set_read_timeout(Some(Duration::from_mins(1))).expect("A time limit can be set");
        let reader = BufReader::new(stream.try_clone().expect("A connection has two ends"));
        let mut program = OtherProgram { stream, reader };
        assert!(program.hear().starts_with("* OK"));
        program.run(&format!("LOGIN {login} secret"));
        program
    }

    fn hear(&mut self) -> String {
        let mut line = Vec::new();
        let read = self.reader.by_ref().read_until(b'\n', &mut line).expect("Dovecot says something");
        assert!(read > 0, "the server hung up");
        String::from_utf8_lossy(&line).into_owned()
    }

    /// Everything the server says to a command.
    pub fn run(&mut self, command: &str) -> String {
        write!(self.stream, "zz9 {command}\r\n").expect("Dovecot listens");
        let mut said = String::new();
        loop {
            let line = self.hear();
            if line.starts_with("zz9 ") {
                assert!(line.starts_with("zz9 OK"), "{command}: {line}");
                return said;
            }
            said.push_str(&line);
        }
    }

    /// Puts messages into a folder, many in one go.
    pub fn append(&mut self, folder: &str, mails: &[Vec<u8>]) {
        for some in mails.chunks(25) {
            let mut all = Vec::new();
            for mail in some {
                all.extend_from_slice(format!("a APPEND \"{folder}\" {{{}+}}\r\n", mail.len()).as_bytes());
                all.extend_from_slice(mail);
                all.extend_from_slice(b"\r\n");
            }
            self.stream.write_all(&all).expect("Dovecot listens");
            for _ in some {
                while !self.hear().starts_with("a OK") {}
            }
        }
    }

    /// The UIDs that a search gives, in the folder that is selected.
    pub fn search(&mut self, what: &str) -> Vec<u32> {
        let said = self.run(&format!("UID SEARCH {what}"));
        let numbers = said.lines().find_map(|it| it.strip_prefix("* SEARCH")).unwrap_or_default();
        numbers.split_whitespace().map(|it| it.parse().expect("A UID is a number")).collect()
    }

    /// The UIDs of messages that have our keyword, and selects the folder.
    pub fn tracked(&mut self, folder: &str) -> Vec<u32> {
        self.run(&format!("SELECT \"{folder}\""));
        self.search("KEYWORD Tracked")
    }
}
