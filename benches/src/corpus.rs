//! The messages that are imported: those of a folder, each several times with ids of its own.

use crate::options::{Options, root};
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};

pub struct Corpus {
    /// What a reader of the results calls it.
    pub name: String,
    pub mails: Vec<Vec<u8>>,
}

/// The folder that was asked for, else the shared corpus, else the project's own test messages.
pub fn load(options: &Options) -> Result<Corpus> {
    let shared = std::env::var("REGARDING_TEST_SHARED").map(|it| PathBuf::from(it).join("corpus/mail"));
    let folder = match (&options.folder, shared) {
        (Some(folder), _) => folder.clone(),
        (None, Ok(shared)) if shared.is_dir() => shared,
        (None, _) => root().join("testdata/mail"),
    };
    let originals = messages(&folder)?;
    ensure!(!originals.is_empty(), "There are no messages in {}", folder.display());
    let copies = (0..options.times).flat_map(|time| originals.iter().map(move |it| copy(it, time)));
    let name = format!("{} messages × {}", originals.len(), options.times);
    Ok(Corpus { name, mails: copies.collect() })
}

fn messages(folder: &Path) -> Result<Vec<Vec<u8>>> {
    let context = || format!("Reading {}", folder.display());
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .with_context(context)?
        .map(|it| it.map(|it| it.path()))
        .collect::<std::io::Result<_>>()
        .with_context(context)?;
    paths.retain(|it| it.is_file());
    paths.sort();
    paths.iter().map(|it| Ok(with_crlf(&std::fs::read(it).with_context(context)?))).collect()
}

/// As it travels: every line ends in CRLF.
fn with_crlf(raw: &[u8]) -> Vec<u8> {
    let mut lines = Vec::with_capacity(raw.len() + raw.len() / 32);
    for line in raw.split_inclusive(|it| *it == b'\n') {
        match line.strip_suffix(b"\n") {
            Some(line) => {
                lines.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
                lines.extend_from_slice(b"\r\n");
            }
            None => lines.extend_from_slice(line),
        }
    }
    lines
}

/// A thread of its own: Message-ID, In-Reply-To and References change alike, and a message without an id gets other
/// bytes. The first copy is the original.
fn copy(raw: &[u8], time: usize) -> Vec<u8> {
    if time == 0 {
        return raw.to_vec();
    }
    let end = raw.windows(4).position(|it| it == b"\r\n\r\n").map_or(raw.len(), |at| at + 2);
    let (head, rest) = raw.split_at(end);
    let mut copy = Vec::with_capacity(raw.len() + 256);
    let mut names_ids = false;
    for line in head.split_inclusive(|it| *it == b'\n') {
        if !line.starts_with(b" ") && !line.starts_with(b"\t") {
            let name = line.split(|it| *it == b':').next().unwrap_or_default().to_ascii_lowercase();
            names_ids = [b"message-id".as_slice(), b"in-reply-to", b"references"].contains(&name.as_slice());
        }
        for byte in line {
            copy.push(*byte);
            if names_ids && *byte == b'<' {
                copy.extend_from_slice(format!("copy{time}.").as_bytes());
            }
        }
    }
    copy.extend_from_slice(format!("X-Copy: {time}\r\n").as_bytes());
    copy.extend_from_slice(rest);
    copy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_a_thread_of_its_own() {
        let raw = with_crlf(b"Message-ID: <b@x>\nFrom: A <a@x>\nReferences: <a@x>\n\t<a2@x>\n\nSee <b@x>\n");
        let copy = String::from_utf8(copy(&raw, 3)).unwrap();
        let expected = "Message-ID: <copy3.b@x>\r\nFrom: A <a@x>\r\nReferences: <copy3.a@x>\r\n\t<copy3.a2@x>\r\n\
                        X-Copy: 3\r\n\r\nSee <b@x>\r\n";
        assert_eq!(copy, expected);
    }
}
