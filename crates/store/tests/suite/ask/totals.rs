//! Totals, against plain code.

use super::questions::Dice;
use super::worlds::things;
use super::{all, join, judge::Judge};
use domain::ask::{Ask, DatePart, Function, Group, JoinKind, Measure, Sort, Source, Totals};
use domain::filter::Direction;
use domain::record::{Record, Value};
use std::collections::BTreeMap;

fn group(alias: &str, column: &str, part: Option<DatePart>) -> Group {
    Group { name: format!("{alias}_{column}"), alias: alias.into(), column: column.into(), part }
}

/// The same by a calendar that only counts days.
fn part_of(micros: i64, part: DatePart) -> i64 {
    let target = micros.div_euclid(86_400_000_000);
    // 1969 began on a Wednesday, and all of the small world's dates are later.
    let (mut day, mut year, mut month, mut of_month, mut week) = (-365, 1969, 1, 1, 1);
    let days = |year: i64, month: i64| match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    while day < target {
        day += 1;
        of_month += 1;
        if of_month > days(year, month) {
            (of_month, month) = (1, month + 1);
        }
        if month > 12 {
            (month, year) = (1, year + 1);
        }
        // On Mondays a week begins; it is the first when it holds the fourth of January.
        if (day + 3).rem_euclid(7) == 0 {
            let first = (month == 1 && of_month <= 4) || (month == 12 && of_month >= 29);
            week = if first { 1 } else { week + 1 };
        }
    }
    match part {
        DatePart::Year => year,
        DatePart::Quarter => (month + 2) / 3,
        DatePart::Month => month,
        DatePart::Week => week,
        DatePart::Day => of_month,
    }
}

fn grouped(record: Option<&Record>, group: &Group) -> Value {
    let value = record.map_or(Value::Null, |it| it.get(&group.column).clone());
    match (group.part, &value) {
        (Some(part), Value::Time(time)) => Value::Int(part_of(time.0, part)),
        _ => value,
    }
}

#[expect(clippy::cast_precision_loss, reason = "Small numbers")]
fn measured(function: Function, rows: usize, values: &[Value]) -> Value {
    let ints: Option<Vec<i64>> = values.iter().map(Value::int).collect();
    let floats: Vec<f64> = values
        .iter()
        .filter_map(|it| match it {
            Value::Int(it) => Some(*it as f64),
            Value::Float(it) => Some(*it),
            _ => None,
        })
        .collect();
    let number = |it: usize| Value::Int(i64::try_from(it).unwrap());
    let mut shown: Vec<String> = values.iter().map(|it| format!("{it:?}")).collect();
    shown.sort();
    shown.dedup();
    let extreme = |wanted: std::cmp::Ordering| {
        values.iter().cloned().reduce(|one, other| {
            let ordering = match (&one, &other) {
                (Value::Text(one), Value::Text(other)) => one.cmp(other),
                (Value::Int(one), Value::Int(other)) => one.cmp(other),
                (Value::Time(one), Value::Time(other)) => one.cmp(other),
                (Value::Float(one), Value::Float(other)) => one.partial_cmp(other).unwrap(),
                _ => panic!("No order"),
            };
            if ordering == wanted { one } else { other }
        })
    };
    match function {
        Function::Count => number(rows),
        Function::CountColumn => number(values.len()),
        Function::CountDistinct => number(shown.len()),
        _ if values.is_empty() => Value::Null,
        Function::Sum => {
            ints.map_or_else(|| Value::Float(floats.iter().sum()), |it| Value::Int(it.iter().sum()))
        }
        Function::Average => Value::Float(floats.iter().sum::<f64>() / floats.len() as f64),
        Function::Min => extreme(std::cmp::Ordering::Less).unwrap(),
        Function::Max => extreme(std::cmp::Ordering::Greater).unwrap(),
    }
}

fn random_totals(dice: &mut Dice, joined: bool) -> Totals {
    use DatePart::{Day, Month, Quarter, Week, Year};
    use Function::{Average, Count, CountColumn, CountDistinct, Max, Min, Sum};
    let mut totals = Totals::default();
    for _ in 0..dice.below(3) {
        let part = [Year, Quarter, Month, Week, Day][usize::from(dice.below(5))];
        let column =
            *dice.one_of(&[&"kind", &"yes", &"code", &"aboutid", &"parentid", &"kinds", &"seen", &"seen"]);
        let new = group("t", column, (column == "seen").then_some(part));
        if !totals.groups.iter().any(|it| it.name == new.name) {
            totals.groups.push(new);
        }
    }
    if joined && dice.below(2) == 0 {
        totals.groups.push(group("p", "label", None));
    }
    for nth in 0..=dice.below(4) {
        let function =
            [Count, CountColumn, CountDistinct, Sum, Average, Min, Max][usize::from(dice.below(7))];
        let column = match function {
            Count => &"",
            Sum | Average => dice.one_of(&[&"rank", &"amount", &"weight", &"ratio"]),
            Min | Max => dice.one_of(&[&"rank", &"amount", &"ratio", &"seen", &"code", &"kind"]),
            _ => dice.one_of(&[&"rank", &"code", &"parentid", &"yes", &"seen", &"kinds"]),
        };
        let column = (*column).to_owned();
        totals.measures.push(Measure { name: format!("m{nth}"), alias: "t".into(), column, function });
    }
    totals
}

#[tokio::test]
async fn totals_are_those_that_plain_code_finds() {
    for things in &things().await {
        let (admin, eva) = (things.admin(), things.eva());
        for nth in 0..150 {
            let mut dice = Dice(nth);
            let actor = if nth % 2 == 0 { &admin } else { &eva };
            let mut ask = Ask::of("thing");
            if dice.below(3) == 0 {
                ask.source.joins =
                    vec![join(JoinKind::Outer, "thingid", "thingid", Source::of("piece", "p"))];
            }
            let totals = random_totals(&mut dice, !ask.source.joins.is_empty());
            let sources = ask.source.all();
            let at = |alias: &str| sources.iter().position(|it| it.alias == alias).unwrap();
            let mut expected: BTreeMap<String, (usize, Vec<Vec<Value>>)> = BTreeMap::new();
            let empty = || (0, vec![vec![]; totals.measures.len()]);
            if totals.groups.is_empty() {
                expected.insert("[]".to_owned(), empty());
            }
            for row in Judge::new(things, actor).rows(&ask) {
                let names: Vec<Value> =
                    totals.groups.iter().map(|it| grouped(row[at(&it.alias)], it)).collect();
                let (count, values) = expected.entry(format!("{names:?}")).or_insert_with(empty);
                *count += 1;
                for (measure, values) in totals.measures.iter().zip(values) {
                    let value = row[0].unwrap().get(&measure.column).clone();
                    values.extend(Some(value).filter(|it| !it.is_null()));
                }
            }
            let order =
                vec![Sort { alias: "m0".into(), column: String::new(), direction: Direction::Descending }];
            let ask = Ask { limit: 4, order, totals: Some(totals.clone()), ..ask.clone() };
            let found = all(things, actor, &ask).await;
            assert_eq!(found.len(), expected.len(), "{ask:#?}");
            for row in &found {
                let names: Vec<&Value> = totals.groups.iter().map(|it| row.record.get(&it.name)).collect();
                let found = expected.get(&format!("{names:?}"));
                let (count, values) = found.unwrap_or_else(|| {
                    panic!("{}: {names:?} is not in {:?} {ask:?}", things.name(), expected.keys())
                });
                for (measure, values) in totals.measures.iter().zip(values) {
                    let wanted = measured(measure.function, *count, values);
                    assert_eq!(row.record.get(&measure.name), &wanted, "{} {measure:?}", things.name());
                }
            }
            let numbers: Vec<i64> = found.iter().filter_map(|it| it.record.get("m0").int()).collect();
            assert!(numbers.is_sorted_by(|one, other| one >= other), "{numbers:?}");
        }
    }
}
