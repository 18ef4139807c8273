//! The built-in web mailbox. Nothing that is shown here is stored, logged or kept by a browser's cache.

pub mod demo;
mod folder;
pub mod frame;
pub mod message;

use crate::web::Web;
use axum::Router;
use axum::routing::{get, post};

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/mail", get(folder::show))
        .route("/mail/html", get(frame::show))
        .route("/mail/attachment", get(message::attachment))
        .route("/demo/reply", post(demo::reply))
        .route("/demo/hint", post(demo::dismiss))
}
