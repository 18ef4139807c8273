//! Header blocks, messages and the search for one: only with PEEK, so that nothing is marked as read.

use super::frame::Answer;
use super::{Imap, expect_ok, pick, quoted};
use crate::{Folder, Head, MESSAGE_LIMIT, Trouble, Which, headers, role, uids};
use domain::envelope::HEADERS;
use imap_proto::{MailboxDatum, Response};
use std::collections::HashSet;

/// How many candidates of a search are compared at once.
const PIECE: usize = 500;

impl Imap {
    pub async fn heads(&mut self, folder: &str, which: Which) -> Result<Vec<Head>, Trouble> {
        match which {
            Which::Newest { before, limit } => self.newest(folder, before, limit).await,
            Which::After { uid, limit } => self.after(folder, uid, limit).await,
            Which::Uids(uids) => {
                self.examine(folder).await?;
                self.look_again().await?;
                let mut heads = Vec::with_capacity(uids.len());
                for set in uids::sets(&uids) {
                    self.fetch_heads(&format!("UID FETCH {set}"), &mut heads).await?;
                }
                heads.sort_by_key(|head| head.uid);
                heads.dedup_by_key(|head| head.uid);
                Ok(heads)
            }
        }
    }

    async fn newest(&mut self, folder: &str, before: Option<u32>, limit: u32) -> Result<Vec<Head>, Trouble> {
        self.examine(folder).await?;
        self.look_again().await?;
        let last = match before {
            None => self.exists(),
            Some(before) => self.first_at(before).await?.unwrap_or(self.exists() + 1).saturating_sub(1),
        };
        if last == 0 || limit == 0 {
            return Ok(Vec::new());
        }
        let first = last.saturating_sub(limit - 1).max(1);
        let mut heads = Vec::new();
        self.fetch_heads(&format!("FETCH {first}:{last}"), &mut heads).await?;
        heads.retain(|head| before.is_none_or(|before| head.uid < before));
        heads.sort_by_key(|head| std::cmp::Reverse(head.uid));
        heads.dedup_by_key(|head| head.uid);
        Ok(heads)
    }

    async fn after(&mut self, folder: &str, uid: u32, limit: u32) -> Result<Vec<Head>, Trouble> {
        let Some(next) = uid.checked_add(1) else { return Ok(Vec::new()) };
        self.examine(folder).await?;
        // First, so that what vanished meanwhile clears `come_to`.
        self.look_again().await?;
        let come_to = self.selected.as_ref().and_then(|selected| selected.come_to);
        let first = match come_to {
            Some((known, sequence)) if known == uid => sequence + 1,
            _ => self.first_at(next).await?.unwrap_or(u32::MAX),
        };
        if first > self.exists() || limit == 0 {
            return Ok(Vec::new());
        }
        let last = first.saturating_add(limit - 1).min(self.exists());
        let mut heads = Vec::with_capacity(limit.min(10_000) as usize);
        let highest = self.fetch_heads(&format!("FETCH {first}:{last}"), &mut heads).await?;
        if let Some(selected) = &mut self.selected {
            selected.come_to = highest;
        }
        heads.retain(|head| head.uid > uid);
        heads.sort_by_key(|head| head.uid);
        heads.dedup_by_key(|head| head.uid);
        Ok(heads)
    }

    /// The sequence number of the first message with this UID or a higher one. The search is by sequence numbers:
    /// during such commands a server may not renumber (RFC 9051, 7.5.1), so they hold for the FETCH that follows.
    async fn first_at(&mut self, uid: u32) -> Result<Option<u32>, Trouble> {
        let mut first = None;
        let answer = self
            .ask(&format!("SEARCH UID {uid}:4294967295"), |response| {
                if let Response::MailboxData(MailboxDatum::Search(found)) = response {
                    first = first.into_iter().chain(found.iter().copied()).min();
                }
            })
            .await?;
        expect_ok(&answer)?;
        Ok(first)
    }

    /// Fetches header blocks and returns the highest pair of UID and sequence number.
    async fn fetch_heads(
        &mut self,
        command: &str,
        heads: &mut Vec<Head>,
    ) -> Result<Option<(u32, u32)>, Trouble> {
        let fields = HEADERS.join(" ");
        let command =
            format!("{command} (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS ({fields})])");
        let mut highest = None;
        let answer = self
            .ask(&command, |response| {
                if let Response::Fetch(sequence, attributes) = response
                    && let Some(head) = pick::head(attributes)
                {
                    highest = highest.max(Some((head.uid, *sequence)));
                    heads.push(head);
                }
            })
            .await?;
        fetched(&answer)?;
        Ok(highest)
    }

    pub async fn message(&mut self, folder: &str, uid: u32) -> Result<Vec<u8>, Trouble> {
        self.examine(folder).await?;
        let mut sizes = self.sizes(&[uid]).await?;
        if sizes.is_empty() {
            // It may be newer than what the server has told this session.
            self.look_again().await?;
            sizes = self.sizes(&[uid]).await?;
        }
        let Some((_, bytes)) = sizes.into_iter().find(|(found, _)| *found == uid) else {
            return Err(Trouble::Gone);
        };
        if bytes > MESSAGE_LIMIT {
            return Err(Trouble::TooLarge { bytes });
        }
        let found = self.bodies(&[uid]).await?.into_iter().find(|(found, _)| *found == uid);
        found.map(|(_, raw)| raw).ok_or(Trouble::Gone)
    }

    pub async fn messages(&mut self, folder: &str, uids: &[u32]) -> Result<Vec<(u32, Vec<u8>)>, Trouble> {
        self.examine(folder).await?;
        let mut sizes = self.sizes(uids).await?;
        if sizes.len() < uids.len() {
            self.look_again().await?;
            sizes = self.sizes(uids).await?;
        }
        let wanted: Vec<u32> =
            sizes.into_iter().filter(|(_, size)| *size <= MESSAGE_LIMIT).map(|(uid, _)| uid).collect();
        let mut messages = self.bodies(&wanted).await?;
        messages.sort_by_key(|(uid, _)| *uid);
        messages.dedup_by_key(|(uid, _)| *uid);
        Ok(messages)
    }

    async fn sizes(&mut self, uids: &[u32]) -> Result<Vec<(u32, u64)>, Trouble> {
        let mut sizes = Vec::with_capacity(uids.len());
        for set in uids::sets(uids) {
            let answer = self
                .ask(&format!("UID FETCH {set} (UID RFC822.SIZE)"), |response| {
                    if let Response::Fetch(_, attributes) = response {
                        sizes.extend(pick::size(attributes));
                    }
                })
                .await?;
            fetched(&answer)?;
        }
        Ok(sizes)
    }

    async fn bodies(&mut self, uids: &[u32]) -> Result<Vec<(u32, Vec<u8>)>, Trouble> {
        let mut messages = Vec::with_capacity(uids.len());
        for set in uids::sets(uids) {
            let answer = self
                .ask(&format!("UID FETCH {set} (UID BODY.PEEK[])"), |response| {
                    if let Response::Fetch(_, attributes) = response {
                        messages.extend(pick::message(attributes));
                    }
                })
                .await?;
            fetched(&answer)?;
        }
        Ok(messages)
    }

    pub async fn missing(&mut self, folder: &str, uids: &[u32]) -> Result<Vec<u32>, Trouble> {
        self.examine(folder).await?;
        // First, so that the server has told what vanished.
        self.look_again().await?;
        let mut there = HashSet::new();
        for set in uids::sets(uids) {
            let answer = self
                .ask(&format!("UID SEARCH UID {set}"), |response| {
                    if let Response::MailboxData(MailboxDatum::Search(found)) = response {
                        there.extend(found.iter().copied());
                    }
                })
                .await?;
            expect_ok(&answer)?;
        }
        Ok(uids.iter().copied().filter(|uid| !there.contains(uid)).collect())
    }

    pub async fn find(
        &mut self,
        message_id: &str,
        folders: &[String],
    ) -> Result<Option<(String, u32)>, Trouble> {
        let Some(needle) = searchable(message_id) else { return Ok(None) };
        if self.known.is_empty() || folders.is_empty() {
            self.list().await?;
        }
        let all: Vec<Folder> = self.known.iter().map(|known| known.folder.clone()).collect();
        let places = if folders.is_empty() { role::search_order(&all) } else { folders.to_vec() };
        for folder in places {
            match self.find_in(&folder, message_id, &needle).await {
                Ok(Some(uid)) => return Ok(Some((folder, uid))),
                Ok(None) | Err(Trouble::NoFolder { .. } | Trouble::NotAllowed { .. }) => {}
                Err(trouble) => return Err(trouble),
            }
        }
        Ok(None)
    }

    async fn find_in(
        &mut self,
        folder: &str,
        message_id: &str,
        needle: &str,
    ) -> Result<Option<u32>, Trouble> {
        self.examine(folder).await?;
        self.look_again().await?;
        let mut candidates = Vec::new();
        let answer = self
            .ask(&format!("UID SEARCH HEADER Message-ID {needle}"), |response| {
                if let Response::MailboxData(MailboxDatum::Search(found)) = response {
                    candidates.extend_from_slice(found);
                }
            })
            .await?;
        expect_ok(&answer)?;
        // SEARCH finds parts of words, so what it found is compared; in pieces, for a stranger may have chosen an id
        // that is part of every other. The newest first, as in a Maildir.
        candidates.sort_unstable();
        for piece in candidates.rchunks(PIECE) {
            let mut heads = Vec::new();
            for set in uids::sets(piece) {
                self.fetch_heads(&format!("UID FETCH {set}"), &mut heads).await?;
            }
            let exact = heads.iter().filter(|head| headers::has_message_id(&head.headers, message_id));
            if let Some(uid) = exact.map(|head| head.uid).max() {
                return Ok(Some(uid));
            }
        }
        Ok(None)
    }
}

/// A FETCH may end in NO because another client expunged some of the messages: what came is good. Any other
/// refusal must not look like an empty folder.
fn fetched(answer: &Answer) -> Result<(), Trouble> {
    match answer.code.as_str() {
        "EXPUNGEISSUED" => Ok(()),
        _ => expect_ok(answer),
    }
}

/// The longest part of a Message-ID that can be searched for in plain quotes: SEARCH looks for parts of words, and
/// nothing a stranger wrote can leave the quotes.
fn searchable(message_id: &str) -> Option<String> {
    let bare = message_id.trim().trim_start_matches('<').trim_end_matches('>');
    let runs = bare.split(|letter: char| !matches!(letter, '!'..='~'));
    runs.max_by_key(|run| run.len()).filter(|run| !run.is_empty()).map(quoted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(message_id: &str, wanted: Option<&str>) {
        assert_eq!(searchable(message_id).as_deref(), wanted);
    }

    #[test]
    fn a_strangers_message_id_stays_in_its_quotes() {
        check("<1@x>", Some("\"1@x\""));
        check("<a\"b\\c@x>", Some("\"a\\\"b\\\\c@x\""));
        check("<a\r\nR2 LOGOUT-NOW>", Some("\"LOGOUT-NOW\""));
        check("<blåbär@adventure.example>", Some("\"r@adventure.example\""));
        check("<å>", None);
        check("", None);
    }
}
