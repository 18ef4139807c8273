//! Every language says everything: the texts of the web app have the same keys.

use super::{Rule, files};
use anyhow::Result;
use std::collections::BTreeSet;
use std::path::Path;

const PLACE: &str = "crates/server/locales";
const LANGUAGES_SPOKEN: [&str; 2] = ["en", "sv"];

pub const LANGUAGES: Rule = Rule {
    name: "Swedish and English have the same texts",
    advice: "Add the missing text, or remove the key that nobody needs any more.",
    find: |root| {
        let [english, swedish] = [keys(root, LANGUAGES_SPOKEN[0])?, keys(root, LANGUAGES_SPOKEN[1])?];
        let missing = |have: &BTreeSet<String>, want: &BTreeSet<String>, language: &str| {
            want.difference(have)
                .map(|key| format!("{PLACE}/{language}: {key} is missing"))
                .collect::<Vec<_>>()
        };
        Ok([missing(&english, &swedish, "en"), missing(&swedish, &english, "sv")].concat())
    },
};

fn keys(root: &Path, language: &str) -> Result<BTreeSet<String>> {
    let files = files(root, &format!("{PLACE}/{language}"), "ftl")?;
    Ok(files.iter().flat_map(|it| it.text.lines().filter_map(key)).map(str::to_owned).collect())
}

/// The key of a line that begins a message, a term (`-name`) counting too.
fn key(line: &str) -> Option<&str> {
    let (key, _) = line.split_once('=')?;
    let key = key.trim_end();
    let name = key.strip_prefix('-').unwrap_or(key);
    let good = name.starts_with(|it: char| it.is_ascii_alphabetic())
        && name.chars().all(|it| it.is_ascii_alphanumeric() || it == '-' || it == '_');
    good.then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_and_nothing_else() {
        for (line, expected) in [
            ("pane-track = Track", Some("pane-track")),
            ("-brand = Regarding", Some("-brand")),
            ("    .title = Track", None),
            ("    [one] a = b", None),
            ("# a = b", None),
            ("just words", None),
        ] {
            assert_eq!(key(line), expected, "{line}");
        }
    }

    #[test]
    fn a_text_in_one_language_only_is_found() {
        let root = tempfile::tempdir().unwrap();
        for (language, text) in [("en", "a = A\nb = B\n"), ("sv", "a = A\n")] {
            let place = root.path().join(PLACE).join(language);
            std::fs::create_dir_all(&place).unwrap();
            std::fs::write(place.join("words.ftl"), text).unwrap();
        }
        assert_eq!((LANGUAGES.find)(root.path()).unwrap(), ["crates/server/locales/sv: b is missing"]);
    }
}
