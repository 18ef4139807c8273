//! Writes an expression as OData again, with no more brackets than it needs: reading that gives the same expression.

use super::expr::{Arguments, Call, Expr, Lambda, Operator};
use super::literal::Literal;
use std::fmt::{self, Display, Formatter, Write};

impl Display for Expr {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Expr::Literal(literal) => literal.fmt(out),
            Expr::Path(path) => out.write_str(&path.join("/")),
            Expr::And(all) => chain(out, all, " and ", 3),
            Expr::Or(all) => chain(out, all, " or ", 2),
            Expr::Not(inner) => {
                out.write_str("not ")?;
                operand(out, inner, 7)
            }
            Expr::Negate(inner) => {
                // Without the space it would be the sign of the number.
                out.write_str(if matches!(**inner, Expr::Literal(_)) { "- " } else { "-" })?;
                operand(out, inner, 7)
            }
            Expr::Binary(operator, left, right) => binary(out, *operator, left, right),
            Expr::Call(call) => call.fmt(out),
            Expr::Lambda(lambda) => lambda.fmt(out),
            Expr::Alias(name) => out.write_str(name),
        }
    }
}

/// As in `Operator::level`.
fn level(expr: &Expr) -> u8 {
    match expr {
        Expr::Or(_) => 1,
        Expr::And(_) => 2,
        Expr::Binary(operator, ..) => operator.level(),
        Expr::Not(_) | Expr::Negate(_) => 7,
        Expr::Literal(_) | Expr::Path(_) | Expr::Call(_) | Expr::Lambda(_) | Expr::Alias(_) => 9,
    }
}

fn operand(out: &mut Formatter<'_>, expr: &Expr, least: u8) -> fmt::Result {
    if level(expr) >= least { expr.fmt(out) } else { write!(out, "({expr})") }
}

fn chain(out: &mut Formatter<'_>, all: &[Expr], between: &str, least: u8) -> fmt::Result {
    for (at, expr) in all.iter().enumerate() {
        out.write_str(if at > 0 { between } else { "" })?;
        operand(out, expr, least)?;
    }
    Ok(())
}

fn binary(out: &mut Formatter<'_>, operator: Operator, left: &Expr, right: &Expr) -> fmt::Result {
    operand(out, left, operator.level())?;
    write!(out, " {} ", operator.word())?;
    match (operator, right) {
        (Operator::In, Expr::Literal(Literal::List(all))) => separated(out, '(', all, ')'),
        _ => operand(out, right, operator.level() + 1),
    }
}

impl Display for Call {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        for segment in &self.on {
            write!(out, "{segment}/")?;
        }
        out.write_str(&self.name)?;
        match &self.arguments {
            Arguments::Positional(all) => separated(out, '(', all, ')'),
            Arguments::Named(all) => {
                for (at, (name, value)) in all.iter().enumerate() {
                    write!(out, "{}{name}={value}", if at > 0 { ',' } else { '(' })?;
                }
                out.write_char(')')
            }
        }
    }
}

impl Display for Lambda {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}(", self.path.join("/"), self.quantifier.word())?;
        if let Some((variable, condition)) = &self.condition {
            write!(out, "{variable}:{condition}")?;
        }
        out.write_char(')')
    }
}

impl Display for Literal {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Literal::Null => out.write_str("null"),
            Literal::Bool(it) => it.fmt(out),
            Literal::Int(it) => it.fmt(out),
            Literal::Decimal(digits) => out.write_str(digits),
            Literal::Double(it) if it.is_nan() => out.write_str("NaN"),
            Literal::Double(it) if it.is_infinite() => out.write_str(if *it > 0.0 { "INF" } else { "-INF" }),
            Literal::Double(it) => write!(out, "{it:e}"),
            Literal::Text(text) => quoted(out, text),
            Literal::Guid(it) => it.fmt(out),
            Literal::Date(it) | Literal::DateTimeOffset(it) => out.write_str(&it.text),
            Literal::Duration(it) => write!(out, "duration'{it}'"),
            Literal::Enum { type_name, member } => {
                out.write_str(type_name)?;
                quoted(out, member)
            }
            Literal::List(all) => separated(out, '[', all, ']'),
            Literal::Object(all) => {
                out.write_char('{')?;
                for (at, (name, value)) in all.iter().enumerate() {
                    out.write_str(if at > 0 { "," } else { "" })?;
                    quoted(out, name)?;
                    write!(out, ":{value}")?;
                }
                out.write_char('}')
            }
        }
    }
}

fn quoted(out: &mut Formatter<'_>, text: &str) -> fmt::Result {
    out.write_char('\'')?;
    for (at, piece) in text.split('\'').enumerate() {
        out.write_str(if at > 0 { "''" } else { "" })?;
        out.write_str(piece)?;
    }
    out.write_char('\'')
}

fn separated<T: Display>(out: &mut Formatter<'_>, opening: char, all: &[T], closing: char) -> fmt::Result {
    out.write_char(opening)?;
    for (at, item) in all.iter().enumerate() {
        out.write_str(if at > 0 { "," } else { "" })?;
        item.fmt(out)?;
    }
    out.write_char(closing)
}
