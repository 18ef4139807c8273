use super::super::literal::Literal;
use super::*;
use std::time::{Duration, Instant};

#[track_caller]
fn read(query: &str) -> Options {
    parse(query).unwrap_or_else(|it| panic!("{query}: {it}"))
}

#[track_caller]
fn check_filter(query: &str, expected: &str) {
    let options = read(query).resolve().unwrap_or_else(|it| panic!("{query}: {it}"));
    assert_eq!(options.filter.map(|it| it.to_string()).as_deref(), Some(expected), "{query}");
}

#[track_caller]
fn check_refused(query: &str, expected: &str) {
    let begin = Instant::now();
    let refused = parse(query).and_then(Options::resolve).expect_err("It is refused").to_string();
    assert!(refused.contains(expected), "{refused}");
    assert!(begin.elapsed() < Duration::from_secs(5));
}

#[test]
fn nothing_asks_for_nothing() {
    assert_eq!(read(""), Options::default());
    assert_eq!(read("&"), Options::default());
    assert_eq!(read("$select=&$expand=&$orderby="), Options::default());
}

#[test]
fn options_of_odata_are_read_with_and_without_their_sign() {
    let query = "$select=name,revenue&$filter=statecode eq 0&$orderby=name desc&$top=5&$skip=10&$count=true\
                 &$expand=primarycontactid($select=fullname)&$search=blue&$skiptoken=a%3Db=c&$deltatoken=5&$format=json\
                 &$apply=aggregate($count as n)&$id=accounts(1)";
    let options = read(query);
    assert_eq!((options.select.len(), options.expand.len(), options.apply.len()), (2, 1, 1));
    assert_eq!((options.top, options.skip, options.count), (Some(5), Some(10), Some(true)));
    assert_eq!(options.skip_token.as_deref(), Some("a=b=c"));
    assert_eq!(options.id.as_deref(), Some("accounts(1)"));
    assert_eq!(read(&query.replace('$', "").replace("(count as n)", "($count as n)")), options);
    assert_eq!(read(&query.replace("$select", "$SELECT").replace("$filter", "$Filter")), options);
}

#[test]
fn options_of_dataverse_are_read_in_any_case() {
    let id = "01902d3c-aaaa-bbbb-cccc-0123456789ab";
    let options = read(&format!(
        "fetchXml=%3Cfetch+top%3D%221%22/%3E&savedquery={id}&userQuery=%7B{id}%7D&sql=TOP+5%20name&api-version=9&!x"
    ));
    assert_eq!(options.fetch_xml.as_deref(), Some("<fetch top=\"1\"/>"));
    assert_eq!(options.saved_query, id.parse().ok());
    assert_eq!(options.user_query, id.parse().ok());
    assert_eq!(options.sql.as_deref(), Some("TOP 5 name"));
    assert_eq!(
        options.others,
        [("api-version".to_owned(), "9".to_owned()), ("!x".to_owned(), String::new())]
    );
}

#[test]
fn escapes_are_taken_off_before_reading() {
    check_filter("$filter=name+eq+'Bj%C3%B6rn+%26+%2B'", "name eq 'Björn & +'");
    check_filter("%24filter=name%20eq%20%27a=b%27", "name eq 'a=b'");
    check_filter("$filter=createdon+gt+2026-11-23T10:41:00+01:00", "createdon gt 2026-11-23T10:41:00+01:00");
}

#[test]
fn aliases_take_their_places_everywhere() {
    check_filter(
        "$filter=contains(name,@p1) and a in @p2&@p1='x'&@p2=[1,2]",
        "contains(name,'x') and a in (1,2)",
    );
    check_filter("@p1=5 add 3&$filter=x mul @p1 eq not @p1", "x mul (5 add 3) eq not (5 add 3)");
    let options = read(
        "$expand=a($filter=b eq @p;$orderby=@p;$expand=c($filter=d eq @p))&$orderby=@p\
         &$apply=filter(e eq @p)/groupby((f),aggregate(g mul @p with sum as h))&@p=7",
    );
    assert!(
        !format!("{:?}", Options { aliases: Aliases::default(), ..options.resolve().unwrap() })
            .contains("Alias(")
    );
}

#[test]
fn aliases_are_there_for_the_path() {
    let options = read("@p1={'@odata.id':'accounts(1)'}");
    let moniker = Literal::Object(vec![("@odata.id".to_owned(), Literal::Text("accounts(1)".to_owned()))]);
    assert_eq!(options.aliases.get("@p1"), Some(&Expr::Literal(moniker)));
    assert_eq!(options.aliases.get("@p2"), None);
}

#[test]
fn mistakes_are_named_with_their_option() {
    for (query, expected) in [
        (
            "$filter=name eq",
            "$filter: Expected a column, a function or a value, but the text ends (at character 8).",
        ),
        ("$top=many", "$top: Expected a whole number, but “many” follows (at character 1)."),
        ("$top=-1", "$top: Expected a whole number"),
        ("$top=99999999999999999999", "$top: Expected a whole number"),
        ("$count", "$count: Expected true or false"),
        ("$select=a;b", "$select: Expected ',' or the end of the option"),
        ("$compute=a", "There is no option $compute; known are $select,"),
        ("$filter =true", "There is no option $filter ;"),
        ("$top=1&top=2", "The option top stands twice"),
        ("a=1&A=2", "The option A stands twice"),
        ("@p=1&@p=2", "The option @p stands twice"),
        ("savedQuery=x", "savedQuery: Expected the GUID of a saved view"),
        ("$filter=%zz", "$filter: A percent sign"),
        ("$search=#1", "a # in a query is written %23"),
        ("@=1", "the name of an alias"),
        ("@a-b=1", "the end of the alias's name"),
        ("$filter=a eq @p1", "Nothing says what @p1 is"),
        ("@a=@b&@b=1", "@a: The value of an alias cannot be another alias"),
    ] {
        check_refused(query, expected);
    }
}

#[test]
fn what_is_too_much_is_refused_in_no_time() {
    check_refused(&"a".repeat(1_000_001), "has 1000001 bytes");
    check_refused(&format!("$filter={}", "(".repeat(10_000)), "nested more than 100 deep");
    let uses = vec!["@a"; 10_000].join(" or ");
    check_refused(&format!("@a='{}'&$filter={uses}", "x".repeat(900_000)), "too large when their values");
    let many: Vec<String> = (0..100_000).map(|it| format!("@a{it}=1")).collect();
    assert_eq!(read(&many.join("&")).aliases.iter().count(), 100_000);
    let nested = vec!["a($filter=b eq @p)"; 50_000].join(",");
    check_refused(&format!("@p='{}'&$expand={nested}", "x".repeat(40_000)), "too large when their values");
}
