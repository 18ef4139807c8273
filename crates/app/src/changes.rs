//! Several changes that hold wholly or not at all: each knows what those before it will have made, and one commit does
//! them. The one path by which people and scripts write records of every type.

mod connection;
mod delete;
mod fit;
mod owner;
mod party;
mod rule;
mod ties;
mod write;

pub use delete::{Consent, dependants, dependants_of_all, restore};

use crate::{App, Error, Result};
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor};
use domain::record::{Record, Value};
use std::collections::BTreeMap;
use store::{Commit, Stamp};

/// To be filled, then committed.
pub struct Changes<'a> {
    app: &'a App,
    actor: &'a Actor,
    stamp: Stamp,
    commit: Commit,
    /// What was written so far, as it will be; `None`: deleted.
    known: BTreeMap<RecordRef, Option<Known>>,
    /// Who takes part in activities that get their parties here, in order.
    parties: BTreeMap<RecordRef, Vec<party::Taking>>,
}

/// A record as it will be.
struct Known {
    record: Record,
    /// It was not there before.
    new: bool,
}

impl<'a> Changes<'a> {
    pub fn new(app: &'a App, actor: &'a Actor) -> Changes<'a> {
        Changes {
            app,
            actor,
            stamp: app.stamp(actor.user()),
            commit: Commit::new(),
            known: BTreeMap::new(),
            parties: BTreeMap::new(),
        }
    }

    /// Whether the record is one of those that will have been made or changed.
    pub fn knows(&self, record: &RecordRef) -> bool {
        self.will_be(record).is_some()
    }

    /// The version that a record will have that was made or changed here.
    pub fn version(&self, record: &RecordRef) -> Option<i64> {
        self.will_be(record).map(|it| it.record.version)
    }

    /// Nothing of it holds before this. [`Error::Changed`]: somebody was faster; then nothing was done.
    pub async fn commit(mut self) -> Result<()> {
        self.name_people();
        if self.commit.is_empty() {
            return Ok(());
        }
        Ok(self.app.db.commit(self.commit).await?)
    }

    fn will_be(&self, record: &RecordRef) -> Option<&Known> {
        self.known.get(record)?.as_ref()
    }

    /// Whether the record will have been made here: then it is the actor's to use.
    fn is_new(&self, record: &RecordRef) -> bool {
        self.will_be(record).is_some_and(|it| it.new)
    }

    fn will_be_gone(&self, record: &RecordRef) -> bool {
        self.known.get(record).is_some_and(Option::is_none)
    }

    fn remember(&mut self, record: Record, new: bool) {
        let new = new || self.is_new(&record.reference());
        self.known.insert(record.reference(), Some(Known { record, new }));
    }

    /// Whether the actor may do this to a record that is there or will be.
    async fn may(&self, action: Action, record: &RecordRef) -> Result<bool> {
        if self.will_be_gone(record) {
            return Ok(false);
        }
        if self.is_new(record) {
            return Ok(self.actor.may(action, &record.entity));
        }
        let scope = self.actor.scope(action, &record.entity);
        if self.app.catalog.get(&record.entity).is_none() {
            return Ok(false);
        }
        Ok(store::records::reaches(&self.app.db, &self.app.catalog, record, &scope).await?)
    }

    /// The record as it is, or will be by what was written here; `None` when the actor may not do this to it.
    async fn get(&self, action: Action, record: &RecordRef) -> Result<Option<Record>> {
        match self.known.get(record) {
            Some(None) => Ok(None),
            Some(Some(it)) if it.new || action == Action::Read => Ok(Some(it.record.clone())),
            Some(Some(it)) => Ok(self.may(action, record).await?.then(|| it.record.clone())),
            None => {
                let scope = self.actor.scope(action, &record.entity);
                Ok(store::records::get(&self.app.db, &self.app.catalog, record, &scope).await?)
            }
        }
    }

    /// As [`Self::get`], at this version; says why not.
    async fn at_version(&self, action: Action, record: &RecordRef, version: Option<i64>) -> Result<Record> {
        let Some(found) = self.get(action, record).await? else {
            let seen = action != Action::Read && self.may(Action::Read, record).await?;
            return Err(if seen { Error::NotAllowed } else { Error::NotFound });
        };
        if version.is_some_and(|it| it != found.version) {
            return Err(Error::Changed);
        }
        Ok(found)
    }
}

/// Empty columns are not there before a record is.
fn lookups(values: &domain::record::Values) -> impl Iterator<Item = (&String, &RecordRef)> {
    values.iter().filter_map(|(name, value)| Some((name, Value::record(value)?)))
}

fn reference(entity: &str, id: Guid) -> RecordRef {
    RecordRef::new(entity, id)
}
