//! Tells code, literals and comments of a Rust file apart, without understanding more of the language.

pub struct Source {
    /// The file with comments gone and literals emptied; every line is still on its line.
    pub code: String,
    pub literals: Vec<Literal>,
}

/// A string literal, as written between its quotes.
#[derive(Debug, PartialEq)]
pub struct Literal {
    /// Of its first character, counted from 1.
    pub line: usize,
    pub text: String,
}

pub fn read(text: &str) -> Source {
    let mut reader =
        Reader { rest: text, code: String::with_capacity(text.len()), line: 1, literals: Vec::new() };
    while !reader.rest.is_empty() {
        reader.piece();
    }
    Source { code: reader.code, literals: reader.literals }
}

impl Source {
    /// The code without what stands under `#[cfg(test)]`.
    pub fn without_tests(&self) -> String {
        let mut code = self.code.clone();
        while let Some(start) = code.find("#[cfg(test)]") {
            let end = item_end(&code[start..]).map_or(code.len(), |it| start + it);
            let lines: String = code[start..end].chars().filter(|it| *it == '\n').collect();
            code.replace_range(start..end, &lines);
        }
        code
    }
}

/// Where the first item of this code ends: behind its `;` or its closing brace.
fn item_end(code: &str) -> Option<usize> {
    let opening = body(code)?;
    if code[opening..].starts_with(';') {
        Some(opening + 1)
    } else {
        closing(&code[opening..]).map(|it| opening + it + 1)
    }
}

/// Where the body's `{` stands, or the `;` of an item without one; `[u8; 4]` in a signature is passed over.
pub fn body(code: &str) -> Option<usize> {
    let mut depth = 0_i32;
    for (at, character) in code.char_indices() {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '{' | ';' if depth == 0 => return Some(at),
            _ => {}
        }
    }
    None
}

/// Where the brace that this code begins with is closed.
pub fn closing(code: &str) -> Option<usize> {
    let mut depth = 0_i32;
    for (at, character) in code.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 1 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

struct Reader<'a> {
    rest: &'a str,
    code: String,
    line: usize,
    literals: Vec<Literal>,
}

impl Reader<'_> {
    /// Moves past one comment, literal or character of code.
    fn piece(&mut self) {
        if self.rest.starts_with("//") {
            let end = self.rest.find('\n').unwrap_or(self.rest.len());
            self.drop(end);
        } else if self.rest.starts_with("/*") {
            let end = comment_end(self.rest);
            self.drop(end);
        } else if self.rest.starts_with('"') {
            self.literal(1, text_end(&self.rest[1..]), 1);
        } else if let Some((opening, hashes)) = self.raw_opening() {
            let end = format!("\"{}", "#".repeat(hashes));
            let length = self.rest[opening..].find(&end).unwrap_or(self.rest.len() - opening);
            self.literal(opening, length, end.len());
        } else if let Some(length) = character_length(self.rest) {
            self.code.push_str("' '");
            self.rest = &self.rest[length..];
        } else if let Some(character) = self.rest.chars().next() {
            self.line += usize::from(character == '\n');
            self.code.push(character);
            self.rest = &self.rest[character.len_utf8()..];
        }
    }

    /// The length of `r#"` and how many `#` it has, when a raw string begins here.
    fn raw_opening(&self) -> Option<(usize, usize)> {
        let inside_a_name = self.code.chars().next_back().is_some_and(|it| it.is_alphanumeric() || it == '_');
        if inside_a_name {
            return None;
        }
        let prefix = ["r", "br", "cr"].into_iter().find(|it| self.rest.starts_with(it))?.len();
        let after = &self.rest[prefix..];
        let hashes = after.len() - after.trim_start_matches('#').len();
        after[hashes..].starts_with('"').then_some((prefix + hashes + 1, hashes))
    }

    fn literal(&mut self, opening: usize, length: usize, closing: usize) {
        let text = self.rest[opening..opening + length].to_owned();
        self.literals.push(Literal { line: self.line, text });
        self.code.push('"');
        self.drop((opening + length + closing).min(self.rest.len()));
        self.code.push('"');
    }

    /// Moves on, keeping only the line ends.
    fn drop(&mut self, length: usize) {
        let lines = self.rest[..length].matches('\n').count();
        self.code.push_str(&"\n".repeat(lines));
        self.line += lines;
        self.rest = &self.rest[length..];
    }
}

/// Comments of this kind nest.
fn comment_end(text: &str) -> usize {
    let mut depth = 0_i32;
    let bytes = text.as_bytes();
    let mut at = 0;
    while at + 1 < bytes.len() {
        match &bytes[at..at + 2] {
            b"/*" => depth += 1,
            b"*/" => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// Where the quote that ends a string stands; a backslash hides the character behind it.
fn text_end(text: &str) -> usize {
    let mut hidden = false;
    for (at, character) in text.char_indices() {
        match character {
            _ if hidden => hidden = false,
            '\\' => hidden = true,
            '"' => return at,
            _ => {}
        }
    }
    text.len()
}

/// The length of `'x'` or `'\n'`; `None` for a lifetime and for anything else.
fn character_length(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('\'')?;
    if let Some(escape) = inner.strip_prefix('\\') {
        // The character behind the backslash may be a quote itself.
        let skip = escape.chars().next()?.len_utf8();
        return Some(2 + skip + escape[skip..].find('\'')? + 1);
    }
    let length = inner.chars().next()?.len_utf8();
    inner[length..].starts_with('\'').then_some(1 + length + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, code: &str, literals: &[(usize, &str)]) {
        let source = read(text);
        assert_eq!(source.code, code);
        let found: Vec<_> = source.literals.iter().map(|it| (it.line, it.text.as_str())).collect();
        assert_eq!(found, literals);
    }

    #[test]
    fn comments_go_and_lines_stay() {
        check("a // \"b\n/* c /* d\n */ \" */ e", "a \n\n e", &[]);
    }

    #[test]
    fn literals_are_emptied_and_kept_apart() {
        check("f(\"a\\\"b\", 1);\ng(\"c\nd\")", "f(\"\", 1);\ng(\"\n\")", &[(1, "a\\\"b"), (2, "c\nd")]);
        check("r#\"a\"b\"# + br\"c\" + r#type", "\"\" + \"\" + r#type", &[(1, "a\"b"), (1, "c")]);
        check("for\"x\"", "for\"\"", &[(1, "x")]);
    }

    #[test]
    fn characters_and_lifetimes_are_told_apart() {
        check("'\"' '\\'' '\\u{1F}' 'å' &'a str", "' ' ' ' ' ' ' ' &'a str", &[]);
    }

    #[test]
    fn unfinished_text_ends_with_the_file() {
        check("\"abc", "\"\"", &[(1, "abc")]);
        check("r#\"abc\"", "\"\"", &[(1, "abc\"")]);
        check("/* abc", "", &[]);
        check("'", "'", &[]);
        check("å b", "å b", &[]);
    }

    #[test]
    fn what_is_only_for_tests_can_be_left_out() {
        let source =
            read("fn a() {}\n#[cfg(test)]\nmod tests {\n fn b() { }\n}\nfn c() {}\n#[cfg(test)]\nuse x;\n");
        assert_eq!(source.without_tests(), "fn a() {}\n\n\n\n\nfn c() {}\n\n\n");
    }
}
