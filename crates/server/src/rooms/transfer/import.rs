//! Files that become records: taken, looked at, imported in the background while a page tells how far it has come.

use super::manner;
use crate::error::{Answer, Failure, again, problem, sentence};
use crate::session::{Checked, Fields, Verb, Visitor, is_own, text};
use crate::views::transfer::import::{self as view, Choosing, Report};
use crate::web::Web;
use crate::words::Words;
use app::Error;
use app::transfer::kept::{self, Kept, Stage};
use app::transfer::{Fault, Place, Plan, Twins, mapping};
use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::entity::EntityDef;
use formats::sheet::{self, BadSheet, Separator, Sheet};
use multer::{Field, Multipart};
use tracing::error;

/// Bytes of one field beside the file.
const LARGEST_FIELD: usize = 10_000;
/// Seconds after which a browser asks again how far it is.
const AGAIN: HeaderValue = HeaderValue::from_static("1");

fn address(kept: &Kept) -> String {
    format!("/transfer/{}/import/{}", kept.entity, kept.id)
}

fn known<'a>(web: &'a Web, entity: &str) -> Answer<&'a EntityDef> {
    web.app.catalog.get(entity).ok_or(Failure::NOT_FOUND)
}

/// A file as a form sent it.
struct Sent {
    name: String,
    bytes: Vec<u8>,
    /// The list one came from.
    state: String,
}

/// Takes a file out of a form (RFC 7578) and leads to its page.
pub async fn take(State(web): State<Web>, Path(entity): Path<String>, request: Request) -> Answer<Response> {
    let (mut parts, body) = request.into_parts();
    let visitor = Visitor::from_request_parts(&mut parts, &web).await?;
    let kind = text(&parts.headers, header::CONTENT_TYPE.as_str());
    let boundary = multer::parse_boundary(kind).map_err(|_| Failure::Unreadable)?;
    let sent = sent(&visitor, Multipart::new(body.into_data_stream(), boundary)).await?;
    let trouble = if sent.name.is_empty() {
        Some("import-no-file")
    } else {
        Sheet::read(&sent.bytes).err().map(|bad| match bad {
            BadSheet::Empty => "import-empty",
            BadSheet::TooLarge => "import-too-large",
            BadSheet::TooWide => "import-too-wide",
        })
    };
    if let Some(key) = trouble {
        let said = visitor.words.t(key);
        return Ok(again(super::offer(&web, &visitor, &entity, &sent.state, Some(said)).await?));
    }
    let kept = kept::keep(&web.app, &visitor.who.actor, &entity, &sent.name, &sent.bytes).await?;
    Ok(Redirect::to(&address(&kept)).into_response())
}

async fn sent(visitor: &Visitor, mut form: Multipart<'_>) -> Answer<Sent> {
    let mut sent = Sent { name: String::new(), bytes: vec![], state: String::new() };
    let mut own = is_own(visitor, "");
    while let Some(field) = form.next_field().await.map_err(|_| Failure::Unreadable)? {
        match field.name().unwrap_or_default() {
            "csrf" => own = is_own(visitor, &String::from_utf8_lossy(&all(field, LARGEST_FIELD).await?)),
            // Nothing of the file is looked at before the form is known to be the visitor's own.
            _ if !own => return Err(Failure::Forged),
            "state" => {
                sent.state = String::from_utf8_lossy(&all(field, LARGEST_FIELD).await?).into_owned();
            }
            "file" => {
                field.file_name().unwrap_or_default().clone_into(&mut sent.name);
                sent.bytes = all(field, sheet::LARGEST).await?;
            }
            _ => {}
        }
    }
    if own { Ok(sent) } else { Err(Failure::Forged) }
}

/// At most one byte more than the limit, by which it is known to be too large; the rest is read and dropped.
async fn all(mut field: Field<'_>, limit: usize) -> Answer<Vec<u8>> {
    let mut all = Vec::new();
    let mut dropped = 0;
    while let Some(chunk) = field.chunk().await.map_err(|_| Failure::Unreadable)? {
        let room = (limit + 1).saturating_sub(all.len()).min(chunk.len());
        all.extend_from_slice(&chunk[..room]);
        dropped += chunk.len() - room;
        if dropped > 10 * sheet::LARGEST {
            return Err(Failure::Unreadable);
        }
    }
    Ok(all)
}

/// What is to be chosen, how far it has come, or what came of it.
pub async fn import(
    State(web): State<Web>,
    visitor: Visitor,
    Path((entity, id)): Path<(String, String)>,
) -> Answer<Response> {
    let kept = kept::get(&web.app, &visitor.who.actor, &entity, super::super::key(&id)?).await?;
    let def = known(&web, &entity)?;
    match kept.stage(visitor.now) {
        Stage::Choosing => {
            let sheet = kept::sheet(&web.app, &kept).await?;
            let places = mapping::guess(def, &sheet.headings);
            let choosing = Choosing {
                def,
                kept: &kept,
                sheet: &sheet,
                places: &places,
                twins: Twins::Skip,
                trouble: None,
            };
            Ok(view::choosing(&visitor, &choosing).into_response())
        }
        stage => {
            let wrong = kept::report(&web.app, &kept).await?;
            let page = view::outcome(&visitor, &Report { def, kept: &kept, stage, wrong: &wrong });
            let mut response = page.into_response();
            if stage == Stage::Running {
                response.headers_mut().insert(header::REFRESH, AGAIN);
            }
            Ok(response)
        }
    }
}

/// POST begins, or goes on where it stopped; DELETE forgets the file.
pub async fn change(
    State(web): State<Web>,
    Path((entity, id)): Path<(String, String)>,
    Checked { visitor, verb, form }: Checked<Fields>,
) -> Answer<Response> {
    let actor = &visitor.who.actor;
    let mut kept = kept::get(&web.app, actor, &entity, super::super::key(&id)?).await?;
    if verb == Verb::Delete {
        kept::forget(&web.app, &kept).await?;
        return Ok(Redirect::to(&format!("/records/{entity}")).into_response());
    }
    let def = known(&web, &entity)?;
    match kept.stage(visitor.now) {
        Stage::Running | Stage::Ended => return Ok(Redirect::to(&address(&kept)).into_response()),
        Stage::Stopped => kept.begin(&web.app, None).await?,
        Stage::Choosing => {
            let sheet = kept::sheet(&web.app, &kept).await?;
            let plan = plan(&entity, &sheet, &form);
            if let Some(trouble) = faulty(def, &plan, &visitor.words) {
                let (places, twins) = (&plan.places, plan.twins);
                let trouble = Some(trouble);
                let choosing = Choosing { def, kept: &kept, sheet: &sheet, places, twins, trouble };
                return Ok(again(view::choosing(&visitor, &choosing)));
            }
            kept.begin(&web.app, Some(plan)).await?;
        }
    }
    let to = address(&kept);
    run(&web, &visitor, kept);
    Ok(Redirect::to(&to).into_response())
}

fn plan(entity: &str, sheet: &Sheet, form: &Fields) -> Plan {
    let field = |name: &str| form.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str());
    let twins = match field("twins") {
        "update" => Twins::Update,
        "make" => Twins::Make,
        _ => Twins::Skip,
    };
    let place = |at: usize| field(&format!("place.{at}")).parse().ok();
    Plan { entity: entity.to_owned(), places: (0..sheet.headings.len()).map(place).collect(), twins }
}

/// Why it makes no sense.
fn faulty(def: &EntityDef, plan: &Plan, words: &Words) -> Option<String> {
    let chosen: Vec<&Place> = plan.places.iter().flatten().filter(|it| mapping::fits(def, it)).collect();
    let twice = chosen.iter().enumerate().find(|(at, it)| chosen[..*at].contains(it));
    match twice {
        Some((_, place)) => {
            let name = view::called(def, place, words);
            Some(words.with("import-twice", &[("column", name.into())]))
        }
        None if chosen.iter().all(|it| **it == Place::Key) => Some(words.t("import-nothing-chosen")),
        None => None,
    }
}

/// In the background: the page asks how far it is.
fn run(web: &Web, visitor: &Visitor, kept: Kept) {
    let (web, words, actor) = (web.clone(), visitor.words, visitor.who.actor.clone());
    tokio::spawn(async move {
        let id = kept.id;
        let say = |it: &Fault| said(it, &web, &words);
        match kept.run(&web.app, &actor, &manner(&words, '.'), &say).await {
            // Somebody else goes on with it.
            Ok(_) | Err(Error::Changed) => {}
            Err(error) => error!(import.id = %id, "An import stopped: {error:#}"),
        }
    });
}

/// Why a row was left out, in the reader's language.
fn said(fault: &Fault, web: &Web, words: &Words) -> String {
    match fault {
        Fault::Of(it) => problem(it, words),
        Fault::Several { .. } => words.t("import-several"),
        Fault::SeveralTwins => words.t("import-several-twins"),
        Fault::NoKey => words.t("import-no-key"),
        Fault::Failed(error) => sentence(error, web, words),
    }
}

/// What went wrong, as a file.
pub async fn report(
    State(web): State<Web>,
    visitor: Visitor,
    Path((entity, id)): Path<(String, String)>,
) -> Answer<Response> {
    let kept = kept::get(&web.app, &visitor.who.actor, &entity, super::super::key(&id)?).await?;
    let words = &visitor.words;
    let separator = match super::format("csv", words) {
        Some(super::Format::Csv(separator)) => separator,
        _ => Separator::Comma,
    };
    let headings = ["import-line", "import-column", "import-why"].map(|it| words.t(it));
    let mut text = format!("{}{}", sheet::MARK, sheet::line(headings, separator));
    for it in kept::report(&web.app, &kept).await? {
        let cells = [it.line.to_string(), sheet::guarded(&it.column).into_owned(), it.sentence];
        text.push_str(&sheet::line(cells, separator));
    }
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"report.csv\"")),
    ];
    Ok((headers, text).into_response())
}
