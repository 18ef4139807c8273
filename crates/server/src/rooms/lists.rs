//! Lists of any type of record: arranged by their address, kept as views.

use super::drafts;
use crate::error::{Answer, Failure, again};
use crate::session::{Checked, Fields, Verb, Visitor};
use crate::views::field::{Draft, Names, conditions};
use crate::views::list::state::State;
use crate::views::list::{self, Adding, Shown};
use crate::web::Web;
use app::lists::{self, Wanted};
use app::views::{For, Question, Saved};
use axum::extract::{Path, Query, State as Here};
use axum::response::{IntoResponse, Redirect, Response};
use domain::ask::{Asker, Source};
use domain::entity::{EntityDef, FieldKind};
use domain::filter::Filter;
use domain::id::{Guid, RecordRef};
use domain::text;
use domain::view::{Condition, View, is_listed};
use formats::{fetchxml, question};

/// A list with everything that its address leaves to its view and its reader.
pub struct Arranged {
    pub def: EntityDef,
    pub state: State,
    pub views: Vec<Saved>,
    /// The place of the open one among them.
    pub open: Option<usize>,
    pub conditions: Vec<Condition>,
    pub wanted: Wanted,
}

pub fn listed<'a>(web: &'a Web, entity: &str) -> Answer<&'a EntityDef> {
    web.app.catalog.get(entity).filter(|it| is_listed(it)).ok_or(Failure::NOT_FOUND)
}

fn asker(visitor: &Visitor) -> Asker {
    let actor = &visitor.who.actor;
    Asker {
        user: actor.user(),
        unit: actor.unit(),
        teams: actor.principals().into_iter().skip(1).collect(),
        now: visitor.now,
        ahead_of_utc: crate::words::ahead_of_utc(visitor.words.zone, visitor.now),
    }
}

/// Puts together what the address says, what its view says, and what the reader chose.
pub async fn arrange(web: &Web, visitor: &Visitor, entity: &str, state: State) -> Answer<Arranged> {
    let def = listed(web, entity)?.clone();
    let actor = &visitor.who.actor;
    let mut views = app::views::of_type(&web.app, actor, entity).await?;
    let asker = asker(visitor);
    views.retain(|it| is_a_list(it, web, &asker));
    let open = match &state.view {
        Some(view) => Some(views.iter().position(|it| it.record == *view).ok_or(Failure::NOT_FOUND)?),
        None => views.iter().position(|it| it.default),
    };
    let saved = open.and_then(|at| views.get(at));
    let (view, source) = match saved.map(|it| &it.question) {
        Some(Question::List(view)) => (view.clone(), None),
        Some(Question::Other(xml)) => (View::of(entity), source(web, xml, &asker)),
        None => (View::of(entity), None),
    };
    let conditions = state.conditions.clone().unwrap_or_else(|| view.conditions.clone());
    let own = saved.is_some_and(|it| it.ready.is_none()).then(|| view.columns.clone());
    let columns = match state.columns.clone().or(own).filter(|it| !it.is_empty()) {
        Some(columns) => columns,
        None => lists::chosen(&web.app, actor.user(), entity).await?,
    };
    let narrowed = lists::filter(&def, &conditions, &asker).map_err(|_| Failure::Unreadable)?;
    let words = text::words(&state.words);
    let found = if words.is_empty() { Filter::everything() } else { Filter::Words(words) };
    let wanted = Wanted {
        entity: entity.to_owned(),
        columns: lists::columns(&def, &columns).iter().map(|it| it.name.clone()).collect(),
        source,
        filter: Filter::All(vec![narrowed, found]),
        order: state.order.clone().or(view.order),
        after: state.after.as_deref().and_then(|it| question::read_token(it).ok()),
    };
    Ok(Arranged { def, state, views, open, conditions, wanted })
}

/// Totals and questions that cannot be asked any more are no lists.
fn is_a_list(view: &Saved, web: &Web, asker: &Asker) -> bool {
    match &view.question {
        Question::List(view) => {
            let def = web.app.catalog.get(&view.entity);
            def.is_some_and(|def| lists::filter(def, &view.conditions, asker).is_ok())
        }
        Question::Other(xml) => source(web, xml, asker).is_some(),
    }
}

fn source(web: &Web, xml: &str, asker: &Asker) -> Option<Source> {
    let fetched = fetchxml::read(xml, &web.app.catalog, asker).ok()?;
    (fetched.ask.totals.is_none() && !fetched.ask.distinct).then_some(fetched.ask.source)
}

pub async fn list(
    Here(web): Here<Web>,
    visitor: Visitor,
    Path(entity): Path<String>,
    Query(asked): Query<Fields>,
) -> Answer {
    let arranged = arrange(&web, &visitor, &entity, State::read(&asked)).await?;
    let adding = match &arranged.state.adding {
        Some(column) => fresh(&web, &visitor, &arranged.def, column).await?,
        None => None,
    };
    page(&web, &visitor, &arranged, adding).await
}

async fn page(web: &Web, visitor: &Visitor, arranged: &Arranged, adding: Option<Adding>) -> Answer {
    let actor = &visitor.who.actor;
    let found = lists::page(&web.app, actor, &arranged.wanted).await?;
    let said = said(web, visitor, arranged).await?;
    let sortable: Vec<String> = arranged
        .wanted
        .columns
        .iter()
        .chain([&arranged.def.primary])
        .filter(|it| arranged.def.column(it).is_some_and(|it| lists::is_sortable(&web.app, actor, it)))
        .cloned()
        .collect();
    Ok(list::page(
        visitor,
        &Shown {
            found: &found,
            state: &arranged.state,
            views: &arranged.views,
            open: arranged.open,
            said: &said,
            columns: &arranged.wanted.columns,
            sortable: &sortable,
            order: &arranged.wanted.order.clone().unwrap_or_else(|| lists::usual_order(&arranged.def)),
            next: found.next.as_ref().map(question::token),
            adding,
            may_share: app::views::may_save(actor, For::Everybody),
            may_keep: app::views::may_save(actor, For::Me),
            asks_more: arranged.wanted.source.is_some(),
        },
    ))
}

/// Each condition in words.
async fn said(web: &Web, visitor: &Visitor, arranged: &Arranged) -> Answer<Vec<String>> {
    let mut pointed = vec![];
    for it in &arranged.conditions {
        let lookup = arranged.def.column(&it.column).filter(|it| it.kind == FieldKind::Lookup);
        for target in lookup.iter().flat_map(|it| &it.targets) {
            let ids = it.values.iter().filter_map(|it| it.parse::<Guid>().ok());
            pointed.extend(ids.map(|id| RecordRef::new(target, id)));
        }
    }
    let names: Names = app::records::names(&web.app, &visitor.who.actor, &pointed).await?;
    let one = |it: &Condition| match arranged.def.column(&it.column) {
        Some(column) => conditions::said(column, it, &names, &visitor.words),
        None => it.column.clone(),
    };
    Ok(arranged.conditions.iter().map(one).collect())
}

/// The form for a condition, empty. `None` for a column that is not there.
async fn fresh(web: &Web, visitor: &Visitor, def: &EntityDef, column: &str) -> Answer<Option<Adding>> {
    let Some(column) = def.column(column).filter(|it| lists::is_offered(it)) else { return Ok(None) };
    let asked = conditions::asked(column, &visitor.words);
    let draft = match &asked {
        Some(asked) => drafts::empty(web, visitor, asked).await?,
        None => Draft::default(),
    };
    Ok(Some(Adding { column: column.clone(), operator: String::new(), asked, draft }))
}

/// Makes a condition of what was filled in, and leads to the list that has it.
pub async fn add(
    Here(web): Here<Web>,
    visitor: Visitor,
    Path(entity): Path<String>,
    Query(fields): Query<Fields>,
) -> Answer<Response> {
    let field = |name: &str| fields.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str());
    let mut arranged = arrange(&web, &visitor, &entity, State::of_query(field("state"))).await?;
    arranged.state.adding = Some(field("column").to_owned());
    let adding = fresh(&web, &visitor, &arranged.def, field("column")).await?;
    let Some(mut adding) = adding else { return Err(Failure::Unreadable) };
    field("op").clone_into(&mut adding.operator);
    let (operator, fixed) = adding.operator.split_once(' ').unwrap_or((&adding.operator, ""));
    let mut condition =
        Condition { column: adding.column.name.clone(), operator: operator.to_owned(), values: vec![] };
    if !fixed.is_empty() {
        condition.values.push(fixed.to_owned());
    }
    if let Some(asked) = adding.asked.as_ref().filter(|_| conditions::takes_value(&condition.operator)) {
        let (read, draft) = drafts::one(&web, &visitor, asked, &fields).await?;
        adding.draft = draft;
        let value = read.ok().and_then(|it| fetchxml::written(&asked.kind, &it));
        match value {
            Some(text) if asked.kind == FieldKind::Choices => {
                condition.values = text.split(',').map(str::to_owned).collect();
            }
            Some(text) => condition.values.push(text),
            None => {
                adding.draft.problem.get_or_insert_with(|| visitor.words.t("problem-missing"));
                return Ok(again(page(&web, &visitor, &arranged, Some(adding)).await?));
            }
        }
    }
    let mut state = State { adding: None, ..arranged.state };
    state.conditions = Some([arranged.conditions, vec![condition]].concat());
    Ok(Redirect::to(&state.address(&entity)).into_response())
}

/// Which columns the reader wants: for all lists of the type, or for a saved view that has its own.
pub async fn columns(
    Here(web): Here<Web>,
    Path(entity): Path<String>,
    Checked { visitor, form, .. }: Checked<Fields>,
) -> Answer<Redirect> {
    let field = |name: &str| form.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str());
    let arranged = arrange(&web, &visitor, &entity, State::of_query(field("state"))).await?;
    let ticked: Vec<&str> = form.iter().filter(|it| it.0 == "column").map(|it| it.1.as_str()).collect();
    // Those that were shown stay where they were; others come behind.
    let shown = arranged.wanted.columns.iter().map(String::as_str);
    let kept: Vec<&str> = shown.filter(|it| ticked.contains(it)).collect();
    let new = ticked.iter().copied().filter(|it| !kept.contains(it));
    let mut columns: Vec<String> = kept.iter().copied().chain(new).map(str::to_owned).collect();
    if field("usual") == "1" {
        columns.clear();
    }
    let saved = arranged.open.and_then(|at| arranged.views.get(at));
    let mut state = arranged.state;
    if saved.is_some_and(|it| it.ready.is_none()) {
        state.columns = Some(columns).filter(|it| !it.is_empty());
    } else {
        state.columns = None;
        lists::choose(&web.app, visitor.who.actor.user(), &entity, &columns).await?;
    }
    Ok(Redirect::to(&state.address(&entity)))
}

/// POST keeps the list as a new view, PUT as the view it began with, DELETE puts that view into the recycle bin.
pub async fn view(
    Here(web): Here<Web>,
    Path(entity): Path<String>,
    Checked { visitor, verb, form }: Checked<Fields>,
) -> Answer<Redirect> {
    let field = |name: &str| form.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str());
    let actor = &visitor.who.actor;
    let arranged = arrange(&web, &visitor, &entity, State::of_query(field("state"))).await?;
    let open = arranged.open.and_then(|at| arranged.views.get(at));
    let view = View {
        entity: entity.clone(),
        columns: arranged.wanted.columns.clone(),
        conditions: arranged.conditions.clone(),
        order: arranged.wanted.order.clone(),
    };
    let record = match (verb, open) {
        (Verb::Post, _) if !field("name").trim().is_empty() => {
            let whose = if field("for") == "everybody" { For::Everybody } else { For::Me };
            Some(app::views::save(&web.app, actor, field("name"), whose, &view).await?)
        }
        (Verb::Put, Some(open)) if arranged.wanted.source.is_none() => {
            app::views::change(&web.app, actor, &open.record, open.version, &view).await?;
            Some(open.record.clone())
        }
        (Verb::Delete, Some(open)) => {
            app::records::delete(&web.app, actor, &open.record, None, app::records::Consent::Ask).await?;
            None
        }
        _ => return Err(Failure::Unreadable),
    };
    Ok(Redirect::to(&State { view: record, ..State::default() }.address(&entity)))
}
