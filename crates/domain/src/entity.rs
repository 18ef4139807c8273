//! What a type of record looks like. One definition gives the table, the form, the list, the search and the privileges.
//! Standard types and a customer's own are the same kind of data: a TOML file (`crates/domain/entities`).

mod catalog;
mod reading;
mod ways;

pub use catalog::{Catalog, OptionSet};
pub use reading::{BadDefinition, parse};
pub(crate) use reading::{check, complete, is_name, system_columns};
pub(crate) use ways::claimed;
pub use ways::{NamedWay, ends, named_way, way, ways};

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A word in both languages of the interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    pub en: String,
    pub sv: String,
}

/// Who a record belongs to, and so how far a privilege can reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Millionths: exact, with up to six places behind the point.
    Decimal,
    /// A number of 64 bits with a floating point.
    Float,
    Boolean,
    /// Microseconds UTC; shown without the time of day.
    Date,
    /// Microseconds UTC.
    DateTime,
    /// A number out of [`ColumnDef::options`].
    Choice,
    /// Several numbers out of [`ColumnDef::options`].
    Choices,
    /// Another record, of one of [`ColumnDef::targets`].
    Lookup,
    /// 32 bytes that identify something of a stranger's (decision 5).
    Key,
    /// A file, whose bytes lie in `blob` (decision 2); the column says what it is: JSON of [`FileCell`].
    File,
}

/// What a column of kind [`FieldKind::File`] holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileCell {
    /// Whom the bytes in `blob` belong to.
    pub id: crate::id::Guid,
    pub name: String,
    pub mimetype: String,
    /// Bytes.
    pub size: u64,
}

/// What happens to a record when the one that its lookup leads to is deleted (9.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnDelete {
    /// It stays, and leads nowhere.
    #[default]
    Unlink,
    /// It goes too.
    Cascade,
    /// It keeps the other from being deleted.
    Restrict,
}

/// Who may say what a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Writer {
    /// Whoever may change the record.
    People,
    /// Whoever may change the record, by the rules of an operation: a status belongs to a state, another owner needs the
    /// privilege to assign.
    Operation,
    /// The product alone.
    System,
}

/// Columns that together name one record: an alternate key of the Web API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyDef {
    pub name: String,
    /// How the Web API writes the name; the name itself unless said otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    pub label: Label,
    pub columns: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub value: i64,
    pub label: Label,
    /// For a status: the state it belongs to.
    #[serde(default)]
    pub state: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "Each is a line of the file, and independent of the others."
)]
pub struct ColumnDef {
    pub name: String,
    /// How the Web API writes the name (`new_Budget`); the name itself unless said otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    pub kind: FieldKind,
    pub label: Label,
    /// Longest text in characters; longer input is refused in a form and cut when it comes from mail (EM-10).
    #[serde(default)]
    pub max: Option<usize>,
    #[serde(default)]
    pub required: bool,
    /// Better filled in than not: said to people and clients, and asked of nobody.
    #[serde(default)]
    pub recommended: bool,
    /// Quick find looks here.
    #[serde(default)]
    pub search: bool,
    /// Shown in lists.
    #[serde(default)]
    pub list: bool,
    /// Never shown in forms. Unless [`ColumnDef::written`] says otherwise, the product alone writes it.
    #[serde(default)]
    pub internal: bool,
    /// Rarely filled in: forms show it behind the others.
    #[serde(default)]
    pub more: bool,
    /// Ask [`ColumnDef::writer`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<Writer>,
    /// What a choice (its number) or a boolean (0 or 1) holds when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initial: Option<i64>,
    /// The smallest number it takes; of money and decimals the whole part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least: Option<i64>,
    /// The largest number it takes; of money and decimals the whole part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<i64>,
    #[serde(default)]
    pub options: Vec<Choice>,
    /// The name of the shared list that `options` come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub option_set: Option<String>,
    /// Places behind the point that are shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<u8>,
    /// Types a lookup leads to. `@activities`: every type that takes activities; `@connections`: every type that takes
    /// connections; `@activity`: every kind of activity. [`Catalog::of`] puts the names there.
    #[serde(default)]
    pub targets: Vec<String>,
    /// By target: what the way back is called in the Web API (`contact_customer_accounts`). `*` stands for every other
    /// target, and `{target}` in its name for the target's.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub relationships: BTreeMap<String, String>,
    #[serde(default)]
    pub on_delete: OnDelete,
    /// A customer's own, which may be dropped.
    #[serde(default)]
    pub custom: bool,
}

impl ColumnDef {
    /// A column with nothing said about it but its name, kind and label.
    pub fn new(name: impl Into<String>, kind: FieldKind, label: Label) -> ColumnDef {
        ColumnDef {
            name: name.into(),
            schema: None,
            kind,
            label,
            max: None,
            required: false,
            recommended: false,
            search: false,
            list: false,
            internal: false,
            more: false,
            written: None,
            initial: None,
            least: None,
            most: None,
            options: vec![],
            option_set: None,
            precision: None,
            targets: vec![],
            relationships: BTreeMap::new(),
            on_delete: OnDelete::Unlink,
            custom: false,
        }
    }

    /// A lookup to several types needs a second column that says which.
    pub fn has_type_column(&self) -> bool {
        self.targets.len() > 1
    }

    /// Where the type of a lookup to several types is kept: `regardingobjectidtype`.
    pub fn type_column(&self) -> String {
        format!("{}type", self.name)
    }

    /// The name in the Web API's own spelling.
    pub fn schema_name(&self) -> &str {
        self.schema.as_deref().unwrap_or(&self.name)
    }

    /// How the Web API names the way along this lookup to one of its targets: a lookup to one type (and to an owner) by
    /// its own name, one to several with the target behind, and `regardingobjectid` with the type of the activity too.
    pub fn way(&self, entity: &str, target: &str) -> String {
        if self.name == "regardingobjectid" {
            format!("{}_{target}_{entity}", self.name)
        } else if self.has_type_column() && self.name != "ownerid" {
            format!("{}_{target}", self.schema_name())
        } else {
            self.schema_name().to_owned()
        }
    }

    /// How the Web API names the way back from `target` to the records of `entity` that lead there.
    pub fn way_back(&self, entity: &str, target: &str) -> String {
        let given = self.relationships.get(target).cloned();
        let pattern = || self.relationships.get("*").map(|it| it.replace("{target}", target));
        given.or_else(pattern).unwrap_or_else(|| format!("{target}_{entity}_{}", self.name))
    }

    /// Who may say what it holds.
    pub fn writer(&self) -> Writer {
        match (self.written, self.name.as_str()) {
            (Some(written), _) => written,
            (None, "statecode" | "statuscode" | "ownerid") => Writer::Operation,
            (None, _) if self.internal => Writer::System,
            (None, _) => Writer::People,
        }
    }

    pub fn option(&self, value: i64) -> Option<&Choice> {
        self.options.iter().find(|it| it.value == value)
    }
}

/// One type of record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// How the Web API writes the name (`new_Project`); the name itself unless said otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Label>,
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
    /// A customer's own, which may be dropped.
    #[serde(default)]
    pub custom: bool,
    /// Its records are made and changed by the product alone.
    #[serde(default)]
    pub readonly: bool,
    /// It only ties the records of its two lookups together (many to many); nobody sees it as a type.
    #[serde(default)]
    pub intersect: bool,
    #[serde(default, rename = "key_of", skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<KeyDef>,
    #[serde(default, rename = "column")]
    pub columns: Vec<ColumnDef>,
}

impl EntityDef {
    /// A type whose records somebody owns and lists show, with nothing more said about it: no column yet, and the one
    /// called `name` to name its records.
    pub fn new(name: impl Into<String>, label: Label, plural: Label) -> EntityDef {
        let name = name.into();
        EntityDef {
            set: format!("{name}s"),
            name,
            schema: None,
            description: None,
            key: None,
            ownership: Ownership::User,
            label,
            plural,
            icon: "project".to_owned(),
            primary: "name".to_owned(),
            surname: false,
            activities: false,
            connections: false,
            activity: false,
            browsable: true,
            custom: false,
            readonly: false,
            intersect: false,
            keys: vec![],
            columns: vec![],
        }
    }

    pub fn key_column(&self) -> String {
        self.key.clone().unwrap_or_else(|| format!("{}id", self.name))
    }

    /// The name in the Web API's own spelling.
    pub fn schema_name(&self) -> &str {
        self.schema.as_deref().unwrap_or(&self.name)
    }

    pub fn column(&self, name: &str) -> Option<&ColumnDef> {
        self.columns.iter().find(|it| it.name == name)
    }

    /// The type whose privileges hold: all activities share one (SE-33).
    pub fn privilege(&self) -> &str {
        if self.activity { "activitypointer" } else { &self.name }
    }

    /// Where a part says what it is part of: its first lookup.
    pub fn part_of(&self) -> Option<&ColumnDef> {
        let lookup = self.columns.iter().find(|it| it.kind == FieldKind::Lookup);
        lookup.filter(|_| self.ownership == Ownership::Child)
    }

    /// The columns a person may see and fill in, those that are rarely filled in last.
    pub fn form(&self) -> impl Iterator<Item = &ColumnDef> {
        let shown = |more: bool| self.columns.iter().filter(move |it| !it.internal && it.more == more);
        shown(false).chain(shown(true))
    }
}
