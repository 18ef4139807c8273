//! Who sees what, and what must not be there at all.

use crate::world::{World, mail, make, told};
use app::Error;
use app::mail::{Item, Mark};
use app::pane::{Pane, Who};
use domain::id::RecordRef;
use domain::privilege::{Action, Actor};
use domain::record::Values;
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
        for word in ["canary", "Hemligt", "hemligt", "a@contoso.example"] {
            assert!(!keeps(&it, word).await, "“{word}” of an untracked message was kept on {}", it.engine);
        }
        // The same search finds what is stored.
        app::track::track(&it.app, &it.eva, &item, None).await.unwrap();
        for word in ["canary", "Hemligt", "hemligt", "a@contoso.example"] {
            assert!(keeps(&it, word).await, "“{word}” cannot be found on {}", it.engine);
        }
    })
    .await;
}

/// Two messages of Anna's, whose account and deal are eva's. The first is not tracked; eva tracked the second as
/// regarding the account. The deal alone is shared with bo, who has both messages, too.
async fn annas_letters(it: &World) -> (RecordRef, [Item; 2], [Item; 2]) {
    let of_contoso = |name: &str, value: &str, column: &str| {
        Values::from([
            (name.to_owned(), value.into()),
            (column.to_owned(), it.contoso.clone().into()),
            ("emailaddress1".to_owned(), "anna@contoso.example".into()),
        ])
    };
    let anna = of_contoso("lastname", "Berg", "parentcustomerid");
    app::records::create(&it.app, &it.eva, "contact", anna).await.unwrap();
    let mut deal = of_contoso("name", "240 stadscyklar", "customerid");
    deal.remove("emailaddress1");
    let deal = app::records::create(&it.app, &it.eva, "opportunity", deal).await.unwrap();
    let deal = RecordRef::new("opportunity", deal);
    let_read(it, &it.bo, &deal).await;

    let from_anna = |id: &str| mail(id, "Offert", "").replace("Göran Sjöberg <goran@", "Anna Berg <anna@");
    let (first, second) = (from_anna("first@x"), from_anna("second@x"));
    let evas = [it.deliver(&it.eva, "INBOX", &first).await, it.deliver(&it.eva, "INBOX", &second).await];
    let bos = [it.deliver(&it.bo, "INBOX", &first).await, it.deliver(&it.bo, "INBOX", &second).await];
    app::track::track(&it.app, &it.eva, &evas[1], Some(&it.contoso)).await.unwrap();
    (deal, evas, bos)
}

/// Eva shares a record of hers, for reading.
async fn let_read(it: &World, with: &Actor, record: &RecordRef) {
    let (mut commit, scope) = (store::Commit::new(), it.eva.scope(Action::Share, &record.entity));
    store::share::grant(&mut commit, &it.app.catalog, with.user(), record, &[Action::Read], &scope).unwrap();
    it.app.db.commit(commit).await.unwrap();
}

async fn pane(it: &World, who: &Actor, item: &Item) -> Pane {
    app::pane::pane(&it.app, who, item).await.unwrap()
}

#[tokio::test]
async fn the_pane_does_not_tell_what_hangs_together_with_what_is_hidden() {
    told(|it| async move {
        let (deal, evas, bos) = annas_letters(&it).await;
        for item in &evas {
            let pane = pane(&it, &it.eva, item).await;
            assert_eq!(pane.related_to.unwrap().record, it.contoso);
            let related: Vec<&RecordRef> = pane.related.iter().map(|it| &it.record).collect();
            assert!(related.contains(&&it.contoso) && related.contains(&&deal), "{related:?}");
        }
        for item in &bos {
            let pane = pane(&it, &it.bo, item).await;
            assert!(pane.related.is_empty(), "{:?} on {}", pane.related, it.engine);
            assert_eq!((pane.mark, pane.related_to), (Mark::None, None));
            assert!(pane.copy.is_none());
            assert!(matches!(pane.people[0].who, Who::Unknown), "bo does not see Anna");
        }
        // Bo's own tracking shows the e-mail, but not what it is regarding.
        app::track::track(&it.app, &it.bo, &bos[1], None).await.unwrap();
        let pane = pane(&it, &it.bo, &bos[1]).await;
        assert_eq!(pane.mark, Mark::Regarding(it.contoso.clone(), None));
        assert!(pane.copy.unwrap().regarding_hidden);
        assert!(pane.related.is_empty() && pane.related_to.is_none());
    })
    .await;
}

#[tokio::test]
async fn what_a_hidden_email_is_regarding_suggests_nothing() {
    told(|it| async move {
        let (_, _, bos) = annas_letters(&it).await;
        let_read(&it, &it.bo, &it.contoso).await;
        // A salesperson reads mail by way of the account; bo's clerk reads the account and no mail.
        let role = "name = 'clerk'\nlabel = { en = 'Clerk', sv = 'Kontorist' }\n[[grant]]\ntypes = ['*']\n\
                    actions = ['read']\ndepth = 'user'";
        let standing = domain::privilege::Standing {
            user: it.bo.user(),
            unit: it.bo.unit(),
            units_below: [].into(),
            teams: [].into(),
        };
        let clerk = domain::privilege::Role::parse(role).unwrap();
        let clerk = Actor::new(standing, vec![clerk], it.app.catalog.clone());
        let seen = pane(&it, &clerk, &bos[1]).await;
        assert!(seen.copy.is_none() && seen.related.is_empty() && seen.related_to.is_none());
        let seen = pane(&it, &it.bo, &bos[1]).await;
        assert_eq!(seen.related_to.unwrap().record, it.contoso);
        assert_eq!(seen.related.len(), 2);
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
        let_read(&it, &it.ulf, &it.contoso).await;
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
        let words = ["canary sings in secret", "Zebrafinken", "zebrafinken", "secret@contoso"];
        for word in words {
            assert!(keeps(&it, word).await, "“{word}” cannot be found on {}", it.engine);
        }
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
        for word in words {
            assert!(!keeps(&it, word).await, "“{word}” is still kept on {}", it.engine);
        }
        let pane = app::pane::pane(&it.app, &it.eva, &item).await.unwrap();
        assert_eq!(pane.mark, Mark::None);
        // It can be tracked anew, as if for the first time.
        assert_ne!(app::track::track(&it.app, &it.eva, &item, None).await.unwrap(), email);
        it.nothing_is_left().await;
    })
    .await;
}

/// Whether the text stands anywhere but in the mailboxes: in a file of the server's folder or of SQLite's (the log
/// beside the database is one of them), or in any text or bytes of any table.
async fn keeps(it: &World, text: &str) -> bool {
    let beside_mail = holds(it.data.path(), text);
    match it.app.db.engine() {
        store::Engine::Sqlite => beside_mail || holds(Path::new(&it.url).parent().unwrap(), text),
        store::Engine::Postgres => beside_mail || stands_in_a_table(it, text).await,
    }
}

/// Whether any file below the folder holds the text; mailboxes are passed over.
fn holds(folder: &Path, text: &str) -> bool {
    std::fs::read_dir(folder).unwrap().flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            !entry.file_name().to_string_lossy().starts_with("mail-") && holds(&path, text)
        } else {
            let bytes = std::fs::read(&path).unwrap_or_default();
            bytes.windows(text.len()).any(|it| it == text.as_bytes())
        }
    })
}

/// Asks each column of each table of PostgreSQL.
async fn stands_in_a_table(it: &World, text: &str) -> bool {
    let columns = "SELECT table_name::TEXT, column_name::TEXT, data_type::TEXT FROM information_schema.columns
                   WHERE table_schema = current_schema() AND data_type NOT IN ('bigint', 'integer', 'boolean')";
    let columns = it.app.db.rows(columns, &[]).await.unwrap();
    let asked: Vec<String> = columns
        .iter()
        .map(|row| {
            let (table, column, kind) = (row.text(0).unwrap(), row.text(1).unwrap(), row.text(2).unwrap());
            let found = match kind {
                "bytea" => format!("POSITION(convert_to($1, 'UTF8') IN \"{column}\")"),
                _ => format!("POSITION($1 IN \"{column}\"::TEXT)"),
            };
            format!("SELECT 1 FROM \"{table}\" WHERE {found} > 0")
        })
        .collect();
    let sql = format!("SELECT COUNT(*) FROM ({}) AS found", asked.join(" UNION ALL "));
    let rows = it.app.db.rows(&sql, &[text.into()]).await.unwrap();
    rows[0].int(0).unwrap() > 0
}
