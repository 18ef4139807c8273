//! A list as somebody arranged it: which columns, which records, in which order; and the views that come with the product.

use crate::entity::{Catalog, EntityDef, Label};
use crate::filter::Direction;
use crate::id::Guid;
use serde::Deserialize;
use std::sync::LazyLock;

/// What a list shows. As text it is FetchXML (`formats::fetchxml`), the content of a saved view.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct View {
    pub entity: String,
    /// In this order; empty: those that the definition puts into lists.
    pub columns: Vec<String>,
    /// All of them hold.
    pub conditions: Vec<Condition>,
    /// `None`: the usual order of the type.
    pub order: Option<(String, Direction)>,
}

/// What is asked of one column. Operators are those of FetchXML, and values are written as FetchXML writes them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    pub column: String,
    pub operator: String,
    #[serde(default)]
    pub values: Vec<String>,
}

impl View {
    pub fn of(entity: &str) -> View {
        View { entity: entity.to_owned(), ..View::default() }
    }
}

/// A view that is there for every type it fits.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ready {
    /// Its name among those of its type: `active`.
    pub key: String,
    /// `{types}` stands for the type's plural.
    label: Label,
    /// Only for these types; empty: for all. `@activity` stands for every kind of activity but e-mail.
    #[serde(default)]
    types: Vec<String>,
    #[serde(default)]
    except: Vec<String>,
    /// Lists open with it.
    #[serde(default)]
    pub default: bool,
    #[serde(default, rename = "condition")]
    conditions: Vec<Condition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    view: Vec<Ready>,
}

/// A test keeps the file readable.
static READY: LazyLock<Vec<Ready>> = LazyLock::new(|| {
    let file: Result<File, _> = toml::from_str(include_str!("../views/ready.toml"));
    file.map(|it| it.view).unwrap_or_default()
});

/// People see lists of these types: those that one can browse, and activities.
pub fn is_listed(def: &EntityDef) -> bool {
    (def.browsable || def.activity || def.name == "activitypointer") && !def.intersect
}

/// The types that have lists, in the order of their names.
pub fn listed(catalog: &Catalog) -> impl Iterator<Item = &EntityDef> {
    catalog.all().filter(|it| is_listed(it))
}

/// The views that come with the product for this type.
pub fn ready(def: &EntityDef) -> Vec<&'static Ready> {
    let is_meant = |it: &&'static Ready| {
        let named = |all: &[String]| all.iter().any(|it| names(it, def));
        (it.types.is_empty() || named(&it.types)) && !named(&it.except)
    };
    let fits = |it: &&'static Ready| it.conditions.iter().all(|it| def.column(&it.column).is_some());
    if is_listed(def) { READY.iter().filter(is_meant).filter(fits).collect() } else { vec![] }
}

fn names(name: &str, def: &EntityDef) -> bool {
    match name {
        "@activity" => (def.activity && def.name != "email") || def.name == "activitypointer",
        name => name == def.name,
    }
}

impl Ready {
    /// The key of its row in `savedquery`, the same in every installation.
    pub fn id(&self, def: &EntityDef) -> Guid {
        Guid::named("savedquery", &format!("{}/{}", def.name, self.key))
    }

    pub fn label(&self, def: &EntityDef) -> Label {
        let filled = |text: &str, types: &str| text.replace("{types}", &types.to_lowercase());
        Label { en: filled(&self.label.en, &def.plural.en), sv: filled(&self.label.sv, &def.plural.sv) }
    }

    pub fn view(&self, def: &EntityDef) -> View {
        View { conditions: self.conditions.clone(), ..View::of(&def.name) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(entity: &str, labels: &[&str]) {
        let catalog = Catalog::standard().unwrap();
        let def = catalog.get(entity).unwrap();
        let all: Vec<String> = ready(def).iter().map(|it| it.label(def).sv).collect();
        assert_eq!(all, labels);
    }

    #[test]
    fn every_type_has_the_views_that_fit_it() {
        check("account", &["Aktiva konton", "Mina aktiva konton", "Inaktiva konton", "Alla konton"]);
        check(
            "opportunity",
            &[
                "Öppna affärsmöjligheter",
                "Mina öppna affärsmöjligheter",
                "Vunna affärsmöjligheter",
                "Förlorade affärsmöjligheter",
                "Alla affärsmöjligheter",
            ],
        );
        check("task", &["Öppna uppgifter", "Mina öppna uppgifter", "Avslutade uppgifter", "Alla uppgifter"]);
        check("email", &["All e-post", "Min e-post"]);
        check("systemuser", &[]);
    }

    #[test]
    fn one_view_of_each_type_opens_its_list() {
        let catalog = Catalog::standard().unwrap();
        for def in listed(&catalog) {
            assert_eq!(ready(def).iter().filter(|it| it.default).count(), 1, "{}", def.name);
        }
    }
}
