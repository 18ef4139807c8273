//! Records that may be the same as one that is about to be written: they share an e-mail address or the name.

use crate::{App, Error, Result};
use domain::ask::{Ask, Pick};
use domain::entity::{EntityDef, FieldKind};
use domain::filter::Filter;
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor};
use domain::record::{Value, Values};
use domain::text::words;

/// So many are shown.
const SHOWN: u32 = 5;

/// One that is there already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    pub record: RecordRef,
    pub name: String,
}

/// Those of the same type that the actor may see; `except` is the record itself. Those with the same address come first.
pub async fn of(
    app: &App,
    actor: &Actor,
    entity: &str,
    values: &Values,
    except: Option<Guid>,
) -> Result<Vec<Duplicate>> {
    let def = app.catalog.get(entity).ok_or(Error::NotFound)?;
    if !actor.may(Action::Read, entity) {
        return Ok(vec![]);
    }
    let mut found: Vec<Duplicate> = vec![];
    for filter in alike(def, values) {
        let mut ask = Ask::of(entity);
        ask.source.filter = filter;
        ask.source.columns = Pick::These(vec![def.primary.clone()]);
        ask.limit = SHOWN + 1;
        let answer = crate::ask::ask(app, actor, &ask).await?;
        for record in answer.rows.into_iter().map(|it| it.record).filter(|it| Some(it.id) != except) {
            let name = record.text(&def.primary).to_owned();
            let one = Duplicate { name, record: record.reference() };
            if found.len() < SHOWN as usize && !found.contains(&one) {
                found.push(one);
            }
        }
    }
    Ok(found)
}

/// An address in any of the columns for addresses, or the same name: a question for each.
fn alike(def: &EntityDef, values: &Values) -> Vec<Filter> {
    let given =
        |column: &str| values.get(column).and_then(Value::text).map(str::trim).filter(|it| !it.is_empty());
    let columns = addresses(def);
    let mut alike: Vec<Filter> =
        columns.iter().filter_map(|it| given(it)).map(|it| holding(def, &columns, it)).collect();
    let name = match given(&def.primary) {
        Some(name) => Some(name.to_owned()),
        // A person's name is made of its parts when it is stored.
        None => given("lastname").map(|last| {
            given("firstname").map_or_else(|| last.to_owned(), |first| format!("{first} {last}"))
        }),
    };
    alike.extend(name.map(|it| holding(def, &[&def.primary], &it)));
    alike
}

/// The columns that hold e-mail addresses.
pub(crate) fn addresses(def: &EntityDef) -> Vec<&str> {
    def.columns.iter().filter(|it| it.kind == FieldKind::Email).map(|it| it.name.as_str()).collect()
}

/// Exactly this text in one of the columns. Where quick find knows their words, it leads there: texts have no index.
pub(crate) fn holding(def: &EntityDef, columns: &[&str], text: &str) -> Filter {
    let exactly = Filter::Any(columns.iter().map(|it| Filter::eq(it, text)).collect());
    let known = columns.iter().all(|it| def.column(it).is_some_and(|it| it.search));
    let mut words = words(text);
    // An address as a whole is rarer than its parts.
    if text.contains('@') {
        words.truncate(1);
    }
    if known && !words.is_empty() { Filter::All(vec![Filter::Words(words), exactly]) } else { exactly }
}
