//! What has to be done for a change of definitions, in the order in which it is done.

use super::Definitions;
use crate::entity::{Catalog, ColumnDef, EntityDef, FieldKind, KeyDef};
use std::fmt;

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    DropKey {
        entity: String,
        key: String,
    },
    DropColumn {
        entity: String,
        column: String,
    },
    DropEntity {
        entity: String,
    },
    DropOptionSet {
        name: String,
    },
    AddOptionSet {
        name: String,
    },
    ChangeOptionSet {
        name: String,
    },
    AddEntity {
        entity: String,
    },
    ChangeEntity {
        entity: String,
    },
    AddColumn {
        entity: String,
        column: String,
    },
    ChangeColumn {
        entity: String,
        column: String,
    },
    AddKey {
        entity: String,
        key: String,
    },
    ChangeGrants {
        entity: String,
    },
    /// A lookup that led to one type leads to several from now on: what it holds led to this one.
    SayType {
        entity: String,
        column: String,
        target: String,
    },
    /// Quick find looks elsewhere for these records.
    Index {
        entity: String,
    },
}

impl Step {
    /// Something that records may hold is lost.
    pub fn is_drop(&self) -> bool {
        matches!(self, Step::DropEntity { .. } | Step::DropColumn { .. })
    }
}

impl fmt::Display for Step {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::DropKey { entity, key } => write!(out, "Drop the key {key} of {entity}"),
            Step::DropColumn { entity, column } => write!(out, "Drop the column {entity}.{column}"),
            Step::DropEntity { entity } => write!(out, "Drop the type {entity}"),
            Step::DropOptionSet { name } => write!(out, "Drop the list of choices {name}"),
            Step::AddOptionSet { name } => write!(out, "Add the list of choices {name}"),
            Step::ChangeOptionSet { name } => write!(out, "Change the list of choices {name}"),
            Step::AddEntity { entity } => write!(out, "Add the type {entity}"),
            Step::ChangeEntity { entity } => write!(out, "Change the type {entity}"),
            Step::AddColumn { entity, column } => write!(out, "Add the column {entity}.{column}"),
            Step::ChangeColumn { entity, column } => write!(out, "Change the column {entity}.{column}"),
            Step::AddKey { entity, key } => write!(out, "Add the key {key} to {entity}"),
            Step::ChangeGrants { entity } => write!(out, "Change what roles may do with {entity}"),
            Step::SayType { entity, column, .. } => {
                write!(out, "Note the type of what {entity}.{column} leads to")
            }
            Step::Index { entity } => write!(out, "Make the words for quick find of {entity} again"),
        }
    }
}

/// `catalogs`: before and after.
pub(super) fn steps(before: &Definitions, after: &Definitions, catalogs: (&Catalog, &Catalog)) -> Vec<Step> {
    let mut steps = Vec::new();
    drops(before, after, &mut steps);
    for (name, set) in &after.option_sets {
        match before.option_sets.get(name) {
            None => steps.push(Step::AddOptionSet { name: name.clone() }),
            Some(was) if was != set => steps.push(Step::ChangeOptionSet { name: name.clone() }),
            Some(_) => {}
        }
    }
    for (entity, def) in &after.entities {
        match before.entities.get(entity) {
            None => steps.push(Step::AddEntity { entity: entity.clone() }),
            Some(was) => {
                if head(was) != head(def) {
                    steps.push(Step::ChangeEntity { entity: entity.clone() });
                }
                inside(entity, (before, after), &mut steps);
            }
        }
    }
    for entity in after.extensions.keys() {
        inside(entity, (before, after), &mut steps);
    }
    for (entity, grants) in &after.grants {
        if before.grants.get(entity) != Some(grants) {
            steps.push(Step::ChangeGrants { entity: entity.clone() });
        }
    }
    consequences(catalogs, &mut steps);
    steps
}

/// A type without its columns and keys.
fn head(def: &EntityDef) -> EntityDef {
    EntityDef { columns: vec![], keys: vec![], ..def.clone() }
}

fn drops(before: &Definitions, after: &Definitions, steps: &mut Vec<Step>) {
    for entity in before.entities.keys().chain(before.extensions.keys()) {
        if before.entities.contains_key(entity) && !after.entities.contains_key(entity) {
            continue;
        }
        for key in gone(before.keys(entity), after.keys(entity), |it: &KeyDef| &it.name) {
            steps.push(Step::DropKey { entity: entity.clone(), key });
        }
        for column in gone(before.columns(entity), after.columns(entity), |it: &ColumnDef| &it.name) {
            steps.push(Step::DropColumn { entity: entity.clone(), column });
        }
    }
    for entity in before.entities.keys().filter(|it| !after.entities.contains_key(*it)) {
        steps.push(Step::DropEntity { entity: entity.clone() });
    }
    for name in before.option_sets.keys().filter(|it| !after.option_sets.contains_key(*it)) {
        steps.push(Step::DropOptionSet { name: name.clone() });
    }
}

fn gone<T>(before: &[T], after: &[T], name: fn(&T) -> &String) -> Vec<String> {
    before.iter().map(name).filter(|it| !after.iter().any(|other| name(other) == *it)).cloned().collect()
}

/// Columns and keys of a type that is there already.
fn inside(entity: &str, (before, after): (&Definitions, &Definitions), steps: &mut Vec<Step>) {
    let entity = || entity.to_owned();
    for column in after.columns(&entity()) {
        match before.columns(&entity()).iter().find(|it| it.name == column.name) {
            None => steps.push(Step::AddColumn { entity: entity(), column: column.name.clone() }),
            Some(was) if was != column => {
                steps.push(Step::ChangeColumn { entity: entity(), column: column.name.clone() });
            }
            Some(_) => {}
        }
    }
    for key in after.keys(&entity()) {
        match before.keys(&entity()).iter().find(|it| it.name == key.name) {
            Some(was) if was == key => {}
            Some(_) | None => steps.push(Step::AddKey { entity: entity(), key: key.name.clone() }),
        }
    }
}

/// What follows for records that are there.
fn consequences((before, after): (&Catalog, &Catalog), steps: &mut Vec<Step>) {
    for def in after.all() {
        let Some(was) = before.get(&def.name) else { continue };
        for column in def.columns.iter().filter(|it| it.kind == FieldKind::Lookup && it.has_type_column()) {
            if let Some([target]) = was.column(&column.name).map(|it| it.targets.as_slice()) {
                steps.push(Step::SayType {
                    entity: def.name.clone(),
                    column: column.name.clone(),
                    target: target.clone(),
                });
            }
        }
        let searched = |def: &EntityDef, other: &EntityDef| -> Vec<String> {
            let there = |it: &&ColumnDef| it.search && other.column(&it.name).is_some();
            def.columns.iter().filter(there).map(|it| it.name.clone()).collect()
        };
        let dropped = was.columns.iter().any(|it| it.search && def.column(&it.name).is_none());
        if searched(was, def) != searched(def, was) || dropped {
            steps.push(Step::Index { entity: def.name.clone() });
        }
    }
}
