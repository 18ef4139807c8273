//! What FetchXML, OData and the SQL of the Web API share: which names a question may use, what its operators mean, what its
//! values are, and what the answer shows.

mod days;
mod field;
mod names;
mod operator;
mod place;
#[cfg(test)]
pub(crate) mod samples;
mod value;

pub use field::{Field, field};
pub(crate) use field::{found, nearest};
pub use operator::{Empty, Manner, Operator, condition};
pub(crate) use operator::{Look, compare_columns};
pub use place::{cookie, read_cookie, read_token, token};
pub use value::{Given, values};

use crate::odata::BadOData;
use domain::ask::{Ask, DatePart, Function};
use domain::entity::{EntityDef, FieldKind};
use std::fmt;

/// Bytes in one question. A longer text is refused before it is read.
pub const LONGEST: usize = 1_000_000;
/// Filters, elements or brackets inside each other.
pub const DEEPEST: usize = 90;
/// Types joined to the first one, at any depth (Dataverse has the same bound).
pub const MOST_JOINS: usize = 15;
/// Conditions in one question (Dataverse has the same bound).
pub const MOST_CONDITIONS: usize = 500;
/// Values in the lists of one question.
pub const MOST_VALUES: usize = 2_000;
/// Columns, groups and totals that are shown, and columns that are ordered by.
pub const MOST_SHOWN: usize = 500;
/// Rows on one page.
pub const MOST_ROWS: u32 = 5_000;

/// A question that cannot be asked. `Display` is a sentence for whoever wrote it; it quotes what they wrote, which may be
/// somebody's name: not for a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadQuery(pub String);

impl BadQuery {
    pub(crate) fn new(sentence: impl Into<String>) -> BadQuery {
        BadQuery(sentence.into())
    }
}

impl fmt::Display for BadQuery {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for BadQuery {}

impl From<BadOData> for BadQuery {
    fn from(bad: BadOData) -> BadQuery {
        BadQuery(bad.to_string())
    }
}

pub(crate) fn bad<T>(sentence: impl Into<String>) -> Result<T, BadQuery> {
    Err(BadQuery(sentence.into()))
}

/// What FetchXML or SQL asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Fetched {
    pub ask: Ask,
    /// What each row shows, in this order.
    pub outputs: Vec<Output>,
    /// From 1 on.
    pub page: u32,
    /// No more rows than these are wanted in all: there is no next page.
    pub top: Option<u32>,
    /// The number of all rows found is wanted beside the page.
    pub wants_total: bool,
}

/// One value of a row, and where the answer has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// What it is called, such as `name`, `c.fullname` or the name of a total. A column of the first type keeps its own
    /// name here, which the Web API writes `_name_value` when it is a lookup.
    pub name: String,
    /// The source it comes from ([`domain::ask::Source::alias`]).
    pub alias: String,
    pub entity: String,
    /// Empty when rows are counted.
    pub column: String,
    pub shown: Shown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// The column of a record: of `found.record`, or of the one in `found.joined` under the alias.
    Column,
    /// The column under a name that the question gave it.
    Named,
    /// In `found.record` under `name`: what a group has in common.
    Group(Option<DatePart>),
    /// In `found.record` under `name`: a number about a group.
    Measure(Function),
}

/// The columns that a question for all of them shows, the key first. What only the product itself compares is left out.
pub fn shown_columns(def: &EntityDef) -> Vec<String> {
    let columns = def.columns.iter().filter(|it| it.kind != FieldKind::Key).map(|it| it.name.clone());
    std::iter::once(def.key_column()).chain(columns).collect()
}

/// A name that somebody gave a part of the question; it comes back as the name of a property.
pub(crate) fn checked_name<'a>(name: &'a str, what: &str) -> Result<&'a str, BadQuery> {
    let is_plain = name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
    if !is_plain || name.is_empty() || name.len() > 100 || name.as_bytes()[0].is_ascii_digit() {
        return bad(format!(
            "{} is no {what}: it takes 1 to 100 letters, digits or _, and does not begin with a digit.",
            quoted(name)
        ));
    }
    Ok(name)
}

/// The beginning of a text for an error, in quotes.
pub(crate) fn quoted(text: &str) -> String {
    let short = text.chars().take(40).map(|it| if it.is_control() { '\u{fffd}' } else { it });
    let more = if text.chars().nth(40).is_some() { "…" } else { "" };
    format!("“{}{more}”", short.collect::<String>())
}

/// What function fits a column; the sentence says what it is good for.
pub(crate) fn fits(function: Function, field: &Field<'_>) -> Result<(), BadQuery> {
    use FieldKind::{Choices, Decimal, File, Float, Integer, Key, Lookup, Money};
    let is_number = matches!(field.kind, Integer | Money | Decimal | Float);
    let fits = match function {
        Function::Count | Function::CountColumn | Function::CountDistinct => field.kind != File,
        Function::Sum | Function::Average => is_number,
        Function::Min | Function::Max => {
            !matches!(field.kind, Lookup | Choices | Key | File | FieldKind::Boolean)
        }
    };
    let word = match function {
        Function::Sum => "summed",
        Function::Average => "averaged",
        Function::Min | Function::Max => "put in order",
        Function::Count | Function::CountColumn | Function::CountDistinct => "counted",
    };
    if fits { Ok(()) } else { bad(format!("{} cannot be {word}: it holds {}.", field.name, field.holds())) }
}
