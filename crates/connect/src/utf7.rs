//! Folder names on the wire: modified UTF-7 (RFC 3501, 5.1.3).

use base64::Engine;
use base64::alphabet::IMAP_MUTF7;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &IMAP_MUTF7,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

/// `Skräppost` becomes `Skr&AOQ-ppost`.
pub fn encode(name: &str) -> String {
    let mut coded = String::with_capacity(name.len());
    let mut foreign = Vec::new();
    for letter in name.chars() {
        if matches!(letter, ' '..='~') {
            flush(&mut foreign, &mut coded);
            coded.push(letter);
            if letter == '&' {
                coded.push('-');
            }
        } else {
            let mut units = [0; 2];
            foreign.extend(letter.encode_utf16(&mut units).iter().flat_map(|unit| unit.to_be_bytes()));
        }
    }
    flush(&mut foreign, &mut coded);
    coded
}

fn flush(foreign: &mut Vec<u8>, coded: &mut String) {
    if !foreign.is_empty() {
        coded.push('&');
        BASE64.encode_string(&*foreign, coded);
        coded.push('-');
        foreign.clear();
    }
}

/// `Skr&AOQ-ppost` becomes `Skräppost`; none when it is not modified UTF-7.
pub fn decode(coded: &str) -> Option<String> {
    let mut name = String::with_capacity(coded.len());
    let mut rest = coded;
    while let Some(start) = rest.find('&') {
        name.push_str(&rest[..start]);
        let end = start + rest[start..].find('-')?;
        let shifted = &rest[start + 1..end];
        if shifted.is_empty() {
            name.push('&');
        } else {
            let bytes = BASE64.decode(shifted).ok()?;
            let units = bytes.chunks(2).map(|pair| Some(u16::from_be_bytes(pair.try_into().ok()?)));
            name.push_str(&String::from_utf16(&units.collect::<Option<Vec<u16>>>()?).ok()?);
        }
        rest = &rest[end + 1..];
    }
    name.push_str(rest);
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, coded: &str) {
        assert_eq!(encode(name), coded);
        assert_eq!(decode(coded).as_deref(), Some(name));
    }

    #[test]
    fn names_survive_the_wire() {
        check("INBOX", "INBOX");
        check("Skräppost", "Skr&AOQ-ppost");
        check("Skickat/Öland & co", "Skickat/&ANY-land &- co");
        check("日本語", "&ZeVnLIqe-");
        check("🐟 & fågel", "&2D3cHw- &- f&AOU-gel");
        check("", "");
    }

    #[test]
    fn what_is_no_modified_utf7_is_said_to_be_so() {
        for wrong in ["&", "&AOQ", "&A-", "&2D0-", "&!!-"] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
    }
}
