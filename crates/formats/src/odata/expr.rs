//! An expression of `$filter` and its kin as a tree of values; `parse` reads it, `Display` writes it.

use super::literal::Literal;
use super::{BadOData, LONGEST};
use std::collections::HashMap;

pub use super::parse::parse;

#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    Literal(Literal),
    /// The name of a column, or a path to one: `primarycontactid/fullname`. Casts (`Microsoft.Dynamics.CRM.contact`),
    /// `$it`, a lambda's variable and a `$count` at the end are segments like any other.
    Path(Vec<String>),
    /// All of at least two: a chain of `and` however long, so that the tree stays flat.
    And(Vec<Expr>),
    /// Any of at least two: a chain of `or`.
    Or(Vec<Expr>),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    /// Right of `In` stands a `Literal::List` or an alias.
    Binary(Operator, Box<Expr>, Box<Expr>),
    Call(Call),
    Lambda(Lambda),
    /// `@p1`, with its sign.
    Alias(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
    Add,
    Sub,
    Mul,
    Div,
    Mod,
    /// Flags of an enumeration.
    Has,
    In,
}

/// `contains(name,'x')`, or `Microsoft.Dynamics.CRM.LastXDays(PropertyName='createdon',PropertyValue=7)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// What stands before the function with a slash between; mostly nothing.
    pub on: Vec<String>,
    /// As written, with its namespace.
    pub name: String,
    pub arguments: Arguments,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Arguments {
    Positional(Vec<Expr>),
    /// At least one; no name twice.
    Named(Vec<(String, Expr)>),
}

/// `contact_customer_accounts/any(c:c/firstname eq 'Eva')`.
#[derive(Debug, Clone, PartialEq)]
pub struct Lambda {
    /// The collection: at least one segment.
    pub path: Vec<String>,
    pub quantifier: Quantifier,
    /// The variable and what holds of it; `None` in `any()`, never in `all`.
    pub condition: Option<(String, Box<Expr>)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    Any,
    All,
}

impl Operator {
    pub(super) const ALL: [Operator; 13] = {
        use Operator::{Add, Div, Eq, Ge, Gt, Has, In, Le, Lt, Mod, Mul, Ne, Sub};
        [Eq, Ne, Gt, Ge, Lt, Le, Add, Sub, Mul, Div, Mod, Has, In]
    };

    /// As OData writes it: `eq`.
    pub fn word(self) -> &'static str {
        match self {
            Operator::Eq => "eq",
            Operator::Ne => "ne",
            Operator::Gt => "gt",
            Operator::Ge => "ge",
            Operator::Lt => "lt",
            Operator::Le => "le",
            Operator::Add => "add",
            Operator::Sub => "sub",
            Operator::Mul => "mul",
            Operator::Div => "div",
            Operator::Mod => "mod",
            Operator::Has => "has",
            Operator::In => "in",
        }
    }

    /// What binds tighter has the higher number (OData URL Conventions 4.01, 5.1.1.17); `or` is 1, `and` 2, signs 7.
    pub(super) fn level(self) -> u8 {
        match self {
            Operator::Eq | Operator::Ne => 3,
            Operator::Gt | Operator::Ge | Operator::Lt | Operator::Le => 4,
            Operator::Add | Operator::Sub => 5,
            Operator::Mul | Operator::Div | Operator::Mod => 6,
            Operator::Has | Operator::In => 8,
        }
    }
}

impl Quantifier {
    pub(super) fn word(self) -> &'static str {
        match self {
            Quantifier::Any => "any",
            Quantifier::All => "all",
        }
    }
}

/// What the parameter aliases of one request stand for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Aliases(Vec<(String, Expr)>);

impl Aliases {
    /// No name comes twice, and no value holds an alias: `options::parse` sees to both.
    pub(super) fn new(named: Vec<(String, Expr)>) -> Aliases {
        Aliases(named)
    }

    /// The value of `@p1`, such as a key or an argument in the path asks for it.
    pub fn get(&self, name: &str) -> Option<&Expr> {
        self.0.iter().find(|it| it.0 == name).map(|it| &it.1)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Expr)> {
        self.0.iter().map(|(name, expr)| (name.as_str(), expr))
    }

    /// What puts the values into expressions, with one bound for all of them.
    pub(super) fn values(&self) -> Values<'_> {
        let known = self.0.iter().map(|(name, expr)| (name.as_str(), (expr, expr.to_string().len())));
        Values { known: known.collect(), left: LONGEST }
    }
}

pub(super) struct Values<'a> {
    known: HashMap<&'a str, (&'a Expr, usize)>,
    left: usize,
}

impl Values<'_> {
    /// Puts values in the place of aliases. Refuses one without a value, and values that together outgrow [`LONGEST`]
    /// by being used again and again.
    pub(super) fn put_into(&mut self, expr: &mut Expr) -> Result<(), BadOData> {
        match expr {
            Expr::Literal(_) | Expr::Path(_) => Ok(()),
            Expr::And(all) | Expr::Or(all) => all.iter_mut().try_for_each(|it| self.put_into(it)),
            Expr::Not(inner) | Expr::Negate(inner) => self.put_into(inner),
            Expr::Binary(_, left, right) => {
                self.put_into(left)?;
                self.put_into(right)
            }
            Expr::Call(Call { arguments: Arguments::Positional(all), .. }) => {
                all.iter_mut().try_for_each(|it| self.put_into(it))
            }
            Expr::Call(Call { arguments: Arguments::Named(all), .. }) => {
                all.iter_mut().try_for_each(|it| self.put_into(&mut it.1))
            }
            Expr::Lambda(Lambda { condition, .. }) => match condition {
                Some((_, inner)) => self.put_into(inner),
                None => Ok(()),
            },
            Expr::Alias(name) => {
                let (value, length) = self.known.get(name.as_str()).ok_or_else(|| {
                    let name = super::excerpt(name);
                    BadOData::new(
                        0,
                        format!("Nothing says what {name} is: write {name}=VALUE into the query"),
                    )
                })?;
                let left = self.left.checked_sub(*length).ok_or_else(|| {
                    BadOData::new(
                        0,
                        "The aliases make the request too large when their values take their places",
                    )
                })?;
                self.left = left;
                *expr = (*value).clone();
                Ok(())
            }
        }
    }
}

impl Expr {
    /// Whether it speaks of an alias anywhere.
    pub(super) fn has_alias(&self) -> bool {
        use Arguments::{Named, Positional};
        match self {
            Expr::Literal(_) | Expr::Path(_) => false,
            Expr::And(all) | Expr::Or(all) | Expr::Call(Call { arguments: Positional(all), .. }) => {
                all.iter().any(Expr::has_alias)
            }
            Expr::Call(Call { arguments: Named(all), .. }) => all.iter().any(|it| it.1.has_alias()),
            Expr::Not(inner) | Expr::Negate(inner) => inner.has_alias(),
            Expr::Binary(_, left, right) => left.has_alias() || right.has_alias(),
            Expr::Lambda(it) => it.condition.as_ref().is_some_and(|it| it.1.has_alias()),
            Expr::Alias(_) => true,
        }
    }
}

#[cfg(test)]
#[path = "expr_tests.rs"]
mod tests;
