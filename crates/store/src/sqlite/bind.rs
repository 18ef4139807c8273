//! Values into SQLite's statements and out of its rows.

use crate::db::{Cell, Row};
use anyhow::Result;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{CachedStatement, Connection, ToSql};

/// Runs a question.
pub fn rows(connection: &Connection, sql: &str, values: &[Cell]) -> Result<Vec<Row>> {
    let mut statement = bound(connection, sql, values)?;
    let width = statement.column_count();
    let mut answer = Vec::new();
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        answer.push(Row((0..width).map(|at| cell(row.get_ref(at)?)).collect::<Result<_>>()?));
    }
    Ok(answer)
}

/// Runs a statement and says how many rows it touched, or answered when it is a question.
pub fn touched(connection: &Connection, sql: &str, values: &[Cell]) -> rusqlite::Result<u64> {
    let mut statement = bound(connection, sql, values)?;
    if statement.column_count() == 0 {
        return Ok(statement.raw_execute()? as u64);
    }
    let mut count = 0;
    let mut rows = statement.raw_query();
    while rows.next()?.is_some() {
        count += 1;
    }
    Ok(count)
}

fn bound<'a>(
    connection: &'a Connection,
    sql: &str,
    values: &[Cell],
) -> rusqlite::Result<CachedStatement<'a>> {
    let mut statement = connection.prepare_cached(&numbered(sql))?;
    let wanted = statement.parameter_count();
    if wanted != values.len() {
        return Err(rusqlite::Error::InvalidParameterCount(values.len(), wanted));
    }
    for (at, value) in values.iter().enumerate() {
        statement.raw_bind_parameter(at + 1, value)?;
    }
    Ok(statement)
}

/// SQLite numbers `$2` by where it first appears, but `?2` by its number: the shared dialect means the latter.
/// Cheap enough (a copy of the text) to be done each time.
fn numbered(sql: &str) -> String {
    if !sql.contains('\'') {
        return sql.replace('$', "?");
    }
    let mut quoted = false;
    let mut rest = sql.chars().peekable();
    let mut numbered = String::with_capacity(sql.len());
    while let Some(char) = rest.next() {
        quoted ^= char == '\'';
        let parameter = char == '$' && !quoted && rest.peek().is_some_and(char::is_ascii_digit);
        numbered.push(if parameter { '?' } else { char });
    }
    numbered
}

impl ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Cell::Null => ValueRef::Null,
            Cell::Bool(truth) => ValueRef::Integer((*truth).into()),
            Cell::Int(number) => ValueRef::Integer(*number),
            Cell::Float(number) => ValueRef::Real(*number),
            // PostgreSQL refuses NUL, so that neither engine gets it (decision 5).
            Cell::Text(text) if text.contains('\0') => {
                return Ok(ToSqlOutput::Owned(Value::Text(text.replace('\0', ""))));
            }
            Cell::Text(text) => ValueRef::Text(text.as_bytes()),
            Cell::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

fn cell(value: ValueRef<'_>) -> Result<Cell> {
    Ok(match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(number) => Cell::Int(number),
        ValueRef::Text(text) => Cell::Text(std::str::from_utf8(text)?.to_owned()),
        ValueRef::Blob(bytes) => Cell::Bytes(bytes.to_vec()),
        ValueRef::Real(number) => Cell::Float(number),
    })
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn parameters_are_numbered_and_quoted_text_is_left_alone() {
        assert_eq!(numbered("a = $2 AND b <> '$1''$3' OR c = $10"), "a = ?2 AND b <> '$1''$3' OR c = ?10");
        assert_eq!(numbered("json_extract(å, '$.a') = $1"), "json_extract(å, '$.a') = ?1");
    }
}
