//! Many inserts of one kind as one statement. PostgreSQL spends more on each statement than on each row: a commit of
//! an import becomes one statement per table.

use crate::commit::{Expect, Statement};
use std::collections::HashMap;

/// Rows and bytes of one merged statement: beyond, there is nothing left to win.
const ROWS: usize = 500;
const BYTES: usize = 1 << 20;

/// Statements that may run as one: they have the same text and the same expectation, and are never none.
pub type Step<'a> = Vec<&'a Statement>;

/// The statements in an order that means the same as the one given. Inserts of plain values into different tables do
/// not see each other, so that they may change places; anything else stays where it is.
pub fn steps(statements: &[Statement]) -> Vec<Step<'_>> {
    let mut steps: Vec<(Step<'_>, usize)> = Vec::new();
    // The last step of each table since the last statement that was no plain insert.
    let mut open: HashMap<&str, usize> = HashMap::new();
    for statement in statements {
        let size = size(statement);
        let Some(insert) = Insert::of(&statement.sql) else {
            open.clear();
            steps.push((vec![statement], size));
            continue;
        };
        let last = open.get(insert.table).and_then(|at| steps.get_mut(*at));
        match last {
            Some((step, bytes)) if fits(step, statement) && step.len() < ROWS && *bytes + size <= BYTES => {
                step.push(statement);
                *bytes += size;
            }
            _ => {
                open.insert(insert.table, steps.len());
                steps.push((vec![statement], size));
            }
        }
    }
    steps.into_iter().map(|(step, _)| step).collect()
}

fn fits(step: &Step<'_>, statement: &Statement) -> bool {
    let alike = |it: &&Statement| {
        it.sql == statement.sql && it.expect == statement.expect && it.values.len() == statement.values.len()
    };
    step.first().is_some_and(alike) && statement.expect.rows().is_none_or(|it| it == 1)
}

fn size(statement: &Statement) -> usize {
    use crate::db::Cell::{Bool, Bytes, Float, Int, Null, Text};
    let sizes = statement.values.iter().map(|it| match it {
        Null | Bool(_) | Int(_) | Float(_) => 8,
        Text(text) => text.len(),
        Bytes(bytes) => bytes.len(),
    });
    sizes.sum()
}

/// What the step must touch: the sum of what its statements must touch.
pub fn expected(step: &Step<'_>) -> Option<u64> {
    step.iter().map(|it| it.expect.rows()).sum()
}

/// A single insert that touches its one row or none leaves nothing to take back.
pub fn settles_alone(step: &Step<'_>) -> bool {
    match step.as_slice() {
        [one] => one.expect == Expect::Any || Insert::of(&one.sql).is_some(),
        many => many.iter().all(|it| it.expect == Expect::Any),
    }
}

/// `INSERT INTO table (columns) VALUES (expressions) [ON CONFLICT … DO NOTHING]`, with values that look at no table.
struct Insert<'a> {
    table: &'a str,
    head: &'a str,
    expressions: &'a str,
    tail: &'a str,
}

impl Insert<'_> {
    fn of(sql: &str) -> Option<Insert<'_>> {
        let table = sql.strip_prefix("INSERT INTO ")?.split([' ', '(', '\n']).next()?;
        let (head, rest) = sql.split_once("VALUES")?;
        let rest = rest.trim_start().strip_prefix('(')?;
        let (expressions, tail) = rest.split_at_checked(closing(rest)?)?;
        let tail = tail.strip_prefix(')')?.trim();
        let harmless = tail.is_empty()
            || (tail.starts_with("ON CONFLICT") && tail.ends_with("DO NOTHING") && !tail.contains('$'));
        let plain = !expressions.contains("SELECT") && expressions.contains('$') && !head.contains("SELECT");
        (harmless && plain).then_some(Insert { table, head, expressions, tail })
    }
}

/// Where the parenthesis closes that was open before `text`.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 1;
    let mut quoted = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\'' => quoted = !quoted,
            b'(' if !quoted => depth += 1,
            b')' if !quoted => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// The same insert over arrays, one per parameter: `INSERT INTO t (a) SELECT u.c1 FROM UNNEST($1::TEXT[]) AS u(c1)`.
/// `None` when the statement is not one that [`steps`] puts together.
pub fn over_arrays(sql: &str, types: &[&str]) -> Option<String> {
    let Insert { head, expressions, tail, .. } = Insert::of(sql)?;
    let expressions = expressions.replace('$', "u.c");
    let arrays: Vec<String> =
        types.iter().enumerate().map(|(at, name)| format!("${}::{name}[]", at + 1)).collect();
    let columns: Vec<String> = (1..=types.len()).map(|at| format!("c{at}")).collect();
    let (arrays, columns) = (arrays.join(", "), columns.join(", "));
    Some(format!("{head}SELECT {expressions} FROM UNNEST({arrays}) AS u({columns}) {tail}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Cell;

    #[track_caller]
    fn check(statements: &[&'static str], steps_by_first_and_count: &[(&str, usize)]) {
        let list: Vec<Statement> = statements
            .iter()
            .map(|sql| Statement { sql: (*sql).into(), values: vec![Cell::Int(1)], expect: Expect::Any })
            .collect();
        let found: Vec<(String, usize)> =
            steps(&list).iter().map(|it| (it[0].sql.to_string(), it.len())).collect();
        let wanted: Vec<(String, usize)> =
            steps_by_first_and_count.iter().map(|(sql, count)| ((*sql).to_owned(), *count)).collect();
        assert_eq!(found, wanted);
    }

    const A: &str = "INSERT INTO a (x) VALUES ($1)";
    const B: &str = "INSERT INTO b (x) VALUES ($1) ON CONFLICT DO NOTHING";
    const A_ELSE: &str = "INSERT INTO a (x, y) VALUES ($1, 0)";
    const UPDATE: &str = "UPDATE a SET x = $1";
    const UPSERT: &str = "INSERT INTO a (x) VALUES ($1) ON CONFLICT (x) DO UPDATE SET x = 1";

    #[test]
    fn inserts_of_one_kind_come_together_over_those_of_other_tables() {
        check(&[A, B, A, B, B], &[(A, 2), (B, 3)]);
    }

    #[test]
    fn nothing_passes_a_statement_that_may_see_it() {
        check(&[A, UPDATE, A], &[(A, 1), (UPDATE, 1), (A, 1)]);
        check(&[A, UPSERT, A], &[(A, 1), (UPSERT, 1), (A, 1)]);
        check(&[A, A_ELSE, A], &[(A, 1), (A_ELSE, 1), (A, 1)]);
    }

    #[test]
    fn a_merged_insert_keeps_its_expressions_and_its_tail() {
        let sql =
            "INSERT INTO d (id, w)\n VALUES ($1, to_tsvector('simple', $2)) ON CONFLICT (id) DO NOTHING";
        let merged = "INSERT INTO d (id, w)\n SELECT u.c1, to_tsvector('simple', u.c2) \
                      FROM UNNEST($1::bytea[], $2::text[]) AS u(c1, c2) ON CONFLICT (id) DO NOTHING";
        assert_eq!(over_arrays(sql, &["bytea", "text"]).unwrap(), merged);
    }
}
