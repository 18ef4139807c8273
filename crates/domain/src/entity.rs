//! What a type of record looks like. One definition gives the table, the form, the list, the search and the privileges.
//! Standard types and a customer's own are the same kind of data: a TOML file (`crates/domain/entities`).

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// A word in both languages of the interface.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    pub en: String,
    pub sv: String,
}

/// Who a record belongs to, and so how far a privilege can reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ownership {
    /// A user or team owns each record.
    User,
    /// Everybody's: privileges know only none and all (SE-03).
    Organization,
    /// Part of another record, and reached through it only: a party, an attachment.
    Child,
}

/// What a column holds. The only list of kinds there is: forms, tables and searches `match` over it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// One line.
    Text,
    /// Several lines.
    Memo,
    /// An e-mail address: indexed, so that mail finds its records (AU-66).
    Email,
    Phone,
    Url,
    Integer,
    /// Ten-thousandths of a unit of money.
    Money,
    Boolean,
    /// Microseconds UTC; shown without the time of day.
    Date,
    /// Microseconds UTC.
    DateTime,
    /// A number out of [`ColumnDef::options`].
    Choice,
    /// Another record, of one of [`ColumnDef::targets`].
    Lookup,
    /// 32 bytes that identify something of a stranger's (decision 5).
    Key,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub value: i64,
    pub label: Label,
    /// For a status: the state it belongs to.
    #[serde(default)]
    pub state: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "Each is a line of the file, and independent of the others."
)]
pub struct ColumnDef {
    pub name: String,
    pub kind: FieldKind,
    pub label: Label,
    /// Longest text in characters; longer input is refused in a form and cut when it comes from mail (EM-10).
    #[serde(default)]
    pub max: Option<usize>,
    #[serde(default)]
    pub required: bool,
    /// Quick find looks here.
    #[serde(default)]
    pub search: bool,
    /// Shown in lists.
    #[serde(default)]
    pub list: bool,
    /// Never shown in forms: set by operations only.
    #[serde(default)]
    pub internal: bool,
    #[serde(default)]
    pub options: Vec<Choice>,
    #[serde(default)]
    pub targets: Vec<String>,
}

impl ColumnDef {
    /// A lookup to several types needs a second column that says which.
    pub fn has_type_column(&self) -> bool {
        self.targets.len() > 1
    }

    /// Where the type of a lookup to several types is kept: `regardingobjectidtype`.
    pub fn type_column(&self) -> String {
        format!("{}type", self.name)
    }

    pub fn option(&self, value: i64) -> Option<&Choice> {
        self.options.iter().find(|it| it.value == value)
    }
}

/// One type of record.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "Each is a line of the file, and independent of the others."
)]
pub struct EntityDef {
    /// The logical name: `account`.
    pub name: String,
    /// The set's name in the Web API: `accounts`.
    pub set: String,
    /// The name of the key column; `accountid` unless said otherwise (an activity's is `activityid`).
    #[serde(default)]
    pub key: Option<String>,
    pub ownership: Ownership,
    pub label: Label,
    pub plural: Label,
    /// The symbol in `icons.svg`, which is also the class that colours it.
    pub icon: String,
    /// The column that names a record.
    pub primary: String,
    /// It is a person's name: lists order by its last word, the surname, first.
    #[serde(default)]
    pub surname: bool,
    /// Mail and other activities can be regarding it (S-07).
    #[serde(default)]
    pub activities: bool,
    /// Connections can lead to it (S-41).
    #[serde(default)]
    pub connections: bool,
    /// It is an activity: it has a twin in `activitypointer` and shares that type's privileges.
    #[serde(default)]
    pub activity: bool,
    /// Shown in the web app's navigation, lists and quick find.
    #[serde(default)]
    pub browsable: bool,
    #[serde(default, rename = "column")]
    pub columns: Vec<ColumnDef>,
}

impl EntityDef {
    pub fn key_column(&self) -> String {
        self.key.clone().unwrap_or_else(|| format!("{}id", self.name))
    }

    pub fn column(&self, name: &str) -> Option<&ColumnDef> {
        self.columns.iter().find(|it| it.name == name)
    }

    /// The type whose privileges hold: all activities share one (SE-33).
    pub fn privilege(&self) -> &str {
        if self.activity { "activitypointer" } else { &self.name }
    }

    /// The columns a person may see and fill in.
    pub fn form(&self) -> impl Iterator<Item = &ColumnDef> {
        self.columns.iter().filter(|it| !it.internal)
    }
}

/// A definition that cannot be used, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadDefinition {
    pub entity: String,
    pub why: String,
}

impl fmt::Display for BadDefinition {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "The definition of {} cannot be used: {}", self.entity, self.why)
    }
}

impl std::error::Error for BadDefinition {}

/// Reads one definition and adds the columns that every record of its ownership has.
pub fn parse(toml: &str) -> Result<EntityDef, BadDefinition> {
    let mut def: EntityDef = toml::from_str(toml)
        .map_err(|it| BadDefinition { entity: "this file".into(), why: it.message().to_owned() })?;
    def.columns.extend(system_columns(def.ownership));
    check(&def).map_err(|why| BadDefinition { entity: def.name.clone(), why })?;
    Ok(def)
}

fn system_columns(ownership: Ownership) -> Vec<ColumnDef> {
    use FieldKind::{DateTime, Lookup};
    let column = |name: &str, kind, en: &str, sv: &str, targets: &[&str]| ColumnDef {
        name: name.into(),
        kind,
        label: Label { en: en.into(), sv: sv.into() },
        max: None,
        required: false,
        search: false,
        list: false,
        internal: true,
        options: vec![],
        targets: targets.iter().map(|it| (*it).into()).collect(),
    };
    let mut columns = vec![
        column("createdon", DateTime, "Created", "Skapad", &[]),
        column("createdby", Lookup, "Created by", "Skapad av", &["systemuser"]),
        column("modifiedon", DateTime, "Changed", "Ändrad", &[]),
        column("modifiedby", Lookup, "Changed by", "Ändrad av", &["systemuser"]),
    ];
    if ownership == Ownership::User {
        columns.push(column("ownerid", Lookup, "Owner", "Ägare", &["systemuser", "team"]));
        columns.push(column("owningbusinessunit", Lookup, "Business unit", "Affärsenhet", &["businessunit"]));
    }
    columns
}

fn check(def: &EntityDef) -> Result<(), String> {
    let names = std::iter::once(&def.name).chain(def.columns.iter().map(|it| &it.name));
    for name in names {
        let plain = name.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_');
        if !plain || name.is_empty() || name.len() > 48 || !name.as_bytes()[0].is_ascii_lowercase() {
            return Err(format!(
                "“{name}” is no name: it takes 1 to 48 small letters, digits or _, and begins with a letter"
            ));
        }
    }
    if def.column(&def.primary).is_none() {
        return Err(format!("its primary column “{}” is not among its columns", def.primary));
    }
    for (at, column) in def.columns.iter().enumerate() {
        if def.columns[..at].iter().any(|it| it.name == column.name) {
            return Err(format!("the column “{}” is there twice", column.name));
        }
        match column.kind {
            FieldKind::Lookup if column.targets.is_empty() => {
                return Err(format!("the lookup “{}” names no targets", column.name));
            }
            FieldKind::Choice if column.options.is_empty() => {
                return Err(format!("the choice “{}” has no options", column.name));
            }
            _ => {}
        }
    }
    Ok(())
}

/// All types the organization has, by logical name.
#[derive(Debug, Clone)]
pub struct Catalog(Arc<BTreeMap<String, EntityDef>>);

macro_rules! standard {
    ($($name:literal),* $(,)?) => { [$(include_str!(concat!("../entities/", $name, ".toml"))),*] };
}

impl Catalog {
    /// The types that come with the product.
    pub fn standard() -> Result<Catalog, BadDefinition> {
        let files = standard![
            "account",
            "activitymimeattachment",
            "activityparty",
            "activitypointer",
            "annotation",
            "businessunit",
            "connection",
            "connectionrole",
            "contact",
            "email",
            "incident",
            "lead",
            "opportunity",
            "systemuser",
            "team",
        ];
        Catalog::of(files.iter().map(|it| parse(it)).collect::<Result<_, _>>()?)
    }

    /// Fails when a lookup leads to a type that is not there.
    pub fn of(definitions: Vec<EntityDef>) -> Result<Catalog, BadDefinition> {
        let all: BTreeMap<String, EntityDef> =
            definitions.into_iter().map(|it| (it.name.clone(), it)).collect();
        for def in all.values() {
            for target in def.columns.iter().flat_map(|it| &it.targets) {
                if !all.contains_key(target) {
                    let why = format!("a lookup leads to “{target}”, which is not there");
                    return Err(BadDefinition { entity: def.name.clone(), why });
                }
            }
        }
        Ok(Catalog(Arc::new(all)))
    }

    pub fn get(&self, name: &str) -> Option<&EntityDef> {
        self.0.get(name)
    }

    pub fn all(&self) -> impl Iterator<Item = &EntityDef> {
        self.0.values()
    }

    /// The types that mail can be regarding: what Set Regarding searches.
    pub fn regardable(&self) -> impl Iterator<Item = &EntityDef> {
        self.all().filter(|it| it.activities)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_types_fit_together() {
        let catalog = Catalog::standard().unwrap();
        for name in ["account", "contact", "opportunity", "incident", "lead"] {
            assert!(catalog.get(name).unwrap().activities, "{name} takes activities");
        }
        assert_eq!(catalog.get("email").unwrap().key_column(), "activityid");
        assert_eq!(catalog.get("email").unwrap().privilege(), "activitypointer");
    }

    #[track_caller]
    fn refused(toml: &str, why: &str) {
        let text = parse(toml).unwrap_err().to_string();
        assert!(text.contains(why), "{text}");
    }

    #[test]
    fn a_bad_definition_says_why() {
        let with = |columns: &str| {
            format!(
                "name='project'\nset='projects'\nownership='user'\nicon='project'\nprimary='name'\n\
                 label={{en='a',sv='b'}}\nplural={{en='a',sv='b'}}\n{columns}"
            )
        };
        let label = "label={en='a',sv='b'}";
        refused(&with(""), "primary column");
        refused(&with(&format!("[[column]]\nname='Na\"me'\nkind='text'\n{label}")), "is no name");
        refused(&with(&format!("[[column]]\nname='name'\nkind='lookup'\n{label}")), "names no targets");
        let twice = format!("[[column]]\nname='name'\nkind='text'\n{label}\n");
        refused(&with(&twice.repeat(2)), "is there twice");
        refused(&with("surprise=1"), "unknown field");
    }
}
