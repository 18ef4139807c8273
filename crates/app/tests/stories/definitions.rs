//! An administrator adds types and columns, and everybody works with them at once.

use crate::world::{World, mail, make, told};
use app::definitions::{self, apply, change, usage};
use app::{App, Error, Settings};
use domain::definition::{Refusal, Wish};
use domain::entity::{ColumnDef, FieldKind, KeyDef, Label};
use domain::id::RecordRef;
use domain::privilege::{Action, Actor};

const PROJECT: &str = include_str!("../../../../testdata/project.toml");

fn label(text: &str) -> Label {
    Label { en: text.to_owned(), sv: text.to_owned() }
}

/// As the same person comes with the next request.
async fn again(app: &App, who: &Actor) -> Actor {
    app::users::actor(app, who.user()).await.unwrap().unwrap()
}

/// The world after the sample file was applied, with Eva and Bo as they come next.
async fn with_projects(it: &World) -> (App, Actor, Actor) {
    apply(&it.app, &it.admin, PROJECT).await.unwrap();
    let app = it.app.clone();
    let (eva, bo) = (again(&app, &it.eva).await, again(&app, &it.bo).await);
    (app, eva, bo)
}

#[tokio::test]
async fn a_type_that_was_applied_is_there_at_once() {
    told(|it| async move {
        assert!(it.app.catalog.get("project").is_none());
        let (app, eva, bo) = with_projects(&it).await;
        let bridge = make(&app, &eva, "project", &[("name", "Öresund bridge"), ("number", "P-1")]).await;

        let query = domain::filter::Query::of("project");
        let list = app::records::list(&app, &eva, &query).await.unwrap();
        assert_eq!(list.records[0].text("number"), "P-1", "it has a list");
        let found = app::find::quick_find(&app, &eva, "öres").await.unwrap();
        assert!(found.iter().any(|it| it.entity == "project" && it.hits[0].record == bridge), "{found:?}");
        let found = app::find::quick_find(&app, &eva, "p-1").await.unwrap();
        assert!(found.iter().any(|it| it.entity == "project"), "by its number");
        let offered = app::pane::candidates(&app, &eva, "bridge").await.unwrap();
        assert_eq!(offered[0].record, bridge, "Set Regarding offers it");

        let item = it.deliver(&it.eva, "INBOX", &mail("a@x", "Hej", "")).await;
        app::track::track(&app, &eva, &item, Some(&bridge)).await.unwrap();
        let timeline = app::timeline::timeline(&app, &eva, &bridge, None).await.unwrap();
        assert_eq!(timeline.entries.len(), 1, "its activities have a timeline");

        assert!(app::records::read(&app, &bo, &bridge).await.unwrap().record.text("name").contains("bridge"));
        assert!(!bo.may(Action::Delete, "project"), "the file grants salespeople everything but that");
        let mia = again(&app, &it.mia).await;
        assert!(mia.may(Action::Delete, "project"), "managers have what @custom gives them");
    })
    .await;
}

#[tokio::test]
async fn what_was_added_survives_a_restart_and_reaches_other_servers() {
    told(|it| async move {
        let open = || async {
            let settings = Settings { data: it.data.path().to_owned(), database: Some(it.url.clone()) };
            App::open(&settings).await.unwrap()
        };
        let second = open().await;
        let (app, eva, _) = with_projects(&it).await;
        let bridge = make(&app, &eva, "project", &[("name", "Bridge")]).await;

        assert!(second.clone().catalog.get("project").is_none());
        assert!(definitions::refresh(&second).await.unwrap());
        assert!(!definitions::refresh(&second).await.unwrap(), "no news");
        let second = second.clone();
        let view = app::records::read(&second, &again(&second, &eva).await, &bridge).await.unwrap();
        assert_eq!(view.record.text("name"), "Bridge");

        let third = open().await;
        assert_eq!(third.catalog.get("project"), app.catalog.get("project"));
        let exported = definitions::export(&third, &it.admin, None).await.unwrap();
        assert!(apply(&third, &it.admin, &exported).await.unwrap().is_empty(), "{exported}");

        let drop = || Wish::DropEntity("project".to_owned());
        change(&second, &it.admin, drop(), Some(1)).await.unwrap();
        let failure = apply(&third, &it.admin, PROJECT).await.unwrap();
        assert!(!failure.is_empty(), "the other server adds it again, knowing that it went");
    })
    .await;
}

#[tokio::test]
async fn a_serving_server_learns_of_it_by_itself() {
    told(|it| async move {
        // All of the world, or the rest of it goes at once.
        let it = &it;
        let settings = Settings { data: it.data.path().to_owned(), database: Some(it.url.clone()) };
        let second = App::open(&settings).await.unwrap();
        let work = tokio::spawn(app::work::run(second.clone()));
        apply(&it.app, &it.admin, PROJECT).await.unwrap();
        let mut looks = 0;
        while second.clone().catalog.get("project").is_none() {
            looks += 1;
            assert!(looks < 100, "ten seconds are long enough on {}", it.engine);
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        work.abort();
    })
    .await;
}

#[tokio::test]
async fn what_is_used_goes_only_with_its_number_stated() {
    told(|it| async move {
        let (app, eva, _) = with_projects(&it).await;
        let bridge = make(&app, &eva, "project", &[("name", "Bridge"), ("number", "1")]).await;
        make(&app, &eva, "project", &[("name", "Tunnel")]).await;
        let item = it.deliver(&it.eva, "INBOX", &mail("a@x", "Hej", "")).await;
        app::track::track(&app, &eva, &item, Some(&bridge)).await.unwrap();
        it.work().await;

        let key = Wish::DropKey { entity: "project".to_owned(), key: "number".to_owned() };
        change(&app, &it.admin, key, None).await.unwrap();
        let column = || Wish::DropColumn { entity: "project".to_owned(), column: "number".to_owned() };
        assert_eq!(usage(&app, &it.admin, column()).await.unwrap(), 1);
        for stated in [None, Some(0), Some(2)] {
            let refused = change(&app, &it.admin, column(), stated).await.unwrap_err();
            assert!(matches!(refused, Error::InUse { rows: 1 }), "{refused}");
        }
        change(&app, &it.admin, column(), Some(1)).await.unwrap();
        definitions::reword(&app).await.unwrap();
        let app = app.clone();
        let eva = again(&app, &eva).await;
        assert!(app::records::read(&app, &eva, &bridge).await.unwrap().def.column("number").is_none());
        let found = app::find::quick_find(&app, &eva, "bridge").await.unwrap();
        assert!(found.iter().any(|it| it.entity == "project"), "it is found by its name as before");

        let whole = || Wish::DropEntity("project".to_owned());
        assert_eq!(usage(&app, &it.admin, whole()).await.unwrap(), 2);
        change(&app, &it.admin, whole(), Some(2)).await.unwrap();
        let app = app.clone();
        assert!(app.catalog.get("project").is_none() && app.catalog.get("project_contact").is_none());
        for table in ["word", "share", "emailsearch", "regardinguse", "change"] {
            assert_eq!(it.count(&format!("{table} WHERE entity = 'project'")).await, 0, "{table}");
        }
        assert_eq!(it.count("email WHERE recycledon IS NULL").await, 1, "the copy stays");
        assert_eq!(it.count("activitypointer WHERE regardingobjectid IS NOT NULL").await, 0);
        let eva = again(&app, &eva).await;
        assert!(app::find::quick_find(&app, &eva, "bridge").await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn standard_types_take_columns_too() {
    told(|it| async move {
        let (app, eva, _) = with_projects(&it).await;
        let read = |app: App, eva: Actor, contoso: RecordRef| async move {
            app::records::read(&app, &eva, &contoso).await.unwrap().record
        };
        let account = read(app.clone(), eva.clone(), it.contoso.clone()).await;
        let segment = [("new_segment".to_owned(), 2i64.into())].into();
        app::records::update(&app, &eva, &it.contoso, Some(account.version), segment).await.unwrap();
        let account = read(app.clone(), eva.clone(), it.contoso.clone()).await;
        assert_eq!(account.get("new_segment").int(), Some(2));

        // Found by what a column holds from the moment on that quick find looks there.
        let nickname =
            ColumnDef { max: Some(50), ..ColumnDef::new("new_nick", FieldKind::Text, label("Nick")) };
        let add = Wish::AddColumn { entity: "account".to_owned(), column: nickname.clone() };
        change(&app, &it.admin, add, None).await.unwrap();
        let app = app.clone();
        let eva = again(&app, &eva).await;
        let account = read(app.clone(), eva.clone(), it.contoso.clone()).await;
        let nick = [("new_nick".to_owned(), "Kontan".into())].into();
        app::records::update(&app, &eva, &it.contoso, Some(account.version), nick).await.unwrap();
        assert!(app::find::quick_find(&app, &eva, "kontan").await.unwrap().is_empty());
        let searched = ColumnDef { search: true, ..nickname };
        let wish = Wish::ChangeColumn { entity: "account".to_owned(), column: searched };
        change(&app, &it.admin, wish, None).await.unwrap();
        definitions::reword(&app).await.unwrap();
        let app = app.clone();
        assert_eq!(app::find::quick_find(&app, &eva, "kontan").await.unwrap()[0].entity, "account");
        assert_eq!(it.count("setting WHERE name LIKE 'reword%'").await, 0);
    })
    .await;
}

#[tokio::test]
async fn people_see_ties_between_what_they_see() {
    told(|it| async move {
        let (app, eva, bo) = with_projects(&it).await;
        let bridge = make(&app, &eva, "project", &[("name", "Bridge")]).await;
        let def = app.catalog.get("project").unwrap();
        let (way, _) = domain::entity::way(&app.catalog, def, "project_contact").unwrap();
        let mut changes = app::changes::Changes::new(&app, &eva);
        changes.tie(&bridge, &way, &it.goran).await.unwrap();
        changes.commit().await.unwrap();
        assert!(eva.may(Action::Read, "project_contact") && bo.may(Action::Read, "project_contact"));
        assert!(!bo.may(Action::Create, "project_contact"), "a tie is made from its ends");
        assert_eq!(it.count("project_contact").await, 1);
        assert_eq!(usage(&app, &it.admin, Wish::DropEntity("project".to_owned())).await.unwrap(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_key_tells_living_records_apart() {
    told(|it| async move {
        let (app, eva, _) = with_projects(&it).await;
        make(&app, &eva, "project", &[("name", "Bridge"), ("number", "1")]).await;
        make(&app, &eva, "project", &[("name", "Tunnel")]).await;
        make(&app, &eva, "project", &[("name", "Tunnel")]).await;
        let values = [("name".to_owned(), "Ferry".into()), ("number".to_owned(), "1".into())].into();
        assert!(app::records::create(&app, &eva, "project", values).await.is_err(), "the number is taken");

        let key =
            KeyDef { name: "name".into(), schema: None, label: label("Name"), columns: vec!["name".into()] };
        let add = Wish::AddKey { entity: "project".to_owned(), key };
        let refused = change(&app, &it.admin, add, None).await.unwrap_err();
        assert!(matches!(refused, Error::Definition(Refusal::NotUnique { .. })), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn every_kind_of_column_can_be_added_and_dropped() {
    told(|it| async move {
        // All of the world, or the rest of it goes at once.
        let it = &it;
        apply(&it.app, &it.admin, PROJECT).await.unwrap();
        let kinds = "text memo email phone url integer money decimal float boolean date datetime choice choices lookup file";
        for kind in kinds.split_whitespace() {
            let more = match kind {
                "choice" | "choices" => "options = [{ value = 1, label = 'One' }]",
                "lookup" => "targets = ['account', 'contact', '@activity']",
                _ => "",
            };
            let file = format!(
                "name = 'project'\nextend = true\n[[column]]\nname = 'a_{kind}'\nkind = '{kind}'\nlabel = 'A'\n{more}"
            );
            apply(&it.app, &it.admin, &file).await.unwrap_or_else(|error| panic!("{kind}: {error}"));
        }
        for kind in kinds.split_whitespace() {
            let wish = Wish::DropColumn { entity: "project".to_owned(), column: format!("a_{kind}") };
            change(&it.app, &it.admin, wish, None).await.unwrap_or_else(|error| panic!("{kind}: {error}"));
        }
    })
    .await;
}

#[tokio::test]
async fn only_administrators_change_types_and_one_at_a_time() {
    told(|it| async move {
        // All of the world, or the rest of it goes at once.
        let it = &it;
        for who in [&it.eva, &it.mia] {
            assert!(matches!(apply(&it.app, who, PROJECT).await, Err(Error::NotAllowed)));
            assert!(matches!(definitions::export(&it.app, who, None).await, Err(Error::NotAllowed)));
        }
        let bike = "name = 'bike'\nlabel = 'Bike'\n[[column]]\nname = 'name'\nkind = 'text'\nlabel = 'Name'";
        let (one, two) = tokio::join!(apply(&it.app, &it.admin, PROJECT), apply(&it.app, &it.admin, bike));
        for done in [one, two] {
            assert!(matches!(done, Ok(_) | Err(Error::Changed)), "{done:?}");
        }
        for file in [PROJECT, bike] {
            apply(&it.app, &it.admin, file).await.unwrap();
        }
        let app = it.app.clone();
        assert!(app.catalog.get("project").is_some() && app.catalog.get("bike").is_some());
        let taken = bike.replace("'bike'", "'word'");
        assert!(matches!(apply(&it.app, &it.admin, &taken).await, Err(Error::Definition(_))));
    })
    .await;
}
