//! Getting in, and the reasons for not getting in.

use crate::world::{account, fresh_user, script, server};
use connect::{Account, Mailbox, Secret, Security, Trouble};
use tokio::net::TcpListener;

async fn get_in(account: &Account) -> Result<(), Trouble> {
    Mailbox::open(account).await?.check().await
}

#[tokio::test]
async fn a_mailbox_opens_over_tls_starttls_and_when_asked_for_without() {
    for security in [Security::Tls, Security::StartTls, Security::Plaintext] {
        assert_eq!(get_in(&account(&fresh_user(), security)).await, Ok(()), "{security:?}");
    }
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_does_not_heal() {
    let Account::Imap { host, port, login, extra_root, .. } = account(&fresh_user(), Security::Tls) else {
        unreachable!()
    };
    let password = Secret::new("wrong \"å\\");
    let account = Account::Imap { host, port, security: Security::Tls, login, password, extra_root };
    let trouble = get_in(&account).await.unwrap_err();
    assert_eq!(trouble, Trouble::LoginRefused);
    assert!(!trouble.heals_by_itself());
}

#[tokio::test]
async fn a_self_signed_certificate_is_trusted_only_when_it_was_given() {
    for security in [Security::Tls, Security::StartTls] {
        let Account::Imap { host, port, login, password, .. } = account(&fresh_user(), security) else {
            unreachable!()
        };
        let account = Account::Imap { host: host.clone(), port, security, login, password, extra_root: None };
        assert_eq!(get_in(&account).await, Err(Trouble::Certificate { host }));
    }
}

#[tokio::test]
async fn nobody_there_is_unreachable_and_heals() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = listener.local_addr().unwrap().port();
    drop(listener);
    let Account::Imap { host, security, login, password, extra_root, .. } =
        account(&fresh_user(), Security::Tls)
    else {
        unreachable!()
    };
    let account = Account::Imap { host, port: closed, security, login, password, extra_root };
    let trouble = get_in(&account).await.unwrap_err();
    assert!(matches!(trouble, Trouble::Unreachable { port, .. } if port == closed));
    assert!(trouble.heals_by_itself());
}

async fn check(security: Security, lines: &'static [&'static str], wanted: Trouble) {
    let port = script(lines).await;
    let account = Account::Imap {
        host: "127.0.0.1".into(),
        port,
        security,
        login: "eva".into(),
        password: Secret::new("secret"),
        extra_root: Some(server().certificate),
    };
    let wanted = match wanted {
        Trouble::Unreachable { host, .. } => Trouble::Unreachable { host, port },
        other => other,
    };
    assert_eq!(get_in(&account).await, Err(wanted));
}

#[tokio::test]
async fn no_password_goes_out_when_starttls_is_not_offered() {
    let lines = &["* OK hi\r\n", "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nR1 OK\r\n"];
    check(Security::StartTls, lines, Trouble::NoTls { host: "127.0.0.1".into() }).await;
}

#[tokio::test]
async fn what_is_said_before_the_encryption_is_not_believed() {
    let lines = &[
        "* OK hi\r\n",
        "* CAPABILITY IMAP4rev1 STARTTLS\r\nR1 OK\r\n",
        "R2 OK begin\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n",
    ];
    let wanted = Trouble::Protocol("something was said before the encryption began".into());
    check(Security::StartTls, lines, wanted).await;
}

#[tokio::test]
async fn a_server_in_trouble_has_not_refused_the_user() {
    let away = || Trouble::Unreachable { host: "127.0.0.1".into(), port: 0 };
    check(Security::Plaintext, &["* BYE too busy\r\n"], away()).await;
    let lines = &["* OK hi\r\n", "* CAPABILITY IMAP4rev1\r\nR1 OK\r\n", "R2 NO [UNAVAILABLE] later\r\n"];
    check(Security::Plaintext, lines, away()).await;
}

#[tokio::test]
async fn something_else_on_the_port_is_no_mail_server() {
    let wanted = Trouble::Protocol("this is no IMAP server".into());
    check(Security::Plaintext, &["HTTP/1.1 400 Bad Request\r\n\r\n"], wanted).await;
    let wanted = Trouble::Protocol("no encrypted connection came about".into());
    check(Security::Tls, &["* OK this is plain\r\n"], wanted).await;
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_greets_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let account = Account::Imap {
        host: "127.0.0.1".into(),
        port,
        security: Security::Tls,
        login: "eva".into(),
        password: Secret::new("secret"),
        extra_root: None,
    };
    assert_eq!(get_in(&account).await, Err(Trouble::Unreachable { host: "127.0.0.1".into(), port }));
}
