//! The Web API at `/api/data/v9.2/`: OData 4.0 in the dialect of Dataverse (9.8), so that scripts and clients made for
//! Dynamics work here unchanged. Nothing is decided here: a request becomes a question or changes, and the answer JSON.

mod batch;
mod call;
mod door;
mod fetch;
mod files;
mod functions;
mod keys;
mod links;
pub mod metadata;
mod metadata_door;
mod multiple;
mod pages;
mod rate;
mod read;
mod reply;
mod search;
mod service;
mod show;
mod single;
mod token;
mod trouble;
mod values;
mod wish;
mod write;

pub use rate::Rate;

use crate::web::Web;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{any, post};

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/api/data/{version}", any(door::enter))
        .route("/api/data/{version}/", any(door::enter))
        .route("/api/data/{version}/{*rest}", any(door::enter))
        .route("/api/search/{version}/{verb}", any(search::enter))
        .route("/api/backgroundoperation/{id}", any(functions::background::enter))
        .route("/oauth2/token", post(token::token))
        // Each door counts the bytes itself, and says it in JSON when there are too many.
        .layer(DefaultBodyLimit::disable())
}
