//! Questions over several types, answered within what the asker may read: every type a question speaks of, also in its
//! filters, is restricted to what its scope reaches, and what lies in the recycle bin is not there.
//!
//! Records of one type in one order are found by the walk of [`crate::records::find`], in time that does not grow with the
//! table; see there for what lists of activities leave out. All else is one statement over the joined types, and pages go
//! by key there, too.

mod order;
mod page;
mod parts;
mod totals;

use crate::Db;
use crate::query::senseless;
use crate::scope::{self, definition};
use anyhow::Result;
use domain::ask::{Answer, Ask, Found};
use domain::entity::Catalog;
use domain::privilege::Scopes;
use parts::Parts;

/// The types whose scopes an answer needs: those the question speaks of, or what they are parts of. `scopes` of
/// [`answer`] are made for these. Fails for a type that is not there.
pub fn types(catalog: &Catalog, ask: &Ask) -> Result<Vec<String>> {
    let mut types = Vec::new();
    for entity in ask.source.types() {
        let def = definition(catalog, entity)?;
        types.extend(scope::readers(catalog, def)?.into_iter().map(|it| it.name.clone()));
    }
    types.sort_unstable();
    types.dedup();
    Ok(types)
}

/// The types whose scopes decide who reads records of this one: of parts and ties one of them suffices to read some.
/// Fails for a type that is not there.
pub fn readers(catalog: &Catalog, entity: &str) -> Result<Vec<String>> {
    let readers = scope::readers(catalog, definition(catalog, entity)?)?;
    Ok(readers.into_iter().map(|it| it.name.clone()).collect())
}

/// One page of the answer.
///
/// - Only the picked columns are in the records. Of `distinct` rows the key and the version of a source stand there when
///   its columns are `All` or name the key; else the record has no key (all zeros).
/// - Without an order the oldest record comes first. What is empty comes last, in both directions; texts are sorted as
///   Swedish has it, names of people by surname; lookups and keys by their bytes. Keys settle ties.
/// - `next` is opaque: give it back as `after` of the same question. It goes by key; only distinct rows without keys and
///   totals are counted off, and so reach no farther than [`Ask::FARTHEST`].
/// - A join restricts its rows where it stands: what an inner join within an outer one leaves out is missing there, and the
///   row above stays. [`domain::filter::Filter::Beside`] is for the filter of the outermost source.
/// - Totals: a sum of whole numbers is a whole number in the unit of the column, an average a fraction in that unit (of
///   money: ten-thousandths); over nothing both are empty. Weeks are those of ISO 8601. Texts are grouped as they stand.
///
/// Fails with [`crate::Senseless`] for a question that makes no sense, and otherwise when a scope is missing that [`types`]
/// asks for.
pub async fn answer(db: &Db, catalog: &Catalog, ask: &Ask, scopes: &Scopes) -> Result<Answer> {
    let parts = checked(catalog, ask, scopes)?;
    match &ask.totals {
        Some(wanted) => totals::answer(db, &parts, wanted).await,
        None => page::answer(db, &parts).await,
    }
}

/// Which rows belong together: those with the same value in this column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Each {
    /// The source it stands in.
    pub alias: String,
    /// A lookup, which must be among the picked columns.
    pub column: String,
}

/// The first rows, in the question's order, of each value of `each`: one more than the limit shows that there are further
/// ones. In all no more than [`Ask::FARTHEST`], the first of each before the second of any. One round trip.
pub async fn answer_each(
    db: &Db,
    catalog: &Catalog,
    ask: &Ask,
    scopes: &Scopes,
    each: &Each,
) -> Result<Vec<Found>> {
    let parts = checked(catalog, ask, scopes)?;
    page::answer_each(db, &parts, each).await
}

/// How the engine goes about a question for records, step by step in its own words: for measurements.
pub async fn plan(db: &Db, catalog: &Catalog, ask: &Ask, scopes: &Scopes) -> Result<Vec<String>> {
    page::plan(db, &checked(catalog, ask, scopes)?).await
}

fn checked<'a>(catalog: &'a Catalog, ask: &'a Ask, scopes: &'a Scopes) -> Result<Parts<'a>> {
    if ask.skip > Ask::FARTHEST {
        return senseless(format!("At most {} rows are skipped.", Ask::FARTHEST));
    }
    Parts::of(catalog, ask, scopes)
}
