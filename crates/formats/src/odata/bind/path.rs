//! Names in expressions: columns, lookups, and columns of the records that lookups lead to.

use super::Binding;
use crate::question::{BadQuery, Field, bad, found, nearest, quoted, shown_columns};
use domain::ask::Way;
use domain::entity::{Catalog, EntityDef, FieldKind, named_way};
use domain::filter::Filter;

/// Whose columns an expression speaks of.
#[derive(Debug, Clone)]
pub(super) struct Here<'a> {
    pub def: &'a EntityDef,
    /// The variable of a lambda, which stands before its columns.
    pub variable: Option<String>,
    /// Those of the lambdas around it.
    pub outer: Vec<String>,
}

/// Along a lookup to one record.
#[derive(Debug, Clone)]
pub(super) struct Step<'a> {
    pub column: String,
    pub target: &'a EntityDef,
}

impl<'a> Here<'a> {
    pub fn of(def: &'a EntityDef) -> Here<'a> {
        Here { def, variable: None, outer: vec![] }
    }

    /// The path without what only says where it begins.
    pub fn begin<'p>(&self, path: &'p [String]) -> Result<&'p [String], BadQuery> {
        let (first, rest) = path.split_first().map_or(("", path), |(first, rest)| (first.as_str(), rest));
        match &self.variable {
            Some(variable) if first == variable => Ok(rest),
            _ if self.outer.iter().any(|it| it == first) || (self.variable.is_some() && first == "$it") => {
                bad(format!(
                    "Inside any(…) and all(…) only their own variable can be used, and not {}.",
                    quoted(first)
                ))
            }
            Some(variable) => {
                bad(format!("Inside any(…) and all(…), write {variable}/{} for the column.", path.join("/")))
            }
            None if first == "$it" => Ok(rest),
            None => Ok(path),
        }
    }
}

/// The column that a property shows: itself, `_x_value` of a lookup, `x_name` of a file, or the name of the way along a
/// lookup, which is narrowed to the type that the way leads to.
pub(super) fn property<'a>(catalog: &'a Catalog, def: &'a EntityDef, name: &str) -> Option<Field<'a>> {
    let lookup = name.strip_prefix('_').and_then(|it| it.strip_suffix("_value"));
    if let Some(field) = lookup.and_then(|it| found(def, it)) {
        return (field.kind == FieldKind::Lookup).then_some(field);
    }
    if let Some(field) = found(def, name) {
        return Some(field);
    }
    let file = name.strip_suffix("_name").and_then(|it| found(def, it));
    if let Some(field) = file.filter(|it| it.kind == FieldKind::File) {
        return Some(field);
    }
    let way = named_way(catalog, def, name)?;
    match way.way {
        Way::One { column, .. } => found(def, &column).map(|it| Field { targets: way.targets, ..it }),
        Way::Many { .. } | Way::Across { .. } => None,
    }
}

pub(super) fn unknown(catalog: &Catalog, def: &EntityDef, name: &str) -> BadQuery {
    let ways: Vec<String> = domain::entity::ways(catalog, def).into_iter().map(|it| it.name).collect();
    let columns = shown_columns(def);
    let nearest = nearest(name, columns.iter().chain(&ways).map(String::as_str));
    let meant = nearest.map(|it| format!(" Did you mean “{it}”?")).unwrap_or_default();
    BadQuery(format!("{} has no property {}.{meant}", def.name, quoted(name)))
}

impl<'a> Binding<'a> {
    /// The column at the end of the path, and the steps to its record.
    pub(super) fn reach(
        &self,
        here: &Here<'a>,
        path: &[String],
    ) -> Result<(Vec<Step<'a>>, Field<'a>), BadQuery> {
        let path = here.begin(path)?;
        let Some((last, ways)) = path.split_last() else {
            return bad("A column is expected behind the variable of any(…) or all(…).");
        };
        let (mut steps, def) = self.steps(here.def, ways)?;
        let field =
            property(self.catalog, def, last).ok_or_else(|| match named_way(self.catalog, def, last) {
                Some(way) => {
                    BadQuery(format!("{} leads to several records: write {}/any(…).", quoted(last), way.name))
                }
                None if last == "$count" => {
                    BadQuery::new("Numbers of related records cannot be compared: write any(…).")
                }
                None => unknown(self.catalog, def, last),
            })?;
        // The key of the record that a lookup leads to is what the lookup holds.
        if field.column.is_none()
            && let Some(step) = steps.pop()
        {
            let from = steps.last().map_or(here.def, |it| it.target);
            if let Some(lookup) = found(from, &step.column) {
                return Ok((steps, Field { targets: field.targets, ..lookup }));
            }
        }
        Ok((steps, field))
    }

    /// Along lookups, from type to type.
    pub(super) fn steps(
        &self,
        def: &'a EntityDef,
        ways: &[String],
    ) -> Result<(Vec<Step<'a>>, &'a EntityDef), BadQuery> {
        let mut steps: Vec<Step<'a>> = Vec::new();
        let mut def = def;
        let mut leads_to: Vec<String> = vec![def.name.clone()];
        for name in ways {
            if let Some((_, cast)) = name.rsplit_once('.') {
                let target = self.catalog.get(cast).filter(|it| leads_to.contains(&it.name));
                let Some(target) = target else {
                    return bad(format!("{} is none of the types that the path leads to.", quoted(name)));
                };
                def = target;
                if let Some(last) = steps.last_mut() {
                    last.target = target;
                }
                continue;
            }
            let Some(way) = named_way(self.catalog, def, name) else {
                return Err(unknown(self.catalog, def, name));
            };
            let Way::One { column, target } = way.way else {
                return bad(format!("{} leads to several records: write {}/any(…).", quoted(name), way.name));
            };
            let Some(target) = self.catalog.get(&target) else {
                return Err(unknown(self.catalog, def, name));
            };
            steps.push(Step { column, target });
            def = target;
            leads_to = way.targets;
        }
        Ok((steps, def))
    }
}

/// The filter holds for the record at the end of the steps.
pub(super) fn through(steps: &[Step<'_>], filter: Filter) -> Filter {
    steps.iter().rev().fold(filter, |filter, step| Filter::Exists {
        entity: step.target.name.clone(),
        from: step.target.key_column(),
        to: step.column.clone(),
        filter: Box::new(filter),
    })
}
