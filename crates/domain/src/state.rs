//! States and the statuses that belong to them: what a change of one does to the other.

use crate::entity::{Choice, EntityDef};
use crate::record::{Record, Value, Values};

/// The column that holds something that does not go with the rest: a status of another state, or no choice at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadState {
    pub column: &'static str,
}

/// The state and status of the record after a change that names one or both of them; nothing when it names neither. A
/// state alone brings the first of its statuses, unless the record has one of them already; a status alone brings its
/// state. `before`: `None` for a record that is to be.
pub fn settled(def: &EntityDef, before: Option<&Record>, wanted: &Values) -> Result<Values, BadState> {
    let asked = |name: &str| wanted.get(name).filter(|it| !it.is_null());
    let (state, status) = match (asked("statecode"), asked("statuscode")) {
        (None, None) => return Ok(Values::new()),
        (state, status) => (number(def, "statecode", state)?, number(def, "statuscode", status)?),
    };
    let options = def.column("statuscode").map(|it| it.options.as_slice()).unwrap_or_default();
    let belongs = |it: &Choice, state: i64| it.state.is_none_or(|own| own == state);
    let kept = before.and_then(|it| it.get("statuscode").int());
    let (state, status) = match (state, status) {
        (Some(state), Some(status)) => match options.iter().find(|it| it.value == status) {
            Some(option) if belongs(option, state) => (state, Some(status)),
            _ => return Err(BadState { column: "statuscode" }),
        },
        (Some(state), None) => {
            let mut fitting = options.iter().filter(|it| belongs(it, state)).map(|it| it.value);
            let first = fitting.clone().next();
            (state, fitting.find(|it| Some(*it) == kept).or(first))
        }
        (None, Some(status)) => {
            let own = options.iter().find(|it| it.value == status).and_then(|it| it.state);
            let state = own.or_else(|| before?.get("statecode").int()).unwrap_or_default();
            (state, Some(status))
        }
        (None, None) => return Ok(Values::new()),
    };
    let mut settled = Values::from([("statecode".to_owned(), Value::Int(state))]);
    settled.extend(status.map(|it| ("statuscode".to_owned(), Value::Int(it))));
    Ok(settled)
}

fn number(def: &EntityDef, column: &'static str, value: Option<&Value>) -> Result<Option<i64>, BadState> {
    let Some(value) = value else { return Ok(None) };
    let known = def.column(column).and_then(|it| it.option(value.int()?));
    known.map(|it| Some(it.value)).ok_or(BadState { column })
}

/// The activity is done with: completed or cancelled.
pub fn is_closed(activity: &Record) -> bool {
    matches!(activity.get("statecode").int(), Some(1 | 2))
}

/// What else a change of state means for an activity: one that ends did so now, unless it says when; one that is opened
/// again has not ended.
pub fn ends(
    def: &EntityDef,
    before: Option<&Record>,
    changed: &Values,
    now: crate::time::Timestamp,
) -> Values {
    let was = before.and_then(|it| it.get("statecode").int());
    let is = changed.get("statecode").and_then(Value::int);
    let column = def.column("actualend").filter(|_| def.activity && is.is_some() && is != was);
    let Some(column) = column.filter(|it| !changed.contains_key(&it.name)) else { return Values::new() };
    let ended = |record: &Record| !record.get("actualend").is_null();
    match is {
        Some(1) if !before.is_some_and(ended) => Values::from([(column.name.clone(), now.into())]),
        Some(0 | 3) if before.is_some_and(ended) => Values::from([(column.name.clone(), Value::Null)]),
        _ => Values::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Catalog;
    use crate::id::Guid;
    use crate::time::Timestamp;

    fn values(state: Option<i64>, status: Option<i64>) -> Values {
        let named = [("statecode", state), ("statuscode", status)];
        named.into_iter().filter_map(|(name, it)| Some((name.to_owned(), it?.into()))).collect()
    }

    /// Of a task that is in progress (0, 3).
    #[track_caller]
    fn check(wanted: (Option<i64>, Option<i64>), expected: Result<(i64, i64), &'static str>) {
        let catalog = Catalog::standard().unwrap();
        let task = Record::new("task", Guid::NIL).with("statecode", 0).with("statuscode", 3);
        let found = settled(catalog.get("task").unwrap(), Some(&task), &values(wanted.0, wanted.1));
        let expected = expected.map(|(state, status)| values(Some(state), Some(status)));
        assert_eq!(found.map_err(|it| it.column), expected);
    }

    #[test]
    fn a_state_brings_its_first_status_and_a_status_its_state() {
        check((Some(1), None), Ok((1, 5)));
        check((Some(0), None), Ok((0, 3)));
        check((None, Some(6)), Ok((2, 6)));
        check((Some(0), Some(7)), Ok((0, 7)));
    }

    #[test]
    fn a_status_of_another_state_is_refused() {
        check((Some(1), Some(3)), Err("statuscode"));
        check((Some(9), None), Err("statecode"));
        check((None, Some(99)), Err("statuscode"));
    }

    #[test]
    fn a_task_that_is_done_ended_now_and_one_opened_again_did_not() {
        let catalog = Catalog::standard().unwrap();
        let def = catalog.get("task").unwrap();
        let open = Record::new("task", Guid::NIL).with("statecode", 0);
        let now = Timestamp(7);
        assert_eq!(ends(def, Some(&open), &values(Some(1), None), now)["actualend"], now.into());
        let done = open.clone().with("statecode", 1).with("actualend", now);
        assert_eq!(ends(def, Some(&done), &values(Some(0), None), now)["actualend"], Value::Null);
        assert_eq!(ends(def, Some(&done), &values(Some(1), None), now), Values::new());
        let account = catalog.get("account").unwrap();
        assert_eq!(ends(account, None, &values(Some(1), None), now), Values::new());
    }
}
