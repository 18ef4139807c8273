//! The stored e-mail: the copy that colleagues read.

use crate::mail::{AttachmentRow, Mark, aside, cid_urls, framed};
use crate::pane::{Copy, Named};
use crate::{App, Error, Result};
use domain::correlate::Content;
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor};
use domain::record::{Record, Value};
use formats::mime::{Attachment, Images};
use std::collections::BTreeMap;
use store::content::{self, Part};

#[derive(Debug, Clone)]
pub struct EmailView {
    pub record: Record,
    pub names: BTreeMap<RecordRef, String>,
    pub mark: Mark,
    pub parties: Vec<Party>,
    pub attachments: Vec<AttachmentRow>,
    pub html: bool,
    /// The text body as safe HTML, when there is no HTML.
    pub text: Option<String>,
    pub tracking: Option<Copy>,
}

#[derive(Debug, Clone)]
pub struct Party {
    pub part: domain::envelope::Part,
    pub name: String,
    pub address: String,
    /// `None`: unresolved, or not this reader's to see.
    pub record: Option<Named>,
}

pub async fn read(app: &App, actor: &Actor, email: Guid) -> Result<EmailView> {
    let record = visible(app, actor, email).await?;
    let (parties, attachments, text, html, copy) = tokio::try_join!(
        async { Ok(store::email::parties(&app.db, email).await?) },
        async { Ok(store::email::attachments(&app.db, email).await?) },
        async { Ok(content::get(&app.db, email, Part::Text).await?) },
        async { Ok(content::get(&app.db, email, Part::Html).await?) },
        crate::pane::copy_of(app, actor, email),
    )?;
    let mut pointed: Vec<RecordRef> = record.values.values().filter_map(Value::record).cloned().collect();
    pointed.extend(parties.iter().filter_map(|it| it.record.clone()));
    let names = crate::records::names(app, actor, &pointed).await?;
    let (mark, tracking) = match copy {
        Some((mark, copy)) => (mark, Some(copy)),
        None => (Mark::None, None),
    };
    let text = match text.filter(|_| html.is_none()) {
        Some(text) => {
            Some(aside(move || formats::mime::text_to_html(&String::from_utf8_lossy(&text))).await?)
        }
        None => None,
    };
    Ok(EmailView {
        parties: parties.into_iter().map(|it| party(it, &names)).collect(),
        attachments: (0..).zip(attachments).map(|(number, it)| row(number, it)).collect(),
        html: html.is_some(),
        text,
        record,
        names,
        mark,
        tracking,
    })
}

/// The e-mail's row, when the reader may see it.
async fn visible(app: &App, actor: &Actor, email: Guid) -> Result<Record> {
    let scope = actor.scope(Action::Read, "email");
    let record = RecordRef::new("email", email);
    store::records::get(&app.db, &app.catalog, &record, &scope).await?.ok_or(Error::NotFound)
}

fn party(it: store::email::Party, names: &BTreeMap<RecordRef, String>) -> Party {
    let record = it.record.and_then(|record| Some(Named { name: names.get(&record)?.clone(), record }));
    Party { part: it.part, name: it.name, address: it.address, record }
}

fn row(number: usize, it: store::email::Attachment) -> AttachmentRow {
    AttachmentRow { number, filename: it.filename, mimetype: it.mimetype, size: it.size, inline: it.inline }
}

/// As [`crate::mail::html`], of the copy.
pub async fn html(
    app: &App,
    actor: &Actor,
    email: Guid,
    images: Images,
    cid_url: &(dyn Fn(usize) -> String + Sync),
) -> Result<String> {
    visible(app, actor, email).await?;
    let html = content::get(&app.db, email, Part::Html).await?.ok_or(Error::NotFound)?;
    let attachments = store::email::attachments(&app.db, email).await?;
    let urls = cid_urls(attachments.into_iter().map(|it| it.content_id), cid_url);
    aside(move || framed(&String::from_utf8_lossy(&html), images, &urls)).await
}

pub async fn attachment(app: &App, actor: &Actor, email: Guid, number: usize) -> Result<Attachment> {
    visible(app, actor, email).await?;
    let rows = store::email::attachments(&app.db, email).await?;
    let row = rows.into_iter().nth(number).ok_or(Error::NotFound)?;
    let part = Part::Attachment(u32::try_from(number).map_err(|_| Error::NotFound)?);
    Ok(Attachment {
        filename: row.filename,
        mimetype: row.mimetype,
        content_id: row.content_id,
        inline: row.inline,
        bytes: content::get(&app.db, email, part).await?.unwrap_or_default(),
    })
}

/// The message as it came, byte for byte. Not there yet while the copy is pending.
pub async fn raw(app: &App, actor: &Actor, email: Guid) -> Result<Vec<u8>> {
    let record = visible(app, actor, email).await?;
    match content::get(&app.db, email, Part::Raw).await? {
        Some(raw) => Ok(raw),
        // A message without a single byte is one, too.
        None if record.get("contentstate").int() == Some(Content::Stored.code()) => Ok(vec![]),
        None => Err(Error::NotFound),
    }
}
