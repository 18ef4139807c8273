//! Random questions about the small world.

use crate::company::{at, guid};
use domain::ask::{Ask, Join, JoinKind, Pick, Sort, Source};
use domain::entity::ColumnDef;
use domain::filter::{Direction, Filter, Op, Shape};
use domain::id::RecordRef;
use domain::record::Value;
use domain::time::Timestamp;

/// The types, with the first key of each and how many there are.
pub const ENTITIES: [(&str, u8, u8); 4] =
    [("thing", 30, 30), ("fellow", 60, 20), ("piece", 100, 25), ("tie", 130, 20)];

/// Both columns may hold the same key.
const LINKS: [(&str, &str, &str, &str); 9] = [
    ("thing", "parentid", "thing", "thingid"),
    ("thing", "aboutid", "thing", "thingid"),
    ("thing", "aboutid", "fellow", "fellowid"),
    ("fellow", "thingid", "thing", "thingid"),
    ("piece", "thingid", "thing", "thingid"),
    ("tie", "thingid", "thing", "thingid"),
    ("tie", "fellowid", "fellow", "fellowid"),
    ("fellow", "thingid", "thing", "parentid"),
    ("thing", "aboutid", "fellow", "thingid"),
];

const TEXTS: [&str; 28] = [
    "Åsa", "åsa", "ÅSA Ek", "Ärlig", "ärlig", "öl", "ÖL", "Öl bar", "straße", "STRASSE", "É", "é", "100%",
    "100 kr", "a_b", "axb", "O'Hara", "\"q\"", " x ", "İx", "\\", "[a]", "ab", "AB c", "Σ", "ς", "a@b.se",
    "",
];

const SHAPES: [&str; 16] = [
    "å", "Å%", "%l", "_l", "%S%", "100[%]", "100%", "a[_]b", "a_b", "[[]%", "\\", "%'%", "", " ", "öl%",
    "%é%",
];

/// Numbers that look like chance, the same each time.
pub struct Dice(pub u64);

/// Whether the world writes the column itself.
pub fn filled(column: &ColumnDef) -> bool {
    let stamped = ["createdon", "createdby", "modifiedon", "modifiedby", "ownerid", "owningbusinessunit"];
    !stamped.contains(&column.name.as_str())
}

/// The columns to ask about, the key last.
fn columns(entity: &str) -> &'static [&'static str] {
    match entity {
        "thing" => &[
            "name",
            "code",
            "mail",
            "rank",
            "amount",
            "weight",
            "ratio",
            "yes",
            "seen",
            "kind",
            "kinds",
            "parentid",
            "aboutid",
            "createdon",
            "thingid",
        ],
        "fellow" => &["fullname", "thingid", "createdon", "fellowid"],
        "piece" => &["label", "thingid", "createdon", "pieceid"],
        _ => &["thingid", "fellowid", "createdon", "tieid"],
    }
}

pub fn key(entity: &str) -> String {
    format!("{entity}id")
}

fn is_text(column: &str) -> bool {
    matches!(column, "name" | "code" | "mail" | "fullname" | "label")
}

fn is_lookup(column: &str) -> bool {
    column.ends_with("id")
}

impl Dice {
    pub fn below(&mut self, limit: u8) -> u8 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u8::try_from((self.0 >> 33) % u64::from(limit)).unwrap()
    }

    pub fn one_of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[usize::from(self.below(u8::try_from(all.len()).unwrap()))]
    }

    fn reference(&mut self, entity: &str) -> Value {
        let (_, first, count) = ENTITIES.into_iter().find(|it| it.0 == entity).unwrap();
        let n = first + self.below(count);
        RecordRef::new(entity, guid(n)).into()
    }

    /// Something that may stand in a column of this name.
    pub fn value(&mut self, column: &str) -> Value {
        let small = i64::from(self.below(6)) - 2;
        match column {
            "rank" => small.into(),
            "amount" | "weight" => Value::Int(small * 12_345),
            #[expect(clippy::cast_precision_loss, reason = "Small")]
            "ratio" => Value::Float(small as f64 / 8.0),
            "yes" => (small > 0).into(),
            "seen" => Timestamp(small * 40 * Timestamp::DAY - 1).into(),
            "createdon" => at(20 + small * 3).into(),
            "kind" => Value::Int([1, 2, 12][usize::from(self.below(3))]),
            "kinds" => Value::Choices(
                [vec![1], vec![2], vec![12], vec![1, 12], vec![1, 2, 12]][usize::from(self.below(5))].clone(),
            ),
            "aboutid" if self.below(2) == 0 => self.reference("fellow"),
            "aboutid" | "parentid" => self.reference("thing"),
            lookup if is_lookup(lookup) => self.reference(lookup.trim_end_matches("id")),
            _ => self.one_of(&TEXTS).into(),
        }
    }

    pub fn ask(&mut self) -> Ask {
        let entity = self.one_of(&["thing", "thing", "fellow", "piece", "tie"]);
        let mut ask = Ask::of(entity);
        ask.source = self.source(entity, "t", 0);
        let aliases: Vec<(String, String)> =
            ask.source.all().iter().map(|it| (it.alias.clone(), it.entity.clone())).collect();
        ask.source.filter = self.filter(entity, &aliases[1..], 0);
        for _ in 0..self.below(4) {
            let (alias, entity) = &aliases[usize::from(self.below(u8::try_from(aliases.len()).unwrap()))];
            ask.order.push(Sort {
                alias: alias.clone(),
                column: self.one_of(columns(entity)).to_owned(),
                direction: if self.below(2) == 0 { Direction::Ascending } else { Direction::Descending },
            });
        }
        ask.limit = 1 + u32::from(self.below(9)) * 3;
        ask.skip = if self.below(4) == 0 { self.below(5).into() } else { 0 };
        ask
    }

    fn source(&mut self, entity: &str, alias: &str, depth: u8) -> Source {
        let mut source = Source::of(entity, alias);
        if self.below(2) == 0 {
            let some: Vec<String> =
                columns(entity).iter().filter(|_| self.below(2) == 0).map(|it| (*it).to_owned()).collect();
            source.columns = Pick::These(some);
        }
        let joins = if depth < 2 && self.below(2) == 0 { 1 + self.below(2) } else { 0 };
        for nth in 0..joins {
            let (from, to, other) = self.link(entity);
            let mut joined = self.source(other, &format!("{alias}{nth}"), depth + 1);
            if self.below(2) == 0 {
                joined.filter = self.filter(other, &[], 1);
            }
            let kind = if self.below(2) == 0 { JoinKind::Inner } else { JoinKind::Outer };
            source.joins.push(Join { kind, from: from.to_owned(), to: to.to_owned(), source: joined });
        }
        source
    }

    /// A column here, a column there, and where that is.
    fn link(&mut self, entity: &str) -> (&'static str, &'static str, &'static str) {
        let there = LINKS.into_iter().filter(|it| it.0 == entity).map(|it| (it.1, it.3, it.2));
        let back = LINKS.into_iter().filter(|it| it.2 == entity).map(|it| (it.3, it.1, it.0));
        let all: Vec<_> = there.chain(back).collect();
        all[usize::from(self.below(u8::try_from(all.len()).unwrap()))]
    }

    fn filters(&mut self, entity: &str, beside: &[(String, String)], depth: u8) -> Vec<Filter> {
        (0..self.below(4)).map(|_| self.filter(entity, beside, depth + 1)).collect()
    }

    fn filter(&mut self, entity: &str, beside: &[(String, String)], depth: u8) -> Filter {
        let column = self.one_of(columns(entity)).to_owned();
        match self.below(if depth > 2 { 8 } else { 13 }) {
            7 if entity == "thing" => {
                let values = (0..self.below(3)).map(|_| [1, 2, 3][usize::from(self.below(3))]).collect();
                Filter::HasChoice { column: "kinds".to_owned(), values }
            }
            0 | 1 | 7 => self.compare(column),
            2 => Filter::In { values: (0..self.below(4)).map(|_| self.maybe(&column)).collect(), column },
            3 => Filter::Null { column },
            4 | 5 => self.like(entity),
            6 => self.columns(entity),
            8 => Filter::All(self.filters(entity, beside, depth)),
            9 => Filter::Any(self.filters(entity, beside, depth)),
            10 => Filter::Not(Box::new(self.filter(entity, beside, depth + 1))),
            11 if !beside.is_empty() => {
                let (alias, entity) = &beside[usize::from(self.below(u8::try_from(beside.len()).unwrap()))];
                let filter = Box::new(self.filter(entity, &[], depth + 1));
                Filter::Beside { alias: alias.clone(), filter }
            }
            _ => {
                let (to, from, other) = self.link(entity);
                let filter = Box::new(self.filter(other, &[], depth + 1));
                Filter::Exists { entity: other.to_owned(), from: from.to_owned(), to: to.to_owned(), filter }
            }
        }
    }

    /// Nothing, now and then.
    fn maybe(&mut self, column: &str) -> Value {
        if self.below(6) == 0 { Value::Null } else { self.value(column) }
    }

    fn compare(&mut self, column: String) -> Filter {
        let equal = [Op::Eq, Op::Ne];
        let all = [Op::Eq, Op::Ne, Op::Lt, Op::Le, Op::Gt, Op::Ge];
        let value = self.maybe(&column);
        let few = is_lookup(&column) || column == "kinds" || value.is_null();
        let op = if few { equal[usize::from(self.below(2))] } else { all[usize::from(self.below(6))] };
        Filter::Compare { column, op, value }
    }

    fn like(&mut self, entity: &str) -> Filter {
        let texts: Vec<&str> = columns(entity).iter().copied().filter(|it| is_text(it)).collect();
        if texts.is_empty() {
            return self.compare("createdon".to_owned());
        }
        let column = self.one_of(&texts).to_owned();
        let all: &[&str] = if self.below(2) == 0 { &TEXTS } else { &SHAPES };
        let text = self.one_of(all).to_owned();
        let shape = match self.below(4) {
            0 => Shape::Begins(text),
            1 => Shape::Ends(text),
            2 => Shape::Contains(text),
            _ => Shape::Pattern(text),
        };
        Filter::Like { column, shape }
    }

    fn columns(&mut self, entity: &str) -> Filter {
        let (left, right, ordered) = match (entity, self.below(4)) {
            ("thing", 0) => ("name", "code", true),
            ("thing", 1) => ("code", "mail", true),
            ("thing", 2) => ("parentid", "aboutid", false),
            ("thing", _) => ("aboutid", "thingid", false),
            _ => ("createdon", "modifiedon", true),
        };
        let all = [Op::Eq, Op::Ne, Op::Lt, Op::Le, Op::Gt, Op::Ge];
        let op = all[usize::from(self.below(if ordered { 6 } else { 2 }))];
        Filter::Columns { left: left.to_owned(), op, right: right.to_owned() }
    }
}
