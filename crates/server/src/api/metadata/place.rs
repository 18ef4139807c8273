//! Which definition an address names: `EntityDefinitions(LogicalName='contact')/Attributes(…)`.

use super::Refused;
use super::definitions::{Definition, Linked, Reader, entities, option_sets, relationships};
use super::filter::literal;
use formats::odata::expr::{Aliases, Expr};
use formats::odata::path::{Keys, Segment, Value as KeyValue};
use serde_json::Value;

/// The three sets of definitions.
pub const SETS: [&str; 3] = ["EntityDefinitions", "RelationshipDefinitions", "GlobalOptionSetDefinitions"];

const NAMESPACE: &str = "Microsoft.Dynamics.CRM.";

/// All in one of the sets; `None` for any other name.
pub fn set<'a>(reader: Reader<'a>, name: &str) -> Option<Vec<Definition<'a>>> {
    match name {
        "EntityDefinitions" => Some(entities(reader)),
        "RelationshipDefinitions" => Some(relationships(reader)),
        "GlobalOptionSetDefinitions" => Some(option_sets(reader)),
        _ => None,
    }
}

/// The type that a segment narrows to, if it is a cast: `PicklistAttributeMetadata`.
pub fn cast(segment: &Segment) -> Option<&str> {
    segment.name.strip_prefix(NAMESPACE).filter(|_| segment.keys == Keys::None)
}

/// Whether the definition is of the type or of one that the type comprises.
pub fn is_a(it: &Definition, kind: &str) -> bool {
    let Some(own) = it.shown.get("@odata.type").and_then(Value::as_str) else {
        return matches!(kind, "EntityMetadata" | "EntityKeyMetadata" | "MetadataBase");
    };
    let own = own.trim_start_matches('#').trim_start_matches(NAMESPACE);
    let is_enum =
        ["PicklistA", "MultiSelectPicklistA", "StateA", "StatusA"].iter().any(|it| own.starts_with(it));
    match kind {
        "AttributeMetadata" => own.ends_with("AttributeMetadata"),
        "EnumAttributeMetadata" => is_enum,
        "RelationshipMetadataBase" => own.ends_with("RelationshipMetadata"),
        "OptionSetMetadataBase" => own.ends_with("OptionSetMetadata"),
        _ => own == kind,
    }
}

/// The one of them that the keys name, by its own key or a name in any case of letters.
pub fn pick<'a>(all: Vec<Definition<'a>>, keys: &Keys, aliases: &Aliases) -> Result<Definition<'a>, Refused> {
    let (name, value) = match keys {
        Keys::Single(value) => ("MetadataId", value),
        Keys::Named(named) => match named.as_slice() {
            [(name, value)] => (name.as_str(), value),
            _ => return Err(Refused::Unreadable("One definition goes by one name.".into())),
        },
        Keys::None | Keys::Empty => {
            return Err(Refused::Unreadable("Which definition is meant stands in brackets.".into()));
        }
    };
    if !["MetadataId", "LogicalName", "SchemaName", "Name"].contains(&name) {
        let what = format!("Definitions go by MetadataId, LogicalName, SchemaName or Name, not by “{name}”.");
        return Err(Refused::Unreadable(what));
    }
    let value = match value {
        KeyValue::Literal(it) => literal(it),
        KeyValue::Alias(alias) => match aliases.get(alias) {
            Some(Expr::Literal(it)) => literal(it),
            _ => return Err(Refused::Unreadable(format!("The alias {alias} has no value."))),
        },
    };
    let wanted = value.as_str().unwrap_or_default();
    let named = |it: &Definition| {
        let found = it.shown.get(name).and_then(Value::as_str);
        found.is_some_and(|it| it.eq_ignore_ascii_case(wanted.trim_matches(['{', '}'])))
    };
    let not_there = || Refused::NotThere(format!("There is no definition with {name} = “{wanted}”."));
    all.into_iter().find(named).ok_or_else(not_there)
}

/// What the definition leads to under the segment's name, narrowed by its keys.
pub fn follow<'a>(
    reader: Reader<'a>,
    it: &Definition<'a>,
    segment: &Segment,
    aliases: &Aliases,
) -> Result<Option<Linked<'a>>, Refused> {
    match (reader.linked(it.of, &segment.name), &segment.keys) {
        (Some(Linked::Many(all)), Keys::Single(_) | Keys::Named(_)) => {
            Ok(Some(Linked::One(Some(Box::new(pick(all, &segment.keys, aliases)?)))))
        }
        (linked, _) => Ok(linked),
    }
}
