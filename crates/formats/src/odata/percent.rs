//! Percent-encoding (RFC 3986 2.1), as it stands in paths and queries.

use super::BadOData;
use std::borrow::Cow;

/// What a plus means where it is not encoded.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Plus {
    /// In a query, as HTML forms write it.
    Space,
    /// In a path.
    Itself,
}

/// The text that was meant. Broken escapes, bytes that are no UTF-8 and NUL, which no database keeps, are refused.
pub(super) fn decode(raw: &str, plus: Plus) -> Result<Cow<'_, str>, BadOData> {
    if raw.contains('\0') {
        return Err(BadOData::new(0, "The text contains the character NUL"));
    }
    let is_plain = |it: u8| it != b'%' && (it != b'+' || plus == Plus::Itself);
    let Some(first) = raw.bytes().position(|it| !is_plain(it)) else {
        return Ok(Cow::Borrowed(raw));
    };
    let mut decoded = raw.as_bytes()[..first].to_vec();
    let mut rest = raw.as_bytes()[first..].iter();
    while let Some(byte) = rest.next() {
        decoded.push(match byte {
            b'+' if plus == Plus::Space => b' ',
            b'%' => {
                let mut digit = || rest.next().and_then(|it| char::from(*it).to_digit(16));
                match (digit(), digit()) {
                    (Some(0), Some(0)) => {
                        return Err(BadOData::new(decoded.len(), "The text contains the character NUL"));
                    }
                    (Some(high), Some(low)) => u8::try_from(high * 16 + low).unwrap_or_default(),
                    _ => {
                        let what = "A percent sign is followed by two hexadecimal digits, and written %25";
                        return Err(BadOData::new(decoded.len(), what));
                    }
                }
            }
            byte => *byte,
        });
    }
    String::from_utf8(decoded)
        .map(Cow::Owned)
        .map_err(|it| BadOData::new(it.utf8_error().valid_up_to(), "The percent-encoded bytes are not UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, plus: Plus, expected: Option<&str>) {
        assert_eq!(decode(raw, plus).ok().as_deref(), expected, "{raw}");
    }

    #[test]
    fn escapes_become_characters() {
        check("a%20b+c", Plus::Space, Some("a b c"));
        check("a%20b+c%2Bd", Plus::Itself, Some("a b+c+d"));
        check("%C3%A5%c3%a4ö", Plus::Space, Some("åäö"));
        check("", Plus::Space, Some(""));
    }

    #[test]
    fn broken_escapes_are_refused() {
        for raw in ["%", "%2", "%zz", "100% of", "%C3", "%FF%FE", "a%00b", "a\0b", "%2å"] {
            check(raw, Plus::Space, None);
        }
    }
}
