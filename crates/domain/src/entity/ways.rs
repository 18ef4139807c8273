//! The ways from a type of record to others, by the names the Web API gives them (its navigation properties).

use super::{Catalog, ColumnDef, EntityDef, FieldKind};
use crate::ask::Way;

/// A navigation property of the Web API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedWay {
    pub name: String,
    pub way: Way,
    /// Where it leads: one type, or all that a record's owner can be of; [`Way::target`] is the first.
    pub targets: Vec<String>,
    /// What the way back is called at the first target.
    pub back: String,
}

impl NamedWay {
    /// It leads to at most one record.
    pub fn is_single(&self) -> bool {
        matches!(self.way, Way::One { .. })
    }
}

impl Way {
    /// The type it leads to.
    pub fn target(&self) -> &str {
        match self {
            Way::One { target, .. } => target,
            Way::Many { entity, .. } | Way::Across { entity, .. } => entity,
        }
    }
}

/// The way of this name and the type it leads to. Names are taken in any case; the exact one goes first.
pub fn way(catalog: &Catalog, def: &EntityDef, name: &str) -> Option<(Way, String)> {
    named_way(catalog, def, name).map(|it| {
        let target = it.way.target().to_owned();
        (it.way, target)
    })
}

/// As [`way`], with all that is known of it.
pub fn named_way(catalog: &Catalog, def: &EntityDef, name: &str) -> Option<NamedWay> {
    let mut all = ways(catalog, def);
    let at = all
        .iter()
        .position(|it| it.name == name)
        .or_else(|| all.iter().position(|it| it.name.eq_ignore_ascii_case(name)))?;
    Some(all.swap_remove(at))
}

/// All ways from this type: along its lookups, then back along the lookups that lead here, then through the types that
/// only tie two others together. No name comes twice.
pub fn ways(catalog: &Catalog, def: &EntityDef) -> Vec<NamedWay> {
    let mut all = claimed(catalog, def);
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|it| seen.insert(it.name.to_ascii_lowercase()));
    all
}

/// As [`ways`], with the names that two of them would have: a new definition must not add such a one.
pub(crate) fn claimed(catalog: &Catalog, def: &EntityDef) -> Vec<NamedWay> {
    let mut all: Vec<NamedWay> = def.columns.iter().flat_map(|it| along(def, it)).collect();
    for other in catalog.all() {
        if other.intersect {
            all.extend(across(def, other));
        } else {
            all.extend(lookups(other).filter_map(|it| back_along(def, other, it)));
        }
    }
    all
}

/// The two lookups of a type that only ties others together; `None` when it has not got them.
pub fn ends(intersect: &EntityDef) -> Option<(&ColumnDef, &ColumnDef)> {
    let mut ends = lookups(intersect).filter(|it| !SYSTEM.contains(&it.name.as_str()));
    Some((ends.next()?, ends.next()?))
}

/// Lookups that every type has; they are no ends of a tie.
const SYSTEM: [&str; 6] =
    ["createdby", "modifiedby", "createdonbehalfby", "modifiedonbehalfby", "ownerid", "owningbusinessunit"];

fn lookups(def: &EntityDef) -> impl Iterator<Item = &ColumnDef> {
    def.columns.iter().filter(|it| it.kind == FieldKind::Lookup)
}

/// Along a lookup: a way for each target, unless they share one name (an owner's do).
fn along(def: &EntityDef, column: &ColumnDef) -> Vec<NamedWay> {
    if column.kind != FieldKind::Lookup {
        return vec![];
    }
    let mut found: Vec<NamedWay> = Vec::new();
    for target in &column.targets {
        let name = column.way(&def.name, target);
        if let Some(same) = found.iter_mut().find(|it| it.name == name) {
            same.targets.push(target.clone());
            continue;
        }
        found.push(NamedWay {
            name,
            way: Way::One { column: column.name.clone(), target: target.clone() },
            targets: vec![target.clone()],
            back: column.way_back(&def.name, target),
        });
    }
    found
}

fn back_along(def: &EntityDef, other: &EntityDef, column: &ColumnDef) -> Option<NamedWay> {
    column.targets.contains(&def.name).then(|| NamedWay {
        name: column.way_back(&other.name, &def.name),
        way: Way::Many { entity: other.name.clone(), column: column.name.clone() },
        targets: vec![other.name.clone()],
        back: column.way(&other.name, &def.name),
    })
}

/// Through `intersect`, from either of its ends that leads here.
fn across(def: &EntityDef, intersect: &EntityDef) -> Vec<NamedWay> {
    let Some((first, second)) = ends(intersect) else { return vec![] };
    let mut found = Vec::new();
    for (here, there) in [(first, second), (second, first)] {
        let Some(target) = there.targets.first().filter(|_| here.targets.contains(&def.name)) else {
            continue;
        };
        let way = Way::Across {
            intersect: intersect.name.clone(),
            here: here.name.clone(),
            there: there.name.clone(),
            entity: target.clone(),
        };
        found.push(NamedWay {
            name: across_name(intersect, here, &def.name, here.name == first.name),
            way,
            targets: vec![target.clone()],
            back: across_name(intersect, there, target, there.name == first.name),
        });
    }
    found
}

/// Both directions are called as the relationship is, unless its lookup says otherwise; between records of one type
/// that would be one name for two ways.
fn across_name(intersect: &EntityDef, here: &ColumnDef, entity: &str, is_first: bool) -> String {
    if let Some(name) = here.relationships.get(entity) {
        return name.clone();
    }
    let schema = intersect.schema_name();
    match ends(intersect) {
        Some((first, second)) if first.targets.first() == second.targets.first() => {
            let prefix = if is_first { "Referencing" } else { "Referenced" };
            format!("{prefix}{schema}")
        }
        _ => schema.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::parse;

    fn catalog(more: &[&str]) -> Catalog {
        let mut types = Catalog::standard_types().unwrap();
        types.extend(more.iter().map(|it| parse(it).unwrap()));
        Catalog::of(types, vec![]).unwrap()
    }

    fn tie(name: &str, ends: [&str; 2]) -> String {
        let label = "label={en='a',sv='b'}";
        format!(
            "name='{name}'\nset='{name}s'\nschema='new_{name}'\nownership='organization'\nicon='x'\nprimary='name'\n\
             intersect=true\n{label}\nplural={{en='a',sv='b'}}\n[[column]]\nname='name'\nkind='text'\n{label}\n\
             [[column]]\nname='one'\nkind='lookup'\ntargets=['{}']\n{label}\n\
             [[column]]\nname='two'\nkind='lookup'\ntargets=['{}']\n{label}\n",
            ends[0], ends[1]
        )
    }

    #[track_caller]
    fn check(catalog: &Catalog, from: &str, name: &str, expected: &str) {
        let found = named_way(catalog, catalog.get(from).unwrap(), name);
        let found = found.map_or("-".to_owned(), |it| match it.way {
            Way::One { column, .. } => format!("{}: {column} to {}", it.name, it.targets.join(" or ")),
            Way::Many { entity, column } => format!("{}: {entity}s by {column}", it.name),
            Way::Across { intersect, here, there, entity } => {
                format!("{}: {entity}s by {intersect}, {here} to {there}", it.name)
            }
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn a_lookup_has_a_way_for_each_of_its_types() {
        let catalog = catalog(&[]);
        let customer = "parentcustomerid_account: parentcustomerid to account";
        check(&catalog, "contact", "parentcustomerid_account", customer);
        check(&catalog, "contact", "PARENTCUSTOMERID_Account", customer);
        check(&catalog, "contact", "parentcustomerid", "-");
        check(&catalog, "contact", "ownerid", "ownerid: ownerid to systemuser or team");
        check(&catalog, "contact", "createdby", "createdby: createdby to systemuser");
        let regarding = "regardingobjectid_contact_email: regardingobjectid to contact";
        check(&catalog, "email", "regardingobjectid_contact_email", regarding);
    }

    #[test]
    fn every_way_has_one_back() {
        let catalog =
            catalog(&[&tie("course", ["account", "contact"]), &tie("friend", ["contact", "contact"])]);
        for def in catalog.all().filter(|it| !it.intersect) {
            for way in ways(&catalog, def) {
                // An owner's ways share one name, so that the ways back of all but the first find it, too.
                let target = catalog.get(way.way.target()).unwrap();
                let back = named_way(&catalog, target, &way.back);
                let back = back.unwrap_or_else(|| panic!("{}.{} has no way back", def.name, way.name));
                assert!(back.targets.contains(&def.name), "{} {way:?} {back:?}", def.name);
            }
        }
    }

    #[test]
    fn ties_are_crossed_from_both_ends() {
        let catalog =
            catalog(&[&tie("course", ["account", "contact"]), &tie("friend", ["contact", "contact"])]);
        check(&catalog, "account", "new_course", "new_course: contacts by course, one to two");
        check(&catalog, "contact", "new_course", "new_course: accounts by course, two to one");
        check(
            &catalog,
            "contact",
            "Referencingnew_friend",
            "Referencingnew_friend: contacts by friend, one to two",
        );
        check(
            &catalog,
            "contact",
            "Referencednew_friend",
            "Referencednew_friend: contacts by friend, two to one",
        );
        check(&catalog, "account", "account_course_one", "-");
    }
}
