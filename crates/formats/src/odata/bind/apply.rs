//! `$apply`: numbers about groups of records.

use super::path::Here;
use super::{Binding, uncased};
use crate::odata::Expr;
use crate::odata::apply::{Aggregate, Measure as Of, Method, Transformation};
use crate::question::{
    BadQuery, Field, MOST_ROWS, MOST_SHOWN, Output, Shown, bad, checked_name, fits, quoted,
};
use domain::ask::{Ask, Function, Group, Measure, Totals};
use domain::entity::{EntityDef, FieldKind};
use domain::filter::Filter;

impl<'a> Binding<'a> {
    /// Filters come first, then one step that groups or counts, then order and number of rows.
    pub(super) fn apply(
        &mut self,
        ask: &mut Ask,
        def: &'a EntityDef,
        chain: &[Transformation],
    ) -> Result<Vec<Output>, BadQuery> {
        let mut outputs = Vec::new();
        let mut filters = Vec::new();
        for step in chain {
            match (step, ask.totals.is_some()) {
                (Transformation::Filter(expr), false) => filters.push(self.filter(&Here::of(def), expr)?),
                (Transformation::Filter(_), true) => {
                    return bad(
                        "Totals cannot be filtered: write filter(…) before groupby(…) and aggregate(…).",
                    );
                }
                (Transformation::GroupBy { by, then }, false) => {
                    ask.totals = Some(Totals::default());
                    for path in by {
                        self.group(ask, def, path, &mut outputs)?;
                    }
                    match then.as_slice() {
                        [] => {}
                        [Transformation::Aggregate(all)] => self.aggregate(ask, def, all, &mut outputs)?,
                        _ => return bad("Within groupby(…) stands aggregate(…) alone."),
                    }
                }
                (Transformation::Aggregate(all), false) => {
                    ask.totals = Some(Totals::default());
                    self.aggregate(ask, def, all, &mut outputs)?;
                }
                (Transformation::GroupBy { .. } | Transformation::Aggregate(_), true) => {
                    return bad("$apply groups or counts once: groupby((…),aggregate(…)).");
                }
                (Transformation::OrderBy(all), true) => self.order(ask, def, all)?,
                (Transformation::Top(top), true) => {
                    ask.limit = ask.limit.min(u32::try_from(*top).unwrap_or(MOST_ROWS));
                }
                (Transformation::Skip(skip), true) if *skip <= u64::from(Ask::FARTHEST) => {
                    ask.skip = u32::try_from(*skip).unwrap_or(Ask::FARTHEST);
                }
                (Transformation::OrderBy(_) | Transformation::Top(_) | Transformation::Skip(_), _) => {
                    return bad("In $apply, orderby, top and skip stand behind groupby(…) or aggregate(…).");
                }
            }
        }
        if ask.totals.is_none() {
            return bad("$apply wants a groupby(…) or aggregate(…); a filter alone is $filter.");
        }
        ask.source.columns = domain::ask::Pick::These(vec![]);
        ask.source.filter = match (filters.pop(), filters.is_empty()) {
            (Some(only), true) => only,
            (last, _) => Filter::All(filters.into_iter().chain(last).collect()),
        };
        Ok(outputs)
    }

    fn group(
        &mut self,
        ask: &mut Ask,
        def: &'a EntityDef,
        path: &[String],
        outputs: &mut Vec<Output>,
    ) -> Result<(), BadQuery> {
        let (steps, field) = self.reach(&Here::of(def), path)?;
        if field.kind == FieldKind::File {
            return bad(format!("{} is nothing to group by: it holds {}.", field.name, field.holds()));
        }
        let alias = self.beside(&mut ask.source, &steps)?;
        let own = match field.kind {
            FieldKind::Lookup if field.column.is_some() => format!("_{}_value", field.name),
            _ => field.name.clone(),
        };
        let ways = path.iter().take(path.len() - 1).filter(|_| !steps.is_empty()).cloned();
        let name = ways.chain([own]).collect::<Vec<_>>().join("_");
        let group =
            Group { name: name.clone(), alias: alias.clone(), column: field.name.clone(), part: None };
        put(outputs, output(name, alias, &field, field.name.clone(), Shown::Group(None)))?;
        if let Some(totals) = &mut ask.totals {
            totals.groups.push(group);
        }
        Ok(())
    }

    fn aggregate(
        &mut self,
        ask: &mut Ask,
        def: &'a EntityDef,
        all: &[Aggregate],
        outputs: &mut Vec<Output>,
    ) -> Result<(), BadQuery> {
        for Aggregate { of, name } in all {
            checked_name(name, "name for a total")?;
            let (function, steps, field, column) = match of {
                Of::Count => {
                    let (steps, key) = self.reach(&Here::of(def), &[def.key_column()])?;
                    (Function::Count, steps, key, String::new())
                }
                Of::With(expr, method) => {
                    let Expr::Path(path) = uncased(expr) else {
                        return bad(
                            "Totals are made of columns, such as aggregate(revenue with sum as total).",
                        );
                    };
                    let function = function(*method);
                    let (steps, field) = self.reach(&Here::of(def), path)?;
                    fits(function, &field)?;
                    let column = field.name.clone();
                    (function, steps, field, column)
                }
            };
            let alias = self.beside(&mut ask.source, &steps)?;
            let measure =
                Measure { name: name.clone(), alias: alias.clone(), column: column.clone(), function };
            put(outputs, output(name.clone(), alias, &field, column, Shown::Measure(function)))?;
            if let Some(totals) = &mut ask.totals {
                totals.measures.push(measure);
            }
        }
        Ok(())
    }
}

fn output(name: String, alias: String, field: &Field<'_>, column: String, shown: Shown) -> Output {
    Output { name, alias, entity: field.def.name.clone(), column, shown }
}

fn put(outputs: &mut Vec<Output>, output: Output) -> Result<(), BadQuery> {
    if outputs.len() == MOST_SHOWN {
        return bad(format!("A question shows at most {MOST_SHOWN} columns."));
    }
    if outputs.iter().any(|it| it.name == output.name) {
        return bad(format!("Two results of $apply are called {}.", quoted(&output.name)));
    }
    outputs.push(output);
    Ok(())
}

fn function(method: Method) -> Function {
    match method {
        Method::Sum => Function::Sum,
        Method::Min => Function::Min,
        Method::Max => Function::Max,
        Method::Average => Function::Average,
        Method::CountDistinct => Function::CountDistinct,
    }
}

/// Refused unless a group or total has this name.
pub(super) fn named(ask: &Ask, name: &str) -> Result<(), BadQuery> {
    let totals = ask.totals.iter();
    let mut names = totals.flat_map(|it| {
        it.groups.iter().map(|it| it.name.as_str()).chain(it.measures.iter().map(|it| it.name.as_str()))
    });
    if names.any(|it| it == name) {
        return Ok(());
    }
    bad(format!("No group and no total is called {}, to order by.", quoted(name)))
}
