//! The SQL of the Web API (`?sql=`): `SELECT` as a question, in the subset of T-SQL that Dataverse reads.

mod condition;
mod joined;
mod shown;
mod statement;
mod syntax;
#[cfg(test)]
mod tests;
mod words;

use crate::question::{
    BadQuery, Empty, Fetched, Field, LONGEST, MOST_ROWS, Manner, Operator, Output, bad, compare_columns,
    field, found, quoted,
};
use domain::ask::{Ask, Asker, Source, Totals};
use domain::entity::{Catalog, EntityDef, FieldKind};
use domain::filter::Filter;
use statement::Reader;
use syntax::{Column, Condition, Select, Table};

/// Reads the statement, already percent-decoded. Times without a zone are UTC, as Dataverse has them. Anything but one
/// `SELECT` is refused.
pub fn read(sql: &str, catalog: &Catalog, asker: &Asker) -> Result<Fetched, BadQuery> {
    if sql.len() > LONGEST {
        return bad(format!("The query has {} bytes; at most {LONGEST} are read.", sql.len()));
    }
    let select = Reader::new(words::words(sql)?).select()?;
    let asker = Asker { ahead_of_utc: 0, ..asker.clone() };
    let mut meaning =
        Meaning { catalog, asker: &asker, tables: vec![], totals: None, outputs: vec![], hidden: vec![] };
    meaning.table(&select.from)?;
    let joins = meaning.joins(&select.joins)?;
    let filter = match &select.filter {
        Some(condition) => meaning.filter(condition)?,
        None => Filter::everything(),
    };
    meaning.show(&select)?;
    let order = meaning.order(&select)?;
    let mut source =
        Source { filter, columns: meaning.columns(0), ..Source::of(&meaning.tables[0].def.name, FIRST) };
    source.joins = joins.below(0, &meaning);
    let mut ask = Ask { source, order, distinct: select.distinct, ..Ask::of("") };
    let top = paged(&select, &mut ask)?;
    ask.totals = meaning.totals;
    Ok(Fetched { ask, outputs: meaning.outputs, page: 1, top, wants_total: false })
}

/// Our own name for the first table.
const FIRST: &str = "t";

struct Meaning<'a> {
    catalog: &'a Catalog,
    asker: &'a Asker,
    tables: Vec<Known<'a>>,
    totals: Option<Totals>,
    outputs: Vec<Output>,
    /// Groups that are not shown, by their number in the statement.
    hidden: Vec<String>,
}

struct Known<'a> {
    def: &'a EntityDef,
    /// Our own name for it.
    alias: String,
    /// The statement's.
    name: String,
    entity: String,
}

impl<'a> Meaning<'a> {
    fn table(&mut self, table: &Table) -> Result<(), BadQuery> {
        let entity = table.entity.to_ascii_lowercase();
        let Some(def) = self.catalog.get(&entity) else {
            let nearest = crate::question::nearest(&entity, self.catalog.all().map(|it| it.name.as_str()));
            let meant = nearest.map(|it| format!(" Did you mean “{it}”?")).unwrap_or_default();
            return bad(format!("There is no table {}.{meant}", quoted(&table.entity)));
        };
        if self.tables.iter().any(|it| it.name.eq_ignore_ascii_case(&table.name)) {
            return bad(format!("Two tables of the query are called {}.", quoted(&table.name)));
        }
        let alias =
            if self.tables.is_empty() { FIRST.to_owned() } else { format!("{FIRST}{}", self.tables.len()) };
        self.tables.push(Known { def, alias, name: table.name.clone(), entity });
        Ok(())
    }

    /// The column and the number of its table.
    fn field(&self, column: &Column) -> Result<(usize, Field<'a>), BadQuery> {
        let name =
            column.name.strip_prefix('_').and_then(|it| it.strip_suffix("_value")).unwrap_or(&column.name);
        if let Some(table) = &column.table {
            let at = self.named(table)?;
            return field(self.tables[at].def, name).map(|it| (at, it));
        }
        let mut all = self.tables.iter().enumerate().filter_map(|(at, it)| Some((at, found(it.def, name)?)));
        match (all.next(), all.next()) {
            (Some(only), None) => Ok(only),
            (Some(_), Some(_)) => bad(format!(
                "{} is a column of several tables: write the table before it.",
                quoted(&column.name)
            )),
            _ => field(self.tables[0].def, name).map(|it| (0, it)),
        }
    }

    fn named(&self, name: &str) -> Result<usize, BadQuery> {
        let by_name = self.tables.iter().position(|it| it.name.eq_ignore_ascii_case(name));
        let found =
            by_name.or_else(|| self.tables.iter().position(|it| it.entity.eq_ignore_ascii_case(name)));
        found.ok_or_else(|| BadQuery(format!("No table of the query is called {}.", quoted(name))))
    }

    /// A condition on rows of the first table and what stands beside them. Empty columns are as SQL has them, and so is the
    /// store.
    fn filter(&self, condition: &Condition) -> Result<Filter, BadQuery> {
        let each = |all: &[Condition]| all.iter().map(|it| self.filter(it)).collect::<Result<Vec<_>, _>>();
        match condition {
            Condition::All(all) => each(all).map(Filter::All),
            Condition::Any(all) => each(all).map(Filter::Any),
            Condition::Not(inner) => Ok(Filter::Not(Box::new(self.filter(inner)?))),
            leaf => {
                let (at, filter) = self.leaf(leaf)?;
                let alias = self.tables[at].alias.clone();
                Ok(if at == 0 { filter } else { Filter::Beside { alias, filter: Box::new(filter) } })
            }
        }
    }

    /// A single condition, and the number of the table it is about.
    fn leaf(&self, condition: &Condition) -> Result<(usize, Filter), BadQuery> {
        let manner = Manner { asker: self.asker, empty: Empty::Unknown };
        let about = |column: &Column, operator: Operator, given: &[crate::question::Given]| {
            let (at, field) = self.field(column)?;
            Ok((at, crate::question::condition(&field, operator, given, manner)?))
        };
        match condition {
            Condition::Compare(column, op, value) => {
                about(column, Operator::Compare(*op), std::slice::from_ref(value))
            }
            Condition::Like(column, pattern) => {
                about(column, Operator::Text(crate::question::Look::Pattern), std::slice::from_ref(pattern))
            }
            Condition::In(column, values) => about(column, Operator::In, values),
            Condition::Between(column, from, to) => {
                about(column, Operator::Between, &[from.clone(), to.clone()])
            }
            Condition::Null(column) => about(column, Operator::Null, &[]),
            Condition::Columns(left, op, right) => {
                let ((at, left), (other, right)) = (self.field(left)?, self.field(right)?);
                if at != other {
                    return bad("Columns of two tables are compared in ON alone.");
                }
                Ok((at, compare_columns(&left, *op, &right)?))
            }
            Condition::All(_) | Condition::Any(_) | Condition::Not(_) => {
                bad("ON takes conditions that are joined by AND.")
            }
        }
    }
}

/// At most how many rows are wanted, and which.
fn paged(select: &Select, ask: &mut Ask) -> Result<Option<u32>, BadQuery> {
    if select.top.is_some() && (select.offset > 0 || select.fetch.is_some()) {
        return bad("TOP does not go with OFFSET and FETCH.");
    }
    let top = select.top.or(select.fetch);
    if let Some(top) = top.filter(|it| *it == 0 || *it > MOST_ROWS) {
        return bad(format!(
            "A query gives 1 to {MOST_ROWS} rows, not {top}: page with OFFSET … FETCH NEXT …."
        ));
    }
    if select.offset > Ask::FARTHEST {
        return bad(format!(
            "OFFSET goes to row {} at most; order by a column and filter behind its value.",
            Ask::FARTHEST
        ));
    }
    ask.limit = top.unwrap_or(MOST_ROWS);
    ask.skip = select.offset;
    Ok(top)
}

fn is_ordered(field: &Field<'_>) -> Result<(), BadQuery> {
    if matches!(field.kind, FieldKind::Choices | FieldKind::File) {
        return bad(format!("{} has no order: it holds {}.", field.name, field.holds()));
    }
    Ok(())
}
