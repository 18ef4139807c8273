//! `regarding serve`: the web app, and everything that happens by itself.

use super::failure::{Failure, Outcome};
use super::make_or_open;
use crate::config::Config;
use crate::words::local_zone;
use crate::{Web, WebSettings};
use app::App;
use clap::Args;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing::{info, warn};

const EXAMPLES: &str = "\
Examples:
  regarding serve
  regarding serve --listen 127.0.0.1:8080 --public-url https://crm.example.com
  REGARDING_DATABASE=postgres://regarding@db/regarding regarding serve --data /srv/regarding

Prints its address as soon as it answers there; GET /healthz then gives 200. SIGTERM and Ctrl-C let \
running requests end first.

It speaks HTTP: put a web server with HTTPS in front before other machines may come, and say \
--public-url, so that cookies travel over HTTPS only.";

/// The web app, and everything that happens by itself: reading mailboxes, fetching copies
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Serve {}

impl Serve {
    pub async fn run(self, config: &Config) -> Outcome {
        let listener = listen(&config.listen).await?;
        let app = make_or_open(config).await?;
        let at = listener.local_addr().map_err(anyhow::Error::from)?;
        let public = config.public_url.clone();
        if public.is_none() && !at.ip().is_loopback() {
            warn!("Other machines may come here without HTTPS: their passwords can be read on the way");
        }
        let settings = WebSettings {
            secure_cookies: public.as_ref().is_some_and(|it| it.starts_with("https://")),
            demo: false,
            time_zone: config.time_zone.unwrap_or_else(local_zone),
        };
        let address = public.unwrap_or_else(|| url(at));
        run(app, settings, listener, || println!("Regarding serves {address}")).await
    }
}

/// Takes the address before anything else is done, so that two servers never meet in one data directory by mistake.
pub async fn listen(address: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => Failure::failed(format!(
            "Another program listens on {address} already: say another address, such as --listen 127.0.0.1:8081."
        )),
        ErrorKind::PermissionDenied => Failure::failed(format!(
            "You may not listen on {address}: ports below 1024 need more rights. Say another address with --listen."
        )),
        kind => Failure::failed(format!("Nobody can listen on {address}: {kind}.")),
    })
}

/// What a browser on this machine types to get there.
pub fn url(at: SocketAddr) -> String {
    let (host, port) = (at.ip(), at.port());
    match at {
        _ if host.is_unspecified() => format!("http://localhost:{port}"),
        SocketAddr::V4(_) => format!("http://{host}:{port}"),
        SocketAddr::V6(_) => format!("http://[{host}]:{port}"),
    }
}

/// Serves and works until somebody ends it. `ready` is called when requests are answered.
pub async fn run(app: App, settings: WebSettings, listener: TcpListener, ready: impl FnOnce()) -> Outcome {
    let stop = stopped()?;
    let workers = tokio::spawn(app::work::run(app.clone()));
    let web = Web { app, settings: Arc::new(settings) };
    // The listener queues requests from now on, and `serve` answers them.
    ready();
    let served = crate::serve(web, listener, stop).await;
    workers.abort();
    served?;
    Ok(ExitCode::SUCCESS)
}

/// Ends with the first SIGTERM or Ctrl-C. Both are caught from now on, not only when it is first waited for.
fn stopped() -> Result<impl Future<Output = ()> + Send + 'static, Failure> {
    let catch = |kind| signal(kind).map_err(|it| Failure::from(anyhow::Error::from(it)));
    let (mut terminate, mut interrupt) = (catch(SignalKind::terminate())?, catch(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        info!("Ending: running requests are answered first");
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_printed_address_can_be_opened() {
        for (at, expected) in [
            ("127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("0.0.0.0:80", "http://localhost:80"),
            ("[::]:8080", "http://localhost:8080"),
            ("[::1]:8080", "http://[::1]:8080"),
        ] {
            assert_eq!(url(at.parse().unwrap()), expected);
        }
    }
}
