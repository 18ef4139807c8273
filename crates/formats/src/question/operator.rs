//! What may be said about a column: the operators of FetchXML and the query functions of the Web API, which are the same
//! under two names.

use super::days::{self, Span};
use super::value::{self, Given};
use super::{BadQuery, Field, bad, quoted, values};
use domain::ask::Asker;
use domain::filter::{Filter, Op, Shape};
use domain::id::{Guid, RecordRef};
use domain::record::Value;

/// How a language means its conditions.
#[derive(Debug, Clone, Copy)]
pub struct Manner<'a> {
    pub asker: &'a Asker,
    pub empty: Empty,
}

/// Whether an empty column differs from a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Empty {
    /// It does, as in OData and FetchXML.
    Differs,
    /// Nobody knows, as in SQL.
    Unknown,
}

#[derive(Debug, Clone, Copy)]
pub enum Operator {
    Compare(Op),
    Text(Look),
    NotText(Look),
    In,
    NotIn,
    Between,
    NotBetween,
    Null,
    NotNull,
    ContainValues,
    NotContainValues,
    On(Op),
    Span(Span),
    /// The same, with the number beside the operator.
    Spanned(fn(i64) -> Span),
    Mine(Mine),
    NotMine(Mine),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    Begins,
    Ends,
    Contains,
    Pattern,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mine {
    User,
    Teams,
    UserOrTeams,
    Unit,
}

use Operator::{Compare, Mine as IsMine, NotMine, NotText, On, Span as In_, Spanned, Text};

impl Operator {
    /// The operator that this one denies, if it denies one.
    pub(crate) fn denied(self) -> Option<Operator> {
        match self {
            Compare(Op::Ne) => Some(Compare(Op::Eq)),
            NotText(look) => Some(Text(look)),
            Operator::NotIn => Some(Operator::In),
            Operator::NotBetween => Some(Operator::Between),
            Operator::NotNull => Some(Operator::Null),
            Operator::NotContainValues => Some(Operator::ContainValues),
            On(Op::Ne) => Some(On(Op::Eq)),
            NotMine(whose) => Some(IsMine(whose)),
            _ => None,
        }
    }
}

/// The condition as a filter on the column's own record.
pub fn condition(
    field: &Field<'_>,
    operator: Operator,
    given: &[Given],
    manner: Manner<'_>,
) -> Result<Filter, BadQuery> {
    let one = || exactly::<1>(field, given).map(|it| &it[0]);
    let column = || field.name.clone();
    match operator {
        Compare(op) => compare(field, op, one()?, manner),
        Text(look) => look_like(field, look, one()?),
        NotText(look) => Ok(not(field, look_like(field, look, one()?)?, manner)),
        Operator::In => listed(field, given, manner),
        Operator::NotIn => Ok(not(field, listed(field, given, manner)?, manner)),
        Operator::Between => between(field, given, manner),
        Operator::NotBetween => Ok(not(field, between(field, given, manner)?, manner)),
        Operator::Null => nothing(field, given).map(|()| Filter::Null { column: column() }),
        Operator::NotNull => {
            nothing(field, given)?;
            Ok(Filter::Not(Box::new(Filter::Null { column: column() })))
        }
        Operator::ContainValues => has_choices(field, given),
        Operator::NotContainValues => Ok(not(field, has_choices(field, given)?, manner)),
        On(op) => {
            timely(field)?;
            let day = value::time(one()?, manner.asker).ok_or_else(|| {
                BadQuery(format!(
                    "{} is compared with a day, and {} is none: write one such as 2026-11-23.",
                    field.name,
                    quoted(&given[0].text())
                ))
            })?;
            match op {
                Op::Ne => Ok(not(field, days::on(field, Op::Eq, day, manner.asker)?, manner)),
                op => days::on(field, op, day, manner.asker),
            }
        }
        In_(span) => {
            timely(field)?;
            nothing(field, given)?;
            days::within(field, span, manner.asker)
        }
        Spanned(span) => {
            timely(field)?;
            days::within(field, span(amount(field, one()?)?), manner.asker)
        }
        IsMine(whose) => mine(field, whose, given, manner.asker),
        NotMine(whose) => Ok(not(field, mine(field, whose, given, manner.asker)?, manner)),
    }
}

fn exactly<'a, const N: usize>(field: &Field<'_>, given: &'a [Given]) -> Result<&'a [Given; N], BadQuery> {
    given.try_into().map_err(|_| {
        let values = if N == 1 { "one value".to_owned() } else { format!("{N} values") };
        BadQuery(format!("The condition on {} takes {values}, not {}.", field.name, given.len()))
    })
}

/// Values that are there all the same are refused, since somebody meant something by them.
fn nothing(field: &Field<'_>, given: &[Given]) -> Result<(), BadQuery> {
    if given.iter().all(|it| it.text().is_empty()) {
        return Ok(());
    }
    bad(format!("The condition on {} takes no value.", field.name))
}

/// What holds where the filter, which speaks of this column alone, does not.
pub(crate) fn not(field: &Field<'_>, filter: Filter, manner: Manner<'_>) -> Filter {
    let not = Filter::Not(Box::new(filter));
    match manner.empty {
        Empty::Unknown => not,
        Empty::Differs => Filter::Any(vec![Filter::Null { column: field.name.clone() }, not]),
    }
}

fn compare(field: &Field<'_>, op: Op, given: &Given, manner: Manner<'_>) -> Result<Filter, BadQuery> {
    use domain::entity::FieldKind::{Choices, File, Lookup};
    let ordered = !matches!(op, Op::Eq | Op::Ne);
    if ordered && matches!(field.kind, Choices | File | Lookup) {
        return bad(format!("{} has no order: it holds {}.", field.name, field.holds()));
    }
    let column = field.name.clone();
    match (values(field, given, manner.asker)?, op) {
        (Value::Null, Op::Eq) => Ok(Filter::Null { column }),
        (Value::Null, Op::Ne) => Ok(Filter::Not(Box::new(Filter::Null { column }))),
        // OData 4.01 URL Conventions 5.1.1.1.3: nothing is neither less nor more.
        (Value::Null, _) => Ok(Filter::Any(vec![])),
        (value, Op::Ne) if manner.empty == Empty::Differs => {
            let differs = Filter::Compare { column: column.clone(), op: Op::Ne, value };
            Ok(Filter::Any(vec![Filter::Null { column }, differs]))
        }
        (value, op) => Ok(Filter::Compare { column, op, value }),
    }
}

/// Two columns of one record. They must be of one kind, or both be texts.
pub(crate) fn compare_columns(left: &Field<'_>, op: Op, right: &Field<'_>) -> Result<Filter, BadQuery> {
    use domain::entity::FieldKind::{Choices, File, Lookup};
    let alike = left.kind == right.kind || (left.is_text() && right.is_text());
    let ordered = !matches!(op, Op::Eq | Op::Ne);
    if !alike || left.kind == File || (ordered && matches!(left.kind, Choices | Lookup)) {
        return bad(format!(
            "{} and {} cannot be compared so: one holds {}, the other {}.",
            left.name,
            right.name,
            left.holds(),
            right.holds()
        ));
    }
    Ok(Filter::Columns { left: left.name.clone(), op, right: right.name.clone() })
}

fn texts(field: &Field<'_>) -> Result<(), BadQuery> {
    if field.is_text() {
        return Ok(());
    }
    bad(format!("{} is no text: it holds {}.", field.name, field.holds()))
}

fn look_like(field: &Field<'_>, look: Look, given: &Given) -> Result<Filter, BadQuery> {
    texts(field)?;
    let text = given.text();
    let shape = match look {
        Look::Begins => Shape::Begins(text),
        Look::Ends => Shape::Ends(text),
        Look::Contains => Shape::Contains(text),
        Look::Pattern => pattern(&text)?,
    };
    Ok(Filter::Like { column: field.name.clone(), shape })
}

/// A pattern with `%` and `_`; the plain ones as what they are, which an index can answer.
fn pattern(text: &str) -> Result<Shape, BadQuery> {
    let mut rest = text;
    while let Some(at) = rest.find('[') {
        rest = &rest[at..];
        if !["[%]", "[_]", "[[]"].iter().any(|it| rest.starts_with(it)) {
            return bad(format!(
                "{} has a set of letters, which no pattern takes here; a bracket itself is written [[].",
                quoted(text)
            ));
        }
        rest = &rest[3..];
    }
    let is_plain = |it: &str| !it.contains(['%', '_', '[']);
    let (head, tail) = (text.strip_prefix('%'), text.strip_suffix('%'));
    let middle = head.and_then(|it| it.strip_suffix('%')).filter(|it| is_plain(it));
    let begins = tail.filter(|it| is_plain(it));
    let ends = head.filter(|it| is_plain(it));
    Ok(match (middle, begins, ends) {
        (Some(middle), ..) => Shape::Contains(middle.to_owned()),
        (_, Some(begins), _) => Shape::Begins(begins.to_owned()),
        (.., Some(ends)) => Shape::Ends(ends.to_owned()),
        _ => Shape::Pattern(text.to_owned()),
    })
}

fn listed(field: &Field<'_>, given: &[Given], manner: Manner<'_>) -> Result<Filter, BadQuery> {
    let all: Vec<Value> = given.iter().map(|it| values(field, it, manner.asker)).collect::<Result<_, _>>()?;
    let count = all.len();
    let values: Vec<Value> = all.into_iter().filter(|it| !it.is_null()).collect();
    let has_null = values.len() < count;
    let listed = Filter::In { column: field.name.clone(), values };
    let null = Filter::Null { column: field.name.clone() };
    Ok(match (has_null, manner.empty) {
        (true, Empty::Differs) => Filter::Any(vec![null, listed]),
        _ => listed,
    })
}

fn between(field: &Field<'_>, given: &[Given], manner: Manner<'_>) -> Result<Filter, BadQuery> {
    let [from, to] = exactly::<2>(field, given)?;
    Ok(Filter::All(vec![compare(field, Op::Ge, from, manner)?, compare(field, Op::Le, to, manner)?]))
}

fn has_choices(field: &Field<'_>, given: &[Given]) -> Result<Filter, BadQuery> {
    if field.kind != domain::entity::FieldKind::Choices || given.is_empty() {
        return bad(format!("{} is asked for its choices: it holds {}.", field.name, field.holds()));
    }
    let values = given.iter().map(|it| value::choice(field, it)).collect::<Result<_, _>>()?;
    Ok(Filter::HasChoice { column: field.name.clone(), values })
}

fn timely(field: &Field<'_>) -> Result<(), BadQuery> {
    if field.is_time() {
        return Ok(());
    }
    bad(format!("{} is no date: it holds {}.", field.name, field.holds()))
}

/// How many days, weeks and so on.
fn amount(field: &Field<'_>, given: &Given) -> Result<i64, BadQuery> {
    let text = given.text();
    let amount = text.trim().parse().ok().filter(|it| (1..=1_000_000).contains(it));
    amount.ok_or_else(|| {
        BadQuery(format!("The condition on {} takes a number from 1 on, not {}.", field.name, quoted(&text)))
    })
}

fn mine(field: &Field<'_>, whose: Mine, given: &[Given], asker: &Asker) -> Result<Filter, BadQuery> {
    nothing(field, given)?;
    let people = whose != Mine::Unit && field.targets.iter().any(|it| it == "systemuser" || it == "team");
    let unit = whose == Mine::Unit && field.targets.iter().any(|it| it == "businessunit");
    if !people && !unit {
        let what = if whose == Mine::Unit { "a business unit" } else { "a user or team" };
        return bad(format!("{} does not lead to {what}.", field.name));
    }
    let reference = |entity: &str, id: Guid| Value::Ref(RecordRef::new(entity, id));
    let leads_to = |entity: &str| field.targets.iter().any(|it| it == entity);
    let user = leads_to("systemuser").then(|| reference("systemuser", asker.user));
    let teams = asker.teams.iter().filter(|_| leads_to("team")).map(|it| reference("team", *it));
    let values = match whose {
        Mine::User => user.into_iter().collect(),
        Mine::Teams => teams.collect(),
        Mine::UserOrTeams => user.into_iter().chain(teams).collect(),
        Mine::Unit => vec![reference("businessunit", asker.unit)],
    };
    Ok(Filter::In { column: field.name.clone(), values })
}

#[cfg(test)]
#[path = "operator_tests.rs"]
mod tests;
