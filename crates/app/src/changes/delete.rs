//! Into the recycle bin with everything that hangs on a record, as far as that is wanted (9.7, D-19), and back.

use super::{Changes, connection};
use crate::{App, Error, Result};
use domain::entity::OnDelete;
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor};
use domain::record::Record;
use std::collections::{BTreeMap, BTreeSet};
use store::Commit;
use store::records::{Dependant, Lying};

/// Whether what hangs on a record may go along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// Nobody was asked: if something would go along, the answer is [`Error::Depends`].
    Ask,
    /// So many may go along, and no more.
    With(u64),
    /// Whatever it is: a script cannot be asked.
    Whatever,
}

/// Of so many records at once each batch of a large deletion consists.
const BATCH: usize = 1_000;

/// What goes with a record, and what only leads to it.
#[derive(Default)]
struct Below {
    /// Nearest first.
    goes: Vec<RecordRef>,
    ties: Vec<RecordRef>,
    stays: Vec<Dependant>,
    objects: BTreeMap<String, u64>,
}

impl Below {
    /// By type. A connection counts once, though it is stored there and back.
    fn counts(&self) -> Vec<(String, u64)> {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for it in &self.goes {
            *counts.entry(&it.entity).or_default() += 1;
        }
        let counted = |(entity, count): (&str, u64)| {
            (entity.to_owned(), if entity == "connection" { count.div_ceil(2) } else { count })
        };
        counts.into_iter().map(counted).collect()
    }
}

/// How many records of each type would go with this one, whoever they belong to.
pub async fn dependants(app: &App, actor: &Actor, record: &RecordRef) -> Result<Vec<(String, u64)>> {
    let scope = actor.scope(Action::Delete, &record.entity);
    app.catalog.get(&record.entity).ok_or(Error::NotFound)?;
    if !store::records::reaches(&app.db, &app.catalog, record, &scope).await? {
        return Err(Error::NotFound);
    }
    Ok(below(app, record, Lying::Alive).await?.counts())
}

/// How many records of each type would go with all of these, themselves not counted.
pub async fn dependants_of_all(
    app: &App,
    actor: &Actor,
    entity: &str,
    ids: &[Guid],
) -> Result<Vec<(String, u64)>> {
    app.catalog.get(entity).ok_or(Error::NotFound)?;
    if !actor.may(Action::Delete, entity) {
        return Err(Error::NotAllowed);
    }
    Ok(below_all(app, entity, ids, Lying::Alive).await?.counts())
}

async fn below(app: &App, root: &RecordRef, lying: Lying) -> Result<Below> {
    below_all(app, &root.entity, &[root.id], lying).await
}

async fn below_all(app: &App, entity: &str, ids: &[Guid], lying: Lying) -> Result<Below> {
    let mut found = Below::default();
    let mut seen: BTreeSet<RecordRef> = ids.iter().map(|it| RecordRef::new(entity, *it)).collect();
    let mut left = vec![(entity.to_owned(), ids.to_vec())];
    while let Some((entity, ids)) = left.pop() {
        let mut next: BTreeMap<String, Vec<Guid>> = BTreeMap::new();
        for it in store::records::dependants(&app.db, &app.catalog, &entity, &ids, lying).await? {
            let tie = app.catalog.get(&it.record.entity).is_some_and(|it| it.intersect);
            match it.on_delete {
                OnDelete::Cascade if tie => found.ties.push(it.record),
                OnDelete::Cascade if seen.insert(it.record.clone()) => {
                    found.goes.push(it.record.clone());
                    next.entry(it.record.entity).or_default().push(it.record.id);
                }
                OnDelete::Cascade => {}
                OnDelete::Unlink => found.stays.push(it),
                OnDelete::Restrict => *found.objects.entry(it.record.entity).or_default() += 1,
            }
        }
        left.extend(next);
    }
    found.stays.retain(|it| !seen.contains(&it.record));
    Ok(found)
}

impl Changes<'_> {
    /// Puts the record into the recycle bin, with whatever hangs on it.
    pub async fn delete(&mut self, record: &RecordRef, version: Option<i64>) -> Result<()> {
        self.delete_asking(record, version, Consent::Whatever).await
    }

    /// Puts the record into the recycle bin, and with it what hangs on it as far as there is consent: else
    /// [`Error::Depends`] says what that is. What only leads to it leads nowhere any more. [`Error::HeldBack`]: something
    /// keeps it, or something that would go along is not the actor's to delete.
    pub async fn delete_asking(
        &mut self,
        record: &RecordRef,
        version: Option<i64>,
        consent: Consent,
    ) -> Result<()> {
        // Know
        let def = self.app.catalog.get(&record.entity).ok_or(Error::NotFound)?;
        if def.readonly || def.intersect {
            return Err(Error::NotAllowed);
        }
        let before = self.at_version(Action::Delete, record, version).await?;
        let mut below = below(self.app, record, Lying::Alive).await?;
        if matches!(record.entity.as_str(), "systemuser" | "team") {
            below.objects.extend(store::records::owned(&self.app.db, &self.app.catalog, record.id).await?);
        }
        if let Some(back) = connection::way_back(&before).filter(|_| def.name == "connection") {
            below.ties.push(back);
        }

        // Decide
        if !below.objects.is_empty() {
            return Err(Error::HeldBack { counts: below.objects.into_iter().collect() });
        }
        let counts = below.counts();
        let total: u64 = counts.iter().map(|it| it.1).sum();
        match consent {
            Consent::Whatever => {}
            Consent::With(most) if total <= most => {}
            Consent::Ask if total == 0 => {}
            Consent::Ask | Consent::With(_) => return Err(Error::Depends { counts }),
        }

        // Do
        for it in &below.stays {
            store::records::unlink(&mut self.commit, &self.app.catalog, it, self.stamp)?;
        }
        for it in &below.ties {
            store::records::untie(&mut self.commit, &self.app.catalog, it, self.stamp)?;
        }
        // Leaves first: when a large deletion breaks off, what is left still hangs together.
        below.goes.reverse();
        for some in below.goes.chunks(BATCH) {
            self.delete_all(some).await?;
        }
        self.bin(&before)
    }

    async fn delete_all(&mut self, records: &[RecordRef]) -> Result<()> {
        let mut of_type: BTreeMap<&str, Vec<Guid>> = BTreeMap::new();
        for it in records.iter().filter(|it| !self.will_be_gone(it)) {
            of_type.entry(&it.entity).or_default().push(it.id);
        }
        for (entity, ids) in of_type {
            let scope = self.actor.scope(Action::Delete, entity);
            let found =
                store::records::get_many(&self.app.db, &self.app.catalog, entity, &ids, &scope).await?;
            if found.len() < ids.len() {
                let others = u64::try_from(ids.len() - found.len()).unwrap_or(u64::MAX);
                return Err(Error::HeldBack { counts: vec![(entity.to_owned(), others)] });
            }
            for it in &found {
                let now = self.will_be(&it.reference()).map_or(it, |it| &it.record).clone();
                self.bin(&now)?;
            }
        }
        Ok(())
    }

    fn bin(&mut self, record: &Record) -> Result<()> {
        let scope = self.actor.scope(Action::Delete, &record.entity);
        store::records::delete(&mut self.commit, &self.app.catalog, record, &scope, self.stamp)?;
        self.known.insert(record.reference(), None);
        Ok(())
    }
}

/// Takes a record out of the recycle bin again, with everything that went there with it. What only led to it does not
/// find back.
pub async fn restore(app: &App, actor: &Actor, record: &RecordRef) -> Result<()> {
    let def = app.catalog.get(&record.entity).ok_or(Error::NotFound)?;
    if def.readonly || def.intersect {
        return Err(Error::NotAllowed);
    }
    let (mut commit, stamp) = (Commit::new(), app.stamp(actor.user()));
    let since = store::records::recycled_since(&app.db, &app.catalog, record).await?;
    let since = since.ok_or(Error::NotFound)?;
    let root = out_of_the_bin(app, actor, &mut commit, record).await?.ok_or(Error::NotFound)?;
    let mut below = below(app, record, Lying::RecycledAt(since)).await?;
    if let Some(back) = connection::way_back(&root).filter(|_| def.name == "connection") {
        below.ties.push(back);
    }
    for it in &below.goes {
        // Whatever somebody else may restore stays for that one.
        out_of_the_bin(app, actor, &mut commit, it).await?;
    }
    for it in &below.ties {
        store::records::tie_again(&mut commit, &app.catalog, it, stamp)?;
    }
    Ok(app.db.commit(commit).await?)
}

async fn out_of_the_bin(
    app: &App,
    actor: &Actor,
    commit: &mut Commit,
    record: &RecordRef,
) -> Result<Option<Record>> {
    let scope = actor.scope(Action::Delete, &record.entity);
    let Some(found) = store::records::recycled(&app.db, &app.catalog, record, &scope).await? else {
        return Ok(None);
    };
    store::records::restore(commit, &app.catalog, &found, &scope, app.stamp(actor.user()))?;
    Ok(Some(found))
}
