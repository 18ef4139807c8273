//! What a new record begins with when it is made from another one: a contact from a lead, an opportunity from an account.

use crate::check::fault;
use crate::entity::{ColumnDef, EntityDef, FieldKind, Writer};
use crate::record::{Record, Value, Values};

/// Which columns go along, besides the lookup that says where the record came from.
enum Along {
    /// All that both types have.
    Alike,
    /// What is true of the place: the address and its phone.
    Place,
    Nothing,
}

/// Columns that are called differently on the two sides.
const RENAMED: [(&str, &str, &str, &str); 4] = [
    ("lead", "account", "companyname", "name"),
    ("lead", "opportunity", "subject", "name"),
    ("lead", "opportunity", "estimatedamount", "estimatedvalue"),
    ("opportunity", "incident", "name", "title"),
];

/// Where a record says what it comes from, best first; after these any lookup that leads there.
const LOOKUPS: [&str; 8] = [
    "regardingobjectid",
    "originatingleadid",
    "originatingcaseid",
    "customerid",
    "parentcustomerid",
    "parentaccountid",
    "primarycontactid",
    "objectid",
];

fn along(source: &str, target: &str) -> Along {
    match (source, target) {
        ("lead", "account" | "contact" | "opportunity") => Along::Alike,
        ("account" | "contact", "account" | "contact" | "lead") => Along::Place,
        _ => Along::Nothing,
    }
}

/// The values of the new record. Only what fits its columns, and what people may fill in, goes along.
pub fn initial(source: &Record, from: &EntityDef, target: &EntityDef) -> Values {
    let mut values = Values::new();
    let same = target.columns.iter().filter(|it| goes_along(&along(&from.name, &target.name), it));
    for column in same.filter(|it| from.column(&it.name).is_some_and(|own| own.kind == it.kind)) {
        take(&mut values, column, source.get(&column.name));
    }
    for (_, _, here, there) in
        RENAMED.iter().filter(|(one, other, ..)| (*one, *other) == (from.name.as_str(), target.name.as_str()))
    {
        if let Some(column) = target.column(there) {
            values.remove(*there);
            take(&mut values, column, source.get(here));
        }
    }
    if let Some(lookup) = lookup(from, target) {
        values.insert(lookup.name.clone(), source.reference().into());
    }
    values
}

fn goes_along(along: &Along, column: &ColumnDef) -> bool {
    column.writer() == Writer::People
        && match along {
            Along::Alike => {
                !matches!(column.name.as_str(), "originatingleadid" | "prioritycode" | "salesstagecode")
            }
            Along::Place => {
                column.name == "telephone1"
                    || (column.name.starts_with("address1_") && column.kind != FieldKind::Lookup)
            }
            Along::Nothing => false,
        }
}

fn take(values: &mut Values, column: &ColumnDef, value: &Value) {
    if !value.is_null() && fault(column, value).is_none() {
        values.insert(column.name.clone(), value.clone());
    }
}

fn lookup<'a>(from: &EntityDef, target: &'a EntityDef) -> Option<&'a ColumnDef> {
    let leads = |it: &&ColumnDef| {
        it.kind == FieldKind::Lookup && it.writer() == Writer::People && it.targets.contains(&from.name)
    };
    let named = LOOKUPS.iter().find_map(|name| target.column(name).filter(leads));
    named.or_else(|| target.columns.iter().find(leads))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Catalog;
    use crate::id::Guid;

    #[track_caller]
    fn check(source: &Record, target: &str, expected: &[(&str, Value)]) {
        let catalog = Catalog::standard().unwrap();
        let from = catalog.get(&source.entity).unwrap();
        let found = initial(source, from, catalog.get(target).unwrap());
        let expected: Values = expected.iter().map(|(name, it)| ((*name).to_owned(), it.clone())).collect();
        assert_eq!(found, expected);
    }

    fn lead() -> Record {
        Record::new("lead", Guid::v7(1, [1; 10]))
            .with("subject", "240 bikes")
            .with("firstname", "Göran")
            .with("lastname", "Sjöberg")
            .with("companyname", "Contoso")
            .with("estimatedamount", 70_000)
            .with("statecode", 0)
    }

    #[test]
    fn a_lead_becomes_a_customer_and_an_opportunity() {
        let from = Value::from(lead().reference());
        check(&lead(), "account", &[("name", "Contoso".into()), ("originatingleadid", from.clone())]);
        let name = [("firstname", "Göran".into()), ("lastname", "Sjöberg".into())];
        check(&lead(), "contact", &[name[0].clone(), name[1].clone(), ("originatingleadid", from.clone())]);
        let opportunity =
            [("name", "240 bikes".into()), ("estimatedvalue", 70_000.into()), ("originatingleadid", from)];
        check(&lead(), "opportunity", &opportunity);
    }

    #[test]
    fn a_contact_lives_where_its_account_does() {
        let account = Record::new("account", Guid::v7(1, [1; 10]))
            .with("name", "Contoso")
            .with("emailaddress1", "info@contoso.example")
            .with("address1_city", "Örebro");
        let of = Value::from(account.reference());
        check(&account, "contact", &[("address1_city", "Örebro".into()), ("parentcustomerid", of.clone())]);
        check(&account, "task", &[("regardingobjectid", of)]);
    }

    #[test]
    fn what_does_not_fit_stays_behind() {
        let lead = Record::new("lead", Guid::v7(1, [1; 10])).with("companyname", "x".repeat(161));
        let from = Value::from(lead.reference());
        check(&lead, "account", &[("originatingleadid", from)]);
    }
}
