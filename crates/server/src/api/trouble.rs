//! What goes wrong in the Web API, as a status, a number and a sentence: `{"error":{"code","message"}}` (9.8). Beside
//! `crates/server/src/error.rs` the only place that knows status codes and logs.

use super::reply::Reply;
use app::{Error, Problem};
use axum::http::StatusCode;
use domain::tracking::Refusal;
use formats::odata::BadOData;
use formats::question::BadQuery;
use serde_json::json;
use tracing::error;

/// Why a request is not answered as it was meant.
#[derive(Debug)]
pub struct Trouble {
    pub status: StatusCode,
    /// The number Dataverse gives such an error, which clients look at.
    pub code: &'static str,
    pub message: String,
    /// Seconds after which it may be tried again.
    pub retry_after: Option<u64>,
}

pub type Result<T = Reply> = std::result::Result<T, Trouble>;

impl Trouble {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Trouble {
        Trouble { status, code, message: message.into(), retry_after: None }
    }

    /// The request makes no sense.
    pub fn unreadable(message: impl Into<String>) -> Trouble {
        Trouble::new(StatusCode::BAD_REQUEST, "0x80060888", message)
    }

    /// A value does not belong where it was sent.
    pub fn bad_value(message: impl Into<String>) -> Trouble {
        Trouble::new(StatusCode::BAD_REQUEST, "0x80048d19", message)
    }

    /// There is nothing of this name.
    pub fn no_such(message: impl Into<String>) -> Trouble {
        Trouble::new(StatusCode::NOT_FOUND, "0x8006088a", message)
    }

    pub fn no_record() -> Trouble {
        let message = "There is no such record, or it is not yours to see.";
        Trouble::new(StatusCode::NOT_FOUND, "0x80040217", message)
    }

    pub fn not_allowed(message: impl Into<String>) -> Trouble {
        Trouble::new(StatusCode::FORBIDDEN, "0x80040220", message)
    }

    /// What was said in `If-Match` or `If-None-Match` does not hold.
    pub fn not_as_said(message: impl Into<String>) -> Trouble {
        Trouble::new(StatusCode::PRECONDITION_FAILED, "0x80060882", message)
    }

    pub fn no_method() -> Trouble {
        let message = "This address does not take this method.";
        Trouble::new(StatusCode::METHOD_NOT_ALLOWED, "0x80060888", message)
    }

    pub fn sign_in() -> Trouble {
        let message = "A bearer token is needed: make one with `regarding token create`.";
        Trouble::new(StatusCode::UNAUTHORIZED, "0x80040204", message)
    }

    pub fn too_large(most: usize) -> Trouble {
        let message = format!("The body is larger than the {most} bytes that are taken.");
        Trouble::new(StatusCode::PAYLOAD_TOO_LARGE, "0x80060888", message)
    }

    pub fn too_many(seconds: u64) -> Trouble {
        let message = format!("Too many requests. Try again in {seconds} seconds.");
        let trouble = Trouble::new(StatusCode::TOO_MANY_REQUESTS, "0x80072322", message);
        Trouble { retry_after: Some(seconds), ..trouble }
    }

    pub fn duplicate() -> Trouble {
        let message = "A record with this e-mail address or name is there already.";
        Trouble::new(StatusCode::PRECONDITION_FAILED, "0x80040333", message)
    }

    /// In a batch: what this request builds on did not succeed.
    pub fn failed_before(other: &str) -> Trouble {
        let message = format!("The request “{other}”, on which this one depends, failed.");
        Trouble::new(StatusCode::FAILED_DEPENDENCY, "0x80060888", message)
    }

    /// It is known, and not built.
    pub fn not_built(message: impl Into<String>) -> Trouble {
        Trouble::new(StatusCode::NOT_IMPLEMENTED, "0x80060891", message)
    }

    pub fn reply(self) -> Reply {
        let body = json!({ "error": { "code": self.code, "message": self.message } });
        let mut reply = Reply::json(self.status, &body);
        if let Some(seconds) = self.retry_after {
            reply = reply.header("Retry-After", seconds.to_string());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            // RFC 9110 11.6.1: a 401 says how one may sign in.
            reply = reply.header("WWW-Authenticate", "Bearer");
        }
        reply
    }
}

impl From<BadOData> for Trouble {
    fn from(bad: BadOData) -> Trouble {
        Trouble::unreadable(bad.to_string())
    }
}

impl From<BadQuery> for Trouble {
    fn from(bad: BadQuery) -> Trouble {
        Trouble::unreadable(bad.to_string())
    }
}

impl From<Error> for Trouble {
    fn from(failure: Error) -> Trouble {
        let message = failure.to_string();
        match failure {
            Error::NotFound | Error::Refused(Refusal::NoSuchRecord) => Trouble::no_record(),
            Error::NotAllowed | Error::Refused(Refusal::MayNotTrack | Refusal::MayNotAppendTo { .. }) => {
                Trouble::not_allowed(message)
            }
            Error::Changed => Trouble::not_as_said(message),
            Error::TooMany { seconds } => Trouble::too_many(u64::try_from(seconds).unwrap_or(1)),
            Error::Invalid(problems) if problems.iter().any(|it| matches!(it, Problem::Taken { .. })) => {
                Trouble::new(StatusCode::PRECONDITION_FAILED, "0x80040237", message)
            }
            Error::Depends { .. } | Error::HeldBack { .. } => {
                Trouble::new(StatusCode::CONFLICT, "0x80040227", message)
            }
            Error::InUse { .. } => Trouble::new(StatusCode::CONFLICT, "0x8004f01f", message),
            Error::Refused(_) | Error::Action(_) | Error::Invalid(_) | Error::Definition(_) => {
                Trouble::bad_value(message)
            }
            Error::Mailbox(_) => Trouble::new(StatusCode::BAD_GATEWAY, "0x80040216", message),
            Error::Broken(cause) => match cause.downcast_ref::<app::ask::Senseless>() {
                Some(senseless) => Trouble::unreadable(senseless.0.clone()),
                None => broken(&cause),
            },
        }
    }
}

impl From<anyhow::Error> for Trouble {
    fn from(cause: anyhow::Error) -> Trouble {
        broken(&cause)
    }
}

/// Nothing the client can mend; the log tells more.
fn broken(cause: &anyhow::Error) -> Trouble {
    error!("A request of the Web API failed: {cause:#}");
    let message = "Something went wrong on the server. Its log tells more.";
    Trouble::new(StatusCode::INTERNAL_SERVER_ERROR, "0x80040216", message)
}
