//! The ABNF test cases of OASIS against our reading of OData. They are not part of this repository: the test looks for
//! them beside it, and says so when they are absent. What Dataverse has not, and we refuse, is listed by name with its
//! reason; so is what we take although the grammar does not.

#[path = "oasis/cases.rs"]
mod cases;
#[path = "oasis/exceptions.rs"]
mod exceptions;

use cases::Case;
use exceptions::{Exceptions, REFUSED, TAKEN};
use formats::odata::{Literal, Options, expr, literal, options, path, prefer};

const FILE: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus/odata/odata-abnf-testcases.yaml");

#[test]
fn we_read_what_oasis_reads_but_for_the_listed() {
    let Ok(text) = std::fs::read_to_string(FILE) else {
        println!("The OASIS cases are not at {FILE}: nothing was compared.");
        return;
    };
    let cases = cases::read(&text);
    let mut wrong = Vec::new();
    let mut compared = 0;
    for case in &cases {
        let Some(read) = read(case) else { continue };
        compared += 1;
        let listed = find(if case.is_positive { REFUSED } else { TAKEN }, case);
        let (is_as_oasis, outcome) = match &read {
            Ok(()) => (case.is_positive, "we take it".to_owned()),
            Err(why) => (!case.is_positive, why.clone()),
        };
        match (is_as_oasis, listed) {
            (true, None) | (false, Some(_)) => {}
            (true, Some(reason)) => wrong.push(format!("{case} is listed ({reason}), but agrees: {outcome}")),
            (false, None) => wrong.push(format!("{case} is not listed: {outcome}")),
        }
    }
    for (exceptions, is_positive) in [(REFUSED, true), (TAKEN, false)] {
        let names = exceptions.iter().flat_map(|it| it.1).map(|it| (it, is_positive));
        let idle = names.filter(|(name, is_positive)| {
            !cases.iter().any(|it| it.is_positive == *is_positive && fits(name, it) && read(it).is_some())
        });
        wrong.extend(idle.map(|(name, _)| format!("{name:?} is listed, but there is no such case")));
    }
    println!("{compared} of {} OASIS cases compared.", cases.len());
    assert!(compared > 500, "Only {compared} cases were found");
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

/// Why the case is an exception.
fn find(exceptions: Exceptions, case: &Case) -> Option<&'static str> {
    exceptions.iter().find(|it| it.1.iter().any(|it| fits(it, case))).map(|it| it.0)
}

fn fits(name: &(&str, &str), case: &Case) -> bool {
    let is_named = name.0.strip_suffix('*').map_or(case.name == name.0, |it| case.name.starts_with(it));
    is_named && case.input.contains(name.1)
}

/// What we make of the case, by its rule; `None` for rules that are not about requests: responses, bodies, geometry.
fn read(case: &Case) -> Option<Result<(), String>> {
    let input = case.input.as_str();
    Some(match case.rule.to_ascii_lowercase().as_str() {
        "odatarelativeuri" => relative(input),
        "resourcepath" => path::parse(input).map(drop).map_err(|it| it.to_string()),
        "queryoptions" | "filter" | "expand" | "select" | "orderby" | "systemqueryoption"
        | "customqueryoption" | "skiptoken" | "deltatoken" | "compute" => query(input),
        "commonexpr" | "boolcommonexpr" | "firstmemberexpr" | "propertypathexpr" | "isofexpr" | "notexpr" => {
            decoded(input).and_then(|it| expr::parse(&it).map(drop).map_err(|it| it.to_string()))
        }
        "primitiveliteral"
        | "stringliteral"
        | "guid"
        | "date"
        | "datetimeoffsetvalue"
        | "datetimeoffsetliteral"
        | "datetimeoffsetvalueinurl"
        | "decimalliteral"
        | "decimalvalue"
        | "doublevalue"
        | "doubleliteral"
        | "singleliteral"
        | "singlevalue"
        | "sbyteliteral"
        | "int16literal"
        | "int32literal"
        | "int64literal"
        | "int16value"
        | "int32value"
        | "int64value"
        | "bytevalue"
        | "sbytevalue"
        | "durationliteral"
        | "enumliteral"
        | "boolean"
        | "null" => value(case),
        "maxpagesizepreference" | "includeannotationspreference" => {
            let prefer = prefer::parse(input);
            (prefer != prefer::Prefer::default()).then_some(()).ok_or_else(|| "ignored".to_owned())
        }
        _ => return None,
    })
}

fn relative(input: &str) -> Result<(), String> {
    let (path, rest) = input.split_once('?').unwrap_or((input, ""));
    path::parse(path).map_err(|it| it.to_string())?;
    query(rest)
}

fn query(input: &str) -> Result<(), String> {
    options::parse(input).and_then(Options::resolve).map(drop).map_err(|it| it.to_string())
}

/// In payloads nothing is percent-encoded.
fn value(case: &Case) -> Result<(), String> {
    let text = if case.rule.ends_with("Value") { case.input.clone() } else { decoded(&case.input)? };
    let found = literal::parse(&text).map_err(|it| it.to_string())?;
    let is_such = match case.rule.as_str() {
        "boolean" => matches!(found, Literal::Bool(_)),
        "date" => matches!(found, Literal::Date(_)),
        it if it.starts_with("dateTimeOffset") => matches!(found, Literal::DateTimeOffset(_)),
        "guid" => matches!(found, Literal::Guid(_)),
        "stringLiteral" => matches!(found, Literal::Text(_)),
        _ => true,
    };
    is_such.then_some(()).ok_or_else(|| format!("{found:?}"))
}

fn decoded(input: &str) -> Result<String, String> {
    // Through the query, which decodes: there is no other door.
    let raw = input.replace('&', "%26").replace('+', "%2B").replace('#', "%23");
    let options = options::parse(&format!("find={raw}")).map_err(|it| it.to_string())?;
    Ok(options.others.into_iter().next().map(|it| it.1).unwrap_or_default())
}
