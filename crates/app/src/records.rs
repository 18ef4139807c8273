//! Lists and forms over any type of record.

use crate::pane::{Candidate, Named};
use crate::{App, Error, Problem, Result};
use domain::entity::{ColumnDef, EntityDef, FieldKind, Ownership};
use domain::filter::{After, Direction, Filter, Query};
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor, Scope};
use domain::record::{Record, Value, Values};
use domain::text::words;
use std::collections::{BTreeMap, BTreeSet};
use store::Commit;

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
pub(crate) async fn names(
    app: &App,
    actor: &Actor,
    records: &[RecordRef],
) -> Result<BTreeMap<RecordRef, String>> {
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
        // Nobody edits a message (EM-20).
        may_write: may_write && !def.activity,
        may_delete: may_delete && !def.activity,
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
    let def = app.catalog.get(entity).ok_or(Error::NotFound)?;
    if !actor.may(Action::Create, entity) || def.ownership == Ownership::Child {
        return Err(Error::NotAllowed);
    }
    check(app, actor, def, &values, Completeness::Whole).await?;

    let mut record = Record::new(entity, app.new_id());
    record.values = values;
    add_full_name(&mut record.values, &Values::new());
    if def.ownership == Ownership::User {
        let unit = RecordRef::new("businessunit", actor.unit());
        record.values.insert("owningbusinessunit".to_owned(), unit.into());
    }
    let mut commit = Commit::new();
    let scope = actor.scope(Action::Create, entity);
    store::records::create(&mut commit, &app.catalog, &record, &scope, app.stamp(actor.user()))?;
    app.db.commit(commit).await?;
    Ok(record.id)
}

/// Changes columns of the record as it was read at `version`.
pub async fn update(
    app: &App,
    actor: &Actor,
    record: &RecordRef,
    version: i64,
    values: Values,
) -> Result<()> {
    let def = app.catalog.get(&record.entity).ok_or(Error::NotFound)?;
    let scope = actor.scope(Action::Write, &def.name);
    let before = as_read(app, actor, record, &scope, version).await?;
    if def.activity {
        return Err(Error::NotAllowed);
    }
    check(app, actor, def, &values, Completeness::Changes).await?;

    let mut changed: Values = values.into_iter().filter(|(name, value)| before.get(name) != value).collect();
    add_full_name(&mut changed, &before.values);
    if changed.is_empty() {
        return Ok(());
    }
    let mut commit = Commit::new();
    let stamp = app.stamp(actor.user());
    store::records::update(&mut commit, &app.catalog, &before, &changed, &scope, stamp)?;
    Ok(app.db.commit(commit).await?)
}

/// The record, when the scope reaches it and nobody changed it since.
async fn as_read(
    app: &App,
    actor: &Actor,
    record: &RecordRef,
    scope: &Scope,
    version: i64,
) -> Result<Record> {
    if let Some(found) = store::records::get(&app.db, &app.catalog, record, scope).await? {
        return if found.version == version { Ok(found) } else { Err(Error::Changed) };
    }
    let read = actor.scope(Action::Read, &record.entity);
    let seen = store::records::reaches(&app.db, &app.catalog, record, &read).await?;
    Err(if seen { Error::NotAllowed } else { Error::NotFound })
}

/// Into the recycle bin.
pub async fn delete(app: &App, actor: &Actor, record: &RecordRef, version: i64) -> Result<()> {
    let def = app.catalog.get(&record.entity).ok_or(Error::NotFound)?;
    let scope = actor.scope(Action::Delete, &def.name);
    let before = as_read(app, actor, record, &scope, version).await?;
    if def.activity {
        return Err(Error::NotAllowed);
    }
    let mut commit = Commit::new();
    store::records::delete(&mut commit, &app.catalog, &before, &scope, app.stamp(actor.user()))?;
    Ok(app.db.commit(commit).await?)
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

#[derive(Clone, Copy, PartialEq, Eq)]
enum Completeness {
    /// Every required column must be there.
    Whole,
    /// Only what is there is looked at.
    Changes,
}

/// Everything that is wrong with the values, at once.
async fn check(
    app: &App,
    actor: &Actor,
    def: &EntityDef,
    values: &Values,
    completeness: Completeness,
) -> Result<()> {
    let mut problems = Vec::new();
    for column in def.form() {
        match values.get(&column.name) {
            Some(value) => problems.extend(problem(column, value)),
            None if column.required && completeness == Completeness::Whole => {
                problems.push(Problem::Missing { column: column.name.clone() });
            }
            None => {}
        }
    }
    for (column, record) in values.iter().filter_map(|(name, it)| Some((name, it.record()?))) {
        let scope = actor.scope(Action::Read, &record.entity);
        let target = def.column(column).is_some_and(|it| it.targets.contains(&record.entity));
        if !target || !store::records::reaches(&app.db, &app.catalog, record, &scope).await? {
            problems.push(Problem::NoRecord { column: column.clone() });
        }
    }
    let hidden = |name: &String| def.column(name).is_none_or(|it| it.internal);
    if values.keys().any(hidden) {
        return Err(Error::NotAllowed);
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

fn problem(column: &ColumnDef, value: &Value) -> Option<Problem> {
    let name = column.name.clone();
    let text = value.text().unwrap_or_default();
    match (&column.kind, value) {
        (_, Value::Null) => column.required.then_some(Problem::Missing { column: name }),
        (_, Value::Text(text)) if column.required && text.trim().is_empty() => {
            Some(Problem::Missing { column: name })
        }
        (_, Value::Text(text)) if column.max.is_some_and(|max| text.chars().count() > max) => {
            Some(Problem::TooLong { column: name, max: column.max.unwrap_or_default() })
        }
        (FieldKind::Email, _) if !text.is_empty() && !looks_like_an_address(text) => {
            Some(Problem::NoAddress { column: name })
        }
        (FieldKind::Choices, Value::Choices(all)) if all.iter().any(|it| column.option(*it).is_none()) => {
            Some(Problem::NoChoice { column: name })
        }
        (FieldKind::Choice, Value::Int(number)) if column.option(*number).is_none() => {
            Some(Problem::NoChoice { column: name })
        }
        _ => None,
    }
}

/// People are called by first and last name together.
fn add_full_name(changed: &mut Values, before: &Values) {
    if !changed.contains_key("lastname") && !changed.contains_key("firstname") {
        return;
    }
    let part = |name: &str| {
        let value = changed.get(name).or(before.get(name)).and_then(Value::text);
        value.unwrap_or_default().trim().to_owned()
    };
    let full = format!("{} {}", part("firstname"), part("lastname")).trim().to_owned();
    changed.insert("fullname".to_owned(), full.into());
}

/// Something before and something behind the only @, without spaces: enough to catch a slip, no more.
pub(crate) fn looks_like_an_address(text: &str) -> bool {
    let text = text.trim();
    let parts: Vec<&str> = text.split('@').collect();
    matches!(parts.as_slice(), [name, host] if !name.is_empty() && host.contains('.') && !host.starts_with('.'))
        && !text.contains(char::is_whitespace)
        && text.len() <= 254
}
