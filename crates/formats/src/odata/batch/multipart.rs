//! multipart/mixed (RFC 2046 5.1.1) with parts of application/http. Lines end in CRLF or LF.

use super::{Answer, AnswerPart, Part, Request, header, method, refuse_many};
use crate::odata::{BadOData, excerpt};
use std::fmt::Write;

pub(super) fn parse(content_type: &str, body: &[u8]) -> Result<Vec<Part>, BadOData> {
    let mut parts = Vec::new();
    let mut found = 0;
    for piece in pieces(content_type, Raw { whole: body, from: 0, to: body.len() })? {
        let (headers, content) = head(piece)?;
        let kind = header(&headers, "content-type").unwrap_or_default();
        if !is_multipart(kind) {
            parts.push(Part::One(request(&headers, content)?));
            found += 1;
            refuse_many(found)?;
            continue;
        }
        let mut changes = Vec::new();
        for piece in pieces(kind, content)? {
            let (headers, content) = head(piece)?;
            let change = request(&headers, content)?;
            if change.method == "GET" {
                return Err(content.wrong("A change set only writes: GET stands outside of it"));
            }
            found += 1;
            refuse_many(found)?;
            changes.push(change);
        }
        parts.push(Part::ChangeSet(changes));
    }
    Ok(parts)
}

fn is_multipart(content_type: &str) -> bool {
    content_type.get(..10).is_some_and(|it| it.eq_ignore_ascii_case("multipart/"))
}

/// A stretch of the batch that remembers its place for complaints.
#[derive(Clone, Copy)]
struct Raw<'a> {
    whole: &'a [u8],
    from: usize,
    to: usize,
}

impl<'a> Raw<'a> {
    fn bytes(self) -> &'a [u8] {
        &self.whole[self.from..self.to]
    }

    /// The next line without its end; `None` behind the last.
    fn line(&mut self) -> Option<&'a [u8]> {
        let rest = self.bytes();
        if rest.is_empty() {
            return None;
        }
        let length = rest.iter().position(|it| *it == b'\n');
        self.from += length.map_or(rest.len(), |it| it + 1);
        let line = &rest[..length.unwrap_or(rest.len())];
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }

    fn text_line(&mut self) -> Result<Option<&'a str>, BadOData> {
        let begin = *self;
        let Some(line) = self.line() else { return Ok(None) };
        let line = std::str::from_utf8(line)
            .ok()
            .filter(|it| !it.contains(|it: char| it.is_control() && it != '\t'));
        line.map(Some).ok_or_else(|| begin.wrong("A header has bytes that are no text"))
    }

    fn wrong(self, what: impl Into<String>) -> BadOData {
        BadOData::new(self.from, what)
    }
}

/// What stands between the boundaries.
fn pieces<'a>(content_type: &str, body: Raw<'a>) -> Result<Vec<Raw<'a>>, BadOData> {
    let Some(boundary) = boundary(content_type) else {
        return Err(body.wrong("The Content-Type needs a boundary: multipart/mixed; boundary=batch_1"));
    };
    let delimiter = [b"--", boundary.as_bytes()].concat();
    let mut pieces = Vec::new();
    let mut open: Option<usize> = None;
    let mut rest = body;
    loop {
        let begin = rest.from;
        let Some(line) = rest.line() else {
            let what = format!("The batch ends without its last boundary, --{}--", excerpt(boundary));
            return Err(rest.wrong(what));
        };
        let Some(behind) = line.strip_prefix(delimiter.as_slice()).map(<[u8]>::trim_ascii_end) else {
            continue;
        };
        if !behind.is_empty() && behind != b"--" {
            continue;
        }
        if let Some(from) = open {
            // The line end before a boundary belongs to the boundary.
            let piece = &body.whole[from..begin.max(from)];
            let piece = piece.strip_suffix(b"\n").unwrap_or(piece);
            let piece = piece.strip_suffix(b"\r").unwrap_or(piece);
            pieces.push(Raw { whole: body.whole, from, to: from + piece.len() });
            refuse_many(pieces.len())?;
        }
        if !behind.is_empty() {
            return Ok(pieces);
        }
        open = Some(rest.from);
    }
}

/// The parameter `boundary`, with or without quotes (RFC 2046: 1 to 70 characters; we take some more).
fn boundary(content_type: &str) -> Option<&str> {
    let parameters = content_type.split(';').skip(1).filter_map(|it| it.split_once('='));
    let (_, value) =
        parameters.map(|it| (it.0.trim(), it.1.trim())).find(|it| it.0.eq_ignore_ascii_case("boundary"))?;
    let value = value.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(value);
    Some(value).filter(|it| (1..=200).contains(&it.len()))
}

type Headers = Vec<(String, String)>;

/// Headers up to an empty line or the end, and what follows.
fn head(mut rest: Raw<'_>) -> Result<(Headers, Raw<'_>), BadOData> {
    let mut headers: Headers = Vec::new();
    loop {
        let begin = rest;
        let Some(line) = rest.text_line()?.filter(|it| !it.is_empty()) else { return Ok((headers, rest)) };
        if let (true, Some(last)) = (line.starts_with([' ', '\t']), headers.last_mut()) {
            last.1.push(' ');
            last.1.push_str(line.trim());
            continue;
        }
        match line.split_once(':') {
            Some((name, value)) if is_header_name(name) => {
                headers.push((name.to_owned(), value.trim().to_owned()));
            }
            _ => {
                let what = format!("Expected a header or an empty line, but “{}” follows", excerpt(line));
                return Err(begin.wrong(what));
            }
        }
    }
}

fn is_header_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|it| it.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&it))
}

/// An HTTP request (RFC 9112 3) inside a part with these headers. Its version may be missing.
fn request(part: &Headers, mut content: Raw<'_>) -> Result<Request, BadOData> {
    let kind = header(part, "content-type").unwrap_or_default();
    if is_multipart(kind) {
        return Err(content.wrong("A change set cannot hold a change set"));
    }
    if !kind.get(..16).is_some_and(|it| it.eq_ignore_ascii_case("application/http")) {
        return Err(content.wrong("Each part of a batch needs “Content-Type: application/http”"));
    }
    let begin = content;
    let mut line = content.text_line()?;
    while line == Some("") {
        line = content.text_line()?;
    }
    // Some clients leave spaces in the URL as they are: it is whatever stands between the method and the version.
    let (first, rest) = line.unwrap_or_default().trim().split_once(' ').unwrap_or_default();
    let url = match rest.trim().rsplit_once(' ') {
        Some((url, version)) if version.starts_with("HTTP/") => url.trim(),
        Some(_) => "",
        None => rest.trim(),
    };
    let (Some(method), false) = (method(first), url.is_empty()) else {
        return Err(
            begin.wrong("Expected a request such as “GET accounts HTTP/1.1” in the part of the batch")
        );
    };
    let url = url.to_owned();
    let (headers, body) = head(content)?;
    let content_id = header(part, "content-id").or_else(|| header(&headers, "content-id")).map(str::to_owned);
    let body = body.bytes();
    let body = if body.iter().all(u8::is_ascii_whitespace) { Vec::new() } else { body.to_vec() };
    Ok(Request { content_id, method, url, headers, body, ..Request::default() })
}

pub(super) fn write(answers: &[AnswerPart], boundary: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for (at, part) in answers.iter().enumerate() {
        out.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
        match part {
            AnswerPart::One(it) => answer(&mut out, it),
            AnswerPart::ChangeSet(all) => {
                // Clients look for this word, and some split at the outer boundary wherever it stands.
                let tail = boundary.strip_prefix("batchresponse_").unwrap_or(boundary);
                let inner = format!("changesetresponse_{tail}_{at}");
                let head = format!("Content-Type: multipart/mixed; boundary={inner}\r\n\r\n");
                out.extend_from_slice(head.as_bytes());
                for it in all {
                    out.extend_from_slice(format!("--{inner}\r\n").as_bytes());
                    answer(&mut out, it);
                }
                out.extend_from_slice(format!("--{inner}--\r\n").as_bytes());
            }
        }
    }
    out.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    out
}

fn answer(out: &mut Vec<u8>, answer: &Answer) {
    let mut head = "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n".to_owned();
    // Writing to a String cannot fail.
    if let Some(id) = &answer.content_id {
        let _ = write!(head, "Content-ID: {id}\r\n");
    }
    let _ = write!(head, "\r\nHTTP/1.1 {} {}\r\n", answer.status, reason(answer.status));
    for (name, value) in &answer.headers {
        let _ = write!(head, "{name}: {value}\r\n");
    }
    head.push_str("\r\n");
    out.extend_from_slice(head.as_bytes());
    out.extend_from_slice(&answer.body);
    out.extend_from_slice(b"\r\n");
}

/// RFC 9110 15, for those that read it; the number is what counts.
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        206 => "Partial Content",
        304 => "Not Modified",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        412 => "Precondition Failed",
        413 => "Content Too Large",
        428 => "Precondition Required",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        _ => "Status",
    }
}
