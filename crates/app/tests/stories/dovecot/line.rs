//! A way to the mail server on which things go wrong.

use connect::testing::server;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::watch;

/// What the way to the server does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Open,
    Cut,
    /// It breaks after so many bytes of what the server says.
    BreaksAfter(usize),
    /// Somebody else answers and takes no password: the server itself makes everybody wait longer after each wrong one.
    Refuses,
    /// Somebody is there and says nothing.
    Silent,
}

/// A way to the server on which things go wrong. A change ends all connections there are.
pub struct Line {
    pub port: u16,
    way: Arc<watch::Sender<Way>>,
}

impl Line {
    pub async fn new() -> Line {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let way = Arc::new(watch::Sender::new(Way::Open));
        let ways = Arc::clone(&way);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let mut changes = ways.subscribe();
                let now = *changes.borrow_and_update();
                tokio::spawn(async move {
                    tokio::select! {
                        () = connected(near, now) => {}
                        _ = changes.changed() => {}
                    }
                });
            }
        });
        Line { port, way }
    }

    pub async fn is(&self, way: Way) {
        self.way.send_replace(way);
        // The connections there were have ended when this is over.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn connected(near: tokio::net::TcpStream, way: Way) {
    let server = server();
    let far = match way {
        Way::Cut => return,
        Way::Refuses => return refused(near).await,
        Way::Silent => return std::future::pending().await,
        Way::Open | Way::BreaksAfter(_) => {
            tokio::net::TcpStream::connect((server.host.as_str(), server.imap)).await.unwrap()
        }
    };
    let ((mut near_in, mut near_out), (mut far_in, mut far_out)) = (near.into_split(), far.into_split());
    let said = async {
        let mut piece = [0; 4096];
        while let Ok(length @ 1..) = near_in.read(&mut piece).await {
            if far_out.write_all(&piece[..length]).await.is_err() {
                break;
            }
        }
    };
    let heard = async {
        let (mut piece, mut left) =
            ([0; 4096], if let Way::BreaksAfter(bytes) = way { bytes } else { usize::MAX });
        while let Ok(length @ 1..) = far_in.read(&mut piece).await {
            if near_out.write_all(&piece[..length.min(left)]).await.is_err() || length >= left {
                break;
            }
            left -= length;
        }
    };
    tokio::select! { () = said => {}, () = heard => {} }
}

async fn refused(mut near: tokio::net::TcpStream) {
    let mut answer = "* OK ready\r\n".to_owned();
    let mut piece = [0; 4096];
    while near.write_all(answer.as_bytes()).await.is_ok() {
        let Ok(length @ 1..) = near.read(&mut piece).await else { return };
        let command = String::from_utf8_lossy(&piece[..length]);
        let tag = command.split(' ').next().unwrap_or_default();
        answer = if command.contains("CAPABILITY") {
            format!("* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\r\n{tag} OK that is all\r\n")
        } else {
            format!("{tag} NO [AUTHENTICATIONFAILED] Authentication failed.\r\n")
        };
    }
}
