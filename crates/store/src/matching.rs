//! Which records have an address: asked for all addresses of a message at once, in the whole organization (AU-60 ff.,
//! decision 11). What a reader may see of the answer is for [`domain::privilege`] to say.

use crate::db::{Db, Question, Row};
use crate::ddl::{literal, quoted};
use crate::query::Sql;
use anyhow::Result;
use domain::entity::{Catalog, EntityDef, FieldKind};
use domain::id::RecordRef;
use domain::matching::Match;
use domain::text;
use std::collections::BTreeSet;

/// Of each type, the oldest so many records per address: `info@` may stand on thousands.
const PER_ADDRESS: u32 = 20;
const AT_MOST: u32 = 2_000;

/// The records that are not deleted and have one of the addresses; at most 20 of each type per address and 2,000 in
/// all. One round trip.
pub async fn matches(db: &Db, catalog: &Catalog, addresses: &[String]) -> Result<Vec<Match>> {
    match question(catalog, addresses) {
        Some(question) => found(&db.rows(&question.sql, &question.values).await?),
        None => Ok(vec![]),
    }
}

/// `None`: nothing is asked for.
pub(crate) fn question(catalog: &Catalog, addresses: &[String]) -> Option<Question> {
    let folded: BTreeSet<String> = addresses.iter().map(|it| text::folded(it)).collect();
    let folded: Vec<String> = folded.into_iter().filter(|it| !it.is_empty()).collect();
    let mut types: Vec<&EntityDef> = catalog.all().filter(|it| has_address(it)).collect();
    // PostgreSQL takes the type of the owner's column from the first terms.
    types.sort_by_key(|it| it.column("ownerid").is_none());
    if folded.is_empty() || types.is_empty() {
        return None;
    }
    let mut sql = Sql::new();
    asked(&mut sql, &folded);
    for (at, def) in types.iter().enumerate() {
        sql.push(if at == 0 { " " } else { " UNION ALL " });
        matches_of(&mut sql, def);
    }
    sql.push(&format!(" LIMIT {AT_MOST}"));
    Some(Question { sql: sql.text, values: sql.values })
}

/// What the rows of an answer say.
pub(crate) fn found(rows: &[Row]) -> Result<Vec<Match>> {
    let mut found: Vec<Match> = Vec::with_capacity(rows.len());
    for row in rows {
        let one = Match {
            address: row.text(0)?.to_owned(),
            record: RecordRef::new(row.text(1)?, row.guid(2)?),
            owner: row.maybe(3, Row::guid)?,
            created: row.time(4)?,
            active: row.bool(5)?,
        };
        // A record may have the address in two columns.
        if !found.contains(&one) {
            found.push(one);
        }
    }
    Ok(found)
}

fn has_address(def: &EntityDef) -> bool {
    def.columns.iter().any(|it| it.kind == FieldKind::Email)
}

/// Repeats the last address up to a power of two, as [`Sql::list`] does, but as rows.
fn asked(sql: &mut Sql, addresses: &[String]) {
    sql.push("WITH asked(address) AS (SELECT DISTINCT column1 FROM (VALUES ");
    let missing = addresses.len().next_power_of_two() - addresses.len();
    let last = addresses.last().into_iter().cycle().take(missing);
    for (at, address) in addresses.iter().chain(last).enumerate() {
        sql.push(if at == 0 { "(" } else { ", (" }).value(address.as_str()).push(")");
    }
    sql.push(") AS listed)");
}

/// The bound makes the index stop after the oldest records: keys grow with time.
fn matches_of(sql: &mut Sql, def: &EntityDef) {
    let entity = literal(&def.name);
    let owner = if def.column("ownerid").is_some() { "t.ownerid" } else { "NULL" };
    let active = match (def.column("statecode"), def.column("isdisabled")) {
        (Some(_), _) => "COALESCE(t.statecode, 0) = 0",
        (None, Some(_)) => "COALESCE(t.isdisabled, FALSE) = FALSE",
        (None, None) => "TRUE",
    };
    sql.push(&format!(
        "SELECT e.address, {entity}, t.{key}, {owner}, t.createdon, {active}
        FROM asked JOIN emailsearch AS e ON e.address = asked.address AND e.entity = {entity}
            AND e.recordid <= COALESCE((SELECT b.recordid FROM emailsearch AS b
                WHERE b.address = asked.address AND b.entity = {entity}
                ORDER BY b.recordid LIMIT 1 OFFSET {last}), ",
        key = quoted(&def.key_column()),
        last = PER_ADDRESS - 1
    ));
    sql.value(vec![0xff_u8; 16]).push(&format!(
        ") JOIN {table} AS t ON t.{key} = e.recordid AND t.recycledon IS NULL",
        table = quoted(&def.name),
        key = quoted(&def.key_column()),
    ));
}
