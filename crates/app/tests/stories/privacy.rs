//! Who sees what, and what must not be there at all.

use crate::world::{mail, make, told};
use app::Error;
use app::mail::Mark;
use domain::id::RecordRef;
use domain::tracking::Refusal;
use std::path::Path;

#[tokio::test]
async fn m7_reading_mail_stores_nothing() {
    told(|it| async move {
        let item = it.deliver(&it.eva, "INBOX", &mail("a@contoso.example", "Hemligt", "")).await;
        app::mail::folders(&it.app, &it.eva).await.unwrap();
        app::mail::messages(&it.app, &it.eva, "INBOX", None).await.unwrap();
        app::mail::read(&it.app, &it.eva, "INBOX", item.uid).await.unwrap();
        app::pane::pane(&it.app, &it.eva, &item).await.unwrap();
        let counts = it.sync(&it.eva).await;
        assert_eq!((counts.read, counts.tracked), (1, 0));
        for table in ["email", "tracking", "activityparty", "blob", "document", "beginning", "job"] {
            assert_eq!(it.count(table).await, 0, "{table} on {}", it.engine);
        }
        assert!(!holds(it.data.path(), "canary", Some("mail-")), "a byte of an untracked message was kept");
        assert!(!holds(it.data.path(), "Hemligt", Some("mail-")));
    })
    .await;
}

#[tokio::test]
async fn m19_the_owner_the_colleague_on_the_account_and_the_outsider() {
    told(|it| async move {
        let item = it.deliver(&it.eva, "INBOX", &mail("a@contoso.example", "Offert", "")).await;
        let email = app::track::track(&it.app, &it.eva, &item, Some(&it.contoso)).await.unwrap();
        // Mia manages the unit and reads the account; bo does neither; ulf sits elsewhere.
        assert!(app::email::read(&it.app, &it.mia, email).await.is_ok());
        for outsider in [&it.bo, &it.ulf] {
            assert!(matches!(app::email::read(&it.app, outsider, email).await, Err(Error::NotFound)));
            assert!(matches!(app::email::raw(&it.app, outsider, email).await, Err(Error::NotFound)));
            assert!(app::find::quick_find(&it.app, outsider, "Offert").await.unwrap().is_empty());
            assert!(matches!(app::records::read(&it.app, outsider, &it.contoso).await, Err(Error::NotFound)));
        }
        let found = app::find::quick_find(&it.app, &it.eva, "offert").await.unwrap();
        assert_eq!(found.len(), 1);

        // Decision 10: whoever may read the account reads its mail, whoever owns it.
        let mut commit = store::Commit::new();
        let scope = it.eva.scope(domain::privilege::Action::Share, "account");
        let rights = [domain::privilege::Action::Read];
        store::share::grant(&mut commit, &it.app.catalog, it.ulf.user(), &it.contoso, &rights, &scope)
            .unwrap();
        it.app.db.commit(commit).await.unwrap();
        assert!(app::email::read(&it.app, &it.ulf, email).await.is_ok());
        assert!(app::email::read(&it.app, &it.bo, email).await.is_err());
        let timeline = app::timeline::timeline(&it.app, &it.ulf, &it.contoso, None).await.unwrap();
        assert_eq!(timeline.entries.len(), 1);
        it.nothing_is_left().await;
    })
    .await;
}

#[tokio::test]
async fn se_05_nobody_links_mail_to_what_is_not_theirs() {
    told(|it| async move {
        let theirs = make(&it.app, &it.ulf, "account", &[("name", "Woodgrove")]).await;
        let item = it.deliver(&it.eva, "INBOX", &mail("a@contoso.example", "Hej", "")).await;
        for (target, refusal) in [
            (theirs, Refusal::NoSuchRecord),
            (RecordRef::new("account", it.goran.id), Refusal::NoSuchRecord),
            (RecordRef::new("surprise", it.goran.id), Refusal::NoSuchRecord),
            (
                RecordRef::new("systemuser", it.eva.user()),
                Refusal::TakesNoActivities { entity: "systemuser".into() },
            ),
        ] {
            let refused = app::track::track(&it.app, &it.eva, &item, Some(&target)).await;
            assert!(matches!(&refused, Err(Error::Refused(it)) if *it == refusal), "{refused:?}");
        }
        assert_eq!(it.count("email").await, 0);
        let others = it.deliver(&it.bo, "INBOX", &mail("b@contoso.example", "Hej", "")).await;
        let refused = app::track::track(&it.app, &it.eva, &others, None).await;
        assert!(matches!(refused, Err(Error::NotFound)), "another's mailbox is not there");
    })
    .await;
}

#[tokio::test]
async fn after_untracking_no_byte_is_left() {
    told(|it| async move {
        let secret = mail("secret@contoso.example", "Zebrafinken", "");
        let item = it.deliver(&it.eva, "INBOX", &secret).await;
        let email = app::track::track(&it.app, &it.eva, &item, Some(&it.contoso)).await.unwrap();
        app::untrack::untrack(&it.app, &it.eva, email).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_secs(11)).await;
        it.nothing_is_left().await;

        for table in
            ["email", "tracking", "activityparty", "activitypointer", "blob", "document", "beginning"]
        {
            assert_eq!(it.count(table).await, 0, "{table} on {}", it.engine);
        }
        let log = it.count("change").await;
        assert!(log > 0, "who and when remain");
        if it.engine == "sqlite" {
            let database = Path::new(&it.url).parent().unwrap();
            for word in ["canary sings in secret", "Zebrafinken", "zebrafinken", "secret@contoso"] {
                assert!(!holds(database, word, None), "“{word}” is still in the database's files");
            }
        }
        let pane = app::pane::pane(&it.app, &it.eva, &item).await.unwrap();
        assert_eq!(pane.mark, Mark::None);
        // It can be tracked anew, as if for the first time.
        assert_ne!(app::track::track(&it.app, &it.eva, &item, None).await.unwrap(), email);
        it.nothing_is_left().await;
    })
    .await;
}

/// Whether any file below the folder holds the text; folders that begin with `besides` are passed over.
fn holds(folder: &Path, text: &str, besides: Option<&str>) -> bool {
    std::fs::read_dir(folder).unwrap().flatten().any(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        match besides {
            Some(besides) if name.starts_with(besides) => false,
            _ if path.is_dir() => holds(&path, text, besides),
            _ => {
                let bytes = std::fs::read(&path).unwrap_or_default();
                bytes.windows(text.len()).any(|it| it == text.as_bytes())
            }
        }
    })
}
