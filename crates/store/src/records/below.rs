//! What hangs on records: whatever leads to them by a lookup, and so goes, stays or objects when they go (9.7).

use crate::Db;
use crate::change::{self, Operation};
use crate::commit::{Commit, Stamp};
use crate::db::Row;
use crate::ddl::{literal, quoted};
use crate::query::Sql;
use crate::records::write::{Bin, set_columns};
use crate::records::{cells, twin};
use crate::scope::{definition, is_twin};
use anyhow::Result;
use domain::entity::{Catalog, ColumnDef, EntityDef, FieldKind, OnDelete, Ownership};
use domain::id::{Guid, RecordRef};
use domain::record::{Record, Value, Values};
use domain::time::Timestamp;

/// A record that leads to another by a lookup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependant {
    pub record: RecordRef,
    /// The lookup.
    pub column: String,
    /// Where it leads.
    pub of: RecordRef,
    /// What becomes of the dependant when the other goes.
    pub on_delete: OnDelete,
}

/// In which state dependants are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lying {
    Alive,
    /// In the recycle bin since this very moment: they went together.
    RecycledAt(Timestamp),
}

/// More dependants of one kind are not given.
pub const MOST: usize = 100_000;
/// So many records are asked about at once.
const AT_ONCE: usize = 500;

/// Lookups that every type has: being somebody's is not hanging on them.
const SYSTEM: [&str; 4] = ["createdby", "modifiedby", "ownerid", "owningbusinessunit"];

/// Everything that leads to one of `records`, which are of one type; parts do not count, they go with their whole. It
/// asks for no scope: what becomes of what is found is the operation's to decide. One round trip for each 500.
pub async fn dependants(
    db: &Db,
    catalog: &Catalog,
    entity: &str,
    records: &[Guid],
    lying: Lying,
) -> Result<Vec<Dependant>> {
    let target = definition(catalog, entity)?;
    let mut all = Vec::new();
    for some in records.chunks(AT_ONCE) {
        let mut sql = Sql::new();
        for (def, column) in leading_to(catalog, target) {
            sql.push(if sql.text.is_empty() { "" } else { " UNION ALL " });
            branch(&mut sql, def, column, target, some, lying);
        }
        if sql.text.is_empty() {
            return Ok(vec![]);
        }
        for row in db.rows(&sql.text, &sql.values).await? {
            all.extend(dependant(catalog, target, &row)?);
        }
    }
    Ok(all)
}

/// The lookups to look at: what an activity is regarding is asked of its twin, which has the index.
fn leading_to<'a>(
    catalog: &'a Catalog,
    target: &'a EntityDef,
) -> impl Iterator<Item = (&'a EntityDef, &'a ColumnDef)> {
    let types = catalog.all().filter(|it| it.ownership != Ownership::Child);
    let lookups = types.flat_map(|def| def.columns.iter().map(move |column| (def, column)));
    lookups.filter(|(def, column)| {
        column.kind == FieldKind::Lookup
            && column.targets.contains(&target.name)
            && !SYSTEM.contains(&column.name.as_str())
            && !(def.activity && column.name == "regardingobjectid")
    })
}

fn branch(sql: &mut Sql, def: &EntityDef, column: &ColumnDef, target: &EntityDef, of: &[Guid], lying: Lying) {
    let entity = if is_twin(def) { "t.activitytypecode".to_owned() } else { literal(&def.name) };
    let (name, lookup) = (literal(&column.name), quoted(&column.name));
    sql.push(&format!(
        "SELECT * FROM (SELECT {entity} AS e, {name} AS c, t.{} AS k",
        quoted(&def.key_column())
    ));
    sql.push(&format!(", t.{lookup} AS o FROM {} AS t WHERE t.{lookup} IN ", quoted(&def.name)));
    sql.list(of.iter().copied());
    if column.has_type_column() {
        sql.push(&format!(" AND t.{} = {}", quoted(&column.type_column()), literal(&target.name)));
    }
    match lying {
        Lying::Alive => sql.push(" AND t.recycledon IS NULL"),
        Lying::RecycledAt(when) => sql.push(" AND t.recycledon = ").value(when),
    };
    sql.push(&format!(" LIMIT {MOST}) AS part"));
}

fn dependant(catalog: &Catalog, target: &EntityDef, row: &Row) -> Result<Option<Dependant>> {
    let (entity, column) = (row.text(0)?, row.text(1)?);
    // A kind of activity that is no more.
    let Some(def) = catalog.get(entity) else { return Ok(None) };
    let on_delete = match def.column(column) {
        // What ties two together goes with either.
        Some(_) if def.intersect => OnDelete::Cascade,
        Some(lookup) => lookup.on_delete,
        None => return Ok(None),
    };
    Ok(Some(Dependant {
        record: RecordRef::new(entity, row.guid(2)?),
        column: column.to_owned(),
        of: RecordRef::new(&target.name, row.guid(3)?),
        on_delete,
    }))
}

/// How many records of each type belong to this user or team; types without any are left out.
pub async fn owned(db: &Db, catalog: &Catalog, owner: Guid) -> Result<Vec<(String, u64)>> {
    let mut sql = Sql::new();
    for def in catalog.all().filter(|it| it.ownership == Ownership::User && !is_twin(it)) {
        sql.push(if sql.text.is_empty() { "" } else { " UNION ALL " });
        sql.push(&format!("SELECT {}, COUNT(*) FROM (SELECT 1 FROM ", literal(&def.name)));
        sql.push(&quoted(&def.name)).push(" WHERE ownerid = ").value(owner);
        sql.push(&format!(" AND recycledon IS NULL LIMIT {MOST}) AS part"));
    }
    let rows = db.rows(&sql.text, &sql.values).await?;
    let counted = rows.iter().map(|row| Ok((row.text(0)?.to_owned(), u64::try_from(row.int(1)?)?)));
    Ok(counted.collect::<Result<Vec<_>>>()?.into_iter().filter(|it| it.1 > 0).collect())
}

/// The dependant leads nowhere from now on. It asks for no scope: whoever deletes the other record had one.
pub fn unlink(commit: &mut Commit, catalog: &Catalog, dependant: &Dependant, stamp: Stamp) -> Result<()> {
    let def = definition(catalog, &dependant.record.entity)?;
    let mut changed = Values::from([(dependant.column.clone(), Value::Null)]);
    for (name, value) in
        [("modifiedon", stamp.at.into()), ("modifiedby", RecordRef::new("systemuser", stamp.by).into())]
    {
        changed.extend(def.column(name).map(|it| (it.name.clone(), value)));
    }
    let mut sql = set_columns(def, cells::columns(def, &changed)?);
    sql.push(&format!(" WHERE t.{} = ", quoted(&def.key_column()))).value(dependant.record.id);
    sql.push(&format!(" AND t.{} = ", quoted(&dependant.column))).value(dependant.of.id);
    commit.push(sql.text, sql.values);
    if def.activity {
        let mut after = Record::new(&def.name, dependant.record.id);
        after.values = changed.clone();
        twin::update(commit, catalog, &after, &changed)?;
    }
    let was = serde_json::json!({ dependant.column.clone(): { "was": dependant.of.to_string() } });
    change::add(commit, &dependant.record, Operation::Update, 0, &was.to_string(), stamp);
    Ok(())
}

/// Takes a record that only ties two others together into the recycle bin, or out of it. It asks for no scope: that is
/// decided by its ends.
pub fn untie(commit: &mut Commit, catalog: &Catalog, tie: &RecordRef, stamp: Stamp) -> Result<()> {
    recycle_tie(commit, catalog, tie, stamp, Bin::Into)
}

/// See [`untie`].
pub fn tie_again(commit: &mut Commit, catalog: &Catalog, tie: &RecordRef, stamp: Stamp) -> Result<()> {
    recycle_tie(commit, catalog, tie, stamp, Bin::OutOf)
}

fn recycle_tie(
    commit: &mut Commit,
    catalog: &Catalog,
    tie: &RecordRef,
    stamp: Stamp,
    bin: Bin,
) -> Result<()> {
    let def = definition(catalog, &tie.entity)?;
    let mut sql = set_columns(def, vec![("recycledon".to_owned(), bin.recycledon(stamp))]);
    sql.push(&format!(" WHERE t.{} = ", quoted(&def.key_column()))).value(tie.id);
    commit.push(sql.text, sql.values);
    let operation = match bin {
        Bin::Into => Operation::Delete,
        Bin::OutOf => Operation::Restore,
    };
    change::add(commit, tie, operation, 0, "{}", stamp);
    Ok(())
}

/// Ties two records together; harmless to repeat. The key is made from the ends, so that two ways of making a tie make
/// one.
pub fn tie(
    commit: &mut Commit,
    catalog: &Catalog,
    intersect: &str,
    (here, this): (&str, Guid),
    (there, that): (&str, Guid),
    stamp: Stamp,
) -> Result<RecordRef> {
    let def = definition(catalog, intersect)?;
    let tie = RecordRef::new(intersect, Guid::named(intersect, &format!("{this} {that}")));
    let (table, key) = (quoted(&def.name), quoted(&def.key_column()));
    let (here, there) = (quoted(here), quoted(there));
    commit.push(
        format!(
            "INSERT INTO {table} ({key}, versionnumber, sortkey, {here}, {there}, createdon, createdby, modifiedon,
                 modifiedby)
             VALUES ($1, 1, '', $2, $3, $4, $5, $4, $5)
             ON CONFLICT ({key}) DO UPDATE SET recycledon = NULL, versionnumber = {table}.versionnumber + 1"
        ),
        vec![tie.id.into(), this.into(), that.into(), stamp.at.into(), stamp.by.into()],
    );
    change::add(commit, &tie, Operation::Create, 1, "{}", stamp);
    Ok(tie)
}

/// Since when the record lies in the recycle bin; `None` when it does not.
pub async fn recycled_since(db: &Db, catalog: &Catalog, record: &RecordRef) -> Result<Option<Timestamp>> {
    let def = definition(catalog, &record.entity)?;
    let (table, key) = (quoted(&def.name), quoted(&def.key_column()));
    let sql = format!("SELECT recycledon FROM {table} WHERE {key} = $1 AND recycledon IS NOT NULL");
    db.row(&sql, &[record.id.into()]).await?.map(|row| row.time(0)).transpose()
}

/// Whether there is a record with this key, alive or in the recycle bin, whoever may see it.
pub async fn is_taken(db: &Db, catalog: &Catalog, record: &RecordRef) -> Result<bool> {
    let def = definition(catalog, &record.entity)?;
    let sql = format!("SELECT 1 FROM {} WHERE {} = $1", quoted(&def.name), quoted(&def.key_column()));
    Ok(db.row(&sql, &[record.id.into()]).await?.is_some())
}

/// Destroys the parts of one kind that a record has: they are written anew. It asks for no scope: whoever changes the
/// record has one.
pub fn remove_parts(commit: &mut Commit, catalog: &Catalog, part: &str, whole: Guid) -> Result<()> {
    let def = definition(catalog, part)?;
    if let Some(lookup) = def.part_of() {
        let (table, lookup) = (quoted(&def.name), quoted(&lookup.name));
        commit.push(format!("DELETE FROM {table} WHERE {lookup} = $1"), vec![whole.into()]);
    }
    Ok(())
}
