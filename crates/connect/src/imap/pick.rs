//! What a FETCH response holds, as our own values.

use crate::{HEADER_LIMIT, Head, date};
use imap_proto::{AttributeValue, MessageSection, SectionPath};

/// The header block that was asked for. None when the response lacks it: servers also tell changed flags.
pub fn head(attributes: &[AttributeValue<'_>]) -> Option<Head> {
    let mut head =
        Head { uid: 0, size: 0, seen: false, keywords: Vec::new(), internal_date: None, headers: Vec::new() };
    let mut has_headers = false;
    for attribute in attributes {
        match attribute {
            AttributeValue::Uid(uid) => head.uid = *uid,
            AttributeValue::Rfc822Size(size) => head.size = u64::from(*size),
            AttributeValue::InternalDate(text) => head.internal_date = date::unix_seconds(text),
            AttributeValue::Flags(flags) => {
                head.seen = flags.iter().any(|flag| flag.eq_ignore_ascii_case("\\Seen"));
                head.keywords =
                    flags.iter().filter(|flag| !flag.starts_with('\\')).map(ToString::to_string).collect();
            }
            AttributeValue::BodySection {
                section: Some(SectionPath::Full(MessageSection::Header)),
                data,
                ..
            } => {
                has_headers = true;
                let block = data.as_deref().unwrap_or_default();
                head.headers = block[..block.len().min(HEADER_LIMIT)].to_vec();
            }
            _ => {}
        }
    }
    (has_headers && head.uid != 0).then_some(head)
}

/// The whole message and its UID.
pub fn message(attributes: &[AttributeValue<'_>]) -> Option<(u32, Vec<u8>)> {
    let body = attributes.iter().find_map(|attribute| match attribute {
        AttributeValue::BodySection { section: None, data: Some(body), .. } => Some(body.to_vec()),
        _ => None,
    })?;
    Some((uid(attributes)?, body))
}

/// The UID and size of a message in bytes.
pub fn size(attributes: &[AttributeValue<'_>]) -> Option<(u32, u64)> {
    let size = attributes.iter().find_map(|attribute| match attribute {
        AttributeValue::Rfc822Size(size) => Some(u64::from(*size)),
        _ => None,
    })?;
    Some((uid(attributes)?, size))
}

fn uid(attributes: &[AttributeValue<'_>]) -> Option<u32> {
    attributes.iter().find_map(|attribute| match attribute {
        AttributeValue::Uid(uid) => Some(*uid),
        _ => None,
    })
}
