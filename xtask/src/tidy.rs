//! The rules of the house as tests. Each rule looks at the files and says what to do about what it found.

mod architecture;
mod edges;
mod licences;
mod rust_source;
mod shape;
mod sql;
mod words;

use crate::args::Args;
use anyhow::{Context, Result};
use rust_source::Source;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub const HELP: &str = "\
Check the house rules: crate edges, SQL only in store, sizes, licences, both languages

Usage: cargo xtask tidy

The same rules run as tests by `cargo test -p xtask`. Each finding says what to do about it.";

pub fn run(args: Args) -> Result<ExitCode> {
    args.finish()?;
    Ok(if report()? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

struct Rule {
    name: &'static str,
    /// What to do about its findings.
    advice: &'static str,
    /// The findings, each beginning with its place. The path is the repository's directory.
    find: fn(&Path) -> Result<Vec<String>>,
}

const RULES: &[Rule] = &[
    edges::EDGES,
    edges::HOMES,
    edges::PURE,
    sql::ONLY_IN_STORE,
    sql::SHARED_DIALECT,
    architecture::PATHS,
    shape::FILES,
    shape::FUNCTIONS,
    shape::QUIET,
    licences::LICENCES,
    words::LANGUAGES,
];

/// Prints all findings; whether there were none.
pub fn report() -> Result<bool> {
    let mut good = true;
    for rule in RULES {
        if let Some(complaint) = complaint(rule, crate::root())? {
            good = false;
            eprintln!("{complaint}\n");
        }
    }
    if good {
        println!("{} rules, nothing to complain about.", RULES.len());
    }
    Ok(good)
}

/// What a rule has to say, or `None`.
fn complaint(rule: &Rule, root: &Path) -> Result<Option<String>> {
    let findings = (rule.find)(root).with_context(|| format!("Checking: {}", rule.name))?;
    let lines: Vec<String> = findings.iter().map(|it| format!("    {it}")).collect();
    Ok((!lines.is_empty()).then(|| format!("{}\n{}\n  {}", rule.name, lines.join("\n"), rule.advice)))
}

/// A file of the repository, by its path from the root.
struct File {
    path: String,
    text: String,
    /// Whether all of it is compiled for tests only.
    is_tests: bool,
}

impl File {
    fn source(&self) -> Source {
        rust_source::read(&self.text)
    }
}

/// All files with this ending below a folder, sorted; none when there is no such folder.
fn files(root: &Path, folder: &str, ending: &str) -> Result<Vec<File>> {
    let mut paths = Vec::new();
    walk(&root.join(folder), ending, &mut paths)?;
    paths.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).with_context(|| format!("Reading {}", path.display()))?;
        let path = path.strip_prefix(root).unwrap_or(&path).display().to_string();
        Ok(File { is_tests: path.contains("/tests/"), path, text })
    };
    let mut files: Vec<File> = paths.into_iter().map(read).collect::<Result<_>>()?;
    let modules: Vec<String> = files.iter().flat_map(|it| test_modules(&it.path, &it.text)).collect();
    for file in &mut files {
        // Of a module in `torture.rs`, what lies in `torture/` is part.
        file.is_tests |= modules.iter().any(|it| {
            let behind = file.path.strip_prefix(it.as_str());
            behind.is_some_and(|it| it == ".rs" || it.starts_with('/'))
        });
    }
    Ok(files)
}

/// What stands before a module that only tests see.
const FOR_TESTS: [&str; 2] = ["#[cfg(test)]", "#[cfg(feature = \"testing\")]"];

/// The files, without `.rs`, of the modules that this one declares for tests only.
fn test_modules(path: &str, text: &str) -> Vec<String> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.trim_end_matches(".rs");
    let children = match stem {
        "lib" | "main" | "mod" => folder.to_owned(),
        _ => format!("{folder}/{stem}"),
    };
    let mut modules = Vec::new();
    let mut lines = text.lines().map(str::trim);
    while let Some(line) = lines.next() {
        if !FOR_TESTS.contains(&line) {
            continue;
        }
        let mut elsewhere = None;
        for line in lines.by_ref() {
            if let Some(file) = line.strip_prefix("#[path = \"").and_then(|it| it.strip_suffix(".rs\"]")) {
                elsewhere = Some(format!("{folder}/{file}"));
            } else if let Some(name) = module(line) {
                modules.push(elsewhere.take().unwrap_or_else(|| format!("{children}/{name}")));
                break;
            } else if !line.starts_with("#[") {
                break;
            }
        }
    }
    modules
}

/// The name in `mod name;` or `pub mod name;`.
fn module(line: &str) -> Option<&str> {
    line.strip_prefix("pub ").unwrap_or(line).strip_prefix("mod ")?.strip_suffix(';')
}

fn walk(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) -> Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in std::fs::read_dir(folder).with_context(|| format!("Listing {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, ending, found)?;
        } else if path.extension().is_some_and(|it| it == ending) {
            found.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rule: &Rule) {
        if let Some(complaint) = complaint(rule, crate::root()).unwrap() {
            panic!("{complaint}");
        }
    }

    #[test]
    fn crates_use_only_the_crates_below() {
        check(&edges::EDGES);
    }

    #[test]
    fn each_library_has_one_home() {
        check(&edges::HOMES);
    }

    #[test]
    fn domain_and_formats_are_pure() {
        check(&edges::PURE);
    }

    #[test]
    fn sql_is_written_in_store_only() {
        check(&sql::ONLY_IN_STORE);
    }

    #[test]
    fn store_speaks_what_every_engine_knows() {
        check(&sql::SHARED_DIALECT);
    }

    #[test]
    fn the_walks_name_files_that_exist() {
        check(&architecture::PATHS);
    }

    #[test]
    fn files_are_short() {
        check(&shape::FILES);
    }

    #[test]
    fn functions_are_short() {
        check(&shape::FUNCTIONS);
    }

    #[test]
    fn libraries_print_nothing() {
        check(&shape::QUIET);
    }

    #[test]
    fn licences_allow_everybody_to_use_the_program() {
        check(&licences::LICENCES);
    }

    #[test]
    fn every_language_has_the_same_texts() {
        check(&words::LANGUAGES);
    }

    #[test]
    fn files_that_are_only_for_tests_are_known_by_who_declares_them() {
        let text = "#[cfg(feature = \"testing\")]\npub mod torture;\nmod html;\n#[cfg(test)]\n#[path = \"mime_tests.rs\"]\nmod tests;\n";
        assert_eq!(
            test_modules("formats/src/mime.rs", text),
            ["formats/src/mime/torture", "formats/src/mime_tests"]
        );
        assert_eq!(test_modules("app/src/lib.rs", "#[cfg(test)]\nmod world;"), ["app/src/world"]);
        assert!(test_modules("app/src/lib.rs", "#[cfg(test)]\nmod tests {\nmod world;").is_empty());
    }

    #[test]
    fn every_rule_is_a_test() {
        let tests = include_str!("tidy.rs").lines().filter(|it| it.trim().starts_with("check(&")).count();
        assert_eq!(tests, RULES.len());
    }
}
