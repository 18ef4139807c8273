//! The web mailbox: folders, messages, their HTML and files, and the demo's customers.

use crate::world::{Page, Person, World};

/// The address of the message with this subject, out of the inbox.
pub async fn message(person: &Person<'_>, subject: &str) -> String {
    let page = person.get("/mail").await;
    page.is(200).says(subject);
    row(&page, subject)
}

fn row(page: &Page, subject: &str) -> String {
    let text = page.text();
    let end = text.find(&format!(">{subject}<")).unwrap();
    let start = text[..end].rfind("/mail?folder=").unwrap();
    text[start..].split('"').next().unwrap().replace("&amp;", "&")
}

#[tokio::test]
async fn the_inbox_shows_folders_and_messages_with_their_marks() {
    let world = World::new().await;
    let seller = world.sign_in("seller").await;
    seller
        .get("/mail")
        .await
        .is(200)
        .says("Inbox")
        .says("Lunch på Möllan?")
        .says("Tracked regarding")
        .hides("Reply all");
    seller.get("/mail?folder=Nowhere").await.is(404);
    world.get("/mail").await.is(303);
    let outsider = world.sign_in("outsider").await;
    // The demo's world is no place for commands that address another one.
    outsider
        .get("/mail")
        .await
        .is(200)
        .says("No mailbox yet")
        .says("only Åsa Lindström")
        .hides("regarding mailbox");
    outsider.get("/").await.is(200).says("Look at the accounts").hides("Open your mail");
    seller.get("/").await.is(200).says("Track a message").says("Open your mail");
}

#[tokio::test]
async fn a_message_is_read_beside_its_pane() {
    let world = World::new().await;
    let seller = world.sign_in("seller").await;
    let lunch = message(&seller, "Lunch på Möllan?").await;
    seller
        .get(&lunch)
        .await
        .is(200)
        .says("Jörgen Åkesson")
        .says("to you")
        .says("Not tracked")
        .says("Set Regarding…");
    let gone = seller.get("/mail?folder=INBOX&uid=999999").await;
    gone.is(404).says("Lunch på Möllan?").says("The message is no longer there").says("Try now");
    gone.hides("cannot be read right now");
}

#[tokio::test]
async fn the_html_of_strangers_stands_behind_its_own_policy() {
    let world = World::new().await;
    let seller = world.sign_in("seller").await;
    let news = message(&seller, "☂ Så håller du cykeln igång i regn").await;
    seller
        .get(&news)
        .await
        .says("3 images from elsewhere are not shown")
        .says("sandbox=\"allow-same-origin allow-popups");
    let frame = news.replace("/mail?", "/mail/html?");
    let page = seller.get(&frame).await;
    page.is(200).hides("<script").hides("src=\"http");
    let policy = page.header("content-security-policy");
    for rule in ["sandbox allow-same-origin allow-popups", "default-src 'none'", "img-src 'self' data:"] {
        assert!(policy.contains(rule), "{policy}");
    }
    for never in ["script", "https:", "allow-forms", "allow-top-navigation"] {
        assert!(!policy.contains(never), "{policy}");
    }
    let page = seller.get(&format!("{frame}&images=yes")).await;
    assert!(page.says("src=\"http").header("content-security-policy").contains("https:"));
    world.sign_in("outsider").await.get(&frame).await.is(404);
}

#[tokio::test]
async fn an_attachment_is_saved_and_never_opened() {
    let world = World::new().await;
    let seller = world.sign_in("seller").await;
    let drawing = message(&seller, "Drawing of the bike room, rev. C").await;
    let page = seller.get(&drawing).await;
    let text = page.says("Hyllie-A-41-rev-C.pdf").text();
    let file = text.split('"').find(|it| it.starts_with("/mail/attachment?")).unwrap().replace("&amp;", "&");
    let saved = seller.get(&file).await;
    assert!(
        saved
            .is(200)
            .header("content-disposition")
            .starts_with("attachment; filename=\"Hyllie-A-41-rev-C.pdf\"")
    );
    assert_eq!(
        (saved.header("cache-control"), saved.header("x-content-type-options")),
        ("no-store", "nosniff")
    );
    seller.get(&drawing.replace("/mail?", "/mail/attachment?n=99&")).await.is(404);
    world.get(&file).await.is(303);
}

#[tokio::test]
async fn a_customer_of_the_demo_replies_and_hints_go_when_they_were_heard() {
    let world = World::new().await;
    let seller = world.sign_in("seller").await;
    seller.forged("/demo/reply", &[]).await.is(403);
    let answer = seller.post("/demo/reply", &[]).await;
    answer.is(303);
    seller.get(answer.location()).await.is(200).says("has replied");

    seller.get("/mail").await.says("Track a message");
    seller.forged("/demo/hint", &[("key", "track"), ("next", "/mail")]).await.is(403);
    let answer = seller.post("/demo/hint", &[("key", "track"), ("next", "https://evil.example")]).await;
    assert_eq!(answer.is(303).location(), "/");
    seller.get("/mail").await.hides("Track a message").says("Say what it is about");
}
