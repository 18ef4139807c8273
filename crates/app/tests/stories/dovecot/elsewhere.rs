//! Another mail program works in the same mailbox.

use super::{letter, mark, post};
use crate::trouble::{forget_content, put_fetch_job};
use crate::world::told;
use app::mail::{Item, Mark};
use connect::Security;
use connect::testing::{OtherProgram, server};

#[tokio::test]
async fn a_message_that_another_program_moves_meanwhile_is_found() {
    told(|it| async move {
        let mails = [letter("a@contoso.example", 0), letter("b@contoso.example", 0)];
        let post = post(&it, Security::Plaintext, server().imap, &mails).await;
        let email = app::track::track(&it.app, &it.eva, &post.items[0], None).await.unwrap();
        // As after a crash between the click and the fetching.
        forget_content(&it, email).await;
        put_fetch_job(&it, email).await;
        let mut other = OtherProgram::open(&post.login);
        other.run("CREATE \"Kunder 2026\"");
        other.run("SELECT INBOX");
        other.run("UID MOVE 1 \"Kunder 2026\"");
        it.nothing_is_left().await;
        assert_eq!(mark(&it, email).await, Mark::Tracked);
        assert!(app::email::raw(&it.app, &it.eva, email).await.unwrap() == mails[0]);
        assert_eq!(other.tracked("Kunder 2026"), [1], "the keyword went along");
        // Tracked again where it lies now, and untracked there.
        let item = Item::new(post.mailbox, "Kunder 2026", 1);
        assert_eq!(app::track::track(&it.app, &it.eva, &item, None).await.unwrap(), email);
        app::untrack::untrack(&it.app, &it.eva, email).await.unwrap();
        assert!(other.tracked("Kunder 2026").is_empty());
        // Moved between tracking and untracking.
        let email = app::track::track(&it.app, &it.eva, &post.items[1], None).await.unwrap();
        other.run("SELECT INBOX");
        other.run("UID MOVE 2 \"Kunder 2026\"");
        assert_eq!(other.tracked("Kunder 2026"), [2]);
        app::untrack::untrack(&it.app, &it.eva, email).await.unwrap();
        assert!(other.tracked("Kunder 2026").is_empty());
    })
    .await;
}
