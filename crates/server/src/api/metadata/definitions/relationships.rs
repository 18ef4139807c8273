//! Ways between types as `OneToManyRelationshipMetadata` and `ManyToManyRelationshipMetadata`.

use super::ids::relationship_id;
use super::labels::{managed, no_label};
use super::{Definition, Of, Reader, properties, typed};
use domain::ask::Way;
use domain::entity::{Catalog, ColumnDef, EntityDef, FieldKind, OnDelete, ends, ways};
use serde_json::{Map, Value, json};

/// Which relationships of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Lookups of others lead here.
    OneToMany,
    /// Its own lookups lead there.
    ManyToOne,
    ManyToMany,
}

/// All of them. No two share a schema name, in any case of letters.
pub fn relationships(reader: Reader<'_>) -> Vec<Definition<'_>> {
    let along = lookups(reader.catalog, |_, _, _| true);
    let along = along.into_iter().map(|(def, column, target)| one_to_many(reader, def, column, target));
    let across = reader.catalog.all().filter_map(|it| many_to_many(reader, it));
    let mut seen = std::collections::BTreeSet::new();
    let mut all: Vec<Definition> = along.chain(across).collect();
    all.retain(|it| seen.insert(it.shown.get("MetadataId").map(ToString::to_string)));
    all
}

pub fn relationships_of<'a>(reader: Reader<'a>, def: &'a EntityDef, side: Side) -> Vec<Definition<'a>> {
    let along = match side {
        Side::OneToMany => lookups(reader.catalog, |_, _, target| target == def.name),
        Side::ManyToOne => lookups(reader.catalog, |from, _, _| from.name == def.name),
        Side::ManyToMany => {
            let ties = reader.catalog.all().filter(|it| {
                ends(it).is_some_and(|(one, two)| [one, two].iter().any(|it| it.targets.contains(&def.name)))
            });
            return ties.filter_map(|it| many_to_many(reader, it)).collect();
        }
    };
    along.into_iter().map(|(from, column, target)| one_to_many(reader, from, column, target)).collect()
}

/// A lookup with the type it belongs to and one it leads to.
type Along<'a> = (&'a EntityDef, &'a ColumnDef, &'a str);

/// The lookups of a tie are no relationships of their own.
fn lookups(catalog: &Catalog, which: impl Fn(&EntityDef, &ColumnDef, &str) -> bool) -> Vec<Along<'_>> {
    let mut found = Vec::new();
    for def in catalog.all().filter(|it| !it.intersect) {
        for column in def.columns.iter().filter(|it| it.kind == FieldKind::Lookup) {
            let targets = column.targets.iter().filter(|it| which(def, column, it));
            found.extend(targets.map(|it| (def, column, it.as_str())));
        }
    }
    found
}

fn one_to_many<'a>(
    reader: Reader<'a>,
    def: &'a EntityDef,
    column: &'a ColumnDef,
    target: &'a str,
) -> Definition<'a> {
    let name = column.way_back(&def.name, target);
    let key = reader.catalog.get(target).map(EntityDef::key_column).unwrap_or_default();
    let mut shown = common(&name, column.custom);
    shown.extend(properties([
        ("@odata.type", typed("OneToManyRelationshipMetadata")),
        ("RelationshipType", json!("OneToManyRelationship")),
        ("ReferencedEntity", json!(target)),
        ("ReferencedAttribute", json!(key)),
        ("ReferencedEntityNavigationPropertyName", json!(name)),
        ("ReferencingEntity", json!(def.name)),
        ("ReferencingAttribute", json!(column.name)),
        ("ReferencingEntityNavigationPropertyName", json!(column.way(&def.name, target))),
        ("CascadeConfiguration", cascades(column)),
        ("AssociatedMenuConfiguration", menu()),
        ("RelationshipBehavior", json!(1)),
        ("RelationshipAttributes", json!([])),
        ("IsDenormalizedLookup", json!(false)),
        ("IsHierarchical", json!(def.name == target && column.name.starts_with("parent"))),
        ("DenormalizedAttributeName", Value::Null),
        ("EntityKey", Value::Null),
    ]));
    Definition { shown, of: Of::End }
}

/// `None` for a type that ties nothing.
fn many_to_many<'a>(reader: Reader<'a>, tie: &'a EntityDef) -> Option<Definition<'a>> {
    let (one, two) = ends(tie).filter(|_| tie.intersect)?;
    let way = |here: &ColumnDef| {
        let def = reader.catalog.get(here.targets.first()?)?;
        let mut all = ways(reader.catalog, def).into_iter();
        all.find_map(|it| match it.way {
            Way::Across { intersect, here: from, .. } if intersect == tie.name && from == here.name => {
                Some(it.name)
            }
            _ => None,
        })
    };
    let mut shown = common(tie.schema_name(), tie.custom);
    shown.extend(properties([
        ("@odata.type", typed("ManyToManyRelationshipMetadata")),
        ("RelationshipType", json!("ManyToManyRelationship")),
        ("IntersectEntityName", json!(tie.name)),
        ("Entity1LogicalName", json!(one.targets.first())),
        ("Entity1IntersectAttribute", json!(one.name)),
        ("Entity1NavigationPropertyName", json!(way(one))),
        ("Entity1AssociatedMenuConfiguration", menu()),
        ("Entity2LogicalName", json!(two.targets.first())),
        ("Entity2IntersectAttribute", json!(two.name)),
        ("Entity2NavigationPropertyName", json!(way(two))),
        ("Entity2AssociatedMenuConfiguration", menu()),
    ]));
    Some(Definition { shown, of: Of::End })
}

fn common(name: &str, is_custom: bool) -> Map<String, Value> {
    properties([
        ("MetadataId", json!(relationship_id(name))),
        ("SchemaName", json!(name)),
        ("SecurityTypes", json!("Append")),
        ("IsCustomRelationship", json!(is_custom)),
        ("IsCustomizable", managed(is_custom, "iscustomizable")),
        ("IsValidForAdvancedFind", json!(true)),
        ("IsManaged", json!(false)),
        ("IntroducedVersion", json!("1.0")),
        ("HasChanged", Value::Null),
    ])
}

/// What happens to the records below (9.7). An activity goes with what it is regarding in all things.
fn cascades(column: &ColumnDef) -> Value {
    let delete = match column.on_delete {
        OnDelete::Unlink => "RemoveLink",
        OnDelete::Cascade => "Cascade",
        OnDelete::Restrict => "Restrict",
    };
    let is_parental = column.name == "regardingobjectid" && column.on_delete == OnDelete::Cascade;
    let other = if is_parental { "Cascade" } else { "NoCascade" };
    json!({
        "Assign": other,
        "Delete": delete,
        "Archive": delete,
        "Merge": "Cascade",
        "Reparent": other,
        "Share": other,
        "Unshare": other,
        "RollupView": "NoCascade",
    })
}

fn menu() -> Value {
    json!({
        "Behavior": "UseCollectionName",
        "Group": "Details",
        "Label": no_label(),
        "Order": null,
        "IsCustomizable": true,
        "Icon": null,
        "ViewId": "00000000-0000-0000-0000-000000000000",
        "AvailableOffline": false,
        "MenuId": null,
        "QueryApi": null,
    })
}
