//! HTML of strangers made safe to show in a sandboxed frame: tamed (`tame.rs`), then sanitized by a list of what may
//! stay, then its own pictures put in.

use super::params::percent_bytes;
use super::{style, tame};
use ammonia::{Builder, UrlRelative};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What is shown of a body, in bytes; few people scroll further.
pub(super) const SHOWN: usize = 4 * 1024 * 1024;

/// Whether pictures may be fetched from the sender's servers, which tells them who read the message and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Images {
    Blocked,
    Allowed,
}

/// HTML that is safe to show in a sandboxed frame.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SafeHtml {
    /// A fragment: no `html`, `head` or `body`.
    pub html: String,
    /// How many pictures of foreign servers were left out.
    pub blocked_images: usize,
    /// The body was too long to show all of it.
    pub cut: bool,
}

/// Makes HTML safe. No script, form, frame, style sheet, class or id stays; inline styles, tables and links do; links
/// open elsewhere and tell nothing about us. `cid` gives the URL of the attachment with that Content-ID, if there is one.
pub fn safe_html(html: &str, images: Images, cid: &dyn Fn(&str) -> Option<String>) -> SafeHtml {
    let (tamed, cut) = tame::tame(html, SHOWN);
    let blocked = Arc::new(AtomicUsize::new(0));
    let guard = Guard { images, blocked: Arc::clone(&blocked) };
    let html = Builder::empty()
        .tags(tame::tags().collect())
        .clean_content_tags(HashSet::from(["script", "style"]))
        .generic_attributes(tame::ATTRIBUTES.into_iter().chain([tame::WIDTH]).collect())
        .tag_attributes(HashMap::new())
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "cid", "data"]))
        // Relative addresses must reach the guard, which refuses them: they would mean our own server.
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer"))
        .set_tag_attribute_value("a", "target", "_blank")
        .attribute_filter(move |tag, attribute, value| guard.allowed(tag, attribute, value))
        .clean(&tamed)
        .to_string();
    SafeHtml { html: with_own_pictures(&html, cid), blocked_images: blocked.load(Ordering::Relaxed), cut }
}

/// Looks at every attribute that is left, its entities decoded.
struct Guard {
    images: Images,
    blocked: Arc<AtomicUsize>,
}

impl Guard {
    fn allowed<'a>(&self, tag: &str, attribute: &str, value: &'a str) -> Option<Cow<'a, str>> {
        match (tag, attribute) {
            ("a", "href") => is_link(value).then_some(Cow::Borrowed(value)),
            ("img", "src") | ("table" | "td" | "th" | "tr" | "div", "background") => {
                self.picture(value).map(Cow::Owned)
            }
            (_, "href" | "src" | "background") => None,
            (_, "style") => {
                // A picture of our own would have to be put in later: only foreign ones are possible in a style.
                let picture = |url: &str| self.picture(url).filter(|it| it.starts_with("http"));
                let style = style::clean(value, &picture);
                (!style.is_empty()).then_some(Cow::Owned(style))
            }
            _ => Some(Cow::Borrowed(value)),
        }
    }

    fn picture(&self, url: &str) -> Option<String> {
        let url = without_spaces(url);
        let lower = url.to_ascii_lowercase();
        if let Some(host) = lower.starts_with("//").then(|| &url[2..]) {
            return self.foreign(format!("https://{host}"));
        }
        if lower.starts_with("http://") || lower.starts_with("https://") {
            return self.foreign(url);
        }
        let kinds = ["png", "jpeg", "jpg", "gif", "webp", "bmp"];
        let kind = lower.strip_prefix("data:image/").and_then(|it| it.split([';', ',']).next());
        let is_own = lower.starts_with("cid:") || kind.is_some_and(|it| kinds.contains(&it));
        is_own.then_some(url)
    }

    fn foreign(&self, url: String) -> Option<String> {
        match self.images {
            Images::Allowed => Some(url),
            Images::Blocked => {
                self.blocked.fetch_add(1, Ordering::Relaxed);
                None
            }
        }
    }
}

fn is_link(url: &str) -> bool {
    let lower = without_spaces(url).to_ascii_lowercase();
    ["http://", "https://", "mailto:", "tel:"].iter().any(|it| lower.starts_with(it))
}

/// Browsers ignore tabs and line ends in addresses (WHATWG URL 4.4).
fn without_spaces(url: &str) -> String {
    url.trim().chars().filter(|it| !it.is_control()).collect()
}

/// Puts the URLs of attachments in the place of `cid:` links. It relies on the serializer, which escapes `<`, `>` and
/// quotation marks wherever they are not its own.
fn with_own_pictures(html: &str, cid: &dyn Fn(&str) -> Option<String>) -> String {
    if !html.contains("=\"cid:") && !html.contains("=\"CID:") {
        return html.to_owned();
    }
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        out.push_str(&rest[..start]);
        let end = rest[start..].find('>').map_or(rest.len(), |at| start + at + 1);
        tag_with_own_pictures(&rest[start..end], cid, &mut out);
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

fn tag_with_own_pictures(tag: &str, cid: &dyn Fn(&str) -> Option<String>, out: &mut String) {
    let mut rest = tag;
    while let Some((at, name)) =
        ["src", "background"].iter().filter_map(|name| Some((own_picture_at(rest, name)?, name))).min()
    {
        out.push_str(&rest[..at]);
        let value_start = at + name.len() + 3;
        let value_end = rest[value_start..].find('"').map_or(rest.len(), |it| value_start + it);
        let written = unescaped(&rest[value_start + "cid:".len()..value_end]);
        let id = String::from_utf8_lossy(&percent_bytes(&written)).into_owned();
        // RFC 2392 2 escapes the id; not everybody does.
        if let Some(url) = cid(&id).or_else(|| cid(&written)) {
            out.extend([" ", name, "=\"", &super::markup::escaped(&url), "\""]);
        }
        rest = rest.get(value_end + 1..).unwrap_or_default();
    }
    out.push_str(rest);
}

/// Where ` src="cid:` starts.
fn own_picture_at(tag: &str, attribute: &str) -> Option<usize> {
    ["cid:", "CID:"].iter().filter_map(|scheme| tag.find(&format!(" {attribute}=\"{scheme}"))).min()
}

fn unescaped(value: &str) -> String {
    value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, images: Images, expected: &str, blocked: usize) {
        let cid = |id: &str| (id == "logo@x").then(|| "/mail/7/logo?a=1&b=2".to_owned());
        let safe = safe_html(html, images, &cid);
        assert_eq!((safe.html.as_str(), safe.blocked_images), (expected, blocked));
    }

    #[test]
    fn links_open_elsewhere_and_tell_nothing() {
        check(
            "<a href='https://x/?a&amp;b' target=_top rel=opener>x</a>",
            Images::Blocked,
            "<a href=\"https://x/?a&amp;b\" target=\"_blank\" rel=\"noopener noreferrer\">x</a>",
            0,
        );
        check(
            "<a href=/logout>x</a>",
            Images::Allowed,
            "<a rel=\"noopener noreferrer\" target=\"_blank\">x</a>",
            0,
        );
    }

    #[test]
    fn foreign_pictures_are_held_back_and_counted() {
        let html = "<img src=https://x/a.png alt=A><td background=//x/b.png style='background:red url(http://x/c.png)'>\
                    <img srcset='http://x/d.png 2x'>";
        check(html, Images::Blocked, "<img alt=\"A\"><img>", 2);
        let html = format!("<table><tr>{html}</table>");
        check(
            &html,
            Images::Blocked,
            "<img alt=\"A\"><table><tbody><tr><td style=\"background:red;\"><img></td></tr></tbody></table>",
            4,
        );
        check("<img src=//x/a.png>", Images::Allowed, "<img src=\"https://x/a.png\">", 0);
        check("<img src=/logout>", Images::Allowed, "<img>", 0);
    }

    #[test]
    fn own_pictures_are_put_in() {
        check("<img src='cid:logo@x'>", Images::Blocked, "<img src=\"/mail/7/logo?a=1&amp;b=2\">", 0);
        check(
            "<img alt=a src='CID:logo%40x' width=1>",
            Images::Blocked,
            "<img alt=\"a\" src=\"/mail/7/logo?a=1&amp;b=2\" width=\"1\">",
            0,
        );
        check("<img src='cid:other'> src=\"cid:logo@x\"", Images::Blocked, "<img> src=\"cid:logo@x\"", 0);
        check(
            "<img src='data:image/png;base64,AA=='>",
            Images::Blocked,
            "<img src=\"data:image/png;base64,AA==\">",
            0,
        );
    }
}
