//! FetchXML, the query language of Dataverse: `<fetch><entity name="contact">…</entity></fetch>` as a question.
//!
//! What an attribute of `<fetch>` means that is not named here (`mapping`, `no-lock`, `version`, …) does not change the answer.

mod condition;
mod link;
mod shown;
#[cfg(test)]
mod tests;
mod tree;
mod view;

pub use view::{layout, view, write, written};

use crate::question::{
    BadQuery, Fetched, MOST_CONDITIONS, MOST_JOINS, MOST_ROWS, MOST_SHOWN, MOST_VALUES, Output, Shown, bad,
    field, quoted, read_cookie,
};
use domain::ask::{Ask, Asker, Sort, Source, Totals};
use domain::entity::{Catalog, EntityDef};
use domain::filter::{Direction, Filter};
use link::Plan;
use tree::Node;

/// Reads the question, already percent-decoded. Refuses names that are not there, values that do not fit their column,
/// and what is too large.
pub fn read(xml: &str, catalog: &Catalog, asker: &Asker) -> Result<Fetched, BadQuery> {
    let fetch = tree::read(xml)?;
    if fetch.name != "fetch" {
        return bad(format!("A question begins with <fetch>, not with {}.", quoted(&fetch.name)));
    }
    let mut entities = fetch.all("entity");
    let (Some(entity), None) = (entities.next(), entities.next()) else {
        return bad("In <fetch> stands one <entity name=\"…\">.");
    };
    let def = definition(catalog, entity)?;
    let totals = fetch.says("aggregate")?.then(Totals::default);
    let mut reading = Reading { catalog, asker, totals, outputs: vec![], left: Left::default() };
    let plan = link::plan(entity, def, &mut reading)?;
    let distinct = fetch.says("distinct")?;
    let source = reading.source(&plan)?;
    if reading.totals.is_none() && !distinct {
        reading.show_key(def);
    }
    let order = reading.order(&plan, &plan)?;
    let mut ask = Ask { source, order, distinct, totals: reading.totals, ..Ask::of(&def.name) };
    if let Some(totals) = &ask.totals
        && totals.groups.is_empty()
        && totals.measures.is_empty()
    {
        return bad("A question for totals has at least one <attribute> with “aggregate” or “groupby”.");
    }
    ask.count = fetch.says("returntotalrecordcount")?;
    let (page, top) = paged(&fetch, &mut ask)?;
    Ok(Fetched { wants_total: ask.count, ask, outputs: reading.outputs, page, top })
}

/// What is known while reading, and what comes together.
struct Reading<'a> {
    catalog: &'a Catalog,
    asker: &'a Asker,
    totals: Option<Totals>,
    outputs: Vec<Output>,
    left: Left,
}

/// How much more may come.
struct Left {
    joins: usize,
    conditions: usize,
    values: usize,
}

impl Default for Left {
    fn default() -> Left {
        Left { joins: MOST_JOINS, conditions: MOST_CONDITIONS, values: MOST_VALUES }
    }
}

fn spend(left: &mut usize, count: usize, sentence: impl Fn() -> String) -> Result<(), BadQuery> {
    *left = left.checked_sub(count).ok_or_else(|| BadQuery(sentence()))?;
    Ok(())
}

fn definition<'a>(catalog: &'a Catalog, node: &Node) -> Result<&'a EntityDef, BadQuery> {
    let name = node.need("name")?;
    let found = catalog.get(name).or_else(|| catalog.get(&name.to_ascii_lowercase()));
    found.ok_or_else(|| {
        let meant = crate::question::nearest(name, catalog.all().map(|it| it.name.as_str()));
        let meant = meant.map(|it| format!(" Did you mean “{it}”?")).unwrap_or_default();
        BadQuery(format!("There is no type {}.{meant}", quoted(name)))
    })
}

impl<'a> Reading<'a> {
    /// The type and what joins it.
    fn source(&mut self, plan: &Plan<'a>) -> Result<Source, BadQuery> {
        for child in &plan.node.children {
            let known = ["attribute", "all-attributes", "no-attrs", "order", "filter", "link-entity"];
            if !known.contains(&child.name.as_str()) {
                return bad(format!("In <{}> stands no <{}>.", plan.node.name, child.name.escape_debug()));
            }
        }
        let columns = self.columns(plan)?;
        let filter = self.filters(plan)?;
        let joins = plan.links.iter().map(|it| self.join(plan, it)).collect::<Result<_, _>>()?;
        Ok(Source { entity: plan.def.name.clone(), alias: plan.alias.clone(), columns, filter, joins })
    }

    /// The filters of an element and the links that only ask whether there is something, together.
    fn filters(&mut self, plan: &Plan<'a>) -> Result<Filter, BadQuery> {
        let mut all: Vec<Filter> = Vec::new();
        for child in &plan.node.children {
            match child.name.as_str() {
                "filter" => all.push(self.filter(child, plan.def, Some(plan))?),
                "link-entity" if !link::joins(child) => all.push(self.existing(child, plan.def)?),
                _ => {}
            }
        }
        Ok(match (all.pop(), all.is_empty()) {
            (Some(only), true) => only,
            (last, _) => Filter::All(all.into_iter().chain(last).collect()),
        })
    }

    /// The order of this element, then that of its links.
    fn order(&self, plan: &Plan<'a>, root: &Plan<'a>) -> Result<Vec<Sort>, BadQuery> {
        let mut all = Vec::new();
        for node in plan.node.all("order") {
            let descending = node.says("descending")?;
            let direction = if descending { Direction::Descending } else { Direction::Ascending };
            let (alias, column) = self.sorted_by(node, plan, root)?;
            all.push(Sort { alias, column, direction });
        }
        for link in &plan.links {
            all.extend(self.order(link, root)?);
        }
        if all.len() > MOST_SHOWN {
            return bad(format!("A question has at most {MOST_SHOWN} columns to order by."));
        }
        Ok(all)
    }

    fn sorted_by(&self, node: &Node, plan: &Plan<'a>, root: &Plan<'a>) -> Result<(String, String), BadQuery> {
        if let Some(name) = node.get("alias").filter(|it| !it.is_empty()) {
            let found = self.outputs.iter().find(|it| it.name == name && it.shown != Shown::Column);
            return match found {
                Some(Output { shown: Shown::Named, alias, column, .. }) => {
                    Ok((alias.clone(), column.clone()))
                }
                Some(total) => Ok((total.name.clone(), String::new())),
                None => bad(format!("Nothing in the question is called {}, to order by.", quoted(name))),
            };
        }
        if self.totals.is_some() {
            return bad("Totals are ordered by what they are called: <order alias=\"…\" />.");
        }
        let plan = match node.get("entityname").filter(|it| !it.is_empty()) {
            Some(name) => root.called(name)?,
            None => plan,
        };
        let field = field(plan.def, node.need("attribute")?)?;
        if matches!(field.kind, domain::entity::FieldKind::Choices | domain::entity::FieldKind::File) {
            return bad(format!("{} has no order: it holds {}.", field.name, field.holds()));
        }
        Ok((plan.alias.clone(), field.name))
    }
}

/// Which page is wanted, and at most how many rows.
fn paged(fetch: &Node, ask: &mut Ask) -> Result<(u32, Option<u32>), BadQuery> {
    let top = number(fetch, "top")?;
    let page = number(fetch, "page")?;
    if let Some(top) = top {
        if page.is_some() {
            return bad(
                "“top” and “page” do not go together: write “count” and “page” to get page after page.",
            );
        }
        if top > MOST_ROWS {
            return bad(format!(
                "“top” is at most {MOST_ROWS}: write “count” and “page” to get page after page."
            ));
        }
        ask.limit = top;
        return Ok((1, Some(top)));
    }
    ask.limit = number(fetch, "count")?.map_or(MOST_ROWS, |it| it.min(MOST_ROWS));
    let page = page.unwrap_or(1);
    let by_number = page.saturating_sub(1).saturating_mul(ask.limit);
    match fetch.get("paging-cookie").filter(|it| !it.trim().is_empty()) {
        Some(cookie) if page > 1 => {
            ask.after = Some(read_cookie(cookie)?);
        }
        _ if by_number > Ask::FARTHEST => {
            return bad(format!(
                "Pages are counted through to row {} at most; send the paging cookie of the page before to go on.",
                Ask::FARTHEST
            ));
        }
        _ => ask.skip = by_number,
    }
    Ok((page, None))
}

/// A number from 1 on.
fn number(fetch: &Node, name: &str) -> Result<Option<u32>, BadQuery> {
    let Some(text) = fetch.get(name).map(str::trim).filter(|it| !it.is_empty()) else { return Ok(None) };
    match text.parse() {
        Ok(number @ 1..) => Ok(Some(number)),
        _ => bad(format!("“{name}” is a whole number from 1 on, not {}.", quoted(text))),
    }
}
