//! For the tests of the query languages: a world to ask about, and questions as short text.
#![expect(clippy::format_push_string, reason = "Short texts in tests; plain is better than fast.")]

use domain::ask::{Ask, Asker, Expand, Pick, Source, Totals, Way};
use domain::entity::{Catalog, parse};
use domain::filter::{Direction, Filter, Op, Shape};
use domain::id::Guid;
use domain::record::Value;
use domain::time::Timestamp;

/// The standard types, one with a column of each kind, and one that ties contacts to accounts.
pub(crate) fn catalog() -> Catalog {
    static CATALOG: std::sync::OnceLock<Catalog> = std::sync::OnceLock::new();
    CATALOG.get_or_init(read).clone()
}

fn read() -> Catalog {
    let label = "label={en='a',sv='b'}";
    let head = |name: &str, more: &str| {
        format!(
            "name='{name}'\nset='{name}s'\nownership='organization'\nicon='x'\nprimary='name'\n{more}{label}\n\
             plural={{en='a',sv='b'}}\n[[column]]\nname='name'\nkind='text'\n{label}\n"
        )
    };
    let mut sample = head("sample", "");
    let choices = format!("options=[{{value=1,{label}}},{{value=2,{label}}}]");
    for (name, kind, more) in [
        ("number", "integer", ""),
        ("money", "money", ""),
        ("decimal", "decimal", ""),
        ("float", "float", ""),
        ("truth", "boolean", ""),
        ("day", "date", ""),
        ("time", "datetime", ""),
        ("state", "choice", choices.as_str()),
        ("states", "choices", choices.as_str()),
        ("customer", "lookup", "targets=['account','contact']"),
        ("user", "lookup", "targets=['systemuser']"),
        ("team", "lookup", "targets=['team']"),
        ("unit", "lookup", "targets=['businessunit']"),
        ("document", "file", ""),
    ] {
        sample += &format!("[[column]]\nname='{name}'\nkind='{kind}'\n{label}\n{more}\n");
    }
    let mut tie = head("tie", "intersect=true\n");
    for target in ["contact", "account"] {
        tie += &format!("[[column]]\nname='{target}id'\nkind='lookup'\n{label}\ntargets=['{target}']\n");
    }
    let mut types = Catalog::standard_types().unwrap();
    types.extend([sample, tie].iter().map(|it| parse(it).unwrap()));
    Catalog::of(types, vec![]).unwrap()
}

/// Monday evening in Stockholm: 2026-11-23 at 21:30, an hour ahead of UTC.
pub(crate) fn asker() -> Asker {
    Asker {
        user: id(1),
        unit: id(2),
        teams: vec![id(3), id(4)],
        now: Timestamp::parse("2026-11-23T20:30:00Z").unwrap(),
        ahead_of_utc: 60,
    }
}

pub(crate) fn id(last: u8) -> Guid {
    let mut bytes = [0; 16];
    bytes[15] = last;
    Guid::from_bytes(&bytes).unwrap()
}

pub(crate) fn ask(ask: &Ask) -> String {
    let mut out = String::new();
    if let Some(totals) = &ask.totals {
        out += &shown_totals(totals);
        out.push(' ');
    }
    if ask.distinct {
        out += "distinct ";
    }
    out += &source(&ask.source);
    for (at, sort) in ask.order.iter().enumerate() {
        out += if at == 0 { " order " } else { ", " };
        out += &[sort.alias.as_str(), sort.column.as_str()].join(".");
        out += if sort.direction == Direction::Descending { " desc" } else { "" };
    }
    out += &format!(" limit {}", ask.limit);
    for (word, is) in [(" count", ask.count), (&format!(" skip {}", ask.skip), ask.skip > 0)] {
        out += if is { word } else { "" };
    }
    if let Some(after) = &ask.after {
        out += &format!(" after {:?}", after.values.iter().map(value).collect::<Vec<_>>());
    }
    out
}

fn shown_totals(totals: &Totals) -> String {
    let groups = totals.groups.iter().map(|it| {
        let part = it.part.map(|it| format!(" by {it:?}")).unwrap_or_default();
        format!("{}={}.{}{part}", it.name, it.alias, it.column)
    });
    let measures =
        totals.measures.iter().map(|it| format!("{}={:?}({}.{})", it.name, it.function, it.alias, it.column));
    format!(
        "totals [{}] [{}]",
        groups.collect::<Vec<_>>().join(", "),
        measures.collect::<Vec<_>>().join(", ")
    )
}

fn source(source_: &Source) -> String {
    let columns = match &source_.columns {
        Pick::All => "*".to_owned(),
        Pick::These(columns) => columns.join(", "),
    };
    let mut out = format!("{} {} [{columns}]", source_.entity, source_.alias);
    if source_.filter != Filter::everything() {
        out += &format!(" where {}", filter(&source_.filter));
    }
    for join in &source_.joins {
        out +=
            &format!(" {:?} {}={} ({})", join.kind, join.from, join.to, source(&join.source)).to_lowercase();
    }
    out
}

pub(crate) fn filter(it: &Filter) -> String {
    let all = |filters: &[Filter], word: &str| filters.iter().map(filter).collect::<Vec<_>>().join(word);
    match it {
        Filter::All(none) if none.is_empty() => "true".to_owned(),
        Filter::Any(none) if none.is_empty() => "false".to_owned(),
        Filter::All(filters) => format!("({})", all(filters, " and ")),
        Filter::Any(filters) => format!("({})", all(filters, " or ")),
        Filter::Not(not) => format!("!{}", filter(not)),
        Filter::Compare { column, op, value: it } => format!("{column}{}{}", sign(*op), value(it)),
        Filter::In { column, values } => {
            format!("{column} in [{}]", values.iter().map(value).collect::<Vec<_>>().join(", "))
        }
        Filter::Null { column } => format!("{column} null"),
        Filter::Words(words) => format!("words {words:?}"),
        Filter::Like { column, shape } => match shape {
            Shape::Begins(it) => format!("{column} begins {it:?}"),
            Shape::Ends(it) => format!("{column} ends {it:?}"),
            Shape::Contains(it) => format!("{column} contains {it:?}"),
            Shape::Pattern(it) => format!("{column} like {it:?}"),
        },
        Filter::Columns { left, op, right } => format!("{left}{}{right}", sign(*op)),
        Filter::HasChoice { column, values } => format!("{column} has {values:?}"),
        Filter::Exists { entity, from, to, filter: it } => {
            format!("exists({entity} {from}={to} {})", filter(it))
        }
        Filter::Beside { alias, filter: it } => format!("{alias}:{}", filter(it)),
    }
}

fn sign(op: Op) -> &'static str {
    match op {
        Op::Eq => "=",
        Op::Ne => "<>",
        Op::Lt => "<",
        Op::Le => "<=",
        Op::Gt => ">",
        Op::Ge => ">=",
    }
}

fn value(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(it) => it.to_string(),
        Value::Int(it) => it.to_string(),
        Value::Float(it) => format!("{it}f"),
        Value::Text(it) => format!("{it:?}"),
        Value::Choices(it) => format!("{it:?}"),
        Value::Time(it) => it.to_string(),
        Value::Ref(it) => format!("{}/{}", it.entity, it.id.as_bytes()[15]),
        Value::Bytes(it) => format!("{} bytes", it.len()),
    }
}

pub(crate) fn expand(all: &[Expand]) -> String {
    let each = all.iter().map(|it| {
        let way = match &it.way {
            Way::One { column, target } => format!("{column} to {target}"),
            Way::Many { entity, column } => format!("{entity} by {column}"),
            Way::Across { intersect, here, there, entity } => {
                format!("{entity} across {intersect}.{here}.{there}")
            }
        };
        let only = if it.only_ref { " refs" } else { "" };
        let below = if it.expand.is_empty() { String::new() } else { format!(" {}", expand(&it.expand)) };
        format!("{}: {way}{only}: {}{below}", it.name, ask(&it.ask))
    });
    format!("{{{}}}", each.collect::<Vec<_>>().join("; "))
}
