//! A page of records of one type, whole.

use super::order::Order;
use super::walk::Walk;
use crate::Db;
use crate::records::cells;
use crate::scope::{Rows, definition};
use anyhow::Result;
use domain::entity::Catalog;
use domain::filter::{After, Query};
use domain::privilege::{Reach, Scope};
use domain::record::Record;

/// One page, and where the next one starts.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    pub records: Vec<Record>,
    pub next: Option<After>,
}

/// The records that pass the filter and are within reach. Empty values of the order's column come last, in both
/// directions. `After` is what [`Page::next`] gave: where the order is a text it holds what that is sorted by, not the
/// column's text. Two round trips when the filter asks for words, else one.
pub async fn find(db: &Db, catalog: &Catalog, query: &Query, scope: &Scope) -> Result<Page> {
    let def = definition(catalog, &query.entity)?;
    let rows = Rows { catalog, def, alias: "t" };
    let order = Order::of(def, &query.order.0, query.order.1)?;
    let mut walk = Walk::new(rows, scope, &query.filter, order);
    (walk.after, walk.limit) = (query.after.as_ref(), query.limit);
    let sql = walk.statement(db, &cells::selected(def, "t")).await?;
    if *scope.reach() == Reach::Nothing || query.limit == 0 {
        return Ok(Page { records: vec![], next: None });
    }
    let found = db.rows(&sql.text, &sql.values).await?;
    let mut records = Vec::with_capacity(found.len());
    let mut next = None;
    for row in found.iter().take(query.limit as usize) {
        let (record, at) = cells::record(def, row)?;
        next = Some(After { value: cells::decoded(&walk.order.column, row, at)?, id: record.id });
        records.push(record);
    }
    Ok(Page { records, next: next.filter(|_| found.len() > query.limit as usize) })
}
