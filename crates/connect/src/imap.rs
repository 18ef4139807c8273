//! A mailbox on an IMAP server (RFC 3501 and 9051). Folders are examined, never closed: EXAMINE marks nothing as
//! read and CLOSE would expunge.

mod folders;
mod frame;
mod login;
mod pick;
mod reading;
mod way;
mod wire;

use crate::{Account, Flags, Folder, Mark, Status, Trouble, uids, utf7};
use folders::Known;
use frame::{Answer, Outcome};
use imap_proto::{MailboxDatum, Response, ResponseCode, StatusAttribute};
use login::Abilities;
use wire::Wire;

/// A session with a server.
#[derive(Debug)]
pub struct Imap {
    wire: Wire,
    abilities: Abilities,
    /// All folders, once somebody asked for one.
    known: Vec<Known>,
    selected: Option<Selected>,
}

/// The folder that the server has open for us.
#[derive(Debug)]
struct Selected {
    folder: String,
    access: Access,
    exists: u32,
    /// The UID and sequence number up to which `heads` has come: so the next piece needs no search.
    come_to: Option<(u32, u32)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    ReadOnly,
    ReadWrite,
}

impl Selected {
    /// Servers mention new and vanished messages whenever they like.
    fn notice(&mut self, response: &Response<'_>) {
        match response {
            Response::MailboxData(MailboxDatum::Exists(count)) => self.exists = *count,
            Response::Expunge(_) => {
                self.exists = self.exists.saturating_sub(1);
                self.come_to = None;
            }
            _ => {}
        }
    }
}

impl Imap {
    pub async fn open(account: &Account) -> Result<Imap, Trouble> {
        let (wire, abilities) = login::session(account).await?;
        Ok(Imap { wire, abilities, known: Vec::new(), selected: None })
    }

    pub async fn folders(&mut self) -> Result<Vec<Folder>, Trouble> {
        self.list().await?;
        Ok(self.known.iter().map(|known| known.folder.clone()).collect())
    }

    pub async fn status(&mut self, folder: &str) -> Result<Status, Trouble> {
        let keywords_kept = self.keeps_keywords(folder).await?;
        let modseq = if self.abilities.contains("CONDSTORE") { " HIGHESTMODSEQ" } else { "" };
        let command =
            format!("STATUS {} (MESSAGES UIDNEXT UIDVALIDITY UNSEEN{modseq})", self.wire_name(folder).await?);
        let mut status = Status {
            uid_validity: 0,
            uid_next: 0,
            exists: 0,
            unseen: 0,
            highest_modseq: None,
            keywords_kept,
        };
        let answer = self
            .ask(&command, |response| {
                if let Response::MailboxData(MailboxDatum::Status { status: attributes, .. }) = response {
                    for attribute in attributes {
                        count(&mut status, attribute);
                    }
                }
            })
            .await?;
        self.folder_answered(&answer, folder)?;
        if status.uid_validity == 0 || status.uid_next == 0 {
            return Err(Trouble::protocol("the server does not number the messages"));
        }
        Ok(status)
    }

    pub async fn set_keyword(
        &mut self,
        folder: &str,
        uids: &[u32],
        keyword: &str,
        mark: Mark,
    ) -> Result<(), Trouble> {
        if uids.is_empty() {
            return Ok(());
        }
        self.select_for_keywords(folder, keyword, mark).await?;
        let sign = match mark {
            Mark::Set => '+',
            Mark::Remove => '-',
        };
        for set in uids::sets(uids) {
            let answer = self.ask(&format!("UID STORE {set} {sign}FLAGS.SILENT ({keyword})"), |_| ()).await?;
            match (answer.outcome, answer.code.as_str()) {
                (Outcome::Ok, _) | (_, "EXPUNGEISSUED") => {}
                _ => return Err(Trouble::NotAllowed { folder: folder.to_owned() }),
            }
        }
        Ok(())
    }

    pub fn is_sound(&self) -> bool {
        self.wire.is_sound()
    }

    pub async fn is_open(&mut self) -> bool {
        self.wire.is_open().await
    }

    pub async fn check(&mut self) -> Result<(), Trouble> {
        let answer = self.ask("NOOP", |_| ()).await?;
        expect_ok(&answer)
    }

    pub async fn append(&mut self, folder: &str, raw: &[u8], flags: &Flags) -> Result<(), Trouble> {
        let mut words: Vec<&str> = flags.keywords.iter().map(String::as_str).collect();
        if flags.seen {
            words.push("\\Seen");
        }
        let name = self.wire_name(folder).await?;
        let command = format!("APPEND {name} ({}) {{{}}}", words.join(" "), raw.len());
        let answer = self.wire.ask_in_parts(&command, raw).await?;
        self.folder_answered(&answer, folder)
    }

    pub async fn make_folder(&mut self, folder: &str) -> Result<(), Trouble> {
        self.list().await?;
        if self.known.iter().any(|known| known.folder.name == folder) {
            return Ok(());
        }
        let separator = self.known.iter().find_map(|known| known.separator).unwrap_or('/');
        let name = utf7::encode(&folder.replace('/', &separator.to_string()));
        let answer = self.ask(&format!("CREATE {}", quoted(&name)), |_| ()).await?;
        self.known.clear();
        match answer.outcome {
            Outcome::Ok => Ok(()),
            Outcome::No | Outcome::Bad => Err(Trouble::NotAllowed { folder: folder.to_owned() }),
        }
    }

    /// Lets the server tell what is new in the selected folder.
    async fn look_again(&mut self) -> Result<(), Trouble> {
        self.check().await
    }

    fn exists(&self) -> u32 {
        self.selected.as_ref().map_or(0, |selected| selected.exists)
    }

    async fn ask(
        &mut self,
        command: &str,
        mut each: impl FnMut(&Response<'_>) + Send,
    ) -> Result<Answer, Trouble> {
        let selected = &mut self.selected;
        self.wire
            .ask(command, |response| {
                if let Some(selected) = selected {
                    selected.notice(response);
                }
                each(response);
            })
            .await
    }
}

fn count(status: &mut Status, attribute: &StatusAttribute) {
    match attribute {
        StatusAttribute::HighestModSeq(number) => status.highest_modseq = Some(*number),
        StatusAttribute::Messages(number) => status.exists = *number,
        StatusAttribute::UidNext(number) => status.uid_next = *number,
        StatusAttribute::UidValidity(number) => status.uid_validity = *number,
        StatusAttribute::Unseen(number) => status.unseen = *number,
        _ => {}
    }
}

/// Whether a flag list says that new keywords are kept (RFC 9051, 7.1: PERMANENTFLAGS with `\*`).
fn keeps_new(code: &ResponseCode<'_>) -> Option<bool> {
    match code {
        ResponseCode::PermanentFlags(flags) => Some(flags.iter().any(|flag| flag == "\\*")),
        _ => None,
    }
}

fn expect_ok(answer: &Answer) -> Result<(), Trouble> {
    match answer.outcome {
        Outcome::Ok => Ok(()),
        Outcome::No | Outcome::Bad => Err(Trouble::protocol("the server refused a command")),
    }
}

/// A string in quotes (RFC 9051, quoted). The caller keeps line breaks out.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
