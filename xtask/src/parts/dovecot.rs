//! A Dovecot of its own from `xtask/dovecot.conf.in`: IMAP, IMAPS and LMTP; any NAME@example.test signs in.

use super::{free_ports, id, until};
use crate::caretaker::{Caretaker, Farewell, Kept};
use crate::provision;
use anyhow::{Context, Result, bail};
use std::fs::File;
use std::io::Read;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const TEMPLATE: &str = include_str!("../../dovecot.conf.in");

pub struct Dovecot {
    imap: u16,
    imaps: u16,
    lmtp: u16,
    certificate: PathBuf,
    kept: Kept,
    log: PathBuf,
}

pub fn start(caretaker: &mut Caretaker) -> Result<Dovecot> {
    let program = provision::program("dovecot").context("Dovecot is not installed")?;
    let place = caretaker.directory().join("dovecot");
    for part in ["run", "state", "mail", "etc"] {
        std::fs::create_dir_all(place.join(part))?;
    }
    let certificate = make_certificate(&place.join("etc"))?;
    let [imap, imaps, lmtp] = free_ports()?;
    let (user, login) = if provision::is_root() {
        ("dovecot".to_owned(), "dovenull".to_owned())
    } else {
        (id("-un", None)?, id("-un", None)?)
    };
    let group = id("-gn", Some(&user))?;
    if provision::is_root() {
        let (number, group) = (id("-u", Some(&user))?.parse()?, id("-g", Some(&user))?.parse()?);
        std::os::unix::fs::chown(place.join("mail"), Some(number), Some(group))?;
    }
    let configuration = fill(&[
        ("DIR", &place.display().to_string()),
        ("IMAP", &imap.to_string()),
        ("IMAPS", &imaps.to_string()),
        ("LMTP", &lmtp.to_string()),
        ("USER", &user),
        ("GROUP", &group),
        ("LOGINUSER", &login),
        ("MAILUSER", &user),
        ("MAILGROUP", &group),
    ]);
    let file = place.join("etc/dovecot.conf");
    std::fs::write(&file, configuration)?;

    let log = place.join("start.log");
    let output = File::create(&log)?;
    let mut command = Command::new(program);
    command.args(["-F", "-c"]).arg(&file).stdout(output.try_clone()?).stderr(output);
    let kept = caretaker.spawn(&mut command, Farewell::Terminate)?;
    Ok(Dovecot { imap, imaps, lmtp, certificate, kept, log })
}

impl Dovecot {
    /// `127.0.0.1:IMAP,IMAPS,LMTP,CERTIFICATE`, as the tests read it.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{},{},{},{}", self.imap, self.imaps, self.lmtp, self.certificate.display())
    }

    pub fn until_ready(&self, caretaker: &mut Caretaker) -> Result<()> {
        until("Dovecot", caretaker, self.kept, &self.log, || greets(self.imap) == Some(*b"* OK"))?;
        until("Dovecot's LMTP", caretaker, self.kept, &self.log, || greets(self.lmtp) == Some(*b"220 "))
    }
}

fn greets(port: u16) -> Option<[u8; 4]> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    let mut start = [0; 4];
    stream.read_exact(&mut start).ok()?;
    Some(start)
}

/// Each `@NAME@` of the template by its value.
fn fill(values: &[(&str, &String)]) -> String {
    let mut text = TEMPLATE.to_owned();
    for (name, value) in values {
        text = text.replace(&format!("@{name}@"), value);
    }
    text
}

/// A certificate for this machine under its two names, in `cert.pem` beside its key in `key.pem`.
fn make_certificate(place: &Path) -> Result<PathBuf> {
    let certificate = place.join("cert.pem");
    let output = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout"])
        .arg(place.join("key.pem"))
        .arg("-out")
        .arg(&certificate)
        .output()
        .context("Running openssl")?;
    if !output.status.success() {
        bail!("openssl made no certificate; it said:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(certificate)
}
