//! Inline styles: which declarations may stay, and where pictures hide in them.

/// What changes how a newsletter looks, and cannot leave its place or load anything but pictures.
const PROPERTIES: [&str; 61] = [
    "background",
    "background-color",
    "background-image",
    "background-position",
    "background-repeat",
    "background-size",
    "border",
    "border-bottom",
    "border-bottom-color",
    "border-bottom-style",
    "border-bottom-width",
    "border-collapse",
    "border-color",
    "border-left",
    "border-left-color",
    "border-left-style",
    "border-left-width",
    "border-radius",
    "border-right",
    "border-right-color",
    "border-right-style",
    "border-right-width",
    "border-spacing",
    "border-style",
    "border-top",
    "border-top-color",
    "border-top-style",
    "border-top-width",
    "border-width",
    "clear",
    "color",
    "direction",
    "display",
    "float",
    "font",
    "font-family",
    "font-size",
    "font-style",
    "font-weight",
    "height",
    "letter-spacing",
    "line-height",
    "list-style-type",
    "max-height",
    "max-width",
    "min-height",
    "min-width",
    "opacity",
    "overflow",
    "table-layout",
    "text-align",
    "text-decoration",
    "text-indent",
    "text-transform",
    "vertical-align",
    "visibility",
    "white-space",
    "width",
    "word-break",
    "word-spacing",
    "word-wrap",
];
const BOXES: [&str; 10] = [
    "margin",
    "margin-bottom",
    "margin-left",
    "margin-right",
    "margin-top",
    "padding",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
];
const FUNCTIONS: [&str; 6] = ["rgb", "rgba", "hsl", "hsla", "calc", "url"];
const LONGEST_VALUE: usize = 1_000;

/// The declarations that may stay. `picture` decides about each `url(…)`; one it refuses takes only itself along.
pub(super) fn clean(style: &str, picture: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    for declaration in declarations(style) {
        let Some((name, value)) = declaration.split_once(':') else { continue };
        let name = name.trim().to_ascii_lowercase();
        let is_known = PROPERTIES.contains(&name.as_str()) || BOXES.contains(&name.as_str());
        let Some(value) = value_of(value.trim(), picture).filter(|it| is_known && !it.is_empty()) else {
            continue;
        };
        if value.contains("url(") && !name.starts_with("background") {
            continue;
        }
        out.extend([name.as_str(), ":", &value, ";"]);
    }
    out
}

/// Split at semicolons outside of brackets and quotation marks.
fn declarations(style: &str) -> Vec<&str> {
    let mut list = Vec::new();
    let (mut start, mut depth, mut quote) = (0, 0u32, None);
    for (at, letter) in style.char_indices() {
        match (letter, quote) {
            (it, Some(open)) if it == open => quote = None,
            ('"' | '\'', None) => quote = Some(letter),
            ('(', None) => depth += 1,
            (')', None) => depth = depth.saturating_sub(1),
            (';', None) if depth == 0 => {
                list.push(&style[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    list.push(&style[start..]);
    list
}

/// `None` for a value with anything in it that CSS could read in another way than we do.
fn value_of(value: &str, picture: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let lower = value.to_ascii_lowercase();
    let mut out = String::new();
    let mut at = 0;
    // `to_ascii_lowercase` keeps every byte in its place.
    while let Some(found) = lower[at..].find("url(").map(|it| at + it) {
        out.push_str(&value[at..found]);
        let inner = &value[found + 4..];
        let (url, length) = url_in(inner)?;
        if let Some(url) = picture(url) {
            out.extend(["url(\"", &encoded(&url), "\")"]);
        }
        at = found + 4 + length;
    }
    out.push_str(&value[at..]);
    let out = out.trim().to_owned();
    is_plain(&out).then_some(out)
}

/// The address in `url(…)` and the length up to behind the bracket.
fn url_in(inner: &str) -> Option<(&str, usize)> {
    let trimmed = inner.trim_start();
    let from = inner.len() - trimmed.len();
    let quote = trimmed.chars().next().filter(|it| matches!(it, '"' | '\''));
    let Some(quote) = quote else {
        let end = inner.find(')')?;
        return Some((inner[..end].trim(), end + 1));
    };
    let end = from + 1 + trimmed[1..].find(quote)?;
    let close = end + 1 + inner[end + 1..].find(')')?;
    inner[end + 1..close].trim().is_empty().then(|| (&inner[from + 1..end], close + 1))
}

/// Nothing in the address can end the string or the bracket around it.
fn encoded(url: &str) -> String {
    let mut out = String::new();
    for byte in url.bytes() {
        match byte {
            b'"'
            | b'\''
            | b'('
            | b')'
            | b'\\'
            | b'<'
            | b'>'
            | b'{'
            | b'}'
            | b'*'
            | b'@'
            | 0..=b' '
            | 127.. => {
                let digit =
                    |it: u8| char::from_digit(u32::from(it), 16).map_or('0', |it| it.to_ascii_uppercase());
                out.extend(['%', digit(byte >> 4), digit(byte & 15)]);
            }
            _ => out.push(char::from(byte)),
        }
    }
    out
}

fn is_plain(value: &str) -> bool {
    let is_letter = |it: char| it.is_alphanumeric() || " #%.,()'\"!+-/:_?&=~;".contains(it);
    let (mut depth, mut quote) = (0i32, None);
    for (at, letter) in value.char_indices() {
        match (letter, quote) {
            (it, Some(open)) if it == open => quote = None,
            ('"' | '\'', None) => quote = Some(letter),
            ('(', None) => {
                depth += 1;
                let before = value[..at]
                    .rsplit(|it: char| !it.is_ascii_alphanumeric() && it != '-')
                    .next()
                    .unwrap_or_default();
                if !before.is_empty() && !FUNCTIONS.contains(&before.to_ascii_lowercase().as_str()) {
                    return false;
                }
            }
            (')', None) => depth -= 1,
            (';' | ':', None) => return false,
            _ => {}
        }
        if depth < 0 {
            return false;
        }
    }
    let is_ended = depth == 0 && quote.is_none();
    is_ended && value.len() <= LONGEST_VALUE && value.chars().all(is_letter) && !value.contains("/*")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(style: &str, expected: &str) {
        let picture = |url: &str| url.starts_with("https:").then(|| url.to_owned());
        assert_eq!(clean(style, &picture), expected);
    }

    #[test]
    fn harmless_declarations_stay() {
        check("COLOR: #fff; font-family:'Åsa Sans', serif", "color:#fff;font-family:'Åsa Sans', serif;");
        check(
            "width:calc(100% - 2px)!important;color:rgb(1,2,3)",
            "width:calc(100% - 2px)!important;color:rgb(1,2,3);",
        );
        check("mso-hide:all;;color", "");
    }

    #[test]
    fn pictures_are_asked_about() {
        check(
            "background: red url( 'https://x/a(b).png' ) top",
            "background:red url(\"https://x/a%28b%29.png\") top;",
        );
        check("background:red URL(http://x/a.png)", "background:red;");
        check("background-image:url(http://x/a.png)", "");
        check("color:url(https://x/a.png)", "");
    }

    #[test]
    fn what_could_be_read_in_another_way_goes() {
        for style in [
            "width:expression(alert(1))",
            "color:\\72 ed",
            "color:red/**/",
            "color:red}body{color:blue",
            "background:url(https://x",
            "background:image-set('a.png' 1x)",
            "color:'",
            "behavior:url(#x)",
            "position:fixed",
            "background:url('a'b'c')",
        ] {
            check(style, "");
        }
    }
}
