//! Lists and forms over any type of record; one change at a time.

use crate::changes::Changes;
use crate::pane::{Candidate, Named};
use crate::{App, Error, Result};
use domain::entity::EntityDef;
use domain::filter::{After, Direction, Filter, Query};
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor, Scope};
use domain::record::{Record, Value, Values};
use domain::text::words;
use std::collections::{BTreeMap, BTreeSet};

pub use crate::changes::{Consent, dependants, restore};

/// A page of records with the names of everything they point at (that the reader may see).
#[derive(Debug, Clone)]
pub struct List {
    pub def: EntityDef,
    pub records: Vec<Record>,
    pub names: BTreeMap<RecordRef, String>,
    pub next: Option<After>,
    pub may_create: bool,
}

#[derive(Debug, Clone)]
pub struct View {
    pub def: EntityDef,
    pub record: Record,
    pub names: BTreeMap<RecordRef, String>,
    pub may_write: bool,
    pub may_delete: bool,
    /// What hangs together with it, by type: contacts, opportunities, cases of an account; connections.
    pub related: Vec<Related>,
}

#[derive(Debug, Clone)]
pub struct Related {
    /// The logical name of the type, or `connection`.
    pub entity: String,
    pub records: Vec<Candidate>,
}

pub async fn list(app: &App, actor: &Actor, query: &Query) -> Result<List> {
    let def = app.catalog.get(&query.entity).ok_or(Error::NotFound)?;
    let scope = actor.scope(Action::Read, &def.name);
    let page = store::records::find(&app.db, &app.catalog, query, &scope).await?;
    let pointed: Vec<RecordRef> = page.records.iter().flat_map(pointed_at).collect();
    Ok(List {
        def: def.clone(),
        names: names(app, actor, &pointed).await?,
        records: page.records,
        next: page.next,
        may_create: actor.may(Action::Create, &def.name),
    })
}

fn pointed_at(record: &Record) -> Vec<RecordRef> {
    record.values.values().filter_map(Value::record).cloned().collect()
}

/// The names of those records that the reader may see.
pub async fn names(app: &App, actor: &Actor, records: &[RecordRef]) -> Result<BTreeMap<RecordRef, String>> {
    let types: BTreeSet<&str> = records.iter().map(|it| it.entity.as_str()).collect();
    let scopes: Vec<Scope> = types.into_iter().map(|it| actor.scope(Action::Read, it)).collect();
    Ok(store::records::names(&app.db, &app.catalog, records, &scopes).await?)
}

pub async fn read(app: &App, actor: &Actor, record: &RecordRef) -> Result<View> {
    let def = app.catalog.get(&record.entity).ok_or(Error::NotFound)?;
    let scope = |action| actor.scope(action, &def.name);
    let found = store::records::get(&app.db, &app.catalog, record, &scope(Action::Read)).await?;
    let found = found.ok_or(Error::NotFound)?;
    let (write, delete) = (scope(Action::Write), scope(Action::Delete));
    let (may_write, may_delete) = tokio::try_join!(
        store::records::reaches(&app.db, &app.catalog, record, &write),
        store::records::reaches(&app.db, &app.catalog, record, &delete),
    )?;
    Ok(View {
        def: def.clone(),
        names: names(app, actor, &pointed_at(&found)).await?,
        // Nobody edits a message (EM-20), and it goes by being untracked.
        may_write: may_write && !def.readonly && def.name != "email",
        may_delete: may_delete && !def.readonly && def.name != "email",
        related: related(app, actor, record).await?,
        record: found,
    })
}

/// Which types show which others, and through which column.
const RELATED: [(&str, &str, &str); 8] = [
    ("account", "contact", "parentcustomerid"),
    ("account", "opportunity", "customerid"),
    ("account", "incident", "customerid"),
    ("account", "account", "parentaccountid"),
    ("contact", "opportunity", "parentcontactid"),
    ("contact", "incident", "primarycontactid"),
    ("contact", "incident", "customerid"),
    ("contact", "opportunity", "customerid"),
];

async fn related(app: &App, actor: &Actor, record: &RecordRef) -> Result<Vec<Related>> {
    let mut all: Vec<Related> = Vec::new();
    for (_, entity, column) in RELATED.iter().filter(|(of, ..)| *of == record.entity) {
        let query = Query::of(entity).filter(Filter::eq(column, record.clone())).limit(12);
        let scope = actor.scope(Action::Read, entity);
        let page = store::records::find(&app.db, &app.catalog, &query, &scope).await?;
        let found: Vec<RecordRef> = page.records.iter().map(Record::reference).collect();
        if found.is_empty() {
            continue;
        }
        let records = crate::pane::in_order(app, actor, &found).await?;
        match all.iter_mut().find(|it| it.entity == *entity) {
            Some(there) => there.records.extend(records),
            None => all.push(Related { entity: (*entity).to_owned(), records }),
        }
    }
    let connected = connected(app, actor, record).await?;
    if !connected.is_empty() {
        all.push(Related { entity: "connection".to_owned(), records: connected });
    }
    Ok(all)
}

/// The other ends of the record's connections; each is stored there and back (9.6).
async fn connected(app: &App, actor: &Actor, record: &RecordRef) -> Result<Vec<Candidate>> {
    let query = Query::of("connection").filter(Filter::eq("record1id", record.clone())).limit(12);
    let scope = actor.scope(Action::Read, "connection");
    let page = store::records::find(&app.db, &app.catalog, &query, &scope).await?;
    let others = page.records.iter().filter_map(|it| it.get("record2id").record()).cloned();
    crate::pane::in_order(app, actor, &others.collect::<Vec<_>>()).await
}

/// A new record with these values; owner is the actor unless said otherwise.
pub async fn create(app: &App, actor: &Actor, entity: &str, values: Values) -> Result<Guid> {
    let mut changes = Changes::new(app, actor);
    let id = changes.create(entity, None, values).await?;
    changes.commit().await?;
    Ok(id)
}

/// Changes columns of the record, as it was read at `version` if one is given.
pub async fn update(
    app: &App,
    actor: &Actor,
    record: &RecordRef,
    version: impl Into<Option<i64>>,
    values: Values,
) -> Result<()> {
    let mut changes = Changes::new(app, actor);
    changes.update(record, version.into(), values).await?;
    changes.commit().await
}

/// Into the recycle bin, with what hangs on it as far as there is consent.
pub async fn delete(
    app: &App,
    actor: &Actor,
    record: &RecordRef,
    version: impl Into<Option<i64>>,
    consent: Consent,
) -> Result<()> {
    let mut changes = Changes::new(app, actor);
    changes.delete_asking(record, version.into(), consent).await?;
    changes.commit().await
}

/// How many records a lookup offers.
const CHOICES: u32 = 12;

/// Records of one type to choose in a lookup, by words of their names.
pub async fn choices(app: &App, actor: &Actor, entity: &str, text: &str) -> Result<Vec<Named>> {
    let def = app.catalog.get(entity).ok_or(Error::NotFound)?;
    let words = words(text);
    let filter = if words.is_empty() { Filter::everything() } else { Filter::Words(words) };
    let query = Query::of(entity).filter(filter).order(&def.primary, Direction::Ascending).limit(CHOICES);
    let scope = actor.scope(Action::Read, entity);
    let page = store::records::find(&app.db, &app.catalog, &query, &scope).await?;
    let named = |it: &Record| Named { record: it.reference(), name: it.text(&def.primary).to_owned() };
    Ok(page.records.iter().map(named).collect())
}
