//! Records of every type are written by one path: what it checks, what goes along, what is asked before.

use crate::world::{World, make, told};
use app::changes::{Changes, Consent, dependants, restore};
use app::{Error, Problem};
use domain::ask::Way;
use domain::filter::{Filter, Query};
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor};
use domain::record::{Record, Value, Values};
use domain::tracking::Refusal;

fn values<const N: usize>(all: [(&str, Value); N]) -> Values {
    all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

async fn create(it: &World, who: &Actor, entity: &str, values: Values) -> Result<RecordRef, Error> {
    let id = app::records::create(&it.app, who, entity, values).await?;
    Ok(RecordRef::new(entity, id))
}

async fn get(it: &World, who: &Actor, record: &RecordRef) -> Option<Record> {
    let scope = who.scope(Action::Read, &record.entity);
    store::records::get(&it.app.db, &it.app.catalog, record, &scope).await.unwrap()
}

async fn update(it: &World, who: &Actor, record: &RecordRef, values: Values) -> Result<(), Error> {
    let mut changes = Changes::new(&it.app, who);
    changes.update(record, None, values).await?;
    changes.commit().await
}

async fn delete(it: &World, who: &Actor, record: &RecordRef, consent: Consent) -> Result<(), Error> {
    app::records::delete(&it.app, who, record, None, consent).await
}

async fn found(it: &World, who: &Actor, entity: &str, filter: Filter) -> Vec<Record> {
    let query = Query::of(entity).filter(filter).limit(50);
    let scope = who.scope(Action::Read, entity);
    store::records::find(&it.app.db, &it.app.catalog, &query, &scope).await.unwrap().records
}

#[track_caller]
fn invalid(result: Result<impl std::fmt::Debug, Error>, expected: &[Problem]) {
    match result {
        Err(Error::Invalid(problems)) => assert_eq!(problems, expected),
        other => panic!("{other:?}"),
    }
}

fn named(name: &str) -> String {
    name.to_owned()
}

#[tokio::test]
async fn everything_wrong_is_said_at_once_and_nothing_is_written() {
    told(|it| async move {
        let before = it.count("change").await;
        let wrong = values([
            ("name", "x".repeat(161).into()),
            ("industrycode", 99.into()),
            ("nonsense", 1.into()),
            ("createdon", it.app.now().into()),
            ("numberofemployees", "many".into()),
            ("creditonhold", 1.into()),
            ("statuscode", 7.into()),
            ("primarycontactid", RecordRef::new("contact", Guid::NIL).into()),
        ]);
        invalid(
            create(&it, &it.eva, "account", wrong).await,
            &[
                Problem::Fixed { column: named("createdon") },
                Problem::WrongKind { column: named("creditonhold") },
                Problem::NoChoice { column: named("industrycode") },
                Problem::TooLong { column: named("name"), max: 160 },
                Problem::Unknown { column: named("nonsense") },
                Problem::NoNumber { column: named("numberofemployees") },
                Problem::NoChoice { column: named("statuscode") },
                Problem::NoChoice { column: named("statuscode") },
                Problem::NoRecord { column: named("primarycontactid") },
            ],
        );
        invalid(
            create(&it, &it.eva, "task", Values::new()).await,
            &[Problem::Missing { column: named("subject") }],
        );
        for entity in ["role", "activitypointer", "systemuserroles", "businessunit"] {
            let refused = create(&it, &it.eva, entity, values([("name", "x".into())])).await;
            assert!(matches!(refused, Err(Error::NotAllowed)), "{entity}: {refused:?}");
        }
        assert_eq!(it.count("change").await, before);
    })
    .await;
}

#[tokio::test]
async fn a_task_goes_through_its_states_and_stands_in_the_timeline() {
    told(|it| async move {
        let task = values([
            ("subject", "Ring Göran".into()),
            ("regardingobjectid", it.contoso.clone().into()),
            ("percentcomplete", 10.into()),
        ]);
        let task = create(&it, &it.eva, "task", task).await.unwrap();
        let made = get(&it, &it.eva, &task).await.unwrap();
        assert_eq!((made.get("statecode"), made.get("statuscode")), (&0.into(), &2.into()));
        assert_eq!(made.get("prioritycode"), &1.into(), "what is normal");
        let timeline = app::timeline::timeline(&it.app, &it.eva, &it.contoso, None).await.unwrap();
        let [entry] = timeline.entries.as_slice() else { panic!("{timeline:?}") };
        assert_eq!((&entry.record, &*entry.title), (&task, "Ring Göran"));

        update(&it, &it.eva, &task, values([("statecode", 1.into())])).await.unwrap();
        let done = get(&it, &it.eva, &task).await.unwrap();
        assert_eq!(done.get("statuscode"), &5.into());
        assert!(!done.get("actualend").is_null());
        let wrong = values([("statecode", 0.into()), ("statuscode", 5.into())]);
        invalid(
            update(&it, &it.eva, &task, wrong).await,
            &[Problem::NoChoice { column: named("statuscode") }],
        );
        update(&it, &it.eva, &task, values([("statuscode", 3.into())])).await.unwrap();
        let open = get(&it, &it.eva, &task).await.unwrap();
        assert_eq!((open.get("statecode"), open.get("actualend")), (&0.into(), &Value::Null));
        let twin = RecordRef::new("activitypointer", task.id);
        assert_eq!(get(&it, &it.eva, &twin).await.unwrap().get("statecode"), &0.into());
    })
    .await;
}

#[tokio::test]
async fn several_changes_hold_wholly_or_not_at_all() {
    told(|it| async move {
        let mut changes = Changes::new(&it.app, &it.eva);
        let account = changes.create("account", None, values([("name", "Litware".into())])).await.unwrap();
        let account = RecordRef::new("account", account);
        let id = it.app.new_id();
        let person = values([("lastname", "Ek".into()), ("parentcustomerid", account.clone().into())]);
        assert_eq!(changes.create("contact", Some(id), person.clone()).await.unwrap(), id);
        let contact = RecordRef::new("contact", id);
        changes.update(&account, None, values([("primarycontactid", contact.clone().into())])).await.unwrap();
        changes.update(&account, Some(2), values([("name", "Litware AB".into())])).await.unwrap();
        assert!(get(&it, &it.eva, &account).await.is_none(), "not before it is committed");
        changes.commit().await.unwrap();
        let account = get(&it, &it.eva, &account).await.unwrap();
        assert_eq!((account.version, account.text("name")), (3, "Litware AB"));
        assert_eq!(account.get("primarycontactid"), &contact.into());

        let mut changes = Changes::new(&it.app, &it.eva);
        changes.create("account", None, values([("name", "Never".into())])).await.unwrap();
        invalid(
            changes.create("contact", Some(id), person).await,
            &[Problem::Taken { column: named("contactid") }],
        );
        let stale = changes.update(&account.reference(), Some(2), values([("name", "Old".into())])).await;
        assert!(matches!(stale, Err(Error::Changed)));
        drop(changes);
        assert_eq!(found(&it, &it.eva, "account", Filter::eq("name", "Never")).await, []);
    })
    .await;
}

#[tokio::test]
async fn se_04_a_link_needs_both_ends() {
    told(|it| async move {
        let theirs = make(&it.app, &it.ulf, "account", &[("name", "Woodgrove")]).await;
        let link = |to: &RecordRef| {
            values([("lastname", "Berg".into()), ("parentcustomerid", to.clone().into())])
        };
        invalid(
            create(&it, &it.eva, "contact", link(&theirs)).await,
            &[Problem::NoRecord { column: named("parentcustomerid") }],
        );
        let (mut commit, scope) = (store::Commit::new(), it.ulf.scope(Action::Share, "account"));
        let catalog = &it.app.catalog;
        store::share::grant(&mut commit, catalog, it.eva.user(), &theirs, &[Action::Read], &scope).unwrap();
        it.app.db.commit(commit).await.unwrap();
        let refused = create(&it, &it.eva, "contact", link(&theirs)).await;
        assert!(
            matches!(&refused, Err(Error::Refused(Refusal::MayNotAppendTo { entity })) if entity == "account"),
            "{refused:?}"
        );
        assert!(create(&it, &it.eva, "contact", link(&it.contoso)).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn another_owner_takes_along_what_belongs_to_the_record() {
    told(|it| async move {
        let of_contoso = |name: &str, value: &str, lookup: &str| {
            values([(name, value.into()), (lookup, it.contoso.clone().into())])
        };
        let deal =
            create(&it, &it.eva, "opportunity", of_contoso("name", "Cyklar", "customerid")).await.unwrap();
        let task = values([("subject", "Offert".into()), ("regardingobjectid", deal.clone().into())]);
        let task = create(&it, &it.eva, "task", task).await.unwrap();
        let bo = RecordRef::new("systemuser", it.bo.user());
        update(&it, &it.eva, &it.contoso, values([("ownerid", bo.clone().into())])).await.unwrap();
        for record in [&it.contoso, &deal, &task, &RecordRef::new("activitypointer", task.id)] {
            let seen = get(&it, &it.bo, record).await.unwrap();
            assert_eq!(seen.owner(), Some(&bo), "{} on {}", record.entity, it.engine);
        }
        let ulf = values([("ownerid", RecordRef::new("systemuser", it.ulf.user()).into())]);
        assert!(matches!(update(&it, &it.eva, &it.contoso, ulf.clone()).await, Err(Error::NotFound)));
        update(&it, &it.mia, &it.contoso, ulf).await.unwrap();
        let unit = get(&it, &it.ulf, &it.contoso).await.unwrap();
        assert_eq!(unit.get("owningbusinessunit"), &RecordRef::new("businessunit", it.ulf.unit()).into());
        let nobody = values([("ownerid", RecordRef::new("team", Guid::NIL).into())]);
        invalid(
            update(&it, &it.eva, &it.goran, nobody).await,
            &[Problem::NoRecord { column: named("ownerid") }],
        );
    })
    .await;
}

#[tokio::test]
async fn d_19_deleting_says_what_would_go_along_and_it_comes_back_together() {
    told(|it| async move {
        let contact = values([("lastname", "Ek".into()), ("parentcustomerid", it.contoso.clone().into())]);
        let contact = create(&it, &it.eva, "contact", contact).await.unwrap();
        let task = values([("subject", "Ring".into()), ("regardingobjectid", contact.clone().into())]);
        let task = create(&it, &it.eva, "task", task).await.unwrap();
        let child = values([("name", "Filial".into()), ("parentaccountid", it.contoso.clone().into())]);
        let child = create(&it, &it.eva, "account", child).await.unwrap();
        let link = values([
            ("record1id", it.contoso.clone().into()),
            ("record2id", it.goran.clone().into()),
            ("description", "Rådgivare".into()),
        ]);
        let link = create(&it, &it.eva, "connection", link).await.unwrap();

        let expected = vec![(named("connection"), 1), (named("contact"), 1), (named("task"), 1)];
        assert_eq!(dependants(&it.app, &it.eva, &it.contoso).await.unwrap(), expected);
        for consent in [Consent::Ask, Consent::With(2)] {
            match delete(&it, &it.eva, &it.contoso, consent).await {
                Err(Error::Depends { counts }) => assert_eq!(counts, expected),
                other => panic!("{other:?}"),
            }
        }
        delete(&it, &it.eva, &it.contoso, Consent::With(3)).await.unwrap();
        for gone in [&it.contoso, &contact, &task, &link, &RecordRef::new("activitypointer", task.id)] {
            assert!(get(&it, &it.eva, gone).await.is_none(), "{} on {}", gone.entity, it.engine);
        }
        assert!(
            get(&it, &it.eva, &child).await.unwrap().get("parentaccountid").is_null(),
            "it only led there"
        );
        assert_eq!(found(&it, &it.eva, "connection", Filter::everything()).await, []);

        restore(&it.app, &it.eva, &it.contoso).await.unwrap();
        for back in [&it.contoso, &contact, &task, &link] {
            assert!(get(&it, &it.eva, back).await.is_some(), "{} on {}", back.entity, it.engine);
        }
        assert_eq!(found(&it, &it.eva, "connection", Filter::everything()).await.len(), 2);
        assert!(matches!(restore(&it.app, &it.eva, &it.contoso).await, Err(Error::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn what_is_others_holds_a_record_back() {
    told(|it| async move {
        let (mut commit, scope) = (store::Commit::new(), it.eva.scope(Action::Share, "account"));
        let rights = [Action::Read, Action::AppendTo];
        let catalog = &it.app.catalog;
        store::share::grant(&mut commit, catalog, it.bo.user(), &it.contoso, &rights, &scope).unwrap();
        it.app.db.commit(commit).await.unwrap();
        let task = values([("subject", "Bos".into()), ("regardingobjectid", it.contoso.clone().into())]);
        create(&it, &it.bo, "task", task).await.unwrap();
        match delete(&it, &it.eva, &it.contoso, Consent::Whatever).await {
            Err(Error::HeldBack { counts }) => assert_eq!(counts, [(named("task"), 1)]),
            other => panic!("{other:?}"),
        }
        assert!(get(&it, &it.eva, &it.contoso).await.is_some());
        delete(&it, &it.mia, &it.contoso, Consent::Whatever).await.unwrap();

        let admin = admin(&it).await;
        let unit = RecordRef::new("businessunit", it.ulf.unit());
        match delete(&it, &admin, &unit, Consent::Whatever).await {
            Err(Error::HeldBack { counts }) => assert_eq!(counts, [(named("systemuser"), 1)]),
            other => panic!("{other:?}"),
        }
        let eva = RecordRef::new("systemuser", it.eva.user());
        assert!(matches!(delete(&it, &admin, &eva, Consent::Whatever).await, Err(Error::HeldBack { .. })));
    })
    .await;
}

async fn admin(it: &World) -> Actor {
    let admin = app::users::by_email(&it.app, "admin@adventure.example").await.unwrap().unwrap();
    app::users::actor(&it.app, admin).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_connection_is_found_from_either_end_and_changes_there_and_back() {
    told(|it| async move {
        let link = values([
            ("record1id", it.contoso.clone().into()),
            ("record2id", it.goran.clone().into()),
            ("description", "Rådgivare".into()),
        ]);
        let link = create(&it, &it.eva, "connection", link).await.unwrap();
        let from = |record: &RecordRef| Filter::eq("record1id", record.clone());
        let there = found(&it, &it.eva, "connection", from(&it.contoso)).await;
        let back = found(&it, &it.eva, "connection", from(&it.goran)).await;
        let ([there], [back]) = (there.as_slice(), back.as_slice()) else { panic!("{there:?} {back:?}") };
        assert_eq!(
            (there.id, there.get("ismaster"), back.get("ismaster")),
            (link.id, &true.into(), &false.into())
        );
        assert_eq!(back.get("relatedconnectionid"), &link.clone().into());
        assert_eq!(there.get("relatedconnectionid"), &back.reference().into());
        assert_eq!(back.get("record2id"), &it.contoso.clone().into());

        update(&it, &it.eva, &back.reference(), values([("description", "Kollega".into())])).await.unwrap();
        assert_eq!(get(&it, &it.eva, &link).await.unwrap().text("description"), "Kollega");
        delete(&it, &it.eva, &link, Consent::Ask).await.unwrap();
        assert_eq!(found(&it, &it.eva, "connection", Filter::everything()).await, []);
        restore(&it.app, &it.eva, &link).await.unwrap();
        assert_eq!(found(&it, &it.eva, "connection", Filter::everything()).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn people_take_part_as_the_kind_of_activity_allows() {
    told(|it| async move {
        let mut changes = Changes::new(&it.app, &it.eva);
        let email = values([("subject", "Hej".into()), ("description", "Hej Göran".into())]);
        let email = RecordRef::new("email", changes.create("email", None, email).await.unwrap());
        let eva = RecordRef::new("systemuser", it.eva.user());
        let party = |part: i64, record: &RecordRef| {
            values([
                ("activityid", email.clone().into()),
                ("participationtypemask", part.into()),
                ("partyid", record.clone().into()),
            ])
        };
        changes.create("activityparty", None, party(1, &eva)).await.unwrap();
        changes.create("activityparty", None, party(2, &it.goran)).await.unwrap();
        invalid(
            changes.create("activityparty", None, party(7, &eva)).await,
            &[Problem::NoChoice { column: named("participationtypemask") }],
        );
        changes.commit().await.unwrap();
        let draft = get(&it, &it.eva, &email).await.unwrap();
        assert_eq!((draft.text("sender"), draft.text("torecipients")), ("eva Ek", "Göran Sjöberg"));
        let parties = store::email::parties(&it.app.db, email.id).await.unwrap();
        assert_eq!(parties[1].address, "goran@contoso.example");

        // Parts are seen by whoever sees the activity, also by way of what it is regarding.
        let part = found_parties(&it, &it.eva).await;
        assert_eq!(part.len(), 2);
        assert!(found_parties(&it, &it.ulf).await.is_empty());
        update(&it, &it.eva, &email, values([("regardingobjectid", it.contoso.clone().into())]))
            .await
            .unwrap();
        let (mut commit, scope) = (store::Commit::new(), it.eva.scope(Action::Share, "account"));
        let catalog = &it.app.catalog;
        store::share::grant(&mut commit, catalog, it.ulf.user(), &it.contoso, &[Action::Read], &scope)
            .unwrap();
        it.app.db.commit(commit).await.unwrap();
        assert_eq!(found_parties(&it, &it.ulf).await.len(), 2, "decision 10");

        let mut changes = Changes::new(&it.app, &it.eva);
        let to = values([("addressused", "anna@contoso.example".into())]);
        changes.set_parties(&email, vec![to]).await.unwrap();
        changes.commit().await.unwrap();
        assert_eq!(get(&it, &it.eva, &email).await.unwrap().text("torecipients"), "anna@contoso.example");
        let appointment = values([
            ("subject", "Möte".into()),
            ("scheduledstart", it.app.now().into()),
            ("scheduledend", it.app.now().into()),
        ]);
        let mut changes = Changes::new(&it.app, &it.eva);
        let appointment = changes.create("appointment", None, appointment).await.unwrap();
        let appointment = RecordRef::new("appointment", appointment);
        let organizer = || values([("participationtypemask", 7.into()), ("partyid", eva.clone().into())]);
        invalid(
            changes.set_parties(&appointment, vec![organizer(), organizer()]).await,
            &[Problem::NoChoice { column: named("participationtypemask") }],
        );
    })
    .await;
}

async fn found_parties(it: &World, who: &Actor) -> Vec<Record> {
    let query = Query::of("activityparty").order("position", domain::filter::Direction::Ascending).limit(50);
    let scope = who.scope(Action::Read, "activityparty");
    store::records::find(&it.app.db, &it.app.catalog, &query, &scope).await.unwrap().records
}

#[tokio::test]
async fn em_04_what_was_received_stays_as_it_is() {
    told(|it| async move {
        let mail = crate::world::mail("a@contoso.example", "Offert", "");
        let item = it.deliver(&it.eva, "INBOX", &mail).await;
        let email = app::track::track(&it.app, &it.eva, &item, None).await.unwrap();
        let email = RecordRef::new("email", email);
        for column in ["subject", "statecode"] {
            let value = if column == "subject" { "Annat".into() } else { Value::Int(0) };
            let refused = update(&it, &it.eva, &email, values([(column, value)])).await;
            assert!(matches!(refused, Err(Error::Invalid(_))), "{column}: {refused:?}");
        }
        let party = values([
            ("activityid", email.clone().into()),
            ("participationtypemask", 2.into()),
            ("addressused", "x@y.example".into()),
        ]);
        invalid(
            create(&it, &it.eva, "activityparty", party).await,
            &[Problem::Fixed { column: named("activityid") }],
        );
        update(&it, &it.eva, &email, values([("regardingobjectid", it.contoso.clone().into())]))
            .await
            .unwrap();
        assert_eq!(
            get(&it, &it.eva, &email).await.unwrap().get("regardingobjectid"),
            &it.contoso.clone().into()
        );
        // Its account goes, and it goes along; with the account it comes back.
        delete(&it, &it.eva, &it.contoso, Consent::With(1)).await.unwrap();
        assert!(get(&it, &it.eva, &email).await.is_none());
        restore(&it.app, &it.eva, &it.contoso).await.unwrap();
        assert!(app::email::read(&it.app, &it.eva, email.id).await.is_ok());
        it.nothing_is_left().await;
    })
    .await;
}

#[tokio::test]
async fn who_is_in_a_team_and_who_has_a_role_is_not_everybodys_to_say() {
    told(|it| async move {
        let admin = admin(&it).await;
        let unit = RecordRef::new("businessunit", it.eva.unit());
        let team = values([("name", "Norr".into()), ("businessunitid", unit.into())]);
        let team = create(&it, &admin, "team", team).await.unwrap();
        let bo = RecordRef::new("systemuser", it.bo.user());
        let member = Way::Across {
            intersect: named("teammembership"),
            here: named("teamid"),
            there: named("systemuserid"),
            entity: named("systemuser"),
        };
        let mut changes = Changes::new(&it.app, &it.bo);
        assert!(matches!(changes.tie(&team, &member, &bo).await, Err(Error::NotAllowed)));
        let mut changes = Changes::new(&it.app, &admin);
        changes.tie(&team, &member, &bo).await.unwrap();
        changes.tie(&team, &member, &bo).await.unwrap();
        changes.commit().await.unwrap();
        let now = app::users::actor(&it.app, it.bo.user()).await.unwrap().unwrap();
        assert!(now.principals().contains(&team.id));
        let mut changes = Changes::new(&it.app, &admin);
        changes.untie(&team, &member, &bo).await.unwrap();
        changes.commit().await.unwrap();
        let now = app::users::actor(&it.app, it.bo.user()).await.unwrap().unwrap();
        assert!(!now.principals().contains(&team.id));

        let role = Way::Across {
            intersect: named("systemuserroles"),
            here: named("systemuserid"),
            there: named("roleid"),
            entity: named("role"),
        };
        let administrator = RecordRef::new("role", domain::privilege::Role::id_of("administrator"));
        assert!(get(&it, &it.bo, &administrator).await.is_some(), "ready-made roles are rows");
        let mut changes = Changes::new(&it.app, &it.bo);
        assert!(matches!(changes.tie(&bo, &role, &administrator).await, Err(Error::NotAllowed)));
    })
    .await;
}

#[tokio::test]
async fn names_numbers_customers_and_currencies_follow() {
    told(|it| async move {
        let goran = get(&it, &it.eva, &it.goran).await.unwrap();
        assert_eq!(goran.text("fullname"), "Göran Sjöberg");
        let case = values([("title", "Trasig cykel".into()), ("customerid", it.contoso.clone().into())]);
        let case = create(&it, &it.eva, "incident", case).await.unwrap();
        let case = get(&it, &it.eva, &case).await.unwrap();
        assert!(case.text("ticketnumber").starts_with("CAS-"));
        let deal = values([
            ("name", "Cyklar".into()),
            ("parentaccountid", it.contoso.clone().into()),
            ("estimatedvalue", 10_000.into()),
        ]);
        let deal = create(&it, &it.eva, "opportunity", deal).await.unwrap();
        let deal = get(&it, &it.eva, &deal).await.unwrap();
        assert_eq!(deal.get("customerid"), &it.contoso.clone().into());
        let currency = deal.get("transactioncurrencyid").record().unwrap().clone();
        assert_eq!(get(&it, &it.eva, &currency).await.unwrap().text("isocurrencycode"), "SEK");
        let mailbox = it.mailbox(&it.eva).await.id;
        let mailbox = get(&it, &it.eva, &RecordRef::new("mailbox", mailbox)).await.unwrap();
        assert_eq!(mailbox.text("emailaddress"), "eva@adventure.example");
    })
    .await;
}
