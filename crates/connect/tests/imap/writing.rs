//! Keywords and delivery; what must never happen to the user's mail.

use crate::world::{OtherProgram, deliver, mail, mailbox, open};
use connect::{Flags, Mark, Trouble, Which};

#[tokio::test]
async fn a_keyword_is_set_and_removed_on_many_and_nothing_else_changes() {
    let (user, mut mailbox) = mailbox().await;
    let mut other = OtherProgram::open(&user);
    other.append("INBOX", &(1..=200).map(mail).collect::<Vec<_>>());
    let odd: Vec<u32> = (1..=200).filter(|uid| uid % 2 == 1).chain([9999]).collect();
    mailbox.set_keyword("INBOX", &odd, "Tracked", Mark::Set).await.unwrap();
    let heads = open(&user).await.heads("INBOX", Which::After { uid: 0, limit: 500 }).await.unwrap();
    assert_eq!(heads.len(), 200);
    for head in &heads {
        assert_eq!(head.keywords == ["Tracked"], head.uid % 2 == 1, "message {}", head.uid);
        assert!(!head.seen);
    }
    mailbox.set_keyword("INBOX", &[1, 2, 3], "Tracked", Mark::Remove).await.unwrap();
    let heads = mailbox.heads("INBOX", Which::Uids(vec![1, 3, 5])).await.unwrap();
    let tracked: Vec<bool> = heads.iter().map(|head| !head.keywords.is_empty()).collect();
    assert_eq!(tracked, [false, false, true]);
    mailbox.set_keyword("INBOX", &[], "Tracked", Mark::Set).await.unwrap();
}

#[tokio::test]
async fn reading_everything_leaves_the_mail_as_it_was() {
    let (user, mut mailbox) = mailbox().await;
    deliver(&user, &mail(1));
    let mut other = OtherProgram::open(&user);
    other.run("SELECT INBOX");
    other.append("INBOX", &[mail(2), mail(3)]);
    other.run("NOOP");
    other.run("UID STORE 3 +FLAGS (\\Deleted)");
    let before = other.run("UID FETCH 1:* (UID FLAGS BODY.PEEK[])");
    mailbox.status("INBOX").await.unwrap();
    mailbox.heads("INBOX", Which::After { uid: 0, limit: 9 }).await.unwrap();
    mailbox.message("INBOX", 1).await.unwrap();
    mailbox.messages("INBOX", &[1, 2, 3]).await.unwrap();
    mailbox.find("<2@adventure.example>", &[]).await.unwrap();
    mailbox.set_keyword("INBOX", &[1, 2], "Tracked", Mark::Set).await.unwrap();
    mailbox.set_keyword("INBOX", &[1, 2], "Tracked", Mark::Remove).await.unwrap();
    mailbox.heads("Sent", Which::After { uid: 0, limit: 9 }).await.unwrap();
    mailbox.heads("INBOX", Which::After { uid: 0, limit: 9 }).await.unwrap();
    drop(mailbox);
    other.run("NOOP");
    let after = other.run("UID FETCH 1:* (UID FLAGS BODY.PEEK[])");
    // \Recent belongs to whichever session looked first and says nothing about the mail.
    let plain = |text: String| text.replace(" \\Recent", "").replace("\\Recent", "");
    assert_eq!(plain(before), plain(after.clone()));
    assert!(!after.contains("\\Seen"));
    assert!(other.run("UID SEARCH UNSEEN").contains("SEARCH 1 2 3"));
}

#[tokio::test]
async fn an_appended_message_carries_its_flags() {
    let (_, mut mailbox) = mailbox().await;
    let flags = Flags { seen: true, keywords: vec!["Tracked".into()] };
    mailbox.append("Sent", &mail(1), &flags).await.unwrap();
    mailbox.append("INBOX", &mail(2), &Flags::default()).await.unwrap();
    let sent = mailbox.heads("Sent", Which::Uids(vec![1])).await.unwrap();
    assert!(sent[0].seen && sent[0].keywords == ["Tracked"]);
    assert_eq!(mailbox.status("INBOX").await.unwrap().unseen, 1);
    assert_eq!(mailbox.message("INBOX", 1).await.unwrap(), mail(2));
    let nowhere = mailbox.append("Borta", &mail(3), &Flags::default()).await;
    assert_eq!(nowhere, Err(Trouble::NoFolder { folder: "Borta".into() }));
}

#[tokio::test]
async fn a_word_that_is_no_keyword_is_refused_before_it_is_sent() {
    let (_, mut mailbox) = mailbox().await;
    for word in ["\\Seen", "two words", "a) (\\Deleted", "a\r\nR9 EXPUNGE"] {
        let refused = mailbox.set_keyword("INBOX", &[1], word, Mark::Set).await;
        assert!(matches!(refused, Err(Trouble::BadSetting(_))), "{word}");
    }
}
