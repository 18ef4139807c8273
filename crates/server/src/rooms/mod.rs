//! The rooms of the web app beside the mailbox: each takes what was asked, calls one operation, shows what it said.

mod bin;
mod bulk;
mod definitions;
mod drafts;
mod email;
mod files;
mod history;
mod home;
mod lists;
mod notes;
mod paging;
mod privacy;
mod records;
mod search;
mod settings;
mod sign_in;
mod states;
mod transfer;
mod twins;

use crate::error::{Answer, Failure};
use crate::web::Web;
use axum::Router;
use axum::routing::{get, post};
use domain::id::{Guid, RecordRef};

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/", get(home::home))
        .route("/sign-in", get(sign_in::door).post(sign_in::sign_in))
        .route("/link/{code}", get(sign_in::by_link))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/language", post(settings::language))
        .route("/theme", post(settings::theme))
        .route("/settings", get(settings::settings).post(settings::choose))
        .route("/settings/sessions", post(settings::end_session))
        .route("/settings/types", get(definitions::list).post(definitions::make))
        .route("/settings/types/new", get(definitions::new))
        .route("/settings/types/export", get(definitions::export))
        .route("/settings/types/{entity}", get(definitions::of_type).post(definitions::change))
        .route("/settings/types/{entity}/edit", get(definitions::edit))
        .route("/settings/types/{entity}/drop", get(definitions::ask_about_type))
        .route("/settings/types/{entity}/columns", post(definitions::make_column))
        .route("/settings/types/{entity}/columns/new", get(definitions::new_column))
        .route(
            "/settings/types/{entity}/columns/{column}",
            get(definitions::column).post(definitions::change_column),
        )
        .route("/settings/types/{entity}/columns/{column}/drop", get(definitions::ask_about_column))
        .route("/more", get(settings::more))
        .route("/privacy", get(privacy::privacy))
        .route("/search", get(search::search))
        .route("/choices/{entities}", get(search::choices))
        .route("/records/email/{id}", get(email::email).post(email::untrack))
        .route("/records/email/{id}/html", get(email::html))
        .route("/records/email/{id}/raw", get(email::raw))
        .route("/records/email/{id}/attachments/{number}", get(email::attachment))
        .route("/recycle-bin", get(bin::bin).post(bin::change))
        .route("/records/{entity}", get(lists::list).post(records::create))
        .route("/records/{entity}/filter", get(lists::add))
        .route("/records/{entity}/columns", post(lists::columns))
        .route("/records/{entity}/views", post(lists::view))
        .route("/records/{entity}/bulk", post(bulk::bulk))
        .route("/transfer/{entity}", get(transfer::page))
        .route("/transfer/{entity}/export", get(transfer::export))
        .route("/transfer/{entity}/import", post(transfer::take))
        .route("/transfer/{entity}/import/{id}", get(transfer::import).post(transfer::change))
        .route("/transfer/{entity}/import/{id}/report", get(transfer::report))
        .route("/records/{entity}/new", get(records::new))
        .route("/records/{entity}/{id}", get(records::record).post(records::change))
        .route("/records/{entity}/{id}/edit", get(records::edit))
        .route("/records/{entity}/{id}/delete", get(records::ask_about))
        .route("/records/{entity}/{id}/state", get(states::ask).post(states::change))
        .route("/records/{entity}/{id}/owner", get(states::ask_owner).post(states::assign))
        .route("/records/{entity}/{id}/files/{column}", get(files::give).post(files::take))
        .route("/records/{entity}/{id}/notes", post(notes::add))
}

/// The record an address names. What is no key names nothing.
fn record(entity: &str, id: &str) -> Answer<RecordRef> {
    Ok(RecordRef::new(entity, key(id)?))
}

fn key(id: &str) -> Answer<Guid> {
    id.parse().map_err(|_| Failure::NOT_FOUND)
}
