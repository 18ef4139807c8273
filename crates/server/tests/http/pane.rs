//! The pane: tracking and untracking as PUT and DELETE, with script and without, allowed and refused.

use crate::mail::message;
use crate::world::{Page, Person, World};
use axum::body::Body;
use axum::http::Request;
use tower::ServiceExt as _;

const LUNCH: &str = "Lunch på Möllan?";
const DEAL: &str = "240 city bikes, Malmö office";

/// The message as forms name it.
struct Item {
    address: String,
    fields: Vec<(&'static str, String)>,
}

impl Item {
    async fn of(person: &Person<'_>, subject: &str) -> Item {
        let address = message(person, subject).await;
        let page = person.get(&address).await;
        let fields = ["mailbox", "folder", "uid"].map(|name| (name, page.hidden(name))).into();
        Item { address, fields }
    }

    fn query(&self) -> String {
        serde_urlencoded::to_string(&self.fields).unwrap()
    }

    /// Clicks a button of the pane, without script.
    async fn click(&self, person: &Person<'_>, verb: &str, more: &[(&str, &str)]) -> Page {
        let mut fields: Vec<(&str, &str)> =
            self.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fields.push(("_method", verb));
        person.post("/pane/tracking", &[&fields, more].concat()).await
    }
}

/// A message without Message-ID in the seller's mailbox.
async fn nameless(world: &World) -> Item {
    let seller = app::users::by_email(&world.app, &world.visitor("seller").email).await.unwrap().unwrap();
    let row = app::mailboxes::of(&world.app, seller).await.unwrap().remove(0);
    let mut mailbox = connect::Mailbox::open(&row.account).await.unwrap();
    let raw = b"From: goran.sjoberg@contoso.example\r\nSubject: Hej\r\n\r\nHej!\r\n";
    mailbox.append("INBOX", raw, &connect::Flags::default()).await.unwrap();
    let uid = mailbox.status("INBOX").await.unwrap().uid_next - 1;
    let fields = [("mailbox", row.id.to_string()), ("folder", "INBOX".to_owned()), ("uid", uid.to_string())];
    Item { address: String::new(), fields: fields.into() }
}

#[tokio::test]
async fn a_pane_asks_the_database_four_times_at_most() {
    let world = World::new().await;
    let seller = world.sign_in("seller").await;
    let (lunch, nameless) = (Item::of(&seller, LUNCH).await, nameless(&world).await);
    for round in ["untracked", "tracked"] {
        for item in [&lunch, &nameless] {
            // Nothing is remembered from an earlier request; the second time the mailbox is.
            let (app, router) = world.another().await;
            for most in [4, 3] {
                let request = Request::get(format!("/pane?{}", item.query())).header("x-fragment", "pane");
                let request = request.header("cookie", &seller.cookie).body(Body::empty()).unwrap();
                let before = app.db.round_trips();
                let answer = router.clone().oneshot(request).await.unwrap();
                let asked = app.db.round_trips() - before;
                assert_eq!(answer.status(), 200, "{round}");
                assert!(asked <= most, "{round}: {asked} instead of {most}");
            }
        }
        for item in [&lunch, &nameless] {
            item.click(&seller, "PUT", &[]).await.is(303);
        }
        work(&world).await;
    }
}

async fn work(world: &World) {
    while app::work::run_due(&world.app).await.unwrap() > 0 {}
}

#[tokio::test]
async fn the_pane_is_a_fragment_or_a_page() {
    let world = World::new().await;
    let seller = world.sign_in("seller").await;
    let item = Item::of(&seller, LUNCH).await;
    let pane = format!("/pane?{}", item.query());
    let fragment = seller.fragment(&pane, "pane").await;
    fragment.is(200).says("id=\"pane\"").says("id=\"jump\"").hides("<html");
    seller.get(&pane).await.is(200).says("<html").says("Not tracked");
    world.sign_in("outsider").await.get(&pane).await.is(404);
    seller.get("/pane?mailbox=x").await.is(400);
}

#[tokio::test]
async fn a_message_is_tracked_changed_and_let_go_without_script() {
    let world = World::new().await;
    let seller = world.sign_in("seller").await;
    let item = Item::of(&seller, LUNCH).await;

    let back = item.click(&seller, "PUT", &[]).await;
    assert!(back.is(303).location().starts_with(&item.address), "{}", back.location());
    work(&world).await;
    seller.get(back.location()).await.is(200).says("View in CRM").says("You chose it").says("Undo");

    let deal = seller.find("opportunity", DEAL).await.replace("/records/", "");
    item.click(&seller, "PUT", &[("regarding", &deal)]).await.is(303);
    seller.get(&item.address).await.says("Tracked regarding").says(DEAL).says("Deletes the CRM copy");
    item.click(&seller, "PUT", &[("regarding", "none")]).await.is(303);
    seller.get(&item.address).await.says("not linked to any record");

    let back = item.click(&seller, "DELETE", &[("was", "none")]).await;
    seller.get(back.is(303).location()).await.says("Not tracked").says("gone in ten seconds");
    item.click(&seller, "PUT", &[("regarding", "none"), ("undo", "yes")]).await.is(303);
    seller.get(&item.address).await.says("View in CRM");
}

#[tokio::test]
async fn what_was_untracked_elsewhere_is_shown_as_it_is() {
    let world = World::new().await;
    let seller = world.sign_in("seller").await;
    let item = Item::of(&seller, LUNCH).await;
    item.click(&seller, "PUT", &[]).await.is(303);
    work(&world).await;
    // Two tabs show the same pane; each knows the copy.
    let email = seller.get(&item.address).await.is(200).hidden("email");
    item.click(&seller, "DELETE", &[("email", &email)]).await.is(303);

    let mut fields: Vec<(&str, &str)> = item.fields.iter().map(|(name, it)| (*name, it.as_str())).collect();
    fields.extend([("_method", "DELETE"), ("email", &email), ("was", "none")]);
    let again = seller.fragment_of("/pane/tracking", "pane", &fields).await;
    again.is(200).says("Not tracked").hides("Untrack").hides("class=\"toast\"");
    let back = item.click(&seller, "DELETE", &[("email", &email)]).await;
    seller.get(back.is(303).location()).await.says("Not tracked").hides("class=\"toast\"");
    let nobody = "00000000-0000-7000-8000-000000000001";
    item.click(&seller, "DELETE", &[("email", nobody)]).await.is(303);
    let gone = [("uid", "999999"), ("_method", "PUT")];
    let moved = seller.fragment_of("/pane/tracking", "pane", &[&fields[..2], &gone].concat()).await;
    moved.is(404).says("The message is no longer there").hides("data-refetch");
    let outsider = world.sign_in("outsider").await;
    outsider
        .fragment_of("/pane/tracking", "pane", &[&fields[..4], &[("email", &email)]].concat())
        .await
        .is(404);
}

#[tokio::test]
async fn what_may_not_be_tracked_is_refused_with_a_sentence() {
    let world = World::new().await;
    let (seller, outsider) = (world.sign_in("seller").await, world.sign_in("outsider").await);
    let item = Item::of(&seller, LUNCH).await;
    let nobody = "account/00000000-0000-7000-8000-000000000001";
    item.click(&seller, "PUT", &[("regarding", nobody)])
        .await
        .is(404)
        .says("That is not permitted")
        .says("Track without Regarding");
    item.click(&seller, "PUT", &[("regarding", "account")]).await.is(400);
    item.click(&seller, "POST", &[]).await.is(400);
    item.click(&outsider, "PUT", &[]).await.is(404);
    seller.forged("/pane/tracking", &[]).await.is(403).says("This page is too old");
    seller.get(&item.address).await.says("Not tracked");
}

#[tokio::test]
async fn records_are_found_as_one_types() {
    let world = World::new().await;
    let seller = world.sign_in("seller").await;
    let item = Item::of(&seller, "Signing, with Märta and the board").await;
    let candidates = format!("/pane/candidates?{}", item.query());
    seller.fragment(&candidates, "pane").await.is(200).says("What is this message about?").says(DEAL);
    let list = seller.fragment(&format!("{candidates}&q=240+ci+"), "found").await;
    list.is(200).says("<mark>240</mark> <mark>ci</mark>ty bikes").hides("<aside").hides("<html");
    list.says("data-for=\"240 ci\"");
    let nothing = seller.get(&format!("{candidates}&q=zzz")).await;
    nothing.is(200).says("Nothing that you may see").says("data-for=\"zzz\"");
    seller.get("/pane/candidates?q=a").await.is(400);
    let outsider = world.sign_in("outsider").await;
    outsider.get(&format!("{candidates}&q=240+ci")).await.is(200).hides("city bikes");
}

#[tokio::test]
async fn a_stored_email_gets_another_regarding() {
    let world = World::new().await;
    let (seller, outsider) = (world.sign_in("seller").await, world.sign_in("outsider").await);
    let account = seller.find("account", "Contoso Sverige AB").await;
    let email = seller.get(&account).await.link("VB: Fakturaadress");
    let deal = seller.find("opportunity", DEAL).await.replace("/records/", "");
    let door = format!("{email}/regarding");
    outsider.post(&door, &[("regarding", &deal)]).await.is(404);
    seller.forged(&door, &[("regarding", &deal)]).await.is(403);
    assert_eq!(seller.post(&door, &[("regarding", &deal)]).await.is(303).location(), email);
    seller.get(&email).await.says(DEAL);
}
