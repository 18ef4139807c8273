//! The header block as decisions see it: thread, people, subject, date; never the body.

use super::fields::{self, Fields};
use super::params::typed;
use super::words::{readable, text};
use super::{date, ids, people};
use domain::envelope::{Envelope, Person, Sensitivity};
use domain::text::folded;

/// One message to more people than this is read as one to this many.
const MOST_PEOPLE: usize = 10_000;
const LONGEST_SUBJECT: usize = 4_000;
/// 22 bytes and 5 for every answer, in base64: several hundred answers.
const LONGEST_THREAD_INDEX: usize = 4_000;

/// Reads a header block (or a whole message: it stops at the empty line) into the envelope. It never fails: what cannot
/// be read is absent. `size` is the message's, in bytes on the server. Bcc is left empty: before the verdict it is none
/// of our business (decision 14).
pub fn envelope(headers: &[u8], size: u64) -> Envelope {
    let headers = super::parts::with_line_feeds(headers);
    of_fields(&fields::of_message(&headers).0, size)
}

pub(super) fn of_fields(fields: &Fields<'_>, size: u64) -> Envelope {
    let to = people::people(fields.all("To"), MOST_PEOPLE);
    let cc = people::people(fields.all("Cc"), MOST_PEOPLE - to.len());
    let content_type = fields.first("Content-Type").map(|it| typed(it).value).filter(|it| it.contains('/'));
    Envelope {
        message_id: fields.all("Message-ID").find_map(ids::one),
        in_reply_to: ids::all(fields.all("In-Reply-To")),
        references: ids::all(fields.all("References")),
        from: first_person(fields, "From"),
        sender: first_person(fields, "Sender"),
        to,
        cc,
        bcc: Vec::new(),
        subject: fields.first("Subject").map(|it| text(it, LONGEST_SUBJECT)).unwrap_or_default(),
        date: fields.all("Date").find_map(date::date),
        thread_index: fields.first("Thread-Index").and_then(thread_index),
        sensitivity: fields.first("Sensitivity").map(sensitivity).unwrap_or_default(),
        automatic: is_automatic(fields),
        list_id: fields.first("List-Id").and_then(list_id),
        // RFC 2045 5.2.
        content_type: content_type.unwrap_or_else(|| "text/plain".to_owned()),
        size,
    }
}

/// Known only once the body may be read; together with To and Cc no more than the limit.
pub(super) fn bcc(fields: &Fields<'_>, envelope: &Envelope) -> Vec<Person> {
    people::people(fields.all("Bcc"), MOST_PEOPLE - envelope.to.len() - envelope.cc.len())
}

/// Of several From fields the first that names somebody counts, and of several people in it the first.
fn first_person(fields: &Fields<'_>, name: &str) -> Option<Person> {
    fields.all(name).find_map(|it| people::people([it].into_iter(), 1).pop())
}

fn thread_index(raw: &[u8]) -> Option<String> {
    let bare: String =
        readable(raw).chars().filter(char::is_ascii_graphic).take(LONGEST_THREAD_INDEX).collect();
    (!bare.is_empty()).then_some(bare)
}

/// RFC 4021 2.1.55 and what Outlook writes.
fn sensitivity(raw: &[u8]) -> Sensitivity {
    match folded(&text(raw, 100)).as_str() {
        "personal" => Sensitivity::Personal,
        "private" => Sensitivity::Private,
        "company-confidential" | "company confidential" | "confidential" => Sensitivity::Confidential,
        _ => Sensitivity::Normal,
    }
}

/// RFC 3834 5, and Precedence, which nobody ever wrote down.
fn is_automatic(fields: &Fields<'_>) -> bool {
    let word = |raw: &[u8]| {
        let value = text(raw, 100);
        folded(value.split([';', '(', ' ']).find(|it| !it.is_empty()).unwrap_or_default())
    };
    let submitted = fields.all("Auto-Submitted").map(word).any(|it| !it.is_empty() && it != "no");
    submitted || fields.all("Precedence").map(word).any(|it| matches!(it.as_str(), "bulk" | "list" | "junk"))
}

/// RFC 2919 3: what stands in the brackets; identifiers are compared without case (6).
fn list_id(raw: &[u8]) -> Option<String> {
    let value = text(raw, 4_000);
    let inner =
        value.rsplit_once('<').map_or(value.as_str(), |it| it.1.split('>').next().unwrap_or_default());
    // Without brackets the last word is the identifier.
    let id = if value.contains('<') { inner } else { inner.split(' ').next_back().unwrap_or_default() };
    let id: String = folded(id).chars().filter(|it| !it.is_whitespace()).take(998).collect();
    (!id.is_empty()).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check<T: PartialEq + std::fmt::Debug>(headers: &str, part: fn(Envelope) -> T, expected: impl Into<T>) {
        assert_eq!(part(envelope(headers.as_bytes(), 7)), expected.into(), "{headers}");
    }

    #[test]
    fn sensitivity_is_read_in_every_spelling() {
        check("Subject: a", |it| it.sensitivity, Sensitivity::Normal);
        check("Sensitivity: Private\r\n", |it| it.sensitivity, Sensitivity::Private);
        check("sensitivity:  PERSONAL", |it| it.sensitivity, Sensitivity::Personal);
        check("Sensitivity: Company-Confidential", |it| it.sensitivity, Sensitivity::Confidential);
    }

    #[test]
    fn machines_are_told_from_people() {
        check("Auto-Submitted: no (a person)", |it| it.automatic, false);
        check("Auto-Submitted: auto-replied; owner-email=x", |it| it.automatic, true);
        check("Precedence: Bulk", |it| it.automatic, true);
        check("Precedence: first-class", |it| it.automatic, false);
    }

    #[test]
    fn a_list_is_known_by_its_identifier() {
        check(
            "List-Id: \"News <b>\" <News.Adventure.example>",
            |it| it.list_id,
            Some("news.adventure.example".to_owned()),
        );
        check("List-ID: news.adventure.example", |it| it.list_id, Some("news.adventure.example".to_owned()));
        check("List-ID: ", |it| it.list_id, None);
    }

    #[test]
    fn the_type_is_plain_text_unless_it_says_otherwise() {
        check("Subject: a", |it| it.content_type, "text/plain");
        check("Content-Type: Multipart/Encrypted; x=y", |it| it.content_type, "multipart/encrypted");
        check("Content-Type: text", |it| it.content_type, "text/plain");
    }

    #[test]
    fn the_first_from_that_names_somebody_counts() {
        let address = |it: Envelope| it.from.map(|it| it.address.to_string());
        check("From: \r\nFrom: Eva <eva@x>, bo@x\r\nFrom: cia@x", address, Some("eva@x".to_owned()));
        check("Subject: a", address, None);
    }

    #[test]
    fn bcc_is_not_read_before_the_verdict() {
        check("Bcc: eva@x", |it| it.bcc.is_empty(), true);
    }

    #[test]
    fn the_body_is_no_header() {
        check("Subject: a\r\n\r\nCc: eva@x", |it| it.cc.is_empty(), true);
        check("Subject: a\rTo: eva@x\r\rCc: eva@x", |it| (it.to.len(), it.cc.len()), (1, 0));
    }
}
