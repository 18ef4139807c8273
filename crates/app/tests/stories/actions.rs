//! Closing, qualifying, merging, sharing, sending, and mail handed over in parts.

use crate::world::{World, mail, make, told};
use app::Error;
use app::actions::close::{Closing, lose, resolve, win};
use app::actions::merge::{Parents, merge};
use app::actions::qualify::{Qualifying, qualify};
use app::actions::receive::{self, Why};
use app::actions::send::{Issue, send};
use app::actions::{Refusal, derive, fill_in, promote, share, team};
use app::changes::Changes;
use domain::filter::{Filter, Query};
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor};
use domain::record::{Record, Value, Values};
use domain::tracking;
use formats::mime::Parts;

fn values<const N: usize>(all: [(&str, Value); N]) -> Values {
    all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

async fn create(it: &World, who: &Actor, entity: &str, values: Values) -> RecordRef {
    RecordRef::new(entity, app::records::create(&it.app, who, entity, values).await.unwrap())
}

async fn get(it: &World, who: &Actor, record: &RecordRef) -> Option<Record> {
    let scope = who.scope(Action::Read, &record.entity);
    store::records::get(&it.app.db, &it.app.catalog, record, &scope).await.unwrap()
}

async fn found(it: &World, who: &Actor, entity: &str, column: &str, value: &RecordRef) -> Vec<Record> {
    let query = Query::of(entity).filter(Filter::eq(column, value.clone()));
    let scope = who.scope(Action::Read, entity);
    store::records::find(&it.app.db, &it.app.catalog, &query, &scope).await.unwrap().records
}

#[track_caller]
fn refused(result: Result<impl std::fmt::Debug, Error>, expected: &Refusal) {
    match result {
        Err(Error::Action(refusal)) => assert_eq!(&refusal, expected),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_opportunity_is_won_once() {
    told(|it| async move {
        let all = values([
            ("name", "240 cyklar".into()),
            ("estimatedvalue", 70_000.into()),
            ("customerid", it.contoso.clone().into()),
        ]);
        let bikes = create(&it, &it.eva, "opportunity", all.clone()).await;
        let closing = Closing { subject: Some("Påskrivet".into()), ..Closing::default() };
        win(&it.app, &it.eva, bikes.id, &closing).await.unwrap();
        let won = get(&it, &it.eva, &bikes).await.unwrap();
        assert_eq!((won.get("statecode"), won.get("statuscode")), (&1.into(), &3.into()));
        assert_eq!(won.get("actualvalue"), &70_000.into());
        assert!(won.get("actualclosedate").time().is_some());
        assert_eq!(
            found(&it, &it.eva, "annotation", "objectid", &bikes).await[0].text("subject"),
            "Påskrivet"
        );
        let closed = Refusal::Closed { entity: "opportunity".into() };
        refused(win(&it.app, &it.eva, bikes.id, &closing).await, &closed);

        let others = create(&it, &it.eva, "opportunity", all).await;
        let wrong = Closing { status: Some(3), ..Closing::default() };
        let expected = Refusal::NoSuchEnd { entity: "opportunity".into(), status: 3 };
        refused(lose(&it.app, &it.eva, others.id, &wrong).await, &expected);
        let outsold = Closing { status: Some(5), value: Some(10_000), ..Closing::default() };
        lose(&it.app, &it.eva, others.id, &outsold).await.unwrap();
        let lost = get(&it, &it.eva, &others).await.unwrap();
        assert_eq!((lost.get("statecode"), lost.get("statuscode")), (&2.into(), &5.into()));
        assert!(matches!(win(&it.app, &it.ulf, others.id, &closing).await, Err(Error::NotFound)));

        let case = make(&it.app, &it.eva, "incident", &[("title", "Punktering")]).await;
        resolve(&it.app, &it.eva, case.id, &Closing::default()).await.unwrap();
        assert_eq!(get(&it, &it.eva, &case).await.unwrap().get("statuscode"), &5.into());
    })
    .await;
}

#[tokio::test]
async fn a_lead_becomes_an_account_a_contact_and_an_opportunity() {
    told(|it| async move {
        let all = values([
            ("subject", "Elcyklar".into()),
            ("firstname", "Åsa".into()),
            ("lastname", "Öberg".into()),
            ("companyname", "Fabrikam".into()),
            ("emailaddress1", "asa@fabrikam.example".into()),
            ("estimatedamount", 50_000.into()),
        ]);
        let lead = create(&it, &it.eva, "lead", all).await;
        let item = it.deliver(&it.eva, "INBOX", &mail("a@fabrikam.example", "Elcyklar", "")).await;
        app::track::track(&it.app, &it.eva, &item, Some(&lead)).await.unwrap();

        let wanted = Qualifying { account: true, contact: true, opportunity: true, ..Qualifying::default() };
        let made = qualify(&it.app, &it.eva, lead.id, &wanted).await.unwrap();
        let [account, contact, opportunity] = made.as_slice() else { panic!("{made:?}") };
        let shown = get(&it, &it.eva, account).await.unwrap();
        assert_eq!(
            (shown.text("name"), shown.get("primarycontactid")),
            ("Fabrikam", &contact.clone().into())
        );
        let shown = get(&it, &it.eva, contact).await.unwrap();
        assert_eq!(
            (shown.text("fullname"), shown.get("parentcustomerid")),
            ("Åsa Öberg", &account.clone().into())
        );
        let shown = get(&it, &it.eva, opportunity).await.unwrap();
        assert_eq!((shown.text("name"), shown.get("estimatedvalue")), ("Elcyklar", &50_000.into()));
        assert_eq!(shown.get("customerid"), &account.clone().into());
        assert_eq!(shown.get("originatingleadid"), &lead.clone().into());
        let shown = get(&it, &it.eva, &lead).await.unwrap();
        assert_eq!((shown.get("statecode"), shown.get("statuscode")), (&1.into(), &3.into()));
        assert_eq!(shown.get("qualifyingopportunityid"), &opportunity.clone().into());
        let timeline = app::timeline::timeline(&it.app, &it.eva, &lead, None).await.unwrap();
        assert_eq!(timeline.entries.len(), 1, "its mail stays where it was");
        let again = qualify(&it.app, &it.eva, lead.id, &wanted).await;
        refused(again, &Refusal::Closed { entity: "lead".into() });
        it.nothing_is_left().await;
    })
    .await;
}

#[tokio::test]
async fn what_led_to_one_record_leads_to_the_one_it_was_merged_into() {
    told(|it| async move {
        let double = make(&it.app, &it.eva, "account", &[("name", "Contoso AB")]).await;
        let below = values([("lastname", "Ek".into()), ("parentcustomerid", double.clone().into())]);
        let contact = create(&it, &it.eva, "contact", below).await;
        let theirs = values([("subject", "Ring".into()), ("regardingobjectid", double.clone().into())]);
        let task = create(&it, &it.admin, "task", theirs).await;
        let item = it.deliver(&it.eva, "INBOX", &mail("a@contoso.example", "Hej", "")).await;
        let email = app::track::track(&it.app, &it.eva, &item, Some(&double)).await.unwrap();
        let tie = values([("record1id", double.clone().into()), ("record2id", it.goran.clone().into())]);
        create(&it, &it.eva, "connection", tie).await;
        // The target hangs below the record that goes: it takes its place.
        let parent = make(&it.app, &it.eva, "account", &[("name", "Koncernen")]).await;
        for (one, above) in [(&it.contoso, &double), (&double, &parent)] {
            let mut changes = Changes::new(&it.app, &it.eva);
            changes.update(one, None, values([("parentaccountid", above.clone().into())])).await.unwrap();
            changes.commit().await.unwrap();
        }

        let update = values([("telephone1", "08-123".into())]);
        let other = merge(&it.app, &it.eva, &it.contoso, &double, update.clone(), Parents::Same).await;
        refused(other, &Refusal::OtherParent);
        refused(
            merge(&it.app, &it.eva, &it.contoso, &it.goran, Values::new(), Parents::Any).await,
            &Refusal::NotMergeable,
        );
        merge(&it.app, &it.eva, &it.contoso, &double, update, Parents::Any).await.unwrap();

        let target = Value::from(it.contoso.clone());
        for (record, column) in [
            (&contact, "parentcustomerid"),
            (&task, "regardingobjectid"),
            (&RecordRef::new("email", email), "regardingobjectid"),
        ] {
            assert_eq!(get(&it, &it.admin, record).await.unwrap().get(column), &target, "{record}");
        }
        let timeline = app::timeline::timeline(&it.app, &it.eva, &it.contoso, None).await.unwrap();
        assert_eq!(timeline.entries.len(), 2, "on {}", it.engine);
        assert_eq!(found(&it, &it.eva, "connection", "record1id", &it.contoso).await.len(), 1);
        assert_eq!(found(&it, &it.eva, "connection", "record2id", &it.contoso).await.len(), 1);
        let shown = get(&it, &it.eva, &it.contoso).await.unwrap();
        assert_eq!((shown.text("telephone1"), shown.get("parentaccountid")), ("08-123", &parent.into()));
        let gone = get(&it, &it.eva, &double).await.unwrap();
        assert_eq!((gone.get("statecode"), gone.get("masterid")), (&1.into(), &target));
        let again = merge(&it.app, &it.eva, &it.contoso, &double, Values::new(), Parents::Any).await;
        refused(again, &Refusal::Merged);
        let theirs = merge(&it.app, &it.bo, &it.contoso, &double, Values::new(), Parents::Any).await;
        assert!(matches!(theirs, Err(Error::NotFound)), "{theirs:?}");
        it.nothing_is_left().await;
    })
    .await;
}

#[tokio::test]
async fn who_takes_part_in_a_message_is_the_merged_contact() {
    told(|it| async move {
        let item = it.deliver(&it.eva, "INBOX", &mail("a@contoso.example", "Hej", "")).await;
        let email = app::track::track(&it.app, &it.eva, &item, None).await.unwrap();
        let other = make(&it.app, &it.eva, "contact", &[("firstname", "G"), ("lastname", "Sjöberg")]).await;
        merge(&it.app, &it.eva, &other, &it.goran, Values::new(), Parents::Any).await.unwrap();
        let view = app::email::read(&it.app, &it.eva, email).await.unwrap();
        let sender = view.parties.iter().find(|it| it.address == "goran@contoso.example").unwrap();
        assert_eq!(sender.record.as_ref().map(|it| it.record.clone()), Some(other), "on {}", it.engine);
        it.nothing_is_left().await;
    })
    .await;
}

#[tokio::test]
async fn se_06_rights_are_given_changed_and_taken() {
    told(|it| async move {
        let bo = RecordRef::new("systemuser", it.bo.user());
        let (app, record) = (&it.app, &it.contoso);
        assert_eq!(share::access(app, &it.eva, record, &bo).await.unwrap(), []);
        share::grant(app, &it.eva, record, &bo, &[Action::Read, Action::Share]).await.unwrap();
        assert!(get(&it, &it.bo, record).await.is_some());
        let has = share::access(app, &it.bo, record, &bo).await.unwrap();
        assert!(has.contains(&Action::Read) && has.contains(&Action::Share) && !has.contains(&Action::Write));
        let more = share::grant(app, &it.bo, record, &bo, &[Action::Write]).await;
        assert!(matches!(more, Err(Error::NotAllowed)), "nobody gives what he does not have: {more:?}");

        share::modify(app, &it.eva, record, &bo, &[Action::Read, Action::Write]).await.unwrap();
        let shares = share::shares(app, &it.eva, record).await.unwrap();
        assert_eq!(shares, [(bo.clone(), vec![Action::Read, Action::Write])]);
        let no = share::revoke(app, &it.bo, record, &bo).await;
        assert!(matches!(no, Err(Error::NotAllowed)), "{no:?}");
        share::revoke(app, &it.eva, record, &bo).await.unwrap();
        assert!(get(&it, &it.bo, record).await.is_none());
        assert!(matches!(share::access(app, &it.bo, record, &bo).await, Err(Error::NotFound)));
        let nobody = share::grant(app, &it.eva, record, &it.goran, &[Action::Read]).await;
        refused(nobody, &Refusal::NoPrincipal);
    })
    .await;
}

#[tokio::test]
async fn a_team_is_changed_by_who_may() {
    told(|it| async move {
        let unit = RecordRef::new("businessunit", it.bo.unit());
        let of = values([("name", "Cyklar".into()), ("businessunitid", unit.into())]);
        let cyclists = create(&it, &it.admin, "team", of).await;
        share::grant(&it.app, &it.eva, &it.contoso, &cyclists, &[Action::Read]).await.unwrap();
        let bo = [it.bo.user()];
        let no = team::add(&it.app, &it.eva, cyclists.id, &bo).await;
        assert!(matches!(no, Err(Error::NotAllowed)), "{no:?}");
        for (add, sees) in [(true, true), (true, true), (false, false), (false, false)] {
            if add {
                team::add(&it.app, &it.admin, cyclists.id, &bo).await.unwrap();
            } else {
                team::remove(&it.app, &it.admin, cyclists.id, &bo).await.unwrap();
            }
            let bo = app::users::actor(&it.app, it.bo.user()).await.unwrap().unwrap();
            assert_eq!(get(&it, &bo, &it.contoso).await.is_some(), sees, "on {}", it.engine);
        }
        let access = share::access(&it.app, &it.eva, &it.contoso, &cyclists).await.unwrap();
        assert_eq!(access, [Action::Read]);
    })
    .await;
}

#[tokio::test]
async fn a_draft_is_handed_over_once() {
    told(|it| async move {
        let mut changes = Changes::new(&it.app, &it.eva);
        let draft = changes.create("email", None, values([("subject", "Offert".into())])).await.unwrap();
        let draft = RecordRef::new("email", draft);
        changes.commit().await.unwrap();
        refused(send(&it.app, &it.eva, draft.id, Issue::Send, None).await, &Refusal::Nobody);

        let mut changes = Changes::new(&it.app, &it.eva);
        let to = values([("partyid", it.goran.clone().into()), ("participationtypemask", 2.into())]);
        changes.set_parties(&draft, vec![to]).await.unwrap();
        changes.commit().await.unwrap();
        let subject = send(&it.app, &it.eva, draft.id, Issue::Send, Some("CRM:0001011")).await.unwrap();
        assert_eq!(subject, "Offert CRM:0001011");
        let sent = get(&it, &it.eva, &draft).await.unwrap();
        assert_eq!((sent.get("statecode"), sent.get("statuscode")), (&1.into(), &6.into()));
        assert_eq!((sent.text("subject"), sent.text("trackingtoken")), (subject.as_str(), "CRM:0001011"));
        refused(send(&it.app, &it.eva, draft.id, Issue::Send, None).await, &Refusal::NoDraft);
        assert!(matches!(send(&it.app, &it.ulf, draft.id, Issue::Send, None).await, Err(Error::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn a_template_is_filled_from_what_the_reader_may_see() {
    told(|it| async move {
        let all = values([
            ("title", "Tack".into()),
            ("subject", "Hej {{firstname}}".into()),
            ("body", "<p>{!contact:fullname;} på {!account:name;} – {!user:fullname;}, {{jobtitle|kund}}, {{hair}}</p>".into()),
            ("templatetypecode", "contact".into()),
        ]);
        let template = create(&it, &it.eva, "template", all).await;
        let account = create(&it, &it.eva, "account", values([("name", "Sjö & <Berg>".into())])).await;
        let mut changes = Changes::new(&it.app, &it.eva);
        changes.update(&it.goran, None, values([("parentcustomerid", account.into())])).await.unwrap();
        changes.commit().await.unwrap();
        let nothing = |_: &_, _: &_, _: &_| None;
        let letter = fill_in::fill_in(&it.app, &it.eva, template.id, &it.goran, &nothing).await.unwrap();
        assert_eq!(letter.subject, "Hej Göran");
        assert_eq!(letter.body, "<p>Göran Sjöberg på Sjö &amp; &lt;Berg&gt; – eva Ek, kund, [hair?]</p>");
        let wrong = fill_in::fill_in(&it.app, &it.eva, template.id, &it.contoso, &nothing).await;
        refused(wrong.map(|it| it.subject), &Refusal::OtherType { wanted: "contact".into() });
        let begun = derive::initial(&it.app, &it.eva, &it.contoso, "contact").await.unwrap();
        assert_eq!(begun["parentcustomerid"], it.contoso.clone().into());
    })
    .await;
}

fn parts(id: &str, body: &str) -> Parts {
    Parts {
        message_id: format!("<{id}>"),
        from: "Göran Sjöberg <goran@contoso.example>".into(),
        to: "eva@adventure.example; bo@adventure.example".into(),
        subject: "Offert på 240 cyklar".into(),
        body: body.into(),
        ..Parts::default()
    }
}

#[tokio::test]
async fn a_message_that_is_handed_over_is_one_row_however_it_comes() {
    told(|it| async move {
        let given = parts("a@contoso.example", "<p>The canary sings</p>");
        assert!(!promote::is_tracked(&it.app, &it.eva, "a@contoso.example").await.unwrap());
        let email = promote::promote(&it.app, &it.eva, &given, Some(&it.contoso)).await.unwrap();
        assert_eq!(promote::promote(&it.app, &it.eva, &given, None).await.unwrap(), email);
        assert!(promote::is_tracked(&it.app, &it.eva, "a@contoso.example").await.unwrap());
        let timeline = app::timeline::timeline(&it.app, &it.eva, &it.contoso, None).await.unwrap();
        assert!(timeline.entries[0].text.contains("canary sings"));

        let other = parts("a@contoso.example", "<p>Something else</p>");
        let guessed = promote::promote(&it.app, &it.bo, &other, None).await;
        assert!(matches!(guessed, Err(Error::Refused(tracking::Refusal::AnotherMessage))), "{guessed:?}");
        assert_eq!(promote::promote(&it.app, &it.bo, &given, None).await.unwrap(), email);
        // The same message, found in the mailbox.
        it.deliver(&it.eva, "INBOX", &mail("a@contoso.example", "Offert på 240 cyklar", "")).await;
        it.sync(&it.eva).await;
        assert_eq!(it.count("email").await, 1);
        it.nothing_is_left().await;
    })
    .await;
}

async fn wish(it: &World, user: Guid, filter: i64) {
    let mut changes = Changes::new(&it.app, &it.admin);
    let all = values([
        ("incomingemailfilteringmethod", filter.into()),
        ("ownerid", RecordRef::new("systemuser", user).into()),
    ]);
    changes.create("usersettings", Some(user), all).await.unwrap();
    changes.commit().await.unwrap();
}

#[tokio::test]
async fn a_message_that_arrives_by_script_meets_the_wishes_of_those_it_is_for() {
    told(|it| async move {
        let given = parts("a@contoso.example", "Hej");
        let why = async |who: &Actor, parts: &Parts| receive::check(&it.app, who, parts).await.unwrap();
        assert_eq!(why(&it.admin, &given).await, Why::NoCorrelationMatch);
        refused(
            receive::receive(&it.app, &it.admin, &given).await,
            &Refusal::NotWanted(Why::NoCorrelationMatch),
        );
        wish(&it, it.bo.user(), 2).await;
        assert_eq!(why(&it.admin, &given).await, Why::Wanted);
        assert_eq!(why(&it.eva, &given).await, Why::NoCorrelationMatch, "bo's wish is not eva's to use");
        assert_eq!(why(&it.ulf, &given).await, Why::NoRecipientMatch);
        let email = receive::receive(&it.app, &it.admin, &given).await.unwrap();
        let stored = get(&it, &it.bo, &RecordRef::new("email", email)).await.unwrap();
        assert_eq!(stored.owner(), Some(&RecordRef::new("systemuser", it.bo.user())));
        assert_eq!(receive::receive(&it.app, &it.admin, &given).await.unwrap(), email);
        assert_eq!(why(&it.admin, &given).await, Why::Duplicate);

        let answer = Parts { in_reply_to: "a@contoso.example".into(), ..parts("b@contoso.example", "Tack") };
        assert_eq!(why(&it.eva, &answer).await, Why::Wanted, "it answers what is tracked");
        let elsewhere = Parts { to: "someone@elsewhere.example".into(), ..parts("c@x", "Hej") };
        assert_eq!(why(&it.admin, &elsewhere).await, Why::NoRecipientMatch);

        let all = values([
            ("name", "Info".into()),
            ("emailaddress", "info@adventure.example".into()),
            ("incomingemailfilteringmethod", 0.into()),
        ]);
        create(&it, &it.admin, "queue", all).await;
        let queued = Parts { to: "Info@Adventure.example".into(), ..parts("d@x", "Hej") };
        assert_eq!(why(&it.admin, &queued).await, Why::Wanted);
        it.nothing_is_left().await;
    })
    .await;
}
