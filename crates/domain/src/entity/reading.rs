//! A definition out of its file, checked.

use super::{ColumnDef, EntityDef, FieldKind, Label, Ownership};
use std::fmt;

/// A definition that cannot be used, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadDefinition {
    pub entity: String,
    pub why: String,
}

impl fmt::Display for BadDefinition {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "The definition of {} cannot be used: {}", self.entity, self.why)
    }
}

impl std::error::Error for BadDefinition {}

/// Reads one definition and adds the columns that every record of its ownership has.
pub fn parse(toml: &str) -> Result<EntityDef, BadDefinition> {
    let mut def: EntityDef = toml::from_str(toml)
        .map_err(|it| BadDefinition { entity: "this file".into(), why: it.message().to_owned() })?;
    complete(&mut def);
    check(&def).map_err(|why| BadDefinition { entity: def.name.clone(), why })?;
    Ok(def)
}

/// Adds the columns that every record of its ownership has, where the definition does not name them itself.
pub(crate) fn complete(def: &mut EntityDef) {
    let missing = system_columns(def.ownership).into_iter().filter(|it| def.column(&it.name).is_none());
    def.columns.extend(missing.collect::<Vec<_>>());
}

/// The columns that every record of this ownership has.
pub(crate) fn system_columns(ownership: Ownership) -> Vec<ColumnDef> {
    use FieldKind::{DateTime, Lookup};
    let column = |name: &str, kind, en: &str, sv: &str, targets: &[&str]| ColumnDef {
        internal: true,
        targets: targets.iter().map(|it| (*it).into()).collect(),
        ..ColumnDef::new(name, kind, Label { en: en.into(), sv: sv.into() })
    };
    let mut columns = vec![
        column("createdon", DateTime, "Created", "Skapad", &[]),
        column("createdby", Lookup, "Created by", "Skapad av", &["systemuser"]),
        column("modifiedon", DateTime, "Changed", "Ändrad", &[]),
        column("modifiedby", Lookup, "Changed by", "Ändrad av", &["systemuser"]),
    ];
    if ownership == Ownership::User {
        columns.push(column("ownerid", Lookup, "Owner", "Ägare", &["systemuser", "team"]));
        columns.push(column("owningbusinessunit", Lookup, "Business unit", "Affärsenhet", &["businessunit"]));
    }
    columns
}

/// Whether a type, a column or a key can be called this: 1 to 48 small letters, digits or `_`, a letter first.
pub(crate) fn is_name(name: &str) -> bool {
    let plain = name.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_');
    plain && name.len() <= 48 && name.bytes().next().is_some_and(|it| it.is_ascii_lowercase())
}

/// What must hold for any definition, a customer's or our own.
pub(crate) fn check(def: &EntityDef) -> Result<(), String> {
    let names = std::iter::once(&def.name).chain(def.columns.iter().map(|it| &it.name));
    for name in names {
        if !is_name(name) {
            return Err(format!(
                "“{name}” is no name: it takes 1 to 48 small letters, digits or _, and begins with a letter"
            ));
        }
    }
    if def.column(&def.primary).is_none() {
        return Err(format!("its primary column “{}” is not among its columns", def.primary));
    }
    for (at, column) in def.columns.iter().enumerate() {
        if def.columns[..at].iter().any(|it| it.name == column.name) {
            return Err(format!("the column “{}” is there twice", column.name));
        }
        match column.kind {
            FieldKind::Lookup if column.targets.is_empty() => {
                return Err(format!("the lookup “{}” names no targets", column.name));
            }
            FieldKind::Choice | FieldKind::Choices
                if column.options.is_empty() && column.option_set.is_none() =>
            {
                return Err(format!("the choice “{}” has no options", column.name));
            }
            _ => {}
        }
    }
    for key in &def.keys {
        if let Some(missing) = key.columns.iter().find(|it| def.column(it).is_none()) {
            return Err(format!("the key “{}” names the column “{missing}”, which is not there", key.name));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Catalog;

    #[test]
    fn the_standard_types_fit_together() {
        let catalog = Catalog::standard().unwrap();
        for name in ["account", "contact", "opportunity", "incident", "lead"] {
            assert!(catalog.get(name).unwrap().activities, "{name} takes activities");
        }
        assert_eq!(catalog.get("email").unwrap().key_column(), "activityid");
        assert_eq!(catalog.get("email").unwrap().privilege(), "activitypointer");
    }

    #[track_caller]
    fn refused(toml: &str, why: &str) {
        let text = parse(toml).unwrap_err().to_string();
        assert!(text.contains(why), "{text}");
    }

    #[test]
    fn a_bad_definition_says_why() {
        let with = |columns: &str| {
            format!(
                "name='project'\nset='projects'\nownership='user'\nicon='project'\nprimary='name'\n\
                 label={{en='a',sv='b'}}\nplural={{en='a',sv='b'}}\n{columns}"
            )
        };
        let label = "label={en='a',sv='b'}";
        refused(&with(""), "primary column");
        refused(&with(&format!("[[column]]\nname='Na\"me'\nkind='text'\n{label}")), "is no name");
        refused(&with(&format!("[[column]]\nname='name'\nkind='lookup'\n{label}")), "names no targets");
        let twice = format!("[[column]]\nname='name'\nkind='text'\n{label}\n");
        refused(&with(&twice.repeat(2)), "is there twice");
        refused(&with("surprise=1"), "unknown field");
    }
}
