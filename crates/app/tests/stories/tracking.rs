//! Track, Set Regarding, join, untrack, undo.

use crate::world::{mail, make, told};
use app::mail::{Item, Mark};
use app::pane::Who;
use app::{App, Error};
use domain::envelope::Part;
use domain::id::Guid;
use domain::privilege::Actor;
use domain::tracking::{Reason, Refusal, Untrack};
use std::time::Duration;

#[tokio::test]
async fn eva_sets_regarding_and_finds_the_message_on_the_timeline() {
    told(|it| async move {
        let item =
            it.deliver(&it.eva, "INBOX", &mail("a@contoso.example", "Sv: Offert på 240 cyklar", "")).await;
        let email = app::track::track(&it.app, &it.eva, &item, Some(&it.contoso)).await.unwrap();

        let timeline = app::timeline::timeline(&it.app, &it.eva, &it.contoso, None).await.unwrap();
        let titles: Vec<&str> = timeline.entries.iter().map(|it| it.title.as_str()).collect();
        assert_eq!(titles, ["Sv: Offert på 240 cyklar"]);
        assert!(!timeline.entries[0].pending);
        assert!(timeline.entries[0].text.contains("canary sings"));

        let view = app::email::read(&it.app, &it.eva, email).await.unwrap();
        let known =
            |address: &str| view.parties.iter().find(|it| it.address == address).unwrap().record.is_some();
        assert!(known("goran@contoso.example") && known("eva@adventure.example"));
        assert!(!known("nobody@nowhere.example"), "EM-08: an unknown address stays, unresolved");
        assert_eq!(view.parties[0].part, Part::Sender);
        let raw = app::email::raw(&it.app, &it.eva, email).await.unwrap();
        assert!(String::from_utf8(raw).unwrap().contains("Message-ID: <a@contoso.example>\r\n"));
        assert_eq!(it.keywords(&it.eva, &item).await, ["Tracked"]);

        let pane = app::pane::pane(&it.app, &it.eva, &item).await.unwrap();
        assert_eq!(pane.mark, Mark::Regarding(it.contoso.clone(), Some("Contoso Sverige AB".into())));
        assert!(matches!(pane.people[0].who, Who::Known { .. }));
        assert!(matches!(pane.people[1].who, Who::You));
        it.nothing_is_left().await;
    })
    .await;
}

#[tokio::test]
async fn em_32_one_row_however_many_track_it() {
    told(|it| async move {
        let raw = mail("a@contoso.example", "Hej", "");
        let evas = it.deliver(&it.eva, "INBOX", &raw).await;
        let bos = it.deliver(&it.bo, "INBOX", &raw).await;
        let first = app::track::track(&it.app, &it.eva, &evas, Some(&it.contoso)).await.unwrap();
        assert_eq!(app::pane::pane(&it.app, &it.bo, &bos).await.unwrap().mark, Mark::None, "not bo's to see");

        let second = app::track::track(&it.app, &it.bo, &bos, None).await.unwrap();
        assert_eq!(first, second);
        assert_eq!(it.count("email").await, 1);
        let pane = app::pane::pane(&it.app, &it.bo, &bos).await.unwrap();
        assert_eq!(
            pane.mark,
            Mark::Regarding(it.contoso.clone(), None),
            "tracked, but the account is not bo's to see"
        );
        assert_eq!(pane.copy.unwrap().untrack, Untrack::Unlink);
        it.nothing_is_left().await;
    })
    .await;
}

#[tokio::test]
async fn m21_the_copy_passes_on_and_goes_with_the_last() {
    told(|it| async move {
        let raw = mail("a@contoso.example", "Hej", "");
        let evas = it.deliver(&it.eva, "INBOX", &raw).await;
        let bos = it.deliver(&it.bo, "INBOX", &raw).await;
        let email = app::track::track(&it.app, &it.eva, &evas, None).await.unwrap();
        app::track::track(&it.app, &it.bo, &bos, None).await.unwrap();

        let said = app::pane::pane(&it.app, &it.eva, &evas).await.unwrap().copy.unwrap();
        assert_eq!(
            (said.untrack.clone(), said.heir.as_deref()),
            (Untrack::PassOn { to: it.bo.user() }, Some("bo Ek"))
        );
        assert_eq!(app::untrack::untrack(&it.app, &it.eva, email).await.unwrap(), said.untrack);
        assert!(it.keywords(&it.eva, &evas).await.is_empty());
        assert_eq!(app::pane::pane(&it.app, &it.eva, &evas).await.unwrap().mark, Mark::None);

        assert_eq!(app::untrack::untrack(&it.app, &it.bo, email).await.unwrap(), Untrack::DeleteCopy);
        assert_eq!(app::pane::pane(&it.app, &it.bo, &bos).await.unwrap().mark, Mark::None);
        assert!(app::email::read(&it.app, &it.bo, email).await.is_err(), "hidden at once");
    })
    .await;
}

#[tokio::test]
async fn an_untracking_can_be_taken_back_for_a_moment() {
    told(|it| async move {
        let item = it.deliver(&it.eva, "INBOX", &mail("a@contoso.example", "Hej", "")).await;
        let email = app::track::track(&it.app, &it.eva, &item, Some(&it.contoso)).await.unwrap();
        let before = app::pane::pane(&it.app, &it.eva, &item).await.unwrap().copy.unwrap();
        app::untrack::untrack(&it.app, &it.eva, email).await.unwrap();
        assert!(it.keywords(&it.eva, &item).await.is_empty());
        let again = app::track::track(&it.app, &it.eva, &item, None).await.unwrap();
        assert_eq!(again, email);
        let after = app::pane::pane(&it.app, &it.eva, &item).await.unwrap().copy.unwrap();
        assert_eq!(
            (after.when, after.why.reason),
            (before.when, before.why.reason),
            "it says the same as before"
        );
        let view = app::email::read(&it.app, &it.eva, email).await.unwrap();
        assert!(view.text.unwrap().contains("canary"), "nothing was lost");
        assert_eq!(it.keywords(&it.eva, &item).await, ["Tracked"]);
        it.nothing_is_left().await;
    })
    .await;
}

#[tokio::test]
async fn the_regarding_can_be_changed_and_removed_later() {
    told(|it| async move {
        let item = it.deliver(&it.eva, "INBOX", &mail("a@contoso.example", "Hej", "")).await;
        let email = app::track::track(&it.app, &it.eva, &item, Some(&it.contoso)).await.unwrap();
        let deal = make(&it.app, &it.eva, "opportunity", &[("name", "240 stadscyklar")]).await;
        app::track::set_regarding(&it.app, &it.eva, email, Some(&deal)).await.unwrap();
        let entries = |record| {
            let (app, eva) = (it.app.clone(), it.eva.clone());
            async move { app::timeline::timeline(&app, &eva, &record, None).await.unwrap().entries.len() }
        };
        assert_eq!((entries(deal.clone()).await, entries(it.contoso.clone()).await), (1, 0));
        app::track::set_regarding(&it.app, &it.eva, email, None).await.unwrap();
        assert_eq!(app::pane::pane(&it.app, &it.eva, &item).await.unwrap().mark, Mark::Tracked);
        // Tracking again with a target is another way to say it.
        app::track::track(&it.app, &it.eva, &item, Some(&deal)).await.unwrap();
        assert_eq!(entries(deal).await, 1);
        it.nothing_is_left().await;
    })
    .await;
}

#[tokio::test]
async fn au_30_the_customers_answer_is_tracked_by_itself() {
    told(|it| async move {
        let item = it.deliver(&it.eva, "INBOX", &mail("a@contoso.example", "Offert", "")).await;
        let email = app::track::track(&it.app, &it.eva, &item, Some(&it.contoso)).await.unwrap();
        let answer = mail("b@contoso.example", "Sv: Offert", "In-Reply-To: <a@contoso.example>\n");
        let answer = it.deliver(&it.eva, "INBOX", &answer).await;
        // It answers the answer, and both arrive in one pass.
        let third = mail("c@contoso.example", "Sv: Offert", "References: <x@y> <b@contoso.example>\n");
        it.deliver(&it.eva, "INBOX", &third).await;
        it.deliver(&it.eva, "INBOX", &mail("private@home.example", "Middag", "")).await;

        let counts = it.sync(&it.eva).await;
        assert_eq!((counts.read, counts.tracked), (4, 2));
        let pane = app::pane::pane(&it.app, &it.eva, &answer).await.unwrap();
        assert_eq!(pane.copy.unwrap().why.reason, Reason::ReplyTo(email));
        let timeline = app::timeline::timeline(&it.app, &it.eva, &it.contoso, None).await.unwrap();
        assert_eq!(timeline.entries.len(), 3);
        assert_eq!(it.sync(&it.eva).await.read, 0, "nothing is read twice");
        assert_eq!(it.keywords(&it.eva, &answer).await, ["Tracked"]);
        it.nothing_is_left().await;
    })
    .await;
}

#[tokio::test]
async fn a_message_without_message_id_is_known_by_its_bytes() {
    told(|it| async move {
        let raw =
            mail("a@contoso.example", "Utan id", "").replacen("Message-ID: <a@contoso.example>\n", "", 1);
        let item = it.deliver(&it.eva, "INBOX", &raw).await;
        let email = app::track::track(&it.app, &it.eva, &item, None).await.unwrap();
        assert_eq!(app::track::track(&it.app, &it.eva, &item, None).await.unwrap(), email);
        assert_eq!(it.count("email").await, 1);
        let pane = app::pane::pane(&it.app, &it.eva, &item).await.unwrap();
        assert_eq!(pane.copy.unwrap().email, email);
        let inbox = app::mail::messages(&it.app, &it.eva, "INBOX", None).await.unwrap();
        assert_eq!(inbox.messages[0].mark, Mark::Tracked);
        app::untrack::untrack(&it.app, &it.eva, email).await.unwrap();
        assert_eq!(app::pane::pane(&it.app, &it.eva, &item).await.unwrap().mark, Mark::None);
        app::track::track(&it.app, &it.eva, &item, None).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn em_33_sent_and_received_are_two_activities() {
    told(|it| async move {
        let raw = mail("a@adventure.example", "Internt", "")
            .replace("goran@contoso.example", "eva@adventure.example");
        let sent = it.deliver(&it.eva, "Sent", &raw).await;
        let received = it.deliver(&it.bo, "INBOX", &raw).await;
        let first = app::track::track(&it.app, &it.eva, &sent, None).await.unwrap();
        let second = app::track::track(&it.app, &it.bo, &received, None).await.unwrap();
        assert_ne!(first, second);
        assert_eq!(it.count("email").await, 2);
        it.nothing_is_left().await;
    })
    .await;
}

/// A colleague's copy that is still being fetched proves nothing yet.
async fn once_there(app: &App, who: &Actor, item: &Item) -> Guid {
    loop {
        match app::track::track(app, who, item, None).await {
            Err(Error::Refused(Refusal::CopyPending)) => tokio::time::sleep(Duration::from_millis(20)).await,
            tracked => return tracked.unwrap(),
        }
    }
}

#[tokio::test]
async fn a_forged_message_id_opens_nothing() {
    told(|it| async move {
        let evas = it.deliver(&it.eva, "INBOX", &mail("a@contoso.example", "Hej", "")).await;
        let email = app::track::track(&it.app, &it.eva, &evas, Some(&it.contoso)).await.unwrap();
        let forged = mail("a@contoso.example", "Hej", "").replace("canary", "cuckoo");
        let bos = it.deliver(&it.bo, "INBOX", &forged).await;
        let refused = app::track::track(&it.app, &it.bo, &bos, None).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::AnotherMessage))), "{refused:?}");
        assert!(app::email::read(&it.app, &it.bo, email).await.is_err());
        assert_eq!(it.count("tracking").await, 1);
        it.nothing_is_left().await;
    })
    .await;
}

#[tokio::test]
async fn a_colleague_who_takes_up_what_was_let_go_owns_it() {
    told(|it| async move {
        let raw = mail("a@contoso.example", "Hej", "");
        let evas = it.deliver(&it.eva, "INBOX", &raw).await;
        let bos = it.deliver(&it.bo, "INBOX", &raw).await;
        let email = app::track::track(&it.app, &it.eva, &evas, None).await.unwrap();
        app::untrack::untrack(&it.app, &it.eva, email).await.unwrap();
        assert_eq!(app::track::track(&it.app, &it.bo, &bos, None).await.unwrap(), email);
        assert!(app::email::read(&it.app, &it.eva, email).await.is_err(), "it is bo's now");
        assert_eq!(app::untrack::untrack(&it.app, &it.bo, email).await.unwrap(), Untrack::DeleteCopy);
    })
    .await;
}

#[tokio::test]
async fn letting_go_and_taking_up_at_once_lose_nothing() {
    told(|it| async move {
        let raw = mail("a@contoso.example", "Hej", "");
        let evas = it.deliver(&it.eva, "INBOX", &raw).await;
        let bos = it.deliver(&it.bo, "INBOX", &raw).await;
        for _ in 0..5 {
            let email = once_there(&it.app, &it.eva, &evas).await;
            let (let_go, taken_up) = tokio::join!(
                app::untrack::untrack(&it.app, &it.eva, email),
                app::track::track(&it.app, &it.bo, &bos, None),
            );
            let_go.unwrap();
            let taken_up = taken_up.unwrap();
            let view = app::email::read(&it.app, &it.bo, taken_up).await.unwrap();
            assert!(view.tracking.is_some_and(|it| it.mine), "bo tracks it and sees it");
            app::untrack::untrack(&it.app, &it.bo, taken_up).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn many_at_once_make_one_row() {
    told(|it| async move {
        let raw = mail("a@contoso.example", "Hej", "");
        let evas = it.deliver(&it.eva, "INBOX", &raw).await;
        let bos = it.deliver(&it.bo, "INBOX", &raw).await;
        let mut all = tokio::task::JoinSet::new();
        for at in 0..8 {
            let (app, who, item) = if at % 2 == 0 {
                (it.app.clone(), it.eva.clone(), evas.clone())
            } else {
                (it.app.clone(), it.bo.clone(), bos.clone())
            };
            all.spawn(async move { once_there(&app, &who, &item).await });
        }
        let emails: std::collections::BTreeSet<_> = all.join_all().await.into_iter().collect();
        assert_eq!(emails.len(), 1);
        assert_eq!((it.count("email").await, it.count("tracking").await), (1, 2));
        assert_eq!(it.count("activitymimeattachment").await, 0);
        it.nothing_is_left().await;
    })
    .await;
}
