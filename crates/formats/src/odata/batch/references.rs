//! `$1` in a later request stands for what the request with the Content-ID 1 has made.

use std::borrow::Cow;

/// Replaces the `$1` that begins a URL: `$1/contact_customer_accounts`, also behind a slash or the whole service root.
/// `known` tells what a Content-ID has come to, such as `accounts(01902d3c-…)`; what it does not know stays.
pub fn follow_in_url<'a>(url: &'a str, known: &dyn Fn(&str) -> Option<String>) -> Cow<'a, str> {
    let path_end = url.find(['?', '#']).unwrap_or(url.len());
    // The reference is the first segment that begins with a dollar sign; only a root can stand before it.
    let begin = if url.starts_with('$') { Some(0) } else { url[..path_end].find("/$").map(|it| it + 1) };
    let Some(begin) = begin else { return Cow::Borrowed(url) };
    let is_root = matches!(&url[..begin], "" | "/") || url[..begin].contains("/api/data/");
    let behind = &url[begin + 1..];
    let end = behind.find(['/', '?', '#', '(']).unwrap_or(behind.len());
    match known(&behind[..end]).filter(|_| is_root) {
        Some(found) => {
            // What is made is named from the service root or absolutely: a slash of our own would lead elsewhere.
            let root = if url[..begin] == *"/" || found.contains("://") { "" } else { &url[..begin] };
            Cow::Owned(format!("{root}{found}{}", &behind[end..]))
        }
        None => Cow::Borrowed(url),
    }
}

/// Replaces `"$1"` in the values of `…@odata.bind` and `@odata.id` anywhere in a JSON body, and nothing else: all other
/// bytes stay. A body that is no JSON comes back as it is or nearly so; its reader will refuse it.
pub fn follow_in_body<'a>(body: &'a [u8], known: &dyn Fn(&str) -> Option<String>) -> Cow<'a, [u8]> {
    let Ok(text) = std::str::from_utf8(body) else { return Cow::Borrowed(body) };
    if !text.contains('$') {
        return Cow::Borrowed(body);
    }
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    let mut is_reference = false;
    while let Some(begin) = text[at..].find('"').map(|it| at + it + 1) {
        let Some(end) = closing_quote(text, begin) else { break };
        let inside = &text[begin..end];
        at = end + 1;
        if text[at..].trim_start().starts_with(':') {
            is_reference = inside.ends_with("@odata.bind") || inside.ends_with("@odata.id");
        } else if is_reference && let Cow::Owned(followed) = follow_in_url(inside, known) {
            out.push_str(&text[copied..begin]);
            out.push_str(&followed.replace(['"', '\\'], ""));
            copied = end;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(body);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out.into_bytes())
}

/// Where a JSON text ends that begins here, behind its opening quote.
fn closing_quote(text: &str, begin: usize) -> Option<usize> {
    let mut escaped = false;
    let length = text[begin..].bytes().position(|it| {
        let closes = it == b'"' && !escaped;
        escaped = it == b'\\' && !escaped;
        closes
    })?;
    Some(begin + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(id: &str) -> Option<String> {
        match id {
            "1" => Some("accounts(0190)".to_owned()),
            "new" => Some("https://crm.example/api/data/v9.2/contacts(0191)".to_owned()),
            _ => None,
        }
    }

    #[track_caller]
    fn check_url(url: &str, expected: &str) {
        assert_eq!(follow_in_url(url, &known), expected);
    }

    #[track_caller]
    fn check_body(body: &str, expected: &str) {
        assert_eq!(String::from_utf8_lossy(&follow_in_body(body.as_bytes(), &known)), expected);
    }

    #[test]
    fn a_url_may_begin_with_what_was_made_before() {
        check_url("$1", "accounts(0190)");
        check_url("/$1/contact_customer_accounts/$ref", "accounts(0190)/contact_customer_accounts/$ref");
        check_url("$1?$select=name", "accounts(0190)?$select=name");
        check_url("/api/data/v9.2/$1/name", "/api/data/v9.2/accounts(0190)/name");
        check_url("https://crm.example/api/data/v9.2/$1", "https://crm.example/api/data/v9.2/accounts(0190)");
        check_url("$new/name", "https://crm.example/api/data/v9.2/contacts(0191)/name");
    }

    #[test]
    fn all_else_in_a_url_stays() {
        for url in
            ["$2", "$11", "accounts", "accounts/$count", "accounts/$1", "a?x=/$1", "$metadata", "", "$"]
        {
            check_url(url, url);
        }
    }

    #[test]
    fn a_body_binds_to_what_was_made_before() {
        check_body(
            r#"{"name":"$1", "primarycontactid@odata.bind" : "$1", "n":1.10000000000000000001}"#,
            r#"{"name":"$1", "primarycontactid@odata.bind" : "accounts(0190)", "n":1.10000000000000000001}"#,
        );
        check_body(r#"{"@odata.id":"$1"}"#, r#"{"@odata.id":"accounts(0190)"}"#);
        check_body(
            r#"{"x@odata.bind":["$1","/$1","$2"],"a":{"y@odata.bind":"$1"}}"#,
            r#"{"x@odata.bind":["accounts(0190)","accounts(0190)","$2"],"a":{"y@odata.bind":"accounts(0190)"}}"#,
        );
    }

    #[test]
    fn all_else_in_a_body_stays() {
        for body in [
            "",
            "$",
            r#"{"a":"x@odata.bind\":\"$1"}"#,
            r#"{"a":"x@odata.bind","b":"$1"}"#,
            r#"{"a@odata.bind":"$1"#,
        ] {
            check_body(body, body);
        }
    }
}
