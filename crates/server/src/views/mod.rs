//! What things look like: functions from values to markup. No queries, no privileges, no clock.

pub mod bin;
pub mod bulk;
pub mod definitions;
pub mod email;
pub mod error;
pub mod field;
pub mod form;
pub mod hint;
pub mod history;
pub mod home;
pub mod icon;
pub mod list;
pub mod mail;
pub mod message;
pub mod pane;
pub mod privacy;
pub mod record;
pub mod search;
pub mod settings;
pub mod shell;
pub mod sign_in;
pub mod timeline;
pub mod transfer;
pub mod twins;

pub use icon::{Who, avatar, icon, mark, mark_big, small_icon, type_icon};

use domain::id::RecordRef;

/// Where a record's page is.
pub fn address(record: &RecordRef) -> String {
    format!("/records/{}/{}", record.entity, record.id)
}

/// A piece of a query string, with everything escaped that means something there.
pub fn escaped(text: &str) -> String {
    serde_urlencoded::to_string([("", text)]).map(|it| it[1..].to_owned()).unwrap_or_default()
}
