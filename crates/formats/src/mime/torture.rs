//! Messages that mean harm or know no better: nothing panics, everything stays within bounds.

use super::*;
use domain::envelope::Envelope;
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What holds for every message whatsoever.
fn stays_within_bounds(raw: &[u8], name: &str) -> Message {
    let mail = message(raw);
    let is_line = |it: &str| !it.chars().any(char::is_control);
    let it = &mail.envelope;
    assert!(is_line(&it.subject) && it.subject.len() <= 4_000, "{name}: {:?}", it.subject);
    let ids = it.message_id.iter().chain(&it.in_reply_to).chain(&it.references);
    let more = it.thread_index.iter().chain(&it.list_id).chain([&it.content_type]);
    for id in ids.chain(more) {
        assert!(is_line(id) && !id.is_empty() && id.len() <= 4_000, "{name}: {id:?}");
    }
    assert!(
        it.in_reply_to.len() <= 200 && it.references.len() <= 200 && it.people().count() <= 10_001,
        "{name}"
    );
    for (_, person) in it.people() {
        let address = person.address.as_written();
        assert!(
            is_line(&person.name) && is_line(address) && !address.is_empty() && address.len() <= 998,
            "{name}: {address:?}"
        );
        assert!(person.group.as_deref().is_none_or(is_line), "{name}");
    }
    assert!(mail.attachments.len() <= 1_000 && mail.notes.len() <= 50, "{name}");
    for file in &mail.attachments {
        assert_eq!(clean_filename(&file.filename), file.filename, "{name}");
        assert!(is_line(&file.mimetype) && file.mimetype.contains('/'), "{name}: {}", file.mimetype);
        assert!(file.bytes.len() <= raw.len(), "{name}");
    }
    assert!(mail.notes.iter().all(|it| is_line(&it.to_string())), "{name}");
    assert!(is_line(&mail.preview(100)) && mail.preview(100).chars().count() <= 100, "{name}");
    assert!(mail.searchable().len() <= 256 * 1024, "{name}");
    let _ = safe_html(mail.html.as_deref().unwrap_or_default(), Images::Blocked, &|_| None);
    let _ = text_to_html(mail.text.as_deref().unwrap_or_default());
    let headers_only: Envelope = envelope(raw, raw.len() as u64);
    assert_eq!(headers_only.message_id, it.message_id, "{name}");
    mail
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

fn each(folder: &Path) -> usize {
    let files = std::fs::read_dir(folder).expect("a folder").map(|it| it.expect("a file").path());
    let mut count = 0;
    for path in files.filter(|it| it.extension().is_some_and(|it| it == "eml")) {
        stays_within_bounds(&std::fs::read(&path).expect("a message"), &path.display().to_string());
        count += 1;
    }
    count
}

#[test]
fn our_own_torture_is_survived() {
    assert!(each(&folder("testdata/torture")) >= 25);
    assert!(each(&folder("testdata/mail")) >= 15);
}

#[test]
fn the_torture_of_others_is_survived() {
    for name in ["../shared/corpus/torture", "../shared/corpus/mail"] {
        let folder = folder(name);
        if folder.is_dir() {
            assert!(each(&folder) > 100);
        } else {
            eprintln!("{name} is absent: only the messages of testdata were read.");
        }
    }
}

/// What is read of a small nasty file.
#[track_caller]
fn check(name: &str, text: Option<&str>, notes: &[Note]) -> Message {
    let raw = std::fs::read(folder(&format!("testdata/torture/{name}.eml"))).expect("a message");
    let mail = message(&raw);
    assert_eq!((mail.text.as_deref().map(str::trim_end), mail.notes.as_slice()), (text, notes));
    mail
}

#[test]
fn what_can_be_read_is_read() {
    check("no-header", Some("Just some words\nwithout any header."), &[]);
    check("no-empty-line", Some("Hello there\nSecond line"), &[]);
    check("bare-cr", Some("one"), &[]);
    check("eight-bit-boundary", Some("found"), &[]);
    check("utf8-boundary", Some("found"), &[]);
    check("missing-boundary", Some("guessed"), &[Note::MissingBoundary]);
    check("boundary-never-comes", Some("Hello all the same"), &[Note::MissingBoundary]);
    check("boundary-prefix", Some("inner"), &[]);
    check("same-boundary-inside", Some("inner"), &[]);
    check("folded-to-death", Some("part"), &[]);
    check("mbox-line", Some(">From here on it is text"), &[]);
    let mail = check("nul-everywhere", Some("body"), &[]);
    assert_eq!(mail.envelope.message_id.as_deref(), Some("nul@x"));
    let mail = check("twice-everything", None, &[]);
    assert_eq!(mail.envelope.from.map(|it| it.address.to_string()).as_deref(), Some("eva@x.example"));
    assert_eq!(mail.envelope.message_id.as_deref(), Some("second@x"));
    assert!(mail.html.is_some() && mail.envelope.date.is_some());
    let mail = check("digest", None, &[]);
    let names: Vec<&str> = mail.attachments.iter().map(|it| it.filename.as_str()).collect();
    assert_eq!(names, ["one.eml", "two.eml"]);
    let unknown = [
        Note::UnknownEncoding("x-uuencode".into()),
        Note::BrokenBase64,
        Note::UnknownCharset("martian".into()),
    ];
    let notes = [unknown.as_slice(), &[Note::BrokenQuotedPrintable]].concat();
    check("wrong-encodings", Some("begin 644 a\n=ZZ==Ã"), &notes);
}

/// A header with this field, repeated as often, and a body.
fn bomb(start: &str, piece: &str, times: usize, end: &str) -> Vec<u8> {
    [start.as_bytes(), piece.repeat(times).as_bytes(), end.as_bytes()].concat()
}

/// Each of these took minutes or the stack in some reader of mail. A debug build on a busy machine gets a wide limit.
#[test]
fn bombs_do_not_explode() {
    let bombs = [
        ("a thousand levels", bomb("", "Content-Type: multipart/mixed; boundary=b\n\n--b\n", 1_000, "\nx")),
        ("a thousand letters", bomb("", "Content-Type: message/rfc822\n\n", 20_000, "\nx")),
        (
            "many parts",
            bomb("Content-Type: multipart/mixed; boundary=b\n\n", "--b\n\nx\n", 100_000, "--b--\n"),
        ),
        (
            "many unfinished parts",
            bomb(
                "Content-Type: multipart/mixed; boundary=b\n\n",
                "--b\nContent-Type: multipart/x; boundary=nowhere\n\n",
                20_000,
                "",
            ),
        ),
        ("one enormous line", bomb("Subject: ", "=?utf-8?q?=?", 200_000, "\n\nx")),
        ("many words", bomb("Subject: ", "=?utf-8?q?=C3?= ", 100_000, "\n\nx")),
        ("brackets", bomb("To: ", "(", 500_000, ")\n\nx")),
        ("quotes", bomb("To: \"", "\\\"", 300_000, "\n\nx")),
        ("angles", bomb("To: ", "<@", 300_000, "\n\nx")),
        ("many people", bomb("To: ", "Eva Ek <eva@adventure.example>, ", 50_000, "\n\nx")),
        ("many references", bomb("References: ", "<a@b>\r\n ", 50_000, "\n\nx")),
        ("open comments", bomb("References: ", "(<", 300_000, "\n\nx")),
        ("parameters", bomb("Content-Type: text/plain", "; name*1*=a", 100_000, "\n\nx")),
        ("fields", bomb("", "X: y\n", 300_000, "\n\nx")),
        ("deep html", bomb("Content-Type: text/html\n\n", "<div>", 60_000, "")),
        ("crossed html", bomb("Content-Type: text/html\n\n", "<b><table><i></b>", 20_000, "")),
        ("list html", bomb("Content-Type: text/html\n\n", "<dd><li><p><a><td>", 12_000, "")),
        ("attributes", bomb("Content-Type: text/html\n\n<p ", "a b=c ", 200_000, ">x")),
        ("unfinished tags", bomb("Content-Type: text/html\n\n", "<a href=\"<script><!--", 100_000, "")),
        ("entities", bomb("Content-Type: text/html\n\n", "&", 60_000, "")),
        ("special letters", bomb("Content-Type: text/html; charset=utf-8\n\n", "»", 60_000, "")),
        ("special addresses", bomb("Content-Type: text/html\n\n<a href='http:", "&", 300_000, "'>x")),
        ("quotations", bomb("Subject: x\n\n", ">", 1_000_000, "")),
        ("colons", bomb("Subject: x\n\n", "http:", 200_000, "")),
    ];
    for (name, raw) in bombs {
        let start = Instant::now();
        stays_within_bounds(&raw, name);
        let took = start.elapsed();
        assert!(took < Duration::from_secs(10), "{name} took {took:?}");
    }
}

#[test]
fn too_much_is_noted() {
    let notes = |raw: Vec<u8>| message(&raw).notes;
    let deep = bomb("", "Content-Type: multipart/mixed; boundary=b\n\n--b\n", 1_000, "\nx");
    assert!(notes(deep).contains(&Note::NestedTooDeep));
    let many = bomb("Content-Type: multipart/mixed; boundary=b\n\n", "--b\n\nx\n", 2_000, "--b--\n");
    assert_eq!(notes(many), [Note::TooManyParts]);
    assert_eq!(notes(bomb("", "X: y\n", 3_000, "\n\nx")), [Note::HeaderTooLong]);
}

/// Bytes that look a little like mail, so that chance gets somewhere.
fn mail_like() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just("\r\n".as_bytes().to_vec()),
        Just(b"\n".to_vec()),
        Just(b"--b".to_vec()),
        Just(b"--".to_vec()),
        proptest::sample::select(vec![
            "From: ",
            "To: ",
            "Subject: ",
            "Message-ID: ",
            "References: ",
            "Date: ",
            "Content-Type: ",
            "multipart/mixed; boundary=b",
            "multipart/related; boundary=b",
            "multipart/alternative; boundary=\"b\"",
            "text/html",
            "text/plain; charset=",
            "charset=utf-16",
            "iso-2022-jp",
            "shift_jis",
            "utf-7",
            "gb18030",
            "Content-Transfer-Encoding: base64",
            "quoted-printable",
            "=?utf-8?Q?",
            "=?iso-2022-jp?B?",
            "?=",
            "<",
            ">",
            "@",
            "\"",
            "(",
            ")",
            ":",
            ";",
            ",",
            "\\",
            "=",
            "%",
            "*0*=",
            "filename",
            "Content-Disposition: attachment; ",
            "<img src=",
            "<a href='",
            "style=\"background:url(",
            "<table>",
            "</td>",
            "<!--",
            "-->",
            "&amp;",
            "&#x",
            "23 Nov 2026 10:41:00 +0100",
        ])
        .prop_map(|it| it.as_bytes().to_vec()),
        proptest::collection::vec(any::<u8>(), 0..8),
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|it| it.concat())
}

proptest! {
    #[test]
    fn no_bytes_panic(raw in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        stays_within_bounds(&raw, "random bytes");
    }

    #[test]
    fn no_mail_panics(raw in mail_like()) {
        stays_within_bounds(&raw, "random mail");
    }

    #[test]
    fn no_html_panics(html in "(<|>|&|'|\"|=|/|!|-|a|td|img|src|style|url\\(|[ å\\PC]){0,80}") {
        let safe = safe_html(&html, Images::Allowed, &|_| Some("/x".to_owned()));
        super::xss::harmless(&safe.html);
        let _ = text_to_html(&html);
    }
}

/// Run by hand (`cargo test -p formats --release -- --ignored --nocapture measured`): how long the big ones take.
#[test]
#[ignore = "prints times; run by hand"]
fn measured() {
    let line = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0\r\n";
    let attachment = "Subject: x\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n";
    let html = "Subject: x\nContent-Type: text/html\n\n";
    let big = [
        ("50 MB attachment", bomb(attachment, line, 650_000, "")),
        ("50 MB of text", bomb("Subject: x\n\n", "Hej du glade ta en spade.\n", 2_000_000, "")),
        ("50 MB of HTML", bomb(html, "<p>Hej <b>du</b> glade</p>\n", 1_900_000, "")),
        ("50 MB of <div>", bomb(html, "<div>", 10_000_000, "")),
        (
            "50 MB of delimiters",
            bomb("Content-Type: multipart/mixed; boundary=b\n\n", "--b\n", 12_500_000, ""),
        ),
        ("10,000 people", bomb("To: ", "Eva Ek <eva@adventure.example>, ", 10_000, "\n\nx")),
        ("1,000 levels", bomb("", "Content-Type: multipart/mixed; boundary=b\n\n--b\n", 1_000, "\nx")),
        (
            "1,000,000 levels",
            bomb("", "Content-Type: multipart/mixed; boundary=b\n\n--b\n", 1_000_000, "\nx"),
        ),
    ];
    for (name, raw) in big {
        let (mail, read) = timed(|| message(&raw));
        let (_, enveloped) = timed(|| envelope(&raw, 0));
        let (_, found) = timed(|| (mail.preview(100), mail.searchable()));
        let (safe, shown) = timed(|| {
            let _ = text_to_html(mail.text.as_deref().unwrap_or_default());
            safe_html(mail.html.as_deref().unwrap_or_default(), Images::Blocked, &|_| None)
        });
        let size = raw.len() / 1_000_000;
        println!(
            "{name} ({size} MB): message {read:?}, envelope {enveloped:?}, text {found:?}, shown {shown:?} (cut: {})",
            safe.cut
        );
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}
