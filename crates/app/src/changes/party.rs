//! Who takes part in an activity (9.2).

use super::Changes;
use crate::{Error, Problem, Result};
use domain::id::RecordRef;
use domain::party::{SENDER, TO, is_single, parts};
use domain::privilege::Action;
use domain::record::{Record, Value, Values};

/// Somebody on the way to taking part.
pub(super) struct Taking {
    part: i64,
    shown: String,
}

/// The columns in which records have the address that mail to them goes to, by preference.
const ADDRESSES: [&str; 3] = ["emailaddress1", "internalemailaddress", "emailaddress"];

impl Changes<'_> {
    /// Writes anew who takes part in an activity. Each is the values of an `activityparty`: how (the first way this kind
    /// of activity knows, unless said), which record, which address.
    pub async fn set_parties(&mut self, activity: &RecordRef, parties: Vec<Values>) -> Result<()> {
        if !self.is_new(activity) {
            self.at_version(Action::Write, activity, None).await?;
        }
        store::records::remove_parts(&mut self.commit, &self.app.catalog, "activityparty", activity.id)?;
        self.parties.insert(activity.clone(), vec![]);
        for mut party in parties {
            party.insert("activityid".to_owned(), activity.clone().into());
            self.create("activityparty", None, party).await?;
        }
        Ok(())
    }

    /// Completes the values of a party: how it takes part, its name, its address, its place.
    pub(super) async fn take_part(&mut self, party: &mut Values) -> Result<()> {
        let no = |column: &str| Error::Invalid(vec![Problem::NoChoice { column: column.to_owned() }]);
        let activity = party.get("activityid").and_then(Value::record).cloned();
        let activity = activity.ok_or_else(|| no("activityid"))?;
        let def = self.app.catalog.get(&activity.entity).filter(|it| it.activity);
        let allowed = parts(def.ok_or_else(|| no("activityid"))?);
        let part = party.get("participationtypemask").and_then(Value::int).or(allowed.first().copied());
        let there = self.parties.entry(activity.clone()).or_default();
        let part = part.filter(|it| allowed.contains(it)).ok_or_else(|| no("participationtypemask"))?;
        if is_single(part) && there.iter().any(|it| it.part == part) {
            return Err(no("participationtypemask"));
        }
        let position = i64::try_from(there.len()).unwrap_or(i64::MAX);

        party.insert("participationtypemask".to_owned(), part.into());
        party.insert("position".to_owned(), position.into());
        if let Some(record) = party.get("partyid").and_then(Value::record).cloned() {
            let found = self.get(Action::Read, &record).await?.ok_or(Error::NotFound)?;
            let primary = self.app.catalog.get(&record.entity).map(|it| it.primary.clone());
            let name = found.text(&primary.unwrap_or_default()).to_owned();
            party.entry("partyname".to_owned()).or_insert_with(|| name.into());
            if let Some(address) = address(&found) {
                party.entry("addressused".to_owned()).or_insert_with(|| address.into());
            }
        }
        let text = |name: &str| party.get(name).and_then(Value::text).unwrap_or_default().to_owned();
        let (name, address) = (text("partyname"), text("addressused"));
        if name.is_empty() && address.is_empty() {
            return Err(Error::Invalid(vec![Problem::Missing { column: "partyid".to_owned() }]));
        }
        let shown = if name.is_empty() { address } else { name };
        self.parties.entry(activity).or_default().push(Taking { part, shown });
        Ok(())
    }

    /// What lists show of who a message written here is from and to.
    pub(super) fn name_people(&mut self) {
        for (email, all) in self.parties.iter().filter(|it| it.0.entity == "email") {
            let of = |part: i64| {
                let names: Vec<&str> =
                    all.iter().filter(|it| it.part == part).map(|it| it.shown.as_str()).collect();
                names.join("; ")
            };
            store::email::set_people(&mut self.commit, email.id, &of(SENDER), &of(TO));
        }
    }
}

fn address(record: &Record) -> Option<String> {
    ADDRESSES.iter().map(|it| record.text(it)).find(|it| !it.is_empty()).map(str::to_owned)
}
