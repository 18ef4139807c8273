//! Real mail to fill a mailbox with, and more of it.

use std::path::{Path, PathBuf};

/// The messages of others where they are (`corpus/mail` in `REGARDING_TEST_SHARED`), or else our own, and then it says
/// so; in the order of their names, with the line ends of the wire.
pub fn corpus() -> Vec<Vec<u8>> {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/mail");
    let theirs = std::env::var("REGARDING_TEST_SHARED").map(|it| Path::new(&it).join("corpus/mail"));
    let folder = theirs.ok().filter(|it| it.is_dir()).unwrap_or_else(|| {
        eprintln!("corpus/mail is absent: the messages of testdata are tried alone");
        ours
    });
    let files = std::fs::read_dir(folder).expect("The folder of messages can be read");
    let mut files: Vec<PathBuf> = files.map(|it| it.expect("A file has a name").path()).collect();
    files.sort();
    files.iter().map(|it| crlf(&std::fs::read(it).expect("A message can be read"))).collect()
}

/// With the line ends of the wire.
pub fn crlf(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len() + raw.len() / 20);
    for line in raw.split_inclusive(|it| *it == b'\n') {
        let bare = line.strip_suffix(b"\n").map(|it| it.strip_suffix(b"\r").unwrap_or(it));
        out.extend_from_slice(bare.unwrap_or(line));
        out.extend_from_slice(if bare.is_some() { b"\r\n" } else { b"" });
    }
    out
}

/// The message with other ids, its own and those it answers: threads stay, and nothing is known already.
pub fn rewritten(raw: &[u8], round: usize) -> Vec<u8> {
    let (mut out, mut inside, mut body) = (Vec::with_capacity(raw.len() + 100), false, false);
    for line in raw.split_inclusive(|it| *it == b'\n') {
        body |= matches!(line, b"\r\n" | b"\n");
        if !line.starts_with(b" ") && !line.starts_with(b"\t") {
            let name = line.split(|it| *it == b':').next().unwrap_or_default().to_ascii_lowercase();
            inside = matches!(name.as_slice(), b"message-id" | b"in-reply-to" | b"references");
        }
        for byte in line {
            if inside && !body && *byte == b'>' {
                out.extend_from_slice(format!(".{round}").as_bytes());
            }
            out.push(*byte);
        }
    }
    out
}
