//! A statement under construction, and filters as conditions: the one place where SQL grows out of values.
//!
//! Plain text with `$n`, because both engines read the same text: names come from an [`EntityDef`] alone, values
//! never enter the text. Conditions know three truths as SQL does: what is empty neither equals nor differs.

mod lookup;
mod text;

use crate::db::Cell;
use crate::ddl::{literal, quoted};
use crate::records::cells;
use crate::scope::{self, Rows, definition};
use anyhow::{Context, Result};
use domain::entity::{ColumnDef, EntityDef, FieldKind};
use domain::filter::{Filter, Op};
use domain::privilege::Scopes;
use domain::record::Value;
pub(crate) use lookup::{same, side};
pub(crate) use text::{alike, is_text};

/// Filters within filters: deeper ones are refused.
const DEEPEST: usize = 100;
/// Longer lists are asked for as they are.
const LONGEST_REPEATED: usize = 16_384;
/// Conditions side by side that stay one chain; more become a tree, because SQLite refuses long chains.
const CHAIN: usize = 16;

/// A question that makes no sense for these types, in a sentence for whoever asked it. It is the asker's mistake, not ours:
/// find it with `downcast_ref`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Senseless(pub String);

/// The text so far with its values, in the order of their numbers.
#[derive(Debug, Default)]
pub(crate) struct Sql {
    pub text: String,
    pub values: Vec<Cell>,
    aliases: usize,
}

impl Sql {
    pub fn new() -> Sql {
        Sql::default()
    }

    pub fn push(&mut self, text: &str) -> &mut Sql {
        self.text.push_str(text);
        self
    }

    /// The next `$n`.
    pub fn value(&mut self, value: impl Into<Cell>) -> &mut Sql {
        self.values.push(value.into());
        let placeholder = format!("${}", self.values.len());
        self.push(&placeholder)
    }

    /// `($1, $2, …)`. The last value is repeated up to the next power of two, so that lists of all lengths make
    /// few different statements for the engines to remember. An empty list holds nothing: `(NULL)`.
    pub fn list<T: Into<Cell>>(&mut self, values: impl IntoIterator<Item = T>) -> &mut Sql {
        let values: Vec<Cell> = values.into_iter().map(Into::into).collect();
        let Some(last) = values.last().cloned() else { return self.push("(NULL)") };
        let missing = match values.len().next_power_of_two() {
            whole if whole <= LONGEST_REPEATED => whole - values.len(),
            _ => 0,
        };
        self.push("(");
        for (at, value) in values.into_iter().chain(std::iter::repeat_n(last, missing)).enumerate() {
            self.push(if at == 0 { "" } else { ", " }).value(value);
        }
        self.push(")")
    }

    /// ` = $1` for one value, ` IN ($1, …)` for others.
    pub fn one_of(&mut self, mut values: Vec<Cell>) -> &mut Sql {
        match values.pop() {
            Some(only) if values.is_empty() => self.push(" = ").value(only),
            last => self.push(" IN ").list(values.into_iter().chain(last)),
        }
    }

    /// A name for the rows of a question within this one, which nothing else in the statement has.
    pub fn alias(&mut self) -> String {
        self.aliases += 1;
        format!("x{}", self.aliases)
    }
}

/// `t."name"`.
pub(crate) fn column(alias: &str, name: &str) -> String {
    format!("{alias}.{}", quoted(name))
}

/// The rows a filter speaks of, and what else it may speak of.
#[derive(Clone, Copy)]
pub(crate) struct Asking<'a> {
    pub rows: Rows<'a>,
    /// What may be read of the types of [`Filter::Exists`].
    pub scopes: Option<&'a Scopes>,
    /// What stands beside, by its alias in the question.
    pub beside: &'a [(&'a str, Rows<'a>)],
    /// Whether “it does not hold” and “nobody knows” mean the same here, which they do not within a `Not`.
    positive: bool,
    depth: usize,
}

impl<'a> Asking<'a> {
    pub fn of(rows: Rows<'a>) -> Asking<'a> {
        Asking { rows, scopes: None, beside: &[], positive: true, depth: 0 }
    }

    pub fn within(self, scopes: Option<&'a Scopes>) -> Asking<'a> {
        Asking { scopes, ..self }
    }

    pub fn beside(self, beside: &'a [(&'a str, Rows<'a>)]) -> Asking<'a> {
        Asking { beside, ..self }
    }

    fn def(&self) -> &'a EntityDef {
        self.rows.def
    }

    fn place(&self, name: &str) -> String {
        self.rows.column(name)
    }

    fn column(&self, name: &str) -> Result<&'a ColumnDef> {
        column_of(self.rows.def, name)
    }
}

/// Fails with [`Senseless`] when the type has no such column.
pub(crate) fn column_of<'a>(def: &'a EntityDef, name: &str) -> Result<&'a ColumnDef> {
    def.column(name).with_context(|| Senseless(format!("{} has no column “{name}”.", def.name)))
}

pub(crate) fn senseless<T>(text: String) -> Result<T> {
    Err(Senseless(text).into())
}

/// The condition that the row passes the filter. Fails with [`Senseless`] for a column that the type does not have, and
/// for a value that does not belong into its column.
pub(crate) fn holds(sql: &mut Sql, asking: Asking<'_>, filter: &Filter) -> Result<()> {
    let asking = Asking { depth: asking.depth + 1, ..asking };
    if asking.depth > DEEPEST {
        return senseless(format!("A filter goes at most {DEEPEST} levels deep."));
    }
    match filter {
        Filter::All(filters) => joined(sql, filters, (" AND ", "TRUE"), &|sql, it| holds(sql, asking, it)),
        Filter::Any(filters) => joined(sql, filters, (" OR ", "FALSE"), &|sql, it| holds(sql, asking, it)),
        Filter::Not(filter) => {
            sql.push("NOT (");
            holds(sql, Asking { positive: false, ..asking }, filter)?;
            sql.push(")");
            Ok(())
        }
        Filter::Compare { column, op, value } => compares(sql, asking, column, *op, value),
        Filter::In { column, values } => within(sql, asking, column, values),
        Filter::Null { column: name } => {
            known(asking, name)?;
            sql.push(&asking.place(name)).push(" IS NULL");
            Ok(())
        }
        Filter::Words(words) => {
            sql.push("(TRUE");
            for word in crate::words::asked(words) {
                sql.push(" AND ");
                has_word(sql, asking.def(), &asking.rows.key(), &word);
            }
            sql.push(")");
            Ok(())
        }
        Filter::Like { column, shape } => text::like(sql, asking, asking.column(column)?, shape),
        Filter::Columns { left, op, right } => columns(sql, asking, left, *op, right),
        Filter::HasChoice { column, values } => has_choice(sql, asking, column, values),
        Filter::Exists { entity, from, to, filter } => exists(sql, asking, entity, (from, to), filter),
        Filter::Beside { alias, filter } => {
            let found = asking.beside.iter().find(|it| it.0 == alias);
            let (_, rows) = found.with_context(|| Senseless(format!("Nothing here is called “{alias}”.")))?;
            holds(sql, Asking { rows: *rows, ..asking }, filter)
        }
    }
}

/// All of them with `between` between them; `empty` when there are none.
pub(crate) fn joined<T>(
    sql: &mut Sql,
    all: &[T],
    (between, empty): (&str, &str),
    each: &impl Fn(&mut Sql, &T) -> Result<()>,
) -> Result<()> {
    sql.push("(");
    if all.len() > CHAIN {
        let (one, other) = all.split_at(all.len() / 2);
        joined(sql, one, (between, empty), each)?;
        sql.push(between);
        joined(sql, other, (between, empty), each)?;
    } else {
        for (at, it) in all.iter().enumerate() {
            sql.push(if at == 0 { "" } else { between });
            each(sql, it)?;
        }
        sql.push(if all.is_empty() { empty } else { "" });
    }
    sql.push(")");
    Ok(())
}

/// `None`: the key, which counts as a lookup to the type itself, though it is in no definition.
fn known<'a>(asking: Asking<'a>, name: &str) -> Result<Option<&'a ColumnDef>> {
    if name == asking.def().key_column() { Ok(None) } else { asking.column(name).map(Some) }
}

/// The value as it lies in the column; never cut, since a longer text is another one. For texts see [`text`], for lookups
/// [`lookup`].
fn cell(def: &EntityDef, column: &ColumnDef, value: &Value) -> Result<Cell> {
    let value = match (&column.kind, value) {
        #[expect(clippy::cast_precision_loss, reason = "A fraction is what it is compared with.")]
        (FieldKind::Float, Value::Int(int)) => &Value::Float(*int as f64),
        (FieldKind::Boolean, Value::Int(int @ (0 | 1))) => &Value::Bool(*int == 1),
        (_, value) => value,
    };
    cells::encoded(def, column, value).map_err(|it| Senseless(format!("{it}.")).into())
}

fn is_nothing(value: &Value) -> bool {
    value.is_null() || matches!(value, Value::Choices(none) if none.is_empty())
}

fn compares(sql: &mut Sql, asking: Asking<'_>, name: &str, op: Op, value: &Value) -> Result<()> {
    let column = known(asking, name)?;
    let place = asking.place(name);
    if is_nothing(value) {
        match op {
            Op::Eq => sql.push(&place).push(" IS NULL"),
            Op::Ne => sql.push(&place).push(" IS NOT NULL"),
            _ => return senseless(format!("{name} is neither more nor less than nothing.")),
        };
        return Ok(());
    }
    if op == Op::Eq {
        return within(sql, asking, name, std::slice::from_ref(value));
    }
    let Some(column) = column.filter(|it| it.kind != FieldKind::Lookup) else {
        if op != Op::Ne {
            return senseless(format!("{name} has no order."));
        }
        sql.push("NOT (");
        lookup::one_of(sql, Asking { positive: false, ..asking }, name, std::slice::from_ref(value))?;
        sql.push(")");
        return Ok(());
    };
    if matches!(column.kind, FieldKind::Choices | FieldKind::Key | FieldKind::File) && op != Op::Ne {
        return senseless(format!("{name} has no order."));
    }
    if is_text(&column.kind) {
        sql.push(&alike(&place)).push(sign(op)).value(text::folded(column, value)?);
    } else {
        sql.push(&place).push(sign(op)).value(cell(asking.def(), column, value)?);
    }
    Ok(())
}

pub(crate) fn sign(op: Op) -> &'static str {
    match op {
        Op::Eq => " = ",
        Op::Ne => " <> ",
        Op::Lt => " < ",
        Op::Le => " <= ",
        Op::Gt => " > ",
        Op::Ge => " >= ",
    }
}

/// One of the values; nothing among them means an empty column.
fn within(sql: &mut Sql, asking: Asking<'_>, name: &str, values: &[Value]) -> Result<()> {
    let column = known(asking, name)?;
    let (nothing, values): (Vec<Value>, Vec<Value>) = values.iter().cloned().partition(is_nothing);
    if values.is_empty() {
        sql.push(&if nothing.is_empty() {
            "FALSE".to_owned()
        } else {
            format!("{} IS NULL", asking.place(name))
        });
        return Ok(());
    }
    sql.push(if nothing.is_empty() { "" } else { "(" });
    match column {
        Some(column) if is_text(&column.kind) => text::one_of(sql, asking, column, &values)?,
        Some(column) if column.kind != FieldKind::Lookup => {
            let cells: Vec<Cell> =
                values.iter().map(|it| cell(asking.def(), column, it)).collect::<Result<_>>()?;
            sql.push(&asking.place(name)).one_of(cells);
        }
        _ => lookup::one_of(sql, asking, name, &values)?,
    }
    if !nothing.is_empty() {
        sql.push(" OR ").push(&asking.place(name)).push(" IS NULL)");
    }
    Ok(())
}

fn columns(sql: &mut Sql, asking: Asking<'_>, left: &str, op: Op, right: &str) -> Result<()> {
    if let (None | Some(FieldKind::Lookup), _) | (_, None | Some(FieldKind::Lookup)) =
        (known(asking, left)?.map(|it| it.kind.clone()), known(asking, right)?.map(|it| it.kind.clone()))
    {
        let (left, right) = (side(asking.rows, left)?, side(asking.rows, right)?);
        sql.push(match op {
            Op::Eq => "(",
            Op::Ne => "NOT (",
            _ => return senseless("Lookups have no order.".to_owned()),
        });
        lookup::same_or_unknown(sql, &left, &right);
        sql.push(")");
        return Ok(());
    }
    let (one, other) = (asking.column(left)?, asking.column(right)?);
    let both_texts = is_text(&one.kind) && is_text(&other.kind);
    if one.kind != other.kind && !both_texts {
        return senseless(format!("{left} and {right} cannot be compared."));
    }
    let place = |name| if both_texts { alike(&asking.place(name)) } else { asking.place(name) };
    sql.push(&place(left)).push(sign(op)).push(&place(right));
    Ok(())
}

fn has_choice(sql: &mut Sql, asking: Asking<'_>, name: &str, values: &[i64]) -> Result<()> {
    if asking.column(name)?.kind != FieldKind::Choices {
        return senseless(format!("{name} does not hold several choices."));
    }
    let place = asking.place(name);
    joined(sql, values, (" OR ", "FALSE"), &|sql, it| {
        // Without wildcards, since these are numbers.
        sql.push(&place).push(" LIKE ").value(format!("%|{it}|%"));
        Ok(())
    })
}

fn exists(
    sql: &mut Sql,
    asking: Asking<'_>,
    entity: &str,
    (from, to): (&str, &str),
    filter: &Filter,
) -> Result<()> {
    let catalog = asking.rows.catalog;
    let scopes = asking.scopes.context("A question over several types came without their scopes")?;
    let alias = sql.alias();
    let rows = Rows { catalog, def: definition(catalog, entity)?, alias: &alias };
    sql.push("EXISTS (SELECT 1 FROM ").push(&quoted(entity)).push(" AS ").push(&alias).push(" WHERE ");
    same(sql, &side(rows, from)?, &side(asking.rows, to)?);
    sql.push(" AND ").push(&rows.column("recycledon")).push(" IS NULL AND ");
    scope::readable(sql, rows, scopes)?;
    sql.push(" AND ");
    // Nothing stands beside the rows of this inner question.
    holds(sql, Asking { rows, beside: &[], positive: true, ..asking }, filter)?;
    sql.push(")");
    Ok(())
}

/// Whether what the filter says in any case leads to few records by an index: a key, a lookup, an address or a name.
pub(crate) fn narrow(def: &EntityDef, filter: &Filter) -> bool {
    let (name, values) = match filter {
        Filter::All(filters) => return filters.iter().any(|it| narrow(def, it)),
        Filter::Compare { column, op: Op::Eq, value } => (column, std::slice::from_ref(value)),
        Filter::In { column, values } => (column, values.as_slice()),
        _ => return false,
    };
    if values.is_empty() || values.iter().any(is_nothing) {
        return false;
    }
    let unindexed = ["createdby", "modifiedby", "ownerid", "owningbusinessunit"];
    let by_index = |it: &ColumnDef| match it.kind {
        FieldKind::Lookup => !unindexed.contains(&it.name.as_str()),
        _ => text::by_index(def, it),
    };
    *name == def.key_column() || def.column(name).is_some_and(by_index)
}

/// One of the words of the record with the key `key` (an expression) begins with `word`. Written so that no planner
/// turns it around and gathers all records with that word.
pub(crate) fn has_word(sql: &mut Sql, def: &EntityDef, key: &str, word: &str) {
    sql.push("(SELECT 1 FROM word w WHERE w.recordid = ").push(key).push(" AND w.entity = ");
    sql.push(&literal(&def.name)).push(" AND ");
    begins(sql, "w.word", word);
    sql.push(" LIMIT 1) IS NOT NULL");
}

/// `place` begins with `word`, as a range, which an index can answer.
pub(crate) fn begins(sql: &mut Sql, place: &str, word: &str) {
    sql.push(place).push(" >= ").value(word);
    sql.push(" AND ").push(place).push(" < ").value(format!("{word}\u{10FFFF}"));
}

#[cfg(test)]
#[path = "query/tests.rs"]
mod tests;
