//! Requests over HTTP/1.1 on connections that stay open. Threads and plain sockets, so that what is measured is the
//! server's time and not that of a second runtime.

use anyhow::{Context, Result, bail, ensure};
use std::borrow::Cow;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// In a request these digits stand for a number that no other request of the run has.
pub const NUMBER: &str = "0123456789";

/// What is asked, in turns.
#[derive(Clone, Copy)]
pub struct Load<'a> {
    pub address: SocketAddr,
    pub requests: &'a [Vec<u8>],
    pub connections: usize,
    /// The number of the first request.
    pub first: usize,
}

/// How long each request took, and all of them together, until the last was answered.
pub struct Answered {
    pub times: Vec<Duration>,
    pub lasting: Duration,
}

impl Load<'_> {
    /// So many requests each second, whether the server keeps up or not. A time runs from when the request was due, so
    /// that waiting for a free connection counts, too.
    pub fn open_loop(&self, per_second: u32, lasting: Duration) -> Result<Vec<Duration>> {
        let apart = Duration::from_secs(1) / per_second;
        let count = usize::try_from(lasting.as_nanos() / apart.as_nanos())?;
        let start = Instant::now() + Duration::from_millis(50);
        let next = AtomicUsize::new(0);
        let times = self.on_each_connection(|connection| {
            let mut times = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= count {
                    return Ok(times);
                }
                let due = start + apart * u32::try_from(number)?;
                thread::sleep(due.saturating_duration_since(Instant::now()));
                connection.ask(&self.request(number))?;
                times.push(due.elapsed());
            }
        })?;
        Ok(times.concat())
    }

    /// Each connection asks again as soon as it was answered; no request begins after this time.
    pub fn closed_loop(&self, lasting: Duration) -> Result<Answered> {
        let begun = Instant::now();
        let end = begun + lasting;
        let next = AtomicUsize::new(0);
        let times = self.on_each_connection(|connection| {
            let mut times = Vec::new();
            loop {
                let started = Instant::now();
                if started >= end {
                    return Ok(times);
                }
                connection.ask(&self.request(next.fetch_add(1, Ordering::Relaxed)))?;
                times.push(started.elapsed());
            }
        })?;
        Ok(Answered { times: times.concat(), lasting: begun.elapsed() })
    }

    /// Not in their order: neighbours shall not profit from each other.
    fn request(&self, number: usize) -> Cow<'_, [u8]> {
        let number = self.first + number;
        let request = &self.requests[number * 37 % self.requests.len()];
        let Some(at) = request.windows(NUMBER.len()).rposition(|it| it == NUMBER.as_bytes()) else {
            return Cow::Borrowed(request);
        };
        let mut request = request.clone();
        request[at..at + NUMBER.len()].copy_from_slice(format!("{number:010}").as_bytes());
        Cow::Owned(request)
    }

    fn on_each_connection<T: Send>(
        &self,
        work: impl Fn(&mut Connection) -> Result<T> + Sync,
    ) -> Result<Vec<T>> {
        thread::scope(|scope| {
            let work = &work;
            let threads: Vec<_> = (0..self.connections)
                .map(|_| scope.spawn(move || work(&mut Connection::open(self.address)?)))
                .collect();
            threads
                .into_iter()
                .map(|it| it.join().unwrap_or_else(|_| bail!("A connection's thread broke off")))
                .collect()
        })
    }
}

pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub fn open(address: SocketAddr) -> Result<Connection> {
        let stream = TcpStream::connect(address).context("Connecting to the server")?;
        stream.set_nodelay(true)?;
        Ok(Connection { stream, buffer: vec![0; 256 * 1024] })
    }

    /// The body of the answer, which must be a success with a length or without a body.
    pub fn ask(&mut self, request: &[u8]) -> Result<&[u8]> {
        self.stream.write_all(request)?;
        let mut filled = 0;
        let mut whole: Option<(usize, usize)> = None;
        loop {
            if let Some((start, end)) = whole
                && filled >= end
            {
                return Ok(&self.buffer[start..end]);
            }
            let read = self.stream.read(&mut self.buffer[filled..])?;
            ensure!(read > 0, "The server closed the connection");
            filled += read;
            if whole.is_none() {
                whole = reach(&self.buffer[..filled])?;
            }
        }
    }
}

/// Where the body starts and ends, once its head is there.
fn reach(answer: &[u8]) -> Result<Option<(usize, usize)>> {
    let Some(head) = answer.windows(4).position(|it| it == b"\r\n\r\n") else { return Ok(None) };
    let text = String::from_utf8_lossy(&answer[..head]).to_lowercase();
    let status = text.lines().next().unwrap_or_default().to_owned();
    let start = head + 4;
    if status.contains(" 204 ") {
        return Ok(Some((start, start)));
    }
    ensure!(status.contains(" 200 "), "The server answered {status}");
    let length = text.lines().find_map(|it| it.strip_prefix("content-length: ")).context("No length")?;
    Ok(Some((start, start + length.trim().parse::<usize>()?)))
}

/// A request for a path.
pub fn get(path: &str, headers: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n").into_bytes()
}

/// A request with a body; the headers say what it is.
pub fn send(method: &str, path: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n{headers}\r\n{body}")
        .into_bytes()
}
