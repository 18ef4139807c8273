//! A message that somebody hands over in parts instead of by its place in a mailbox.

use super::Refusal;
use crate::mail::aside;
use crate::{App, Error, Result, know};
use connect::Trouble;
use domain::correlate::{Direction, Known, Question, question};
use domain::envelope::Envelope;
use domain::id::MessageKey;
use formats::mime::{self, Message, Parts};
use std::sync::Arc;

/// It, read like any other.
#[derive(Debug, Clone)]
pub(crate) struct Handed {
    pub raw: Arc<Vec<u8>>,
    pub message: Arc<Message>,
}

impl Handed {
    /// Makes a message of the parts. Fails for one that is larger than any that is fetched, and for one that tells nobody.
    pub async fn of(parts: &Parts) -> Result<Handed> {
        let parts = parts.clone();
        let (raw, message) = aside(move || {
            let raw = mime::composed(&parts);
            let message = mime::message(&raw);
            (raw, message)
        })
        .await?;
        let bytes = raw.len() as u64;
        if bytes > connect::MESSAGE_LIMIT {
            return Err(Error::Mailbox(Trouble::TooLarge { bytes }));
        }
        if message.envelope.people().next().is_none() {
            return Err(Refusal::NoMessage.into());
        }
        Ok(Handed { raw: Arc::new(raw), message: Arc::new(message) })
    }

    pub fn mail(&self) -> &Envelope {
        &self.message.envelope
    }

    /// Without a Message-ID: of the parts as they were composed, which come out the same for the same message.
    pub fn key(&self) -> MessageKey {
        self.mail().key().unwrap_or_else(|| MessageKey::of_raw(&self.raw))
    }

    /// What the organization knows of it, seen from a user with these addresses.
    pub async fn known(&self, app: &App, own_addresses: &[String]) -> Result<(Question, Known)> {
        let mut question = question(self.mail(), Direction::of(self.mail(), own_addresses));
        question.key = Some(self.key());
        let known = know::about(app, &question).await?;
        Ok((question, known))
    }
}
