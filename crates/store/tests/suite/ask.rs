//! Questions over several types: whatever is asked, both engines answer what plain code over all records says.

mod judge;
mod questions;
mod totals;
mod worlds;

use crate::company::{ADMIN, guid};
use domain::ask::{Answer, Ask, Found, Join, JoinKind, Pick, Place, Sort, Source};
use domain::filter::{Direction, Filter, Op, Shape};
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor, Scopes};
use domain::record::{Record, Value};
use judge::Judge;
use questions::Dice;
use store::Senseless;
use store::ask::{Each, answer, answer_each, plan, types};
use worlds::{Things, things};

const QUESTIONS: u32 = 250;

fn scopes(things: &Things, actor: &Actor, ask: &Ask) -> Scopes {
    let types = types(things.catalog(), ask).unwrap();
    actor.scopes(Action::Read, types.iter().map(String::as_str))
}

async fn asked(things: &Things, actor: &Actor, ask: &Ask) -> Answer {
    let scopes = scopes(things, actor, ask);
    answer(things.db(), things.catalog(), ask, &scopes).await.unwrap_or_else(|it| panic!("{it:#}\n{ask:#?}"))
}

/// Page by page until the end.
async fn all(things: &Things, actor: &Actor, ask: &Ask) -> Vec<Found> {
    let (mut all, mut ask) = (vec![], ask.clone());
    loop {
        let page = asked(things, actor, &ask).await;
        assert!(page.rows.len() <= ask.limit as usize);
        assert!(page.next.is_none() || page.rows.len() == ask.limit as usize);
        all.extend(page.rows);
        (ask.after, ask.skip) = (page.next, 0);
        if ask.after.is_none() {
            return all;
        }
    }
}

/// Which record stands in each place of a row; the places are those of `Source::all`.
fn ids(ask: &Ask, found: &Found) -> Vec<Option<Guid>> {
    let others = ask.source.all().into_iter().skip(1);
    let others = others.map(|it| found.joined.get(&it.alias).map(|it| it.id));
    std::iter::once(Some(found.record.id)).chain(others).collect()
}

fn picked(source: &Source, record: &Record, shown: &Record) {
    let wanted = |name: &str| match &source.columns {
        Pick::All => true,
        Pick::These(names) => names.iter().any(|it| it == name),
    };
    for (name, value) in &record.values {
        assert_eq!(shown.values.get(name), wanted(name).then_some(value), "{name}");
    }
    assert_eq!((shown.version, &shown.entity), (record.version, &record.entity));
}

#[tokio::test]
async fn any_question_has_the_answer_that_plain_code_gives() {
    for things in &things().await {
        for actor in [things.admin(), things.eva()] {
            let judge = Judge::new(things, &actor);
            let mut dice = Dice(if actor.user() == guid(ADMIN) { 1 } else { 2 });
            for _ in 0..QUESTIONS {
                let ask = dice.ask();
                let expected = judge.rows(&ask);
                let skip = ask.skip as usize;
                let found = all(things, &actor, &ask).await;
                let shown: Vec<Vec<Option<Guid>>> = found.iter().map(|it| ids(&ask, it)).collect();
                let wanted: Vec<Vec<Option<Guid>>> =
                    expected.iter().map(|row| row.iter().map(|it| it.map(|it| it.id)).collect()).collect();
                let (wanted_page, who) = (&wanted[skip.min(wanted.len())..], actor.user());
                assert_eq!(shown, wanted_page, "{} {who} {ask:#?}", things.name());
                for (row, found) in expected[skip.min(expected.len())..].iter().zip(&found) {
                    picked(&ask.source, row[0].unwrap(), &found.record);
                }
                let count = asked(things, &actor, &Ask { count: true, limit: 0, ..ask.clone() }).await;
                assert_eq!((count.count, count.rows.len()), (Some(wanted.len() as u64), 0), "{ask:#?}");
            }
        }
    }
}

fn join(kind: JoinKind, from: &str, to: &str, source: Source) -> Join {
    Join { kind, from: from.into(), to: to.into(), source }
}

fn these(names: &[&str]) -> Pick {
    Pick::These(names.iter().map(|it| (*it).to_owned()).collect())
}

#[tokio::test]
async fn distinct_rows_are_those_that_show_something_else() {
    for things in &things().await {
        let admin = things.admin();
        let judge = Judge::new(things, &admin);
        let mut ask = Ask { distinct: true, limit: 2, ..Ask::of("thing") };
        ask.source.columns = these(&["kind", "yes"]);
        ask.order = vec![Sort { alias: "t".into(), column: "kind".into(), direction: Direction::Descending }];
        let mut expected: Vec<(Option<i64>, Option<bool>)> = vec![];
        for row in judge.rows(&Ask::of("thing")) {
            let shown = (row[0].unwrap().get("kind").int(), row[0].unwrap().get("yes").bool());
            if !expected.contains(&shown) {
                expected.push(shown);
            }
        }
        let found = all(things, &admin, &ask).await;
        let mut shown: Vec<_> =
            found.iter().map(|it| (it.record.get("kind").int(), it.record.get("yes").bool())).collect();
        assert!(shown.windows(2).all(|it| it[1].0.is_none() || it[0].0 >= it[1].0), "{shown:?}");
        shown.sort_unstable();
        expected.sort_unstable();
        assert_eq!(shown, expected);
        assert_eq!(found[0].record.id, Guid::NIL, "such a row is no record");
        let count = asked(things, &admin, &Ask { count: true, limit: 0, ..ask.clone() }).await.count;
        assert_eq!(count, Some(expected.len() as u64));

        // With the key among what is shown, joined rows that show nothing do not multiply.
        let mut ask = Ask { distinct: true, limit: 3, ..Ask::of("thing") };
        let mut pieces = Source::of("piece", "p");
        pieces.columns = these(&[]);
        ask.source.joins = vec![join(JoinKind::Inner, "thingid", "thingid", pieces)];
        let mut once = all(things, &admin, &ask).await.iter().map(|it| it.record.id).collect::<Vec<_>>();
        let many = once.len();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), many);
        let rows = judge.rows(&Ask { distinct: false, ..ask });
        assert!(rows.len() > many && rows.iter().all(|it| once.contains(&it[0].unwrap().id)));
    }
}

#[tokio::test]
async fn each_parent_has_its_own_first_children() {
    for things in &things().await {
        let admin = things.admin();
        let judge = Judge::new(things, &admin);
        let parents: Vec<Value> = judge.of("thing").map(|it| it.reference().into()).collect();
        let mut ask = Ask { limit: 1, ..Ask::of("piece") };
        ask.source.columns = these(&["thingid"]);
        ask.source.filter = Filter::In { column: "thingid".into(), values: parents };
        ask.order =
            vec![Sort { alias: "t".into(), column: "label".into(), direction: Direction::Descending }];
        let each = Each { alias: "t".into(), column: "thingid".into() };
        let scopes = scopes(things, &admin, &ask);
        let found = answer_each(things.db(), things.catalog(), &ask, &scopes, &each).await.unwrap();
        for parent in judge.of("thing") {
            let of = |it: &&Record| it.get("thingid") == &Value::Ref(parent.reference());
            let rows = judge.rows(&ask);
            let expected: Vec<Guid> =
                rows.iter().map(|it| it[0].unwrap()).filter(of).map(|it| it.id).take(2).collect();
            let shown: Vec<Guid> = found.iter().map(|it| &it.record).filter(of).map(|it| it.id).collect();
            assert_eq!(shown, expected, "one more than asked for");
        }
    }
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_and_a_missing_scope_shows_nothing() {
    let things = &worlds::on_sqlite().await;
    let admin = things.admin();
    let by = |alias: &str, column: &str| Sort {
        alias: alias.into(),
        column: column.into(),
        direction: Direction::Ascending,
    };
    let of = Ask::of("thing");
    let joined = |alias: &str, from: &str, to: &str| {
        let mut ask = Ask::of("thing");
        ask.source.joins = vec![join(JoinKind::Inner, from, to, Source::of("fellow", alias))];
        ask
    };
    let filtered = |filter| {
        let mut ask = Ask::of("thing");
        ask.source.filter = filter;
        ask
    };
    let place = |values: Vec<Value>| Some(Place { values, id: Guid::NIL });
    let shape = Shape::Contains("a".repeat(30_000));
    for ask in [
        Ask { order: vec![by("t", "nonsense")], ..of.clone() },
        Ask { order: vec![by("u", "name")], ..of.clone() },
        Ask { after: place(vec![]), ..of.clone() },
        Ask { after: place(vec!["text".into()]), ..of.clone() },
        Ask { after: place(vec![1.into()]), order: vec![by("t", "name"), by("t", "code")], ..of.clone() },
        Ask { skip: 1_000_000, ..of.clone() },
        joined("t", "aboutid", "fellowid"),
        joined("f", "name", "fellowid"),
        joined("f", "aboutid", "nonsense"),
        filtered(Filter::Like { column: "name".into(), shape }),
        filtered(Filter::In { column: "rank".into(), values: (0..40_000).map(Value::Int).collect() }),
        filtered(Filter::Beside { alias: "nobody".into(), filter: Box::new(Filter::everything()) }),
    ] {
        let scopes = scopes(things, &admin, &ask);
        let refused = answer(things.db(), things.catalog(), &ask, &scopes).await.unwrap_err();
        assert!(refused.downcast_ref::<Senseless>().is_some(), "{refused:?}");
    }
    let ask = joined("f", "aboutid", "fellowid");
    for given in [vec![], vec!["thing"], vec!["fellow"]] {
        let scopes = admin.scopes(Action::Read, given);
        let refused = answer(things.db(), things.catalog(), &ask, &scopes).await.unwrap_err();
        assert!(refused.to_string().starts_with("No scope"), "{refused:?}");
    }
    let scopes = admin.scopes(Action::Write, ["thing", "fellow"]);
    assert!(answer(things.db(), things.catalog(), &ask, &scopes).await.is_err(), "writing is not reading");
}

#[tokio::test]
async fn what_leads_to_few_records_and_what_is_listed_goes_by_index() {
    let things = &worlds::on_sqlite().await;
    let like = |shape| Filter::Like { column: "name".into(), shape };
    for (actor, filter, expected) in [
        (things.admin(), Filter::eq("name", "Åsa"), "sortkey=?"),
        (things.admin(), like(Shape::Begins("Ås".into())), "sortkey>? AND sortkey<?"),
        (things.admin(), Filter::eq("mail", "a@b.se"), "(address=? AND entity=?)"),
        (things.eva(), Filter::eq("parentid", RecordRef::new("thing", guid(40))), "(parentid=?)"),
        (things.eva(), Filter::everything(), "(ownerid=?)"),
        (things.eva(), Filter::everything(), "share_createdon"),
    ] {
        let mut ask = Ask::of("thing");
        ask.source.filter = filter;
        let scopes = scopes(things, &actor, &ask);
        let steps = plan(things.db(), things.catalog(), &ask, &scopes).await.unwrap();
        assert!(steps.iter().any(|it| it.contains(expected)), "{expected}: {steps:#?}");
        let whole = |it: &&String| it.starts_with("SCAN thing") || *it == "SCAN t";
        assert_eq!(steps.iter().find(whole), None, "{steps:#?}");
    }
}

#[tokio::test]
async fn both_engines_tell_how_they_go_about_it() {
    for things in &things().await {
        let mut ask = Ask::of("thing");
        ask.source.joins = vec![join(JoinKind::Outer, "aboutid", "fellowid", Source::of("fellow", "f"))];
        let scopes = scopes(things, &things.eva(), &ask);
        assert!(!plan(things.db(), things.catalog(), &ask, &scopes).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_lookup_may_be_asked_for_by_its_key_alone() {
    for things in &things().await {
        let admin = things.admin();
        let judge = Judge::new(things, &admin);
        let about = judge.of("thing").find_map(|it| it.get("aboutid").record()).unwrap();
        let mut counts = vec![];
        for value in [
            Value::Ref(about.clone()),
            Value::Ref(RecordRef::new("", about.id)),
            Value::Bytes(about.id.as_bytes().to_vec()),
        ] {
            let mut ask = Ask::of("thing");
            ask.source.filter = Filter::Compare { column: "aboutid".into(), op: Op::Eq, value };
            counts.push(all(things, &admin, &ask).await.len());
        }
        assert!(counts[0] > 0 && counts[1] == counts[0] && counts[2] == counts[0], "{counts:?}");
    }
}
