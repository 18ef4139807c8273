//! One server at a time on a SQLite world: two would synchronize the same mailboxes and sweep away each other's work.

use super::failure::Failure;
use crate::config::why;
use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Beside the database. It stays there when the server ends: what counts is who holds it.
pub const FILE: &str = "serve.lock";

/// Nobody else serves this data directory for as long as this lives, however the program ends.
#[derive(Debug)]
#[must_use = "It is held for as long as it lives"]
pub struct Alone {
    _file: File,
}

/// Fails with a sentence when another server is at work on this data directory, which must be there. Commands such as
/// `user add` do not ask.
pub fn alone(data: &Path) -> Result<Alone, Failure> {
    let shown = data.display();
    let cannot = |error: &std::io::Error| {
        Failure::failed(format!("The data directory {shown} cannot be locked: {}.", why(error)))
    };
    let mut options = OpenOptions::new();
    let file = options.write(true).create(true).truncate(false).mode(0o600).open(data.join(FILE));
    let file = file.map_err(|it| cannot(&it))?;
    match file.try_lock() {
        Ok(()) => Ok(Alone { _file: file }),
        Err(TryLockError::WouldBlock) => Err(Failure::failed(format!(
            "Another server is at work on {shown} already: end it first, or name another directory with --data."
        ))),
        Err(TryLockError::Error(error)) => Err(cannot(&error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_server_is_refused_until_the_first_one_ends() {
        let data = tempfile::tempdir().unwrap();
        let first = alone(data.path()).unwrap();
        let refused = alone(data.path()).unwrap_err();
        assert!(refused.sentences()[0].contains("already"), "{refused:?}");
        drop(first);
        let _second = alone(data.path()).unwrap();
    }
}
