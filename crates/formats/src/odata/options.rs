//! What stands after the question mark: the options of OData, those of Dataverse, and parameter aliases.

use super::apply::{self, Transformation};
use super::cursor::Cursor;
use super::expand::{self, ColumnPath, Expand, OrderBy};
use super::expr::{self, Aliases, Expr};
use super::percent::{Plus, decode};
use super::{BadOData, excerpt, refuse_long};
use domain::id::Guid;
use std::collections::HashSet;

/// Expressions still hold their aliases until `resolve`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Options {
    /// Empty when all columns are asked for.
    pub select: Vec<ColumnPath>,
    pub filter: Option<Expr>,
    pub order_by: Vec<OrderBy>,
    pub top: Option<u64>,
    pub skip: Option<u64>,
    /// Whether the number of all records found is wanted beside the page.
    pub count: Option<bool>,
    pub expand: Vec<Expand>,
    pub apply: Vec<Transformation>,
    /// The words as typed.
    pub search: Option<String>,
    /// What we put into a next link ourselves.
    pub skip_token: Option<String>,
    /// What we put into a delta link ourselves.
    pub delta_token: Option<String>,
    pub format: Option<String>,
    /// The address of the record to unlink: `DELETE …/$ref?$id=`.
    pub id: Option<String>,
    pub fetch_xml: Option<String>,
    pub saved_query: Option<Guid>,
    pub user_query: Option<Guid>,
    pub sql: Option<String>,
    pub aliases: Aliases,
    /// Options without `$` that OData does not define, by name and in their order: perhaps a function's parameters.
    pub others: Vec<(String, String)>,
}

/// Reads the raw query, percent-encoded as it came, without its question mark. Names of options are taken in any case,
/// and those of OData with and without `$` (OData 4.01 Protocol 11.1). No option comes twice.
pub fn parse(query_string: &str) -> Result<Options, BadOData> {
    refuse_long(query_string)?;
    let mut options = Options::default();
    let mut aliases = Vec::new();
    let mut seen = HashSet::new();
    for raw in query_string.split('&').filter(|it| !it.is_empty()) {
        let (name, value) = raw.split_once('=').map_or((raw, None), |(name, value)| (name, Some(value)));
        let name = decode(name, Plus::Space)?;
        let value = decode(value.unwrap_or_default(), Plus::Space).map_err(|it| it.within(&name))?;
        let plain = name.strip_prefix('$').unwrap_or(&name).to_ascii_lowercase();
        if !seen.insert(if name.starts_with('@') { name.to_string() } else { plain.clone() }) {
            return Err(BadOData::new(0, format!("The option {} stands twice in the query", excerpt(&name))));
        }
        if raw.contains('#') {
            return Err(BadOData::new(0, format!("{}: a # in a query is written %23", excerpt(&name))));
        }
        if name.starts_with('@') {
            let value = alias(&name, &value).map_err(|it| it.within(&name))?;
            aliases.push((name.into_owned(), value));
        } else if !read(&mut options, &plain, &value).map_err(|it| it.within(&name))? {
            if name.starts_with('$') {
                let what = format!("There is no option {}; {KNOWN}", excerpt(&name));
                return Err(BadOData::new(0, what));
            }
            options.others.push((name.into_owned(), value.into_owned()));
        }
    }
    options.aliases = Aliases::new(aliases);
    Ok(options)
}

const KNOWN: &str = "known are $select, $filter, $orderby, $top, $skip, $count, $expand, $apply, $search, $skiptoken, \
                     $deltatoken, $format and $id";

impl Options {
    /// Puts the values of aliases into all expressions. Refuses an alias without a value, and values that outgrow
    /// [`super::LONGEST`] by being used again and again.
    pub fn resolve(mut self) -> Result<Options, BadOData> {
        let mut values = self.aliases.values();
        let order_by = self.order_by.iter_mut().map(|it| &mut it.by);
        self.filter.iter_mut().chain(order_by).try_for_each(|it| values.put_into(it))?;
        self.expand.iter_mut().try_for_each(|it| it.resolve(&mut values))?;
        self.apply.iter_mut().try_for_each(|it| it.resolve(&mut values))?;
        Ok(self)
    }
}

/// Whether there is such an option.
fn read(options: &mut Options, name: &str, value: &str) -> Result<bool, BadOData> {
    match name {
        // `$select=` asks for nothing in particular.
        "select" | "expand" | "orderby" if value.is_empty() => {}
        "select" => options.select = whole(value, expand::select)?,
        "filter" => options.filter = Some(expr::parse(value)?),
        "orderby" => options.order_by = whole(value, expand::order_by)?,
        "top" => options.top = Some(whole(value, expand::number)?),
        "skip" => options.skip = Some(whole(value, expand::number)?),
        "count" => options.count = Some(whole(value, expand::truth)?),
        "expand" => options.expand = whole(value, expand::expand)?,
        "apply" => options.apply = whole(value, apply::chain)?,
        "search" => options.search = Some(value.to_owned()),
        "skiptoken" => options.skip_token = Some(value.to_owned()),
        "deltatoken" => options.delta_token = Some(value.to_owned()),
        "format" => options.format = Some(value.to_owned()),
        "id" => options.id = Some(value.to_owned()),
        "fetchxml" => options.fetch_xml = Some(value.to_owned()),
        "savedquery" => options.saved_query = Some(guid(value)?),
        "userquery" => options.user_query = Some(guid(value)?),
        "sql" => options.sql = Some(value.to_owned()),
        _ => return Ok(false),
    }
    Ok(true)
}

fn whole<T>(value: &str, read: fn(&mut Cursor) -> Result<T, BadOData>) -> Result<T, BadOData> {
    let mut cursor = Cursor::new(value);
    cursor.spaces();
    let found = read(&mut cursor)?;
    cursor.spaces();
    if cursor.is_at_end() { Ok(found) } else { Err(cursor.expected("',' or the end of the option")) }
}

fn guid(value: &str) -> Result<Guid, BadOData> {
    let bare = value.strip_prefix('{').and_then(|it| it.strip_suffix('}')).unwrap_or(value);
    let cursor = Cursor::new(value);
    bare.parse().map_err(|_| cursor.expected("the GUID of a saved view"))
}

fn alias(name: &str, value: &str) -> Result<Expr, BadOData> {
    let mut cursor = Cursor::new(&name[1..]);
    cursor.name("the name of an alias, such as @p1")?;
    if !cursor.is_at_end() {
        return Err(cursor.expected("the end of the alias's name"));
    }
    let value = expr::parse(value)?;
    if value.has_alias() {
        return Err(BadOData::new(0, "The value of an alias cannot be another alias"));
    }
    Ok(value)
}

#[cfg(test)]
#[path = "options_tests.rs"]
mod tests;
