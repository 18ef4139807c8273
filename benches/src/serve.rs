//! Routers on ports of this machine: the product's own, and bare ones beside it.

use anyhow::Result;
use app::App;
use axum::Router;
use server::{Web, WebSettings};
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// Everything the product answers, at any rate.
pub fn router(app: App) -> Router {
    let settings = WebSettings {
        secure_cookies: false,
        demo: false,
        time_zone: chrono_tz::Europe::Stockholm,
        api_rate: 0,
    };
    server::router(Web::new(app, settings))
}

/// Until the benchmark ends.
pub async fn serve(router: Router) -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}
