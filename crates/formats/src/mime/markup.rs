//! Plain text as HTML: paragraphs, quotations, links.

use super::html::SHOWN;

/// The HTML grows by this factor at most: mails of nothing but `<` exist.
const MOST_TEXT: usize = SHOWN / 4;
const DEEPEST_QUOTE: usize = 20;
const LONGEST_LINK: usize = 2_000;

/// Safe HTML of a plain text: an empty line ends a paragraph, `>` at the start of a line is a quotation, addresses with
/// `http://`, `https://` and `mailto:` become links. Of very long texts only the beginning (1 MiB) is shown.
pub fn text_to_html(text: &str) -> String {
    let text = domain::text::clipped(text, MOST_TEXT);
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut depth = 0;
    let mut in_paragraph = false;
    for line in text.lines() {
        let (line_depth, content) = quoted(line);
        let ends = in_paragraph && (line_depth != depth || content.trim().is_empty());
        if ends {
            out.push_str("</p>");
            in_paragraph = false;
        }
        while depth < line_depth {
            out.push_str("<blockquote>");
            depth += 1;
        }
        while depth > line_depth {
            out.push_str("</blockquote>");
            depth -= 1;
        }
        if !content.trim().is_empty() {
            out.push_str(if in_paragraph { "<br>" } else { "<p>" });
            in_paragraph = true;
            write_line(content, &mut out);
        }
    }
    if in_paragraph {
        out.push_str("</p>");
    }
    (0..depth).for_each(|_| out.push_str("</blockquote>"));
    out
}

/// How deep a line is quoted, and what it says: `> > a` and `>> a` are the same.
pub(super) fn quoted(line: &str) -> (usize, &str) {
    let mut depth = 0;
    let mut rest = line;
    while let Some(inner) = rest.strip_prefix('>') {
        rest = inner.strip_prefix(' ').unwrap_or(inner);
        depth += 1;
    }
    (depth.min(DEEPEST_QUOTE), rest)
}

fn write_line(line: &str, out: &mut String) {
    let indent = line.len() - line.trim_start_matches(' ').len();
    (0..indent.min(40)).for_each(|_| out.push_str("&nbsp;"));
    let mut rest = &line[indent..];
    while let Some((start, length)) = link(rest) {
        let url = &rest[start..start + length];
        out.push_str(&escaped(&rest[..start]));
        let safe = escaped(url);
        out.extend(["<a href=\"", &safe, "\" target=\"_blank\" rel=\"noopener noreferrer\">", &safe, "</a>"]);
        rest = &rest[start + length..];
    }
    out.push_str(&escaped(rest));
}

/// Where the first link starts and how long it is; punctuation behind it is not part of it.
fn link(text: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    while let Some(colon) = text[from..].find(':').map(|it| from + it) {
        from = colon + 1;
        let after = &text[colon..];
        let scheme = ["https", "http", "mailto"].into_iter().find(|it| text[..colon].ends_with(it));
        let Some(scheme) = scheme.filter(|it| *it == "mailto" || after.starts_with("://")) else { continue };
        let start = colon - scheme.len();
        if text[..start].chars().next_back().is_some_and(char::is_alphanumeric) {
            continue;
        }
        let end =
            text[start..].find(|it: char| it.is_whitespace() || it.is_control() || "<>\"`".contains(it));
        let end = end.map_or(text.len(), |it| start + it);
        let url = if end - start <= LONGEST_LINK { without_punctuation(&text[start..end]) } else { "" };
        let target = url.get(scheme.len() + 1..).unwrap_or_default().trim_start_matches('/');
        if !target.is_empty() {
            return Some((start, url.len()));
        }
        // No second look at this word: time stays linear.
        from = end.max(from);
    }
    None
}

fn without_punctuation(mut url: &str) -> &str {
    while let Some(last) = url.chars().next_back() {
        let is_loose = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' => true,
            // A bracket belongs to the link when it was opened there.
            ')' => !url.contains('('),
            ']' => !url.contains('['),
            _ => false,
        };
        if !is_loose {
            break;
        }
        url = &url[..url.len() - last.len_utf8()];
    }
    url
}

/// For text and for values in quotation marks.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\0' => {}
            _ => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(text_to_html(text), expected);
    }

    #[test]
    fn paragraphs_and_quotations_become_visible() {
        check("Hej!\nRad två\n\nHälsningar", "<p>Hej!<br>Rad två</p><p>Hälsningar</p>");
        check(
            "Ja\n> Kommer du?\n>> Nja\n",
            "<p>Ja</p><blockquote><p>Kommer du?</p><blockquote><p>Nja</p></blockquote></blockquote>",
        );
        check("", "");
    }

    #[test]
    fn only_web_and_mail_addresses_become_links() {
        let link =
            |url: &str| format!("<a href=\"{url}\" target=\"_blank\" rel=\"noopener noreferrer\">{url}</a>");
        check(
            "See https://x.example/a?b=1&c.",
            &format!("<p>See {}.</p>", link("https://x.example/a?b=1&amp;c")),
        );
        check("(http://x/(y))", &format!("<p>({}</p>", link("http://x/(y))")));
        check("<mailto:eva@x>", &format!("<p>&lt;{}&gt;</p>", link("mailto:eva@x")));
        check(
            "javascript:alert(1) ftp://x xhttps://y https:// a: b",
            "<p>javascript:alert(1) ftp://x xhttps://y https:// a: b</p>",
        );
    }

    #[test]
    fn markup_in_text_stays_text() {
        check("<script>'\"&", "<p>&lt;script&gt;&#39;&quot;&amp;</p>");
        check("http://x\"onclick=y", &text_to_html("http://x\"onclick=y"));
        assert!(!text_to_html("http://x\"onclick=y").contains("\"onclick"));
    }

    #[test]
    fn a_million_quotation_marks_are_no_tower() {
        assert!(text_to_html(&">".repeat(1_000_000)).len() < 1_000);
    }
}
