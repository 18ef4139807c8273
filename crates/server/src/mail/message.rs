//! One message with its pane, and its attachments.

use super::folder::Look;
use crate::error::{self, Answer, Failure};
use crate::pane;
use crate::session::Visitor;
use crate::views;
use crate::views::message::Images;
use crate::views::pane::Reader;
use crate::views::pane::toast::{self, Done};
use crate::web::Web;
use app::Error;
use app::demo::Hint;
use app::mail::Item;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::id::Guid;
use maud::{Markup, html};
use serde::Deserialize;

/// A message as the page shows it.
pub struct Open {
    pub subject: String,
    pub markup: Markup,
    pub status: StatusCode,
}

pub async fn open(
    web: &Web,
    reader: Reader<'_>,
    mailbox: Guid,
    folder: &str,
    uid: u32,
    look: &Look,
    hint: Option<&Hint>,
) -> Answer<Open> {
    let item = Item::new(mailbox, folder, uid);
    let message = match app::mail::read(&web.app, &reader.visitor.who.actor, folder, uid).await {
        Ok(message) => message,
        Err(Error::Mailbox(trouble)) => {
            let error = Error::Mailbox(trouble);
            let headline = error::mail_headline(&error, reader.words());
            let sentence = error::sentence(&error, web, reader.words());
            return Ok(Open {
                markup: views::message::unreadable(reader, &item, &headline, &sentence),
                subject: headline,
                status: Failure::App(error).status(),
            });
        }
        Err(error) => return Err(error.into()),
    };
    let pane = pane::show_pane(web, reader, &item, hint).await?;
    let done = look.did.map(|did| Done {
        did,
        was: look.was.as_deref().unwrap_or_default(),
        item: &item,
        regarding: pane.regarding.as_deref(),
    });
    let images = if look.images.is_some() { Images::Shown } else { Images::Blocked };
    let toasts = toast::toasts(reader, done.as_ref());
    let shown = views::message::Shown {
        message: &message,
        mark: &pane.mark,
        sender: pane.sender,
        images,
        toasts: &toasts,
    };
    Ok(Open {
        subject: message.envelope.subject.clone(),
        markup: html! { (views::message::message(reader, &shown)) (pane.markup) },
        status: StatusCode::OK,
    })
}

#[derive(Debug, Deserialize)]
pub struct Which {
    folder: String,
    uid: u32,
    n: usize,
}

pub async fn attachment(
    State(web): State<Web>,
    visitor: Visitor,
    Query(which): Query<Which>,
) -> Answer<Response> {
    let file = app::mail::attachment(&web.app, &visitor.who.actor, &which.folder, which.uid, which.n).await?;
    Ok(download(&file.filename, &file.mimetype, file.bytes))
}

/// A file of a stranger's: it is saved, never opened here.
pub fn download(filename: &str, mimetype: &str, bytes: Vec<u8>) -> Response {
    dressed(filename, kept_type(mimetype), bytes)
}

/// Only pictures that cannot hold a script keep their type, so that a message can show its own.
pub fn kept_type(mimetype: &str) -> &str {
    match mimetype {
        "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "image/bmp" | "image/avif"
        | "application/pdf" | "text/plain" => mimetype,
        _ => "application/octet-stream",
    }
}

/// With the headers that make a browser save it under this name.
pub fn dressed(filename: &str, mimetype: &str, body: impl IntoResponse) -> Response {
    let disposition =
        HeaderValue::from_str(&disposition(filename)).unwrap_or(HeaderValue::from_static("attachment"));
    let mimetype =
        HeaderValue::from_str(mimetype).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let mut response = body.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, mimetype);
    response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    response
}

/// RFC 6266 4.3: the name in ASCII for the old, and in UTF-8 (RFC 8187) for everybody else.
fn disposition(filename: &str) -> String {
    use std::fmt::Write;
    let plain: String = filename
        .chars()
        .map(|it| if it.is_ascii_alphanumeric() || " .-_()".contains(it) { it } else { '_' })
        .collect();
    let mut full = String::new();
    for byte in filename.bytes() {
        if byte.is_ascii_alphanumeric() || b".-_".contains(&byte) {
            full.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(full, "%{byte:02X}");
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{full}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_break_out_of_its_header() {
        assert_eq!(
            disposition("å\"\r\nX: y.pdf"),
            "attachment; filename=\"____X_ y.pdf\"; filename*=UTF-8''%C3%A5%22%0D%0AX%3A%20y.pdf"
        );
    }

    #[test]
    fn what_could_run_is_only_saved() {
        for (mimetype, expected) in [
            ("image/png", "image/png"),
            ("image/svg+xml", "application/octet-stream"),
            ("text/html", "application/octet-stream"),
            ("application/xhtml+xml", "application/octet-stream"),
        ] {
            assert_eq!(download("a", mimetype, vec![]).headers()[header::CONTENT_TYPE], expected);
        }
    }
}
