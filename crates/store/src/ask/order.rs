//! The order of joined rows, column after column, and where a page of them starts.

use super::parts::{Part, Parts};
use crate::db::{Cell, Row};
use crate::query::{Sql, is_text, senseless};
use crate::records::cells;
use crate::records::order::{Order, sign, word};
use anyhow::Result;
use domain::ask::Place;
use domain::entity::{ColumnDef, EntityDef, FieldKind};
use domain::filter::Direction;
use domain::id::Guid;
use domain::record::Value;

/// One of the values that rows are ordered by.
struct Term<'a> {
    /// An expression.
    value: String,
    holds: Holds<'a>,
    direction: Direction,
    /// It is never empty.
    filled: bool,
}

enum Holds<'a> {
    Column(&'a EntityDef, Box<ColumnDef>),
    Key,
}

/// Together they tell any two rows apart.
pub(super) struct Terms<'a> {
    all: Vec<Term<'a>>,
    /// Which of them is the key of the outermost source; `None` when rows have none, and so can only be counted off.
    key: Option<usize>,
}

impl<'a> Terms<'a> {
    pub fn of(parts: &Parts<'a>) -> Result<Terms<'a>> {
        let root = parts.root();
        let mut all = Vec::new();
        for sort in &parts.ask.order {
            all.push(asked(parts, parts.named(&sort.alias)?, &sort.column, sort.direction)?);
        }
        if all.is_empty() && root.keyed {
            let usual = Order::usual(root.def)?;
            all.push(of_order(root, usual));
        }
        let last = parts.ask.order.last().map_or(Direction::Ascending, |it| it.direction);
        if !root.keyed {
            // Distinct rows are told apart by what they show.
            for part in &parts.all {
                all.extend(part.columns.iter().map(|it| shown(parts, part, it)));
            }
            return Ok(Terms { all, key: None });
        }
        let key = Some(all.len());
        all.push(of_key(parts, root, last));
        if parts.multiplies() {
            let others = parts.all[1..].iter().filter(|it| it.keyed);
            all.extend(others.map(|it| of_key(parts, it, last)));
        }
        Ok(Terms { all, key })
    }

    /// What to select, so that [`Terms::place`] can read it.
    pub fn selected(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|it| it.value.as_str())
    }

    /// ` ORDER BY …`.
    pub fn by(&self, sql: &mut Sql) {
        for (at, term) in self.all.iter().enumerate() {
            sql.push(if at == 0 { " ORDER BY " } else { ", " }).push(&term.value).push(" ");
            sql.push(word(term.direction)).push(if term.filled { "" } else { " NULLS LAST" });
        }
    }

    /// ` AND …`: the row comes behind that place. How many rows to leave out instead, when rows can only be counted off.
    pub fn behind(&self, sql: &mut Sql, after: Option<&Place>) -> Result<u32> {
        let Some(after) = after else { return Ok(0) };
        let Some(key) = self.key else { return counted(after) };
        let mut values = after.values.clone();
        if values.len() + 1 != self.all.len() {
            return senseless("No page begins there.".to_owned());
        }
        values.insert(key, Value::Bytes(after.id.as_bytes().to_vec()));
        let cells: Vec<Cell> =
            self.all.iter().zip(&values).map(|(term, value)| term.cell(value)).collect::<Result<_>>()?;
        if let (Some(first), Some(cell)) = (self.all.first().filter(|it| it.filled), cells.first()) {
            // The whole says so, too, but no planner sees it.
            sql.push(" AND ")
                .push(&first.value)
                .push(sign(first.direction).trim_end())
                .push("= ")
                .value(cell.clone());
        }
        sql.push(" AND ");
        let mut open = 0;
        for (at, (term, cell)) in self.all.iter().zip(cells).enumerate() {
            sql.push("(");
            term.behind(sql, &cell);
            if at + 1 < self.all.len() {
                sql.push(" OR (").push(&term.value);
                match cell {
                    Cell::Null => sql.push(" IS NULL"),
                    cell => sql.push(" = ").value(cell),
                };
                sql.push(" AND ");
            }
            open += 1;
        }
        sql.push(&"))".repeat(open - 1)).push(")");
        Ok(0)
    }

    /// The place of a row that shows these values from `at` on; it is the `number`th of all when rows are counted off.
    pub fn place(&self, row: &Row, at: usize, number: u32) -> Result<Place> {
        let Some(key) = self.key else {
            return Ok(Place { values: vec![Value::Int(number.into())], id: Guid::NIL });
        };
        let mut values = Vec::with_capacity(self.all.len());
        for (at, term) in (at..).zip(&self.all) {
            values.push(match &term.holds {
                Holds::Key if row.is_null(at) => Value::Null,
                Holds::Key => Value::Bytes(row.bytes(at)?.to_vec()),
                Holds::Column(_, column) => cells::decoded(column, row, at)?,
            });
        }
        values.remove(key);
        Ok(Place { values, id: row.guid(at + key)? })
    }
}

/// A place that says how many rows come before it.
pub(super) fn counted(place: &Place) -> Result<u32> {
    match place.values.as_slice() {
        [Value::Int(number)] => match u32::try_from(*number) {
            Ok(number) if number <= domain::ask::Ask::FARTHEST => Ok(number),
            _ => senseless(format!("At most {} of these rows are shown.", domain::ask::Ask::FARTHEST)),
        },
        _ => senseless("No page begins there.".to_owned()),
    }
}

impl Term<'_> {
    fn cell(&self, value: &Value) -> Result<Cell> {
        let cell = match (&self.holds, value) {
            (_, Value::Null) => Some(Cell::Null),
            (Holds::Key, Value::Bytes(bytes)) => Some(Cell::Bytes(bytes.clone())),
            (Holds::Key, _) => None,
            (Holds::Column(def, column), value) => cells::encoded(def, column, value).ok(),
        };
        cell.map_or_else(|| senseless("No page begins there.".to_owned()), Ok)
    }

    /// What is empty comes last.
    fn behind(&self, sql: &mut Sql, cell: &Cell) {
        if *cell == Cell::Null {
            sql.push("FALSE");
            return;
        }
        sql.push(&self.value).push(sign(self.direction)).value(cell.clone());
        if !self.filled {
            sql.push(" OR ").push(&self.value).push(" IS NULL");
        }
    }
}

fn asked<'a>(parts: &Parts<'a>, part: &Part<'a>, name: &str, direction: Direction) -> Result<Term<'a>> {
    let is_lookup = part.def.column(name).is_some_and(|it| it.kind == FieldKind::Lookup);
    if name == part.def.key_column() || is_lookup {
        let value = parts.rows(part).column(name);
        return Ok(Term { value, holds: Holds::Key, direction, filled: false });
    }
    Ok(of_order(part, Order::of(part.def, name, direction)?))
}

fn of_order<'a>(part: &Part<'a>, order: Order) -> Term<'a> {
    Term {
        value: order.value(&part.alias),
        direction: order.direction,
        filled: order.filled && !part.outer,
        holds: Holds::Column(part.def, Box::new(order.column)),
    }
}

fn of_key<'a>(parts: &Parts<'a>, part: &Part<'a>, direction: Direction) -> Term<'a> {
    Term { value: parts.rows(part).key(), holds: Holds::Key, direction, filled: !part.outer }
}

fn shown<'a>(parts: &Parts<'a>, part: &Part<'a>, column: &ColumnDef) -> Term<'a> {
    let holds = match column.kind {
        FieldKind::Lookup | FieldKind::Key => Holds::Key,
        _ => Holds::Column(part.def, Box::new(column.clone())),
    };
    let value = parts.rows(part).column(&column.name);
    Term { value, holds, direction: Direction::Ascending, filled: false }
}

/// What a column of a total is sorted by.
pub(super) fn sortable(kind: &FieldKind, place: &str) -> String {
    if is_text(kind) { format!("sortable({place})") } else { place.to_owned() }
}
