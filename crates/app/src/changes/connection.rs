//! A connection is stored there and back, so that it is found from either end (9.6).

use super::Changes;
use crate::{Error, Result};
use domain::id::RecordRef;
use domain::privilege::Action;
use domain::record::{Record, Value, Values};

const SWAPPED: [(&str, &str); 4] = [
    ("record1id", "record2id"),
    ("record2id", "record1id"),
    ("record1roleid", "record2roleid"),
    ("record2roleid", "record1roleid"),
];

/// What the way back holds where the way there holds these.
fn backwards(values: &Values) -> Values {
    let column = |name: &str| {
        let other = SWAPPED.iter().find(|it| it.0 == name).map_or(name, |it| it.1);
        other.to_owned()
    };
    values.iter().map(|(name, value)| (column(name), value.clone())).collect()
}

impl Changes<'_> {
    /// Writes the way back of a new connection, and ties the two together.
    pub(super) fn connect(&mut self, there: &mut Record) -> Result<()> {
        let def = self.app.catalog.get("connection").ok_or(Error::NotFound)?;
        let mut back = Record::new("connection", self.app.new_id());
        back.values = backwards(&there.values);
        back.values.insert("relatedconnectionid".to_owned(), there.reference().into());
        back.values.insert("ismaster".to_owned(), false.into());
        there.values.insert("relatedconnectionid".to_owned(), back.reference().into());
        there.values.insert("ismaster".to_owned(), true.into());
        self.put(def, back)
    }

    /// The way back changes as the way there does.
    pub(super) async fn change_back(&mut self, before: &Record, changed: &Values) -> Result<()> {
        let Some(back) = way_back(before) else { return Ok(()) };
        let def = self.app.catalog.get("connection").ok_or(Error::NotFound)?;
        let action = if changed.keys().all(|it| it == "ownerid" || it == "owningbusinessunit") {
            Action::Assign
        } else {
            Action::Write
        };
        let Some(back) = self.get(action, &back).await? else { return Err(Error::NotAllowed) };
        self.change(def, &back, &backwards(changed), action)
    }
}

/// The key of the way back.
pub(super) fn way_back(connection: &Record) -> Option<RecordRef> {
    connection.values.get("relatedconnectionid").and_then(Value::record).cloned()
}
