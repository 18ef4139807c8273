//! The pane beside a message: everything the item at hand needs, and nothing else (M9, M23).

use crate::mail::{Item, Mark};
use crate::{App, Result};
use domain::envelope::Part;
use domain::id::{Guid, RecordRef};
use domain::privilege::Actor;
use domain::time::Timestamp;
use domain::tracking::Reason;

#[derive(Debug, Clone)]
pub struct Pane {
    pub item: Item,
    pub mark: Mark,
    /// There is a copy that this user may read: its tracking, and its key for "View in CRM".
    pub copy: Option<Copy>,
    pub people: Vec<PanePerson>,
    /// Open opportunities and cases, and the account itself, of the record it is regarding or of the sender.
    pub related: Vec<Named>,
    /// What `related` hangs together with.
    pub related_to: Option<Named>,
    /// Set Regarding is offered with these before anything is typed, likeliest first.
    pub suggestions: Vec<Candidate>,
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

/// The pane for one message of the user's mailbox. At most 4 round trips to the database.
pub async fn pane(_app: &App, _actor: &Actor, _item: &Item) -> Result<Pane> {
    todo!()
}

/// Set Regarding, as one types: over all types that take activities, newest and most used first.
pub async fn candidates(_app: &App, _actor: &Actor, _text: &str) -> Result<Vec<Candidate>> {
    todo!()
}
