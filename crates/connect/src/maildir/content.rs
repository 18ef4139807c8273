//! Reading messages, leaving keywords, delivering: the operations on one folder of a Maildir.

use super::directory::Tree;
use super::keywords::{self, Words};
use super::name::{self, Name};
use super::scan::{self, Mail, Scan};
use crate::{Flags, HEADER_LIMIT, Head, MESSAGE_LIMIT, Mark, Status, Trouble, Which, headers, role};
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

pub fn status(tree: &mut Tree, folder: &str) -> Result<Status, Trouble> {
    let scan = scan::fresh(tree, folder)?;
    let unseen = scan.mails.values().filter(|mail| !mail.letters().contains('S')).count();
    Ok(Status {
        uid_validity: scan.validity,
        uid_next: scan.next,
        exists: u32::try_from(scan.mails.len()).unwrap_or(u32::MAX),
        unseen: u32::try_from(unseen).unwrap_or(u32::MAX),
        highest_modseq: None,
        keywords_kept: true,
    })
}

pub fn heads(tree: &mut Tree, folder: &str, which: &Which) -> Result<Vec<Head>, Trouble> {
    let scan = scan::fresh(tree, folder)?;
    let words = Words::read(&scan.directory)?;
    let head = |(uid, mail): (&u32, &Mail)| head(scan, *uid, mail, &words).transpose();
    // What vanishes while we read is left out.
    match which {
        Which::Newest { before, limit } => {
            let below = scan.mails.range(..before.unwrap_or(u32::MAX));
            below.rev().filter_map(head).take(*limit as usize).collect()
        }
        Which::After { uid, limit } => {
            let above = uid.checked_add(1).map(|first| scan.mails.range(first..));
            above.into_iter().flatten().filter_map(head).take(*limit as usize).collect()
        }
        Which::Uids(uids) => {
            let mut sorted = uids.clone();
            sorted.sort_unstable();
            sorted.dedup();
            sorted.iter().filter_map(|uid| scan.mails.get_key_value(uid)).filter_map(head).collect()
        }
    }
}

fn head(scan: &Scan, uid: u32, mail: &Mail, words: &Words) -> Result<Option<Head>, Trouble> {
    let Some((file, size)) = open(&mail.path(&scan.directory))? else { return Ok(None) };
    let letters = mail.letters();
    Ok(Some(Head {
        uid,
        size,
        seen: letters.contains('S'),
        keywords: words.of(letters),
        internal_date: Name::of(&mail.file).and_then(|name| name::delivered(name.base)),
        headers: headers::permitted(&block(file)?),
    }))
}

/// A message's file and its size in bytes; none when it has moved or vanished. Links are not followed.
fn open(path: &Path) -> Result<Option<(File, u64)>, Trouble> {
    let found = fs::symlink_metadata(path).and_then(|found| Ok((File::open(path)?, found)));
    match found {
        Ok((file, found)) if found.is_file() => Ok(Some((file, found.len()))),
        Ok(_) => Ok(None),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The header block alone: the body is not read further than the piece of the file in which it begins.
fn block(mut file: File) -> Result<Vec<u8>, Trouble> {
    let mut block = Vec::new();
    let mut piece = [0; 8192];
    while block.len() < HEADER_LIMIT {
        let read = file.read(&mut piece)?;
        if read == 0 {
            break;
        }
        block.extend_from_slice(&piece[..read]);
        if let Some(end) = headers::end_of_block(&block) {
            block.truncate(end);
            break;
        }
    }
    block.truncate(HEADER_LIMIT);
    Ok(block)
}

pub fn message(tree: &mut Tree, folder: &str, uid: u32) -> Result<Vec<u8>, Trouble> {
    if let Some(raw) = raw(scan::last(tree, folder)?, uid)? {
        return Ok(raw);
    }
    // It may have been renamed, because its flags changed, or be new.
    raw(scan::fresh(tree, folder)?, uid)?.ok_or(Trouble::Gone)
}

pub fn messages(tree: &mut Tree, folder: &str, uids: &[u32]) -> Result<Vec<(u32, Vec<u8>)>, Trouble> {
    let mut sorted = uids.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut messages = Vec::with_capacity(sorted.len());
    for uid in sorted {
        match message(tree, folder, uid) {
            Ok(raw) => messages.push((uid, raw)),
            Err(Trouble::Gone | Trouble::TooLarge { .. }) => {}
            Err(trouble) => return Err(trouble),
        }
    }
    Ok(messages)
}

fn raw(scan: &Scan, uid: u32) -> Result<Option<Vec<u8>>, Trouble> {
    let Some(mail) = scan.mails.get(&uid) else { return Ok(None) };
    let Some((file, size)) = open(&mail.path(&scan.directory))? else { return Ok(None) };
    if size > MESSAGE_LIMIT {
        return Err(Trouble::TooLarge { bytes: size });
    }
    let mut raw = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    file.take(MESSAGE_LIMIT).read_to_end(&mut raw)?;
    Ok(Some(raw))
}

pub fn find(
    tree: &mut Tree,
    message_id: &str,
    folders: Vec<String>,
) -> Result<Option<(String, u32)>, Trouble> {
    let folders = if folders.is_empty() { role::search_order(&tree.folders()?) } else { folders };
    for folder in folders {
        let scan = match scan::fresh(tree, &folder) {
            Ok(scan) => scan,
            Err(Trouble::NoFolder { .. } | Trouble::NotAllowed { .. }) => continue,
            Err(trouble) => return Err(trouble),
        };
        // The newest first: what somebody asks for arrived lately, most often.
        for (uid, mail) in scan.mails.iter().rev() {
            if let Some((file, _)) = open(&mail.path(&scan.directory))?
                && headers::has_message_id(&block(file)?, message_id)
            {
                return Ok(Some((folder, *uid)));
            }
        }
    }
    Ok(None)
}

pub fn missing(tree: &mut Tree, folder: &str, uids: &[u32]) -> Result<Vec<u32>, Trouble> {
    let scan = scan::fresh(tree, folder)?;
    Ok(uids.iter().copied().filter(|uid| !scan.mails.contains_key(uid)).collect())
}

pub fn set_keyword(
    tree: &mut Tree,
    folder: &str,
    uids: &[u32],
    keyword: &str,
    mark: Mark,
) -> Result<(), Trouble> {
    let not_allowed = |trouble| match trouble {
        Trouble::Disk(ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) => {
            Trouble::NotAllowed { folder: folder.to_owned() }
        }
        other => other,
    };
    let directory = tree.directory(folder)?;
    let letter = match mark {
        Mark::Set => keywords::letter_for(&directory, keyword).map_err(not_allowed)?,
        Mark::Remove => match Words::read(&directory)?.letter(keyword) {
            None => return Ok(()),
            known => known,
        },
    };
    let letter = letter.ok_or_else(|| Trouble::NoKeywords { folder: folder.to_owned() })?;
    let mut left = uids.to_vec();
    // Another program may rename a file at the same moment: a second look finds its new name.
    for _ in 0..3 {
        let scan = scan::fresh(tree, folder)?;
        let mut missed = Vec::new();
        for uid in &left {
            let Some(mail) = scan.mails.get(uid) else { continue };
            if !marked(scan, mail, letter, mark).map_err(not_allowed)? {
                missed.push(*uid);
            }
        }
        tree.scans.remove(folder);
        if missed.is_empty() {
            break;
        }
        left = missed;
    }
    Ok(())
}

/// Renames a message's file so that it carries the letter or not; false when the file was not there. From `new` it
/// has to go to `cur`, for only there names have letters; without an S it stays unread.
fn marked(scan: &Scan, mail: &Mail, letter: char, mark: Mark) -> Result<bool, Trouble> {
    let Some(name) = Name::of(&mail.file) else { return Ok(true) };
    let letters = match mark {
        Mark::Set => format!("{}{letter}", mail.letters()),
        Mark::Remove => mail.letters().replace(letter, ""),
    };
    if mark == Mark::Remove && letters == mail.letters() {
        return Ok(true);
    }
    let renamed = Mail { part: "cur", file: name.with_letters(&letters) };
    match fs::rename(mail.path(&scan.directory), renamed.path(&scan.directory)) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Delivery as the Maildir specification wants it: whole in `tmp`, then into place by one rename.
pub fn append(tree: &mut Tree, folder: &str, raw: &[u8], flags: &Flags) -> Result<(), Trouble> {
    let directory = tree.directory(folder)?;
    let mut letters = String::new();
    if flags.seen {
        letters.push('S');
    }
    for keyword in &flags.keywords {
        let letter = keywords::letter_for(&directory, keyword)?;
        letters.push(letter.ok_or_else(|| Trouble::NoKeywords { folder: folder.to_owned() })?);
    }
    let base = unique();
    let waiting = directory.join("tmp").join(&base);
    let mut file = File::create_new(&waiting)?;
    file.write_all(raw)?;
    file.sync_all()?;
    let mail = match letters.as_str() {
        "" => Mail { part: "new", file: base },
        letters => Mail { part: "cur", file: Name { base: &base, letters }.with_letters(letters) },
    };
    fs::rename(waiting, mail.path(&directory))?;
    tree.scans.remove(folder);
    Ok(())
}

/// A name that nobody else gives: time, process and a counter.
fn unique() -> String {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    format!("{}.M{:06}P{}Q{count}.regarding", now.as_secs(), now.subsec_micros(), std::process::id())
}
