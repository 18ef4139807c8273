//! A list of records of one type, in time that does not grow with the table (decision 7).
//!
//! A scope of several branches is walked branch by branch, each along an index in the wanted order and each with its
//! own limit; what they find is put together, without doubles, and only that page is read whole. Activities by way of
//! what they are regarding are found when the filter leads to few records by an index, such as those regarding one
//! record (then whatever the reader may see of these is found), not in lists of all activities.
//!
//! Words: if few records match the rarest word asked for ([`FEW`], or [`FEW_TOGETHER`] when a second word narrows them
//! down), exactly those are looked at, and the answer is complete. If the words are commoner than that, each branch is
//! walked in order for [`FAR`] records: who asks for “a” gets the first matches in the order asked for.

use super::order::Order;
use crate::Db;
use crate::ddl::{literal, quoted};
use crate::query::{Asking, Sql, begins, has_word, holds, narrow};
use crate::scope::{self, Rows, Via};
use crate::words;
use anyhow::{Context, Result};
use domain::filter::{After, Filter, Op};
use domain::id::{Guid, RecordRef};
use domain::privilege::{Reach, Scope, Scopes};
use domain::record::Value;

const FEW: i64 = 5_000;
const FEW_TOGETHER: i64 = 20_000;
const FAR: u32 = 20_000;
/// Of the records shared with one user or team, the newest so many are looked at.
const SHARED: u32 = 100_000;
/// More owners or units than this are asked for at once, and sorted.
const BRANCHES: usize = 40;

/// One way to records within reach.
enum Branch {
    All,
    Owners(Vec<Guid>),
    Units(Vec<Guid>),
    Shared(Guid),
    /// Whatever the scope reaches, decided row by row.
    Each,
}

/// A page of a list; [`Walk::statement`] asks for it.
pub(crate) struct Walk<'a> {
    pub rows: Rows<'a>,
    pub scope: &'a Scope,
    /// For what the filter says of other types.
    pub scopes: Option<&'a Scopes>,
    pub order: Order,
    pub after: Option<&'a After>,
    /// What the filter says beside words.
    rest: Vec<&'a Filter>,
    /// Words that must match in any case: they are looked up first.
    words: Vec<String>,
    pub limit: u32,
    pub skip: u32,
}

impl<'a> Walk<'a> {
    /// The first 50 of what passes the filter.
    pub fn new(rows: Rows<'a>, scope: &'a Scope, filter: &'a Filter, order: Order) -> Walk<'a> {
        let mut walk = Walk {
            rows,
            scope,
            scopes: None,
            order,
            after: None,
            rest: vec![],
            words: vec![],
            limit: 50,
            skip: 0,
        };
        walk.take(filter);
        walk
    }

    fn take(&mut self, filter: &'a Filter) {
        match filter {
            Filter::All(filters) => filters.iter().for_each(|it| self.take(it)),
            Filter::Words(asked) => self.words.extend(words::asked(asked)),
            other => self.rest.push(other),
        }
    }

    /// Asks for `selected` of each record of the page (the rows are known as those of [`Walk::rows`]), then for the value
    /// it is ordered by; for one record more than the limit, which shows whether there is a next page.
    pub async fn statement(&self, db: &Db, selected: &str) -> Result<Sql> {
        let via = scope::via(self.rows.catalog, self.rows.def, self.scope)?;
        let rarest = self.rarest_word(db).await?;
        self.page(via, rarest, selected)
    }

    /// Asks how many there are in all, up to the limit.
    pub async fn count(&self, db: &Db) -> Result<Sql> {
        let via = scope::via(self.rows.catalog, self.rows.def, self.scope)?;
        let rarest = self.rarest_word(db).await?;
        let mut sql = Sql::new();
        sql.push("SELECT COUNT(*) FROM (SELECT DISTINCT k FROM (");
        self.found(&mut sql, &self.branches(via), rarest)?;
        sql.push(&format!(") AS branches LIMIT {}) AS counted", self.limit));
        Ok(sql)
    }

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

    fn page(&self, via: Via<'_>, rarest: Option<usize>, selected: &str) -> Result<Sql> {
        let mut sql = Sql::new();
        let branches = self.branches(via);
        match branches.as_slice() {
            [only @ (Branch::All | Branch::Each)] if self.words.is_empty() => {
                self.simple(&mut sql, only, selected)?;
            }
            _ => self.page_of(&mut sql, &branches, rarest, selected)?,
        }
        Ok(sql)
    }

    /// What all branches find: `o`, the order's value, and `k`, the key, of as many as the page needs of each.
    fn found(&self, sql: &mut Sql, branches: &[Branch], rarest: Option<usize>) -> Result<()> {
        if let Some(at) = rarest {
            return self.candidates(sql, at);
        }
        for (at, branch) in branches.iter().enumerate() {
            sql.push(if at == 0 { "" } else { " UNION ALL " });
            match branch {
                Branch::Shared(principal) => self.shared(sql, *principal)?,
                other => self.along(sql, other)?,
            }
        }
        Ok(())
    }

    fn branches(&self, via: Via<'_>) -> Vec<Branch> {
        let some = match (self.scope.reach(), via) {
            (Reach::Nothing | Reach::Everything, Via::Itself) => return vec![Branch::All],
            (_, Via::Parent(..)) => return vec![Branch::Each],
            (Reach::Some(some), Via::Itself) => some,
        };
        if self.rest.iter().any(|it| narrow(self.rows.def, it)) {
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

    /// As many as may be on the page, whatever other branches find.
    fn limited(&self, sql: &mut Sql) {
        // Written out, not a value: planners choose by it.
        sql.push(&format!(" LIMIT {}", u64::from(self.limit) + u64::from(self.skip) + 1));
    }

    /// The page itself.
    fn skipped(&self, sql: &mut Sql) {
        sql.push(&format!(" LIMIT {}", u64::from(self.limit) + 1));
        if self.skip > 0 {
            sql.push(&format!(" OFFSET {}", self.skip));
        }
    }

    fn order_value(&self) -> String {
        self.order.value(self.rows.alias)
    }

    /// Alive, and passing the filter.
    fn conditions(&self, sql: &mut Sql) -> Result<()> {
        sql.push(&self.rows.column("recycledon")).push(" IS NULL");
        for filter in &self.rest {
            sql.push(" AND ");
            holds(sql, Asking::of(self.rows).within(self.scopes), filter)?;
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
    fn simple(&self, sql: &mut Sql, branch: &Branch, selected: &str) -> Result<()> {
        sql.push("SELECT ").push(selected).push(", ");
        sql.push(&self.order_value()).push(&self.from());
        self.conditions(sql)?;
        self.behind(sql, &self.order_value(), &self.rows.key())?;
        self.within(sql, branch)?;
        self.order.by(sql, &self.order_value(), &self.rows.key());
        self.skipped(sql);
        Ok(())
    }

    /// The whole records of what the branches find.
    fn page_of(
        &self,
        sql: &mut Sql,
        branches: &[Branch],
        rarest: Option<usize>,
        selected: &str,
    ) -> Result<()> {
        sql.push("SELECT ").push(selected).push(", page.o FROM (SELECT DISTINCT o, k FROM (");
        self.found(sql, branches, rarest)?;
        sql.push(") AS branches");
        self.order.by(sql, "o", "k");
        self.skipped(sql);
        sql.push(") AS page JOIN ").push(&quoted(&self.rows.def.name)).push(" AS ").push(self.rows.alias);
        sql.push(" ON ").push(&self.rows.key()).push(" = page.k");
        self.order.by(sql, "page.o", "page.k");
        Ok(())
    }

    /// Along an index, in order.
    fn along(&self, sql: &mut Sql, branch: &Branch) -> Result<()> {
        let (value, key) = (self.order_value(), self.rows.key());
        sql.push("SELECT o, k FROM (");
        sql.push(if self.words.is_empty() { "" } else { "SELECT o, k FROM (" });
        sql.push("SELECT ").push(&value).push(" AS o, ").push(&key).push(" AS k").push(&self.from());
        self.conditions(sql)?;
        self.behind(sql, &self.order_value(), &self.rows.key())?;
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
        let (value, key) = (self.order_value(), self.rows.key());
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
}

fn one_of(sql: &mut Sql, keys: &[Guid]) {
    match keys {
        [one] => sql.push(" = ").value(*one),
        many => sql.push(" IN ").list(many.iter().copied()),
    };
}
