//! A server starts: on nothing, on what is there, and at the same moment as another one.

use domain::entity::Catalog;
use store::Db;
use store::migrate::migrate;
use store::testing::{World, worlds};

async fn tables(db: &Db) -> i64 {
    let row = db.row("SELECT COUNT(*) FROM migration", &[]).await.unwrap().unwrap();
    for table in ["account", "email", "setting", "word", "document"] {
        db.rows(&format!("SELECT 1 FROM {table}"), &[]).await.unwrap();
    }
    row.int(0).unwrap()
}

/// How many numbered files there are.
fn files() -> i64 {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
    i64::try_from(std::fs::read_dir(folder).unwrap().count()).unwrap()
}

#[tokio::test]
async fn starting_twice_is_harmless_and_the_second_time_is_short() {
    let catalog = Catalog::standard().unwrap();
    for World { db, .. } in &worlds().await {
        migrate(db, &catalog).await.unwrap();
        let before = (tables(db).await, db.round_trips());
        migrate(db, &catalog).await.unwrap();
        assert!(db.round_trips() - before.1 <= 3);
        assert_eq!(tables(db).await, before.0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_may_start_at_once() {
    for World { db, url, name, .. } in &worlds().await {
        let catalog = Catalog::standard().unwrap();
        let other = Db::open(url).await.unwrap();
        let (first, second) = tokio::join!(migrate(db, &catalog), migrate(&other, &catalog));
        first.unwrap_or_else(|it| panic!("{name}: {it:#}"));
        second.unwrap_or_else(|it| panic!("{name}: {it:#}"));
        assert_eq!(tables(db).await, files());
    }
}

#[tokio::test]
async fn a_definition_that_grew_gets_its_column() {
    let small = "name='bike'\nset='bikes'\nownership='organization'\nicon='bike'\nprimary='name'\n\
                 label={en='Bike',sv='Cykel'}\nplural={en='Bikes',sv='Cyklar'}\n\
                 [[column]]\nname='name'\nkind='text'\nlabel={en='Name',sv='Namn'}\n";
    let grown =
        format!("{small}[[column]]\nname='wheels'\nkind='integer'\nlabel={{en='Wheels',sv='Hjul'}}\n");
    for World { db, .. } in &worlds().await {
        for definition in [small, &grown] {
            let mut all = Catalog::standard_types().unwrap();
            all.push(domain::entity::parse(definition).unwrap());
            migrate(db, &Catalog::of(all, vec![]).unwrap()).await.unwrap();
        }
        db.rows("SELECT wheels FROM bike", &[]).await.unwrap();
    }
}

#[tokio::test]
async fn who_asks_for_encryption_is_never_served_without() {
    let world = store::testing::postgres().await;
    // The throw-away server offers none.
    let url = world.url.replacen('?', "?sslmode=require&", 1);
    assert!(Db::open(&url).await.is_err());
}
