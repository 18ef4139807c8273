//! What a question shows: columns, or groups and numbers about them.

use super::Reading;
use super::link::Plan;
use super::tree::Node;
use crate::question::{
    BadQuery, Field, MOST_SHOWN, Output, Shown, bad, checked_name, field, fits, quoted, shown_columns,
};
use domain::ask::{DatePart, Function, Group, Measure, Pick};
use domain::entity::EntityDef;

impl<'a> Reading<'a> {
    /// The columns of one element. Without a word about them the first type shows all of its own, the others none.
    pub(super) fn columns(&mut self, plan: &Plan<'a>) -> Result<Pick, BadQuery> {
        let mut columns: Vec<String> = Vec::new();
        let mut wanted = plan.node.all("attribute").peekable();
        let all = plan.node.all("all-attributes").next().is_some()
            || (plan.is_first() && wanted.peek().is_none() && plan.node.all("no-attrs").next().is_none());
        if self.totals.is_some() {
            for node in wanted {
                let field = field(plan.def, node.need("name")?)?;
                self.total(node, &field, plan)?;
            }
            return Ok(Pick::These(columns));
        }
        if all {
            for column in shown_columns(plan.def) {
                self.show(plan, &column, None)?;
                columns.push(column);
            }
        }
        for node in wanted {
            let field = field(plan.def, node.need("name")?)?;
            let name = node.get("alias").filter(|it| !it.is_empty());
            if let Some(name) = name {
                checked_name(name, "alias")?;
            } else if columns.contains(&field.name) {
                continue;
            }
            self.show(plan, &field.name, name)?;
            if !columns.contains(&field.name) {
                columns.push(field.name);
            }
        }
        Ok(Pick::These(columns))
    }

    /// The key of the first type, which every record shows.
    pub(super) fn show_key(&mut self, def: &EntityDef) {
        let key = def.key_column();
        let is_shown = self.outputs.iter().any(|it| it.alias == super::link::FIRST && it.column == key);
        if !is_shown {
            self.outputs.push(Output {
                name: key.clone(),
                alias: super::link::FIRST.to_owned(),
                entity: def.name.clone(),
                column: key,
                shown: Shown::Column,
            });
        }
    }

    fn show(&mut self, plan: &Plan<'a>, column: &str, name: Option<&str>) -> Result<(), BadQuery> {
        let (name, shown) = match name {
            Some(name) => (name.to_owned(), Shown::Named),
            None if plan.is_first() => (column.to_owned(), Shown::Column),
            None => (format!("{}.{column}", plan.given), Shown::Column),
        };
        self.put(Output {
            name,
            alias: plan.alias.clone(),
            entity: plan.def.name.clone(),
            column: column.to_owned(),
            shown,
        })
    }

    fn put(&mut self, output: Output) -> Result<(), BadQuery> {
        if self.outputs.len() == MOST_SHOWN {
            return bad(format!("A question shows at most {MOST_SHOWN} columns."));
        }
        if self.outputs.iter().any(|it| it.name == output.name) {
            return bad(format!("Two columns of the question are called {}.", quoted(&output.name)));
        }
        self.outputs.push(output);
        Ok(())
    }

    fn total(&mut self, node: &Node, field: &Field<'_>, plan: &Plan<'a>) -> Result<(), BadQuery> {
        let name = checked_name(node.need("alias")?, "alias")?.to_owned();
        let groups = node.says("groupby")?;
        let function = node.get("aggregate").filter(|it| !it.is_empty());
        let Some(totals) = &mut self.totals else { return Ok(()) };
        let mut output = Output {
            name: name.clone(),
            alias: plan.alias.clone(),
            entity: plan.def.name.clone(),
            column: field.name.clone(),
            shown: Shown::Named,
        };
        match (groups, function) {
            (true, None) => {
                let part = part(node, field)?;
                let (alias, column) = (plan.alias.clone(), field.name.clone());
                totals.groups.push(Group { name, alias, column, part });
                output.shown = Shown::Group(part);
            }
            (false, Some(word)) => {
                let function = function_of(word, node.says("distinct")?)?;
                fits(function, field)?;
                let column = if function == Function::Count { String::new() } else { field.name.clone() };
                output.column.clone_from(&column);
                totals.measures.push(Measure { name, alias: plan.alias.clone(), column, function });
                output.shown = Shown::Measure(function);
            }
            (true, Some(_)) => {
                return bad(format!("{} is either a group or a number about it, not both.", quoted(&name)));
            }
            (false, None) => {
                return bad(format!(
                    "In a question for totals {} says “aggregate” or “groupby”.",
                    quoted(&field.name)
                ));
            }
        }
        self.put(output)
    }
}

fn function_of(word: &str, distinct: bool) -> Result<Function, BadQuery> {
    match (word, distinct) {
        ("count" | "countcolumn", true) => Ok(Function::CountDistinct),
        ("count", false) => Ok(Function::Count),
        ("countcolumn", false) => Ok(Function::CountColumn),
        ("sum", _) => Ok(Function::Sum),
        ("avg", _) => Ok(Function::Average),
        ("min", _) => Ok(Function::Min),
        ("max", _) => Ok(Function::Max),
        _ => bad(format!("“aggregate” is count, countcolumn, sum, avg, min or max, not {}.", quoted(word))),
    }
}

fn part(node: &Node, field: &Field<'_>) -> Result<Option<DatePart>, BadQuery> {
    let Some(word) = node.get("dategrouping").filter(|it| !it.is_empty()) else { return Ok(None) };
    if !field.is_time() {
        return bad(format!("{} is no date to group by: it holds {}.", field.name, field.holds()));
    }
    match word {
        "day" => Ok(Some(DatePart::Day)),
        "week" => Ok(Some(DatePart::Week)),
        "month" => Ok(Some(DatePart::Month)),
        "quarter" => Ok(Some(DatePart::Quarter)),
        "year" => Ok(Some(DatePart::Year)),
        "fiscal-period" | "fiscal-year" => {
            bad("Fiscal periods are not known here: group by year, quarter or month.")
        }
        _ => bad(format!("“dategrouping” is day, week, month, quarter or year, not {}.", quoted(word))),
    }
}
