//! Lists, pages, forms, notes and the search.

use crate::world::World;

#[tokio::test]
async fn a_list_shows_what_one_may_read_and_nothing_else() {
    let world = World::new().await;
    let (seller, outsider) = (world.sign_in("seller").await, world.sign_in("outsider").await);
    seller.get("/records/account").await.is(200).says("Contoso Sverige AB").says("New account");
    seller.get("/records/account?q=conto").await.says("Contoso Sverige AB").hides("Litware");
    seller.get("/records/account?sort=down&after=nonsense").await.is(200).says("Contoso");
    seller.get("/records/account?q=xyzzy").await.is(200).says("Nothing fits");
    outsider.get("/records/account").await.is(200).hides("Contoso Sverige AB");
    for unlisted in ["systemuser", "activityparty", "nothing"] {
        seller.get(&format!("/records/{unlisted}")).await.is(404);
    }
}

#[tokio::test]
async fn a_record_shows_its_facts_its_timeline_and_its_relations() {
    let world = World::new().await;
    let seller = world.sign_in("seller").await;
    let contoso = seller.find("account", "Contoso Sverige AB").await;
    let page = seller.get(&contoso).await;
    page.is(200)
        .says("Everything said and done")
        .says("Fakturaadress")
        .says("Göran Sjöberg")
        .says("Opportunities");
    let named = page.text().matches("Brake pads squeal in rain").count();
    assert_eq!(named, 1, "a case has nothing else to say than its name");
    seller.get(&format!("{contoso}?part=details")).await.is(200).says("Created by");
}

#[tokio::test]
async fn what_one_may_not_see_is_not_there() {
    let world = World::new().await;
    let (seller, outsider) = (world.sign_in("seller").await, world.sign_in("outsider").await);
    let contoso = seller.find("account", "Contoso Sverige AB").await;
    let nowhere = outsider.get("/records/account/00000000-0000-0000-0000-000000000000").await;
    let hidden = outsider.get(&contoso).await;
    assert_eq!(hidden.is(404).main(), nowhere.is(404).main(), "nobody can tell them apart");
    outsider.get(&format!("{contoso}/edit")).await.is(404);
    let change = [("_method", "PUT"), ("version", "1"), ("name", "Mine")];
    outsider.post(&contoso, &change).await.is(404);
    outsider.post(&contoso, &[("_method", "DELETE"), ("version", "1")]).await.is(404);
    let note = [("text", "Hello")];
    let hidden = outsider.post(&format!("{contoso}/notes"), &note).await;
    let nowhere = "/records/account/00000000-0000-0000-0000-000000000000/notes";
    assert_eq!(hidden.is(403).main(), outsider.post(nowhere, &note).await.main());
    outsider.get("/records/account/7").await.is(404);
    seller.get(&contoso).await.is(200).hides("Mine").hides("Hello");
}

#[tokio::test]
async fn a_new_record_is_made_and_a_wrong_one_is_shown_again() {
    let world = World::new().await;
    let seller = world.sign_in("seller").await;
    seller.get("/records/opportunity/new").await.is(200).says("New opportunity");
    let fields = [
        ("name", "Bells for all bikes"),
        ("customerid", "Contoso Sverige AB"),
        ("estimatedvalue", "12 500,50"),
        ("estimatedclosedate", "2026-12-13"),
    ];
    let made = seller.post("/records/opportunity", &fields).await;
    let page = seller.get(made.is(303).location()).await;
    page.is(200)
        .says("Bells for all bikes")
        .says("Contoso Sverige AB")
        .says("12,500.50")
        .says("13 December 2026");

    let wrong =
        [("name", ""), ("estimatedvalue", "much"), ("customerid", "Xyzzy AB"), ("stepname", "Propose")];
    let again = seller.post("/records/opportunity", &wrong).await;
    again
        .is(422)
        .says("This is needed")
        .says("This is no number")
        .says("no record that you may see")
        .says("Propose");
    let large = [("name", "Bells"), ("estimatedvalue", "9 000 000 000 000 000")];
    seller.post("/records/opportunity", &large).await.is(422).says("This number is too large");
    seller.forged("/records/opportunity", &fields).await.is(403);
    seller.post("/records/systemuser", &[("fullname", "Me Too")]).await.is(404);
}

#[tokio::test]
async fn a_name_that_fits_several_asks_which() {
    let world = World::new().await;
    let seller = world.sign_in("seller").await;
    let fields = [("fullname", "Nisse Nilsson"), ("lastname", "Nilsson"), ("parentcustomerid", "Fabrikam")];
    let asks = seller.post("/records/contact", &fields).await;
    asks.is(422).says("Which one do you mean").says("Fabrikam Industri AB").says("Fabrikam Malmö AB");
    let pick = seller.find("account", "Fabrikam Malmö AB").await.replace("/records/", "");
    let picked = [("parentcustomerid.asked", "Fabrikam"), ("parentcustomerid.pick", pick.as_str())];
    let made = seller.post("/records/contact", &[&fields[..], &picked].concat()).await;
    seller.get(made.is(303).location()).await.says("Fabrikam Malmö AB").hides("Fabrikam Industri AB");

    // Other words than those that were asked about: what was picked does not count.
    let person = [("lastname", "Nelson"), ("parentcustomerid", "Litware Arkitekter")];
    let other = [&person[..], &picked].concat();
    let made = seller.post("/records/contact", &other).await;
    seller.get(made.is(303).location()).await.says("Litware Arkitekter").hides("Fabrikam");
}

#[tokio::test]
async fn of_two_changes_at_once_the_second_is_asked() {
    let world = World::new().await;
    let seller = world.sign_in("seller").await;
    let contoso = seller.find("account", "Contoso Sverige AB").await;
    let form = seller.get(&format!("{contoso}/edit")).await;
    let version = form.is(200).hidden("version");
    let change = |town| {
        [
            ("_method", "PUT"),
            ("version", version.as_str()),
            ("name", "Contoso Sverige AB"),
            ("address1_city", town),
        ]
    };
    assert_eq!(seller.post(&contoso, &change("Lund")).await.is(303).location(), contoso);
    let late = seller.post(&contoso, &change("Ystad")).await;
    late.is(409).says("Somebody else changed this").says("Ystad");
    seller.get(&contoso).await.says("Lund").hides("Ystad");
    // The form that was shown again knows the version of now.
    let version = late.hidden("version");
    let again = [("_method", "PUT"), ("version", version.as_str()), ("address1_city", "Ystad")];
    seller.post(&contoso, &again).await.is(303);
    seller.get(&contoso).await.says("Ystad");
}

#[tokio::test]
async fn a_deleted_record_is_gone() {
    let world = World::new().await;
    let seller = world.sign_in("seller").await;
    let made = seller
        .post("/records/lead", &[("fullname", "Soon Gone"), ("lastname", "Gone"), ("subject", "Gone")])
        .await;
    let lead = made.is(303).location().to_owned();
    let version =
        seller.get(&format!("{lead}/delete")).await.is(200).says("Nothing else goes along").hidden("version");
    seller.post(&lead, &[("_method", "DELETE")]).await.is(400);
    seller.post(&lead, &[("_method", "DELETE"), ("version", "99")]).await.is(409);
    seller.post(&lead, &[("_method", "DELETE"), ("version", &version)]).await.is(303);
    seller.get(&lead).await.is(404);
}

#[tokio::test]
async fn a_note_stands_on_the_timeline() {
    let world = World::new().await;
    let seller = world.sign_in("seller").await;
    let contoso = seller.find("account", "Contoso Sverige AB").await;
    let notes = format!("{contoso}/notes");
    let note = [("title", "A call"), ("text", "She <b>likes</b> bells.")];
    assert_eq!(seller.post(&notes, &note).await.is(303).location(), contoso);
    seller.get(&contoso).await.says("A call").says("She &lt;b&gt;likes&lt;/b&gt; bells.");
    seller.post(&notes, &[("text", "  ")]).await.is(400);
}

#[tokio::test]
async fn the_search_finds_what_one_may_read() {
    let world = World::new().await;
    let (seller, outsider) = (world.sign_in("seller").await, world.sign_in("outsider").await);
    seller.get("/search").await.is(200);
    seller.get("/search?q=contos").await.is(200).says("<mark>Contos</mark>o Sverige AB");
    seller.get("/search?q=%3Cscript%3E").await.is(200).hides("<script>");
    outsider.get("/search?q=contos").await.is(200).says("Nothing found").hides("Sverige AB");
    let choices = seller.fragment("/choices/account,contact?list=here&q=fabri", "here").await;
    choices.is(200).says("id=\"here\"").says("Fabrikam Industri AB").hides("<html");
    outsider.get("/choices/account?q=fabri").await.is(200).hides("Fabrikam Industri AB");
}
