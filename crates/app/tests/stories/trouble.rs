//! Mailboxes that are away, messages that vanish: a sentence, a pending state that heals, and nothing lost.

use crate::world::{World, mail, told};
use app::Error;
use app::mail::Mark;
use connect::Trouble;
use domain::id::Guid;
use domain::time::Timestamp;
use store::{Cell, Expect};

#[tokio::test]
async fn a_vanished_message_is_a_sentence_and_no_row() {
    told(|it| async move {
        let mut item = it.deliver(&it.eva, "INBOX", &mail("a@contoso.example", "Hej", "")).await;
        item.uid += 1000;
        let refused = app::track::track(&it.app, &it.eva, &item, None).await;
        assert!(matches!(refused, Err(Error::Mailbox(Trouble::Gone))), "{refused:?}");
        item.folder = "Nowhere".into();
        let refused = app::track::track(&it.app, &it.eva, &item, None).await;
        assert!(matches!(refused, Err(Error::Mailbox(Trouble::NoFolder { .. }))), "{refused:?}");
        assert_eq!(it.count("email").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_message_moved_meanwhile_is_found_again() {
    told(|it| async move {
        let raw = mail("a@contoso.example", "Hej", "");
        let item = it.deliver(&it.eva, "INBOX", &raw).await;
        let email = app::track::track(&it.app, &it.eva, &item, None).await.unwrap();
        // As after a crash between the click and the fetching: the row is there, its content is not.
        forget_content(&it, email).await;
        let moved = it.deliver(&it.eva, "Sent", &raw).await;
        remove(&it, &item);
        put_fetch_job(&it, email).await;
        it.work().await;
        let view = app::email::read(&it.app, &it.eva, email).await.unwrap();
        assert!(view.text.is_some_and(|it| it.contains("canary")));
        assert_ne!(moved.folder, item.folder);
    })
    .await;
}

#[tokio::test]
async fn the_keyword_leaves_a_message_that_was_moved_meanwhile() {
    told(|it| async move {
        let raw = mail("a@contoso.example", "Hej", "");
        let item = it.deliver(&it.eva, "INBOX", &raw).await;
        let email = app::track::track(&it.app, &it.eva, &item, None).await.unwrap();
        assert_eq!(it.keywords(&it.eva, &item).await, ["Tracked"]);
        // As another mail program moves it: keywords go along.
        let moved = it.deliver(&it.eva, "Sent", &raw).await;
        let mut mailbox = connect::Mailbox::open(&it.mailbox(&it.eva).await.account).await.unwrap();
        mailbox.set_keyword("Sent", &[moved.uid], "Tracked", connect::Mark::Set).await.unwrap();
        remove(&it, &item);
        app::untrack::untrack(&it.app, &it.eva, email).await.unwrap();
        make_due(&it).await;
        it.nothing_is_left().await;
        assert!(it.keywords(&it.eva, &moved).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn while_the_mailbox_is_away_the_copy_is_pending_and_heals() {
    told(|it| async move {
        let item = it.deliver(&it.eva, "INBOX", &mail("a@contoso.example", "Hej", "")).await;
        let email = app::track::track(&it.app, &it.eva, &item, None).await.unwrap();
        forget_content(&it, email).await;
        let path = it.maildir(&it.eva);
        let away = path.with_extension("away");
        std::fs::rename(&path, &away).unwrap();
        put_fetch_job(&it, email).await;
        it.work().await;
        let view = app::email::read(&it.app, &it.eva, email).await.unwrap();
        assert!(matches!(view.mark, Mark::Failed { next_try: Some(_) }), "{:?}", view.mark);

        std::fs::rename(&away, &path).unwrap();
        make_due(&it).await;
        it.work().await;
        let view = app::email::read(&it.app, &it.eva, email).await.unwrap();
        assert_eq!(view.mark, Mark::Tracked);
        it.nothing_is_left().await;
    })
    .await;
}

async fn run(it: &World, sql: &'static str, value: Cell) {
    let commit = store::testing::raw([(sql, vec![value], Expect::Any)]);
    it.app.db.commit(commit).await.unwrap();
}

pub async fn forget_content(it: &World, email: Guid) {
    let mut commit = store::Commit::new();
    store::content::erase(&mut commit, &it.app.db, email);
    it.app.db.commit(commit).await.unwrap();
    run(it, "DELETE FROM activitymimeattachment WHERE objectid = $1", email.into()).await;
    run(it, "UPDATE email SET contentstate = 0 WHERE activityid = $1", email.into()).await;
}

pub async fn put_fetch_job(it: &World, email: Guid) {
    let mut commit = store::Commit::new();
    let job = store::job::Job::FetchMessage { email };
    store::job::put(&mut commit, it.app.new_id(), &job, it.app.now()).unwrap();
    it.app.db.commit(commit).await.unwrap();
}

pub async fn make_due(it: &World) {
    run(it, "UPDATE job SET runon = $1", Timestamp(0).into()).await;
}

fn remove(it: &World, item: &app::mail::Item) {
    let folder = it.maildir(&it.eva);
    assert_eq!(item.folder, "INBOX");
    for sub in ["cur", "new"] {
        for entry in std::fs::read_dir(folder.join(sub)).unwrap().flatten() {
            std::fs::remove_file(entry.path()).unwrap();
        }
    }
}

#[tokio::test]
async fn a_click_counts_while_the_mailbox_is_away() {
    told(|it| async move {
        let item = it.deliver(&it.eva, "INBOX", &mail("a@contoso.example", "Hej", "")).await;
        let pane = app::pane::pane(&it.app, &it.eva, &item).await.unwrap();
        let maildir = settings(&it).await;
        let nobody_there = r#"{"maildir":{"path":"/dev/null/nowhere"}}"#;
        run(&it, "UPDATE mailaccount SET settings = $1", nobody_there.into()).await;

        // A server that starts anew does not know the mailbox from before.
        let away = reopened(&it).await;
        let refused = app::track::track(&away, &it.eva, &item, None).await;
        assert!(matches!(refused, Err(Error::Mailbox(_))), "nothing is known of it: {refused:?}");
        let email = app::track::track(&away, &it.eva, &pane.item, Some(&it.contoso)).await.unwrap();
        let pending = app::pane::pane(&away, &it.eva, &pane.item).await.unwrap();
        assert!(matches!(pending.mark, Mark::Pending | Mark::Failed { .. }), "{:?}", pending.mark);

        run(&it, "UPDATE mailaccount SET settings = $1", maildir.into()).await;
        make_due(&it).await;
        app::work::run_due(&reopened(&it).await).await.unwrap();
        let view = app::email::read(&it.app, &it.eva, email).await.unwrap();
        assert!(matches!(view.mark, Mark::Regarding(..)), "{:?}", view.mark);
        assert!(view.text.is_some_and(|it| it.contains("canary")));
        assert_eq!(it.keywords(&it.eva, &item).await, ["Tracked"]);
    })
    .await;
}

async fn settings(it: &World) -> String {
    let user = it.eva.user();
    let rows =
        it.app.db.rows("SELECT settings FROM mailaccount WHERE userid = $1", &[user.into()]).await.unwrap();
    rows[0].text(0).unwrap().to_owned()
}

async fn reopened(it: &World) -> app::App {
    let settings = app::Settings { data: it.data.path().to_owned(), database: Some(it.url.clone()) };
    app::App::open(&settings).await.unwrap()
}
