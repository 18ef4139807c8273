//! Who reaches what: the rules of `domain::privilege` as the databases answer them.

use crate::company::{BO, Company, EVA, MIA, NORTH, SOUTH, TEAM, at, changed, companies, guid};
use domain::filter::{Direction, Filter, Query};
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor, Reach, Scope};
use domain::record::Record;
use std::collections::{BTreeMap, BTreeSet};
use store::{Stamp, records, share, timeline};

/// In every way to read there is, the answer is the same.
async fn sees(company: &Company, actor: &Actor, record: &Record) -> bool {
    let (db, catalog) = (company.db(), &company.catalog);
    let scope = actor.scope(Action::Read, &record.entity);
    let reference = record.reference();
    let key = catalog.get(&record.entity).unwrap().key_column();
    let this = Filter::In { column: key, values: vec![reference.clone().into()] };
    let mut query = Query::of(&record.entity).filter(this);
    if let Some(regarding) = record.get("regardingobjectid").record() {
        let pinned = Filter::eq("regardingobjectid", regarding.clone());
        query.filter = Filter::All(vec![query.filter, pinned]);
    }
    let found = records::find(db, catalog, &query, &scope).await.unwrap().records.len() == 1;
    let got = records::get(db, catalog, &reference, &scope).await.unwrap().is_some();
    let answer =
        records::names(db, catalog, std::slice::from_ref(&reference), std::slice::from_ref(&scope)).await;
    let named = answer.unwrap().contains_key(&reference);
    let reached = company.reaches(&scope, &reference).await;
    assert!(
        found == got && got == named && named == reached,
        "{}: found {found}, got {got}, named {named}, reached {reached}",
        company.world.name
    );
    got
}

async fn grant(company: &Company, by: &Actor, principal: u8, record: &Record, rights: &[Action]) {
    let scope = by.scope(Action::Share, &record.entity);
    let record = record.reference();
    company
        .commit(|it| share::grant(it, &company.catalog, guid(principal), &record, rights, &scope))
        .await
        .unwrap();
}

#[tokio::test]
async fn two_salespeople_do_not_see_each_others_records() {
    for company in &companies().await {
        let (eva, bo) = (company.eva(), company.bo());
        let account = company.make(&eva, Record::new("account", guid(50)).with("name", "Contoso"), 1).await;
        assert!(sees(company, &eva, &account).await);
        assert!(!sees(company, &bo, &account).await);
        changed(company.change(&bo, &account, "name", "Stolen", 2).await);
        changed(company.delete(&bo, &account, 2).await);
        let (sharing, record) = (bo.scope(Action::Share, "account"), account.reference());
        let granted =
            |it: &mut _| share::grant(it, &company.catalog, guid(BO), &record, &[Action::Read], &sharing);
        changed(company.commit(granted).await);
        assert!(!sees(company, &bo, &account).await);

        let words = Query::of("account").filter(Filter::Words(vec!["cont".into()]));
        for (actor, expected) in [(&eva, 1), (&bo, 0)] {
            let scope = actor.scope(Action::Read, "account");
            let page = records::find(company.db(), &company.catalog, &words, &scope).await.unwrap();
            assert_eq!(page.records.len(), expected);
        }
    }
}

#[tokio::test]
async fn a_manager_sees_the_units_below_and_an_administrator_everything() {
    for company in &companies().await {
        let south = company.actor(5, SOUTH, &[], &[], &["salesperson"]);
        let (mia, admin) = (company.mia(), company.admin());
        let north = company.make(&company.eva(), Record::new("account", guid(50)).with("name", "N"), 1).await;
        let other = company.make(&south, Record::new("account", guid(51)).with("name", "S"), 1).await;
        assert!(sees(company, &mia, &north).await);
        assert!(!sees(company, &mia, &other).await);
        assert!(sees(company, &admin, &other).await);
        let nobody = company.actor(6, NORTH, &[], &[], &[]);
        assert!(!sees(company, &nobody, &north).await);
        company.change(&mia, &north, "name", "M", 2).await.unwrap();
    }
}

#[tokio::test]
async fn a_share_gives_the_right_it_names_to_a_user_or_a_team() {
    for company in &companies().await {
        let (eva, bo, mia) =
            (company.eva(), company.bo(), company.actor(MIA, SOUTH, &[], &[], &["salesperson"]));
        let account = company.make(&eva, Record::new("account", guid(50)).with("name", "Contoso"), 1).await;
        grant(company, &eva, TEAM, &account, &[Action::Write]).await;
        assert!(!sees(company, &bo, &account).await, "writing is not reading");
        grant(company, &eva, TEAM, &account, &[Action::Read, Action::Append]).await;
        assert!(sees(company, &bo, &account).await);
        assert!(!sees(company, &mia, &account).await, "not in the team");
        changed(company.delete(&bo, &account, 2).await);
        company.change(&bo, &account, "name", "Better", 2).await.unwrap();
        let stale = "SELECT COUNT(*) FROM share WHERE sortkey <> 'better'";
        assert_eq!(company.count(stale).await, 0, "shares follow the name");

        grant(company, &eva, MIA, &account, &[Action::Read]).await;
        assert!(sees(company, &mia, &account).await);
        // The same key under another type is another record.
        let contact = company.make(&eva, Record::new("contact", guid(50)).with("fullname", "C"), 1).await;
        assert!(!sees(company, &mia, &contact).await);
        let (scope, record) = (eva.scope(Action::Share, "account"), account.reference());
        let all = [Action::Read, Action::Write];
        for principal in [MIA, TEAM, 99] {
            company
                .commit(|it| share::revoke(it, &company.catalog, guid(principal), &record, &all, &scope))
                .await
                .unwrap();
        }
        assert!(!sees(company, &mia, &account).await);
        assert!(!sees(company, &bo, &account).await);
        assert_eq!(company.count("SELECT COUNT(*) FROM share").await, 1, "Append is left to the team");
    }
}

/// Page by page, one activity or note on each.
async fn timeline_of(company: &Company, actor: &Actor, record: &RecordRef) -> Vec<Guid> {
    let family = ["contact", "opportunity"].map(|it| actor.scope(Action::Read, it));
    let around = timeline::Around {
        record,
        activities: &actor.scope(Action::Read, "email"),
        notes: &actor.scope(Action::Read, "annotation"),
        family: &family,
    };
    let mut found = vec![];
    let mut after = None;
    loop {
        let page = timeline::timeline(company.db(), &company.catalog, &around, after.as_ref(), 1);
        let page = page.await.unwrap();
        found.extend(page.entries.iter().map(|it| it.record.id));
        after = page.next;
        if after.is_none() {
            return found;
        }
    }
}

#[tokio::test]
async fn mail_is_read_by_whoever_reads_the_account_it_is_regarding() {
    for company in &companies().await {
        let (owner, colleague) = (company.eva(), company.bo());
        let outsider = company.actor(MIA, SOUTH, &[], &[], &["salesperson"]);
        let account = company.make(&owner, Record::new("account", guid(50)).with("name", "Contoso"), 1).await;
        grant(company, &owner, BO, &account, &[Action::Read]).await;
        let email = |n: u8| {
            let email = Record::new("email", guid(n)).with("senton", at(i64::from(n)));
            email.with("regardingobjectid", account.reference()).with("subject", "Offert")
        };
        let first = company.make(&owner, email(60), 1).await;
        let second = company.make(&owner, email(61), 2).await;
        let private = company.make(&owner, Record::new("email", guid(62)).with("subject", "Lunch"), 3).await;

        for (actor, expected) in [(&owner, true), (&colleague, true), (&outsider, false)] {
            assert_eq!(sees(company, actor, &first).await, expected);
            let all = timeline_of(company, actor, &account.reference()).await;
            assert_eq!(all, if expected { vec![second.id, first.id] } else { vec![] });
        }
        assert!(!sees(company, &colleague, &private).await);
        changed(company.change(&colleague, &first, "subject", "Mine", 4).await);
        // With the account in the recycle bin, reading by way of it ends.
        let account = company.get(&owner, &account.reference()).await.unwrap();
        company.delete(&owner, &account, 5).await.unwrap();
        assert!(!sees(company, &colleague, &first).await);
        assert!(sees(company, &owner, &first).await);
    }
}

#[tokio::test]
async fn an_accounts_timeline_tells_of_all_its_people_however_many() {
    for company in &companies().await {
        let (eva, bo) = (company.eva(), company.bo());
        let account = company.make(&eva, Record::new("account", guid(50)).with("name", "Contoso"), 1).await;
        grant(company, &eva, BO, &account, &[Action::Read]).await;
        let mut all = vec![];
        // Up to 50 are walked one by one, and more are sorted.
        for n in 60..130 {
            let contact = Record::new("contact", guid(n)).with("lastname", "Ek");
            let contact = company.make(&eva, contact.with("parentcustomerid", account.reference()), 1).await;
            let email = Record::new("email", guid(n + 100)).with("senton", at(i64::from(n)));
            let email = email.with("regardingobjectid", contact.reference());
            all.insert(0, company.make(&eva, email, 1).await.id);
            if [109, 110, 129].contains(&n) {
                assert_eq!(timeline_of(company, &eva, &account.reference()).await, all);
            }
        }
        assert_eq!(timeline_of(company, &bo, &account.reference()).await, [], "the contacts are eva's");
    }
}

/// Numbers that look like chance, the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u8) -> u8 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u8::try_from((self.0 >> 33) % u64::from(limit)).unwrap()
    }
}

#[derive(Default)]
struct Model {
    records: BTreeMap<RecordRef, Record>,
    deleted: BTreeSet<RecordRef>,
    shares: Vec<(Guid, RecordRef, Action)>,
}

impl Model {
    /// The rules once more, on values.
    fn reaches(&self, scope: &Scope, record: &RecordRef) -> bool {
        let Some(it) = self.records.get(record).filter(|_| !self.deleted.contains(record)) else {
            return false;
        };
        let some = match scope.reach() {
            Reach::Nothing => return false,
            Reach::Everything => return true,
            Reach::Some(some) => some,
        };
        let regarding = it.get("regardingobjectid").record();
        some.principals.contains(&it.owner().unwrap().id)
            || some.units.contains(&it.get("owningbusinessunit").record().unwrap().id)
            || self.shares.iter().any(|(principal, shared, right)| {
                some.principals.contains(principal) && shared == record && *right == scope.action()
            })
            || some
                .regarding
                .iter()
                .any(|via| regarding.is_some_and(|it| it.entity == via.entity() && self.reaches(via, it)))
    }
}

async fn random_model(company: &Company, dice: &mut Dice) -> Model {
    let (admin, mut model) = (company.admin(), Model::default());
    for n in 0..30u8 {
        let entity = ["account", "contact", "email"][usize::from(n / 10)];
        let owner = match dice.below(4) {
            0 => RecordRef::new("team", guid(TEAM + dice.below(2))),
            n => RecordRef::new("systemuser", guid(EVA + n - 1)),
        };
        let mut record = Record::new(entity, guid(100 + n)).with("ownerid", owner);
        let unit = RecordRef::new("businessunit", guid(10 + dice.below(3)));
        if entity == "email" && dice.below(4) > 0 {
            let about = dice.below(20);
            let regarding = ["account", "contact"][usize::from(about / 10)];
            record = record.with("regardingobjectid", RecordRef::new(regarding, guid(100 + about)));
        }
        record = record.with("owningbusinessunit", unit);
        let (scope, stamp) =
            (admin.scope(Action::Create, entity), Stamp { by: admin.user(), at: at(i64::from(n)) });
        company.commit(|it| records::create(it, &company.catalog, &record, &scope, stamp)).await.unwrap();
        let record = company.get(&admin, &record.reference()).await.unwrap();
        if dice.below(3) == 0 {
            let right = [Action::Read, Action::Write][usize::from(dice.below(2))];
            let principal = [EVA, BO, MIA, TEAM][usize::from(dice.below(4))];
            grant(company, &admin, principal, &record, &[right]).await;
            model.shares.push((guid(principal), record.reference(), right));
        }
        if dice.below(8) == 0 {
            company.delete(&admin, &record, 50).await.unwrap();
            model.deleted.insert(record.reference());
        }
        model.records.insert(record.reference(), record);
    }
    model
}

/// Page by page, without what is reached by way of regarding alone.
async fn listed(company: &Company, scope: &Scope, order: &str, direction: Direction) -> Vec<RecordRef> {
    let (mut all, mut query) = (vec![], Query::of(scope.entity()).limit(3).order(order, direction));
    loop {
        let page = records::find(company.db(), &company.catalog, &query, scope).await.unwrap();
        all.extend(page.records.iter().map(Record::reference));
        query.after = page.next;
        if query.after.is_none() {
            return all;
        }
    }
}

#[tokio::test]
async fn in_random_companies_the_database_and_the_rules_agree() {
    for (seed, company) in (7..).zip(&companies().await) {
        let model = random_model(company, &mut Dice(seed)).await;
        for (user, role) in
            [(EVA, "salesperson"), (BO, "salesperson"), (MIA, "manager"), (EVA, "administrator")]
        {
            let teams: &[u8] = if user == BO { &[TEAM, TEAM + 1] } else { &[] };
            let actor = company.actor(user, 10 + user % 3, &[12], teams, &[role]);
            for entity in ["account", "contact", "email"] {
                for action in [Action::Read, Action::Write] {
                    let scope = actor.scope(action, entity);
                    let mut directly = BTreeSet::new();
                    for (reference, record) in model.records.iter().filter(|it| it.0.entity == entity) {
                        let expected = model.reaches(&scope, reference);
                        let asked = company.reaches(&scope, reference).await;
                        let who = format!("seed {seed}, {}: {user} {role} {action:?}", company.world.name);
                        assert_eq!(asked, expected, "{who} {reference}");
                        if expected && action == Action::Read {
                            assert!(sees(company, &actor, record).await, "{who} {reference}");
                        }
                        // In lists only without the way by regarding, which the same scope for writing lacks.
                        let mut alone = record.clone();
                        alone.values.remove("regardingobjectid");
                        let without = Model {
                            records: BTreeMap::from([(reference.clone(), alone)]),
                            deleted: model.deleted.clone(),
                            shares: model.shares.clone(),
                        };
                        if without.reaches(&scope, reference) {
                            directly.insert(reference.clone());
                        }
                    }
                    // By both columns that have indexes, one that is never empty, and one that may be.
                    let name = company.catalog.get(entity).unwrap().primary.as_str();
                    for order in ["createdon", name, "modifiedon", "statuscode"] {
                        for direction in [Direction::Ascending, Direction::Descending] {
                            let listed = listed(company, &scope, order, direction).await;
                            assert_eq!(listed.len(), directly.len(), "each once, by {order}");
                            assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), directly, "by {order}");
                        }
                    }
                }
            }
        }
    }
}
