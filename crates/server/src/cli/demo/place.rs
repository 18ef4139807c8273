//! The directory of a demo: nothing in it is deleted that a demo did not make.

use crate::cli::failure::Failure;
use crate::config::why;
use std::fs::DirBuilder;
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

/// Its presence says that the rest of the directory is a demo's.
const SIGN: &str = "demo-world.txt";

/// Stands there instead while the world is being made: what was interrupted is made anew.
const UNFINISHED: &str = "demo-world.unfinished";

const SIGN_TEXT: &str =
    "The demo of Regarding lives here. `regarding demo --reset` deletes it and makes a new one.\n";

/// What a demo makes beside its sign: the database with its companions, the key of passwords, the mail.
const MADE: [&str; 6] = [
    "regarding.sqlite",
    "regarding.sqlite-wal",
    "regarding.sqlite-shm",
    "regarding.sqlite-journal",
    "secret.key",
    "mail",
];

/// Whether the directory holds a demo's world, or one that was being made.
pub fn is_a_demo(data: &Path) -> bool {
    data.join(SIGN).is_file() || data.join(UNFINISHED).is_file()
}

/// Deletes the last world. Fails without touching anything when the directory is something else.
pub fn clear(data: &Path) -> Result<(), Failure> {
    if !data.exists() || is_empty(data)? {
        return Ok(());
    }
    match (data.join(SIGN).is_file(), data.join(UNFINISHED).is_file()) {
        (true, _) => {
            std::fs::rename(data.join(SIGN), data.join(UNFINISHED)).map_err(|it| cannot(data, &it))?;
        }
        (false, true) => {}
        (false, false) => {
            return Err(Failure::usage(format!(
                "{} is no demo's world, and nothing in it is deleted: name another directory with --data.",
                data.display()
            )));
        }
    }
    MADE.iter().try_for_each(|name| remove(&data.join(name)))
}

/// Makes the directory and puts the sign up; whether the world is still to be made. Fails when it holds something
/// else.
pub fn claim(data: &Path) -> Result<bool, Failure> {
    DirBuilder::new().recursive(true).mode(0o700).create(data).map_err(|it| cannot(data, &it))?;
    if data.join(SIGN).is_file() {
        return Ok(false);
    }
    if data.join(UNFINISHED).is_file() {
        clear(data)?;
        return Ok(true);
    }
    if !is_empty(data)? {
        return Err(Failure::usage(format!(
            "{} is not empty and no demo's world: name another directory with --data.",
            data.display()
        )));
    }
    std::fs::write(data.join(UNFINISHED), SIGN_TEXT).map_err(|it| cannot(data, &it))?;
    Ok(true)
}

/// The world is complete: from now on it is kept.
pub fn finish(data: &Path) -> Result<(), Failure> {
    std::fs::rename(data.join(UNFINISHED), data.join(SIGN)).map_err(|it| cannot(data, &it))
}

fn cannot(data: &Path, error: &std::io::Error) -> Failure {
    Failure::failed(format!("The directory {} cannot be used: {}.", data.display(), why(error)))
}

fn is_empty(data: &Path) -> Result<bool, Failure> {
    Ok(std::fs::read_dir(data).map_err(|it| cannot(data, &it))?.next().is_none())
}

fn remove(path: &Path) -> Result<(), Failure> {
    let removed = if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(Failure::failed(format!("{} cannot be deleted: {}.", path.display(), why(&error))))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_directory_that_is_no_demo_is_left_alone() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("regarding.sqlite"), "precious").unwrap();
        assert!(clear(place.path()).is_err());
        assert!(claim(place.path()).is_err());
        assert_eq!(fs::read_to_string(place.path().join("regarding.sqlite")).unwrap(), "precious");
    }

    #[test]
    fn resetting_takes_what_the_demo_made_and_nothing_else() {
        let place = tempfile::tempdir().unwrap();
        let data = place.path().join("world");
        clear(&data).unwrap();
        assert!(claim(&data).unwrap());
        fs::write(data.join("regarding.sqlite"), "half").unwrap();
        assert!(claim(&data).unwrap(), "what was interrupted is made anew");
        assert!(!data.join("regarding.sqlite").exists());
        finish(&data).unwrap();
        fs::write(data.join("regarding.sqlite"), "whole").unwrap();
        fs::create_dir_all(data.join("mail/cur")).unwrap();
        fs::write(data.join("notes.txt"), "mine").unwrap();
        assert!(!claim(&data).unwrap(), "it is kept between runs");
        clear(&data).unwrap();
        assert!(data.join("notes.txt").is_file());
        assert!(!data.join("mail").exists());
        assert!(claim(&data).unwrap(), "it is new again");
    }
}
