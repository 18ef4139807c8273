//! The rooms of the web app beside the mailbox: each takes what was asked, calls one operation, shows what it said.

use crate::web::Web;
use axum::Router;

pub fn routes() -> Router<Web> {
    Router::new()
}
