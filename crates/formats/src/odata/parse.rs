//! Reads an expression by recursive descent. Depth is counted, chains of `and` and `or` are flat, and no place of the
//! text is read twice but for a word: time and stack are bounded by the text.

use super::cursor::Cursor;
use super::expr::{Arguments, Call, Expr, Lambda, Operator, Quantifier};
use super::literal::{self, Literal};
use super::{BadOData, refuse_long};

/// An expression alone, already percent-decoded: `name eq 'x' and statecode in (0,1)`.
pub fn parse(text: &str) -> Result<Expr, BadOData> {
    refuse_long(text)?;
    let mut cursor = Cursor::new(text);
    cursor.spaces();
    let expr = expr(&mut cursor)?;
    cursor.spaces();
    if cursor.is_at_end() { Ok(expr) } else { Err(unexpected(&cursor)) }
}

/// What stands behind an expression that should have ended; some mistakes are known by name.
pub(super) fn unexpected(cursor: &Cursor) -> BadOData {
    let rest = cursor.rest();
    let instead = [
        ("==", "eq"),
        ("!=", "ne"),
        (">=", "ge"),
        ("<=", "le"),
        ("=", "eq"),
        (">", "gt"),
        ("<", "lt"),
        ("&&", "and"),
    ];
    match instead.iter().find(|it| rest.starts_with(it.0)) {
        Some((sign, word)) => cursor.wrong(format!("Write “{word}” instead of “{sign}”")),
        None => cursor.expected("an operator (eq, ne, gt, ge, lt, le, in, and, or, …) or the end"),
    }
}

// Between one bracket and the next stand few calls with small frames: operators wait in a list, not on the stack.

pub(super) fn expr(cursor: &mut Cursor) -> Result<Expr, BadOData> {
    let mut any = Vec::new();
    let mut all = Vec::new();
    loop {
        all.push(comparison(cursor)?);
        if eat_operator(cursor, "and") {
            continue;
        }
        any.push(joined(std::mem::take(&mut all), Expr::And));
        if !eat_operator(cursor, "or") {
            return Ok(joined(any, Expr::Or));
        }
    }
}

fn joined(mut operands: Vec<Expr>, join: fn(Vec<Expr>) -> Expr) -> Expr {
    match operands.pop() {
        Some(only) if operands.is_empty() => only,
        last => {
            operands.extend(last);
            join(operands)
        }
    }
}

/// The word with space around it; nothing is stepped over when another stands here.
fn eat_operator(cursor: &mut Cursor, word: &str) -> bool {
    let mark = cursor.mark();
    cursor.spaces();
    if cursor.eat_word(word) {
        cursor.spaces();
        return true;
    }
    cursor.back_to(mark);
    false
}

/// Comparisons and arithmetic: what binds tighter is joined first, what binds alike from left to right.
fn comparison(cursor: &mut Cursor) -> Result<Expr, BadOData> {
    let mut waiting: Vec<(Expr, Operator)> = Vec::new();
    let mut right = signed(cursor)?;
    loop {
        let next = peek_operator(cursor);
        let is_due = |it: &mut (Expr, Operator)| next.is_none_or(|next| it.1.level() >= next.level());
        while let Some((left, operator)) = waiting.pop_if(is_due) {
            right = binary(cursor, left, operator, right)?;
        }
        let Some(next) = next else { return Ok(right) };
        eat_operator(cursor, next.word());
        waiting.push((right, next));
        right = signed(cursor)?;
    }
}

fn binary(cursor: &mut Cursor, left: Expr, operator: Operator, right: Expr) -> Result<Expr, BadOData> {
    if matches!(&left, Expr::Binary(inner, ..) if inner.level() == operator.level()) {
        cursor.link()?;
    }
    Ok(Expr::Binary(operator, Box::new(left), Box::new(right)))
}

fn peek_operator(cursor: &mut Cursor) -> Option<Operator> {
    let mark = cursor.mark();
    cursor.spaces();
    let word = cursor.peek_name();
    cursor.back_to(mark);
    Operator::ALL.into_iter().find(|it| it.word().eq_ignore_ascii_case(word))
}

/// An operand with its `has` and `in`, which bind tighter than signs.
fn tested(cursor: &mut Cursor) -> Result<Expr, BadOData> {
    let mut left = primary(cursor)?;
    loop {
        let Some(operator @ (Operator::Has | Operator::In)) = peek_operator(cursor) else { return Ok(left) };
        eat_operator(cursor, operator.word());
        let right = if operator == Operator::In { list(cursor)? } else { primary(cursor)? };
        left = binary(cursor, left, operator, right)?;
    }
}

/// Right of `in`: `('a','b')`, a JSON array or an alias.
fn list(cursor: &mut Cursor) -> Result<Expr, BadOData> {
    match cursor.peek() {
        Some('(') => {
            cursor.deeper()?;
            cursor.skip(1);
            let all = literal::elements(cursor, ')', "',' or ')' in the list", literal::literal)?;
            cursor.shallower();
            Ok(Expr::Literal(Literal::List(all)))
        }
        Some('[') => literal::literal(cursor).map(Expr::Literal),
        Some('@') => alias(cursor),
        _ => Err(cursor.expected("a list of values in brackets, such as ('a','b')")),
    }
}

/// `not` and the minus sign bind tighter than `mul`, and looser than `has` and `in`.
fn signed(cursor: &mut Cursor) -> Result<Expr, BadOData> {
    if cursor.peek_name().eq_ignore_ascii_case("not") {
        let mark = cursor.mark();
        cursor.skip(3);
        if matches!(cursor.peek(), Some(' ' | '\t' | '\r' | '\n' | '(')) {
            return sign(cursor, Expr::Not);
        }
        cursor.back_to(mark);
    }
    if cursor.peek() == Some('-') && !literal::is_negative_number(cursor.rest()) {
        cursor.skip(1);
        return sign(cursor, Expr::Negate);
    }
    tested(cursor)
}

fn sign(cursor: &mut Cursor, wrap: fn(Box<Expr>) -> Expr) -> Result<Expr, BadOData> {
    cursor.spaces();
    cursor.deeper()?;
    let inner = signed(cursor)?;
    cursor.shallower();
    Ok(wrap(Box::new(inner)))
}

fn primary(cursor: &mut Cursor) -> Result<Expr, BadOData> {
    match cursor.peek() {
        Some('(') => bracket(cursor),
        Some('@') => alias(cursor),
        _ => match literal::try_literal(cursor)? {
            Some(literal) => Ok(Expr::Literal(literal)),
            None => member(cursor),
        },
    }
}

fn bracket(cursor: &mut Cursor) -> Result<Expr, BadOData> {
    cursor.deeper()?;
    cursor.skip(1);
    cursor.spaces();
    let inner = expr(cursor)?;
    cursor.spaces();
    close_bracket(cursor)?;
    Ok(inner)
}

fn close_bracket(cursor: &mut Cursor) -> Result<(), BadOData> {
    if !matches!(cursor.peek(), None | Some(')' | ',')) {
        return Err(unexpected(cursor));
    }
    cursor.expect(')', "')' to close the bracket")?;
    cursor.shallower();
    Ok(())
}

fn alias(cursor: &mut Cursor) -> Result<Expr, BadOData> {
    let begin = cursor.mark();
    cursor.skip(1);
    let name = cursor.name("the name of an alias, such as @p1")?;
    if matches!(cursor.peek(), Some('/' | '.')) {
        cursor.back_to(begin);
        return Err(
            cursor.expected("an alias that stands alone (annotations and paths from an alias are not known)")
        );
    }
    Ok(Expr::Alias(format!("@{name}")))
}

const EXPECTED: &str = "a column, a function or a value";

/// A path, which may end in a call or a lambda.
fn member(cursor: &mut Cursor) -> Result<Expr, BadOData> {
    if is_bare_operator(cursor) {
        return Err(cursor.expected(EXPECTED));
    }
    let mut path: Vec<String> = Vec::new();
    loop {
        let segment = segment(cursor, path.is_empty())?;
        if cursor.peek() == Some('(') {
            return called(cursor, path, segment);
        }
        let is_last = segment == "$count";
        path.push(segment);
        if is_last || !cursor.eat('/') {
            return Ok(Expr::Path(path));
        }
    }
}

/// An operator where an operand should stand, as in `name eq and`.
fn is_bare_operator(cursor: &Cursor) -> bool {
    let found = cursor.peek_name();
    let mut words = ["and", "or", "not"].into_iter().chain(Operator::ALL.into_iter().map(Operator::word));
    words.any(|it| it.eq_ignore_ascii_case(found))
        && !cursor.rest()[found.len()..].starts_with(['/', '(', '.'])
}

fn segment(cursor: &mut Cursor, is_first: bool) -> Result<String, BadOData> {
    let rest = cursor.rest();
    let special = rest.starts_with('$').then(|| {
        let end = rest[1..].find(|it: char| !super::cursor::is_name(it)).map_or(rest.len(), |it| it + 1);
        &rest[..end]
    });
    let name = match special {
        Some(name @ ("$it" | "$this")) if is_first => name,
        Some(name @ "$count") => name,
        Some(_) => {
            return Err(
                cursor.expected("a column or a relationship (of the words with $, $it and $count are known)")
            );
        }
        None => cursor.peek_qualified(),
    };
    if name.is_empty() {
        return Err(cursor.expected(EXPECTED));
    }
    cursor.skip(name.len());
    if cursor.peek() == Some('.') {
        return Err(cursor.expected("a name after the dot"));
    }
    Ok(name.to_owned())
}

fn called(cursor: &mut Cursor, path: Vec<String>, name: String) -> Result<Expr, BadOData> {
    if name.starts_with('$') {
        return Err(cursor.wrong(format!("{name} takes no brackets")));
    }
    cursor.deeper()?;
    cursor.skip(1);
    cursor.spaces();
    let found = match name.as_str() {
        "any" => lambda(cursor, path, Quantifier::Any)?,
        "all" => lambda(cursor, path, Quantifier::All)?,
        _ => Expr::Call(Call { on: path, name, arguments: arguments(cursor)? }),
    };
    close_call(cursor)?;
    Ok(found)
}

fn close_call(cursor: &mut Cursor) -> Result<(), BadOData> {
    cursor.spaces();
    cursor.expect(')', "')' to close the call")?;
    cursor.shallower();
    if cursor.peek() == Some('/') {
        return Err(cursor.expected("nothing after a call (a path from a function's result is not known)"));
    }
    Ok(())
}

fn lambda(cursor: &mut Cursor, path: Vec<String>, quantifier: Quantifier) -> Result<Expr, BadOData> {
    let Some(variable) = variable(cursor, &path, quantifier)? else {
        return Ok(Expr::Lambda(Lambda { path, quantifier, condition: None }));
    };
    let condition = Some((variable, Box::new(expr(cursor)?)));
    Ok(Expr::Lambda(Lambda { path, quantifier, condition }))
}

/// The variable and its colon; `None` in `any()`.
fn variable(
    cursor: &mut Cursor,
    path: &[String],
    quantifier: Quantifier,
) -> Result<Option<String>, BadOData> {
    let word = quantifier.word();
    if path.is_empty() {
        return Err(cursor
            .wrong(format!("Before {word}(…) stands a relationship: contact_customer_accounts/{word}(…)")));
    }
    if quantifier == Quantifier::Any && cursor.peek() == Some(')') {
        return Ok(None);
    }
    let variable = cursor.name("a variable and a condition, such as c:c/name eq 'x'")?.to_owned();
    cursor.spaces();
    cursor.expect(':', "':' after the variable")?;
    cursor.spaces();
    Ok(Some(variable))
}

fn arguments(cursor: &mut Cursor) -> Result<Arguments, BadOData> {
    if cursor.peek() == Some(')') {
        return Ok(Arguments::Positional(Vec::new()));
    }
    if peek_argument(cursor).is_some() {
        return named(cursor).map(Arguments::Named);
    }
    let mut all = vec![expr(cursor)?];
    while cursor.eat_spaced(',') {
        all.push(expr(cursor)?);
    }
    Ok(Arguments::Positional(all))
}

fn named(cursor: &mut Cursor) -> Result<Vec<(String, Expr)>, BadOData> {
    let mut all: Vec<(String, Expr)> = Vec::new();
    loop {
        let name = argument_name(cursor, &all)?;
        all.push((name, expr(cursor)?));
        if !cursor.eat_spaced(',') {
            return Ok(all);
        }
    }
}

/// The name and its equals sign.
fn argument_name(cursor: &mut Cursor, before: &[(String, Expr)]) -> Result<String, BadOData> {
    let Some(name) = peek_argument(cursor) else {
        return Err(cursor.expected("the next argument with its name, such as PropertyValue=7"));
    };
    // Functions have a handful of parameters: looking through all of them stays cheap within this bound.
    if before.iter().any(|it| it.0 == name) || before.len() == MOST_NAMED {
        return Err(cursor.expected(&format!("each argument once, and at most {MOST_NAMED}")));
    }
    cursor.skip(name.len());
    cursor.eat_spaced('=');
    Ok(name.to_owned())
}

pub(super) const MOST_NAMED: usize = 100;

/// A name that an equals sign follows.
fn peek_argument<'a>(cursor: &Cursor<'a>) -> Option<&'a str> {
    let name = cursor.peek_name();
    let behind = cursor.rest()[name.len()..].trim_start_matches(' ');
    (!name.is_empty() && behind.starts_with('=')).then_some(name)
}
