//! Whose a record is, and what goes along when it becomes somebody else's (9.7).

use super::Changes;
use crate::{Error, Problem, Result};
use domain::entity::{EntityDef, OnDelete, Ownership};
use domain::id::{Guid, RecordRef};
use domain::privilege::Action;
use domain::record::{Value, Values};
use std::collections::{BTreeMap, BTreeSet};
use store::records::{Lying, dependants};

/// What belongs to a record, and is not handed over with it: a message is the copy of who tracked it (decision 13), a
/// connection says nothing of whose something is, and what waits in a queue waits there.
const STAYS: [&str; 3] = ["email", "connection", "queueitem"];

impl Changes<'_> {
    /// Puts owner and unit of a new record among its values.
    pub(super) async fn own(&self, def: &EntityDef, values: &mut Values) -> Result<()> {
        if def.ownership != Ownership::User {
            return Ok(());
        }
        let (owner, unit) = match values.get("ownerid") {
            Some(owner) => self.owner(owner).await?,
            None => (RecordRef::new("systemuser", self.actor.user()), self.actor.unit()),
        };
        if !self.actor.scope(Action::Create, &def.name).covers(Some(owner.id), Some(unit)) {
            return Err(Error::NotAllowed);
        }
        if owner.id != self.actor.user() && !self.actor.may(Action::Assign, &def.name) {
            return Err(Error::NotAllowed);
        }
        values.insert("ownerid".to_owned(), owner.into());
        values.insert("owningbusinessunit".to_owned(), RecordRef::new("businessunit", unit).into());
        Ok(())
    }

    async fn owner(&self, owner: &Value) -> Result<(RecordRef, Guid)> {
        let nobody = || Error::Invalid(vec![Problem::NoRecord { column: "ownerid".to_owned() }]);
        let owner = owner.record().ok_or_else(nobody)?;
        if owner.id == self.actor.user() {
            return Ok((owner.clone(), self.actor.unit()));
        }
        let unit = match self.will_be(owner) {
            Some(it) => it.record.get("businessunitid").record().map(|it| it.id),
            None => store::user::unit_of(&self.app.db, owner).await?,
        };
        Ok((owner.clone(), unit.ok_or_else(nobody)?))
    }

    /// When the record gets another owner: who, and in which unit, which is put among the changes.
    pub(super) async fn hand_over(
        &self,
        def: &EntityDef,
        changed: &mut Values,
    ) -> Result<Option<(RecordRef, Guid)>> {
        let Some(owner) = changed.get("ownerid") else { return Ok(None) };
        if def.ownership != Ownership::User {
            return Err(Error::Invalid(vec![Problem::Unknown { column: "ownerid".to_owned() }]));
        }
        let (owner, unit) = self.owner(owner).await?;
        changed.insert("owningbusinessunit".to_owned(), RecordRef::new("businessunit", unit).into());
        Ok(Some((owner, unit)))
    }

    /// Everything that belongs to the record gets the same owner, as far as the actor may assign it.
    pub(super) async fn hand_over_below(
        &mut self,
        root: &RecordRef,
        owner: &RecordRef,
        unit: Guid,
    ) -> Result<()> {
        let (app, mut seen) = (self.app, BTreeSet::from([root.clone()]));
        let mut left = BTreeMap::from([(root.entity.clone(), vec![root.id])]);
        while let Some((entity, ids)) = left.pop_first() {
            let below = dependants(&app.db, &app.catalog, &entity, &ids, Lying::Alive).await?;
            let mut next: BTreeMap<String, Vec<Guid>> = BTreeMap::new();
            for it in below.into_iter().filter(|it| it.on_delete == OnDelete::Cascade) {
                let follows = app
                    .catalog
                    .get(&it.record.entity)
                    .is_some_and(|it| it.ownership == Ownership::User && !STAYS.contains(&it.name.as_str()));
                if follows && seen.insert(it.record.clone()) {
                    next.entry(it.record.entity).or_default().push(it.record.id);
                }
            }
            for (entity, ids) in next {
                self.assign_all(&entity, &ids, owner, unit).await?;
                left.entry(entity).or_default().extend(ids);
            }
        }
        Ok(())
    }

    async fn assign_all(&mut self, entity: &str, ids: &[Guid], owner: &RecordRef, unit: Guid) -> Result<()> {
        let app = self.app;
        let def = app.catalog.get(entity).ok_or(Error::NotFound)?;
        let scope = self.actor.scope(Action::Assign, entity);
        for some in ids.chunks(500) {
            let found = store::records::get_many(&app.db, &app.catalog, entity, some, &scope).await?;
            for before in found.iter().filter(|it| it.owner() != Some(owner)) {
                let before = self.will_be(&before.reference()).map_or(before, |it| &it.record).clone();
                let changed = Values::from([
                    ("ownerid".to_owned(), owner.clone().into()),
                    ("owningbusinessunit".to_owned(), RecordRef::new("businessunit", unit).into()),
                ]);
                self.change(def, &before, &changed, Action::Assign)?;
            }
        }
        Ok(())
    }
}
