//! `$apply` (OData Extension for Data Aggregation 4.0): a chain of transformations such as
//! `filter(statecode eq 0)/groupby((ownerid),aggregate(revenue with sum as total))`.

use super::BadOData;
use super::cursor::Cursor;
use super::expand::{self, ColumnPath, OrderBy};
use super::expr::{Expr, Values};
use super::parse;

#[derive(Debug, Clone, PartialEq)]
pub enum Transformation {
    /// At least one.
    Aggregate(Vec<Aggregate>),
    GroupBy {
        /// At least one.
        by: Vec<ColumnPath>,
        /// What happens within each group; empty when only the distinct values are wanted.
        then: Vec<Transformation>,
    },
    Filter(Expr),
    OrderBy(Vec<OrderBy>),
    Top(u64),
    Skip(u64),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    pub of: Measure,
    /// The name of the result: behind `as`.
    pub name: String,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Measure {
    /// `$count`: the number of records.
    Count,
    /// Mostly of a column, as a path; `revenue mul 2 with sum` is an expression.
    With(Expr, Method),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Sum,
    Min,
    Max,
    Average,
    CountDistinct,
}

impl Transformation {
    /// Puts values in the place of aliases.
    pub(super) fn resolve(&mut self, values: &mut Values) -> Result<(), BadOData> {
        match self {
            Transformation::Aggregate(all) => all.iter_mut().try_for_each(|it| match &mut it.of {
                Measure::Count => Ok(()),
                Measure::With(expr, _) => values.put_into(expr),
            }),
            Transformation::GroupBy { then, .. } => then.iter_mut().try_for_each(|it| it.resolve(values)),
            Transformation::Filter(expr) => values.put_into(expr),
            Transformation::OrderBy(all) => all.iter_mut().try_for_each(|it| values.put_into(&mut it.by)),
            Transformation::Top(_) | Transformation::Skip(_) => Ok(()),
        }
    }
}

/// At least one transformation; between them stand slashes.
pub(super) fn chain(cursor: &mut Cursor) -> Result<Vec<Transformation>, BadOData> {
    let mut all = vec![transformation(cursor)?];
    while cursor.eat_spaced('/') {
        all.push(transformation(cursor)?);
    }
    Ok(all)
}

fn transformation(cursor: &mut Cursor) -> Result<Transformation, BadOData> {
    let begin = cursor.mark();
    let name = cursor.peek_name();
    cursor.skip(name.len());
    if !["aggregate", "groupby", "filter", "orderby", "top", "skip"].contains(&name) || !cursor.eat('(') {
        cursor.back_to(begin);
        return Err(cursor.expected("aggregate(…), groupby(…), filter(…), orderby(…), top(…) or skip(…)"));
    }
    cursor.deeper()?;
    cursor.spaces();
    let found = match name {
        "aggregate" => Transformation::Aggregate(aggregates(cursor)?),
        "groupby" => group_by(cursor)?,
        "filter" => Transformation::Filter(expand::filter(cursor)?),
        "orderby" => Transformation::OrderBy(expand::order_by(cursor)?),
        "top" => Transformation::Top(expand::number(cursor)?),
        _ => Transformation::Skip(expand::number(cursor)?),
    };
    cursor.spaces();
    cursor.expect(')', &format!("')' to close {name}"))?;
    cursor.shallower();
    Ok(found)
}

fn aggregates(cursor: &mut Cursor) -> Result<Vec<Aggregate>, BadOData> {
    let mut all = vec![aggregate(cursor)?];
    while cursor.eat_spaced(',') {
        all.push(aggregate(cursor)?);
    }
    Ok(all)
}

fn aggregate(cursor: &mut Cursor) -> Result<Aggregate, BadOData> {
    let expr = parse::expr(cursor)?;
    cursor.spaces();
    let of = if expr == Expr::Path(vec!["$count".to_owned()]) {
        Measure::Count
    } else {
        if !cursor.eat_word("with") {
            return Err(cursor.expected("“with” and sum, min, max, average or countdistinct"));
        }
        cursor.spaces();
        Measure::With(expr, method(cursor)?)
    };
    cursor.spaces();
    if !cursor.eat_word("as") {
        return Err(cursor.expected("“as” and a name for the result"));
    }
    cursor.spaces();
    let name = cursor.name("a name for the result")?.to_owned();
    Ok(Aggregate { of, name })
}

fn method(cursor: &mut Cursor) -> Result<Method, BadOData> {
    let word = cursor.peek_name();
    let method = match word {
        "sum" => Method::Sum,
        "min" => Method::Min,
        "max" => Method::Max,
        "average" => Method::Average,
        "countdistinct" => Method::CountDistinct,
        _ => return Err(cursor.expected("sum, min, max, average or countdistinct")),
    };
    cursor.skip(word.len());
    Ok(method)
}

/// Behind the bracket of `groupby(`: the columns in brackets of their own, and perhaps what to do with each group.
fn group_by(cursor: &mut Cursor) -> Result<Transformation, BadOData> {
    cursor.expect('(', "the columns in brackets: groupby((name),…)")?;
    let by = expand::select(cursor)?;
    cursor.expect(')', "',' or ')' after the column")?;
    let then = if cursor.eat_spaced(',') { chain(cursor)? } else { Vec::new() };
    Ok(Transformation::GroupBy { by, then })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Transformation>, BadOData> {
        let mut cursor = Cursor::new(text);
        let all = chain(&mut cursor)?;
        if cursor.is_at_end() { Ok(all) } else { Err(cursor.expected("the end")) }
    }

    #[track_caller]
    fn check(text: &str, expected: &[Transformation]) {
        assert_eq!(read(text).as_deref(), Ok(expected), "{text}");
    }

    #[track_caller]
    fn check_refused(text: &str, expected: &str) {
        let refused = read(text).unwrap_err().to_string();
        assert!(refused.contains(expected), "{text}: {refused}");
    }

    fn column(name: &str) -> Expr {
        Expr::Path(vec![name.to_owned()])
    }

    fn total(of: &str, method: Method, name: &str) -> Aggregate {
        Aggregate { of: Measure::With(column(of), method), name: name.to_owned() }
    }

    #[test]
    fn records_are_counted_and_summed() {
        check(
            "aggregate(amount with sum as total, $count as n,x with countdistinct as c)",
            &[Transformation::Aggregate(vec![
                total("amount", Method::Sum, "total"),
                Aggregate { of: Measure::Count, name: "n".to_owned() },
                total("x", Method::CountDistinct, "c"),
            ])],
        );
    }

    #[test]
    fn groups_have_columns_and_a_chain_of_their_own() {
        let paths = vec![vec!["a".to_owned()], vec!["b".to_owned(), "c".to_owned()]];
        check("groupby((a,b/c))", &[Transformation::GroupBy { by: paths.clone(), then: vec![] }]);
        check(
            "groupby((a, b/c), aggregate(x with max as x)/top(3))",
            &[Transformation::GroupBy {
                by: paths,
                then: vec![
                    Transformation::Aggregate(vec![total("x", Method::Max, "x")]),
                    Transformation::Top(3),
                ],
            }],
        );
    }

    #[test]
    fn transformations_follow_each_other() {
        let chain = read("filter(a eq 1)/groupby((b),aggregate($count as n))/orderby(n desc)/skip(5)/top(5)");
        assert_eq!(chain.map(|it| it.len()), Ok(5));
    }

    #[test]
    fn mistakes_are_named() {
        check_refused("rollup(x)", "Expected aggregate(…), groupby(…)");
        check_refused("aggregate(x as y)", "Expected “with”");
        check_refused("aggregate(x with median as y)", "Expected sum, min, max, average or countdistinct");
        check_refused("aggregate(x with sum)", "Expected “as”");
        check_refused("groupby(a)", "groupby((name),…)");
        check_refused(&"groupby((a),".repeat(10_000), "nested more than 100 deep");
    }
}
