//! XML as a tree of elements, as far as a question needs it: no names of one's own for texts, no processing, no spaces of names.

use crate::question::{BadQuery, DEEPEST, LONGEST, bad, quoted};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// Elements in one question.
const MOST_ELEMENTS: usize = 20_000;
/// Attributes of one element. The reader compares the names of all with all.
const MOST_ATTRIBUTES: usize = 50;

#[derive(Debug, Default)]
pub(super) struct Node {
    pub name: String,
    attributes: Vec<(String, String)>,
    pub children: Vec<Node>,
    pub text: String,
}

impl Node {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|it| it.0 == name).map(|it| it.1.as_str())
    }

    /// The attribute, or the complaint that it is missing.
    pub fn need(&self, name: &str) -> Result<&str, BadQuery> {
        let found = self.get(name).filter(|it| !it.is_empty());
        found.ok_or_else(|| BadQuery(format!("An element {} has no attribute “{name}”.", quoted(&self.name))))
    }

    /// Whether the attribute says so: `true` or `1`.
    pub fn says(&self, name: &str) -> Result<bool, BadQuery> {
        match self.get(name) {
            Some("true" | "True" | "1") => Ok(true),
            None | Some("false" | "False" | "0" | "") => Ok(false),
            Some(other) => bad(format!("“{name}” is true or false, not {}.", quoted(other))),
        }
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Node> {
        self.children.iter().filter(move |it| it.name == name)
    }
}

/// The only element at the top.
pub(super) fn read(xml: &str) -> Result<Node, BadQuery> {
    if xml.len() > LONGEST {
        return bad(format!("The question has {} bytes; at most {LONGEST} are read.", xml.len()));
    }
    let mut reader = Reader::from_str(xml.trim_start_matches('\u{feff}').trim());
    // The first is what stands around the only element.
    let mut open = vec![Node::default()];
    let mut left = MOST_ELEMENTS;
    loop {
        let event = reader.read_event().map_err(|it| broken(&it.to_string(), reader.error_position()))?;
        let Some(last) = open.last_mut() else { return bad("The question is no XML.") };
        match event {
            Event::Start(start) => {
                open.push(element(&start, &mut left)?);
                if open.len() > DEEPEST + 1 {
                    return bad(format!("The elements of a question are nested at most {DEEPEST} deep."));
                }
            }
            Event::Empty(start) => last.children.push(element(&start, &mut left)?),
            // The reader has seen to it that it closes what is open.
            Event::End(_) => {
                let closed = open.pop().unwrap_or_default();
                if let Some(parent) = open.last_mut() {
                    parent.children.push(closed);
                }
            }
            Event::Text(text) => last.text.push_str(&text.xml10_content()),
            Event::CData(text) => last.text.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                let letter = reference.resolve_char_ref().ok().flatten().map(String::from);
                let known = || quick_xml::escape::resolve_predefined_entity(&reference).map(str::to_owned);
                match letter.or_else(known) {
                    Some(text) => last.text.push_str(&text),
                    None => return bad(format!("Nothing says what &{}; is.", quoted(&reference))),
                }
            }
            Event::DocType(_) => return bad("A question is XML without a document type."),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    let mut around = if open.len() == 1 { open.pop().unwrap_or_default() } else { Node::default() };
    match (around.children.pop(), around.children.is_empty()) {
        (Some(only), true) if around.text.trim().is_empty() => Ok(only),
        _ => bad("The question is not one XML element: write <fetch>…</fetch>."),
    }
}

fn element(start: &BytesStart<'_>, left: &mut usize) -> Result<Node, BadQuery> {
    *left = left
        .checked_sub(1)
        .ok_or_else(|| BadQuery(format!("A question has at most {MOST_ELEMENTS} elements.")))?;
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|it| broken(&it.to_string(), 0))?;
        if attributes.len() == MOST_ATTRIBUTES {
            return bad(format!("An element has at most {MOST_ATTRIBUTES} attributes."));
        }
        let value =
            attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|it| broken(&it.to_string(), 0))?;
        attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
    }
    Ok(Node { name: start.name().as_ref().to_owned(), attributes, ..Node::default() })
}

fn broken(why: &str, at: u64) -> BadQuery {
    let place = if at > 0 { format!(" (at byte {at})") } else { String::new() };
    BadQuery(format!("The question is no XML: {}{place}.", why.trim_end_matches('.')))
}
