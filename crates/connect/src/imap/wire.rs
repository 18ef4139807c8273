//! Commands out, responses in: every answer is looked at, so that a refusal or a lost connection in the middle of
//! a list is never taken for its end.

use super::frame::{Answer, Outcome, Reach, answer};
use super::way::{self, Way};
use crate::Trouble;
use bytes::{Bytes, BytesMut};
use imap_proto::Response;
use std::fmt;
use std::future::{Future, poll_fn};
use std::io;
use std::path::Path;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long a server may be silent while we wait for it, or refuse to take what we send.
const PATIENCE: Duration = Duration::from_mins(1);

/// How much room is made for what arrives next.
const ROOM: usize = 64 * 1024;

/// A connection that knows which command it is at.
pub struct Wire {
    /// None after `encrypt` failed half way.
    way: Option<Way>,
    inbox: BytesMut,
    reach: Reach,
    commands: u32,
    /// Set while an answer is outstanding. Whoever finds it set knows that somebody stopped listening half way.
    busy: bool,
    host: String,
    port: u16,
}

/// What has arrived is mail: it shows in no log.
impl fmt::Debug for Wire {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Wire({}:{})", self.host, self.port)
    }
}

impl Wire {
    /// Connects without TLS.
    pub async fn connect(host: &str, port: u16) -> Result<Wire, Trouble> {
        let (host, inbox) = (host.to_owned(), BytesMut::with_capacity(ROOM));
        let mut wire =
            Wire { way: None, inbox, reach: Reach::default(), commands: 0, busy: false, host, port };
        let Ok(stream) = TcpStream::connect((wire.host.as_str(), port)).await else {
            return Err(wire.lost());
        };
        // Commands are small and each waits for its answer.
        stream.set_nodelay(true).map_err(|_| wire.lost())?;
        wire.way = Some(Way::Plain(stream));
        Ok(wire)
    }

    /// Puts TLS around the connection. What arrived unprotected and was not asked for is not believed.
    pub async fn encrypt(&mut self, extra_root: Option<&Path>) -> Result<(), Trouble> {
        if !self.inbox.is_empty() {
            return Err(Trouble::protocol("something was said before the encryption began"));
        }
        let Some(Way::Plain(stream)) = self.way.take() else { return Err(self.lost()) };
        self.way = Some(way::protect(stream, &self.host, extra_root).await?);
        Ok(())
    }

    /// The first line of the server: `* OK`, `* PREAUTH` or `* BYE`.
    pub async fn greeting(&mut self) -> Result<Bytes, Trouble> {
        self.response().await
    }

    /// Sends a command, shows every response that belongs to it (and those that the server throws in), and returns
    /// how it ended.
    pub async fn ask(
        &mut self,
        command: &str,
        each: impl FnMut(&Response<'_>) + Send,
    ) -> Result<Answer, Trouble> {
        let tag = self.send(command).await?;
        self.answer_to(&tag, each).await
    }

    /// Sends a command in two parts; the second, as a line, only when the server asks for it.
    pub async fn ask_in_parts(&mut self, command: &str, second: &[u8]) -> Result<Answer, Trouble> {
        let tag = self.send(command).await?;
        loop {
            let response = self.response().await?;
            if response.starts_with(b"+") {
                self.write(second).await?;
                self.write(b"\r\n").await?;
                return self.answer_to(&tag, |_| ()).await;
            }
            if let Some(answer) = answer(&response, &tag) {
                self.busy = false;
                return Ok(answer);
            }
        }
    }

    /// No answer is outstanding.
    pub fn is_sound(&self) -> bool {
        self.way.is_some() && !self.busy
    }

    /// Whether the other side has not hung up, as far as that is known here without asking. What it said meanwhile is
    /// heard with the next answer.
    pub async fn is_open(&mut self) -> bool {
        let Some(way) = &mut self.way else { return false };
        self.inbox.reserve(ROOM);
        // Two looks: a server that ends a connection may say so first.
        for _ in 0..2 {
            let mut read = pin!(way.read(&mut self.inbox));
            match poll_fn(|context| Poll::Ready(read.as_mut().poll(context))).await {
                Poll::Pending => return true,
                Poll::Ready(Ok(0) | Err(_)) => return false,
                Poll::Ready(Ok(_)) => {}
            }
        }
        true
    }

    /// What to say when the other side is not there or no longer there.
    pub fn lost(&self) -> Trouble {
        Trouble::Unreachable { host: self.host.clone(), port: self.port }
    }

    async fn send(&mut self, command: &str) -> Result<String, Trouble> {
        if std::mem::replace(&mut self.busy, true) {
            return Err(Trouble::protocol("an earlier command was interrupted"));
        }
        self.commands = self.commands.wrapping_add(1);
        let tag = format!("R{}", self.commands);
        self.write(format!("{tag} {command}\r\n").as_bytes()).await?;
        Ok(tag)
    }

    async fn answer_to(
        &mut self,
        tag: &str,
        mut each: impl FnMut(&Response<'_>) + Send,
    ) -> Result<Answer, Trouble> {
        loop {
            let response = self.response().await?;
            if let Some(answer) = answer(&response, tag) {
                self.busy = false;
                return match answer.outcome {
                    Outcome::Bad => Err(Trouble::protocol("the server did not understand a command")),
                    Outcome::Ok | Outcome::No => Ok(answer),
                };
            }
            // What is not understood is passed over: one odd line must not cost the whole mailbox.
            if let Ok((_, response)) = imap_proto::Response::parse(&response) {
                each(&response);
            }
        }
    }

    /// The next whole response.
    async fn response(&mut self) -> Result<Bytes, Trouble> {
        loop {
            if let Some(end) = self.reach.of_first(&self.inbox)? {
                return Ok(self.inbox.split_to(end).freeze());
            }
            let wanting = self.reach.wanting(self.inbox.len());
            self.inbox.reserve(wanting.max(ROOM));
            let Some(way) = &mut self.way else { return Err(self.lost()) };
            let read = patiently(way.read(&mut self.inbox)).await;
            match read {
                Ok(0) | Err(None) => return Err(self.lost()),
                Ok(_) => {}
                Err(Some(trouble)) => return Err(trouble),
            }
        }
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        let Some(way) = &mut self.way else { return Err(self.lost()) };
        // In pieces, so that patience is per piece and not for a message of many megabytes.
        for piece in bytes.chunks(ROOM) {
            if let Err(trouble) = patiently(way.write(piece)).await {
                return Err(trouble.unwrap_or_else(|| self.lost()));
            }
        }
        Ok(())
    }
}

/// Waits with patience; an error without a trouble of its own means that the connection is lost.
async fn patiently<T>(what: impl Future<Output = io::Result<T>>) -> Result<T, Option<Trouble>> {
    match timeout(PATIENCE, what).await {
        Ok(done) => done.map_err(|_| None),
        Err(_) => Err(Some(Trouble::Timeout)),
    }
}
