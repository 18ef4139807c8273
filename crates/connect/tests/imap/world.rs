//! The Dovecot under test, a fresh user on it, another mail program, and a line that can be cut.

use connect::{Account, Mailbox, Secret, Security};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

pub use connect::testing::{OtherProgram, fresh_user, server};

pub fn account(user: &str, security: Security) -> Account {
    let server = server();
    Account::Imap {
        port: if security == Security::Tls { server.imaps } else { server.imap },
        host: server.host,
        security,
        login: user.to_owned(),
        password: Secret::new("secret"),
        extra_root: Some(server.certificate),
    }
}

/// A fresh user's mailbox, open.
pub async fn mailbox() -> (String, Mailbox) {
    let user = fresh_user();
    let mailbox = open(&user).await;
    (user, mailbox)
}

pub async fn open(user: &str) -> Mailbox {
    Mailbox::open(&account(user, Security::Plaintext)).await.unwrap()
}

/// A message that is easy to recognize.
pub fn mail(number: u32) -> Vec<u8> {
    let mut text = String::new();
    write!(
        text,
        "Return-Path: <secret@hop.example>\r\nReceived: from hop.example\r\n\tby mail.example\r\nFrom: Eva <eva@adventure.example>\r\n\
         To: bo@example.test\r\nSubject: Brev {number}\r\nMessage-ID: <{number}@adventure.example>\r\nX-Private: no\r\n\r\nBody {number}\r\n"
    )
    .unwrap();
    text.into_bytes()
}

/// Hands a message over by LMTP, as a mail server does; it ends in a line end and no line begins with a dot.
pub fn deliver(user: &str, raw: &[u8]) {
    let server = server();
    let mut line = Line::new(TcpStream::connect((server.host.as_str(), server.lmtp)).unwrap());
    line.expect("220");
    for (command, code) in [("LHLO test", "250"), ("MAIL FROM:<eva@adventure.example>", "250")] {
        line.say(command);
        line.expect(code);
    }
    line.say(&format!("RCPT TO:<{user}>"));
    line.expect("250");
    line.say("DATA");
    line.expect("354");
    line.stream.write_all(raw).unwrap();
    line.say(".");
    line.expect("250");
    line.say("QUIT");
}

struct Line {
    stream: TcpStream,
    reader: BufReader<TcpStream>,
}

impl Line {
    fn new(stream: TcpStream) -> Line {
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let reader = BufReader::new(stream.try_clone().unwrap());
        Line { stream, reader }
    }

    fn say(&mut self, line: &str) {
        self.stream.write_all(format!("{line}\r\n").as_bytes()).unwrap();
    }

    fn hear(&mut self) -> String {
        let mut line = Vec::new();
        let read = self.reader.by_ref().read_until(b'\n', &mut line).unwrap();
        assert!(read > 0, "the server hung up");
        String::from_utf8_lossy(&line).into_owned()
    }

    fn expect(&mut self, start: &str) {
        loop {
            let line = self.hear();
            assert!(line.starts_with(start), "{line}");
            if line.as_bytes().get(3) != Some(&b'-') {
                return;
            }
        }
    }
}

/// A line to the server that can be cut.
pub struct Cuttable {
    pub port: u16,
    task: tokio::task::JoinHandle<()>,
}

impl Cuttable {
    pub async fn new() -> Cuttable {
        let server = server();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let task = tokio::spawn(async move {
            let (mut near, _) = listener.accept().await.unwrap();
            let mut far = tokio::net::TcpStream::connect((server.host.as_str(), server.imap)).await.unwrap();
            drop(tokio::io::copy_bidirectional(&mut near, &mut far).await);
        });
        Cuttable { port, task }
    }

    pub fn cut(&self) {
        self.task.abort();
    }
}

/// A server that says these lines, one after each command it hears, and then hangs up.
pub async fn script(lines: &'static [&'static str]) -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        for (number, line) in lines.iter().enumerate() {
            let mut heard = [0; 1024];
            if number > 0 && tokio::io::AsyncReadExt::read(&mut stream, &mut heard).await.unwrap_or(0) == 0 {
                return;
            }
            tokio::io::AsyncWriteExt::write_all(&mut stream, line.as_bytes()).await.unwrap();
        }
    });
    port
}
