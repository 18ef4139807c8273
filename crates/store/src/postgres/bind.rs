//! Values into PostgreSQL's statements and out of its rows, by the types the server names.

use crate::db::{Cell, Row};
use anyhow::{Context, Result};
use bytes::BytesMut;
use std::error::Error;
use std::fmt;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

/// A value on its way to the server. The driver writes parameters to its log when that is turned up, so that this one
/// shows only its kind.
pub struct Bound<'a>(pub &'a Cell);

impl fmt::Debug for Bound<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0.kind())
    }
}

impl ToSql for Bound<'_> {
    fn to_sql(&self, column: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match (self.0, column) {
            (Cell::Null, _) => Ok(IsNull::Yes),
            (Cell::Int(number), &Type::INT8) => number.to_sql(column, out),
            (Cell::Int(number), &Type::INT4) => i32::try_from(*number)?.to_sql(column, out),
            (Cell::Int(number), &Type::INT2) => i16::try_from(*number)?.to_sql(column, out),
            (Cell::Int(number), &Type::BOOL) => (*number != 0).to_sql(column, out),
            (Cell::Float(number), &Type::FLOAT8) => number.to_sql(column, out),
            (Cell::Bool(truth), &Type::BOOL) => truth.to_sql(column, out),
            (Cell::Bool(truth), &Type::INT8) => i64::from(*truth).to_sql(column, out),
            (
                Cell::Text(text),
                &Type::TEXT | &Type::VARCHAR | &Type::BPCHAR | &Type::NAME | &Type::UNKNOWN,
            ) => {
                // The server refuses NUL (decision 5).
                if text.contains('\0') {
                    text.replace('\0', "").to_sql(column, out)
                } else {
                    text.to_sql(column, out)
                }
            }
            (Cell::Bytes(bytes), &Type::BYTEA) => bytes.to_sql(column, out),
            (other, _) => Err(format!("{} does not fit a parameter of type {column}", other.kind()).into()),
        }
    }

    /// Which value fits is only known when it is there.
    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Cell {
    fn from_sql(column: &Type, raw: &'a [u8]) -> Result<Cell, Box<dyn Error + Sync + Send>> {
        Ok(match *column {
            Type::INT8 => Cell::Int(i64::from_sql(column, raw)?),
            Type::INT4 => Cell::Int(i32::from_sql(column, raw)?.into()),
            Type::INT2 => Cell::Int(i16::from_sql(column, raw)?.into()),
            Type::FLOAT8 => Cell::Float(f64::from_sql(column, raw)?),
            Type::BOOL => Cell::Bool(bool::from_sql(column, raw)?),
            Type::BYTEA => Cell::Bytes(raw.to_vec()),
            Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN => {
                Cell::Text(String::from_sql(column, raw)?)
            }
            _ => return Err(format!("The answer holds a {column}: cast it to BIGINT or TEXT").into()),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Cell, Box<dyn Error + Sync + Send>> {
        Ok(Cell::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

pub fn row(row: &tokio_postgres::Row) -> Result<Row> {
    let cells = (0..row.len()).map(|at| row.try_get(at));
    cells.collect::<Result<_, _>>().map(Row).context("Reading a row of PostgreSQL's answer")
}
