use super::*;
use std::collections::BTreeSet;

fn standard() -> String {
    document(&Catalog::standard().unwrap())
}

/// Values of this attribute of this element, in their order.
fn all<'a>(document: &'a str, element: &str, attribute: &str) -> Vec<&'a str> {
    let begin = format!("<{element} ");
    let inside = document.lines().filter(|it| it.starts_with(&begin));
    let value = |line: &'a str| {
        let rest = line.split_once(&format!(" {attribute}=\""))?.1;
        rest.split_once('"').map(|it| it.0)
    };
    inside.filter_map(value).collect()
}

#[test]
fn the_document_can_be_written_out_for_other_readers() {
    let text = standard();
    assert!(text.ends_with("</edmx:Edmx>\n"));
    if let Ok(path) = std::env::var("REGARDING_WRITE_METADATA") {
        std::fs::write(path, text).unwrap();
    }
}

#[test]
fn every_type_that_is_named_is_there() {
    let text = standard();
    let mut known: BTreeSet<String> = BTreeSet::new();
    for element in ["EntityType", "ComplexType", "EnumType"] {
        known.extend(all(&text, element, "Name").into_iter().map(|it| format!("mscrm.{it}")));
    }
    for element in ["Property", "NavigationProperty", "Parameter", "ReturnType"] {
        for kind in all(&text, element, "Type") {
            let kind = kind.strip_prefix("Collection(").map_or(kind, |it| it.trim_end_matches(')'));
            assert!(kind.starts_with("Edm.") || known.contains(kind), "{element} {kind}");
        }
    }
    for base in all(&text, "EntityType", "BaseType") {
        assert!(known.contains(base), "{base}");
    }
}

#[test]
fn names_within_a_type_are_unique() {
    for part in standard().split("<EntityType ").skip(1) {
        let body = part.split("</EntityType>").next().unwrap_or_default();
        let mut seen = BTreeSet::new();
        for name in all(body, "Property", "Name").into_iter().chain(all(body, "NavigationProperty", "Name")) {
            assert!(seen.insert(name), "{name} is there twice in {}", &part[..40]);
        }
    }
}

#[test]
fn partners_name_each_other() {
    let catalog = Catalog::standard().unwrap();
    let model = Model::of(&catalog);
    let mut pairs = 0;
    for (name, entry) in &model.types {
        for way in &entry.ways {
            let Some(partner) = &way.partner else { continue };
            let there = &model.types[way.targets[0].as_str()].ways;
            let back = there.iter().find(|it| it.name == *partner).expect("The partner is there.");
            assert_eq!(back.partner.as_deref(), Some(way.name.as_str()), "{name}.{}", way.name);
            assert_eq!(back.targets, [*name], "{name}.{}", way.name);
            pairs += 1;
        }
    }
    assert!(pairs > 50);
}

#[test]
fn a_contact_shows_its_columns_and_ways() {
    let text = standard();
    let contact = text.split("<EntityType Name=\"contact\"").nth(1).unwrap();
    let contact = contact.split("</EntityType>").next().unwrap();
    for line in [
        "<Property Name=\"contactid\" Type=\"Edm.Guid\" Nullable=\"false\"/>",
        "<Property Name=\"lastname\" Type=\"Edm.String\" MaxLength=\"50\"/>",
        "<Property Name=\"_parentcustomerid_value\" Type=\"Edm.Guid\"/>",
        "<Property Name=\"statecode\" Type=\"Edm.Int32\"/>",
        "<ReferentialConstraint Property=\"_parentcustomerid_value\" ReferencedProperty=\"accountid\"/>",
        "<NavigationProperty Name=\"ownerid\" Type=\"mscrm.principal\"/>",
    ] {
        assert!(contact.contains(line), "{line}\n{contact}");
    }
    assert!(text.contains("<FunctionImport Name=\"WhoAmI\" Function=\"Microsoft.Dynamics.CRM.WhoAmI\"/>"));
    assert!(
        text.contains("<NavigationPropertyBinding Path=\"parentcustomerid_account\" Target=\"accounts\"/>")
    );
}
