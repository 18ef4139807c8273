use super::choose::{About, Choice, choose};
use super::*;
use crate::views::shell::Theme;
use crate::words::Language;
use app::pane::{Named, PanePerson, Who, Why};
use app::sign_in::SignedIn;
use domain::envelope::Part;
use domain::id::Guid;
use domain::privilege::{Actor, Standing};
use domain::time::Timestamp;
use domain::tracking::Reason;
use std::collections::BTreeSet;

const NOW: Timestamp = Timestamp(1_795_430_460_000_000);

fn guid(n: u8) -> Guid {
    Guid::v7(u64::from(n), [n; 10])
}

pub fn visitor(language: Language) -> Visitor {
    let standing =
        Standing { user: guid(1), unit: guid(2), units_below: BTreeSet::new(), teams: BTreeSet::new() };
    Visitor {
        who: SignedIn {
            session: None,
            actor: Actor::new(standing, vec![], Catalog::standard().unwrap()),
            name: "Åsa Lindström".into(),
            email: "asa@adventure-works.example".into(),
            language: None,
            csrf: "csrf-of-asa".into(),
        },
        words: Words::new(language, chrono_tz::Europe::Stockholm),
        theme: Theme::Device,
        now: NOW,
        place: "/mail".into(),
        fragment: None,
        demo: false,
    }
}

fn item() -> Item {
    Item::new(guid(9), "INBOX", 7)
}

fn named(entity: &str, n: u8, name: &str) -> Named {
    Named { record: RecordRef::new(entity, guid(n)), name: name.into() }
}

fn bikes() -> Candidate {
    let detail = Detail {
        parent: Some("Contoso Sverige AB".into()),
        note: Some("Propose".into()),
        value: Some(21_600_000_000),
    };
    Candidate {
        record: RecordRef::new("opportunity", guid(3)),
        name: "240 city bikes <Malmö>".into(),
        detail,
    }
}

fn account() -> Candidate {
    Candidate {
        record: RecordRef::new("account", guid(7)),
        name: "Contoso".into(),
        detail: Detail::default(),
    }
}

fn copy(untrack: Untrack) -> Copy {
    Copy {
        email: guid(4),
        owner: named("systemuser", 1, "Åsa Lindström"),
        mine: true,
        by: named("systemuser", 1, "Åsa Lindström"),
        when: NOW,
        why: Why { reason: Reason::ReplyTo(guid(5)), about: Some(named("email", 5, "Offer")) },
        regarding: Some(bikes()),
        regarding_hidden: false,
        untrack,
        heir: Some("Jörgen Åkesson".into()),
    }
}

fn shown(mark: Mark, copy: Option<Copy>, may_track: bool) -> Pane {
    let person = |name: &str, who| PanePerson {
        part: Part::To,
        name: name.into(),
        address: "k.berg@contoso.example".into(),
        who,
    };
    Pane {
        item: item(),
        mark,
        copy,
        people: vec![
            person("Åsa", Who::You),
            person("Göran", Who::Known { record: named("contact", 6, "Göran Sjöberg"), parent: None }),
            person(
                "info",
                Who::Ambiguous(vec![named("account", 7, "Fabrikam"), named("account", 8, "Fabrikam Malmö")]),
            ),
            person("Inköp", Who::List),
            person("k.berg@contoso.example", Who::Unknown),
        ],
        related: vec![account(), bikes()],
        related_to: Some(named("account", 7, "Contoso")),
        may_track,
    }
}

/// The pane says all of `says` and none of `silent`.
#[track_caller]
fn check(mark: Mark, copy: Option<Copy>, may_track: bool, says: &[&str], silent: &[&str]) {
    let visitor = visitor(Language::English);
    let catalog = Catalog::standard().unwrap();
    let text = pane(Reader { visitor: &visitor, catalog: &catalog }, &shown(mark, copy, may_track), None)
        .into_string();
    for word in says {
        assert!(text.contains(word), "“{word}” is missing in {text}");
    }
    for word in silent {
        assert!(!text.contains(word), "“{word}” stands in {text}");
    }
}

fn regarding() -> Mark {
    Mark::Regarding(bikes().record, Some(bikes().name))
}

#[test]
fn what_is_not_tracked_offers_to_track() {
    let says = [
        "Not tracked",
        "Set Regarding…",
        "240 city bikes &lt;Malmö&gt;",
        "value=\"PUT\"",
        "csrf-of-asa",
        "name=\"regarding\" value=\"opportunity/",
    ];
    check(Mark::None, None, true, &says, &["Untrack", "data-refetch", "View in CRM"]);
}

#[test]
fn who_may_not_track_is_told_before_trying() {
    check(Mark::None, None, false, &["You may not track here"], &["Set Regarding…", "<form"]);
}

#[test]
fn what_is_pending_looks_again_by_itself_and_can_be_taken_back() {
    let says = ["Marked by you", "data-refetch=\"/pane?mailbox=", "disabled", "value=\"DELETE\""];
    check(Mark::Pending, Some(copy(Untrack::DeleteCopy)), true, &says, &["View in CRM</a>"]);
    check(Mark::Pending, None, true, &["Pending", "data-refetch"], &["value=\"DELETE\""]);
}

#[test]
fn what_failed_says_when_it_is_tried_again() {
    let mark = Mark::Failed { next_try: Some(NOW.plus_seconds(600)) };
    check(
        mark,
        Some(copy(Untrack::DeleteCopy)),
        true,
        &["Not stored yet", "Next try", "Try now", "Untrack"],
        &[],
    );
}

#[test]
fn what_is_tracked_says_why_and_what_untracking_takes_away() {
    let says = [
        "Tracked regarding",
        "It answers",
        "View in CRM",
        "Change",
        "Deletes the CRM copy",
        "Related to Contoso",
    ];
    check(regarding(), Some(copy(Untrack::DeleteCopy)), true, &says, &["data-refetch"]);
    let passed = copy(Untrack::PassOn { to: guid(11) });
    check(regarding(), Some(passed), true, &["Jörgen Åkesson tracks it, too"], &["Deletes the CRM copy"]);
    check(
        regarding(),
        Some(copy(Untrack::Unlink)),
        true,
        &["Removes only your link"],
        &["Deletes the CRM copy"],
    );
}

#[test]
fn what_a_colleague_tracked_cannot_be_untracked_by_others() {
    let theirs =
        Copy { mine: false, by: named("systemuser", 12, "Jörgen Åkesson"), ..copy(Untrack::NotTracked) };
    check(
        regarding(),
        Some(theirs),
        true,
        &["Track too", "Jörgen Åkesson tracks it"],
        &["value=\"DELETE\"", "Change"],
    );
}

#[test]
fn choosing_works_as_a_plain_form() {
    let visitor = visitor(Language::Swedish);
    let catalog = Catalog::standard().unwrap();
    let candidates = [bikes()];
    let about = About::Message(item());
    let choice = Choice { about: &about, text: "", candidates: &candidates, was: "none" };
    let text = choose(Reader { visitor: &visitor, catalog: &catalog }, &choice).into_string();
    for word in [
        "method=\"get\"",
        "name=\"q\"",
        "Förslag",
        "<button class=\"item\" name=\"regarding\" value=\"opportunity/",
        "2\u{a0}160\u{a0}000\u{a0}kr",
    ] {
        assert!(text.contains(word), "“{word}” is missing in {text}");
    }
}
