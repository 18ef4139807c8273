//! Where a mailbox is, as one writes it on a command line.

use crate::config::{is_host, why};
use connect::{Account, Security};
use std::path::{Path, PathBuf};

/// An IMAP server and the way to it.
#[derive(Debug, PartialEq, Eq)]
pub struct Server {
    pub host: String,
    pub port: u16,
    pub security: Security,
}

/// Reads `imaps://HOST[:PORT]` (usually port 993) or `imap://HOST[:PORT]` (143). The error is a sentence.
pub fn server(url: &str, insecure_plaintext: bool) -> Result<Server, String> {
    let no_server = || format!("“{url}” is no mail server: write imaps://HOST:PORT or imap://HOST:PORT.");
    let (scheme, rest) = url.split_once("://").ok_or_else(no_server)?;
    let (usual, security) = match (scheme, insecure_plaintext) {
        ("imaps", false) => (993, Security::Tls),
        ("imap", false) => (143, Security::StartTls),
        ("imap", true) => (143, Security::Plaintext),
        ("imaps", true) => {
            return Err("--insecure-plaintext and imaps:// contradict each other: write imap://.".to_owned());
        }
        _ => return Err(no_server()),
    };
    let rest = rest.trim_end_matches('/');
    let (host, port) = match rest.rsplit_once(':').filter(|(_, port)| !port.contains(']')) {
        Some((host, port)) => (host, port.parse().map_err(|_| no_server())?),
        None => (rest, usual),
    };
    if !is_host(host) {
        return Err(no_server());
    }
    Ok(Server { host: host.trim_matches(['[', ']']).to_owned(), port, security })
}

/// The whole path, because the server will run in another directory.
pub fn directory(path: &Path) -> Result<PathBuf, String> {
    match path.canonicalize() {
        Ok(whole) if whole.is_dir() => Ok(whole),
        Ok(_) => Err(format!("{} is no directory.", path.display())),
        Err(error) => Err(format!("The Maildir {} cannot be read: {}.", path.display(), why(&error))),
    }
}

/// As [`directory`], of a PEM file.
pub fn certificates(path: &Path) -> Result<PathBuf, String> {
    let cannot =
        |why: &dyn std::fmt::Display| format!("The certificate {} cannot be read: {why}.", path.display());
    let whole = path.canonicalize().map_err(|it| cannot(&why(&it)))?;
    let text = std::fs::read(&whole).map_err(|it| cannot(&why(&it)))?;
    let begin = b"-----BEGIN CERTIFICATE-----";
    if text.windows(begin.len()).any(|it| it == begin) {
        Ok(whole)
    } else {
        Err(cannot(&"it is no PEM file"))
    }
}

/// The place without its secrets.
pub fn place(account: &Account) -> String {
    match account {
        Account::Maildir { path } => path.display().to_string(),
        Account::Imap { host, port, security, login, .. } => {
            let scheme = if *security == Security::Tls { "imaps" } else { "imap" };
            let host = if host.contains(':') { format!("[{host}]") } else { host.clone() };
            let bare = if *security == Security::Plaintext { ", not encrypted" } else { "" };
            format!("{scheme}://{host}:{port} as {login}{bare}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Security::{Plaintext, StartTls, Tls};

    #[track_caller]
    fn check(url: &str, insecure_plaintext: bool, host: &str, port: u16, security: Security) {
        assert_eq!(server(url, insecure_plaintext), Ok(Server { host: host.to_owned(), port, security }));
    }

    #[test]
    fn the_scheme_says_how_the_way_is_protected() {
        check("imaps://mail.example.com", false, "mail.example.com", 993, Tls);
        check("imaps://[::1]:9993", false, "::1", 9993, Tls);
        check("imap://mail.example.com/", false, "mail.example.com", 143, StartTls);
        check("imap://127.0.0.1:1143", true, "127.0.0.1", 1143, Plaintext);
    }

    #[test]
    fn a_wrong_place_is_explained() {
        for url in
            ["mail.example.com", "https://mail.example.com", "imap://", "imap://host:port", "imap://a b"]
        {
            assert!(server(url, false).unwrap_err().contains("is no mail server"), "{url}");
        }
        assert!(server("imaps://host", true).unwrap_err().contains("contradict"));
    }

    #[test]
    fn the_place_tells_no_secret() {
        let account = Account::Imap {
            host: "::1".into(),
            port: 143,
            security: Plaintext,
            login: "eva".into(),
            password: connect::Secret::new("hemligt"),
            extra_root: None,
        };
        assert_eq!(place(&account), "imap://[::1]:143 as eva, not encrypted");
    }
}
