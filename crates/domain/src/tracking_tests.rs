use super::*;
use crate::correlate::{Content, Direction, question};
use crate::envelope::{Address, Person};
use crate::id::MessageKey;
use crate::matching::Match;
use crate::time::Timestamp;

fn guid(n: u8) -> Guid {
    Guid::v7(u64::from(n), [n; 10])
}

fn account(n: u8) -> RecordRef {
    RecordRef::new("account", guid(n))
}

fn stored(message_id: &str, email: u8, regarding: Option<u8>) -> Stored {
    Stored {
        email: guid(email),
        version: 1,
        key: MessageKey::of_id(message_id),
        direction: Direction::Incoming,
        regarding: regarding.map(account),
        owner: guid(100),
        hidden: false,
        content: Content::Stored,
        next_try: None,
        trackers: vec![],
    }
}

fn mail() -> Envelope {
    Envelope {
        message_id: Some("reply@b".into()),
        in_reply_to: vec!["middle@b".into()],
        references: vec!["root@a".into(), "middle@b".into()],
        from: Some(Person { address: Address::new("Eva@Contoso.example"), ..Person::default() }),
        ..Envelope::default()
    }
}

/// The only place in this file that knows the shape of the API.
#[track_caller]
fn check(wish: &Wish, known: &Known, expected: &Verdict) {
    let mail = mail();
    let question = question(&mail, Direction::Incoming);
    assert_eq!(&decide(&mail, &question, known, wish), expected);
}

fn knowing(ancestors: Vec<Stored>) -> Known {
    Known { ancestors, ..Known::default() }
}

fn click(target: Option<Target>) -> Wish {
    Wish::Asked { target, may_create: true, proof: Proof::NotNeeded }
}

fn target(n: u8) -> Target {
    Target { record: account(n), readable: true, may_append_to: true, takes_activities: true }
}

fn sender(entity: &str) -> Known {
    let found = Match {
        address: "eva@contoso.example".into(),
        record: RecordRef::new(entity, guid(3)),
        owner: None,
        created: Timestamp(0),
        active: true,
    };
    Known { people: vec![found], ..Known::default() }
}

#[test]
fn au_30_a_reply_inherits_what_its_nearest_parent_regards() {
    let known = knowing(vec![stored("root@a", 1, Some(41)), stored("middle@b", 7, Some(42))]);
    let track = Verdict::Track { regarding: Some(account(42)), because: Reason::ReplyTo(guid(7)) };
    check(&Wish::Standing(Filter::RepliesToTracked), &known, &track);
}

#[test]
fn d_18_references_find_what_in_reply_to_misses() {
    let known = knowing(vec![stored("root@a", 1, Some(41))]);
    let track = Verdict::Track { regarding: Some(account(41)), because: Reason::ReplyTo(guid(1)) };
    check(&Wish::Standing(Filter::default()), &known, &track);
}

#[test]
fn m7_a_fresh_user_gets_nothing_but_answers() {
    let left = Verdict::Leave(Left::NoCorrelation);
    check(&Wish::Standing(Filter::default()), &Known::default(), &left);
    check(&Wish::Standing(Filter::default()), &sender("contact"), &left);
}

#[test]
fn an_untracked_parent_does_not_count() {
    let known = knowing(vec![Stored { hidden: true, ..stored("middle@b", 7, None) }]);
    check(&Wish::Standing(Filter::default()), &known, &Verdict::Leave(Left::NoCorrelation));
}

#[test]
fn a_click_outranks_what_could_be_guessed() {
    let known = knowing(vec![stored("middle@b", 7, Some(42))]);
    let track = Verdict::Track { regarding: Some(account(9)), because: Reason::Asked };
    check(&click(Some(target(9))), &known, &track);
}

#[test]
fn au_03_a_click_ignores_the_filter_and_needs_no_relation() {
    check(&click(None), &Known::default(), &Verdict::Track { regarding: None, because: Reason::Asked });
}

#[test]
fn em_32_a_second_user_joins_and_keeps_the_regarding() {
    let known = Known { this: Some(stored("reply@b", 5, Some(42))), ..Known::default() };
    check(&click(None), &known, &Verdict::Join { email: guid(5), regarding: None, revive: false });
    let changed = Verdict::Join { email: guid(5), regarding: Some(account(9)), revive: false };
    check(&click(Some(target(9))), &known, &changed);
}

#[test]
fn a_message_id_alone_opens_no_colleagues_copy() {
    let known = Known { this: Some(stored("reply@b", 5, None)), ..Known::default() };
    let proven = |proof| Wish::Asked { target: None, may_create: true, proof };
    check(&proven(Proof::Different), &known, &Verdict::Refuse(Refusal::AnotherMessage));
    check(&proven(Proof::CopyPending), &known, &Verdict::Refuse(Refusal::CopyPending));
    check(&proven(Proof::Same), &known, &Verdict::Join { email: guid(5), regarding: None, revive: false });
    let wish = Wish::Asked { target: None, may_create: false, proof: Proof::Same };
    check(&wish, &known, &Verdict::Refuse(Refusal::MayNotTrack));
}

#[test]
fn what_was_just_untracked_can_be_had_back() {
    let hidden = Stored { hidden: true, ..stored("reply@b", 5, None) };
    let known = Known { this: Some(hidden), ..Known::default() };
    check(&click(None), &known, &Verdict::Join { email: guid(5), regarding: None, revive: true });
    check(&Wish::Standing(Filter::Everything), &known, &Verdict::Leave(Left::AlreadyStored));
}

#[test]
fn se_05_a_link_needs_the_right_to_append() {
    let refused = |target, refusal| check(&click(Some(target)), &Known::default(), &Verdict::Refuse(refusal));
    refused(
        Target { may_append_to: false, ..target(9) },
        Refusal::MayNotAppendTo { entity: "account".into() },
    );
    refused(Target { readable: false, ..target(9) }, Refusal::NoSuchRecord);
    refused(
        Target { takes_activities: false, ..target(9) },
        Refusal::TakesNoActivities { entity: "account".into() },
    );
}

#[test]
fn se_33_tracking_needs_the_right_to_create() {
    let wish = Wish::Asked { target: None, may_create: false, proof: Proof::NotNeeded };
    check(&wish, &Known::default(), &Verdict::Refuse(Refusal::MayNotTrack));
}

#[test]
fn the_five_filters_reach_ever_further() {
    let tracked = |filter, known: &Known| {
        let mail = mail();
        let question = question(&mail, Direction::Incoming);
        matches!(decide(&mail, &question, known, &Wish::Standing(filter)), Verdict::Track { .. })
    };
    let worlds =
        [Known::default(), sender("project"), sender("contact"), knowing(vec![stored("root@a", 1, None)])];
    let row = |filter| worlds.each_ref().map(|known| tracked(filter, known));
    assert_eq!(row(Filter::Nothing), [false, false, false, false]);
    assert_eq!(row(Filter::RepliesToTracked), [false, false, false, true]);
    assert_eq!(row(Filter::FromPeople), [false, false, true, true]);
    assert_eq!(row(Filter::FromRecords), [false, true, true, true]);
    assert_eq!(row(Filter::Everything), [true, true, true, true]);
}

#[test]
fn d_17_private_mail_is_never_tracked_by_itself() {
    let mail = Envelope { sensitivity: Sensitivity::Private, ..mail() };
    let question = question(&mail, Direction::Incoming);
    let verdict = decide(&mail, &question, &Known::default(), &Wish::Standing(Filter::Everything));
    assert_eq!(verdict, Verdict::Leave(Left::Private));
    let verdict = decide(&mail, &question, &Known::default(), &click(None));
    assert!(matches!(verdict, Verdict::Track { .. }));
}

/// Trackers are given in order of time.
#[track_caller]
fn untracking(owner: u8, trackers: &[u8], user: u8, may_delete: bool, expected: &Untrack) {
    let trackers = trackers
        .iter()
        .zip(1..)
        .map(|(user, at)| Tracker { user: guid(*user), since: Timestamp(at), because: Reason::Asked })
        .collect();
    let copy = Stored { owner: guid(owner), trackers, ..stored("a@b", 1, None) };
    assert_eq!(&untrack(&copy, guid(user), may_delete), expected);
}

#[test]
fn m21_the_copy_goes_with_its_owner_unless_somebody_else_tracks_it() {
    untracking(1, &[1], 1, true, &Untrack::DeleteCopy);
    untracking(1, &[1, 2, 3], 1, true, &Untrack::PassOn { to: guid(2) });
    untracking(1, &[1, 2], 2, true, &Untrack::Unlink);
    untracking(1, &[1], 1, false, &Untrack::Unlink);
    untracking(1, &[1], 2, true, &Untrack::NotTracked);
}
