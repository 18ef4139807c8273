//! What was typed into a form, and what it means: values for the operation, or the form again with what to repair.

use crate::error::{Answer, problem};
use crate::session::{Fields, Visitor};
use crate::views::field::{self, Draft, Names};
use crate::web::Web;
use app::Problem;
use app::pane::Named;
use domain::entity::{ColumnDef, EntityDef, FieldKind};
use domain::id::RecordRef;
use domain::record::{Record, Value, Values};
use domain::text::folded;
use std::collections::BTreeMap;

pub type Drafts = BTreeMap<String, Draft>;

/// A form without anything in it but the records that `given` names for lookups.
pub async fn fresh(web: &Web, visitor: &Visitor, def: &EntityDef, given: &Fields) -> Answer<Drafts> {
    let mut record = Record::new(def.name.clone(), domain::id::Guid::NIL);
    for (name, text) in given {
        let column = def.column(name).filter(|it| it.kind == FieldKind::Lookup);
        let leads = |it: &RecordRef| column.is_some_and(|column| column.targets.contains(&it.entity));
        if let Some(target) = text.parse().ok().filter(leads) {
            record.values.insert(name.clone(), Value::Ref(target));
        }
    }
    let pointed: Vec<RecordRef> = record.values.values().filter_map(Value::record).cloned().collect();
    let names = app::records::names(&web.app, &visitor.who.actor, &pointed).await?;
    // What the visitor may not see is not there.
    record.values.retain(|_, value| value.record().is_some_and(|it| names.contains_key(it)));
    of(web, visitor, def, &record, &names).await
}

/// A record's form.
pub async fn of(
    web: &Web,
    visitor: &Visitor,
    def: &EntityDef,
    record: &Record,
    names: &Names,
) -> Answer<Drafts> {
    let mut drafts = Drafts::new();
    for column in def.form() {
        let mut draft = field::written(column, record.get(&column.name), names, &visitor.words);
        if column.kind == FieldKind::Lookup {
            draft.choices = choices(web, visitor, &column.targets, "").await?;
        }
        drafts.insert(column.name.clone(), draft);
    }
    Ok(drafts)
}

/// A form as it was sent.
pub struct Sent {
    /// What is to be written, when nothing has a problem.
    pub values: Values,
    /// What to show again otherwise.
    pub drafts: Drafts,
}

impl Sent {
    pub fn has_problems(&self) -> bool {
        self.drafts.values().any(|it| it.problem.is_some())
    }

    /// Puts the operation's own problems at their fields. Returns those that belong to none.
    pub fn blame(&mut self, problems: &[Problem], visitor: &Visitor) -> Vec<String> {
        let mut rest = vec![];
        for it in problems {
            let sentence = problem(it, &visitor.words);
            match self.drafts.get_mut(it.column()) {
                Some(draft) => draft.problem = Some(sentence),
                None => rest.push(sentence),
            }
        }
        rest
    }
}

/// Reads what was sent. A column that the form did not carry stays as it is.
pub async fn sent(web: &Web, visitor: &Visitor, def: &EntityDef, fields: &Fields) -> Answer<Sent> {
    let mut sent = Sent { values: Values::new(), drafts: Drafts::new() };
    for column in def.form() {
        if fields.iter().all(|it| it.0 != column.name) {
            continue;
        }
        let (read, draft) = one(web, visitor, column, fields).await?;
        if let Ok(value) = read {
            sent.values.insert(column.name.clone(), value);
        }
        sent.drafts.insert(column.name.clone(), draft);
    }
    Ok(sent)
}

/// One field without anything in it.
pub async fn empty(web: &Web, visitor: &Visitor, column: &ColumnDef) -> Answer<Draft> {
    let choices = if column.kind == FieldKind::Lookup {
        choices(web, visitor, &column.targets, "").await?
    } else {
        vec![]
    };
    Ok(Draft { choices, ..Draft::default() })
}

/// One field as it was sent: its value, and how to show it again.
pub async fn one(
    web: &Web,
    visitor: &Visitor,
    column: &ColumnDef,
    fields: &Fields,
) -> Answer<(Result<Value, Problem>, Draft)> {
    // The last one counts: an unchecked box sends only the hidden field before it.
    let text = fields.iter().rev().find(|it| it.0 == column.name).map_or("", |it| it.1.as_str());
    // Of boxes to tick, each ticked one sends a field of its own.
    let ticked = fields.iter().filter(|it| it.0 == column.name && !it.1.is_empty());
    let all: Vec<&str> = ticked.map(|it| it.1.as_str()).collect();
    let text = if column.kind == FieldKind::Choices { all.join(",") } else { text.to_owned() };
    let mut draft = Draft { text: text.clone(), ..Draft::default() };
    let read = if column.kind == FieldKind::Lookup {
        lookup(web, visitor, column, fields, &mut draft).await?
    } else {
        field::read(column, &text, &visitor.words)
    };
    match &read {
        Ok(Value::Null) if column.required => {
            let missing = Problem::Missing { column: column.name.clone() };
            draft.problem = Some(problem(&missing, &visitor.words));
            return Ok((Err(missing), draft));
        }
        Ok(_) => {}
        Err(_) if field::is_too_large(column, &text) => {
            draft.problem = Some(visitor.words.t("problem-too-large"));
        }
        // A lookup that asks says so in its own words.
        Err(it) => draft.problem = draft.problem.or_else(|| Some(problem(it, &visitor.words))),
    }
    Ok((read, draft))
}

/// What is typed into a lookup is a name. An untouched one stays the record it was; one that fits several asks which.
async fn lookup(
    web: &Web,
    visitor: &Visitor,
    column: &ColumnDef,
    fields: &Fields,
    draft: &mut Draft,
) -> Answer<Result<Value, Problem>> {
    let field = |name: &str| fields.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str());
    let picked: Option<RecordRef> = field(&field::pick_field(column)).parse().ok();
    let chosen: Option<RecordRef> = field(&field::chosen_field(column)).parse().ok();
    let was = field(&field::name_field(column)).to_owned();
    let text = draft.text.trim().to_owned();
    draft.chosen = chosen.map(|record| Named { record, name: was.clone() });
    if text.is_empty() {
        return Ok(Ok(Value::Null));
    }
    // What was picked answers the question that was asked: about other words it says nothing.
    let asked = field(&field::asked_field(column)).trim() == text;
    if let Some(record) = picked.filter(|it| asked && column.targets.contains(&it.entity)) {
        draft.chosen = Some(Named { record: record.clone(), name: text });
        return Ok(Ok(Value::Ref(record)));
    }
    if let Some(chosen) = draft.chosen.as_ref().filter(|it| it.name.trim() == text) {
        return Ok(Ok(Value::Ref(chosen.record.clone())));
    }
    let found = choices(web, visitor, &column.targets, &text).await?;
    let exact: Vec<Named> = found.iter().filter(|it| folded(&it.name) == folded(&text)).cloned().collect();
    let meant = if exact.is_empty() { found } else { exact };
    Ok(match meant.as_slice() {
        [] => Err(Problem::NoRecord { column: column.name.clone() }),
        [one] => {
            draft.text.clone_from(&one.name);
            draft.chosen = Some(one.clone());
            Ok(Value::Ref(one.record.clone()))
        }
        _ => {
            draft.asks = true;
            draft.problem = Some(visitor.words.t("form-which"));
            draft.choices = meant;
            Err(Problem::NoRecord { column: column.name.clone() })
        }
    })
}

/// Records of these types whose names the words begin. A type that one may not read offers nothing.
pub async fn choices(web: &Web, visitor: &Visitor, targets: &[String], text: &str) -> Answer<Vec<Named>> {
    let mut all = vec![];
    for target in targets.iter().filter(|it| web.app.catalog.get(it).is_some()) {
        match app::records::choices(&web.app, &visitor.who.actor, target, text).await {
            Ok(found) => all.extend(found),
            Err(app::Error::NotAllowed | app::Error::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(all)
}
