//! The table and the indexes of each type of record, made from its definition. Type words are PostgreSQL's.

use domain::entity::{Catalog, ColumnDef, EntityDef, FieldKind, KeyDef, Ownership};
use std::collections::BTreeSet;

/// A name as SQL takes it. Names come from checked definitions; doubling the quotes is the second lock on that door.
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A name as a SQL text, for the type of a record in a fixed place of a statement.
pub(crate) fn literal(name: &str) -> String {
    format!("'{}'", name.replace('\'', "''"))
}

/// Everything the catalog's records need, harmless to repeat: tables first, then their indexes.
///
/// Columns that a definition gained later are not added here: see [`missing_columns`].
pub fn tables(catalog: &Catalog) -> Vec<String> {
    catalog.all().map(table).chain(indexes(catalog)).collect()
}

/// Only the indexes: after [`missing_columns`] has added what they stand on.
pub fn indexes(catalog: &Catalog) -> Vec<String> {
    catalog.all().flat_map(indexes_of).collect()
}

/// What adds the columns that the table of `def` lacks (SQLite has no `ADD COLUMN IF NOT EXISTS`).
/// `existing`: the names of the columns that are there, without quotes.
pub fn missing_columns(def: &EntityDef, existing: &BTreeSet<String>) -> Vec<String> {
    let lacking = columns(def).into_iter().filter(|(name, _)| !existing.contains(name));
    lacking
        .map(|(name, kind)| {
            let default = if kind.ends_with("NOT NULL") { " DEFAULT ''" } else { "" };
            format!("ALTER TABLE {} ADD COLUMN {} {kind}{default}", quoted(&def.name), quoted(&name))
        })
        .collect()
}

/// Parts of other records are listed through those only: they need no sort key and few indexes.
pub(crate) fn has_sortkey(def: &EntityDef) -> bool {
    def.ownership != Ownership::Child
}

/// An index leads from a name to its records: activities stand in lists by date alone.
pub(crate) fn has_name_index(def: &EntityDef) -> bool {
    has_sortkey(def) && !def.activity && def.column("sortdate").is_none()
}

pub(crate) fn table(def: &EntityDef) -> String {
    let columns: Vec<String> =
        columns(def).into_iter().map(|(name, kind)| format!("{} {kind}", quoted(&name))).collect();
    format!("CREATE TABLE IF NOT EXISTS {} (\n    {}\n)", quoted(&def.name), columns.join(",\n    "))
}

fn columns(def: &EntityDef) -> Vec<(String, &'static str)> {
    let mut columns = vec![
        (def.key_column(), "BYTEA PRIMARY KEY"),
        ("versionnumber".to_owned(), "BIGINT NOT NULL"),
        // NULL: alive; else when it went to the recycle bin (decision 3).
        ("recycledon".to_owned(), "BIGINT"),
    ];
    if has_sortkey(def) {
        columns.push(("sortkey".to_owned(), "TEXT COLLATE \"C\" NOT NULL"));
    }
    for column in &def.columns {
        columns.push((column.name.clone(), type_word(&column.kind)));
        if column.kind == FieldKind::Lookup && column.has_type_column() {
            columns.push((column.type_column(), "TEXT COLLATE \"C\""));
        }
    }
    columns
}

/// Texts are compared by their bytes on both engines, whatever language the server was set up in.
fn type_word(kind: &FieldKind) -> &'static str {
    use FieldKind::{
        Boolean, Choice, Choices, Date, DateTime, Decimal, Email, File, Float, Integer, Key, Lookup, Memo,
        Money, Phone, Text, Url,
    };
    match kind {
        Text | Memo | Email | Phone | Url | Choices | File => "TEXT COLLATE \"C\"",
        Integer | Money | Decimal | Choice | Date | DateTime => "BIGINT",
        Float => "DOUBLE PRECISION",
        Boolean => "BOOLEAN",
        Key | Lookup => "BYTEA",
    }
}

/// Lists walk these in order, by owner and by unit (decision 7); a lookup is followed backwards through its own.
fn indexes_of(def: &EntityDef) -> Vec<String> {
    let key = def.key_column();
    let mut wanted: Vec<Vec<&str>> = Vec::new();
    if def.ownership != Ownership::Child {
        // Activities stand in lists through their twin, which is ordered by the date of what happened.
        let orders: &[&str] = match (def.column("sortdate"), def.activity, def.browsable) {
            (Some(_), _, _) => &["sortdate"],
            (None, true, _) => &["createdon"],
            (None, false, _) => &["createdon", "sortkey"],
        };
        for order in orders {
            wanted.push(vec![order, &key]);
            if def.ownership == Ownership::User && (*order != "sortkey" || def.browsable) {
                wanted.push(vec!["ownerid", order, &key]);
                wanted.push(vec!["owningbusinessunit", order, &key]);
            }
        }
    }
    for column in def.columns.iter().filter(|it| it.kind == FieldKind::Lookup) {
        match column.name.as_str() {
            "createdby" | "modifiedby" | "ownerid" | "owningbusinessunit" => {}
            "regardingobjectid" if def.column("sortdate").is_some() => {
                wanted.push(vec!["regardingobjectid", "sortdate", &key]);
            }
            // What an activity is regarding is asked of its twin.
            "regardingobjectid" if def.activity => {}
            name => wanted.push(vec![name]),
        }
    }
    let mut indexes: Vec<String> = wanted.iter().map(|columns| index(def, "INDEX", columns)).collect();
    if def.ownership != Ownership::Child {
        // The recycle bin, which holds few of all.
        let lying = index(def, "INDEX", &["recycledon", &key]);
        indexes.push(format!("{lying} WHERE \"recycledon\" IS NOT NULL"));
    }
    if is_message(def) {
        indexes.push(index(def, "UNIQUE INDEX", &["messagekey", "directioncode"]));
    }
    indexes.extend(def.keys.iter().map(|it| unique(def, it)));
    indexes
}

/// No two living records share the values of an alternate key; those that lack one of them have no such key.
fn unique(def: &EntityDef, key: &KeyDef) -> String {
    let columns: Vec<&str> = key.columns.iter().map(String::as_str).collect();
    let name = fitting(format!("uq_{}.{}", def.name, key.name));
    format!("{} WHERE \"recycledon\" IS NULL", create("UNIQUE INDEX", &name, def, &columns))
}

/// A message is there once per direction (decision 13).
fn is_message(def: &EntityDef) -> bool {
    let key = def.column("messagekey").is_some_and(|it: &ColumnDef| it.kind == FieldKind::Key);
    key && def.column("directioncode").is_some()
}

/// What is a customer's begins with `ix_`, as no table may, and has a point, as no name has: engines keep all names
/// together.
fn index(def: &EntityDef, kind: &str, columns: &[&str]) -> String {
    let short: Vec<&str> = columns.iter().copied().filter(|it| *it != def.key_column()).collect();
    let short_name = short.join("_");
    let own = def.custom || short.iter().any(|it| def.column(it).is_some_and(|it| it.custom));
    let name =
        if own { format!("ix_{}.{short_name}", def.name) } else { format!("{}_{short_name}", def.name) };
    create(kind, &fitting(name), def, columns)
}

/// PostgreSQL cuts names at 63 bytes, so long ones end in a number made from the whole.
fn fitting(mut name: String) -> String {
    if name.len() > 60 {
        let sum = name.bytes().fold(5381_u32, |sum, it| sum.wrapping_mul(33) ^ u32::from(it));
        name.truncate(51);
        name = format!("{name}_{sum:08x}");
    }
    name
}

fn create(kind: &str, name: &str, def: &EntityDef, columns: &[&str]) -> String {
    let columns: Vec<String> = columns.iter().map(|it| quoted(it)).collect();
    let (table, columns) = (quoted(&def.name), columns.join(", "));
    format!("CREATE {kind} IF NOT EXISTS {} ON {table} ({columns})", quoted(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog() -> Catalog {
        Catalog::standard().unwrap()
    }

    #[test]
    fn every_column_of_a_definition_has_its_place() {
        let catalog = catalog();
        let email = table(catalog.get("email").unwrap());
        for part in [
            "CREATE TABLE IF NOT EXISTS \"email\"",
            "\"activityid\" BYTEA PRIMARY KEY",
            "\"regardingobjectid\" BYTEA",
            "\"regardingobjectidtype\" TEXT COLLATE \"C\"",
            "\"parentactivityid\" BYTEA",
            "\"directioncode\" BOOLEAN",
            "\"sortkey\" TEXT COLLATE \"C\" NOT NULL",
        ] {
            assert!(email.contains(part), "{part} is not in\n{email}");
        }
        assert!(!email.contains("parentactivityidtype"));
        assert!(!table(catalog.get("activityparty").unwrap()).contains("sortkey"));
    }

    #[test]
    fn names_of_indexes_differ_and_fit() {
        let all = tables(&catalog());
        let names: BTreeSet<&str> = all.iter().map(|it| it.split('"').nth(1).unwrap()).collect();
        assert_eq!(names.len(), all.len());
        assert!(names.iter().all(|it| it.len() < 64));
    }

    #[test]
    fn parts_of_messages_are_cheap_to_write() {
        let catalog = catalog();
        let count = |name: &str| indexes_of(catalog.get(name).unwrap()).len();
        assert_eq!((count("activityparty"), count("activitymimeattachment")), (2, 1));
    }

    #[test]
    fn a_column_that_came_later_is_added() {
        let catalog = catalog();
        let team = catalog.get("team").unwrap();
        let mut existing: BTreeSet<String> = columns(team).into_iter().map(|it| it.0).collect();
        assert!(missing_columns(team, &existing).is_empty());
        existing.remove("description");
        existing.remove("sortkey");
        assert_eq!(
            missing_columns(team, &existing),
            [
                "ALTER TABLE \"team\" ADD COLUMN \"sortkey\" TEXT COLLATE \"C\" NOT NULL DEFAULT ''",
                "ALTER TABLE \"team\" ADD COLUMN \"description\" TEXT COLLATE \"C\"",
            ]
        );
    }

    #[test]
    fn a_quote_does_not_end_a_name() {
        assert_eq!(quoted("a\"; DROP TABLE x"), "\"a\"\"; DROP TABLE x\"");
        assert_eq!(literal("a'b"), "'a''b'");
    }
}
