//! One mailbox, wherever it lives: its folders, header blocks, messages and keywords.

use crate::imap::Imap;
use crate::maildir::Maildir;
use crate::{Account, Role, Trouble};

/// A folder as the user sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// UTF-8, its levels separated by `/`; `INBOX` is always called so.
    pub name: String,
    pub role: Role,
    /// False for a name that only holds other folders.
    pub selectable: bool,
}

/// What a folder holds at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// When it changes, all UIDs known so far mean nothing (RFC 9051, 2.3.1.1).
    pub uid_validity: u32,
    /// No message at this moment has this UID or a higher one.
    pub uid_next: u32,
    pub exists: u32,
    pub unseen: u32,
    /// Only where the server numbers changes (RFC 7162).
    pub highest_modseq: Option<u64>,
    /// Whether a new keyword outlives the connection.
    pub keywords_kept: bool,
}

/// The part of a message that may be read before anybody decided to keep it. The body is deliberately absent.
#[derive(Clone, PartialEq, Eq)]
pub struct Head {
    pub uid: u32,
    /// Of the whole message, in bytes.
    pub size: u64,
    pub seen: bool,
    /// As the server spells them, without the flags that start with a backslash.
    pub keywords: Vec<String>,
    /// When it was delivered, in Unix seconds.
    pub internal_date: Option<i64>,
    /// The lines of `domain::envelope::HEADERS` as they were received, and an empty line.
    pub headers: Vec<u8>,
}

/// Headers never reach a log, not even by `{:?}`.
impl std::fmt::Debug for Head {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Head {{ uid: {}, size: {} }}", self.uid, self.size)
    }
}

/// Which messages of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// For reading: the newest first, below the UID `before` when given.
    Newest { before: Option<u32>, limit: u32 },
    /// For synchronizing: above `uid`, in ascending order.
    After { uid: u32, limit: u32 },
    /// Exactly these, as far as they exist, in ascending order.
    Uids(Vec<u32>),
}

/// What happens to a keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Set,
    Remove,
}

/// How an appended message is flagged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flags {
    pub seen: bool,
    pub keywords: Vec<String>,
}

/// An open mailbox. After `Unreachable`, `Timeout` or `Protocol` it is done for: open a new one.
#[derive(Debug)]
pub enum Mailbox {
    Maildir(Maildir),
    Imap(Box<Imap>),
}

impl Mailbox {
    /// Connects and signs in. A server gets 10 seconds to greet; later it may be silent for 60 seconds.
    pub async fn open(account: &Account) -> Result<Mailbox, Trouble> {
        match account {
            Account::Maildir { path } => Ok(Mailbox::Maildir(Maildir::open(path.clone()).await?)),
            Account::Imap { .. } => Ok(Mailbox::Imap(Box::new(Imap::open(account).await?))),
        }
    }

    /// All folders, the inbox first, then those with a role, then the others by name.
    pub async fn folders(&mut self) -> Result<Vec<Folder>, Trouble> {
        match self {
            Mailbox::Maildir(maildir) => maildir.folders().await,
            Mailbox::Imap(imap) => imap.folders().await,
        }
    }

    /// Counts and numbers of a folder, taken at one moment.
    pub async fn status(&mut self, folder: &str) -> Result<Status, Trouble> {
        match self {
            Mailbox::Maildir(maildir) => maildir.status(folder).await,
            Mailbox::Imap(imap) => imap.status(folder).await,
        }
    }

    /// Header blocks, and never more than `domain::envelope::HEADERS` of each message.
    pub async fn heads(&mut self, folder: &str, which: Which) -> Result<Vec<Head>, Trouble> {
        match self {
            Mailbox::Maildir(maildir) => maildir.heads(folder, which).await,
            Mailbox::Imap(imap) => imap.heads(folder, which).await,
        }
    }

    /// One message, byte by byte as the mailbox holds it. Errors: `Gone`, `TooLarge`.
    pub async fn message(&mut self, folder: &str, uid: u32) -> Result<Vec<u8>, Trouble> {
        match self {
            Mailbox::Maildir(maildir) => maildir.message(folder, uid).await,
            Mailbox::Imap(imap) => imap.message(folder, uid).await,
        }
    }

    /// Many messages in one go, ascending by UID; the caller bounds how many. What has vanished or is too large
    /// is absent: `message` tells why.
    pub async fn messages(&mut self, folder: &str, uids: &[u32]) -> Result<Vec<(u32, Vec<u8>)>, Trouble> {
        match self {
            Mailbox::Maildir(maildir) => maildir.messages(folder, uids).await,
            Mailbox::Imap(imap) => imap.messages(folder, uids).await,
        }
    }

    /// Where the message with exactly this Message-ID is: in one of the folders given, or in any when none is
    /// given, trash and junk last. A folder that does not exist holds nothing.
    pub async fn find(
        &mut self,
        message_id: &str,
        folders: &[String],
    ) -> Result<Option<(String, u32)>, Trouble> {
        match self {
            Mailbox::Maildir(maildir) => maildir.find(message_id, folders).await,
            Mailbox::Imap(imap) => imap.find(message_id, folders).await,
        }
    }

    /// Sets or removes a keyword on many messages at once and touches no other flag. Those that have vanished
    /// are passed over. Errors: `NotAllowed`, `NoKeywords`, `BadSetting` for a word that is no keyword.
    pub async fn set_keyword(
        &mut self,
        folder: &str,
        uids: &[u32],
        keyword: &str,
        mark: Mark,
    ) -> Result<(), Trouble> {
        if !is_keyword(keyword) {
            return Err(Trouble::BadSetting("this word cannot be a keyword".to_owned()));
        }
        match self {
            Mailbox::Maildir(maildir) => maildir.set_keyword(folder, uids, keyword, mark).await,
            Mailbox::Imap(imap) => imap.set_keyword(folder, uids, keyword, mark).await,
        }
    }

    /// Whether nothing is known to be wrong with the connection. Nobody is asked: [`Mailbox::check`] asks.
    pub async fn is_open(&mut self) -> bool {
        match self {
            Mailbox::Maildir(_) => true,
            Mailbox::Imap(imap) => imap.is_open().await,
        }
    }

    /// Those of these UIDs that no message of the folder has at this moment.
    pub async fn missing(&mut self, folder: &str, uids: &[u32]) -> Result<Vec<u32>, Trouble> {
        match self {
            Mailbox::Maildir(maildir) => maildir.missing(folder, uids).await,
            Mailbox::Imap(imap) => imap.missing(folder, uids).await,
        }
    }

    /// False when an answer is still outstanding or was read only in part: what comes next would be taken for the answer
    /// to something else, so the mailbox is done for.
    pub fn is_sound(&self) -> bool {
        match self {
            Mailbox::Maildir(_) => true,
            Mailbox::Imap(imap) => imap.is_sound(),
        }
    }

    /// Whether the mailbox can still be reached through this object.
    pub async fn check(&mut self) -> Result<(), Trouble> {
        match self {
            Mailbox::Maildir(maildir) => maildir.check().await,
            Mailbox::Imap(imap) => imap.check().await,
        }
    }

    /// Puts a message into a folder.
    pub async fn append(&mut self, folder: &str, raw: &[u8], flags: &Flags) -> Result<(), Trouble> {
        if !flags.keywords.iter().all(|keyword| is_keyword(keyword)) {
            return Err(Trouble::BadSetting("this word cannot be a keyword".to_owned()));
        }
        match self {
            Mailbox::Maildir(maildir) => maildir.append(folder, raw, flags).await,
            Mailbox::Imap(imap) => imap.append(folder, raw, flags).await,
        }
    }

    /// Makes a folder; one that exists already is fine.
    pub async fn make_folder(&mut self, folder: &str) -> Result<(), Trouble> {
        match self {
            Mailbox::Maildir(maildir) => maildir.make_folder(folder).await,
            Mailbox::Imap(imap) => imap.make_folder(folder).await,
        }
    }
}

/// RFC 9051: a keyword is an atom. (`]` is allowed there, but not understood everywhere.)
fn is_keyword(word: &str) -> bool {
    !word.is_empty()
        && word.len() <= 64
        && word.bytes().all(|byte| byte.is_ascii_graphic() && !br#"(){%*"\]"#.contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyword_is_one_plain_word() {
        for good in ["Tracked", "$Forwarded", "crm-tracked"] {
            assert!(is_keyword(good), "{good}");
        }
        for bad in ["", "two words", "\\Seen", "a)b", "å", "a\r\nb"] {
            assert!(!is_keyword(bad), "{bad}");
        }
    }
}
