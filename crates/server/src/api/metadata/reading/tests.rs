use super::*;
use crate::api::metadata::definitions::{attributes, entities, keys};
use crate::api::metadata::world::world;
use crate::words::Language;
use domain::entity::{Catalog, FieldKind, Label, OnDelete};
use formats::odata::path;
use serde_json::json;

fn wished(catalog: &Catalog, request: &str, body: &Value) -> Result<Wished, Refused> {
    let (method, address) = request.split_once(' ').unwrap();
    let path = path::parse(address).unwrap();
    let reader = Reader { catalog, language: Language::English };
    wish(reader, method, &path, &Aliases::default(), body.as_object().unwrap())
}

#[track_caller]
fn check(request: &str, body: &Value) -> Wish {
    let mut found = wished(&world(), request, body).unwrap().wishes;
    assert_eq!(found.len(), 1, "{request}");
    found.remove(0)
}

#[track_caller]
fn refused(request: &str, body: &Value, expected: &str) {
    let text = wished(&world(), request, body).unwrap_err().to_string();
    assert!(text.contains(expected), "{request}: {text}");
}

fn label(en: &str, sv: &str) -> Label {
    Label { en: en.into(), sv: sv.into() }
}

fn words(text: &str) -> Value {
    json!({ "LocalizedLabels": [{ "Label": text, "LanguageCode": 1033 }] })
}

#[test]
fn a_type_is_the_same_after_a_trip_through_its_metadata() {
    let catalog = world();
    let reader = Reader { catalog: &catalog, language: Language::English };
    let def = catalog.get("new_project").unwrap();
    let shown = entities(reader).into_iter().find(|it| it.shown["LogicalName"] == "new_project");
    let mut body = shown.unwrap().shown;
    let all = attributes(reader, def).into_iter().map(|it| {
        let mut shown = it.shown;
        if let Some(Linked::One(Some(set))) = reader.linked(it.of, "OptionSet") {
            shown.insert("OptionSet".into(), Value::Object(set.shown));
        }
        Value::Object(shown)
    });
    body.insert("Attributes".into(), all.collect());
    body.insert("Keys".into(), keys(reader, def).into_iter().map(|it| Value::Object(it.shown)).collect());
    let Wish::AddEntity(mut found) = check("POST EntityDefinitions", &Value::Object(body)) else {
        panic!("A type is added.")
    };
    // Of these another relationship says more than the attribute does, and every type has the rest by itself.
    let mut expected = def.clone();
    expected.columns.retain(|it| it.custom);
    for column in expected.columns.iter_mut().filter(|it| it.kind == FieldKind::Lookup) {
        column.relationships.clear();
        column.on_delete = OnDelete::Unlink;
    }
    assert_eq!(found.columns.len(), expected.columns.len());
    for (found, expected) in found.columns.drain(..).zip(expected.columns.drain(..)) {
        assert_eq!(found, expected);
    }
    assert_eq!(found, expected);
}

#[test]
fn a_column_is_the_same_when_it_is_put_back_as_it_was_shown() {
    let catalog = world();
    let reader = Reader { catalog: &catalog, language: Language::English };
    let def = catalog.get("new_project").unwrap();
    for shown in attributes(reader, def) {
        let Of::Attribute(_, Some(before)) = shown.of else { continue };
        let found = columns::changed(reader, before, &shown.shown).unwrap();
        assert_eq!(found, *before);
    }
}

#[test]
fn tables_are_made_as_python_clients_ask_for_them() {
    use FieldKind::{Boolean, Choice, Date, Decimal, File, Integer, Text};
    let attribute = |kind: &str, name: &str, more: Value| {
        let mut it = json!({ "@odata.type": format!("Microsoft.Dynamics.CRM.Complex{kind}AttributeMetadata"),
            "SchemaName": name, "DisplayName": words(name), "RequiredLevel": { "Value": "None" } });
        it.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        it
    };
    let options = json!([{ "Value": 1, "Label": words("Low") }, { "Value": 2, "Label": words("High") }]);
    let body = json!({ "Entities": [{
        "@odata.type": "Microsoft.Dynamics.CRM.ComplexEntityMetadata", "SchemaName": "new_Company",
        "DisplayName": words("Company"), "DisplayCollectionName": words("Companies"), "OwnershipType": "UserOwned",
        "HasActivities": false, "HasNotes": true, "IsActivity": false, "Attributes": [
            attribute("String", "new_Name", json!({ "MaxLength": 200, "FormatName": { "Value": "Text" }, "IsPrimaryName": true })),
            attribute("Integer", "new_Count", json!({ "Format": "None", "MinValue": -2_147_483_648_i64, "MaxValue": 5 })),
            attribute("Decimal", "new_Price", json!({ "MinValue": -100_000_000_000.0, "MaxValue": 10.5, "Precision": 2 })),
            attribute("DateTime", "new_Day", json!({ "Format": "DateOnly" })),
            attribute("Boolean", "new_Done", json!({ "OptionSet": { "TrueOption": { "Value": 1, "Label": words("True") },
                "FalseOption": { "Value": 0, "Label": words("False") } } })),
            attribute("Picklist", "new_Level", json!({ "OptionSet": { "IsGlobal": false, "Options": options } })),
            attribute("File", "new_Plan", json!({})),
        ] }] });
    let Wish::AddEntity(def) = check("POST CreateEntities", &body) else { panic!("A type is added.") };
    assert_eq!(
        (def.name.as_str(), def.set.as_str(), def.schema_name()),
        ("new_company", "new_companies", "new_Company")
    );
    assert_eq!((def.label, def.plural), (label("Company", "Company"), label("Companies", "Companies")));
    assert_eq!(def.primary, "new_name");
    let kinds: Vec<FieldKind> = def.columns.iter().map(|it| it.kind.clone()).collect();
    let expected = [Text, Integer, Decimal, Date, Boolean, Choice, File];
    assert_eq!(kinds, expected);
    assert_eq!((def.columns[1].least, def.columns[1].most), (None, Some(5)));
    assert_eq!(
        (def.columns[2].least, def.columns[2].most, def.columns[2].precision),
        (None, Some(10), Some(2))
    );
    assert_eq!(def.columns[4].options[1].label.en, "True");
    assert_eq!(def.columns[5].options[1].value, 2);
    assert!(def.columns[0].search && def.columns[0].list && def.columns.iter().all(|it| it.custom));
}

#[test]
fn what_is_made_gets_the_address_clients_look_for() {
    let catalog = world();
    let text =
        json!({ "@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata", "SchemaName": "new_More" });
    let project = entity_id("new_project");
    let made =
        wished(&catalog, "POST EntityDefinitions(LogicalName='new_project')/Attributes", &text).unwrap().made;
    let expected =
        format!("EntityDefinitions({project})/Attributes({})", attribute_id("new_project", "new_more"));
    assert_eq!(made, Some(expected));
    let key =
        json!({ "SchemaName": "new_CodeKey", "KeyAttributes": ["new_Code"], "DisplayName": words("Code") });
    let found = wished(&catalog, &format!("POST EntityDefinitions({project})/Keys"), &key).unwrap();
    let made = found.made.unwrap();
    assert!(made.starts_with("EntityDefinitions(LogicalName='new_project')/Keys("), "{made}");
    let Wish::AddKey { key, .. } = &found.wishes[0] else { panic!("A key is added.") };
    assert_eq!((key.name.as_str(), key.columns[0].as_str()), ("new_codekey", "new_code"));
}

#[test]
fn a_changed_column_keeps_what_was_not_spoken_of() {
    let id = attribute_id("new_project", "new_kind");
    let address = format!("PUT EntityDefinitions(LogicalName='new_project')/Attributes({id})");
    let body = json!({ "@odata.type": "Microsoft.Dynamics.CRM.PicklistAttributeMetadata", "DisplayName": words("Sort"),
        "RequiredLevel": { "Value": "ApplicationRequired" } });
    let Wish::ChangeColumn { column, .. } = check(&address, &body) else { panic!("A column is changed.") };
    assert_eq!(column.label, label("Sort", "På svenska: new_kind"));
    assert!(column.required && column.options.len() == 1);
    let body = json!({ "OptionSet": { "Options": [{ "Value": 7, "Label": words("In") }, { "Label": words("Out") }] } });
    let Wish::ChangeColumn { column, .. } = check(&address, &body) else { panic!("A column is changed.") };
    assert_eq!(column.options[0].label, label("In", "Inre"));
    assert_eq!(column.options[1].value, 100_000_000);
    let cast = "PUT EntityDefinitions(LogicalName='new_project')/Attributes(LogicalName='new_hours')/\
                Microsoft.Dynamics.CRM.IntegerAttributeMetadata";
    let Wish::ChangeColumn { column, .. } = check(cast, &json!({ "MaxValue": 50 })) else {
        panic!("It is changed.")
    };
    assert_eq!((column.least, column.most), (Some(0), Some(50)));
    let memo = json!({ "@odata.type": "Microsoft.Dynamics.CRM.MemoAttributeMetadata" });
    refused(&address, &memo, "is and stays PicklistAttributeMetadata");
}

#[test]
fn relationships_become_lookups_and_ties() {
    let body = json!({ "@odata.type": "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata",
        "SchemaName": "new_Contact_Projects", "ReferencedEntity": "contact", "ReferencingEntity": "new_project",
        "ReferencedAttribute": "contactid", "CascadeConfiguration": { "Delete": "Cascade" },
        "Lookup": { "SchemaName": "new_LeaderId", "DisplayName": words("Leader") } });
    let Wish::AddColumn { entity, column } = check("POST RelationshipDefinitions", &body) else {
        panic!("A column is added.")
    };
    assert_eq!(
        (entity.as_str(), column.name.as_str(), column.schema_name()),
        ("new_project", "new_leaderid", "new_LeaderId")
    );
    assert_eq!(
        (column.targets.as_slice(), column.on_delete),
        (["contact".to_owned()].as_slice(), OnDelete::Cascade)
    );
    assert_eq!(column.way_back("new_project", "contact"), "new_Contact_Projects");
    let mut more = body.clone();
    more["Lookup"]["SchemaName"] = json!("new_AccountId");
    let Wish::ChangeColumn { column, .. } = check("POST RelationshipDefinitions", &more) else {
        panic!("The lookup that is there leads to one more type.")
    };
    assert_eq!(column.targets, ["account", "contact"]);
    let tie = json!({ "@odata.type": "Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata", "SchemaName": "new_A_B",
        "Entity1LogicalName": "account", "Entity2LogicalName": "new_project", "IntersectEntityName": "new_a_b" });
    let Wish::AddRelationship(tie) = check("POST RelationshipDefinitions", &tie) else {
        panic!("A tie is added.")
    };
    assert_eq!((tie.name.as_str(), tie.schema.as_deref()), ("new_a_b", Some("new_A_B")));
    let drop = check("DELETE RelationshipDefinitions(SchemaName='new_Project_Contact')", &json!({}));
    assert_eq!(drop, Wish::DropRelationship("new_project_contact".into()));
    let change = json!({ "CascadeConfiguration": { "Delete": "Cascade" } });
    let found = check("PUT RelationshipDefinitions(SchemaName='new_account_project')", &change);
    assert!(matches!(found, Wish::ChangeColumn { column, .. } if column.on_delete == OnDelete::Cascade));
}

#[test]
fn shared_lists_are_made_used_and_dropped() {
    let body = json!({ "@odata.type": "Microsoft.Dynamics.CRM.OptionSetMetadata", "Name": "new_Colour",
        "DisplayName": words("Colour"), "Options": [{ "Value": 5, "Label": words("Red") }] });
    let Wish::AddOptionSet(set) = check("POST GlobalOptionSetDefinitions", &body) else {
        panic!("It is added.")
    };
    assert_eq!((set.name.as_str(), set.options[0].value), ("new_colour", 5));
    let drop = check("DELETE GlobalOptionSetDefinitions(Name='new_size')", &json!({}));
    assert_eq!(drop, Wish::DropOptionSet("new_size".into()));
    let id = option_set_id("new_size");
    let change =
        check(&format!("PUT GlobalOptionSetDefinitions({id})"), &json!({ "DisplayName": words("Width") }));
    assert!(
        matches!(change, Wish::ChangeOptionSet(set) if set.label.en == "Width" && set.options.len() == 2)
    );
    let column = json!({ "@odata.type": "#Microsoft.Dynamics.CRM.PicklistAttributeMetadata", "SchemaName": "new_Width",
        "GlobalOptionSet@odata.bind": format!("/GlobalOptionSetDefinitions({id})") });
    let found = check("POST EntityDefinitions(LogicalName='contact')/Attributes", &column);
    assert!(
        matches!(found, Wish::AddColumn { column, .. } if column.option_set.as_deref() == Some("new_size"))
    );
}

#[test]
fn things_are_dropped_by_key_and_by_name() {
    let project = format!("EntityDefinitions({})", entity_id("new_project"));
    assert_eq!(check(&format!("DELETE {project}"), &json!({})), Wish::DropEntity("new_project".into()));
    let column = format!("DELETE {project}/Attributes({})", attribute_id("new_project", "new_code"));
    let drop = Wish::DropColumn { entity: "new_project".into(), column: "new_code".into() };
    assert_eq!(check(&column, &json!({})), drop);
    let key = format!("DELETE {project}/Keys({})", key_id("new_project", "new_code"));
    assert_eq!(
        check(&key, &json!({})),
        Wish::DropKey { entity: "new_project".into(), key: "new_code".into() }
    );
}

#[test]
fn a_bad_wish_says_what_is_missing() {
    let none = json!({});
    refused("POST EntityDefinitions", &none, "The SchemaName of a table is missing");
    refused("POST EntityDefinitions", &json!({ "SchemaName": "new_X" }), "IsPrimaryName true");
    refused("POST CreateEntities", &none, "takes Entities");
    let attributes = "POST EntityDefinitions(LogicalName='contact')/Attributes";
    refused(attributes, &json!({ "SchemaName": "new_X" }), "its @odata.type");
    let of = |kind: &str| json!({ "SchemaName": "new_X", "AttributeType": kind, "Precision": 9 });
    refused(attributes, &of("Picklist"), "needs an OptionSet");
    refused(attributes, &of("Lookup"), "made by its relationship");
    refused(attributes, &of("Image"), "cannot be of the kind “Image”");
    refused(attributes, &of("Decimal"), "up to 6 places");
    refused(
        "POST RelationshipDefinitions",
        &json!({ "SchemaName": "a", "ReferencedEntity": "x" }),
        "no table “x”",
    );
    refused("POST EntityDefinitions(LogicalName='contact')/Nothing", &none, "“Nothing”");
    refused("DELETE EntityDefinitions(LogicalName='nothing')", &none, "There is no definition");
    refused("DELETE EntityDefinitions", &none, "does not take this method");
    refused(
        "DELETE EntityDefinitions(LogicalName='contact')/Attributes(LogicalName='contactid')",
        &none,
        "goes with the table",
    );
}

/// Each request on what the ones before it made. Gives what `domain` has to say, in the end the definitions.
fn granted(requests: &[(&str, Value)]) -> Result<Catalog, String> {
    let mut definitions = domain::definition::Definitions::default();
    let mut catalog = Catalog::standard().unwrap();
    for (request, body) in requests {
        for wish in wished(&catalog, request, body).map_err(|it| it.to_string())?.wishes {
            let change = domain::definition::change(&definitions, wish).map_err(|it| it.to_string())?;
            definitions = change.definitions;
            catalog = change.catalog;
        }
    }
    Ok(catalog)
}

#[test]
fn what_clients_wish_for_is_granted_and_shown() {
    let attribute = |kind: &str, name: &str| json!({ "SchemaName": name, "AttributeType": kind, "IsPrimaryName": kind == "String" });
    let table = json!({ "SchemaName": "new_Course", "OwnershipType": "UserOwned",
        "Attributes": [attribute("String", "new_Name"), attribute("Integer", "new_Seats")] });
    let course = "EntityDefinitions(LogicalName='new_course')";
    let lookup = json!({ "@odata.type": "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata",
        "SchemaName": "new_account_courses", "ReferencedEntity": "account", "ReferencingEntity": "new_course",
        "Lookup": { "SchemaName": "new_GiverId" } });
    let tie = json!({ "@odata.type": "Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata",
        "SchemaName": "new_Course_Contact", "Entity1LogicalName": "new_course", "Entity2LogicalName": "contact",
        "IntersectEntityName": "new_course_contact" });
    let mut requests = vec![
        ("POST CreateEntities".to_owned(), json!({ "Entities": [table] })),
        (format!("POST {course}/Attributes"), attribute("Memo", "new_Notes")),
        (
            format!("POST {course}/Keys"),
            json!({ "SchemaName": "new_SeatsKey", "KeyAttributes": ["new_seats"] }),
        ),
        ("POST RelationshipDefinitions".to_owned(), lookup),
        ("POST RelationshipDefinitions".to_owned(), tie),
        (format!("PUT {course}"), json!({ "HasActivities": true, "DisplayName": words("Training") })),
        (format!("PUT {course}/Attributes(LogicalName='new_notes')"), json!({ "MaxLength": 9000 })),
    ];
    let all = |requests: &[(String, Value)]| {
        let requests: Vec<(&str, Value)> = requests.iter().map(|it| (it.0.as_str(), it.1.clone())).collect();
        granted(&requests).unwrap()
    };
    let catalog = all(&requests);
    let def = catalog.get("new_course").unwrap();
    assert!(def.activities && def.column("statecode").is_some() && def.keys[0].name == "new_seatskey");
    assert_eq!(def.label.en, "Training");
    assert_eq!(def.column("new_notes").unwrap().max, Some(9000));
    let reader = Reader { catalog: &catalog, language: Language::English };
    let shown = crate::api::metadata::definitions::relationships(reader);
    for name in ["new_account_courses", "new_Course_Contact"] {
        assert!(shown.iter().any(|it| it.shown["SchemaName"] == name), "{name}");
    }
    let document = crate::api::metadata::csdl::document(&catalog);
    for part in [
        "Name=\"new_GiverId\" Type=\"mscrm.account\" Partner=\"new_account_courses\"",
        "Name=\"new_Course_Contact\" Type=\"Collection(mscrm.contact)\" Partner=\"new_Course_Contact\"",
    ] {
        assert!(document.contains(part), "{part}");
    }
    requests.extend([
        ("DELETE RelationshipDefinitions(SchemaName='new_Course_Contact')".to_owned(), json!({})),
        ("DELETE RelationshipDefinitions(SchemaName='new_account_courses')".to_owned(), json!({})),
        (format!("DELETE {course}"), json!({})),
    ]);
    let catalog = all(&requests);
    assert!(catalog.get("new_course").is_none() && catalog.get("new_course_contact").is_none());
    let on_contact = [("DELETE EntityDefinitions(LogicalName='contact')", json!({}))];
    assert!(granted(&on_contact).unwrap_err().contains("came with the product"));
}
