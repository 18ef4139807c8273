//! Making a record and changing one.

use super::{Changes, Known, fit, lookups, reference};
use crate::{Error, Problem, Result};
use domain::entity::{EntityDef, FieldKind, Ownership};
use domain::id::{Guid, RecordRef};
use domain::privilege::Action;
use domain::record::{Record, Value, Values};
use domain::state;

impl Changes<'_> {
    /// A new record with these values, under this key if one is given. Its owner is the actor unless said otherwise. A
    /// part (a party, a file) is made by naming in its lookup what it is part of.
    pub async fn create(&mut self, entity: &str, id: Option<Guid>, values: Values) -> Result<Guid> {
        // Know
        let def = self.app.catalog.get(entity).ok_or(Error::NotFound)?;
        if def.readonly || def.intersect || !self.actor.may(Action::Create, entity) {
            return Err(Error::NotAllowed);
        }
        let id = self.key(def, id).await?;
        let mut values = values;
        values.retain(|_, value| !value.is_null());
        if def.column("businessunitid").is_some_and(|it| it.required) {
            let own = || reference("businessunit", self.actor.unit()).into();
            values.entry("businessunitid".to_owned()).or_insert_with(own);
        }
        self.refuse_closed_whole(def, &values).await?;

        // Decide
        let mut problems = fit::problems(def, &values, fit::Completeness::Whole);
        let settled = state::settled(def, None, &values).unwrap_or_else(|bad| {
            problems.push(Problem::NoChoice { column: bad.column.to_owned() });
            Values::new()
        });
        problems.extend(self.unreachable(def, &values).await?);
        fit::all_well(problems)?;
        values.extend(settled);
        fit::complete(def, &mut values, id);
        let ends = state::ends(def, None, &values, self.stamp.at);
        values.extend(ends);
        self.own(def, &mut values).await?;
        if def.name == "activityparty" {
            self.take_part(&mut values).await?;
        }

        // Do
        let mut record = Record::new(entity, id);
        record.values = values;
        if def.name == "connection" {
            self.connect(&mut record)?;
        }
        self.put(def, record)?;
        Ok(id)
    }

    /// Writes a new record down, as it is.
    pub(super) fn put(&mut self, def: &EntityDef, mut record: Record) -> Result<()> {
        let scope = self.actor.scope(Action::Create, &def.name);
        store::records::create(&mut self.commit, &self.app.catalog, &record, &scope, self.stamp)?;
        record.version = 1;
        for column in &def.columns {
            record.values.entry(column.name.clone()).or_insert(Value::Null);
        }
        self.remember(record, true);
        Ok(())
    }

    async fn key(&self, def: &EntityDef, id: Option<Guid>) -> Result<Guid> {
        let Some(id) = id else { return Ok(self.app.new_id()) };
        let record = reference(&def.name, id);
        let taken = self.known.contains_key(&record)
            || store::records::is_taken(&self.app.db, &self.app.catalog, &record).await?;
        if taken { Err(Error::Invalid(vec![Problem::Taken { column: def.key_column() }])) } else { Ok(id) }
    }

    /// Changes columns of the record, as it was read at `version` if one is given. Another owner needs the privilege to
    /// assign, and takes along what belongs to the record (9.7). A message that was sent or received stays as it is, but
    /// for what it is regarding (EM-04, EM-20).
    pub async fn update(&mut self, record: &RecordRef, version: Option<i64>, values: Values) -> Result<()> {
        // Know
        let def = self.app.catalog.get(&record.entity).ok_or(Error::NotFound)?;
        if def.readonly || def.intersect {
            return Err(Error::NotAllowed);
        }
        let may_write = self.get(Action::Write, record).await?;
        let before = match may_write.clone() {
            Some(found) => found,
            None => self.at_version(Action::Read, record, None).await?,
        };
        if version.is_some_and(|it| it != before.version) {
            return Err(Error::Changed);
        }
        self.refuse_closed_whole(def, &before.values).await?;

        // Decide
        let mut problems = fit::problems(def, &values, fit::Completeness::Changes);
        let settled = state::settled(def, Some(&before), &values).unwrap_or_else(|bad| {
            problems.push(Problem::NoChoice { column: bad.column.to_owned() });
            Values::new()
        });
        let mut changed = values;
        changed.extend(settled);
        changed.retain(|name, value| before.get(name) != value);
        problems.extend(fit::fixed(def, &before, &changed));
        problems.extend(self.unreachable(def, &changed).await?);
        fit::all_well(problems)?;
        if changed.is_empty() {
            return Ok(());
        }
        fit::follow(def, &before.values, &mut changed);
        changed.extend(state::ends(def, Some(&before), &changed, self.stamp.at));
        let action = self.needed(def, record, may_write.is_some(), &changed).await?;
        let new_owner = self.hand_over(def, &mut changed).await?;

        // Do
        self.change(def, &before, &changed, action)?;
        if def.name == "connection" {
            self.change_back(&before, &changed).await?;
        }
        if let Some((owner, unit)) = new_owner {
            self.hand_over_below(record, &owner, unit).await?;
        }
        Ok(())
    }

    pub(super) fn change(
        &mut self,
        def: &EntityDef,
        before: &Record,
        changed: &Values,
        action: Action,
    ) -> Result<()> {
        let scope = self.actor.scope(action, &def.name);
        store::records::update(&mut self.commit, &self.app.catalog, before, changed, &scope, self.stamp)?;
        let mut after = before.clone();
        after.version += 1;
        after.values.extend(changed.clone());
        let new = self.will_be(&before.reference()).is_some_and(|it: &Known| it.new);
        self.remember(after, new);
        Ok(())
    }

    /// The privilege that the statement is held to; the others are asked for here (SE-04, SE-05).
    async fn needed(
        &self,
        def: &EntityDef,
        record: &RecordRef,
        may_write: bool,
        changed: &Values,
    ) -> Result<Action> {
        let assigns = changed.contains_key("ownerid");
        let is_link = |name: &str| def.name == "email" && name == "regardingobjectid";
        let writes = changed.keys().any(|it| it != "ownerid" && !is_link(it));
        let links = lookups(changed).any(|(name, _)| name != "ownerid")
            || changed.iter().any(|(name, value)| is_link(name) && value.is_null());
        if writes && !may_write {
            return Err(Error::NotAllowed);
        }
        if def.ownership == Ownership::Child {
            return Ok(Action::Write);
        }
        if assigns && !self.may(Action::Assign, record).await? {
            return Err(Error::NotAllowed);
        }
        let same = |one, other| {
            self.actor.scope(one, &def.name).reach() == self.actor.scope(other, &def.name).reach()
        };
        let known_to_append = may_write && same(Action::Write, Action::Append);
        if links && !known_to_append && !self.may(Action::Append, record).await? {
            return Err(Error::NotAllowed);
        }
        Ok(match (writes, links) {
            (true, _) => Action::Write,
            (false, true) => Action::Append,
            (false, false) => Action::Assign,
        })
    }

    /// What is wrong with where the values lead: to nothing the actor sees, or to what the actor may not link to.
    async fn unreachable(&self, def: &EntityDef, values: &Values) -> Result<Vec<Problem>> {
        let mut problems = Vec::new();
        let whole = def.part_of().map(|it| it.name.as_str());
        for (column, record) in lookups(values).filter(|(name, _)| *name != "ownerid") {
            let leads = def.column(column).is_some_and(|it| it.kind == FieldKind::Lookup);
            if !leads || self.is_new(record) {
                continue;
            }
            if Some(column.as_str()) == whole {
                self.may_change_whole(record).await?;
            } else if !self.may(Action::Read, record).await? {
                problems.push(Problem::NoRecord { column: column.clone() });
            } else if !self.may(Action::AppendTo, record).await? {
                let entity = record.entity.clone();
                return Err(Error::Refused(domain::tracking::Refusal::MayNotAppendTo { entity }));
            }
        }
        Ok(problems)
    }

    async fn may_change_whole(&self, whole: &RecordRef) -> Result<()> {
        if self.may(Action::Write, whole).await? {
            return Ok(());
        }
        let seen = self.may(Action::Read, whole).await?;
        Err(if seen { Error::NotAllowed } else { Error::NotFound })
    }

    /// Nobody adds anything to a message that was sent or received.
    async fn refuse_closed_whole(&self, def: &EntityDef, values: &Values) -> Result<()> {
        let Some(lookup) = def.part_of() else { return Ok(()) };
        let Some(whole) = values.get(&lookup.name).and_then(Value::record) else { return Ok(()) };
        if whole.entity != "email" || self.is_new(whole) {
            return Ok(());
        }
        match self.get(Action::Read, whole).await? {
            Some(email) if fit::is_kept(&email) => {
                Err(Error::Invalid(vec![Problem::Fixed { column: lookup.name.clone() }]))
            }
            _ => Ok(()),
        }
    }
}
