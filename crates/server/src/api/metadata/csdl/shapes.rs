//! Types in `$metadata` that no definition decides: answers and parameters of operations, and the definitions themselves.

use super::xml::Xml;

/// Name, whether several can hold at once, members.
type Enumeration = (&'static str, bool, &'static [(&'static str, &'static str)]);

const ENUMERATIONS: &[Enumeration] = &[
    (
        "AccessRights",
        true,
        &[
            ("None", "0"),
            ("ReadAccess", "1"),
            ("WriteAccess", "2"),
            ("AppendAccess", "4"),
            ("AppendToAccess", "16"),
            ("CreateAccess", "32"),
            ("DeleteAccess", "65536"),
            ("ShareAccess", "262144"),
            ("AssignAccess", "524288"),
        ],
    ),
    (
        "EntityFilters",
        true,
        &[("Entity", "1"), ("Attributes", "2"), ("Privileges", "4"), ("Relationships", "8"), ("All", "15")],
    ),
    (
        "TargetFieldType",
        false,
        &[("All", "0"), ("ValidForCreate", "1"), ("ValidForUpdate", "2"), ("ValidForRead", "3")],
    ),
];

const TEXT: &str = "Edm.String";
const GUID: &str = "Edm.Guid";
const INT: &str = "Edm.Int32";
const BOOL: &str = "Edm.Boolean";
const LABEL: &str = "mscrm.Label";
const FLAG: &str = "mscrm.BooleanManagedProperty";

/// Whether there may be more than is listed.
enum More {
    No,
    Yes,
}

struct Shape {
    name: &'static str,
    more: More,
    properties: &'static [(&'static str, &'static str)],
    /// Navigation properties.
    leads: &'static [(&'static str, &'static str)],
}

const fn closed(name: &'static str, properties: &'static [(&'static str, &'static str)]) -> Shape {
    Shape { name, more: More::No, properties, leads: &[] }
}

const fn open(name: &'static str, properties: &'static [(&'static str, &'static str)]) -> Shape {
    Shape { name, more: More::Yes, properties, leads: &[] }
}

const COMPLEX: &[Shape] = &[
    closed("WhoAmIResponse", &[("BusinessUnitId", GUID), ("UserId", GUID), ("OrganizationId", GUID)]),
    closed("RetrieveVersionResponse", &[("Version", TEXT)]),
    closed(
        "EntityRecordCountCollection",
        &[
            ("Count", INT),
            ("IsReadOnly", BOOL),
            ("Keys", "Collection(Edm.String)"),
            ("Values", "Collection(Edm.Int64)"),
        ],
    ),
    closed(
        "RetrieveTotalRecordCountResponse",
        &[("EntityRecordCountCollection", "mscrm.EntityRecordCountCollection")],
    ),
    closed(
        "RetrieveMetadataChangesResponse",
        &[("ServerVersionStamp", TEXT), ("EntityMetadata", "Collection(mscrm.ComplexEntityMetadata)")],
    ),
    closed("RetrievePrincipalAccessResponse", &[("AccessRights", "mscrm.AccessRights")]),
    Shape {
        name: "PrincipalAccess",
        more: More::No,
        properties: &[("AccessMask", "mscrm.AccessRights")],
        leads: &[("Principal", "mscrm.principal")],
    },
    closed("SendEmailResponse", &[("Subject", TEXT)]),
    closed("SendEmailFromTemplateResponse", &[("Id", GUID)]),
    closed("GetTrackingTokenEmailResponse", &[("TrackingToken", TEXT)]),
    closed("CheckPromoteEmailResponse", &[("ShouldPromote", BOOL), ("ReasonCode", INT)]),
    closed("CheckIncomingEmailResponse", &[("ShouldDeliver", BOOL), ("ReasonCode", INT)]),
    open(
        "OrganizationDetail",
        &[("OrganizationId", GUID), ("FriendlyName", TEXT), ("OrganizationVersion", TEXT)],
    ),
    closed("RetrieveCurrentOrganizationResponse", &[("Detail", "mscrm.OrganizationDetail")]),
    closed("FormatAddressResponse", &[("Address", TEXT)]),
    closed("IsValidStateTransitionResponse", &[("IsValid", BOOL)]),
    closed(
        "RetrieveSharedPrincipalsAndAccessResponse",
        &[("PrincipalAccesses", "Collection(mscrm.PrincipalAccess)")],
    ),
    closed("DeliverPromoteEmailResponse", &[("EmailId", GUID)]),
    closed("DeliverIncomingEmailResponse", &[("EmailId", GUID)]),
    closed("CreateMultipleResponse", &[("Ids", "Collection(Edm.Guid)")]),
    closed("BulkDeleteResponse", &[("JobId", GUID)]),
    closed(
        "CreateEntitiesResponse",
        &[("EntityIds", "Collection(Edm.Guid)"), ("AttributeIds", "Collection(Edm.Guid)")],
    ),
    open("QueryExpression", &[("EntityName", TEXT), ("Distinct", BOOL), ("TopCount", INT)]),
    open("EntityQueryExpression", &[]),
    open("ComplexEntityMetadata", &[("MetadataId", GUID), ("LogicalName", TEXT), ("SchemaName", TEXT)]),
    closed(
        "LocalizedLabel",
        &[
            ("Label", TEXT),
            ("LanguageCode", INT),
            ("IsManaged", BOOL),
            ("MetadataId", GUID),
            ("HasChanged", BOOL),
        ],
    ),
    closed(
        "Label",
        &[
            ("LocalizedLabels", "Collection(mscrm.LocalizedLabel)"),
            ("UserLocalizedLabel", "mscrm.LocalizedLabel"),
        ],
    ),
    closed(
        "BooleanManagedProperty",
        &[("Value", BOOL), ("CanBeChanged", BOOL), ("ManagedPropertyLogicalName", TEXT)],
    ),
    closed(
        "AttributeRequiredLevelManagedProperty",
        &[("Value", TEXT), ("CanBeChanged", BOOL), ("ManagedPropertyLogicalName", TEXT)],
    ),
    closed("AttributeTypeDisplayName", &[("Value", TEXT)]),
    open("OptionMetadata", &[("Value", INT), ("Label", LABEL), ("Description", LABEL)]),
];

/// The definitions as records of their own: what each shows beside the properties named here is found by asking for it.
const DEFINITIONS: &[Shape] = &[
    Shape {
        name: "EntityMetadata",
        more: More::Yes,
        properties: &[
            ("LogicalName", TEXT),
            ("SchemaName", TEXT),
            ("EntitySetName", TEXT),
            ("LogicalCollectionName", TEXT),
            ("PrimaryIdAttribute", TEXT),
            ("PrimaryNameAttribute", TEXT),
            ("ObjectTypeCode", INT),
            ("OwnershipType", TEXT),
            ("DisplayName", LABEL),
            ("DisplayCollectionName", LABEL),
            ("Description", LABEL),
            ("IsActivity", BOOL),
            ("HasActivities", BOOL),
            ("HasNotes", BOOL),
            ("IsCustomEntity", BOOL),
            ("IsIntersect", BOOL),
            ("IsPrivate", BOOL),
            ("IsCustomizable", FLAG),
        ],
        leads: &[
            ("Attributes", "Collection(mscrm.AttributeMetadata)"),
            ("Keys", "Collection(mscrm.EntityKeyMetadata)"),
            ("OneToManyRelationships", "Collection(mscrm.OneToManyRelationshipMetadata)"),
            ("ManyToOneRelationships", "Collection(mscrm.OneToManyRelationshipMetadata)"),
            ("ManyToManyRelationships", "Collection(mscrm.ManyToManyRelationshipMetadata)"),
        ],
    },
    open(
        "AttributeMetadata",
        &[
            ("LogicalName", TEXT),
            ("SchemaName", TEXT),
            ("EntityLogicalName", TEXT),
            ("AttributeOf", TEXT),
            ("AttributeType", TEXT),
            ("AttributeTypeName", "mscrm.AttributeTypeDisplayName"),
            ("DisplayName", LABEL),
            ("Description", LABEL),
            ("RequiredLevel", "mscrm.AttributeRequiredLevelManagedProperty"),
            ("IsCustomAttribute", BOOL),
            ("IsPrimaryId", BOOL),
            ("IsPrimaryName", BOOL),
            ("IsLogical", BOOL),
            ("IsValidForCreate", BOOL),
            ("IsValidForRead", BOOL),
            ("IsValidForUpdate", BOOL),
            ("IsCustomizable", FLAG),
        ],
    ),
    open(
        "RelationshipMetadataBase",
        &[("SchemaName", TEXT), ("RelationshipType", TEXT), ("IsCustomRelationship", BOOL)],
    ),
    open(
        "EntityKeyMetadata",
        &[
            ("LogicalName", TEXT),
            ("SchemaName", TEXT),
            ("EntityLogicalName", TEXT),
            ("KeyAttributes", "Collection(Edm.String)"),
            ("EntityKeyIndexStatus", TEXT),
            ("DisplayName", LABEL),
        ],
    ),
    open(
        "OptionSetMetadataBase",
        &[
            ("Name", TEXT),
            ("IsGlobal", BOOL),
            ("OptionSetType", TEXT),
            ("DisplayName", LABEL),
            ("Description", LABEL),
        ],
    ),
];

/// Kinds of the above: their base, and what leads on from them.
const DERIVED: &[(&str, &str)] = &[
    ("EnumAttributeMetadata", "AttributeMetadata"),
    ("PicklistAttributeMetadata", "EnumAttributeMetadata"),
    ("MultiSelectPicklistAttributeMetadata", "EnumAttributeMetadata"),
    ("StateAttributeMetadata", "EnumAttributeMetadata"),
    ("StatusAttributeMetadata", "EnumAttributeMetadata"),
    ("BooleanAttributeMetadata", "AttributeMetadata"),
    ("StringAttributeMetadata", "AttributeMetadata"),
    ("MemoAttributeMetadata", "AttributeMetadata"),
    ("IntegerAttributeMetadata", "AttributeMetadata"),
    ("MoneyAttributeMetadata", "AttributeMetadata"),
    ("DecimalAttributeMetadata", "AttributeMetadata"),
    ("DoubleAttributeMetadata", "AttributeMetadata"),
    ("DateTimeAttributeMetadata", "AttributeMetadata"),
    ("LookupAttributeMetadata", "AttributeMetadata"),
    ("UniqueIdentifierAttributeMetadata", "AttributeMetadata"),
    ("FileAttributeMetadata", "AttributeMetadata"),
    ("OneToManyRelationshipMetadata", "RelationshipMetadataBase"),
    ("ManyToManyRelationshipMetadata", "RelationshipMetadataBase"),
    ("OptionSetMetadata", "OptionSetMetadataBase"),
    ("BooleanOptionSetMetadata", "OptionSetMetadataBase"),
];

/// Their ways to lists of choices.
const CHOICES: [&str; 2] = ["EnumAttributeMetadata", "BooleanAttributeMetadata"];

const SETS: [(&str, &str); 3] = [
    ("EntityDefinitions", "EntityMetadata"),
    ("RelationshipDefinitions", "RelationshipMetadataBase"),
    ("GlobalOptionSetDefinitions", "OptionSetMetadataBase"),
];

pub(super) fn write(xml: &mut Xml) {
    for (name, is_flags, members) in ENUMERATIONS {
        xml.open("EnumType", &[("Name", name), ("IsFlags", if *is_flags { "true" } else { "" })]);
        for (name, value) in *members {
            xml.leaf("Member", &[("Name", name), ("Value", value)]);
        }
        xml.close();
    }
    for shape in COMPLEX {
        xml.open("ComplexType", &[("Name", shape.name), ("OpenType", is_open(shape))]);
        within(xml, shape);
        xml.close();
    }
    for shape in DEFINITIONS {
        xml.open("EntityType", &[("Name", shape.name), ("OpenType", is_open(shape))]);
        xml.open("Key", &[]);
        xml.leaf("PropertyRef", &[("Name", "MetadataId")]);
        xml.close();
        xml.leaf("Property", &[("Name", "MetadataId"), ("Type", GUID), ("Nullable", "false")]);
        within(xml, shape);
        xml.close();
    }
    for (name, base) in DERIVED {
        let base = format!("mscrm.{base}");
        let attributes = [("Name", *name), ("BaseType", &base), ("OpenType", "true")];
        if CHOICES.contains(name) {
            xml.open("EntityType", &attributes);
            for way in ["OptionSet", "GlobalOptionSet"] {
                let attributes = [("Name", way), ("Type", "mscrm.OptionSetMetadataBase")];
                xml.leaf("NavigationProperty", &attributes);
            }
            xml.close();
        } else {
            xml.leaf("EntityType", &attributes);
        }
    }
}

pub(super) fn sets(xml: &mut Xml) {
    for (set, kind) in SETS {
        let kind = format!("Microsoft.Dynamics.CRM.{kind}");
        xml.leaf("EntitySet", &[("Name", set), ("EntityType", &kind)]);
    }
}

fn within(xml: &mut Xml, shape: &Shape) {
    for (name, kind) in shape.properties {
        xml.leaf("Property", &[("Name", name), ("Type", kind)]);
    }
    for (name, kind) in shape.leads {
        xml.leaf("NavigationProperty", &[("Name", name), ("Type", kind)]);
    }
}

fn is_open(shape: &Shape) -> &'static str {
    match shape.more {
        More::No => "",
        More::Yes => "true",
    }
}
