//! What operators are called: in FetchXML and as query functions of the Web API.

use super::days::{Span, Unit};
use super::field::nearest;
use super::operator::Operator::{
    self, Compare, Mine as IsMine, NotMine, NotText, On, Span as In_, Spanned, Text,
};
use super::operator::{Look, Mine};
use super::{BadQuery, quoted};
use domain::filter::Op;

impl Operator {
    /// As FetchXML calls it: `last-x-days`.
    pub fn of_fetch(name: &str) -> Result<Operator, BadQuery> {
        let spelled = name.replace("older-than-x", "olderthan-x").replace("older-than", "olderthan");
        let found = NAMES.iter().find(|it| it.0 == spelled).map(|it| it.2);
        found.ok_or_else(|| unknown("operator", name, NAMES.iter().map(|it| it.0)))
    }

    /// As a query function is called, without its namespace: `LastXDays`.
    pub fn of_function(name: &str) -> Result<Operator, BadQuery> {
        let functions = NAMES.iter().filter(|it| !it.1.is_empty());
        let found = functions.clone().find(|it| it.1.eq_ignore_ascii_case(name)).map(|it| it.2);
        found.ok_or_else(|| unknown("query function", name, functions.map(|it| it.1)))
    }
}

/// In FetchXML, as a query function (without its namespace), and what it means.
const NAMES: &[(&str, &str, Operator)] = &[
    ("eq", "", Compare(Op::Eq)),
    ("ne", "", Compare(Op::Ne)),
    ("neq", "", Compare(Op::Ne)),
    ("gt", "", Compare(Op::Gt)),
    ("ge", "", Compare(Op::Ge)),
    ("lt", "", Compare(Op::Lt)),
    ("le", "", Compare(Op::Le)),
    ("like", "", Text(Look::Pattern)),
    ("not-like", "", NotText(Look::Pattern)),
    ("begins-with", "BeginsWith", Text(Look::Begins)),
    ("not-begin-with", "DoesNotBeginWith", NotText(Look::Begins)),
    ("ends-with", "EndsWith", Text(Look::Ends)),
    ("not-end-with", "DoesNotEndWith", NotText(Look::Ends)),
    ("contains", "Contains", Text(Look::Contains)),
    ("not-contain", "DoesNotContain", NotText(Look::Contains)),
    ("in", "In", Operator::In),
    ("not-in", "NotIn", Operator::NotIn),
    ("between", "Between", Operator::Between),
    ("not-between", "NotBetween", Operator::NotBetween),
    ("null", "", Operator::Null),
    ("not-null", "", Operator::NotNull),
    ("contain-values", "ContainValues", Operator::ContainValues),
    ("not-contain-values", "DoesNotContainValues", Operator::NotContainValues),
    ("on", "On", On(Op::Eq)),
    ("not-on", "NotOn", On(Op::Ne)),
    ("on-or-after", "OnOrAfter", On(Op::Ge)),
    ("on-or-before", "OnOrBefore", On(Op::Le)),
    ("today", "Today", In_(Span::Whole(Unit::Day, 0))),
    ("yesterday", "Yesterday", In_(Span::Whole(Unit::Day, -1))),
    ("tomorrow", "Tomorrow", In_(Span::Whole(Unit::Day, 1))),
    ("this-week", "ThisWeek", In_(Span::Whole(Unit::Week, 0))),
    ("last-week", "LastWeek", In_(Span::Whole(Unit::Week, -1))),
    ("next-week", "NextWeek", In_(Span::Whole(Unit::Week, 1))),
    ("this-month", "ThisMonth", In_(Span::Whole(Unit::Month, 0))),
    ("last-month", "LastMonth", In_(Span::Whole(Unit::Month, -1))),
    ("next-month", "NextMonth", In_(Span::Whole(Unit::Month, 1))),
    ("this-year", "ThisYear", In_(Span::Whole(Unit::Year, 0))),
    ("last-year", "LastYear", In_(Span::Whole(Unit::Year, -1))),
    ("next-year", "NextYear", In_(Span::Whole(Unit::Year, 1))),
    ("last-seven-days", "Last7Days", In_(Span::Last(Unit::Day, 7))),
    ("next-seven-days", "Next7Days", In_(Span::Next(Unit::Day, 7))),
    ("last-x-hours", "LastXHours", Spanned(|it| Span::Last(Unit::Hour, it))),
    ("last-x-days", "LastXDays", Spanned(|it| Span::Last(Unit::Day, it))),
    ("last-x-weeks", "LastXWeeks", Spanned(|it| Span::Last(Unit::Week, it))),
    ("last-x-months", "LastXMonths", Spanned(|it| Span::Last(Unit::Month, it))),
    ("last-x-years", "LastXYears", Spanned(|it| Span::Last(Unit::Year, it))),
    ("next-x-hours", "NextXHours", Spanned(|it| Span::Next(Unit::Hour, it))),
    ("next-x-days", "NextXDays", Spanned(|it| Span::Next(Unit::Day, it))),
    ("next-x-weeks", "NextXWeeks", Spanned(|it| Span::Next(Unit::Week, it))),
    ("next-x-months", "NextXMonths", Spanned(|it| Span::Next(Unit::Month, it))),
    ("next-x-years", "NextXYears", Spanned(|it| Span::Next(Unit::Year, it))),
    ("olderthan-x-minutes", "OlderThanXMinutes", Spanned(|it| Span::OlderThan(Unit::Minute, it))),
    ("olderthan-x-hours", "OlderThanXHours", Spanned(|it| Span::OlderThan(Unit::Hour, it))),
    ("olderthan-x-days", "OlderThanXDays", Spanned(|it| Span::OlderThan(Unit::Day, it))),
    ("olderthan-x-weeks", "OlderThanXWeeks", Spanned(|it| Span::OlderThan(Unit::Week, it))),
    ("olderthan-x-months", "OlderThanXMonths", Spanned(|it| Span::OlderThan(Unit::Month, it))),
    ("olderthan-x-years", "OlderThanXYears", Spanned(|it| Span::OlderThan(Unit::Year, it))),
    ("eq-userid", "EqualUserId", IsMine(Mine::User)),
    ("ne-userid", "NotEqualUserId", NotMine(Mine::User)),
    ("eq-userteams", "EqualUserTeams", IsMine(Mine::Teams)),
    ("eq-useroruserteams", "EqualUserOrUserTeams", IsMine(Mine::UserOrTeams)),
    ("eq-businessid", "EqualBusinessId", IsMine(Mine::Unit)),
    ("ne-businessid", "NotEqualBusinessId", NotMine(Mine::Unit)),
];

/// What Dataverse knows and we do not.
fn missing(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let hierarchy = ["under", "above", "hierarchy"];
    if name.contains("fiscal") {
        Some("Fiscal periods are not known here: write the dates with on-or-after and on-or-before.")
    } else if hierarchy.iter().any(|it| name.contains(it)) {
        Some("Questions along a hierarchy (under, above, a manager's people) are not known here.")
    } else if name == "eq-userlanguage" || name == "equaluserlanguage" {
        Some("The user's language is not known to questions.")
    } else {
        None
    }
}

fn unknown<'a>(what: &str, name: &str, names: impl Iterator<Item = &'a str>) -> BadQuery {
    if let Some(why) = missing(name) {
        return BadQuery::new(format!("{} cannot be used: {why}", quoted(name)));
    }
    let meant = nearest(name, names).map(|it| format!(" Did you mean “{it}”?")).unwrap_or_default();
    BadQuery(format!("There is no {what} {}.{meant}", quoted(name)))
}
