//! A whole message, understood as far as it could be, with notes about the rest. The raw bytes are kept elsewhere:
//! nothing that is not understood here is lost.

use super::{body, envelope, fields, parts, plain};
use domain::envelope::Envelope;
use std::fmt;

/// What is shown and stored of a message besides its raw bytes.
#[derive(Debug, Clone, Default)]
pub struct Message {
    /// Here with Bcc, unlike before the verdict.
    pub envelope: Envelope,
    /// The body as its sender marked it up: decoded, not sanitized. Several parts are joined.
    pub html: Option<String>,
    /// The body in plain text, when the sender wrote one.
    pub text: Option<String>,
    pub attachments: Vec<Attachment>,
    pub protection: Protection,
    /// What was not understood, each once.
    pub notes: Vec<Note>,
}

/// A file that came along; a forwarded message is one, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Safe as a name on any system ([`super::clean_filename`]); never empty, not unique.
    pub filename: String,
    /// Lower case, without parameters.
    pub mimetype: String,
    /// What a `cid:` link in the HTML names, without brackets.
    pub content_id: Option<String>,
    /// Belongs into the text (a picture) rather than below it.
    pub inline: bool,
    /// Decoded.
    pub bytes: Vec<u8>,
}

/// Signatures are not checked and nothing is decrypted: what came is kept as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Protection {
    #[default]
    None,
    Signed,
    Encrypted,
}

/// What was not understood, as a sentence for whoever reads the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    BrokenBase64,
    BrokenQuotedPrintable,
    UnknownEncoding(String),
    UnknownCharset(String),
    WrongCharset(String),
    MissingBoundary,
    EndsTooEarly,
    NestedTooDeep,
    TooManyParts,
    HeaderTooLong,
    Winmail,
}

impl fmt::Display for Note {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Note::BrokenBase64 => {
                out.write_str("A part was damaged on its way (broken base64): some of it may be missing.")
            }
            Note::BrokenQuotedPrintable => out
                .write_str("A part was not encoded properly (quoted-printable): some letters may be wrong."),
            Note::UnknownEncoding(name) => {
                write!(out, "A part uses the unknown encoding “{name}”: it is shown as it came.")
            }
            Note::UnknownCharset(name) => {
                write!(out, "The alphabet “{name}” is unknown: some letters may be wrong.")
            }
            Note::WrongCharset(name) => {
                write!(out, "A text is not in the alphabet it names (“{name}”): some letters may be wrong.")
            }
            Note::MissingBoundary => out
                .write_str("The parts of this message are not marked properly: it may be shown as one text."),
            Note::EndsTooEarly => out.write_str("The message ends too early: some of it may be missing."),
            Note::NestedTooDeep => write!(
                out,
                "The message is nested more than {} levels deep: the rest is not shown.",
                parts::DEEPEST
            ),
            Note::TooManyParts => {
                write!(out, "The message has more than {} parts: the rest is not shown.", parts::MOST_PARTS)
            }
            Note::HeaderTooLong => out.write_str("The header is too long: the rest of it was not read."),
            Note::Winmail => out
                .write_str("Outlook packed parts of this message into winmail.dat, which is kept unopened."),
        }
    }
}

/// Reads a message. Time and memory grow with its length only: nesting, parts, people, ids and header bytes are
/// bounded; a forwarded message is an attachment and is not opened. It never fails.
pub fn message(raw: &[u8]) -> Message {
    let size = raw.len() as u64;
    let raw = parts::with_line_feeds(raw);
    let (part, notes) = parts::tree(&raw);
    let mut envelope = envelope::of_fields(&part.fields, size);
    envelope.bcc = envelope::bcc(&part.fields, &envelope);
    let found = body::body(&part, notes);
    Message {
        envelope,
        html: found.html,
        text: found.text,
        attachments: found.attachments,
        protection: found.protection,
        notes: found.notes,
    }
}

/// How much of a body is indexed.
const SEARCHABLE: usize = 256 * 1024;

impl Message {
    /// One line of what the sender wrote, at most `chars` letters, without markup and without what is quoted.
    pub fn preview(&self, chars: usize) -> String {
        plain::preview(&self.plain(64 * 1024), chars)
    }

    /// The body in plain text for the index, quotations included, at most 256 KiB.
    pub fn searchable(&self) -> String {
        self.plain(SEARCHABLE)
    }

    fn plain(&self, limit: usize) -> String {
        match (&self.text, &self.html) {
            (Some(text), _) if !text.trim().is_empty() => domain::text::clipped(text, limit),
            (_, Some(html)) => plain::of_html(html, limit),
            _ => String::new(),
        }
    }
}

/// The subject of a message inside of a message, to name it by.
pub(super) fn subject_of(raw: &[u8]) -> Option<String> {
    let (fields, _) = fields::of_message(raw);
    fields.first("Subject").map(|it| super::words::text(it, 150)).filter(|it| !it.is_empty())
}
