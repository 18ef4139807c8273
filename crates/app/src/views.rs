//! Saved views: lists that somebody arranged and kept, for one person (`userquery`) or for everybody (`savedquery`).

use crate::changes::Changes;
use crate::{App, Error, Result, users};
use domain::filter::{Direction, Filter, Query};
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor};
use domain::record::{Record, Value, Values};
use domain::view::{self, View};
use formats::fetchxml;
use store::{Commit, Failure, Stamp, setting};

/// A view somebody kept.
#[derive(Debug, Clone)]
pub struct Saved {
    pub record: RecordRef,
    pub version: i64,
    pub name: String,
    /// It came with the product: it is called what [`view::Ready::label`] says.
    pub ready: Option<&'static view::Ready>,
    pub question: Question,
    /// Lists open with it.
    pub default: bool,
    pub may_write: bool,
    pub may_delete: bool,
}

/// What a view asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Question {
    List(View),
    /// FetchXML that says more than conditions side by side.
    Other(String),
}

/// Who finds the view in the picker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    Me,
    Everybody,
}

impl For {
    fn entity(self) -> &'static str {
        match self {
            For::Me => "userquery",
            For::Everybody => "savedquery",
        }
    }
}

/// Views in one picker of each kind.
const MOST: u32 = 200;

/// Those of one type that the actor may see: the product's own first, then everybody's, then personal ones, by name.
pub async fn of_type(app: &App, actor: &Actor, entity: &str) -> Result<Vec<Saved>> {
    let def = app.catalog.get(entity).ok_or(Error::NotFound)?;
    let ready = view::ready(def);
    let place = |it: &Saved| {
        ready.iter().position(|own| it.ready.is_some_and(|it| it.key == own.key)).unwrap_or(usize::MAX)
    };
    let mut all = vec![];
    for kind in ["savedquery", "userquery"] {
        let query = Query::of(kind).filter(Filter::eq("returnedtypecode", entity)).limit(MOST);
        let query = query.order("name", Direction::Ascending);
        let scope = actor.scope(Action::Read, kind);
        let found = store::records::find(&app.db, &app.catalog, &query, &scope).await?.records;
        let mut kept = vec![];
        for it in &found {
            if kind == "savedquery" || is_meant_for(app, actor, it).await? {
                kept.push(saved(app, actor, it));
            }
        }
        kept.sort_by_key(place);
        all.extend(kept);
    }
    Ok(all)
}

/// A personal view is for its owner and whoever it is shared with, not for all whose role reads it.
async fn is_meant_for(app: &App, actor: &Actor, view: &Record) -> Result<bool> {
    let principals = actor.principals();
    if view.owner().is_some_and(|it| principals.contains(&it.id)) {
        return Ok(true);
    }
    let shares = store::share::of(&app.db, &view.reference()).await?;
    Ok(shares.iter().any(|it| principals.contains(&it.0)))
}

fn saved(app: &App, actor: &Actor, record: &Record) -> Saved {
    let def = app.catalog.get(record.text("returnedtypecode"));
    let ready = def.and_then(|def| view::ready(def).into_iter().find(|it| it.id(def) == record.id));
    let xml = record.text("fetchxml");
    let question = match fetchxml::view(xml) {
        Some(mut view) => {
            view.columns.retain(|it| def.is_none_or(|def| def.key_column() != *it));
            Question::List(view)
        }
        None => Question::Other(xml.to_owned()),
    };
    let owned = |action| {
        let owner = record.owner().map(|it| it.id);
        let unit = record.get("owningbusinessunit").record().map(|it| it.id);
        actor.scope(action, &record.entity).covers(owner, unit)
    };
    Saved {
        record: record.reference(),
        version: record.version,
        name: record.text("name").to_owned(),
        ready: ready.filter(|_| record.entity == "savedquery"),
        question,
        default: record.get("isdefault").bool().unwrap_or_default(),
        may_write: owned(Action::Write),
        may_delete: owned(Action::Delete),
    }
}

/// Whether the actor may keep views for these people.
pub fn may_save(actor: &Actor, whose: For) -> bool {
    actor.may(Action::Create, whose.entity())
}

/// Keeps the view under this name.
pub async fn save(app: &App, actor: &Actor, name: &str, whose: For, view: &View) -> Result<RecordRef> {
    let mut values = values(app, view)?;
    values.insert("name".to_owned(), name.trim().into());
    values.insert("returnedtypecode".to_owned(), view.entity.as_str().into());
    values.insert("querytype".to_owned(), Value::Int(0));
    let id = crate::records::create(app, actor, whose.entity(), values).await?;
    Ok(RecordRef::new(whose.entity(), id))
}

/// From now on the saved view is this one.
pub async fn change(app: &App, actor: &Actor, record: &RecordRef, version: i64, view: &View) -> Result<()> {
    if !matches!(record.entity.as_str(), "savedquery" | "userquery") {
        return Err(Error::NotFound);
    }
    let values = values(app, view)?;
    let mut changes = Changes::new(app, actor);
    changes.update(record, Some(version), values).await?;
    changes.commit().await
}

fn values(app: &App, view: &View) -> Result<Values> {
    let def = app.catalog.get(&view.entity).ok_or(Error::NotFound)?;
    let spelled = crate::lists::spelled_out(def, view.clone());
    Ok(Values::from([
        ("fetchxml".to_owned(), fetchxml::write(&spelled, def).into()),
        ("layoutxml".to_owned(), fetchxml::layout(&spelled, def).into()),
    ]))
}

/// The setting that says which of the product's views were made.
const READY: &str = "views";

/// Makes the views that come with the product, for types that have none yet. What somebody changed or deleted stays so.
pub(crate) async fn make_ready(app: &App) -> Result<()> {
    // Know
    let all: Vec<_> = view::listed(&app.catalog)
        .flat_map(|def| view::ready(def).into_iter().map(move |it| (def, it)))
        .collect();
    let named: Vec<String> = all.iter().map(|(def, it)| format!("{}/{}", def.name, it.key)).collect();
    let made = setting::get(&app.db, READY).await?.unwrap_or_default();
    let made: Vec<&str> = made.split(',').collect();
    if named.iter().all(|it| made.contains(&it.as_str())) {
        return Ok(());
    }

    // Decide
    let mut commit = Commit::new();
    setting::put(&mut commit, READY, &named.join(","));
    let (system, stamp) = (users::system(app), Stamp { by: Guid::NIL, at: app.now() });
    let scope = system.scope(Action::Create, "savedquery");
    for ((def, ready), name) in all.iter().zip(&named) {
        let id = ready.id(def);
        let record = RecordRef::new("savedquery", id);
        if made.contains(&name.as_str()) || store::records::is_taken(&app.db, &app.catalog, &record).await? {
            continue;
        }
        let mut row = Record::new("savedquery", id)
            .with("name", ready.label(def).en)
            .with("returnedtypecode", def.name.as_str())
            .with("querytype", 0)
            .with("isdefault", ready.default)
            .with("isuserdefined", false);
        row.values.extend(values(app, &ready.view(def))?);
        store::records::create(&mut commit, &app.catalog, &row, &scope, stamp)?;
    }

    // Do
    match app.db.commit(commit).await {
        // Another server that starts at the same moment did the same.
        Ok(()) | Err(Failure::Changed) => Ok(()),
        Err(Failure::Broken(error)) => Err(error.context("Making the ready-made views").into()),
    }
}
