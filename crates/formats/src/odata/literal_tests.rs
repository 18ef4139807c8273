use super::*;
use domain::time::Timestamp;

#[track_caller]
fn check(text: &str, expected: &Literal) {
    assert_eq!(parse(text).as_ref(), Ok(expected), "{text}");
}

/// Compared in microseconds: `Timestamp` shows whole seconds.
#[track_caller]
fn check_time(text: &str, expected: &str) {
    match parse(text) {
        Ok(Literal::Date(it) | Literal::DateTimeOffset(it)) => {
            assert_eq!(Some(it.at), Timestamp::parse(expected), "{text}");
        }
        other => panic!("{text}: {other:?}"),
    }
}

#[track_caller]
fn check_refused(text: &str, expected: &str) {
    let refused = parse(text).expect_err(text).to_string();
    assert!(refused.contains(expected), "{text}: {refused}");
}

fn text(it: &str) -> Literal {
    Literal::Text(it.to_owned())
}

#[test]
fn a_quote_inside_a_text_is_doubled() {
    check("''", &text(""));
    check("'O''Neil'", &text("O'Neil"));
    check("''''", &text("'"));
    check("'åäö 😀 %'", &text("åäö 😀 %"));
    check_refused("'O'Neil'", "Expected the end of the value, but “Neil'” follows (at character 4)");
    check_refused("'open", "a quote at the end");
}

#[test]
fn whole_numbers_are_ints_as_long_as_they_fit() {
    check("42", &Literal::Int(42));
    check("+42", &Literal::Int(42));
    check("-007", &Literal::Int(-7));
    check("-9223372036854775808", &Literal::Int(i64::MIN));
    check("9223372036854775808", &Literal::Decimal("9223372036854775808".to_owned()));
}

#[test]
fn decimals_keep_their_digits_and_exponents_make_doubles() {
    check("+5.10", &Literal::Decimal("5.10".to_owned()));
    check("-0.25e1", &Literal::Double(-2.5));
    check("1e-3", &Literal::Double(0.001));
    check("-INF", &Literal::Double(f64::NEG_INFINITY));
    check_refused("5.", "digits after the decimal point");
    check_refused("5d", "the end of the number");
    check_refused("1e999", "too large");
    check_refused(".5", "a value");
}

#[test]
fn guids_are_taken_in_any_case() {
    let guid = Literal::Guid("01902d3c-aaaa-bbbb-cccc-0123456789ab".parse().unwrap());
    check("01902D3C-aaaa-bbbb-cccc-0123456789AB", &guid);
    check_refused("01902d3c-aaaa-bbbb-cccc-0123456789abc", "the end of the number");
    check_refused("guid'01902d3c-aaaa-bbbb-cccc-0123456789ab'", "without quotes since OData 4.0");
}

#[test]
fn times_become_utc() {
    check_time("2026-11-23", "2026-11-23T00:00:00Z");
    check_time("2026-11-23T10:41Z", "2026-11-23T10:41:00Z");
    check_time("2026-11-23T10:41:05.25+01:00", "2026-11-23T09:41:05.25Z");
    check_time("2026-11-23T10:41:05.1234567-02:30", "2026-11-23T13:11:05.123456Z");
    check_time("1972-06-30T23:59:60Z", "1972-07-01T00:00:00Z");
    check_time("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z");
    check_time("9999-12-31T23:59:59z", "9999-12-31T23:59:59Z");
}

#[test]
fn a_plus_that_became_a_space_is_a_plus_still() {
    check_time("2026-11-23T10:41:00 01:00", "2026-11-23T09:41:00Z");
    assert_eq!(parse("2026-11-23T10:41 01:00").unwrap().to_string(), "2026-11-23T10:41+01:00");
}

#[test]
fn impossible_times_are_refused() {
    for text in
        ["2026-02-30", "0000-01-01", "2026-13-01", "2026-1-01", "2026-11-+3", "2026-11- 3", "2026-11-23x"]
    {
        check_refused(text, "date");
    }
    check_refused("2026-11-23T24:00Z", "a time such as");
    check_refused("2026-11-23T10:60Z", "a time such as");
    check_refused("2026-11-23T10:41:00.Z", "a time such as");
    check_refused("2026-11-23T10:41:00", "the time's zone");
    check_refused("2026-11-23T10:41:00+25:00", "the time's zone");
    check_refused("2026-11-23Tåäö", "a time such as");
}

#[test]
fn words_are_taken_in_the_case_of_odata() {
    check("null", &Literal::Null);
    check("tRUe", &Literal::Bool(true));
    check("false", &Literal::Bool(false));
    check_refused("wrong", "a value");
    check_refused("\"x\"", "single quotes");
}

#[test]
fn durations_and_enumerations_have_a_name_before_the_quote() {
    check("duration'-P6DT23H59M59.9999S'", &Literal::Duration("-P6DT23H59M59.9999S".to_owned()));
    for text in
        ["duration'P'", "duration'P1Y'", "duration'PT'", "duration'PT1.5H'", "duration'1D'", "duration''"]
    {
        check_refused(text, "a duration");
    }
    let filters = Literal::Enum {
        type_name: "Microsoft.Dynamics.CRM.EntityFilters".to_owned(),
        member: "Entity,Attributes".to_owned(),
    };
    check("Microsoft.Dynamics.CRM.EntityFilters'Entity,Attributes'", &filters);
    check_refused("binary'Zg=='", "not compared");
}

#[test]
fn json_is_taken_with_both_kinds_of_quotes() {
    check("[]", &Literal::List(vec![]));
    check(
        r#"[ "a\"å" , 'b''c',1,null ]"#,
        &Literal::List(vec![text("a\"å"), text("b'c"), Literal::Int(1), Literal::Null]),
    );
    let moniker = Literal::Object(vec![("@odata.id".to_owned(), text("accounts(1)"))]);
    check("{'@odata.id':'accounts(1)'}", &moniker);
    check(r#"{ "@odata.id" : "accounts(1)" }"#, &moniker);
    for text in ["[1,]", "[1", "{", "{a:1}", "{'a'}", "{'a':}", "[\"\\x\"]", "[\"open]", "[,]"] {
        check_refused(text, "Expected");
    }
}

#[test]
fn json_that_is_too_deep_is_refused() {
    check_refused(&"[".repeat(100_000), "nested more than 100 deep");
    check_refused(&"{'a':".repeat(100_000), "nested more than 100 deep");
    assert!(parse(&format!("{}{}", "[".repeat(100), "]".repeat(100))).is_ok());
}

#[test]
fn what_is_too_long_is_not_read() {
    check_refused(&"1".repeat(1_000_001), "has 1000001 bytes");
}
