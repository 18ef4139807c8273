//! A statement under construction, and filters as conditions: the one place where SQL grows out of values.
//!
//! Plain text with `$n`, because both engines read the same text: names come from an [`EntityDef`] alone, values
//! never enter the text.

use crate::db::Cell;
use crate::ddl::{literal, quoted};
use crate::records::cells;
use anyhow::{Context, Result, bail};
use domain::entity::{EntityDef, FieldKind};
use domain::filter::{Filter, Op};
use domain::record::Value;

/// The text so far with its values, in the order of their numbers.
#[derive(Debug, Default)]
pub(crate) struct Sql {
    pub text: String,
    pub values: Vec<Cell>,
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
        let missing = values.len().next_power_of_two() - values.len();
        self.push("(");
        for (at, value) in values.into_iter().chain(std::iter::repeat_n(last, missing)).enumerate() {
            self.push(if at == 0 { "" } else { ", " }).value(value);
        }
        self.push(")")
    }
}

/// `t."name"`.
pub(crate) fn column(alias: &str, name: &str) -> String {
    format!("{alias}.{}", quoted(name))
}

/// The condition that the row `alias` of `def` passes the filter. What is empty neither equals nor differs.
/// Fails for a column that the type does not have, and for a value that does not belong into its column.
pub(crate) fn holds(sql: &mut Sql, def: &EntityDef, alias: &str, filter: &Filter) -> Result<()> {
    match filter {
        Filter::All(filters) => all_hold(sql, def, alias, filters, (" AND ", "TRUE"))?,
        Filter::Any(filters) => all_hold(sql, def, alias, filters, (" OR ", "FALSE"))?,
        Filter::Not(filter) => {
            sql.push("NOT (");
            holds(sql, def, alias, filter)?;
            sql.push(")");
        }
        Filter::Compare { column, op, value } => compares(sql, def, alias, column, *op, value)?,
        Filter::In { column, values } if values.is_empty() => {
            kind(def, column)?;
            sql.push("FALSE");
        }
        Filter::In { column, values } => within(sql, def, alias, column, values)?,
        Filter::Null { column: name } => {
            kind(def, name)?;
            sql.push(&column(alias, name)).push(" IS NULL");
        }
        Filter::Words(words) => {
            let key = column(alias, &def.key_column());
            sql.push("(TRUE");
            for word in crate::words::asked(words) {
                sql.push(" AND ");
                has_word(sql, def, &key, &word);
            }
            sql.push(")");
        }
        Filter::Like { .. }
        | Filter::Columns { .. }
        | Filter::HasChoice { .. }
        | Filter::Exists { .. }
        | Filter::Beside { .. } => bail!("This kind of filter is for questions over several types"),
    }
    Ok(())
}

fn all_hold(
    sql: &mut Sql,
    def: &EntityDef,
    alias: &str,
    filters: &[Filter],
    (between, empty): (&str, &str),
) -> Result<()> {
    sql.push("(");
    for (at, filter) in filters.iter().enumerate() {
        sql.push(if at == 0 { "" } else { between });
        holds(sql, def, alias, filter)?;
    }
    sql.push(if filters.is_empty() { empty } else { "" }).push(")");
    Ok(())
}

/// The key column counts as a lookup to the type itself: it can be asked for, though it is in no definition.
fn kind(def: &EntityDef, name: &str) -> Result<FieldKind> {
    if name == def.key_column() {
        return Ok(FieldKind::Lookup);
    }
    let column = def.column(name).with_context(|| format!("{} has no column “{name}”", def.name))?;
    Ok(column.kind.clone())
}

fn cell(def: &EntityDef, name: &str, value: &Value) -> Result<Cell> {
    match (def.column(name), value) {
        (Some(column), value) => cells::encoded(def, column, value),
        (None, Value::Ref(record)) if record.entity == def.name => Ok(record.id.into()),
        (None, _) => bail!("The key {name} is compared with something that is no {}", def.name),
    }
}

fn compares(sql: &mut Sql, def: &EntityDef, alias: &str, name: &str, op: Op, value: &Value) -> Result<()> {
    let kind = kind(def, name)?;
    let place = column(alias, name);
    let sign = match (op, value) {
        (Op::Eq, Value::Null) => {
            sql.push(&place).push(" IS NULL");
            return Ok(());
        }
        (Op::Ne, Value::Null) => {
            sql.push(&place).push(" IS NOT NULL");
            return Ok(());
        }
        (_, Value::Null) => bail!("{name} is compared with nothing"),
        (Op::Eq, _) => " = ",
        (Op::Ne, _) => " <> ",
        (Op::Lt | Op::Le | Op::Gt | Op::Ge, _) if kind == FieldKind::Lookup => bail!("{name} has no order"),
        (Op::Lt, _) => " < ",
        (Op::Le, _) => " <= ",
        (Op::Gt, _) => " > ",
        (Op::Ge, _) => " >= ",
    };
    let cell = cell(def, name, value)?;
    // Keys are unique across types, but a type is part of what was asked.
    let of_type = def.column(name).filter(|it| it.has_type_column()).zip(value.record());
    match of_type {
        Some((lookup, record)) => {
            let (open, close) = if op == Op::Ne { ("NOT (", ")") } else { ("(", ")") };
            sql.push(open).push(&place).push(" = ").value(cell).push(" AND ");
            sql.push(&column(alias, &lookup.type_column()))
                .push(" = ")
                .value(record.entity.as_str())
                .push(close);
        }
        None => {
            sql.push(&place).push(sign).value(cell);
        }
    }
    Ok(())
}

fn within(sql: &mut Sql, def: &EntityDef, alias: &str, name: &str, values: &[Value]) -> Result<()> {
    kind(def, name)?;
    if def.column(name).is_some_and(domain::entity::ColumnDef::has_type_column) {
        let each: Vec<Filter> = values.iter().map(|it| Filter::eq(name, it.clone())).collect();
        return all_hold(sql, def, alias, &each, (" OR ", "FALSE"));
    }
    let cells: Vec<Cell> = values.iter().map(|it| cell(def, name, it)).collect::<Result<_>>()?;
    sql.push(&column(alias, name)).push(" IN ").list(cells);
    Ok(())
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
mod tests {
    use super::*;
    use domain::entity::Catalog;
    use domain::id::{Guid, RecordRef};

    fn text(filter: &Filter) -> Result<String> {
        let mut sql = Sql::new();
        let catalog = Catalog::standard().unwrap();
        holds(&mut sql, catalog.get("contact").unwrap(), "t", filter)?;
        Ok(sql.text)
    }

    #[track_caller]
    fn check(filter: &Filter, expected: &str) {
        assert_eq!(text(filter).unwrap(), expected);
    }

    #[test]
    fn values_never_enter_the_text() {
        let name = "'; DROP TABLE contact; --";
        check(&Filter::eq("lastname", name), "t.\"lastname\" = $1");
        check(&Filter::eq("lastname", Value::Null), "t.\"lastname\" IS NULL");
        let account = RecordRef::new("account", Guid::NIL);
        check(
            &Filter::eq("parentcustomerid", account.clone()),
            "(t.\"parentcustomerid\" = $1 AND t.\"parentcustomeridtype\" = $2)",
        );
        check(&Filter::In { column: "lastname".into(), values: vec![] }, "FALSE");
        let three = vec!["a".into(), "b".into(), "c".into()];
        check(&Filter::In { column: "lastname".into(), values: three }, "t.\"lastname\" IN ($1, $2, $3, $4)");
        check(
            &Filter::All(vec![Filter::Any(vec![]), Filter::Not(Box::new(Filter::everything()))]),
            "((FALSE) AND NOT ((TRUE)))",
        );
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for filter in [
            Filter::eq("nonsense", "a"),
            Filter::eq("lastname\" = '' OR \"lastname", "a"),
            Filter::eq("lastname", 7),
            Filter::Null { column: "nonsense".into() },
            Filter::In { column: "nonsense".into(), values: vec![] },
            Filter::eq("parentcustomerid", RecordRef::new("team", Guid::NIL)),
            Filter::Compare {
                column: "parentcustomerid".into(),
                op: Op::Lt,
                value: RecordRef::new("account", Guid::NIL).into(),
            },
        ] {
            assert!(text(&filter).is_err(), "{filter:?}");
        }
    }
}
