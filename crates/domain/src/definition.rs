//! What a customer adds to the types that come with the product, and how that may change: types of their own, columns and
//! alternate keys for any type, shared lists of choices, ties between two types. Nothing here touches a database.

mod check;
mod document;
mod names;
mod refusal;
mod steps;
mod wish;
mod writing;

pub use check::{LONGEST_MEMO, LONGEST_TEXT};
pub use document::{Document, read};
pub use names::is_reserved;
pub use refusal::{Refusal, What};
pub use steps::Step;
pub use wish::{ManyToMany, Wish};
pub use writing::written;

use crate::entity::{BadDefinition, Catalog, ColumnDef, EntityDef, KeyDef, OptionSet};
use crate::entity::{complete as complete_system, parse};
use crate::privilege::{Action, Depth, Role};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// All that one customer added, by name. Together with the standard types it makes the [`Catalog`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Definitions {
    /// Types of their own, ties between two types among them.
    pub entities: BTreeMap<String, EntityDef>,
    /// By the name of the standard type.
    pub extensions: BTreeMap<String, Extension>,
    pub option_sets: BTreeMap<String, OptionSet>,
    /// By the name of their own type. What is not said here follows from `@custom` in the roles.
    pub grants: BTreeMap<String, Vec<Grant>>,
}

/// What a customer added to a standard type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    pub columns: Vec<ColumnDef>,
    pub keys: Vec<KeyDef>,
}

/// What a role may do with the records of one type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The name of a role: `salesperson`.
    pub role: String,
    pub actions: Vec<Action>,
    pub depth: Depth,
}

/// What a wish comes to, when it is granted.
#[derive(Debug, Clone)]
pub struct Change {
    pub definitions: Definitions,
    pub catalog: Catalog,
    /// What has to be done, in this order; empty when all is so already.
    pub steps: Vec<Step>,
}

impl Definitions {
    /// The standard types with everything that was added. A later version of the product may bring a type or a column
    /// of the same name: then that one counts.
    pub fn catalog(&self) -> Result<Catalog, BadDefinition> {
        let mut types = Catalog::standard_types()?;
        for def in &mut types {
            let Some(extension) = self.extensions.get(&def.name) else { continue };
            let new = |it: &&ColumnDef| def.column(&it.name).is_none();
            let columns: Vec<ColumnDef> = extension.columns.iter().filter(new).cloned().collect();
            def.columns.extend(columns);
            let there = |it: &&KeyDef| it.columns.iter().all(|name| def.column(name).is_some());
            let keys: Vec<KeyDef> = extension.keys.iter().filter(there).cloned().collect();
            def.keys.extend(keys);
        }
        let ours: Vec<String> = types.iter().map(|it| it.name.clone()).collect();
        let theirs = self.entities.values().filter(|it| !ours.contains(&it.name));
        types.extend(theirs.cloned().map(|mut def| {
            complete_system(&mut def);
            def
        }));
        Catalog::of(types, self.option_sets.values().cloned().collect())
    }

    /// The roles with what was granted beside.
    pub fn roles(&self, mut roles: Vec<Role>) -> Vec<Role> {
        for (entity, grants) in &self.grants {
            for grant in grants {
                if let Some(role) = roles.iter_mut().find(|it| it.name == grant.role) {
                    role.grant(entity, &grant.actions, grant.depth);
                }
            }
        }
        roles
    }

    /// The columns that were added to this type.
    pub fn columns(&self, entity: &str) -> &[ColumnDef] {
        match (self.entities.get(entity), self.extensions.get(entity)) {
            (Some(def), _) => &def.columns,
            (None, Some(extension)) => &extension.columns,
            (None, None) => &[],
        }
    }

    /// The alternate keys that were added to this type.
    pub fn keys(&self, entity: &str) -> &[KeyDef] {
        match (self.entities.get(entity), self.extensions.get(entity)) {
            (Some(def), _) => &def.keys,
            (None, Some(extension)) => &extension.keys,
            (None, None) => &[],
        }
    }
}

/// What these definitions become by a wish, and what has to be done for it; or why not.
pub fn change(before: &Definitions, wish: Wish) -> Result<Change, Refusal> {
    let old = before.catalog()?;
    let mut after = before.clone();
    wish::grant(&mut after, &old, wish)?;
    let new = after.catalog()?;
    check::stays(&old, &new)?;
    check::fits(before, &after, &new)?;
    let steps = steps::steps(before, &after, (&old, &new));
    Ok(Change { definitions: after, catalog: new, steps })
}

/// The columns `statecode` and `statuscode`, as the standard types have them.
pub(crate) fn state_columns() -> Result<Vec<ColumnDef>, BadDefinition> {
    let account = parse(include_str!("../entities/account.toml"))?;
    let states =
        account.columns.into_iter().filter(|it| matches!(it.name.as_str(), "statecode" | "statuscode"));
    Ok(states.map(|it| ColumnDef { custom: false, ..it }).collect())
}

#[cfg(test)]
mod tests;
