//! The stored e-mail as owner, colleague and outsider see it.

use crate::world::{Person, World};

/// The e-mail with this subject, out of the account's timeline.
async fn tracked(person: &Person<'_>, account: &str, subject: &str) -> String {
    let account = person.find("account", account).await;
    person.get(&account).await.link(subject)
}

#[tokio::test]
async fn the_copy_is_read_by_the_owner_and_by_colleagues_on_the_account() {
    let world = World::new().await;
    let (seller, colleague) = (world.sign_in("seller").await, world.sign_in("colleague").await);
    let email = tracked(&seller, "Contoso Sverige AB", "VB: Fakturaadress").await;
    let page = seller.get(&email).await;
    page.is(200)
        .says("Märta Ekström")
        .says("Contoso Sverige AB")
        .says("You clicked Track")
        .says("Untracking deletes");
    colleague.get(&email).await.is(200).says("Åsa Lindström clicked Track").hides("Untracking deletes");
    seller.get(&format!("{email}?q=litw")).await.is(200).says("Litware").says("Remove the link");
}

#[tokio::test]
async fn an_outsider_finds_nothing_of_it() {
    let world = World::new().await;
    let (seller, outsider) = (world.sign_in("seller").await, world.sign_in("outsider").await);
    let email = tracked(&seller, "Contoso Sverige AB", "VB: Fakturaadress").await;
    for part in ["", "/html", "/raw", "/attachments/0"] {
        outsider.get(&format!("{email}{part}")).await.is(404).hides("Fakturaadress");
    }
    outsider.post(&email, &[("_method", "DELETE")]).await.is(404);
    seller.get(&email).await.is(200);
}

#[tokio::test]
async fn the_original_and_its_files_are_saved_and_never_opened() {
    let world = World::new().await;
    let seller = world.sign_in("seller").await;
    let email = tracked(&seller, "Fabrikam Industri AB", "Sv: Ramavtal 2027").await;
    let raw = seller.get(&format!("{email}/raw")).await;
    raw.is(200).says("Message-ID:");
    assert!(raw.header("content-disposition").starts_with("attachment"), "{raw:?}");
    assert_eq!(raw.header("content-type"), "application/octet-stream");
    assert_eq!(raw.header("cache-control"), "no-store");

    let file = seller.get(&format!("{email}/attachments/0")).await;
    assert!(file.is(200).header("content-disposition").starts_with("attachment"), "{file:?}");
    seller.get(&format!("{email}/attachments/99")).await.is(404);
    seller.get(&format!("{email}/attachments/x")).await.is(404);
}

#[tokio::test]
async fn untracking_on_its_page_takes_it_away() {
    let world = World::new().await;
    let (seller, colleague) = (world.sign_in("seller").await, world.sign_in("colleague").await);
    let email = tracked(&seller, "Contoso Sverige AB", "VB: Fakturaadress").await;
    seller.forged(&email, &[("_method", "DELETE")]).await.is(403);
    seller.post(&email, &[]).await.is(400);
    seller.get(&email).await.is(200);
    seller.post(&email, &[("_method", "DELETE")]).await.is(303);
    seller.get(&email).await.is(404);
    colleague.get(&email).await.is(404);
}

#[tokio::test]
async fn a_missing_key_and_a_broken_one_are_not_there() {
    let world = World::new().await;
    let seller = world.sign_in("seller").await;
    seller.get("/records/email/00000000-0000-0000-0000-000000000000").await.is(404);
    seller.get("/records/email/7").await.is(404);
    seller.get("/records/email/new").await.is(404);
}
