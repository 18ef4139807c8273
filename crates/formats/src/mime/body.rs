//! Which parts are the body, which are files, and how text and HTML go together.

use super::flowed;
use super::message::{Attachment, Note, Protection, subject_of};
use super::params::{Typed, typed};
use super::parts::Part;
use super::{clean_filename, decode, ids, markup, plain};
use domain::text::clipped;

/// What the tree of parts comes down to.
#[derive(Default)]
pub(super) struct Body {
    pub(super) html: Option<String>,
    pub(super) text: Option<String>,
    pub(super) attachments: Vec<Attachment>,
    pub(super) protection: Protection,
    pub(super) notes: Vec<Note>,
}

/// A stretch of the body, in one form or in both.
#[derive(Default)]
struct Stretch {
    html: Option<String>,
    text: Option<String>,
}

pub(super) fn body(part: &Part<'_>, notes: Vec<Note>) -> Body {
    let mut reader = Reader { stretches: Vec::new(), body: Body { notes, ..Body::default() } };
    reader.walk(part);
    let Stretch { html, text } = joined(reader.stretches);
    Body { html, text, ..reader.body }
}

struct Reader {
    stretches: Vec<Stretch>,
    body: Body,
}

impl Reader {
    fn walk(&mut self, part: &Part<'_>) {
        if part.parts.is_empty() && !part.kind.value.starts_with("multipart/") {
            return self.leaf(part);
        }
        match part.kind.value.as_str() {
            "multipart/alternative" => self.alternative(part),
            "multipart/related" => self.related(part),
            "multipart/signed" => {
                self.protect(Protection::Signed);
                for (at, it) in part.parts.iter().enumerate() {
                    if at == 0 { self.walk(it) } else { self.attach(it, false) }
                }
            }
            // Nothing in there can be read; the parts are kept as files.
            "multipart/encrypted" => {
                self.protect(Protection::Encrypted);
                part.parts.iter().for_each(|it| self.attach(it, false));
            }
            _ => part.parts.iter().for_each(|it| self.walk(it)),
        }
    }

    /// RFC 2046 5.1.4: the last form is the best one. Files in it (an invitation) are kept as files.
    fn alternative(&mut self, part: &Part<'_>) {
        let mut best = Stretch::default();
        for choice in &part.parts {
            let before = std::mem::take(&mut self.stretches);
            self.walk(choice);
            let found = joined(std::mem::replace(&mut self.stretches, before));
            // Plain text that was written beats plain text beside the HTML of a richer form.
            if best.text.is_none() || found.html.is_none() {
                best.text = found.text.or(best.text);
            }
            best.html = found.html.or(best.html);
        }
        if best.html.is_some() || best.text.is_some() {
            self.stretches.push(best);
        }
    }

    /// RFC 2387: one root, and what it refers to.
    fn related(&mut self, part: &Part<'_>) {
        let start = part.kind.get("start").and_then(ids::bare);
        let root = part.parts.iter().position(|it| start.is_some() && content_id(it) == start).unwrap_or(0);
        for (at, it) in part.parts.iter().enumerate() {
            if at == root { self.walk(it) } else { self.attach(it, true) }
        }
    }

    fn leaf(&mut self, part: &Part<'_>) {
        let disposition = disposition(part);
        let is_file =
            disposition.value == "attachment" || (filename(part).is_some() && !self.stretches.is_empty());
        match part.kind.value.as_str() {
            "text/plain" if !is_file => {
                let text = flowed::read(self.text(part), &part.kind);
                let start = text.trim_start();
                if start.starts_with("-----BEGIN PGP MESSAGE-----") {
                    self.protect(Protection::Encrypted);
                } else if start.starts_with("-----BEGIN PGP SIGNED MESSAGE-----") {
                    self.protect(Protection::Signed);
                }
                self.stretches.push(Stretch { text: Some(text), html: None });
            }
            "text/html" if !is_file => {
                let html = self.text(part);
                self.stretches.push(Stretch { html: Some(html), text: None });
            }
            "application/pkcs7-mime" | "application/x-pkcs7-mime" => {
                // RFC 8551 3.2.2.
                match part.kind.get("smime-type").map(str::to_ascii_lowercase).as_deref() {
                    Some("signed-data") => self.protect(Protection::Signed),
                    Some("compressed-data" | "certs-only") => {}
                    _ => self.protect(Protection::Encrypted),
                }
                self.attach(part, false);
            }
            "application/ms-tnef" | "application/vnd.ms-tnef" => {
                self.note(Note::Winmail);
                self.attach(part, false);
            }
            _ => self.attach(part, disposition.value == "inline" && part.kind.value.starts_with("image/")),
        }
    }

    fn attach(&mut self, part: &Part<'_>, is_related: bool) {
        if !part.parts.is_empty() {
            // A multipart beside the root of another one: its leaves are the files.
            return part.parts.iter().for_each(|it| self.attach(it, is_related));
        }
        let bytes = self.bytes(part);
        let mimetype = part.kind.value.clone();
        let inline =
            is_related && disposition(part).value != "attachment" || disposition(part).value == "inline";
        let filename = match filename(part) {
            Some(name) => clean_filename(&name),
            None => default_name(&mimetype, &bytes),
        };
        self.body.attachments.push(Attachment {
            filename,
            mimetype,
            content_id: content_id(part),
            inline,
            bytes,
        });
    }

    fn text(&mut self, part: &Part<'_>) -> String {
        let bytes = self.bytes(part);
        let named = part.kind.get("charset").map(str::to_owned);
        let charset =
            named.or_else(|| (part.kind.value == "text/html").then(|| charset_in_html(&bytes)).flatten());
        let (text, note) = decode::charset(&bytes, charset.as_deref());
        if let Some(note) = note {
            self.note(note);
        }
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
        if text.contains(['\r', '\0']) {
            return text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "");
        }
        text.to_owned()
    }

    fn bytes(&mut self, part: &Part<'_>) -> Vec<u8> {
        let encoding = part.fields.first("Content-Transfer-Encoding").map(typed).unwrap_or_default().value;
        match encoding.as_str() {
            "base64" => {
                let (bytes, sound) = decode::base64(part.body);
                if !sound {
                    self.note(Note::BrokenBase64);
                }
                bytes
            }
            "quoted-printable" => {
                let (bytes, sound) = decode::quoted_printable(part.body);
                if !sound {
                    self.note(Note::BrokenQuotedPrintable);
                }
                bytes
            }
            "" | "7bit" | "8bit" | "binary" | "7-bit" | "8-bit" => part.body.to_vec(),
            _ => {
                self.note(Note::UnknownEncoding(clipped(&encoding, 40)));
                part.body.to_vec()
            }
        }
    }

    /// Encrypted outweighs signed: a signature around it says nothing about what can be read.
    fn protect(&mut self, protection: Protection) {
        if self.body.protection != Protection::Encrypted {
            self.body.protection = protection;
        }
    }

    fn note(&mut self, note: Note) {
        if self.body.notes.len() < 50 && !self.body.notes.contains(&note) {
            self.body.notes.push(note);
        }
    }
}

/// One body from several stretches: as soon as one of them has a form, the others are brought into it.
fn joined(stretches: Vec<Stretch>) -> Stretch {
    if let [_] = stretches.as_slice() {
        return stretches.into_iter().next().unwrap_or_default();
    }
    let some_html = stretches.iter().any(|it| it.html.is_some());
    let some_text = stretches.iter().any(|it| it.text.is_some());
    let (mut html, mut text) = (String::new(), String::new());
    for it in &stretches {
        if some_html {
            let separator = if html.is_empty() { "" } else { "\n" };
            let own = it.text.as_deref().map(markup::text_to_html).unwrap_or_default();
            html.extend([separator, it.html.as_deref().unwrap_or(&own)]);
        }
        if some_text {
            let separator = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
            let own = it.html.as_deref().map(|it| plain::of_html(it, 1024 * 1024)).unwrap_or_default();
            text.extend([separator, it.text.as_deref().unwrap_or(&own)]);
        }
    }
    Stretch { html: some_html.then_some(html), text: some_text.then_some(text) }
}

fn disposition(part: &Part<'_>) -> Typed {
    part.fields.first("Content-Disposition").map(typed).unwrap_or_default()
}

fn filename(part: &Part<'_>) -> Option<String> {
    let disposition = disposition(part);
    disposition.get("filename").or(part.kind.get("name")).map(str::to_owned)
}

fn content_id(part: &Part<'_>) -> Option<String> {
    part.fields.first("Content-ID").and_then(ids::one)
}

/// `<meta charset=…>` in the first kilobyte.
fn charset_in_html(bytes: &[u8]) -> Option<String> {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    let value = start.split_once("charset=")?.1.trim_start_matches(['"', '\'']);
    let name: String =
        value.chars().take_while(|it| it.is_ascii_alphanumeric() || "-_".contains(*it)).collect();
    (!name.is_empty()).then_some(name)
}

/// What a part without a name is called.
fn default_name(mimetype: &str, bytes: &[u8]) -> String {
    match mimetype {
        "message/rfc822" | "message/global" => {
            clean_filename(&format!("{}.eml", subject_of(bytes).unwrap_or_else(|| "message".to_owned())))
        }
        "text/calendar" => "invitation.ics".to_owned(),
        "text/plain" => "text.txt".to_owned(),
        "text/html" => "page.html".to_owned(),
        "text/rfc822-headers" | "message/delivery-status" | "message/disposition-notification" => {
            "report.txt".to_owned()
        }
        "application/pgp-signature" => "signature.asc".to_owned(),
        "application/pgp-encrypted" => "version.asc".to_owned(),
        "application/pkcs7-signature" | "application/x-pkcs7-signature" => "smime.p7s".to_owned(),
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => "smime.p7m".to_owned(),
        "application/ms-tnef" | "application/vnd.ms-tnef" => "winmail.dat".to_owned(),
        "image/jpeg" => "image.jpg".to_owned(),
        "image/svg+xml" => "image.svg".to_owned(),
        _ => match mimetype.split_once('/') {
            Some(("image", kind)) => clean_filename(&format!("image.{kind}")),
            Some((_, "pdf" | "zip")) => {
                format!("attachment.{}", mimetype.rsplit('/').next().unwrap_or_default())
            }
            _ => "attachment.bin".to_owned(),
        },
    }
}
