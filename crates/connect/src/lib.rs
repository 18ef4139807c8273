//! The letter box: how mail is read from a real mailbox and how a keyword is left on it.
//!
//! Nothing in here marks mail as read, moves, deletes or expunges it.

mod account;
mod date;
mod headers;
mod imap;
mod mailbox;
mod maildir;
mod role;
#[cfg(feature = "testing")]
pub mod testing;
mod trouble;
mod uids;
mod utf7;

pub use account::{Account, Secret, Security};
pub use mailbox::{Flags, Folder, Head, Mailbox, Mark, Status, Which};
pub use maildir::create as create_maildir;
pub use role::Role;
pub use trouble::Trouble;

/// Messages above this size are refused as `Trouble::TooLarge`, in bytes.
pub const MESSAGE_LIMIT: u64 = 150 * 1024 * 1024;

/// What is kept of a header block at most, in bytes.
pub const HEADER_LIMIT: usize = 1024 * 1024;
