//! `$expand`: what hangs below each record.

use super::path::Here;
use super::{Binding, limit, pick};
use crate::odata::expand::{Expand as Wanted, ExpandOf};
use crate::question::{BadQuery, bad, quoted};
use domain::ask::{Ask, Expand, Pick, Way};
use domain::entity::{EntityDef, named_way};

/// Relationships in one request, at any depth (Dataverse takes 15 below records of one type).
pub(super) const MOST: usize = 50;
/// Relationships below each other: a request can go round in circles, but it ends.
const DEEPEST: usize = 10;

impl<'a> Binding<'a> {
    pub(super) fn expand(
        &mut self,
        def: &'a EntityDef,
        wanted: &[Wanted],
        depth: usize,
    ) -> Result<Vec<Expand>, BadQuery> {
        if depth > DEEPEST && !wanted.is_empty() {
            return bad(format!("$expand goes at most {DEEPEST} levels deep."));
        }
        let mut all: Vec<Expand> = Vec::new();
        for each in wanted {
            self.expands = self
                .expands
                .checked_sub(1)
                .ok_or_else(|| BadQuery(format!("A request expands at most {MOST} relationships.")))?;
            let expand = self.expanded(def, each, depth)?;
            if all.iter().any(|it| it.name == expand.name) {
                return bad(format!("$expand names {} twice.", quoted(&expand.name)));
            }
            all.push(expand);
        }
        Ok(all)
    }

    fn expanded(&mut self, def: &'a EntityDef, wanted: &Wanted, depth: usize) -> Result<Expand, BadQuery> {
        let [name] = wanted.path.as_slice() else {
            return bad(format!(
                "$expand goes step by step: write {}($expand=…) instead of {}.",
                wanted.path.first().map_or("", String::as_str),
                quoted(&wanted.path.join("/"))
            ));
        };
        if name == "*" {
            return bad("$expand=* is not supported: name the relationships.");
        }
        let Some(way) = named_way(self.catalog, def, name) else {
            return Err(super::path::unknown(self.catalog, def, name));
        };
        let Some(target) = self.catalog.get(way.way.target()) else {
            return Err(super::path::unknown(self.catalog, def, name));
        };
        let options = &wanted.options;
        let refused = [
            (options.levels.is_some(), "$levels"),
            (options.skip.is_some(), "$skip"),
            (options.count.is_some(), "$count"),
            (wanted.of == ExpandOf::Count, "/$count"),
        ];
        if let Some((_, what)) = refused.iter().find(|it| it.0) {
            return bad(format!("{what} is not supported in $expand."));
        }
        if way.targets.len() > 1 && (options.filter.is_some() || !options.order_by.is_empty()) {
            return bad(format!(
                "{} leads to several types: it takes no $filter and no $orderby.",
                quoted(name)
            ));
        }
        let only_ref = wanted.of == ExpandOf::References;
        let mut ask = Ask::of(&target.name);
        ask.limit = if matches!(way.way, Way::One { .. }) { 1 } else { limit(options.top) };
        ask.source.columns =
            if only_ref { Pick::These(vec![]) } else { pick(self.catalog, target, &options.select)? };
        if let Some(filter) = &options.filter {
            ask.source.filter = self.filter(&Here::of(target), filter)?;
        }
        self.order(&mut ask, target, &options.order_by)?;
        let expand = self.expand(target, &options.expand, depth + 1)?;
        Ok(Expand { name: way.name, way: way.way, ask, expand, only_ref })
    }
}
