//! What a definition may say: names, lengths, choices, keys, and what may never change once records rely on it.

use super::names::{COLUMNS, SETS, is_reserved};
use super::refusal::What;
use super::{Definitions, Refusal};
use crate::entity::{
    Catalog, Choice, ColumnDef, EntityDef, FieldKind, KeyDef, Label, Ownership, check as sound, claimed,
    is_name, system_columns,
};
use crate::privilege::Role;
use std::collections::BTreeSet;

/// Characters of one line.
pub const LONGEST_TEXT: usize = 4_000;
/// Characters of several lines.
pub const LONGEST_MEMO: usize = 1_048_576;
/// Characters of a text in an alternate key: an index refuses long ones.
const LONGEST_IN_KEY: usize = 450;
const LONGEST_LABEL: usize = 100;
const MOST_COLUMNS: usize = 500;
const MOST_ENTITIES: usize = 500;
const MOST_OPTIONS: usize = 2_000;
const MOST_KEYS: usize = 10;
const MOST_IN_KEY: usize = 16;

/// What is new fits with itself and with all else. `before`: what was there already is not asked for a better name.
pub(super) fn fits(before: &Definitions, after: &Definitions, new: &Catalog) -> Result<(), Refusal> {
    most("the organization", after.entities.len(), MOST_ENTITIES)?;
    for set in after.option_sets.values() {
        named(&set.name)?;
        readable(&set.name, &set.label)?;
        options(&set.name, &set.options)?;
    }
    for def in after.entities.values() {
        if !before.entities.contains_key(&def.name) {
            new_entity(def, new)?;
        }
        // As it stands among the others, with the columns that every type has.
        entity(new.get(&def.name).unwrap_or(def), new)?;
    }
    for (name, extension) in &after.extensions {
        let Some(def) = new.get(name) else { return Err(Refusal::NoSuchEntity { name: name.clone() }) };
        for column in &extension.columns {
            let known = before.columns(name).iter().any(|it| it.name == column.name);
            if !known && !has_prefix(&column.name) {
                return Err(Refusal::NoPrefix { column: column.name.clone() });
            }
        }
        let broken = |why| Refusal::Unusable { why: format!("{name}: {why}") };
        sound(def).map_err(broken)?;
        columns(def, &extension.columns, new)?;
        keys(def, &extension.keys)?;
    }
    targets_stay(before, after)?;
    grants(after, new)?;
    ways(new)
}

fn most(name: &str, count: usize, most: usize) -> Result<(), Refusal> {
    if count > most { Err(Refusal::TooMany { name: name.to_owned(), most }) } else { Ok(()) }
}

fn named(name: &str) -> Result<(), Refusal> {
    if is_name(name) { Ok(()) } else { Err(Refusal::NoName { name: name.to_owned() }) }
}

fn readable(name: &str, label: &Label) -> Result<(), Refusal> {
    let good = |it: &str| !it.trim().is_empty() && it.chars().count() <= LONGEST_LABEL;
    if good(&label.en) && good(&label.sv) { Ok(()) } else { Err(Refusal::NoLabel { name: name.to_owned() }) }
}

fn options(name: &str, options: &[Choice]) -> Result<(), Refusal> {
    most(name, options.len(), MOST_OPTIONS)?;
    for (at, option) in options.iter().enumerate() {
        readable(name, &option.label)?;
        if options[..at].iter().any(|it| it.value == option.value) {
            return Err(Refusal::TwoOptions { column: name.to_owned(), value: option.value });
        }
    }
    Ok(())
}

/// `new_budget`: letters and digits, a line, and something behind it; `address1_city` is not a customer's.
fn has_prefix(name: &str) -> bool {
    name.split_once('_').is_some_and(|(prefix, rest)| {
        (2..=8).contains(&prefix.len()) && !rest.is_empty() && !prefix.starts_with("address")
    })
}

fn new_entity(def: &EntityDef, new: &Catalog) -> Result<(), Refusal> {
    named(&def.name)?;
    if is_reserved(&def.name) {
        return Err(Refusal::Reserved { name: def.name.clone() });
    }
    let own = def.key.is_some() || def.activity || def.ownership == Ownership::Child;
    if own {
        return Err(Refusal::NotForCustomers { name: def.name.clone() });
    }
    let set = def.set.to_ascii_lowercase();
    let plain = set.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
    if !plain || set.is_empty() || set.len() > 64 || !set.as_bytes()[0].is_ascii_alphabetic() {
        return Err(Refusal::NoName { name: def.set.clone() });
    }
    let others = new.all().filter(|it| it.name != def.name);
    if SETS.contains(&set.as_str()) || others.into_iter().any(|it| it.set.eq_ignore_ascii_case(&set)) {
        return Err(Refusal::SetTaken { set: def.set.clone() });
    }
    Ok(())
}

fn entity(def: &EntityDef, new: &Catalog) -> Result<(), Refusal> {
    sound(def).map_err(|why| Refusal::Unusable { why: format!("{}: {why}", def.name) })?;
    readable(&def.name, &def.label)?;
    readable(&def.name, &def.plural)?;
    if !def.intersect && def.column(&def.primary).is_none_or(|it| it.kind != FieldKind::Text) {
        let why = format!("{}: its primary column “{}” is no text", def.name, def.primary);
        return Err(Refusal::Unusable { why });
    }
    for system in system_columns(def.ownership) {
        if def.column(&system.name).is_some_and(|it| it.kind != system.kind) {
            return Err(Refusal::Reserved { name: system.name });
        }
    }
    let own: Vec<ColumnDef> = def.columns.iter().filter(|it| it.custom).cloned().collect();
    columns(def, &own, new)?;
    keys(def, &def.keys)
}

/// `own`: those of the columns of `def` that are the customer's.
fn columns(def: &EntityDef, own: &[ColumnDef], new: &Catalog) -> Result<(), Refusal> {
    most(&def.name, own.len(), MOST_COLUMNS)?;
    // A lookup to several types has a second column, which must not be another one's.
    let mut taken: BTreeSet<String> =
        def.columns.iter().filter(|it| it.has_type_column()).map(ColumnDef::type_column).collect();
    taken.extend(COLUMNS.iter().map(|it| (*it).to_owned()));
    taken.insert(def.key_column());
    for column in own {
        named(&column.name)?;
        readable(&column.name, &column.label)?;
        if taken.contains(&column.name) {
            return Err(Refusal::Reserved { name: column.name.clone() });
        }
        column_fits(column, new)?;
    }
    Ok(())
}

fn column_fits(column: &ColumnDef, new: &Catalog) -> Result<(), Refusal> {
    let name = &column.name;
    options(name, &column.options)?;
    let most = match column.kind {
        FieldKind::Memo => LONGEST_MEMO,
        _ => LONGEST_TEXT,
    };
    if let Some(max) = column.max.filter(|it| !(1..=most).contains(it)) {
        return Err(Refusal::TooLong { column: name.clone(), max, most });
    }
    if column.kind == FieldKind::Key {
        return Err(Refusal::NotForCustomers { name: name.clone() });
    }
    for target in &column.targets {
        let part = |it: &EntityDef| it.ownership == Ownership::Child || it.intersect;
        if new.get(target).is_some_and(part) {
            return Err(Refusal::NotForCustomers { name: name.clone() });
        }
    }
    Ok(())
}

fn keys(def: &EntityDef, keys: &[KeyDef]) -> Result<(), Refusal> {
    most(&def.name, def.keys.len(), MOST_KEYS)?;
    for key in keys {
        named(&key.name)?;
        readable(&key.name, &key.label)?;
        if def.keys.iter().filter(|it| it.name == key.name).count() > 1 {
            return Err(Refusal::Taken { name: key.name.clone() });
        }
        most(&key.name, key.columns.len(), MOST_IN_KEY)?;
        let unique: BTreeSet<&String> = key.columns.iter().collect();
        if key.columns.is_empty() || unique.len() < key.columns.len() {
            return Err(Refusal::Unusable {
                why: format!("the key “{}” names no column, or one twice", key.name),
            });
        }
        for column in key.columns.iter().filter_map(|it| def.column(it)) {
            if !fits_in_key(column) {
                return Err(Refusal::NoKeyColumn { key: key.name.clone(), column: column.name.clone() });
            }
        }
    }
    Ok(())
}

fn fits_in_key(column: &ColumnDef) -> bool {
    match column.kind {
        FieldKind::Text | FieldKind::Email | FieldKind::Phone | FieldKind::Url => {
            column.max.is_some_and(|it| it <= LONGEST_IN_KEY)
        }
        FieldKind::Integer
        | FieldKind::Money
        | FieldKind::Decimal
        | FieldKind::Date
        | FieldKind::DateTime
        | FieldKind::Choice
        | FieldKind::Lookup => true,
        FieldKind::Memo
        | FieldKind::Float
        | FieldKind::Boolean
        | FieldKind::Choices
        | FieldKind::Key
        | FieldKind::File => false,
    }
}

fn grants(after: &Definitions, new: &Catalog) -> Result<(), Refusal> {
    let roles = Role::standard()?;
    for (entity, grants) in &after.grants {
        match new.get(entity) {
            None => return Err(Refusal::NoSuchEntity { name: entity.clone() }),
            Some(def) if !def.custom => return Err(Refusal::Standard { name: entity.clone() }),
            Some(_) => {}
        }
        if let Some(grant) = grants.iter().find(|it| !roles.iter().any(|role| role.name == it.role)) {
            return Err(Refusal::NoSuchRole { name: grant.role.clone() });
        }
    }
    Ok(())
}

/// No type gets two ways of one name, or a way that is called like one of its columns. What the product itself says
/// twice is not the customer's to mend.
fn ways(new: &Catalog) -> Result<(), Refusal> {
    let known = ambiguous(&Catalog::standard()?);
    match ambiguous(new).into_iter().find(|it| !known.contains(it)) {
        Some((entity, way)) => Err(Refusal::WayTaken { entity, way }),
        None => Ok(()),
    }
}

fn ambiguous(catalog: &Catalog) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for def in catalog.all() {
        let columns = def.columns.iter().filter(|it| it.kind != FieldKind::Lookup);
        let mut taken: BTreeSet<String> = columns.map(|it| it.name.clone()).collect();
        for way in claimed(catalog, def) {
            if !taken.insert(way.name.to_ascii_lowercase()) {
                found.insert((def.name.clone(), way.name));
            }
        }
    }
    found
}

/// A lookup may lead to more types, never to fewer.
fn targets_stay(before: &Definitions, after: &Definitions) -> Result<(), Refusal> {
    for entity in before.entities.keys().chain(before.extensions.keys()) {
        for column in after.columns(entity) {
            let was = before.columns(entity).iter().find(|it| it.name == column.name);
            let gone = was.and_then(|it| it.targets.iter().find(|it| !column.targets.contains(it)));
            if let Some(target) = gone {
                return Err(Refusal::TargetGone { column: column.name.clone(), target: target.clone() });
            }
        }
    }
    Ok(())
}

/// Nothing that records rely on changes.
pub(super) fn stays(old: &Catalog, new: &Catalog) -> Result<(), Refusal> {
    for after in new.all() {
        let Some(before) = old.get(&after.name) else { continue };
        entity_stays(before, after)?;
        for column in &after.columns {
            if let Some(was) = before.column(&column.name) {
                column_stays(was, column)?;
            }
        }
    }
    Ok(())
}

fn entity_stays(before: &EntityDef, after: &EntityDef) -> Result<(), Refusal> {
    for (same, what) in [
        (before.ownership == after.ownership, What::Ownership),
        (before.primary == after.primary, What::Primary),
        (before.set == after.set, What::Set),
        (before.surname == after.surname, What::Surname),
        (before.intersect == after.intersect, What::Intersect),
        (!before.activities || after.activities, What::Activities),
        (!before.connections || after.connections, What::Connections),
    ] {
        if !same {
            return Err(Refusal::Stays { name: after.name.clone(), what });
        }
    }
    if before.key != after.key || before.activity != after.activity {
        return Err(Refusal::NotForCustomers { name: after.name.clone() });
    }
    Ok(())
}

fn column_stays(before: &ColumnDef, after: &ColumnDef) -> Result<(), Refusal> {
    let name = || after.name.clone();
    if before.kind != after.kind {
        return Err(Refusal::Stays { name: name(), what: What::Kind });
    }
    if let Some(max) = before.max.filter(|max| after.max.is_some_and(|it| it < *max)) {
        return Err(Refusal::Shorter { column: name(), max });
    }
    if let Some(gone) = before.options.iter().find(|it| after.option(it.value).is_none()) {
        return Err(Refusal::OptionGone { column: name(), value: gone.value });
    }
    Ok(())
}
