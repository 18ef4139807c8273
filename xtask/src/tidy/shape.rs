//! Short files, short functions, and libraries that leave speaking to whoever calls them.

use super::{File, Rule, files, rust_source};
use anyhow::Result;
use std::path::Path;

const LONGEST_FILE: usize = 600;
const LONGEST_FUNCTION: usize = 100;
const LIBRARIES: [&str; 5] = ["domain", "formats", "store", "connect", "app"];

pub const FILES: Rule = Rule {
    name: "A file tells one story: at most 600 lines, 400 is the aim",
    advice: "Split it where the story changes; a noun each.",
    find: |root| {
        let long = ours(root)?.into_iter().map(|it| (it.text.lines().count(), it.path));
        let long = long.filter(|(lines, _)| *lines > LONGEST_FILE);
        Ok(long.map(|(lines, path)| format!("{path}: {lines} lines")).collect())
    },
};

pub const FUNCTIONS: Rule = Rule {
    name: "A function fits on a screen or two: at most 100 lines",
    advice: "Is deciding mixed with doing? Take a paragraph that has a name and give it its own function.",
    find: |root| {
        let mut findings = Vec::new();
        for file in ours(root)?.iter().filter(|it| !it.is_tests) {
            let functions = functions(&file.source().without_tests());
            let long = functions.into_iter().filter(|it| it.lines > LONGEST_FUNCTION);
            findings.extend(
                long.map(|it| format!("{}:{}: {} has {} lines", file.path, it.line, it.name, it.lines)),
            );
        }
        Ok(findings)
    },
};

pub const QUIET: Rule = Rule {
    name: "Libraries print nothing",
    advice: "Return it, or log it through tracing at the rim.",
    find: |root| {
        let mut findings = Vec::new();
        for library in LIBRARIES {
            let files = files(root, &format!("crates/{library}/src"), "rs")?;
            for file in files.iter().filter(|it| !it.is_tests) {
                let code = file.source().without_tests();
                let lines = code.lines().enumerate().filter(|(_, line)| prints(line));
                findings.extend(lines.map(|(at, line)| format!("{}:{}: {}", file.path, at + 1, line.trim())));
            }
        }
        Ok(findings)
    },
};

fn ours(root: &Path) -> Result<Vec<File>> {
    let mut all = Vec::new();
    for folder in ["crates", "benches", "xtask"] {
        all.extend(files(root, folder, "rs")?);
    }
    Ok(all)
}

fn prints(line: &str) -> bool {
    // `eprintln!` and `eprint!` contain the other two.
    ["println!", "print!", "dbg!"].iter().any(|it| line.contains(it))
}

#[derive(Debug, PartialEq)]
struct Function {
    name: String,
    /// Where `fn` stands, counted from 1.
    line: usize,
    /// From `fn` to the closing brace.
    lines: usize,
}

fn functions(code: &str) -> Vec<Function> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let begins_a_word = !code[..at].ends_with(|it: char| it.is_alphanumeric() || it == '_');
        let name: String =
            code[at + 3..].chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect();
        let Some(opening) = rust_source::body(&code[at..]).map(|it| at + it) else { continue };
        if !begins_a_word || name.is_empty() || code[opening..].starts_with(';') {
            continue;
        }
        let end = rust_source::closing(&code[opening..]).map_or(code.len(), |it| opening + it);
        let line = code[..at].matches('\n').count() + 1;
        found.push(Function { name, line, lines: code[at..end].matches('\n').count() + 1 });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(code: &str, expected: &[(&str, usize, usize)]) {
        let found = functions(&rust_source::read(code).code);
        let found: Vec<_> = found.iter().map(|it| (it.name.as_str(), it.line, it.lines)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn functions_are_measured_from_name_to_brace() {
        check(
            "pub fn a(x: [u8; 4]) -> u8 {\n  if x {\n  }\n}\n\nasync fn b() {\n  let s = \"}\"; // }\n}\n",
            &[("a", 1, 4), ("b", 6, 3)],
        );
    }

    #[test]
    fn functions_without_a_body_and_function_types_are_left_alone() {
        check(
            "trait T {\n  fn a(&self);\n  fn b(&self) {\n  }\n}\nstruct S { f: fn (u8) -> u8 }\n",
            &[("b", 3, 2)],
        );
    }

    #[test]
    fn printing_is_noticed() {
        assert!(prints("    eprintln!(\"\");") && prints("dbg!(x)") && prints("print!(\"\")"));
        assert!(!prints("write!(out, \"\")"));
    }
}
