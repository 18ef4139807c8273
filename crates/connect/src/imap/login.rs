//! From an address to a session: greeting, encryption, signing in, and what the server can do.

use super::frame::{Answer, Outcome};
use super::wire::Wire;
use crate::{Account, Secret, Security, Trouble};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use imap_proto::{Capability, Response};
use std::collections::HashSet;
use std::time::Duration;
use tokio::time::timeout;

/// How long connecting, encryption and greeting may take together.
const GREETING: Duration = Duration::from_secs(10);

/// What the server says it can do, in capitals: `CONDSTORE`, `AUTH=PLAIN`.
pub type Abilities = HashSet<String>;

/// Connects and signs in.
pub async fn session(account: &Account) -> Result<(Wire, Abilities), Trouble> {
    let Account::Imap { host, port, security, login, password, .. } = account else {
        return Err(Trouble::BadSetting("this is no IMAP mailbox".to_owned()));
    };
    let nobody_there = |_| Trouble::Unreachable { host: host.clone(), port: *port };
    let (mut wire, signed_in) = timeout(GREETING, greeted(account)).await.map_err(nobody_there)??;
    let abilities = abilities(&mut wire).await?;
    if *security == Security::StartTls && signed_in {
        // RFC 9051, 7.1.4: after PREAUTH there is no STARTTLS, so nothing would be protected.
        return Err(Trouble::NoTls { host: host.clone() });
    }
    if signed_in {
        return Ok((wire, abilities));
    }
    sign_in(&mut wire, &abilities, login, password).await?;
    // RFC 9051, 6.2: signing in may change what the server can do.
    let abilities = self::abilities(&mut wire).await?;
    Ok((wire, abilities))
}

/// Connected, encrypted if wished, greeted; whether the server already takes us for signed in.
async fn greeted(account: &Account) -> Result<(Wire, bool), Trouble> {
    let Account::Imap { host, port, security, extra_root, .. } = account else {
        return Err(Trouble::BadSetting("this is no IMAP mailbox".to_owned()));
    };
    let mut wire = Wire::connect(host, *port).await?;
    if *security == Security::Tls {
        wire.encrypt(extra_root.as_deref()).await?;
    }
    let greeting = wire.greeting().await?;
    let word = greeting.strip_prefix(b"* ").and_then(|rest| rest.split(|byte| *byte == b' ').next());
    let signed_in = match word.map(<[u8]>::to_ascii_uppercase).as_deref() {
        Some(b"OK") => false,
        Some(b"PREAUTH") => true,
        Some(b"BYE") => return Err(wire.lost()),
        _ => return Err(Trouble::protocol("this is no IMAP server")),
    };
    if *security == Security::StartTls && !signed_in {
        start_tls(&mut wire, account).await?;
    }
    Ok((wire, signed_in))
}

async fn start_tls(wire: &mut Wire, account: &Account) -> Result<(), Trouble> {
    let Account::Imap { host, extra_root, .. } = account else { return Ok(()) };
    let offered = abilities(wire).await?.contains("STARTTLS");
    if !offered || wire.ask("STARTTLS", |_| ()).await?.outcome != Outcome::Ok {
        return Err(Trouble::NoTls { host: host.clone() });
    }
    wire.encrypt(extra_root.as_deref()).await
}

async fn abilities(wire: &mut Wire) -> Result<Abilities, Trouble> {
    let mut abilities = Abilities::new();
    let answer = wire
        .ask("CAPABILITY", |response| {
            if let Response::Capabilities(list) = response {
                abilities.extend(list.iter().map(|ability| match ability {
                    Capability::Imap4rev1 => "IMAP4REV1".to_owned(),
                    Capability::Auth(way) => format!("AUTH={}", way.to_ascii_uppercase()),
                    Capability::Atom(name) => name.to_ascii_uppercase(),
                }));
            }
        })
        .await?;
    match answer.outcome {
        Outcome::Ok if !abilities.is_empty() => Ok(abilities),
        _ => Err(Trouble::protocol("the server does not say what it can do")),
    }
}

/// AUTHENTICATE PLAIN takes any UTF-8 (RFC 4616); LOGIN is for servers without it.
async fn sign_in(
    wire: &mut Wire,
    abilities: &Abilities,
    login: &str,
    password: &Secret,
) -> Result<(), Trouble> {
    let password = password.reveal();
    if [login, password].iter().any(|text| text.contains(['\0', '\r', '\n'])) {
        return Err(Trouble::BadSetting("the user name or password holds a line break".to_owned()));
    }
    let answer = if abilities.contains("AUTH=PLAIN") {
        let words = STANDARD.encode(format!("\0{login}\0{password}"));
        if abilities.contains("SASL-IR") {
            wire.ask(&format!("AUTHENTICATE PLAIN {words}"), |_| ()).await?
        } else {
            wire.ask_in_parts("AUTHENTICATE PLAIN", words.as_bytes()).await?
        }
    } else if abilities.contains("LOGINDISABLED") {
        return Err(Trouble::BadSetting(
            "the server takes no password on this kind of connection".to_owned(),
        ));
    } else {
        wire.ask(&format!("LOGIN {} {}", super::quoted(login), super::quoted(password)), |_| ()).await?
    };
    match answer.outcome {
        Outcome::Ok => Ok(()),
        Outcome::No if is_passing(&answer) => Err(wire.lost()),
        Outcome::No | Outcome::Bad => Err(Trouble::LoginRefused),
    }
}

/// Whether the server refuses for now, and not this user (RFC 5530; Gmail says it in words).
fn is_passing(answer: &Answer) -> bool {
    matches!(answer.code.as_str(), "UNAVAILABLE" | "INUSE" | "LIMIT" | "SERVERBUG")
        || answer.text.to_ascii_lowercase().contains("too many")
}

#[cfg(test)]
mod tests {
    use super::super::frame::answer;
    use super::*;

    #[track_caller]
    fn check(line: &str, passing: bool) {
        assert_eq!(is_passing(&answer(line.as_bytes(), "R1").unwrap()), passing);
    }

    #[test]
    fn a_server_in_trouble_has_not_refused_the_user() {
        check("R1 NO [UNAVAILABLE] Temporary authentication failure.\r\n", true);
        check("R1 NO [ALERT] Too many simultaneous connections. (Failure)\r\n", true);
        check("R1 NO [AUTHENTICATIONFAILED] Authentication failed.\r\n", false);
        check("R1 NO Login failed\r\n", false);
    }
}
