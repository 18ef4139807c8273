//! The way to the server: TCP, with TLS around it or not.

use crate::Trouble;
use bytes::BytesMut;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use std::io;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// An open connection.
pub enum Way {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Way {
    /// What has arrived, at least one byte; 0 when the other side closed.
    pub async fn read(&mut self, inbox: &mut BytesMut) -> io::Result<usize> {
        match self {
            Way::Plain(stream) => stream.read_buf(inbox).await,
            Way::Tls(stream) => stream.read_buf(inbox).await,
        }
    }

    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Way::Plain(stream) => stream.write_all(bytes).await,
            Way::Tls(stream) => {
                stream.write_all(bytes).await?;
                stream.flush().await
            }
        }
    }
}

/// Puts TLS around a connection. Errors: `Certificate`, `Protocol` when the other side speaks no TLS.
pub async fn protect(stream: TcpStream, host: &str, extra_root: Option<&Path>) -> Result<Way, Trouble> {
    let name = ServerName::try_from(host.to_owned())
        .map_err(|_| Trouble::BadSetting("the server's name is no host name".to_owned()))?;
    let untrusted = || Trouble::Certificate { host: host.to_owned() };
    let connector = TlsConnector::from(settings(extra_root)?.ok_or_else(untrusted)?);
    let stream = connector.connect(name, stream).await.map_err(|error| refused(&error, host))?;
    Ok(Way::Tls(Box::new(stream)))
}

fn refused(error: &io::Error, host: &str) -> Trouble {
    let cause = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match cause {
        Some(rustls::Error::InvalidCertificate(_)) => Trouble::Certificate { host: host.to_owned() },
        _ => Trouble::protocol("no encrypted connection came about"),
    }
}

/// The system's certificates are read once; a file of one's own is read each time, for it may be replaced. None on
/// a machine that trusts nobody.
fn settings(extra_root: Option<&Path>) -> Result<Option<Arc<ClientConfig>>, Trouble> {
    static SYSTEM: OnceLock<Option<Arc<ClientConfig>>> = OnceLock::new();
    match extra_root {
        Some(file) => Ok(trusting(pinned(file)?)),
        None => Ok(SYSTEM.get_or_init(|| trusting(Vec::new())).clone()),
    }
}

fn pinned(file: &Path) -> Result<Vec<CertificateDer<'static>>, Trouble> {
    let wrong = |_| Trouble::BadSetting("the file of trusted certificates cannot be read".to_owned());
    CertificateDer::pem_file_iter(file).map_err(wrong)?.collect::<Result<_, _>>().map_err(wrong)
}

fn trusting(pinned: Vec<CertificateDer<'static>>) -> Option<Arc<ClientConfig>> {
    let provider = Arc::new(ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots.add_parsable_certificates(pinned.iter().cloned());
    let usual =
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build().ok()?;
    let settings = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .ok()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(UsualOrPinned { usual, pinned }))
        .with_no_client_auth();
    Some(Arc::new(settings))
}

/// The usual check, or the server shows one of the very certificates that somebody put into the extra file: so a
/// server that signed itself can be trusted, which the usual check refuses when the certificate says CA:TRUE.
#[derive(Debug)]
struct UsualOrPinned {
    usual: Arc<WebPkiServerVerifier>,
    pinned: Vec<CertificateDer<'static>>,
}

impl ServerCertVerifier for UsualOrPinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if self.pinned.iter().any(|pinned| pinned.as_ref() == end_entity.as_ref()) {
            return Ok(ServerCertVerified::assertion());
        }
        self.usual.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.usual.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.usual.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.usual.supported_verify_schemes()
    }
}
