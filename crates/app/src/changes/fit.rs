//! Whether values can be a record's, and what they bring along.

use crate::{Error, Problem, Result};
use domain::check::{self, Fault};
use domain::entity::{ColumnDef, EntityDef, FieldKind, Ownership, Writer};
use domain::id::Guid;
use domain::record::{Record, Value, Values};
use domain::state;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Completeness {
    /// Every required column must be there.
    Whole,
    /// Only what is there is looked at.
    Changes,
}

pub(super) fn all_well(problems: Vec<Problem>) -> Result<()> {
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

/// Everything that is wrong with the values, at once.
pub(super) fn problems(def: &EntityDef, values: &Values, completeness: Completeness) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, value) in values {
        let column = name.clone();
        match def.column(name) {
            None => problems.push(Problem::Unknown { column }),
            Some(it) if it.writer() == Writer::System => problems.push(Problem::Fixed { column }),
            Some(it) => problems.extend(check::fault(it, value).map(|fault| problem(it, fault))),
        }
    }
    let lacking = def.columns.iter().filter(|it| it.required && !values.contains_key(&it.name));
    if completeness == Completeness::Whole {
        problems.extend(lacking.map(|it| Problem::Missing { column: it.name.clone() }));
    }
    problems
}

fn problem(column: &ColumnDef, fault: Fault) -> Problem {
    let name = column.name.clone();
    match fault {
        Fault::Missing => Problem::Missing { column: name },
        Fault::WrongKind => match column.kind {
            FieldKind::Integer | FieldKind::Money | FieldKind::Decimal | FieldKind::Float => {
                Problem::NoNumber { column: name }
            }
            FieldKind::Date | FieldKind::DateTime => Problem::NoDate { column: name },
            FieldKind::Lookup => Problem::NoRecord { column: name },
            FieldKind::Choice | FieldKind::Choices => Problem::NoChoice { column: name },
            _ => Problem::WrongKind { column: name },
        },
        Fault::TooLong { max } => Problem::TooLong { column: name, max },
        Fault::TooSmall { least } => Problem::TooSmall { column: name, least },
        Fault::TooLarge { most } => Problem::TooLarge { column: name, most },
        Fault::NoAddress => Problem::NoAddress { column: name },
        Fault::NoChoice => Problem::NoChoice { column: name },
        Fault::NoTarget => Problem::NoRecord { column: name },
    }
}

/// A message that was sent or received: the copy, which nobody edits (EM-04). One that is a draft is its writer's.
pub(super) fn is_kept(email: &Record) -> bool {
    email.entity == "email" && (state::is_closed(email) || !email.get("messagekey").is_null())
}

/// What of the changes the record does not take any more. What a message is regarding may change, and whose it is
/// (EM-20).
pub(super) fn fixed(def: &EntityDef, before: &Record, changed: &Values) -> Vec<Problem> {
    let free = |name: &String| matches!(name.as_str(), "regardingobjectid" | "ownerid");
    if def.name != "email" || !is_kept(before) {
        return vec![];
    }
    let kept = changed.keys().filter(|it| !free(it));
    kept.map(|it| Problem::Fixed { column: it.clone() }).collect()
}

/// What a new record has without being asked.
pub(super) fn complete(def: &EntityDef, values: &mut Values, id: Guid) {
    for column in &def.columns {
        let Some(initial) = column.initial.filter(|_| !values.contains_key(&column.name)) else { continue };
        let value = match column.kind {
            FieldKind::Boolean => Value::Bool(initial != 0),
            _ => Value::Int(initial),
        };
        values.insert(column.name.clone(), value);
    }
    match def.name.as_str() {
        "incident" => number(values, "ticketnumber", "CAS", id),
        "knowledgearticle" => number(values, "articlepublicnumber", "KA", id),
        // Written here, it has nothing to wait for.
        "email" => {
            values.insert("contentstate".to_owned(), Value::Int(1));
            values.entry("directioncode".to_owned()).or_insert(Value::Bool(true));
        }
        _ => {}
    }
    let is_money = |it: &&ColumnDef| it.kind == FieldKind::Money && values.contains_key(&it.name);
    if def.columns.iter().any(|it| is_money(&it)) && def.column("transactioncurrencyid").is_some() {
        let currency = || crate::ready::currency().into();
        values.entry("transactioncurrencyid".to_owned()).or_insert_with(currency);
    }
    follow(def, &Values::new(), values);
}

/// `CAS-7K2M9Q`: short enough to read out, made from the key and so the record's own.
fn number(values: &mut Values, column: &str, prefix: &str, id: Guid) {
    const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let digits: String =
        id.as_bytes()[10..].iter().map(|it| char::from(DIGITS[usize::from(it % 32)])).collect();
    values.entry(column.to_owned()).or_insert_with(|| format!("{prefix}-{digits}").into());
}

/// What follows from other columns: a person's name from first and last name, the account from the customer.
pub(super) fn follow(def: &EntityDef, before: &Values, changed: &mut Values) {
    if def.column("fullname").is_some() {
        add_full_name(changed, before);
    }
    if let ("opportunity", Some(customer)) = (def.name.as_str(), changed.get("customerid").cloned()) {
        let entity = customer.record().map(|it| it.entity.clone());
        let column = match entity.as_deref() {
            Some("account") => "parentaccountid",
            Some("contact") => "parentcontactid",
            _ => return,
        };
        changed.entry(column.to_owned()).or_insert(customer);
    }
    if def.name == "opportunity" && before.get("customerid").is_none_or(Value::is_null) {
        let parent = ["parentaccountid", "parentcontactid"];
        let parent = parent.iter().find_map(|it| changed.get(*it).filter(|it| !it.is_null())).cloned();
        if let Some(parent) = parent {
            changed.entry("customerid".to_owned()).or_insert(parent);
        }
    }
    if def.ownership == Ownership::Child {
        changed.remove("ownerid");
    }
}

/// People are called by first and last name together.
fn add_full_name(changed: &mut Values, before: &Values) {
    if !changed.contains_key("lastname") && !changed.contains_key("firstname") {
        return;
    }
    let part = |name: &str| {
        let value = changed.get(name).or(before.get(name)).and_then(Value::text);
        value.unwrap_or_default().trim().to_owned()
    };
    let full = format!("{} {}", part("firstname"), part("lastname")).trim().to_owned();
    changed.insert("fullname".to_owned(), full.into());
}
