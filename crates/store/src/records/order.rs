//! What a page is ordered by, and where it starts.

use super::cells;
use crate::db::Cell;
use crate::ddl::has_sortkey;
use crate::query::Sql;
use crate::scope;
use anyhow::{Context, Result, bail};
use domain::entity::{ColumnDef, EntityDef, FieldKind};
use domain::filter::{After, Direction, Query};

pub(super) struct Order {
    /// The column in the table: the sort key stands for the primary column.
    pub name: String,
    pub column: ColumnDef,
    /// It is never empty, and so an index can be walked.
    pub filled: bool,
    direction: Direction,
}

impl Order {
    /// Fails for a column that the type does not have, or that has no order.
    pub fn of(def: &EntityDef, query: &Query) -> Result<Order> {
        let (name, direction) = &query.order;
        let mut column =
            def.column(name).with_context(|| format!("{} has no column “{name}”", def.name))?.clone();
        if matches!(column.kind, FieldKind::Lookup | FieldKind::Key) {
            bail!("{}.{name} has no order", def.name);
        }
        let by_sortkey = *name == def.primary && has_sortkey(def);
        if by_sortkey {
            column.max = None;
        }
        let name = if by_sortkey { "sortkey" } else { name };
        let filled = by_sortkey
            || matches!(name, "createdon" | "modifiedon")
            || (name == "sortdate" && scope::is_twin(def));
        Ok(Order { name: name.to_owned(), column, filled, direction: *direction })
    }

    /// Shares know the creation and the name of their record.
    pub fn stands_in_shares(&self) -> bool {
        matches!(self.name.as_str(), "createdon" | "sortkey")
    }

    /// `ORDER BY` the value, then the key.
    pub fn by(&self, sql: &mut Sql, value: &str, key: &str) {
        let direction = match self.direction {
            Direction::Ascending => "ASC",
            Direction::Descending => "DESC",
        };
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
        let sign = match self.direction {
            Direction::Ascending => ">",
            Direction::Descending => "<",
        };
        let cell = cells::encoded(def, &self.column, &after.value)?;
        if cell == Cell::Null {
            sql.push(&format!(" AND {value} IS NULL AND {key} {sign} ")).value(after.id);
            return Ok(());
        }
        sql.push(&format!(" AND (({value}, {key}) {sign} ("))
            .value(cell)
            .push(", ")
            .value(after.id)
            .push(")");
        sql.push(&if self.filled { ")".to_owned() } else { format!(" OR {value} IS NULL)") });
        Ok(())
    }
}
