//! A message written from its parts (RFC 5322, RFC 6532, MIME): what is handed over without its raw bytes becomes a
//! message all the same.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use domain::time::Timestamp;
use std::fmt::Write;

/// The parts. Addresses stand as in a header, several with commas or semicolons between; texts may hold anything.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    /// With or without angle brackets.
    pub message_id: String,
    pub in_reply_to: String,
    /// As its header has it.
    pub thread_index: String,
    pub from: String,
    pub to: String,
    pub cc: String,
    pub bcc: String,
    pub subject: String,
    pub date: Option<Timestamp>,
    pub importance: Importance,
    /// HTML or plain text: what looks like markup is taken for it.
    pub body: String,
    pub attachments: Vec<File>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Importance {
    Low,
    #[default]
    Normal,
    High,
}

#[derive(Debug, Clone, Default)]
pub struct File {
    pub name: String,
    /// `application/octet-stream` when it is empty.
    pub mimetype: String,
    pub bytes: Vec<u8>,
}

/// The message. It says of itself that it is not the original (`X-Regarding-Copy: rebuilt`).
pub fn composed(parts: &Parts) -> Vec<u8> {
    let mut out = String::new();
    header(&mut out, "Message-ID", &bracketed(&parts.message_id));
    header(&mut out, "In-Reply-To", &bracketed(&parts.in_reply_to));
    header(&mut out, "Thread-Index", &parts.thread_index);
    let date = parts.date.and_then(|it| DateTime::from_timestamp_micros(it.0));
    header(&mut out, "Date", &date.map(|it| it.to_rfc2822()).unwrap_or_default());
    header(&mut out, "From", &listed(&parts.from));
    header(&mut out, "To", &listed(&parts.to));
    header(&mut out, "Cc", &listed(&parts.cc));
    header(&mut out, "Bcc", &listed(&parts.bcc));
    header(&mut out, "Subject", &parts.subject);
    match parts.importance {
        Importance::Low => header(&mut out, "Importance", "low"),
        Importance::Normal => {}
        Importance::High => header(&mut out, "Importance", "high"),
    }
    header(&mut out, "X-Regarding-Copy", "rebuilt");
    header(&mut out, "MIME-Version", "1.0");
    if parts.attachments.is_empty() {
        body(&mut out, parts);
    } else {
        mixed(&mut out, parts);
    }
    out.into_bytes()
}

fn mixed(out: &mut String, parts: &Parts) {
    // What is encoded holds no underscore: the boundary cannot stand in it.
    const BOUNDARY: &str = "=_part_=";
    header(out, "Content-Type", &format!("multipart/mixed; boundary=\"{BOUNDARY}\""));
    out.extend(["\r\n--", BOUNDARY, "\r\n"]);
    body(out, parts);
    for file in &parts.attachments {
        out.extend(["\r\n--", BOUNDARY, "\r\n"]);
        let mimetype = if is_mimetype(&file.mimetype) { &file.mimetype } else { "application/octet-stream" };
        header(out, "Content-Type", mimetype);
        header(out, "Content-Disposition", &format!("attachment; filename*=UTF-8''{}", percent(&file.name)));
        encoded(out, &file.bytes);
    }
    out.extend(["\r\n--", BOUNDARY, "--\r\n"]);
}

fn body(out: &mut String, parts: &Parts) {
    let kind = if looks_like_html(&parts.body) { "html" } else { "plain" };
    header(out, "Content-Type", &format!("text/{kind}; charset=utf-8"));
    encoded(out, parts.body.as_bytes());
}

fn encoded(out: &mut String, bytes: &[u8]) {
    header(out, "Content-Transfer-Encoding", "base64");
    out.push_str("\r\n");
    let text = STANDARD.encode(bytes);
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, behind) = rest.split_at(rest.len().min(76));
        out.push_str(line);
        out.push_str("\r\n");
        rest = behind;
    }
}

/// Nothing for an empty value. A line that somebody put into a value does not become one of the message's own.
fn header(out: &mut String, name: &str, value: &str) {
    let value = value.trim();
    if value.is_empty() {
        return;
    }
    out.push_str(name);
    out.push_str(": ");
    out.extend(value.chars().map(|it| if it.is_control() { ' ' } else { it }));
    out.push_str("\r\n");
}

fn bracketed(id: &str) -> String {
    let bare = id.trim().trim_start_matches('<').trim_end_matches('>');
    if bare.is_empty() { String::new() } else { format!("<{bare}>") }
}

/// Semicolons between addresses become commas; those within quotes stay.
fn listed(addresses: &str) -> String {
    let mut quoted = false;
    addresses
        .trim_matches([';', ',', ' '])
        .chars()
        .map(|it| {
            quoted ^= it == '"';
            if it == ';' && !quoted { ',' } else { it }
        })
        .collect()
}

fn is_mimetype(text: &str) -> bool {
    let token = |it: &str| {
        !it.is_empty() && it.bytes().all(|it| it.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&it))
    };
    text.split_once('/').is_some_and(|(one, other)| token(one) && token(other))
}

/// RFC 8187 3.2.1.
fn percent(name: &str) -> String {
    name.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing into a text cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// A tag or an entity somewhere in it.
pub fn looks_like_html(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| {
        let behind = text[at + 1..].trim_start_matches('/');
        behind.starts_with("!--")
            || behind.starts_with("!DOCTYPE")
            || (behind.starts_with(|it: char| it.is_ascii_alphabetic()) && behind.contains('>'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mime::message;

    fn parts() -> Parts {
        Parts {
            message_id: "a@contoso.example".into(),
            from: "\"Sjöberg; Göran\" <goran@contoso.example>".into(),
            to: "eva@adventure.example;bo@adventure.example;".into(),
            subject: "Offert på 240 cyklar".into(),
            date: Some(Timestamp(1_795_435_200_000_000)),
            body: "<p>Hej på dig</p>".into(),
            ..Parts::default()
        }
    }

    #[test]
    fn what_is_composed_is_read_again() {
        let file =
            File {
                name: "Offert \"å\".pdf".into(), mimetype: "application/pdf".into(), bytes: vec![0; 200]
            };
        let written = Parts { in_reply_to: "<b@x>".into(), attachments: vec![file], ..parts() };
        let read = message(&composed(&written));
        assert_eq!(read.envelope.message_id.as_deref(), Some("a@contoso.example"));
        assert_eq!(read.envelope.in_reply_to, ["b@x"]);
        assert_eq!(read.envelope.subject, "Offert på 240 cyklar");
        assert_eq!(read.envelope.date, written.date);
        let from = read.envelope.from.unwrap();
        assert_eq!(
            (from.name.as_str(), from.address.as_written()),
            ("Sjöberg; Göran", "goran@contoso.example")
        );
        let to: Vec<&str> = read.envelope.to.iter().map(|it| it.address.as_written()).collect();
        assert_eq!(to, ["eva@adventure.example", "bo@adventure.example"]);
        assert_eq!(read.html.as_deref().map(str::trim), Some("<p>Hej på dig</p>"));
        assert_eq!(
            (read.attachments[0].mimetype.as_str(), read.attachments[0].bytes.len()),
            ("application/pdf", 200)
        );
        assert!(read.attachments[0].filename.starts_with("Offert "));
    }

    #[test]
    fn plain_text_stays_plain() {
        let read = message(&composed(&Parts { body: "1 < 2, a & b".into(), ..parts() }));
        assert_eq!(read.text.as_deref().map(str::trim), Some("1 < 2, a & b"));
        assert_eq!(read.html, None);
    }

    #[test]
    fn a_value_cannot_add_a_header() {
        let subject = "Hej\r\nBcc: spy@evil.example\r\n\r\nBody".to_owned();
        let raw = String::from_utf8(composed(&Parts { subject, ..parts() })).unwrap();
        assert!(!raw.contains("\r\nBcc"), "{raw}");
        assert!(!raw.contains("\nBody"), "{raw}");
    }
}
