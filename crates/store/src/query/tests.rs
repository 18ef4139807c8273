//! What filters become.

use super::*;
use domain::entity::Catalog;
use domain::filter::Shape;
use domain::id::{Guid, RecordRef};

fn text(filter: &Filter) -> Result<String> {
    let mut sql = Sql::new();
    let catalog = Catalog::standard().unwrap();
    let rows = Rows { catalog: &catalog, def: catalog.get("contact").unwrap(), alias: "t" };
    holds(&mut sql, Asking::of(rows), filter)?;
    Ok(sql.text)
}

#[track_caller]
fn check(filter: &Filter, expected: &str) {
    assert_eq!(text(filter).unwrap(), expected);
}

#[test]
fn values_never_enter_the_text() {
    let name = "'; DROP TABLE contact; --";
    check(&Filter::eq("lastname", name), "alike(t.\"lastname\") = $1");
    check(&Filter::eq("lastname", Value::Null), "t.\"lastname\" IS NULL");
    let account = RecordRef::new("account", Guid::NIL);
    check(
        &Filter::eq("parentcustomerid", account.clone()),
        "(t.\"parentcustomerid\" = $1 AND t.\"parentcustomeridtype\" = $2)",
    );
    check(&Filter::In { column: "lastname".into(), values: vec![] }, "FALSE");
    let three = vec!["a".into(), "b".into(), "c".into()];
    check(
        &Filter::In { column: "lastname".into(), values: three },
        "alike(t.\"lastname\") IN ($1, $2, $3, $4)",
    );
    let shape = Shape::Contains(name.to_owned());
    check(&Filter::Like { column: "lastname".into(), shape }, "alike(t.\"lastname\") LIKE $1 ESCAPE '\\'");
    check(
        &Filter::All(vec![Filter::Any(vec![]), Filter::Not(Box::new(Filter::everything()))]),
        "((FALSE) AND NOT ((TRUE)))",
    );
}

#[test]
fn names_and_addresses_are_found_by_their_indexes() {
    let address = Filter::eq("emailaddress1", "Åsa@X.example");
    let by_index = "(alike(t.\"emailaddress1\") = $1 AND t.\"contactid\" IN (SELECT recordid FROM emailsearch WHERE \
                    address = $2 AND entity = 'contact' AND col = 'emailaddress1'))";
    check(&address, by_index);
    // What is not known is not what does not hold.
    check(&Filter::Not(Box::new(address)), "NOT (alike(t.\"emailaddress1\") = $1)");
    check(&Filter::eq("fullname", "Åsa Ek"), "(alike(t.\"fullname\") = $1 AND t.\"sortkey\" = $2)");
    // A longer text than the column takes is no record's.
    check(&Filter::eq("fullname", "å".repeat(200)), "alike(t.\"fullname\") = $1");
}

#[test]
fn what_makes_no_sense_is_refused_in_a_sentence() {
    let mut deep = Filter::everything();
    for _ in 0..DEEPEST {
        deep = Filter::Not(Box::new(deep));
    }
    for filter in [
        Filter::eq("nonsense", "a"),
        Filter::eq("lastname\" = '' OR \"lastname", "a"),
        Filter::eq("lastname", 7),
        Filter::Null { column: "nonsense".into() },
        Filter::In { column: "nonsense".into(), values: vec![] },
        Filter::eq("parentcustomerid", RecordRef::new("team", Guid::NIL)),
        Filter::Compare {
            column: "parentcustomerid".into(),
            op: Op::Lt,
            value: RecordRef::new("account", Guid::NIL).into(),
        },
        Filter::HasChoice { column: "lastname".into(), values: vec![1] },
        Filter::Columns { left: "lastname".into(), op: Op::Eq, right: "createdon".into() },
        Filter::Beside { alias: "a".into(), filter: Box::new(Filter::everything()) },
        deep,
    ] {
        let refused = text(&filter).unwrap_err();
        assert!(refused.downcast_ref::<Senseless>().is_some(), "{refused:?}");
    }
}

#[test]
fn long_lists_do_not_make_deep_statements() {
    let many: Vec<Filter> = (0..5_000).map(|it| Filter::eq("statecode", it)).collect();
    let text = text(&Filter::Any(many)).unwrap();
    assert!(!text.contains(&"(".repeat(20)), "a tree, not a chain");
}
