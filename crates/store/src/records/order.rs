//! What a page is ordered by, and where it starts.

use super::cells;
use crate::db::Cell;
use crate::ddl::has_sortkey;
use crate::query::{Sql, column_of, is_text, senseless};
use crate::scope;
use anyhow::Result;
use domain::entity::{ColumnDef, EntityDef, FieldKind};
use domain::filter::{After, Direction};

pub(crate) struct Order {
    /// The column in the table: the sort key stands for the primary column.
    pub name: String,
    /// What it holds; of texts, what they are sorted by.
    pub column: ColumnDef,
    /// It is never empty, and so an index can be walked.
    pub filled: bool,
    pub direction: Direction,
}

impl Order {
    /// Fails with [`crate::query::Senseless`] for a column that the type does not have, or that has no order.
    pub fn of(def: &EntityDef, name: &str, direction: Direction) -> Result<Order> {
        let mut column = column_of(def, name)?.clone();
        if matches!(column.kind, FieldKind::Lookup | FieldKind::Key | FieldKind::File) {
            return senseless(format!("{}.{name} has no order.", def.name));
        }
        let by_sortkey = name == def.primary && has_sortkey(def);
        if is_text(&column.kind) {
            // What texts are sorted by is never cut to the column.
            column.max = None;
        }
        let name = if by_sortkey { "sortkey" } else { name };
        let filled = by_sortkey
            || (matches!(name, "createdon" | "modifiedon") && has_sortkey(def))
            || (name == "sortdate" && scope::is_twin(def));
        Ok(Order { name: name.to_owned(), column, filled, direction })
    }

    /// The order that lists of this type are walked in when nobody asks for one: the oldest first.
    pub fn usual(def: &EntityDef) -> Result<Order> {
        let name = if scope::is_twin(def) { "sortdate" } else { "createdon" };
        Order::of(def, name, Direction::Ascending)
    }

    /// The value to sort by, of the rows called `alias`. Texts without a sort key are sorted as `sortable` folds them.
    pub fn value(&self, alias: &str) -> String {
        let place = crate::query::column(alias, &self.name);
        if is_text(&self.column.kind) && self.name != "sortkey" {
            format!("sortable({place})")
        } else {
            place
        }
    }

    /// Shares know the creation and the name of their record.
    pub fn stands_in_shares(&self) -> bool {
        matches!(self.name.as_str(), "createdon" | "sortkey")
    }

    /// `ORDER BY` the value, then the key.
    pub fn by(&self, sql: &mut Sql, value: &str, key: &str) {
        let direction = word(self.direction);
        let empty = if self.filled { "" } else { " NULLS LAST" };
        sql.push(&format!(" ORDER BY {value} {direction}{empty}, {key} {direction}"));
    }

    /// ` AND …`: the row comes behind the last one of the page before.
    pub fn behind(
        &self,
        sql: &mut Sql,
        def: &EntityDef,
        after: Option<&After>,
        value: &str,
        key: &str,
    ) -> Result<()> {
        let Some(after) = after else { return Ok(()) };
        let sign = sign(self.direction);
        let Ok(cell) = cells::encoded(def, &self.column, &after.value) else {
            return senseless("No page begins there.".to_owned());
        };
        if cell == Cell::Null {
            sql.push(&format!(" AND {value} IS NULL AND {key}{sign}")).value(after.id);
            return Ok(());
        }
        sql.push(&format!(" AND (({value}, {key}){sign}(")).value(cell).push(", ").value(after.id).push(")");
        sql.push(&if self.filled { ")".to_owned() } else { format!(" OR {value} IS NULL)") });
        Ok(())
    }
}

pub(crate) fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::Ascending => "ASC",
        Direction::Descending => "DESC",
    }
}

pub(crate) fn sign(direction: Direction) -> &'static str {
    match direction {
        Direction::Ascending => " > ",
        Direction::Descending => " < ",
    }
}
