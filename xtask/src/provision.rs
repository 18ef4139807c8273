//! Finds what the tests need from the machine, and installs it where that is allowed.

use anyhow::{Context, Result, bail};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

struct Need {
    what: &'static str,
    /// Debian's names.
    packages: &'static [&'static str],
    found: fn() -> bool,
}

const NEEDS: &[Need] = &[
    Need { what: "a C compiler", packages: &["gcc", "libc6-dev"], found: || program("cc").is_some() },
    Need { what: "openssl", packages: &["openssl"], found: || program("openssl").is_some() },
    Need {
        what: "Dovecot with IMAP and LMTP",
        packages: &["dovecot-imapd", "dovecot-lmtpd"],
        found: || program("dovecot").is_some() && ["imap", "lmtp"].iter().all(|it| dovecot_part(it)),
    },
    Need { what: "PostgreSQL's server", packages: &["postgresql"], found: || postgres_programs().is_some() },
    Need { what: "Chromium", packages: &["chromium"], found: || program("chromium").is_some() },
    Need {
        what: "chromedriver",
        packages: &["chromium-driver"],
        found: || program("chromedriver").is_some(),
    },
    Need {
        what: "Node.js with npm, for real clients",
        packages: &["nodejs", "npm"],
        found: || program("node").is_some() && program("npm").is_some(),
    },
    Need {
        what: "Python 3 with venv, for real clients",
        packages: &["python3", "python3-venv"],
        found: crate::clients::has_python,
    },
    Need { what: "a font, for screenshots", packages: &["fonts-dejavu-core"], found: has_font },
];

/// Installs what is missing when it may (root on Debian, or `CI=true`); otherwise an error names the command.
pub fn ensure() -> Result<()> {
    let missing = missing();
    if missing.is_empty() {
        return Ok(());
    }
    let whats: Vec<&str> = missing.iter().map(|it| it.what).collect();
    let packages: Vec<&str> = missing.iter().flat_map(|it| it.packages).copied().collect();
    let line = format!("apt-get install -y --no-install-recommends {}", packages.join(" "));
    if !may_install() {
        bail!("The tests need {}. On Debian this installs it:\n\n    sudo {line}\n", whats.join(", "));
    }
    println!("Missing: {}. Running: {line}", whats.join(", "));
    apt_get(&["update", "-q"])?;
    apt_get(&[&["install", "-y", "--no-install-recommends", "-q"], packages.as_slice()].concat())?;
    match self::missing().first() {
        Some(need) => bail!("{} is still not found after: {line}", need.what),
        None => Ok(()),
    }
}

fn missing() -> Vec<&'static Need> {
    NEEDS.iter().filter(|it| !(it.found)()).collect()
}

fn may_install() -> bool {
    let in_ci = std::env::var("CI").is_ok_and(|it| it == "true");
    program("apt-get").is_some() && (in_ci || (is_root() && Path::new("/etc/debian_version").exists()))
}

fn apt_get(arguments: &[&str]) -> Result<()> {
    let mut command = if is_root() {
        Command::new("env")
    } else {
        let mut sudo = Command::new("sudo");
        sudo.args(["-n", "env"]);
        sudo
    };
    // In runlevel 1 a package does not start its server: the tests start their own.
    command.args([
        "DEBIAN_FRONTEND=noninteractive",
        "RUNLEVEL=1",
        "apt-get",
        "-o",
        "DPkg::Lock::Timeout=300",
    ]);
    let status = command.args(arguments).stdin(Stdio::null()).status().context("Running apt-get")?;
    if !status.success() {
        bail!("apt-get {} failed", arguments.join(" "));
    }
    Ok(())
}

pub fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|it| it.uid() == 0)
}

/// A program of PATH or of the directories for administrators, which an ordinary user's PATH leaves out.
pub fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/local/sbin", "/usr/sbin"].map(PathBuf::from))
        .map(|it| it.join(name))
        .find(|it| it.is_file())
}

/// The directory of `initdb`, `postgres` and `pg_isready`; of the newest version if there are several.
pub fn postgres_programs() -> Option<PathBuf> {
    let mut places: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|it| Some((it.file_name().to_str()?.parse().ok()?, it.path().join("bin"))))
        .collect();
    places.sort();
    places
        .into_iter()
        .rev()
        .map(|(_, place)| place)
        .chain(program("initdb").and_then(|it| Some(it.canonicalize().ok()?.parent()?.to_path_buf())))
        .find(|place| ["initdb", "postgres", "pg_isready"].iter().all(|it| place.join(it).exists()))
}

fn dovecot_part(name: &str) -> bool {
    ["/usr/lib/dovecot", "/usr/libexec/dovecot"].iter().any(|it| Path::new(it).join(name).exists())
}

fn has_font() -> bool {
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    [
        "/usr/share/fonts".into(),
        "/usr/local/share/fonts".into(),
        home.join(".local/share/fonts"),
        home.join(".fonts"),
    ]
    .iter()
    .any(|it| holds_font(it))
}

fn holds_font(place: &Path) -> bool {
    std::fs::read_dir(place).into_iter().flatten().flatten().any(|it| {
        let path = it.path();
        let is_font = path.extension().is_some_and(|it| it == "ttf" || it == "otf" || it == "ttc");
        is_font || (it.file_type().is_ok_and(|it| it.is_dir()) && holds_font(&path))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fonts_are_found_in_depth() {
        let place = tempfile::tempdir().unwrap();
        assert!(!holds_font(place.path()));
        let deep = place.path().join("truetype/dejavu");
        std::fs::create_dir_all(&deep).unwrap();
        std::fs::write(deep.join("read.me"), "").unwrap();
        assert!(!holds_font(place.path()));
        std::fs::write(deep.join("DejaVuSans.ttf"), "").unwrap();
        assert!(holds_font(place.path()));
    }

    #[test]
    fn programs_of_the_path_are_found() {
        assert!(program("sh").is_some());
        assert!(program("no-program-has-this-name").is_none());
    }
}
