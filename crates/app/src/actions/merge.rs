//! Two records were one all the time: whatever leads to the one leads to the other from now on.

use super::Refusal;
use crate::changes::Changes;
use crate::users;
use crate::{App, Error, Result};
use domain::id::RecordRef;
use domain::privilege::{Action, Actor};
use domain::record::{Record, Value, Values};
use std::collections::{BTreeMap, BTreeSet};
use store::records::{Dependant, Lying};

/// Whether the two must belong to the same record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parents {
    Same,
    Any,
}

/// By type: the lookup that says what it belongs to, and the state and status of a record that was merged away.
const MERGEABLE: [(&str, &str, i64, i64); 4] = [
    ("account", "parentaccountid", 1, 2),
    ("contact", "parentcustomerid", 1, 2),
    ("lead", "parentaccountid", 2, 7),
    ("incident", "parentcaseid", 2, 2000),
];

/// Nobody's organization is deeper.
const DEEPEST: usize = 50;

/// `subordinate` goes inactive and says where it went (`masterid`); its activities, children, connections and parts of
/// messages become those of `target`, whoever owns them; `update` is written into `target`. All of it or nothing.
pub async fn merge(
    app: &App,
    actor: &Actor,
    target: &RecordRef,
    subordinate: &RecordRef,
    update: Values,
    parents: Parents,
) -> Result<()> {
    // Know
    let mut changes = Changes::new(app, actor);
    let kind = MERGEABLE.iter().find(|it| it.0 == target.entity).ok_or(Refusal::NotMergeable)?;
    let master = changes.held(Action::Write, target).await?;
    let gone = changes.held(Action::Write, subordinate).await?;
    let ids = [subordinate.id];
    let dependants =
        store::records::dependants(&app.db, &app.catalog, &subordinate.entity, &ids, Lying::Alive).await?;

    // Decide
    if let Some(refusal) = refusal(&master, &gone, kind.1, parents) {
        return Err(refusal.into());
    }
    let moves = moves(app, target, &gone, dependants).await?;

    // Do
    changes.update(target, None, update).await?;
    let away = Values::from([
        ("masterid".to_owned(), Value::Ref(target.clone())),
        ("merged".to_owned(), true.into()),
        ("statecode".to_owned(), kind.2.into()),
        ("statuscode".to_owned(), kind.3.into()),
    ]);
    changes.write_by_rule(subordinate, away).await?;
    let (_, _, commit, stamp) = changes.also();
    for (record, lookups) in &moves.links {
        store::records::relink(commit, &app.catalog, record, subordinate, lookups, stamp)?;
    }
    for (tie, (here, there)) in &moves.ties {
        store::records::untie(commit, &app.catalog, tie, stamp)?;
        let (here, there) = ((here.0.as_str(), here.1), (there.0.as_str(), there.1));
        store::records::tie(commit, &app.catalog, &tie.entity, here, there, stamp)?;
    }
    store::records::relink_parts(commit, &app.catalog, subordinate, target)?;
    changes.commit().await
}

fn refusal(target: &Record, subordinate: &Record, parent: &str, parents: Parents) -> Option<Refusal> {
    let merged = |it: &Record| it.get("merged").bool() == Some(true);
    if target.entity != subordinate.entity {
        Some(Refusal::NotMergeable)
    } else if target.id == subordinate.id {
        Some(Refusal::Itself)
    } else if merged(target) || merged(subordinate) {
        Some(Refusal::Merged)
    } else if parents == Parents::Same && target.get(parent) != subordinate.get(parent) {
        Some(Refusal::OtherParent)
    } else {
        None
    }
}

/// A lookup of a tie, and where it leads.
type End = (String, domain::id::Guid);

#[derive(Default)]
struct Moves {
    links: BTreeMap<RecordRef, Values>,
    ties: BTreeMap<RecordRef, (End, End)>,
}

/// What must lead elsewhere, and where. The target itself, and what stands above it, cannot come below it: there the
/// subordinate's own place is taken.
async fn moves(
    app: &App,
    target: &RecordRef,
    subordinate: &Record,
    dependants: Vec<Dependant>,
) -> Result<Moves> {
    let mut moves = Moves::default();
    let mut above: BTreeMap<String, BTreeSet<RecordRef>> = BTreeMap::new();
    for it in dependants.into_iter().filter(|it| it.column != "masterid") {
        let Some(def) = app.catalog.get(&it.record.entity) else { continue };
        if def.intersect {
            let ends = tie(app, &it, target).await?;
            moves.ties.extend(ends.map(|ends| (it.record, ends)));
            continue;
        }
        let mut to = Value::Ref(target.clone());
        if it.record.entity == target.entity {
            if !above.contains_key(&it.column) {
                let found = ancestors(app, target, &it.column).await?;
                above.insert(it.column.clone(), found);
            }
            if above.get(&it.column).is_some_and(|above| above.contains(&it.record)) {
                to = subordinate.get(&it.column).clone();
                // Neither may it lead to itself.
                if to.record() == Some(&it.record) {
                    to = Value::Null;
                }
            }
        }
        moves.links.entry(it.record).or_default().insert(it.column, to);
    }
    Ok(moves)
}

/// The record and all that stand above it by this lookup.
async fn ancestors(app: &App, record: &RecordRef, lookup: &str) -> Result<BTreeSet<RecordRef>> {
    let scope = users::system(app).scope(Action::Read, &record.entity);
    let mut above = BTreeSet::new();
    let mut next = Some(record.clone());
    while let Some(record) = next.filter(|it| above.len() < DEEPEST && !above.contains(it)) {
        let found = store::records::get(&app.db, &app.catalog, &record, &scope).await?;
        let up = found.as_ref().and_then(|it| it.get(lookup).record()).cloned();
        next = up.filter(|it| it.entity == record.entity);
        above.insert(record);
    }
    Ok(above)
}

/// The ends of a tie when the subordinate's is the target's, in the order of the definition.
async fn tie(app: &App, dependant: &Dependant, target: &RecordRef) -> Result<Option<(End, End)>> {
    let def = app.catalog.get(&dependant.record.entity).ok_or(Error::NotFound)?;
    let Some((first, second)) = domain::entity::ends(def) else { return Ok(None) };
    let scope = users::system(app).scope(Action::Read, &def.name);
    let Some(found) = store::records::get(&app.db, &app.catalog, &dependant.record, &scope).await? else {
        return Ok(None);
    };
    let end = |column: &str| {
        let id = if column == dependant.column { target.id } else { found.get(column).record()?.id };
        Some((column.to_owned(), id))
    };
    Ok(end(&first.name).zip(end(&second.name)))
}
