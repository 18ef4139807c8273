//! `GET` of definitions: the address leads to one, to several, to a property or to a number.

use super::definitions::{Definition, Linked, Reader};
use super::filter::literal;
use super::place::{self, SETS, cast, follow, is_a, pick};
use super::select::{self, Wanted};
use super::{Refused, changes};
use formats::odata::expr::Expr;
use formats::odata::path::{Keys, Path, Segment, Value as KeyValue};
use formats::odata::{Options, path};
use serde_json::{Map, Value, json};

/// A question about definitions. Its options are resolved already.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub reader: Reader<'a>,
    /// `https://crm.example/api/data/v9.2/`
    pub base: &'a str,
    pub path: &'a Path,
    pub options: &'a Options,
}

/// Whether an address that begins like this is about definitions.
pub fn knows(first: &str) -> bool {
    SETS.contains(&first) || matches!(first, "RetrieveMetadataChanges" | "CreateEntities")
}

/// Where the segments have led so far.
enum At<'a> {
    Many(Vec<Definition<'a>>),
    One(Definition<'a>),
    /// There is nothing at the end of a way.
    Nothing,
    Property(Value),
}

/// The answer, with its `@odata.context`; of `/$count` a bare number, of `/$value` a bare value, and null where a way
/// leads to nothing: that is answered 204.
pub fn read(asked: &Asked) -> Result<Value, Refused> {
    let (first, rest) = asked.path.segments.split_first().ok_or(Refused::NoMethod)?;
    if first.name == "RetrieveMetadataChanges" {
        return retrieve_changes(asked, first);
    }
    let unknown = || Refused::NotThere(format!("Resource not found for the segment “{}”.", first.name));
    let all = place::set(asked.reader, &first.name).ok_or_else(unknown)?;
    let mut at = match first.keys {
        Keys::None | Keys::Empty => At::Many(all),
        _ => At::One(pick(all, &first.keys, &asked.options.aliases)?),
    };
    for (place, segment) in rest.iter().enumerate() {
        let is_last = place + 1 == rest.len();
        match (segment.name.as_str(), at) {
            ("$count", At::Many(all)) if is_last => {
                return Ok(json!(select::many(asked.reader, all, Wanted::from(asked.options))?.1));
            }
            ("$value", At::Property(value)) if is_last => return Ok(value),
            (_, before) => at = step(asked, before, segment)?,
        }
    }
    finish(asked, at)
}

fn step<'a>(asked: &Asked<'a>, at: At<'a>, segment: &Segment) -> Result<At<'a>, Refused> {
    let not_there = || Refused::NotThere(format!("Resource not found for the segment “{}”.", segment.name));
    match at {
        At::Many(all) => match cast(segment) {
            Some(kind) => Ok(At::Many(all.into_iter().filter(|it| is_a(it, kind)).collect())),
            None => Err(not_there()),
        },
        At::One(it) => {
            if let Some(kind) = cast(segment) {
                let is_so = is_a(&it, kind);
                return is_so
                    .then_some(At::One(it))
                    .ok_or_else(|| Refused::NotThere(format!("The definition is none of the type {kind}.")));
            }
            match follow(asked.reader, &it, segment, &asked.options.aliases)? {
                Some(Linked::Many(all)) => Ok(At::Many(all)),
                Some(Linked::One(Some(it))) => Ok(At::One(*it)),
                Some(Linked::One(None)) => Ok(At::Nothing),
                None => it.shown.get(&segment.name).cloned().map(At::Property).ok_or_else(not_there),
            }
        }
        At::Property(Value::Object(it)) => {
            it.get(&segment.name).cloned().map(At::Property).ok_or_else(not_there)
        }
        At::Nothing | At::Property(_) => Err(not_there()),
    }
}

fn finish(asked: &Asked, at: At) -> Result<Value, Refused> {
    let wanted = Wanted::from(asked.options);
    let context = context(asked, matches!(at, At::One(_)));
    match at {
        At::Many(all) => {
            let (all, count) = select::many(asked.reader, all, wanted)?;
            let mut answer = Map::new();
            answer.insert("@odata.context".to_owned(), json!(context));
            if wanted.count {
                answer.insert("@odata.count".to_owned(), json!(count));
            }
            answer.insert("value".to_owned(), Value::Array(all));
            Ok(Value::Object(answer))
        }
        At::One(it) => {
            let mut answer = select::one(asked.reader, it, wanted)?;
            answer["@odata.context"] = json!(context);
            Ok(answer)
        }
        At::Nothing => Ok(Value::Null),
        At::Property(value) => Ok(json!({ "@odata.context": context, "value": value })),
    }
}

/// OData JSON Format 4.0, 10: the set, what was selected, and `/$entity` for one out of it.
fn context(asked: &Asked, is_one: bool) -> String {
    let mut text = format!("{}$metadata#", asked.base);
    let last = asked.path.segments.len().saturating_sub(1);
    for (at, segment) in asked.path.segments.iter().enumerate() {
        if at > 0 {
            text.push('/');
        }
        text.push_str(&segment.name);
        // Of the last one the `/$entity` says that it is one.
        if at < last
            && let Some(key) = key_text(&segment.keys)
        {
            text.push_str(&key);
        }
    }
    let names: Vec<String> = asked.options.select.iter().map(|it| it.join("/")).collect();
    if !names.is_empty() {
        text = format!("{text}({})", names.join(","));
    }
    if is_one {
        text.push_str("/$entity");
    }
    text
}

fn key_text(keys: &Keys) -> Option<String> {
    let value = match keys {
        Keys::Single(path::Value::Literal(it)) => literal(it),
        Keys::Named(all) => match &all.first()?.1 {
            path::Value::Literal(it) => literal(it),
            path::Value::Alias(_) => return None,
        },
        Keys::None | Keys::Empty | Keys::Single(path::Value::Alias(_)) => return None,
    };
    Some(format!("('{}')", value.as_str()?))
}

fn retrieve_changes(asked: &Asked, function: &Segment) -> Result<Value, Refused> {
    let missing =
        || Refused::Unreadable("RetrieveMetadataChanges takes a Query: (Query=@p1)?@p1={…}.".into());
    let Keys::Named(arguments) = &function.keys else { return Err(missing()) };
    let query = arguments.iter().find(|it| it.0 == "Query").map(|it| &it.1).ok_or_else(missing)?;
    let query = match query {
        KeyValue::Literal(it) => literal(it),
        KeyValue::Alias(alias) => match asked.options.aliases.get(alias) {
            Some(Expr::Literal(it)) => literal(it),
            _ => return Err(missing()),
        },
    };
    let mut answer = changes::answer(asked.reader, &query)?;
    let kind = "Microsoft.Dynamics.CRM.RetrieveMetadataChangesResponse";
    answer.insert("@odata.context".to_owned(), json!(format!("{}$metadata#{kind}", asked.base)));
    Ok(Value::Object(answer))
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
