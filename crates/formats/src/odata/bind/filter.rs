//! `$filter`: an expression as conditions. What is empty is a value like any other in OData, and is none in the store; so
//! `not` is carried down to the columns, where it is known what an empty one means.

use super::path::{Here, Step, through};
use super::{Binding, given, givens, uncased};
use crate::odata::expr::{Lambda, Operator as Sign, Quantifier};
use crate::odata::{Expr, Literal};
use crate::question::{
    BadQuery, DEEPEST, Empty, Field, Given, Manner, Operator, bad, compare_columns, condition, quoted,
};
use domain::ask::Way;
use domain::entity::{FieldKind, named_way};
use domain::filter::{Filter, Op};

/// Whether an expression shall hold or fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sense {
    Holds,
    Fails,
}

impl Sense {
    fn flipped(self) -> Sense {
        match self {
            Sense::Holds => Sense::Fails,
            Sense::Fails => Sense::Holds,
        }
    }

    fn constant(self, truth: bool) -> Filter {
        if truth == (self == Sense::Holds) { Filter::everything() } else { Filter::Any(vec![]) }
    }
}

impl<'a> Binding<'a> {
    pub(super) fn filter(&mut self, here: &Here<'a>, expr: &Expr) -> Result<Filter, BadQuery> {
        self.sensed(here, expr, Sense::Holds)
    }

    fn sensed(&mut self, here: &Here<'a>, expr: &Expr, sense: Sense) -> Result<Filter, BadQuery> {
        if self.depth == 0 {
            return bad(format!("A filter goes at most {DEEPEST} levels deep."));
        }
        self.depth -= 1;
        let filter = self.expression(here, expr, sense)?;
        self.depth += 1;
        Ok(filter)
    }

    fn expression(&mut self, here: &Here<'a>, expr: &Expr, sense: Sense) -> Result<Filter, BadQuery> {
        let mut each = |all: &[Expr]| -> Result<Vec<Filter>, BadQuery> {
            all.iter().map(|it| self.sensed(here, it, sense)).collect()
        };
        match (expr, sense) {
            (Expr::And(all), Sense::Holds) | (Expr::Or(all), Sense::Fails) => Ok(Filter::All(each(all)?)),
            (Expr::Or(all), Sense::Holds) | (Expr::And(all), Sense::Fails) => Ok(Filter::Any(each(all)?)),
            (Expr::Not(inner), _) => self.sensed(here, inner, sense.flipped()),
            (Expr::Literal(Literal::Bool(truth)), _) => Ok(sense.constant(*truth)),
            (Expr::Path(path), _) => {
                let (steps, field) = self.reach(here, path)?;
                if field.kind != FieldKind::Boolean {
                    return bad(format!(
                        "{} is compared with nothing: write {} eq ….",
                        field.name, field.name
                    ));
                }
                self.compared(&steps, &field, Op::Eq, &Given::Bool(true), sense)
            }
            (Expr::Binary(sign, left, right), _) => self.binary(here, (*sign, left, right), sense),
            (Expr::Call(call), _) => self.called(here, call, sense),
            (Expr::Lambda(lambda), _) => self.lambda(here, lambda, sense),
            (Expr::Alias(name), _) => bad(format!("Nothing says what {} is.", quoted(name))),
            (Expr::Literal(_) | Expr::Negate(_), _) => {
                bad("A filter compares columns with values, such as name eq 'x'.")
            }
        }
    }

    fn binary(
        &mut self,
        here: &Here<'a>,
        (sign, left, right): (Sign, &Expr, &Expr),
        sense: Sense,
    ) -> Result<Filter, BadQuery> {
        let op = match sign {
            Sign::Eq => Op::Eq,
            Sign::Ne => Op::Ne,
            Sign::Gt => Op::Gt,
            Sign::Ge => Op::Ge,
            Sign::Lt => Op::Lt,
            Sign::Le => Op::Le,
            Sign::In => return self.listed(here, left, right, sense),
            Sign::Has => return bad("“has” is not known: write Microsoft.Dynamics.CRM.ContainValues(…)."),
            Sign::Add | Sign::Sub | Sign::Mul | Sign::Div | Sign::Mod => {
                return bad("A calculation is no condition: compare a column with a value.");
            }
        };
        match (uncased(left), uncased(right)) {
            (Expr::Path(path), Expr::Literal(literal)) => {
                let (steps, field) = self.reach(here, path)?;
                self.compared(&steps, &field, op, &given(literal)?, sense)
            }
            (Expr::Literal(literal), Expr::Path(path)) => {
                let (steps, field) = self.reach(here, path)?;
                self.compared(&steps, &field, mirrored(op), &given(literal)?, sense)
            }
            (Expr::Path(left), Expr::Path(right)) => {
                self.condition(0)?;
                let ((steps, left), (others, right)) = (self.reach(here, left)?, self.reach(here, right)?);
                if !steps.is_empty() || !others.is_empty() {
                    return bad("Two columns are compared when they are of the same record.");
                }
                let (op, sense) = if op == Op::Ne { (Op::Eq, sense.flipped()) } else { (op, sense) };
                let compared = compare_columns(&left, op, &right)?;
                Ok(match sense {
                    Sense::Holds => compared,
                    Sense::Fails => {
                        let empty = |field: &Field<'_>| Filter::Null { column: field.name.clone() };
                        Filter::Any(vec![empty(&left), empty(&right), Filter::Not(Box::new(compared))])
                    }
                })
            }
            // `contains(name,'x') eq false`
            (condition, Expr::Literal(Literal::Bool(truth)))
            | (Expr::Literal(Literal::Bool(truth)), condition)
                if matches!(op, Op::Eq | Op::Ne) && !matches!(condition, Expr::Literal(_)) =>
            {
                let wanted = *truth == (op == Op::Eq);
                self.sensed(here, condition, if wanted { sense } else { sense.flipped() })
            }
            _ => bad(
                "A filter compares a column with a value, such as name eq 'x'; calculations are not known.",
            ),
        }
    }

    fn compared(
        &mut self,
        steps: &[Step<'a>],
        field: &Field<'a>,
        op: Op,
        given: &Given,
        sense: Sense,
    ) -> Result<Filter, BadQuery> {
        self.told(steps, field, Operator::Compare(op), std::slice::from_ref(given), sense)
    }

    fn listed(
        &mut self,
        here: &Here<'a>,
        left: &Expr,
        right: &Expr,
        sense: Sense,
    ) -> Result<Filter, BadQuery> {
        let (Expr::Path(path), Expr::Literal(Literal::List(list))) = (uncased(left), right) else {
            return bad("“in” stands between a column and a list, such as statecode in (0,1).");
        };
        let (steps, field) = self.reach(here, path)?;
        let all = givens(list)?;
        let (empty, some): (Vec<Given>, Vec<Given>) = all.into_iter().partition(|it| *it == Given::Null);
        let listed = self.told(&steps, &field, Operator::In, &some, sense)?;
        if empty.is_empty() {
            return Ok(listed);
        }
        let empty = self.compared(&steps, &field, Op::Eq, &Given::Null, sense)?;
        Ok(match sense {
            Sense::Holds => Filter::Any(vec![empty, listed]),
            Sense::Fails => Filter::All(vec![empty, listed]),
        })
    }

    /// A condition on one column, at the end of the steps.
    pub(super) fn told(
        &mut self,
        steps: &[Step<'a>],
        field: &Field<'a>,
        operator: Operator,
        given: &[Given],
        sense: Sense,
    ) -> Result<Filter, BadQuery> {
        self.condition(given.len())?;
        let (operator, sense) = match operator.denied() {
            Some(denied) => (denied, sense.flipped()),
            None => (operator, sense),
        };
        // That it is empty is the denial of what is true of filled columns alone.
        let is_empty = matches!((operator, given), (Operator::Compare(Op::Eq), [Given::Null]));
        let manner = Manner { asker: self.asker, empty: Empty::Unknown };
        let (filter, sense) = if is_empty {
            (Filter::Not(Box::new(Filter::Null { column: field.name.clone() })), sense.flipped())
        } else {
            (condition(field, operator, given, manner)?, sense)
        };
        Ok(match sense {
            _ if filter == Filter::Any(vec![]) => sense.constant(false),
            Sense::Holds => through(steps, filter),
            Sense::Fails if steps.is_empty() => fails(field, filter),
            Sense::Fails => Filter::Not(Box::new(through(steps, filter))),
        })
    }

    fn lambda(&mut self, here: &Here<'a>, lambda: &Lambda, sense: Sense) -> Result<Filter, BadQuery> {
        self.condition(0)?;
        let path = here.begin(&lambda.path)?;
        let Some((last, ways)) = path.split_last() else {
            return bad("Before any(…) and all(…) stands a relationship.");
        };
        let (steps, def) = self.steps(here.def, ways)?;
        let Some(way) = named_way(self.catalog, def, last) else {
            return Err(super::path::unknown(self.catalog, def, last));
        };
        let Some(target) = self.catalog.get(way.way.target()) else {
            return Err(super::path::unknown(self.catalog, def, last));
        };
        let inner = match (&lambda.condition, lambda.quantifier) {
            (None, _) => Filter::everything(),
            (Some((variable, condition)), quantifier) => {
                let outer = here.outer.iter().chain(&here.variable).cloned().collect();
                let below = Here { def: target, variable: Some(variable.clone()), outer };
                let sense = if quantifier == Quantifier::Any { Sense::Holds } else { Sense::Fails };
                self.sensed(&below, condition, sense)?
            }
        };
        let exists = through(
            &steps,
            along(&way.way, &def.key_column(), &target.key_column(), inner).ok_or_else(|| {
                BadQuery(format!("{} leads to one record: write {}/….", quoted(last), way.name))
            })?,
        );
        // All are so when none is not.
        let holds = (lambda.quantifier == Quantifier::Any) == (sense == Sense::Holds);
        Ok(if holds { exists } else { Filter::Not(Box::new(exists)) })
    }
}

/// There is a record along a way to several that passes the filter.
fn along(way: &Way, key: &str, their_key: &str, filter: Filter) -> Option<Filter> {
    match way {
        Way::One { .. } => None,
        Way::Many { entity, column } => Some(Filter::Exists {
            entity: entity.clone(),
            from: column.clone(),
            to: key.to_owned(),
            filter: Box::new(filter),
        }),
        Way::Across { intersect, here, there, entity } => {
            let there = Filter::Exists {
                entity: entity.clone(),
                from: their_key.to_owned(),
                to: there.clone(),
                filter: Box::new(filter),
            };
            Some(Filter::Exists {
                entity: intersect.clone(),
                from: here.clone(),
                to: key.to_owned(),
                filter: Box::new(there),
            })
        }
    }
}

/// What holds where a filter that only filled columns pass does not.
fn fails(field: &Field<'_>, filter: Filter) -> Filter {
    let empty = Filter::Null { column: field.name.clone() };
    match filter {
        Filter::Null { .. } => Filter::Not(Box::new(filter)),
        Filter::Not(inner) if *inner == empty => empty,
        Filter::Compare { column, op: Op::Eq, value } => {
            Filter::Any(vec![empty, Filter::Compare { column, op: Op::Ne, value }])
        }
        other => Filter::Any(vec![empty, Filter::Not(Box::new(other))]),
    }
}

fn mirrored(op: Op) -> Op {
    match op {
        Op::Gt => Op::Lt,
        Op::Ge => Op::Le,
        Op::Lt => Op::Gt,
        Op::Le => Op::Ge,
        other => other,
    }
}
