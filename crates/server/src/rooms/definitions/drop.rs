//! The question before a type or a column is dropped, and its answer.

use super::{administrators, field, known, repairable};
use crate::error::{Answer, Failure, again, conflict};
use crate::session::{Fields, Visitor};
use crate::views::definitions::{self as views, Question, address};
use crate::web::Web;
use app::{Error, definitions};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::definition::Wish;
use maud::Markup;

pub async fn ask_about_type(
    State(web): State<Web>,
    visitor: Visitor,
    Path(entity): Path<String>,
) -> Answer<Response> {
    ask(&web, &visitor, (&entity, None)).await
}

pub async fn ask_about_column(
    State(web): State<Web>,
    visitor: Visitor,
    Path((entity, column)): Path<(String, String)>,
) -> Answer<Response> {
    ask(&web, &visitor, (&entity, Some(&column))).await
}

/// A type, or one of its columns.
type Goes<'a> = (&'a str, Option<&'a str>);

fn wish((entity, column): Goes<'_>) -> Wish {
    match column {
        Some(column) => Wish::DropColumn { entity: entity.to_owned(), column: column.to_owned() },
        None => Wish::DropEntity(entity.to_owned()),
    }
}

async fn ask(web: &Web, visitor: &Visitor, goes: Goes<'_>) -> Answer<Response> {
    administrators(visitor)?;
    match definitions::usage(&web.app, &visitor.who.actor, wish(goes)).await {
        Ok(rows) => Ok(question(web, visitor, goes, (rows, false))?.into_response()),
        // It cannot go at all: the page that it would be dropped from says why.
        Err(error) => refused(web, visitor, goes, error),
    }
}

fn question(web: &Web, visitor: &Visitor, goes: Goes<'_>, (rows, wrong): (u64, bool)) -> Answer<Markup> {
    let def = known(web, goes.0)?;
    let column = goes.1.map(|it| def.column(it).ok_or(Failure::NOT_FOUND)).transpose()?;
    let name = column.map_or(visitor.words.plural(def), |it| visitor.words.label(&it.label));
    let back = place(goes);
    Ok(views::question(
        visitor,
        &Question { name, action: &back, back: &back, rows, records: column.is_none(), wrong },
    ))
}

fn place((entity, column): Goes<'_>) -> String {
    match column {
        Some(column) => format!("{}/columns/{column}", address(entity)),
        None => address(entity),
    }
}

fn refused(web: &Web, visitor: &Visitor, goes: Goes<'_>, error: Error) -> Answer<Response> {
    let def = known(web, goes.0)?;
    let trouble = repairable(error, web, visitor)?;
    Ok(again(views::of_type_in_trouble(visitor, def, &web.app.catalog, Some(&trouble))))
}

/// Drops it, when the number that was typed is the number of records that lose something.
pub async fn dropped(
    web: &Web,
    visitor: &Visitor,
    goes: Goes<'_>,
    form: &Fields,
    then: &str,
) -> Answer<Response> {
    let typed: String = field(form, "rows").chars().filter(char::is_ascii_digit).collect();
    match definitions::change(&web.app, &visitor.who.actor, wish(goes), typed.parse().ok()).await {
        Ok(_) => Ok(Redirect::to(then).into_response()),
        Err(Error::InUse { rows }) => Ok(conflict(question(web, visitor, goes, (rows, true))?)),
        Err(error) => refused(web, visitor, goes, error),
    }
}
