//! Lists out into files, and files into records.

use crate::world::{Page, Person, World};
use axum::body::Body;
use axum::http::Request;
use std::time::Duration;

/// A file in a form, as browsers send it (RFC 7578).
async fn upload(person: &Person<'_>, entity: &str, csrf: &str, name: &str, bytes: &[u8]) -> Page {
    let mut body = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n\
         --edge\r\nContent-Disposition: form-data; name=\"state\"\r\n\r\n\r\n\
         --edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: text/csv\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    let request = Request::post(format!("/transfer/{entity}/import"))
        .header("cookie", &person.cookie)
        .header("content-type", "multipart/form-data; boundary=edge");
    person.world.send(request.body(Body::from(body)).unwrap()).await
}

async fn taken(person: &Person<'_>, entity: &str, text: &str) -> String {
    let page = upload(person, entity, &person.csrf, "people.csv", text.as_bytes()).await;
    page.is(303).location().to_owned()
}

/// Waits for the end.
async fn imported(person: &Person<'_>, place: &str, fields: &[(&str, &str)]) -> Page {
    person.post(place, fields).await.is(303);
    for _ in 0..200 {
        let page = person.get(place).await;
        if page.header("refresh").is_empty() {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("The import does not end")
}

#[tokio::test]
async fn a_list_goes_out_as_it_is_arranged_and_as_far_as_one_may_read() {
    let world = World::new().await;
    let (seller, outsider) = (world.sign_in("seller").await, world.sign_in("outsider").await);
    seller.get("/records/account").await.says("Export, import…");
    seller.get("/transfer/account?q=conto").await.is(200).says("Download").says("Which file?");
    let page = seller.get("/transfer/contact/export?columns=all&state=own%3D1").await;
    assert_eq!(page.is(200).header("content-type"), "text/csv; charset=utf-8");
    assert!(page.header("content-disposition").starts_with("attachment; filename=\"contacts-20"));
    let text = page.text();
    let heading = text.strip_prefix('\u{FEFF}').unwrap().lines().next().unwrap();
    assert!(heading.starts_with("contactid,Name,"), "{heading}");
    assert!(heading.contains(",Account,Account (id),"), "{heading}");
    assert!(text.contains("Göran Sjöberg") && text.contains("Contoso Sverige AB") && text.contains("\r\n"));
    outsider.get("/transfer/contact/export?state=own%3D1").await.is(200).hides("Göran Sjöberg");
    seller.get("/transfer/contact/export?format=xml").await.is(400);
    seller.get("/transfer/activityparty/export").await.is(404);
}

#[tokio::test]
async fn json_says_keys_names_and_labels() {
    let world = World::new().await;
    let seller = world.sign_in("seller").await;
    let page = seller.get("/transfer/contact/export?columns=all&format=json&state=own%3D1").await;
    let rows: serde_json::Value = serde_json::from_slice(&page.is(200).bytes).unwrap();
    let goran = rows.as_array().unwrap().iter().find(|it| it["fullname"] == "Göran Sjöberg").unwrap();
    assert_eq!(goran["parentcustomerid"]["type"], "account");
    assert_eq!(goran["parentcustomerid"]["name"], "Contoso Sverige AB");
    assert_eq!(goran["statecode"]["value"], 0);
    let none = seller.get("/transfer/contact/export?format=json&state=q%3Dxyzzy").await;
    assert_eq!(none.is(200).text(), "[\n]\n");
}

#[tokio::test]
async fn a_file_is_looked_at_mapped_and_imported_and_says_what_went_wrong() {
    let world = World::new().await;
    let seller = world.sign_in("seller").await;
    let text = "Förnamn;Efternamn;E-post;Företag;Skonummer\r\n\
                Åsa;Öst;asa@import.example;Contoso Sverige AB;38\r\n\
                Bo;Väst;no address;;41\r\n\
                Eva;Nord;eva@import.example;Xyzzy AB;\r\n\
                Åsa;Öst;ASA@import.example;;\r\n\
                ;;;;\r\n\
                '=Dan;Syd;;;\r\n";
    let place = taken(&seller, "contact", text).await;
    let page = seller.get(&place).await;
    page.is(200)
        .says("5 rows")
        .says("UTF-8")
        .says("Skonummer")
        .says("Import 5 rows")
        .says("asa@import.example");
    assert!(page.text().contains("<option value=\"emailaddress1\" selected>"), "{}", page.main());
    let fields = [
        ("place.0", "firstname"),
        ("place.1", "lastname"),
        ("place.2", "emailaddress1"),
        ("place.3", "parentcustomerid"),
    ];
    let page = imported(&seller, &place, &fields).await;
    page.says("The file is imported").says("Imported: 2").says("there already: 1").says("Failed: 2");
    page.says("This is no e-mail address").says("no record that you may see");
    let report = seller.get(&format!("{place}/report")).await;
    let lines: Vec<String> = report.is(200).text().lines().map(str::to_owned).collect();
    assert!(lines[1].starts_with("3,E-post,") && lines[2].starts_with("4,Företag,"), "{lines:?}");
    let asa = seller.get(&seller.find("contact", "Åsa Öst").await).await;
    asa.says("Contoso Sverige AB").says("asa@import.example");
    seller.find("contact", "=Dan Syd").await;
    // On its way out it is no formula either.
    seller.get("/transfer/contact/export?columns=all&state=q%3Dsyd").await.says(",'=Dan Syd,'=Dan,Syd,");
    // What ended is not begun again.
    seller.post(&place, &fields).await.is(303);
    seller.get(&place).await.says("Imported: 2");
}

#[tokio::test]
async fn a_row_that_is_there_already_fills_in_its_record() {
    let world = World::new().await;
    let seller = world.sign_in("seller").await;
    let exported = seller.get("/transfer/contact/export?state=own%3D1%26q%3Dsj%C3%B6berg").await.text();
    let key = exported.lines().nth(1).unwrap().split(',').next().unwrap().to_owned();
    let place = taken(&seller, "contact", &format!("contactid,jobtitle\n{key},Head of bells\n")).await;
    let fields = [("place.0", "."), ("place.1", "jobtitle"), ("twins", "update")];
    imported(&seller, &place, &fields).await.says("Updated: 1");
    seller.get(&format!("/records/contact/{key}?part=details")).await.says("Head of bells");
}

#[tokio::test]
async fn what_makes_no_sense_is_said_and_nothing_happens() {
    let world = World::new().await;
    let (seller, outsider) = (world.sign_in("seller").await, world.sign_in("outsider").await);
    let send = async |name: &str, bytes: &[u8]| upload(&seller, "account", &seller.csrf, name, bytes).await;
    send("", b"").await.is(422).says("Choose a file first");
    send("a.csv", b"").await.is(422).says("no line with names");
    send("a.csv", &vec![b'a'; 10 * 1024 * 1024 + 1]).await.is(422).says("larger than 10 MB");
    upload(&seller, "account", "wrong", "a.csv", b"name\nA\n").await.is(403);
    upload(&seller, "email", &seller.csrf, "a.csv", b"subject\nA\n").await.is(403);
    let place = taken(&seller, "account", "name,namn\nBell AB,Bell\n").await;
    seller.post(&place, &[]).await.is(422).says("Choose at least one");
    seller.post(&place, &[("place.0", "name"), ("place.1", "name")]).await.is(422).says("chosen for two");
    outsider.get(&place).await.is(404);
    outsider.post(&place, &[("place.0", "name")]).await.is(404);
    seller.post(&place, &[("_method", "DELETE")]).await.is(303);
    seller.get(&place).await.is(404);
    seller.get("/records/account?q=bell").await.hides("Bell AB");
}

#[tokio::test]
async fn a_record_that_is_there_already_is_asked_about_once() {
    let world = World::new().await;
    let (seller, outsider) = (world.sign_in("seller").await, world.sign_in("outsider").await);
    let fields = [("name", "contoso sverige ab"), ("address1_city", "Lund")];
    let page = seller.post("/records/account", &fields).await;
    page.is(422).says("Is it the same?").says("Contoso Sverige AB").says("Save anyway").says("Lund");
    let seen = page.hidden("twin");
    // Another one than the one that was shown is asked about again.
    let other = [("name", "Litware Arkitekter"), ("twin", seen.as_str())];
    seller.post("/records/account", &other).await.is(422).says("Is it the same?");
    let again = [&fields[..], &[("twin", seen.as_str())]].concat();
    let made = seller.post("/records/account", &again).await;
    seller.get(made.is(303).location()).await.says("contoso sverige ab");
    // Nobody learns of what is not his to see, and tasks are alike all the time.
    outsider.post("/records/account", &fields).await.is(303);
    for _ in 0..2 {
        seller.post("/records/task", &[("subject", "Call back")]).await.is(303);
    }
}
