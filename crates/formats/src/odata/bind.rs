//! OData as a question: the syntax of a request, understood with the definitions of types.

mod apply;
mod call;
mod expand;
mod filter;
mod path;
#[cfg(test)]
mod tests;

use super::expand::{ColumnPath, Direction, OrderBy};
use super::expr::{Arguments, Call};
use super::{Expr, Literal, Options};
use crate::question::{
    self, BadQuery, DEEPEST, Given, MOST_CONDITIONS, MOST_JOINS, MOST_ROWS, MOST_SHOWN, MOST_VALUES, Output,
    bad, quoted,
};
use domain::ask::{Ask, Asker, Expand, Join, JoinKind, Pick, Place, Sort, Source};
use domain::entity::{Catalog, EntityDef};
use domain::filter::{self as filters, Filter};
use path::{Here, Step};

/// A request for records of one type.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    /// Its `limit` is `$top`, at most [`MOST_ROWS`]. The source's columns are what each record shows.
    pub ask: Ask,
    pub expand: Vec<Expand>,
    /// What each row shows when `$apply` asks for totals; empty otherwise.
    pub outputs: Vec<Output>,
}

/// Understands `$select`, `$filter`, `$orderby`, `$top`, `$count`, `$expand`, `$apply` and `$search`. Everything else in
/// the request is somebody else's, but for `$skip`, which is refused as Dataverse does.
pub fn query(
    catalog: &Catalog,
    asker: &Asker,
    def: &EntityDef,
    options: &Options,
) -> Result<Bound, BadQuery> {
    let options = options.clone().resolve()?;
    if options.skip.is_some() {
        return bad("$skip is not supported: follow @odata.nextLink from page to page.");
    }
    let mut binding = Binding::new(catalog, asker);
    let mut ask = Ask::of(&def.name);
    ask.count = options.count == Some(true);
    ask.limit = limit(options.top);
    let outputs =
        if options.apply.is_empty() { vec![] } else { binding.apply(&mut ask, def, &options.apply)? };
    let is_more = !options.select.is_empty() || !options.expand.is_empty() || options.filter.is_some();
    if is_more && !outputs.is_empty() {
        return bad(
            "$apply shows totals: $select and $expand do not go with it, and its filter is filter(…)/….",
        );
    }
    if outputs.is_empty() {
        ask.source.columns = pick(catalog, def, &options.select)?;
    }
    if let Some(expr) = &options.filter {
        ask.source.filter = binding.filter(&Here::of(def), expr)?;
    }
    if let Some(words) = &options.search {
        let words = Filter::Words(domain::text::words(words));
        let filter = std::mem::replace(&mut ask.source.filter, Filter::everything());
        ask.source.filter =
            if filter == Filter::everything() { words } else { Filter::All(vec![words, filter]) };
    }
    binding.order(&mut ask, def, &options.order_by)?;
    let expand = binding.expand(def, &options.expand, 1)?;
    Ok(Bound { ask, expand, outputs })
}

/// A filter alone, such as an alert or a count has one.
pub fn filter(catalog: &Catalog, asker: &Asker, def: &EntityDef, expr: &Expr) -> Result<Filter, BadQuery> {
    Binding::new(catalog, asker).filter(&Here::of(def), expr)
}

/// The columns that `$select` names; all when it names none.
pub fn pick(catalog: &Catalog, def: &EntityDef, select: &[ColumnPath]) -> Result<Pick, BadQuery> {
    if select.len() > MOST_SHOWN {
        return bad(format!("$select names at most {MOST_SHOWN} columns."));
    }
    let mut columns: Vec<String> = Vec::new();
    for path in select {
        // A type in front says nothing new.
        let path = if path.len() > 1 && path[0].contains('.') { &path[1..] } else { path };
        let [name] = path else {
            return bad(format!(
                "$select names columns of {} itself: write $expand={}($select=…) instead of {}.",
                def.name,
                path[0],
                quoted(&path.join("/"))
            ));
        };
        if name.ends_with('*') {
            return Ok(Pick::All);
        }
        let column = match path::property(catalog, def, name) {
            Some(field) => field.name,
            // The version stands in every record's etag; what hangs below is shown by $expand alone.
            None if name == "versionnumber" || domain::entity::way(catalog, def, name).is_some() => continue,
            None => return Err(path::unknown(catalog, def, name)),
        };
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    Ok(if select.is_empty() { Pick::All } else { Pick::These(columns) })
}

/// What `$skiptoken` carries to the next page.
pub fn skip_token(place: &Place) -> String {
    question::token(place)
}

/// Refuses what is not ours.
pub fn read_skip_token(text: &str) -> Result<Place, BadQuery> {
    question::read_token(text)
}

fn limit(top: Option<u64>) -> u32 {
    top.map_or(MOST_ROWS, |it| u32::try_from(it).unwrap_or(MOST_ROWS).min(MOST_ROWS))
}

/// What is known while a request is understood, and how much more may come.
struct Binding<'a> {
    catalog: &'a Catalog,
    asker: &'a Asker,
    conditions: usize,
    values: usize,
    joins: usize,
    expands: usize,
    depth: usize,
}

impl<'a> Binding<'a> {
    fn new(catalog: &'a Catalog, asker: &'a Asker) -> Binding<'a> {
        Binding {
            catalog,
            asker,
            conditions: MOST_CONDITIONS,
            values: MOST_VALUES,
            joins: MOST_JOINS,
            expands: expand::MOST,
            depth: DEEPEST,
        }
    }

    /// One more condition with so many values.
    fn condition(&mut self, values: usize) -> Result<(), BadQuery> {
        let conditions = self.conditions.checked_sub(1);
        self.conditions = conditions
            .ok_or_else(|| BadQuery(format!("A question has at most {MOST_CONDITIONS} conditions.")))?;
        let values = self.values.checked_sub(values);
        self.values = values
            .ok_or_else(|| BadQuery(format!("A question has at most {MOST_VALUES} values in its lists.")))?;
        Ok(())
    }

    /// Adds the order. Columns of records that lookups lead to are joined for it.
    fn order(&mut self, ask: &mut Ask, def: &'a EntityDef, order_by: &[OrderBy]) -> Result<(), BadQuery> {
        if order_by.len() > MOST_SHOWN {
            return bad(format!("A question has at most {MOST_SHOWN} columns to order by."));
        }
        for each in order_by {
            let Expr::Path(path) = uncased(&each.by) else {
                return bad("$orderby takes names of columns, such as name desc.");
            };
            let direction = match each.direction {
                Direction::Ascending => filters::Direction::Ascending,
                Direction::Descending => filters::Direction::Descending,
            };
            let sort = if ask.totals.is_some() {
                let name = path.join("/");
                apply::named(ask, &name)?;
                Sort { alias: name, column: String::new(), direction }
            } else {
                let (steps, field) = self.reach(&Here::of(def), path)?;
                if matches!(field.kind, domain::entity::FieldKind::Choices | domain::entity::FieldKind::File)
                {
                    return bad(format!("{} has no order: it holds {}.", field.name, field.holds()));
                }
                Sort { alias: self.beside(&mut ask.source, &steps)?, column: field.name, direction }
            };
            ask.order.push(sort);
        }
        Ok(())
    }

    /// The alias of the records at the end of these steps, joined to the source unless they are already.
    fn beside(&mut self, source: &mut Source, steps: &[Step<'_>]) -> Result<String, BadQuery> {
        let Some((step, rest)) = steps.split_first() else { return Ok(source.alias.clone()) };
        let known =
            source.joins.iter().position(|it| it.from == step.column && it.source.entity == step.target.name);
        let at = if let Some(at) = known {
            at
        } else {
            self.joins = self
                .joins
                .checked_sub(1)
                .ok_or_else(|| BadQuery(format!("A question joins at most {MOST_JOINS} other types.")))?;
            let alias = format!("o{}", MOST_JOINS - self.joins);
            let mut joined = Source::of(&step.target.name, &alias);
            joined.columns = Pick::These(vec![]);
            source.joins.push(Join {
                kind: JoinKind::Outer,
                from: step.column.clone(),
                to: step.target.key_column(),
                source: joined,
            });
            source.joins.len() - 1
        };
        self.beside(&mut source.joins[at].source, rest)
    }
}

/// Comparisons mind no case, so that `tolower(name)` is `name`.
fn uncased(expr: &Expr) -> &Expr {
    match expr {
        Expr::Call(Call { on, name, arguments: Arguments::Positional(only) })
            if on.is_empty() && only.len() == 1 && matches!(name.as_str(), "tolower" | "toupper") =>
        {
            &only[0]
        }
        other => other,
    }
}

/// A value to compare with.
fn given(literal: &Literal) -> Result<Given, BadQuery> {
    Ok(match literal {
        Literal::Null => Given::Null,
        Literal::Bool(it) => Given::Bool(*it),
        Literal::Int(it) => Given::Number(it.to_string()),
        Literal::Decimal(it) => Given::Number(it.clone()),
        Literal::Double(it) => Given::Float(*it),
        Literal::Text(it) => Given::Text(it.clone()),
        Literal::Guid(it) => Given::Guid(*it),
        Literal::Date(it) => Given::Day(it.at),
        Literal::DateTimeOffset(it) => Given::Time(it.at),
        Literal::Enum { member, .. } => Given::Text(member.clone()),
        Literal::Duration(_) => return bad("No column holds a duration."),
        Literal::List(_) | Literal::Object(_) => {
            return bad("A column is compared with one value, not with several.");
        }
    })
}

fn givens(literals: &[Literal]) -> Result<Vec<Given>, BadQuery> {
    literals.iter().map(given).collect()
}
