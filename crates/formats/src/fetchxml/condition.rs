//! `filter` and `condition`.

use super::link::Plan;
use super::tree::Node;
use super::{Reading, spend};
use crate::question::{
    BadQuery, Empty, Field, Given, MOST_CONDITIONS, MOST_VALUES, Manner, Operator, bad, condition, field,
    found, quoted,
};
use domain::entity::{EntityDef, FieldKind};
use domain::filter::Filter;

impl<'a> Reading<'a> {
    /// Conditions on records of the type `def`. `beside` is what other types they may speak of; nothing where they only
    /// ask whether there is a record.
    pub(super) fn filter(
        &mut self,
        node: &'a Node,
        def: &'a EntityDef,
        beside: Option<&Plan<'a>>,
    ) -> Result<Filter, BadQuery> {
        let mut all = Vec::new();
        for child in &node.children {
            all.push(match child.name.as_str() {
                "condition" => self.condition(child, def, beside)?,
                "filter" => self.filter(child, def, beside)?,
                "link-entity" => self.existing(child, def)?,
                _ => return bad(format!("In <filter> stands no <{}>.", child.name.escape_debug())),
            });
        }
        match node.get("type").unwrap_or("and") {
            "and" | "" => Ok(if all.len() == 1 { all.remove(0) } else { Filter::All(all) }),
            // A filter without conditions asks nothing, whatever stands between them.
            "or" if all.is_empty() => Ok(Filter::everything()),
            "or" => Ok(if all.len() == 1 { all.remove(0) } else { Filter::Any(all) }),
            other => bad(format!("The type of a filter is “and” or “or”, not {}.", quoted(other))),
        }
    }

    fn condition(
        &mut self,
        node: &'a Node,
        def: &'a EntityDef,
        beside: Option<&Plan<'a>>,
    ) -> Result<Filter, BadQuery> {
        spend(&mut self.left.conditions, 1, || {
            format!("A question has at most {MOST_CONDITIONS} conditions.")
        })?;
        let Some(name) = node.get("entityname").filter(|it| !it.is_empty()) else {
            return self.on_column(node, def);
        };
        let Some(plan) = beside else {
            return bad(format!(
                "Inside a link that shows nothing, no condition speaks of {}.",
                quoted(name)
            ));
        };
        if plan.is_first() && plan.def.name == name && plan.called(name).is_ok_and(Plan::is_first) {
            return self.on_column(node, def);
        }
        let other = plan.called(name)?;
        let filter = self.on_column(node, other.def)?;
        if other.alias == plan.alias {
            return Ok(filter);
        }
        if !plan.is_first() {
            return bad(format!(
                "A condition that speaks of another link ({}) stands in the filter of the <entity>.",
                quoted(name)
            ));
        }
        Ok(Filter::Beside { alias: other.alias.clone(), filter: Box::new(filter) })
    }

    fn on_column(&mut self, node: &'a Node, def: &'a EntityDef) -> Result<Filter, BadQuery> {
        let name = node.need("attribute")?;
        let operator = Operator::of_fetch(node.need("operator")?)?;
        if let Some(other) = node.get("valueof").filter(|it| !it.is_empty()) {
            return columns(&field(def, name)?, operator, &field(def, other)?);
        }
        let mut given: Vec<Given> = node.all("value").map(|it| Given::Loose(it.text.clone())).collect();
        if let Some(value) = node.get("value") {
            given.insert(0, Given::Loose(value.to_owned()));
        }
        spend(&mut self.left.values, given.len(), || {
            format!("A question has at most {MOST_VALUES} values in its lists.")
        })?;
        let manner = Manner { asker: self.asker, empty: Empty::Differs };
        if let (None, Some(lookup)) = (found(def, name), named_lookup(def, name)) {
            return self.on_name(&lookup, operator, &given);
        }
        condition(&field(def, name)?, operator, &given, manner)
    }

    /// `parentcustomeridname`: the name of the record that a lookup leads to.
    fn on_name(&self, lookup: &Field<'_>, operator: Operator, given: &[Given]) -> Result<Filter, BadQuery> {
        let manner = Manner { asker: self.asker, empty: Empty::Unknown };
        let each = lookup.targets.iter().filter_map(|it| self.catalog.get(it)).map(|target| {
            let filter = condition(&field(target, &target.primary)?, operator, given, manner)?;
            Ok(Filter::Exists {
                entity: target.name.clone(),
                from: target.key_column(),
                to: lookup.name.clone(),
                filter: Box::new(filter),
            })
        });
        let mut each: Vec<Filter> = each.collect::<Result<_, BadQuery>>()?;
        Ok(if each.len() == 1 { each.remove(0) } else { Filter::Any(each) })
    }
}

fn named_lookup<'a>(def: &'a EntityDef, name: &str) -> Option<Field<'a>> {
    let lookup = found(def, name.strip_suffix("name")?)?;
    (lookup.kind == FieldKind::Lookup && lookup.column.is_some()).then_some(lookup)
}

fn columns(left: &Field<'_>, operator: Operator, right: &Field<'_>) -> Result<Filter, BadQuery> {
    let Operator::Compare(op) = operator else {
        return bad("Two columns are compared with eq, ne, gt, ge, lt or le.");
    };
    crate::question::compare_columns(left, op, right)
}
