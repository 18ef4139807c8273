//! Columns: which kind, the form.

use super::drop::dropped;
use super::{administrators, field, known, label, repairable, ticked};
use crate::error::{Answer, Failure, again};
use crate::session::{Checked, Fields, Verb, Visitor};
use crate::views::definitions::{self as views, ColumnDraft, Extra, Kind, address, kind};
use crate::web::Web;
use app::definitions;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::definition::Wish;
use domain::entity::{Choice, ColumnDef, EntityDef};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    kind: String,
}

/// First the kind, then what a column of that kind says.
pub async fn new_column(
    State(web): State<Web>,
    visitor: Visitor,
    Path(entity): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    administrators(&visitor)?;
    let def = known(&web, &entity)?;
    let Some(kind) = kind(&asked.kind) else { return Ok(views::kinds(&visitor, def)) };
    let mut draft = sent(kind, &Fields::new());
    if !def.custom {
        "new_".clone_into(&mut draft.name);
    }
    let usual = if kind.name == "memo" { "2000" } else { "200" };
    usual.clone_into(&mut draft.max);
    Ok(views::column_form(&visitor, def, &draft, &targets(&web, &visitor)))
}

/// What people look up: whatever they see in lists, and colleagues.
fn targets(web: &Web, visitor: &Visitor) -> Vec<(String, String)> {
    let all = views::shown(&web.app.catalog);
    let offered = all.filter(|it| it.browsable || it.activities || it.custom || it.name == "systemuser");
    offered.map(|it| (it.name.clone(), visitor.words.entity(it).to_owned())).collect()
}

fn sent(kind: &'static Kind, fields: &Fields) -> ColumnDraft {
    let text = |name: &str| field(fields, name).to_owned();
    ColumnDraft {
        kind,
        name: text("name"),
        en: text("en"),
        sv: text("sv"),
        max: text("max"),
        options: text("options"),
        option_set: None,
        targets: fields.iter().filter(|it| it.0 == "targets").map(|it| it.1.clone()).collect(),
        fixed: vec![],
        required: ticked(fields, "required"),
        search: ticked(fields, "search"),
        list: ticked(fields, "list"),
        known: false,
        trouble: None,
    }
}

fn of(column: &ColumnDef) -> Answer<ColumnDraft> {
    let kind = views::kind(&format!("{:?}", column.kind).to_lowercase()).ok_or(Failure::NOT_FOUND)?;
    let options = column.options.iter().map(|it| format!("{}, {}, {}", it.value, it.label.en, it.label.sv));
    Ok(ColumnDraft {
        kind,
        name: column.name.clone(),
        en: column.label.en.clone(),
        sv: column.label.sv.clone(),
        max: column.max.map_or_else(String::new, |it| it.to_string()),
        options: options.collect::<Vec<_>>().join("\n"),
        option_set: column.option_set.clone(),
        targets: vec![],
        fixed: column.targets.clone(),
        required: column.required,
        search: column.search,
        list: column.list,
        known: true,
        trouble: None,
    })
}

/// The column that was described, beside what is known of it already.
fn described(draft: &ColumnDraft, base: ColumnDef) -> ColumnDef {
    let mut column =
        ColumnDef { label: label(&draft.en, &draft.sv), required: draft.required, list: draft.list, ..base };
    match draft.kind.extra {
        Extra::Length => {
            // What is no number is too long for any text, and said to be.
            column.max = Some(draft.max.parse().unwrap_or(usize::MAX));
            column.search = draft.search;
        }
        Extra::Choices if column.option_set.is_none() => {
            column.options = choices(&draft.options, &column.options);
        }
        Extra::Nothing | Extra::Choices => {}
        Extra::Targets => {
            for target in &draft.targets {
                if !column.targets.contains(target) {
                    column.targets.push(target.clone());
                }
            }
        }
    }
    column
}

/// `1, Small, Liten` on each line. Without a number it gets the next one, without Swedish the English word.
fn choices(text: &str, known: &[Choice]) -> Vec<Choice> {
    let mut all: Vec<Choice> = Vec::new();
    for line in text.lines().map(str::trim).filter(|it| !it.is_empty()) {
        let (number, words) = match line.split_once(',') {
            Some((number, words)) if number.trim().parse::<i64>().is_ok() => {
                (number.trim().parse().ok(), words)
            }
            _ => (None, line),
        };
        let next = || known.iter().chain(&all).map(|it| it.value).max().unwrap_or(0).saturating_add(1);
        let value = number.unwrap_or_else(next);
        let (en, sv) = words.split_once(',').unwrap_or((words, words));
        let state = known.iter().find(|it| it.value == value).and_then(|it| it.state);
        let label = label(en.trim(), sv.trim());
        all.push(Choice { value, label, state });
    }
    all
}

pub async fn make_column(
    State(web): State<Web>,
    Path(entity): Path<String>,
    Checked { visitor, form, .. }: Checked<Fields>,
) -> Answer<Response> {
    administrators(&visitor)?;
    let def = known(&web, &entity)?.clone();
    let kind = kind(field(&form, "kind")).ok_or(Failure::Unreadable)?;
    let draft = sent(kind, &form);
    let base = ColumnDef::new(&draft.name, kind.kind.clone(), label("", ""));
    let wish = Wish::AddColumn { entity, column: described(&draft, base) };
    save(&web, &visitor, &def, wish, draft).await
}

pub async fn column(
    State(web): State<Web>,
    visitor: Visitor,
    Path((entity, column)): Path<(String, String)>,
) -> Answer {
    administrators(&visitor)?;
    let def = known(&web, &entity)?;
    let draft = of(&own(&web, &visitor, &entity, &column).await?)?;
    Ok(views::column_form(&visitor, def, &draft, &targets(&web, &visitor)))
}

/// The column as it was said when it was added.
async fn own(web: &Web, visitor: &Visitor, entity: &str, column: &str) -> Answer<ColumnDef> {
    let own = definitions::own(&web.app, &visitor.who.actor).await?;
    let found = own.columns(entity).iter().find(|it| it.name == column);
    found.cloned().ok_or(Failure::NOT_FOUND)
}

/// PUT changes, DELETE drops.
pub async fn change_column(
    State(web): State<Web>,
    Path((entity, column)): Path<(String, String)>,
    Checked { visitor, verb, form }: Checked<Fields>,
) -> Answer<Response> {
    administrators(&visitor)?;
    match verb {
        Verb::Put => {
            let def = known(&web, &entity)?.clone();
            let base = own(&web, &visitor, &entity, &column).await?;
            let known = of(&base)?;
            let mut draft = sent(known.kind, &form);
            draft.known = true;
            draft.name = column;
            (draft.fixed, draft.option_set) = (known.fixed, known.option_set);
            let wish = Wish::ChangeColumn { entity, column: described(&draft, base) };
            save(&web, &visitor, &def, wish, draft).await
        }
        Verb::Delete => dropped(&web, &visitor, (&entity, Some(&column)), &form, &address(&entity)).await,
        Verb::Post => Err(Failure::Unreadable),
    }
}

async fn save(
    web: &Web,
    visitor: &Visitor,
    def: &EntityDef,
    wish: Wish,
    mut draft: ColumnDraft,
) -> Answer<Response> {
    match definitions::change(&web.app, &visitor.who.actor, wish, None).await {
        Ok(_) => Ok(Redirect::to(&address(&def.name)).into_response()),
        Err(error) => {
            draft.trouble = Some(repairable(error, web, visitor)?);
            Ok(again(views::column_form(visitor, def, &draft, &targets(web, visitor))))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_read_as_people_type_them() {
        let known = [Choice { value: 7, label: label("Old", "Gammal"), state: None }];
        let read = choices("7, Aged, Ålderstigen\n\n Small , Liten, mindre\nLarge\n12,Huge", &known);
        let all: Vec<String> =
            read.iter().map(|it| format!("{} {}/{}", it.value, it.label.en, it.label.sv)).collect();
        assert_eq!(all, ["7 Aged/Ålderstigen", "8 Small/Liten, mindre", "9 Large/Large", "12 Huge/Huge"]);
    }
}
