//! The rooms of the web app beside the mailbox: each takes what was asked, calls one operation, shows what it said.

mod drafts;
mod email;
mod home;
mod notes;
mod paging;
mod privacy;
mod records;
mod search;
mod settings;
mod sign_in;

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
        .route("/more", get(settings::more))
        .route("/privacy", get(privacy::privacy))
        .route("/search", get(search::search))
        .route("/choices/{entities}", get(search::choices))
        .route("/records/email/{id}", get(email::email).post(email::untrack))
        .route("/records/email/{id}/html", get(email::html))
        .route("/records/email/{id}/raw", get(email::raw))
        .route("/records/email/{id}/attachments/{number}", get(email::attachment))
        .route("/records/{entity}", get(records::list).post(records::create))
        .route("/records/{entity}/new", get(records::new))
        .route("/records/{entity}/{id}", get(records::record).post(records::change))
        .route("/records/{entity}/{id}/edit", get(records::edit))
        .route("/records/{entity}/{id}/notes", post(notes::add))
}

/// The record an address names. What is no key names nothing.
fn record(entity: &str, id: &str) -> Answer<RecordRef> {
    Ok(RecordRef::new(entity, key(id)?))
}

fn key(id: &str) -> Answer<Guid> {
    id.parse().map_err(|_| Failure::NOT_FOUND)
}
