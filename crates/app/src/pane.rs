//! The pane beside a message: everything the item at hand needs, and nothing else (M9, M23).

use crate::mail::{Item, Mark};
use crate::{App, Result, know, mailboxes, track};
use domain::correlate::{Content, Direction, Known, Stored, question};
use domain::envelope::{Envelope, Part};
use domain::filter::{Filter, Query};
use domain::id::{Guid, RecordRef};
use domain::matching::{self, Resolved};
use domain::privilege::{Action, Actor, Scope};
use domain::record::Record;
use domain::text::{folded, words};
use domain::time::Timestamp;
use domain::tracking::{self, Reason, Untrack};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use store::facts::Anchor;

#[derive(Debug, Clone)]
pub struct Pane {
    pub item: Item,
    pub mark: Mark,
    /// There is a copy that this user may read: its tracking, and its key for "View in CRM".
    pub copy: Option<Copy>,
    pub people: Vec<PanePerson>,
    /// Open opportunities and cases, and the account itself, of the record it is regarding or of the sender.
    pub related: Vec<Candidate>,
    /// What `related` hangs together with.
    pub related_to: Option<Named>,
    pub may_track: bool,
}

/// The stored e-mail behind an item.
#[derive(Debug, Clone)]
pub struct Copy {
    pub email: Guid,
    pub owner: Named,
    /// This user's own tracking; `None`: a colleague tracked it.
    pub mine: bool,
    pub by: Named,
    pub when: Timestamp,
    pub why: Why,
    /// A name and one line of metadata of the record it is regarding, if the user may see it.
    pub regarding: Option<Candidate>,
    /// It is regarding something that this reader may not see.
    pub regarding_hidden: bool,
    /// What Untrack would do, said before the click.
    pub untrack: domain::tracking::Untrack,
    /// Whom the copy would pass to, for [`domain::tracking::Untrack::PassOn`].
    pub heir: Option<String>,
}

/// The reason as a view can say it.
#[derive(Debug, Clone)]
pub struct Why {
    pub reason: Reason,
    /// The stored message or record the reason points at, when the reader may see it.
    pub about: Option<Named>,
}

/// A record with its name, for a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub record: RecordRef,
    pub name: String,
}

/// A record to choose, with one line that tells it from others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub record: RecordRef,
    pub name: String,
    /// `Contoso Sverige AB · Propose · 2 160 000 kr`; empty when there is nothing to say.
    pub detail: Detail,
}

/// What tells a record from others of the same name; a view says it in the reader's language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Detail {
    /// Name of the account or contact it belongs to.
    pub parent: Option<String>,
    /// Stage, town, job title, company or address.
    pub note: Option<String>,
    /// Ten-thousandths of a krona.
    pub value: Option<i64>,
}

#[derive(Debug, Clone)]
pub struct PanePerson {
    pub part: Part,
    /// The display name, or else the address.
    pub name: String,
    pub address: String,
    pub who: Who,
}

/// What an address turned out to be, as far as this reader may know (decision 11).
#[derive(Debug, Clone)]
pub enum Who {
    You,
    /// A record, with its parent account.
    Known {
        record: Named,
        parent: Option<Named>,
    },
    /// Several equals: it asks (issue: which one is meant?).
    Ambiguous(Vec<Named>),
    /// A distribution list (decision 18).
    List,
    Unknown,
}

/// The pane for one message of the user's mailbox. Its item holds what was read of the message, for the click. At most
/// three round trips to the database, besides the session's.
pub async fn pane(app: &App, actor: &Actor, item: &Item) -> Result<Pane> {
    let row = mailboxes::own(app, actor.user(), item.mailbox).await?;
    let shown = track::shown(app, &row, item).await?;
    let item = Item { shown: Some(Box::new(shown.clone())), ..item.clone() };
    of_envelope(app, actor, &item, &shown.envelope, &row.own_addresses).await
}

/// The pane when the host has the headers at hand.
pub async fn of_envelope(
    app: &App,
    actor: &Actor,
    item: &Item,
    mail: &Envelope,
    own_addresses: &[String],
) -> Result<Pane> {
    // Know
    let question = question(mail, Direction::of(mail, own_addresses));
    let known = know::about_item(app, &question, actor.user(), item).await?;
    let stored = known.this.as_ref().filter(|it| !it.hidden);
    let people = who_is_meant(mail, &known, actor.user());
    let anchors = anchors(stored, &people);
    let scopes = scopes(app, actor);
    let asked = asked(actor, stored, &people);
    let facts = store::facts::facts(&app.db, &app.catalog, &asked, &anchors, &scopes).await?;
    let facts = Facts::of(facts);

    // Decide
    let visible = stored.filter(|it| facts.sees(&RecordRef::new("email", it.email)));
    let copy = visible.and_then(|it| copy(actor, it, &facts));
    Ok(Pane {
        item: item.clone(),
        mark: visible.map_or(Mark::None, |it| mark(it, |record| facts.name(record))),
        copy,
        people: people.into_iter().map(|it| shown(it, actor, own_addresses, &facts)).collect(),
        related_to: facts.anchor(&anchors).and_then(|it| facts.hub(it)),
        related: facts.related,
        may_track: actor.may(Action::Create, "email"),
    })
}

/// One mark from one stored e-mail (UI.md 4). `name` gives the name of a record that the reader may see.
pub(crate) fn mark(stored: &Stored, name: impl Fn(&RecordRef) -> Option<String>) -> Mark {
    match (stored.content, &stored.regarding) {
        (Content::Pending, _) => Mark::Pending,
        (Content::Failed, _) => Mark::Failed { next_try: stored.next_try },
        (Content::Stored, None) => Mark::Tracked,
        (Content::Stored, Some(record)) => Mark::Regarding(record.clone(), name(record)),
    }
}

struct Meant {
    part: Part,
    name: String,
    address: String,
    list: bool,
    resolved: Resolved,
}

/// Everybody on the message, and who that is in the whole organization. Bounded: a pane is for people to read.
fn who_is_meant(mail: &Envelope, known: &Known, user: Guid) -> Vec<Meant> {
    let one = |(part, person): (Part, &domain::envelope::Person)| Meant {
        part,
        name: person.name.clone(),
        address: person.address.as_written().to_owned(),
        list: person.group.is_some() || mail.list_id.as_deref().is_some_and(|it| is_list(it, person)),
        resolved: matching::one(&person.address.folded(), &known.people, user),
    };
    let mut people: Vec<Meant> = mail.people().take(MOST_PEOPLE).map(one).collect();
    let mut seen = BTreeSet::new();
    people.retain(|it| seen.insert(folded(&it.address)));
    people
}

/// `announce.adventure.example` in List-Id is the list `announce@adventure.example` (RFC 2919).
fn is_list(list_id: &str, person: &domain::envelope::Person) -> bool {
    folded(person.address.as_written()).replace('@', ".") == folded(list_id)
}

/// What the related records may hang on: what the message is regarding, or else who is on it, the writer first. The
/// first that the reader sees is taken, and what an e-mail is regarding counts only for who may read that e-mail.
fn anchors(stored: Option<&Stored>, people: &[Meant]) -> Vec<Anchor> {
    let regarding = stored.and_then(|it| {
        let told_by = Some(RecordRef::new("email", it.email));
        Some(Anchor { record: it.regarding.clone()?, told_by })
    });
    let person = |it: &Meant| it.resolved.record().filter(|it| it.entity != "systemuser").cloned();
    let people = people.iter().filter_map(person).map(|record| Anchor { record, told_by: None });
    regarding.into_iter().chain(people.take(MOST_ANCHORS)).collect()
}

/// Reading, on every type a pane names.
fn scopes(app: &App, actor: &Actor) -> Vec<Scope> {
    let types = app.catalog.all().filter(|it| it.activities || it.name == "systemuser" || it.name == "email");
    types.map(|it| actor.scope(Action::Read, &it.name)).collect()
}

fn asked(actor: &Actor, stored: Option<&Stored>, people: &[Meant]) -> Vec<RecordRef> {
    let mut asked = vec![RecordRef::new("systemuser", actor.user())];
    if let Some(stored) = stored {
        asked.push(RecordRef::new("email", stored.email));
        asked.push(RecordRef::new("systemuser", stored.owner));
        asked.extend(stored.regarding.clone());
        for tracker in &stored.trackers {
            asked.push(RecordRef::new("systemuser", tracker.user));
            asked.extend(about(&tracker.because));
        }
    }
    for meant in people {
        match &meant.resolved {
            Resolved::Unknown => {}
            Resolved::One(record, _) => asked.push(record.clone()),
            Resolved::Ambiguous(equals) => asked.extend(equals.iter().cloned()),
        }
    }
    asked.sort();
    asked.dedup();
    asked
}

fn about(reason: &Reason) -> Option<RecordRef> {
    match reason {
        Reason::Asked | Reason::Everything => None,
        Reason::ReplyTo(email) => Some(RecordRef::new("email", *email)),
        Reason::KnownSender(record) => Some(record.clone()),
    }
}

/// What the reader may see of all that was asked.
struct Facts {
    by_record: BTreeMap<RecordRef, store::facts::Fact>,
    related: Vec<Candidate>,
}

impl Facts {
    fn of(facts: Vec<store::facts::Fact>) -> Facts {
        let (related, asked): (Vec<_>, Vec<_>) = facts.into_iter().partition(|it| it.related);
        Facts {
            by_record: asked.into_iter().map(|it| (it.record.clone(), it)).collect(),
            related: related.into_iter().map(candidate).collect(),
        }
    }

    fn sees(&self, record: &RecordRef) -> bool {
        self.by_record.contains_key(record)
    }

    fn name(&self, record: &RecordRef) -> Option<String> {
        self.by_record.get(record).map(|it| it.name.clone())
    }

    fn named(&self, record: &RecordRef) -> Option<Named> {
        Some(Named { record: record.clone(), name: self.name(record)? })
    }

    fn candidate(&self, record: &RecordRef) -> Option<Candidate> {
        self.by_record.get(record).cloned().map(candidate)
    }

    /// As the statement chose it.
    fn anchor<'a>(&self, anchors: &'a [Anchor]) -> Option<&'a RecordRef> {
        let seen = |it: &&Anchor| self.sees(&it.record) && it.told_by.as_ref().is_none_or(|it| self.sees(it));
        anchors.iter().find(seen).map(|it| &it.record)
    }

    /// The account in the middle: among the related ones, or else the anchor itself.
    fn hub(&self, anchor: &RecordRef) -> Option<Named> {
        let account = self.related.iter().find(|it| it.record.entity == "account");
        account
            .map(|it| Named { record: it.record.clone(), name: it.name.clone() })
            .or_else(|| self.named(anchor))
    }

    fn parent(&self, record: &RecordRef) -> Option<Named> {
        let (record, name) = self.by_record.get(record)?.parent.clone()?;
        Some(Named { record, name })
    }
}

pub(crate) fn candidate(fact: store::facts::Fact) -> Candidate {
    Candidate {
        record: fact.record,
        name: fact.name,
        detail: Detail { parent: fact.parent.map(|(_, name)| name), note: fact.note, value: fact.value },
    }
}

fn copy(actor: &Actor, stored: &Stored, facts: &Facts) -> Option<Copy> {
    let user = |id: Guid| {
        let record = RecordRef::new("systemuser", id);
        let name = facts.name(&record).unwrap_or_default();
        Named { record, name }
    };
    let mine = stored.trackers.iter().find(|it| it.user == actor.user());
    let shown = mine.or(stored.trackers.first())?;
    let may_delete = actor.may(Action::Delete, "email");
    let untrack = tracking::untrack(stored, actor.user(), may_delete);
    Some(Copy {
        email: stored.email,
        owner: user(stored.owner),
        mine: mine.is_some(),
        by: user(shown.user),
        when: shown.since,
        why: Why {
            reason: shown.because.clone(),
            about: about(&shown.because).and_then(|record| facts.named(&record)),
        },
        regarding: stored.regarding.as_ref().and_then(|record| facts.candidate(record)),
        regarding_hidden: stored.regarding.as_ref().is_some_and(|record| !facts.sees(record)),
        heir: match &untrack {
            Untrack::PassOn { to } => Some(user(*to).name),
            Untrack::NotTracked | Untrack::DeleteCopy | Untrack::Unlink => None,
        },
        untrack,
    })
}

fn shown(meant: Meant, actor: &Actor, own_addresses: &[String], facts: &Facts) -> PanePerson {
    let you = RecordRef::new("systemuser", actor.user());
    let stranger = if meant.list { Who::List } else { Who::Unknown };
    let who = match &meant.resolved {
        _ if own_addresses.contains(&folded(&meant.address)) => Who::You,
        Resolved::One(record, _) if *record == you => Who::You,
        Resolved::One(record, _) => match facts.named(record) {
            Some(named) => Who::Known { parent: facts.parent(record), record: named },
            // Not this reader's to see (decision 11).
            None => stranger,
        },
        Resolved::Ambiguous(equals) => {
            let seen: Vec<Named> = equals.iter().filter_map(|it| facts.named(it)).collect();
            if seen.is_empty() { stranger } else { Who::Ambiguous(seen) }
        }
        Resolved::Unknown => stranger,
    };
    let name = if meant.name.is_empty() { meant.address.clone() } else { meant.name };
    PanePerson { part: meant.part, name, address: meant.address, who }
}

/// The tracking of a stored e-mail for its own page. Two round trips.
pub(crate) async fn copy_of(app: &App, actor: &Actor, email: Guid) -> Result<Option<(Mark, Copy)>> {
    let Some(stored) = store::tracking::stored_by_id(&app.db, email).await? else { return Ok(None) };
    let asked = asked(actor, Some(&stored), &[]);
    let scopes = scopes(app, actor);
    let facts = Facts::of(store::facts::facts(&app.db, &app.catalog, &asked, &[], &scopes).await?);
    Ok(copy(actor, &stored, &facts).map(|copy| (mark(&stored, |record| facts.name(record)), copy)))
}

/// How many candidates are offered.
const CANDIDATES: u32 = 8;
/// So many records that the user set as regarding are looked through.
const MOST_USED: u32 = 200;
/// How many people a pane shows; the rest of a message to thousands is only stored.
const MOST_PEOPLE: usize = 200;
/// How many known people are tried before nothing is related.
const MOST_ANCHORS: usize = 3;

/// Set Regarding, as one types: of all types that take activities, first what the user set as regarding, newest and
/// most used first, then the newest others. Before anything is typed, what the user set last.
pub async fn candidates(app: &App, actor: &Actor, text: &str) -> Result<Vec<Candidate>> {
    let used = store::tracking::used(&app.db, actor.user(), MOST_USED).await?;
    let words = words(text);
    let scopes: Vec<Scope> = app.catalog.regardable().map(|it| actor.scope(Action::Read, &it.name)).collect();
    let fitting = store::records::names_with(&app.db, &app.catalog, &used, &words, &scopes).await?;
    let mut found = used;
    found.retain(|it| fitting.contains_key(it));
    found.truncate(CANDIDATES as usize);
    if found.is_empty() || !words.is_empty() {
        let mut newest = newest(app, &words, &scopes).await?;
        newest.retain(|it| !found.contains(it));
        found.extend(newest);
        found.truncate(CANDIDATES as usize * 2);
    }
    in_order(app, actor, &found).await
}

/// The newest records with these words, of all types together.
async fn newest(app: &App, words: &[String], scopes: &[Scope]) -> Result<Vec<RecordRef>> {
    let one = |scope: &Scope| {
        let query = Query::of(scope.entity()).filter(Filter::Words(words.to_vec())).limit(CANDIDATES);
        let scope = scope.clone();
        async move { store::records::find(&app.db, &app.catalog, &query, &scope).await }
    };
    let pages = futures::future::try_join_all(scopes.iter().map(one)).await?;
    let mut all: Vec<RecordRef> = pages.iter().flat_map(|it| &it.records).map(Record::reference).collect();
    // Newer keys are newer records.
    all.sort_by_key(|it| Reverse(it.id));
    Ok(all)
}

/// The facts of these records, in this order, as far as the reader may see them.
pub(crate) async fn in_order(app: &App, actor: &Actor, records: &[RecordRef]) -> Result<Vec<Candidate>> {
    let scopes = scopes(app, actor);
    let facts = store::facts::facts(&app.db, &app.catalog, records, &[], &scopes).await?;
    let facts = Facts::of(facts);
    Ok(records.iter().filter_map(|it| facts.candidate(it)).collect())
}
