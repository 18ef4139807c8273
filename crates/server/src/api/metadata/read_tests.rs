use super::*;
use crate::api::metadata::world::world;
use crate::words::Language;
use formats::odata::options;

const BASE: &str = "https://crm.example/api/data/v9.2/";

fn get(address: &str) -> Result<Value, Refused> {
    let catalog = world();
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let path = path::parse(path).unwrap();
    let options = options::parse(query).unwrap().resolve().unwrap();
    let reader = Reader { catalog: &catalog, language: Language::Swedish };
    read(&Asked { reader, base: BASE, path: &path, options: &options })
}

/// What stands at this place in the answer.
#[track_caller]
fn check(address: &str, pointer: &str, expected: &Value) {
    let answer = get(address).unwrap();
    assert_eq!(answer.pointer(pointer), Some(expected), "{address} {pointer}");
}

#[track_caller]
fn refused(address: &str, expected: &str) {
    let text = get(address).unwrap_err().to_string();
    assert!(text.contains(expected), "{address}: {text}");
}

fn names(answer: &Value, property: &str) -> Vec<String> {
    let all = answer["value"].as_array().unwrap();
    all.iter().map(|it| it[property].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_table_is_found_by_its_name_and_its_key() {
    let select = "$select=LogicalName,EntitySetName,PrimaryIdAttribute";
    let found = get(&format!("EntityDefinitions?{select}&$filter=LogicalName+eq+'contact'")).unwrap();
    let contact = &found["value"][0];
    assert_eq!(contact["EntitySetName"], "contacts");
    assert_eq!(contact["PrimaryIdAttribute"], "contactid");
    assert_eq!(contact.as_object().unwrap().len(), 4);
    let context = format!("{BASE}$metadata#EntityDefinitions(LogicalName,EntitySetName,PrimaryIdAttribute)");
    assert_eq!(found["@odata.context"], context);
    let id = contact["MetadataId"].as_str().unwrap();
    check(&format!("EntityDefinitions({id})"), "/LogicalName", &json!("contact"));
    check("EntityDefinitions(LogicalName='contact')", "/ObjectTypeCode", &json!(2));
}

#[test]
fn unknown_tables_are_an_empty_list_or_not_there() {
    check("EntityDefinitions?$filter=LogicalName eq 'nothing'", "/value", &json!([]));
    refused(
        "EntityDefinitions(LogicalName='nothing')",
        "There is no definition with LogicalName = “nothing”",
    );
    refused("EntityDefinitions(LogicalName='contact')/Nothing", "“Nothing”");
    refused("EntityDefinitions?$select=Nothing", "Could not find a property named “Nothing”");
    refused("EntityDefinitions?$expand=Nothing", "Could not find a navigation property named “Nothing”");
}

#[test]
fn tables_are_listed_with_what_hangs_on_them() {
    let found = get("EntityDefinitions?$filter=IsPrivate eq false and (LogicalName eq 'account')").unwrap();
    assert_eq!(names(&found, "SchemaName"), ["Account"]);
    let found = get(
        "EntityDefinitions(LogicalName='new_project')?$select=LogicalName&$expand=Attributes($select=LogicalName;\
         $filter=IsCustomAttribute eq true and IsPrimaryName eq true),Keys($select=KeyAttributes)",
    );
    let found = found.unwrap();
    assert_eq!(found["Attributes"].as_array().unwrap().len(), 1);
    assert_eq!(found["Attributes"][0]["LogicalName"], "new_name");
    assert_eq!(found["Keys"][0]["KeyAttributes"], json!(["new_code"]));
    assert!(found.get("SchemaName").is_none());
    let count = "EntityDefinitions/$count?$filter=startswith(LogicalName,'new_')";
    assert_eq!(get(count).unwrap(), json!(2));
    let some =
        get("EntityDefinitions?$select=LogicalName&$top=2&$orderby=LogicalName desc&$count=true").unwrap();
    let last = names(&some, "LogicalName");
    assert!(last.len() == 2 && last[0] > last[1]);
    assert!(some["@odata.count"].as_u64().unwrap() > 10);
}

#[test]
fn labels_come_in_both_languages_and_in_the_readers() {
    let project = "EntityDefinitions(LogicalName='new_project')";
    check(project, "/DisplayName/UserLocalizedLabel/Label", &json!("Projekt"));
    check(project, "/DisplayName/LocalizedLabels/0/Label", &json!("Project"));
    check(project, "/DisplayName/LocalizedLabels/0/LanguageCode", &json!(1033));
    check(project, "/DisplayName/LocalizedLabels/1/LanguageCode", &json!(1053));
    check(project, "/SchemaName", &json!("new_Project"));
    check(project, "/IsCustomEntity", &json!(true));
    check(project, "/IsConnectionsEnabled/Value", &json!(true));
}

#[test]
fn attributes_say_what_they_are() {
    let of =
        |name: &str| format!("EntityDefinitions(LogicalName='new_project')/Attributes(LogicalName='{name}')");
    for (name, kind, code) in [
        ("new_projectid", "UniqueIdentifier", "Uniqueidentifier"),
        ("new_name", "String", "String"),
        ("new_text", "Memo", "Memo"),
        ("new_hours", "Integer", "Integer"),
        ("new_budget", "Money", "Money"),
        ("new_rate", "Decimal", "Decimal"),
        ("new_share", "Double", "Double"),
        ("new_open", "Boolean", "Boolean"),
        ("new_begin", "DateTime", "DateTime"),
        ("new_kind", "Picklist", "Picklist"),
        ("new_sizes", "MultiSelectPicklist", "Virtual"),
        ("new_plan", "File", "Virtual"),
        ("new_accountid", "Lookup", "Lookup"),
        ("ownerid", "Lookup", "Owner"),
    ] {
        let kind = json!(format!("#Microsoft.Dynamics.CRM.{kind}AttributeMetadata"));
        check(&format!("{}?$select=SchemaName", of(name)), "/@odata.type", &kind);
        check(&of(name), "/AttributeType", &json!(code));
    }
    check(&of("new_name"), "/MaxLength", &json!(200));
    check(&of("new_hours"), "/MaxValue", &json!(100));
    check(&of("new_rate"), "/Precision", &json!(3));
    check(&of("new_begin"), "/Format", &json!("DateOnly"));
    check(&of("new_mail"), "/FormatName/Value", &json!("Email"));
    check(&of("new_accountid"), "/Targets", &json!(["account"]));
    check(&of("new_projectid"), "/SchemaName", &json!("new_ProjectId"));
    let contact = "EntityDefinitions(LogicalName='contact')/Attributes";
    check(&format!("{contact}(LogicalName='parentcustomerid')"), "/AttributeType", &json!("Customer"));
    check(&format!("{contact}(LogicalName='statecode')"), "/AttributeType", &json!("State"));
    refused(&of("nothing"), "“nothing”");
    let keys =
        get("EntityDefinitions(LogicalName='email')/Attributes?$filter=LogicalName eq 'messagekey'").unwrap();
    assert_eq!(keys["value"], json!([]), "what no client is shown is not there");
}

#[test]
fn choices_are_found_as_clients_look_for_them() {
    let cast = "Attributes/Microsoft.Dynamics.CRM.PicklistAttributeMetadata";
    let address = format!(
        "EntityDefinitions(LogicalName='new_project')/{cast}?$select=LogicalName&$expand=OptionSet($select=Options)"
    );
    let found = get(&address).unwrap();
    assert_eq!(names(&found, "LogicalName"), ["new_kind"]);
    let option = &found["value"][0]["OptionSet"]["Options"][0];
    assert_eq!(option["Value"], 7);
    assert_eq!(option["Label"]["LocalizedLabels"][1]["Label"], "Inre");
    check(
        &format!("EntityDefinitions(LogicalName='new_project_contact')/{cast}?$expand=OptionSet"),
        "/value",
        &json!([]),
    );
    let sizes = "EntityDefinitions(LogicalName='new_project')/Attributes(LogicalName='new_sizes')";
    let expanded = format!("{sizes}?$expand=OptionSet,GlobalOptionSet($select=Name)");
    check(&expanded, "/GlobalOptionSet/Name", &json!("new_size"));
    check(&expanded, "/OptionSet/IsGlobal", &json!(true));
    let status = "EntityDefinitions(LogicalName='contact')/Attributes(LogicalName='statuscode')";
    check(
        &format!("{status}/Microsoft.Dynamics.CRM.StatusAttributeMetadata/OptionSet"),
        "/Options/1/State",
        &json!(1),
    );
    let path =
        "EntityDefinitions(LogicalName='contact')/Attributes(LogicalName='statecode')/OptionSet/Options";
    check(path, "/value/1/DefaultStatus", &json!(2));
    let open = "EntityDefinitions(LogicalName='new_project')/Attributes(LogicalName='new_open')/OptionSet";
    check(open, "/TrueOption/Label/UserLocalizedLabel/Label", &json!("Ja"));
    check("GlobalOptionSetDefinitions(Name='new_size')", "/Options/1/Value", &json!(2));
    let typed =
        "GlobalOptionSetDefinitions(Name='new_size')/Microsoft.Dynamics.CRM.OptionSetMetadata?$select=Name";
    check(typed, "/Name", &json!("new_size"));
}

#[test]
fn relationships_say_whom_they_tie_and_by_which_names() {
    let one = "RelationshipDefinitions?$filter=SchemaName eq 'new_account_project'";
    for (pointer, expected) in [
        ("/value/0/@odata.type", "#Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata"),
        ("/value/0/ReferencedEntity", "account"),
        ("/value/0/ReferencedAttribute", "accountid"),
        ("/value/0/ReferencingEntity", "new_project"),
        ("/value/0/ReferencingAttribute", "new_accountid"),
        ("/value/0/ReferencingEntityNavigationPropertyName", "new_AccountId"),
        ("/value/0/CascadeConfiguration/Delete", "Restrict"),
    ] {
        check(one, pointer, &json!(expected));
    }
    let tie = "RelationshipDefinitions(SchemaName='new_project_CONTACT')";
    for (pointer, expected) in [
        ("/@odata.type", "#Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata"),
        ("/SchemaName", "new_Project_Contact"),
        ("/Entity1LogicalName", "new_project"),
        ("/Entity2LogicalName", "contact"),
        ("/Entity2NavigationPropertyName", "new_Project_Contact"),
        ("/IntersectEntityName", "new_project_contact"),
    ] {
        check(tie, pointer, &json!(expected));
    }
    let ties = get("EntityDefinitions(LogicalName='contact')/ManyToManyRelationships").unwrap();
    assert!(names(&ties, "SchemaName").contains(&"new_Project_Contact".to_owned()));
    let lookups = get("EntityDefinitions(LogicalName='new_project')/ManyToOneRelationships").unwrap();
    assert!(names(&lookups, "SchemaName").contains(&"new_account_project".to_owned()));
    let back = get("EntityDefinitions(LogicalName='account')/OneToManyRelationships").unwrap();
    assert!(names(&back, "SchemaName").contains(&"new_account_project".to_owned()));
    let cast =
        "RelationshipDefinitions/Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata?$select=SchemaName";
    let ties = names(&get(cast).unwrap(), "SchemaName");
    assert!(
        ties.contains(&"new_Project_Contact".to_owned()) && !ties.contains(&"new_account_project".to_owned())
    );
}

#[test]
fn the_columns_of_a_table_can_be_had_with_all_their_kinds_say() {
    let query = r#"{"Properties":{"PropertyNames":["LogicalName","Attributes"]},
        "Criteria":{"Conditions":[{"PropertyName":"LogicalName","ConditionOperator":"Equals",
            "Value":{"Type":"System.String","Value":"new_project"}}]},
        "AttributeQuery":{"Properties":{"PropertyNames":["LogicalName","MaxLength","OptionSet"]},
            "Criteria":{"Conditions":[{"PropertyName":"LogicalName","ConditionOperator":"In",
                "Value":["new_name","new_kind"]}]}}}"#;
    let address = format!("RetrieveMetadataChanges(Query=@p1)?@p1={}", query.replace('\n', ""));
    let found = get(&address).unwrap();
    assert_eq!(found["EntityMetadata"].as_array().unwrap().len(), 1);
    let attributes = &found["EntityMetadata"][0]["Attributes"];
    assert_eq!(attributes.as_array().unwrap().len(), 2);
    assert_eq!(attributes[0]["MaxLength"], 200);
    assert_eq!(attributes[0]["@odata.type"], "#Microsoft.Dynamics.CRM.ComplexStringAttributeMetadata");
    assert_eq!(attributes[1]["OptionSet"]["Options"][0]["Value"], 7);
    assert!(found["EntityMetadata"][0].get("SchemaName").is_none());
    refused("RetrieveMetadataChanges()", "takes a Query");
}

#[test]
fn single_properties_and_casts_have_addresses_of_their_own() {
    let contact = "EntityDefinitions(LogicalName='contact')";
    let answer = json!({ "@odata.context": format!("{BASE}$metadata#EntityDefinitions('contact')/SchemaName"), "value": "Contact" });
    assert_eq!(get(&format!("{contact}/SchemaName")).unwrap(), answer);
    assert_eq!(get(&format!("{contact}/SchemaName/$value")).unwrap(), json!("Contact"));
    refused(
        &format!(
            "{contact}/Attributes(LogicalName='fullname')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata"
        ),
        "none of the type PicklistAttributeMetadata",
    );
    let nothing = format!("{contact}/Attributes(LogicalName='statecode')/GlobalOptionSet");
    assert_eq!(get(&nothing).unwrap(), Value::Null);
}
