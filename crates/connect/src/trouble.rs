//! What goes wrong with a mailbox, sorted by what can be done about it.

use std::io;
use thiserror::Error;

/// The reason why something with a mailbox did not work; `Display` is a sentence for the user. Nothing of any
/// mail, and no password, is ever in it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Trouble {
    #[error("The mail server {host}:{port} does not answer.")]
    Unreachable { host: String, port: u16 },
    #[error("The certificate of {host} is not trusted.")]
    Certificate { host: String },
    #[error("The mail server {host} offers no encryption.")]
    NoTls { host: String },
    #[error("The mail server did not accept the user name and password.")]
    LoginRefused,
    #[error("There is no folder “{folder}” in the mailbox.")]
    NoFolder { folder: String },
    #[error("You may not do this in the folder “{folder}”.")]
    NotAllowed { folder: String },
    #[error("The mail server keeps no keywords in the folder “{folder}”.")]
    NoKeywords { folder: String },
    #[error("The message is no longer in the mailbox.")]
    Gone,
    #[error("The message is too large ({bytes} bytes).")]
    TooLarge { bytes: u64 },
    #[error("The mailbox took too long to answer.")]
    Timeout,
    /// The kind alone: the error's own words may hold a path.
    #[error("The mailbox could not be read from disk: {0}.")]
    Disk(io::ErrorKind),
    /// What was wrong with the answer, without any of the answer's own words.
    #[error("The mail server answered in a way that was not understood: {0}.")]
    Protocol(String),
    /// What is wrong with the setting, without its value.
    #[error("The settings of the mailbox do not work: {0}.")]
    BadSetting(String),
}

impl Trouble {
    /// Whether trying again later may help. Only refused credentials or rights, and settings that cannot work,
    /// stop a mailbox (DESIGN 19); an outage of any kind is waited for.
    pub fn heals_by_itself(&self) -> bool {
        match self {
            Trouble::LoginRefused | Trouble::NotAllowed { .. } | Trouble::BadSetting(_) => false,
            Trouble::Unreachable { .. }
            | Trouble::Certificate { .. }
            | Trouble::NoTls { .. }
            | Trouble::NoFolder { .. }
            | Trouble::NoKeywords { .. }
            | Trouble::Gone
            | Trouble::TooLarge { .. }
            | Trouble::Timeout
            | Trouble::Disk(_)
            | Trouble::Protocol(_) => true,
        }
    }

    pub(crate) fn protocol(what: &str) -> Trouble {
        Trouble::Protocol(what.to_owned())
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Trouble {
        Trouble::Disk(error.kind())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_refused_credentials_and_rights_stop_a_mailbox() {
        assert!(!Trouble::LoginRefused.heals_by_itself());
        assert!(!Trouble::NotAllowed { folder: "INBOX".into() }.heals_by_itself());
        assert!(Trouble::Unreachable { host: "mail.example".into(), port: 993 }.heals_by_itself());
        assert!(Trouble::Certificate { host: "mail.example".into() }.heals_by_itself());
    }
}
