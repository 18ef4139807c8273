//! Reads a migration file, written once with PostgreSQL's type words, as the statements of one engine.

use crate::db::Engine;

/// The statements of a file that are meant for this engine, in its spelling. A statement ends with `;` at the end of a
/// line; `-- only: sqlite` or `-- only: postgres` on a line before it says that the other engine goes without.
pub fn statements(file: &str, engine: Engine) -> Vec<String> {
    let mut statements = Vec::new();
    let mut statement = String::new();
    let mut only = None;
    for line in file.lines() {
        if let Some(name) = line.trim().strip_prefix("-- only:") {
            only = Some(name.trim());
            continue;
        }
        let code = without_comment(line).trim_end();
        if code.is_empty() {
            continue;
        }
        statement.push_str(code.strip_suffix(';').unwrap_or(code));
        if code.ends_with(';') {
            let text = std::mem::take(&mut statement);
            if only.take().is_none_or(|it| it == word(engine)) {
                statements.push(spelled(&text, engine));
            }
        } else {
            statement.push('\n');
        }
    }
    statements
}

fn word(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    }
}

fn without_comment(line: &str) -> &str {
    let quotes = |before: &str| before.matches('\'').count();
    let start = line.match_indices("--").map(|(at, _)| at).find(|at| quotes(&line[..*at]).is_multiple_of(2));
    start.map_or(line, |at| &line[..at])
}

/// One statement in the engine's own type words. Texts are compared by their bytes on both.
pub fn spelled(statement: &str, engine: Engine) -> String {
    let table = statement.starts_with("CREATE TABLE");
    match engine {
        Engine::Sqlite => {
            let mut text = statement.replace(" COLLATE \"C\"", "");
            let words = [
                ("BIGINT", "INTEGER"),
                ("BOOLEAN", "INTEGER"),
                ("BYTEA", "BLOB"),
                ("DOUBLE PRECISION", "REAL"),
            ];
            for (theirs, ours) in words {
                text = replace_word(&text, theirs, ours);
            }
            if table && !text.ends_with("STRICT") {
                text.push_str(if is_list(&text) { " STRICT, WITHOUT ROWID" } else { " STRICT" });
            }
            text
        }
        Engine::Postgres if table => {
            let plain = statement.replace("TEXT COLLATE \"C\"", "TEXT");
            replace_word(&plain, "TEXT", "TEXT COLLATE \"C\"")
        }
        Engine::Postgres => statement.to_owned(),
    }
}

/// Small rows under a key of several columns: SQLite keeps them in the key itself (a fifth less work for an import) and
/// not beside it. Content, in a column called `bytes`, would make that key too wide to search.
fn is_list(table: &str) -> bool {
    table.contains("PRIMARY KEY (") && !table.contains(" bytes BLOB")
}

/// Whole words only, and none in quotes: a column may be called `BIGINTS`.
fn replace_word(text: &str, from: &str, to: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(from) {
        let (before, after) = (&rest[..at], &rest[at + from.len()..]);
        let open = |it: Option<char>| it.is_none_or(|it| !it.is_alphanumeric() && it != '_' && it != '"');
        result.push_str(before);
        let whole = open(before.chars().next_back()) && open(after.chars().next());
        result.push_str(if whole { to } else { from });
        rest = after;
    }
    result + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(file: &str, sqlite: &[&str], postgres: &[&str]) {
        assert_eq!(statements(file, Engine::Sqlite), sqlite);
        assert_eq!(statements(file, Engine::Postgres), postgres);
    }

    #[test]
    fn each_engine_reads_its_own_types() {
        check(
            "CREATE TABLE a ( -- NULL: well; else not\n  b BYTEA, \"BIGINT\" BIGINT,\n  t TEXT);\nCREATE INDEX i ON a (b);",
            &["CREATE TABLE a (\n  b BLOB, \"BIGINT\" INTEGER,\n  t TEXT) STRICT", "CREATE INDEX i ON a (b)"],
            &[
                "CREATE TABLE a (\n  b BYTEA, \"BIGINT\" BIGINT,\n  t TEXT COLLATE \"C\")",
                "CREATE INDEX i ON a (b)",
            ],
        );
    }

    #[test]
    fn sqlite_keeps_lists_in_their_key_and_content_beside_it() {
        check(
            "CREATE TABLE a (b BYTEA, PRIMARY KEY (b, c));\nCREATE TABLE d (b BYTEA, bytes BYTEA, PRIMARY KEY (b, c));",
            &[
                "CREATE TABLE a (b BLOB, PRIMARY KEY (b, c)) STRICT, WITHOUT ROWID",
                "CREATE TABLE d (b BLOB, bytes BLOB, PRIMARY KEY (b, c)) STRICT",
            ],
            &[
                "CREATE TABLE a (b BYTEA, PRIMARY KEY (b, c))",
                "CREATE TABLE d (b BYTEA, bytes BYTEA, PRIMARY KEY (b, c))",
            ],
        );
    }

    #[test]
    fn a_statement_for_one_engine_is_left_out_on_the_other() {
        check(
            "-- only: sqlite\nINSERT INTO a VALUES ('--;');\n-- only: postgres\nDELETE FROM a;\nDELETE FROM b;",
            &["INSERT INTO a VALUES ('--;')", "DELETE FROM b"],
            &["DELETE FROM a", "DELETE FROM b"],
        );
    }
}
