//! Definitions as Dataverse shows them: `EntityMetadata`, `AttributeMetadata` and their kin, as JSON. What hangs on a
//! definition, such as the attributes of an entity, is made only when somebody asks for it.

mod attributes;
mod entities;
mod ids;
mod labels;
mod option_sets;
mod relationships;

pub use attributes::{attributes, odata_type, usual};
pub use entities::{entities, keys, plural};
pub use ids::{attribute_id, entity_id, key_id, option_set_id, relationship_id};
pub use labels::{ENGLISH, SWEDISH};
pub use option_sets::option_sets;
pub use relationships::{Side, relationships, relationships_of};

use crate::words::Language;
use domain::entity::{Catalog, ColumnDef, EntityDef};
use serde_json::{Map, Value};

/// Who reads: what there is, and in which language.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    pub catalog: &'a Catalog,
    pub language: Language,
}

/// One definition.
#[derive(Debug, Clone)]
pub struct Definition<'a> {
    /// Every property it has, those without a value too.
    pub shown: Map<String, Value>,
    pub of: Of<'a>,
}

/// What a definition is one of: there lead the ways to others.
#[derive(Debug, Clone, Copy)]
pub enum Of<'a> {
    Entity(&'a EntityDef),
    /// The column of an entity; without one it is the entity's own key.
    Attribute(&'a EntityDef, Option<&'a ColumnDef>),
    /// Nothing leads on from here.
    End,
}

/// Where a navigation property leads.
#[derive(Debug, Clone)]
pub enum Linked<'a> {
    One(Option<Box<Definition<'a>>>),
    Many(Vec<Definition<'a>>),
}

impl<'a> Reader<'a> {
    /// What hangs on a definition under this name; `None` when it has no such way.
    pub fn linked(self, of: Of<'a>, name: &str) -> Option<Linked<'a>> {
        let many = match (of, name) {
            (Of::Entity(def), "Attributes") => attributes(self, def),
            (Of::Entity(def), "Keys") => keys(self, def),
            (Of::Entity(def), "OneToManyRelationships") => relationships_of(self, def, Side::OneToMany),
            (Of::Entity(def), "ManyToOneRelationships") => relationships_of(self, def, Side::ManyToOne),
            (Of::Entity(def), "ManyToManyRelationships") => relationships_of(self, def, Side::ManyToMany),
            (Of::Attribute(def, Some(column)), "OptionSet") => {
                return option_sets::of_column(self, def, column).map(|it| Linked::One(Some(Box::new(it))));
            }
            (Of::Attribute(_, Some(column)), "GlobalOptionSet") if option_sets::is_choice(column) => {
                let set = column.option_set.as_deref().and_then(|it| self.catalog.option_set(it));
                return Some(Linked::One(set.map(|it| Box::new(option_sets::option_set(self, it)))));
            }
            _ => return None,
        };
        Some(Linked::Many(many))
    }
}

/// Properties by name.
fn properties<const N: usize>(pairs: [(&str, Value); N]) -> Map<String, Value> {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// `#Microsoft.Dynamics.CRM.` and the name of a type.
fn typed(name: &str) -> Value {
    Value::String(format!("#Microsoft.Dynamics.CRM.{name}"))
}
