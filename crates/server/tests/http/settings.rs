//! Language, theme, sessions.

use crate::world::World;

#[tokio::test]
async fn a_chosen_language_goes_before_the_browsers_wish() {
    let world = World::new().await;
    let seller = world.sign_in("seller").await;
    seller.get("/settings").await.is(200).says("Where you are signed in").says("This device");
    let chosen = seller.post("/settings", &[("language", "sv"), ("theme", "dark")]).await;
    assert_eq!(chosen.is(303).location(), "/settings");
    let cookies: Vec<_> =
        chosen.headers.get_all("set-cookie").iter().map(|it| it.to_str().unwrap()).collect();
    assert!(cookies.iter().any(|it| it.starts_with("theme=dark")), "{cookies:?}");
    seller.get("/settings").await.is(200).says("Var du är inloggad").says("lang=\"sv\"");
    seller.post("/settings", &[("language", "tlh"), ("theme", "dark")]).await.is(400);
    seller.forged("/settings", &[("language", "en"), ("theme", "dark")]).await.is(403);
}

#[tokio::test]
async fn before_signing_in_the_browser_keeps_the_wish() {
    let world = World::new().await;
    let chosen = world.post("/language", &[("language", "sv"), ("next", "/sign-in")]).await;
    assert_eq!(chosen.is(303).location(), "/sign-in");
    assert!(chosen.header("set-cookie").starts_with("language=sv"));
    world.post("/language", &[("language", "tlh")]).await.is(400);
    let dark = world.post("/theme", &[("theme", "dark"), ("next", "//evil.example")]).await;
    assert_eq!(dark.is(303).location(), "/", "never elsewhere");
}

#[tokio::test]
async fn a_session_can_be_ended_from_another() {
    let world = World::new().await;
    let (here, lost) = (world.sign_in("seller").await, world.sign_in("seller").await);
    let other = here.get("/settings").await.hidden("session");
    lost.forged("/settings/sessions", &[("_method", "DELETE"), ("session", &other)]).await.is(403);
    here.post("/settings/sessions", &[("_method", "DELETE"), ("session", &other)]).await.is(303);
    lost.get("/").await.is(303);
    here.get("/").await.is(200);

    here.post("/settings/sessions", &[]).await.is(400);
    here.post("/settings/sessions", &[("_method", "DELETE")]).await.is(303);
    here.get("/").await.is(303);
}

#[tokio::test]
async fn nobody_ends_somebody_elses_session() {
    let world = World::new().await;
    let (seller, second, outsider) =
        (world.sign_in("seller").await, world.sign_in("seller").await, world.sign_in("outsider").await);
    let session = seller.get("/settings").await.hidden("session");
    outsider.post("/settings/sessions", &[("_method", "DELETE"), ("session", &session)]).await;
    second.get("/").await.is(200);
    seller.get("/").await.is(200);
}

#[tokio::test]
async fn a_phone_finds_the_rest_under_more() {
    let world = World::new().await;
    world.get("/more").await.is(303);
    world.sign_in("seller").await.get("/more").await.is(200).says("/records/lead").says("Sign out");
}
