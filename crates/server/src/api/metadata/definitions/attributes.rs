//! Columns as `AttributeMetadata` of their kinds.

use super::ids::attribute_id;
use super::labels::{label, managed, no_label};
use super::{Definition, Of, Reader, properties, typed};
use domain::entity::{ColumnDef, EntityDef, FieldKind, Label, Writer};
use serde_json::{Map, Value, json};

/// The key first, then all columns that clients are shown.
pub fn attributes<'a>(reader: Reader<'a>, def: &'a EntityDef) -> Vec<Definition<'a>> {
    let columns = def.columns.iter().filter(|it| it.kind != FieldKind::Key && it.name != def.key_column());
    let mut all = vec![key(reader, def)];
    all.extend(columns.map(|it| attribute(reader, def, it)));
    all.push(version(reader, def));
    all
}

/// The number that grows with each change of a record.
fn version<'a>(reader: Reader<'a>, def: &'a EntityDef) -> Definition<'a> {
    let kind = Kind { odata: "BigInt", code: "BigInt", name: "BigIntType" };
    let name = "versionnumber";
    let words = Label { en: "Version".to_owned(), sv: "Version".to_owned() };
    let mut shown = common(def, name, &kind, def.columns.len() + 2);
    shown.extend(properties([
        ("SchemaName", json!("VersionNumber")),
        ("DisplayName", label(&words, &format!("{}.{name}", def.name), reader.language)),
        ("IsCustomAttribute", json!(false)),
        ("IsCustomizable", managed(false, "iscustomizable")),
        ("IsRenameable", managed(false, "isrenameable")),
        ("IsPrimaryName", json!(false)),
        ("IsRequiredForForm", json!(false)),
        ("IsSearchable", json!(false)),
        ("IsValidForForm", json!(false)),
        ("IsValidForGrid", json!(false)),
        ("IsValidForCreate", json!(false)),
        ("IsValidForUpdate", json!(false)),
        ("RequiredLevel", required("None", false)),
        ("MinValue", json!(0)),
        ("MaxValue", json!(i64::MAX)),
    ]));
    Definition { shown, of: Of::Attribute(def, None) }
}

/// Dataverse's three names for a kind of attribute.
struct Kind {
    /// In `@odata.type`, before `AttributeMetadata`.
    odata: &'static str,
    /// `AttributeType`.
    code: &'static str,
    /// `AttributeTypeName`.
    name: &'static str,
}

/// `StringAttributeMetadata` and the like: what the definition of this column is, and stays.
pub fn odata_type(column: &ColumnDef) -> String {
    format!("{}AttributeMetadata", kind(column).odata)
}

fn kind(column: &ColumnDef) -> Kind {
    let (odata, code, name) = match (&column.kind, column.name.as_str()) {
        (FieldKind::Text | FieldKind::Email | FieldKind::Phone | FieldKind::Url, _) => {
            ("String", "String", "StringType")
        }
        (FieldKind::Memo, _) => ("Memo", "Memo", "MemoType"),
        (FieldKind::Integer, _) => ("Integer", "Integer", "IntegerType"),
        (FieldKind::Money, _) => ("Money", "Money", "MoneyType"),
        (FieldKind::Decimal, _) => ("Decimal", "Decimal", "DecimalType"),
        (FieldKind::Float, _) => ("Double", "Double", "DoubleType"),
        (FieldKind::Boolean, _) => ("Boolean", "Boolean", "BooleanType"),
        (FieldKind::Date | FieldKind::DateTime, _) => ("DateTime", "DateTime", "DateTimeType"),
        (FieldKind::Choice, "statecode") => ("State", "State", "StateType"),
        (FieldKind::Choice, "statuscode") => ("Status", "Status", "StatusType"),
        (FieldKind::Choice, _) => ("Picklist", "Picklist", "PicklistType"),
        (FieldKind::Choices, _) => ("MultiSelectPicklist", "Virtual", "MultiSelectPicklistType"),
        (FieldKind::Lookup, "ownerid") => ("Lookup", "Owner", "OwnerType"),
        (FieldKind::Lookup, _) if is_customer(column) => ("Lookup", "Customer", "CustomerType"),
        (FieldKind::Lookup, _) => ("Lookup", "Lookup", "LookupType"),
        (FieldKind::File, _) => ("File", "Virtual", "FileType"),
        (FieldKind::Key, _) => ("Binary", "Virtual", "VirtualType"),
    };
    Kind { odata, code, name }
}

/// Dataverse's word for a lookup to an account or a contact.
fn is_customer(column: &ColumnDef) -> bool {
    let mut targets: Vec<&str> = column.targets.iter().map(String::as_str).collect();
    targets.sort_unstable();
    targets == ["account", "contact"]
}

pub fn attribute<'a>(reader: Reader<'a>, def: &'a EntityDef, column: &'a ColumnDef) -> Definition<'a> {
    let writes = !def.readonly && column.writer() != Writer::System;
    let place = def.columns.iter().position(|it| it.name == column.name).unwrap_or_default() + 2;
    let mut shown = common(def, &column.name, &kind(column), place);
    shown.extend(properties([
        ("SchemaName", json!(column.schema_name())),
        ("DisplayName", label(&column.label, &format!("{}.{}", def.name, column.name), reader.language)),
        ("IsCustomAttribute", json!(column.custom)),
        ("IsCustomizable", managed(column.custom, "iscustomizable")),
        ("IsRenameable", managed(column.custom, "isrenameable")),
        ("IsPrimaryName", json!(column.name == def.primary)),
        ("IsRequiredForForm", json!(column.required && !column.internal)),
        ("IsSearchable", json!(column.search)),
        ("IsValidForForm", json!(!column.internal)),
        ("IsValidForGrid", json!(column.list)),
        ("IsValidForCreate", json!(writes)),
        ("IsValidForUpdate", json!(writes)),
        ("RequiredLevel", required(level(column), column.custom)),
    ]));
    shown.extend(particulars(column));
    Definition { shown, of: Of::Attribute(def, Some(column)) }
}

/// The column that holds a record's own key.
fn key<'a>(reader: Reader<'a>, def: &'a EntityDef) -> Definition<'a> {
    let kind = Kind { odata: "UniqueIdentifier", code: "Uniqueidentifier", name: "UniqueidentifierType" };
    let name = def.key_column();
    let mut shown = common(def, &name, &kind, 1);
    // A custom type's key is spelt like the type: `new_ProjectId`.
    let schema = match &def.schema {
        Some(schema) if def.key.is_none() => format!("{schema}Id"),
        _ => name.clone(),
    };
    let words = Label { en: def.label.en.clone(), sv: def.label.sv.clone() };
    shown.extend(properties([
        ("SchemaName", json!(schema)),
        ("DisplayName", label(&words, &format!("{}.{name}", def.name), reader.language)),
        ("IsCustomAttribute", json!(def.custom)),
        ("IsCustomizable", managed(false, "iscustomizable")),
        ("IsRenameable", managed(false, "isrenameable")),
        ("IsPrimaryId", json!(true)),
        ("IsPrimaryName", json!(false)),
        ("IsRequiredForForm", json!(true)),
        ("IsSearchable", json!(false)),
        ("IsValidForForm", json!(false)),
        ("IsValidForGrid", json!(false)),
        ("IsValidForCreate", json!(!def.readonly)),
        ("IsValidForUpdate", json!(false)),
        ("RequiredLevel", required("SystemRequired", false)),
        ("AutoGenerate", json!(true)),
    ]));
    Definition { shown, of: Of::Attribute(def, None) }
}

/// What is the same for every attribute, or follows from its kind and place.
fn common(def: &EntityDef, name: &str, kind: &Kind, place: usize) -> Map<String, Value> {
    let mut it = properties([
        ("@odata.type", typed(&format!("{}AttributeMetadata", kind.odata))),
        ("MetadataId", json!(attribute_id(&def.name, name))),
        ("LogicalName", json!(name)),
        ("EntityLogicalName", json!(def.name)),
        ("AttributeType", json!(kind.code)),
        ("AttributeTypeName", json!({ "Value": kind.name })),
        ("ColumnNumber", json!(place)),
        ("Description", no_label()),
        ("IntroducedVersion", json!("1.0")),
        ("IsFilterable", json!(true)),
        ("IsPrimaryId", json!(false)),
        ("IsRetrievable", json!(true)),
        ("IsValidForRead", json!(true)),
        ("IsValidODataAttribute", json!(true)),
        ("Settings", json!([])),
        ("AutoNumberFormat", json!("")),
        ("IsAuditEnabled", managed(true, "canmodifyauditsettings")),
        ("IsGlobalFilterEnabled", managed(false, "canmodifyglobalfiltersettings")),
        ("IsSortableEnabled", managed(true, "canmodifyissortablesettings")),
        ("IsValidForAdvancedFind", managed(true, "canmodifysearchsettings")),
        ("CanModifyAdditionalSettings", managed(false, "canmodifyadditionalsettings")),
    ]);
    it.extend(OFF.map(|name| (name.to_owned(), Value::Bool(false))));
    it.extend(EMPTY.map(|name| (name.to_owned(), Value::Null)));
    it
}

const OFF: [&str; 7] = [
    "CanBeSecuredForCreate",
    "CanBeSecuredForRead",
    "CanBeSecuredForUpdate",
    "IsDataSourceSecret",
    "IsLogical",
    "IsManaged",
    "IsSecured",
];

const EMPTY: [&str; 7] = [
    "AttributeOf",
    "DeprecatedVersion",
    "ExternalName",
    "HasChanged",
    "InheritsFrom",
    "LinkedAttributeId",
    "SourceType",
];

fn level(column: &ColumnDef) -> &'static str {
    match (column.required, column.recommended) {
        (true, _) => "ApplicationRequired",
        (false, true) => "Recommended",
        (false, false) => "None",
    }
}

fn required(level: &str, can_change: bool) -> Value {
    json!({
        "Value": level,
        "CanBeChanged": can_change,
        "ManagedPropertyLogicalName": "canmodifyrequirementlevelsettings",
    })
}

/// What only attributes of its kind have.
fn particulars(column: &ColumnDef) -> Map<String, Value> {
    match column.kind {
        FieldKind::Text | FieldKind::Email | FieldKind::Phone | FieldKind::Url | FieldKind::Memo => {
            text(column)
        }
        FieldKind::Integer => {
            let bounds = bounds(column, i64::from(i32::MIN), i64::from(i32::MAX));
            let more =
                [("Format", json!("None")), ("FormulaDefinition", json!("")), ("SourceTypeMask", json!(0))];
            bounds.into_iter().chain(properties(more)).collect()
        }
        FieldKind::Money => {
            let more = [
                ("Precision", json!(column.precision.unwrap_or(usual::MONEY_PLACES))),
                ("PrecisionSource", json!(0)),
                ("IsBaseCurrency", json!(false)),
                ("CalculationOf", Value::Null),
                ("ImeMode", json!("Auto")),
            ];
            bounds(column, -usual::MONEY, usual::MONEY).into_iter().chain(properties(more)).collect()
        }
        FieldKind::Decimal | FieldKind::Float => {
            let places =
                if column.kind == FieldKind::Float { usual::FLOAT_PLACES } else { usual::DECIMAL_PLACES };
            let more = [("Precision", json!(column.precision.unwrap_or(places))), ("ImeMode", json!("Auto"))];
            bounds(column, -usual::NUMBER, usual::NUMBER).into_iter().chain(properties(more)).collect()
        }
        FieldKind::Boolean => properties([("DefaultValue", json!(column.initial == Some(1)))]),
        FieldKind::Date | FieldKind::DateTime => date(column),
        // Dataverse writes -1 where nothing is chosen beforehand.
        FieldKind::Choice => properties([("DefaultFormValue", json!(column.initial.unwrap_or(-1)))]),
        FieldKind::Choices => properties([
            ("DefaultFormValue", json!(column.initial.unwrap_or(-1))),
            ("ChildPicklistLogicalNames", json!([])),
            ("ParentPicklistLogicalName", json!("")),
        ]),
        FieldKind::Lookup => properties([("Targets", json!(column.targets)), ("Format", Value::Null)]),
        FieldKind::File => properties([("MaxSizeInKB", json!(usual::FILE_KILOBYTES))]),
        FieldKind::Key => Map::new(),
    }
}

/// What a definition that says nothing means.
pub mod usual {
    /// Places behind the point.
    pub const MONEY_PLACES: u8 = 2;
    pub const DECIMAL_PLACES: u8 = 6;
    pub const FLOAT_PLACES: u8 = 5;
    /// As much as ten-thousandths in 64 bits hold.
    pub const MONEY: i64 = 922_337_203_685_477;
    /// Dataverse's own bound for numbers.
    pub const NUMBER: i64 = 100_000_000_000;
    pub const FILE_KILOBYTES: i64 = 131_072;
}

fn bounds(column: &ColumnDef, least: i64, most: i64) -> Map<String, Value> {
    properties([
        ("MinValue", json!(column.least.unwrap_or(least))),
        ("MaxValue", json!(column.most.unwrap_or(most))),
    ])
}

fn text(column: &ColumnDef) -> Map<String, Value> {
    let format = match column.kind {
        FieldKind::Email => "Email",
        FieldKind::Phone => "Phone",
        FieldKind::Url => "Url",
        FieldKind::Memo => "TextArea",
        _ => "Text",
    };
    properties([
        ("MaxLength", json!(column.max)),
        ("DatabaseLength", json!(column.max.map(|it| it * 2))),
        // Of an attribute of text this property knows no telephone numbers: the other one does.
        ("Format", json!(format)),
        ("FormatName", json!({ "Value": format })),
        ("ImeMode", json!("Auto")),
        ("IsLocalizable", json!(false)),
        ("FormulaDefinition", json!("")),
        ("SourceTypeMask", json!(0)),
        ("YomiOf", Value::Null),
    ])
}

fn date(column: &ColumnDef) -> Map<String, Value> {
    let (format, behavior) =
        if column.kind == FieldKind::Date { ("DateOnly", "DateOnly") } else { ("DateAndTime", "UserLocal") };
    properties([
        ("Format", json!(format)),
        ("DateTimeBehavior", json!({ "Value": behavior })),
        ("CanChangeDateTimeBehavior", managed(false, "canchangedatetimebehavior")),
        ("MinSupportedValue", json!("1753-01-01T00:00:00Z")),
        ("MaxSupportedValue", json!("9999-12-30T23:59:59Z")),
        ("ImeMode", json!("Inactive")),
        ("FormulaDefinition", json!("")),
        ("SourceTypeMask", json!(0)),
    ])
}
