//! A question over several types at once, as a value: OData, FetchXML, the SQL of the Web API and saved views all become
//! one of these, and the store answers it within what the asker may read.

use crate::filter::{After, Direction, Filter};
use crate::record::{Record, Value};
use std::collections::BTreeMap;

/// Records of one type, joined with others where wanted, in an order, page by page; or numbers about them.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    pub source: Source,
    pub order: Vec<Sort>,
    /// Rows that show the same are given once.
    pub distinct: bool,
    /// `None`: the records themselves.
    pub totals: Option<Totals>,
    pub limit: u32,
    /// Rows to leave out at the start; only languages that know no better ask for it. At most [`Ask::FARTHEST`].
    pub skip: u32,
    pub after: Option<Place>,
    /// Also count all that match, up to [`Ask::COUNTED`].
    pub count: bool,
}

/// Where the next page starts: behind the row that showed these values in the order's columns, with this key.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    pub values: Vec<Value>,
    pub id: crate::id::Guid,
}

/// The records of one type under a name of their own.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    pub entity: String,
    /// By this name other parts of the question speak of it. No two sources share one.
    pub alias: String,
    pub columns: Pick,
    pub filter: Filter,
    pub joins: Vec<Join>,
}

/// Which columns are wanted. The key and the version always come along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pick {
    All,
    These(Vec<String>),
}

/// Records of another type where a column of theirs holds what a column of ours does: one of them a lookup, the other
/// the key it leads to, or two lookups. Rows multiply as in SQL.
#[derive(Debug, Clone, PartialEq)]
pub struct Join {
    pub kind: JoinKind,
    /// The column in `source`.
    pub from: String,
    /// The column in the source that joins.
    pub to: String,
    pub source: Source,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoinKind {
    /// Rows without a partner are left out.
    Inner,
    /// They stay, with nothing beside them.
    Outer,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Sort {
    /// The source it speaks of; the name of a total when there are totals.
    pub alias: String,
    /// Empty when it is the name of a total.
    pub column: String,
    pub direction: Direction,
}

/// Numbers about groups of records; without groups about all of them, which gives one row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Totals {
    pub groups: Vec<Group>,
    pub measures: Vec<Measure>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// What the group's value is called in the answer.
    pub name: String,
    pub alias: String,
    pub column: String,
    /// Of a date: only this part of it, in UTC, as a number.
    pub part: Option<DatePart>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatePart {
    Year,
    Quarter,
    Month,
    Week,
    Day,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    pub name: String,
    pub alias: String,
    /// Empty for [`Function::Count`].
    pub column: String,
    pub function: Function,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// Rows.
    Count,
    /// Rows where the column is not empty.
    CountColumn,
    CountDistinct,
    Sum,
    Average,
    Min,
    Max,
}

/// One page of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub rows: Vec<Found>,
    pub next: Option<Place>,
    /// When it was asked for.
    pub count: Option<u64>,
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Of totals: a record without a key, whose values are groups and measures by their names.
    pub record: Record,
    /// What stands beside it, by the alias of its source; missing where an outer join found nothing.
    pub joined: BTreeMap<String, Record>,
}

impl Ask {
    /// More rows are never counted (9.8 has the same bound).
    pub const COUNTED: u32 = 5_000;
    pub const FARTHEST: u32 = 50_000;

    pub fn of(entity: &str) -> Ask {
        Ask {
            source: Source::of(entity, "t"),
            order: vec![],
            distinct: false,
            totals: None,
            limit: 5_000,
            skip: 0,
            after: None,
            count: false,
        }
    }
}

impl Source {
    pub fn of(entity: &str, alias: &str) -> Source {
        Source {
            entity: entity.to_owned(),
            alias: alias.to_owned(),
            columns: Pick::All,
            filter: Filter::everything(),
            joins: vec![],
        }
    }

    /// This source and all that join it, itself first.
    pub fn all(&self) -> Vec<&Source> {
        let mut all = vec![self];
        all.extend(self.joins.iter().flat_map(|it| it.source.all()));
        all
    }

    /// Every type the question touches, also in the filters: a scope is needed for each.
    pub fn types(&self) -> Vec<&str> {
        let mut types: Vec<&str> = Vec::new();
        for source in self.all() {
            types.push(&source.entity);
            source.filter.types(&mut types);
        }
        types.sort_unstable();
        types.dedup();
        types
    }
}

/// An answer that hangs below each row of another: `$expand`. Asked once for a whole page.
#[derive(Debug, Clone, PartialEq)]
pub struct Expand {
    /// The property that holds it.
    pub name: String,
    pub way: Way,
    /// Without `after`; its limit is one per row above.
    pub ask: Ask,
    pub expand: Vec<Expand>,
    /// Only the addresses of the records are wanted.
    pub only_ref: bool,
}

/// How to get from a record to others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// Along a lookup of the record's, to at most one.
    One { column: String, target: String },
    /// Back along a lookup of theirs.
    Many { entity: String, column: String },
    /// Through the type that ties two others together, from its lookup `here` to its lookup `there`.
    Across { intersect: String, here: String, there: String, entity: String },
}

impl From<&After> for Place {
    fn from(after: &After) -> Place {
        Place { values: vec![after.value.clone()], id: after.id }
    }
}

/// What the words of a question that speak of its asker mean: “my”, “my team's”, “today”.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asker {
    pub user: crate::id::Guid,
    pub unit: crate::id::Guid,
    pub teams: Vec<crate::id::Guid>,
    pub now: crate::time::Timestamp,
    /// How far the clock on the asker's wall is ahead of UTC, in minutes: days begin at its midnight.
    pub ahead_of_utc: i32,
}
