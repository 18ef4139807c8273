//! HTML of strangers written again well nested and bounded. What comes
//! out cannot make a tree builder slow or deep; whether it is safe is decided afterwards (`html.rs`).

use super::tokens::{Place, Token, attributes, entity, tokens};
use domain::text::clipped;

/// Chrome stops at 512 levels.
const DEEPEST: usize = 200;
const MOST_TAGS: usize = 100_000;
const MOST_ATTRIBUTES: usize = 24;
const MOST_SPECIAL: usize = 500;

/// The tags that survive, by how they nest. Everything else loses its tag and keeps its text.
const BLOCKS: [&str; 28] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "details",
    "div",
    "dl",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "ul",
];
const INSIDE: [&str; 12] =
    ["caption", "col", "colgroup", "dd", "dt", "li", "tbody", "td", "tfoot", "th", "thead", "tr"];
const PHRASES: [&str; 30] = [
    "a", "abbr", "b", "bdi", "bdo", "big", "br", "cite", "code", "del", "dfn", "em", "font", "i", "img",
    "ins", "kbd", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u",
    "wbr",
];
const VOID: [&str; 5] = ["br", "col", "hr", "img", "wbr"];

/// The attributes that survive; their values are looked at afterwards.
pub(super) const ATTRIBUTES: [&str; 27] = [
    "align",
    "alt",
    "background",
    "bgcolor",
    "border",
    "cellpadding",
    "cellspacing",
    "color",
    "colspan",
    "dir",
    "face",
    "height",
    "href",
    "hspace",
    "lang",
    "nowrap",
    "reversed",
    "rowspan",
    "size",
    "span",
    "src",
    "start",
    "style",
    "title",
    "type",
    "valign",
    "vspace",
];
/// `width` is asked for most often, and first.
pub(super) const WIDTH: &str = "width";

pub(super) fn tags() -> impl Iterator<Item = &'static str> {
    BLOCKS.into_iter().chain(INSIDE).chain(PHRASES)
}

/// Tamed HTML of at most about `limit` bytes, and whether it had to be cut.
pub(super) fn tame(html: &str, limit: usize) -> (String, bool) {
    let mut writer = Writer {
        out: String::with_capacity(html.len().min(limit)),
        open: Vec::new(),
        too_deep: 0,
        special: 0,
    };
    let mut count = 0;
    let mut cut = false;
    for token in tokens(html) {
        if writer.out.len() >= limit || count >= MOST_TAGS {
            cut = true;
            break;
        }
        match token {
            Token::Text(text) => writer.text(text, limit),
            Token::Open(name, attributes) => {
                count += 1;
                writer.open(&name, attributes, limit);
            }
            Token::Close(name) => {
                count += 1;
                writer.close(&name);
            }
        }
    }
    while let Some(name) = writer.open.pop() {
        writer.close_tag(name);
    }
    (writer.out, cut)
}

struct Writer {
    out: String,
    /// The tags that are open in what has been written.
    open: Vec<&'static str>,
    /// Tags that were left out because of [`DEEPEST`], whose ends must be left out, too.
    too_deep: usize,
    /// How many special letters have been written since the text was divided.
    special: usize,
}

impl Writer {
    fn text(&mut self, text: &str, limit: usize) {
        self.written(text, limit, Place::Text);
    }

    /// Writes text with entities so that there is one way left to read it.
    fn written(&mut self, text: &str, limit: usize, place: Place) {
        let mut rest = text;
        while !rest.is_empty() && self.out.len() < limit {
            let room = limit - self.out.len();
            let length = rest.find(is_special).unwrap_or(rest.len());
            let plain = clipped(&rest[..length], room);
            self.out.push_str(&plain);
            rest = &rest[length..];
            let Some(letter) = rest.chars().next() else { break };
            let found = if letter == '&' { entity(rest, place) } else { None };
            let (letters, length) = found.unwrap_or_else(|| (letter.to_string(), letter.len_utf8()));
            for letter in letters.chars() {
                match letter {
                    '&' => self.out.push_str("&#38;"),
                    '<' => self.out.push_str("&#60;"),
                    '>' => self.out.push_str("&#62;"),
                    '"' => self.out.push_str("&#34;"),
                    '\0' => {}
                    _ => self.out.push(letter),
                }
            }
            rest = &rest[length..];
            self.divide(place);
        }
    }

    /// The serializer needs quadratic time for many special letters in one text (html5ever 0.40), so an invisible place
    /// to break the line divides them.
    fn divide(&mut self, place: Place) {
        self.special += 1;
        if place == Place::Text && self.special >= MOST_SPECIAL {
            self.out.push_str("<wbr>");
            self.special = 0;
        }
    }

    fn open(&mut self, name: &str, raw: &str, limit: usize) {
        // The body's background is worth keeping, its tag would get lost in a fragment.
        let Some(name) = known(if name == "body" { "div" } else { name }) else { return };
        self.end_implied(name);
        let is_void = VOID.contains(&name);
        if !is_void {
            if self.open.len() >= DEEPEST {
                self.too_deep += 1;
                return;
            }
            self.open.push(name);
        }
        self.out.extend(["<", name]);
        let mut seen: Vec<&str> = Vec::new();
        let list = attributes(raw);
        let has_src = list.iter().any(|it| it.0 == "src" && !it.1.trim().is_empty());
        for (attribute, value) in &list {
            // A picture that only comes in several sizes gets its first.
            let (attribute, value) = match attribute.as_str() {
                "srcset" if name == "img" && !has_src => {
                    ("src", value.split_ascii_whitespace().next().unwrap_or_default())
                }
                it => (it, *value),
            };
            let is_known = attribute == WIDTH || ATTRIBUTES.contains(&attribute);
            let is_plain =
                value.chars().filter(|it| is_special(*it)).take(MOST_SPECIAL).count() < MOST_SPECIAL;
            let has_room = self.out.len() + value.len() <= limit;
            if is_known && is_plain && has_room && seen.len() < MOST_ATTRIBUTES && !seen.contains(&attribute)
            {
                seen.push(attribute);
                self.out.extend([" ", attribute, "=\""]);
                self.written(value, usize::MAX, Place::Attribute);
                self.out.push('"');
            }
        }
        self.out.push('>');
    }

    /// Ends what HTML ends by itself at the start of this tag.
    fn end_implied(&mut self, name: &str) {
        match name {
            "li" => self.close_up_to(&["li"], &["ul", "ol", "td", "th", "table"]),
            "dt" | "dd" => self.close_up_to(&["dt", "dd"], &["dl", "td", "th", "table"]),
            "td" | "th" => self.close_up_to(&["td", "th"], &["table", "tr"]),
            "tr" => self.close_up_to(&["tr"], &["table"]),
            "tbody" | "thead" | "tfoot" | "caption" | "colgroup" => {
                self.close_up_to(&["tbody", "thead", "tfoot", "caption", "colgroup"], &["table"]);
            }
            "a" => self.close_up_to(&["a"], &["td", "th", "table"]),
            _ if BLOCKS.contains(&name) => self.close_up_to(&["p"], &["td", "th", "table", "caption"]),
            _ => {}
        }
    }

    /// Ends the innermost of `names` and all in it, unless one of `fences` is met first.
    fn close_up_to(&mut self, names: &[&str], fences: &[&str]) {
        for at in (0..self.open.len()).rev() {
            if names.contains(&self.open[at]) {
                return self.truncate(at);
            }
            if fences.contains(&self.open[at]) {
                return;
            }
        }
    }

    fn close(&mut self, name: &str) {
        let Some(name) = known(if name == "body" { "div" } else { name }) else { return };
        if VOID.contains(&name) {
            // Browsers read `</br>` as a break.
            if name == "br" {
                self.out.push_str("<br>");
            }
            return;
        }
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return;
        }
        // The end of something in a cell does not end the table around it.
        let fence = if INSIDE.contains(&name) || name == "table" { "table" } else { "td" };
        for at in (0..self.open.len()).rev() {
            if self.open[at] == name {
                return self.truncate(at);
            }
            if self.open[at] == fence || (fence == "td" && self.open[at] == "th") {
                return;
            }
        }
    }

    fn truncate(&mut self, length: usize) {
        while self.open.len() > length {
            if let Some(name) = self.open.pop() {
                self.close_tag(name);
            }
        }
    }

    fn close_tag(&mut self, name: &str) {
        self.out.extend(["</", name, ">"]);
    }
}

/// What is escaped, here or by the serializer, and the letters that begin with the same byte as a fixed space (0xC2).
fn is_special(letter: char) -> bool {
    matches!(letter, '&' | '<' | '>' | '"' | '\0' | '\u{80}'..='\u{BF}')
}

fn known(name: &str) -> Option<&'static str> {
    tags().find(|it| *it == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, expected: &str) {
        assert_eq!(tame(html, 10_000).0, expected);
    }

    #[test]
    fn tags_are_nested_as_browsers_would() {
        check("<p>a<p>b", "<p>a</p><p>b</p>");
        check("<b><i>x</b></i>", "<b><i>x</i></b>");
        check("<ul><li>a<li>b</ul>c", "<ul><li>a</li><li>b</li></ul>c");
        check(
            "<table><tr><td>a<td>b<tr><td>c</div></table>",
            "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
        );
        check("<td><table><tr><td>x</table></td>", "<td><table><tr><td>x</td></tr></table></td>");
    }

    #[test]
    fn what_says_nothing_is_left_out() {
        check("a<!-- <b> -->b<!doctype html><?x?>c<![endif]>d", "abcd");
        check("<script>if (a</b>) alert('</scr')</SCRIPT >x<style>y", "x");
        check("<o:p>a</o:p><form><input value=x>b</form>", "ab");
        check("1 < 2 <", "1 &#60; 2 &#60;");
    }

    #[test]
    fn attributes_are_read_and_written_properly() {
        check("<IMG SRC = 'a\"b' alt=c/d onerror=x src=again>", "<img src=\"a&#34;b\" alt=\"c/d\">");
        check("<img srcset='a.png 1x, b.png 2x'>", "<img src=\"a.png\">");
        check("<body bgcolor=red>x</body>", "<div bgcolor=\"red\">x</div>");
        check("<a href='>'>x</a><a href=\"unfinished>y", "<a href=\"&#62;\">x</a>");
        check("<p å=1 =x title>", "<p title=\"\"></p>");
    }

    #[test]
    fn entities_have_one_meaning() {
        check("&aring;&#228;&#xF6;&nbsp&#150;", "åäö\u{a0}–");
        check("&lt;b&gt; &amp;amp; & &bogus; &#0;&#7;x", "&#60;b&#62; &#38;amp; &#38; &#38;bogus; x");
        check("<a href='?a&copy=1&amp;b'>", "<a href=\"?a&#38;copy=1&#38;b\"></a>");
    }

    #[test]
    fn bombs_stay_small() {
        let (html, cut) = tame(&"<div>".repeat(500_000), 10_000_000);
        assert!(cut && html.len() < 200 * 11 + 10, "{}", html.len());
        let (html, _) = tame(&format!("<p {}>", "a=1 ".repeat(500_000)), 10_000_000);
        assert_eq!(html, "<p></p>");
        assert!(tame(&"x".repeat(500_000), 1_000).0.len() <= 1_000);
    }
}
