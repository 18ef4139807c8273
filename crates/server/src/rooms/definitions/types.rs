//! Types: the list, a page for each, the form.

use super::drop::dropped;
use super::{administrators, field, known, label, repairable, ticked};
use crate::error::{Answer, Failure, again};
use crate::session::{Checked, Fields, Verb, Visitor};
use crate::views::definitions::{self as views, HERE, TypeDraft, address};
use crate::web::Web;
use app::definitions;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use domain::definition::Wish;
use domain::entity::{ColumnDef, EntityDef, FieldKind, Ownership};

pub async fn list(State(web): State<Web>, visitor: Visitor) -> Answer {
    administrators(&visitor)?;
    Ok(views::list(&visitor, &web.app.catalog))
}

pub async fn of_type(State(web): State<Web>, visitor: Visitor, Path(entity): Path<String>) -> Answer {
    administrators(&visitor)?;
    Ok(views::of_type(&visitor, known(&web, &entity)?, &web.app.catalog))
}

/// Everything that was added, as a file for `regarding entity apply`.
pub async fn export(State(web): State<Web>, visitor: Visitor) -> Answer<Response> {
    let text = definitions::export(&web.app, &visitor.who.actor, None).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/toml; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"types.toml\""),
    ];
    Ok((headers, text).into_response())
}

pub async fn new(visitor: Visitor) -> Answer {
    administrators(&visitor)?;
    let draft = TypeDraft {
        icon: "project".to_owned(),
        activities: true,
        connections: true,
        browsable: true,
        ..TypeDraft::default()
    };
    Ok(views::type_form(&visitor, &draft))
}

pub async fn edit(State(web): State<Web>, visitor: Visitor, Path(entity): Path<String>) -> Answer {
    administrators(&visitor)?;
    let def = known(&web, &entity)?;
    if !def.custom {
        return Err(Failure::NOT_FOUND);
    }
    Ok(views::type_form(&visitor, &of(def)))
}

fn of(def: &EntityDef) -> TypeDraft {
    TypeDraft {
        name: def.name.clone(),
        en: def.label.en.clone(),
        sv: def.label.sv.clone(),
        plural_en: def.plural.en.clone(),
        plural_sv: def.plural.sv.clone(),
        organization: def.ownership == Ownership::Organization,
        icon: def.icon.clone(),
        activities: def.activities,
        connections: def.connections,
        browsable: def.browsable,
        known: true,
        trouble: None,
    }
}

fn sent(fields: &Fields) -> TypeDraft {
    let text = |name: &str| field(fields, name).to_owned();
    TypeDraft {
        name: text("name"),
        en: text("en"),
        sv: text("sv"),
        plural_en: text("plural_en"),
        plural_sv: text("plural_sv"),
        organization: field(fields, "ownership") == "organization",
        icon: text("icon"),
        activities: ticked(fields, "activities"),
        connections: ticked(fields, "connections"),
        browsable: ticked(fields, "browsable"),
        known: false,
        trouble: None,
    }
}

/// The type that was described, beside what is known of it already.
fn described(draft: &TypeDraft, base: EntityDef) -> EntityDef {
    EntityDef {
        label: label(&draft.en, &draft.sv),
        plural: label(&draft.plural_en, &draft.plural_sv),
        icon: if draft.icon.is_empty() { base.icon.clone() } else { draft.icon.clone() },
        activities: draft.activities,
        connections: draft.connections,
        browsable: draft.browsable,
        ..base
    }
}

pub async fn make(
    State(web): State<Web>,
    Checked { visitor, form, .. }: Checked<Fields>,
) -> Answer<Response> {
    let draft = sent(&form);
    let name = ColumnDef {
        max: Some(160),
        required: true,
        search: true,
        list: true,
        ..ColumnDef::new("name", FieldKind::Text, label("Name", "Namn"))
    };
    let empty = label("", "");
    let mut def = EntityDef { columns: vec![name], ..EntityDef::new(&draft.name, empty.clone(), empty) };
    if draft.organization {
        def.ownership = Ownership::Organization;
    }
    save(&web, &visitor, Wish::AddEntity(described(&draft, def)), draft).await
}

/// PUT changes, DELETE drops.
pub async fn change(
    State(web): State<Web>,
    Path(entity): Path<String>,
    Checked { visitor, verb, form }: Checked<Fields>,
) -> Answer<Response> {
    administrators(&visitor)?;
    match verb {
        Verb::Put => {
            let own = definitions::own(&web.app, &visitor.who.actor).await?;
            let base = own.entities.get(&entity).ok_or(Failure::NOT_FOUND)?;
            let draft = TypeDraft { name: entity, known: true, ..sent(&form) };
            let base = EntityDef { columns: vec![], keys: vec![], ..base.clone() };
            save(&web, &visitor, Wish::ChangeEntity(described(&draft, base)), draft).await
        }
        Verb::Delete => dropped(&web, &visitor, (&entity, None), &form, HERE).await,
        Verb::Post => Err(Failure::Unreadable),
    }
}

async fn save(web: &Web, visitor: &Visitor, wish: Wish, mut draft: TypeDraft) -> Answer<Response> {
    match definitions::change(&web.app, &visitor.who.actor, wish, None).await {
        Ok(_) => Ok(Redirect::to(&address(&draft.name)).into_response()),
        Err(error) => {
            draft.trouble = Some(repairable(error, web, visitor)?);
            Ok(again(views::type_form(visitor, &draft)))
        }
    }
}
