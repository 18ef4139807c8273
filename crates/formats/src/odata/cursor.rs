//! A place in a text, and the small steps from there.

use super::{BadOData, DEEPEST, excerpt};

pub(super) struct Cursor<'a> {
    text: &'a str,
    /// In bytes.
    at: usize,
    depth: usize,
    links: usize,
}

/// Arithmetic and comparisons in a row (`1 add 1 add 1`), in one text. Each makes the tree deeper, so it is counted
/// over the whole text and never given back.
const MOST_LINKS: usize = 200;

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Cursor<'a> {
        Cursor { text, at: 0, depth: 0, links: 0 }
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at == self.text.len()
    }

    /// Steps over so many bytes, which the caller has seen in `rest`.
    pub(super) fn skip(&mut self, bytes: usize) {
        self.at += bytes;
    }

    pub(super) fn mark(&self) -> usize {
        self.at
    }

    pub(super) fn back_to(&mut self, mark: usize) {
        self.at = mark;
    }

    pub(super) fn spaces(&mut self) {
        let rest = self.rest();
        self.skip(rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len());
    }

    pub(super) fn eat(&mut self, wanted: char) -> bool {
        let found = self.rest().starts_with(wanted);
        if found {
            self.skip(wanted.len_utf8());
        }
        found
    }

    /// The character with any space around it.
    pub(super) fn eat_spaced(&mut self, wanted: char) -> bool {
        let mark = self.mark();
        self.spaces();
        let found = self.eat(wanted);
        if found {
            self.spaces();
        } else {
            self.back_to(mark);
        }
        found
    }

    /// The character, or the complaint that `why` is missing: `"')' to close the list"`.
    pub(super) fn expect(&mut self, wanted: char, why: &str) -> Result<(), BadOData> {
        if self.eat(wanted) { Ok(()) } else { Err(self.expected(why)) }
    }

    /// A letter or underscore, then letters, digits and underscores; empty when there is none.
    pub(super) fn peek_name(&self) -> &'a str {
        let rest = self.rest();
        let begins = rest.starts_with(|it: char| it.is_alphabetic() || it == '_');
        let end = rest.find(|it: char| !is_name(it)).unwrap_or(rest.len());
        if begins { &rest[..end] } else { "" }
    }

    /// Names joined by dots, such as `Microsoft.Dynamics.CRM.LastXDays`; empty when there is none.
    pub(super) fn peek_qualified(&self) -> &'a str {
        let mut ahead = Cursor { text: self.text, at: self.at, depth: 0, links: 0 };
        let mut end = self.at;
        loop {
            let name = ahead.peek_name();
            if name.is_empty() {
                return &self.text[self.at..end];
            }
            ahead.skip(name.len());
            end = ahead.at;
            if !ahead.eat('.') {
                return &self.text[self.at..end];
            }
        }
    }

    pub(super) fn name(&mut self, expected: &str) -> Result<&'a str, BadOData> {
        let name = self.peek_name();
        if name.is_empty() {
            return Err(self.expected(expected));
        }
        self.skip(name.len());
        Ok(name)
    }

    /// A word that stands alone, in any case. Nothing is stepped over when another stands here.
    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let found = self.peek_name().eq_ignore_ascii_case(word);
        if found {
            self.skip(word.len());
        }
        found
    }

    /// Enters something nested; pair it with `shallower`.
    pub(super) fn deeper(&mut self) -> Result<(), BadOData> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.wrong(format!("The text is nested more than {DEEPEST} deep")));
        }
        Ok(())
    }

    pub(super) fn shallower(&mut self) {
        self.depth -= 1;
    }

    /// One more operator of the same rank in a row.
    pub(super) fn link(&mut self) -> Result<(), BadOData> {
        self.links += 1;
        if self.links > MOST_LINKS {
            return Err(
                self.wrong(format!("More than {MOST_LINKS} operators follow each other without brackets"))
            );
        }
        Ok(())
    }

    pub(super) fn expected(&self, what: &str) -> BadOData {
        let found = match self.rest() {
            "" => "the text ends".to_owned(),
            rest => format!("“{}” follows", excerpt(rest)),
        };
        self.wrong(format!("Expected {what}, but {found}"))
    }

    pub(super) fn wrong(&self, what: impl Into<String>) -> BadOData {
        BadOData::new(self.text[..self.at].chars().count(), what)
    }
}

pub(super) fn is_name(it: char) -> bool {
    it.is_alphanumeric() || it == '_'
}
