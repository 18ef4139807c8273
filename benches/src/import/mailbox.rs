//! The mailbox on Dovecot that is imported again and again.

use crate::corpus::Corpus;
use crate::options;
use anyhow::{Context, Result};
use connect::{Account, Flags, Mailbox, Mark};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

pub struct Filled {
    pub account: Account,
    pub uids: Vec<u32>,
    /// The addresses that wrote most messages first.
    pub senders: Vec<String>,
}

/// Puts the corpus into a mailbox whose name says what is in it, unless it is there already, and reads it once.
pub async fn fill(corpus: &Corpus) -> Result<Filled> {
    let mut hasher = DefaultHasher::new();
    corpus.mails.hash(&mut hasher);
    let account = options::imap(&format!("bench-{:016x}@example.test", hasher.finish()))?;
    let mut mailbox = Mailbox::open(&account).await.context("Opening the mailbox")?;
    let status = mailbox.status("INBOX").await?;
    let there = status.exists as usize;
    if there < corpus.mails.len() {
        println!("Filling the mailbox with {} messages", corpus.mails.len() - there);
    }
    for raw in corpus.mails.iter().skip(there) {
        mailbox.append("INBOX", raw, &Flags::default()).await.context("Filling the mailbox")?;
    }
    let uids: Vec<u32> = (1..mailbox.status("INBOX").await?.uid_next).collect();
    let filled = Filled { account, uids, senders: senders(corpus) };
    filled.unmark().await?;
    for uids in filled.uids.chunks(500) {
        mailbox.messages("INBOX", uids).await.context("Reading all once")?;
    }
    Ok(filled)
}

impl Filled {
    pub async fn unmark(&self) -> Result<()> {
        let mut mailbox = Mailbox::open(&self.account).await?;
        Ok(mailbox.set_keyword("INBOX", &self.uids, "Tracked", Mark::Remove).await?)
    }
}

fn senders(corpus: &Corpus) -> Vec<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for raw in &corpus.mails {
        if let Some(from) = formats::mime::envelope(raw, raw.len() as u64).from {
            *counts.entry(from.address.folded()).or_default() += 1;
        }
    }
    let mut ordered: Vec<(usize, String)> =
        counts.into_iter().map(|(address, count)| (count, address)).collect();
    ordered.sort_unstable();
    ordered.into_iter().rev().map(|(_, address)| address).filter(|it| !it.is_empty()).collect()
}
