//! Both languages say the same things, and say all that the code asks for.

use super::*;
use std::collections::BTreeSet;
use std::path::Path;

/// All keys of a language's files; none stands there twice.
fn keys(files: &[(&str, &str)]) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for (name, text) in files {
        if let Err((_, errors)) = FluentResource::try_new((*text).to_owned()) {
            panic!("{name}.ftl cannot be read: {errors:?}");
        }
        for line in text.lines().filter(|it| it.starts_with(|it: char| it.is_ascii_lowercase())) {
            let (key, _) = line.split_once(" =").unwrap_or_else(|| panic!("{name}.ftl: {line}"));
            assert!(keys.insert(key.to_owned()), "“{key}” is there twice, again in {name}.ftl");
        }
    }
    keys
}

/// All Rust code of this crate, this file left out.
fn code(folder: &Path, all: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            code(&path, all);
        } else if path.extension().is_some_and(|it| it == "rs") && !path.ends_with("words/tests.rs") {
            all.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
}

fn all_code() -> String {
    let mut all = String::new();
    code(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
    all
}

/// The literals right behind `.t(` and `.with(`.
fn asked(code: &str) -> BTreeSet<&str> {
    let after = [".t(\"", ".with(\""].map(|call| code.split(call).skip(1));
    after.into_iter().flatten().filter_map(|it| it.split('"').next()).collect()
}

#[test]
fn both_languages_say_the_same_things() {
    assert_eq!(keys(&IN_ENGLISH), keys(&IN_SWEDISH));
}

#[test]
fn every_text_the_code_asks_for_is_there() {
    let (keys, code) = (keys(&IN_ENGLISH), all_code());
    let missing: Vec<_> = asked(&code).into_iter().filter(|it| !keys.contains(*it)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// A key may be chosen by a `match` or a table: any literal counts. `key-text` belongs to the error named `key`.
#[test]
fn no_text_is_left_over() {
    let code = all_code();
    let literal = |key: &str| code.contains(&format!("\"{key}\""));
    let unused: Vec<_> = keys(&IN_ENGLISH)
        .into_iter()
        .filter(|it| !literal(it) && !it.strip_suffix("-text").is_some_and(literal))
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn values_are_the_same_in_both_languages() {
    let named = |files: &[(&str, &str)]| -> BTreeSet<(String, String)> {
        let mut named = BTreeSet::new();
        for (_, text) in files {
            let mut key = String::new();
            for line in text.lines().filter(|it| !it.starts_with('#')) {
                if let Some((name, _)) = line.split_once(" =").filter(|it| !it.0.starts_with(' ')) {
                    name.clone_into(&mut key);
                }
                for value in line.split('$').skip(1) {
                    let value: String =
                        value.chars().take_while(|it| it.is_ascii_alphanumeric() || *it == '-').collect();
                    named.insert((key.clone(), value));
                }
            }
        }
        named
    };
    assert_eq!(named(&IN_ENGLISH), named(&IN_SWEDISH));
}

#[test]
fn numbers_in_texts_are_written_in_the_readers_way() {
    let text = |language| Words::new(language, Tz::UTC).with("problem-too-long", &[("max", 2000.into())]);
    assert!(text(Language::English).contains("2,000"), "{}", text(Language::English));
    assert!(text(Language::Swedish).contains("2\u{a0}000"), "{}", text(Language::Swedish));
}

#[test]
fn the_browsers_wish_is_heard() {
    for (wish, language) in [
        ("sv-SE,sv;q=0.9,en;q=0.8", Language::Swedish),
        ("de,en-GB;q=0.7,sv;q=0.3", Language::English),
        ("de, sv;q=0.5", Language::Swedish),
        ("sv;q=0, en;q=0.1", Language::English),
        ("", Language::English),
        ("sv;q=häh", Language::English),
    ] {
        assert_eq!(Language::wished(wish), language, "{wish}");
    }
}
