//! `regarding serve`: the web app, and everything that happens by itself.

use super::alone::alone;
use super::failure::{Failure, Outcome};
use super::{make_data, make_or_open};
use crate::config::{Config, TlsFiles};
use crate::tls::Tls;
use crate::words::local_zone;
use crate::{Web, WebSettings};
use app::App;
use clap::Args;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::process::ExitCode;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing::{info, warn};

const EXAMPLES: &str = "\
Examples:
  regarding serve
  regarding serve --listen 127.0.0.1:8080 --public-url https://crm.example.com
  regarding serve --listen 0.0.0.0:443 --tls-cert crm.pem --tls-key crm.key
  REGARDING_DATABASE=postgres://regarding@db/regarding regarding serve --data /srv/regarding

Prints its address as soon as it answers there; GET /healthz then gives 200. SIGTERM and Ctrl-C let \
running requests end first.

Without --tls-cert and --tls-key it speaks HTTP: then put a web server with HTTPS in front before \
other machines may come, and say --public-url, so that cookies travel over HTTPS only. A renewed \
certificate is read at the next start.";

/// The web app, and everything that happens by itself: reading mailboxes, fetching copies
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Serve {}

impl Serve {
    pub async fn run(self, config: &Config) -> Outcome {
        let tls = read_tls(config)?;
        let listener = listen(&config.listen).await?;
        make_data(config)?;
        // Several servers may share a PostgreSQL.
        let _alone = if config.database.is_none() { Some(alone(&config.data)?) } else { None };
        let app = make_or_open(config).await?;
        let at = listener.local_addr().map_err(anyhow::Error::from)?;
        let public = config.public_url.clone();
        if public.is_none() && tls.is_none() && !at.ip().is_loopback() {
            warn!("Other machines may come here without HTTPS: their passwords can be read on the way");
        }
        let settings = WebSettings {
            secure_cookies: tls.is_some() || public.as_ref().is_some_and(|it| it.starts_with("https://")),
            demo: false,
            time_zone: config.time_zone.unwrap_or_else(local_zone),
            api_rate: config.api_rate,
        };
        let address = public.unwrap_or_else(|| url(at, tls.as_ref()));
        run(app, settings, (listener, tls), || println!("Regarding serves {address}")).await
    }
}

/// The certificate that is to be shown, if any.
pub fn read_tls(config: &Config) -> Result<Option<Tls>, Failure> {
    let read = |it: &TlsFiles| Tls::read(&it.certificate, &it.key).map_err(Failure::usage);
    config.tls.as_ref().map(read).transpose()
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
pub fn url(at: SocketAddr, tls: Option<&Tls>) -> String {
    let scheme = if tls.is_some() { "https" } else { "http" };
    if at.ip().is_unspecified() {
        format!("{scheme}://localhost:{}", at.port())
    } else {
        format!("{scheme}://{at}")
    }
}

/// Serves and works until somebody ends it. `ready` is called when requests are answered.
pub async fn run(
    app: App,
    settings: WebSettings,
    (listener, tls): (TcpListener, Option<Tls>),
    ready: impl FnOnce(),
) -> Outcome {
    let stop = stopped()?;
    let workers = tokio::spawn(app::work::run(app.clone()));
    let web = Web::new(app, settings);
    // The listener queues requests from now on, and `serve` answers them.
    ready();
    let served = crate::serve(web, listener, tls, stop).await;
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
            assert_eq!(url(at.parse().unwrap(), None), expected);
        }
    }
}
