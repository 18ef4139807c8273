//! Mail that means harm or knows no better, through the whole house: stored with a raw copy byte for byte as the
//! mailbox holds it, or refused with a sentence. Nothing panics.

use crate::world::{World, told_at_length};
use app::mail::Item;
use app::sync::Limits;
use connect::{Flags, Mailbox};
use domain::envelope::Sensitivity;
use domain::id::{Guid, MessageKey};
use domain::privilege::Actor;
use domain::tracking::Filter;
use formats::mime::Images;
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

/// Our own collections always; others' when the place that holds them is there.
fn collections() -> Vec<PathBuf> {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata");
    let mut folders = vec![ours.join("torture"), ours.join("mail")];
    match std::env::var("REGARDING_TEST_SHARED").map(|it| Path::new(&it).join("corpus/torture")) {
        Ok(theirs) if theirs.is_dir() => folders.push(theirs),
        Ok(_) | Err(_) => eprintln!("corpus/torture is absent: only the messages of testdata are tried"),
    }
    folders
}

/// Name and bytes of each message.
fn collected() -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for folder in collections() {
        let files = fs::read_dir(&folder).unwrap().map(|it| it.unwrap().path());
        let mut files: Vec<PathBuf> =
            files.filter(|it| it.extension().is_some_and(|it| it == "eml")).collect();
        files.sort();
        assert!(files.len() > 10, "{} holds no messages", folder.display());
        all.extend(files.into_iter().map(|it| (it.display().to_string(), fs::read(&it).unwrap())));
    }
    all
}

/// Puts messages into somebody's inbox as they are, and says where each lies.
async fn put(it: &World, who: &Actor, raws: &[&[u8]]) -> Vec<Item> {
    let row = it.mailbox(who).await;
    let mut mailbox = Mailbox::open(&row.account).await.unwrap();
    let mut items = Vec::new();
    for raw in raws {
        mailbox.append("INBOX", raw, &Flags::default()).await.unwrap();
        let uid = mailbox.status("INBOX").await.unwrap().uid_next - 1;
        items.push(Item::new(row.id, "INBOX", uid));
    }
    items
}

/// Everything a person can look at, of the copy and of the message in the mailbox.
async fn look_at_it_from_everywhere(it: &World, email: Guid, item: &Item, name: &str) {
    let url = |number: usize| format!("/{number}");
    let view = app::email::read(&it.app, &it.eva, email).await.unwrap_or_else(|why| panic!("{name}: {why}"));
    if view.html {
        app::email::html(&it.app, &it.eva, email, Images::Blocked, &url).await.unwrap();
    }
    for file in &view.attachments {
        let read = app::email::attachment(&it.app, &it.eva, email, file.number).await.unwrap();
        assert_eq!(read.bytes.len() as u64, file.size, "{name}");
        assert!(!read.filename.contains(['/', '\\', '\0', '\r', '\n']), "{name}: {:?}", read.filename);
    }
    let message = app::mail::read(&it.app, &it.eva, &item.folder, item.uid).await.unwrap();
    if message.html {
        app::mail::html(&it.app, &it.eva, &item.folder, item.uid, Images::Allowed, &url).await.unwrap();
    }
    for file in &message.attachments {
        app::mail::attachment(&it.app, &it.eva, &item.folder, item.uid, file.number).await.unwrap();
    }
    let pane = app::pane::pane(&it.app, &it.eva, item).await.unwrap_or_else(|why| panic!("{name}: {why}"));
    assert!(pane.people.len() <= 200, "{name}");
}

/// Tracks it by click. `None`: it was refused, with a sentence.
async fn click(it: &World, item: &Item, name: &str) -> Option<Guid> {
    match app::track::track(&it.app, &it.eva, item, Some(&it.contoso)).await {
        Ok(email) => Some(email),
        Err(app::Error::Broken(why)) => panic!("{name}: {why:#}"),
        Err(refused) => {
            assert!(refused.to_string().ends_with('.'), "{name}: {refused}");
            None
        }
    }
}

async fn raw_copy(it: &World, email: Guid, name: &str) -> Vec<u8> {
    app::email::raw(&it.app, &it.eva, email).await.unwrap_or_else(|why| panic!("{name}: {why}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_odd_message_is_stored_byte_for_byte() {
    let mails = collected();
    told_at_length(|it| {
        let mails = &mails;
        async move {
            let raws: Vec<&[u8]> = mails.iter().map(|(_, raw)| raw.as_slice()).collect();
            let items = put(&it, &it.eva, &raws).await;
            let mut stored: HashMap<Guid, &[u8]> = HashMap::new();
            for ((name, raw), item) in mails.iter().zip(&items) {
                let email = click(&it, item, name).await.unwrap_or_else(|| panic!("{name} was refused"));
                it.work().await;
                // Another message with the same Message-ID joins the first one (decision 13).
                let first = *stored.entry(email).or_insert(raw);
                assert!(raw_copy(&it, email, name).await == first, "{name} on {}", it.engine);
                Box::pin(look_at_it_from_everywhere(&it, email, item, name)).await;
            }
            assert_eq!(it.count("email").await, i64::try_from(stored.len()).unwrap());
            let page = app::mail::messages(&it.app, &it.eva, "INBOX", None).await.unwrap();
            assert_eq!(page.messages.len(), 50);
            let mut after = None;
            let mut shown = 0;
            loop {
                let timeline = app::timeline::timeline(&it.app, &it.eva, &it.contoso, after).await.unwrap();
                shown += timeline.entries.len();
                after = timeline.next;
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(shown, stored.len(), "the timeline shows them all on {}", it.engine);
            it.nothing_is_left().await;
        }
    })
    .await;
}

/// What a pass that takes everything should store: one row for each key, and nothing private (D-17).
fn expected(raws: &[&[u8]]) -> BTreeSet<MessageKey> {
    let keys = raws.iter().filter_map(|raw| {
        let mail = formats::mime::envelope(raw, raw.len() as u64);
        let private = matches!(mail.sensitivity, Sensitivity::Private | Sensitivity::Confidential);
        (!private).then(|| mail.key().unwrap_or_else(|| MessageKey::of_raw(raw)))
    });
    keys.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pass_over_odd_messages_stores_each_once() {
    let mails = collected();
    told_at_length(|it| {
        let mails = &mails;
        async move {
            let raws: Vec<&[u8]> = mails.iter().map(|(_, raw)| raw.as_slice()).collect();
            put(&it, &it.eva, &raws).await;
            let expected = expected(&raws);
            let row = it.mailbox(&it.eva).await;
            let pass =
                || app::sync::folder(&it.app, &row, "INBOX", Filter::Everything, Limits::default(), &|_| {});
            let counts = pass().await.unwrap();
            assert_eq!(counts.read, raws.len() as u64);
            let emails = it.app.db.rows("SELECT activityid, messagekey FROM email", &[]).await.unwrap();
            let stored: BTreeSet<MessageKey> = emails.iter().map(|row| row.key(1).unwrap()).collect();
            assert_eq!(stored, expected, "on {}", it.engine);
            let there: BTreeSet<&[u8]> = raws.iter().copied().collect();
            for email in &emails {
                let raw = raw_copy(&it, email.guid(0).unwrap(), "a message").await;
                assert!(there.contains(raw.as_slice()), "changed on its way into {}", it.engine);
            }
            assert_eq!(pass().await.unwrap().read, 0);
            assert_eq!(it.count("email").await, i64::try_from(expected.len()).unwrap());
            it.nothing_is_left().await;
        }
    })
    .await;
}

/// A header block that says who wrote to whom, and more.
fn header(id: &str, more: &str) -> String {
    format!(
        "Message-ID: <{id}>\r\nDate: Mon, 23 Nov 2026 10:41:00 +0100\r\nFrom: goran@contoso.example\r\n\
         To: eva@adventure.example\r\n{more}"
    )
}

fn with_file(id: &str, content: &str, name: &str, lines: usize) -> Vec<u8> {
    let line = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0\r\n";
    let more = format!(
        "Subject: file\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSe bilaga.\r\n\
         --b\r\nContent-Type: {content}\r\nContent-Transfer-Encoding: base64\r\n\
         Content-Disposition: attachment; filename=\"{name}\"\r\n\r\n{}--b--\r\n",
        line.repeat(lines)
    );
    header(id, &more).into_bytes()
}

/// Messages that somebody made to do harm, with a name each.
fn hostile() -> Vec<(&'static str, Vec<u8>)> {
    let people: Vec<String> = (0..10_000).map(|it| format!("Person {it} <p{it}@many.example>")).collect();
    let references: Vec<String> = (0..5_000).map(|it| format!("<{it}@thread.example>")).collect();
    let words: Vec<String> = (0..150_000).map(|it| format!("ord{it}")).collect();
    let long_id = format!("{}@long.example", "x".repeat(5_000));
    let nested = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n".repeat(1_000);
    vec![
        (
            "10,000 recipients",
            header("many", &format!("Cc: {}\r\nSubject: a\r\n\r\nHej\r\n", people.join(",\r\n "))),
        ),
        ("1,000 levels", header("deep", &format!("Subject: a\r\n{nested}\r\nx"))),
        ("a long Message-ID", header(&long_id, "Subject: a\r\n\r\nHej\r\n")),
        (
            "5,000 references",
            header("refs", &format!("References: {}\r\nSubject: a\r\n\r\nHej\r\n", references.join("\r\n "))),
        ),
        ("a long subject", header("subject", &format!("Subject: {}\r\n\r\nHej\r\n", "Å".repeat(100_000)))),
        ("one long word", header("word", &format!("Subject: a\r\n\r\n{}\r\n", "å".repeat(500_000)))),
        ("many different words", header("words", &format!("Subject: a\r\n\r\n{}\r\n", words.join("\r\n")))),
        (
            "an injected header",
            header(
                "inject",
                "Subject: =?utf-8?q?a=0D=0ABcc:_all@company.example=0D=0A=0D=0Ahello?=\r\n\r\nHej\r\n",
            ),
        ),
        (
            "an injected Message-ID",
            header("a\0b>\n UID STORE 1:* +FLAGS (\\Deleted", "Subject: a\r\n\r\nHej\r\n"),
        ),
        ("a Message-ID in quotes", header("\"a\\\"b\"@x", "Subject: a\r\n\r\nHej\r\n")),
        (
            "a year of no calendar",
            header("date", "Date: Mon, 99 Nov 999999999 99:99:99 +9999\r\nSubject: a\r\n\r\nHej\r\n"),
        ),
    ]
    .into_iter()
    .map(|(name, text)| (name, text.into_bytes()))
    .chain([
        ("an evil name", with_file("evil", "application/pdf", "åäö/..\\x00.pdf", 10)),
        ("an evil name with NUL", with_file("evil-nul", "application/pdf", "åäö/..\0.pdf", 10)),
        ("a long name", with_file("long-name", "application/pdf", &"å".repeat(10_000), 10)),
        ("an evil type", with_file("type", "text/html\0; charset=\"\0\"", "a", 10)),
        ("nothing", Vec::new()),
    ])
    .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_messages_are_stored_or_refused() {
    let mails = hostile();
    told_at_length(|it| {
        let mails = &mails;
        async move {
            for (name, raw) in mails {
                let item = put(&it, &it.eva, &[raw]).await.remove(0);
                let Some(email) = click(&it, &item, name).await else { continue };
                it.work().await;
                assert!(raw_copy(&it, email, name).await == *raw, "{name} on {}", it.engine);
                Box::pin(look_at_it_from_everywhere(&it, email, &item, name)).await;
                let view = app::email::read(&it.app, &it.eva, email).await.unwrap();
                let one_line = |text: &str| !text.chars().any(char::is_control);
                for column in ["subject", "messageid", "sender", "torecipients"] {
                    assert!(one_line(view.record.text(column)), "{name}: {column}");
                }
                for party in &view.parties {
                    assert!(one_line(&party.name) && one_line(&party.address), "{name}");
                }
                // Tracked again, taken back and had back: the key holds whatever the Message-ID looks like.
                assert_eq!(click(&it, &item, name).await, Some(email), "{name}");
                app::untrack::untrack(&it.app, &it.eva, email).await.unwrap();
                assert_eq!(click(&it, &item, name).await, Some(email), "{name}");
            }
            assert!(it.count("email").await >= 15);
            it.nothing_is_left().await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pass_over_hostile_messages_ends() {
    let mails = hostile();
    told_at_length(|it| {
        let mails = &mails;
        async move {
            let raws: Vec<&[u8]> = mails.iter().map(|(_, raw)| raw.as_slice()).collect();
            put(&it, &it.eva, &raws).await;
            let row = it.mailbox(&it.eva).await;
            let counts =
                app::sync::folder(&it.app, &row, "INBOX", Filter::Everything, Limits::default(), &|_| {})
                    .await
                    .unwrap();
            assert_eq!((counts.read, counts.tracked), (raws.len() as u64, raws.len() as u64));
            assert_eq!(it.count("email").await, i64::try_from(raws.len()).unwrap());
            it.nothing_is_left().await;
        }
    })
    .await;
}

/// That nobody waits for it meanwhile is shown with a real server, in `crates/server/tests/cli/busy.rs`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_of_50_mb_is_stored_byte_for_byte() {
    let big = with_file("big", "application/pdf", "ritning.pdf", 650_000);
    assert!(big.len() > 50_000_000);
    told_at_length(|it| {
        let big = &big;
        async move {
            let item = put(&it, &it.eva, &[big]).await.remove(0);
            let email = app::track::track(&it.app, &it.eva, &item, None).await.unwrap();
            while app::email::raw(&it.app, &it.eva, email).await.is_err() {
                it.work().await;
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
            assert!(raw_copy(&it, email, "the big one").await == *big, "on {}", it.engine);
            look_at_it_from_everywhere(&it, email, &item, "the big one").await;
            it.nothing_is_left().await;
        }
    })
    .await;
}

/// What is larger than anything the mailbox hands out is refused before there is a row.
#[tokio::test]
async fn what_is_too_large_is_a_sentence_and_no_row() {
    told_at_length(|it| async move {
        let item =
            put(&it, &it.eva, &[header("huge", "Subject: a\r\n\r\nHej\r\n").as_bytes()]).await.remove(0);
        let file = fs::read_dir(it.maildir(&it.eva).join("new")).unwrap().next().unwrap().unwrap().path();
        // A hole: it takes no room on the disk.
        fs::File::options().write(true).open(file).unwrap().set_len(connect::MESSAGE_LIMIT + 1).unwrap();
        let refused = app::track::track(&it.app, &it.eva, &item, None).await.unwrap_err();
        assert!(matches!(refused, app::Error::Mailbox(connect::Trouble::TooLarge { .. })), "{refused:?}");
        assert_eq!((it.count("email").await, it.count("job").await), (0, 0));
    })
    .await;
}
