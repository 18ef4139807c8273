//! What hangs below the records of a page: `$expand`. One question for the whole page at each way and level.

use super::{Senseless, ask, scopes};
use crate::{App, Error, Result};
use domain::ask::{Ask, Expand, Found, Join, JoinKind, Pick, Source, Way};
use domain::entity::named_way;
use domain::filter::Filter;
use domain::id::{Guid, RecordRef};
use domain::privilege::Actor;
use domain::record::{Record, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::Pin;
use store::ask::Each;

/// Ways within ways: deeper ones are refused.
const DEEPEST: usize = 10;

/// A row with what hangs below it.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub found: Found,
    /// By the name of the way, in the order asked for; of [`Way::One`] at most one. What the asker may not read is not there.
    pub below: BTreeMap<String, Vec<Row>>,
    /// The names of ways that lead to more than was asked for.
    pub more: BTreeSet<String>,
}

/// The lookups that records must show, so that these ways can be gone. [`expanded`] looks up what rows do not show, which
/// costs one more question.
pub fn needed(expand: &[Expand]) -> Vec<&str> {
    let columns = expand.iter().filter_map(|it| match &it.way {
        Way::One { column, .. } => Some(column.as_str()),
        Way::Many { .. } | Way::Across { .. } => None,
    });
    let columns: BTreeSet<&str> = columns.collect();
    columns.into_iter().collect()
}

/// The rows, whose records are of one type, with what hangs below them, way by way.
///
/// The limit of each way's question is one per row above; for all rows together a way gives no more than [`Ask::FARTHEST`],
/// and then every row counts as having more. Fails as [`super::ask`] does.
pub async fn expanded(app: &App, actor: &Actor, rows: &[Found], expand: &[Expand]) -> Result<Vec<Row>> {
    let above: Vec<&Record> = rows.iter().map(|it| &it.record).collect();
    let ways = level(app, actor, above, expand, 1).await?;
    Ok(rows.iter().map(|it| hung(it, &ways)).collect())
}

/// What one way led to, for all records of a page.
struct Expanded {
    name: String,
    /// By the key of the record above.
    rows: BTreeMap<Guid, Vec<Found>>,
    /// Keys of records above that have more below than was asked for.
    more: BTreeSet<Guid>,
    /// What hangs below `rows`; its keys are theirs.
    below: Vec<Expanded>,
}

fn hung(found: &Found, ways: &[Expanded]) -> Row {
    let id = found.record.id;
    let rows =
        |way: &Expanded| way.rows.get(&id).into_iter().flatten().map(|it| hung(it, &way.below)).collect();
    Row {
        found: found.clone(),
        below: ways.iter().map(|it| (it.name.clone(), rows(it))).collect(),
        more: ways.iter().filter(|it| it.more.contains(&id)).map(|it| it.name.clone()).collect(),
    }
}

type Level<'a> = Pin<Box<dyn Future<Output = Result<Vec<Expanded>>> + Send + 'a>>;

fn level<'a>(
    app: &'a App,
    actor: &'a Actor,
    above: Vec<&'a Record>,
    expand: &'a [Expand],
    depth: usize,
) -> Level<'a> {
    Box::pin(async move {
        if depth > DEEPEST && !expand.is_empty() {
            let text = format!("What hangs below is expanded at most {DEEPEST} levels deep.");
            return Err(Error::Broken(Senseless(text).into()));
        }
        let shown = shown(app, actor, &above, expand).await?;
        let above = shown.as_ref().map_or(above, |it| it.iter().collect());
        let mut all = Vec::with_capacity(expand.len());
        for way in expand {
            all.push(one_way(app, actor, &above, way, depth).await?);
        }
        Ok(all)
    })
}

/// The same records with the lookups that are [`needed`], where they do not show them.
async fn shown(
    app: &App,
    actor: &Actor,
    above: &[&Record],
    expand: &[Expand],
) -> Result<Option<Vec<Record>>> {
    let needed = needed(expand);
    let lacks = |it: &&Record| needed.iter().any(|name| !it.values.contains_key(*name));
    let Some(first) = above.iter().find(|it| lacks(it)) else { return Ok(None) };
    let mut wanted = Ask::of(&first.entity);
    let key = app.catalog.get(&first.entity).ok_or(Error::NotFound)?.key_column();
    wanted.source.filter = Filter::In { column: key, values: references(above) };
    wanted.source.columns = Pick::These(needed.into_iter().map(str::to_owned).collect());
    wanted.limit = u32::try_from(above.len()).unwrap_or(u32::MAX);
    Ok(Some(ask(app, actor, &wanted).await?.rows.into_iter().map(|it| it.record).collect()))
}

async fn one_way(
    app: &App,
    actor: &Actor,
    above: &[&Record],
    expand: &Expand,
    depth: usize,
) -> Result<Expanded> {
    let mut wanted = expand.ask.clone();
    let mut added = pick(&mut wanted.source, needed(&expand.expand));
    let mut expanded =
        Expanded { name: expand.name.clone(), rows: BTreeMap::new(), more: BTreeSet::new(), below: vec![] };
    match &expand.way {
        Way::One { column, target } => {
            let targets = targets(app, above, expand, target);
            expanded.rows = along(app, actor, above, &wanted, (column, &targets)).await?;
        }
        Way::Many { column, .. } => {
            added.extend(pick(&mut wanted.source, vec![column]));
            restrict(&mut wanted.source, column, above);
            let each = Each { alias: wanted.source.alias.clone(), column: column.clone() };
            several(app, actor, &wanted, &each, &mut expanded).await?;
        }
        Way::Across { intersect, here, there, entity } => {
            let alias = through(app, &mut wanted.source, (intersect, here, there, entity), above)?;
            let each = Each { alias, column: here.clone() };
            several(app, actor, &wanted, &each, &mut expanded).await?;
        }
    }
    let found = expanded.rows.values().flatten().map(|it| &it.record);
    let found = distinct(found.filter(|it| it.entity == expand.ask.source.entity));
    expanded.below = level(app, actor, found, &expand.expand, depth + 1).await?;
    for found in expanded.rows.values_mut().flatten() {
        found.record.values.retain(|name, _| !added.contains(name));
    }
    Ok(expanded)
}

/// Along a lookup: the same record may hang below many. A way that leads to several types (an owner's) is gone to each, and
/// of the picked columns each shows those it has.
async fn along(
    app: &App,
    actor: &Actor,
    above: &[&Record],
    wanted: &Ask,
    (column, targets): (&str, &[String]),
) -> Result<BTreeMap<Guid, Vec<Found>>> {
    let mut found: BTreeMap<RecordRef, Found> = BTreeMap::new();
    for target in targets {
        let leads = above.iter().filter_map(|it| it.get(column).record()).filter(|it| it.entity == *target);
        let these: BTreeSet<&RecordRef> = leads.collect();
        if these.is_empty() {
            continue;
        }
        let def = app.catalog.get(target).ok_or(Error::NotFound)?;
        let mut wanted = wanted.clone();
        if wanted.source.entity != *target {
            wanted.source.entity.clone_from(target);
            if let Pick::These(names) = &mut wanted.source.columns {
                names.retain(|it| def.column(it).is_some());
            }
        }
        let values = these.iter().map(|it| (*it).clone().into()).collect();
        and(&mut wanted.source, Filter::In { column: def.key_column(), values });
        (wanted.order, wanted.skip, wanted.count) = (vec![], 0, false);
        wanted.limit = u32::try_from(these.len()).unwrap_or(u32::MAX);
        let rows = ask(app, actor, &wanted).await?.rows;
        found.extend(rows.into_iter().map(|it| (it.record.reference(), it)));
    }
    let below = |it: &&Record| Some((it.id, vec![found.get(it.get(column).record()?)?.clone()]));
    Ok(above.iter().filter_map(below).collect())
}

/// The types a way leads to: several where the Web API has one name for it.
fn targets(app: &App, above: &[&Record], expand: &Expand, target: &str) -> Vec<String> {
    let def = above.first().and_then(|it| app.catalog.get(&it.entity));
    let named = def.and_then(|it| named_way(&app.catalog, it, &expand.name));
    named
        .map(|it| it.targets)
        .filter(|it| it.iter().any(|it| it == target))
        .unwrap_or_else(|| vec![target.to_owned()])
}

/// The first of each record above, found by the key in the column `each`.
async fn several(app: &App, actor: &Actor, wanted: &Ask, each: &Each, expanded: &mut Expanded) -> Result<()> {
    let scopes = scopes(app, actor, wanted)?;
    let found = store::ask::answer_each(&app.db, &app.catalog, wanted, &scopes, each).await?;
    let cut = found.len() >= Ask::FARTHEST as usize;
    for mut found in found {
        let above = if each.alias == wanted.source.alias {
            found.record.get(&each.column).record().map(|it| it.id)
        } else {
            let tie = found.joined.remove(&each.alias);
            tie.and_then(|it| it.get(&each.column).record().map(|it| it.id))
        };
        let Some(above) = above else { continue };
        let rows = expanded.rows.entry(above).or_default();
        if rows.len() < wanted.limit as usize {
            rows.push(found);
        } else {
            expanded.more.insert(above);
        }
    }
    if cut {
        expanded.more.extend(expanded.rows.keys().copied());
    }
    Ok(())
}

/// Joins the type that ties two others together, and gives its alias.
fn through(
    app: &App,
    source: &mut Source,
    (intersect, here, there, entity): (&str, &str, &str, &str),
    above: &[&Record],
) -> Result<String> {
    let taken: BTreeSet<String> = source.all().into_iter().map(|it| it.alias.clone()).collect();
    let mut alias = "tie".to_owned();
    while taken.contains(&alias) {
        alias.push('_');
    }
    let mut tie = Source::of(intersect, &alias);
    tie.columns = Pick::These(vec![here.to_owned()]);
    restrict(&mut tie, here, above);
    let from = app.catalog.get(entity).ok_or(Error::NotFound)?.key_column();
    source.joins.push(Join { kind: JoinKind::Inner, from, to: there.to_owned(), source: tie });
    Ok(alias)
}

fn restrict(source: &mut Source, column: &str, above: &[&Record]) {
    and(source, Filter::In { column: column.to_owned(), values: references(above) });
}

fn references(records: &[&Record]) -> Vec<Value> {
    records.iter().map(|it| it.reference().into()).collect()
}

fn and(source: &mut Source, filter: Filter) {
    let before = std::mem::replace(&mut source.filter, Filter::everything());
    source.filter = Filter::All(vec![filter, before]);
}

/// Picks these columns as well, and says which were not picked before.
fn pick(source: &mut Source, columns: Vec<&str>) -> Vec<String> {
    let Pick::These(names) = &mut source.columns else { return vec![] };
    let mut added: Vec<String> = vec![];
    for column in columns {
        if !names.iter().any(|it| it == column) {
            names.push(column.to_owned());
            added.push(column.to_owned());
        }
    }
    added
}

/// Each record once.
fn distinct<'a>(records: impl Iterator<Item = &'a Record>) -> Vec<&'a Record> {
    let mut seen = BTreeSet::new();
    records.filter(|it| seen.insert(it.id)).collect()
}
