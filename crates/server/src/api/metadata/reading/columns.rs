//! `AttributeMetadata` of all kinds as columns.

use super::choices;
use super::json::{Body, flag, label, label_or_name, names, text, unreadable, whole, word};
use crate::api::metadata::Refused;
use crate::api::metadata::definitions::{Reader, odata_type, usual};
use domain::entity::{ColumnDef, FieldKind};
use serde_json::Value;

/// A new column.
pub fn column(reader: Reader, body: &Body) -> Result<ColumnDef, Refused> {
    let (schema, name) = names(body, "a column")?;
    let kind = kind(&name, body)?;
    let words = label_or_name(body, "DisplayName", schema.as_deref().unwrap_or(&name));
    let mut column = ColumnDef { schema, custom: true, ..ColumnDef::new(name, kind, words) };
    if column.kind == FieldKind::Decimal {
        column.precision = Some(2);
    }
    apply(reader, &mut column, body)?;
    let is_choice = matches!(column.kind, FieldKind::Choice | FieldKind::Choices);
    if is_choice && column.options.is_empty() {
        let what =
            format!("The choice “{}” needs an OptionSet with Options, or a GlobalOptionSet.", column.name);
        return unreadable(what);
    }
    if column.kind == FieldKind::Lookup && column.targets.is_empty() {
        let what = format!(
            "A lookup such as “{}” is made by its relationship: POST RelationshipDefinitions with a Lookup.",
            column.name
        );
        return unreadable(what);
    }
    Ok(column)
}

/// The column as it shall be. What the body does not speak of stays.
pub fn changed(reader: Reader, before: &ColumnDef, body: &Body) -> Result<ColumnDef, Refused> {
    let mut column = before.clone();
    if let Some(said) = metadata_type(body) {
        let is = odata_type(before);
        if said != is.strip_suffix("AttributeMetadata").unwrap_or(&is) {
            return unreadable(format!("The column “{}” is and stays {is}.", before.name));
        }
        column.kind = kind(&before.name, body)?;
    }
    apply(reader, &mut column, body)?;
    Ok(column)
}

/// `String` out of `#Microsoft.Dynamics.CRM.ComplexStringAttributeMetadata`.
fn metadata_type(body: &Body) -> Option<&str> {
    let said = text(body, "@odata.type")?;
    let name = said.trim_start_matches('#').trim_start_matches("Microsoft.Dynamics.CRM.");
    let name = name.strip_prefix("Complex").unwrap_or(name);
    name.strip_suffix("AttributeMetadata").filter(|it| !it.is_empty())
}

/// What kind of column the body means: `@odata.type` says it, or else `AttributeType`.
fn kind(name: &str, body: &Body) -> Result<FieldKind, Refused> {
    let type_name = word(body, "AttributeTypeName").and_then(|it| it.strip_suffix("Type"));
    let said = metadata_type(body).or(type_name).or(word(body, "AttributeType")).unwrap_or_default();
    let format = word(body, "FormatName").or(word(body, "Format")).unwrap_or_default();
    Ok(match said {
        "String" => match format {
            "Email" => FieldKind::Email,
            "Phone" => FieldKind::Phone,
            "Url" => FieldKind::Url,
            "TextArea" | "RichText" | "Json" => FieldKind::Memo,
            _ => FieldKind::Text,
        },
        "Memo" => FieldKind::Memo,
        "Integer" | "BigInt" => FieldKind::Integer,
        "Money" => FieldKind::Money,
        "Decimal" => FieldKind::Decimal,
        "Double" => FieldKind::Float,
        "Boolean" => FieldKind::Boolean,
        "DateTime" => {
            let behavior = word(body, "DateTimeBehavior").unwrap_or_default();
            if format.eq_ignore_ascii_case("DateOnly") || behavior == "DateOnly" {
                FieldKind::Date
            } else {
                FieldKind::DateTime
            }
        }
        "Picklist" | "State" | "Status" => FieldKind::Choice,
        "MultiSelectPicklist" => FieldKind::Choices,
        "Lookup" | "Customer" | "Owner" => FieldKind::Lookup,
        "File" => FieldKind::File,
        "" => return unreadable(format!("Of what kind “{name}” shall be is missing: its @odata.type.")),
        other => {
            return unreadable(format!(
                "A column cannot be of the kind “{other}”; known are String, Memo, Integer, Money, Decimal, Double, \
                 Boolean, DateTime, Picklist, MultiSelectPicklist, Lookup and File."
            ));
        }
    })
}

fn apply(reader: Reader, column: &mut ColumnDef, body: &Body) -> Result<(), Refused> {
    if let Some(words) = label(body, "DisplayName", Some(&column.label)) {
        column.label = words;
    }
    if let Some(level) = word(body, "RequiredLevel") {
        column.required = matches!(level, "ApplicationRequired" | "SystemRequired");
        column.recommended = level == "Recommended";
    }
    column.search = flag(body, "IsSearchable").unwrap_or(column.search);
    column.list = flag(body, "IsValidForGrid").unwrap_or(column.list);
    column.internal = flag(body, "IsValidForForm").map_or(column.internal, |it| !it);
    match column.kind {
        FieldKind::Text | FieldKind::Email | FieldKind::Phone | FieldKind::Url | FieldKind::Memo => {
            let max = whole(body, "MaxLength").map(|it| usize::try_from(it).unwrap_or_default());
            column.max = max.or(column.max);
        }
        FieldKind::Integer => bounds(column, body, (i64::from(i32::MIN), i64::from(i32::MAX))),
        FieldKind::Money => {
            bounds(column, body, (-usual::MONEY, usual::MONEY));
            precision(column, body, usual::MONEY_PLACES, 4)?;
        }
        FieldKind::Decimal => {
            bounds(column, body, (-usual::NUMBER, usual::NUMBER));
            precision(column, body, usual::DECIMAL_PLACES, 6)?;
        }
        FieldKind::Float => {
            bounds(column, body, (-usual::NUMBER, usual::NUMBER));
            precision(column, body, usual::FLOAT_PLACES, 5)?;
        }
        FieldKind::Boolean => {
            let is_on = column.initial == Some(1);
            if let Some(on) = flag(body, "DefaultValue").filter(|it| *it != is_on) {
                column.initial = Some(i64::from(on));
            }
            choices::booleans(column, body);
        }
        FieldKind::Choice | FieldKind::Choices => {
            if let Some(first) = whole(body, "DefaultFormValue") {
                column.initial = Some(first).filter(|it| *it != -1);
            }
            choices::choices(reader, column, body)?;
        }
        FieldKind::Lookup => {
            let targets =
                body.get("Targets").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            for target in targets.iter().filter_map(Value::as_str) {
                if !column.targets.iter().any(|it| it == target) {
                    column.targets.push(target.to_owned());
                }
            }
        }
        FieldKind::Date | FieldKind::DateTime | FieldKind::Key | FieldKind::File => {}
    }
    Ok(())
}

/// Bounds that are Dataverse's own anyway are none.
fn bounds(column: &mut ColumnDef, body: &Body, (least, most): (i64, i64)) {
    if let Some(said) = whole(body, "MinValue") {
        column.least = Some(said).filter(|it| *it > least);
    }
    if let Some(said) = whole(body, "MaxValue") {
        column.most = Some(said).filter(|it| *it < most);
    }
}

fn precision(column: &mut ColumnDef, body: &Body, usual: u8, most: u8) -> Result<(), Refused> {
    let Some(said) = whole(body, "Precision") else { return Ok(()) };
    let places = u8::try_from(said).ok().filter(|it| *it <= most);
    let Some(places) = places else {
        return unreadable(format!(
            "“{}” keeps up to {most} places behind the point; {said} were asked for.",
            column.name
        ));
    };
    // What is usual need not be said, unless it was.
    if column.precision.is_some() || places != usual {
        column.precision = Some(places);
    }
    Ok(())
}
