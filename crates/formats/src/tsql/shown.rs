//! What a statement shows, groups and orders by.

use super::syntax::{Column, Item, Select, Term};
use super::{Meaning, is_ordered};
use crate::question::{
    BadQuery, Field, MOST_SHOWN, Output, Shown, bad, checked_name, fits, quoted, shown_columns,
};
use domain::ask::{DatePart, Function, Group, Measure, Pick, Sort, Totals};
use domain::filter::Direction;

impl<'a> Meaning<'a> {
    /// The columns that are shown of the table of this number.
    pub(super) fn columns(&self, at: usize) -> Pick {
        if self.totals.is_some() {
            return Pick::These(vec![]);
        }
        let alias = &self.tables[at].alias;
        let mut columns: Vec<String> = Vec::new();
        for output in self.outputs.iter().filter(|it| it.alias == *alias) {
            if !columns.contains(&output.column) {
                columns.push(output.column.clone());
            }
        }
        Pick::These(columns)
    }

    pub(super) fn show(&mut self, select: &Select) -> Result<(), BadQuery> {
        let is_total = |it: &Item| matches!(it, Item::Term(Term::Total(..) | Term::Part(..), _));
        if !select.groups.is_empty() || select.items.iter().any(is_total) {
            return self.show_totals(select);
        }
        for item in &select.items {
            match item {
                Item::All(table) => {
                    let tables = match table {
                        Some(name) => vec![self.named(name)?],
                        None => (0..self.tables.len()).collect(),
                    };
                    for at in tables {
                        for column in shown_columns(self.tables[at].def) {
                            let field = crate::question::field(self.tables[at].def, &column)?;
                            self.put(at, &field, None, Shown::Named)?;
                        }
                    }
                }
                Item::Term(Term::Column(column), name) => {
                    let (at, field) = self.field(column)?;
                    self.put(at, &field, name.as_deref(), Shown::Named)?;
                }
                // Handled with the totals.
                Item::Term(Term::Total(..) | Term::Part(..), _) => {}
            }
        }
        Ok(())
    }

    fn put(
        &mut self,
        at: usize,
        field: &Field<'a>,
        name: Option<&str>,
        shown: Shown,
    ) -> Result<String, BadQuery> {
        let table = &self.tables[at];
        let name = match name {
            Some(name) => checked_name(name, "name for a column")?.to_owned(),
            // Of two columns with one name, the second shows its table.
            None if self.is_taken(&field.name) => format!("{}.{}", table.name, field.name),
            None => field.name.clone(),
        };
        if self.is_taken(&name) {
            return bad(format!("Two columns of the query are called {}.", quoted(&name)));
        }
        if self.outputs.len() == MOST_SHOWN {
            return bad(format!("A query shows at most {MOST_SHOWN} columns."));
        }
        self.outputs.push(Output {
            name: name.clone(),
            alias: table.alias.clone(),
            entity: table.def.name.clone(),
            column: field.name.clone(),
            shown,
        });
        Ok(name)
    }

    fn is_taken(&self, name: &str) -> bool {
        self.outputs.iter().any(|it| it.name.eq_ignore_ascii_case(name))
    }

    fn show_totals(&mut self, select: &Select) -> Result<(), BadQuery> {
        if select.distinct {
            return bad("DISTINCT does not go with totals: each group is given once.");
        }
        let mut totals = Totals::default();
        for item in &select.items {
            let Item::Term(term, name) = item else {
                return bad("* does not go with totals: name the columns.");
            };
            match term {
                Term::Total(function, column) => {
                    totals.measures.push(self.measure(*function, column.as_ref(), name.as_deref())?);
                }
                Term::Column(_) | Term::Part(..) => {
                    let (at, field, part) = self.grouped(term)?;
                    if !self.is_group(select, term)? {
                        return bad(format!("{} stands in a total or in GROUP BY.", quoted(&field.name)));
                    }
                    let own = part.map(|it| format!("{it:?}").to_lowercase());
                    let name =
                        self.put(at, &field, name.as_deref().or(own.as_deref()), Shown::Group(part))?;
                    let alias = self.tables[at].alias.clone();
                    totals.groups.push(Group { name, alias, column: field.name, part });
                }
            }
        }
        // A group that is not shown divides the rows all the same.
        for term in &select.groups {
            let (at, field, part) = self.grouped(term)?;
            let alias = self.tables[at].alias.clone();
            let is_shown = |it: &Group| it.alias == alias && it.column == field.name && it.part == part;
            if !totals.groups.iter().any(is_shown) {
                let name = format!("group{}", self.hidden.len() + 1);
                self.hidden.push(name.clone());
                totals.groups.push(Group { name, alias: alias.clone(), column: field.name, part });
            }
        }
        self.totals = Some(totals);
        Ok(())
    }

    fn grouped(&self, term: &Term) -> Result<(usize, Field<'a>, Option<DatePart>), BadQuery> {
        let (column, part) = match term {
            Term::Column(column) => (column, None),
            Term::Part(part, column) => (column, Some(*part)),
            Term::Total(..) => return bad("Totals are nothing to group by."),
        };
        let (at, field) = self.field(column)?;
        if part.is_some() && !field.is_time() {
            return bad(format!("{} is no date: it holds {}.", field.name, field.holds()));
        }
        Ok((at, field, part))
    }

    fn is_group(&self, select: &Select, term: &Term) -> Result<bool, BadQuery> {
        let (at, field, part) = self.grouped(term)?;
        for group in &select.groups {
            let (other, column, its) = self.grouped(group)?;
            if (other, &column.name, its) == (at, &field.name, part) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn measure(
        &mut self,
        function: Function,
        column: Option<&Column>,
        name: Option<&str>,
    ) -> Result<Measure, BadQuery> {
        let key = Column { table: None, name: self.tables[0].def.key_column() };
        let (at, field) = match column {
            Some(column) => self.field(column)?,
            None => (0, crate::question::field(self.tables[0].def, &key.name)?),
        };
        fits(function, &field)?;
        let own = match function {
            Function::Count => "count".to_owned(),
            Function::CountColumn | Function::CountDistinct => format!("count_{}", field.name),
            Function::Sum => format!("sum_{}", field.name),
            Function::Average => format!("avg_{}", field.name),
            Function::Min => format!("min_{}", field.name),
            Function::Max => format!("max_{}", field.name),
        };
        let name = self.put(at, &field, Some(name.unwrap_or(&own)), Shown::Measure(function))?;
        let column = if function == Function::Count { String::new() } else { field.name };
        if let Some(output) = self.outputs.last_mut() {
            output.column.clone_from(&column);
        }
        Ok(Measure { name, alias: self.tables[at].alias.clone(), column, function })
    }

    pub(super) fn order(&self, select: &Select) -> Result<Vec<Sort>, BadQuery> {
        let sorts = select.order.iter().map(|(term, descending)| {
            let direction = if *descending { Direction::Descending } else { Direction::Ascending };
            let (alias, column) = self.sorted_by(term)?;
            Ok(Sort { alias, column, direction })
        });
        sorts.collect()
    }

    fn sorted_by(&self, term: &Term) -> Result<(String, String), BadQuery> {
        // A name that the statement gave goes first.
        if let Term::Column(Column { table: None, name }) = term
            && let Some(output) = self.outputs.iter().find(|it| it.name.eq_ignore_ascii_case(name))
        {
            return Ok(match output.shown {
                Shown::Column | Shown::Named => (output.alias.clone(), output.column.clone()),
                Shown::Group(_) | Shown::Measure(_) => (output.name.clone(), String::new()),
            });
        }
        let Some(totals) = &self.totals else {
            let Term::Column(column) = term else { return bad("ORDER BY takes columns here.") };
            let (at, field) = self.field(column)?;
            is_ordered(&field)?;
            return Ok((self.tables[at].alias.clone(), field.name));
        };
        let name = if let Term::Total(function, column) = term {
            let place = match column {
                Some(column) => {
                    self.field(column).map(|(at, it)| (self.tables[at].alias.as_str(), it.name))?
                }
                None => (super::FIRST, String::new()),
            };
            let same = |it: &&Measure| {
                it.function == *function && (it.alias.as_str(), &it.column) == (place.0, &place.1)
            };
            totals.measures.iter().find(same).map(|it| &it.name)
        } else {
            let (at, field, part) = self.grouped(term)?;
            let alias = &self.tables[at].alias;
            let same = |it: &&Group| (&it.alias, &it.column, it.part) == (alias, &field.name, part);
            totals.groups.iter().find(same).map(|it| &it.name)
        };
        match name {
            Some(name) => Ok((name.clone(), String::new())),
            None => bad("ORDER BY takes groups and totals that the query shows."),
        }
    }
}
