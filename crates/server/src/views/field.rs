//! How each kind of column is shown, asked for, and read back. The only `match` over [`FieldKind`] in the web app.

pub mod conditions;

use super::icon::{icon, small_icon};
use super::{address, escaped};
use crate::words::Words;
use app::Problem;
use app::pane::Named;
use chrono::{NaiveDate, NaiveDateTime, TimeZone, Utc};
use domain::entity::{ColumnDef, FieldKind, FileCell};
use domain::id::RecordRef;
use domain::record::Value;
use domain::time::Timestamp;
use maud::{Markup, html};
use std::collections::BTreeMap;

pub type Names = BTreeMap<RecordRef, String>;

/// What an input of a form holds: text, as a browser sends it.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    pub text: String,
    /// For a lookup: the record that is chosen now, and the name under which it was chosen.
    pub chosen: Option<Named>,
    /// For a lookup: what can be chosen; several records that the text may mean.
    pub choices: Vec<Named>,
    /// The text fits several records: one of `choices` must be picked.
    pub asks: bool,
    /// The sentence that repairs.
    pub problem: Option<String>,
}

/// A value to read. Nothing at all for an empty one.
pub fn shown(column: &ColumnDef, value: &Value, names: &Names, words: &Words) -> Markup {
    match (&column.kind, value) {
        (FieldKind::Email, Value::Text(text)) => html! { a href={ "mailto:" (text) } { (text) } },
        (FieldKind::Phone, Value::Text(text)) => {
            html! { a.number href={ "tel:" (dialled(text)) } { (text) } }
        }
        (FieldKind::Url, Value::Text(text)) => link(text),
        (FieldKind::Memo, Value::Text(text)) => lines(text),
        (FieldKind::Text, Value::Text(text)) => html! { (text) },
        (FieldKind::Integer, Value::Int(it)) => html! { span.number { (words.number(*it)) } },
        (FieldKind::Money, Value::Int(it)) => html! { span.number { (words.money(*it)) } },
        (FieldKind::Decimal, Value::Int(it)) => html! { span.number { (words.decimal(*it)) } },
        (FieldKind::Float, Value::Float(it)) => html! { span.number { (it) } },
        (FieldKind::Choices, Value::Choices(all)) => {
            let labels = all.iter().filter_map(|it| column.option(*it)).map(|it| words.label(&it.label));
            html! { (labels.collect::<Vec<_>>().join(", ")) }
        }
        (FieldKind::File, Value::Text(text)) => html! { (file_name(text)) },
        (FieldKind::Choice, Value::Int(it)) => {
            html! { (column.option(*it).map_or("", |it| words.label(&it.label))) }
        }
        (FieldKind::Boolean, Value::Bool(it)) => html! { (words.t(if *it { "yes" } else { "no" })) },
        (FieldKind::Date, Value::Time(it)) => html! { time datetime=(it) { (words.calendar_date(*it)) } },
        (FieldKind::DateTime, Value::Time(it)) => html! { time datetime=(it) { (words.moment(*it)) } },
        (FieldKind::Lookup, Value::Ref(record)) => named(record, names, words),
        // A key is for machines. Whatever else does not fit its column is not shown either.
        _ => html! {},
    }
}

/// Characters of a long text that a list shows.
const SHORT: usize = 80;

/// The same where there is one line for it.
pub fn shown_short(column: &ColumnDef, value: &Value, names: &Names, words: &Words) -> Markup {
    match (&column.kind, value) {
        (FieldKind::Memo, Value::Text(text)) => {
            let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let more = if line.chars().count() > SHORT { "…" } else { "" };
            html! { (line.chars().take(SHORT).collect::<String>()) (more) }
        }
        _ => shown(column, value, names, words),
    }
}

/// A link to a record, or its absence when the reader may not see it.
pub fn named(record: &RecordRef, names: &Names, words: &Words) -> Markup {
    html! {
        @match names.get(record) {
            Some(name) => a href=(address(record)) { (name) },
            None => span.faint { (words.t("record-hidden")) },
        }
    }
}

/// Whether sums stand under one another.
pub fn is_number(column: &ColumnDef) -> bool {
    matches!(column.kind, FieldKind::Integer | FieldKind::Money | FieldKind::Decimal | FieldKind::Float)
}

/// Whether it holds a file, which is not typed into a form.
pub fn is_file(column: &ColumnDef) -> bool {
    column.kind == FieldKind::File
}

/// Whether the field takes the whole width of a form.
pub fn is_long(column: &ColumnDef) -> bool {
    column.kind == FieldKind::Memo
}

fn dialled(text: &str) -> String {
    text.chars().filter(|it| it.is_ascii_digit() || *it == '+').collect()
}

/// Only what leads to the web is a link: a record may hold what a stranger wrote.
fn link(text: &str) -> Markup {
    let whole = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let web = whole.starts_with("https://") || whole.starts_with("http://");
    html! { @if web { a href=(whole) rel="noopener noreferrer" { (text) } } @else { (text) } }
}

pub fn lines(text: &str) -> Markup {
    html! { @for (at, line) in text.lines().enumerate() { @if at > 0 { br; } (line) } }
}

/// A field of a form: label, control, and below it the problem.
pub fn input(column: &ColumnDef, draft: &Draft, words: &Words) -> Markup {
    let id = format!("f-{}", column.name);
    html! {
        div.field.full[is_long(column)] {
            @if column.kind == FieldKind::Boolean {
                input type="hidden" name=(column.name) value="false";
                label.choice {
                    input id=(id) type="checkbox" name=(column.name) value="true" checked[draft.text == "true"];
                    span { (words.label(&column.label)) }
                }
            } @else {
                label for=(id) {
                    (words.label(&column.label))
                    @if column.required { span.faint { " · " (words.t("form-needed")) } }
                }
                (control(column, &id, draft, words))
            }
            @if let Some(problem) = &draft.problem {
                span.error id={ (id) "-error" } { (small_icon("warning")) span { (problem) } }
            }
            @if draft.asks { (picks(column, draft)) }
        }
    }
}

fn control(column: &ColumnDef, id: &str, draft: &Draft, words: &Words) -> Markup {
    let (invalid, error) =
        draft.problem.as_ref().map_or((None, None), |_| (Some("true"), Some(format!("{id}-error"))));
    let line = |kind: &str, mode: Option<&str>, auto: Option<&str>| {
        html! {
            input.input id=(id) name=(column.name) type=(kind) value=(draft.text) inputmode=[mode] autocomplete=[auto]
                maxlength=[column.max] aria-invalid=[invalid] aria-describedby=[&error] required[column.required];
        }
    };
    match column.kind {
        FieldKind::Text | FieldKind::Key => line("text", None, Some("off")),
        FieldKind::Email => line("email", None, Some("off")),
        FieldKind::Phone => line("tel", None, Some("off")),
        FieldKind::Url => line("text", Some("url"), Some("off")),
        FieldKind::Integer | FieldKind::Money | FieldKind::Decimal | FieldKind::Float => {
            line("text", Some("decimal"), Some("off"))
        }
        FieldKind::Date => line("date", None, None),
        FieldKind::DateTime => line("datetime-local", None, None),
        FieldKind::Boolean | FieldKind::File => html! {},
        FieldKind::Choices => many(column, id, draft, words),
        FieldKind::Memo => html! {
            textarea.input id=(id) name=(column.name) rows="5" maxlength=[column.max] aria-invalid=[invalid]
                aria-describedby=[&error] required[column.required] { (draft.text) }
        },
        FieldKind::Choice => html! {
            span.select {
                select id=(id) name=(column.name) aria-invalid=[invalid] aria-describedby=[&error] {
                    option value="" selected[draft.text.is_empty()] { (words.t("form-no-choice")) }
                    @for option in &column.options {
                        @let value = option.value.to_string();
                        option value=(value) selected[draft.text == value] { (words.label(&option.label)) }
                    }
                }
                (icon("chevron-down"))
            }
        },
        FieldKind::Lookup => lookup(column, id, draft, invalid, error.as_deref(), words),
    }
}

/// Boxes to tick; the draft's text holds the numbers of the chosen ones, with commas between.
fn many(column: &ColumnDef, id: &str, draft: &Draft, words: &Words) -> Markup {
    let chosen: Vec<&str> = draft.text.split(',').collect();
    html! {
        div.stack id=(id) role="group" {
            input type="hidden" name=(column.name) value="";
            @for option in &column.options {
                @let value = option.value.to_string();
                label.choice {
                    input type="checkbox" name=(column.name) value=(value) checked[chosen.contains(&value.as_str())];
                    span { (words.label(&option.label)) }
                }
            }
        }
    }
}

/// A lookup is a text field that offers names. What is typed is looked up when the form is sent; with script the
/// offers follow the typing.
fn lookup(
    column: &ColumnDef,
    id: &str,
    draft: &Draft,
    invalid: Option<&str>,
    error: Option<&str>,
    words: &Words,
) -> Markup {
    let list = format!("{id}-choices");
    let source = format!("/choices/{}?list={}&q=", column.targets.join(","), escaped(&list));
    html! {
        div.searchbox {
            (icon("search"))
            input.input id=(id) name=(column.name) value=(draft.text) list=(list) data-choices=(source) autocomplete="off"
                placeholder=(words.t("form-lookup")) aria-invalid=[invalid] aria-describedby=[error] required[column.required];
        }
        @if let Some(chosen) = &draft.chosen {
            input type="hidden" name=(chosen_field(column)) value=(chosen.record);
            input type="hidden" name=(name_field(column)) value=(chosen.name);
        }
        (choices(&list, &draft.choices))
    }
}

/// The offers below a lookup: the same fragment in the form and when typing.
pub fn choices(list: &str, choices: &[Named]) -> Markup {
    html! { datalist id=(list) { @for choice in choices { option value=(choice.name) {} } } }
}

fn picks(column: &ColumnDef, draft: &Draft) -> Markup {
    html! {
        div.stack role="radiogroup" {
            input type="hidden" name=(asked_field(column)) value=(draft.text);
            @for choice in &draft.choices {
                label.choice { input type="radio" name=(pick_field(column)) value=(choice.record); span { (choice.name) } }
            }
        }
    }
}

/// Beside a lookup's text: the record it stood for when the form was shown,
pub fn chosen_field(column: &ColumnDef) -> String {
    format!("{}.chosen", column.name)
}

/// the name it had then,
pub fn name_field(column: &ColumnDef) -> String {
    format!("{}.name", column.name)
}

/// the text that the question "which one?" was about,
pub fn asked_field(column: &ColumnDef) -> String {
    format!("{}.asked", column.name)
}

/// and its answer.
pub fn pick_field(column: &ColumnDef) -> String {
    format!("{}.pick", column.name)
}

/// What an input holds for a value that is stored. [`read`] is its opposite.
pub fn written(column: &ColumnDef, value: &Value, names: &Names, words: &Words) -> Draft {
    let text = match (&column.kind, value) {
        (FieldKind::File, Value::Text(text)) => file_name(text),
        (_, Value::Text(text)) => text.clone(),
        (FieldKind::Decimal, Value::Int(it)) => plain_decimal(*it),
        (_, Value::Float(it)) => it.to_string(),
        (_, Value::Choices(all)) => all.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
        (FieldKind::Money, Value::Int(it)) => plain_money(*it),
        (_, Value::Int(it)) => it.to_string(),
        (_, Value::Bool(it)) => it.to_string(),
        (FieldKind::Date, Value::Time(it)) => {
            it.utc().map_or_else(String::new, |it| it.format("%Y-%m-%d").to_string())
        }
        (_, Value::Time(it)) => words.local_input(*it),
        (_, Value::Ref(record)) => {
            let name = names.get(record).cloned().unwrap_or_else(|| words.t("record-hidden"));
            let chosen = Some(Named { record: record.clone(), name: name.clone() });
            return Draft { text: name, chosen, ..Draft::default() };
        }
        (_, Value::Null | Value::Bytes(_)) => String::new(),
    };
    Draft { text, ..Draft::default() }
}

fn plain_money(ten_thousandths: i64) -> String {
    let sign = if ten_thousandths < 0 { "-" } else { "" };
    let parts = ten_thousandths.unsigned_abs();
    match (parts / 10_000, parts % 10_000 / 100) {
        (whole, 0) => format!("{sign}{whole}"),
        (whole, hundredths) => format!("{sign}{whole}.{hundredths:02}"),
    }
}

/// As [`shown`], for places that take plain text only. `None` for what has no other form than its own.
pub fn plain(column: &ColumnDef, value: &Value, names: &Names, words: &Words) -> Option<String> {
    Some(match (&column.kind, value) {
        (FieldKind::Integer, Value::Int(it)) => words.number(*it),
        (FieldKind::Money, Value::Int(it)) => words.money(*it),
        (FieldKind::Decimal, Value::Int(it)) => words.decimal(*it),
        (FieldKind::Float, Value::Float(it)) => it.to_string(),
        (FieldKind::Choice, Value::Int(it)) => words.label(&column.option(*it)?.label).to_owned(),
        (FieldKind::Choices, Value::Choices(all)) => {
            let labels = all.iter().filter_map(|it| column.option(*it)).map(|it| words.label(&it.label));
            labels.collect::<Vec<_>>().join("; ")
        }
        (FieldKind::Boolean, Value::Bool(it)) => words.t(if *it { "yes" } else { "no" }),
        (FieldKind::Date, Value::Time(it)) => words.calendar_date(*it),
        (FieldKind::DateTime, Value::Time(it)) => words.moment(*it),
        (FieldKind::Lookup, Value::Ref(record)) => names.get(record)?.clone(),
        _ => return None,
    })
}

/// What a column of a file says of it.
pub fn file_name(cell: &str) -> String {
    serde_json::from_str(cell).map_or_else(|_| String::new(), |it: FileCell| it.name)
}

/// Millionths as an input holds them: with a point, and no zeros at the end.
fn plain_decimal(millionths: i64) -> String {
    let sign = if millionths < 0 { "-" } else { "" };
    let parts = millionths.unsigned_abs();
    let text = format!("{sign}{}.{:06}", parts / 1_000_000, parts % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// What a browser sent, as a value. A lookup is not read here: it takes a look at the records.
pub fn read(column: &ColumnDef, text: &str, words: &Words) -> Result<Value, Problem> {
    let text = text.trim();
    let name = || column.name.clone();
    if text.is_empty() {
        return Ok(Value::Null);
    }
    match column.kind {
        // Browsers send CR LF at the end of each line (HTML, form submission).
        FieldKind::Text | FieldKind::Memo | FieldKind::Email | FieldKind::Phone | FieldKind::Url => {
            Ok(Value::Text(text.replace("\r\n", "\n")))
        }
        FieldKind::Integer => whole(text).map(Value::Int).ok_or_else(|| Problem::NoNumber { column: name() }),
        FieldKind::Money => money(text).map(Value::Int).ok_or_else(|| Problem::NoNumber { column: name() }),
        FieldKind::Decimal => {
            decimal(text).map(Value::Int).ok_or_else(|| Problem::NoNumber { column: name() })
        }
        FieldKind::Float => without_spaces(text)
            .replace(',', ".")
            .parse()
            .ok()
            .filter(|it: &f64| it.is_finite())
            .map(Value::Float)
            .ok_or_else(|| Problem::NoNumber { column: name() }),
        FieldKind::Choices => choices_read(column, text).ok_or_else(|| Problem::NoChoice { column: name() }),
        FieldKind::Boolean => Ok(Value::Bool(text == "true")),
        FieldKind::Date => date(text).map(Value::Time).ok_or_else(|| Problem::NoDate { column: name() }),
        FieldKind::DateTime => {
            moment(text, words).map(Value::Time).ok_or_else(|| Problem::NoDate { column: name() })
        }
        FieldKind::Choice => {
            let known = text.parse().ok().filter(|it| column.option(*it).is_some());
            known.map(Value::Int).ok_or_else(|| Problem::NoChoice { column: name() })
        }
        FieldKind::Lookup | FieldKind::Key | FieldKind::File => Ok(Value::Null),
    }
}

fn without_spaces(text: &str) -> String {
    text.chars().filter(|it| !it.is_whitespace()).collect()
}

fn whole(text: &str) -> Option<i64> {
    without_spaces(text).replace(',', "").parse().ok()
}

/// Fifteen digits are more than any sum of money that is kept (ten-thousandths in 64 bits).
const TOO_MANY_DIGITS: usize = 15;

/// Whether what could not be read is a number all the same, only larger than what is kept.
pub fn is_too_large(column: &ColumnDef, text: &str) -> bool {
    let of_a_number = |it: char| it.is_ascii_digit() || it.is_whitespace() || "+-−,.".contains(it);
    is_number(column)
        && text.chars().all(of_a_number)
        && text.chars().filter(char::is_ascii_digit).count() >= TOO_MANY_DIGITS
}

/// `2 160 000 kr`, `2,160,000.50`, `99,5`: the last comma or dot begins the decimals unless three digits follow it.
fn money(text: &str) -> Option<i64> {
    let text = without_spaces(text).to_lowercase();
    let text = text.trim_end_matches("kr").trim_end_matches("sek").replace('−', "-");
    let (sign, text) = text.strip_prefix('-').map_or((1, text.as_str()), |it| (-1, it));
    let (whole, decimals) = match text.rsplit_once([',', '.']) {
        Some((whole, decimals)) if decimals.len() != 3 => (whole, decimals),
        _ => (text, ""),
    };
    let digits: String = whole.chars().filter(|it| !matches!(it, ',' | '.')).collect();
    let plain = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    if !plain(&digits) || !plain(decimals) || decimals.len() > 4 || (digits.is_empty() && decimals.is_empty())
    {
        return None;
    }
    let units: i64 = if digits.is_empty() { 0 } else { digits.parse().ok()? };
    let parts: i64 = format!("{decimals:0<4}").parse().ok()?;
    units.checked_mul(10_000)?.checked_add(parts)?.checked_mul(sign)
}

/// `1 234,5` and `-0.000001`, in millionths.
fn decimal(text: &str) -> Option<i64> {
    let text = without_spaces(text).replace('−', "-");
    let (sign, text) = text.strip_prefix('-').map_or((1, text.as_str()), |it| (-1, it));
    let (whole, rest) = text.rsplit_once([',', '.']).unwrap_or((text, ""));
    let digits = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    if !digits(whole) || !digits(rest) || rest.len() > 6 || (whole.is_empty() && rest.is_empty()) {
        return None;
    }
    let units: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let parts: i64 = format!("{rest:0<6}").parse().ok()?;
    units.checked_mul(1_000_000)?.checked_add(parts)?.checked_mul(sign)
}

/// Numbers of choices with commas between them.
fn choices_read(column: &ColumnDef, text: &str) -> Option<Value> {
    let mut all = Vec::new();
    for number in text.split(',').filter(|it| !it.is_empty()) {
        all.push(number.trim().parse().ok().filter(|it| column.option(*it).is_some())?);
    }
    all.sort_unstable();
    all.dedup();
    Some(if all.is_empty() { Value::Null } else { Value::Choices(all) })
}

fn date(text: &str) -> Option<Timestamp> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    Some(Timestamp(day.and_hms_opt(0, 0, 0)?.and_utc().timestamp_micros()))
}

/// On the reader's wall. Where the clock is put back an hour is there twice: the first one is meant.
fn moment(text: &str, words: &Words) -> Option<Timestamp> {
    let local = NaiveDateTime::parse_from_str(text.get(..16)?, "%Y-%m-%dT%H:%M").ok()?;
    let at = words.zone.from_local_datetime(&local).earliest()?;
    Some(Timestamp(at.with_timezone(&Utc).timestamp_micros()))
}

#[cfg(test)]
#[path = "field_tests.rs"]
mod tests;
