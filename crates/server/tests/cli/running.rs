//! The server as a process of its own, and requests to it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, ExitStatus, Stdio};

/// A running server; it is killed when a test fails before it was told to end.
pub struct Running {
    pub child: Child,
    pub lines: BufReader<std::process::ChildStdout>,
    pub address: String,
    /// What it printed before that.
    pub before: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Running {
    /// Starts it, and waits for the line that says where.
    pub fn start(mut command: Command) -> Running {
        command.args(["--listen", "127.0.0.1:0"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut before = String::new();
        let address = loop {
            let mut line = String::new();
            assert!(lines.read_line(&mut line).unwrap() > 0, "It ended before it served: {before}");
            if let Some((_, address)) = line.trim_end().split_once("serves http://") {
                break address.to_owned();
            }
            before += &line;
        };
        Running { child, lines, address, before }
    }

    pub fn get(&self, path: &str) -> String {
        self.ask(&format!("GET {path} HTTP/1.1\r\n"), "")
    }

    /// As a script with this token.
    pub fn get_as(&self, token: &str, path: &str) -> String {
        self.ask(&format!("GET {path} HTTP/1.1\r\nAuthorization: Bearer {}\r\n", token.trim()), "")
    }

    /// A form that a script with this token sends.
    pub fn post_as(&self, token: &str, path: &str, form: &str) -> String {
        heard(self.send_as(token, path, form))
    }

    /// The same, for who waits for the answer later.
    pub fn send_as(&self, token: &str, path: &str, form: &str) -> TcpStream {
        let head = format!(
            "POST {path} HTTP/1.1\r\nAuthorization: Bearer {}\r\nContent-Length: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n",
            token.trim(),
            form.len()
        );
        self.send(&head, form)
    }

    fn ask(&self, head: &str, body: &str) -> String {
        heard(self.send(head, body))
    }

    fn send(&self, head: &str, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "{head}Host: {}\r\nConnection: close\r\n\r\n{body}", self.address).unwrap();
        stream
    }

    pub fn end_by(&mut self, signal: &str) -> ExitStatus {
        let sent = Command::new("kill").arg(signal).arg(self.child.id().to_string()).status().unwrap();
        assert!(sent.success());
        self.child.wait().unwrap()
    }
}

/// The whole answer.
pub fn heard(mut stream: TcpStream) -> String {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}
