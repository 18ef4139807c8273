//! Files in columns: sent whole or in pieces, fetched whole or in part.

use super::call::{Call, Caller};
use super::keys;
use super::reply::Reply;
use super::trouble::{Result, Trouble};
use app::files::{LARGEST, PIECE, Upload};
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::entity::{ColumnDef, EntityDef, FieldKind, FileCell};
use domain::id::{Guid, RecordRef};
use formats::odata::path::{Keys, Segment};
use serde_json::json;
use std::fmt::Write as _;
use std::ops::Range;

/// Where a client that sends pieces finds the next one's place.
const TOKEN: &str = "sessiontoken";
const NAME: &str = "x-ms-file-name";
const UNNAMED: &str = "file";

pub fn is_file(def: &EntityDef, segment: &Segment) -> bool {
    def.column(&segment.name).is_some_and(|it| it.kind == FieldKind::File)
}

/// `PATCH accounts(…)/new_contract`: all of it, the announcement of pieces, or one of these.
pub async fn put(caller: &Caller, call: &Call, def: &EntityDef, keys: &Keys, column: &Segment) -> Result {
    if let Some(token) = option(call, TOKEN) {
        let upload = Upload::opened(caller.app(), &caller.actor, token);
        return piece(caller, call, &upload.ok_or_else(Trouble::no_record)?).await;
    }
    let record = RecordRef::new(&def.name, keys::key(caller, def, keys).await?);
    let name = option(call, NAME).unwrap_or_else(|| call.header(NAME));
    let name = if name.is_empty() { UNNAMED } else { name };
    let (app, actor) = (caller.app(), &caller.actor);
    if call.header("x-ms-transfer-mode").eq_ignore_ascii_case("chunked") {
        let upload = app::files::begin(app, actor, &record, &column.name, name).await?;
        let address = format!("{}{}({})/{}", caller.base, def.set, record.id, column.name);
        return Ok(Reply::empty(StatusCode::OK)
            .header("Location", format!("{address}?{TOKEN}={}", upload.sealed(app)?))
            .header("x-ms-chunk-size", PIECE.to_string())
            .header("Accept-Ranges", "bytes"));
    }
    let kind = kind(call);
    app::files::put(app, actor, &record, &column.name, (name, &kind), &call.body).await?;
    Ok(Reply::no_content())
}

/// `DELETE accounts(…)/new_contract`: the column is empty then, and the bytes are destroyed.
pub async fn delete(caller: &Caller, def: &EntityDef, keys: &Keys, column: &Segment) -> Result {
    let record = RecordRef::new(&def.name, keys::key(caller, def, keys).await?);
    app::files::remove(caller.app(), &caller.actor, &record, &column.name).await?;
    Ok(Reply::no_content())
}

fn option<'a>(call: &'a Call, name: &str) -> Option<&'a str> {
    call.options.others.iter().find(|it| it.0.eq_ignore_ascii_case(name)).map(|it| it.1.as_str())
}

fn kind(call: &Call) -> String {
    let kind = call.header("content-type");
    let told = !kind.is_empty() && !kind.starts_with("application/json");
    if told { kind.to_owned() } else { "application/octet-stream".to_owned() }
}

/// `Content-Range: bytes 0-4194303/9000000` (RFC 9110 14.4). The last one, which may be empty, ends it.
async fn piece(caller: &Caller, call: &Call, upload: &Upload) -> Result {
    let range = content_range(call.header("content-range"));
    let (range, size) = range.ok_or_else(|| {
        Trouble::unreadable("A piece says where it belongs: “Content-Range: bytes 0-4194303/9000000”.")
    })?;
    if size > LARGEST || range.end - range.start != call.body.len() as u64 {
        return Err(Trouble::bad_value(format!(
            "The piece is not as long as its Content-Range says, or the file has more than {LARGEST} bytes."
        )));
    }
    upload.take(caller.app(), range.start, &call.body).await?;
    if range.end < size {
        return Ok(Reply::empty(StatusCode::PARTIAL_CONTENT));
    }
    // After a file of whole pieces one more comes without anything in it: then it was ended before.
    if !range.is_empty() || size == 0 {
        upload.end(caller.app(), &caller.actor, "application/octet-stream", size).await?;
    }
    Ok(Reply::no_content())
}

fn content_range(header: &str) -> Option<(Range<u64>, u64)> {
    let (range, size) = header.strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let (first, last): (u64, i64) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    let end = u64::try_from(last + 1).ok().filter(|it| *it >= first)?;
    Some((first..end, size.trim().parse().ok()?))
}

/// `GET …/new_contract` gives JSON with base64, `…/$value` the bytes; both heed `Range`.
pub async fn get(
    caller: &Caller,
    call: &Call,
    def: &EntityDef,
    id: Guid,
    column: &ColumnDef,
    raw: bool,
) -> Result {
    let record = RecordRef::new(&def.name, id);
    let found = app::files::describe(caller.app(), &caller.actor, &record, &column.name).await?;
    let file = found.ok_or_else(Trouble::no_record)?;
    let range = wanted(call.header("range"), file.size);
    let bytes = app::files::piece(caller.app(), &file, range.start, range.end).await?;
    let whole = call.header("range").is_empty();
    let status = if whole { StatusCode::OK } else { StatusCode::PARTIAL_CONTENT };
    let reply = if raw {
        Reply::of(status, "application/octet-stream", bytes)
    } else {
        let context = format!("{}$metadata#{}({id})/{}", caller.base, def.set, column.name);
        Reply::json(status, &json!({ "@odata.context": context, "value": STANDARD.encode(bytes) }))
    };
    Ok(described(reply, &file, (!whole).then_some(range)))
}

fn described(reply: Reply, file: &FileCell, range: Option<Range<u64>>) -> Reply {
    let reply = reply
        .header("Content-Disposition", disposition(&file.name))
        .header(NAME, ascii(&file.name))
        .header("x-ms-file-size", file.size.to_string())
        .header("Accept-Ranges", "bytes");
    match range.filter(|it| !it.is_empty()) {
        Some(range) => {
            let told = format!("bytes {}-{}/{}", range.start, range.end - 1, file.size);
            reply.header("Content-Range", told)
        }
        None => reply,
    }
}

/// RFC 6266 with RFC 8187: the name once for old clients, once as it is.
fn disposition(name: &str) -> String {
    let encoded: String = name.bytes().fold(String::new(), |mut all, it| {
        if it.is_ascii_alphanumeric() || b"-._~".contains(&it) {
            all.push(char::from(it));
        } else {
            // Writing into a text cannot fail.
            let _ = write!(all, "%{it:02X}");
        }
        all
    });
    format!("attachment; filename=\"{}\"; filename*=UTF-8''{encoded}", ascii(name))
}

fn ascii(name: &str) -> String {
    name.chars()
        .map(|it| if it.is_ascii_graphic() && it != '"' && it != '\\' || it == ' ' { it } else { '_' })
        .collect()
}

/// `bytes=0-4194303`, `bytes=100-`. Beyond the end there is nothing; what makes no sense asks for all.
fn wanted(header: &str, size: u64) -> Range<u64> {
    let read = || {
        let (first, last) = header.strip_prefix("bytes=")?.split_once('-')?;
        let first: u64 = first.trim().parse().ok()?;
        let end =
            if last.trim().is_empty() { size } else { last.trim().parse::<u64>().ok()?.saturating_add(1) };
        Some(first.min(size)..end.min(size).max(first.min(size)))
    };
    read().unwrap_or(0..size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_say_where_they_belong() {
        assert_eq!(content_range("bytes 0-9/25"), Some((0..10, 25)));
        assert_eq!(content_range("bytes 20-19/20"), Some((20..20, 20)));
        for bad in ["", "bytes 5-2/9", "bytes a-b/c", "0-9/25"] {
            assert_eq!(content_range(bad), None, "{bad}");
        }
    }

    #[test]
    fn ranges_end_where_the_file_does() {
        assert_eq!(wanted("bytes=0-3", 10), 0..4);
        assert_eq!(wanted("bytes=8-", 10), 8..10);
        assert_eq!(wanted("bytes=20-30", 10), 10..10);
        assert_eq!(wanted("nonsense", 10), 0..10);
    }

    #[test]
    fn a_name_of_any_script_is_said_twice() {
        assert_eq!(
            disposition("a\"å.pdf"),
            "attachment; filename=\"a__.pdf\"; filename*=UTF-8''a%22%C3%A5.pdf"
        );
    }
}
