//! Maildir has no UIDs, so each folder gets a file `regarding-uids`: `regarding-uids 1 VALIDITY NEXT` and then a
//! line `UID NAME` per message, in ascending order, only ever appended to; rewritten whole when most lines are dead.

use super::name;
use crate::Trouble;
use std::collections::{HashMap, HashSet};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const FILE: &str = "regarding-uids";
const LOCK: &str = "regarding-uids.lock";
const NEW: &str = "regarding-uids.new";
const PATIENCE: Duration = Duration::from_secs(10);

/// Fewer dead lines than this are never worth rewriting the file.
const DEAD_LINES: usize = 1000;

/// Which UID each message of a folder has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Index {
    pub validity: u32,
    pub next: u32,
    pub uids: HashMap<String, u32>,
}

impl Index {
    /// Reads the index and gives UIDs to the names that have none, by delivery time and then by name. The names
    /// were listed under the same lock: otherwise another program may have numbered a message that this list lacks
    /// below one that it has, and whoever reads upwards would never see it.
    pub fn update(held: &Held, present: &HashSet<&str>) -> Result<Index, Trouble> {
        let folder = held.folder.as_path();
        let path = folder.join(FILE);
        let found = match fs::read(&path) {
            Ok(bytes) => Index::parse(&String::from_utf8_lossy(&bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error.into()),
        };
        let (mut index, is_whole) = found.unwrap_or_else(|| (Index::fresh(), false));
        let mut unknown: Vec<&str> =
            present.iter().copied().filter(|name| !index.uids.contains_key(*name)).collect();
        unknown.sort_unstable_by_key(|name| (name::delivered(name).unwrap_or(i64::MAX), *name));
        let mut lines = String::new();
        for name in unknown {
            lines.extend([&index.next.to_string(), " ", name, "\n"]);
            index.uids.insert(name.to_owned(), index.next);
            index.next = index.next.checked_add(1).ok_or(Trouble::Disk(ErrorKind::QuotaExceeded))?;
        }
        let dead = index.uids.len() - present.len();
        if !is_whole || (dead > DEAD_LINES && dead > present.len()) {
            index.uids.retain(|name, _| present.contains(name.as_str()));
            index.rewrite(folder)?;
        } else if !lines.is_empty() {
            OpenOptions::new().append(true).open(&path)?.write_all(lines.as_bytes())?;
        }
        Ok(index)
    }

    /// The UID validity is the time of birth: an index that was lost never gets its old one again.
    fn fresh() -> Index {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |age| age.as_secs());
        Index { validity: u32::try_from(now).unwrap_or(u32::MAX).max(1), next: 1, uids: HashMap::new() }
    }

    /// The index in a file, and whether every line of it was good: a crash may leave the last one unfinished. None
    /// when even the first line is not ours.
    fn parse(text: &str) -> Option<(Index, bool)> {
        let mut is_whole = text.ends_with('\n');
        let mut lines = text.split_inclusive('\n');
        let first = lines.next()?.strip_suffix('\n')?.strip_prefix("regarding-uids 1 ")?;
        let (validity, next) = first.split_once(' ')?;
        let mut index =
            Index { validity: validity.parse().ok()?, next: next.parse().ok()?, uids: HashMap::new() };
        for line in lines {
            let entry = line.strip_suffix('\n').and_then(|line| line.split_once(' '));
            match entry.and_then(|(uid, name)| Some((uid.parse::<u32>().ok()?, name))) {
                Some((uid, name)) => {
                    index.next = index.next.max(uid.saturating_add(1));
                    index.uids.insert(name.to_owned(), uid);
                }
                None => is_whole = false,
            }
        }
        Some((index, is_whole))
    }

    fn text(&self) -> String {
        let mut lines: Vec<(u32, &str)> = self.uids.iter().map(|(name, uid)| (*uid, name.as_str())).collect();
        lines.sort_unstable();
        let mut text = format!("regarding-uids 1 {} {}\n", self.validity, self.next);
        for (uid, name) in lines {
            text.extend([&uid.to_string(), " ", name, "\n"]);
        }
        text
    }

    fn rewrite(&self, folder: &Path) -> Result<(), Trouble> {
        let new = folder.join(NEW);
        let mut file = File::create(&new)?;
        file.write_all(self.text().as_bytes())?;
        file.sync_all()?;
        Ok(fs::rename(new, folder.join(FILE))?)
    }
}

/// The right to number the messages of a folder: one program at a time. The lock is the kernel's, so none is left
/// behind by a crash.
pub struct Held {
    folder: PathBuf,
    _lock: File,
}

/// Waits for the right to number. Errors: `Timeout`.
pub fn hold(folder: &Path) -> Result<Held, Trouble> {
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(folder.join(LOCK))?;
    let until = Instant::now() + PATIENCE;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Held { folder: folder.to_owned(), _lock: file }),
            Err(TryLockError::Error(error)) => return Err(error.into()),
            Err(TryLockError::WouldBlock) if Instant::now() > until => return Err(Trouble::Timeout),
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(5)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn update(folder: &Path, present: &[&str]) -> Vec<(u32, String)> {
        let index = Index::update(&hold(folder).unwrap(), &present.iter().copied().collect()).unwrap();
        let mut uids: Vec<(u32, String)> =
            present.iter().map(|name| (index.uids[*name], (*name).to_owned())).collect();
        uids.sort();
        uids
    }

    #[track_caller]
    fn check(folder: &Path, present: &[&str], wanted: &[(u32, &str)]) {
        let wanted: Vec<(u32, String)> =
            wanted.iter().map(|(uid, name)| (*uid, (*name).to_owned())).collect();
        assert_eq!(update(folder, present), wanted);
    }

    #[test]
    fn messages_are_numbered_as_they_arrived_and_keep_their_number() {
        let folder = tempfile::tempdir().unwrap();
        check(
            folder.path(),
            &["20.b", "9.z", "20.a", "odd"],
            &[(1, "9.z"), (2, "20.a"), (3, "20.b"), (4, "odd")],
        );
        check(folder.path(), &["20.b", "8.late"], &[(3, "20.b"), (5, "8.late")]);
        check(folder.path(), &["9.z", "20.b"], &[(1, "9.z"), (3, "20.b")]);
    }

    #[test]
    fn a_line_cut_off_by_a_crash_is_mended() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE);
        fs::write(&file, "regarding-uids 1 77 1\n1 1.a\n2 2.").unwrap();
        check(folder.path(), &["1.a", "2.b"], &[(1, "1.a"), (2, "2.b")]);
        assert_eq!(fs::read_to_string(&file).unwrap(), "regarding-uids 1 77 3\n1 1.a\n2 2.b\n");
    }

    #[test]
    fn a_lost_index_gets_another_validity() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), "something else\n").unwrap();
        let index = Index::update(&hold(folder.path()).unwrap(), &HashSet::new()).unwrap();
        assert!(index.validity > 1_700_000_000);
    }

    #[test]
    fn dead_lines_go_and_numbers_never_come_back() {
        let folder = tempfile::tempdir().unwrap();
        let names: Vec<String> = (0..2500).map(|number| format!("{number}.x")).collect();
        let all: HashSet<&str> = names.iter().map(String::as_str).collect();
        Index::update(&hold(folder.path()).unwrap(), &all).unwrap();
        let few: HashSet<&str> = names[..3].iter().map(String::as_str).collect();
        Index::update(&hold(folder.path()).unwrap(), &few).unwrap();
        assert_eq!(fs::read_to_string(folder.path().join(FILE)).unwrap().lines().count(), 4);
        let index = Index::update(&hold(folder.path()).unwrap(), &HashSet::from(["9999.new"])).unwrap();
        assert_eq!(index.uids["9999.new"], 2501);
    }
}
