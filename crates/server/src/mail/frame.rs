//! A message's HTML on a page of its own, for the frame in which it is shown (decision 24).
//!
//! Four walls stand around it: it was made safe before; the frame's `sandbox` runs no scripts and sends no forms; the
//! page's own policy says the same, also when it is opened without a frame; and nothing is loaded from elsewhere until
//! the reader asks. It keeps our origin (`allow-same-origin`): a page of no origin would ask for its own pictures
//! without the reader's cookie, and the page around it could not measure its height. Without scripts there is nobody in
//! it to use that origin.

use crate::error::Answer;
use crate::session::Visitor;
use crate::views::message::attachment_address;
use crate::web::Web;
use crate::words::Words;
use app::mail::Item;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::id::Guid;
use formats::mime::Images;
use maud::{DOCTYPE, PreEscaped, html};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub struct Which {
    folder: String,
    uid: u32,
    images: Option<String>,
}

pub async fn show(State(web): State<Web>, visitor: Visitor, Query(which): Query<Which>) -> Answer<Response> {
    let images = if which.images.is_some() { Images::Allowed } else { Images::Blocked };
    // The mailbox is known by whose it is: an attachment's address does not name it.
    let item = Item::new(Guid::NIL, which.folder, which.uid);
    let cid_url = |number: usize| attachment_address(&item, number);
    let html =
        app::mail::html(&web.app, &visitor.who.actor, &item.folder, item.uid, images, &cid_url).await?;
    Ok(letter(&visitor.words, &html, images))
}

const SANDBOX: &str = "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; default-src 'none'; \
    style-src 'unsafe-inline'; frame-ancestors 'self'; form-action 'none'; base-uri 'none'; ";

/// Paper is white and ink is black, whatever the theme: senders choose colours with that in mind.
const STYLE: &str = "html { color-scheme: light; background: #fff; color: #162024; }
body { margin: 0; padding: 16px; font: 15px/24px 'Segoe UI', system-ui, Roboto, Arial, sans-serif; overflow-wrap: break-word; }
img { max-width: 100%; height: auto; }
table { max-width: 100%; }
blockquote { margin: 0; padding-left: 12px; border-left: 2px solid #c9d3d6; }
pre { white-space: pre-wrap; }";

/// The page around safe HTML, with its own policy.
pub fn letter(words: &Words, safe_html: &str, images: Images) -> Response {
    let policy = match images {
        Images::Blocked => format!("{SANDBOX}img-src 'self' data:"),
        Images::Allowed => format!("{SANDBOX}img-src 'self' data: https: http:"),
    };
    let page = html! {
        (DOCTYPE)
        html {
            head { meta charset="utf-8"; title { (words.t("mail-frame")) } style { (PreEscaped(STYLE)) } }
            body { (PreEscaped(safe_html)) }
        }
    };
    let policy =
        HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'; sandbox"));
    ([(header::CONTENT_SECURITY_POLICY, policy)], page).into_response()
}
