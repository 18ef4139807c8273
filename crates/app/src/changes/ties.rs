//! Letting ways from one record lead to another, and not any more.

use super::Changes;
use crate::{Error, Result};
use domain::ask::Way;
use domain::entity::ends;
use domain::id::{Guid, RecordRef};
use domain::privilege::Action;
use domain::record::{Value, Values};

impl Changes<'_> {
    /// Lets the way from `record` lead to `other` too.
    pub async fn tie(&mut self, record: &RecordRef, way: &Way, other: &RecordRef) -> Result<()> {
        match way {
            Way::One { column, .. } => self.lead(record, column, Value::Ref(other.clone())).await,
            Way::Many { column, .. } => self.lead(other, column, Value::Ref(record.clone())).await,
            Way::Across { intersect, here, there, .. } => {
                self.may_tie(intersect, record, other).await?;
                let (first, second) = self.in_order(intersect, (here, record.id), (there, other.id))?;
                let catalog = &self.app.catalog;
                let second = (second.0.as_str(), second.1);
                store::records::tie(
                    &mut self.commit,
                    catalog,
                    intersect,
                    (first.0.as_str(), first.1),
                    second,
                    self.stamp,
                )?;
                Ok(())
            }
        }
    }

    /// And not any more.
    pub async fn untie(&mut self, record: &RecordRef, way: &Way, other: &RecordRef) -> Result<()> {
        match way {
            Way::One { column, .. } => self.lead(record, column, Value::Null).await,
            Way::Many { column, .. } => self.lead(other, column, Value::Null).await,
            Way::Across { intersect, here, there, .. } => {
                self.may_tie(intersect, record, other).await?;
                let (first, second) = self.in_order(intersect, (here, record.id), (there, other.id))?;
                let key = Guid::named(intersect, &format!("{} {}", first.1, second.1));
                let tie = RecordRef::new(intersect, key);
                Ok(store::records::untie(&mut self.commit, &self.app.catalog, &tie, self.stamp)?)
            }
        }
    }

    async fn lead(&mut self, record: &RecordRef, column: &str, value: Value) -> Result<()> {
        self.update(record, None, Values::from([(column.to_owned(), value)])).await
    }

    /// Ties are made by who may append the one and append to the other. Who has which role is an administrator's to say,
    /// and who is in a team is said by who may change the team: both decide what people may do.
    async fn may_tie(&self, intersect: &str, record: &RecordRef, other: &RecordRef) -> Result<()> {
        for one in [record, other] {
            if !self.may(Action::Read, one).await? {
                return Err(Error::NotFound);
            }
        }
        let team = [record, other].into_iter().find(|it| it.entity == "team");
        let allowed = match (intersect, team) {
            ("systemuserroles", _) => self.actor.administers(),
            ("teammembership", Some(team)) => self.may(Action::Write, team).await?,
            _ => self.may(Action::Append, record).await? && self.may(Action::AppendTo, other).await?,
        };
        if allowed { Ok(()) } else { Err(Error::NotAllowed) }
    }

    /// The ends as the definition has them, so that a tie is the same from either side.
    fn in_order(
        &self,
        intersect: &str,
        here: (&str, Guid),
        there: (&str, Guid),
    ) -> Result<((String, Guid), (String, Guid))> {
        let def = self.app.catalog.get(intersect).ok_or(Error::NotFound)?;
        let (first, _) = ends(def).ok_or(Error::NotFound)?;
        let own = |it: (&str, Guid)| (it.0.to_owned(), it.1);
        Ok(if first.name == here.0 { (own(here), own(there)) } else { (own(there), own(here)) })
    }
}
