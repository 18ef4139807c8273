//! All routes, and what every answer has in common: its headers, its size, its page when something went wrong.

use crate::api::Rate;
use crate::tls::Tls;
use crate::{api, assets, error, mail, pane, rooms};
use anyhow::{Context, Result};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chrono_tz::Tz;
use std::any::Any;
use std::sync::Arc;
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

/// What every door needs. Cheap to clone.
#[derive(Clone)]
pub struct Web {
    pub app: app::App,
    pub settings: Arc<WebSettings>,
    pub rate: Rate,
}

impl Web {
    pub fn new(app: app::App, settings: WebSettings) -> Web {
        let rate = Rate::of(settings.api_rate);
        Web { app, settings: Arc::new(settings), rate }
    }
}

#[derive(Debug, Clone)]
pub struct WebSettings {
    /// Cookies travel over HTTPS only: yes wherever the browser reaches us that way.
    pub secure_cookies: bool,
    /// This is the demo's world: hints are shown, and links sign in.
    pub demo: bool,
    /// The clock on the readers' wall.
    pub time_zone: Tz,
    /// Requests of the Web API that each user may make in five minutes; 0: any number.
    pub api_rate: u32,
}

/// Forms are small. Mail comes from the mailbox, never through a form.
const LARGEST_FORM: usize = 1024 * 1024;

/// What a page may load: its own files alone. No script and no style stands in a page itself.
const CONTENT_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; \
     frame-ancestors 'none'",
);

pub fn router(web: Web) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .merge(assets::routes())
        .merge(rooms::routes())
        .merge(mail::routes())
        .merge(pane::routes())
        .merge(api::routes())
        .layer(CatchPanicLayer::custom(broken))
        .layer(from_fn_with_state(web.clone(), error::explain))
        .layer(from_fn(dress))
        // Once more, for a panic while an error is explained.
        .layer(CatchPanicLayer::custom(broken))
        .layer(CompressionLayer::new())
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .with_state(web)
}

/// What a panic says may quote somebody's mail: nobody reads it, neither here nor in the log.
fn broken(_said: Box<dyn Any + Send>) -> Response {
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

/// Serves until `stop` is there, then lets running requests end. HTTP/1.1 and HTTP/2; over TLS, ALPN decides.
pub async fn serve(
    web: Web,
    listener: TcpListener,
    tls: Option<Tls>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let served = match tls {
        None => axum::serve(listener, router(web)).with_graceful_shutdown(stop).await,
        Some(tls) => axum::serve(tls.listen(listener)?, router(web)).with_graceful_shutdown(stop).await,
    };
    served.context("Serving the web app")
}

/// The headers of every answer, unless its room said otherwise.
async fn dress(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::VARY, HeaderValue::from_static("Cookie, Accept-Language, X-Fragment")),
    ] {
        headers.entry(name).or_insert(value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{Body, to_bytes};
    use tower::ServiceExt as _;

    #[tokio::test]
    async fn what_a_panic_says_reaches_nobody() {
        let room = get(|| async { panic!("Dear Göran") as () });
        let web = Router::<()>::new().route("/", room).layer(CatchPanicLayer::custom(broken));
        let answer = web.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(to_bytes(answer.into_body(), 1000).await.unwrap().is_empty());
    }
}
