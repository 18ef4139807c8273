//! A page of records: filtered, ordered, within reach, in time that does not grow with the table (decision 7).
//!
//! A scope of several branches is walked branch by branch, each along an index in the wanted order and each with its
//! own limit; what they find is put together, without doubles, and only that page is read whole. Activities by way of
//! what they are regarding are found when the filter pins `regardingobjectid` (then whatever the reader may see of
//! that record's activities is found), not in lists of all activities.
//!
//! Words: if few records match the rarest word asked for ([`FEW`], or [`FEW_TOGETHER`] when a second word narrows them
//! down), exactly those are looked at, and the answer is complete. If the words are commoner than that, each branch is
//! walked in order for [`FAR`] records: who asks for “a” gets the first matches in the order asked for.

use crate::Db;
use crate::db::Row;
use crate::ddl::{literal, quoted};
use crate::query::{Sql, begins, has_word, holds};
use crate::records::cells;
use crate::records::order::Order;
use crate::scope::{self, Rows, Via, definition};
use crate::words;
use anyhow::{Context, Result};
use domain::entity::Catalog;
use domain::filter::{After, Filter, Op, Query};
use domain::id::{Guid, RecordRef};
use domain::privilege::{Reach, Scope};
use domain::record::{Record, Value};

const FEW: i64 = 5_000;
const FEW_TOGETHER: i64 = 20_000;
const FAR: u32 = 20_000;
/// Of the records shared with one user or team, the newest so many are looked at.
const SHARED: u32 = 100_000;
/// More owners or units than this are asked for at once, and sorted.
const BRANCHES: usize = 40;

/// One page, and where the next one starts.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    pub records: Vec<Record>,
    pub next: Option<After>,
}

/// The records that pass the filter and are within reach. Empty values of the order's column come last, in both
/// directions. `After` is what [`Page::next`] gave: where the order is the primary column it holds a sort key, not
/// the column's text. Two round trips when the filter asks for words, else one.
pub async fn find(db: &Db, catalog: &Catalog, query: &Query, scope: &Scope) -> Result<Page> {
    let def = definition(catalog, &query.entity)?;
    let mut walk = Walk {
        rows: Rows { catalog, def, alias: "t" },
        scope,
        order: Order::of(def, query)?,
        after: query.after.as_ref(),
        rest: vec![],
        words: vec![],
        limit: query.limit,
    };
    take_words(&query.filter, &mut walk);
    let via = scope::via(catalog, def, scope)?;
    if *scope.reach() == Reach::Nothing || query.limit == 0 {
        return Ok(Page { records: vec![], next: None });
    }
    let rarest = walk.rarest_word(db).await?;
    let sql = walk.statement(via, rarest)?;
    walk.page(&db.rows(&sql.text, &sql.values).await?)
}

/// Words that must match in any case are looked up first; all else is a condition on the rows.
fn take_words<'a>(filter: &'a Filter, walk: &mut Walk<'a>) {
    match filter {
        Filter::All(filters) => filters.iter().for_each(|it| take_words(it, walk)),
        Filter::Words(asked) => walk.words.extend(words::asked(asked)),
        other => walk.rest.push(other),
    }
}

/// One way to records within reach.
enum Branch {
    All,
    Owners(Vec<Guid>),
    Units(Vec<Guid>),
    Shared(Guid),
    /// Whatever the scope reaches, decided row by row.
    Each,
}

struct Walk<'a> {
    rows: Rows<'a>,
    scope: &'a Scope,
    order: Order,
    after: Option<&'a After>,
    rest: Vec<&'a Filter>,
    words: Vec<String>,
    limit: u32,
}

impl<'a> Walk<'a> {
    /// The word of the question that the fewest words of records begin with, if these are few.
    async fn rarest_word(&self, db: &Db) -> Result<Option<usize>> {
        if self.words.is_empty() {
            return Ok(None);
        }
        let mut sql = Sql::new();
        for (at, word) in self.words.iter().enumerate() {
            sql.push(if at == 0 { "SELECT " } else { ", " });
            sql.push("(SELECT COUNT(*) FROM (SELECT 1 FROM word WHERE entity = ");
            sql.push(&literal(&self.rows.def.name)).push(" AND ");
            begins(&mut sql, "word", word);
            sql.push(&format!(" LIMIT {}) AS few)", self.few() + 1));
        }
        let row = db.row(&sql.text, &sql.values).await?.context("No counts of words")?;
        let counts = (0..self.words.len()).map(|at| Ok((row.int(at)?, at))).collect::<Result<Vec<_>>>()?;
        Ok(counts.into_iter().min().filter(|(count, _)| *count <= self.few()).map(|(_, at)| at))
    }

    fn few(&self) -> i64 {
        if self.words.len() > 1 { FEW_TOGETHER } else { FEW }
    }

    fn statement(&self, via: Via<'_>, rarest: Option<usize>) -> Result<Sql> {
        let mut sql = Sql::new();
        if let Some(at) = rarest {
            self.page_of(&mut sql, |walk, sql| walk.candidates(sql, at))?;
            return Ok(sql);
        }
        let branches = self.branches(via);
        if let ([Branch::All | Branch::Each], true) = (branches.as_slice(), self.words.is_empty()) {
            self.simple(&mut sql, &branches[0])?;
            return Ok(sql);
        }
        self.page_of(&mut sql, |walk, sql| {
            for (at, branch) in branches.iter().enumerate() {
                sql.push(if at == 0 { "" } else { " UNION ALL " });
                match branch {
                    Branch::Shared(principal) => walk.shared(sql, *principal)?,
                    other => walk.along(sql, other)?,
                }
            }
            Ok(())
        })?;
        Ok(sql)
    }

    fn branches(&self, via: Via<'_>) -> Vec<Branch> {
        let some = match (self.scope.reach(), via) {
            (Reach::Nothing | Reach::Everything, Via::Itself) => return vec![Branch::All],
            (_, Via::Parent(..)) => return vec![Branch::Each],
            (Reach::Some(some), Via::Itself) => some,
        };
        if !some.regarding.is_empty() && self.pinned().is_some() {
            return vec![Branch::Each];
        }
        // More than a few are asked for at once: a page is then sorted, but the statement stays short.
        let groups = |all: &[Guid]| -> Vec<Vec<Guid>> {
            if all.len() > BRANCHES { vec![all.to_vec()] } else { all.iter().map(|it| vec![*it]).collect() }
        };
        let owners = groups(&some.principals).into_iter().map(Branch::Owners);
        let units = groups(&some.units).into_iter().map(Branch::Units);
        let shared = some.principals.iter().map(|it| Branch::Shared(*it));
        owners.chain(units).chain(shared).collect()
    }

    /// The one record that all rows in question are regarding, if the filter says so.
    fn pinned(&self) -> Option<&'a RecordRef> {
        self.rest.iter().find_map(|it| match it {
            Filter::Compare { column, op: Op::Eq, value: Value::Ref(record) }
                if column == "regardingobjectid" =>
            {
                Some(record)
            }
            _ => None,
        })
    }

    /// One more than asked for shows whether there is a next page.
    fn limited(&self, sql: &mut Sql) {
        // Written out, not a value: planners choose by it.
        sql.push(&format!(" LIMIT {}", u64::from(self.limit) + 1));
    }

    fn order_column(&self) -> String {
        self.rows.column(&self.order.name)
    }

    /// Alive, and passing the filter.
    fn conditions(&self, sql: &mut Sql) -> Result<()> {
        sql.push(&self.rows.column("recycledon")).push(" IS NULL");
        for filter in &self.rest {
            sql.push(" AND ");
            holds(sql, self.rows.def, self.rows.alias, filter)?;
        }
        Ok(())
    }

    fn behind(&self, sql: &mut Sql, value: &str, key: &str) -> Result<()> {
        self.order.behind(sql, self.rows.def, self.after, value, key)
    }

    fn from(&self) -> String {
        format!(" FROM {} AS {} WHERE ", quoted(&self.rows.def.name), self.rows.alias)
    }

    fn within(&self, sql: &mut Sql, branch: &Branch) -> Result<()> {
        match branch {
            Branch::All | Branch::Shared(_) => {}
            Branch::Owners(owners) => {
                sql.push(" AND ").push(&self.rows.column("ownerid"));
                one_of(sql, owners);
            }
            Branch::Units(units) => {
                sql.push(" AND ").push(&self.rows.column("owningbusinessunit"));
                one_of(sql, units);
            }
            Branch::Each => {
                sql.push(" AND ");
                scope::reached(sql, self.rows, self.scope, self.pinned())?;
            }
        }
        Ok(())
    }

    /// A single way: the page itself.
    fn simple(&self, sql: &mut Sql, branch: &Branch) -> Result<()> {
        sql.push("SELECT ").push(&cells::selected(self.rows.def, self.rows.alias)).push(", ");
        sql.push(&self.order_column()).push(&self.from());
        self.conditions(sql)?;
        self.behind(sql, &self.order_column(), &self.rows.key())?;
        self.within(sql, branch)?;
        self.order.by(sql, &self.order_column(), &self.rows.key());
        self.limited(sql);
        Ok(())
    }

    /// The whole records of what `branches` find; each gives `o`, the order's value, and `k`, the key.
    fn page_of(&self, sql: &mut Sql, branches: impl FnOnce(&Self, &mut Sql) -> Result<()>) -> Result<()> {
        sql.push("SELECT ").push(&cells::selected(self.rows.def, self.rows.alias)).push(", page.o");
        sql.push(" FROM (SELECT DISTINCT o, k FROM (");
        branches(self, sql)?;
        sql.push(") AS branches");
        self.order.by(sql, "o", "k");
        self.limited(sql);
        sql.push(") AS page JOIN ").push(&quoted(&self.rows.def.name)).push(" AS ").push(self.rows.alias);
        sql.push(" ON ").push(&self.rows.key()).push(" = page.k");
        self.order.by(sql, "page.o", "page.k");
        Ok(())
    }

    /// Along an index, in order.
    fn along(&self, sql: &mut Sql, branch: &Branch) -> Result<()> {
        let (value, key) = (self.order_column(), self.rows.key());
        sql.push("SELECT o, k FROM (");
        sql.push(if self.words.is_empty() { "" } else { "SELECT o, k FROM (" });
        sql.push("SELECT ").push(&value).push(" AS o, ").push(&key).push(" AS k").push(&self.from());
        self.conditions(sql)?;
        self.behind(sql, &self.order_column(), &self.rows.key())?;
        self.within(sql, branch)?;
        self.order.by(sql, &value, &key);
        if !self.words.is_empty() {
            sql.push(&format!(" LIMIT {FAR}) AS walked WHERE "));
            self.words_at(sql, "walked.k", None);
        }
        self.limited(sql);
        sql.push(") AS branch");
        Ok(())
    }

    /// All the words, but the one at `known`, begin words of the record with this key.
    fn words_at(&self, sql: &mut Sql, key: &str, known: Option<usize>) {
        sql.push("TRUE");
        for (_, word) in self.words.iter().enumerate().filter(|(at, _)| Some(*at) != known) {
            sql.push(" AND ");
            has_word(sql, self.rows.def, key, word);
        }
    }

    /// What is shared with one user or team: along the shares, which know the usual orders.
    fn shared(&self, sql: &mut Sql, principal: Guid) -> Result<()> {
        if scope::is_twin(self.rows.def) || !self.order.stands_in_shares() {
            return self.shared_sorted(sql, principal);
        }
        let value = format!("s.{}", self.order.name);
        sql.push("SELECT o, k FROM (SELECT ").push(&value).push(" AS o, s.recordid AS k FROM share AS s");
        sql.push(" WHERE s.principalid = ").value(principal).push(" AND ");
        scope::allows(sql, self.rows, self.scope.action());
        self.behind(sql, &value, "s.recordid")?;
        sql.push(" AND ");
        self.words_at(sql, "s.recordid", None);
        sql.push(" AND (SELECT t.versionnumber").push(&self.from()).push(&self.rows.key());
        sql.push(" = s.recordid AND ");
        self.conditions(sql)?;
        sql.push(") IS NOT NULL");
        self.order.by(sql, &value, "s.recordid");
        self.limited(sql);
        sql.push(") AS branch");
        Ok(())
    }

    /// In orders of which shares know nothing, all of them are looked up and sorted.
    fn shared_sorted(&self, sql: &mut Sql, principal: Guid) -> Result<()> {
        self.looked_up(
            sql,
            |walk, sql| {
                sql.push(" AND ");
                scope::allows(sql, walk.rows, walk.scope.action());
                Ok(())
            },
            |walk, sql| {
                sql.push("share AS s WHERE s.principalid = ").value(principal);
                if !scope::is_twin(walk.rows.def) {
                    sql.push(" AND s.entity = ").push(&literal(&walk.rows.def.name));
                }
                sql.push(" AND ");
                walk.words_at(sql, "s.recordid", None);
                sql.push(&format!(" ORDER BY s.recordid DESC LIMIT {SHARED}"));
            },
        )
    }

    /// The few records with the rarest word.
    fn candidates(&self, sql: &mut Sql, rarest: usize) -> Result<()> {
        self.looked_up(
            sql,
            |walk, sql| walk.within(sql, &Branch::Each),
            |walk, sql| {
                sql.push("(SELECT DISTINCT recordid FROM word WHERE entity = ");
                sql.push(&literal(&walk.rows.def.name)).push(" AND ");
                begins(sql, "word", &walk.words[rarest]);
                sql.push(") AS s WHERE ");
                walk.words_at(sql, "s.recordid", Some(rarest));
                // It matters that there is a limit: it keeps planners from reading the whole table instead.
                sql.push(&format!(" LIMIT {}", walk.few() + 1));
            },
        )
    }

    /// Looks up each record of `source` (rows `s` with a `recordid`) by its key, and keeps those that pass.
    fn looked_up(
        &self,
        sql: &mut Sql,
        passes: impl Fn(&Self, &mut Sql) -> Result<()>,
        source: impl Fn(&Self, &mut Sql),
    ) -> Result<()> {
        let (value, key) = (self.order_column(), self.rows.key());
        // A value that may be empty cannot tell whether there was a row; the key can.
        let (found, shown) = if self.order.filled {
            (&value, "looked.found".to_owned())
        } else {
            (&key, format!("(SELECT {value}{}{key} = looked.k)", self.from()))
        };
        sql.push("SELECT o, k FROM (SELECT ").push(&shown).push(" AS o, looked.k AS k FROM (SELECT (SELECT ");
        sql.push(found).push(&self.from()).push(&key).push(" = s.recordid AND ");
        self.conditions(sql)?;
        self.behind(sql, &value, &key)?;
        passes(self, sql)?;
        sql.push(") AS found, s.recordid AS k FROM ");
        source(self, sql);
        sql.push(") AS looked WHERE looked.found IS NOT NULL");
        self.order.by(sql, "o", "k");
        self.limited(sql);
        sql.push(") AS branch");
        Ok(())
    }

    fn page(&self, rows: &[Row]) -> Result<Page> {
        let more = rows.len() > self.limit as usize;
        let rows = &rows[..rows.len().min(self.limit as usize)];
        let mut records = Vec::with_capacity(rows.len());
        let mut next = None;
        for row in rows {
            let (record, at) = cells::record(self.rows.def, row)?;
            next = Some(After { value: cells::decoded(&self.order.column, row, at)?, id: record.id });
            records.push(record);
        }
        Ok(Page { records, next: next.filter(|_| more) })
    }
}

fn one_of(sql: &mut Sql, keys: &[Guid]) {
    match keys {
        [one] => sql.push(" = ").value(*one),
        many => sql.push(" IN ").list(many.iter().copied()),
    };
}
