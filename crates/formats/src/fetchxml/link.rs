//! `link-entity`: other types beside the first one, or the mere question whether there is such a record.

use super::tree::Node;
use super::{Reading, definition, spend};
use crate::question::{BadQuery, Field, MOST_JOINS, bad, checked_name, field, quoted};
use domain::ask::{Join, JoinKind};
use domain::entity::{EntityDef, FieldKind};
use domain::filter::Filter;

/// An element with its type and the links whose records stand beside it. Made before anything else is read, because
/// conditions may speak of links behind them.
pub(super) struct Plan<'a> {
    pub node: &'a Node,
    pub def: &'a EntityDef,
    /// Our own name for it.
    pub alias: String,
    /// The question's name for it.
    pub given: String,
    pub links: Vec<Plan<'a>>,
}

/// Our name for the first type.
pub(super) const FIRST: &str = "t";

impl<'a> Plan<'a> {
    pub fn is_first(&self) -> bool {
        self.alias == FIRST
    }

    /// The link of this name, or of this type.
    pub fn called(&self, name: &str) -> Result<&Plan<'a>, BadQuery> {
        let all = self.all();
        let by_name = all.iter().find(|it| it.given == name);
        let found = by_name.or_else(|| all.iter().find(|it| it.def.name == name));
        found
            .copied()
            .ok_or_else(|| BadQuery(format!("No <link-entity> in the question is called {}.", quoted(name))))
    }

    fn all(&self) -> Vec<&Plan<'a>> {
        let mut all = vec![self];
        all.extend(self.links.iter().flat_map(Plan::all));
        all
    }
}

pub(super) fn plan<'a>(
    node: &'a Node,
    def: &'a EntityDef,
    reading: &mut Reading<'a>,
) -> Result<Plan<'a>, BadQuery> {
    let mut names = Vec::new();
    let mut first = Plan { node, def, alias: FIRST.to_owned(), given: String::new(), links: vec![] };
    first.links = links(node, reading, &mut names)?;
    Ok(first)
}

fn links<'a>(
    node: &'a Node,
    reading: &mut Reading<'a>,
    names: &mut Vec<String>,
) -> Result<Vec<Plan<'a>>, BadQuery> {
    let mut all = Vec::new();
    for node in node.all("link-entity").filter(|it| joins(it)) {
        join_spent(reading)?;
        let def = definition(reading.catalog, node)?;
        let given = match node.get("alias").filter(|it| !it.is_empty()) {
            Some(alias) => checked_name(alias, "alias")?.to_owned(),
            // As Dataverse calls it.
            None => format!("{}{}", def.name, names.len() + 1),
        };
        if names.contains(&given) {
            return bad(format!("Two links of the question are called {}.", quoted(&given)));
        }
        names.push(given.clone());
        let alias = format!("{FIRST}{}", names.len());
        all.push(Plan { node, def, alias, given, links: links(node, reading, names)? });
    }
    Ok(all)
}

fn join_spent(reading: &mut Reading<'_>) -> Result<(), BadQuery> {
    spend(&mut reading.left.joins, 1, || format!("A question links at most {MOST_JOINS} other types."))
}

/// Whether the records stand beside those of the element around. Everything else only asks whether there are some.
pub(super) fn joins(node: &Node) -> bool {
    matches!(node.get("link-type"), None | Some("" | "inner" | "outer"))
}

impl<'a> Reading<'a> {
    pub(super) fn join(&mut self, parent: &Plan<'a>, link: &Plan<'a>) -> Result<Join, BadQuery> {
        let (from, to) = ends(link.node, parent.def, link.def)?;
        let kind =
            if link.node.get("link-type") == Some("outer") { JoinKind::Outer } else { JoinKind::Inner };
        // FetchXML says “from” of the column in the linked type.
        Ok(Join { kind, from: to, to: from, source: self.source(link)? })
    }

    /// A link that asks whether there is such a record, as a condition on the record of the type `def`.
    pub(super) fn existing(&mut self, node: &'a Node, def: &'a EntityDef) -> Result<Filter, BadQuery> {
        join_spent(self)?;
        let target = definition(self.catalog, node)?;
        let (from, to) = ends(node, def, target)?;
        let inside = self.conditions_within(node, target)?;
        let exists = |filter: Filter| Filter::Exists {
            entity: target.name.clone(),
            from: from.clone(),
            to: to.clone(),
            filter: Box::new(filter),
        };
        match node.get("link-type").unwrap_or_default() {
            "exists" | "in" | "any" | "not all" | "matchfirstrowusingcrossapply" | "inner" | "" => {
                Ok(exists(inside))
            }
            "not any" | "not exists" | "not in" => Ok(Filter::Not(Box::new(exists(inside)))),
            // There are some, and none of them is so (Dataverse, “link-entity element”).
            "all" => {
                Ok(Filter::All(vec![exists(Filter::everything()), Filter::Not(Box::new(exists(inside)))]))
            }
            other => bad(format!(
                "“link-type” is inner, outer, exists, in, any, not any, all, not all or \
                 matchfirstrowusingcrossapply, not {}.",
                quoted(other)
            )),
        }
    }

    fn conditions_within(&mut self, node: &'a Node, def: &'a EntityDef) -> Result<Filter, BadQuery> {
        let mut all = Vec::new();
        for child in &node.children {
            match child.name.as_str() {
                "filter" => all.push(self.filter(child, def, None)?),
                // What may or may not be there asks nothing.
                "link-entity" if child.get("link-type") == Some("outer") => {}
                "link-entity" => all.push(self.existing(child, def)?),
                "attribute" | "all-attributes" => {
                    return bad(format!(
                        "A link of the type {} shows no columns: write “inner” or “outer” to see them.",
                        quoted(node.get("link-type").unwrap_or("inner"))
                    ));
                }
                "order" | "no-attrs" => {}
                _ => return bad(format!("In <link-entity> stands no <{}>.", child.name.escape_debug())),
            }
        }
        Ok(match (all.pop(), all.is_empty()) {
            (Some(only), true) => only,
            (last, _) => Filter::All(all.into_iter().chain(last).collect()),
        })
    }
}

/// The columns in the linked type and in the one around it.
fn ends(node: &Node, parent: &EntityDef, target: &EntityDef) -> Result<(String, String), BadQuery> {
    let from = field(target, node.need("from")?)?;
    let to = field(parent, node.need("to")?)?;
    for end in [&from, &to] {
        leads(end)?;
    }
    Ok((from.name, to.name))
}

fn leads(end: &Field<'_>) -> Result<(), BadQuery> {
    if end.kind == FieldKind::Lookup {
        return Ok(());
    }
    bad(format!("Types are linked by their keys and lookups: {} holds {}.", end.name, end.holds()))
}
