//! What an administrator can wish for, and the definitions as they would be then. What may not be is said by [`super::check`].

use super::refusal::What;
use super::{Definitions, Document, Refusal, state_columns};
use crate::entity::{
    Catalog, ColumnDef, EntityDef, FieldKind, KeyDef, Label, OnDelete, OptionSet, Ownership, system_columns,
};

/// *Add* fails when it is there, *change* when it is not; what a change does not speak of stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// A file: whatever is missing is added, whatever is there is changed, nothing goes.
    Apply(Document),
    AddEntity(EntityDef),
    ChangeEntity(EntityDef),
    /// With everything that ties it to others.
    DropEntity(String),
    AddColumn {
        entity: String,
        column: ColumnDef,
    },
    ChangeColumn {
        entity: String,
        column: ColumnDef,
    },
    DropColumn {
        entity: String,
        column: String,
    },
    AddKey {
        entity: String,
        key: KeyDef,
    },
    DropKey {
        entity: String,
        key: String,
    },
    AddOptionSet(OptionSet),
    ChangeOptionSet(OptionSet),
    DropOptionSet(String),
    AddRelationship(ManyToMany),
    /// By the name of a tie, or of the way back along a lookup of the customer's own.
    DropRelationship(String),
}

/// Records of two types, tied together as often as people like.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManyToMany {
    /// Its logical name, and that of the type that keeps the ties.
    pub name: String,
    /// How the Web API writes it.
    #[serde(default)]
    pub schema: Option<String>,
    /// The two types.
    pub entity1: String,
    pub entity2: String,
    /// What the way is called that begins at `entity1`; the relationship's own name unless said otherwise.
    #[serde(default)]
    pub way1: Option<String>,
    #[serde(default)]
    pub way2: Option<String>,
}

pub(super) fn grant(after: &mut Definitions, old: &Catalog, wish: Wish) -> Result<(), Refusal> {
    match wish {
        Wish::Apply(document) => apply(after, old, document),
        Wish::AddEntity(def) => {
            free(old, &def.name)?;
            put_entity(after, def)
        }
        Wish::ChangeEntity(def) => {
            own_entity(after, old, &def.name)?;
            put_entity(after, def)
        }
        Wish::DropEntity(name) => drop_entity(after, old, &name),
        Wish::AddColumn { entity, column } => {
            let def = entity_of(old, &entity)?;
            if def.column(&column.name).is_some() {
                return Err(Refusal::Taken { name: column.name });
            }
            put_column(columns(after, &entity), column);
            Ok(())
        }
        Wish::ChangeColumn { entity, column } => {
            own_column(after, old, &entity, &column.name)?;
            let column = with_groups(after, old, &entity, column);
            put_column(columns(after, &entity), column);
            Ok(())
        }
        Wish::DropColumn { entity, column } => drop_column(after, old, &entity, &column),
        Wish::AddKey { entity, key } => {
            if entity_of(old, &entity)?.keys.iter().any(|it| it.name == key.name) {
                return Err(Refusal::Taken { name: key.name });
            }
            keys(after, &entity).push(key);
            Ok(())
        }
        Wish::DropKey { entity, key } => drop_key(after, old, &entity, &key),
        Wish::AddOptionSet(set) => {
            if old.option_set(&set.name).is_some() {
                return Err(Refusal::Taken { name: set.name });
            }
            put_option_set(after, set);
            Ok(())
        }
        Wish::ChangeOptionSet(set) => {
            own_option_set(after, old, &set.name)?;
            put_option_set(after, set);
            Ok(())
        }
        Wish::DropOptionSet(name) => drop_option_set(after, old, &name),
        Wish::AddRelationship(tie) => {
            free(old, &tie.name)?;
            let def = tie.intersect(old)?;
            after.entities.insert(def.name.clone(), def);
            Ok(())
        }
        Wish::DropRelationship(name) => drop_relationship(after, old, &name),
    }
}

fn apply(after: &mut Definitions, old: &Catalog, document: Document) -> Result<(), Refusal> {
    for set in document.option_sets {
        if old.option_set(&set.name).is_some() {
            own_option_set(after, old, &set.name)?;
        }
        put_option_set(after, set);
    }
    for def in document.entities {
        if old.get(&def.name).is_some() {
            own_entity(after, old, &def.name)?;
        }
        put_entity(after, def)?;
    }
    for (entity, extension) in document.extensions {
        let known = after.entities.contains_key(&entity) || old.get(&entity).is_some();
        if !known {
            return Err(Refusal::NoSuchEntity { name: entity });
        }
        for column in extension.columns {
            if old.get(&entity).is_some_and(|it| it.column(&column.name).is_some()) {
                own_column(after, old, &entity, &column.name)?;
            }
            put_column(columns(after, &entity), column);
        }
        for key in extension.keys {
            put_key(keys(after, &entity), key);
        }
    }
    for (entity, grants) in document.grants {
        after.grants.insert(entity, grants);
    }
    if document.relationships.is_empty() {
        return Ok(());
    }
    // A tie may lead to a type of the same file.
    let there = after.catalog()?;
    for tie in document.relationships {
        let def = tie.intersect(&there)?;
        match after.entities.get(&def.name) {
            Some(known) if known.intersect => put_entity(after, def)?,
            Some(_) => return Err(Refusal::Taken { name: def.name }),
            None => {
                free(&there, &def.name)?;
                after.entities.insert(def.name.clone(), def);
            }
        }
    }
    Ok(())
}

fn free(old: &Catalog, name: &str) -> Result<(), Refusal> {
    match old.get(name) {
        Some(_) => Err(Refusal::Taken { name: name.to_owned() }),
        None => Ok(()),
    }
}

fn entity_of<'a>(old: &'a Catalog, name: &str) -> Result<&'a EntityDef, Refusal> {
    old.get(name).ok_or_else(|| Refusal::NoSuchEntity { name: name.to_owned() })
}

fn own_entity(after: &Definitions, old: &Catalog, name: &str) -> Result<(), Refusal> {
    entity_of(old, name)?;
    let own = after.entities.contains_key(name);
    own.then_some(()).ok_or_else(|| Refusal::Standard { name: name.to_owned() })
}

fn own_column(after: &Definitions, old: &Catalog, entity: &str, column: &str) -> Result<(), Refusal> {
    let no_such = || Refusal::NoSuchColumn { entity: entity.to_owned(), column: column.to_owned() };
    let found = entity_of(old, entity)?.column(column).ok_or_else(no_such)?;
    let own = found.custom && after.columns(entity).iter().any(|it| it.name == column);
    own.then_some(()).ok_or_else(|| Refusal::Standard { name: column.to_owned() })
}

fn own_option_set(after: &Definitions, old: &Catalog, name: &str) -> Result<(), Refusal> {
    let no_such = || Refusal::NoSuchOptionSet { name: name.to_owned() };
    old.option_set(name).ok_or_else(no_such)?;
    let own = after.option_sets.contains_key(name);
    own.then_some(()).ok_or_else(|| Refusal::Standard { name: name.to_owned() })
}

fn columns<'a>(after: &'a mut Definitions, entity: &str) -> &'a mut Vec<ColumnDef> {
    match after.entities.get_mut(entity) {
        Some(def) => &mut def.columns,
        None => &mut after.extensions.entry(entity.to_owned()).or_default().columns,
    }
}

fn keys<'a>(after: &'a mut Definitions, entity: &str) -> &'a mut Vec<KeyDef> {
    match after.entities.get_mut(entity) {
        Some(def) => &mut def.keys,
        None => &mut after.extensions.entry(entity.to_owned()).or_default().keys,
    }
}

/// Columns and keys that the new definition does not name stay.
fn put_entity(after: &mut Definitions, mut def: EntityDef) -> Result<(), Refusal> {
    let system = system_columns(def.ownership);
    def.custom = true;
    for column in &mut def.columns {
        column.custom = !system.iter().any(|it| it.name == column.name);
    }
    if let Some(known) = after.entities.remove(&def.name) {
        let mut columns = known.columns;
        for column in def.columns {
            put_column(&mut columns, column);
        }
        let mut keys = known.keys;
        for key in def.keys {
            put_key(&mut keys, key);
        }
        def.columns = columns;
        def.keys = keys;
    } else if !def.intersect {
        let missing: Vec<ColumnDef> =
            state_columns()?.into_iter().filter(|it| def.column(&it.name).is_none()).collect();
        def.columns.extend(missing);
    }
    for column in &mut def.columns {
        column.max = column.max.or(usual_length(&column.kind));
    }
    after.entities.insert(def.name.clone(), def);
    Ok(())
}

/// Whoever saw the definitions in the catalog names the types that `@activities` stood for there: that name stays.
fn with_groups(after: &Definitions, old: &Catalog, entity: &str, mut column: ColumnDef) -> ColumnDef {
    let Some(known) = after.columns(entity).iter().find(|it| it.name == column.name) else { return column };
    if known.targets.iter().any(|it| it.starts_with('@')) {
        let meant = old.get(entity).and_then(|it| it.column(&column.name)).map_or(&[][..], |it| &it.targets);
        column.targets.retain(|it| !meant.contains(it) && !known.targets.contains(it));
        column.targets.splice(0..0, known.targets.iter().cloned());
    }
    column
}

/// A column that says nothing of its length keeps the one it has.
fn put_column(columns: &mut Vec<ColumnDef>, mut column: ColumnDef) {
    let known = columns.iter().position(|it| it.name == column.name);
    column.custom = known.is_none_or(|at| columns[at].custom);
    column.max = column.max.or(known.and_then(|at| columns[at].max)).or(usual_length(&column.kind));
    match known {
        Some(at) => columns[at] = column,
        None => columns.push(column),
    }
}

/// Characters that a text takes when nobody says how many.
fn usual_length(kind: &FieldKind) -> Option<usize> {
    match kind {
        FieldKind::Text | FieldKind::Email | FieldKind::Url => Some(200),
        FieldKind::Phone => Some(50),
        FieldKind::Memo => Some(2000),
        FieldKind::Integer
        | FieldKind::Money
        | FieldKind::Decimal
        | FieldKind::Float
        | FieldKind::Boolean
        | FieldKind::Date
        | FieldKind::DateTime
        | FieldKind::Choice
        | FieldKind::Choices
        | FieldKind::Lookup
        | FieldKind::Key
        | FieldKind::File => None,
    }
}

fn put_key(keys: &mut Vec<KeyDef>, key: KeyDef) {
    match keys.iter_mut().find(|it| it.name == key.name) {
        Some(known) => *known = key,
        None => keys.push(key),
    }
}

fn put_option_set(after: &mut Definitions, set: OptionSet) {
    after.option_sets.insert(set.name.clone(), OptionSet { custom: true, ..set });
}

fn drop_entity(after: &mut Definitions, old: &Catalog, name: &str) -> Result<(), Refusal> {
    own_entity(after, old, name)?;
    let leads_there = |it: &ColumnDef| it.targets.iter().any(|target| target == name);
    after.entities.retain(|_, it| it.name == name || !(it.intersect && it.columns.iter().any(leads_there)));
    let own = after.entities.values().filter(|it| it.name != name).map(|it| (&it.name, &it.columns));
    let added = after.extensions.iter().map(|(entity, it)| (entity, &it.columns));
    for (entity, columns) in own.chain(added) {
        if let Some(column) = columns.iter().find(|it| leads_there(it)) {
            let by = format!("{entity}.{}", column.name);
            return Err(Refusal::Needed { name: name.to_owned(), by });
        }
    }
    after.entities.remove(name);
    let left: Vec<String> = after.entities.keys().cloned().collect();
    after.grants.retain(|entity, _| left.contains(entity));
    Ok(())
}

fn drop_column(after: &mut Definitions, old: &Catalog, entity: &str, column: &str) -> Result<(), Refusal> {
    own_column(after, old, entity, column)?;
    let needed = |by: String| Err(Refusal::Needed { name: column.to_owned(), by });
    let def = entity_of(old, entity)?;
    if def.primary == column {
        return Err(Refusal::Stays { name: entity.to_owned(), what: What::Primary });
    }
    if def.intersect {
        return Err(Refusal::Stays { name: entity.to_owned(), what: What::Intersect });
    }
    if let Some(key) = def.keys.iter().find(|it| it.columns.iter().any(|it| it == column)) {
        return needed(key.name.clone());
    }
    columns(after, entity).retain(|it| it.name != column);
    tidy(after, entity);
    Ok(())
}

fn drop_key(after: &mut Definitions, old: &Catalog, entity: &str, key: &str) -> Result<(), Refusal> {
    let def = entity_of(old, entity)?;
    if def.intersect {
        return Err(Refusal::Stays { name: entity.to_owned(), what: What::Intersect });
    }
    if !def.keys.iter().any(|it| it.name == key) {
        return Err(Refusal::NoSuchKey { entity: entity.to_owned(), key: key.to_owned() });
    }
    if !after.keys(entity).iter().any(|it| it.name == key) {
        return Err(Refusal::Standard { name: key.to_owned() });
    }
    keys(after, entity).retain(|it| it.name != key);
    tidy(after, entity);
    Ok(())
}

/// An addition that adds nothing is none.
fn tidy(after: &mut Definitions, entity: &str) {
    if after.extensions.get(entity).is_some_and(|it| it.columns.is_empty() && it.keys.is_empty()) {
        after.extensions.remove(entity);
    }
}

fn drop_option_set(after: &mut Definitions, old: &Catalog, name: &str) -> Result<(), Refusal> {
    own_option_set(after, old, name)?;
    for def in old.all() {
        if let Some(column) = def.columns.iter().find(|it| it.option_set.as_deref() == Some(name)) {
            let by = format!("{}.{}", def.name, column.name);
            return Err(Refusal::Needed { name: name.to_owned(), by });
        }
    }
    after.option_sets.remove(name);
    Ok(())
}

fn drop_relationship(after: &mut Definitions, old: &Catalog, name: &str) -> Result<(), Refusal> {
    if after.entities.get(name).is_some_and(|it| it.intersect) {
        return drop_entity(after, old, name);
    }
    for def in old.all() {
        let named = |it: &&ColumnDef| {
            it.custom && it.targets.iter().any(|to| it.way_back(&def.name, to).eq_ignore_ascii_case(name))
        };
        if let Some(column) = def.columns.iter().find(named) {
            return drop_column(after, old, &def.name, &column.name);
        }
    }
    Err(Refusal::NoSuchRelationship { name: name.to_owned() })
}

impl ManyToMany {
    /// The type that keeps the ties. Its labels are those of the two types.
    fn intersect(&self, catalog: &Catalog) -> Result<EntityDef, Refusal> {
        let (one, two) = (entity_of(catalog, &self.entity1)?, entity_of(catalog, &self.entity2)?);
        let (first, second) = if one.name == two.name {
            (format!("{}idone", one.name), format!("{}idtwo", two.name))
        } else {
            (format!("{}id", one.name), format!("{}id", two.name))
        };
        let end = |name: &str, to: &EntityDef, way: &Option<String>| ColumnDef {
            targets: vec![to.name.clone()],
            required: true,
            on_delete: OnDelete::Cascade,
            relationships: way.iter().map(|it| (to.name.clone(), it.clone())).collect(),
            ..ColumnDef::new(name, FieldKind::Lookup, to.label.clone())
        };
        let label = Label {
            en: format!("{} – {}", one.label.en, two.label.en),
            sv: format!("{} – {}", one.label.sv, two.label.sv),
        };
        let mut def = EntityDef::new(&self.name, label.clone(), label.clone());
        def.set = format!("{}set", self.name);
        def.schema.clone_from(&self.schema);
        def.ownership = Ownership::Organization;
        "connection".clone_into(&mut def.icon);
        def.browsable = false;
        def.intersect = true;
        def.custom = true;
        def.primary.clone_from(&first);
        def.keys = vec![KeyDef {
            name: "pair".to_owned(),
            schema: None,
            label,
            columns: vec![first.clone(), second.clone()],
        }];
        def.columns = vec![end(&first, one, &self.way1), end(&second, two, &self.way2)];
        Ok(def)
    }
}
