//! Folders, header blocks and messages.

use crate::world::{Cuttable, OtherProgram, account, deliver, fresh_user, mail, mailbox, open, script};
use connect::{Account, Flags, Mailbox, Role, Security, Trouble, Which};

#[tokio::test]
async fn folders_have_swedish_names_and_roles() {
    let (user, mut mailbox) = mailbox().await;
    mailbox.make_folder("Skräppost").await.unwrap();
    mailbox.make_folder("Kunder/Öland & co").await.unwrap();
    mailbox.make_folder("citat \"och\" \\").await.unwrap();
    let folders = open(&user).await.folders().await.unwrap();
    let role = |name: &str| folders.iter().find(|folder| folder.name == name).map(|folder| folder.role);
    assert_eq!(folders[0].name, "INBOX");
    assert_eq!(role("INBOX"), Some(Role::Inbox));
    assert_eq!(role("Sent"), Some(Role::Sent));
    assert_eq!(role("Skräppost"), Some(Role::Junk));
    assert_eq!(role("Kunder/Öland & co"), Some(Role::Other));
    for folder in ["Kunder/Öland & co", "citat \"och\" \\"] {
        mailbox.append(folder, &mail(1), &Flags::default()).await.unwrap();
        assert_eq!(mailbox.status(folder).await.unwrap().exists, 1, "{folder}");
        assert_eq!(mailbox.message(folder, 1).await.unwrap(), mail(1));
    }
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_said_to_be_so() {
    let (_, mut mailbox) = mailbox().await;
    let wanted = Trouble::NoFolder { folder: "Borta\r\nx".into() };
    assert_eq!(mailbox.status("Borta\r\nx").await.unwrap_err(), wanted);
    assert_eq!(mailbox.message("Borta\r\nx", 1).await.unwrap_err(), wanted);
    assert_eq!(mailbox.check().await, Ok(()));
}

#[tokio::test]
async fn only_the_permitted_headers_are_read() {
    let (user, mut mailbox) = mailbox().await;
    deliver(&user, &mail(7));
    let heads = mailbox.heads("INBOX", Which::Newest { before: None, limit: 10 }).await.unwrap();
    let [head] = &heads[..] else { panic!("one message") };
    let text = String::from_utf8(head.headers.clone()).unwrap();
    assert!(text.contains("Subject: Brev 7\r\n") && text.contains("Message-ID: <7@adventure.example>"));
    assert!(!text.contains("Received") && !text.contains("X-Private") && !text.contains("Body"));
    assert!(!head.seen && head.keywords.is_empty());
    assert!(head.size >= mail(7).len() as u64);
    assert!(head.internal_date.unwrap() > 1_700_000_000);
    let raw = mailbox.message("INBOX", head.uid).await.unwrap();
    assert!(raw.ends_with(b"Body 7\r\n"));
    assert_eq!(raw.len() as u64, head.size);
}

#[tokio::test]
async fn a_thousand_messages_come_in_one_go_and_byte_by_byte() {
    let (user, mut mailbox) = mailbox().await;
    let mut mails: Vec<Vec<u8>> = (1..=1000).map(mail).collect();
    mails[500] = [mail(501), (0..=255).cycle().take(300_000).collect()].concat();
    // IMAP carries no NUL (RFC 9051, 4.3), and Dovecot stores every line end alike.
    mails[500].retain(|byte| !matches!(byte, 0 | b'\n'));
    mails[501] = b"Subject: {5}\r\n\r\n* 3 EXPUNGE\r\nR1 OK not really\r\n".to_vec();
    OtherProgram::open(&user).append("INBOX", &mails);
    let status = mailbox.status("INBOX").await.unwrap();
    assert_eq!((status.exists, status.unseen, status.uid_next), (1000, 1000, 1001));
    assert!(status.keywords_kept && status.highest_modseq.is_some());
    let uids: Vec<u32> = (1..=1000).collect();
    let messages = mailbox.messages("INBOX", &uids).await.unwrap();
    assert_eq!(messages.len(), 1000);
    for (uid, raw) in messages {
        assert!(raw == mails[uid as usize - 1], "message {uid} differs");
    }
}

async fn uids(mailbox: &mut Mailbox, which: Which) -> Vec<u32> {
    mailbox.heads("INBOX", which).await.unwrap().iter().map(|head| head.uid).collect()
}

#[tokio::test]
async fn heads_come_in_pages_upwards_and_downwards() {
    let (user, mut mailbox) = mailbox().await;
    let mut other = OtherProgram::open(&user);
    assert_eq!(uids(&mut mailbox, Which::Newest { before: None, limit: 3 }).await, []);
    assert_eq!(uids(&mut mailbox, Which::After { uid: 0, limit: 3 }).await, []);
    other.append("INBOX", &(1..=9).map(mail).collect::<Vec<_>>());
    assert_eq!(uids(&mut mailbox, Which::Newest { before: None, limit: 3 }).await, [9, 8, 7]);
    assert_eq!(uids(&mut mailbox, Which::Newest { before: Some(7), limit: 3 }).await, [6, 5, 4]);
    assert_eq!(uids(&mut mailbox, Which::Newest { before: Some(2), limit: 3 }).await, [1]);
    assert_eq!(uids(&mut mailbox, Which::Newest { before: Some(1), limit: 3 }).await, []);
    assert_eq!(uids(&mut mailbox, Which::Newest { before: Some(99), limit: 2 }).await, [9, 8]);
    assert_eq!(uids(&mut mailbox, Which::After { uid: 0, limit: 4 }).await, [1, 2, 3, 4]);
    assert_eq!(uids(&mut mailbox, Which::After { uid: 4, limit: 3 }).await, [5, 6, 7]);
    // Another program expunges and delivers in the middle of our walk.
    other.run("SELECT INBOX");
    other.run("UID STORE 2,8 +FLAGS (\\Deleted)");
    other.run("EXPUNGE");
    other.append("INBOX", &[mail(10)]);
    assert_eq!(uids(&mut mailbox, Which::After { uid: 7, limit: 9 }).await, [9, 10]);
    assert_eq!(uids(&mut mailbox, Which::After { uid: 10, limit: 9 }).await, []);
    assert_eq!(uids(&mut mailbox, Which::After { uid: u32::MAX, limit: 9 }).await, []);
    assert_eq!(uids(&mut mailbox, Which::Uids(vec![10, 2, 3, 77])).await, [3, 10]);
    other.append("INBOX", &[mail(11)]);
    assert_eq!(uids(&mut mailbox, Which::After { uid: 10, limit: 9 }).await, [11]);
    assert_eq!(uids(&mut mailbox, Which::Newest { before: None, limit: 2 }).await, [11, 10]);
}

#[tokio::test]
async fn a_message_that_another_program_expunged_is_gone() {
    let (user, mut mailbox) = mailbox().await;
    let mut other = OtherProgram::open(&user);
    other.append("INBOX", &[mail(1), mail(2), mail(3)]);
    assert_eq!(uids(&mut mailbox, Which::After { uid: 0, limit: 9 }).await, [1, 2, 3]);
    other.run("SELECT INBOX");
    other.run("UID STORE 2 +FLAGS (\\Deleted)");
    other.run("EXPUNGE");
    assert_eq!(mailbox.message("INBOX", 2).await, Err(Trouble::Gone));
    assert_eq!(mailbox.message("INBOX", 99).await, Err(Trouble::Gone));
    let rest = mailbox.messages("INBOX", &[1, 2, 3]).await.unwrap();
    assert_eq!(rest, [(1, mail(1)), (3, mail(3))]);
}

#[tokio::test]
async fn a_message_newer_than_the_session_is_found() {
    let (user, mut mailbox) = mailbox().await;
    assert_eq!(mailbox.message("INBOX", 1).await, Err(Trouble::Gone));
    OtherProgram::open(&user).append("INBOX", &[mail(1)]);
    assert_eq!(mailbox.message("INBOX", 1).await, Ok(mail(1)));
}

#[tokio::test]
async fn a_message_is_found_by_its_exact_id_in_any_folder() {
    let (_, mut mailbox) = mailbox().await;
    mailbox.make_folder("Projekt").await.unwrap();
    let odd = b"Message-ID: <\"quo\\ted\"@x y>\r\n\r\nodd\r\n";
    mailbox.append("INBOX", &mail(11), &Flags::default()).await.unwrap();
    mailbox.append("Trash", &mail(1), &Flags::default()).await.unwrap();
    mailbox.append("Projekt", &mail(1), &Flags::default()).await.unwrap();
    mailbox.append("Projekt", odd, &Flags::default()).await.unwrap();
    let found = mailbox.find("<1@adventure.example>", &[]).await.unwrap();
    assert_eq!(found, Some(("Projekt".to_owned(), 1)));
    let only = ["Borta".to_owned(), "Trash".to_owned()];
    let found = mailbox.find("1@adventure.example", &only).await.unwrap();
    assert_eq!(found, Some(("Trash".to_owned(), 1)));
    let found = mailbox.find("<\"quo\\ted\"@x y>", &[]).await.unwrap();
    assert_eq!(found, Some(("Projekt".to_owned(), 2)));
    for nowhere in ["<111@adventure.example>", "", "<>", "<å>", "x\r\nR9 LOGOUT"] {
        assert_eq!(mailbox.find(nowhere, &[]).await, Ok(None), "{nowhere}");
    }
}

#[tokio::test]
async fn a_cut_line_is_an_error_and_a_new_one_works() {
    let user = fresh_user();
    deliver(&user, &mail(1));
    let line = Cuttable::new().await;
    let Account::Imap { host, security, login, password, extra_root, .. } =
        account(&user, Security::Plaintext)
    else {
        unreachable!()
    };
    let account = Account::Imap { host, port: line.port, security, login, password, extra_root };
    let mut mailbox = Mailbox::open(&account).await.unwrap();
    assert_eq!(uids(&mut mailbox, Which::After { uid: 0, limit: 9 }).await, [1]);
    line.cut();
    let trouble = mailbox.message("INBOX", 1).await.unwrap_err();
    assert!(matches!(trouble, Trouble::Unreachable { .. }), "{trouble:?}");
    assert!(mailbox.check().await.is_err());
    assert!(open(&user).await.message("INBOX", 1).await.is_ok());
}

#[tokio::test]
async fn whoever_stops_listening_half_way_has_to_open_anew() {
    let (user, mut mailbox) = mailbox().await;
    OtherProgram::open(&user).append("INBOX", &(1..=300).map(mail).collect::<Vec<_>>());
    let all: Vec<u32> = (1..=300).collect();
    let impatient = std::time::Duration::from_micros(200);
    let stopped = tokio::time::timeout(impatient, mailbox.messages("INBOX", &all)).await;
    assert!(stopped.is_err(), "the server was faster than expected");
    assert!(!mailbox.is_sound());
    assert!(matches!(mailbox.check().await, Err(Trouble::Protocol(_))));
}

/// What comes of fetching heads from a server that answers the FETCH with these lines.
async fn heads_of(fetched: &'static str) -> Result<Vec<u32>, Trouble> {
    let port = script(Box::leak(Box::new([
        "* OK hi\r\n",
        "* CAPABILITY IMAP4rev1\r\nR1 OK\r\n",
        "R2 OK\r\n",
        "* CAPABILITY IMAP4rev1\r\nR3 OK\r\n",
        "* LIST () \"/\" INBOX\r\nR4 OK\r\n",
        "* 2 EXISTS\r\nR5 OK\r\n",
        "R6 OK\r\n",
        fetched,
    ])))
    .await;
    let Account::Imap { host, login, password, .. } = account("eva", Security::Plaintext) else {
        unreachable!()
    };
    let (security, extra_root) = (Security::Plaintext, None);
    let account = Account::Imap { host, port, security, login, password, extra_root };
    let mut mailbox = Mailbox::open(&account).await?;
    let heads = mailbox.heads("INBOX", Which::Newest { before: None, limit: 9 }).await?;
    Ok(heads.iter().map(|head| head.uid).collect())
}

#[tokio::test]
async fn a_list_that_breaks_off_is_not_a_short_list() {
    let one = "* 1 FETCH (UID 1 BODY[HEADER.FIELDS (From)] \"\")\r\n* 2 FETCH (UID 2 BODY[HEADER.FIELDS (From)] {9}\r\nFrom";
    assert!(matches!(heads_of(one).await, Err(Trouble::Unreachable { .. })));
    let refused = "* 1 FETCH (UID 1 BODY[HEADER.FIELDS (From)] \"\")\r\nR7 NO [SERVERBUG] sorry\r\n";
    assert!(matches!(heads_of(refused).await, Err(Trouble::Protocol(_))));
}

#[tokio::test]
async fn one_odd_line_does_not_cost_the_others() {
    let lines = "* 1 FETCH (UID 1 BODY[HEADER.FIELDS (From)] \"\")\r\n* 1 FETCH oops ((\r\n* BLURB {3}\r\nabc\r\n* 3 EXISTS\r\n\
                 * 1 FETCH (FLAGS (\\Seen))\r\n* 2 FETCH (UID 2 BODY[HEADER.FIELDS (\"FROM\")] {7}\r\nFrom:\r\n)\r\nR7 OK\r\n";
    assert_eq!(heads_of(lines).await, Ok(vec![2, 1]));
}
