//! What operations write by a rule of their own, beside what people may fill in: that two records were merged, that a
//! message waits to be sent.

use super::Changes;
use crate::{App, Error, Result};
use domain::id::RecordRef;
use domain::privilege::{Action, Actor};
use domain::record::{Record, Values};
use domain::state;
use store::{Commit, Stamp};

impl Changes<'_> {
    /// The record as it will be, which the actor may do this to; says why not.
    pub(crate) async fn held(&self, action: Action, record: &RecordRef) -> Result<Record> {
        self.app.catalog.get(&record.entity).ok_or(Error::NotFound)?;
        self.at_version(action, record, None).await
    }

    /// Changes any columns of a record that the actor may write. That the values belong there is the operation's to know.
    pub(crate) async fn write_by_rule(&mut self, record: &RecordRef, changed: Values) -> Result<()> {
        let before = self.held(Action::Write, record).await?;
        let def = self.app.catalog.get(&record.entity).ok_or(Error::NotFound)?;
        let mut changed = changed;
        changed.retain(|name, value| before.get(name) != value);
        changed.extend(state::ends(def, Some(&before), &changed, self.stamp.at));
        if changed.is_empty() {
            return Ok(());
        }
        self.change(def, &before, &changed, Action::Write)
    }

    /// For what is no record of a type.
    pub(crate) fn also(&mut self) -> (&App, &Actor, &mut Commit, Stamp) {
        (self.app, self.actor, &mut self.commit, self.stamp)
    }
}
