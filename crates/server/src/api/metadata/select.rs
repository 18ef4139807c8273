//! Which definitions and what of them: `$filter`, `$orderby`, `$top`, `$select` and `$expand`.

use super::Refused;
use super::definitions::{Definition, Linked, Reader};
use super::filter::{self, Scope};
use formats::odata::expand::{ColumnPath, Direction, Expand, ExpandOf, ExpandOptions, OrderBy};
use formats::odata::{Expr, Options};
use serde_json::{Map, Value, json};
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// What is wanted of a list of definitions, or of one.
#[derive(Clone, Copy)]
pub struct Wanted<'o> {
    pub select: &'o [ColumnPath],
    filter: Option<&'o Expr>,
    order_by: &'o [OrderBy],
    top: Option<u64>,
    skip: Option<u64>,
    pub count: bool,
    expand: &'o [Expand],
}

impl<'o> From<&'o Options> for Wanted<'o> {
    fn from(it: &'o Options) -> Wanted<'o> {
        Wanted {
            select: &it.select,
            filter: it.filter.as_ref(),
            order_by: &it.order_by,
            top: it.top,
            skip: it.skip,
            count: it.count == Some(true),
            expand: &it.expand,
        }
    }
}

impl<'o> From<&'o ExpandOptions> for Wanted<'o> {
    fn from(it: &'o ExpandOptions) -> Wanted<'o> {
        Wanted {
            select: &it.select,
            filter: it.filter.as_ref(),
            order_by: &it.order_by,
            top: it.top,
            skip: it.skip,
            count: it.count == Some(true),
            expand: &it.expand,
        }
    }
}

/// Those that are wanted, as they are wanted, and how many there would be without `$top` and `$skip`.
pub fn many(reader: Reader, all: Vec<Definition>, wanted: Wanted) -> Result<(Vec<Value>, usize), Refused> {
    known(&all, wanted.select, reader)?;
    let mut found = Vec::new();
    let family = if wanted.filter.is_some() { family(&all) } else { BTreeSet::new() };
    for it in all {
        if wanted.filter.map_or(Ok(true), |filter| passes(filter, &it, &family))? {
            found.push(it);
        }
    }
    sort(&mut found, wanted.order_by)?;
    let count = found.len();
    let skip = wanted.skip.map_or(0, |it| usize::try_from(it).unwrap_or(usize::MAX));
    let top = wanted.top.map_or(usize::MAX, |it| usize::try_from(it).unwrap_or(usize::MAX));
    let shown: Result<Vec<Value>, Refused> =
        found.into_iter().skip(skip).take(top).map(|it| shown(reader, it, wanted)).collect();
    Ok((shown?, count))
}

pub fn one(reader: Reader, it: Definition, wanted: Wanted) -> Result<Value, Refused> {
    known(std::slice::from_ref(&it), wanted.select, reader)?;
    shown(reader, it, wanted)
}

/// All properties that any of them has: what one of them lacks has no value there.
fn family(all: &[Definition]) -> BTreeSet<String> {
    all.iter().flat_map(|it| it.shown.keys().cloned()).collect()
}

fn passes(filter: &Expr, it: &Definition, family: &BTreeSet<String>) -> Result<bool, Refused> {
    match filter::holds(filter, &Scope::of(&it.shown)) {
        Err(_) if family.len() > it.shown.len() => {
            let lacking = family.iter().filter(|name| !it.shown.contains_key(*name));
            let mut whole = it.shown.clone();
            whole.extend(lacking.map(|name| (name.clone(), Value::Null)));
            filter::holds(filter, &Scope::of(&whole))
        }
        other => other,
    }
}

fn sort(found: &mut [Definition], order_by: &[OrderBy]) -> Result<(), Refused> {
    for it in order_by {
        if !matches!(it.by, Expr::Path(_)) {
            return Err(Refused::Unreadable("Definitions are ordered by properties alone.".into()));
        }
    }
    let key = |it: &Definition, by: &Expr| filter::value(by, &Scope::of(&it.shown)).unwrap_or(Value::Null);
    found.sort_by(|left, right| {
        let orders = order_by.iter().map(|it| {
            let order = filter::order(&key(left, &it.by), &key(right, &it.by)).unwrap_or(Ordering::Equal);
            match it.direction {
                Direction::Ascending => order,
                Direction::Descending => order.reverse(),
            }
        });
        orders.fold(Ordering::Equal, Ordering::then)
    });
    Ok(())
}

/// Refuses a property in `$select` that none of the definitions has.
fn known(all: &[Definition], select: &[ColumnPath], reader: Reader) -> Result<(), Refused> {
    for path in select {
        let Some(name) = path.last() else { continue };
        let there = |it: &Definition| it.shown.contains_key(name) || reader.linked(it.of, name).is_some();
        if name != "*" && !all.is_empty() && !all.iter().any(there) {
            return Err(Refused::Unreadable(format!("Could not find a property named “{name}”.")));
        }
    }
    Ok(())
}

/// The key and the kind come along whatever is selected: clients go on from there.
const ALWAYS: [&str; 2] = ["@odata.type", "MetadataId"];

fn shown(reader: Reader, it: Definition, wanted: Wanted) -> Result<Value, Refused> {
    let mut expanded: Map<String, Value> = Map::new();
    for expand in wanted.expand {
        expanded.extend(expansion(reader, &it, expand)?);
    }
    let mut shown = it.shown;
    let selects =
        |name: &str| wanted.select.iter().any(|it| it.last().is_some_and(|it| it == name || it == "*"));
    if !wanted.select.is_empty() {
        shown.retain(|name, _| ALWAYS.contains(&name.as_str()) || selects(name));
    }
    shown.extend(expanded);
    Ok(Value::Object(shown))
}

/// The property and its value; nothing for a definition of a kind that has no such way, when others beside it have.
fn expansion(reader: Reader, it: &Definition, expand: &Expand) -> Result<Map<String, Value>, Refused> {
    let name = expand.path.last().map(String::as_str).unwrap_or_default();
    if expand.of != ExpandOf::Records {
        let what = format!("Of the definitions in “{name}” neither addresses nor numbers alone can be had.");
        return Err(Refused::Unreadable(what));
    }
    let mut shown = Map::new();
    let wanted = Wanted::from(&*expand.options);
    match reader.linked(it.of, name) {
        Some(Linked::One(None)) => {
            shown.insert(name.to_owned(), Value::Null);
        }
        Some(Linked::One(Some(it))) => {
            shown.insert(name.to_owned(), one(reader, *it, wanted)?);
        }
        Some(Linked::Many(all)) => {
            let (all, count) = many(reader, all, wanted)?;
            if wanted.count {
                shown.insert(format!("{name}@odata.count"), json!(count));
            }
            shown.insert(name.to_owned(), Value::Array(all));
        }
        None if WAYS.contains(&name) => {}
        None => {
            let what = format!("Could not find a navigation property named “{name}”.");
            return Err(Refused::Unreadable(what));
        }
    }
    Ok(shown)
}

/// Ways that some attributes have and others have not.
const WAYS: [&str; 2] = ["OptionSet", "GlobalOptionSet"];
