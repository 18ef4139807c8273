//! OData 4.0 as Dataverse and its clients speak it: what strangers write in URLs, batches and headers, as values.
//! Syntax alone: whether a name is a column, a relationship or nothing at all is decided by whoever has the definitions.

pub mod apply;
pub mod batch;
pub mod bind;
mod cursor;
pub mod expand;
pub mod expr;
pub mod literal;
mod moment;
pub mod options;
mod parse;
pub mod path;
mod percent;
pub mod prefer;
mod print;

pub use expr::Expr;
pub use literal::Literal;
pub use options::Options;
pub use path::Path;

use std::fmt;

/// Bytes in one URL or expression. A longer text is refused before it is read.
pub const LONGEST: usize = 1_000_000;

/// Brackets, calls and signs inside each other. What is deeper is refused. Precedence can put seven operators into each
/// bracket: a tree is at most some 700 high, and whoever walks it needs that much stack.
pub const DEEPEST: usize = 100;

/// A text that is not OData, or none that Dataverse would take. `Display` is a sentence for whoever wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadOData {
    /// How many characters of the decoded text (the option's value, the path's segment, the batch) were fine.
    pub at: usize,
    /// What is expected or wrong, without a full stop. It quotes at most 20 characters of the text, which may be
    /// somebody's name: for the client's eyes, not for a log.
    pub what: String,
}

impl BadOData {
    fn new(at: usize, what: impl Into<String>) -> BadOData {
        BadOData { at, what: what.into() }
    }

    /// The same complaint with its place before it: `$filter: …`.
    fn within(self, place: &str) -> BadOData {
        BadOData { at: self.at, what: format!("{}: {}", excerpt(place), self.what) }
    }
}

impl fmt::Display for BadOData {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} (at character {}).", self.what, self.at + 1)
    }
}

impl std::error::Error for BadOData {}

/// The beginning of a text, for an error: at most 20 characters, none of them a control character.
fn excerpt(text: &str) -> String {
    let mut short: String =
        text.chars().take(20).map(|it| if it.is_control() { '\u{fffd}' } else { it }).collect();
    if text.chars().nth(20).is_some() {
        short.push('…');
    }
    short
}

fn refuse_long(text: &str) -> Result<(), BadOData> {
    if text.len() > LONGEST {
        return Err(BadOData::new(
            0,
            format!("The text has {} bytes; at most {LONGEST} are read", text.len()),
        ));
    }
    Ok(())
}
