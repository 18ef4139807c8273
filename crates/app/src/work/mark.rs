//! Sets or removes the keyword `Tracked` on a user's own messages, so that every mail program shows one truth: the
//! tracking at that moment, however late a job is and in whatever order jobs come. One command for all of a folder: a server spends more on each command than on each message.

use super::Outcome;
use super::fetch::called;
use crate::{App, Error, Result, mailboxes};
use connect::{Mailbox, Mark, Trouble};
use domain::id::Guid;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use store::Commit;
use store::job::{Job, Leased};
use store::tracking::Place;

/// What every client shows.
pub const KEYWORD: &str = "Tracked";

/// A mailbox that keeps no keyword after so many tries does without: tracking does not depend on it.
const TRIES: i64 = 20;

/// Puts the marks in one folder together, in their order, and all emptying of the log. Every other job stays alone.
pub(super) fn together(due: Vec<Leased>) -> Vec<Vec<Leased>> {
    let mut groups: Vec<Vec<Leased>> = Vec::new();
    let mut folders: BTreeMap<(Guid, String, u32), usize> = BTreeMap::new();
    for leased in due {
        let folder = match &leased.job {
            Job::MarkMessage { place, .. } => (place.mailbox, place.folder.clone(), place.uid_validity),
            Job::EmptyLog { .. } => (Guid::NIL, String::new(), 0),
            Job::FetchMessage { .. } | Job::EraseEmail { .. } => {
                groups.push(vec![leased]);
                continue;
            }
        };
        let at = *folders.entry(folder).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.push(leased),
            None => groups.push(vec![leased]),
        }
    }
    groups
}

/// How one message shall be marked.
struct Wanted<'a> {
    email: Guid,
    place: &'a Place,
    mark: Mark,
}

/// Marks in one folder, as [`together`] gives them.
pub(super) async fn mark(app: &App, jobs: &[Leased]) -> Result<Outcome> {
    let user = jobs.iter().find_map(|it| match &it.job {
        Job::MarkMessage { user, .. } => Some(*user),
        Job::FetchMessage { .. } | Job::EraseEmail { .. } | Job::EmptyLog { .. } => None,
    });
    let Some(user) = user else { return Ok(Outcome::Done(Commit::new())) };
    let tracked = tracked(app, user, jobs).await?;
    let wanted = wanted(jobs, &tracked);
    let Some(first) = wanted.first() else { return Ok(Outcome::Done(Commit::new())) };
    let marked = match mailboxes::own(app, user, first.place.mailbox).await {
        Ok(row) => set(app, &row, &wanted).await,
        Err(Error::NotFound) => return Ok(Outcome::Done(Commit::new())),
        Err(other) => Err(other),
    };
    // As long as one of them is young, all are tried again: one command costs the same.
    let attempts = jobs.iter().map(|it| it.attempts).min().unwrap_or_default();
    match marked {
        Ok(()) => Ok(Outcome::Done(Commit::new())),
        Err(Error::Mailbox(trouble)) if in_vain(&trouble) || attempts >= TRIES => {
            Ok(Outcome::Done(Commit::new()))
        }
        Err(Error::Mailbox(trouble)) => Ok(Outcome::Later(called(&trouble), Commit::new())),
        Err(other) => Err(other),
    }
}

/// The UIDs of those messages that the user tracks: as the e-mail of the job, or, when that was erased meanwhile, as a
/// newer one.
async fn tracked(app: &App, user: Guid, jobs: &[Leased]) -> Result<BTreeSet<u32>> {
    let emails: Vec<Guid> = jobs.iter().map(|it| it.job.subject()).collect();
    let by_email = store::tracking::tracked_by(&app.db, user, &emails).await?;
    let (mut tracked, mut others) = (BTreeSet::new(), Vec::new());
    let mut folder = None;
    for leased in jobs {
        if let Job::MarkMessage { email, place, .. } = &leased.job {
            folder = Some(place);
            if by_email.contains(email) {
                tracked.insert(place.uid);
            } else {
                others.push(place.uid);
            }
        }
    }
    if let Some(folder) = folder {
        tracked.append(&mut store::tracking::tracked_in(&app.db, user, folder, &others).await?);
    }
    Ok(tracked)
}

/// Each message once.
fn wanted<'a>(jobs: &'a [Leased], tracked: &BTreeSet<u32>) -> Vec<Wanted<'a>> {
    let mut wanted: BTreeMap<u32, Wanted<'_>> = BTreeMap::new();
    for leased in jobs {
        if let Job::MarkMessage { email, place, .. } = &leased.job {
            let mark = if tracked.contains(&place.uid) { Mark::Set } else { Mark::Remove };
            wanted.insert(place.uid, Wanted { email: *email, place, mark });
        }
    }
    wanted.into_values().collect()
}

/// There is nothing to mark, or nothing that keeps a mark.
fn in_vain(trouble: &Trouble) -> bool {
    matches!(
        trouble,
        Trouble::Gone | Trouble::NoFolder { .. } | Trouble::NoKeywords { .. } | Trouble::NotAllowed { .. }
    )
}

async fn set(app: &App, row: &mailboxes::MailboxRow, wanted: &[Wanted<'_>]) -> Result<()> {
    let mut open = mailboxes::open_unless_refused(app, row).await?;
    let moved = in_place(&mut open, wanted).await;
    let moved = open.keep(moved)?;
    for it in moved {
        let message_id = store::email::message_id(&app.db, it.email).await?;
        let mut open = mailboxes::open_unless_refused(app, row).await?;
        let marked = elsewhere(&mut open, message_id.as_deref(), it.mark).await;
        match open.keep(marked) {
            Err(Error::Mailbox(trouble)) if in_vain(&trouble) => {}
            marked => marked?,
        }
    }
    Ok(())
}

/// Marks the messages where they were seen. Returns those that are not there any more: all of them when the folder is
/// another one by now.
async fn in_place<'w, 'p>(
    mailbox: &mut Mailbox,
    wanted: &'w [Wanted<'p>],
) -> std::result::Result<Vec<&'w Wanted<'p>>, Trouble> {
    let Some(Wanted { place, .. }) = wanted.first() else { return Ok(vec![]) };
    match mailbox.status(&place.folder).await {
        Ok(status) if status.uid_validity == place.uid_validity => {}
        Ok(_) | Err(Trouble::NoFolder { .. }) => return Ok(wanted.iter().collect()),
        Err(other) => return Err(other),
    }
    for mark in [Mark::Remove, Mark::Set] {
        let uids: Vec<u32> = wanted.iter().filter(|it| it.mark == mark).map(|it| it.place.uid).collect();
        if !uids.is_empty() {
            mailbox.set_keyword(&place.folder, &uids, KEYWORD, mark).await?;
        }
    }
    let uids: Vec<u32> = wanted.iter().map(|it| it.place.uid).collect();
    let missing: HashSet<u32> = mailbox.missing(&place.folder, &uids).await?.into_iter().collect();
    Ok(wanted.iter().filter(|it| missing.contains(&it.place.uid)).collect())
}

/// Marks a message wherever it was moved.
async fn elsewhere(
    mailbox: &mut Mailbox,
    message_id: Option<&str>,
    mark: Mark,
) -> std::result::Result<(), Trouble> {
    let found = match message_id {
        Some(id) => mailbox.find(id, &[]).await?,
        None => None,
    };
    let (folder, uid) = found.ok_or(Trouble::Gone)?;
    mailbox.set_keyword(&folder, &[uid], KEYWORD, mark).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leased(id: u8, mailbox: u8, uid: u8) -> Leased {
        let place = Place {
            mailbox: Guid::v7(mailbox.into(), [0; 10]),
            folder: "INBOX".into(),
            uid: uid.into(),
            uid_validity: 1,
        };
        let job = Job::MarkMessage { email: Guid::NIL, user: Guid::NIL, place };
        Leased { id: Guid::v7(id.into(), [0; 10]), job, attempts: 0, fence: 0 }
    }

    #[test]
    fn the_marks_of_a_folder_go_together_and_tell_the_truth() {
        let erase = Leased { job: Job::EraseEmail { email: Guid::NIL }, ..leased(2, 0, 0) };
        let empty = |id| Leased { job: Job::EmptyLog { email: Guid::NIL }, ..leased(id, 0, 0) };
        let mut due = vec![leased(1, 7, 10), erase, leased(3, 8, 10), leased(4, 7, 11), leased(5, 7, 10)];
        due.extend([empty(6), empty(7)]);
        let groups = together(due);
        assert_eq!(groups.iter().map(Vec::len).collect::<Vec<_>>(), [3, 1, 1, 2]);
        let marks: Vec<(u32, Mark)> =
            wanted(&groups[0], &BTreeSet::from([11])).iter().map(|it| (it.place.uid, it.mark)).collect();
        assert_eq!(marks, [(10, Mark::Remove), (11, Mark::Set)]);
    }
}
