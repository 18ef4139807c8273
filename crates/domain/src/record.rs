//! One record, and what its columns can hold.

use crate::id::{Guid, RecordRef};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What one column of one record holds; which kind belongs where is said by [`crate::entity::FieldKind`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Value {
    Null,
    Bool(bool),
    /// An integer, a choice, money in ten-thousandths, or a decimal in millionths.
    Int(i64),
    /// A number of kind [`crate::entity::FieldKind::Float`].
    Float(f64),
    Text(String),
    /// Several choices, in ascending order, each once.
    Choices(Vec<i64>),
    Time(Timestamp),
    Ref(RecordRef),
    Bytes(Vec<u8>),
}

impl Value {
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn int(&self) -> Option<i64> {
        match self {
            Value::Int(int) => Some(*int),
            _ => None,
        }
    }

    pub fn bool(&self) -> Option<bool> {
        match self {
            Value::Bool(bool) => Some(*bool),
            _ => None,
        }
    }

    pub fn time(&self) -> Option<Timestamp> {
        match self {
            Value::Time(time) => Some(*time),
            _ => None,
        }
    }

    pub fn record(&self) -> Option<&RecordRef> {
        match self {
            Value::Ref(record) => Some(record),
            _ => None,
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }
}

impl From<&str> for Value {
    fn from(it: &str) -> Value {
        Value::Text(it.to_owned())
    }
}

impl From<String> for Value {
    fn from(it: String) -> Value {
        Value::Text(it)
    }
}

impl From<i64> for Value {
    fn from(it: i64) -> Value {
        Value::Int(it)
    }
}

impl From<bool> for Value {
    fn from(it: bool) -> Value {
        Value::Bool(it)
    }
}

impl From<Timestamp> for Value {
    fn from(it: Timestamp) -> Value {
        Value::Time(it)
    }
}

impl From<RecordRef> for Value {
    fn from(it: RecordRef) -> Value {
        Value::Ref(it)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(it: Option<T>) -> Value {
        it.map_or(Value::Null, Into::into)
    }
}

pub type Values = BTreeMap<String, Value>;

/// One record as it was read, or as it shall be written. A column that is not in `values` was not asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    pub entity: String,
    pub id: Guid,
    /// Grows with each change; 0 for a record that was never stored.
    pub version: i64,
    pub values: Values,
}

impl Record {
    pub fn new(entity: impl Into<String>, id: Guid) -> Record {
        Record { entity: entity.into(), id, version: 0, values: Values::new() }
    }

    /// For building: `Record::new("account", id).with("name", "Contoso")`.
    pub fn with(mut self, column: &str, value: impl Into<Value>) -> Record {
        self.values.insert(column.to_owned(), value.into());
        self
    }

    /// [`Value::Null`] for a column that is empty or was not asked for.
    pub fn get(&self, column: &str) -> &Value {
        self.values.get(column).unwrap_or(&Value::Null)
    }

    /// Empty when there is no text.
    pub fn text(&self, column: &str) -> &str {
        self.get(column).text().unwrap_or_default()
    }

    pub fn reference(&self) -> RecordRef {
        RecordRef::new(&self.entity, self.id)
    }

    pub fn owner(&self) -> Option<&RecordRef> {
        self.get("ownerid").record()
    }
}
