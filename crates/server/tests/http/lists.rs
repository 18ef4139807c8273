//! Lists arranged otherwise, kept as views; many records at once; the recycle bin; history; status and owner.

use crate::world::{Person, World};

/// Makes a lead of this name and gives its address.
async fn lead(person: &Person<'_>, name: &str, town: &str) -> String {
    let fields = [("lastname", name), ("subject", name), ("address1_city", town)];
    person.post("/records/lead", &fields).await.is(303).location().to_owned()
}

fn id(address: &str) -> &str {
    address.rsplit('/').next().unwrap()
}

#[tokio::test]
async fn a_list_is_narrowed_by_conditions_in_words() {
    let world = World::new().await;
    let seller = world.sign_in("seller").await;
    let form = seller.get("/records/account?add=address1_city").await;
    form.is(200).says("Town").says("contains").says("is filled in");
    let filter = "/records/account/filter?state=q%3D&column=address1_city";
    seller.get(&format!("{filter}&op=contains&value=")).await.is(422).says("This is needed");
    let narrowed = seller.get(&format!("{filter}&op=contains&value=Malm%C3%B6")).await;
    let list = seller.get(narrowed.is(303).location()).await;
    list.is(200).says("Town contains Malmö").says("Contoso Sverige AB").hides("Litware Arkitekter");
    let empty = seller.get(&format!("{filter}&op=null")).await;
    seller.get(empty.is(303).location()).await.is(200).says("Town is empty").hides("Contoso Sverige AB");
    for nonsense in ["f=nothing~eq~1", "f=name~frobnicate~1", "f=createdon~on~yesteryear"] {
        seller.get(&format!("/records/account?{nonsense}")).await.is(400);
    }
    seller.get("/records/account?view=savedquery/00000000-0000-0000-0000-000000000000").await.is(404);
    seller
        .get("/records/account?f=name~eq~%27%3B%20DROP%20TABLE%20account%3B--")
        .await
        .is(200)
        .says("Nothing fits");
}

#[tokio::test]
async fn a_list_is_sorted_by_any_column_and_goes_on_page_by_page() {
    let world = World::new().await;
    let seller = world.sign_in("seller").await;
    for nth in 0..55 {
        lead(&seller, &format!("Zzz {nth:02}"), "Ystad").await;
    }
    for sort in ["lastname", "-lastname", "address1_city", "-createdon", "ownerid", "nothing"] {
        let path = format!("/records/lead?q=zzz&sort={sort}");
        let first = seller.get(&path).await;
        first.is(200).says("50 on this page").says("55 in all");
        let second = seller.get(&first.link("Next page")).await;
        second.is(200).says("5 on this page").says("First page");
    }
    let sorted = seller.get("/records/contact?sort=parentcustomerid").await;
    sorted.is(200).says("Göran Sjöberg");
    let sorted = seller.get("/records/opportunity?sort=parentaccountid&cols=parentaccountid").await;
    sorted.is(200).says("aria-sort=\"ascending\"");
}

#[tokio::test]
async fn columns_are_chosen_and_remembered() {
    let world = World::new().await;
    let (seller, other) = (world.sign_in("seller").await, world.sign_in("colleague").await);
    let heading = "sort=createdon\">Created";
    seller.get("/records/account").await.says("sort=telephone1").hides(heading);
    let chosen = [("state", ""), ("column", "createdon"), ("column", "industrycode"), ("column", "nothing")];
    assert_eq!(seller.post("/records/account/columns", &chosen).await.is(303).location(), "/records/account");
    seller.get("/records/account").await.is(200).says(heading).hides("sort=telephone1");
    other.get("/records/account").await.is(200).hides(heading);
    seller.post("/records/account/columns", &[("state", ""), ("usual", "1")]).await.is(303);
    seller.get("/records/account").await.says("sort=telephone1").hides(heading);
    seller.forged("/records/account/columns", &chosen).await.is(403);
}

#[tokio::test]
async fn a_list_is_kept_as_a_view() {
    let world = World::new().await;
    let (seller, boss) = (world.sign_in("seller").await, world.sign_in("administrator").await);
    let page = seller.get("/records/account").await;
    page.says("My active accounts").says("Inactive accounts").says("All accounts");
    let state = ("state", "f=address1_city~contains~Lund&sort=-name");
    let kept = seller.post("/records/account/views", &[state, ("name", "In Lund")]).await;
    let view = kept.is(303).location().to_owned();
    seller
        .get(&view)
        .await
        .is(200)
        .says("Town contains Lund")
        .says("In Lund")
        .says("aria-sort=\"descending\"");
    boss.get("/records/account").await.is(200).hides("In Lund");
    // A salesperson's view is the salesperson's own, whatever the form says.
    seller.post("/records/account/views", &[state, ("name", "Ours"), ("for", "everybody")]).await.is(403);
    let shared = boss.post("/records/account/views", &[state, ("name", "Ours"), ("for", "everybody")]).await;
    seller.get(shared.is(303).location()).await.is(200).says("Ours").hides("Delete “Ours”");

    let query = view.split_once('?').unwrap().1;
    let changed = format!("{query}&f=address1_city~contains~Ystad");
    seller.post("/records/account/views", &[("_method", "PUT"), ("state", &changed)]).await.is(303);
    seller.get(&view).await.says("Town contains Ystad");
    seller.post("/records/account/views", &[("_method", "DELETE"), ("state", query)]).await.is(303);
    seller.get(&view).await.is(404);
    seller.post("/records/account/views", &[state, ("name", " ")]).await.is(400);
}

#[tokio::test]
async fn many_records_change_after_their_count_was_said() {
    let world = World::new().await;
    let seller = world.sign_in("seller").await;
    let (one, two) = (lead(&seller, "Bulk One", "Ystad").await, lead(&seller, "Bulk Two", "Lund").await);
    let ticked = [("state", ""), ("which", "ticked"), ("id", id(&one)), ("id", id(&two)), ("what", "edit")];
    let choose = seller.post("/records/lead/bulk", &ticked).await;
    choose.is(200).says("Change 2\u{a0}leads").says("What shall be changed?");
    let column = [&ticked[..], &[("column", "address1_city")]].concat();
    seller.post("/records/lead/bulk", &column).await.is(200).says("All 2\u{a0}leads get this value");
    let done = [&column[..], &[("_method", "PUT"), ("count", "2"), ("address1_city", "Kivik")]].concat();
    seller.post("/records/lead/bulk", &done).await.is(200).says("Changed 2\u{a0}leads");
    seller.get(&one).await.says("Kivik");

    // An empty field is meant, or it was forgotten: that is asked.
    let emptied = [&column[..], &[("_method", "PUT"), ("count", "2"), ("address1_city", " ")]].concat();
    seller.post("/records/lead/bulk", &emptied).await.is(422).says("Empty the field");
    let all = [
        ("state", "q=bulk"),
        ("which", "all"),
        ("what", "edit"),
        ("column", "address1_city"),
        ("_method", "PUT"),
    ];
    // Another count than there is: it is said again, and nothing is done.
    let stale = [&all[..], &[("count", "1"), ("address1_city", "Simrishamn")]].concat();
    seller.post("/records/lead/bulk", &stale).await.is(200).says("Change 2\u{a0}leads");
    seller.get(&one).await.says("Kivik");
    let now = [&all[..], &[("count", "2"), ("address1_city", "Simrishamn")]].concat();
    seller.post("/records/lead/bulk", &now).await.is(200).says("Changed 2\u{a0}leads");
    seller.get(&two).await.says("Simrishamn");
    seller
        .post("/records/lead/bulk", &[("state", ""), ("which", "ticked")])
        .await
        .is(422)
        .says("No row is ticked");
    seller.forged("/records/lead/bulk", &now).await.is(403);
}

#[tokio::test]
async fn what_is_deleted_says_what_goes_along_and_comes_back() {
    let world = World::new().await;
    let (seller, boss) = (world.sign_in("seller").await, world.sign_in("administrator").await);
    let (one, two) = (lead(&seller, "Gone One", "Ystad").await, lead(&seller, "Gone Two", "Lund").await);
    seller.post(&format!("{one}/notes"), &[("title", "A note"), ("text", "Says much.")]).await.is(303);
    let asked = [("state", ""), ("which", "ticked"), ("id", id(&one)), ("id", id(&two)), ("what", "delete")];
    let page = seller.post("/records/lead/bulk", &asked).await;
    page.is(200).says("Delete 2\u{a0}leads").says("This goes along: 1 note");
    let delete = [&asked[..], &[("_method", "DELETE"), ("count", "2")]].concat();
    seller.post("/records/lead/bulk", &delete).await.is(422).says("This goes along");
    seller.get(&one).await.is(200);
    let delete = [&delete[..], &[("dependants", "1")]].concat();
    seller.post("/records/lead/bulk", &delete).await.is(200).says("Deleted 2\u{a0}leads");
    seller.get(&one).await.is(404);

    let bin = seller.get("/recycle-bin").await;
    bin.is(200).says("Gone One").says("Gone Two").hides("Erase for good");
    world.sign_in("outsider").await.get("/recycle-bin").await.is(200).hides("Gone One");
    let record = format!("lead/{}", id(&one));
    let restored = seller.post("/recycle-bin", &[("_method", "PUT"), ("record", &record)]).await;
    seller.get(restored.is(303).location()).await.is(200).says("“Gone One” is back");
    seller.get(&one).await.is(200).says("Says much.");

    let record = format!("lead/{}", id(&two));
    seller.post("/recycle-bin", &[("_method", "DELETE"), ("record", &record)]).await.is(403);
    boss.get("/recycle-bin?entity=lead").await.is(200).says("Gone Two").says("Erase for good");
    boss.post("/recycle-bin", &[("_method", "DELETE"), ("record", &record)]).await.is(303);
    boss.get("/recycle-bin?entity=lead").await.hides("Gone Two");
    boss.post("/recycle-bin", &[("_method", "PUT"), ("record", &record)]).await.is(404);
}

#[tokio::test]
async fn a_record_tells_its_history() {
    let world = World::new().await;
    let seller = world.sign_in("seller").await;
    let one = lead(&seller, "Told", "Ystad").await;
    let version = seller.get(&format!("{one}/edit")).await.hidden("version");
    let change = [("_method", "PUT"), ("version", version.as_str()), ("address1_city", "Kivik")];
    seller.post(&one, &change).await.is(303);
    let history = seller.get(&format!("{one}?part=history")).await;
    history.is(200).says("changed it").says("created it").says("Ystad").says("Kivik");
    world.sign_in("outsider").await.get(&format!("{one}?part=history")).await.is(404);
}

#[tokio::test]
async fn an_opportunity_is_won_and_a_lead_gets_another_owner() {
    let world = World::new().await;
    let seller = world.sign_in("seller").await;
    let fields = [("name", "Forty bells"), ("customerid", "Contoso Sverige AB"), ("estimatedvalue", "1200")];
    let deal = seller.post("/records/opportunity", &fields).await.is(303).location().to_owned();
    seller.get(&format!("{deal}/state")).await.is(200).says("Won").says("Lost").says("What was said?");
    let much = [("_method", "PUT"), ("status", "3"), ("actualvalue", "much")];
    seller.post(&format!("{deal}/state"), &much).await.is(422).says("This is no number");
    let won = [("_method", "PUT"), ("status", "3"), ("actualvalue", "1100"), ("text", "They love bells.")];
    seller.post(&format!("{deal}/state"), &won).await.is(303);
    seller.get(&deal).await.is(200).says("Won").says("They love bells.");
    seller.get("/records/opportunity").await.hides("Forty bells");
    seller.post(&format!("{deal}/state"), &[("_method", "PUT"), ("status", "99")]).await.is(400);

    let one = lead(&seller, "Handed Over", "Ystad").await;
    let asked = seller.get(&format!("{one}/owner")).await;
    asked.is(200).says("Assign to somebody else");
    let name = world.visitor("colleague").name.clone();
    seller.post(&format!("{one}/owner"), &[("_method", "PUT"), ("ownerid", "Nobody Here")]).await.is(422);
    seller.post(&format!("{one}/owner"), &[("_method", "PUT"), ("ownerid", &name)]).await.is(303);
    world.sign_in("colleague").await.get(&one).await.is(200).says("Handed Over");
}

const PROJECT: &str = include_str!("../../../../testdata/project.toml");

#[tokio::test]
async fn a_type_of_ones_own_has_lists_views_forms_and_a_timeline() {
    let world = World::new().await;
    let admin = world.visitor("administrator").email.clone();
    let admin = app::users::by_email(&world.app, &admin).await.unwrap().unwrap();
    let admin = app::users::actor(&world.app, admin).await.unwrap().unwrap();
    app::definitions::apply(&world.app, &admin, PROJECT).await.unwrap();
    let seller = world.sign_in("seller").await;
    let list = seller.get("/records/project").await;
    list.is(200).says("Active projects").says("My active projects").says("Add filter");
    seller.get("/more").await.says("Projects");

    let made = seller.post("/records/project", &[("name", "Bike lane")]).await;
    let project = made.is(303).location().to_owned();
    seller.get("/records/project").await.says("Bike lane").says("one in all");
    let page = seller.get(&project).await;
    page.is(200).says("Everything said and done").says("New activity").says("Change status");
    let reference = project.replace("/records/", "");
    page.says(&format!("/records/task/new?regardingobjectid={}", reference.replace('/', "%2F")));
    let form = seller.get(&format!("/records/task/new?regardingobjectid={reference}")).await;
    form.is(200).says("value=\"Bike lane\"");
    let task = [
        ("subject", "Measure the lane"),
        ("regardingobjectid", "Bike lane"),
        ("regardingobjectid.chosen", reference.as_str()),
        ("regardingobjectid.name", "Bike lane"),
    ];
    let task = seller.post("/records/task", &task).await.is(303).location().to_owned();
    seller.get(&project).await.says("Measure the lane").says(&task);
    seller.get(&task).await.is(200).says("Bike lane");
    seller.get("/records/activitypointer").await.is(200).says("Measure the lane").says(&task);
    seller.get("/records/task").await.is(200).says("Open tasks").says("Measure the lane");
    seller.get("/records/email").await.is(200).hides("New e-mail").hides("Ticked rows");
    seller.get("/records/activitypointer/new").await.is(404);
}

#[tokio::test]
async fn a_file_is_kept_in_a_column() {
    let world = World::new().await;
    let (seller, boss) = (world.sign_in("seller").await, world.sign_in("administrator").await);
    let column = [("kind", "file"), ("name", "new_drawing"), ("en", "Drawing"), ("sv", "Ritning")];
    boss.post("/settings/types/account/columns", &column).await.is(303);
    let contoso = seller.find("account", "Contoso Sverige AB").await;
    let path = format!("{contoso}/files/new_drawing");
    seller.get(&path).await.is(404);
    seller.get(&format!("{contoso}?part=details")).await.is(200).says("Drawing").says("Upload");
    let bytes: Vec<u8> = (0..9_000_000_u32).map(|it| it.to_le_bytes()[0]).collect();
    seller.upload(&path, &seller.csrf, "ritning å.png", &bytes).await.is(303);
    seller.get(&format!("{contoso}?part=details")).await.says("ritning å.png");
    let file = seller.get(&path).await;
    assert!(file.is(200).bytes == bytes, "{} bytes came back", file.bytes.len());
    assert!(file.header("content-disposition").starts_with("attachment;"));
    seller.upload(&path, "", "forged.png", b"x").await.is(403);
    world.sign_in("outsider").await.get(&path).await.is(404);
    let outsider = world.sign_in("outsider").await;
    outsider.upload(&path, &outsider.csrf, "mine.png", b"x").await.is(404);
    assert_eq!(seller.get(&path).await.bytes.len(), bytes.len());
}

#[tokio::test]
async fn a_view_that_asks_for_more_than_a_list_can_say_is_shown_all_the_same() {
    let world = World::new().await;
    let seller = world.sign_in("seller").await;
    let user = app::users::by_email(&world.app, &world.visitor("seller").email).await.unwrap().unwrap();
    let actor = app::users::actor(&world.app, user).await.unwrap().unwrap();
    let view = async |name: &str, xml: &str| {
        let text = |it: &str| domain::record::Value::from(it);
        let values = [("name", text(name)), ("returnedtypecode", text("account")), ("fetchxml", text(xml))];
        let values = values.map(|(name, value)| (name.to_owned(), value)).into();
        let id = app::records::create(&world.app, &actor, "userquery", values).await.unwrap();
        format!("/records/account?view=userquery/{id}")
    };
    let either = "<fetch><entity name='account'><filter type='or'>\
        <condition attribute='address1_city' operator='eq' value='Jönköping'/>\
        <condition attribute='name' operator='begins-with' value='Litware'/></filter></entity></fetch>";
    let either = view("Either", either).await;
    let page = seller.get(&either).await;
    page.is(200)
        .says("and what else this view asks for")
        .says("Litware Arkitekter")
        .hides("Contoso Sverige AB");
    seller.get(&format!("{either}&q=wingtip")).await.says("Wingtip Logistik").hides("Litware Arkitekter");
    let linked = "<fetch><entity name='account'><link-entity name='contact' from='contactid' to='primarycontactid'>\
        <filter><condition attribute='fullname' operator='eq' value='Göran Sjöberg'/></filter></link-entity></entity></fetch>";
    let linked = view("Göran's", linked).await;
    seller
        .get(&linked)
        .await
        .is(200)
        .says("Contoso Sverige AB")
        .says("one in all")
        .hides("Litware Arkitekter");
    // What is no list, or no question at all, is in no picker.
    let broken = view("Broken", "<fetch>").await;
    seller.get(&broken).await.is(404);
    seller.get("/records/account").await.is(200).says("Either").hides("Broken");
}
