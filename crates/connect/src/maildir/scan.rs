//! Which messages a folder holds at this moment, by UID.

use super::directory::Tree;
use super::index::{self, Index};
use super::name::Name;
use crate::Trouble;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// A directory that was changed this short a time before it was read may change again under the same time stamp.
const DOUBT: Duration = Duration::from_secs(2);

/// When `new` and `cur` were changed last.
type Stamps = [SystemTime; 2];

/// Messages by the base of their name.
type Listed = HashMap<String, Mail>;

/// A folder in which others are busy is listed at most this often at a time.
const LISTS: usize = 5;

/// A folder as it was seen last.
#[derive(Debug)]
pub struct Scan {
    pub directory: PathBuf,
    pub validity: u32,
    pub next: u32,
    pub mails: BTreeMap<u32, Mail>,
    /// The time stamps of `new` and `cur`, when they can be relied on.
    stamps: Option<Stamps>,
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

fn stamps(directory: &Path) -> Result<Stamps, Trouble> {
    let stamp = |part| fs::symlink_metadata(directory.join(part)).and_then(|found| found.modified());
    Ok([stamp("new")?, stamp("cur")?])
}

fn read(directory: PathBuf, folder: &str) -> Result<Scan, Trouble> {
    let not_allowed = |trouble| match trouble {
        Trouble::Disk(ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) => {
            Trouble::NotAllowed { folder: folder.to_owned() }
        }
        other => other,
    };
    let held = index::hold(&directory).map_err(not_allowed)?;
    let (mails, stamps) = settled_list(&directory)?;
    let present: HashSet<&str> = mails.keys().map(String::as_str).collect();
    let index = Index::update(&held, &present).map_err(not_allowed)?;
    let numbered = mails.into_iter().filter_map(|(base, mail)| Some((*index.uids.get(&base)?, mail)));
    let mails = numbered.collect();
    Ok(Scan { directory, validity: index.validity, next: index.next, mails, stamps })
}

/// The messages by the base of their name, and the time stamps when they can be relied on. While other programs are
/// at work a list may lack what is renamed at this moment; so it is made until two agree.
fn settled_list(directory: &Path) -> Result<(Listed, Option<Stamps>), Trouble> {
    let is_old = |stamp: &SystemTime| SystemTime::now().duration_since(*stamp).is_ok_and(|age| age > DOUBT);
    let mut before = stamps(directory)?;
    let mut mails = list(directory)?;
    for _ in 0..LISTS {
        let now = stamps(directory)?;
        if now == before && now.iter().all(is_old) {
            return Ok((mails, Some(now)));
        }
        before = now;
        let again = list(directory)?;
        let agrees = again.len() == mails.len() && again.keys().all(|base| mails.contains_key(base));
        mails = again;
        if agrees {
            break;
        }
    }
    Ok((mails, None))
}

fn list(directory: &Path) -> Result<Listed, Trouble> {
    let mut mails = HashMap::new();
    // `new` first: what moves to `cur` meanwhile is then seen twice, not never.
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
    Ok(mails)
}
