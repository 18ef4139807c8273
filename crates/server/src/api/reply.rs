//! What the Web API answers, before it is HTTP or a part of a batch.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use serde::Serialize;

/// A status, headers and a body that is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

const JSON: &str = "application/json; odata.metadata=minimal";

impl Reply {
    pub fn empty(status: StatusCode) -> Reply {
        Reply { status, headers: vec![], body: vec![] }
    }

    pub fn no_content() -> Reply {
        Reply::empty(StatusCode::NO_CONTENT)
    }

    pub fn json(status: StatusCode, value: &impl Serialize) -> Reply {
        // Values of JSON and structures of ours, whose keys are texts, can always be written.
        let body = serde_json::to_vec(value).unwrap_or_default();
        Reply::of(status, JSON, body)
    }

    pub fn ok(value: &impl Serialize) -> Reply {
        Reply::json(StatusCode::OK, value)
    }

    pub fn of(status: StatusCode, kind: &str, body: Vec<u8>) -> Reply {
        Reply { status, headers: vec![("Content-Type", kind.to_owned())], body }
    }

    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Reply {
        self.headers.push((name, value.into()));
        self
    }

    pub fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert("OData-Version", HeaderValue::from_static("4.0"));
        for (name, value) in self.headers {
            // What is no header value (a file's name in another script) is left out rather than broken.
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                headers.insert(name, value);
            }
        }
        response
    }
}
