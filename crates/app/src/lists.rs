//! Lists as people arrange them: any columns, conditions and order, a page at a time.

use crate::{App, Error, Result};
use domain::ask::{Ask, Asker, Join, JoinKind, Pick, Place, Sort, Source};
use domain::entity::{ColumnDef, EntityDef, FieldKind};
use domain::filter::{Direction, Filter};
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor};
use domain::record::{Record, Value};
use domain::view::{Condition, View};
use formats::question::{self, BadQuery, Empty, Given, Manner, Operator};
use std::collections::BTreeMap;

/// Rows on one page.
pub const PAGE: u32 = 50;
/// Conditions of one list.
pub const MOST_CONDITIONS: usize = 20;
/// The name of the records that a list is sorted by the name of.
const BESIDE: &str = "beside";

/// What is to be listed.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub entity: String,
    pub columns: Vec<String>,
    /// What a view says that is no list of conditions; `None`: all records of the type.
    pub source: Option<Source>,
    pub filter: Filter,
    /// `None`: the type's usual order.
    pub order: Option<(String, Direction)>,
    pub after: Option<Place>,
}

/// A page with the names of everything the records point at (that the reader may see).
#[derive(Debug, Clone)]
pub struct Listed {
    pub def: EntityDef,
    pub rows: Vec<Record>,
    pub names: BTreeMap<RecordRef, String>,
    pub next: Option<Place>,
    /// All that match, counted up to [`Ask::COUNTED`].
    pub count: u64,
    pub may_create: bool,
}

/// How many match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matching {
    /// At most [`Ask::COUNTED`].
    pub ids: Vec<Guid>,
    /// There are more.
    pub more: bool,
}

/// The order that lists of this type have when nobody asks for one: activities by date, all else by name.
pub fn usual_order(def: &EntityDef) -> (String, Direction) {
    if def.column("sortdate").is_some() {
        ("sortdate".to_owned(), Direction::Descending)
    } else if def.activity {
        ("createdon".to_owned(), Direction::Descending)
    } else {
        (def.primary.clone(), Direction::Ascending)
    }
}

/// Whether a list can be sorted by the column: by the name of the other record, where there is one type it can be of and
/// the reader may read that.
pub fn is_sortable(app: &App, actor: &Actor, column: &ColumnDef) -> bool {
    match (&column.kind, column.targets.as_slice()) {
        (FieldKind::Lookup, [only]) => app.catalog.get(only).is_some() && actor.may(Action::Read, only),
        (FieldKind::Key | FieldKind::File | FieldKind::Lookup, _) => false,
        _ => true,
    }
}

pub async fn page(app: &App, actor: &Actor, wanted: &Wanted) -> Result<Listed> {
    let def = app.catalog.get(&wanted.entity).ok_or(Error::NotFound)?;
    let ask = question_of(app, actor, def, wanted);
    let answer = crate::ask::ask(app, actor, &ask).await?;
    let rows: Vec<Record> = answer.rows.into_iter().map(|it| it.record).collect();
    let pointed: Vec<RecordRef> =
        rows.iter().flat_map(|it| it.values.values()).filter_map(Value::record).cloned().collect();
    Ok(Listed {
        def: def.clone(),
        names: crate::records::names(app, actor, &pointed).await?,
        rows,
        next: answer.next,
        count: answer.count.unwrap_or_default(),
        may_create: !def.readonly && actor.may(Action::Create, &def.name),
    })
}

/// The page as a question.
pub(crate) fn question_of(app: &App, actor: &Actor, def: &EntityDef, wanted: &Wanted) -> Ask {
    let mut ask = asked(&def.name, wanted.source.as_ref(), &wanted.filter);
    let mut columns = wanted.columns.clone();
    columns.push(def.primary.clone());
    // An activity is shown under its own kind.
    columns.extend(def.column("activitytypecode").map(|it| it.name.clone()));
    columns.sort_unstable();
    columns.dedup();
    ask.source.columns = Pick::These(columns);
    let (column, direction) = wanted.order.clone().unwrap_or_else(|| usual_order(def));
    let found = def.column(&column).filter(|it| is_sortable(app, actor, it));
    let (alias, column) = match found {
        Some(lookup) if lookup.kind == FieldKind::Lookup => beside(app, &mut ask, lookup),
        Some(column) => (ask.source.alias.clone(), column.name.clone()),
        None => (ask.source.alias.clone(), usual_order(def).0),
    };
    ask.order = vec![Sort { alias, column, direction }];
    (ask.limit, ask.after, ask.count) = (PAGE, wanted.after.clone(), true);
    ask
}

fn asked(entity: &str, source: Option<&Source>, filter: &Filter) -> Ask {
    let mut ask = Ask::of(entity);
    if let Some(source) = source {
        ask.source = source.clone();
    }
    let base = std::mem::replace(&mut ask.source.filter, Filter::everything());
    ask.source.filter = Filter::All(vec![base, filter.clone()]);
    ask
}

/// Puts the records beside that the lookup leads to, to be sorted by their names.
fn beside(app: &App, ask: &mut Ask, lookup: &ColumnDef) -> (String, String) {
    let target = lookup.targets.first().and_then(|it| app.catalog.get(it));
    let Some(target) = target else { return (ask.source.alias.clone(), lookup.name.clone()) };
    let mut source = Source::of(&target.name, BESIDE);
    source.columns = Pick::These(vec![target.primary.clone()]);
    let (from, to) = (lookup.name.clone(), target.key_column());
    ask.source.joins.push(Join { kind: JoinKind::Outer, from, to, source });
    (BESIDE.to_owned(), target.primary.clone())
}

/// What the conditions mean to this asker, all together. Refuses those that make no sense for the type.
pub fn filter(
    def: &EntityDef,
    conditions: &[Condition],
    asker: &Asker,
) -> std::result::Result<Filter, BadQuery> {
    let manner = Manner { asker, empty: Empty::Differs };
    let one = |it: &Condition| {
        let given: Vec<Given> = it.values.iter().cloned().map(Given::Loose).collect();
        let field = question::field(def, &it.column)?;
        question::condition(&field, Operator::of_fetch(&it.operator)?, &given, manner)
    };
    Ok(Filter::All(conditions.iter().take(MOST_CONDITIONS).map(one).collect::<std::result::Result<_, _>>()?))
}

/// The keys of all that match, as far as they are counted.
pub async fn matching(app: &App, actor: &Actor, wanted: &Wanted) -> Result<Matching> {
    let def = app.catalog.get(&wanted.entity).ok_or(Error::NotFound)?;
    let mut ask = asked(&def.name, wanted.source.as_ref(), &wanted.filter);
    ask.source.columns = Pick::These(vec![def.primary.clone()]);
    ask.limit = Ask::COUNTED;
    let answer = crate::ask::ask(app, actor, &ask).await?;
    let mut ids: Vec<Guid> = answer.rows.iter().map(|it| it.record.id).collect();
    // What stands beside may repeat a record.
    ids.sort_unstable();
    ids.dedup();
    Ok(Matching { ids, more: answer.next.is_some() })
}

/// The columns of a list of this type: what was chosen, as far as it is still there, or else what the definition says.
pub fn columns<'a>(def: &'a EntityDef, chosen: &[String]) -> Vec<&'a ColumnDef> {
    let known: Vec<&ColumnDef> = chosen
        .iter()
        .filter_map(|it| def.column(it))
        .filter(|it| is_shown(it) && it.name != def.primary)
        .collect();
    if known.is_empty() {
        return def.columns.iter().filter(|it| it.list && it.name != def.primary && is_shown(it)).collect();
    }
    known
}

/// Whether people may put the column into a list: what they see in forms, and who made and changed it when.
pub fn is_offered(column: &ColumnDef) -> bool {
    const SYSTEM: [&str; 8] = [
        "createdby",
        "createdon",
        "modifiedby",
        "modifiedon",
        "ownerid",
        "statecode",
        "statuscode",
        "sortdate",
    ];
    is_shown(column) && (!column.internal || SYSTEM.contains(&column.name.as_str()))
}

fn is_shown(column: &ColumnDef) -> bool {
    column.kind != FieldKind::Key
}

/// The columns this user chose for lists of this type; nothing when none were.
pub async fn chosen(app: &App, user: Guid, entity: &str) -> Result<Vec<String>> {
    let kept = store::setting::get(&app.db, &setting(user, entity)).await?;
    Ok(kept.map(|it| it.split(',').map(str::to_owned).collect()).unwrap_or_default())
}

/// From now on lists of this type show these columns to the user; without any, what the definition says.
pub async fn choose(app: &App, user: Guid, entity: &str, columns: &[String]) -> Result<()> {
    let def = app.catalog.get(entity).ok_or(Error::NotFound)?;
    let known: Vec<&str> =
        columns.iter().filter_map(|it| def.column(it)).map(|it| it.name.as_str()).collect();
    let mut commit = store::Commit::new();
    match known.as_slice() {
        [] => store::setting::remove(&mut commit, &setting(user, entity)),
        some => store::setting::put(&mut commit, &setting(user, entity), &some.join(",")),
    }
    Ok(app.db.commit(commit).await?)
}

fn setting(user: Guid, entity: &str) -> String {
    format!("columns/{user}/{entity}")
}

/// The view as it is shown: with its columns named.
pub fn spelled_out(def: &EntityDef, mut view: View) -> View {
    if view.columns.is_empty() {
        view.columns = columns(def, &[]).iter().map(|it| it.name.clone()).collect();
    }
    view
}
