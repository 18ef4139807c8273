//! Many requests in one: `$batch` as multipart/mixed and as JSON, read into requests and written as answers.

mod json;
mod multipart;
mod references;

pub use references::{follow_in_body, follow_in_url};

use super::BadOData;

/// Requests in one batch, as in Dataverse.
pub const MOST_REQUESTS: usize = 1_000;

#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    pub form: Form,
    /// In the order in which they are to be done.
    pub parts: Vec<Part>,
}

/// How the batch was written, and how its answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// OData 4.0 Protocol 11.7.
    Multipart,
    /// OData 4.01 JSON Format 19.
    Json,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    One(Request),
    /// All or none. Of a JSON batch, those that name the same `atomicityGroup`.
    ChangeSet(Vec<Request>),
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Request {
    /// `Content-ID`, or `id` in JSON: later requests refer to it by `$` and this.
    pub content_id: Option<String>,
    /// In capitals.
    pub method: String,
    /// As written: relative to the service root, to the host (`/api/data/…`), or absolute.
    pub url: String,
    pub headers: Vec<(String, String)>,
    /// Without the line end that belongs to the boundary; empty when there is nothing but space.
    pub body: Vec<u8>,
    /// JSON alone: the name of its group, which its answer repeats.
    pub group: Option<String>,
    /// JSON alone: what has to have succeeded before; ids of requests and names of groups.
    pub depends_on: Vec<String>,
}

/// What one request came to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    /// That of the request.
    pub content_id: Option<String>,
    /// That of the request.
    pub group: Option<String>,
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum AnswerPart {
    /// Also of a change set that failed: one error for all of it.
    One(Answer),
    ChangeSet(Vec<Answer>),
}

impl Request {
    /// The first value of a header, whose name is taken in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|it| it.0.eq_ignore_ascii_case(name)).map(|it| it.1.as_str())
}

/// Reads a batch by the `Content-Type` of the request that carries it. Beside what is no batch, it refuses more than
/// [`MOST_REQUESTS`] requests, a change set within a change set, and one that reads (OData 4.0 Protocol 11.7.3).
/// How large the body may be is the caller's to say.
pub fn parse(content_type: &str, body: &[u8]) -> Result<Batch, BadOData> {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("multipart/mixed") {
        let parts = multipart::parse(content_type, body)?;
        return Ok(Batch { form: Form::Multipart, parts });
    }
    if kind.eq_ignore_ascii_case("application/json") {
        return Ok(Batch { form: Form::Json, parts: json::parse(body)? });
    }
    Err(BadOData::new(0, "A batch is sent as multipart/mixed with a boundary, or as application/json"))
}

/// The `Content-Type` and the body of the answer. The boundary has to be new and random, so that no body holds it:
/// letters, digits, dashes and underscores.
pub fn write(form: Form, answers: &[AnswerPart], boundary: &str) -> (String, Vec<u8>) {
    match form {
        Form::Multipart => {
            (format!("multipart/mixed; boundary={boundary}"), multipart::write(answers, boundary))
        }
        Form::Json => ("application/json; odata.metadata=minimal".to_owned(), json::write(answers)),
    }
}

fn refuse_many(found: usize) -> Result<(), BadOData> {
    if found > MOST_REQUESTS {
        return Err(BadOData::new(0, format!("A batch has at most {MOST_REQUESTS} requests")));
    }
    Ok(())
}

/// Letters only; in capitals.
fn method(text: &str) -> Option<String> {
    let is_method = (1..=20).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_alphabetic());
    is_method.then(|| text.to_ascii_uppercase())
}

#[cfg(test)]
#[path = "batch/tests.rs"]
mod tests;
