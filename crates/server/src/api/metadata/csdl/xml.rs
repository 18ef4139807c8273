//! XML as it is written, element by element.

use std::fmt::Write;

/// A document that grows. Every element that is opened is closed again, in the end by [`Xml::finish`].
pub struct Xml {
    text: String,
    open: Vec<&'static str>,
}

impl Xml {
    pub fn new() -> Xml {
        Xml { text: "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n".to_owned(), open: vec![] }
    }

    /// Attributes without a value are left out.
    pub fn open(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes);
        self.text.push_str(">\n");
        self.open.push(name);
    }

    /// An element with nothing in it.
    pub fn leaf(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes);
        self.text.push_str("/>\n");
    }

    /// Closes the element that was opened last.
    pub fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            // Writing to a string cannot fail.
            let _ = writeln!(self.text, "</{name}>");
        }
    }

    pub fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.text
    }

    fn tag(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let _ = write!(self.text, "<{name}");
        for (name, value) in attributes.iter().filter(|it| !it.1.is_empty()) {
            let _ = write!(self.text, " {name}=\"");
            self.escaped(value);
            self.text.push('"');
        }
    }

    /// What XML 1.0 cannot hold at all (2.2) becomes the replacement character.
    fn escaped(&mut self, value: &str) {
        for letter in value.chars() {
            match letter {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '"' => self.text.push_str("&quot;"),
                '\n' => self.text.push_str("&#10;"),
                '\r' => self.text.push_str("&#13;"),
                '\t' => self.text.push_str("&#9;"),
                '\0'..' ' | '\u{fffe}' | '\u{ffff}' => self.text.push('\u{fffd}'),
                other => self.text.push(other),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strange_values_stay_values() {
        let mut xml = Xml::new();
        xml.open("a", &[("b", "<\"&\u{1}>\n"), ("c", "")]);
        xml.leaf("d", &[]);
        let text = xml.finish();
        assert_eq!(
            text.split_once('\n').unwrap().1,
            "<a b=\"&lt;&quot;&amp;\u{fffd}&gt;&#10;\">\n<d/>\n</a>\n"
        );
    }
}
