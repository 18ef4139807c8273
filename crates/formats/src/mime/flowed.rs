//! Flowed text (RFC 3676): lines that a client broke softly become paragraphs again.

use super::params::Typed;

/// The text with its soft line breaks undone, if it says that it has any.
pub(super) fn read(text: String, kind: &Typed) -> String {
    if kind.get("format").is_some_and(|it| it.eq_ignore_ascii_case("flowed")) {
        let keeps_space = !kind.get("delsp").is_some_and(|it| it.eq_ignore_ascii_case("yes"));
        return unfolded(&text, if keeps_space { Space::Kept } else { Space::Dropped });
    }
    text
}

/// `DelSp` (RFC 3676 4.1).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Space {
    Kept,
    Dropped,
}

fn unfolded(text: &str, space: Space) -> String {
    let mut out = String::with_capacity(text.len());
    // The quote depth of the paragraph that the last line left open.
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let depth = line.bytes().take_while(|it| *it == b'>').count();
        let content = &line[depth..];
        let content = content.strip_prefix(' ').unwrap_or(content);
        if open != Some(depth) || content == "-- " {
            if open.is_some() {
                out.push('\n');
            }
            out.extend(std::iter::repeat_n('>', depth));
            if depth > 0 {
                out.push(' ');
            }
        }
        let is_soft = content.ends_with(' ') && content != "-- ";
        match (is_soft, space) {
            (true, Space::Dropped) => out.push_str(&content[..content.len() - 1]),
            _ => out.push_str(content),
        }
        open = is_soft.then_some(depth);
        if open.is_none() {
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, space: Space, expected: &str) {
        assert_eq!(unfolded(text, space), expected);
    }

    #[test]
    fn soft_breaks_vanish_and_quotes_stay_apart() {
        check("one \ntwo\nthree", Space::Kept, "one two\nthree\n");
        check("one \ntwo", Space::Dropped, "onetwo\n");
        check("> a \n> b\nc", Space::Kept, "> a b\nc\n");
        check("> a \nb", Space::Kept, "> a \nb\n");
        check("x\n-- \nEva", Space::Kept, "x\n-- \nEva\n");
        check(" From", Space::Kept, "From\n");
    }
}
