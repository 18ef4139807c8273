//! Values of records as cells of rows, and back.

use crate::db::{Cell, Row};
use crate::ddl::has_sortkey;
use crate::query::column as place;
use anyhow::{Context, Result, bail, ensure};
use domain::entity::{ColumnDef, EntityDef, FieldKind};
use domain::id::RecordRef;
use domain::record::{Record, Value, Values};
use domain::text;

/// An index refuses long text.
const LONGEST_SORTKEY: usize = 100;

/// The value as it lies in its column: texts cut to the column's length, without NUL, which PostgreSQL refuses.
/// Of a lookup this is the key; its type is beside it. Fails when the value does not belong into the column.
pub(crate) fn encoded(def: &EntityDef, column: &ColumnDef, value: &Value) -> Result<Cell> {
    use FieldKind::{
        Boolean, Choice, Choices, Date, DateTime, Decimal, Email, File, Float, Integer, Key, Lookup, Memo,
        Money, Phone, Text, Url,
    };
    match (&column.kind, value) {
        (_, Value::Null) => Ok(Cell::Null),
        (Text | Memo | Email | Phone | Url, Value::Text(text)) => Ok(cut(text, column.max).into()),
        // What a file is called is never cut: it is no text but a description of one.
        (File, Value::Text(text)) => Ok(text.as_str().into()),
        (Integer | Money | Decimal | Choice, Value::Int(int)) => Ok(Cell::Int(*int)),
        (Float, Value::Float(float)) => Ok(Cell::Float(*float)),
        (Choices, Value::Choices(choices)) => Ok(joined(choices).into()),
        (Boolean, Value::Bool(bool)) => Ok(Cell::Bool(*bool)),
        (Date | DateTime, Value::Time(time)) => Ok((*time).into()),
        (Key, Value::Bytes(bytes)) => Ok(Cell::Bytes(bytes.clone())),
        (Lookup, Value::Ref(record)) => {
            let allowed = column.targets.contains(&record.entity);
            ensure!(allowed, "{}.{} does not lead to {}", def.name, column.name, record.entity);
            Ok(record.id.into())
        }
        // Deliberately without the value: it may be private.
        (kind, _) => bail!("{}.{} is {kind:?} and was given something else", def.name, column.name),
    }
}

/// Each choice between bars, so that one can be looked for: `|2|5|`. Empty when there are none.
fn joined(choices: &[i64]) -> Option<String> {
    let all: Vec<String> = choices.iter().map(ToString::to_string).collect();
    (!all.is_empty()).then(|| format!("|{}|", all.join("|")))
}

fn split(joined: &str) -> Vec<i64> {
    joined.split('|').filter_map(|it| it.parse().ok()).collect()
}

fn cut(text: &str, longest: Option<usize>) -> String {
    text.chars().filter(|it| *it != '\0').take(longest.unwrap_or(usize::MAX)).collect()
}

/// What lists sort names by. In code points `ä` stands before `å`; here they change places, which gives å ä ö,
/// as Swedish has it, and as no other language minds.
pub(crate) fn sortkey(def: &EntityDef, primary: &str) -> String {
    let folded = text::folded(primary);
    let folded = match folded.rsplit_once(char::is_whitespace) {
        Some((first, last)) if def.surname => format!("{last} {first}"),
        _ => folded,
    };
    let swapped = folded.chars().map(|it| match it {
        'å' => 'ä',
        'ä' => 'å',
        other => other,
    });
    text::clipped(&swapped.collect::<String>(), LONGEST_SORTKEY)
}

/// The columns to write for these values, with the type beside a lookup to several types, and the sort key.
/// Fails for a column that the type does not have: nothing is dropped in silence.
pub(crate) fn columns(def: &EntityDef, values: &Values) -> Result<Vec<(String, Cell)>> {
    if let Some(unknown) = values.keys().find(|it| def.column(it).is_none()) {
        bail!("{} has no column “{unknown}”", def.name);
    }
    let mut cells = Vec::with_capacity(values.len() + 4);
    for column in &def.columns {
        let Some(value) = values.get(&column.name) else { continue };
        cells.push((column.name.clone(), encoded(def, column, value)?));
        if column.has_type_column() {
            cells.push((column.type_column(), value.record().map(|it| it.entity.as_str()).into()));
        }
        if has_sortkey(def) && column.name == def.primary {
            cells.push(("sortkey".to_owned(), sortkey(def, value.text().unwrap_or_default()).into()));
        }
    }
    Ok(cells)
}

/// What to select, so that [`record`] can read it: key, version, then the columns in order.
pub(crate) fn selected(def: &EntityDef, alias: &str) -> String {
    let mut names = vec![place(alias, &def.key_column()), place(alias, "versionnumber")];
    for column in &def.columns {
        names.push(place(alias, &column.name));
        if column.has_type_column() {
            names.push(place(alias, &column.type_column()));
        }
    }
    names.join(", ")
}

/// Reads what [`selected`] selects, and says at which column of the row the next thing stands.
pub(crate) fn record(def: &EntityDef, row: &Row) -> Result<(Record, usize)> {
    let mut record = Record::new(&def.name, row.guid(0)?);
    record.version = row.int(1)?;
    let mut at = 2;
    for column in &def.columns {
        let value =
            decoded(column, row, at).with_context(|| format!("Reading {}.{}", def.name, column.name))?;
        record.values.insert(column.name.clone(), value);
        at += if column.has_type_column() { 2 } else { 1 };
    }
    Ok((record, at))
}

/// The value at a place in a row; for a lookup to several types its type is in the place behind.
pub(crate) fn decoded(column: &ColumnDef, row: &Row, at: usize) -> Result<Value> {
    use FieldKind::{
        Boolean, Choice, Choices, Date, DateTime, Decimal, Email, File, Float, Integer, Key, Lookup, Memo,
        Money, Phone, Text, Url,
    };
    if row.is_null(at) {
        return Ok(Value::Null);
    }
    Ok(match column.kind {
        Text | Memo | Email | Phone | Url | File => Value::Text(row.text(at)?.to_owned()),
        Integer | Money | Decimal | Choice => Value::Int(row.int(at)?),
        Float => Value::Float(row.float(at)?),
        Choices => Value::Choices(split(row.text(at)?)),
        Boolean => Value::Bool(row.bool(at)?),
        Date | DateTime => Value::Time(row.time(at)?),
        Key => Value::Bytes(row.bytes(at)?.to_vec()),
        Lookup => {
            let only = column.targets.first().context("A lookup without targets")?;
            let entity = if column.has_type_column() { row.text(at + 1)? } else { only };
            Value::Ref(RecordRef::new(entity, row.guid(at)?))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::entity::Catalog;
    use domain::id::Guid;

    #[test]
    fn names_sort_as_in_swedish() {
        let catalog = Catalog::standard().unwrap();
        let mut names = ["Öberg", "zorn", "Ärlig", "Åberg", "aalto", "Zack"];
        names.sort_by_key(|it| sortkey(catalog.get("account").unwrap(), it));
        assert_eq!(names, ["aalto", "Zack", "zorn", "Åberg", "Ärlig", "Öberg"]);
    }

    #[test]
    fn people_sort_by_surname() {
        let catalog = Catalog::standard().unwrap();
        let mut names = ["Åsa Öberg", "Zoë Wahlström", "Anna Wahlström", "Cher"];
        names.sort_by_key(|it| sortkey(catalog.get("contact").unwrap(), it));
        assert_eq!(names, ["Cher", "Anna Wahlström", "Zoë Wahlström", "Åsa Öberg"]);
    }

    #[test]
    fn texts_are_cut_to_their_column() {
        let catalog = Catalog::standard().unwrap();
        let def = catalog.get("account").unwrap();
        let values = Values::from([("accountnumber".to_owned(), format!("\0{}", "å".repeat(30)).into())]);
        assert_eq!(columns(def, &values).unwrap(), [("accountnumber".to_owned(), "å".repeat(20).into())]);
    }

    #[test]
    fn what_does_not_belong_is_refused() {
        let catalog = Catalog::standard().unwrap();
        let def = catalog.get("account").unwrap();
        let refused = |column: &str, value: Value| {
            columns(def, &Values::from([(column.to_owned(), value)])).unwrap_err().to_string()
        };
        assert!(refused("naem", "secret".into()).contains("no column “naem”"));
        assert!(!refused("statecode", "secret".into()).contains("secret"));
        assert!(refused("primarycontactid", RecordRef::new("lead", Guid::NIL).into()).contains("lead"));
        assert!(refused("versionnumber", 7.into()).contains("no column"));
    }
}
