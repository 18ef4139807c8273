//! `OptionSetMetadata` as choices: those of one column, and lists that columns share.

use super::json::{Body, label, label_or_name, list, text, unreadable, whole};
use crate::api::metadata::Refused;
use crate::api::metadata::definitions::{Reader, option_sets};
use crate::api::metadata::place::pick;
use domain::entity::{Choice, ColumnDef, Label, OptionSet};
use formats::odata::path;
use serde_json::Value;

/// A new list that columns can share.
pub fn option_set(body: &Body) -> Result<OptionSet, Refused> {
    let Some(name) = text(body, "Name") else {
        return unreadable("The Name of the list of choices is missing: a name such as new_size.");
    };
    let options = options(body, &[])?.unwrap_or_default();
    if options.is_empty() {
        return unreadable(format!("The list of choices “{name}” needs Options."));
    }
    let words = label_or_name(body, "DisplayName", name);
    Ok(OptionSet { name: name.to_ascii_lowercase(), label: words, options, custom: true })
}

/// The list as it shall be. What the body does not speak of stays.
pub fn changed(before: &OptionSet, body: &Body) -> Result<OptionSet, Refused> {
    let words = label(body, "DisplayName", Some(&before.label));
    Ok(OptionSet {
        label: words.unwrap_or_else(|| before.label.clone()),
        options: options(body, &before.options)?.unwrap_or_else(|| before.options.clone()),
        ..before.clone()
    })
}

/// Of a column: its own choices, or the list it shares.
pub(super) fn choices(reader: Reader, column: &mut ColumnDef, body: &Body) -> Result<(), Refused> {
    let set = body.get("OptionSet").and_then(Value::as_object);
    let shared = match text(body, "GlobalOptionSet@odata.bind") {
        Some(address) => Some(bound(reader, address)?),
        None => set
            .filter(|it| it.get("IsGlobal") == Some(&Value::Bool(true)))
            .and_then(|it| text(it, "Name"))
            .map(str::to_owned),
    };
    if let Some(name) = shared {
        let known = reader.catalog.option_sets().find(|it| it.name.eq_ignore_ascii_case(&name));
        let Some(known) = known else {
            return Err(Refused::NotThere(format!("There is no list of choices “{name}”.")));
        };
        column.options.clone_from(&known.options);
        column.option_set = Some(known.name.clone());
    } else if let Some(options) = set.map(|it| options(it, &column.options)).transpose()?.flatten() {
        column.options = options;
        column.option_set = None;
    }
    Ok(())
}

/// What a boolean says for true and for false.
pub(super) fn booleans(column: &mut ColumnDef, body: &Body) {
    let Some(set) = body.get("OptionSet").and_then(Value::as_object) else { return };
    for (name, value, en, sv) in [("FalseOption", 0, "No", "Nej"), ("TrueOption", 1, "Yes", "Ja")] {
        let Some(option) = set.get(name).and_then(Value::as_object) else { continue };
        let usual = Label { en: en.to_owned(), sv: sv.to_owned() };
        let before = column.option(value).map_or(usual, |it| it.label.clone());
        let Some(words) = label(option, "Label", Some(&before)).filter(|it| *it != before) else { continue };
        column.options.retain(|it| it.value != value);
        column.options.push(Choice { value, label: words, state: None });
    }
    column.options.sort_by_key(|it| it.value);
}

/// The first number of a choice that says none, as Dataverse counts.
const FIRST: i64 = 100_000_000;

/// `None` when nothing is said of them. Words of a choice that was there before keep their other language.
fn options(set: &Body, before: &[Choice]) -> Result<Option<Vec<Choice>>, Refused> {
    if !set.get("Options").is_some_and(Value::is_array) {
        return Ok(None);
    }
    let mut found: Vec<Choice> = Vec::new();
    for option in list(set, "Options")? {
        let next = || found.iter().map(|it| it.value + 1).max().unwrap_or(FIRST).max(FIRST);
        let value = whole(option, "Value").unwrap_or_else(next);
        let known = before.iter().find(|it| it.value == value);
        let words =
            label(option, "Label", known.map(|it| &it.label)).or_else(|| known.map(|it| it.label.clone()));
        let Some(words) = words else {
            return unreadable(format!("The choice {value} has no Label that people can read."));
        };
        let state = whole(option, "State").or(known.and_then(|it| it.state));
        found.push(Choice { value, label: words, state });
    }
    Ok(Some(found))
}

/// The name of the list at this address: `/GlobalOptionSetDefinitions(…)`.
fn bound(reader: Reader, address: &str) -> Result<String, Refused> {
    let wrong =
        || Refused::Unreadable("A list of choices is bound by /GlobalOptionSetDefinitions(…).".into());
    let at = address.find("GlobalOptionSetDefinitions").ok_or_else(wrong)?;
    let path = path::parse(&address[at..]).map_err(|it| Refused::Unreadable(it.to_string()))?;
    let segment = path.segments.first().ok_or_else(wrong)?;
    let found = pick(option_sets(reader), &segment.keys, &formats::odata::expr::Aliases::default())?;
    found.shown.get("Name").and_then(Value::as_str).map(str::to_owned).ok_or_else(wrong)
}
