//! `$metadata`: all types, the ways between them and what can be asked for, as CSDL 4.0 in XML.

mod operations;
mod shapes;
mod types;
mod xml;

use domain::ask::Way;
use domain::entity::{Catalog, ColumnDef, EntityDef, FieldKind, ways};
use std::collections::BTreeMap;
use xml::Xml;

const CORE: &str =
    "https://docs.oasis-open.org/odata/odata/v4.0/errata03/os/complete/vocabularies/Org.OData.Core.V1.xml";

/// The document (OData CSDL 4.0). It is the same for every reader until the definitions change: keep it.
pub fn document(catalog: &Catalog) -> String {
    let model = Model::of(catalog);
    let mut xml = Xml::new();
    xml.open("edmx:Edmx", &[("Version", "4.0"), ("xmlns:edmx", "http://docs.oasis-open.org/odata/ns/edmx")]);
    xml.open("edmx:Reference", &[("Uri", CORE)]);
    xml.leaf("edmx:Include", &[("Namespace", "Org.OData.Core.V1"), ("Alias", "Core")]);
    xml.close();
    xml.open("edmx:DataServices", &[]);
    let namespace = [
        ("Namespace", "Microsoft.Dynamics.CRM"),
        ("Alias", "mscrm"),
        ("xmlns", "http://docs.oasis-open.org/odata/ns/edm"),
    ];
    xml.open("Schema", &namespace);
    shapes::write(&mut xml);
    types::write(&mut xml, &model);
    operations::write(&mut xml, &model);
    container(&mut xml, &model);
    xml.finish()
}

/// The types that have a set of their own, and the ways between them.
struct Model<'a> {
    catalog: &'a Catalog,
    types: BTreeMap<&'a str, Type<'a>>,
}

struct Type<'a> {
    def: &'a EntityDef,
    ways: Vec<Navigation>,
}

/// A navigation property.
struct Navigation {
    name: String,
    /// Logical names; several share one property only along an owner.
    targets: Vec<String>,
    is_single: bool,
    /// Along a lookup to one type: the property that holds a key, and the property there that is this key.
    refers: Option<(String, String)>,
    /// The way back, where that leads back to this one alone.
    partner: Option<String>,
}

impl Navigation {
    /// Where it leads, as CSDL writes a type: an owner is a user or a team, and so a `principal`.
    fn type_name(&self) -> String {
        let single = match self.targets.as_slice() {
            [target] => format!("mscrm.{target}"),
            _ => "mscrm.principal".to_owned(),
        };
        if self.is_single { single } else { format!("Collection({single})") }
    }
}

impl<'a> Model<'a> {
    fn of(catalog: &'a Catalog) -> Model<'a> {
        let mut types: BTreeMap<&str, Type> = BTreeMap::new();
        let mut backs: BTreeMap<(&str, String), String> = BTreeMap::new();
        for def in catalog.all().filter(|it| !it.intersect) {
            let known = |name: &String| catalog.get(name).is_some_and(|it| !it.intersect);
            let all = ways(catalog, def).into_iter().filter(|it| it.targets.iter().all(known));
            let mut navigations = Vec::new();
            for way in all {
                let refers = match &way.way {
                    Way::One { column, target } if way.targets.len() == 1 => {
                        catalog.get(target).map(|it| (format!("_{column}_value"), it.key_column()))
                    }
                    Way::One { .. } | Way::Many { .. } | Way::Across { .. } => None,
                };
                backs.insert((&def.name, way.name.clone()), way.back.clone());
                navigations.push(Navigation {
                    is_single: way.is_single(),
                    partner: Some(way.back).filter(|_| way.targets.len() == 1),
                    name: way.name,
                    targets: way.targets,
                    refers,
                });
            }
            types.insert(&def.name, Type { def, ways: navigations });
        }
        let mut model = Model { catalog, types };
        model.keep_true_partners(&backs);
        model
    }

    /// A way back that is not there, or leads elsewhere, is no partner (CSDL 4.0, 7.1.4).
    fn keep_true_partners(&mut self, backs: &BTreeMap<(&str, String), String>) {
        let mut owners: Vec<(String, String)> = Vec::new();
        for (name, entry) in &self.types {
            let several = entry.ways.iter().filter(|it| it.targets.len() > 1);
            owners.extend(several.map(|it| ((*name).to_owned(), it.name.clone())));
        }
        for (name, entry) in &mut self.types {
            for way in &mut entry.ways {
                let Some(back) = way.partner.take() else { continue };
                let target = way.targets[0].as_str();
                let is_mutual = backs.get(&(target, back.clone())).is_some_and(|it| *it == way.name);
                let is_owner = owners.iter().any(|it| it.0 == target && it.1 == back);
                // A record that leads to itself by one name both ways would be its own partner.
                let is_itself = target == *name && back == way.name;
                way.partner = Some(back).filter(|_| is_mutual && !is_owner && !is_itself);
            }
        }
    }

    fn knows(&self, name: &str) -> bool {
        self.types.contains_key(name)
    }
}

/// The property that shows a column; `None` for what no client is shown.
fn property(column: &ColumnDef) -> Option<String> {
    match column.kind {
        FieldKind::Key => None,
        FieldKind::Lookup => Some(format!("_{}_value", column.name)),
        _ => Some(column.name.clone()),
    }
}

fn container(xml: &mut Xml, model: &Model) {
    xml.open("EntityContainer", &[("Name", "System")]);
    for entry in model.types.values() {
        let kind = format!("Microsoft.Dynamics.CRM.{}", entry.def.name);
        xml.open("EntitySet", &[("Name", &entry.def.set), ("EntityType", &kind)]);
        for way in entry.ways.iter().filter(|it| it.targets.len() == 1) {
            if let Some(target) = model.catalog.get(&way.targets[0]) {
                xml.leaf("NavigationPropertyBinding", &[("Path", &way.name), ("Target", &target.set)]);
            }
        }
        xml.close();
    }
    shapes::sets(xml);
    operations::imports(xml, model);
    xml.close();
}

#[cfg(test)]
mod tests;
