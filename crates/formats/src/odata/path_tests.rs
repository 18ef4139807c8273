use super::*;

const ID: &str = "01902d3c-aaaa-bbbb-cccc-0123456789ab";

/// Each segment as its name and, in the words of `Debug`, what stands in its brackets.
#[track_caller]
fn check(text: &str, expected: &[(&str, &str)]) {
    let path = parse(text).unwrap_or_else(|it| panic!("{text}: {it}"));
    let found: Vec<(&str, String)> =
        path.segments.iter().map(|it| (it.name.as_str(), written(&it.keys))).collect();
    let found: Vec<(&str, &str)> = found.iter().map(|it| (it.0, it.1.as_str())).collect();
    assert_eq!(found, expected, "{text}");
}

#[track_caller]
fn check_refused(text: &str, expected: &str) {
    let refused = parse(text).expect_err(text).to_string();
    assert!(refused.contains(expected), "{text}: {refused}");
}

fn written(keys: &Keys) -> String {
    let value = |it: &Value| match it {
        Value::Literal(it) => it.to_string(),
        Value::Alias(it) => it.clone(),
    };
    match keys {
        Keys::None => String::new(),
        Keys::Empty => "()".to_owned(),
        Keys::Single(it) => value(it),
        Keys::Named(all) => {
            all.iter().map(|it| format!("{}={}", it.0, value(&it.1))).collect::<Vec<_>>().join("&")
        }
    }
}

#[test]
fn nothing_is_the_service_itself() {
    check("", &[]);
    check("/", &[]);
}

#[test]
fn records_are_named_by_guid_or_alternate_key() {
    check("accounts", &[("accounts", "")]);
    check("accounts/", &[("accounts", "")]);
    check(&format!("accounts({ID})"), &[("accounts", ID)]);
    check(&format!("accounts({})", ID.to_uppercase()), &[("accounts", ID)]);
    check("accounts(accountnumber='x',name='y')", &[("accounts", "accountnumber='x'&name='y'")]);
    check("accounts(accountnumber = 'a%2Fb', n=@p1)", &[("accounts", "accountnumber='a/b'&n=@p1")]);
    check("accounts%28%27O%27%27Neil+%27%29", &[("accounts", "'O''Neil+'")]);
    check(
        &format!("accounts(_parentaccountid_value={ID})"),
        &[("accounts", &format!("_parentaccountid_value={ID}"))],
    );
}

#[test]
fn a_path_goes_on_to_columns_links_and_numbers() {
    check(&format!("accounts({ID})/name/$value"), &[("accounts", ID), ("name", ""), ("$value", "")]);
    check(&format!("accounts({ID})/nav({ID})/$ref"), &[("accounts", ID), ("nav", ID), ("$ref", "")]);
    check("accounts/$count", &[("accounts", ""), ("$count", "")]);
    check("$1/contacts/$ref", &[("$1", ""), ("contacts", ""), ("$ref", "")]);
    check("$First-Insert~1.1/name", &[("$First-Insert~1.1", ""), ("name", "")]);
}

#[test]
fn functions_stand_alone_or_behind_what_they_are_bound_to() {
    check("WhoAmI", &[("WhoAmI", "")]);
    check("WhoAmI()", &[("WhoAmI", "()")]);
    let name = "Microsoft.Dynamics.CRM.RetrievePrincipalAccess";
    check(&format!("systemusers({ID})/{name}(Target=@p1)"), &[("systemusers", ID), (name, "Target=@p1")]);
    check(
        "F(EntityNames=['account','contact'],Moniker={'@odata.id':'accounts(1)'},Kind=A.B'C',n=-5)",
        &[("F", "EntityNames=['account','contact']&Moniker={'@odata.id':'accounts(1)'}&Kind=A.B'C'&n=-5")],
    );
}

#[test]
fn definitions_are_addressed_like_records() {
    let cast = "Microsoft.Dynamics.CRM.PicklistAttributeMetadata";
    check(
        &format!("EntityDefinitions(LogicalName='account')/Attributes(LogicalName='name')/{cast}/OptionSet"),
        &[
            ("EntityDefinitions", "LogicalName='account'"),
            ("Attributes", "LogicalName='name'"),
            (cast, ""),
            ("OptionSet", ""),
        ],
    );
    check("$metadata", &[("$metadata", "")]);
    check("$batch", &[("$batch", "")]);
}

#[test]
fn mistakes_are_named_with_their_place() {
    for (text, expected) in [
        (
            "accounts/1",
            "keys stand in brackets after the table: accounts(…)), but “1” follows (at character 10)",
        ),
        ("accounts//x", "but the text ends (at character 10)"),
        ("accounts(x)", "a value (a number, 'text', a GUID"),
        ("accounts(a='x' b='y')", "')' to close the bracket"),
        ("accounts(a='x';b='y')", "')' to close the bracket"),
        ("accounts(a='x','y')", "the next column or parameter"),
        ("accounts(a=1,a=2)", "each name once"),
        ("accounts('a/b')", "a quote at the end of the text"),
        ("accounts('O%27Neil')", "to close the bracket"),
        ("accounts(1", "')' to close the bracket"),
        ("accounts(1)x", "'/' or the end of the path"),
        ("accounts(1)(2)", "'/' or the end of the path"),
        ("accounts/$count/x", "Nothing can follow $count in the path (at character 17)"),
        ("$metadata/x", "Nothing can follow $metadata"),
        ("$count", "a name, $metadata, $batch"),
        ("accounts/$batch", "a name, $metadata, $batch"),
        ("accounts/$filter(a)", "a name, $metadata, $batch"),
        ("$all", "a name, $metadata, $batch"),
        ("accounts.", "'(', '/' or the end"),
        ("accounts%2", "two hexadecimal digits"),
        ("accounts%00", "NUL"),
        ("a b", "'(', '/' or the end"),
    ] {
        check_refused(text, expected);
    }
}

#[test]
fn what_is_too_large_is_refused() {
    check_refused(&"a/".repeat(101), "more than 100 segments");
    check_refused(&"a".repeat(1_000_001), "has 1000001 bytes");
    check_refused(&format!("a({}", "[".repeat(10_000)), "nested more than 100 deep");
    let many: Vec<String> = (0..200).map(|it| format!("a{it}=1")).collect();
    check_refused(&format!("a({})", many.join(",")), "at most 100");
}
