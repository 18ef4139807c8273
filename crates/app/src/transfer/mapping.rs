//! Which column of a file becomes which column of a record.

use domain::entity::{ColumnDef, EntityDef, FieldKind, Writer};
use domain::text::folded;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Where the cells below a heading go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// Into this column; a record by its name or e-mail address.
    Column(String),
    /// Into this lookup, as the key of a record.
    Id(String),
    /// They are the keys of the records themselves.
    Key,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Column(column) => write!(f, "{column}"),
            Place::Id(column) => write!(f, "{column}.id"),
            Place::Key => write!(f, "."),
        }
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Place, ()> {
        match (text, text.strip_suffix(".id")) {
            ("", _) => Err(()),
            (".", _) => Ok(Place::Key),
            (_, Some(column)) => Ok(Place::Id(column.to_owned())),
            (column, None) => Ok(Place::Column(column.to_owned())),
        }
    }
}

/// The columns that a file can fill: what people write, and the status and the owner. Of a person's name its parts.
pub fn takes(def: &EntityDef) -> impl Iterator<Item = &ColumnDef> {
    let rules = ["statuscode", "ownerid"].into_iter().filter_map(|it| def.column(it));
    let people = def.form().filter(|it| it.writer() == Writer::People);
    people.chain(rules).filter(|it| !matches!(it.kind, FieldKind::File | FieldKind::Key))
}

/// Whether the definition has such a place for a file.
pub fn fits(def: &EntityDef, place: &Place) -> bool {
    match place {
        Place::Key => true,
        Place::Column(column) => takes(def).any(|it| it.name == *column),
        Place::Id(column) => takes(def).any(|it| it.name == *column && it.kind == FieldKind::Lookup),
    }
}

/// What is usually called like this, beside labels and names: the first column of this kind, or with one of these names.
const USUAL: [(&[&str], Option<FieldKind>, &[&str]); 7] = [
    (&["email", "mail", "epost", "epostadress", "emailaddress", "mailadress"], Some(FieldKind::Email), &[]),
    (&["phone", "telephone", "telefon", "tel", "phonenumber", "telefonnummer"], Some(FieldKind::Phone), &[]),
    (&["web", "website", "homepage", "hemsida", "webb", "webbplats", "url"], Some(FieldKind::Url), &[]),
    (
        &["company", "account", "företag", "konto", "bolag", "organisation"],
        None,
        &["parentcustomerid", "companyname"],
    ),
    (&["surname", "efternamn", "familyname"], None, &["lastname"]),
    (&["förnamn", "givenname"], None, &["firstname"]),
    (&["city", "ort", "stad", "town"], None, &["address1_city"]),
];

/// The place of each heading, by names and labels in both languages. No place is given twice.
pub fn guess(def: &EntityDef, headings: &[String]) -> Vec<Option<Place>> {
    let mut given: Vec<Option<Place>> = vec![None; headings.len()];
    for said in [by_name, by_custom] {
        for (at, heading) in headings.iter().enumerate() {
            let place = if given[at].is_none() { said(def, heading) } else { None };
            if place.as_ref().is_some_and(|it| !given.iter().flatten().any(|other| other == it)) {
                given[at] = place;
            }
        }
    }
    // A key says more than the name beside it.
    for at in 0..given.len() {
        let by_id = |column: &String| given.contains(&Some(Place::Id(column.clone())));
        if matches!(&given[at], Some(Place::Column(column)) if by_id(column)) {
            given[at] = None;
        }
    }
    given
}

fn by_name(def: &EntityDef, heading: &str) -> Option<Place> {
    if bare(heading) == bare(&def.key_column()) {
        return Some(Place::Key);
    }
    if let Some(before) = folded(heading).strip_suffix("(id)") {
        let lookup = takes(def).find(|it| it.kind == FieldKind::Lookup && is_called(it, before));
        return lookup.map(|it| Place::Id(it.name.clone()));
    }
    takes(def).find(|it| is_called(it, heading)).map(|it| Place::Column(it.name.clone()))
}

fn by_custom(def: &EntityDef, heading: &str) -> Option<Place> {
    let said = bare(heading);
    let usual = USUAL.iter().find(|it| it.0.contains(&said.as_str()));
    let found = usual.and_then(|(_, kind, names)| {
        takes(def).find(|it| names.contains(&it.name.as_str()) || Some(&it.kind) == kind.as_ref())
    });
    let found = found.or_else(|| {
        let primary = matches!(said.as_str(), "name" | "namn" | "title" | "titel" | "subject");
        takes(def).find(|it| primary && it.name == def.primary)
    });
    found.map(|it| Place::Column(it.name.clone()))
}

fn is_called(column: &ColumnDef, heading: &str) -> bool {
    let said = bare(heading);
    let names = [&column.name, &column.label.en, &column.label.sv];
    !said.is_empty() && (names.iter().any(|it| bare(it) == said) || bare(column.schema_name()) == said)
}

/// Letters and digits alone.
fn bare(text: &str) -> String {
    folded(text).chars().filter(|it| it.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::entity::Catalog;

    #[track_caller]
    fn check(entity: &str, headings: &str, expected: &str) {
        let catalog = Catalog::standard().unwrap();
        let headings: Vec<String> = headings.split('|').map(str::to_owned).collect();
        let guessed = guess(catalog.get(entity).unwrap(), &headings);
        let said: Vec<String> =
            guessed.iter().map(|it| it.as_ref().map_or_else(String::new, ToString::to_string)).collect();
        assert_eq!(said.join("|"), expected);
    }

    #[test]
    fn headings_are_known_in_both_languages_and_by_name() {
        check(
            "contact",
            "Förnamn|Efternamn|E-post|Företag",
            "firstname|lastname|emailaddress1|parentcustomerid",
        );
        check("contact", "First Name|LASTNAME|e-mail|Shoe size", "firstname|lastname|emailaddress1|");
        check("account", "accountid|name|Ort|Owner", ".|name|address1_city|ownerid");
    }

    #[test]
    fn a_key_says_more_than_the_name_beside_it() {
        check("contact", "parentcustomerid|parentcustomerid (id)", "|parentcustomerid.id");
    }

    #[test]
    fn no_column_is_filled_twice() {
        check("account", "Name|Namn|name", "name||");
    }

    #[test]
    fn places_are_said_and_understood() {
        for place in [Place::Key, Place::Column("name".to_owned()), Place::Id("ownerid".to_owned())] {
            assert_eq!(place.to_string().parse(), Ok(place));
        }
    }
}
