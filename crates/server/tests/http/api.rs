//! The Web API's doors: what one may see, what is refused and with which words. What whole clients need of it is tried by
//! those clients (`crates/server/tests/clients`).

use crate::script::{read, script};
use crate::world::World;
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value as Json, json};

fn names(list: &Json) -> Vec<&str> {
    list["value"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap_or_default()).collect()
}

#[tokio::test]
async fn nobody_comes_in_without_a_token() {
    let world = World::new().await;
    for path in ["", "accounts", "$metadata", "WhoAmI", "EntityDefinitions"] {
        let page = world.get(&format!("/api/data/v9.2/{path}")).await;
        assert!(page.is(401).text().contains("\"code\":\"0x80040204\""), "{path}");
    }
    // A browser's cookie is no token: no page of a stranger's can make it ask.
    let seller = world.sign_in("seller").await;
    seller.get("/api/data/v9.2/accounts").await.is(401);
    assert_eq!(world.get("/api/search/v2.0/query").await.status, 401);
}

#[tokio::test]
async fn what_one_may_not_see_is_not_there_in_any_language() {
    let world = World::new().await;
    let (seller, outsider) = (script(&world, "seller").await, script(&world, "outsider").await);
    let mine = seller.get("accounts?$select=name&$filter=contains(name,'contoso')").await;
    assert_eq!(names(&mine), ["Contoso Sverige AB"]);
    let id = mine["value"][0]["accountid"].as_str().unwrap().to_owned();
    for question in [
        "accounts?$select=name&$filter=contains(name,'contoso')".to_owned(),
        "accounts?$select=name&$search=contoso".to_owned(),
        "accounts?fetchXml=<fetch><entity name='account'><attribute name='name'/><filter><condition attribute='name' \
         operator='like' value='%25contoso%25'/></filter></entity></fetch>"
            .replace(' ', "%20")
            .replace('<', "%3C")
            .replace('>', "%3E"),
        "accounts?sql=SELECT+name+FROM+account+WHERE+name+LIKE+'%25contoso%25'".to_owned(),
        "accounts?$apply=filter(contains(name,'contoso'))/groupby((name))".to_owned(),
        // By way of what others hold of it.
        "contacts?$select=fullname&$filter=parentcustomerid_account/name+eq+'Contoso+Sverige+AB'".to_owned(),
        "opportunities?$select=name&$filter=customerid_account/name+eq+'Contoso+Sverige+AB'".to_owned(),
    ] {
        let theirs = outsider.get(&question).await;
        assert_eq!(theirs["value"], json!([]), "{question}");
    }
    let count = "accounts/$count?$filter=contains(name,'contoso')";
    assert_eq!(outsider.ask("GET", count, None, "").await.is(200).text(), "0");
    assert_eq!(seller.ask("GET", count, None, "").await.is(200).text(), "1");
    let nowhere = "accounts(00000000-0000-4000-8000-000000000000)";
    let hidden = outsider.ask("GET", &format!("accounts({id})"), None, "").await;
    let absent = outsider.ask("GET", nowhere, None, "").await;
    assert_eq!(hidden.is(404).text(), absent.is(404).text(), "nobody can tell them apart");
    for (method, body) in [("PATCH", Some(json!({ "name": "Mine" }))), ("DELETE", None)] {
        let page = outsider.ask(method, &format!("accounts({id})"), body, "").await;
        assert!(page.status.is_client_error(), "{method}: {}", page.status);
    }
    assert_eq!(seller.get(&format!("accounts({id})?$select=name")).await["name"], "Contoso Sverige AB");
}

#[tokio::test]
async fn a_change_needs_the_version_it_was_made_for() {
    let world = World::new().await;
    let seller = script(&world, "seller").await;
    let id = seller.make("accounts", json!({ "name": "Fabrikam", "telephone1": "1" })).await;
    let address = format!("/api/data/v9.2/accounts({id})");
    let patch = |tag: &'static str| {
        let request = Request::patch(&address).header("host", "crm.example");
        let request = request.header("authorization", format!("Bearer {}", seller.token()));
        request.header("if-match", tag).body(Body::from(r#"{"telephone1":"2"}"#)).unwrap()
    };
    world.send(patch("W/\"1\"")).await.is(204);
    assert!(world.send(patch("W/\"1\"")).await.is(412).text().contains("0x80060882"));
    world.send(patch("W/\"seven\"")).await.is(400);
    let page = seller.ask("PATCH", &format!("accounts({id})"), Some(json!({ "telephone1": "3" })), "").await;
    assert!(page.is(204).header("odata-entityid").ends_with(&format!("accounts({id})")));
}

#[tokio::test]
async fn of_a_change_set_that_fails_nothing_stays() {
    let world = World::new().await;
    let seller = script(&world, "seller").await;
    let batch = |second: &str| {
        let part = |id: u8, line: &str, body: &str| {
            format!(
                "--c\r\nContent-Type: application/http\r\nContent-ID: {id}\r\n\r\n{line} HTTP/1.1\r\n\
                 Content-Type: application/json\r\n\r\n{body}\r\n"
            )
        };
        let parts =
            [part(1, "POST accounts", r#"{"name":"Half done"}"#), part(2, "PATCH $1", second)].concat();
        format!("--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n{parts}--c--\r\n--b--\r\n")
    };
    let send = |body: String| {
        let request = Request::post("/api/data/v9.2/$batch").header("host", "crm.example");
        let request = request.header("authorization", format!("Bearer {}", seller.token()));
        request.header("content-type", "multipart/mixed; boundary=b").body(Body::from(body)).unwrap()
    };
    let page = world.send(send(batch(r#"{"nonsense":1}"#))).await;
    assert!(page.is(400).text().contains("HTTP/1.1 400"), "{}", page.text());
    assert_eq!(names(&seller.get("accounts?$filter=name+eq+'half+done'").await), [""; 0]);
    world.send(send(batch(r#"{"telephone1":"7"}"#))).await.is(200);
    let made = seller.get("accounts?$select=name,telephone1&$filter=name+eq+'half+done'").await;
    assert_eq!((names(&made), &made["value"][0]["telephone1"]), (vec!["Half done"], &json!("7")));
}

#[tokio::test]
async fn pages_follow_one_another_and_nothing_comes_twice() {
    let world = World::new().await;
    let seller = script(&world, "seller").await;
    let whole = seller.get("contacts?$select=fullname&$orderby=fullname+desc").await;
    let whole: Vec<&Json> = whole["value"].as_array().unwrap().iter().map(|it| &it["contactid"]).collect();
    let mut path = "contacts?$select=fullname&$orderby=fullname+desc".to_owned();
    let mut found: Vec<Json> = Vec::new();
    for _ in 0..=whole.len() {
        let page = read(&seller.ask("GET", &path, None, "odata.maxpagesize=3").await);
        found.extend(page["value"].as_array().unwrap().iter().map(|it| it["contactid"].clone()));
        let Some(next) = page["@odata.nextLink"].as_str() else { break };
        path = next.strip_prefix("http://crm.example/api/data/v9.2/").unwrap().to_owned();
    }
    assert!(whole.len() > 6, "there are several pages");
    assert_eq!(found.iter().collect::<Vec<_>>(), whole);
    let top = read(&seller.ask("GET", "contacts?$top=4", None, "odata.maxpagesize=3").await);
    let rest = top["@odata.nextLink"].as_str().unwrap().replace("http://crm.example/api/data/v9.2/", "");
    let rest = read(&seller.ask("GET", &rest, None, "odata.maxpagesize=3").await);
    assert_eq!((rest["value"].as_array().unwrap().len(), &rest["@odata.nextLink"]), (1, &Json::Null));
}

#[tokio::test]
async fn what_changed_since_is_told_with_what_is_gone() {
    let world = World::new().await;
    let seller = script(&world, "seller").await;
    let gone = seller.make("leads", json!({ "subject": "Gone", "lastname": "A" })).await;
    let list = read(&seller.ask("GET", "leads?$select=subject", None, "odata.track-changes").await);
    let link =
        |it: &Json| it["@odata.deltaLink"].as_str().unwrap().replace("http://crm.example/api/data/v9.2/", "");
    let made = seller.make("leads", json!({ "subject": "New", "lastname": "B" })).await;
    seller.ask("DELETE", &format!("leads({gone})"), None, "").await.is(204);
    let delta = seller.get(&link(&list)).await;
    let value = delta["value"].as_array().unwrap();
    assert!(value.iter().any(|it| it["leadid"] == json!(made) && it["subject"] == "New"), "{delta}");
    assert!(value.iter().any(|it| it["id"] == json!(gone) && it["reason"] == "deleted"), "{delta}");
    assert_eq!(seller.get(&link(&delta)).await["value"], json!([]));
    let narrowed = seller.ask("GET", "leads?$top=1", None, "odata.track-changes").await;
    assert!(narrowed.is(400).text().contains("without $filter"));
}

#[tokio::test]
async fn nonsense_gets_a_sentence() {
    let world = World::new().await;
    let seller = script(&world, "seller").await;
    let deep =
        format!("accounts?$filter={}name eq 'a'{}", "(".repeat(10_000), ")".repeat(10_000)).replace(' ', "+");
    let long = format!("accounts?$filter=name+eq+'{}'", "a".repeat(60_000));
    for (path, status) in [
        ("accounts?$filter=nonsense+eq+1", 400),
        ("accounts?$filter=name+eq", 400),
        ("accounts?$filter=revenue+eq+'much'", 400),
        ("accounts?$select=nonsense", 400),
        ("accounts?$orderby=nonsense", 400),
        ("accounts?$expand=nonsense", 400),
        ("accounts?$skip=5", 400),
        ("accounts?$skiptoken=nonsense", 400),
        ("accounts?$deltatoken=nonsense", 400),
        ("accounts?$top=-1", 400),
        ("accounts?fetchXml=%3Cfetch%3E", 400),
        ("accounts?sql=DROP+TABLE+account", 400),
        ("accounts?sql=SELECT+fullname+FROM+contact", 400),
        ("accounts(7)", 400),
        ("accounts(nonsense='7')", 400),
        ("nonsense", 404),
        ("accounts(00000000-0000-4000-8000-000000000000)/nonsense", 404),
        ("word", 404),
        (&deep, 400),
        (&long, 200),
        ("accounts?$filter=name+eq+''';+DROP+TABLE+account;--'", 200),
    ] {
        let page = seller.ask("GET", path, None, "").await;
        let shown: String = path.chars().take(60).collect();
        assert_eq!(page.status, status, "{shown}: {}", page.text());
        if status >= 400 {
            let error = &serde_json::from_slice::<Json>(&page.bytes).unwrap()["error"];
            let sentence = error["message"].as_str().unwrap();
            assert!(sentence.ends_with('.') && sentence.len() < 600, "{shown}: {sentence}");
        }
    }
    for body in [
        json!([1]),
        json!({ "nonsense": 1 }),
        json!({ "name": [1] }),
        json!({}),
        json!({ "name": "x".repeat(500) }),
    ] {
        let page = seller.post("accounts", body.clone()).await;
        assert_eq!(page.status, 400, "{body}: {}", page.text());
    }
    let bound = json!({ "name": "a", "primarycontactid@odata.bind": "/accounts(00000000-0000-4000-8000-000000000000)" });
    assert!(seller.post("accounts", bound).await.status.is_client_error());
    assert_eq!(names(&seller.get("accounts?$filter=name+eq+'a'").await), [""; 0]);
}

#[tokio::test]
async fn a_short_token_is_made_from_a_lasting_one() {
    let world = World::new().await;
    let seller = script(&world, "seller").await;
    let email = world.visitor("seller").email.clone();
    let ask = |secret: &str| {
        let fields = [("grant_type", "client_credentials"), ("client_id", &email), ("client_secret", secret)];
        crate::world::form(Request::post("/oauth2/token"), &fields)
    };
    let page = world.send(ask(seller.token())).await;
    let token = read(&page)["access_token"].as_str().unwrap().to_owned();
    let who = Request::get("/api/data/v9.2/WhoAmI").header("authorization", format!("Bearer {token}"));
    world.send(who.body(Body::empty()).unwrap()).await.is(200);
    assert!(world.send(ask("nonsense")).await.is(401).text().contains("invalid_client"));
    assert!(world.send(ask(&token)).await.status.is_client_error(), "a short token makes no other");
}
