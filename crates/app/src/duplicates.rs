//! Records that may be the same as one that is about to be written: they share an e-mail address or the name.

use crate::{App, Error, Result};
use domain::ask::{Ask, Pick};
use domain::entity::{EntityDef, FieldKind};
use domain::filter::Filter;
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor};
use domain::record::{Value, Values};

/// So many are shown.
const SHOWN: u32 = 5;

/// One that is there already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    pub record: RecordRef,
    pub name: String,
}

/// Those of the same type that the actor may see; `except` is the record itself.
pub async fn of(
    app: &App,
    actor: &Actor,
    entity: &str,
    values: &Values,
    except: Option<Guid>,
) -> Result<Vec<Duplicate>> {
    let def = app.catalog.get(entity).ok_or(Error::NotFound)?;
    let alike = alike(def, values);
    if alike.is_empty() || !actor.may(Action::Read, entity) {
        return Ok(vec![]);
    }
    let mut ask = Ask::of(entity);
    ask.source.filter = Filter::Any(alike);
    ask.source.columns = Pick::These(vec![def.primary.clone()]);
    ask.limit = SHOWN;
    let answer = crate::ask::ask(app, actor, &ask).await?;
    let others = answer.rows.into_iter().map(|it| it.record).filter(|it| Some(it.id) != except);
    Ok(others
        .map(|it| Duplicate { name: it.text(&def.primary).to_owned(), record: it.reference() })
        .collect())
}

/// An address in any of the columns for addresses, or the same name.
fn alike(def: &EntityDef, values: &Values) -> Vec<Filter> {
    let mut alike = Vec::new();
    let columns: Vec<&str> =
        def.columns.iter().filter(|it| it.kind == FieldKind::Email).map(|it| it.name.as_str()).collect();
    for address in columns.iter().filter_map(|it| values.get(*it)).filter_map(Value::text) {
        if !address.trim().is_empty() {
            alike.extend(columns.iter().map(|column| Filter::eq(column, address.trim())));
        }
    }
    let given =
        |column: &str| values.get(column).and_then(Value::text).map(str::trim).filter(|it| !it.is_empty());
    let name = match given(&def.primary) {
        Some(name) => Some(name.to_owned()),
        // A person's name is made of its parts when it is stored.
        None => given("lastname").map(|last| {
            given("firstname").map_or_else(|| last.to_owned(), |first| format!("{first} {last}"))
        }),
    };
    alike.extend(name.map(|it| Filter::eq(&def.primary, it)));
    alike
}
