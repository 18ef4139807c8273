//! A password that is not taken, a server that is down or silent, a line that breaks: a sentence, and it heals.

use super::line::{Line, Way};
use super::{letter, mark, pass, post, trouble};
use crate::trouble::{forget_content, make_due, put_fetch_job};
use crate::world::{mail, told, told_at_length};
use app::Error;
use app::mail::Mark;
use connect::testing::{OtherProgram, server};
use connect::{Secret, Security, Trouble};
use std::time::Duration;

#[tokio::test]
async fn a_password_that_is_not_taken_is_a_sentence_and_heals() {
    told(|it| async move {
        let line = Line::new().await;
        let mails = [letter("a@contoso.example", 0), letter("b@contoso.example", 0)];
        let post = post(&it, Security::Plaintext, line.port, &mails).await;
        let email = app::track::track(&it.app, &it.eva, &post.items[0], None).await.unwrap();
        forget_content(&it, email).await;
        put_fetch_job(&it, email).await;

        line.is(Way::Refuses).await;
        let refused = app::track::track(&it.app, &it.eva, &post.items[1], None).await.unwrap_err();
        assert!(matches!(refused, Error::Mailbox(Trouble::LoginRefused)), "{refused:?}");
        it.work().await;
        // Seldom, for nobody but the user can mend it.
        let late = it.app.now().plus_seconds(1700);
        let mark_now = mark(&it, email).await;
        assert!(matches!(mark_now, Mark::Failed { next_try: Some(next) } if next > late), "{mark_now:?}");
        pass(&it, post.mailbox).await.unwrap_err();
        assert_eq!(
            trouble(&it, post.mailbox).await.as_deref(),
            Some(Trouble::LoginRefused.to_string().as_str())
        );
        let secret = Secret::new("secret");
        let refused =
            app::mailboxes::set_password(&it.app, it.eva.user(), post.mailbox, secret.clone()).await;
        assert!(matches!(refused, Err(Error::Mailbox(Trouble::LoginRefused))));

        line.is(Way::Open).await;
        let wrong = Secret::new("wrong");
        let refused = app::mailboxes::set_password(&it.app, it.eva.user(), post.mailbox, wrong).await;
        assert!(matches!(refused, Err(Error::Mailbox(Trouble::LoginRefused))), "tried before it is kept");
        app::mailboxes::set_password(&it.app, it.eva.user(), post.mailbox, secret).await.unwrap();
        assert_eq!(trouble(&it, post.mailbox).await, None);
        it.nothing_is_left().await;
        assert_eq!(mark(&it, email).await, Mark::Tracked);
        let theirs =
            app::mailboxes::set_password(&it.app, it.bo.user(), post.mailbox, Secret::new("x")).await;
        assert!(matches!(theirs, Err(Error::NotFound)), "nobody changes another's");
    })
    .await;
}

#[tokio::test]
async fn a_password_that_cannot_be_read_is_the_trouble_of_its_mailbox_alone() {
    told(|it| async move {
        let post = post(&it, Security::Plaintext, server().imap, &[letter("a@contoso.example", 0)]).await;
        let broken = "UPDATE mailaccount SET secret = $2 WHERE mailboxid = $1";
        let values = vec![post.mailbox.into(), vec![7_u8; 60].into()];
        it.app.db.commit(store::testing::raw([(broken, values, store::Expect::Any)])).await.unwrap();
        app::mailboxes::set_password(&it.app, it.bo.user(), post.mailbox, Secret::new("secret"))
            .await
            .unwrap_err();

        // Somebody else's process, which has not seen the mailbox before.
        let settings = app::Settings { data: it.data.path().to_owned(), database: Some(it.url.clone()) };
        let again = app::App::open(&settings).await.unwrap();
        let outcome = app::sync::once(&again, None, |_| {}).await.unwrap();
        for read in &outcome.mailboxes {
            assert_eq!(read.counts.is_err(), read.id == post.mailbox, "{read:?}");
        }
        assert_eq!(outcome.mailboxes.len(), 3);
        let said = trouble(&it, post.mailbox).await.unwrap();
        assert!(said.contains("password cannot be read") && said.ends_with('.'), "{said}");

        app::mailboxes::set_password(&again, it.eva.user(), post.mailbox, Secret::new("secret"))
            .await
            .unwrap();
        let outcome = app::sync::once(&again, None, |_| {}).await.unwrap();
        assert!(outcome.mailboxes.iter().all(|it| it.counts.is_ok()));
        assert_eq!(trouble(&it, post.mailbox).await, None);
    })
    .await;
}

#[tokio::test]
async fn a_server_that_is_down_is_waited_for() {
    told(|it| async move {
        let line = Line::new().await;
        let mails = [letter("a@contoso.example", 0), letter("b@contoso.example", 0)];
        let post = post(&it, Security::Plaintext, line.port, &mails).await;
        let email = app::track::track(&it.app, &it.eva, &post.items[0], None).await.unwrap();
        forget_content(&it, email).await;
        put_fetch_job(&it, email).await;

        line.is(Way::Cut).await;
        let refused = app::track::track(&it.app, &it.eva, &post.items[1], None).await.unwrap_err();
        assert!(matches!(refused, Error::Mailbox(Trouble::Unreachable { .. })), "{refused:?}");
        it.work().await;
        assert!(matches!(mark(&it, email).await, Mark::Failed { next_try: Some(_) }));
        pass(&it, post.mailbox).await.unwrap_err();
        assert!(trouble(&it, post.mailbox).await.unwrap().ends_with("does not answer."));
        assert_eq!(it.count("email").await, 1);

        line.is(Way::Open).await;
        // The next pass finds it well again: nobody waits for the end of a back-off.
        pass(&it, post.mailbox).await.unwrap();
        assert_eq!(trouble(&it, post.mailbox).await, None);
        assert_eq!(mark(&it, email).await, Mark::Tracked);
        it.nothing_is_left().await;
    })
    .await;
}

#[tokio::test]
async fn a_silent_server_holds_up_no_other_work() {
    told_at_length(|it| async move {
        let line = Line::new().await;
        let post = post(&it, Security::Plaintext, line.port, &[letter("a@contoso.example", 0)]).await;
        let waits = app::track::track(&it.app, &it.eva, &post.items[0], None).await.unwrap();
        forget_content(&it, waits).await;
        put_fetch_job(&it, waits).await;
        line.is(Way::Silent).await;
        let workers = tokio::spawn(app::work::run(it.app.clone()));
        tokio::time::sleep(Duration::from_millis(200)).await;

        // A pass and a job wait for the server now.
        let item = it.deliver(&it.bo, "INBOX", &mail("b@contoso.example", "Hej", "")).await;
        let email = app::track::track(&it.app, &it.bo, &item, None).await.unwrap();
        app::untrack::untrack(&it.app, &it.bo, email).await.unwrap();
        make_due(&it).await;
        let soon = tokio::time::Instant::now() + Duration::from_secs(4);
        while it.count("email").await > 1 && tokio::time::Instant::now() < soon {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(it.count("email").await, 1, "bo's copy is destroyed in time on {}", it.engine);
        workers.abort();
    })
    .await;
}

#[tokio::test]
async fn a_line_that_breaks_in_the_middle_of_a_message_leaves_no_half_of_it() {
    told(|it| async move {
        let line = Line::new().await;
        let long = letter("long@contoso.example", 3_000_000);
        let post = post(&it, Security::Plaintext, line.port, std::slice::from_ref(&long)).await;
        line.is(Way::BreaksAfter(1_000_000)).await;
        let email = app::track::track(&it.app, &it.eva, &post.items[0], None).await.unwrap();
        assert!(matches!(mark(&it, email).await, Mark::Failed { next_try: Some(_) } | Mark::Pending));
        assert_eq!((it.count("blob").await, it.count("email").await), (0, 1));

        line.is(Way::Open).await;
        make_due(&it).await;
        it.nothing_is_left().await;
        assert!(app::email::raw(&it.app, &it.eva, email).await.unwrap() == long);
        assert_eq!(OtherProgram::open(&post.login).tracked("INBOX"), [1]);
    })
    .await;
}

#[tokio::test]
async fn the_keyword_tells_the_truth_after_an_outage() {
    told(|it| async move {
        let line = Line::new().await;
        let mails = [letter("a@contoso.example", 0), letter("b@contoso.example", 0)];
        let post = post(&it, Security::Plaintext, line.port, &mails).await;
        let mut emails = Vec::new();
        for item in &post.items {
            emails.push(app::track::track(&it.app, &it.eva, item, None).await.unwrap());
        }
        let mut other = OtherProgram::open(&post.login);
        assert_eq!(other.tracked("INBOX"), [1, 2]);

        // Untracked while the server is away, one of them for good; the other is tracked again later.
        line.is(Way::Cut).await;
        app::untrack::untrack(&it.app, &it.eva, emails[0]).await.unwrap();
        app::untrack::untrack(&it.app, &it.eva, emails[1]).await.unwrap();
        make_due(&it).await;
        it.work().await;
        assert_eq!(it.count("email").await, 0, "destroyed, although the server is away");
        line.is(Way::Open).await;
        let again = app::track::track(&it.app, &it.eva, &post.items[1], None).await.unwrap();
        assert_ne!(again, emails[1]);
        make_due(&it).await;
        it.nothing_is_left().await;
        assert_eq!(other.tracked("INBOX"), [2]);
    })
    .await;
}
