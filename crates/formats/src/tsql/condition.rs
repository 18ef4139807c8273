//! Conditions of WHERE and ON.

use super::statement::Reader;
use super::syntax::{Column, Condition};
use super::words::Word;
use crate::question::{BadQuery, DEEPEST, Given, MOST_CONDITIONS, MOST_VALUES, bad};
use domain::filter::Op;

/// What stands left or right of a comparison.
enum Side {
    Column(Column),
    Value(Given),
}

impl Reader {
    pub(super) fn condition(&mut self) -> Result<Condition, BadQuery> {
        if self.depth == 0 {
            return bad(format!("Conditions are nested at most {DEEPEST} deep."));
        }
        self.depth -= 1;
        let mut any = vec![self.all()?];
        while self.eat("or") {
            any.push(self.all()?);
        }
        self.depth += 1;
        Ok(if any.len() == 1 { any.remove(0) } else { Condition::Any(any) })
    }

    fn all(&mut self) -> Result<Condition, BadQuery> {
        let mut all = vec![self.one()?];
        while self.eat("and") {
            all.push(self.one()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Condition::All(all) })
    }

    fn one(&mut self) -> Result<Condition, BadQuery> {
        // Two in a row say nothing; without recursion they cost no stack.
        let mut denied = false;
        while self.eat("not") {
            denied = !denied;
        }
        let found = if self.eat_sign("(") {
            if matches!(self.peek(), Some(Word::Bare(word)) if word.eq_ignore_ascii_case("select")) {
                return bad("Queries within queries are not read here.");
            }
            let inner = self.condition()?;
            self.need_sign(")")?;
            inner
        } else {
            self.comparison()?
        };
        Ok(if denied { Condition::Not(Box::new(found)) } else { found })
    }

    fn comparison(&mut self) -> Result<Condition, BadQuery> {
        self.conditions = self
            .conditions
            .checked_sub(1)
            .ok_or_else(|| BadQuery(format!("A query has at most {MOST_CONDITIONS} conditions.")))?;
        let left = self.side()?;
        let Side::Column(column) = left else { return self.compared(left) };
        if self.eat("is") {
            let denied = self.eat("not");
            self.need("null")?;
            return Ok(sensed(Condition::Null(column), denied));
        }
        let denied = self.eat("not");
        if self.eat("like") {
            let pattern = self.value()?;
            if self.eat("escape") {
                return bad("LIKE is read without ESCAPE: a % itself is written [%].");
            }
            return Ok(sensed(Condition::Like(column, pattern), denied));
        }
        if self.eat("between") {
            let from = self.value()?;
            self.need("and")?;
            return Ok(sensed(Condition::Between(column, from, self.value()?), denied));
        }
        if self.eat("in") {
            return Ok(sensed(Condition::In(column, self.values()?), denied));
        }
        if denied {
            return Err(self.expected("LIKE, IN or BETWEEN"));
        }
        self.compared(Side::Column(column))
    }

    fn compared(&mut self, left: Side) -> Result<Condition, BadQuery> {
        let op = match self.peek() {
            Some(Word::Sign("=")) => Op::Eq,
            Some(Word::Sign("<>" | "!=")) => Op::Ne,
            Some(Word::Sign("<")) => Op::Lt,
            Some(Word::Sign("<=")) => Op::Le,
            Some(Word::Sign(">")) => Op::Gt,
            Some(Word::Sign(">=")) => Op::Ge,
            _ => return Err(self.expected("a comparison such as =")),
        };
        self.next();
        match (left, self.side()?) {
            (Side::Column(column), Side::Value(value)) => Ok(Condition::Compare(column, op, value)),
            (Side::Column(left), Side::Column(right)) => Ok(Condition::Columns(left, op, right)),
            (Side::Value(value), Side::Column(column)) => {
                let mirrored = match op {
                    Op::Lt => Op::Gt,
                    Op::Le => Op::Ge,
                    Op::Gt => Op::Lt,
                    Op::Ge => Op::Le,
                    op => op,
                };
                Ok(Condition::Compare(column, mirrored, value))
            }
            (Side::Value(_), Side::Value(_)) => bad("A condition compares a column with a value."),
        }
    }

    fn side(&mut self) -> Result<Side, BadQuery> {
        if matches!(self.peek(), Some(Word::Number(_) | Word::Text(_))) {
            return self.value().map(Side::Value);
        }
        if matches!(self.peek(), Some(Word::Bare(word)) if word.eq_ignore_ascii_case("null")) {
            return bad("Nothing equals NULL: write IS NULL or IS NOT NULL.");
        }
        if self.eat_sign("(") {
            return bad("Calculations and queries within queries are not read here.");
        }
        let column = self.column()?;
        if self.peek() == Some(&Word::Sign("(")) {
            return bad(format!(
                "The function {} is not known in conditions.",
                crate::question::quoted(&column.name)
            ));
        }
        Ok(Side::Column(column))
    }

    fn value(&mut self) -> Result<Given, BadQuery> {
        self.values = self
            .values
            .checked_sub(1)
            .ok_or_else(|| BadQuery(format!("A query has at most {MOST_VALUES} values.")))?;
        match self.peek() {
            Some(Word::Number(_) | Word::Text(_)) => {}
            Some(Word::Bare(word)) if word.eq_ignore_ascii_case("null") => {
                return bad("Nothing equals NULL: write IS NULL or IS NOT NULL.");
            }
            Some(Word::Bare(word)) if word.eq_ignore_ascii_case("select") => {
                return bad("Queries within queries are not read here.");
            }
            _ => return Err(self.expected("a number or a 'text'")),
        }
        match self.next() {
            Some(Word::Number(number)) => match number.parse::<f64>() {
                Ok(float) if number.contains(['e', 'E']) => Ok(Given::Float(float)),
                Ok(_) => Ok(Given::Number(number)),
                Err(_) => bad(format!("{} is no number.", crate::question::quoted(&number))),
            },
            Some(Word::Text(text)) => Ok(Given::Text(text)),
            _ => Err(self.expected("a number or a 'text'")),
        }
    }

    fn values(&mut self) -> Result<Vec<Given>, BadQuery> {
        self.need_sign("(")?;
        let mut all = vec![self.value()?];
        while self.eat_sign(",") {
            all.push(self.value()?);
        }
        self.need_sign(")")?;
        Ok(all)
    }
}

fn sensed(condition: Condition, denied: bool) -> Condition {
    if denied { Condition::Not(Box::new(condition)) } else { condition }
}
