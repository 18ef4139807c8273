//! A small company for the stories: two salespeople and a manager in units of one tree, on a fresh database.

use domain::entity::Catalog;
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor, Role, Scope, Standing};
use domain::record::{Record, Values};
use domain::time::Timestamp;
use std::collections::BTreeSet;
use store::testing::{World, migrated_worlds};
use store::{Commit, Db, Failure, Stamp, records};

pub const HEAD: u8 = 10;
pub const NORTH: u8 = 11;
pub const SOUTH: u8 = 12;
pub const TEAM: u8 = 20;

pub const EVA: u8 = 1;
pub const BO: u8 = 2;
pub const MIA: u8 = 3;
pub const ADMIN: u8 = 4;

pub fn guid(n: u8) -> Guid {
    Guid::v7(u64::from(n), [n; 10])
}

pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(1_790_000_000 + seconds)
}

pub struct Company {
    pub world: World,
    pub catalog: Catalog,
}

/// One company on each engine.
pub async fn companies() -> Vec<Company> {
    let catalog = Catalog::standard().unwrap();
    let worlds = migrated_worlds().await;
    worlds.into_iter().map(|world| Company { world, catalog: catalog.clone() }).collect()
}

impl Company {
    pub fn db(&self) -> &Db {
        &self.world.db
    }

    pub fn actor(&self, user: u8, unit: u8, below: &[u8], teams: &[u8], roles: &[&str]) -> Actor {
        let standing = Standing {
            user: guid(user),
            unit: guid(unit),
            units_below: below.iter().map(|it| guid(*it)).collect(),
            teams: teams.iter().map(|it| guid(*it)).collect::<BTreeSet<_>>(),
        };
        let all = Role::standard().unwrap();
        let roles = all.into_iter().filter(|it| roles.contains(&it.name.as_str())).collect();
        Actor::new(standing, roles, self.catalog.clone())
    }

    /// Eva sells in the north.
    pub fn eva(&self) -> Actor {
        self.actor(EVA, NORTH, &[], &[], &["salesperson"])
    }

    /// Bo sells there, too, and is in the team.
    pub fn bo(&self) -> Actor {
        self.actor(BO, NORTH, &[], &[TEAM], &["salesperson"])
    }

    /// Mia manages the north from above.
    pub fn mia(&self) -> Actor {
        self.actor(MIA, HEAD, &[NORTH], &[], &["manager"])
    }

    pub fn admin(&self) -> Actor {
        self.actor(ADMIN, HEAD, &[NORTH, SOUTH], &[], &["administrator"])
    }

    /// What the actor makes, in the actor's unit.
    pub async fn make(&self, actor: &Actor, record: Record, seconds: i64) -> Record {
        let unit = RecordRef::new("businessunit", actor.unit());
        let user_owned = self.catalog.get(&record.entity).unwrap().column("owningbusinessunit").is_some();
        let record = if user_owned { record.with("owningbusinessunit", unit) } else { record };
        let scope = actor.scope(Action::Create, &record.entity);
        let stamp = Stamp { by: actor.user(), at: at(seconds) };
        self.commit(|commit| records::create(commit, &self.catalog, &record, &scope, stamp)).await.unwrap();
        let read = self.admin().scope(Action::Read, &record.entity);
        records::get(self.db(), &self.catalog, &record.reference(), &read).await.unwrap().unwrap()
    }

    pub async fn commit(&self, fill: impl FnOnce(&mut Commit) -> anyhow::Result<()>) -> Result<(), Failure> {
        let mut commit = Commit::new();
        fill(&mut commit)?;
        self.db().commit(commit).await
    }

    pub async fn change(
        &self,
        actor: &Actor,
        before: &Record,
        column: &str,
        value: &str,
        seconds: i64,
    ) -> Result<(), Failure> {
        let changed = Values::from([(column.to_owned(), value.into())]);
        let scope = actor.scope(Action::Write, &before.entity);
        let stamp = Stamp { by: actor.user(), at: at(seconds) };
        self.commit(|it| records::update(it, &self.catalog, before, &changed, &scope, stamp)).await
    }

    pub async fn delete(&self, actor: &Actor, before: &Record, seconds: i64) -> Result<(), Failure> {
        let scope = actor.scope(Action::Delete, &before.entity);
        let stamp = Stamp { by: actor.user(), at: at(seconds) };
        self.commit(|it| records::delete(it, &self.catalog, before, &scope, stamp)).await
    }

    pub async fn get(&self, actor: &Actor, record: &RecordRef) -> Option<Record> {
        let scope = actor.scope(Action::Read, &record.entity);
        records::get(self.db(), &self.catalog, record, &scope).await.unwrap()
    }

    pub async fn reaches(&self, scope: &Scope, record: &RecordRef) -> bool {
        records::reaches(self.db(), &self.catalog, record, scope).await.unwrap()
    }

    /// The first number of the first row.
    pub async fn count(&self, sql: &str) -> i64 {
        self.db().row(sql, &[]).await.unwrap().unwrap().int(0).unwrap()
    }
}

#[track_caller]
pub fn changed(result: Result<(), Failure>) {
    assert!(matches!(result, Err(Failure::Changed)), "{result:?}");
}
