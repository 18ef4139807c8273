use super::*;
use crate::question::field;
use crate::question::samples::{asker, catalog, filter};

#[track_caller]
fn asked(column: &str, operator: Operator, given: &[&str], empty: Empty) -> String {
    let catalog = catalog();
    let field = field(catalog.get("sample").unwrap(), column).unwrap();
    let given: Vec<Given> = given.iter().map(|it| Given::Loose((*it).to_owned())).collect();
    let asker = asker();
    let found = condition(&field, operator, &given, Manner { asker: &asker, empty });
    found.map_or_else(|it| it.to_string(), |it| filter(&it))
}

#[track_caller]
fn check(column: &str, operator: &str, given: &[&str], expected: &str) {
    let operator = Operator::of_fetch(operator).unwrap();
    assert_eq!(asked(column, operator, given, Empty::Differs), expected);
}

#[test]
fn what_is_empty_differs() {
    check("name", "eq", &["x"], "name=\"x\"");
    check("name", "ne", &["x"], "(name null or name<>\"x\")");
    check("name", "not-like", &["%x%"], "(name null or !name contains \"x\")");
    check("number", "not-in", &["1", "2"], "(number null or !number in [1, 2])");
    check("number", "not-between", &["1", "2"], "(number null or !(number>=1 and number<=2))");
    check("states", "not-contain-values", &["1", "2"], "(states null or !states has [1, 2])");
    check(
        "day",
        "not-on",
        &["2026-11-23"],
        "(day null or !(day>=2026-11-23T00:00:00Z and day<2026-11-24T00:00:00Z))",
    );
    assert_eq!(asked("name", Operator::Compare(Op::Ne), &["x"], Empty::Unknown), "name<>\"x\"");
    assert_eq!(asked("name", Operator::NotIn, &["x"], Empty::Unknown), "!name in [\"x\"]");
}

#[test]
fn patterns_are_taken_for_what_they_are() {
    check("name", "like", &["x%"], "name begins \"x\"");
    check("name", "like", &["%x"], "name ends \"x\"");
    check("name", "like", &["%x%"], "name contains \"x\"");
    check("name", "like", &["a%b_"], "name like \"a%b_\"");
    check("name", "like", &["100[%]"], "name like \"100[%]\"");
    check("name", "like", &["%"], "name begins \"\"");
    check("name", "begins-with", &["x%"], "name begins \"x%\"");
    check(
        "name",
        "like",
        &["[a-c]%"],
        "“[a-c]%” has a set of letters, which no pattern takes here; a bracket itself is written [[].",
    );
    check("number", "like", &["1%"], "number is no text: it holds a whole number.");
}

#[test]
fn days_are_the_askers() {
    check("time", "today", &[], "(time>=2026-11-22T23:00:00Z and time<2026-11-23T23:00:00Z)");
    check("day", "today", &[], "(day>=2026-11-23T00:00:00Z and day<2026-11-24T00:00:00Z)");
    check("day", "yesterday", &[], "(day>=2026-11-22T00:00:00Z and day<2026-11-23T00:00:00Z)");
    check("day", "tomorrow", &[], "(day>=2026-11-24T00:00:00Z and day<2026-11-25T00:00:00Z)");
    check("day", "this-week", &[], "(day>=2026-11-23T00:00:00Z and day<2026-11-30T00:00:00Z)");
    check("day", "last-month", &[], "(day>=2026-10-01T00:00:00Z and day<2026-11-01T00:00:00Z)");
    check("day", "next-year", &[], "(day>=2027-01-01T00:00:00Z and day<2028-01-01T00:00:00Z)");
    check("time", "on", &["2026-11-23"], "(time>=2026-11-22T23:00:00Z and time<2026-11-23T23:00:00Z)");
    check(
        "time",
        "on",
        &["2026-11-22T23:30:00Z"],
        "(time>=2026-11-22T23:00:00Z and time<2026-11-23T23:00:00Z)",
    );
    check("time", "on-or-after", &["2026-11-23"], "time>=2026-11-22T23:00:00Z");
    check("day", "on-or-before", &["2026-11-23"], "day<2026-11-24T00:00:00Z");
}

#[test]
fn some_days_ago_begins_with_that_day() {
    check("time", "last-x-days", &["7"], "(time>=2026-11-15T23:00:00Z and time<=2026-11-23T20:30:00Z)");
    check("time", "last-seven-days", &[], "(time>=2026-11-15T23:00:00Z and time<=2026-11-23T20:30:00Z)");
    check("time", "last-x-hours", &["2"], "(time>=2026-11-23T18:30:00Z and time<=2026-11-23T20:30:00Z)");
    check("time", "next-x-weeks", &["1"], "(time>=2026-11-23T20:30:00Z and time<2026-11-30T23:00:00Z)");
    check("day", "last-x-months", &["9"], "(day>=2026-02-23T00:00:00Z and day<=2026-11-23T21:30:00Z)");
    check("time", "olderthan-x-years", &["1"], "time<2025-11-22T23:00:00Z");
    check("time", "older-than-x-minutes", &["90"], "time<2026-11-23T19:00:00Z");
    check("time", "last-x-days", &["0"], "The condition on time takes a number from 1 on, not “0”.");
    check("time", "last-x-years", &["9999"], "time is compared with a time outside of the calendar.");
    check("name", "today", &[], "name is no date: it holds a text.");
}

#[test]
fn mine_is_who_asks() {
    check("user", "eq-userid", &[], "user in [systemuser/1]");
    check("user", "ne-userid", &[], "(user null or !user in [systemuser/1])");
    check("team", "eq-userteams", &[], "team in [team/3, team/4]");
    check("team", "eq-useroruserteams", &[], "team in [team/3, team/4]");
    check("unit", "eq-businessid", &[], "unit in [businessunit/2]");
    check("customer", "eq-userid", &[], "customer does not lead to a user or team.");
}

#[test]
fn values_are_counted() {
    check("name", "eq", &[], "The condition on name takes one value, not 0.");
    check("number", "between", &["1"], "The condition on number takes 2 values, not 1.");
    check("name", "null", &["x"], "The condition on name takes no value.");
    check("name", "null", &[], "name null");
    check("name", "not-null", &[], "!name null");
    check("name", "in", &[], "name in []");
}

#[track_caller]
fn refused(name: &str, expected: &str) {
    assert_eq!(Operator::of_fetch(name).unwrap_err().to_string(), expected);
}

#[test]
fn unknown_operators_are_answered() {
    refused("lik", "There is no operator “lik”. Did you mean “like”?");
    refused("equals-to", "There is no operator “equals-to”.");
    refused(
        "in-fiscal-year",
        "“in-fiscal-year” cannot be used: Fiscal periods are not known here: write the dates with on-or-after and \
         on-or-before.",
    );
    refused(
        "eq-or-under",
        "“eq-or-under” cannot be used: Questions along a hierarchy (under, above, a manager's people) are not known \
         here.",
    );
    assert_eq!(Operator::of_function("LastXDays").is_ok(), Operator::of_fetch("last-x-days").is_ok());
    assert!(Operator::of_function("").is_err());
}
