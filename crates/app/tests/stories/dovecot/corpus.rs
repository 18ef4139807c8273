//! Real mail: over encrypted ways, and much of it.

use super::{connected_to, post};
use crate::trouble::make_due;
use crate::world::told_at_length;
use app::sync::{Counts, Limits};
use connect::Security;
use connect::testing::{OtherProgram, corpus, fresh_user, rewritten, server};
use domain::id::MessageKey;
use domain::tracking::Filter;
use std::collections::BTreeSet;

#[tokio::test]
async fn real_mail_is_tracked_over_encrypted_ways_and_stays_as_it_was() {
    let mails: Vec<Vec<u8>> = corpus().into_iter().take(30).collect();
    let server = server();
    for (security, port) in [(Security::Tls, server.imaps), (Security::StartTls, server.imap)] {
        told_at_length(|it| {
            let mails = &mails;
            async move {
                let post = post(&it, security, port, mails).await;
                let mut other = OtherProgram::open(&post.login);
                other.run("EXAMINE INBOX");
                let before = other.run("UID FETCH 1:* (UID RFC822.SIZE BODY.PEEK[])");
                let mut emails = Vec::new();
                for (item, raw) in post.items.iter().zip(mails) {
                    let email = app::track::track(&it.app, &it.eva, item, Some(&it.contoso)).await.unwrap();
                    it.work().await;
                    assert!(app::email::raw(&it.app, &it.eva, email).await.unwrap() == *raw);
                    assert!(
                        app::email::read(&it.app, &it.mia, email).await.is_ok(),
                        "the colleague reads it"
                    );
                    assert!(app::email::read(&it.app, &it.ulf, email).await.is_err());
                    emails.push(email);
                }
                assert_eq!(it.count("email").await, i64::try_from(mails.len()).unwrap());
                let uids: Vec<u32> = post.items.iter().map(|it| it.uid).collect();
                assert_eq!(other.tracked("INBOX"), uids, "another program sees the keyword");
                assert_eq!(other.search("SEEN"), Vec::<u32>::new(), "nothing is marked as read");

                for email in emails {
                    app::untrack::untrack(&it.app, &it.eva, email).await.unwrap();
                }
                make_due(&it).await;
                it.nothing_is_left().await;
                assert!(other.tracked("INBOX").is_empty());
                assert!(other.search("SEEN").is_empty());
                let after = other.run("UID FETCH 1:* (UID RFC822.SIZE BODY.PEEK[])");
                assert!(before == after, "the mailbox holds what it held");
            }
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_times_the_corpus_is_stored_once_each() {
    let corpus = corpus();
    let mails: Vec<Vec<u8>> =
        (0..10).flat_map(|round| corpus.iter().map(move |it| rewritten(it, round))).collect();
    let keys: BTreeSet<MessageKey> = mails
        .iter()
        .map(|raw| formats::mime::envelope(raw, 0).key().unwrap_or_else(|| MessageKey::of_raw(raw)))
        .collect();
    assert!(keys.len() > corpus.len() * 9, "the ids were not rewritten");
    let login = fresh_user();
    OtherProgram::open(&login).append("INBOX", &mails);
    told_at_length(|it| {
        let (mails, keys, login) = (&mails, &keys, login.clone());
        async move {
            let post = connected_to(&it, login, Security::Tls, server().imaps, mails.len()).await;
            let rows = app::mailboxes::of(&it.app, it.eva.user()).await.unwrap();
            let row = rows.into_iter().find(|it| it.id == post.mailbox).unwrap();
            let everything =
                || app::sync::folder(&it.app, &row, "INBOX", Filter::Everything, Limits::default(), &|_| {});
            let counts = everything().await.unwrap();
            assert_eq!(counts.read, mails.len() as u64);
            let emails = it.app.db.rows("SELECT messagekey FROM email", &[]).await.unwrap();
            let stored: Vec<MessageKey> = emails.iter().map(|row| row.key(0).unwrap()).collect();
            assert_eq!(stored.len(), keys.len(), "each once on {}", it.engine);
            assert!(stored.iter().collect::<BTreeSet<_>>() == keys.iter().collect());
            for table in ["tracking", "activitypointer", "beginning", "document"] {
                assert_eq!(it.count(table).await, i64::try_from(keys.len()).unwrap(), "{table}");
            }

            // Nothing is new; and when the server numbers its messages anew, nothing is stored twice either.
            assert_eq!(everything().await.unwrap(), Counts::default());
            let forget = store::testing::raw([("DELETE FROM mailcursor", vec![], store::Expect::Any)]);
            it.app.db.commit(forget).await.unwrap();
            let counts = everything().await.unwrap();
            assert_eq!(counts.read, mails.len() as u64);
            assert_eq!(it.count("email").await, i64::try_from(keys.len()).unwrap());
            it.nothing_is_left().await;
            let mut other = OtherProgram::open(&post.login);
            assert_eq!(other.tracked("INBOX").len(), keys.len());
            assert!(other.search("SEEN").is_empty());
        }
    })
    .await;
}
