//! Which records, in which order, how many: a question as a value.

use crate::id::Guid;
use crate::record::Value;

#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// All of them hold; the empty list holds always.
    All(Vec<Filter>),
    /// At least one holds; the empty list never does.
    Any(Vec<Filter>),
    Not(Box<Filter>),
    /// Texts are compared as [`crate::text::alike`] says, large and small letters alike.
    Compare {
        column: String,
        op: Op,
        value: Value,
    },
    In {
        column: String,
        values: Vec<Value>,
    },
    Null {
        column: String,
    },
    /// Each word begins one of the record's searchable words (quick find).
    Words(Vec<String>),
    /// A text of this shape, large and small letters alike. What is empty has no shape.
    Like {
        column: String,
        shape: Shape,
    },
    /// Two columns of the same record, of the same kind.
    Columns {
        left: String,
        op: Op,
        right: String,
    },
    /// At least one of these choices is among those of the column.
    HasChoice {
        column: String,
        values: Vec<i64>,
    },
    /// There is a record of `entity`, which the asker may read, whose column `from` holds what our column `to` does, and
    /// which passes the filter. Along a lookup (`from` its key, `to` the lookup) or back (`from` the lookup, `to` our key).
    Exists {
        entity: String,
        from: String,
        to: String,
        filter: Box<Filter>,
    },
    /// The filter holds for the record that stands beside ours under this alias ([`crate::ask::Source::alias`]).
    Beside {
        alias: String,
        filter: Box<Filter>,
    },
}

/// What a text looks like. Letters are compared folded ([`crate::text::alike`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    Begins(String),
    Ends(String),
    Contains(String),
    /// `%` stands for any text, `_` for one character; `[%]`, `[_]`, `[[]` for themselves (FetchXML `like`).
    Pattern(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

impl Filter {
    pub fn everything() -> Filter {
        Filter::All(vec![])
    }

    /// The types that [`Filter::Exists`] speaks of, at any depth.
    pub fn types<'a>(&'a self, types: &mut Vec<&'a str>) {
        match self {
            Filter::All(filters) | Filter::Any(filters) => filters.iter().for_each(|it| it.types(types)),
            Filter::Not(filter) | Filter::Beside { filter, .. } => filter.types(types),
            Filter::Exists { entity, filter, .. } => {
                types.push(entity);
                filter.types(types);
            }
            _ => {}
        }
    }

    pub fn eq(column: &str, value: impl Into<Value>) -> Filter {
        Filter::Compare { column: column.to_owned(), op: Op::Eq, value: value.into() }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Ascending,
    Descending,
}

/// Where the next page starts: behind the record with this value in the order's column and this key.
#[derive(Debug, Clone, PartialEq)]
pub struct After {
    pub value: Value,
    pub id: Guid,
}

/// A page of records of one type. Pages go by key, never by offset (decision 7).
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    pub entity: String,
    pub filter: Filter,
    /// One column; the record's key settles ties. The primary column is ordered by its folded text.
    pub order: (String, Direction),
    pub after: Option<After>,
    pub limit: u32,
}

impl Query {
    pub fn of(entity: &str) -> Query {
        Query {
            entity: entity.to_owned(),
            filter: Filter::everything(),
            order: ("createdon".to_owned(), Direction::Descending),
            after: None,
            limit: 50,
        }
    }

    pub fn filter(mut self, filter: Filter) -> Query {
        self.filter = filter;
        self
    }

    pub fn order(mut self, column: &str, direction: Direction) -> Query {
        self.order = (column.to_owned(), direction);
        self
    }

    pub fn limit(mut self, limit: u32) -> Query {
        self.limit = limit;
        self
    }
}
