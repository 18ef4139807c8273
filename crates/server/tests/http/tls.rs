//! HTTPS with certificate files: real handshakes, HTTP/2 and HTTP/1.1, and files that are not what they should be.

use axum::http::{Request, StatusCode};
use rcgen::{CertificateParams, KeyPair};
use server::tls::Tls;
use server::words::Tz;
use server::{Web, WebSettings};
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

struct Serving {
    at: SocketAddr,
    certificate: CertificateDer<'static>,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<anyhow::Result<()>>,
    _folder: TempDir,
}

/// Writes `crm.pem` and `crm.key` into the folder.
fn certify(folder: &Path) -> CertificateDer<'static> {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(["localhost".to_owned()]).unwrap().self_signed(&key).unwrap();
    fs::write(folder.join("crm.pem"), certificate.pem()).unwrap();
    fs::write(folder.join("crm.key"), key.serialize_pem()).unwrap();
    certificate.der().clone()
}

impl Serving {
    async fn start() -> Serving {
        let folder = tempfile::tempdir().unwrap();
        let certificate = certify(folder.path());
        let tls = Tls::read(&folder.path().join("crm.pem"), &folder.path().join("crm.key")).unwrap();
        let settings = app::Settings { data: folder.path().to_owned(), database: None };
        let app = app::App::open(&settings).await.unwrap();
        let settings =
            WebSettings { secure_cookies: true, demo: false, time_zone: Tz::Europe__Stockholm, api_rate: 0 };
        let web = Web::new(app, settings);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let stopped = async { stopped.await.unwrap_or_default() };
        let ended = tokio::spawn(server::serve(web, listener, Some(tls), stopped));
        Serving { at, certificate, stop, ended, _folder: folder }
    }

    /// A handshake with whoever speaks one of these protocols.
    async fn connect(&self, protocols: &[&str]) -> TlsStream<TcpStream> {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone()).unwrap();
        let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = protocols.iter().map(|it| it.as_bytes().to_vec()).collect();
        let stream = TcpStream::connect(self.at).await.unwrap();
        let name = "localhost".try_into().unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap()
    }

    async fn stop(self) {
        self.stop.send(()).unwrap();
        timeout(Duration::from_secs(10), self.ended).await.unwrap().unwrap().unwrap();
    }
}

#[tokio::test]
async fn browsers_speak_http_2() {
    let server = Serving::start().await;
    let stream = server.connect(&["h2", "http/1.1"]).await;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"h2".as_slice()));
    let (mut client, connection) = h2::client::handshake(stream).await.unwrap();
    let connection = tokio::spawn(connection);
    let ask = |path: &str| Request::get(format!("https://localhost{path}")).body(()).unwrap();
    // Both at once, on one connection.
    let (health, _) = client.send_request(ask("/healthz"), true).unwrap();
    let (door, _) = client.send_request(ask("/sign-in"), true).unwrap();
    assert_eq!(health.await.unwrap().status(), StatusCode::OK);
    let mut door = door.await.unwrap();
    assert_eq!(door.status(), StatusCode::OK);
    let mut page = Vec::new();
    while let Some(piece) = door.body_mut().data().await {
        let piece = piece.unwrap();
        door.body_mut().flow_control().release_capacity(piece.len()).unwrap();
        page.extend(piece);
    }
    assert!(String::from_utf8(page).unwrap().contains("</html>"));
    // The connection ends when nobody holds any of it.
    drop((client, door));
    timeout(Duration::from_secs(10), connection).await.unwrap().unwrap().unwrap();
    server.stop().await;
}

#[tokio::test]
async fn scripts_speak_http_1_1_even_while_others_say_nothing() {
    let server = Serving::start().await;
    let mute = TcpStream::connect(server.at).await.unwrap();
    let mut plain = TcpStream::connect(server.at).await.unwrap();
    plain.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    for protocols in [[].as_slice(), &["http/1.1"]] {
        let mut stream = server.connect(protocols).await;
        let ask = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        stream.write_all(ask).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("ok"), "{answer}");
    }
    let mut answer = Vec::new();
    let _ = timeout(Duration::from_secs(10), plain.read_to_end(&mut answer)).await.unwrap();
    assert!(!answer.starts_with(b"HTTP"), "nothing is said in the clear");
    server.stop().await;
    drop(mute);
}

#[test]
fn files_that_do_not_fit_are_explained() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, other) = (folder.path().join("ours"), folder.path().join("other"));
    for place in [&ours, &other] {
        fs::create_dir(place).unwrap();
        certify(place);
    }
    fs::write(ours.join("empty.pem"), "").unwrap();
    fs::write(ours.join("broken.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        .unwrap();
    for (certificate, key, sentence) in [
        ("none.pem", "crm.key", "none.pem cannot be read: it does not exist."),
        ("crm.pem", "none.key", "none.key cannot be read: it does not exist."),
        ("empty.pem", "crm.key", "empty.pem holds no certificate"),
        ("crm.key", "crm.key", "crm.key holds no certificate"),
        ("crm.pem", "crm.pem", "crm.pem holds no private key"),
        ("crm.pem", "../other/crm.key", "does not belong to the certificate"),
        ("broken.pem", "crm.key", "cannot be used"),
    ] {
        let said = Tls::read(&ours.join(certificate), &ours.join(key)).err().unwrap();
        assert!(said.contains(sentence) && said.ends_with('.'), "{certificate}, {key}: {said}");
    }
    assert!(Tls::read(&ours.join("crm.pem"), &ours.join("crm.key")).is_ok());
}
