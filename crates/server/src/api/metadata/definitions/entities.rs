//! Types of records as `EntityMetadata`, and their alternate keys.

use super::ids::{entity_id, key_id, object_type_code};
use super::labels::{label, managed, no_label};
use super::{Definition, Of, Reader, properties};
use domain::entity::{EntityDef, FieldKind, KeyDef, Ownership};
use serde_json::{Value, json};

pub fn entities(reader: Reader<'_>) -> Vec<Definition<'_>> {
    reader.catalog.all().map(|it| entity(reader, it)).collect()
}

/// What Dataverse can do with a type and we cannot, or not by a switch.
const OFF: [&str; 25] = [
    "AutoCreateAccessTeams",
    "AutoRouteToOwnerQueue",
    "EnforceStateTransitions",
    "EntityHelpUrlEnabled",
    "HasFeedback",
    "IsAIRUpdated",
    "IsAvailableOffline",
    "IsBPFEntity",
    "IsBusinessProcessEnabled",
    "IsDocumentManagementEnabled",
    "IsEnabledForCharts",
    "IsEnabledForExternalChannels",
    "IsInteractionCentricEnabled",
    "IsKnowledgeManagementEnabled",
    "IsLogicalEntity",
    "IsMSTeamsIntegrationEnabled",
    "IsManaged",
    "IsOneNoteIntegrationEnabled",
    "IsPrivate",
    "IsQuickCreateEnabled",
    "IsReadingPaneEnabled",
    "IsSLAEnabled",
    "IsSolutionAware",
    "IsVisibleInMobileClient",
    "UsesBusinessDataLabelTable",
];

const EMPTY: [&str; 14] = [
    "DataProviderId",
    "DataSourceId",
    "DaysSinceRecordLastModified",
    "EntityColor",
    "EntityHelpUrl",
    "ExternalCollectionName",
    "ExternalName",
    "HasChanged",
    "IconLargeName",
    "IconMediumName",
    "IconSmallName",
    "MobileOfflineFilters",
    "PrimaryImageAttribute",
    "RecurrenceBaseEntityLogicalName",
];

pub fn entity<'a>(reader: Reader<'a>, def: &'a EntityDef) -> Definition<'a> {
    let mut shown = properties([
        ("MetadataId", json!(entity_id(&def.name))),
        ("LogicalName", json!(def.name)),
        ("SchemaName", json!(spelt(def))),
        ("EntitySetName", json!(def.set)),
        ("LogicalCollectionName", json!(def.set)),
        ("CollectionSchemaName", json!(plural(&spelt(def)))),
        ("PrimaryIdAttribute", json!(def.key_column())),
        ("PrimaryNameAttribute", json!(def.primary)),
        ("ObjectTypeCode", json!(object_type_code(&def.name))),
        ("OwnershipType", json!(ownership(def))),
        ("TableType", json!("Standard")),
        ("ReportViewName", json!(format!("Filtered{}", spelt(def)))),
        ("IntroducedVersion", json!("1.0")),
        ("IconVectorName", json!(def.icon)),
        ("ActivityTypeMask", json!(i32::from(def.activity))),
        ("DisplayName", label(&def.label, &def.name, reader.language)),
        ("DisplayCollectionName", label(&def.plural, &format!("{}s", def.name), reader.language)),
        ("Privileges", json!([])),
        ("Settings", json!([])),
    ]);
    let description = def.description.as_ref();
    let description = description
        .map_or_else(no_label, |it| label(it, &format!("{}.description", def.name), reader.language));
    shown.insert("Description".to_owned(), description);
    shown.extend(OFF.map(|it| (it.to_owned(), Value::Bool(false))));
    shown.extend(EMPTY.map(|it| (it.to_owned(), Value::Null)));
    shown.extend(abilities(reader, def));
    Definition { shown, of: Of::Entity(def) }
}

/// What can be done with a type, and what may be changed about it.
fn abilities(reader: Reader, def: &EntityDef) -> serde_json::Map<String, Value> {
    let own = def.custom && !def.intersect;
    let is_noted = reader.catalog.get("annotation").and_then(|it| it.column("objectid"));
    let is_noted = is_noted.is_some_and(|it| it.targets.contains(&def.name));
    let is_addressed = def.columns.iter().any(|it| it.kind == FieldKind::Email);
    let has_state = def.column("statecode").is_some();
    let is_queued = reader.catalog.get("queueitem").and_then(|it| it.column("objectid"));
    let is_queued = is_queued.is_some_and(|it| it.targets.contains(&def.name));
    let mut all = properties([
        ("HasActivities", json!(def.activities)),
        ("HasNotes", json!(is_noted)),
        ("HasEmailAddresses", json!(is_addressed)),
        ("IsActivity", json!(def.activity)),
        ("IsActivityParty", json!(is_addressed)),
        ("IsChildEntity", json!(def.ownership == Ownership::Child)),
        ("IsCustomEntity", json!(def.custom)),
        ("IsImportable", json!(!def.readonly && !def.intersect)),
        ("IsIntersect", json!(def.intersect)),
        ("IsOptimisticConcurrencyEnabled", json!(true)),
        ("IsStateModelAware", json!(has_state)),
        ("IsValidForAdvancedFind", json!(def.browsable)),
        ("ChangeTrackingEnabled", json!(true)),
    ]);
    let managed_ones = [
        ("IsCustomizable", own, "iscustomizable"),
        ("IsRenameable", own, "isrenameable"),
        ("IsMappable", false, "ismappable"),
        ("IsAuditEnabled", true, "canmodifyauditsettings"),
        ("IsConnectionsEnabled", def.connections, "canmodifyconnectionsettings"),
        ("IsDuplicateDetectionEnabled", false, "canmodifyduplicatedetectionsettings"),
        ("IsMailMergeEnabled", false, "canmodifymailmergesettings"),
        ("IsOfflineInMobileClient", false, "canmodifymobileclientoffline"),
        ("IsReadOnlyInMobileClient", def.readonly, "canmodifymobileclientreadonly"),
        ("IsValidForQueue", is_queued, "canmodifyqueuesettings"),
        ("IsVisibleInMobile", false, "canmodifymobilevisibility"),
        ("CanBeInManyToMany", !def.intersect, "canbeinmanytomany"),
        ("CanBePrimaryEntityInRelationship", !def.intersect, "canbeprimaryentityinrelationship"),
        ("CanBeRelatedEntityInRelationship", !def.intersect, "canberelatedentityinrelationship"),
        ("CanBeInCustomEntityAssociation", !def.intersect, "canbeincustomentityassociation"),
        ("CanChangeHierarchicalRelationship", false, "canchangehierarchicalrelationship"),
        ("CanChangeTrackingBeEnabled", false, "canchangetrackingbeenabled"),
        ("CanCreateAttributes", !def.intersect, "cancreateattributes"),
        ("CanCreateCharts", false, "cancreatecharts"),
        ("CanCreateForms", false, "cancreateforms"),
        ("CanCreateViews", !def.intersect, "cancreateviews"),
        ("CanEnableSyncToExternalSearchIndex", false, "canenablesynctoexternalsearchindex"),
        ("CanModifyAdditionalSettings", own, "canmodifyadditionalsettings"),
        ("SyncToExternalSearchIndex", false, "synctoexternalsearchindex"),
    ];
    all.extend(managed_ones.map(|(name, value, logical)| (name.to_owned(), managed(value, logical))));
    all
}

fn ownership(def: &EntityDef) -> &'static str {
    match def.ownership {
        Ownership::User => "UserOwned",
        Ownership::Organization => "OrganizationOwned",
        Ownership::Child => "None",
    }
}

/// As Dataverse makes the name of a set out of that of a type: `projects`, `companies`, `boxes`.
pub fn plural(name: &str) -> String {
    let ends = |ends: &[&str]| ends.iter().any(|it| name.ends_with(it));
    match name.strip_suffix('y') {
        Some(stem) if !ends(&["ay", "ey", "iy", "oy", "uy"]) => format!("{stem}ies"),
        _ if ends(&["s", "x", "z", "ch", "sh"]) => format!("{name}es"),
        _ => format!("{name}s"),
    }
}

/// Standard types are spelt with a capital: `Account`.
fn spelt(def: &EntityDef) -> String {
    let name = def.schema_name();
    match name.chars().next() {
        Some(first) if !def.custom && def.schema.is_none() => {
            first.to_uppercase().chain(name.chars().skip(1)).collect()
        }
        _ => name.to_owned(),
    }
}

pub fn keys<'a>(reader: Reader<'a>, def: &'a EntityDef) -> Vec<Definition<'a>> {
    def.keys.iter().map(|it| key(reader, def, it)).collect()
}

/// An alternate key as `EntityKeyMetadata`. Its index is made with it, and so always there.
pub fn key<'a>(reader: Reader<'a>, def: &'a EntityDef, key: &'a KeyDef) -> Definition<'a> {
    let id = key_id(&def.name, &key.name);
    let shown = properties([
        ("MetadataId", json!(id)),
        ("LogicalName", json!(key.name)),
        ("SchemaName", json!(key.schema.as_deref().unwrap_or(&key.name))),
        ("EntityLogicalName", json!(def.name)),
        ("KeyAttributes", json!(key.columns)),
        ("EntityKeyIndexStatus", json!("Active")),
        ("DisplayName", label(&key.label, &id.to_string(), reader.language)),
        ("IsCustomizable", managed(def.custom, "iscustomizable")),
        ("IsManaged", json!(false)),
        ("IsSynchronous", json!(true)),
        ("IsExportKey", json!(false)),
        ("IsSecondaryKey", json!(false)),
        ("IntroducedVersion", json!("1.0")),
        ("HasChanged", Value::Null),
        ("AsyncJob", Value::Null),
    ]);
    Definition { shown, of: Of::End }
}
