//! The gaps of a template are filled from the record it is about (9.5, PA-40).

use super::Refusal;
use crate::{App, Error, Result, records};
use domain::entity::{ColumnDef, EntityDef, FieldKind};
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor};
use domain::record::{Record, Value};
use domain::template::{Filling, Gap, filled, gaps};
use std::collections::{BTreeMap, BTreeSet};

/// What a message begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub template: Guid,
    pub subject: String,
    pub body: String,
}

/// How a value that is no text is written for the reader: `None` when it is not his to see.
pub type Written<'a> = dyn Fn(&ColumnDef, &Value, &BTreeMap<RecordRef, String>) -> Option<String> + Sync + 'a;

/// Fills the template from the record, from those that its lookups lead to, and from the user (`{!user:fullname;}`), as far
/// as the actor may read them. In HTML the values are escaped.
pub async fn fill_in(
    app: &App,
    actor: &Actor,
    template: Guid,
    about: &RecordRef,
    written: &Written<'_>,
) -> Result<Letter> {
    // Know
    let found = read(app, actor, &RecordRef::new("template", template)).await?.ok_or(Error::NotFound)?;
    let record = read(app, actor, about).await?.ok_or(Error::NotFound)?;
    let wanted = found.text("templatetypecode");
    if !matches!(wanted, "" | "systemuser") && wanted != about.entity {
        return Err(Refusal::OtherType { wanted: wanted.to_owned() }.into());
    }
    let (subject, body) = (found.text("subject"), found.text("body"));
    let wished: BTreeSet<Gap> = gaps(subject).into_iter().chain(gaps(body)).collect();
    let sources = sources(app, actor, record, &wished).await?;
    let pointed = sources.values().flat_map(|it| it.values.values()).filter_map(Value::record);
    let names = records::names(app, actor, &pointed.cloned().collect::<Vec<_>>()).await?;

    // Decide
    let filling = |gap: &Gap| {
        let source = sources.get(&source_name(gap)).and_then(|it| Some((it, app.catalog.get(&it.entity)?)));
        source.map_or(Filling::Unknown, |(record, def)| value(def, record, gap, &names, written))
    };
    let escaped = |gap: &Gap| match filling(gap) {
        Filling::Text(text) => Filling::Text(escape(&text)),
        other => other,
    };
    let is_html = formats::mime::looks_like_html(body);
    let body = if is_html { filled(body, escaped) } else { filled(body, filling) };
    Ok(Letter { template, subject: filled(subject, filling), body })
}

async fn read(app: &App, actor: &Actor, record: &RecordRef) -> Result<Option<Record>> {
    app.catalog.get(&record.entity).ok_or(Error::NotFound)?;
    let scope = actor.scope(Action::Read, &record.entity);
    Ok(store::records::get(&app.db, &app.catalog, record, &scope).await?)
}

/// By which name a gap's record is known among the sources; the empty one is the record the letter is about.
fn source_name(gap: &Gap) -> String {
    gap.entity.clone().unwrap_or_default()
}

async fn sources(
    app: &App,
    actor: &Actor,
    about: Record,
    wanted: &BTreeSet<Gap>,
) -> Result<BTreeMap<String, Record>> {
    let mut sources = BTreeMap::new();
    for name in wanted.iter().filter_map(|it| it.entity.clone()).collect::<BTreeSet<_>>() {
        if name == about.entity {
            sources.insert(name, about.clone());
            continue;
        }
        let record = match name.as_str() {
            "user" | "systemuser" => Some(RecordRef::new("systemuser", actor.user())),
            _ => leading_to(app, &about, &name),
        };
        if let Some(record) = record {
            sources.extend(read(app, actor, &record).await?.map(|it| (name, it)));
        }
    }
    sources.insert(String::new(), about);
    Ok(sources)
}

/// The first lookup of the record that leads to one of this type.
fn leading_to(app: &App, about: &Record, entity: &str) -> Option<RecordRef> {
    let def = app.catalog.get(&about.entity)?;
    let lookups = def.columns.iter().filter_map(|it| about.get(&it.name).record());
    lookups.into_iter().find(|it| it.entity == entity).cloned()
}

fn value(
    def: &EntityDef,
    record: &Record,
    gap: &Gap,
    names: &BTreeMap<RecordRef, String>,
    written: &Written<'_>,
) -> Filling {
    let Some(column) = def.column(&gap.column).filter(|it| it.kind != FieldKind::Key) else {
        return Filling::Unknown;
    };
    match record.get(&column.name) {
        Value::Null => Filling::Empty,
        Value::Text(text) if column.kind != FieldKind::File => Filling::Text(text.clone()),
        value => written(column, value, names).map_or(Filling::Empty, Filling::Text),
    }
}

fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, it| {
        match it {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            it => out.push(it),
        }
        out
    })
}
