//! What stands between the service root and the question mark: `accounts(…)/contact_customer_accounts/$count`.

use super::cursor::{Cursor, is_name};
use super::literal::{self, Literal};
use super::parse::MOST_NAMED;
use super::percent::{Plus, decode};
use super::{BadOData, refuse_long};

/// No segments name the service itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Path {
    pub segments: Vec<Segment>,
}

/// One step: a table, a relationship, a column, a cast, a function or action, `$metadata`, `$batch`, `$ref`,
/// `$value`, `$count`, or as the first one the answer to an earlier request of a batch, `$1`.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    pub name: String,
    pub keys: Keys,
}

/// What stands in brackets after a name: the key of a record, or the arguments of a function.
#[derive(Debug, Clone, PartialEq)]
pub enum Keys {
    /// No brackets.
    None,
    /// `()`.
    Empty,
    /// `(01902d3c-…)` or `('x')`.
    Single(Value),
    /// `(accountnumber='x',name='y')` or `(Target=@p1)`: at least one, no name twice.
    Named(Vec<(String, Value)>),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Literal(Literal),
    /// `@p1`, with its sign; the query says what it is.
    Alias(String),
}

const MOST_SEGMENTS: usize = 100;

/// Reads the raw path, percent-encoded as it came. A slash at the end says nothing; one inside a quoted key is written
/// %2F (OData URL Conventions 2: the path is split before it is decoded).
pub fn parse(path_after_root: &str) -> Result<Path, BadOData> {
    refuse_long(path_after_root)?;
    let path = path_after_root.strip_prefix('/').unwrap_or(path_after_root);
    let path = path.strip_suffix('/').unwrap_or(path);
    let mut segments: Vec<Segment> = Vec::new();
    if path.is_empty() {
        return Ok(Path { segments });
    }
    let mut at = 0;
    for raw in path.split('/') {
        let place = |it: BadOData| BadOData { at: it.at + at, ..it };
        if let Some(last) = segments.last().filter(|it| ENDINGS.contains(&it.name.as_str())) {
            return Err(BadOData::new(at, format!("Nothing can follow {} in the path", last.name)));
        }
        if segments.len() == MOST_SEGMENTS {
            return Err(BadOData::new(at, format!("The path has more than {MOST_SEGMENTS} segments")));
        }
        let decoded = decode(raw, Plus::Itself).map_err(place)?;
        segments.push(segment(&decoded, segments.is_empty()).map_err(place)?);
        at += raw.chars().count() + 1;
    }
    Ok(Path { segments })
}

/// What ends a path.
const ENDINGS: [&str; 5] = ["$count", "$ref", "$value", "$metadata", "$batch"];
/// What OData has and Dataverse has not; as the first segment it would be taken for a request of a batch.
const UNKNOWN: [&str; 4] = ["$all", "$crossjoin", "$entity", "$root"];

fn segment(text: &str, is_first: bool) -> Result<Segment, BadOData> {
    let mut cursor = Cursor::new(text);
    let name = if text.starts_with('$') { special(&cursor, is_first)? } else { cursor.peek_qualified() };
    if name.is_empty() {
        return Err(cursor.expected("a name (keys stand in brackets after the table: accounts(…))"));
    }
    cursor.skip(name.len());
    let keys = if cursor.eat('(') { keys(&mut cursor)? } else { Keys::None };
    if cursor.is_at_end() {
        return Ok(Segment { name: name.to_owned(), keys });
    }
    Err(cursor.expected(if keys == Keys::None {
        "'(', '/' or the end of the path"
    } else {
        "'/' or the end of the path"
    }))
}

fn special<'a>(cursor: &Cursor<'a>, is_first: bool) -> Result<&'a str, BadOData> {
    let text = cursor.rest();
    let is_token = |it: char| is_name(it) || matches!(it, '-' | '.' | '~');
    // RFC 3986's unreserved characters make a Content-ID that can be referred to.
    let is_reference = is_first && text.len() > 1 && text[1..].chars().all(is_token);
    let is_known = match text {
        "$metadata" | "$batch" => is_first,
        "$count" | "$ref" | "$value" => !is_first,
        _ => is_reference && !UNKNOWN.contains(&text),
    };
    if is_known {
        return Ok(text);
    }
    Err(cursor.expected(
        "a name, $metadata, $batch or the Content-ID of a request, or at the end $count, $ref or $value",
    ))
}

/// Behind the opening bracket.
fn keys(cursor: &mut Cursor) -> Result<Keys, BadOData> {
    cursor.spaces();
    if cursor.eat(')') {
        return Ok(Keys::Empty);
    }
    let mut named: Vec<(String, Value)> = Vec::new();
    loop {
        let begin = cursor.mark();
        let name = cursor.peek_name();
        cursor.skip(name.len());
        if name.is_empty() || !cursor.eat_spaced('=') {
            cursor.back_to(begin);
            break;
        }
        if named.iter().any(|it| it.0 == name) || named.len() == MOST_NAMED {
            cursor.back_to(begin);
            return Err(cursor.expected(&format!("each name once in the brackets, and at most {MOST_NAMED}")));
        }
        named.push((name.to_owned(), value(cursor)?));
        if !cursor.eat_spaced(',') {
            return closed(cursor, Keys::Named(named));
        }
    }
    if !named.is_empty() {
        return Err(cursor.expected("the next column or parameter with its value, such as name='x'"));
    }
    let single = value(cursor)?;
    closed(cursor, Keys::Single(single))
}

fn closed(cursor: &mut Cursor, keys: Keys) -> Result<Keys, BadOData> {
    cursor.spaces();
    cursor.expect(')', "')' to close the bracket (a slash inside a key is written %2F)")?;
    Ok(keys)
}

fn value(cursor: &mut Cursor) -> Result<Value, BadOData> {
    if !cursor.eat('@') {
        return literal::literal(cursor).map(Value::Literal);
    }
    let name = cursor.name("the name of an alias, such as @p1")?;
    Ok(Value::Alias(format!("@{name}")))
}

#[cfg(test)]
#[path = "path_tests.rs"]
mod tests;
