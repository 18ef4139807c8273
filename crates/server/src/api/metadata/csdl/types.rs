//! The types of records in `$metadata`: their keys, properties and navigation properties.

use super::xml::Xml;
use super::{Model, Navigation, Type, property};
use domain::entity::{ColumnDef, EntityDef, FieldKind, Writer};

/// What can own a record.
const PRINCIPALS: [&str; 2] = ["systemuser", "team"];

pub(super) fn write(xml: &mut Xml, model: &Model) {
    xml.leaf("EntityType", &[("Name", "crmbaseentity"), ("Abstract", "true")]);
    let principal = [("Name", "principal"), ("BaseType", "mscrm.crmbaseentity"), ("Abstract", "true")];
    xml.leaf("EntityType", &principal);
    for entry in model.types.values() {
        entity_type(xml, entry);
    }
}

fn entity_type(xml: &mut Xml, entry: &Type) {
    let def = entry.def;
    let base =
        if PRINCIPALS.contains(&def.name.as_str()) { "mscrm.principal" } else { "mscrm.crmbaseentity" };
    let key = def.key_column();
    xml.open("EntityType", &[("Name", &def.name), ("BaseType", base)]);
    xml.open("Key", &[]);
    xml.leaf("PropertyRef", &[("Name", &key)]);
    xml.close();
    xml.leaf("Property", &[("Name", &key), ("Type", "Edm.Guid"), ("Nullable", "false")]);
    for column in def.columns.iter().filter(|it| it.name != key) {
        column_property(xml, column);
    }
    for way in &entry.ways {
        navigation(xml, way);
    }
    xml.leaf("Annotation", &[("Term", "Org.OData.Core.V1.Description"), ("String", &def.label.en)]);
    alternate_keys(xml, def);
    xml.close();
}

fn column_property(xml: &mut Xml, column: &ColumnDef) {
    let Some(name) = property(column) else { return };
    let kind = edm_type(column);
    let max = match column.kind {
        FieldKind::Text | FieldKind::Memo | FieldKind::Email | FieldKind::Phone | FieldKind::Url => {
            column.max.map(|it| it.to_string()).unwrap_or_default()
        }
        _ => String::new(),
    };
    let scale = match column.kind {
        FieldKind::Money => "4",
        FieldKind::Decimal => "6",
        _ => "",
    };
    let attributes = [("Name", name.as_str()), ("Type", kind), ("MaxLength", &max), ("Scale", scale)];
    if column.writer() == Writer::System {
        xml.open("Property", &attributes);
        xml.leaf("Annotation", &[("Term", "Org.OData.Core.V1.Computed"), ("Bool", "true")]);
        xml.close();
    } else {
        xml.leaf("Property", &attributes);
    }
    if column.kind == FieldKind::File {
        let attributes = [("Name", format!("{name}_name")), ("Type", "Edm.String".to_owned())];
        xml.leaf("Property", &attributes.each_ref().map(|it| (it.0, it.1.as_str())));
    }
}

fn edm_type(column: &ColumnDef) -> &'static str {
    match column.kind {
        FieldKind::Text | FieldKind::Memo | FieldKind::Email | FieldKind::Phone | FieldKind::Url
        // Dataverse writes several choices as one text: `1,2`.
        | FieldKind::Choices => "Edm.String",
        FieldKind::Integer | FieldKind::Choice => "Edm.Int32",
        FieldKind::Money | FieldKind::Decimal => "Edm.Decimal",
        FieldKind::Float => "Edm.Double",
        FieldKind::Boolean => "Edm.Boolean",
        FieldKind::Date => "Edm.Date",
        FieldKind::DateTime => "Edm.DateTimeOffset",
        // A file shows its own key; its bytes have an address of their own.
        FieldKind::Lookup | FieldKind::File => "Edm.Guid",
        FieldKind::Key => "Edm.Binary",
    }
}

fn navigation(xml: &mut Xml, way: &Navigation) {
    let kind = way.type_name();
    let partner = way.partner.as_deref().unwrap_or_default();
    let attributes = [("Name", way.name.as_str()), ("Type", &kind), ("Partner", partner)];
    let Some((property, key)) = &way.refers else { return xml.leaf("NavigationProperty", &attributes) };
    xml.open("NavigationProperty", &attributes);
    xml.leaf("ReferentialConstraint", &[("Property", property), ("ReferencedProperty", key)]);
    xml.close();
}

/// `Org.OData.Core.V1.AlternateKeys`: what else names one record.
fn alternate_keys(xml: &mut Xml, def: &EntityDef) {
    if def.keys.is_empty() {
        return;
    }
    xml.open("Annotation", &[("Term", "Org.OData.Core.V1.AlternateKeys")]);
    xml.open("Collection", &[]);
    for key in &def.keys {
        xml.open("Record", &[("Type", "Org.OData.Core.V1.AlternateKey")]);
        xml.open("PropertyValue", &[("Property", "Key")]);
        xml.open("Collection", &[]);
        let shown = key.columns.iter().filter_map(|it| Some((it, property(def.column(it)?)?)));
        for (column, property) in shown {
            xml.open("Record", &[("Type", "Org.OData.Core.V1.PropertyRef")]);
            xml.leaf("PropertyValue", &[("Property", "Name"), ("PropertyPath", &property)]);
            xml.leaf("PropertyValue", &[("Property", "Alias"), ("String", column)]);
            xml.close();
        }
        for _ in ["Collection", "PropertyValue", "Record"] {
            xml.close();
        }
    }
    xml.close();
    xml.close();
}
