//! What people type is understood, and comes back as they would type it.

use super::*;
use crate::words::Language;
use domain::entity::{Choice, Label};

fn column(kind: FieldKind) -> ColumnDef {
    let label = Label { en: "It".into(), sv: "Det".into() };
    ColumnDef {
        options: vec![Choice { value: 1, label: label.clone(), state: None }],
        targets: vec!["account".into()],
        ..ColumnDef::new("it", kind, label)
    }
}

fn words() -> Words {
    Words::new(Language::Swedish, chrono_tz::Europe::Stockholm)
}

#[track_caller]
fn check(kind: FieldKind, text: &str, value: impl Into<Value>) {
    assert_eq!(read(&column(kind), text, &words()), Ok(value.into()), "{text}");
}

#[track_caller]
fn refused(kind: FieldKind, text: &str) {
    assert!(read(&column(kind), text, &words()).is_err(), "{text}");
}

#[test]
fn sums_are_understood_as_people_write_them() {
    check(FieldKind::Money, "2 160 000 kr", 21_600_000_000);
    check(FieldKind::Money, "2\u{a0}160\u{a0}000", 21_600_000_000);
    check(FieldKind::Money, "2,160,000.50", 21_600_005_000);
    check(FieldKind::Money, "2.160.000,50", 21_600_005_000);
    check(FieldKind::Money, "2,160", 21_600_000);
    check(FieldKind::Money, "99,5", 995_000);
    check(FieldKind::Money, "-0.0001", -1);
    check(FieldKind::Money, "−7", -70_000);
    for text in ["much", "1.00001", ".", "1e5", "999999999999999999", "--1"] {
        refused(FieldKind::Money, text);
    }
}

#[test]
fn days_have_no_zone_and_moments_do() {
    check(FieldKind::Date, "2026-11-23", Timestamp::parse("2026-11-23T00:00:00Z").unwrap());
    check(FieldKind::DateTime, "2026-11-23T10:41", Timestamp::parse("2026-11-23T09:41:00Z").unwrap());
    for text in ["2026-02-30", "yesterday", "23/11"] {
        refused(FieldKind::Date, text);
        refused(FieldKind::DateTime, text);
    }
    refused(FieldKind::DateTime, "2026-11-23Tööö");
}

#[test]
fn only_offered_choices_are_taken() {
    check(FieldKind::Choice, "1", 1);
    refused(FieldKind::Choice, "2");
    refused(FieldKind::Choice, "high");
}

#[test]
fn an_emptied_field_is_empty() {
    for kind in [FieldKind::Text, FieldKind::Money, FieldKind::Date, FieldKind::Choice] {
        check(kind, "  ", Value::Null);
    }
}

#[test]
fn what_is_written_into_a_field_is_read_back() {
    let time = Timestamp::parse("2026-11-23T09:41:00Z").unwrap();
    for (kind, value) in [
        (FieldKind::Money, Value::Int(21_600_005_000)),
        (FieldKind::Money, Value::Int(-70_000)),
        (FieldKind::Integer, Value::Int(-7)),
        (FieldKind::Boolean, Value::Bool(true)),
        (FieldKind::DateTime, Value::Time(time)),
        (FieldKind::Choice, Value::Int(1)),
        (FieldKind::Memo, Value::Text("a\nb".into())),
    ] {
        let column = column(kind);
        let draft = written(&column, &value, &Names::new(), &words());
        assert_eq!(read(&column, &draft.text, &words()), Ok(value));
    }
}

#[test]
fn a_strangers_address_is_no_script() {
    let shown = |text: &str| {
        shown(&column(FieldKind::Url), &Value::Text(text.into()), &Names::new(), &words()).into_string()
    };
    assert!(!shown("javascript://x%0aalert(1)").contains("href"));
    assert!(shown("contoso.example").contains("href=\"https://contoso.example\""));
}

#[test]
fn a_record_one_may_not_see_has_no_name() {
    let record = RecordRef::new("account", domain::id::Guid::NIL);
    let html = named(&record, &Names::new(), &words()).into_string();
    assert!(!html.contains("href"), "{html}");
}
