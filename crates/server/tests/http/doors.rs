//! In and out, and what every answer has in common.

use crate::world::{World, form};
use axum::body::Body;
use axum::http::Request;

#[tokio::test]
async fn a_stranger_is_led_to_the_door_and_on_from_there() {
    let world = World::new().await;
    let away = world.get("/records/account?q=con").await;
    assert_eq!(away.is(303).location(), "/sign-in?next=%2Frecords%2Faccount%3Fq%3Dcon");
    world.get(away.location()).await.is(200).says("value=\"/records/account?q=con\"");

    let email = world.visitor("seller").email.clone();
    let fields =
        [("email", email.as_str()), ("password", app::demo::PASSWORD), ("next", "/records/account?q=con")];
    let inside = world.post("/sign-in", &fields).await;
    assert_eq!(inside.is(303).location(), "/records/account?q=con");
    let cookie = inside.header("set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    assert!(!cookie.contains("Max-Age"), "without the wish it ends with the browser: {cookie}");

    let remembered = world.post("/sign-in", &[&fields[..2], &[("remember", "true")]].concat()).await;
    assert!(
        remembered.header("set-cookie").contains("Max-Age=7776000"),
        "{}",
        remembered.header("set-cookie")
    );
}

#[tokio::test]
async fn a_wrong_password_a_wrong_link_and_another_sites_form_do_not_sign_in() {
    let world = World::new().await;
    let email = world.visitor("seller").email.clone();
    let wrong = world.post("/sign-in", &[("email", &email), ("password", "wrong")]).await;
    wrong.is(422).says("do not fit together").hides("wrong");
    let nobody = world.post("/sign-in", &[("email", "nobody@nowhere.example"), ("password", "wrong")]).await;
    nobody.is(422).says("do not fit together");
    assert!(wrong.header("set-cookie").is_empty() && nobody.header("set-cookie").is_empty());

    world.get("/link/0000000000000000").await.is(404);
    let fields = [("email", email.as_str()), ("password", app::demo::PASSWORD)];
    let request = form(Request::post("/sign-in").header("sec-fetch-site", "cross-site"), &fields);
    world.send(request).await.is(403);
}

#[tokio::test]
async fn who_signed_out_is_out() {
    let world = World::new().await;
    let seller = world.sign_in("seller").await;
    seller.get("/").await.is(200).says("Lately tracked");
    seller.forged("/sign-out", &[]).await.is(403);
    seller.get("/").await.is(200);
    assert_eq!(seller.post("/sign-out", &[]).await.is(303).location(), "/sign-in");
    seller.get("/").await.is(303);
}

#[tokio::test]
async fn a_script_shows_its_token_and_needs_no_csrf() {
    let world = World::new().await;
    let email = world.visitor("seller").email.clone();
    let user = app::users::by_email(&world.app, &email).await.unwrap().unwrap();
    let token = app::users::new_token(&world.app, user, "test").await.unwrap();
    let bearer = |token: &str| format!("Bearer {token}");
    let request = Request::get("/records/account").header("authorization", bearer(&token));
    world.send(request.body(Body::empty()).unwrap()).await.is(200).says("Contoso Sverige AB");
    let request = Request::post("/records/account").header("authorization", bearer(&token));
    world.send(form(request, &[("name", "Made by a script")])).await.is(303);

    let request = Request::get("/records/account").header("authorization", bearer("wrong"));
    let refused = world.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(refused.is(401).header("www-authenticate"), "Bearer");
}

#[tokio::test]
async fn every_answer_says_what_a_browser_may_do_with_it() {
    let world = World::new().await;
    let seller = world.sign_in("seller").await;
    for page in [world.get("/sign-in").await, seller.get("/").await, seller.get("/nowhere").await] {
        let policy = page.header("content-security-policy");
        assert!(
            policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        assert_eq!(page.header("cache-control"), "no-store");
        assert!(!page.text().contains(" style=") && !page.text().contains("<style"), "inline style");
        assert!(!page.text().contains("<script>"), "inline script");
    }
}

#[tokio::test]
async fn files_are_kept_for_ever_and_errors_speak_the_readers_language() {
    let world = World::new().await;
    world.get("/healthz").await.is(200).says("ok");
    let css = world.get("/assets/app.css").await;
    assert!(css.is(200).header("cache-control").contains("immutable"));
    world.get("/assets/../Cargo.toml").await.is(404);
    world.get("/nowhere").await.is(404).says("There is nothing here");
    let swedish = Request::get("/nowhere").header("accept-language", "sv").body(Body::empty()).unwrap();
    world.send(swedish).await.is(404).says("Här finns ingenting").says("lang=\"sv\"");
    world.post("/healthz", &[]).await.is(405);
    let fragment = Request::get("/").header("x-fragment", "main").body(Body::empty()).unwrap();
    world.send(fragment).await.is(401).says("signed out").hides("<html");
}

#[tokio::test]
async fn what_is_read_and_stored_is_said_to_everybody() {
    let world = World::new().await;
    for header in domain::envelope::HEADERS {
        world.get("/privacy").await.is(200).says(header);
    }
    world.sign_in("outsider").await.get("/privacy").await.is(200).says("Thread-Index").says("Settings");
}
