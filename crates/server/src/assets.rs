//! The files beside the pages: one stylesheet, one script, the icons. They are part of the binary.

use crate::web::Web;
use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::sync::LazyLock;

struct Asset {
    name: &'static str,
    mimetype: &'static str,
    text: &'static str,
}

const ASSETS: [Asset; 4] = [
    Asset { name: "app.css", mimetype: "text/css; charset=utf-8", text: include_str!("../assets/app.css") },
    Asset {
        name: "app.js",
        mimetype: "text/javascript; charset=utf-8",
        text: include_str!("../assets/app.js"),
    },
    Asset { name: "favicon.svg", mimetype: "image/svg+xml", text: include_str!("../assets/favicon.svg") },
    Asset { name: "icons.svg", mimetype: "image/svg+xml", text: include_str!("../assets/icons.svg") },
];

/// One hash over all files: when any of them changes, browsers fetch them anew.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let digest = ASSETS.iter().fold(Sha256::new(), |hash, it| hash.chain_update(it.text)).finalize();
    digest.iter().take(6).fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
});

/// `/assets/app.css?v=3f1c…`: the version makes it safe to keep the file for ever.
pub fn address(name: &str) -> String {
    format!("/assets/{name}?v={}", *VERSION)
}

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/assets/{name}", get(asset))
        .route("/favicon.ico", get(|| async { StatusCode::NO_CONTENT }))
}

async fn asset(Path(name): Path<String>) -> Response {
    match ASSETS.iter().find(|it| it.name == name) {
        Some(asset) => {
            let headers = [
                (header::CONTENT_TYPE, asset.mimetype),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ];
            (headers, asset.text).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
