//! How a mailbox is reached. What is secret here shows in no log.

use std::fmt;
use std::path::PathBuf;

/// How to reach a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Account {
    /// A Maildir or Maildir++ on this machine.
    Maildir { path: PathBuf },
    /// A server that speaks IMAP, revision 1 of version 4 (RFC 3501).
    Imap {
        host: String,
        port: u16,
        security: Security,
        login: String,
        password: Secret,
        /// A PEM file that is trusted beside the system's certificates: an authority, or the very certificate
        /// of the server when it signed itself.
        extra_root: Option<PathBuf>,
    },
}

/// How the way to the server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (RFC 8314), usually port 993.
    Tls,
    /// A plain greeting, then STARTTLS; never a password before it.
    StartTls,
    /// No protection. Only when somebody asked for exactly this.
    Plaintext,
}

/// A password. It shows neither in `{:?}` nor anywhere else.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// The password itself: to send it, and to keep it encrypted.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_never_shows() {
        let account = Account::Imap {
            host: "mail.adventure.example".into(),
            port: 993,
            security: Security::Tls,
            login: "eva".into(),
            password: Secret::new("hemligt"),
            extra_root: None,
        };
        assert!(!format!("{account:?}").contains("hemligt"));
    }
}
