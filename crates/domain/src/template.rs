//! Texts with gaps that are filled from records: `{!contact:fullname;Customer}` as Dataverse writes them, and
//! `{{contact.fullname|Customer}}`.

/// A gap, as it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// The type whose column is meant, in lower case; `None`: that of the record the text is about.
    pub entity: Option<String>,
    /// In lower case, without spaces: `Full Name` means `fullname`.
    pub column: String,
    /// What stands there when the record says nothing.
    pub otherwise: String,
}

/// What is known of a gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filling {
    Text(String),
    /// The record says nothing.
    Empty,
    /// There is no such column, or no such record.
    Unknown,
}

/// A longer gap is none: somebody wrote braces.
const LONGEST: usize = 300;

const KINDS: [(&str, &str, [char; 2], char); 2] =
    [("{!", "}", [':', ':'], ';'), ("{{", "}}", ['.', ':'], '|')];

/// The text with every gap filled. A gap of which nothing is known stays in sight, as `[contact.nickname?]`: better seen
/// before the letter goes than a hole in it.
pub fn filled(text: &str, filling: impl Fn(&Gap) -> Filling) -> String {
    let mut out = String::with_capacity(text.len());
    walk(text, |piece| match piece {
        Piece::Text(text) => out.push_str(text),
        Piece::Gap(gap) => match filling(&gap) {
            Filling::Text(text) => out.push_str(&text),
            Filling::Empty => out.push_str(&gap.otherwise),
            Filling::Unknown => {
                let entity = gap.entity.map(|it| it + ".").unwrap_or_default();
                out.extend(["[", &entity, &gap.column, "?]"]);
            }
        },
    });
    out
}

/// All gaps of the text, in order.
pub fn gaps(text: &str) -> Vec<Gap> {
    let mut gaps = Vec::new();
    walk(text, |piece| {
        if let Piece::Gap(gap) = piece {
            gaps.push(gap);
        }
    });
    gaps
}

enum Piece<'a> {
    Text(&'a str),
    Gap(Gap),
}

fn walk<'a>(mut rest: &'a str, mut each: impl FnMut(Piece<'a>)) {
    while let Some((at, length, gap)) = next(rest) {
        each(Piece::Text(&rest[..at]));
        each(Piece::Gap(gap));
        rest = &rest[at + length..];
    }
    each(Piece::Text(rest));
}

/// Where the next gap begins, and how long it is.
fn next(text: &str) -> Option<(usize, usize, Gap)> {
    for (at, _) in text.match_indices('{') {
        let behind = &text[at..];
        for (open, close, separators, default) in KINDS {
            let Some(inner) = behind.strip_prefix(open) else { continue };
            let near = inner.char_indices().nth(LONGEST).map_or(inner, |(end, _)| &inner[..end]);
            let Some(end) = near.find(close) else { continue };
            if let Some(gap) = read(&near[..end], separators, default) {
                return Some((at, open.len() + end + close.len(), gap));
            }
        }
    }
    None
}

fn read(inner: &str, separators: [char; 2], default: char) -> Option<Gap> {
    let (name, otherwise) = inner.split_once(default).unwrap_or((inner, ""));
    let (entity, column) = match name.split_once(separators) {
        Some((entity, column)) => (Some(plain(entity)?), column),
        None => (None, name),
    };
    // `customerid/@name` means the name of what a lookup leads to, which is what is shown anyway.
    let column = column.split_once('/').map_or(column, |it| it.0);
    Some(Gap { entity, column: plain(column)?, otherwise: otherwise.trim().to_owned() })
}

fn plain(name: &str) -> Option<String> {
    let name: String = name.chars().filter(|it| !it.is_whitespace()).collect::<String>().to_lowercase();
    let is_name = !name.is_empty() && name.chars().all(|it| it.is_alphanumeric() || it == '_');
    is_name.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found = filled(text, |gap| match (gap.entity.as_deref(), gap.column.as_str()) {
            (None | Some("contact"), "fullname") => Filling::Text("Göran Sjöberg".into()),
            (_, "jobtitle") => Filling::Empty,
            _ => Filling::Unknown,
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn gaps_are_filled_in_both_spellings() {
        check("Hej {!contact:fullname;}!", "Hej Göran Sjöberg!");
        check("Hej {!Contact : Full Name;kund}!", "Hej Göran Sjöberg!");
        check("Hej {{fullname}} och {{contact.fullname}}", "Hej Göran Sjöberg och Göran Sjöberg");
    }

    #[test]
    fn what_is_empty_has_a_default_and_what_is_unknown_is_seen() {
        check("{!contact:jobtitle;chef}, {{jobtitle|chef}}, {{jobtitle}}.", "chef, chef, .");
        check("{!contact:nickname;x} {{shoesize}}", "[contact.nickname?] [shoesize?]");
    }

    #[test]
    fn braces_of_others_stay() {
        for text in ["p { color: red }", "{{", "{!", "{{ a b? }}", "{!contact:}", "a } b {", "{{{", ""] {
            check(text, text);
        }
        check("{ {{fullname}} }", "{ Göran Sjöberg }");
        let many = "{!".repeat(10_000);
        check(&many, &many);
    }

    #[test]
    fn gaps_are_told() {
        let gap = Gap { entity: Some("user".into()), column: "fullname".into(), otherwise: String::new() };
        assert_eq!(gaps("a {!User:fullname;} b"), [gap]);
    }
}
