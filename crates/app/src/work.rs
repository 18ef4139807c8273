//! Work that was put down with its cause: fetching bodies, setting keywords, erasing. Run at once when somebody
//! waits for it, and again with back-off until it is done (rule 7).

mod erase;
mod fetch;
mod mark;

use crate::error::broke_off;
use crate::{App, Error, Result};
use domain::id::Guid;
use futures::StreamExt as _;
use std::time::Duration;
use store::Commit;
use store::job::{self, Job, Leased};
use tokio::task::JoinSet;
use tracing::{error, info, warn};

/// How long a worker may be silent before another one may try, in seconds: nobody waits longer after a crash.
const LEASE: i64 = 30;
/// Whoever is at it for long says so this often.
const SIGN_OF_LIFE: Duration = Duration::from_secs(10);
/// How long somebody who clicked waits for the copy; after that the pane says *pending*.
const PATIENCE: Duration = Duration::from_millis(1500);
/// Between two looks whether another worker has got the copy.
const LOOK: Duration = Duration::from_millis(20);
/// How long all waits for the next look when nobody rings.
const POLL: Duration = Duration::from_secs(1);
/// Between two looks whether another server changed the types of records.
const LOOK_AT_DEFINITIONS: Duration = Duration::from_secs(2);
/// How many jobs are looked at together: what can be done in one go, is.
const LOOKED_AT: u32 = 2000;
/// How many tries are under way at once.
const AT_ONCE: usize = 8;
/// Seconds until the next try, by how often it was tried; the last one holds for ever (decision 19).
const BACK_OFF: [i64; 6] = [3, 10, 30, 120, 600, 1800];
/// What does not heal by itself ([`connect::Trouble::heals_by_itself`]), as [`fetch::called`] names it.
const REFUSALS: [&str; 3] = ["login_refused", "not_allowed", "bad_setting"];

/// What became of one try.
pub(crate) enum Outcome {
    /// The job is done, together with what this commit writes.
    Done(Commit),
    /// Not now. The name says why, without content; `Commit` notes it.
    Later(&'static str, Commit),
}

/// Runs what is due about this e-mail, for somebody who waits a moment for it. What is not done then goes on later.
pub(crate) async fn soon(app: &App, email: Guid) {
    let run = {
        let app = app.clone();
        tokio::spawn(async move {
            let now = app.now();
            let due = job::about(&app.db, email, now).await?;
            let awaited = |it: &Leased| matches!(it.job, Job::FetchMessage { .. } | Job::MarkMessage { .. });
            for leased in due.into_iter().filter(awaited) {
                match attempt(&app, vec![leased]).await {
                    // Another worker was faster.
                    Ok(()) | Err(Error::Changed) => {}
                    Err(trouble) => return Err(trouble),
                }
            }
            while job::is_fetching(&app.db, email, app.now()).await? {
                tokio::time::sleep(LOOK).await;
            }
            Ok::<(), Error>(())
        })
    };
    match tokio::time::timeout(PATIENCE, run).await {
        Ok(Ok(Err(trouble))) => warn!(%email, "Work that could wait was put off: {}", name(&trouble)),
        Ok(Err(ended)) => error!(%email, "Work broke off: {}", broke_off(&ended)),
        Ok(Ok(Ok(()))) | Err(_) => {}
    }
    app.work.notify_one();
}

/// Runs what is due now, all of it, and waits for the end. Returns how many jobs were tried.
pub async fn run_due(app: &App) -> Result<usize> {
    run_those_due(app, Where::Anywhere).await
}

/// Where jobs are done.
#[derive(Clone, Copy)]
enum Where {
    Anywhere,
    /// In the database alone.
    Here,
}

async fn run_those_due(app: &App, place: Where) -> Result<usize> {
    let mut count = 0;
    loop {
        let due = match place {
            Where::Anywhere => job::due(&app.db, app.now(), LOOKED_AT).await?,
            Where::Here => job::due_here(&app.db, app.now(), LOOKED_AT).await?,
        };
        if due.is_empty() {
            return Ok(count);
        }
        count += due.len();
        let attempts = mark::together(due).into_iter().map(|jobs| {
            let app = app.clone();
            tokio::spawn(async move { attempt(&app, jobs).await })
        });
        let mut attempts = futures::stream::iter(attempts).buffer_unordered(AT_ONCE);
        while let Some(ended) = attempts.next().await {
            match ended {
                Ok(Ok(()) | Err(Error::Changed)) => {}
                Ok(Err(trouble)) => return Err(trouble),
                Err(ended) => error!("A job broke off: {}", broke_off(&ended)),
            }
        }
    }
}

/// Works until the process ends, or until this is dropped. Mailboxes are read and asked beside the rest: one that is
/// silent holds up neither erasing nor the numbers of the change log.
pub async fn run(app: App) {
    tokio::join!(housekeeping(&app), jobs(&app), passes(&app), definitions(&app));
}

/// What needs the database alone.
async fn housekeeping(app: &App) {
    loop {
        turn(app, |app| async move {
            if let Err(trouble) = run_those_due(&app, Where::Here).await {
                error!("Jobs could not be run: {}", name(&trouble));
            }
            if let Err(trouble) = store::change::number(&app.db).await {
                error!("The change log could not be numbered: {trouble:#}");
            }
        })
        .await;
        tokio::time::sleep(POLL).await;
    }
}

/// Another server may have changed the types of records.
async fn definitions(app: &App) {
    loop {
        turn(app, |app| async move {
            if let Err(trouble) = crate::definitions::refresh(&app).await {
                error!("The definitions could not be read: {}", name(&trouble));
            }
            if let Err(trouble) = crate::definitions::reword(&app).await {
                error!("Words for quick find could not be made: {}", name(&trouble));
            }
        })
        .await;
        tokio::time::sleep(LOOK_AT_DEFINITIONS).await;
    }
}

async fn jobs(app: &App) {
    loop {
        turn(app, |app| async move {
            if let Err(trouble) = run_due(&app).await {
                error!("Jobs could not be run: {}", name(&trouble));
            }
        })
        .await;
        tokio::select! {
            () = app.work.notified() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

/// A pass each minute, and never two at once.
async fn passes(app: &App) {
    loop {
        let next = tokio::time::Instant::now() + crate::sync::EVERY;
        turn(app, pass).await;
        app.work.notify_one();
        tokio::time::sleep_until(next).await;
    }
}

/// One turn of a loop as a task of its own: a panic ends this turn alone, and whoever stops the loop stops it as well.
async fn turn<F: Future<Output = ()> + Send + 'static>(app: &App, work: impl FnOnce(App) -> F) {
    let mut tasks = JoinSet::new();
    tasks.spawn(work(app.clone()));
    if let Some(Err(ended)) = tasks.join_next().await {
        error!("Work in the background broke off: {}", broke_off(&ended));
    }
}

async fn pass(app: App) {
    let passes = match crate::sync::pass(&app).await {
        Ok(passes) => passes,
        Err(trouble) => return error!("Mailboxes could not be read: {}", name(&trouble)),
    };
    for pass in passes {
        match pass.counts {
            Ok(it) if it.tracked > 0 => info!(mailbox.id = %pass.id, "Tracked {} messages", it.tracked),
            Ok(_) if pass.is_news => info!(mailbox.id = %pass.id, "The mailbox can be read again"),
            Err(trouble) if pass.is_news => {
                warn!(mailbox.id = %pass.id, "The mailbox was not read: {}", name(&trouble));
            }
            Ok(_) | Err(_) => {}
        }
    }
}

/// Tries one job, or several marks that go together. `Changed` means that another worker has one of them.
async fn attempt(app: &App, mut jobs: Vec<Leased>) -> Result<()> {
    let mut lease = Commit::new();
    for leased in &mut jobs {
        job::lease(&mut lease, leased, app.now().plus_seconds(LEASE));
    }
    app.db.commit(lease).await?;

    let outcome = tokio::select! {
        outcome = outcome(app, &jobs) => outcome,
        lost = hold(app, &jobs) => return Err(lost),
    };
    let (mut commit, later) = match outcome {
        Ok(Outcome::Done(commit)) => (commit, None),
        Ok(Outcome::Later(why, commit)) => (commit, Some(why)),
        Err(trouble) => {
            let ids: Vec<Guid> = jobs.iter().map(|it| it.id).collect();
            error!(job.ids = ?ids, "A job failed: {}", name(&trouble));
            (Commit::new(), Some("failed"))
        }
    };
    for leased in &jobs {
        match later {
            None => job::done(&mut commit, leased),
            Some(why) => {
                let next = app.now().plus_seconds(wait(why, leased.attempts));
                job::again(&mut commit, leased, next, why);
            }
        }
    }
    Ok(app.db.commit(commit).await?)
}

/// Seconds until the next try. What somebody has to mend first is tried seldom; mending wakes it ([`job::wake`]).
fn wait(why: &str, attempts: i64) -> i64 {
    let tries =
        if REFUSALS.contains(&why) { usize::MAX } else { usize::try_from(attempts).unwrap_or(usize::MAX) };
    BACK_OFF.get(tries).or(BACK_OFF.last()).copied().unwrap_or(LEASE)
}

async fn outcome(app: &App, jobs: &[Leased]) -> Result<Outcome> {
    match jobs {
        [Leased { job: Job::FetchMessage { email }, attempts, .. }] => {
            fetch::fetch(app, *email, *attempts).await
        }
        [Leased { job: Job::EraseEmail { email }, .. }] => erase::erase(app, *email).await,
        [Leased { job: Job::EmptyLog { .. }, .. }, ..] => Ok(erase::empty_log(app).await),
        marks => mark::mark(app, marks).await,
    }
}

/// Holds the lease for as long as it is waited for. Ends when it is lost: the job was cancelled, or somebody else has it.
async fn hold(app: &App, jobs: &[Leased]) -> Error {
    loop {
        tokio::time::sleep(SIGN_OF_LIFE).await;
        let mut commit = Commit::new();
        for leased in jobs {
            job::hold(&mut commit, leased, app.now().plus_seconds(LEASE));
        }
        if let Err(lost) = app.db.commit(commit).await {
            return lost.into();
        }
    }
}

/// What an error is called in a log: never its content.
pub(crate) fn name(trouble: &Error) -> String {
    match trouble {
        Error::Broken(error) => format!("{error:#}"),
        other => other.to_string(),
    }
}
