//! A Debian package by hand: an `ar` archive of two tarballs (deb(5)), so that no packaging tool is needed.

use super::{CONFIGURATION, UNIT, put, read, tar};
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};

const CONTROL: &str = include_str!("../../package/control.in");
const SCRIPTS: [(&str, &str); 3] = [
    ("postinst", include_str!("../../package/postinst")),
    ("prerm", include_str!("../../package/prerm")),
    ("postrm", include_str!("../../package/postrm")),
];

pub fn make(target: &Path, program: &Path, version: &str) -> Result<PathBuf> {
    let architecture = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => bail!("Debian's name for {other} is not known here; add it to package/deb.rs"),
    };
    let stage = target.join("deb");
    let program = read(program)?;
    let kilobytes = lay_out_data(&stage.join("data"), &program)?.div_ceil(1024);
    let control = CONTROL
        .replace("@VERSION@", version)
        .replace("@ARCHITECTURE@", architecture)
        .replace("@KILOBYTES@", &kilobytes.to_string())
        .replace("@GLIBC@", &format!("2.{}", newest_glibc(&program).unwrap_or(36)));
    put(&stage.join("control"), "control", control.as_bytes(), 0o644)?;
    put(&stage.join("control"), "conffiles", b"/etc/regarding/regarding.toml\n", 0o644)?;
    for (name, text) in SCRIPTS {
        put(&stage.join("control"), name, text.as_bytes(), 0o755)?;
    }
    let mut archive = b"!<arch>\n".to_vec();
    member(&mut archive, "debian-binary", b"2.0\n");
    for part in ["control", "data"] {
        let packed = stage.join(format!("{part}.tar.gz"));
        tar(&stage.join(part), ".", &packed)?;
        member(&mut archive, &format!("{part}.tar.gz"), &read(&packed)?);
    }
    let file = target.join(format!("regarding_{version}_{architecture}.deb"));
    std::fs::write(&file, archive)?;
    std::fs::remove_dir_all(&stage)?;
    Ok(file)
}

/// The files as they will lie on the machine; their bytes together.
fn lay_out_data(stage: &Path, program: &[u8]) -> Result<usize> {
    let paper = |name: &str| read(&crate::root().join(name));
    let copyright = [paper("LICENSE-MIT")?, b"\n".to_vec(), paper("LICENSE-APACHE")?].concat();
    let (readme, changes) = (paper("README.md")?, paper("CHANGELOG.md")?);
    let files: [(&str, &[u8], u32); 6] = [
        ("usr/bin/regarding", program, 0o755),
        ("lib/systemd/system/regarding.service", UNIT.as_bytes(), 0o644),
        ("etc/regarding/regarding.toml", CONFIGURATION.as_bytes(), 0o644),
        ("usr/share/doc/regarding/README.md", &readme, 0o644),
        ("usr/share/doc/regarding/CHANGELOG.md", &changes, 0o644),
        ("usr/share/doc/regarding/copyright", &copyright, 0o644),
    ];
    for (name, content, mode) in files {
        put(stage, name, content, mode)?;
    }
    Ok(files.iter().map(|it| it.1.len()).sum())
}

/// Adds a file to an archive: 60 bytes of header, the content, and a byte to make it even.
fn member(archive: &mut Vec<u8>, name: &str, content: &[u8]) {
    let header = format!("{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n", 0, 0, 0, 100_644, content.len());
    archive.extend_from_slice(header.as_bytes());
    archive.extend_from_slice(content);
    if content.len() % 2 == 1 {
        archive.push(b'\n');
    }
}

/// The highest minor version among the `GLIBC_2.N` that a program asks its system for.
fn newest_glibc(program: &[u8]) -> Option<u32> {
    const MARK: &[u8] = b"GLIBC_2.";
    program
        .windows(MARK.len() + 3)
        .filter(|it| it.starts_with(MARK))
        .filter_map(|it| {
            let digits: String =
                it[MARK.len()..].iter().map(|it| char::from(*it)).take_while(char::is_ascii_digit).collect();
            digits.parse().ok()
        })
        .max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_glibc_is_read_from_the_program() {
        assert_eq!(newest_glibc(b"..GLIBC_2.2.5\0GLIBC_2.34\0GLIBC_2.9\0..."), Some(34));
        assert_eq!(newest_glibc(b"nothing"), None);
    }

    #[test]
    fn members_of_an_archive_begin_on_even_bytes() {
        let mut archive = Vec::new();
        member(&mut archive, "debian-binary", b"2.0\n");
        member(&mut archive, "x", b"odd");
        assert_eq!(archive.len(), 60 + 4 + 60 + 4);
        assert!(archive.starts_with(b"debian-binary   0           0     0     100644  4         `\n2.0\n"));
    }
}
