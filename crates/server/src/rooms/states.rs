//! What is done with one record beside changing its fields: its status, its owner.

use super::drafts;
use crate::error::{Answer, Failure, again};
use crate::session::{Checked, Fields, Verb, Visitor};
use crate::views;
use crate::views::field::{self, Draft};
use crate::views::record::asking::{self, About, Ending};
use crate::web::Web;
use app::Error;
use app::actions::close::{self, Closing};
use app::records::{self, View};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::entity::{Choice, ColumnDef, EntityDef};
use domain::id::RecordRef;
use domain::privilege::Action;
use domain::record::{Value, Values};
use maud::Markup;

async fn about(web: &Web, visitor: &Visitor, record: &RecordRef) -> Answer<(View, String)> {
    let view = records::read(&web.app, &visitor.who.actor, record).await?;
    let name = views::list::name(&view.record, &view.def, &visitor.words.t("record-nameless"));
    Ok((view, name))
}

pub async fn ask(
    State(web): State<Web>,
    visitor: Visitor,
    Path((entity, id)): Path<(String, String)>,
) -> Answer {
    let record = super::record(&entity, &id)?;
    let (view, name) = about(&web, &visitor, &record).await?;
    if !view.may_write || view.def.column("statuscode").is_none() {
        return Err(Error::NotAllowed.into());
    }
    Ok(asking::state(&visitor, &About { view: &view, name: &name }, &Ending::default()))
}

/// Gives the record another status. What ends an opportunity or a case is done as such, and may say why.
pub async fn change(
    State(web): State<Web>,
    Path((entity, id)): Path<(String, String)>,
    Checked { visitor, verb, form }: Checked<Fields>,
) -> Answer<Response> {
    if verb != Verb::Put {
        return Err(Failure::Unreadable);
    }
    let field = |name: &str| form.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str());
    let record = super::record(&entity, &id)?;
    let (view, name) = about(&web, &visitor, &record).await?;
    let status = status(&view.def, field("status")).ok_or(Failure::Unreadable)?.clone();
    let mut ending =
        Ending { status: Some(status.value), text: field("text").to_owned(), ..Ending::default() };
    let value = match view.def.column("actualvalue") {
        Some(column) => {
            let (read, draft) = drafts::one(&web, &visitor, column, &form).await?;
            ending.value = draft;
            let Ok(value) = read else {
                return Ok(again(asking::state(&visitor, &About { view: &view, name: &name }, &ending)));
            };
            value.int()
        }
        None => None,
    };
    let actor = &visitor.who.actor;
    let closing = Closing {
        status: Some(status.value),
        subject: None,
        description: Some(ending.text.clone()).filter(|it| !it.trim().is_empty()),
        value,
        at: None,
    };
    match (entity.as_str(), status.state, view.record.get("statecode").int()) {
        ("opportunity", Some(1), Some(0)) => close::win(&web.app, actor, record.id, &closing).await?,
        ("opportunity", Some(2), Some(0)) => close::lose(&web.app, actor, record.id, &closing).await?,
        ("incident", Some(1), Some(0)) => close::resolve(&web.app, actor, record.id, &closing).await?,
        _ => {
            let version: Option<i64> = field("version").parse().ok();
            let values = Values::from([("statuscode".to_owned(), Value::Int(status.value))]);
            records::update(&web.app, actor, &record, version, values).await?;
        }
    }
    Ok(Redirect::to(&views::address(&record)).into_response())
}

fn status<'a>(def: &'a EntityDef, text: &str) -> Option<&'a Choice> {
    def.column("statuscode")?.option(text.parse().ok()?)
}

/// Whom a record can belong to.
fn owner(visitor: &Visitor, def: &EntityDef) -> Answer<ColumnDef> {
    let column = def.column("ownerid").filter(|_| visitor.who.actor.may(Action::Assign, &def.name));
    column.cloned().map(|it| ColumnDef { required: true, ..it }).ok_or_else(|| Error::NotAllowed.into())
}

pub async fn ask_owner(
    State(web): State<Web>,
    visitor: Visitor,
    Path((entity, id)): Path<(String, String)>,
) -> Answer {
    let record = super::record(&entity, &id)?;
    let (view, name) = about(&web, &visitor, &record).await?;
    let column = owner(&visitor, &view.def)?;
    let choices = drafts::choices(&web, &visitor, &column.targets, "").await?;
    let written = field::written(&column, view.record.get("ownerid"), &view.names, &visitor.words);
    Ok(owner_page(&visitor, &view, &name, &column, &Draft { choices, ..written }))
}

fn owner_page(visitor: &Visitor, view: &View, name: &str, column: &ColumnDef, draft: &Draft) -> Markup {
    asking::owner(visitor, &About { view, name }, column, draft)
}

pub async fn assign(
    State(web): State<Web>,
    Path((entity, id)): Path<(String, String)>,
    Checked { visitor, verb, form }: Checked<Fields>,
) -> Answer<Response> {
    if verb != Verb::Put {
        return Err(Failure::Unreadable);
    }
    let record = super::record(&entity, &id)?;
    let (view, name) = about(&web, &visitor, &record).await?;
    let column = owner(&visitor, &view.def)?;
    let (read, draft) = drafts::one(&web, &visitor, &column, &form).await?;
    let Ok(value) = read else {
        return Ok(again(owner_page(&visitor, &view, &name, &column, &draft)));
    };
    let actor = &visitor.who.actor;
    records::update(&web.app, actor, &record, None, Values::from([("ownerid".to_owned(), value)])).await?;
    // Whoever gave it away may not see it any more.
    let seen = records::read(&web.app, actor, &record).await.is_ok();
    let next = if seen { views::address(&record) } else { format!("/records/{entity}") };
    Ok(Redirect::to(&next).into_response())
}
