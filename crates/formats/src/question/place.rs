//! The place where a page ended, as text that clients carry back: a skip token of OData, a paging cookie of FetchXML.

use super::{BadQuery, bad};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::ask::Place;
use domain::id::Guid;
use domain::record::Value;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(rename = "v")]
    values: Vec<Value>,
    #[serde(rename = "i")]
    id: Guid,
}

/// The place as letters, digits, `-` and `_`: fit for a URL and an XML attribute.
pub fn token(place: &Place) -> String {
    let written = Written { values: place.values.clone(), id: place.id };
    // Nothing in it can fail to be written; if it did, the client would be told that the link is broken.
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(&written).unwrap_or_default())
}

/// Refuses what is not ours. Whether the place belongs to the question is seen when it is asked.
pub fn read_token(text: &str) -> Result<Place, BadQuery> {
    let bytes = URL_SAFE_NO_PAD.decode(text.trim()).ok();
    let written: Option<Written> = bytes.and_then(|it| serde_json::from_slice(&it).ok());
    match written {
        Some(Written { values, id }) => Ok(Place { values, id }),
        None => bad("The link to this page was changed on its way: ask again from the first page."),
    }
}

/// The value of `@Microsoft.Dynamics.CRM.fetchxmlpagingcookie` behind page `page`: a cookie around a cookie, whose text is
/// percent-encoded twice, as the clients expect it.
pub fn cookie(page: u32, place: &Place) -> String {
    let inner = format!("<cookie page=\"{page}\"><place last=\"{}\" /></cookie>", token(place));
    let next = page.saturating_add(1);
    format!(
        "<cookie pagenumber=\"{next}\" pagingcookie=\"{}\" istracking=\"False\" />",
        encoded(&encoded(&inner))
    )
}

/// What a client sends back as `paging-cookie`: the inner cookie decoded, or the whole of it as it came.
pub fn read_cookie(text: &str) -> Result<Place, BadQuery> {
    let mut text = text.to_owned();
    for _ in 0..3 {
        if !text.contains('%') {
            break;
        }
        text = decoded(&text);
    }
    let last = text.split_once("<place last=\"").and_then(|it| it.1.split_once('"'));
    match last {
        Some((token, _)) => read_token(token),
        None => bad("The paging cookie is not one of ours: ask for the first page without a cookie."),
    }
}

/// As JavaScript's `encodeURIComponent`, with small digits as Dataverse writes them.
fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let digit = |it: u8| char::from(b"0123456789abcdef"[usize::from(it)]);
            out.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    out
}

/// What is no percent-encoding stays.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|it| char::from(*it).to_digit(16));
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let byte = match (bytes[at], digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => u8::try_from(high * 16 + low).ok(),
            _ => None,
        };
        out.push(byte.unwrap_or(bytes[at]));
        at += if byte.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Place {
        Place { values: vec!["Åsa & \"Bo\"".into()], id: Guid::NIL }
    }

    #[test]
    fn a_token_survives_its_journey() {
        let text = token(&place());
        assert!(text.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_".contains(&it)), "{text}");
        assert_eq!(read_token(&text), Ok(place()));
    }

    #[test]
    fn a_changed_token_is_refused() {
        let text = token(&place());
        for bad in ["", "x", "%%%", &text[1..], &text[..text.len() - 3], "bnVsbA", "W10"] {
            let refused = read_token(bad).unwrap_err().to_string();
            assert!(refused.starts_with("The link to this page"), "{bad}: {refused}");
        }
    }

    #[test]
    fn the_clients_carry_the_cookie_back() {
        let cookie = cookie(1, &place());
        assert!(cookie.starts_with(
            "<cookie pagenumber=\"2\" pagingcookie=\"%253ccookie%2520page%253d%25221%2522%253e"
        ));
        assert!(cookie.ends_with("%253c%252fcookie%253e\" istracking=\"False\" />"));
        let inner = cookie.split('"').nth(3).unwrap();
        for sent in [&decoded(&decoded(inner)), &cookie, &decoded(inner)] {
            assert_eq!(read_cookie(sent), Ok(place()), "{sent}");
        }
        assert!(read_cookie("<cookie page='1'>").is_err());
    }
}
