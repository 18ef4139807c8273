//! What the map says must be there: paths in ARCHITECTURE.md and STYLE.md lead to files.

use super::Rule;
use std::path::Path;

pub const PATHS: Rule = Rule {
    name: "ARCHITECTURE.md and STYLE.md name files that exist",
    advice: "Change the walk together with the code. Short names such as `app/track.rs` stand for crates/app/src/track.rs.",
    find: |root| {
        let mut findings = Vec::new();
        for name in ["ARCHITECTURE.md", "STYLE.md"] {
            match std::fs::read_to_string(root.join(name)) {
                Ok(text) => {
                    findings.extend(missing(&text, root).into_iter().map(|it| format!("{name}:{it}")));
                }
                Err(error) => findings.push(format!("{name}: {error}")),
            }
        }
        Ok(findings)
    },
};

fn missing(text: &str, root: &Path) -> Vec<String> {
    let mut findings = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let gone = line.split('`').skip(1).step_by(2).filter(|it| is_path(it)).filter(|it| !exists(it, root));
        findings.extend(gone.map(|it| format!("{}: {it}", at + 1)));
    }
    findings
}

/// Whether these words between backticks are meant as a file of the repository.
fn is_path(words: &str) -> bool {
    let placeholder = words.contains(|it: char| it.is_whitespace() || "<>{}$".contains(it));
    let outside = words.starts_with('/') || words.starts_with("..") || words.contains("://");
    let of_a_kind = [".rs", ".toml", ".ftl"].iter().any(|it| words.ends_with(it));
    words.contains('/') && !placeholder && !outside && (of_a_kind || words.starts_with("crates/"))
}

/// A path from the root, or from the sources of the crate it begins with; behind a `*` nothing is checked.
fn exists(path: &str, root: &Path) -> bool {
    let certain = match path.split_once('*') {
        Some((before, _)) => before.rsplit_once('/').map_or("", |it| it.0),
        None => path,
    };
    let short =
        certain.split_once('/').map(|(name, rest)| root.join("crates").join(name).join("src").join(rest));
    root.join(certain).exists() || short.is_some_and(|it| it.exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_from_other_words() {
        for path in
            ["crates/app", "app/track.rs", "crates/domain/entities/*.toml", "server/locales/en/words.ftl"]
        {
            assert!(is_path(path), "{path}");
        }
        for other in [
            "PUT /pane/tracking",
            "/pane/x.rs",
            "../shared/a.rs",
            "text/html",
            "track.rs",
            "crates/<name>/src",
        ] {
            assert!(!is_path(other), "{other}");
        }
    }

    #[test]
    fn a_walk_that_names_a_file_that_is_gone_is_found() {
        let root = tempfile::tempdir().unwrap();
        let place = root.path().join("crates/app/src");
        std::fs::create_dir_all(&place).unwrap();
        std::fs::write(place.join("track.rs"), "").unwrap();
        let text = "See `app/track.rs`, `crates/app/src/*.rs` and\n`app/untrack.rs`, but not `Job::Push`.";
        assert_eq!(missing(text, root.path()), ["2: app/untrack.rs"]);
    }
}
