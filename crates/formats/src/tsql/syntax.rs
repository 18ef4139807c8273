//! The statement as values: which names it uses, not whether there are such.

use domain::ask::{DatePart, Function, JoinKind};
use domain::filter::Op;

use crate::question::Given;

#[derive(Debug, Default)]
pub(super) struct Select {
    pub distinct: bool,
    pub top: Option<u32>,
    pub items: Vec<Item>,
    pub from: Table,
    pub joins: Vec<Joined>,
    pub filter: Option<Condition>,
    pub groups: Vec<Term>,
    pub order: Vec<(Term, bool)>,
    pub offset: u32,
    pub fetch: Option<u32>,
}

#[derive(Debug, Default, Clone)]
pub(super) struct Table {
    pub entity: String,
    /// Its own name when it has no other.
    pub name: String,
}

#[derive(Debug)]
pub(super) struct Joined {
    pub kind: JoinKind,
    pub table: Table,
    pub on: Condition,
}

#[derive(Debug)]
pub(super) enum Item {
    /// `*`, perhaps of one table.
    All(Option<String>),
    Term(Term, Option<String>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Term {
    Column(Column),
    /// The column is missing in `COUNT(*)`.
    Total(Function, Option<Column>),
    Part(DatePart, Column),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub table: Option<String>,
    pub name: String,
}

#[derive(Debug)]
pub(super) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Compare(Column, Op, Given),
    Columns(Column, Op, Column),
    Like(Column, Given),
    In(Column, Vec<Given>),
    Between(Column, Given, Given),
    Null(Column),
}
