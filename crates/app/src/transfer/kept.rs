//! Files that wait to be imported, and how far imports have come: any server can go on where another one stopped.

use super::import::{Earnest, Import, Plan, Tally, Wrong};
use super::rows::Fault;
use super::{Manner, import};
use crate::changes::Changes;
use crate::{App, Error, Result};
use domain::id::Guid;
use domain::privilege::Actor;
use domain::time::Timestamp;
use formats::sheet::Sheet;
use serde::{Deserialize, Serialize};
use store::content::{self, CHUNK, Part};
use store::{Commit, setting};

/// A file that nobody imported is forgotten after a day, and so is what an import reported.
const KEPT_SECONDS: i64 = 86_400;
/// Somebody who was not heard of for so long works no more.
const SILENT_SECONDS: i64 = 30;
/// Of more rows that went wrong the report says no more.
const MOST_WRONG: u64 = 10_000;

/// A file and what became of it so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    pub id: Guid,
    by: Guid,
    pub entity: String,
    /// The file's name.
    pub name: String,
    began: Timestamp,
    /// `None`: it waits for one.
    pub plan: Option<Plan>,
    pub tally: Tally,
    /// All rows of the file.
    pub rows: u64,
    pub ended: bool,
    /// The last sign of life.
    at: Timestamp,
    /// Whom the report belongs to in `blob`.
    report: Guid,
    pieces: u64,
}

/// What an import page says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The columns are being chosen.
    Choosing,
    Running,
    /// Nobody works on it any more.
    Stopped,
    Ended,
}

fn name(id: Guid) -> String {
    format!("import/{id}")
}

/// Keeps a file of this type's records. Fails for what is no table, and where the actor makes no records.
pub async fn keep(app: &App, actor: &Actor, entity: &str, file: &str, bytes: &[u8]) -> Result<Kept> {
    let def = app.catalog.get(entity).ok_or(Error::NotFound)?;
    if !import::takes(actor, def) {
        return Err(Error::NotAllowed);
    }
    let sheet = Sheet::read(bytes).map_err(anyhow::Error::from)?;
    let now = app.now();
    let kept = Kept {
        id: app.new_id(),
        by: actor.user(),
        entity: entity.to_owned(),
        name: formats::mime::clean_filename(file),
        began: now,
        plan: None,
        tally: Tally::default(),
        rows: sheet.rows().count() as u64,
        ended: false,
        at: now,
        report: app.new_id(),
        pieces: 0,
    };
    let mut commit = Commit::new();
    forget_old(app, &mut commit).await?;
    content::put_piece(&mut commit, kept.id, 0, bytes);
    setting::put(&mut commit, &name(kept.id), &kept.text()?);
    app.db.commit(commit).await?;
    Ok(kept)
}

async fn forget_old(app: &App, commit: &mut Commit) -> Result<()> {
    let oldest = app.now().plus_seconds(-KEPT_SECONDS);
    for (key, text) in setting::starting_with(&app.db, "import/").await? {
        let kept: Option<Kept> = serde_json::from_str(&text).ok();
        let Some(kept) = kept.filter(|it| it.at < oldest) else { continue };
        content::remove_file(commit, kept.id);
        content::remove_file(commit, kept.report);
        setting::remove(commit, &key);
    }
    Ok(())
}

/// What was kept, for whoever brought it.
pub async fn get(app: &App, actor: &Actor, entity: &str, id: Guid) -> Result<Kept> {
    let text = setting::get(&app.db, &name(id)).await?.ok_or(Error::NotFound)?;
    let kept: Kept = serde_json::from_str(&text).map_err(anyhow::Error::from)?;
    if kept.by == actor.user() && kept.entity == entity { Ok(kept) } else { Err(Error::NotFound) }
}

/// The file itself.
pub async fn sheet(app: &App, kept: &Kept) -> Result<Sheet> {
    let bytes = content::get(&app.db, kept.id, Part::File).await?.ok_or(Error::NotFound)?;
    Ok(Sheet::read(&bytes).map_err(anyhow::Error::from)?)
}

/// What went wrong, as far as it is known.
pub async fn report(app: &App, kept: &Kept) -> Result<Vec<Wrong>> {
    let bytes = content::get(&app.db, kept.report, Part::File).await?.unwrap_or_default();
    let lines = bytes.split(|it| *it == b'\n').filter(|it| !it.is_empty());
    Ok(lines
        .map(serde_json::from_slice)
        .collect::<std::result::Result<_, _>>()
        .map_err(anyhow::Error::from)?)
}

/// Forgets the file. What was imported stays.
pub async fn forget(app: &App, kept: &Kept) -> Result<()> {
    let mut commit = Commit::new();
    content::remove_file(&mut commit, kept.id);
    content::remove_file(&mut commit, kept.report);
    setting::remove(&mut commit, &name(kept.id));
    Ok(app.db.commit(commit).await?)
}

impl Kept {
    fn text(&self) -> Result<String> {
        Ok(serde_json::to_string(self).map_err(anyhow::Error::from)?)
    }

    pub fn stage(&self, now: Timestamp) -> Stage {
        match &self.plan {
            None => Stage::Choosing,
            Some(_) if self.ended => Stage::Ended,
            Some(_) if self.at.plus_seconds(SILENT_SECONDS) < now => Stage::Stopped,
            Some(_) => Stage::Running,
        }
    }

    /// From now on it is imported like this. [`Error::Changed`] when somebody imports it already.
    pub async fn begin(&mut self, app: &App, plan: Option<Plan>) -> Result<()> {
        let before = self.text()?;
        self.plan = plan.or(self.plan.take());
        self.at = app.now();
        let mut commit = Commit::new();
        setting::replace(&mut commit, &name(self.id), &before, &self.text()?);
        Ok(app.db.commit(commit).await?)
    }

    /// Imports what is left. Only one does it at a time: whoever was overtaken gets [`Error::Changed`].
    pub async fn run(
        mut self,
        app: &App,
        actor: &Actor,
        manner: &Manner,
        say: &(dyn Fn(&Fault) -> String + Send + Sync),
    ) -> Result<Tally> {
        let plan = self.plan.clone().ok_or(Error::NotFound)?;
        let sheet = sheet(app, &self).await?;
        let import = Import { app, actor, plan: &plan, manner, earnest: Earnest::Yes, say };
        let from = self.tally;
        let tally = import.run(&sheet, from, Some(&mut self), |_, _| {}).await?;
        let before = self.text()?;
        (self.ended, self.at) = (true, app.now());
        let mut commit = Commit::new();
        content::remove_file(&mut commit, self.id);
        setting::replace(&mut commit, &name(self.id), &before, &self.text()?);
        app.db.commit(commit).await?;
        Ok(tally)
    }

    /// Writes down how far it has come, in the commit that does it. Gives how it stands when the commit holds.
    pub(super) fn advance(&self, changes: &mut Changes<'_>, tally: Tally, wrong: &[Wrong]) -> Result<Kept> {
        let (_, _, commit, stamp) = changes.also();
        let before = self.text()?;
        let mut after = self.clone();
        (after.tally, after.at) = (tally, stamp.at);
        if !wrong.is_empty() && self.tally.failed < MOST_WRONG {
            let mut piece = Vec::new();
            for it in wrong {
                serde_json::to_writer(&mut piece, it).map_err(anyhow::Error::from)?;
                piece.push(b'\n');
            }
            // Each piece is a chunk of its own, whatever its length.
            for (at, chunk) in (after.pieces..).zip(piece.chunks(CHUNK)) {
                content::put_piece(commit, after.report, at * CHUNK as u64, chunk);
                after.pieces = at + 1;
            }
        }
        setting::replace(commit, &name(self.id), &before, &after.text()?);
        Ok(after)
    }
}
