//! Texts are compared as `domain::text::alike` sees them, by a function that both engines have under that name, and by
//! an index as well where there is one.

use super::{Asking, Sql, begins, senseless};
use crate::db::Cell;
use crate::ddl::{has_name_index, literal};
use crate::records::cells;
use anyhow::Result;
use domain::entity::{ColumnDef, EntityDef, FieldKind};
use domain::filter::Shape;
use domain::record::Value;
use domain::text;

/// SQLite looks for no longer shapes; in bytes.
const LONGEST_SHAPE: usize = 20_000;

pub(crate) fn is_text(kind: &FieldKind) -> bool {
    use FieldKind::{Email, Memo, Phone, Text, Url};
    matches!(kind, Text | Memo | Email | Phone | Url)
}

pub(crate) fn alike(place: &str) -> String {
    format!("alike({place})")
}

fn asked<'a>(column: &ColumnDef, value: &'a Value) -> Result<&'a str> {
    match value {
        Value::Text(text) => Ok(text),
        // Deliberately without the value: it may be private.
        _ => senseless(format!("{} is a text, and is compared with something else.", column.name)),
    }
}

pub(super) fn folded(column: &ColumnDef, value: &Value) -> Result<String> {
    Ok(text::alike(asked(column, value)?))
}

/// Whether an index leads to the records with one text in this column.
pub(super) fn by_index(def: &EntityDef, column: &ColumnDef) -> bool {
    column.kind == FieldKind::Email || is_name(def, column)
}

fn is_name(def: &EntityDef, column: &ColumnDef) -> bool {
    column.name == def.primary && has_name_index(def)
}

pub(super) fn one_of(sql: &mut Sql, asking: Asking<'_>, column: &ColumnDef, values: &[Value]) -> Result<()> {
    let texts: Vec<&str> = values.iter().map(|it| asked(column, it)).collect::<Result<_>>()?;
    let place = alike(&asking.place(&column.name));
    // Where a longer text was cut, its index knows it whole. An empty one is in no index.
    let usable = |it: &&str| column.max.is_none_or(|max| it.chars().count() < max) && !it.trim().is_empty();
    let indexed = asking.positive && by_index(asking.def(), column) && texts.iter().all(usable);
    sql.push(if indexed { "(" } else { "" });
    sql.push(&place).one_of(texts.iter().map(|it| text::alike(it).into()).collect());
    if indexed {
        sql.push(" AND ");
        through_index(sql, asking, column, &texts);
        sql.push(")");
    }
    Ok(())
}

fn through_index(sql: &mut Sql, asking: Asking<'_>, column: &ColumnDef, texts: &[&str]) {
    let def = asking.def();
    if is_name(def, column) {
        let keys: Vec<Cell> = texts.iter().map(|it| cells::sortkey(def, it).into()).collect();
        sql.push(&asking.place("sortkey")).one_of(keys);
        return;
    }
    let addresses: Vec<Cell> = texts.iter().map(|it| text::folded(it).into()).collect();
    sql.push(&asking.rows.key())
        .push(" IN (SELECT recordid FROM emailsearch WHERE address")
        .one_of(addresses);
    sql.push(" AND entity = ")
        .push(&literal(&def.name))
        .push(" AND col = ")
        .push(&literal(&column.name))
        .push(")");
}

pub(super) fn like(sql: &mut Sql, asking: Asking<'_>, column: &ColumnDef, shape: &Shape) -> Result<()> {
    if !is_text(&column.kind) {
        return senseless(format!("{} is no text.", column.name));
    }
    let pattern = match shape {
        Shape::Begins(it) => format!("{}%", escaped(it)),
        Shape::Ends(it) => format!("%{}", escaped(it)),
        Shape::Contains(it) => format!("%{}%", escaped(it)),
        Shape::Pattern(it) => translated(it),
    };
    if pattern.len() > LONGEST_SHAPE {
        return senseless(format!("What {} is compared with is too long.", column.name));
    }
    let range = match shape {
        Shape::Begins(it) if asking.positive && !asking.def().surname && is_name(asking.def(), column) => {
            Some(cells::sortkey(asking.def(), it)).filter(|it| !it.is_empty())
        }
        _ => None,
    };
    sql.push(if range.is_some() { "(" } else { "" });
    // Both sides are folded, so that it does not matter that SQLite's LIKE is blind to case and PostgreSQL's is not.
    sql.push(&alike(&asking.place(&column.name))).push(" LIKE ").value(text::alike(&pattern));
    sql.push(" ESCAPE '\\'");
    if let Some(start) = range {
        sql.push(" AND ");
        begins(sql, &asking.place("sortkey"), &start);
        sql.push(")");
    }
    Ok(())
}

/// A text that stands for itself in LIKE.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

/// `[%]`, `[_]` and `[[]` stand for what is between the brackets.
fn translated(pattern: &str) -> String {
    let mut rest = pattern;
    let mut translated = String::with_capacity(pattern.len());
    while let Some(letter) = rest.chars().next() {
        let literal = ["[%]", "[_]", "[[]"].into_iter().find(|it| rest.starts_with(it));
        match (literal, letter) {
            (Some(it), _) => translated.push_str(&escaped(&it[1..2])),
            (None, '\\') => translated.push_str("\\\\"),
            (None, other) => translated.push(other),
        }
        rest = &rest[literal.map_or(letter.len_utf8(), str::len)..];
    }
    translated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_stand_for_themselves_where_they_should() {
        assert_eq!(escaped("100 %_[\\å"), "100 \\%\\_[\\\\å");
        assert_eq!(translated("_å%[%][_][[]\\[a"), "_å%\\%\\_[\\\\[a");
    }
}
