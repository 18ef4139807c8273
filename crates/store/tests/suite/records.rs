//! Records are made, read, changed, deleted, restored and erased, each with everything that hangs on it.

use crate::company::{BO, Company, EVA, NORTH, at, changed, companies, guid};
use domain::filter::{After, Direction, Filter, Op, Query};
use domain::id::RecordRef;
use domain::privilege::Action;
use domain::record::{Record, Value, Values};
use store::{Stamp, change, matching, records};

fn stamp(seconds: i64) -> Stamp {
    Stamp { by: guid(EVA), at: at(seconds) }
}

#[tokio::test]
async fn a_record_comes_back_as_it_went_in() {
    for company in &companies().await {
        let eva = company.eva();
        let contact = RecordRef::new("contact", guid(50));
        let name = "Robert'); DROP TABLE account; -- \"$1\" ?1 å\u{0}";
        let record = Record::new("account", guid(51))
            .with("name", name)
            .with("primarycontactid", contact.clone())
            .with("telephone1", "1".repeat(60));
        let made = company.make(&eva, record, 1).await;
        assert_eq!(made.version, 1);
        assert_eq!(made.text("name"), name.trim_end_matches('\0'));
        assert_eq!(made.text("telephone1"), "1".repeat(50), "cut to its column");
        assert_eq!(made.get("primarycontactid"), &contact.into());
        assert_eq!(made.get("createdon"), &at(1).into());
        assert_eq!(made.get("createdby"), &RecordRef::new("systemuser", guid(EVA)).into());
        assert_eq!(made.owner(), Some(&RecordRef::new("systemuser", guid(EVA))));
        assert_eq!((made.get("statecode"), made.get("statuscode")), (&Value::Int(0), &Value::Int(1)));
        assert_eq!(made.get("websiteurl"), &Value::Null);
    }
}

#[tokio::test]
async fn what_a_type_does_not_have_is_refused() {
    for company in &companies().await {
        let eva = company.eva();
        let scope = eva.scope(Action::Create, "account");
        let unit = RecordRef::new("businessunit", guid(NORTH));
        let whole = Record::new("account", guid(50)).with("name", "A").with("owningbusinessunit", unit);
        for (bad, why) in [
            (whole.clone().with("nmae", "A"), "no column"),
            (whole.clone().with("name\" = ''; --", "A"), "no column"),
            (whole.clone().with("name", 7), "something else"),
            (whole.clone().with("createdon", at(1)), "by the store alone"),
            (Record::new("account", guid(50)), "owningbusinessunit"),
            (whole.clone().with("ownerid", RecordRef::new("systemuser", guid(BO))), "as far as"),
            (Record { entity: "nothing".into(), ..whole.clone() }, "no type"),
            (Record { entity: "contact".into(), ..whole.clone() }, "A scope of account"),
        ] {
            let result = company
                .commit(|it| records::create(it, &company.catalog, &bad, &scope, stamp(1)))
                .await
                .unwrap_err()
                .to_string();
            assert!(result.contains(why), "{result}");
        }
        let reading = eva.scope(Action::Read, "account");
        company
            .commit(|it| records::create(it, &company.catalog, &whole, &reading, stamp(1)))
            .await
            .unwrap_err();
        assert_eq!(company.count("SELECT COUNT(*) FROM account").await, 0);
    }
}

#[tokio::test]
async fn a_change_holds_for_the_version_that_was_read() {
    for company in &companies().await {
        let eva = company.eva();
        let made = company.make(&eva, Record::new("account", guid(50)).with("name", "Contoso"), 1).await;
        company.change(&eva, &made, "name", "Fabrikam", 2).await.unwrap();
        changed(company.change(&eva, &made, "name", "Litware", 3).await);
        changed(company.delete(&eva, &made, 3).await);
        let now = company.get(&eva, &made.reference()).await.unwrap();
        assert_eq!((now.version, now.text("name")), (2, "Fabrikam"));
        assert_eq!((now.get("createdon"), now.get("modifiedon")), (&at(1).into(), &at(2).into()));
        // The same once more is no change.
        company.change(&eva, &now, "name", "Fabrikam", 4).await.unwrap();
        assert_eq!(company.get(&eva, &made.reference()).await.unwrap().version, 2);
    }
}

async fn found(company: &Company, words: &[&str]) -> Vec<String> {
    let words = Filter::Words(words.iter().map(|it| (*it).to_owned()).collect());
    let query = Query::of("account").filter(words).order("name", Direction::Ascending);
    let scope = company.eva().scope(Action::Read, "account");
    let page = records::find(company.db(), &company.catalog, &query, &scope).await.unwrap();
    page.records.iter().map(|it| it.text("name").to_owned()).collect()
}

#[tokio::test]
async fn quick_find_knows_the_words_of_now() {
    for company in &companies().await {
        let eva = company.eva();
        let record = Record::new("account", guid(50)).with("name", "Åkes Bil & Motor AB");
        let made = company.make(&eva, record.with("emailaddress1", "ake@bil.example"), 1).await;
        company.make(&eva, Record::new("account", guid(51)).with("name", "Motorspecialisten"), 1).await;
        assert_eq!(found(company, &["MOTOR"]).await, ["Motorspecialisten", "Åkes Bil & Motor AB"]);
        assert_eq!(found(company, &["åke", "mot"]).await, ["Åkes Bil & Motor AB"]);
        assert_eq!(found(company, &["ake@bil"]).await, ["Åkes Bil & Motor AB"]);
        assert_eq!(found(company, &["ake", "nothing"]).await, Vec::<String>::new());
        assert_eq!(found(company, &["%"]).await, Vec::<String>::new());
        assert_eq!(found(company, &[]).await.len(), 2);

        company.change(&eva, &made, "name", "Volt AB", 2).await.unwrap();
        assert_eq!(found(company, &["motor"]).await, ["Motorspecialisten"]);
        let now = company.get(&eva, &made.reference()).await.unwrap();
        company.delete(&eva, &now, 3).await.unwrap();
        assert_eq!(found(company, &["volt"]).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn an_address_leads_to_everybody_who_has_it() {
    for company in &companies().await {
        let eva = company.eva();
        let addressed =
            |entity: &str, n: u8| Record::new(entity, guid(n)).with("emailaddress1", "Info@X.example");
        company.make(&eva, addressed("account", 50).with("emailaddress2", "info@x.example"), 1).await;
        let contact = company.make(&eva, addressed("contact", 51), 2).await;
        let gone = company.make(&eva, addressed("lead", 52), 3).await;
        company.delete(&eva, &gone, 4).await.unwrap();
        let mut user = Record::new("systemuser", guid(53)).with("fullname", "Info").with("isdisabled", true);
        user = user.with("internalemailaddress", "info@x.example");
        company.make(&company.admin(), user, 5).await;
        for n in 100..140 {
            company
                .make(&eva, Record::new("contact", guid(n)).with("emailaddress3", "many@x.example"), 6)
                .await;
        }

        let asked: Vec<String> =
            ["info@x.example", "MANY@x.example", "nobody@x.example"].map(Into::into).into();
        let before = company.db().round_trips();
        let matches = matching::matches(company.db(), &company.catalog, &asked).await.unwrap();
        assert_eq!(company.db().round_trips() - before, 1);
        let (info, many): (Vec<_>, Vec<_>) = matches.iter().partition(|it| it.address == "info@x.example");
        assert_eq!(many.len(), 20);
        let mut entities: Vec<_> = info.iter().map(|it| (it.record.entity.as_str(), it.active)).collect();
        entities.sort_unstable();
        assert_eq!(entities, [("account", true), ("contact", true), ("systemuser", false)]);
        let found = info.iter().find(|it| it.record == contact.reference()).unwrap();
        assert_eq!((found.owner, found.created), (Some(guid(EVA)), at(2)));
    }
}

#[tokio::test]
async fn an_activity_has_a_twin_that_follows_it() {
    for company in &companies().await {
        let eva = company.eva();
        let account = RecordRef::new("account", guid(50));
        let email = Record::new("email", guid(60))
            .with("subject", "Offert")
            .with("senton", at(-100))
            .with("statecode", 1)
            .with("statuscode", 4)
            .with("regardingobjectid", account.clone());
        let email = company.make(&eva, email, 1).await;
        let pointer = RecordRef::new("activitypointer", guid(60));
        let twin = company.get(&eva, &pointer).await.unwrap();
        assert_eq!((twin.text("subject"), twin.text("activitytypecode")), ("Offert", "email"));
        assert_eq!((twin.get("sortdate"), twin.get("statuscode")), (&at(-100).into(), &Value::Int(2)));
        assert_eq!(twin.get("regardingobjectid"), &account.into());

        let none = Values::from([("regardingobjectid".to_owned(), Value::Null)]);
        let scope = eva.scope(Action::Append, "email");
        company
            .commit(|it| records::update(it, &company.catalog, &email, &none, &scope, stamp(2)))
            .await
            .unwrap();
        assert!(company.get(&eva, &pointer).await.unwrap().get("regardingobjectid").is_null());
        let email = company.get(&eva, &email.reference()).await.unwrap();
        company.delete(&eva, &email, 3).await.unwrap();
        assert_eq!(company.get(&eva, &pointer).await, None);
    }
}

#[tokio::test]
async fn deleted_can_be_restored_and_erased_cannot() {
    for company in &companies().await {
        let eva = company.eva();
        let email = Record::new("email", guid(60)).with("subject", "Hemlig offert");
        let email = company.make(&eva, email, 1).await;
        let party = Record::new("activityparty", guid(61)).with("activityid", email.reference());
        let part_of = eva.scope(Action::Create, "email");
        company.commit(|it| records::create(it, &company.catalog, &party, &part_of, stamp(1))).await.unwrap();
        company.delete(&eva, &email, 2).await.unwrap();
        let read = eva.scope(Action::Read, "email");
        assert_eq!(company.get(&eva, &email.reference()).await, None);
        assert!(!company.reaches(&read, &party.reference()).await, "parts go along");

        let scope = eva.scope(Action::Delete, "email");
        let binned =
            records::recycled(company.db(), &company.catalog, &email.reference(), &scope).await.unwrap();
        let binned = binned.unwrap();
        company.commit(|it| records::restore(it, &company.catalog, &binned, &scope, stamp(3))).await.unwrap();
        changed(company.commit(|it| records::restore(it, &company.catalog, &binned, &scope, stamp(3))).await);
        let back = company.get(&eva, &email.reference()).await.unwrap();
        assert_eq!((back.version, back.text("subject")), (3, "Hemlig offert"));
        assert!(company.reaches(&read, &party.reference()).await);

        let contact = company.make(&eva, Record::new("contact", guid(70)).with("lastname", "Ek"), 3).await;
        company.change(&eva, &contact, "lastname", "Al", 4).await.unwrap();
        for (record, seconds) in [(&back, 5), (&contact, 5), (&contact, 6)] {
            company
                .commit(|it| records::erase(it, &company.catalog, &record.reference(), stamp(seconds)))
                .await
                .unwrap();
        }
        for table in ["email", "activitypointer", "activityparty", "contact", "word", "emailsearch"] {
            assert_eq!(company.count(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
        }
        let told = "SELECT COUNT(*) FROM change WHERE columns <> '{}'";
        assert_eq!(company.count(told).await, 0);
        assert!(company.count("SELECT COUNT(*) FROM change WHERE operation = 'create'").await == 2);
    }
}

#[tokio::test]
async fn the_change_log_is_numbered_in_the_order_of_commits() {
    for company in &companies().await {
        let (db, eva) = (company.db(), company.eva());
        assert_eq!(change::number(db).await.unwrap(), 0);
        let made = company.make(&eva, Record::new("account", guid(50)).with("name", "Contoso"), 9).await;
        assert_eq!(change::number(db).await.unwrap(), 1);
        company.change(&eva, &made, "name", "Fabrikam", 5).await.unwrap();
        let (one, other) = tokio::join!(change::number(db), change::number(db));
        assert_eq!((one.unwrap(), other.unwrap()), (2, 2));
        let rows = db.rows("SELECT operation, columns FROM change ORDER BY number", &[]).await.unwrap();
        assert_eq!((rows[0].text(0).unwrap(), rows[0].text(1).unwrap()), ("create", "{}"));
        assert_eq!(rows[1].text(1).unwrap(), r#"{"name":{"was":"Contoso"}}"#);
    }
}

/// All names, page by page.
async fn walked(company: &Company, query: Query) -> Vec<String> {
    let scope = company.eva().scope(Action::Read, &query.entity);
    let (mut names, mut query) = (vec![], query.limit(2));
    loop {
        let page = records::find(company.db(), &company.catalog, &query, &scope).await.unwrap();
        assert!(page.records.len() <= 2);
        names.extend(page.records.iter().map(|it| it.text("name").to_owned()));
        let Some(next) = page.next else { return names };
        query.after = Some(After { ..next });
    }
}

#[tokio::test]
async fn paging_visits_each_record_once_and_in_the_same_order_on_both_engines() {
    for company in &companies().await {
        let eva = company.eva();
        let names = ["Öberg", "öberg", "Ärlig", "Zorn", "åberg", "aalto", "Åberg"];
        for (n, name) in (50..).zip(names) {
            let record = Record::new("account", guid(n)).with("name", name);
            let record = if n % 2 == 0 { record.with("telephone1", name) } else { record };
            company.make(&eva, record, i64::from(n) / 2).await;
        }
        let by_name = ["aalto", "Zorn", "åberg", "Åberg", "Ärlig", "Öberg", "öberg"];
        let query = || Query::of("account");
        assert_eq!(walked(company, query().order("name", Direction::Ascending)).await, by_name);
        let mut backwards = by_name;
        backwards.reverse();
        assert_eq!(walked(company, query().order("name", Direction::Descending)).await, backwards);
        let mut newest = names;
        newest.reverse();
        assert_eq!(walked(company, query()).await, newest);
        // What is empty comes last, in both directions.
        let by_phone = walked(company, query().order("telephone1", Direction::Descending)).await;
        assert_eq!(by_phone, ["Öberg", "Ärlig", "Åberg", "åberg", "aalto", "Zorn", "öberg"]);
        let by_phone = walked(company, query().order("telephone1", Direction::Ascending)).await;
        assert_eq!(
            by_phone,
            ["åberg", "Åberg", "Ärlig", "Öberg", "öberg", "Zorn", "aalto"].map(String::from)
        );
    }
}

#[tokio::test]
async fn filters_choose() {
    for company in &companies().await {
        let eva = company.eva();
        let parent = RecordRef::new("account", guid(50));
        company.make(&eva, Record::new("account", guid(50)).with("name", "A"), 1).await;
        let child =
            Record::new("account", guid(51)).with("name", "B").with("parentaccountid", parent.clone());
        company.make(&eva, child, 2).await;
        let compare = |column: &str, op, value: Value| Filter::Compare { column: column.into(), op, value };
        for (filter, expected) in [
            (Filter::eq("name", "B"), vec!["B"]),
            (Filter::eq("parentaccountid", parent.clone()), vec!["B"]),
            (Filter::Null { column: "parentaccountid".into() }, vec!["A"]),
            (compare("createdon", Op::Gt, at(1).into()), vec!["B"]),
            (compare("name", Op::Ne, "B".into()), vec!["A"]),
            (Filter::In { column: "accountid".into(), values: vec![parent.clone().into()] }, vec!["A"]),
            (Filter::Not(Box::new(Filter::eq("name", "A"))), vec!["B"]),
            (Filter::Not(Box::new(Filter::Words(vec!["a".into()]))), vec!["B"]),
            (Filter::Any(vec![Filter::eq("name", "A"), Filter::eq("statecode", 1)]), vec!["A"]),
            (Filter::Any(vec![]), vec![]),
        ] {
            assert_eq!(
                walked(company, Query::of("account").filter(filter.clone())).await,
                expected,
                "{filter:?}"
            );
        }
        let scope = eva.scope(Action::Read, "account");
        for query in [
            Query::of("account").order("nonsense", Direction::Ascending),
            Query::of("account").order("ownerid", Direction::Ascending),
            Query::of("contact"),
            Query::of("nonsense"),
        ] {
            assert!(
                records::find(company.db(), &company.catalog, &query, &scope).await.is_err(),
                "{query:?}"
            );
        }
    }
}
