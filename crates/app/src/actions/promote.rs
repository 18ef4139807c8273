//! A client that has a message, and not by its place in a mailbox, tracks it: *promote* in the words of Dataverse.

use super::message::Handed;
use crate::copy::{self, Tracked};
use crate::track::{Join, until_settled};
use crate::{App, Error, Result, know, proof, work};
use domain::correlate::Known;
use domain::id::{Guid, RecordRef};
use domain::privilege::{Action, Actor};
use domain::tracking::{self, Reason, Refusal, Verdict, Wish};
use formats::mime::Parts;
use store::Commit;

/// Whether the actor tracks a message with this Message-ID already; then there is nothing to promote.
pub async fn is_tracked(app: &App, actor: &Actor, message_id: &str) -> Result<bool> {
    let key = domain::id::MessageKey::of_id(message_id);
    let stored = store::tracking::stored(&app.db, &[key]).await?;
    let user = actor.user();
    Ok(stored.iter().any(|it| !it.hidden && it.trackers.iter().any(|it| it.user == user)))
}

/// Tracks the message for the actor, with a copy made of its parts, and links it when there is a target. Harmless to
/// repeat: one message is one row (decision 13), and a colleague's copy is joined only by who has the same message.
/// Returns the key of the e-mail.
pub async fn promote(app: &App, actor: &Actor, parts: &Parts, target: Option<&RecordRef>) -> Result<Guid> {
    let handed = Handed::of(parts).await?;
    let email = until_settled(|| attempt(app, actor, &handed, target)).await?;
    work::soon(app, email).await;
    Ok(email)
}

async fn attempt(app: &App, actor: &Actor, handed: &Handed, target: Option<&RecordRef>) -> Result<Guid> {
    // Know
    let own = store::user::own_addresses(&app.db, actor.user()).await?;
    let (question, known) = handed.known(app, &own).await?;
    let target = match target {
        Some(record) => Some(know::target(app, actor, record).await?),
        None => None,
    };
    let may_create = actor.may(Action::Create, "email");
    let proof = proof::of_raw(app, actor, &handed.raw, known.this.as_ref()).await?;

    // Decide
    let wish = Wish::Asked { target, may_create, proof };
    let verdict = tracking::decide(handed.mail(), &question, &known, &wish);

    // Do
    let stamp = app.stamp(actor.user());
    let mut commit = Commit::new();
    if let Verdict::Join { regarding: Some(record), .. } | Verdict::Track { regarding: Some(record), .. } =
        &verdict
    {
        let append_to = actor.scope(Action::AppendTo, &record.entity);
        store::share::expect(&mut commit, &app.catalog, record, &append_to)?;
        store::tracking::note_use(&mut commit, record, stamp);
    }
    let email = match verdict {
        Verdict::Refuse(refusal) => return Err(Error::Refused(refusal)),
        // Who asks is never left alone.
        Verdict::Leave(_) => return Err(Error::Refused(Refusal::MayNotTrack)),
        Verdict::Join { regarding, revive, .. } => {
            let stored = known.this.as_ref().ok_or(Error::Changed)?;
            let join = Join { stored, place: None, regarding, revive };
            join.write(app, &mut commit, stamp).await?;
            stored.email
        }
        Verdict::Track { regarding, because } => {
            let first = New { handed, direction: question.direction, known: &known, regarding, because };
            first.write(app, actor, &mut commit)?
        }
    };
    app.db.commit(commit).await?;
    Ok(email)
}

/// A message on its way to its first tracker.
pub(super) struct New<'a> {
    pub handed: &'a Handed,
    pub direction: domain::correlate::Direction,
    pub known: &'a Known,
    pub regarding: Option<RecordRef>,
    pub because: Reason,
}

impl New<'_> {
    /// The actor's copy, complete from the start, and the actor's tracking of it.
    pub fn write(self, app: &App, actor: &Actor, commit: &mut Commit) -> Result<Guid> {
        let stamp = app.stamp(actor.user());
        let email = app.new_id();
        let tracked = Tracked {
            email,
            mail: self.handed.mail(),
            key: self.handed.key(),
            direction: self.direction,
            known: self.known,
            regarding: self.regarding,
            because: self.because.clone(),
            received: None,
            content: Some((&self.handed.raw, &self.handed.message)),
        };
        copy::create(app, commit, actor, &tracked, stamp)?;
        store::tracking::put(commit, email, &self.because, None, stamp)?;
        Ok(email)
    }
}
