//! Functions and actions of the Web API, one happy and one refused request for most.

use crate::script::{Script, read, script};
use crate::world::{Page, World};
use axum::body::Body;
use axum::http::Request;
use serde_json::json;

#[tokio::test]
async fn the_service_tells_who_asks_and_what_it_is() {
    let world = World::new().await;
    let seller = script(&world, "seller").await;
    let who = seller.get("WhoAmI()").await;
    assert_eq!(who["UserId"], json!(seller.me().await));
    assert!(who["@odata.context"].as_str().unwrap().ends_with("#Microsoft.Dynamics.CRM.WhoAmIResponse"));
    assert!(seller.get("RetrieveVersion()").await["Version"].as_str().unwrap().starts_with("9.2."));
    let current = seller
        .get("RetrieveCurrentOrganization(AccessType=@p1)?@p1=Microsoft.Dynamics.CRM.EndpointAccessType'Default'")
        .await;
    assert_eq!(current["Detail"]["OrganizationId"], who["OrganizationId"]);
    let counts =
        seller.get("RetrieveTotalRecordCount(EntityNames=@p1)?@p1=%5B%22account%22,%22contact%22%5D").await;
    let counts = &counts["EntityRecordCountCollection"];
    assert_eq!(counts["Keys"], json!(["account", "contact"]));
    assert!(counts["Values"][0].as_i64().unwrap() > 0);
    let address = "FormatAddress(Line1=@a,City=@b,StateOrProvince=@c,PostalCode=@d,Country=@e)?@a='123%20Maple%20St.'\
                   &@b='Seattle'&@c='WA'&@d='98007'&@e='USA'";
    assert_eq!(seller.get(address).await["Address"], json!("123 Maple St.\r\nSeattle, WA 98007\r\nUSA"));
    seller.ask("GET", "WhoAreYou()", None, "").await.is(404);
    seller.ask("GET", "WinOpportunity()", None, "").await.is(405);
    seller.ask("GET", "RetrieveTotalRecordCount(EntityNames=@p1)", None, "").await.is(400);
}

#[tokio::test]
async fn opportunities_cases_and_leads_come_to_an_end() {
    let world = World::new().await;
    let seller = script(&world, "seller").await;
    let opportunity = seller.make("opportunities", json!({ "name": "240 cyklar" })).await;
    let close = json!({
        "OpportunityClose": {
            "@odata.type": "Microsoft.Dynamics.CRM.opportunityclose",
            "subject": "Won",
            "actualrevenue": 1200.5,
            "opportunityid@odata.bind": format!("/opportunities({opportunity})"),
        },
        "Status": 3,
    });
    seller.post("WinOpportunity", close.clone()).await.is(204);
    let won =
        seller.get(&format!("opportunities({opportunity})?$select=actualvalue,statecode,statuscode")).await;
    assert_eq!(
        (&won["statecode"], &won["statuscode"], &won["actualvalue"]),
        (&json!(1), &json!(3), &json!(1200.5))
    );
    seller.post("WinOpportunity", close).await.is(400).says("closed already");

    let case = seller.make("incidents", json!({ "title": "Punktering" })).await;
    let resolution = json!({
        "IncidentResolution": { "subject": "Lappad", "incidentid": { "incidentid": case } },
        "Status": -1,
    });
    seller.post("CloseIncident", resolution).await.is(204);
    assert_eq!(seller.get(&format!("incidents({case})")).await["statuscode"], json!(5));
    seller.post("CloseIncident", json!({ "Status": 5 })).await.is(400).says("IncidentResolution");

    let lead = json!({ "subject": "Elcyklar", "lastname": "Öberg", "companyname": "Nya AB" });
    let lead = seller.make("leads", lead).await;
    let wanted =
        json!({ "CreateAccount": true, "CreateContact": true, "CreateOpportunity": true, "Status": 3 });
    let path = format!("leads({lead})/Microsoft.Dynamics.CRM.QualifyLead");
    let made = read(seller.post(&path, wanted.clone()).await.is(200));
    let kinds: Vec<&str> =
        made["value"].as_array().unwrap().iter().map(|it| it["@odata.type"].as_str().unwrap()).collect();
    let expected = ["account", "contact", "opportunity"].map(|it| format!("#Microsoft.Dynamics.CRM.{it}"));
    assert_eq!(kinds, expected);
    seller.post(&path, wanted).await.is(400);
    let opportunity = made["value"][2]["opportunityid"].as_str().unwrap();
    let shown = seller.get(&format!("opportunities({opportunity})")).await;
    assert_eq!(shown["_parentaccountid_value"], made["value"][0]["accountid"]);
}

#[tokio::test]
async fn records_are_merged_and_begun_from_each_other() {
    let world = World::new().await;
    let seller = script(&world, "seller").await;
    let one = seller.make("accounts", json!({ "name": "Nya AB", "address1_city": "Örebro" })).await;
    let other = seller.make("accounts", json!({ "name": "Nya Aktiebolaget" })).await;
    let bind =
        json!({ "lastname": "Ek", "parentcustomerid_account@odata.bind": format!("/accounts({other})") });
    let contact = seller.make("contacts", bind).await;
    let merge = json!({
        "Target": { "@odata.type": "Microsoft.Dynamics.CRM.account", "accountid": one },
        "Subordinate": { "@odata.type": "Microsoft.Dynamics.CRM.account", "accountid": other },
        "UpdateContent": { "@odata.type": "Microsoft.Dynamics.CRM.account", "accountid": one, "telephone1": "08-1" },
        "PerformParentingChecks": false,
    });
    seller.post("Merge", merge.clone()).await.is(204);
    assert_eq!(seller.get(&format!("contacts({contact})")).await["_parentcustomerid_value"], json!(one));
    assert_eq!(seller.get(&format!("accounts({one})")).await["telephone1"], json!("08-1"));
    let gone = seller.get(&format!("accounts({other})")).await;
    assert_eq!((&gone["statecode"], &gone["merged"]), (&json!(1), &json!(true)));
    seller.post("Merge", merge).await.is(400).says("merged");

    let from = format!(
        "InitializeFrom(EntityMoniker=@p1,TargetEntityName=@p2,TargetFieldType=@p3)?@p1={{'@odata.id':'accounts({one})'}}\
         &@p2='contact'&@p3=Microsoft.Dynamics.CRM.TargetFieldType'ValidForCreate'"
    );
    let begun = seller.get(&from.replace('{', "%7B").replace('}', "%7D")).await;
    assert_eq!(begun["address1_city"], json!("Örebro"));
    assert_eq!(begun["parentcustomerid_account@odata.bind"], json!(format!("/accounts({one})")));
}

#[tokio::test]
async fn rights_are_given_and_told() {
    let world = World::new().await;
    let (seller, outsider) = (script(&world, "seller").await, script(&world, "outsider").await);
    let account = seller.make("accounts", json!({ "name": "Hemliga AB" })).await;
    let them = outsider.me().await;
    let path = format!("accounts({account})");
    outsider.ask("GET", &path, None, "").await.is(404);
    let target = json!({ "accountid": account, "@odata.type": "Microsoft.Dynamics.CRM.account" });
    let principal = json!({ "systemuserid": them, "@odata.type": "Microsoft.Dynamics.CRM.systemuser" });
    let access = |mask: &str| json!({ "Target": target, "PrincipalAccess": { "AccessMask": mask, "Principal": principal } });
    seller.post("GrantAccess", access("ReadAccess,WriteAccess")).await.is(204);
    outsider.ask("GET", &path, None, "").await.is(200);
    let question = format!(
        "systemusers({them})/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@p1)?@p1=%7B'@odata.id':'{path}'%7D"
    );
    assert_eq!(seller.get(&question).await["AccessRights"], json!("ReadAccess, WriteAccess"));
    seller.post("ModifyAccess", access("ReadAccess")).await.is(204);
    let shared = format!("RetrieveSharedPrincipalsAndAccess(Target=@p1)?@p1=%7B'@odata.id':'{path}'%7D");
    let shared = seller.get(&shared).await;
    assert_eq!(shared["PrincipalAccesses"][0]["AccessMask"], json!("ReadAccess"));
    assert_eq!(shared["PrincipalAccesses"][0]["Principal"]["systemuserid"], json!(them));
    seller.post("GrantAccess", access("AllAccess")).await.is(400).says("AccessMask");
    outsider.post("GrantAccess", access("ReadAccess")).await.is(403);
    seller.post("RevokeAccess", json!({ "Target": target, "Revokee": principal })).await.is(204);
    outsider.ask("GET", &path, None, "").await.is(404);

    let admin = script(&world, "administrator").await;
    let unit = admin.get("WhoAmI").await["BusinessUnitId"].as_str().unwrap().to_owned();
    let team = json!({ "name": "Cyklister", "businessunitid@odata.bind": format!("/businessunits({unit})") });
    let team = admin.make("teams", team).await;
    let add = format!("teams({team})/Microsoft.Dynamics.CRM.AddMembersTeam");
    let members =
        json!({ "Members": [{ "@odata.type": "Microsoft.Dynamics.CRM.systemuser", "systemuserid": them }] });
    admin.post(&add, members.clone()).await.is(204);
    seller.post(&add, members.clone()).await.is(403);
    admin.post(&add.replace("AddMembers", "RemoveMembers"), members).await.is(204);
    let role = admin.post(
        "roles(00000000-0000-0000-0000-000000000000)/Microsoft.Dynamics.CRM.AddPrivilegesRole",
        json!({}),
    );
    role.await.is(501).says("read-only");
}

#[tokio::test]
async fn mail_is_handed_over_both_ways() {
    let world = World::new().await;
    let seller = script(&world, "seller").await;
    let address = world.visitor("seller").email.clone();
    let account = seller.make("accounts", json!({ "name": "Hemliga AB" })).await;
    let message = json!({
        "MessageId": "<api-1@fabrikam.example>",
        "Subject": "Hej",
        "From": "Bo <bo@fabrikam.example>",
        "To": address,
        "Cc": "",
        "Bcc": "",
        "ReceivedOn": "2026-11-23T18:00:00Z",
        "SubmittedBy": address,
        "Importance": "Normal",
        "Body": "<p>The canary sings</p>",
        "Attachments": [{
            "@odata.type": "Microsoft.Dynamics.CRM.activitymimeattachment",
            "filename": "a.txt",
            "mimetype": "text/plain",
            "body": "aGVq",
        }],
        "ExtraProperties": { "regardingobjectid_account_email@odata.bind": format!("/accounts({account})") },
    });
    let check = "CheckPromoteEmail(MessageId=@p1,Subject=@p2)?@p1='api-1@fabrikam.example'&@p2='Hej'";
    assert_eq!(seller.get(check).await["ShouldPromote"], json!(true));
    let delivered = read(&seller.post("DeliverPromoteEmail", message.clone()).await);
    let email = delivered["EmailId"].as_str().unwrap();
    let shown = seller.get(&format!("emails({email})")).await;
    assert_eq!((&shown["subject"], &shown["_regardingobjectid_value"]), (&json!("Hej"), &json!(account)));
    assert_eq!(shown["attachmentcount"], json!(1));
    assert_eq!(seller.get(check).await["ShouldPromote"], json!(false));
    let mut answer = message.clone();
    answer["MessageId"] = json!("<api-2@fabrikam.example>");
    answer["ExtraProperties"] = json!({ "inreplyto": "<api-1@fabrikam.example>" });
    let check = read(&seller.post("CheckIncomingEmail", answer.clone()).await);
    assert_eq!((&check["ShouldDeliver"], &check["ReasonCode"]), (&json!(true), &json!(0)));
    read(&seller.post("DeliverIncomingEmail", answer).await);
    let mut stranger = message;
    stranger["MessageId"] = json!("<api-3@fabrikam.example>");
    stranger["To"] = json!("nobody@elsewhere.example");
    seller.post("DeliverIncomingEmail", stranger).await.is(400).says("no user and no queue");

    let contact = json!({ "lastname": "Ek", "firstname": "Åsa", "emailaddress1": "asa@ek.example" });
    let contact = seller.make("contacts", contact).await;
    let draft = json!({
        "subject": "Offert",
        "email_activity_parties": [{
            "partyid_contact@odata.bind": format!("/contacts({contact})"),
            "participationtypemask": 2,
        }],
    });
    let draft = seller.make("emails", draft).await;
    let sending = format!("emails({draft})/Microsoft.Dynamics.CRM.SendEmail");
    let sent =
        read(&seller.post(&sending, json!({ "IssueSend": true, "TrackingToken": "CRM:0001011" })).await);
    assert_eq!(sent["Subject"], json!("Offert CRM:0001011"));
    seller.post(&sending, json!({ "IssueSend": true })).await.is(400).says("draft");
    let token = seller.get("GetTrackingTokenEmail(Subject=@p1)?@p1='Offert%20CRM:0001011'").await;
    assert_eq!(token["TrackingToken"], json!("CRM:0001011"));

    let template = json!({
        "title": "Tack",
        "subject": "Hej {!contact:firstname;}",
        "body": "<p>{{fullname}} {{hair}}</p>",
        "templatetypecode": "contact",
    });
    let template = seller.make("templates", template).await;
    let wanted = json!({ "TemplateId": template, "ObjectType": "contact", "ObjectId": contact });
    let letter = read(&seller.post("InstantiateTemplate", wanted).await);
    let letter = &letter["value"][0];
    assert_eq!(
        (&letter["subject"], &letter["description"]),
        (&json!("Hej Åsa"), &json!("<p>Åsa Ek [hair?]</p>"))
    );
    let from_template = json!({
        "TemplateId": template,
        "Regarding": { "@odata.type": "Microsoft.Dynamics.CRM.contact", "contactid": contact },
        "Target": {
            "@odata.type": "Microsoft.Dynamics.CRM.email",
            "email_activity_parties": [{
                "partyid_contact@odata.bind": format!("/contacts({contact})"),
                "participationtypemask": 2,
            }],
        },
    });
    let made = read(&seller.post("SendEmailFromTemplate", from_template).await);
    let shown = seller.get(&format!("emails({})", made["Id"].as_str().unwrap())).await;
    assert_eq!((&shown["subject"], &shown["statuscode"]), (&json!("Hej Åsa"), &json!(6)));
}

#[tokio::test]
async fn who_does_not_wait_asks_later_how_it_ended() {
    let world = World::new().await;
    let seller = script(&world, "seller").await;
    let opportunity = seller.make("opportunities", json!({ "name": "240 cyklar" })).await;
    let close = json!({ "OpportunityClose": { "opportunityid": opportunity }, "Status": -1 });
    for expected in [30, 31] {
        let page = seller.ask("POST", "WinOpportunity", Some(close.clone()), "respond-async").await;
        page.is(202);
        assert!(page.bytes.is_empty());
        let location = page.header("location").strip_prefix("http://crm.example/api/").unwrap();
        assert!(location.ends_with(page.header("x-ms-dyn-backgroundoperationid")));
        for method in ["GET", "DELETE"] {
            let told = read(&background(&seller, method, location).await);
            assert_eq!(told["backgroundOperationStatusCode"], json!(expected), "{method}");
        }
        let other = script(&world, "outsider").await;
        background(&other, "GET", location).await.is(404);
    }
}

async fn background(script: &Script<'_>, method: &str, location: &str) -> Page {
    let request = Request::builder()
        .method(method)
        .uri(format!("/api/{location}"))
        .header("authorization", format!("Bearer {}", script.token()));
    script.world.send(request.body(Body::empty()).unwrap()).await
}
