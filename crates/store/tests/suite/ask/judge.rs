//! The same questions answered by plain code over all records.

use super::questions::key;
use super::worlds::Things;
use domain::ask::{Ask, JoinKind, Sort, Source};
use domain::filter::{Direction, Filter, Op, Shape};
use domain::id::Guid;
use domain::privilege::{Action, Actor, Reach};
use domain::record::{Record, Value};
use domain::text::{alike, folded};
use std::cmp::Ordering;

/// The record in each place; the places are those of `Source::all`.
pub type Row<'a> = Vec<Option<&'a Record>>;

pub struct Judge<'a> {
    things: &'a Things,
    actor: &'a Actor,
}

#[derive(Debug, Clone, PartialEq, PartialOrd)]
pub enum Key {
    Number(f64),
    Text(String),
    Bytes(Guid),
}

impl<'a> Judge<'a> {
    pub fn new(things: &'a Things, actor: &'a Actor) -> Judge<'a> {
        Judge { things, actor }
    }

    /// All of a type that the actor may read.
    pub fn of(&self, entity: &str) -> impl Iterator<Item = &'a Record> {
        self.things.records.iter().filter(move |it| it.entity == entity && self.readable(it))
    }

    fn readable(&self, record: &Record) -> bool {
        let end = |column: &str| {
            let wanted = record.get(column).record();
            self.things.records.iter().any(|it| Some(&it.reference()) == wanted && self.readable(it))
        };
        match record.entity.as_str() {
            "piece" => return end("thingid"),
            "tie" => return end("thingid") && end("fellowid"),
            _ => {}
        }
        match self.actor.scope(Action::Read, &record.entity).reach() {
            Reach::Nothing => false,
            Reach::Everything => true,
            Reach::Some(some) => {
                some.principals.contains(&record.owner().unwrap().id)
                    || self.things.shares.iter().any(|(principal, shared)| {
                        some.principals.contains(principal) && *shared == record.reference()
                    })
            }
        }
    }

    pub fn rows(&self, ask: &Ask) -> Vec<Row<'a>> {
        let sources = ask.source.all();
        let mut rows: Vec<Row<'a>> =
            self.of(&ask.source.entity).flat_map(|it| self.beside(&ask.source, it)).collect();
        rows.retain(|row| self.holds(row[0], &ask.source.filter, &sources, row) == Some(true));
        let usual = [Sort {
            alias: ask.source.alias.clone(),
            column: "createdon".into(),
            direction: Direction::Ascending,
        }];
        let order: &[Sort] = if ask.order.is_empty() { &usual } else { &ask.order };
        rows.sort_by(|one, other| {
            for sort in order {
                let at = sources.iter().position(|it| it.alias == sort.alias).unwrap();
                let key = |row: &Row<'a>| row[at].and_then(|it| self.key(it, &sort.column));
                let ordering = ordered(key(one), key(other), sort.direction);
                if ordering != Ordering::Equal {
                    return ordering;
                }
            }
            let direction = order.last().unwrap().direction;
            (0..one.len())
                .map(|at| {
                    let id = |row: &Row<'a>| row[at].map(|it| Key::Bytes(it.id));
                    ordered(id(one), id(other), direction)
                })
                .find(|it| *it != Ordering::Equal)
                .unwrap_or(Ordering::Equal)
        });
        rows
    }

    fn beside(&self, source: &Source, record: &'a Record) -> Vec<Row<'a>> {
        let mut rows: Vec<Row<'a>> = vec![vec![Some(record)]];
        for join in &source.joins {
            let mut partners: Vec<Row<'a>> = vec![];
            for other in self.of(&join.source.entity) {
                let same = match (value(record, &join.from), value(other, &join.to)) {
                    (Value::Null, _) => false,
                    (one, other) => one == other,
                };
                if same && self.holds(Some(other), &join.source.filter, &[], &[]) == Some(true) {
                    partners.extend(self.beside(&join.source, other));
                }
            }
            if partners.is_empty() && join.kind == JoinKind::Outer {
                partners.push(vec![None; join.source.all().len()]);
            }
            let pairs =
                rows.iter().flat_map(|row| partners.iter().map(move |it| [row.clone(), it.clone()].concat()));
            rows = pairs.collect();
        }
        rows
    }

    /// What a column is sorted by.
    pub fn key(&self, record: &Record, column: &str) -> Option<Key> {
        let def = self.things.catalog().get(&record.entity).unwrap();
        let value = value(record, column);
        #[expect(clippy::cast_precision_loss, reason = "The world knows no large numbers but times.")]
        Some(match &value {
            _ if column == def.primary && record.entity != "piece" && value.record().is_none() => {
                let folded = folded(value.text().unwrap_or_default());
                let swapped = match folded.rsplit_once(char::is_whitespace) {
                    Some((first, last)) if def.surname => format!("{last} {first}"),
                    _ => folded,
                };
                Key::Text(swedish(&swapped))
            }
            Value::Null => return None,
            Value::Text(text) => Key::Text(swedish(&alike(text))),
            Value::Bool(it) => Key::Number(f64::from(u8::from(*it))),
            Value::Int(it) => Key::Number(*it as f64),
            Value::Float(it) => Key::Number(*it),
            Value::Time(it) => Key::Number(it.0 as f64),
            Value::Ref(it) => Key::Bytes(it.id),
            Value::Choices(all) => {
                let each: Vec<String> = all.iter().map(ToString::to_string).collect();
                Key::Text(format!("|{}|", each.join("|")))
            }
            Value::Bytes(_) => panic!("No such column"),
        })
    }

    /// `None`: nobody knows, because something is empty.
    fn holds(
        &self,
        record: Option<&Record>,
        filter: &Filter,
        sources: &[&Source],
        row: &[Option<&Record>],
    ) -> Option<bool> {
        let value = |name: &str| record.map_or(Value::Null, |it| value(it, name));
        match filter {
            Filter::All(all) => {
                let each: Vec<_> = all.iter().map(|it| self.holds(record, it, sources, row)).collect();
                if each.contains(&Some(false)) {
                    Some(false)
                } else if each.contains(&None) {
                    None
                } else {
                    Some(true)
                }
            }
            Filter::Any(all) => {
                let each: Vec<_> = all.iter().map(|it| self.holds(record, it, sources, row)).collect();
                if each.contains(&Some(true)) {
                    Some(true)
                } else if each.contains(&None) {
                    None
                } else {
                    Some(false)
                }
            }
            Filter::Not(filter) => self.holds(record, filter, sources, row).map(|it| !it),
            Filter::Compare { column, op, value: wanted } => compared(&value(column), *op, wanted),
            Filter::In { column, values } => {
                let each: Vec<_> = values.iter().map(|it| compared(&value(column), Op::Eq, it)).collect();
                if each.contains(&Some(true)) {
                    Some(true)
                } else if each.contains(&None) {
                    None
                } else {
                    Some(false)
                }
            }
            Filter::Null { column } => Some(value(column).is_null()),
            Filter::Words(_) => panic!("Not asked here"),
            Filter::Like { column, shape } => value(column).text().map(|it| looks_like(&alike(it), shape)),
            Filter::Columns { left, op, right } => match (value(left), value(right)) {
                (Value::Null, _) | (_, Value::Null) => None,
                (left, right) => compared(&left, *op, &right),
            },
            Filter::HasChoice { column, values } => match value(column) {
                Value::Choices(all) => Some(values.iter().any(|it| all.contains(it))),
                _ if values.is_empty() => Some(false),
                _ => None,
            },
            Filter::Exists { entity, from, to, filter } => {
                let ours = value(to);
                let found = self.of(entity).any(|it| {
                    !ours.is_null()
                        && self::value(it, from) == ours
                        && self.holds(Some(it), filter, &[], &[]) == Some(true)
                });
                Some(found)
            }
            Filter::Beside { alias, filter } => {
                let at = sources.iter().position(|it| it.alias == *alias).unwrap();
                self.holds(row[at], filter, &[], &[])
            }
        }
    }
}

/// Of a record; its key is a reference to itself.
fn value(record: &Record, name: &str) -> Value {
    if name == key(&record.entity) { record.reference().into() } else { record.get(name).clone() }
}

fn swedish(text: &str) -> String {
    let swapped = |it| match it {
        'å' => 'ä',
        'ä' => 'å',
        other => other,
    };
    text.chars().map(swapped).collect()
}

fn ordered(one: Option<Key>, other: Option<Key>, direction: Direction) -> Ordering {
    match (one, other, direction) {
        (None, None, _) => Ordering::Equal,
        (None, ..) => Ordering::Greater,
        (_, None, _) => Ordering::Less,
        (Some(one), Some(other), Direction::Ascending) => one.partial_cmp(&other).unwrap(),
        (Some(one), Some(other), Direction::Descending) => other.partial_cmp(&one).unwrap(),
    }
}

fn compared(ours: &Value, op: Op, wanted: &Value) -> Option<bool> {
    match (ours, op, wanted) {
        (ours, Op::Eq, Value::Null) => return Some(ours.is_null()),
        (ours, Op::Ne, Value::Null) => return Some(!ours.is_null()),
        (Value::Null, ..) => return None,
        _ => {}
    }
    let ordering = match (ours, wanted) {
        (Value::Text(one), Value::Text(other)) => alike(one).cmp(&alike(other)),
        (Value::Int(one), Value::Int(other)) => one.cmp(other),
        (Value::Float(one), Value::Float(other)) => one.partial_cmp(other).unwrap(),
        (Value::Bool(one), Value::Bool(other)) => one.cmp(other),
        (Value::Time(one), Value::Time(other)) => one.cmp(other),
        (one, other) if one == other => Ordering::Equal,
        _ => Ordering::Less,
    };
    Some(match op {
        Op::Eq => ordering.is_eq(),
        Op::Ne => ordering.is_ne(),
        Op::Lt => ordering.is_lt(),
        Op::Le => ordering.is_le(),
        Op::Gt => ordering.is_gt(),
        Op::Ge => ordering.is_ge(),
    })
}

fn looks_like(text: &str, shape: &Shape) -> bool {
    match shape {
        Shape::Begins(it) => text.starts_with(&alike(it)),
        Shape::Ends(it) => text.ends_with(&alike(it)),
        Shape::Contains(it) => text.contains(&alike(it)),
        Shape::Pattern(it) => {
            matches(&text.chars().collect::<Vec<_>>(), &alike(it).chars().collect::<Vec<_>>())
        }
    }
}

fn matches(text: &[char], pattern: &[char]) -> bool {
    match pattern {
        [] => text.is_empty(),
        ['[', sign @ ('%' | '_' | '['), ']', rest @ ..] => {
            text.first() == Some(sign) && matches(&text[1..], rest)
        }
        ['%', rest @ ..] => (0..=text.len()).any(|at| matches(&text[at..], rest)),
        ['_', rest @ ..] => !text.is_empty() && matches(&text[1..], rest),
        [letter, rest @ ..] => text.first() == Some(letter) && matches(&text[1..], rest),
    }
}
