//! Types and columns: an administrator's pages, without script.

use crate::world::World;

const BIKE: [(&str, &str); 8] = [
    ("name", "bike"),
    ("en", "Bike"),
    ("sv", "Cykel"),
    ("plural_en", "Bikes"),
    ("plural_sv", "Cyklar"),
    ("ownership", "user"),
    ("activities", "true"),
    ("browsable", "true"),
];

const WHEELS: [(&str, &str); 5] =
    [("kind", "integer"), ("name", "wheels"), ("en", "Wheels"), ("sv", "Hjul"), ("list", "true")];

#[tokio::test]
async fn an_administrator_adds_a_type_and_everybody_works_with_it() {
    let world = World::new().await;
    let admin = world.sign_in("administrator").await;
    admin.get("/settings").await.is(200).says("Types and columns");
    admin.get("/settings/types").await.is(200).says("No types of your own yet");
    admin.get("/settings/types/new").await.is(200).says("Several, in Swedish");
    assert_eq!(admin.post("/settings/types", &BIKE).await.is(303).location(), "/settings/types/bike");
    admin
        .get("/settings/types/bike")
        .await
        .is(200)
        .says("Mail can be regarding it")
        .hides("Takes connections");
    admin.get("/settings/types/bike/columns/new").await.is(200).says("One of several choices");
    admin.get("/settings/types/bike/columns/new?kind=integer").await.is(200).hides("Longest text");
    admin.post("/settings/types/bike/columns", &WHEELS).await.is(303);

    let seller = world.sign_in("seller").await;
    seller.get("/more").await.is(200).says("Bikes").hides("Types and columns");
    seller.get("/records/bike/new").await.is(200).says("Wheels");
    seller.post("/records/bike", &[("name", "Tandem"), ("wheels", "2")]).await.is(303);
    seller.get("/records/bike").await.is(200).says("Tandem");
    seller.get("/search?q=tandem").await.is(200).says("Bikes");
}

#[tokio::test]
async fn nobody_else_comes_in() {
    let world = World::new().await;
    let seller = world.sign_in("seller").await;
    for path in ["", "/new", "/export", "/account", "/account/columns/new", "/account/drop", "/nothing"] {
        seller.get(&format!("/settings/types{path}")).await.is(403);
    }
    seller.post("/settings/types", &BIKE).await.is(403);
    seller.post("/settings/types/account/columns", &WHEELS).await.is(403);
    let admin = world.sign_in("administrator").await;
    admin.forged("/settings/types", &BIKE).await.is(403);
    for path in ["/nothing", "/account/edit", "/account/columns/name", "/account/columns/nothing"] {
        admin.get(&format!("/settings/types{path}")).await.is(404);
    }
}

#[tokio::test]
async fn what_cannot_be_is_said_at_the_form() {
    let world = World::new().await;
    let admin = world.sign_in("administrator").await;
    let named = |name: &'static str| [&[("name", name)], &BIKE[1..]].concat();
    admin
        .post("/settings/types", &named("word"))
        .await
        .is(422)
        .says("needs the name “word” itself")
        .says("Cyklar");
    admin.post("/settings/types", &named("account")).await.is(422).says("There is a “account” already");
    admin.post("/settings/types", &named("Bike!")).await.is(422).says("is no name");
    let column =
        |name: &'static str| [&[("kind", "text"), ("name", name), ("max", "9")], &WHEELS[2..]].concat();
    let add = async |name| admin.post("/settings/types/account/columns", &column(name)).await;
    add("wheels").await.is(422).says("new_wheels instead of wheels");
    add("new_wheels").await.is(303);
    let shorter = [("max", "8"), ("en", "Wheels"), ("sv", "Hjul"), ("_method", "PUT")];
    admin
        .post("/settings/types/account/columns/new_wheels", &shorter)
        .await
        .is(422)
        .says("can only take more");
}

#[tokio::test]
async fn choices_are_called_otherwise_and_added() {
    let world = World::new().await;
    let admin = world.sign_in("administrator").await;
    admin.post("/settings/types", &BIKE).await.is(303);
    let with = |options: &'static str| {
        [("kind", "choice"), ("name", "size"), ("en", "Size"), ("sv", "Storlek"), ("options", options)]
    };
    admin.post("/settings/types/bike/columns", &with("1, Small, Liten")).await.is(303);
    let here = "/settings/types/bike/columns/size";
    admin.get(here).await.is(200).says("1, Small, Liten");
    let put = |options| [&[("_method", "PUT")][..], &with(options)].concat();
    admin.post(here, &put("1, Tiny, Pytteliten\nLarge, Stor")).await.is(303);
    admin.get("/settings/types/bike").await.is(200).says("Tiny, Large");
    admin.post(here, &put("Large, Stor")).await.is(422).says("keeps its choice 1");
    admin.get("/settings/types/export").await.is(200).says("value = 2, label = { en = \"Large\"");
}

#[tokio::test]
async fn dropping_asks_for_the_number() {
    let world = World::new().await;
    let admin = world.sign_in("administrator").await;
    admin.post("/settings/types", &BIKE).await.is(303);
    admin.post("/settings/types/bike/columns", &WHEELS).await.is(303);
    for name in ["Tandem", "Trike"] {
        admin.post("/records/bike", &[("name", name), ("wheels", "2")]).await.is(303);
    }
    let drop = |rows: &'static str| [("_method", "DELETE"), ("rows", rows)];
    let column = "/settings/types/bike/columns/wheels";
    admin.get(&format!("{column}/drop")).await.is(200).says("2 records lose what they hold");
    admin.post(column, &drop("1")).await.is(409).says("2 records use it now");
    assert_eq!(admin.post(column, &drop("2")).await.is(303).location(), "/settings/types/bike");
    admin.get("/settings/types/bike/drop").await.is(200).says("2 records go with it");
    admin.post("/settings/types/bike", &drop("")).await.is(409);
    assert_eq!(admin.post("/settings/types/bike", &drop("2")).await.is(303).location(), "/settings/types");
    admin.get("/records/bike").await.is(404);
    admin.get("/settings/types/account/drop").await.is(422).says("came with Regarding");
}
