//! Passwords of mailboxes at rest: encrypted with a key that lies in the data directory, not in the database.

use anyhow::{Context, Result, anyhow};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::id::Guid;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// XChaCha20-Poly1305 with a random 24-byte nonce before each sealed text; what it belongs to is part of the seal,
/// so that a password copied to another row does not open.
pub(crate) struct SecretKey(XChaCha20Poly1305);

const NONCE: usize = 24;

impl SecretKey {
    /// Reads `secret.key`, or makes it with mode 0600.
    pub(crate) fn of(data: &Path) -> Result<SecretKey> {
        let path = data.join("secret.key");
        let key: [u8; 32] = match fs::read(&path) {
            Ok(bytes) => bytes.try_into().map_err(|_| anyhow!("{} is not 32 bytes long", path.display()))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => SecretKey::make(&path)?,
            Err(error) => return Err(error).with_context(|| format!("Reading {}", path.display())),
        };
        Ok(SecretKey(XChaCha20Poly1305::new(&key.into())))
    }

    fn make(path: &Path) -> Result<[u8; 32]> {
        let key: [u8; 32] = crate::world::random();
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        file.and_then(|mut file| file.write_all(&key))
            .with_context(|| format!("Making {}", path.display()))?;
        Ok(key)
    }

    pub(crate) fn seal(&self, secret: &[u8], of: Guid) -> Result<Vec<u8>> {
        let nonce: [u8; NONCE] = crate::world::random();
        let payload = Payload { msg: secret, aad: of.as_bytes() };
        let sealed =
            self.0.encrypt(&XNonce::from(nonce), payload).map_err(|_| anyhow!("Sealing a password"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    pub(crate) fn open(&self, sealed: &[u8], of: Guid) -> Result<Vec<u8>> {
        let (nonce, sealed) =
            sealed.split_first_chunk::<NONCE>().context("A sealed password is too short")?;
        let payload = Payload { msg: sealed, aad: of.as_bytes() };
        self.0.decrypt(&XNonce::from(*nonce), payload).map_err(|_| {
            anyhow!("The key in the data directory does not open the password of a mailbox: was secret.key replaced?")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_opens_only_where_it_was_sealed() {
        let data = tempfile::tempdir().unwrap();
        let key = SecretKey::of(data.path()).unwrap();
        let (mine, other) = (Guid::v7(1, [1; 10]), Guid::v7(2, [2; 10]));
        let sealed = key.seal("hemligt".as_bytes(), mine).unwrap();
        assert!(!sealed.windows(7).any(|it| it == b"hemligt"));

        let again = SecretKey::of(data.path()).unwrap();
        assert_eq!(again.open(&sealed, mine).unwrap(), b"hemligt");
        assert!(again.open(&sealed, other).is_err());
        assert!(again.open(&sealed[..10], mine).is_err());
    }
}
