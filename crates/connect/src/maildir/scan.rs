//! Which messages a folder holds at this moment, by UID.

use super::directory::Tree;
use super::index::Index;
use super::name::Name;
use crate::Trouble;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// A directory that was changed this short a time before it was read may change again under the same time stamp.
const DOUBT: Duration = Duration::from_secs(2);

/// A folder as it was seen last.
#[derive(Debug)]
pub struct Scan {
    pub directory: PathBuf,
    pub validity: u32,
    pub next: u32,
    pub mails: BTreeMap<u32, Mail>,
    /// The time stamps of `new` and `cur`, when they can be relied on.
    stamps: Option<[SystemTime; 2]>,
}

/// A message's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// `cur` or `new`.
    pub part: &'static str,
    pub file: String,
}

impl Mail {
    /// The flags and keywords. In `new` nobody has seen it, whatever its name says.
    pub fn letters(&self) -> &str {
        match self.part {
            "cur" => Name::of(&self.file).map_or("", |name| name.letters),
            _ => "",
        }
    }

    pub fn path(&self, directory: &Path) -> PathBuf {
        directory.join(self.part).join(&self.file)
    }
}

/// The folder as it is now.
pub fn fresh<'a>(tree: &'a mut Tree, folder: &str) -> Result<&'a Scan, Trouble> {
    let directory = tree.directory(folder)?;
    let now = stamps(&directory)?;
    let known = tree.scans.get(folder).is_some_and(|scan| scan.stamps == Some(now));
    if !known {
        let scan = read(directory, folder)?;
        tree.scans.insert(folder.to_owned(), scan);
    }
    tree.scans.get(folder).ok_or_else(|| Trouble::NoFolder { folder: folder.to_owned() })
}

/// The folder as it was seen last, or as it is now if it was never seen: good enough to open a file by its name.
pub fn last<'a>(tree: &'a mut Tree, folder: &str) -> Result<&'a Scan, Trouble> {
    if tree.scans.contains_key(folder) {
        return tree.scans.get(folder).ok_or(Trouble::Gone);
    }
    fresh(tree, folder)
}

fn stamps(directory: &Path) -> Result<[SystemTime; 2], Trouble> {
    let stamp = |part| fs::symlink_metadata(directory.join(part)).and_then(|found| found.modified());
    Ok([stamp("new")?, stamp("cur")?])
}

fn read(directory: PathBuf, folder: &str) -> Result<Scan, Trouble> {
    let before = stamps(&directory)?;
    let settled = |stamp: &SystemTime| SystemTime::now().duration_since(*stamp).is_ok_and(|age| age > DOUBT);
    let is_settled = before.iter().all(settled);
    // `new` first: what moves to `cur` meanwhile is then seen twice, not never.
    let mut mails: HashMap<String, Mail> = HashMap::new();
    for part in ["new", "cur"] {
        for entry in fs::read_dir(directory.join(part))? {
            let entry = entry?;
            let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
            let Some(file) = entry.file_name().to_str().map(str::to_owned) else { continue };
            if is_file && let Some(name) = Name::of(&file) {
                let base = name.base.to_owned();
                mails.insert(base, Mail { part, file });
            }
        }
    }
    let present: HashSet<&str> = mails.keys().map(String::as_str).collect();
    let index = Index::update(&directory, &present).map_err(|trouble| match trouble {
        Trouble::Disk(ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) => {
            Trouble::NotAllowed { folder: folder.to_owned() }
        }
        other => other,
    })?;
    let numbered = mails.into_iter().filter_map(|(base, mail)| Some((*index.uids.get(&base)?, mail)));
    let mails = numbered.collect();
    let stamps = (is_settled && stamps(&directory)? == before).then_some(before);
    Ok(Scan { directory, validity: index.validity, next: index.next, mails, stamps })
}
