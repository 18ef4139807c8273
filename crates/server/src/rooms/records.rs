//! Lists, pages and forms over any type of record.

use super::drafts::{self, Sent};
use super::paging;
use crate::error::{Answer, Failure, again, conflict, sentence};
use crate::session::{Checked, Fields, Verb, Visitor};
use crate::views;
use crate::views::form::{Form, Target};
use crate::views::record::asking::{self, About};
use crate::views::record::{Part, Shown};
use crate::web::Web;
use app::Error;
use app::records::{Consent, View};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::entity::EntityDef;
use domain::id::RecordRef;
use serde::Deserialize;

/// The types one can make here; the others belong to another record, or come by mail.
fn makeable<'a>(web: &'a Web, entity: &str) -> Answer<&'a EntityDef> {
    let def = super::lists::listed(web, entity)?;
    if def.readonly || def.name == "email" { Err(Failure::NOT_FOUND) } else { Ok(def) }
}

#[derive(Deserialize)]
pub struct Looked {
    #[serde(default)]
    part: String,
    after: Option<String>,
    /// Where older changes begin, in the history.
    before: Option<String>,
}

pub async fn record(
    State(web): State<Web>,
    visitor: Visitor,
    Path((entity, id)): Path<(String, String)>,
    Query(looked): Query<Looked>,
) -> Answer {
    let record = super::record(&entity, &id)?;
    let view = app::records::read(&web.app, &visitor.who.actor, &record).await?;
    let part = match looked.part.as_str() {
        "history" => {
            Part::History(super::history::card(&web, &visitor, &view, looked.before.as_deref()).await?)
        }
        "details" => Part::Details,
        _ => Part::Timeline,
    };
    let timeline = if view.def.activities && matches!(part, Part::Timeline) {
        let after = looked.after.as_deref().and_then(paging::read);
        Some(app::timeline::timeline(&web.app, &visitor.who.actor, &record, after).await?)
    } else {
        None
    };
    let shown = Shown {
        view: &view,
        part: &part,
        timeline: timeline.as_ref(),
        older: timeline.as_ref().and_then(|it| it.next.as_ref()).map(paging::written),
        catalog: &web.app.catalog,
    };
    Ok(views::record::page(&visitor, &shown))
}

/// An empty form; what the address says of its lookups is filled in.
pub async fn new(
    State(web): State<Web>,
    visitor: Visitor,
    Path(entity): Path<String>,
    Query(given): Query<Fields>,
) -> Answer {
    let def = makeable(&web, &entity)?;
    if !visitor.who.actor.may(domain::privilege::Action::Create, def.privilege()) {
        return Err(Error::NotAllowed.into());
    }
    let drafts = drafts::fresh(&web, &visitor, def, &given).await?;
    Ok(views::form::page(&visitor, &Form { def: def.clone(), record: None, drafts, trouble: None }))
}

pub async fn create(
    State(web): State<Web>,
    Path(entity): Path<String>,
    Checked { visitor, form, .. }: Checked<Fields>,
) -> Answer<Response> {
    let def = makeable(&web, &entity)?.clone();
    let sent = drafts::sent(&web, &visitor, &def, &form).await?;
    if !sent.has_problems() {
        let twins = super::twins::unseen(&web, &visitor, &def, &sent.values, &form).await?;
        if !twins.is_empty() {
            let form = Form { def, record: None, drafts: sent.drafts, trouble: None };
            return Ok(again(views::form::asking(&visitor, &form, &twins)));
        }
    }
    let made = if sent.has_problems() {
        Err(Error::Invalid(vec![]))
    } else {
        app::records::create(&web.app, &visitor.who.actor, &entity, sent.values.clone()).await
    };
    match made {
        Ok(id) => Ok(Redirect::to(&views::address(&RecordRef::new(entity, id))).into_response()),
        Err(error) => {
            refill(&web, &visitor, Form { def, record: None, drafts: [].into(), trouble: None }, sent, error)
        }
    }
}

/// The form again, with what to repair; whatever a form cannot repair is a failure.
fn refill(web: &Web, visitor: &Visitor, mut form: Form, mut sent: Sent, error: Error) -> Answer<Response> {
    let changed = matches!(error, Error::Changed);
    match error {
        Error::Invalid(problems) => {
            let rest = sent.blame(&problems, visitor);
            form.trouble = (!rest.is_empty()).then(|| rest.join(" "));
        }
        Error::Changed => form.trouble = Some(sentence(&error, web, &visitor.words)),
        other => return Err(other.into()),
    }
    form.drafts = sent.drafts;
    let page = views::form::page(visitor, &form);
    Ok(if changed { conflict(page) } else { again(page) })
}

async fn target(web: &Web, visitor: &Visitor, record: &RecordRef) -> Answer<(View, Target)> {
    let view = app::records::read(&web.app, &visitor.who.actor, record).await?;
    if !view.may_write {
        return Err(Error::NotAllowed.into());
    }
    let name = views::list::name(&view.record, &view.def, &visitor.words.t("record-nameless"));
    let target = Target { record: record.clone(), version: view.record.version, name };
    Ok((view, target))
}

pub async fn edit(
    State(web): State<Web>,
    visitor: Visitor,
    Path((entity, id)): Path<(String, String)>,
) -> Answer {
    let record = super::record(&entity, &id)?;
    let (view, target) = target(&web, &visitor, &record).await?;
    let drafts = drafts::of(&web, &visitor, &view.def, &view.record, &view.names).await?;
    Ok(views::form::page(&visitor, &Form { def: view.def, record: Some(target), drafts, trouble: None }))
}

/// What would go, before it goes.
pub async fn ask_about(
    State(web): State<Web>,
    visitor: Visitor,
    Path((entity, id)): Path<(String, String)>,
) -> Answer {
    let record = super::record(&entity, &id)?;
    let view = app::records::read(&web.app, &visitor.who.actor, &record).await?;
    if !view.may_delete {
        return Err(Error::NotAllowed.into());
    }
    let along = app::records::dependants(&web.app, &visitor.who.actor, &record).await?;
    let count = along.iter().map(|it| it.1).sum();
    let said = crate::error::listed(&along, &web, &visitor.words);
    let name = views::list::name(&view.record, &view.def, &visitor.words.t("record-nameless"));
    Ok(asking::delete(&visitor, &About { view: &view, name: &name }, (&said, count)))
}

/// PUT changes, DELETE puts into the recycle bin (decision 23).
pub async fn change(
    State(web): State<Web>,
    Path((entity, id)): Path<(String, String)>,
    Checked { visitor, verb, form }: Checked<Fields>,
) -> Answer<Response> {
    let record = super::record(&entity, &id)?;
    let version = form.iter().find(|it| it.0 == "version").and_then(|it| it.1.parse().ok());
    let version: i64 = version.ok_or(Failure::Unreadable)?;
    match verb {
        Verb::Put => update(&web, &visitor, record, version, &form).await,
        Verb::Delete => {
            let field = form.iter().find(|it| it.0 == "dependants");
            let consent = field.and_then(|it| it.1.parse().ok()).map_or(Consent::Ask, Consent::With);
            app::records::delete(&web.app, &visitor.who.actor, &record, Some(version), consent).await?;
            Ok(Redirect::to(&format!("/records/{entity}")).into_response())
        }
        Verb::Post => Err(Failure::Unreadable),
    }
}

async fn update(
    web: &Web,
    visitor: &Visitor,
    record: RecordRef,
    version: i64,
    form: &Fields,
) -> Answer<Response> {
    let def = web.app.catalog.get(&record.entity).ok_or(Failure::NOT_FOUND)?.clone();
    let sent = drafts::sent(web, visitor, &def, form).await?;
    let changed = if sent.has_problems() {
        Err(Error::Invalid(vec![]))
    } else {
        app::records::update(&web.app, &visitor.who.actor, &record, version, sent.values.clone()).await
    };
    match changed {
        Ok(()) => Ok(Redirect::to(&views::address(&record)).into_response()),
        Err(error) => {
            // Shown again with the version of now: sending it once more overwrites knowingly.
            let (_, target) = target(web, visitor, &record).await?;
            refill(
                web,
                visitor,
                Form { def, record: Some(target), drafts: [].into(), trouble: None },
                sent,
                error,
            )
        }
    }
}
