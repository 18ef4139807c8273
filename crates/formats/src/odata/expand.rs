//! What is asked for and in which order: `$select`, `$orderby`, and `$expand` with options of its own.

use super::BadOData;
use super::cursor::Cursor;
use super::expr::{Expr, Values};
use super::parse;

/// A column, `*`, or a path: `primarycontactid/fullname`.
pub type ColumnPath = Vec<String>;

#[derive(Debug, Clone, PartialEq)]
pub struct OrderBy {
    pub by: Expr,
    pub direction: Direction,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Ascending,
    Descending,
}

/// One item of `$expand`.
#[derive(Debug, Clone, PartialEq)]
pub struct Expand {
    /// A relationship, mostly one segment; casts are segments too, and `*` may be the last.
    pub path: ColumnPath,
    pub of: ExpandOf,
    pub options: Box<ExpandOptions>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpandOf {
    /// The records themselves.
    Records,
    /// Their addresses alone: `/$ref`.
    References,
    /// Their number alone: `/$count`.
    Count,
}

/// What stands in brackets after an item of `$expand`, between semicolons.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ExpandOptions {
    pub select: Vec<ColumnPath>,
    pub filter: Option<Expr>,
    pub order_by: Vec<OrderBy>,
    pub top: Option<u64>,
    pub skip: Option<u64>,
    pub count: Option<bool>,
    pub expand: Vec<Expand>,
    pub levels: Option<Levels>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Levels {
    Number(u32),
    Max,
}

impl Expand {
    /// Puts values in the place of aliases, here and in what is nested.
    pub(super) fn resolve(&mut self, values: &mut Values) -> Result<(), BadOData> {
        let order_by = self.options.order_by.iter_mut().map(|it| &mut it.by);
        self.options.filter.iter_mut().chain(order_by).try_for_each(|it| values.put_into(it))?;
        self.options.expand.iter_mut().try_for_each(|it| it.resolve(values))
    }
}

/// Items between commas, at least one.
fn items<T>(cursor: &mut Cursor, item: fn(&mut Cursor) -> Result<T, BadOData>) -> Result<Vec<T>, BadOData> {
    cursor.spaces();
    let mut found = vec![item(cursor)?];
    while cursor.eat_spaced(',') {
        found.push(item(cursor)?);
    }
    cursor.spaces();
    Ok(found)
}

pub(super) fn select(cursor: &mut Cursor) -> Result<Vec<ColumnPath>, BadOData> {
    items(cursor, |cursor| column_path(cursor, "a column or *"))
}

pub(super) fn column_path(cursor: &mut Cursor, expected: &str) -> Result<ColumnPath, BadOData> {
    let mut path = Vec::new();
    loop {
        if cursor.eat('*') {
            path.push("*".to_owned());
            return Ok(path);
        }
        let name = cursor.peek_qualified();
        if name.is_empty() {
            return Err(cursor.expected(expected));
        }
        cursor.skip(name.len());
        // All of a namespace: `Microsoft.Dynamics.CRM.*`.
        if cursor.eat('.') {
            cursor.expect('*', "a name or * after the dot")?;
            path.push(format!("{name}.*"));
            return Ok(path);
        }
        path.push(name.to_owned());
        if !followed_by_name(cursor) {
            return Ok(path);
        }
        cursor.skip(1);
    }
}

/// A slash, but not the one of `/$ref` and `/$count`.
fn followed_by_name(cursor: &Cursor) -> bool {
    cursor.rest().starts_with('/') && !cursor.rest().starts_with("/$")
}

pub(super) fn order_by(cursor: &mut Cursor) -> Result<Vec<OrderBy>, BadOData> {
    items(cursor, |cursor| {
        let by = parse::expr(cursor)?;
        cursor.spaces();
        let direction = if cursor.eat_word("desc") {
            Direction::Descending
        } else {
            cursor.eat_word("asc");
            Direction::Ascending
        };
        Ok(OrderBy { by, direction })
    })
}

pub(super) fn expand(cursor: &mut Cursor) -> Result<Vec<Expand>, BadOData> {
    items(cursor, |cursor| {
        let path = column_path(cursor, "a relationship")?;
        let of = if cursor.eat('/') {
            // `followed_by_name` has seen the dollar sign, unless a star stands before the slash.
            match cursor.rest() {
                rest if rest.starts_with("$ref") => (ExpandOf::References, 4),
                rest if rest.starts_with("$count") => (ExpandOf::Count, 6),
                _ => return Err(cursor.expected("$ref or $count")),
            }
        } else {
            (ExpandOf::Records, 0)
        };
        cursor.skip(of.1);
        let mut options = Box::<ExpandOptions>::default();
        if cursor.eat('(') {
            cursor.deeper()?;
            nested(cursor, of.0, &mut options)?;
            cursor.shallower();
        }
        Ok(Expand { path, of: of.0, options })
    })
}

/// Behind the opening bracket, up to and with the closing one.
fn nested(cursor: &mut Cursor, of: ExpandOf, options: &mut ExpandOptions) -> Result<(), BadOData> {
    let mut seen: Vec<String> = Vec::new();
    loop {
        cursor.spaces();
        let begin = cursor.mark();
        cursor.eat('$');
        let name = cursor.peek_name().to_ascii_lowercase();
        cursor.skip(name.len());
        let is_fitting = match of {
            ExpandOf::Records => true,
            ExpandOf::References => !["select", "expand", "levels"].contains(&name.as_str()),
            ExpandOf::Count => name == "filter",
        };
        if !is_fitting || seen.contains(&name) || !cursor.eat('=') {
            cursor.back_to(begin);
            return Err(cursor.expected("an option that fits here, once, such as $select=name"));
        }
        match name.as_str() {
            "select" => options.select = select(cursor)?,
            "filter" => options.filter = Some(filter(cursor)?),
            "orderby" => options.order_by = order_by(cursor)?,
            "top" => options.top = Some(number(cursor)?),
            "skip" => options.skip = Some(number(cursor)?),
            "count" => options.count = Some(truth(cursor)?),
            "expand" => options.expand = expand(cursor)?,
            "levels" => options.levels = Some(levels(cursor)?),
            _ => {
                cursor.back_to(begin);
                let known = "$select, $filter, $orderby, $top, $skip, $count, $expand or $levels";
                return Err(cursor.expected(&format!("{known} inside $expand")));
            }
        }
        seen.push(name);
        cursor.spaces();
        if cursor.eat(')') {
            return Ok(());
        }
        if !cursor.eat(';') {
            return Err(match cursor.peek() {
                Some('&' | ',') => cursor.wrong("Between options inside $expand stands a semicolon"),
                _ => cursor.expected("';' or ')' after the option"),
            });
        }
    }
}

pub(super) fn filter(cursor: &mut Cursor) -> Result<Expr, BadOData> {
    cursor.spaces();
    let filter = parse::expr(cursor)?;
    cursor.spaces();
    if cursor.is_at_end() || matches!(cursor.peek(), Some(')' | ';' | ',')) {
        return Ok(filter);
    }
    Err(parse::unexpected(cursor))
}

pub(super) fn truth(cursor: &mut Cursor) -> Result<bool, BadOData> {
    if cursor.eat_word("true") {
        return Ok(true);
    }
    if cursor.eat_word("false") { Ok(false) } else { Err(cursor.expected("true or false")) }
}

pub(super) fn number(cursor: &mut Cursor) -> Result<u64, BadOData> {
    let rest = cursor.rest();
    let digits = &rest[..rest.len() - rest.trim_start_matches(|it: char| it.is_ascii_digit()).len()];
    let number = digits.parse().map_err(|_| cursor.expected("a whole number"))?;
    cursor.skip(digits.len());
    Ok(number)
}

fn levels(cursor: &mut Cursor) -> Result<Levels, BadOData> {
    if cursor.eat_word("max") {
        return Ok(Levels::Max);
    }
    let begins = cursor.rest().starts_with(|it: char| ('1'..='9').contains(&it));
    let number = if begins { u32::try_from(number(cursor)?).ok() } else { None };
    number.map(Levels::Number).ok_or_else(|| cursor.expected("a number of levels from 1 on, or max"))
}

#[cfg(test)]
#[path = "expand_tests.rs"]
mod tests;
