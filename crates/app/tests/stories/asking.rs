//! Questions over several types, and what hangs below the rows.

use crate::world::{World, make, told};
use app::Error;
use app::ask::{Row, ask, expanded, senseless};
use domain::ask::{Ask, Expand, Pick, Place, Sort, Way};
use domain::filter::{Direction, Filter};
use domain::id::{Guid, RecordRef};
use domain::privilege::Actor;
use domain::record::{Value, Values};

fn picked(entity: &str, columns: &[&str]) -> Ask {
    let mut ask = Ask::of(entity);
    ask.source.columns = Pick::These(columns.iter().map(|it| (*it).to_owned()).collect());
    ask
}

fn expand(name: &str, way: Way, ask: Ask, expand: Vec<Expand>) -> Expand {
    Expand { name: name.to_owned(), way, ask, expand, only_ref: false }
}

fn names(rows: &[Row], column: &str) -> Vec<String> {
    rows.iter().map(|it| it.found.record.text(column).to_owned()).collect()
}

async fn person(it: &World, name: &str, account: &RecordRef) -> RecordRef {
    let values = Values::from([
        ("lastname".to_owned(), name.into()),
        ("parentcustomerid".to_owned(), account.clone().into()),
    ]);
    RecordRef::new("contact", app::records::create(&it.app, &it.eva, "contact", values).await.unwrap())
}

async fn rows(it: &World, who: &Actor, question: &Ask, ways: &[Expand]) -> Vec<Row> {
    let found = ask(&it.app, who, question).await.unwrap().rows;
    expanded(&it.app, who, &found, ways).await.unwrap()
}

#[tokio::test]
async fn below_each_row_hangs_its_own() {
    told(|it| async move {
        let woodgrove = make(&it.app, &it.eva, "account", &[("name", "Woodgrove")]).await;
        for name in ["Ask", "Björk", "Cedergren"] {
            person(&it, name, &it.contoso).await;
        }
        person(&it, "Dal", &woodgrove).await;

        let owner = Way::One { column: "ownerid".into(), target: "systemuser".into() };
        let owner = expand("ownerid", owner, picked("systemuser", &["fullname"]), vec![]);
        let account = Way::One { column: "parentcustomerid".into(), target: "account".into() };
        let account = expand("account", account, picked("account", &["name"]), vec![owner]);
        let mut people = picked("contact", &["lastname"]);
        people.limit = 2;
        let last = Sort { alias: "t".into(), column: "lastname".into(), direction: Direction::Descending };
        people.order = vec![last];
        let way = Way::Many { entity: "contact".into(), column: "parentcustomerid".into() };
        let people = expand("people", way, people, vec![account]);
        let mut question = picked("account", &["name"]);
        question.order =
            vec![Sort { alias: "t".into(), column: "name".into(), direction: Direction::Ascending }];

        let before = it.app.db.round_trips();
        let rows = rows(&it, &it.eva, &question, std::slice::from_ref(&people)).await;
        assert_eq!(it.app.db.round_trips() - before, 4, "one for each way and level");
        assert_eq!(names(&rows, "name"), ["Contoso Sverige AB", "Woodgrove"]);
        let below = &rows[0].below["people"];
        assert_eq!(names(below, "lastname"), ["Cedergren", "Björk"]);
        assert!(rows[0].more.contains("people") && rows[1].more.is_empty());
        assert_eq!(names(&rows[1].below["people"], "lastname"), ["Dal"]);
        assert_eq!(below[0].found.record.values.len(), 1, "only what was picked");
        let account = &below[1].below["account"];
        assert_eq!(names(account, "name"), ["Contoso Sverige AB"]);
        assert_eq!(names(&account[0].below["ownerid"], "fullname"), ["eva Ek"]);

        assert!(ask(&it.app, &it.bo, &question).await.unwrap().rows.is_empty(), "they are eva's");
    })
    .await;
}

#[tokio::test]
async fn what_one_may_not_read_does_not_hang_there() {
    told(|it| async move {
        let secret = make(&it.app, &it.bo, "account", &[("name", "Secret")]).await;
        let values = Values::from([
            ("lastname".to_owned(), "Falk".into()),
            ("parentcustomerid".to_owned(), it.contoso.clone().into()),
        ]);
        let falk = app::records::create(&it.app, &it.eva, "contact", values).await.unwrap();
        let question = {
            let mut question = picked("contact", &["lastname"]);
            question.source.filter = Filter::eq("contactid", RecordRef::new("contact", falk));
            question
        };
        let way = Way::One { column: "parentcustomerid".into(), target: "account".into() };
        let account = expand("parentcustomerid_account", way, picked("account", &["name"]), vec![]);
        let found = rows(&it, &it.eva, &question, std::slice::from_ref(&account)).await;
        assert_eq!(names(&found[0].below["parentcustomerid_account"], "name"), ["Contoso Sverige AB"]);

        let moved = "UPDATE contact SET parentcustomerid = $1 WHERE contactid = $2";
        let moved =
            store::testing::raw([(moved, vec![secret.id.into(), falk.into()], store::Expect::Exactly(1))]);
        it.app.db.commit(moved).await.unwrap();
        let found = rows(&it, &it.eva, &question, &[account]).await;
        assert!(found[0].below["parentcustomerid_account"].is_empty());
        // Not by a filter, either.
        let mut guessed = question.clone();
        guessed.source.filter = Filter::Exists {
            entity: "account".into(),
            from: "accountid".into(),
            to: "parentcustomerid".into(),
            filter: Box::new(Filter::eq("name", "Secret")),
        };
        assert!(ask(&it.app, &it.eva, &guessed).await.unwrap().rows.is_empty());
        assert_eq!(ask(&it.app, &it.admin, &guessed).await.unwrap().rows.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn an_owner_is_a_user_or_a_team_and_teams_have_their_people() {
    told(|it| async move {
        let values = Values::from([
            ("name".to_owned(), "Nord".into()),
            ("businessunitid".to_owned(), RecordRef::new("businessunit", it.admin.unit()).into()),
        ]);
        let team = app::records::create(&it.app, &it.admin, "team", values).await.unwrap();
        let team = RecordRef::new("team", team);
        for who in [&it.eva, &it.bo] {
            let joined = "INSERT INTO teammembership (teammembershipid, versionnumber, sortkey, teamid, systemuserid) \
                          VALUES ($1, 1, '', $2, $3)";
            let values = vec![it.app.new_id().into(), team.id.into(), who.user().into()];
            let joined = store::testing::raw([(joined, values, store::Expect::Exactly(1))]);
            it.app.db.commit(joined).await.unwrap();
        }
        let owned = store::testing::raw([(
            "UPDATE account SET ownerid = $1, owneridtype = 'team' WHERE accountid = $2",
            vec![team.id.into(), it.contoso.id.into()],
            store::Expect::Exactly(1),
        )]);
        it.app.db.commit(owned).await.unwrap();
        let way = Way::One { column: "ownerid".into(), target: "systemuser".into() };
        let below = expand("ownerid", way, picked("systemuser", &["fullname"]), vec![]);
        let found = rows(&it, &it.admin, &picked("account", &["name"]), &[below]).await;
        assert_eq!(found[0].below["ownerid"][0].found.record.reference(), team);

        let across = Way::Across {
            intersect: "teammembership".into(),
            here: "teamid".into(),
            there: "systemuserid".into(),
            entity: "systemuser".into(),
        };
        let mut people = picked("systemuser", &["fullname"]);
        people.order =
            vec![Sort { alias: "t".into(), column: "fullname".into(), direction: Direction::Ascending }];
        let people = expand("teammembership_association", across, people, vec![]);
        let mut teams = picked("team", &["name"]);
        teams.source.filter = Filter::eq("name", "NORD");
        let found = rows(&it, &it.admin, &teams, &[people]).await;
        assert_eq!(names(&found[0].below["teammembership_association"], "fullname"), ["bo Ek", "eva Ek"]);
    })
    .await;
}

#[tokio::test]
async fn a_refusal_says_which_one_it_is() {
    told(|it| async move {
        let nothing = ask(&it.app, &it.eva, &Ask::of("nonsense")).await;
        assert!(matches!(nothing, Err(Error::NotFound)), "{nothing:?}");
        let mut nobody = Ask::of("contact");
        nobody.after = Some(Place { values: vec![Value::Int(1), Value::Int(2)], id: Guid::NIL });
        let refused = ask(&it.app, &it.eva, &nobody).await.unwrap_err();
        assert!(senseless(&refused).is_some(), "{refused:?}");
    })
    .await;
}
