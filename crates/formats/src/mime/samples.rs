//! The messages of `testdata/mail`, read as the product reads them.

use super::*;
use domain::envelope::{Envelope, Sensitivity};

fn read(name: &str) -> Message {
    let path = format!("{}/../../testdata/mail/{name}.eml", env!("CARGO_MANIFEST_DIR"));
    message(&std::fs::read(&path).unwrap_or_else(|it| panic!("{path}: {it}")))
}

fn people(envelope: &Envelope) -> Vec<String> {
    let show = |(part, it): (domain::envelope::Part, &domain::envelope::Person)| {
        let group = it.group.as_ref().map(|it| format!(" [{it}]")).unwrap_or_default();
        format!("{part:?}: {} <{}>{group}", it.name, it.address)
    };
    envelope.people().map(show).collect()
}

/// Name, type, inline, length.
fn files(message: &Message) -> Vec<(&str, &str, bool, usize)> {
    message.attachments.iter().map(|it| (&*it.filename, &*it.mimetype, it.inline, it.bytes.len())).collect()
}

#[test]
fn a_swedish_reply_keeps_its_letters_and_its_thread() {
    let mail = read("swedish-reply");
    let it = &mail.envelope;
    assert_eq!(it.subject, "SV: Offert på vinterdäck – beställning");
    assert_eq!(
        people(it),
        [
            "Sender: Eva Ek (Försäljning) <eva.ek@adventure.example>",
            "To: Lind, Bo <bo.lind@contoso.example>",
            "Cc: Åsa Öberg <asa@contoso.example>",
        ]
    );
    assert_eq!(it.message_id.as_deref(), Some("svar-2@adventure.example"));
    assert_eq!(it.ancestors(), ["fraga-1@contoso.example", "start-0@contoso.example"]);
    assert_eq!(it.thread_index.as_deref(), Some("AQHbPQ7k7v0m1kq0S0yq3xY1Zw=="));
    assert_eq!(it.date.map(|it| it.to_string()).as_deref(), Some("2026-11-23T09:41:00Z"));
    assert_eq!(mail.preview(60), "Hej Bo! Vi tar alla fyra. Kan ni leverera till lagret i…");
    assert!(mail.searchable().contains("Priset gäller hela året."));
    assert_eq!((mail.html, mail.notes), (None, vec![]));
}

#[test]
fn letters_without_a_charset_are_read_as_windows_wrote_them() {
    let mail = read("latin1-no-charset");
    assert_eq!(mail.envelope.subject, "Räkning för städning");
    assert_eq!(people(&mail.envelope)[0], "Sender: Åsa Öberg <asa@gamla.example>");
    assert!(mail.text.is_some_and(|it| it.contains("på papper.\nÅsa")));
    assert_eq!(mail.envelope.date.map(|it| it.to_string()).as_deref(), Some("2026-11-23T07:15:00Z"));
}

#[test]
fn soft_breaks_vanish() {
    let mail = read("qp-soft-breaks");
    let text = mail.text.unwrap_or_default();
    assert!(text.contains("has been broken softly in \nthe middle, also inside of a word"), "{text}");
    assert!(text.contains(
        "spaces behind the sign that some relay put there. 1 + 1 = 2, café au lait, and 100 =% sure."
    ));
    assert_eq!(mail.notes, [Note::BrokenQuotedPrintable]);
}

#[test]
fn broken_base64_shows_what_it_can_and_says_so() {
    let mail = read("broken-base64");
    assert!(
        mail.text
            .as_deref()
            .is_some_and(|it| it.starts_with("Hej! Den här texten överlevde nästan hela resan."))
    );
    assert_eq!(mail.notes[0], Note::BrokenBase64);
    assert_eq!(files(&mail), [("avtal.pdf", "application/pdf", false, 26)]);
}

#[test]
fn twenty_boxes_are_opened() {
    let mail = read("nested-twenty-deep");
    assert_eq!(
        (mail.text.as_deref(), mail.notes.as_slice()),
        (Some("At the bottom of the last box."), [].as_slice())
    );
}

#[test]
fn groups_name_their_members() {
    let mail = read("group-addresses");
    assert_eq!(
        people(&mail.envelope),
        [
            "Sender: Eva Ek <eva.ek@adventure.example>",
            "To: Bo Lind <bo.lind@contoso.example> [Försäljning]",
            "To:  <cia@contoso.example> [Försäljning]",
            "To: David <david@contoso.example>",
            "Bcc:  <hidden@adventure.example>",
        ]
    );
    assert_eq!(mail.envelope.sender.map(|it| it.name).as_deref(), Some("Front Desk"));
}

#[test]
fn a_machine_may_forget_the_message_id() {
    let mail = read("no-message-id");
    assert_eq!((mail.envelope.key(), mail.envelope.automatic), (None, true));
    assert_eq!(mail.envelope.date.map(|it| it.to_string()).as_deref(), Some("2026-11-23T10:00:00Z"));
}

#[test]
fn injected_headers_stay_text() {
    let mail = read("header-injection");
    let it = &mail.envelope;
    assert_eq!(it.subject, "Hello Set-Cookie: a=b <b>body");
    let expected = [
        "Sender: Eva Bcc: victim@x.example <eva@adventure.example>",
        "To: Bo Subject: new <bo.lind@contoso.example>",
    ];
    assert_eq!(people(it), expected);
    assert_eq!(it.message_id.as_deref(), Some("injection@adventure.example"));
    assert_eq!(it.in_reply_to, ["first@contoso.example", "second@contoso.example"]);
    assert_eq!(it.list_id.as_deref(), Some("news.adventure.example"));
    assert_eq!(mail.attachments[0].filename, "html.txt");
}

#[test]
fn evil_names_become_good_ones() {
    let mail = read("attachment-names-evil");
    let names: Vec<&str> = mail.attachments.iter().map(|it| it.filename.as_str()).collect();
    assert_eq!(
        names,
        [
            "åäö.pdf",
            "evil.exe",
            "lönelista 2026.xlsx",
            "påsk.txt",
            "photogpj.exe",
            "_con.txt",
            "attachment.bin",
            "image.png",
            "möte.eml"
        ]
    );
    assert_eq!(mail.text.as_deref(), Some("Nine files."));
}

#[test]
fn a_picture_in_the_text_is_told_from_a_file_below_it() {
    let mail = read("inline-image-cid");
    assert_eq!(
        files(&mail),
        [("logo.png", "image/png", true, 70), ("offer.pdf", "application/pdf", false, 9)]
    );
    let cid = |id: &str| {
        let found = mail.attachments.iter().position(|it| it.content_id.as_deref() == Some(id));
        found.map(|at| format!("/part/{at}"))
    };
    let safe = safe_html(mail.html.as_deref().unwrap_or_default(), Images::Blocked, &cid);
    assert!(safe.html.contains(r#"<img src="/part/0" alt="logo" width="40">"#), "{}", safe.html);
    assert_eq!(mail.text.as_deref(), Some("[logo] Hello"));
}

#[test]
fn protected_mail_is_kept_as_it_is() {
    let signed = read("signed-smime");
    assert_eq!(
        (signed.protection, signed.text.as_deref()),
        (Protection::Signed, Some("This is what I signed."))
    );
    assert_eq!(signed.attachments[0].filename, "smime.p7s");
    assert_eq!(signed.envelope.sensitivity, Sensitivity::Confidential);
    let encrypted = read("encrypted-pgp");
    assert_eq!((encrypted.protection, encrypted.text, encrypted.html), (Protection::Encrypted, None, None));
    assert_eq!(encrypted.envelope.content_type, "multipart/encrypted");
    let names: Vec<&str> = encrypted.attachments.iter().map(|it| it.filename.as_str()).collect();
    assert_eq!(names, ["version.asc", "encrypted.asc"]);
}

#[test]
fn an_old_alphabet_hides_no_script() {
    let mail = read("utf7");
    assert_eq!(mail.envelope.subject, "Smörgås");
    let html = mail.html.unwrap_or_default();
    assert!(html.contains("<script>"));
    assert_eq!(safe_html(&html, Images::Blocked, &|_| None).html.trim(), "Smörgås");
}

#[test]
fn outlooks_own_format_is_kept_and_noted() {
    let mail = read("winmail");
    assert_eq!(
        (mail.text.as_deref(), mail.notes.as_slice()),
        (Some("See the attached “file”."), [Note::Winmail].as_slice())
    );
    assert_eq!(files(&mail), [("winmail.dat", "application/ms-tnef", false, 7)]);
}

#[test]
fn flowed_lines_become_paragraphs() {
    let mail = read("format-flowed");
    let expected = "> Could you tell me when it arrives?\n\nIt will arrive on Monday, unless the ferry is late again.\n\n-- \nEva\n";
    assert_eq!(mail.text.as_deref(), Some(expected));
    assert_eq!(mail.preview(80), "It will arrive on Monday, unless the ferry is late again.");
}

#[test]
fn an_invitation_is_text_and_a_file() {
    let mail = read("calendar-invite");
    assert_eq!(mail.text.as_deref(), Some("You are invited to the kick-off."));
    assert_eq!(mail.html.as_deref(), Some("<p>You are <b>invited</b> to the kick-off.</p>"));
    assert_eq!(
        (mail.attachments[0].filename.as_str(), mail.attachments[0].mimetype.as_str()),
        ("invitation.ics", "text/calendar")
    );
}

#[test]
fn a_newsletter_looks_right_and_calls_nobody() {
    let mail = read("newsletter");
    assert_eq!(mail.envelope.subject, "🎄 Julrea på allt");
    assert_eq!(mail.envelope.list_id.as_deref(), Some("news.northwind.example"));
    assert!(mail.envelope.automatic);
    assert_eq!(mail.preview(40), "Julrea på allt! Allt för halva priset –…");
    let html = mail.html.unwrap_or_default();
    let blocked = safe_html(&html, Images::Blocked, &|_| None);
    assert_eq!(blocked.blocked_images, 5);
    assert!(
        !blocked.html.contains("northwind.example/bg")
            && !blocked.html.contains(".gif")
            && !blocked.html.contains("Only for Outlook")
    );
    assert!(
        blocked.html.contains(r#"<td align="center" style="padding:20px;font-family:Arial;">"#),
        "{}",
        blocked.html
    );
    assert!(blocked.html.contains(r#"href="https://northwind.example/shop?utm=1&amp;id=2""#));
    let allowed = safe_html(&html, Images::Allowed, &|_| None);
    assert_eq!((allowed.blocked_images, allowed.html.matches("https://northwind.example/").count()), (0, 6));
}

#[test]
fn the_footer_of_a_list_joins_the_text() {
    let mail = read("mailing-list-footer");
    assert_eq!(mail.text.as_deref(), Some("Blå valla.\nUnsubscribe at https://lists.example/skis"));
    let html = mail.html.unwrap_or_default();
    assert!(html.starts_with("<p>Blå valla.</p>\n<p>Unsubscribe at <a href="), "{html}");
    assert_eq!(mail.envelope.in_reply_to, ["asked@lists.example"]);
    assert!(mail.envelope.references.is_empty());
}

#[test]
fn the_envelope_is_the_same_before_the_body_is_read() {
    let path = format!("{}/../../testdata/mail/group-addresses.eml", env!("CARGO_MANIFEST_DIR"));
    let raw = std::fs::read(path).expect("a sample");
    let before = envelope(&raw, raw.len() as u64);
    let after = message(&raw).envelope;
    assert_eq!(before.bcc, []);
    let unhidden = Envelope { bcc: after.bcc.clone(), ..before };
    assert_eq!(format!("{unhidden:?}"), format!("{after:?}"));
}
