//! Files in columns of records: taken piece by piece as the browser sends them, given piece by piece.

use crate::error::{Answer, Failure};
use crate::mail::message::{dressed, kept_type};
use crate::session::{Visitor, is_own, text};
use crate::views;
use crate::web::Web;
use app::files::{self, PIECE, Upload};
use axum::body::Body;
use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::header;
use axum::response::{Redirect, Response};
use domain::entity::FileCell;
use futures::stream;
use multer::{Field, Multipart};

/// Bytes of one field beside the file.
const LARGEST_FIELD: usize = 1_000;

/// The file, to be saved.
pub async fn give(
    State(web): State<Web>,
    visitor: Visitor,
    Path((entity, id, column)): Path<(String, String, String)>,
) -> Answer<Response> {
    let record = super::record(&entity, &id)?;
    let found = files::describe(&web.app, &visitor.who.actor, &record, &column).await?;
    let file = found.ok_or(Failure::NOT_FOUND)?;
    let (name, kind, size) = (file.name.clone(), kept_type(&file.mimetype).to_owned(), file.size);
    let mut response = dressed(&name, &kind, Body::from_stream(pieces(web, file)));
    response.headers_mut().insert(header::CONTENT_LENGTH, size.into());
    Ok(response)
}

/// One piece after the other, so that no file is in memory as a whole.
fn pieces(web: Web, file: FileCell) -> impl futures::Stream<Item = anyhow::Result<Vec<u8>>> + Send {
    stream::try_unfold((web, file, 0_u64), |(web, file, at)| async move {
        if at >= file.size {
            return Ok(None);
        }
        let bytes = files::piece(&web.app, &file, at, at + PIECE).await?;
        // A file that is shorter than its column says ends here.
        if bytes.is_empty() {
            return Ok(None);
        }
        let next = at + bytes.len() as u64;
        Ok(Some((bytes, (web, file, next))))
    })
}

/// Takes a file out of a form (RFC 7578), or empties the column when the form asks for that.
pub async fn take(
    State(web): State<Web>,
    Path((entity, id, column)): Path<(String, String, String)>,
    request: Request,
) -> Answer<Redirect> {
    let (mut parts, body) = request.into_parts();
    let visitor = Visitor::from_request_parts(&mut parts, &web).await?;
    let kind = text(&parts.headers, header::CONTENT_TYPE.as_str());
    let boundary = multer::parse_boundary(kind).map_err(|_| Failure::Unreadable)?;
    let mut form = Multipart::new(body.into_data_stream(), boundary);
    let record = super::record(&entity, &id)?;
    let actor = &visitor.who.actor;
    let mut own = is_own(&visitor, "");
    while let Some(field) = form.next_field().await.map_err(|_| Failure::Unreadable)? {
        match field.name().unwrap_or_default() {
            "csrf" => own = is_own(&visitor, &short(field).await?),
            // Nothing of the file is looked at before the form is known to be the visitor's own.
            _ if !own => return Err(Failure::Forged),
            "remove" => files::remove(&web.app, actor, &record, &column).await?,
            "file" if field.file_name().is_some_and(|it| !it.is_empty()) => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let upload = files::begin(&web.app, actor, &record, &column, &name).await?;
                let kind = field.content_type().map_or_else(String::new, ToString::to_string);
                let size = pour(&web, &upload, field).await?;
                upload.end(&web.app, actor, &kind, size).await?;
            }
            _ => {}
        }
    }
    if !own {
        return Err(Failure::Forged);
    }
    Ok(Redirect::to(&format!("{}?part=details", views::address(&record))))
}

async fn short(mut field: Field<'_>) -> Answer<String> {
    let mut all = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|_| Failure::Unreadable)? {
        all.extend_from_slice(&chunk);
        if all.len() > LARGEST_FIELD {
            return Err(Failure::Unreadable);
        }
    }
    String::from_utf8(all).map_err(|_| Failure::Unreadable)
}

/// Puts the bytes down in pieces; says how many there were.
async fn pour(web: &Web, upload: &Upload, mut field: Field<'_>) -> Answer<u64> {
    let whole = usize::try_from(PIECE).unwrap_or(usize::MAX);
    let (mut at, mut waiting) = (0_u64, Vec::new());
    while let Some(chunk) = field.chunk().await.map_err(|_| Failure::Unreadable)? {
        waiting.extend_from_slice(&chunk);
        while waiting.len() >= whole {
            let rest = waiting.split_off(whole);
            upload.take(&web.app, at, &waiting).await?;
            at += PIECE;
            waiting = rest;
        }
    }
    if !waiting.is_empty() || at == 0 {
        upload.take(&web.app, at, &waiting).await?;
    }
    Ok(at + waiting.len() as u64)
}
