//! The mailbox in a Maildir on disk, as the demo and the stories use it.

#![expect(clippy::unwrap_used, reason = "what a test cannot do without fails it")]

use connect::{Account, Flags, Mailbox, Mark, Role, Trouble, Which};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

async fn mailbox() -> (TempDir, Mailbox) {
    let root = tempfile::tempdir().unwrap();
    connect::create_maildir(root.path()).unwrap();
    let mailbox = open(root.path()).await;
    (root, mailbox)
}

async fn open(root: &Path) -> Mailbox {
    Mailbox::open(&Account::Maildir { path: root.to_owned() }).await.unwrap()
}

fn mail(number: u32) -> Vec<u8> {
    format!("Received: x\nFrom: eva@adventure.example\nSubject: Brev {number}\nMessage-ID:\n <{number}@x>\n\nBody\x00\r {number}\n")
        .into_bytes()
}

/// What any other delivering program does.
fn deliver(root: &Path, name: &str, raw: &[u8]) {
    fs::write(root.join("tmp").join(name), raw).unwrap();
    fs::rename(root.join("tmp").join(name), root.join("new").join(name)).unwrap();
}

async fn uids(mailbox: &mut Mailbox, which: Which) -> Vec<u32> {
    mailbox.heads("INBOX", which).await.unwrap().iter().map(|head| head.uid).collect()
}

#[tokio::test]
async fn messages_are_read_by_uid_and_byte_by_byte() {
    let (root, mut mailbox) = mailbox().await;
    deliver(root.path(), "1700000002.b", &mail(2));
    deliver(root.path(), "1700000001.a", &mail(1));
    assert_eq!(uids(&mut mailbox, Which::After { uid: 0, limit: 9 }).await, [1, 2]);
    assert_eq!(uids(&mut mailbox, Which::Newest { before: None, limit: 1 }).await, [2]);
    assert_eq!(uids(&mut mailbox, Which::Newest { before: Some(2), limit: 9 }).await, [1]);
    assert_eq!(uids(&mut mailbox, Which::Uids(vec![7, 2, 2])).await, [2]);
    assert_eq!(mailbox.message("INBOX", 1).await, Ok(mail(1)));
    let head = mailbox.heads("INBOX", Which::Uids(vec![1])).await.unwrap().remove(0);
    let headers = String::from_utf8(head.headers).unwrap();
    assert_eq!(headers, "From: eva@adventure.example\nSubject: Brev 1\nMessage-ID:\n <1@x>\n\r\n");
    assert_eq!((head.size, head.internal_date), (mail(1).len() as u64, Some(1_700_000_001)));
}

#[tokio::test]
async fn uids_survive_flags_deletion_and_reopening() {
    let (root, mut mailbox) = mailbox().await;
    for number in 1..=3 {
        deliver(root.path(), &format!("170000000{number}.x"), &mail(number));
    }
    let status = mailbox.status("INBOX").await.unwrap();
    assert_eq!((status.exists, status.unseen, status.uid_next), (3, 3, 4));
    fs::rename(root.path().join("new/1700000002.x"), root.path().join("cur/1700000002.x:2,RS")).unwrap();
    fs::remove_file(root.path().join("new/1700000003.x")).unwrap();
    // It was renamed behind our back, and is found all the same.
    assert_eq!(mailbox.message("INBOX", 2).await, Ok(mail(2)));
    assert_eq!(mailbox.message("INBOX", 3).await, Err(Trouble::Gone));
    let again = open(root.path()).await.status("INBOX").await.unwrap();
    assert_eq!((again.exists, again.unseen, again.uid_next), (2, 1, 4));
    assert_eq!(again.uid_validity, status.uid_validity);
    deliver(root.path(), "1600000000.old", &mail(4));
    assert_eq!(uids(&mut mailbox, Which::After { uid: 3, limit: 9 }).await, [4]);
}

#[tokio::test]
async fn a_keyword_comes_and_goes_and_the_mail_stays_unread_and_whole() {
    let (root, mut mailbox) = mailbox().await;
    deliver(root.path(), "1700000001.x", &mail(1));
    fs::write(root.path().join("cur/1700000002.x:2,FS"), mail(2)).unwrap();
    mailbox.set_keyword("INBOX", &[1, 2, 9], "Tracked", Mark::Set).await.unwrap();
    assert_eq!(mailbox.missing("INBOX", &[1, 9, 2]).await.unwrap(), [9]);
    assert!(root.path().join("cur/1700000001.x:2,a").exists());
    assert!(root.path().join("cur/1700000002.x:2,FSa").exists());
    assert_eq!(fs::read_to_string(root.path().join("dovecot-keywords")).unwrap(), "0 Tracked\n");
    let heads = mailbox.heads("INBOX", Which::After { uid: 0, limit: 9 }).await.unwrap();
    assert_eq!(heads.iter().map(|head| head.seen).collect::<Vec<_>>(), [false, true]);
    assert!(heads.iter().all(|head| head.keywords == ["Tracked"]));
    assert_eq!(mailbox.message("INBOX", 1).await, Ok(mail(1)));
    mailbox.set_keyword("INBOX", &[1, 2], "Tracked", Mark::Remove).await.unwrap();
    mailbox.set_keyword("INBOX", &[1, 2], "Never", Mark::Remove).await.unwrap();
    assert!(root.path().join("cur/1700000001.x:2,").exists());
    assert!(root.path().join("cur/1700000002.x:2,FS").exists());
}

#[tokio::test]
async fn appended_messages_arrive_in_order_and_with_their_flags() {
    let (root, mut mailbox) = mailbox().await;
    mailbox.make_folder("Skickat").await.unwrap();
    for number in 1..=5 {
        mailbox.append("INBOX", &mail(number), &Flags::default()).await.unwrap();
    }
    let flags = Flags { seen: true, keywords: vec!["Tracked".into()] };
    mailbox.append("Skickat", &mail(6), &flags).await.unwrap();
    let messages = mailbox.messages("INBOX", &[5, 1, 2, 3, 4, 8]).await.unwrap();
    assert_eq!(messages, (1..=5).map(|number| (number, mail(number))).collect::<Vec<_>>());
    let sent = mailbox.heads("Skickat", Which::Uids(vec![1])).await.unwrap().remove(0);
    assert!(sent.seen && sent.keywords == ["Tracked"]);
    assert_eq!(fs::read_dir(root.path().join("tmp")).unwrap().count(), 0);
    let roles: Vec<Role> = mailbox.folders().await.unwrap().iter().map(|folder| folder.role).collect();
    assert_eq!(roles, [Role::Inbox, Role::Sent]);
    let nowhere = mailbox.append("Borta", &mail(1), &Flags::default()).await;
    assert_eq!(nowhere, Err(Trouble::NoFolder { folder: "Borta".into() }));
}

#[tokio::test]
async fn a_message_is_found_by_its_exact_id() {
    let (root, mut mailbox) = mailbox().await;
    mailbox.make_folder("Projekt").await.unwrap();
    deliver(root.path(), "1700000001.x", &mail(11));
    mailbox.append("Projekt", &mail(1), &Flags::default()).await.unwrap();
    assert_eq!(mailbox.find("<1@x>", &[]).await, Ok(Some(("Projekt".into(), 1))));
    assert_eq!(mailbox.find("<1@x>", &["INBOX".into(), "Borta".into()]).await, Ok(None));
    assert_eq!(mailbox.find("", &[]).await, Ok(None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_lost_or_doubled_while_others_deliver_and_read() {
    let (root, mut mailbox) = mailbox().await;
    let mut deliveries = Vec::new();
    for program in 0..4 {
        let root = root.path().to_owned();
        deliveries.push(tokio::task::spawn_blocking(move || {
            for number in 0..100 {
                deliver(&root, &format!("1700000{number:03}.p{program}"), &mail(program * 1000 + number));
            }
        }));
    }
    let mut readers = Vec::new();
    for _ in 0..3 {
        let root = root.path().to_owned();
        readers.push(tokio::spawn(async move {
            let mut mailbox = open(&root).await;
            let (mut seen, mut come_to) = (Vec::new(), 0);
            for _ in 0..2000 {
                for head in mailbox.heads("INBOX", Which::After { uid: come_to, limit: 50 }).await.unwrap() {
                    come_to = head.uid;
                    seen.push((head.uid, mailbox.message("INBOX", head.uid).await.unwrap()));
                }
                if seen.len() == 400 {
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_millis(2)).await;
            }
            seen
        }));
    }
    for delivery in deliveries {
        delivery.await.unwrap();
    }
    let first = readers.remove(0).await.unwrap();
    assert_eq!(first.len(), 400);
    for reader in readers {
        assert!(reader.await.unwrap() == first, "two readers saw different numbers");
    }
    assert_eq!(mailbox.status("INBOX").await.unwrap().uid_next, 401);
}

#[tokio::test]
async fn links_lead_nowhere() {
    let (root, mut mailbox) = mailbox().await;
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret"), mail(1)).unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret"), root.path().join("cur/1700000001.x:2,"))
        .unwrap();
    assert_eq!(uids(&mut mailbox, Which::After { uid: 0, limit: 9 }).await, []);
    let trouble = mailbox.status("../x").await.unwrap_err();
    assert_eq!(trouble, Trouble::NoFolder { folder: "../x".into() });
    let gone = Mailbox::open(&Account::Maildir { path: root.path().join("none") }).await.unwrap_err();
    assert_eq!(gone, Trouble::NoFolder { folder: "INBOX".into() });
}
