//! SQL is written in `store`, and there only what every engine understands.

use super::{Rule, files};
use anyhow::Result;
use std::path::Path;

/// The SQL that clients of the Web API send is read here, and none is made.
const READS_SQL: &str = "crates/formats/src/tsql";

pub const ONLY_IN_STORE: Rule = Rule {
    name: "SQL is written in crates/store only",
    advice: "Move the statement into a function of crates/store, and call that.",
    find: |root| {
        let mut findings = Vec::new();
        for file in files(root, "crates", "rs")? {
            let elsewhere = !file.path.starts_with("crates/store/") && !file.path.starts_with(READS_SQL);
            if elsewhere && file.path.contains("/src/") {
                let statements = file.source().literals.into_iter().filter(|it| is_statement(&it.text));
                findings.extend(
                    statements.map(|it| format!("{}:{}: {}", file.path, it.line, first_line(&it.text))),
                );
            }
        }
        Ok(findings)
    },
};

pub const SHARED_DIALECT: Rule = Rule {
    name: "crates/store uses nothing that SQLite, CockroachDB or YugabyteDB lack",
    advice: "Say it with tables, UNIQUE, ON CONFLICT, leases and expected versions.",
    find: foreign_words,
};

fn foreign_words(root: &Path) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for file in files(root, "crates/store", "rs")? {
        for literal in file.source().literals {
            if let Some(word) = foreign_word(&literal.text) {
                findings.push(format!("{}:{}: {word}", file.path, literal.line));
            }
        }
    }
    for file in files(root, "crates/store", "sql")? {
        for (at, line) in file.text.lines().enumerate() {
            if let Some(word) = foreign_word(line) {
                findings.push(format!("{}:{}: {word}", file.path, at + 1));
            }
        }
    }
    Ok(findings)
}

fn words(text: &str) -> Vec<&str> {
    text.split(|it: char| !it.is_alphanumeric() && it != '_').filter(|it| !it.is_empty()).collect()
}

/// Whether this text reads as SQL: the keywords in capitals and in their order, as the house writes them.
fn is_statement(text: &str) -> bool {
    let words = words(text);
    let in_order = |first: &str, second: &str| {
        words.iter().position(|it| *it == first).is_some_and(|at| words[at..].contains(&second))
    };
    let side_by_side = |first: &str, second: &str| words.windows(2).any(|it| it == [first, second]);
    in_order("SELECT", "FROM")
        || in_order("UPDATE", "SET")
        || side_by_side("INSERT", "INTO")
        || side_by_side("DELETE", "FROM")
        || side_by_side("CREATE", "TABLE")
}

/// The first word in this text that some engine does not know.
fn foreign_word(text: &str) -> Option<&'static str> {
    let words = words(text);
    let has = |word: &str| words.iter().any(|it| it.eq_ignore_ascii_case(word));
    let side_by_side = |first: &str, second: &str| {
        words.windows(2).any(|it| it[0].eq_ignore_ascii_case(first) && it[1].eq_ignore_ascii_case(second))
    };
    if words.iter().any(|it| it.to_ascii_lowercase().starts_with("pg_advisory")) {
        return Some("pg_advisory");
    }
    // In capitals only: the plain words are good English.
    if let Some(word) = ["LISTEN", "NOTIFY"].into_iter().find(|it| words.contains(it)) {
        return Some(word);
    }
    if let Some(word) = ["SERIAL", "BIGSERIAL", "SMALLSERIAL", "DEFERRABLE"].into_iter().find(|it| has(it)) {
        return Some(word);
    }
    if side_by_side("EXCLUDE", "USING") {
        return Some("EXCLUDE USING");
    }
    if side_by_side("LOCK", "TABLE") {
        return Some("LOCK TABLE");
    }
    (side_by_side("GENERATED", "ALWAYS") && has("STORED")).then_some("GENERATED ALWAYS ... STORED")
}

fn first_line(text: &str) -> String {
    text.trim().lines().next().unwrap_or_default().chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_recognized_also_over_several_lines() {
        for text in [
            "SELECT id,\n subject FROM email",
            "INSERT INTO email (id) VALUES ($1)",
            "WITH x AS (SELECT 1) UPDATE email SET a = 1",
            "DELETE FROM email",
            "CREATE TABLE IF NOT EXISTS email (id BLOB)",
        ] {
            assert!(is_statement(text), "{text}");
        }
    }

    #[test]
    fn plain_texts_are_no_statements() {
        for text in [
            "Select one from the list",
            "UPDATED FROM SETTINGS",
            "FROM x SELECT",
            "a1 SELECT INBOX",
            "ON UPDATE",
        ] {
            assert!(!is_statement(text), "{text}");
        }
    }

    #[test]
    fn words_that_some_engine_lacks_are_found() {
        for (text, word) in [
            ("SELECT pg_advisory_xact_lock($1)", Some("pg_advisory")),
            ("NOTIFY change", Some("NOTIFY")),
            ("id bigserial PRIMARY KEY", Some("BIGSERIAL")),
            ("REFERENCES x DEFERRABLE INITIALLY DEFERRED", Some("DEFERRABLE")),
            ("exclude using gist", Some("EXCLUDE USING")),
            ("LOCK TABLE email", Some("LOCK TABLE")),
            ("x TEXT GENERATED ALWAYS AS (lower(y)) STORED", Some("GENERATED ALWAYS ... STORED")),
            ("BEGIN ISOLATION LEVEL SERIALIZABLE", None),
            ("FOR UPDATE SKIP LOCKED", None),
            ("We listen and notify", None),
        ] {
            assert_eq!(foreign_word(text), word, "{text}");
        }
    }
}
