//! All definitions together.

use super::{BadDefinition, Choice, EntityDef, Label, parse};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

/// A list of choices that several columns share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionSet {
    pub name: String,
    pub label: Label,
    pub options: Vec<Choice>,
    /// A customer's own, which may be dropped.
    #[serde(default)]
    pub custom: bool,
}

/// All types the organization has, by logical name. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Catalog(Arc<Types>);

#[derive(Debug)]
struct Types {
    entities: BTreeMap<String, EntityDef>,
    option_sets: BTreeMap<String, OptionSet>,
}

/// Names that stand for several types in [`super::ColumnDef::targets`].
struct Groups {
    activities: BTreeSet<String>,
    connections: BTreeSet<String>,
    activity: BTreeSet<String>,
}

impl Groups {
    fn of(all: &[EntityDef]) -> Groups {
        let named = |which: fn(&EntityDef) -> bool| -> BTreeSet<String> {
            all.iter().filter(|it| which(it)).map(|it| it.name.clone()).collect()
        };
        Groups {
            activities: named(|it| it.activities),
            connections: named(|it| it.connections),
            activity: named(|it| it.activity),
        }
    }

    fn name_targets(&self, def: &mut EntityDef) {
        for column in &mut def.columns {
            let mut targets: Vec<String> = Vec::new();
            for target in column.targets.drain(..) {
                match target.as_str() {
                    "@activities" => targets.extend(self.activities.iter().cloned()),
                    "@connections" => targets.extend(self.connections.iter().cloned()),
                    "@activity" => targets.extend(self.activity.iter().cloned()),
                    _ => targets.push(target),
                }
            }
            let mut seen = BTreeSet::new();
            targets.retain(|it| seen.insert(it.clone()));
            column.targets = targets;
        }
    }
}

fn complete_options(def: &mut EntityDef, sets: &BTreeMap<String, OptionSet>) -> Result<(), String> {
    for column in &mut def.columns {
        let Some(name) = &column.option_set else { continue };
        let set = sets.get(name).ok_or_else(|| {
            format!("the column “{}” takes its choices from “{name}”, which is not there", column.name)
        })?;
        column.options.clone_from(&set.options);
    }
    Ok(())
}

macro_rules! standard {
    ($($name:literal),* $(,)?) => { [$(include_str!(concat!("../../entities/", $name, ".toml"))),*] };
}

const STANDARD: &[&str] = &standard![
    "account",
    "activitymimeattachment",
    "activityparty",
    "activitypointer",
    "annotation",
    "appointment",
    "businessunit",
    "connection",
    "connectionrole",
    "contact",
    "email",
    "emailserverprofile",
    "fax",
    "incident",
    "knowledgearticle",
    "lead",
    "letter",
    "mailbox",
    "mailboxtrackingfolder",
    "opportunity",
    "organization",
    "phonecall",
    "privilege",
    "queue",
    "queueitem",
    "recurringappointmentmaster",
    "role",
    "salesliterature",
    "salesliteratureitem",
    "savedquery",
    "systemuser",
    "systemuserroles",
    "task",
    "team",
    "teammembership",
    "template",
    "transactioncurrency",
    "userquery",
    "usersettings",
];

impl Catalog {
    /// The types that come with the product.
    pub fn standard() -> Result<Catalog, BadDefinition> {
        Catalog::of(Catalog::standard_types()?, vec![])
    }

    /// The definitions of the types that come with the product, as they stand in their files.
    pub fn standard_types() -> Result<Vec<EntityDef>, BadDefinition> {
        static TYPES: LazyLock<Result<Vec<EntityDef>, BadDefinition>> =
            LazyLock::new(|| STANDARD.iter().map(|it| parse(it)).collect());
        TYPES.clone()
    }

    /// Fails when a lookup leads to a type that is not there, or a column to a list of choices that is not.
    pub fn of(definitions: Vec<EntityDef>, option_sets: Vec<OptionSet>) -> Result<Catalog, BadDefinition> {
        let option_sets: BTreeMap<String, OptionSet> =
            option_sets.into_iter().map(|it| (it.name.clone(), it)).collect();
        let groups = Groups::of(&definitions);
        let mut entities = BTreeMap::new();
        for mut def in definitions {
            groups.name_targets(&mut def);
            let name = def.name.clone();
            complete_options(&mut def, &option_sets)
                .map_err(|why| BadDefinition { entity: name.clone(), why })?;
            entities.insert(name, def);
        }
        for def in entities.values() {
            for target in def.columns.iter().flat_map(|it| &it.targets) {
                if !entities.contains_key(target) {
                    let why = format!("a lookup leads to “{target}”, which is not there");
                    return Err(BadDefinition { entity: def.name.clone(), why });
                }
            }
        }
        Ok(Catalog(Arc::new(Types { entities, option_sets })))
    }

    /// Whether it is this very catalog, and not only one like it.
    pub fn is_same(&self, other: &Catalog) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    pub fn get(&self, name: &str) -> Option<&EntityDef> {
        self.0.entities.get(name)
    }

    pub fn all(&self) -> impl Iterator<Item = &EntityDef> {
        self.0.entities.values()
    }

    /// The type whose records the Web API finds under this name: `accounts`.
    pub fn by_set(&self, set: &str) -> Option<&EntityDef> {
        self.all().find(|it| it.set == set)
    }

    pub fn option_set(&self, name: &str) -> Option<&OptionSet> {
        self.0.option_sets.get(name)
    }

    pub fn option_sets(&self) -> impl Iterator<Item = &OptionSet> {
        self.0.option_sets.values()
    }

    /// What the records of this type are parts of, and are reached through: the list of all activities stands for each
    /// kind of activity. `None` for a type that is no part.
    pub fn whole_of(&self, part: &EntityDef) -> Option<&EntityDef> {
        let targets = &part.part_of()?.targets;
        let pointer = self.get("activitypointer").filter(|it| targets.contains(&it.name));
        pointer.or_else(|| self.get(targets.first()?))
    }

    /// The types that mail can be regarding: what Set Regarding searches.
    pub fn regardable(&self) -> impl Iterator<Item = &EntityDef> {
        self.all().filter(|it| it.activities)
    }
}
