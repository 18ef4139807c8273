//! The letters of the demo's mailbox: full messages with placeholders for dates, so that they are always recent.

use super::Files;
use crate::error::broke_off;
use crate::{App, Result, mailboxes};
use anyhow::Context;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::Europe::Stockholm;
use chrono_tz::Tz;
use connect::{Account, Flags, Mailbox};
use domain::id::Guid;

const FOLDERS: [(&str, &str); 3] =
    [("mail/inbox/", "INBOX"), ("mail/sent/", "Sent"), ("mail/archive/", "Archive")];

/// Makes the mailbox, a Maildir in the data directory, with all letters in order of their dates.
pub(super) async fn deliver(app: &App, user: Guid) -> Result<()> {
    let path = app.data.join("mail").join("seller");
    let made = path.clone();
    tokio::task::spawn_blocking(move || connect::create_maildir(&made))
        .await
        .map_err(|ended| broke_off(&ended))
        .context("Making a mailbox")??;
    let account = Account::Maildir { path };
    let mut mailbox = Mailbox::open(&account).await?;
    let today = today(app.now().utc().context("The clock is out of range")?.with_timezone(&Stockholm));
    for (from, folder) in FOLDERS {
        mailbox.make_folder(folder).await?;
        let mut letters = Vec::new();
        for file in Files::iter().filter(|it| it.starts_with(from)) {
            let raw = Files::get(&file).with_context(|| format!("{file} is gone"))?;
            letters.push(Letter::of(&raw.data, today));
        }
        letters.sort_by_key(|it| it.date);
        for letter in letters {
            let flags = Flags { seen: letter.seen, keywords: vec![] };
            mailbox.append(folder, &letter.raw, &flags).await?;
        }
    }
    drop(mailbox);
    mailboxes::add(app, user, account).await?;
    Ok(())
}

/// Before the last letter of the day was written, the world is a day younger: no letter lies in the future.
fn today(now: DateTime<Tz>) -> NaiveDate {
    let last = NaiveTime::from_hms_opt(10, 45, 0).unwrap_or_default();
    if now.time() < last { now.date_naive() - Days::new(1) } else { now.date_naive() }
}

struct Letter {
    raw: Vec<u8>,
    seen: bool,
    date: Option<DateTime<Tz>>,
}

impl Letter {
    /// Takes the line for the demo off, fills the placeholders and ends lines as RFC 5322 wants them.
    fn of(file: &[u8], today: NaiveDate) -> Letter {
        let mut seen = true;
        let mut rest = file;
        if let Some(line) = file.strip_prefix(b"X-Demo: ") {
            let end = line.iter().position(|it| *it == b'\n').map_or(line.len(), |at| at + 1);
            seen = !line.starts_with(b"unread");
            rest = &line[end..];
        }
        let (filled, date) = filled(rest, today);
        Letter { raw: crlf(&filled), seen, date }
    }
}

/// Placeholders are found in bytes, because not every letter is UTF-8. The first date is the letter's own.
fn filled(text: &[u8], today: NaiveDate) -> (Vec<u8>, Option<DateTime<Tz>>) {
    let mut out = Vec::with_capacity(text.len());
    let mut date = None;
    let mut rest = text;
    while let Some(start) = find(rest, b"{{") {
        let Some(length) = find(&rest[start..], b"}}") else { break };
        out.extend_from_slice(&rest[..start]);
        let inner = String::from_utf8_lossy(&rest[start + 2..start + length]);
        let (text, when) = placeholder(&inner, today);
        out.extend_from_slice(text.as_bytes());
        date = date.or(when);
        rest = &rest[start + length + 2..];
    }
    out.extend_from_slice(rest);
    (out, date)
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|it| it == what)
}

const MONTHS_SV: [&str; 12] = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
];

/// `date -3d 10:41`, `day -3d`, `day-en -3d`, `ics +3d 13:00`.
fn placeholder(inner: &str, today: NaiveDate) -> (String, Option<DateTime<Tz>>) {
    let mut words = inner.split_whitespace();
    let kind = words.next().unwrap_or_default();
    let days: i64 = words.next().and_then(|it| it.trim_end_matches('d').parse().ok()).unwrap_or_default();
    let day = today + chrono::TimeDelta::days(days);
    let time = words.next().and_then(|it| NaiveTime::parse_from_str(it, "%H:%M").ok()).unwrap_or_default();
    let local = Stockholm.from_local_datetime(&NaiveDateTime::new(day, time)).earliest();
    match kind {
        "date" => (local.map(|it| it.to_rfc2822()).unwrap_or_default(), local),
        "day" => (format!("{} {}", day.day(), MONTHS_SV.get(day.month0() as usize).unwrap_or(&"")), None),
        "day-en" => (day.format("%-d %B").to_string(), None),
        "ics" => (NaiveDateTime::new(day, time).format("%Y%m%dT%H%M%S").to_string(), None),
        _ => (format!("{{{{{inner}}}}}"), None),
    }
}

/// Lone line feeds become CRLF (RFC 5322 2.1); what is right already stays.
pub(super) fn crlf(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + text.len() / 30);
    let mut before = 0;
    for byte in text {
        if *byte == b'\n' && before != b'\r' {
            out.push(b'\r');
        }
        out.push(*byte);
        before = *byte;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let (filled, _) = filled(text.as_bytes(), day());
        assert_eq!(String::from_utf8(filled).unwrap(), expected);
    }

    #[test]
    fn dates_are_told_from_today() {
        check("Date: {{date -3d 10:41}}\n", "Date: Fri, 20 Nov 2026 10:41:00 +0100\n");
        check("senast {{day +20d}}, {{day-en -3d}}", "senast 13 december, 20 November");
        check("DTSTART:{{ics +3d 13:00}}", "DTSTART:20261126T130000");
        check("{{unknown}} {{", "{{unknown}} {{");
    }

    #[test]
    fn an_unread_letter_says_so_and_loses_the_line() {
        let letter = Letter::of(b"X-Demo: unread\nSubject: a\n\nb\n", day());
        assert!(!letter.seen);
        assert_eq!(letter.raw, b"Subject: a\r\n\r\nb\r\n");
    }

    #[test]
    fn every_letter_of_the_world_can_be_read() {
        let letters = Files::iter().filter(|it| it.starts_with("mail/"));
        let mut count = 0;
        for file in letters {
            let letter = Letter::of(&Files::get(&file).unwrap().data, day());
            let message = formats::mime::message(&letter.raw);
            assert!(message.envelope.from.is_some() && letter.date.is_some(), "{file}");
            assert!(message.envelope.message_id.is_some(), "{file}");
            count += 1;
        }
        assert!(count >= 40, "{count} letters");
    }
}
