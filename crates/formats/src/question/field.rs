//! Names of columns: found, or answered with the one that was meant.

use super::{BadQuery, quoted};
use domain::entity::{ColumnDef, EntityDef, FieldKind};

/// A column that a question speaks of. The key counts as a lookup to the type itself.
#[derive(Debug, Clone)]
pub struct Field<'a> {
    pub def: &'a EntityDef,
    pub name: String,
    pub kind: FieldKind,
    /// The types that a lookup leads to.
    pub targets: Vec<String>,
    /// `None` for the key.
    pub column: Option<&'a ColumnDef>,
}

/// The column or key of this name, in any case. Refused with the nearest name when there is none.
pub fn field<'a>(def: &'a EntityDef, name: &str) -> Result<Field<'a>, BadQuery> {
    found(def, name).ok_or_else(|| unknown(def, name))
}

/// The same, or nothing.
pub(crate) fn found<'a>(def: &'a EntityDef, name: &str) -> Option<Field<'a>> {
    let key = def.key_column();
    let column =
        def.column(name).or_else(|| def.columns.iter().find(|it| it.name.eq_ignore_ascii_case(name)));
    if let Some(column) = column {
        // What only the product itself compares is nobody's to ask for.
        return (column.kind != FieldKind::Key).then(|| Field {
            def,
            name: column.name.clone(),
            kind: column.kind.clone(),
            targets: column.targets.clone(),
            column: Some(column),
        });
    }
    key.eq_ignore_ascii_case(name).then(|| Field {
        def,
        targets: vec![def.name.clone()],
        name: key,
        kind: FieldKind::Lookup,
        column: None,
    })
}

pub(crate) fn unknown(def: &EntityDef, name: &str) -> BadQuery {
    let key = def.key_column();
    let visible = def.columns.iter().filter(|it| it.kind != FieldKind::Key).map(|it| it.name.as_str());
    let nearest = nearest(name, visible.chain([key.as_str()]));
    let meant = nearest.map(|it| format!(" Did you mean “{it}”?")).unwrap_or_default();
    BadQuery(format!("{} has no column {}.{meant}", def.name, quoted(name)))
}

impl Field<'_> {
    pub fn is_text(&self) -> bool {
        use FieldKind::{Email, Memo, Phone, Text, Url};
        matches!(self.kind, Text | Memo | Email | Phone | Url)
    }

    pub fn is_time(&self) -> bool {
        matches!(self.kind, FieldKind::Date | FieldKind::DateTime)
    }

    /// What stands in it, for a sentence.
    pub fn holds(&self) -> &'static str {
        match self.kind {
            FieldKind::Text | FieldKind::Memo | FieldKind::Email | FieldKind::Phone | FieldKind::Url => {
                "a text"
            }
            FieldKind::Integer => "a whole number",
            FieldKind::Money => "money",
            FieldKind::Decimal => "a decimal number",
            FieldKind::Float => "a number",
            FieldKind::Boolean => "true or false",
            FieldKind::Date => "a date",
            FieldKind::DateTime => "a time",
            FieldKind::Choice => "a choice",
            FieldKind::Choices => "several choices",
            FieldKind::Lookup => "the GUID of a record",
            FieldKind::Key => "a key of the product's own",
            FieldKind::File => "a file",
        }
    }
}

/// The name that needs the fewest changes to become the wanted one; none when all are far away.
pub(crate) fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: String = wanted.chars().take(64).flat_map(char::to_lowercase).collect();
    let bound = wanted.chars().count().div_ceil(3);
    let near = names.map(|it| (distance(&wanted, &it.to_lowercase()), it)).filter(|it| it.0 <= bound);
    near.min_by_key(|it| it.0).map(|it| it.1)
}

/// Letters to insert, leave out or replace (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.chars().enumerate() {
        let mut corner = row[0];
        row[0] = at + 1;
        for (index, its) in other.iter().enumerate() {
            let replaced = corner + usize::from(letter != *its);
            corner = row[index + 1];
            row[index + 1] = replaced.min(corner + 1).min(row[index] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::entity::Catalog;

    #[track_caller]
    fn check(name: &str, expected: &str) {
        let catalog = Catalog::standard().unwrap();
        let found = field(catalog.get("contact").unwrap(), name);
        assert_eq!(
            found.map_or_else(|it| it.to_string(), |it| format!("{}: {}", it.name, it.holds())),
            expected
        );
    }

    #[test]
    fn names_are_found_or_guessed() {
        check("lastname", "lastname: a text");
        check("LastName", "lastname: a text");
        check("contactid", "contactid: the GUID of a record");
        check("lastnam", "contact has no column “lastnam”. Did you mean “lastname”?");
        check("frstname", "contact has no column “frstname”. Did you mean “firstname”?");
        check("zzzzzz", "contact has no column “zzzzzz”.");
        check("", "contact has no column “”.");
    }

    #[test]
    fn the_distance_is_that_of_levenshtein() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
    }
}
