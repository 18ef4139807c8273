//! The place where a page ended, as text that clients carry back: a skip token of OData, a paging cookie of FetchXML.

use super::{BadQuery, MOST_ROWS, bad};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::ask::{Ask, Place};
use domain::id::Guid;
use domain::record::Value;
use serde::{Deserialize, Serialize};

/// Where to go on.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    /// `None`: by the number of rows to leave out, as totals are paged.
    pub place: Option<Place>,
    pub skip: u32,
    /// How many rows are still wanted in all.
    pub left: Option<u64>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default, rename = "v", skip_serializing_if = "Vec::is_empty")]
    values: Vec<Value>,
    #[serde(default, rename = "i", skip_serializing_if = "Option::is_none")]
    id: Option<Guid>,
    #[serde(rename = "s")]
    skip: u32,
    #[serde(default, rename = "n", skip_serializing_if = "Option::is_none")]
    left: Option<u64>,
}

impl Token {
    pub fn of(place: Place) -> Token {
        Token { place: Some(place), skip: 0, left: None }
    }

    /// Letters, digits, `-` and `_` only: fit for a URL and an XML attribute.
    pub fn written(&self) -> String {
        let (values, id) = self.place.clone().map_or((vec![], None), |it| (it.values, Some(it.id)));
        let written = Written { values, id, skip: self.skip, left: self.left };
        // Nothing in it can fail to be written; if it did, the client would begin anew.
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&written).unwrap_or_default())
    }

    /// Refuses what is not ours, or is not about this question.
    pub fn read(text: &str, ask: &Ask) -> Result<Token, BadQuery> {
        let bytes = URL_SAFE_NO_PAD.decode(text.trim()).ok();
        let written: Option<Written> = bytes.and_then(|it| serde_json::from_slice(&it).ok());
        let fits = |it: &Written| match it.id {
            Some(_) => it.values.len() == ask.order.len(),
            None => it.values.is_empty() && it.skip <= Ask::FARTHEST,
        };
        match written.filter(fits) {
            Some(it) => Ok(Token {
                place: it.id.map(|id| Place { values: it.values, id }),
                skip: it.skip,
                left: it.left,
            }),
            None => bad(
                "The link to this page was changed, or belongs to another question: ask again from the first page.",
            ),
        }
    }

    /// Lets the question go on there.
    pub fn put_into(self, ask: &mut Ask) {
        ask.after = self.place;
        ask.skip = ask.skip.max(self.skip);
        if let Some(left) = self.left {
            ask.limit = ask.limit.min(u32::try_from(left).unwrap_or(MOST_ROWS));
        }
    }
}

/// The value of `@Microsoft.Dynamics.CRM.fetchxmlpagingcookie` behind page `page`: a cookie around a cookie, whose text is
/// percent-encoded twice, as the clients expect it.
pub fn cookie(page: u32, token: &Token) -> String {
    let inner = format!("<cookie page=\"{page}\"><place last=\"{}\" /></cookie>", token.written());
    let next = page.saturating_add(1);
    format!(
        "<cookie pagenumber=\"{next}\" pagingcookie=\"{}\" istracking=\"False\" />",
        encoded(&encoded(&inner))
    )
}

/// What a client sends back as `paging-cookie`: the inner cookie decoded, or the whole of it as it came.
pub fn read_cookie(text: &str, ask: &Ask) -> Result<Token, BadQuery> {
    let mut text = text.to_owned();
    for _ in 0..3 {
        if !text.contains('%') {
            break;
        }
        text = decoded(&text);
    }
    let last = text.split_once("<place last=\"").and_then(|it| it.1.split_once('"'));
    match last {
        Some((token, _)) => Token::read(token, ask),
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

    fn token() -> Token {
        Token::of(Place { values: vec!["Åsa & \"Bo\"".into()], id: Guid::NIL })
    }

    fn ordered() -> Ask {
        let mut ask = Ask::of("contact");
        let direction = domain::filter::Direction::Ascending;
        ask.order.push(domain::ask::Sort { alias: "t".into(), column: "lastname".into(), direction });
        ask
    }

    #[test]
    fn a_token_survives_its_journey() {
        let token = Token { left: Some(7), ..token() };
        let text = token.written();
        assert!(text.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_".contains(&it)), "{text}");
        assert_eq!(Token::read(&text, &ordered()), Ok(token));
    }

    #[test]
    fn a_changed_token_is_refused() {
        let text = token().written();
        for bad in ["", "x", "%%%", &text[1..], &text[..text.len() - 3], "bnVsbA", "W10"] {
            assert!(Token::read(bad, &ordered()).is_err(), "{bad}");
        }
        let other = Token::read(&text, &Ask::of("contact")).unwrap_err();
        assert!(other.to_string().starts_with("The link to this page"));
    }

    #[test]
    fn the_clients_carry_the_cookie_back() {
        let cookie = cookie(1, &token());
        assert!(cookie.starts_with(
            "<cookie pagenumber=\"2\" pagingcookie=\"%253ccookie%2520page%253d%25221%2522%253e"
        ));
        assert!(cookie.ends_with("%253c%252fcookie%253e\" istracking=\"False\" />"));
        let inner = cookie.split('"').nth(3).unwrap();
        for sent in [&decoded(&decoded(inner)), &cookie, &decoded(inner)] {
            assert_eq!(read_cookie(sent, &ordered()), Ok(token()), "{sent}");
        }
        assert!(read_cookie("<cookie page='1'>", &ordered()).is_err());
    }
}
