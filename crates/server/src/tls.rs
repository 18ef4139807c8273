//! HTTPS with a certificate of our own: handshakes beside each other, so that no slow visitor holds up the next.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};
use tokio_rustls::server::TlsStream;

/// Whoever has not shaken hands by then never will.
const PATIENCE: Duration = Duration::from_secs(10);

/// Strangers who may be shaking hands at the same time; the next ones wait in the kernel's queue.
const HANDSHAKES: usize = 512;

/// What a server needs to prove who it is. Cheap to clone.
#[derive(Clone)]
pub struct Tls(TlsAcceptor);

impl Tls {
    /// Reads a PEM file with the certificate chain (the server's own first) and one with its private key. The error is
    /// a sentence for whoever named the files.
    pub fn read(certificate: &Path, key: &Path) -> Result<Tls, String> {
        let chain = read_chain(certificate)?;
        let private =
            PrivateKeyDer::from_pem_file(key).map_err(|error| unreadable(key, Kind::Key, &error))?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|it| it.with_no_client_auth().with_single_cert(chain, private))
            .map_err(|error| unusable(certificate, key, &error))?;
        // RFC 7301: what we speak, the best first.
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Tls(TlsAcceptor::from(Arc::new(config))))
    }

    /// Connections on which the handshake is over. Must be called within a runtime.
    pub fn listen(self, listener: TcpListener) -> io::Result<Listener> {
        let at = listener.local_addr()?;
        let (shaken, streams) = mpsc::channel(HANDSHAKES);
        tokio::spawn(shake_hands(self.0, listener, shaken));
        Ok(Listener { at, streams })
    }
}

/// It stops listening when it is dropped.
pub struct Listener {
    at: SocketAddr,
    streams: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
}

impl axum::serve::Listener for Listener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.streams.recv().await {
            Some(stream) => stream,
            // Only when the runtime ends.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.at)
    }
}

async fn shake_hands(
    acceptor: TlsAcceptor,
    mut listener: TcpListener,
    shaken: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>,
) {
    let free = Arc::new(Semaphore::new(HANDSHAKES));
    loop {
        let Ok(place) = free.clone().acquire_owned().await else { return };
        let (stream, from) = tokio::select! {
            () = shaken.closed() => return,
            it = axum::serve::Listener::accept(&mut listener) => it,
        };
        let (acceptor, shaken) = (acceptor.clone(), shaken.clone());
        tokio::spawn(async move {
            // An answer in small pieces shall not wait for acknowledgements; without this it is only slower.
            let _ = stream.set_nodelay(true);
            // Port scanners and browsers that do not trust the certificate end here: nobody needs to hear of it.
            if let Ok(Ok(stream)) = timeout(PATIENCE, acceptor.accept(stream)).await {
                let _ = shaken.send((stream, from)).await;
            }
            drop(place);
        });
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Certificate,
    Key,
}

fn read_chain(file: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let wrong = |error: pem::Error| unreadable(file, Kind::Certificate, &error);
    let chain: Vec<_> =
        CertificateDer::pem_file_iter(file).map_err(wrong)?.collect::<Result<_, _>>().map_err(wrong)?;
    if chain.is_empty() {
        return Err(unreadable(file, Kind::Certificate, &pem::Error::NoItemsFound));
    }
    Ok(chain)
}

fn unreadable(file: &Path, kind: Kind, error: &pem::Error) -> String {
    let shown = file.display();
    match (kind, error) {
        (Kind::Certificate, pem::Error::Io(error)) => {
            format!("The certificate {shown} cannot be read: {}.", crate::config::why(error))
        }
        (Kind::Key, pem::Error::Io(error)) => {
            format!("The private key {shown} cannot be read: {}.", crate::config::why(error))
        }
        (Kind::Certificate, _) => {
            format!("{shown} holds no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----.")
        }
        (Kind::Key, _) => format!(
            "{shown} holds no private key in PEM that can be used without a password, such as one that begins with \
             -----BEGIN PRIVATE KEY-----."
        ),
    }
}

fn unusable(certificate: &Path, key: &Path, error: &rustls::Error) -> String {
    let (certificate, key) = (certificate.display(), key.display());
    match error {
        rustls::Error::InconsistentKeys(_) => {
            format!("The private key {key} does not belong to the certificate {certificate}.")
        }
        other => format!("The certificate {certificate} and the key {key} cannot be used: {other}."),
    }
}
