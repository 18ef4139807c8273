//! Names for things: records, and the messages of strangers.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// The key of a record: 16 bytes, version 7, so that newer keys sort after older ones.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Guid(pub Uuid);

impl Guid {
    pub const NIL: Guid = Guid(Uuid::nil());

    /// A version 7 key (RFC 9562 5.7) from the time in milliseconds and ten random bytes.
    pub fn v7(unix_millis: u64, random: [u8; 10]) -> Guid {
        Guid(uuid::Builder::from_unix_timestamp_millis(unix_millis, &random).into_uuid())
    }

    /// The key of what the product brings along, the same in every installation: made from its kind and its name
    /// (RFC 9562 5.8).
    pub fn named(kind: &str, name: &str) -> Guid {
        let digest = Sha256::new().chain_update(kind).chain_update(b":").chain_update(name).finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        Guid(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }

    /// `None` unless there are exactly 16 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Guid> {
        Uuid::from_slice(bytes).ok().map(Guid)
    }

    pub fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(out)
    }
}

impl fmt::Debug for Guid {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl FromStr for Guid {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Guid, uuid::Error> {
        text.parse().map(Guid)
    }
}

/// One record of one type, written `account/0190…`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordRef {
    /// The logical name of the type: `account`.
    pub entity: String,
    pub id: Guid,
}

impl RecordRef {
    pub fn new(entity: impl Into<String>, id: Guid) -> RecordRef {
        RecordRef { entity: entity.into(), id }
    }
}

impl fmt::Display for RecordRef {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.entity, self.id)
    }
}

/// `account` without a key, or a key that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotARecord(pub String);

impl fmt::Display for NotARecord {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "“{}” does not name a record: write TYPE/GUID, such as account/0190…", self.0)
    }
}

impl std::error::Error for NotARecord {}

impl FromStr for RecordRef {
    type Err = NotARecord;

    fn from_str(text: &str) -> Result<RecordRef, NotARecord> {
        let (entity, id) = text.split_once('/').ok_or_else(|| NotARecord(text.to_owned()))?;
        let id = id.parse().map_err(|_| NotARecord(text.to_owned()))?;
        Ok(RecordRef::new(entity, id))
    }
}

/// What makes a message the same message in every mailbox: 32 bytes, because an index refuses long text (decision 5).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageKey(pub [u8; 32]);

impl MessageKey {
    /// The key of a message with this Message-ID. Angle brackets and surrounding space do not count.
    pub fn of_id(message_id: &str) -> MessageKey {
        let bare = message_id.trim().trim_start_matches('<').trim_end_matches('>');
        MessageKey(Sha256::new().chain_update(b"id:").chain_update(bare).finalize().into())
    }

    /// The key of a message that has no Message-ID: its bytes as they lie in the mailbox.
    pub fn of_raw(raw: &[u8]) -> MessageKey {
        MessageKey(Sha256::new().chain_update(b"raw:").chain_update(raw).finalize().into())
    }
}

impl fmt::Debug for MessageKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in &self.0[..6] {
            write!(out, "{byte:02x}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_keys_sort_after_earlier_ones() {
        assert!(Guid::v7(1, [255; 10]) < Guid::v7(2, [0; 10]));
    }

    #[test]
    fn a_record_survives_being_written_down() {
        let record = RecordRef::new("account", Guid::v7(1, [7; 10]));
        assert_eq!(record.to_string().parse(), Ok(record));
        assert!("account".parse::<RecordRef>().is_err());
        assert!("account/7".parse::<RecordRef>().is_err());
    }

    #[test]
    fn brackets_do_not_make_another_message() {
        assert_eq!(MessageKey::of_id("<a@b>"), MessageKey::of_id(" a@b "));
        assert_ne!(MessageKey::of_id("a@b"), MessageKey::of_raw(b"a@b"));
    }
}
