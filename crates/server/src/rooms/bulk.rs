//! One thing done to many rows of a list: its count is stated first.

use super::drafts;
use super::lists::{Arranged, arrange};
use crate::error::{Answer, Failure, again};
use crate::session::{Checked, Fields, Verb, Visitor};
use crate::views::bulk::{self, Asking, Rows, What};
use crate::views::list::state::State;
use crate::web::Web;
use app::{Error, lists};
use axum::extract::{Path, State as Here};
use axum::response::{IntoResponse, Response};
use domain::entity::{ColumnDef, EntityDef, FieldKind};
use domain::id::Guid;
use domain::privilege::Action;
use domain::record::{Value, Values};

/// More rows of one page are not ticked.
const MOST_TICKED: usize = 1_000;

fn field<'a>(form: &'a Fields, name: &str) -> &'a str {
    form.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str())
}

/// POST asks and says how many it will be; PUT changes them; DELETE puts them into the recycle bin.
pub async fn bulk(
    Here(web): Here<Web>,
    Path(entity): Path<String>,
    Checked { visitor, verb, form }: Checked<Fields>,
) -> Answer<Response> {
    let arranged = arrange(&web, &visitor, &entity, State::of_query(field(&form, "state"))).await?;
    if arranged.def.readonly || arranged.def.name == "email" {
        return Err(Error::NotAllowed.into());
    }
    let rows = rows(&web, &visitor, &arranged, &form).await?;
    if rows.ids.is_empty() {
        return Ok(again(bulk::nothing(&visitor, &arranged.def, &rows)));
    }
    // More than was said: then it is said again.
    let stated = field(&form, "count").parse().ok() == Some(rows.ids.len()) && !rows.more;
    match verb {
        Verb::Post => ask(&web, &visitor, &arranged.def, &rows, &form).await,
        Verb::Put | Verb::Delete if !stated => ask(&web, &visitor, &arranged.def, &rows, &form).await,
        Verb::Put => edit(&web, &visitor, &arranged.def, &rows, &form).await,
        Verb::Delete => delete(&web, &visitor, &arranged.def, &rows, &form).await,
    }
}

async fn rows(web: &Web, visitor: &Visitor, arranged: &Arranged, form: &Fields) -> Answer<Rows> {
    let state = arranged.state.query();
    if field(form, "which") == "all" {
        let found = lists::matching(&web.app, &visitor.who.actor, &arranged.wanted).await?;
        return Ok(Rows { ids: found.ids, all: true, more: found.more, state });
    }
    let ticked = form.iter().filter(|it| it.0 == "id").filter_map(|it| it.1.parse::<Guid>().ok());
    let mut ids: Vec<Guid> = ticked.take(MOST_TICKED).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(Rows { ids, all: false, more: false, state })
}

async fn ask(web: &Web, visitor: &Visitor, def: &EntityDef, rows: &Rows, form: &Fields) -> Answer<Response> {
    let actor = &visitor.who.actor;
    let asking = if field(form, "what") == "delete" {
        let along = app::changes::dependants_of_all(&web.app, actor, &def.name, &rows.ids).await?;
        Asking {
            what: What::Delete { along: said(web, visitor, &along), count: sum(&along) },
            columns: vec![],
        }
    } else {
        let columns: Vec<&ColumnDef> = changeable(visitor, def).collect();
        let column = columns.iter().find(|it| it.name == field(form, "column"));
        let what = match column {
            None => What::Choose,
            Some(column) => {
                let draft = drafts::empty(web, visitor, column).await?;
                What::Edit { column: Box::new((*column).clone()), draft: Box::new(draft) }
            }
        };
        Asking { what, columns: columns.into_iter().cloned().collect() }
    };
    Ok(bulk::page(visitor, def, rows, &asking).into_response())
}

fn sum(counts: &[(String, u64)]) -> u64 {
    counts.iter().map(|it| it.1).sum()
}

/// “3 contacts, 1 note”.
fn said(web: &Web, visitor: &Visitor, counts: &[(String, u64)]) -> String {
    crate::error::listed(counts, web, &visitor.words)
}

/// What can be given the same value in many records: what forms have, the status and the owner.
fn changeable<'a>(visitor: &'a Visitor, def: &'a EntityDef) -> impl Iterator<Item = &'a ColumnDef> {
    let system = ["statuscode", "ownerid"].into_iter().filter_map(|it| def.column(it));
    let may_assign = visitor.who.actor.may(Action::Assign, &def.name);
    let form = def.form().filter(|it| it.kind != FieldKind::File);
    form.chain(system.filter(move |it| may_assign || it.name != "ownerid"))
}

async fn edit(web: &Web, visitor: &Visitor, def: &EntityDef, rows: &Rows, form: &Fields) -> Answer<Response> {
    let column = changeable(visitor, def).find(|it| it.name == field(form, "column"));
    let column = column.ok_or(Failure::Unreadable)?;
    let (read, mut draft) = drafts::one(web, visitor, column, form).await?;
    // What was only forgotten shall not empty a column of many records.
    let forgot = read == Ok(Value::Null) && field(form, "empty") != "1";
    if forgot {
        draft.problem = Some(visitor.words.t("bulk-empty-or-not"));
    }
    let Some(value) = read.ok().filter(|_| !forgot) else {
        let what = What::Edit { column: Box::new(column.clone()), draft: Box::new(draft) };
        return Ok(again(bulk::page(visitor, def, rows, &Asking { what, columns: vec![] })));
    };
    let values = Values::from([(column.name.clone(), value)]);
    let actor = &visitor.who.actor;
    let outcome = app::bulk::update(&web.app, actor, &def.name, &rows.ids, &values).await?;
    Ok(bulk::done(visitor, def, &outcome, bulk::Done::Changed, &rows.state).into_response())
}

async fn delete(
    web: &Web,
    visitor: &Visitor,
    def: &EntityDef,
    rows: &Rows,
    form: &Fields,
) -> Answer<Response> {
    let actor = &visitor.who.actor;
    let along = field(form, "dependants").parse().unwrap_or_default();
    match app::bulk::delete(&web.app, actor, &def.name, &rows.ids, along).await {
        Ok(outcome) => {
            Ok(bulk::done(visitor, def, &outcome, bulk::Done::Deleted, &rows.state).into_response())
        }
        Err(Error::Depends { counts }) => {
            let what = What::Delete { along: said(web, visitor, &counts), count: sum(&counts) };
            Ok(again(bulk::page(visitor, def, rows, &Asking { what, columns: vec![] })))
        }
        Err(error) => Err(error.into()),
    }
}
