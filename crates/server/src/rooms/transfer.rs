//! Lists out into files; the door to bringing files in.

mod import;

pub use import::{change, import, report, take};

use super::lists::arrange;
use crate::error::{Answer, Failure};
use crate::session::{Fields, Visitor};
use crate::views::list::state::State;
use crate::views::transfer::{self, Offer};
use crate::web::Web;
use crate::words::{Language, Words};
use app::lists::Wanted;
use app::transfer::Manner;
use app::transfer::export::{Export, Format, Headings, all_columns};
use axum::body::Body;
use axum::extract::{Path, Query, RawQuery, State as Here};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::privilege::Actor;
use formats::sheet::Separator;
use futures::stream;
use maud::Markup;

/// What can be had of a list, and brought into it. The query is the list's.
pub async fn page(
    Here(web): Here<Web>,
    visitor: Visitor,
    Path(entity): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    offer(&web, &visitor, &entity, query.as_deref().unwrap_or_default(), None).await
}

async fn offer(
    web: &Web,
    visitor: &Visitor,
    entity: &str,
    query: &str,
    trouble: Option<String>,
) -> Answer<Markup> {
    let arranged = arrange(web, visitor, entity, State::of_query(query)).await?;
    let takes = app::transfer::import::takes(&visitor.who.actor, &arranged.def);
    Ok(transfer::page(visitor, &Offer { def: &arranged.def, state: &arranged.state, takes, trouble }))
}

/// The list as a file, page by page as the browser takes it.
pub async fn export(
    Here(web): Here<Web>,
    visitor: Visitor,
    Path(entity): Path<String>,
    Query(asked): Query<Fields>,
) -> Answer<Response> {
    let field = |name: &str| asked.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str());
    let arranged = arrange(&web, &visitor, &entity, State::of_query(field("state"))).await?;
    let columns = match field("columns") {
        "all" => all_columns(&arranged.def),
        _ => arranged.wanted.columns.clone(),
    };
    let format = format(field("format"), &visitor.words).ok_or(Failure::Unreadable)?;
    let (point, ending, kind) = match format {
        Format::Csv(Separator::Semicolon) => (',', "csv", "text/csv; charset=utf-8"),
        Format::Csv(_) => ('.', "csv", "text/csv; charset=utf-8"),
        Format::Json => ('.', "json", "application/json"),
    };
    let wanted = Wanted { columns, ..arranged.wanted };
    let manner = manner(&visitor.words, point);
    let mut export = Export::new(&web.app, wanted, format, Headings::Labels, manner)?;
    let actor = visitor.who.actor.clone();
    // The first piece before the answer begins: a refusal is still one then.
    let first = export.next(&web.app, &actor).await?;
    let name =
        format!("{}-{}.{ending}", arranged.def.set, visitor.now.to_string().get(..10).unwrap_or_default());
    let mut response = Body::from_stream(pieces(web, actor, export, first)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let disposition = format!("attachment; filename=\"{name}\"");
    headers.insert(
        header::CONTENT_DISPOSITION,
        disposition.parse().unwrap_or(HeaderValue::from_static("attachment")),
    );
    Ok(response)
}

fn pieces(
    web: Web,
    actor: Actor,
    export: Export,
    first: Option<String>,
) -> impl futures::Stream<Item = app::Result<String>> + Send {
    stream::try_unfold((web, actor, export, first), |(web, actor, mut export, first)| async move {
        let piece = match first {
            Some(piece) => Some(piece),
            None => export.next(&web.app, &actor).await?,
        };
        Ok(piece.map(|it| (it, (web, actor, export, None))))
    })
}

/// `csv` is what a spreadsheet in the reader's language expects.
fn format(said: &str, words: &Words) -> Option<Format> {
    Some(match (said, words.language) {
        ("csv-comma", _) | ("csv" | "", Language::English) => Format::Csv(Separator::Comma),
        ("csv-semicolon", _) | ("csv" | "", Language::Swedish) => Format::Csv(Separator::Semicolon),
        ("csv-tab", _) => Format::Csv(Separator::Tab),
        ("json", _) => Format::Json,
        _ => return None,
    })
}

/// As this reader writes.
pub fn manner(words: &Words, point: char) -> Manner {
    let label: fn(&domain::entity::Label) -> &str = match words.language {
        Language::English => |it| &it.en,
        Language::Swedish => |it| &it.sv,
    };
    Manner { label, yes: words.t("yes"), no: words.t("no"), zone: words.zone, point }
}
