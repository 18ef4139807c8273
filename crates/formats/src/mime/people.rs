//! Address lists (RFC 5322 3.4): mailboxes, groups, comments, and the shapes that clients invented.

use super::words::{decoded, encoded_word, one_line, readable};
use domain::envelope::{Address, Person};
use domain::text::clipped;

/// RFC 5321 allows 254; a longer one is no address.
const LONGEST_ADDRESS: usize = 998;
const LONGEST_NAME: usize = 500;

/// Everybody with an address, at most `most`. A name without an address reaches nobody and is left out;
/// `undisclosed-recipients:;` gives nobody.
pub(super) fn people<'x>(values: impl Iterator<Item = &'x [u8]>, most: usize) -> Vec<Person> {
    let mut list = Vec::new();
    for raw in values {
        let text = readable(raw);
        let reader = Reader {
            text: &text,
            people: Vec::new(),
            group: None,
            piece: Piece::default(),
            most,
            unpaired_until: 0,
        };
        list.extend(reader.read());
        list.truncate(most);
    }
    list
}

/// What has been read of the mailbox at hand.
#[derive(Default)]
struct Piece {
    /// Display name, or an address without brackets.
    phrase: String,
    /// What stood between `<` and `>`.
    angle: Option<String>,
    /// How much of the phrase stood before that.
    named: usize,
    comment: String,
}

struct Reader<'x> {
    text: &'x str,
    people: Vec<Person>,
    group: Option<String>,
    piece: Piece,
    most: usize,
    /// Quotation marks and brackets before this place are known to have no partner: nobody looks twice.
    unpaired_until: usize,
}

impl Reader<'_> {
    fn read(mut self) -> Vec<Person> {
        // The last place where something can still end: what starts behind it is no such thing.
        let last_quote = self.text.rfind('"').unwrap_or(0);
        let last_close = self.text.rfind(')').unwrap_or(0);
        let last_word_end = self.text.rfind("?=").unwrap_or(0);
        let bytes = self.text.as_bytes();
        let mut at = 0;
        let mut copied = 0;
        while at < bytes.len() && self.people.len() < self.most {
            let start = at;
            at = match bytes[at] {
                b'"' if at < last_quote && at >= self.unpaired_until => self.quoted(at),
                b'(' if at < last_close && at >= self.unpaired_until => self.comment(at),
                b'<' => self.angle(at),
                b'=' if at < last_word_end => encoded_word(self.text, at).map_or(at, |it| {
                    self.piece.phrase.push_str(&self.text[copied..it.end]);
                    it.end
                }),
                // Left over from `<<eva@x>>`.
                b'>' => at + 1,
                b',' => self.end_mailbox(at),
                b';' => {
                    let next = self.end_mailbox(at);
                    self.group = None;
                    next
                }
                b':' if self.is_group_name() => self.begin_group(at),
                _ => at,
            };
            if at == start {
                at += 1;
                while !self.text.is_char_boundary(at) {
                    at += 1;
                }
                self.piece.phrase.push_str(&self.text[start..at]);
            }
            copied = at;
        }
        self.end_mailbox(at);
        self.people
    }

    /// A quoted string belongs to the name, or to an address such as `"eva ek"@x`.
    fn quoted(&mut self, at: usize) -> usize {
        let inner = &self.text[at + 1..];
        let mut value = String::new();
        let mut letters = inner.char_indices();
        while let Some((offset, letter)) = letters.next() {
            match letter {
                '"' => {
                    let end = at + 1 + offset + 1;
                    let is_local_part = self.text[end..].starts_with('@');
                    let mark = if is_local_part { "\"" } else { "" };
                    self.piece.phrase.extend([mark, &value, mark]);
                    return end;
                }
                '\\' => value.extend(letters.next().map(|it| it.1)),
                _ => value.push(letter),
            }
        }
        // The last quotation mark was escaped: this one stands for itself.
        self.unpaired_until = self.text.len();
        at
    }

    fn comment(&mut self, at: usize) -> usize {
        let mut depth = 0;
        let mut escaped = false;
        for (offset, letter) in self.text[at..].char_indices() {
            match letter {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                self.piece.comment = self.text[at + 1..at + offset].to_owned();
                return at + offset + 1;
            }
            // No comment is that long.
            if offset > 2_000 {
                self.unpaired_until = at + offset;
                break;
            }
        }
        at
    }

    fn angle(&mut self, at: usize) -> usize {
        if self.piece.angle.is_some() {
            // A forgotten comma: what stood between the two belongs to the second.
            let phrase = self.piece.phrase.split_off(self.piece.named);
            self.end_mailbox(at);
            self.piece.phrase = phrase;
        }
        let inner = &self.text[at + 1..];
        let mut length = inner.find(['>', ';', '<']).unwrap_or(inner.len());
        let mut written = &inner[..length];
        if let Some((_, address)) = written.rsplit_once(':').filter(|_| written.starts_with('@')) {
            // RFC 5322 4.4: `<@relay,@relay:eva@x>`.
            written = address;
        } else if let Some(comma) = written.find(',') {
            // A forgotten bracket.
            (written, length) = (&written[..comma], comma);
        }
        self.piece.angle = Some(written.to_owned());
        self.piece.named = self.piece.phrase.len();
        at + 1 + length + usize::from(inner[length..].starts_with('>'))
    }

    fn is_group_name(&self) -> bool {
        self.piece.angle.is_none() && !self.piece.phrase.contains('@')
    }

    fn begin_group(&mut self, at: usize) -> usize {
        let phrase = std::mem::take(&mut self.piece).phrase;
        let name = readable_name(&phrase);
        // `mailto:eva@x` and Exchange's `SMTP:eva@x` are no groups.
        if !name.eq_ignore_ascii_case("mailto") && !name.eq_ignore_ascii_case("smtp") {
            self.group = Some(name);
        }
        at + 1
    }

    fn end_mailbox(&mut self, at: usize) -> usize {
        let piece = std::mem::take(&mut self.piece);
        if let Some((name, address)) = person(&piece) {
            let group = self.group.clone();
            self.people.push(Person { name, address: Address::new(address), group });
        }
        at + 1
    }
}

/// Name and address of what stood between two commas.
fn person(piece: &Piece) -> Option<(String, String)> {
    let phrase = piece.phrase.trim();
    if let Some(angle) = &piece.angle {
        let name = if phrase.is_empty() { &piece.comment } else { phrase };
        return Some((readable_name(name), address(angle)?));
    }
    let name = readable_name(phrase);
    if !phrase.contains('@') && name.contains('@') {
        // The whole mailbox was put into encoded words.
        let (inner_name, rest) = name.rsplit_once('<').unwrap_or(("", &name));
        return Some((readable_name(inner_name.trim().trim_matches('"')), address(rest.split('>').next()?)?));
    }
    match phrase.split_whitespace().filter(|it| it.contains('@')).count() {
        // `Eva Ek eva@x`
        1 if phrase.contains(char::is_whitespace)
            && !phrase.starts_with('"')
            && !phrase.contains(" @")
            && !phrase.contains("@ ") =>
        {
            let written = phrase.split_whitespace().find(|it| it.contains('@'))?;
            Some((readable_name(&phrase.replacen(written, "", 1)), address(written)?))
        }
        0 if phrase.contains(char::is_whitespace) => None,
        _ => Some((readable_name(&piece.comment), address(phrase)?)),
    }
}

fn readable_name(text: &str) -> String {
    let name = one_line(&decoded(text));
    // Outlook puts the name into apostrophes when it knows no better.
    let bare = name.strip_prefix('\'').and_then(|it| it.strip_suffix('\'')).unwrap_or(&name);
    clipped(bare.trim(), LONGEST_NAME)
}

fn address(text: &str) -> Option<String> {
    let bare: String = text.chars().filter(|it| !it.is_whitespace() && !it.is_control()).collect();
    let bare = bare.trim_matches(['<', '>', '\'', '"', ',']).trim_start_matches("mailto:");
    // A quoted local part keeps its marks.
    let bare = if text.trim_start().starts_with('"') && bare.contains("\"@") {
        format!("\"{bare}")
    } else {
        bare.to_owned()
    };
    (!bare.is_empty() && bare.len() <= LONGEST_ADDRESS).then_some(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Written as `name <address> [group]`, separated by `|`.
    #[track_caller]
    fn check(raw: &[u8], expected: &str) {
        let show = |it: &Person| {
            let group = it.group.as_ref().map(|it| format!(" [{it}]")).unwrap_or_default();
            format!("{} <{}>{group}", it.name, it.address)
        };
        let people: Vec<String> = people([raw].into_iter(), 10_000).iter().map(show).collect();
        assert_eq!(people.join("|"), expected);
    }

    #[test]
    fn mailboxes_are_read_as_clients_write_them() {
        check(b"Eva Ek <eva@x.example>, bo@x.example", "Eva Ek <eva@x.example>| <bo@x.example>");
        check(b"\"Ek, Eva\" <eva@x>", "Ek, Eva <eva@x>");
        check(b"eva@x (Eva Ek)", "Eva Ek <eva@x>");
        check(b"=?utf-8?Q?Ek,_=C3=85sa?= <asa@x>", "Ek, Åsa <asa@x>");
        check(b"\"=?utf-8?Q?=C3=85sa?=\" <asa@x>", "Åsa <asa@x>");
        check(b"=?utf-8?Q?=C3?=\r\n =?utf-8?Q?=85sa?= <asa@x>", "Åsa <asa@x>");
        check(b"\xC5sa <asa@x>", "Åsa <asa@x>");
        check(b"eva @ x . example", " <eva@x.example>");
        check(b"'bo@x' <bo@x>", "bo@x <bo@x>");
        check(b"Eva Ek eva@x", "Eva Ek <eva@x>");
        check(b"<@a,@b:eva@x>", " <eva@x>");
        check(b"Eva <eva@x> Bo <bo@x>", "Eva <eva@x>|Bo <bo@x>");
        check(b"Eva <eva@x, Bo <bo@x>", "Eva <eva@x>|Bo <bo@x>");
        check(b"eva@x; bo@x;", " <eva@x>| <bo@x>");
        check(b"\"eva ek\"@x", " <\"evaek\"@x>");
        check(b"MAILER-DAEMON", " <MAILER-DAEMON>");
        check(b"=?utf-8?Q?Eva_Ek_=3Ceva=40x=3E?=", "Eva Ek <eva@x>");
        check(b"<<eva@x>>", " <eva@x>");
        check(b"mailto:eva@x", " <eva@x>");
    }

    #[test]
    fn groups_name_their_members() {
        check(b"Team: eva@x, Bo <bo@x>;, Cia <cia@x>", " <eva@x> [Team]|Bo <bo@x> [Team]|Cia <cia@x>");
        check(b"=?utf-8?Q?F=C3=B6rs=C3=A4ljning?=: eva@x;", " <eva@x> [Försäljning]");
        check(b"undisclosed-recipients:;", "");
        check(b"undisclosed-recipients: ;, ", "");
    }

    #[test]
    fn who_has_no_address_is_nobody() {
        check(b"Eva Ek", "");
        check(b"Eva Ek <>", "");
        check(b", ,;", "");
        check(b"\"unfinished <eva@x>", "\"unfinished <eva@x>");
        check(b"(unfinished eva@x", "(unfinished <eva@x>");
    }

    #[test]
    fn nothing_breaks_out_of_the_line() {
        check(b"=?utf-8?Q?Eva=0D=0ABcc:_x?= <eva\r\n @x\0>", "Eva Bcc: x <eva@x>");
    }
}
